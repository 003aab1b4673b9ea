"""Which embedder the vectors are made with: the built-in one, or the sentence model that the settings name.

A folder of vectors keeps beside them the embedder that made them: the built-in one whole, of a sentence model its name,
id and scale (corpus/scale.py).
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
from corpus.scale import SAME, Scale
from corpus.sentence import SETUP, Reranker, SentenceEmbeddings, broken

BUILT_IN = "ngram-svd"
BUILT_IN_NAME = "内置向量"
_NAME = re.compile(r"\w[\w.\-]{0,99}")
_RECORD = "sentence.json"


def chosen(settings: Settings) -> SentenceEmbeddings | None:
    """The sentence model that the settings name, not yet loaded; None for the built-in embedder. Raises NotAvailable."""
    name = settings.embedding_model
    return SentenceEmbeddings(model_folder(settings, name), settings.embedding_device) if name else None


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


def save(embeddings: Embeddings, folder: Path, scale: Scale = SAME) -> None:
    """Keep in a folder what opens this embedder again."""
    if isinstance(embeddings, NgramEmbeddings):
        embeddings.save(folder)
        return
    assert isinstance(embeddings, SentenceEmbeddings)
    folder.mkdir(parents=True, exist_ok=True)
    record = {"name": embeddings.name, "id": embeddings.id, "scale": scale}
    (folder / _RECORD).write_text(json.dumps(record, ensure_ascii=False), "utf-8")


def is_saved(folder: Path) -> bool:
    """Whether a folder holds an embedder."""
    return (folder / "projection.npy").exists() or (folder / _RECORD).exists()


def load(folder: Path, settings: Settings) -> tuple[Embeddings, Scale]:
    """The embedder of a folder, and its scale. Raises OSError, ValueError or NotAvailable where it cannot be used."""
    if not (folder / _RECORD).exists():
        return NgramEmbeddings.load(folder), SAME
    record = json.loads((folder / _RECORD).read_text("utf-8"))
    embeddings = SentenceEmbeddings(model_folder(settings, str(record["name"])), settings.embedding_device)
    if embeddings.id != record["id"]:
        raise ValueError(f"{embeddings.name} is not the model that made these vectors")
    factor, offset = record["scale"]
    return embeddings, (float(factor), float(offset))
