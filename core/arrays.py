"""Files of arrays (.npz, .npy): how a damaged one fails to be read, where numpy, zipfile and zlib each raise their own."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import Path

UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, EOFError, OverflowError, MemoryError,
    NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""Also where a changed header asks for more memory than there is, a method of packing that nobody knows, or a password."""


def put(part: Path, path: Path) -> None:
    """Put a finished file, which can be made again, in its place, also where a folder stands there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    part.replace(path)
