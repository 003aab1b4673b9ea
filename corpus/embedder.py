"""Which embedder the vectors are made with: the encoder in the package, or the sentence model that the settings name.

A folder of vectors keeps beside them which one made them: its name, id and scale (corpus/scale.py). Folders of versions before
hold the n-gram embedder whole; it serves them until they have been made anew.
"""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

from langchain_core.embeddings import Embeddings

from core.errors import NotAvailable
from core.settings import Settings
from corpus.embed import NgramEmbeddings
from corpus.encoder.encoder import NAME as BUILT_IN
from corpus.encoder.encoder import Encoder, built_in
from corpus.scale import SAME, Scale
from corpus.sentence import SETUP, Reranker, SentenceEmbeddings, broken

__all__ = ["BUILT_IN", "chosen", "load"]
BUILT_IN_NAME = "自带的语义模型"
CHEAP = "ngram-svd"
_NAME = re.compile(r"\w[\w.\-]{0,99}")
_RECORD = "embedder.json"
_RECORD_BEFORE = "sentence.json"


def chosen(settings: Settings) -> Encoder | SentenceEmbeddings:
    """The embedder that the settings ask for, its weights not yet loaded. Raises NotAvailable."""
    name = settings.embedding_model
    return SentenceEmbeddings(model_folder(settings, name), settings.embedding_device) if name else built_in()


def chosen_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name, not yet loaded; None where they name none. Raises NotAvailable."""
    name = settings.reranker_model
    return Reranker(model_folder(settings, name), settings.embedding_device) if name else None


def model_folder(settings: Settings, name: str) -> Path:
    """Where a sentence model lies; NotAvailable where it does not, or where nothing can run it."""
    if not _NAME.fullmatch(name):
        raise broken(name)
    folder = settings.models_path / name
    if not folder.is_dir():
        raise NotAvailable(f"模型 {name} 还没有下载。", "要先下载。", command=f"运行：xiangdao model pull {name}")
    if importlib.util.find_spec("sentence_transformers") is None:
        raise NotAvailable(f"还没有装运行 {name} 的程序。", command=SETUP)
    return folder


def id_of(embeddings: Embeddings) -> str:
    """The embedder's id and dimension, as the ledger records who made the vectors."""
    return f"{getattr(embeddings, 'id', '')} {getattr(embeddings, 'dimension', 0)}"


def name_of(embeddings: Embeddings) -> str:
    """What people call it."""
    return embeddings.name if isinstance(embeddings, SentenceEmbeddings) else BUILT_IN_NAME


def save(embeddings: Embeddings, folder: Path, scale: Scale = SAME) -> None:
    """Keep in a folder what opens this embedder again."""
    assert isinstance(embeddings, (Encoder, SentenceEmbeddings))
    folder.mkdir(parents=True, exist_ok=True)
    name = embeddings.name if isinstance(embeddings, SentenceEmbeddings) else ""
    record = {"name": name, "id": embeddings.id, "scale": scale}
    (folder / _RECORD).write_text(json.dumps(record, ensure_ascii=False), "utf-8")


def is_saved(folder: Path) -> bool:
    """Whether a folder holds an embedder."""
    return any((folder / name).exists() for name in (_RECORD, _RECORD_BEFORE, "projection.npy"))


def load(folder: Path, settings: Settings) -> tuple[Embeddings, Scale]:
    """The embedder of a folder, and its scale. Raises OSError, ValueError or NotAvailable where it cannot be used."""
    records = [folder / name for name in (_RECORD, _RECORD_BEFORE) if (folder / name).exists()]
    if not records:
        return NgramEmbeddings.load(folder), SAME
    record = json.loads(records[0].read_text("utf-8"))
    name = str(record["name"])
    embeddings = SentenceEmbeddings(model_folder(settings, name), settings.embedding_device) if name else built_in()
    if embeddings.id != record["id"]:
        raise ValueError(f"{name or BUILT_IN} is not the model that made these vectors")
    factor, offset = record["scale"]
    return embeddings, (float(factor), float(offset))
