"""The vector store: a Chroma collection of passages for each space, reached through langchain-chroma.

What one space holds can then not change which neighbours are found in another.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from core.errors import IndexDamaged
from core.types import PUBLIC_SPACE, Passage

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
        self._name = name
        self._stores: dict[str, Chroma] = {}
        try:
            self._client = _client(folder, url)
            self._store(PUBLIC_SPACE)
        except Exception as exc:  # chromadb raises its own, sqlite's and Rust's panics
            raise IndexDamaged("向量索引打不开。", f"文件夹：{folder}") from exc

    def _store(self, space: str) -> Chroma:
        """The collection of a space, made where there is none."""
        if space not in self._stores:
            from langchain_chroma import Chroma

            self._stores[space] = Chroma(
                collection_name=self._collection(space),
                client=self._client,
                embedding_function=self.embeddings,
                collection_metadata={"hnsw:space": "cosine"},
            )
        return self._stores[space]

    def _collection(self, space: str) -> str:
        own = "" if space == PUBLIC_SPACE else f"-{hashlib.sha256(space.encode()).hexdigest()[:16]}"
        return f"{self._name}{own}"

    def _collections(self) -> list[str]:
        """The names of our collections that are there."""
        return [c.name for c in self._client.list_collections() if c.name.startswith(self._name)]

    @property
    def embedder(self) -> str:
        """Who made the vectors: the embedder's id and dimension."""
        return f"{getattr(self.embeddings, 'id', '')} {getattr(self.embeddings, 'dimension', 0)}"

    def readable(self) -> bool:
        """Whether the store answers a search; its files may be there and broken all the same."""
        try:
            probe = [1.0] + [0.0] * (getattr(self.embeddings, "dimension", 1) - 1)
            self._store(PUBLIC_SPACE).similarity_search_by_vector(probe, k=1)
        except Exception as exc:  # chromadb raises its own, sqlite's and Rust's panics
            log.warning("vectors cannot be read: %s", exc)
            return False
        return True

    def rows(self) -> set[int]:
        """The passage rows that have a vector."""
        found = (self._client.get_collection(name).get(include=[])["ids"] for name in self._collections())
        return {int(row) for ids in found for row in ids}

    def add(self, passages: Iterable[tuple[int, Passage]]) -> int:
        """Embed and store passages, each with its ledger row; how many."""
        by_space: dict[str, list[tuple[int, Passage]]] = {}
        for row, passage in passages:
            by_space.setdefault(passage.space, []).append((row, passage))
        for space, rows in by_space.items():
            for at in range(0, len(rows), BATCH):
                part = rows[at : at + BATCH]
                self._store(space).add_texts(
                    [embedded_text(p) for _, p in part],
                    metadatas=[{"space": p.space, "origin": p.origin} for _, p in part],
                    ids=[str(row) for row, _ in part],
                )
        return sum(map(len, by_space.values()))

    def delete(self, rows: Iterable[int]) -> None:
        """Take vectors out; a private space's collection that is empty then goes as well."""
        gone = [str(i) for i in rows]
        for name in self._collections() if gone else ():
            collection = self._client.get_collection(name)
            for at in range(0, len(gone), BATCH):
                if own := collection.get(ids=gone[at : at + BATCH], include=[])["ids"]:
                    collection.delete(ids=own)
            if name != self._name and not collection.count():
                self._client.delete_collection(name)
                self._stores = {s: store for s, store in self._stores.items() if self._collection(s) != name}

    def search(self, text: str, limit: int, spaces: tuple[str, ...]) -> list[tuple[int, float]]:
        """(row, cosine similarity) of the nearest passages in these spaces; empty if the index cannot be read."""
        try:
            vector = self.embeddings.embed_query(text)
            if not any(vector):
                return []
            there = set(self._collections()) if len(spaces) > 1 else set()
            found: list[tuple[int, float]] = []
            for space in spaces:
                if space == PUBLIC_SPACE or self._collection(space) in there:
                    near = self._store(space).similarity_search_by_vector_with_relevance_scores(vector, k=limit)
                    found += [(int(d.id or 0), 1.0 - score) for d, score in near]
        except Exception as exc:  # a reader may meet a half-written file: the lexical list still answers
            log.warning("dense search failed: %s", exc)
            return []
        return sorted(found, key=lambda pair: -pair[1])[:limit]

    def close(self) -> None:
        """Let go of the files so that another generation can be opened."""
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()
