"""Wiring by hand, in one place: settings → Assistant."""

from __future__ import annotations

import atexit
from importlib.util import find_spec
from typing import TYPE_CHECKING

from core.errors import DeviceAbsent, NotAvailable
from core.settings import Settings, load_settings
from core.state import missed, note

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.engine.contract import Engine
    from corpus.index import Index, Progress
    from corpus.rerank import Reranking
    from tools.firm.profile import Profile


def open_index(settings: Settings, progress: Progress | None = None, searching: bool = True) -> Index:
    """The index, built or repaired where needed; after a repair the user's documents come back from their originals.

    searching: as corpus.index.Index has it.
    """
    from corpus.index import Index

    index = Index(settings, progress=progress, searching=searching)
    if told := missed(settings.home):
        index.notices += told
        atexit.register(note, settings.home)  # a process that is killed may not have told anybody
    if index.recovered:
        from ingest.pipeline import restore
        from ingest.salvage import salvage

        restore(index)
        if index.aside and (count := salvage(index, index.aside)):
            index.notices.append(f"{count} 份没有原件的资料，从坏了的台账里救了出来。")
        index.brought_back()
    return index


def engine_of(settings: Settings, progress: Progress | None = None) -> Engine | None:
    """The language model that the settings name, started on first use; None, and a word about it, where there is none.

    Raises DeviceAbsent where they name a device that is not there.
    """
    if settings.engine == "extractive":
        return None
    if settings.engine == "auto" and not (settings.remote_url or settings.model or settings.models_path.is_dir()):
        return None
    from assistant.engine.choose import open_engine

    try:
        return open_engine(settings)
    except DeviceAbsent:
        raise
    except NotAvailable as exc:
        if progress:
            progress(f"{exc.message}这次不用模型作答。{exc.terminal_hint}")
        return None


def reranking_of(settings: Settings, progress: Progress | None = None) -> Reranking | None:
    """The reranker that the settings name, loaded on first use; None, and a word about it, where it cannot be used."""
    from corpus.embedder import chosen_reranker
    from corpus.rerank import Reranking

    try:
        reranker = chosen_reranker(settings)
    except NotAvailable as exc:
        if progress:
            progress(f"{exc.message}这次不重排。{exc.terminal_hint}")
        return None
    return Reranking(reranker, settings.rerank_weight, settings.rerank_budget_s) if reranker else None


def chosen_engine(
    settings: Settings, progress: Progress | None = None, strict: bool = True
) -> tuple[Engine | None, str]:
    """The engine, and what kept one from being used: where the settings name a device that is not there.

    strict: DeviceAbsent there instead, also for the device of the vector model.
    """
    try:
        engine = engine_of(settings, progress)
        if strict:
            check_torch(settings)
        return engine, ""
    except DeviceAbsent as exc:
        if strict:
            raise
        trouble = f"{exc.message}这次不用模型作答。{exc.hint}"
        if progress:
            progress(f"{exc.message}这次不用模型作答。{exc.terminal_hint}")
        return None, trouble


def check_torch(settings: Settings) -> None:
    """DeviceAbsent where the vector or reranking model is to run on CUDA and there is none."""
    wanted = settings.embedding_model or settings.reranker_model
    if wanted and settings.embedding_device == "cuda" and find_spec("torch"):
        from corpus.sentence import device_of

        device_of("cuda")


def build_assistant(
    settings: Settings | None = None,
    progress: Progress | None = None,
    remember: bool = True,
    profile: Profile | None = None,
    strict: bool = True,
    chosen: tuple[Engine | None, str] | None = None,
    searching: bool = True,
) -> Assistant:
    """An assistant over the user's data folder. remember: keep conversations on disk; profile: what is known of the firm.

    Where the settings name a device that is not there: DeviceAbsent, or, not strict, an assistant without a model that says so.
    chosen: what chosen_engine has given already; searching: False where another process answers: neither the vectors nor the
    model that reads messages are opened in this one.
    """
    from assistant.chat import Assistant
    from assistant.history import History
    from assistant.understand.understander import open_understander
    from corpus.retrieve import Retriever

    settings = settings or load_settings()
    engine, trouble = chosen or chosen_engine(settings, progress, strict)
    retriever = Retriever(open_index(settings, progress, searching), reranking=reranking_of(settings, progress))
    history = History(settings.conversations_path if remember else None, settings.user)
    understander, not_understood = open_understander(settings.home) if searching else (None, "")
    return Assistant(settings, retriever, history, profile, engine, trouble, understander, not_understood)
