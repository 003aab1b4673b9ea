"""The kept originals: a copy of every ingested file, so that a lost ledger can be made again.

`<sha256><suffix>` holds the bytes, `<sha256>.json` a list of the documents made of them, each with name, space,
source_id, added_at.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from core.errors import BadFile

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Original:
    """One kept file as one document of one space. name: the file's own name; added_at: ISO time; edits: corrected fields.

    source_id: empty while it is not settled; place: where the file came from, empty where that is not known.
    """

    sha256: str
    suffix: str
    name: str
    space: str
    source_id: str
    added_at: str
    edits: dict[str, Any] = field(default_factory=dict)
    place: str = ""


class Originals:
    """The folder of kept originals; made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, original: Original, data: bytes) -> None:
        """Keep the bytes and note the document, each written whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._bytes(original)
        if not path.exists() or path.stat().st_size != len(data):
            _write(path, data)
        self._note(original.sha256, [*self._others(original.sha256, original.space, original.source_id), original])

    def correct(self, sha256: str, space: str, source_id: str, edits: dict[str, Any]) -> None:
        """Keep the corrections of a document beside its original, so that a lost ledger does not lose them."""
        own = [o for o in self._noted(sha256) if (o.space, o.source_id) == (space, source_id)]
        if own:
            self._note(sha256, [*self._others(sha256, space, source_id), replace(own[0], edits=edits)])

    def drop(self, sha256: str, space: str, source_id: str) -> None:
        """Forget one document; the bytes go with the last one."""
        left = self._others(sha256, space, source_id)
        if left:
            self._note(sha256, left)
            return
        for path in self.folder.glob(f"{sha256}.*"):
            path.unlink(missing_ok=True)

    def drop_all(self, space: str, source_id: str) -> None:
        """Forget every version of one document."""
        for original in list(self.all()):
            if (original.space, original.source_id) == (space, source_id):
                self.drop(original.sha256, space, source_id)

    def all(self) -> Iterator[Original]:
        """Every noted document, the oldest first."""
        found = [o for path in self.folder.glob("*.json") for o in self._noted(path.stem)]
        yield from sorted(found, key=lambda o: (o.added_at, o.source_id))

    def of(self, sha256: str, space: str, source_id: str) -> Original | None:
        """The original that one document was made of; None where none is kept."""
        own = (o for o in self._noted(sha256) if (o.space, o.source_id) == (space, source_id))
        return next(own, None)

    def read(self, original: Original) -> bytes:
        """The bytes of an original; BadFile where they are gone or changed."""
        path = self._bytes(original)
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() != original.sha256:
            raise BadFile(f"保存的原件 {original.name} 已丢失或损坏。", "请找到这个文件重新录入。")
        return data

    def _bytes(self, original: Original) -> Path:
        return self.folder / f"{original.sha256}{original.suffix}"

    def _others(self, sha256: str, space: str, source_id: str) -> list[Original]:
        return [o for o in self._noted(sha256) if (o.space, o.source_id) != (space, source_id)]

    def _noted(self, sha256: str) -> list[Original]:
        path = self.folder / f"{sha256}.json"
        if not path.exists():
            return []
        try:
            return [Original(sha256=sha256, **row) for row in json.loads(path.read_text("utf-8"))]
        except (ValueError, TypeError, OSError) as exc:
            log.warning("%s cannot be read: %s", path, exc)
            return []

    def _note(self, sha256: str, originals: list[Original]) -> None:
        rows = [{k: v for k, v in asdict(o).items() if k != "sha256"} for o in originals]
        _write(self.folder / f"{sha256}.json", json.dumps(rows, ensure_ascii=False, indent=1).encode())


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
