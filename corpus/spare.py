"""The last sound copies of the tables and the lexicon, in the data folder: read where the file in the package is damaged or gone."""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from core.disk import is_out_of_handles
from core.errors import BadInput, BadKnowledge
from core.settings import data_folder
from corpus import manifest

CORPUS = Path(__file__).parent
FOLDER = "knowledge"
T = TypeVar("T")
log = logging.getLogger(__name__)


def read(path: Path, reader: Callable[[Path], T]) -> T:
    """What a reader makes of a file of the knowledge; of its last sound copy where the file itself is damaged.

    Only the package's own files have copies. Raises BadKnowledge where a file is damaged and has none.
    """
    try:
        if path.is_relative_to(CORPUS):
            manifest.check_file(CORPUS, path.relative_to(CORPUS).as_posix())
        return reader(path)
    except Exception as exc:  # a damaged file fails in its reader in ways that nobody can list
        if is_out_of_handles(exc):
            raise
        log.warning("%s cannot be used: %s", path, exc)
        if (other := copy_of(path)) is not None:
            with suppress(Exception):
                return reader(other)
        if isinstance(exc, BadKnowledge):
            raise
        raise unreadable(path) from exc


def unreadable(path: Path) -> BadKnowledge:
    """The error for a file that its reader cannot make anything of."""
    return BadKnowledge(f"自带知识里的 {path.name} 坏了或不见了。", "重新安装本程序。")


def copy_of(path: Path, home: Path | None = None) -> Path | None:
    """The copy of one of the package's files, if there is one."""
    if not path.is_relative_to(CORPUS):
        return None
    try:
        place = _place(path, home or data_folder())
    except BadInput:
        return None
    return place if place.is_file() else None


def keep(path: Path, home: Path) -> None:
    """Keep a copy of a file that was found sound; where nothing can be written, the copy of before stays."""
    place = _place(path, home)
    with suppress(OSError):
        data = path.read_bytes()
        if place.is_file() and place.read_bytes() == data:
            return
        if place.is_dir():
            place.replace(place.with_name(f"{place.name}.{uuid.uuid4().hex[:8]}"))
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            part.write_bytes(data)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)


def _place(path: Path, home: Path) -> Path:
    return home / FOLDER / path.parent.name / path.name
