"""The vector store: one Chroma collection of passages, reached through langchain-chroma."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from core.errors import IndexDamaged
from core.types import Passage

if TYPE_CHECKING:
    from langchain_chroma import Chroma

COLLECTION = "passages"
BATCH = 2000
log = logging.getLogger(__name__)


def embedded_text(passage: Passage) -> str:
    """What of a passage is embedded: everything, since a card's questions tie owners' words to the official ones."""
    return "\n".join((passage.title, *passage.section[-1:], passage.text, *passage.questions))


def _client(folder: Path, url: str) -> Any:
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    logging.getLogger("chromadb").setLevel(logging.ERROR)
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    settings = ChromaSettings(anonymized_telemetry=False)
    if url:
        host, _, port = url.removeprefix("http://").removeprefix("https://").rstrip("/").partition(":")
        return chromadb.HttpClient(host=host, port=int(port or 8000), ssl=url.startswith("https"), settings=settings)
    return chromadb.PersistentClient(path=str(folder), settings=settings)


class Vectors:
    """Nearest passages by embedding. Foreign errors become IndexDamaged."""

    def __init__(self, folder: Path, embeddings: Embeddings, url: str = "", name: str = COLLECTION) -> None:
        self.folder = folder
        self.embeddings = embeddings
        try:
            from langchain_chroma import Chroma

            self._store: Chroma = Chroma(
                collection_name=name,
                client=_client(folder, url),
                embedding_function=embeddings,
                collection_metadata={"hnsw:space": "cosine"},
            )
        except Exception as exc:  # chromadb raises its own, sqlite's and Rust's panics
            raise IndexDamaged("向量索引打不开。", f"文件夹：{folder}") from exc

    @property
    def embedder(self) -> str:
        """Who made the vectors: the embedder's id and dimension."""
        return f"{getattr(self.embeddings, 'id', '')} {getattr(self.embeddings, 'dimension', 0)}"

    def readable(self) -> bool:
        """Whether the store answers a search; its files may be there and broken all the same."""
        try:
            self._store.similarity_search_by_vector([1.0] + [0.0] * (getattr(self.embeddings, "dimension", 1) - 1), k=1)
        except Exception as exc:  # chromadb raises its own, sqlite's and Rust's panics
            log.warning("vectors cannot be read: %s", exc)
            return False
        return True

    def rows(self) -> set[int]:
        """The passage rows that have a vector."""
        return {int(i) for i in self._store.get(include=[])["ids"]}

    def add(self, passages: Iterable[tuple[int, Passage]]) -> int:
        """Embed and store passages, each with its ledger row; how many."""
        rows = list(passages)
        for at in range(0, len(rows), BATCH):
            part = rows[at : at + BATCH]
            self._store.add_texts(
                [embedded_text(p) for _, p in part],
                metadatas=[{"space": p.space, "origin": p.origin} for _, p in part],
                ids=[str(row) for row, _ in part],
            )
        return len(rows)

    def delete(self, rows: Iterable[int]) -> None:
        gone = [str(i) for i in rows]
        for at in range(0, len(gone), BATCH):
            self._store.delete(gone[at : at + BATCH])

    def search(self, text: str, limit: int, spaces: tuple[str, ...]) -> list[tuple[int, float]]:
        """(row, cosine similarity) of the nearest passages in these spaces; empty if the index cannot be read."""
        try:
            vector = self.embeddings.embed_query(text)
            if not any(vector):
                return []
            where: dict[str, Any] = {"space": spaces[0]} if len(spaces) == 1 else {"space": {"$in": list(spaces)}}
            found = self._store.similarity_search_by_vector_with_relevance_scores(vector, k=limit, filter=where)
        except Exception as exc:  # a reader may meet a half-written file: the lexical list still answers
            log.warning("dense search failed: %s", exc)
            return []
        return [(int(d.id or 0), 1.0 - score) for d, score in found]

    def close(self) -> None:
        """Let go of the files so that another generation can be opened."""
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()
