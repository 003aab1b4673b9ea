"""The cheap vectors of what a large space takes in: the n-gram embedder (corpus/embed.py), fitted once and kept.

The encoder embeds some tens of passages a second on one core, this one thousands; in a space so large the words find most.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from langchain_core.embeddings import Embeddings

from core.arrays import UNREADABLE
from core.types import Passage
from corpus import scale
from corpus.embed import NgramEmbeddings
from corpus.encoder.encoder import read_as
from corpus.scale import SAME, Scale

LARGE = 10_000
"""In a space of more passages what comes is embedded cheaply. The bundled ones, which come with their vectors, count; it takes the encoder some two minutes on one core to embed 5,000."""
_SCALE = "scale.json"
Made = tuple[Embeddings, Scale]
log = logging.getLogger(__name__)


@dataclass
class Cheap:
    """The embedder of a folder. size: how many passages a space holds; shared: what everyone may see, to be fitted on."""

    folder: Path
    size: Callable[[str], int]
    shared: Callable[[], list[Passage]]
    _made: list[Made] = field(default_factory=list)

    def is_for(self, space: str) -> bool:
        """Whether what comes into a space is embedded cheaply."""
        return self.size(space) > LARGE

    def opened(self) -> Made | None:
        """The embedder with its scale; None where it was never needed. Raises OSError or ValueError where it is damaged."""
        if not self._made and (self.folder / _SCALE).exists():
            factor, offset = json.loads((self.folder / _SCALE).read_text("utf-8"))
            self._made.append((NgramEmbeddings.load(self.folder), (float(factor), float(offset))))
        return self._made[0] if self._made else None

    def fitted(self) -> Made:
        """The embedder with its scale, fitted where there is none. Called under the lock on the vectors' files."""
        try:
            if made := self.opened():
                return made
        except UNREADABLE as exc:
            log.warning("cheap vectors are fitted anew: %s", exc)
        passages = self.shared()
        embeddings = NgramEmbeddings.fit([_everything(passage) for passage in passages] or ["数字化", "转型"])
        asked = scale.pairs(passages)
        texts = [read_as(passage.title, passage.text) for _, passage in asked]
        found = scale.fitted(scale.cosines(embeddings, [q for q, _ in asked], texts)) if asked else None
        self._save(embeddings, found or SAME)
        self._made.append((embeddings, found or SAME))
        return self._made[0]

    def _save(self, embeddings: NgramEmbeddings, found: Scale) -> None:
        part = self.folder.with_name(f"{self.folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        embeddings.save(part)
        (part / _SCALE).write_text(json.dumps(found), "utf-8")
        part.replace(self.folder)


def _everything(passage: Passage) -> str:
    """Text and questions together: so it learns which everyday words go with which official ones."""
    return "\n".join((passage.title, *passage.section[-1:], passage.text, *passage.questions))
