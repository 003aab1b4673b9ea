"""A tiny language model with random weights and a vocabulary of bytes, as GGUF: it loads and speaks nonsense.

It tries out an installed engine where no real weights are at hand. Layout: ggml-org/ggml, docs/gguf.md (version 3); the blocks of
the quantized types: ggml-common.h.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TOKENS = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
_UNKNOWN, _CONTROL, _BYTE = 2, 3, 6
_ALIGNED = 32
_FIRST_BYTE = 3
"""The token of byte 0."""
F32, Q8_0, Q4_K, Q6_K = 0, 8, 12, 14
_BLOCKS: dict[int, tuple[int, int, tuple[tuple[int, float], ...]]] = {
    Q8_0: (32, 34, ((0, 2e-4),)),
    Q4_K: (256, 144, ((0, 1e-4), (2, 1e-4))),
    Q6_K: (256, 210, ((208, 1e-5),)),
}
"""ggml type: values in a block, its bytes, and where a 16-bit scale stands in it with which size; the rest may be any bits."""


def write_tiny_model(
    path: Path,
    template: str | None = TEMPLATE,
    architecture: str = "llama",
    layers: int = 2,
    width: int = 64,
    context: int = 8192,
    quantized: bool = False,
) -> Path:
    """Write the model. width: a multiple of 4, of 256 where quantized (Q4_K, Q6_K and Q8_0, as Q4_K_M and Q8_0 files have)."""
    import numpy

    dice = numpy.random.default_rng(1)
    names, blocks = [], []
    for name, shape in _shapes(layers, width).items():
        kind = _kind(name) if quantized else F32
        names.append((name, shape, kind if len(shape) > 1 else F32))
        blocks.append(_ones(shape) if len(shape) == 1 else _random(dice, shape, kind, spoken=name == "output.weight"))
    with path.open("wb") as file:
        file.write(_header(_fields(template, architecture, layers, width, context), names, blocks))
        for block in blocks:
            file.write(_padded(block))
    return path


def _shapes(layers: int, width: int) -> dict[str, tuple[int, ...]]:
    """Each tensor's shape, rows first."""
    hidden = 2 * width
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (len(TOKENS), width),
        "output_norm.weight": (width,),
        "output.weight": (len(TOKENS), width),
    }
    for layer in range(layers):
        block = f"blk.{layer}."
        shapes |= {f"{block}{name}.weight": (width, width) for name in ("attn_q", "attn_k", "attn_v", "attn_output")}
        shapes |= {f"{block}{name}.weight": (hidden, width) for name in ("ffn_gate", "ffn_up")}
        shapes |= {f"{block}ffn_down.weight": (width, hidden)}
        shapes |= {f"{block}{name}.weight": (width,) for name in ("attn_norm", "ffn_norm")}
    return shapes


def _kind(name: str) -> int:
    if name == "output.weight" or "ffn_down" in name:
        return Q6_K
    return Q8_0 if "attn_v" in name else Q4_K


def _ones(shape: tuple[int, ...]) -> bytes:
    return struct.pack("<f", 1.0) * shape[0]


def _random(dice: numpy.random.Generator, shape: tuple[int, ...], kind: int, spoken: bool) -> bytes:
    """Random weights of a matrix. spoken: it says how likely each token is; then only letters are, so that there is text to see."""
    import numpy

    if kind == F32:
        drawn = dice.normal(0, 0.3 if spoken else 0.05, shape)
        return (_letters(drawn) if spoken else drawn).astype("<f4").tobytes()
    if spoken:
        return _spoken_q6(dice, shape)
    block, size, scales = _BLOCKS[kind]
    data = dice.integers(0, 256, (shape[0] * shape[1] // block, size), dtype=numpy.uint8)
    for at, scale in scales:
        data[:, at : at + 2] = numpy.frombuffer(struct.pack("<e", scale), numpy.uint8)
    return data.tobytes()


def _letters(rows: numpy.ndarray) -> numpy.ndarray:
    """The matrix with nothing but zeros for all tokens that are no printable ASCII."""
    rows[: _FIRST_BYTE + 33] = rows[_FIRST_BYTE + 127 :] = 0
    return rows


def _spoken_q6(dice: numpy.random.Generator, shape: tuple[int, ...]) -> bytes:
    import numpy

    values, size, ((at, _),) = _BLOCKS[Q6_K]
    data = dice.integers(0, 256, (shape[0], shape[1] // values, size), dtype=numpy.uint8)
    data[:, :, at : at + 2] = numpy.frombuffer(struct.pack("<e", 2e-4), numpy.uint8)
    return _letters(data).tobytes()


def _fields(template: str | None, architecture: str, layers: int, width: int, context: int) -> list[bytes]:
    heads = 4
    numbers = {
        "context_length": context, "embedding_length": width, "block_count": layers, "feed_forward_length": 2 * width,
        "attention.head_count": heads, "attention.head_count_kv": heads, "rope.dimension_count": width // heads,
        "vocab_size": len(TOKENS),
    }  # fmt: skip
    kinds = [_UNKNOWN, _CONTROL, _CONTROL] + [_BYTE] * 256
    fields = [_text("general.architecture", architecture), _text("general.name", "tiny")]
    fields += [_field(f"{architecture}.{name}", 4, "<I", value) for name, value in numbers.items()]
    fields += [_field(f"{architecture}.attention.layer_norm_rms_epsilon", 6, "<f", 1e-5)]
    fields += [_text("tokenizer.ggml.model", "llama"), _array("tokenizer.ggml.tokens", 8, TOKENS, _string)]
    fields += [_array("tokenizer.ggml.scores", 6, [0.0] * len(TOKENS), lambda score: struct.pack("<f", score))]
    fields += [_array("tokenizer.ggml.token_type", 5, kinds, lambda kind: struct.pack("<i", kind))]
    for name, token in (("bos", 1), ("eos", 2), ("unknown", 0)):
        fields.append(_field(f"tokenizer.ggml.{name}_token_id", 4, "<I", token))
    return fields + ([_text("tokenizer.chat_template", template)] if template else [])


def _header(fields: list[bytes], names: list[tuple[str, tuple[int, ...], int]], blocks: list[bytes]) -> bytes:
    """Everything before the first tensor's data, padded."""
    head = [b"GGUF", struct.pack("<IQQ", 3, len(names), len(fields)), *fields]
    offset = 0
    for (name, shape, kind), block in zip(names, blocks, strict=True):
        head += [_string(name), struct.pack("<I", len(shape))]
        head += [struct.pack("<Q", size) for size in reversed(shape)]
        head.append(struct.pack("<IQ", kind, offset))
        offset += len(_padded(block))
    return _padded(b"".join(head))


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNED)


def _string(text: str) -> bytes:
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def _text(name: str, value: str) -> bytes:
    return _string(name) + struct.pack("<I", 8) + _string(value)


def _field(name: str, kind: int, layout: str, value: float) -> bytes:
    return _string(name) + struct.pack("<I", kind) + struct.pack(layout, value)


def _array(name: str, kind: int, values: Sequence[Any], packed: Callable[[Any], bytes]) -> bytes:
    head = _string(name) + struct.pack("<IIQ", 9, kind, len(values))
    return head + b"".join(packed(value) for value in values)
