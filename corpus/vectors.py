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

from core.disk import is_out_of_handles
from core.errors import IndexDamaged, NotAvailable
from core.types import PUBLIC_SPACE, Passage
from corpus import seal
from corpus.cheap import Cheap
from corpus.embedder import id_of
from corpus.encoder.encoder import read_as
from corpus.scale import SAME, Scale, on

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
BATCH = 1000
FEW = 64
"""So many passages the encoder embeds between two looks at how large their space has become."""
CHEAP = "-cheap"
HNSW = {"space": "cosine", "ef_construction": 48, "max_neighbors": 16, "ef_search": 600, "sync_threshold": 1000}
"""The neighbour graph: half of Chroma's effort at building it, six times at searching it, which costs a millisecond."""
LISTED_S = 1.0
"""For how long it is remembered which collections hold something: asking takes as long as a search."""
PUBLIC = ((PUBLIC_SPACE, "card"), (PUBLIC_SPACE, "document"))
log = logging.getLogger(__name__)


def embedded_text(passage: Passage) -> str:
    """What of a passage is embedded. A card's questions are compared with one by one (corpus/own_questions.py)."""
    return read_as(passage.title, passage.text, () if passage.origin == "card" else passage.section)


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
    """Nearest passages by embedding. Foreign errors become IndexDamaged.

    scale: from cosines to likeness; cheap: what the later passages of a large space are embedded with.
    """

    def __init__(
        self,
        folder: Path,
        embeddings: Embeddings,
        url: str = "",
        name: str = COLLECTION,
        scale: Scale = SAME,
        cheap: Cheap | None = None,
    ) -> None:
        self.folder = folder
        self.embeddings = embeddings
        self.scale = scale
        self.cheap = cheap
        self._name = name
        self._opened: dict[str, Collection] = {}
        self._filled: tuple[float, set[str]] = (-math.inf, set())
        self._public = {self._name_of(*public) for public in PUBLIC}
        try:
            self._client = _client(folder, url)
            for name in self._public:
                self._collection(name)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:  # chromadb raises its own, sqlite's, and Rust's panics, which are no Exception
            if is_out_of_handles(exc):
                raise NotAvailable(
                    "打开的文件太多，检索索引打不开，先按字词查。", "关掉一些程序，过一会儿再试。"
                ) from exc
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
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:  # as above
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
        seal.break_(self.folder.parent)
        self._filled = (-math.inf, set())
        for name, part in self._portions(passages):
            cheaply = name.endswith(CHEAP) and self.cheap
            made = cheaply.fitted()[0] if cheaply else self.embeddings
            vectors = _embedded(made, [embedded_text(passage) for _, passage in part])
            self._made(name).upsert(ids=[str(row) for row, _ in part], embeddings=vectors)
            count += len(part)
        return count

    def _portions(self, passages: Iterable[tuple[int, Passage]]) -> Iterator[tuple[str, list[tuple[int, Passage]]]]:
        """Passages that lie together in portions, each with the name of its collection: a space grows while it is embedded."""
        part: list[tuple[int, Passage]] = []
        place, name, most = ("", ""), "", BATCH
        for row, passage in passages:
            if part and (place != (passage.space, passage.origin) or len(part) >= most):
                yield name, part
                part = []
            if not part:
                place = (passage.space, passage.origin)
                cheaply = self.cheap is not None and passage.origin == "document" and self.cheap.is_for(passage.space)
                name = self._name_of(*place) + (CHEAP if cheaply else "")
                most = FEW if self.cheap and passage.origin == "document" and not cheaply else BATCH
            part.append((row, passage))
        if part:
            yield name, part

    def delete(self, rows: Iterable[int]) -> None:
        """Take vectors out; a private space's collection that is empty then goes as well."""
        gone = [str(i) for i in rows]
        if gone:
            seal.break_(self.folder.parent)
        for name in self._collections() if gone else ():
            collection = self._client.get_collection(name, embedding_function=None)
            for at in range(0, len(gone), BATCH):
                if own := collection.get(ids=gone[at : at + BATCH], include=[])["ids"]:
                    collection.delete(ids=own)
            if name.removesuffix(CHEAP) not in self._public and not collection.count():
                self._client.delete_collection(name)
                self._opened.pop(name, None)

    def search(self, text: str, limit: int, spaces: tuple[str, ...]) -> list[tuple[int, float]]:
        """(row, likeness up to 1) of the nearest passages in these spaces; empty if the index cannot be read."""
        try:
            found = [pair for cheaply in (False, True) for pair in self._nearest(text, limit, spaces, cheaply)]
        except Exception as exc:  # a reader may meet a half-written file, a model may be gone: the words still find
            log.warning("dense search failed: %s", exc)
            self._opened.clear()  # a collection may have been made anew by another process
            return []
        return sorted(found, key=lambda pair: -pair[1])[:limit]

    def _nearest(self, text: str, limit: int, spaces: tuple[str, ...], cheaply: bool) -> Iterator[tuple[int, float]]:
        """(row, likeness) of the nearest among what one embedder has embedded."""
        kinds = ("document",) if cheaply else ("card", "document")
        names = [self._name_of(space, kind) + (CHEAP if cheaply else "") for space in spaces for kind in kinds]
        held = [name for name in names if self._holds(name)]
        made = (self.cheap and self.cheap.opened()) if cheaply else (self.embeddings, self.scale)
        if not held or not made:
            return
        vector = made[0].embed_query(text)
        if not any(vector):
            return
        for name in held:
            near = self._collection(name).query(query_embeddings=[vector], n_results=limit, include=["distances"])
            for row, far in zip(near["ids"][0], (near["distances"] or [[]])[0], strict=True):
                yield int(row), on(made[1], 1.0 - far)

    def close(self) -> None:
        """Let go of the files so that another generation can be opened."""
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()


def _embedded(embeddings: Embeddings, texts: list[str]) -> np.ndarray:
    """One vector a row, float32."""
    import numpy as np

    made = embeddings.vectors(texts) if hasattr(embeddings, "vectors") else embeddings.embed_documents(texts)
    return np.asarray(made, dtype=np.float32)
