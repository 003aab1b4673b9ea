"""Which questions, messages and turns the shipped encoder was not tuned on, so that what is fitted on it can be measured on them.

They are told by a checksum of their text: new cards and examples shift nothing.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from core.text import normalise
from corpus.encoder.encoder import FOLDER
from corpus.utterances import Turn

FILE = "unseen.json"
FORM = 1


@dataclass(frozen=True)
class Unseen:
    """Checksums of texts."""

    keys: frozenset[int]

    def has(self, text: str) -> bool:
        return key_of(text) in self.keys


def key_of(text: str) -> int:
    """The CRC-32 of a text as it is read."""
    return zlib.crc32(normalise(text).strip().encode())


def turn_key(turn: Turn) -> str:
    """A turn as one text: the message before it and itself."""
    return f"{turn.before[-1].user} → {turn.turn}"


def load_unseen(folder: Path = FOLDER) -> Unseen:
    """What an encoder was not tuned on; nothing is known to be where the file is missing. Raises ValueError for another form."""
    path = folder / FILE
    if not path.is_file():
        return Unseen(frozenset())
    raw = json.loads(path.read_text("utf-8"))
    if raw["form"] != FORM:
        raise ValueError(f"{FILE} has another form")
    return Unseen(frozenset(raw["keys"]))


def write_unseen(unseen: Unseen, folder: Path = FOLDER) -> None:
    """Write the file beside the encoder."""
    (folder / FILE).write_text(json.dumps({"form": FORM, "keys": sorted(unseen.keys)}) + "\n", "utf-8")
