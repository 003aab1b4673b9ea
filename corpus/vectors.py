"""The vector store: Chroma collections of passages, one for the cards and one for each space's documents.

What one holds can then not change which neighbours are found in another: in one graph with thousands of like notices the
cards could not be reached any more. The passages' text stays in the ledger:
Chroma keeps the vectors under the passages' rows, since a second full-text index of everything would cost more than they do.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from core.errors import IndexDamaged
from core.types import PUBLIC_SPACE, Passage
from corpus.embedder import id_of
from corpus.scale import SAME, Scale

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
BATCH = 1000
HNSW = {"space": "cosine", "ef_construction": 48, "max_neighbors": 16, "ef_search": 600, "sync_threshold": 1000}
"""The neighbour graph: half of Chroma's effort at building it, six times at searching it, which costs a millisecond."""
LISTED_S = 1.0
"""For how long it is remembered which collections hold something: asking takes as long as a search."""
PUBLIC = ((PUBLIC_SPACE, "card"), (PUBLIC_SPACE, "document"))
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
    """Nearest passages by embedding. Foreign errors become IndexDamaged. scale: from cosines to likeness."""

    def __init__(
        self, folder: Path, embeddings: Embeddings, url: str = "", name: str = COLLECTION, scale: Scale = SAME
    ) -> None:
        self.folder = folder
        self.embeddings = embeddings
        self.scale = scale
        self._name = name
        self._opened: dict[str, Collection] = {}
        self._filled: tuple[float, set[str]] = (-math.inf, set())
        self._public = {self._name_of(*public) for public in PUBLIC}
        try:
            self._client = _client(folder, url)
            for name in self._public:
                self._collection(name)
        except Exception as exc:  # chromadb raises its own, sqlite's and Rust's panics
            raise IndexDamaged("向量索引打不开。", f"文件夹：{folder}") from exc

    def _collection(self, name: str) -> Collection:
        """A collection to search in, looked up once."""
        if name not in self._opened:
            self._opened[name] = self._made(name)
        return self._opened[name]

    def _made(self, name: str) -> Collection:
        """A collection as it is now, made where there is none."""
        return self._client.get_or_create_collection(name, configuration={"hnsw": HNSW}, embedding_function=None)

    def _name_of(self, space: str, origin: str) -> str:
        """The name of the collection of a space's cards or documents."""
        if space == PUBLIC_SPACE:
            return f"{self._name}-cards" if origin == "card" else self._name
        return f"{self._name}-{hashlib.sha256(f'{origin} {space}'.encode()).hexdigest()[:16]}"

    def _collections(self) -> list[str]:
        """The names of our collections that are there."""
        return [c.name for c in self._client.list_collections() if c.name.startswith(self._name)]

    def _holds(self, name: str) -> bool:
        """Whether there is something in a collection; of what another process has put in it is known a little later."""
        if time.monotonic() - self._filled[0] > LISTED_S:
            collections = [self._client.get_collection(n, embedding_function=None) for n in self._collections()]
            self._filled = (time.monotonic(), {c.name for c in collections if c.count()})
        return name in self._filled[1]

    @property
    def embedder(self) -> str:
        """Who made the vectors: the embedder's id and dimension."""
        return id_of(self.embeddings)

    def readable(self) -> bool:
        """Whether the store answers a search; its files may be there and broken all the same."""
        try:
            probe = [1.0] + [0.0] * (getattr(self.embeddings, "dimension", 1) - 1)
            for name in self._public:
                self._collection(name).query(query_embeddings=[probe], n_results=1, include=[])
        except Exception as exc:  # chromadb raises its own, sqlite's and Rust's panics
            log.warning("vectors cannot be read: %s", exc)
            return False
        return True

    def count(self) -> int:
        """How many vectors there are."""
        found = (self._client.get_collection(name, embedding_function=None) for name in self._collections())
        return sum(collection.count() for collection in found)

    def rows(self) -> set[int]:
        """The passage rows that have a vector."""
        found = (self._client.get_collection(name).get(include=[])["ids"] for name in self._collections())
        return {int(row) for ids in found for row in ids}

    def add(self, passages: Iterable[tuple[int, Passage]]) -> int:
        """Embed and store passages, each with its ledger row, replacing those that are there; how many."""
        count = 0
        self._filled = (-math.inf, set())
        for part in _batches(passages):
            vectors = _embedded(self.embeddings, [embedded_text(p) for _, p in part])
            names = [self._name_of(p.space, p.origin) for _, p in part]
            for name in dict.fromkeys(names):
                own = [at for at, other in enumerate(names) if other == name]
                ids = [str(part[at][0]) for at in own]
                self._made(name).upsert(ids=ids, embeddings=vectors[own])
            count += len(part)
        return count

    def delete(self, rows: Iterable[int]) -> None:
        """Take vectors out; a private space's collection that is empty then goes as well."""
        gone = [str(i) for i in rows]
        for name in self._collections() if gone else ():
            collection = self._client.get_collection(name, embedding_function=None)
            for at in range(0, len(gone), BATCH):
                if own := collection.get(ids=gone[at : at + BATCH], include=[])["ids"]:
                    collection.delete(ids=own)
            if name not in self._public and not collection.count():
                self._client.delete_collection(name)
                self._opened.pop(name, None)

    def search(self, text: str, limit: int, spaces: tuple[str, ...]) -> list[tuple[int, float]]:
        """(row, likeness up to 1) of the nearest passages in these spaces; empty if the index cannot be read."""
        try:
            vector = self.embeddings.embed_query(text)
            if not any(vector):
                return []
            names = [self._name_of(space, origin) for space in spaces for origin in ("card", "document")]
            found: list[tuple[int, float]] = []
            for name in filter(self._holds, names):
                near = self._collection(name).query(query_embeddings=[vector], n_results=limit, include=["distances"])
                rows, distances = near["ids"][0], (near["distances"] or [[]])[0]
                found += [(int(row), 1.0 - far) for row, far in zip(rows, distances, strict=True)]
        except Exception as exc:  # a reader may meet a half-written file, a model may be gone: the words still find
            log.warning("dense search failed: %s", exc)
            self._opened.clear()  # a collection may have been made anew by another process
            return []
        factor, offset = self.scale
        nearest = sorted(found, key=lambda pair: -pair[1])[:limit]
        return [(row, factor * cosine + offset) for row, cosine in nearest] if self.scale != SAME else nearest

    def close(self) -> None:
        """Let go of the files so that another generation can be opened."""
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()


def _batches(passages: Iterable[tuple[int, Passage]]) -> Iterator[list[tuple[int, Passage]]]:
    part: list[tuple[int, Passage]] = []
    for pair in passages:
        part.append(pair)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part


def _embedded(embeddings: Embeddings, texts: list[str]) -> np.ndarray:
    """One vector a row, float32."""
    import numpy as np

    made = embeddings.vectors(texts) if hasattr(embeddings, "vectors") else embeddings.embed_documents(texts)
    return np.asarray(made, dtype=np.float32)
