"""Ways in which a file is damaged, each by chance: bits flipped, cut off, emptied, deleted, overwritten, a folder, another's content."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path


def flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 8, 200)) if data else 0):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut(path: Path, chance: random.Random) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(chance.randrange(size) if size else 0)


def empty(path: Path, chance: random.Random) -> None:
    path.write_bytes(b"")


def gone(path: Path, chance: random.Random) -> None:
    path.unlink()


def overwrite(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data)) if data else 0
    data[at : at + 4096] = chance.randbytes(min(4096, len(data) - at))
    path.write_bytes(data)


def as_folder(path: Path, chance: random.Random) -> None:
    path.unlink()
    path.mkdir()


def swap(path: Path, chance: random.Random) -> None:
    other = chance.choice(sorted(p for p in path.parent.iterdir() if p.is_file() and p.suffix != ".py"))
    own_(other)
    data = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(data)


DAMAGES: tuple[Callable[[Path, random.Random], None], ...] = (flip, cut, empty, gone, overwrite, as_folder, swap)


def own_(path: Path) -> None:
    """Make a file its own that shares its bytes with another name."""
    if path.stat().st_nlink > 1:
        data, found = path.read_bytes(), path.stat()
        path.unlink()
        path.write_bytes(data)
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
