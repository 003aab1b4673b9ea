"""Writes a model with random weights in the exact shape of Qwen2.5-1.5B and lets llama.cpp quantize it: for speed, not for sense.

Speed does not depend on what the weights say. The vocabulary is made up to the same size; a Chinese character takes about one
token, where the real one takes about two thirds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import NotAvailable, XiangdaoError

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIAL = ("<unk>", "<s>", "<|im_end|>", "<|im_start|>")
Q4_K_M = 15


@dataclass(frozen=True)
class Shape:
    """A transformer's sizes. Source of the defaults: Qwen2.5-1.5B-Instruct's config.json (tied embeddings, 1.54 B weights)."""

    layers: int = 28
    width: int = 1536
    hidden: int = 8960
    heads: int = 12
    kv_heads: int = 2
    vocabulary: int = 151936
    context: int = 32768
    rope_base: float = 1_000_000.0


def bench_model(folder: Path, shape: Shape = Shape()) -> Path:
    """The quantized model in a folder, made where it is missing: half a minute, 3.1 GB for a while, 1 GB for good.

    Raises NotAvailable without llama-cpp-python or gguf.
    """
    made = folder / f"random-{shape.layers}x{shape.width}-Q4_K_M.gguf"
    if made.exists():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    whole, part = folder / f"{made.stem}.f16.part", made.with_suffix(".part")
    try:
        write(whole, shape)
        quantize(whole, part)
        part.replace(made)
    finally:
        whole.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    return made


def quantize(whole: Path, made: Path, kind: int = Q4_K_M) -> None:
    """Through llama.cpp's own quantizer. kind: its llama_ftype."""
    try:
        import llama_cpp
    except ImportError as exc:
        raise NotAvailable("没有安装本机模型组件。", command="运行：python3 start.py setup llm") from exc
    options = llama_cpp.llama_model_quantize_default_params()
    options.ftype = kind
    if code := llama_cpp.llama_model_quantize(str(whole).encode(), str(made).encode(), options):
        raise XiangdaoError(f"llama.cpp 没有量化成（{code}）。")


def write(path: Path, shape: Shape) -> None:
    """The model in half precision. All layers hold the same random numbers, so that a layer is all the memory it takes."""
    try:
        import gguf
    except ImportError as exc:
        raise NotAvailable("没有安装 gguf 组件。", command="运行：.venv/bin/pip install gguf") from exc
    writer = gguf.GGUFWriter(path, "qwen2")
    _describe(writer, shape)
    for name, tensor in _tensors(shape):
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: Any, shape: Shape) -> None:
    import gguf

    writer.add_name("random weights, shape of Qwen2.5-1.5B")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(shape.rope_base)
    tokens = list(vocabulary(shape.vocabulary))
    special = [gguf.TokenType.UNKNOWN, *[gguf.TokenType.CONTROL] * (len(SPECIAL) - 1)]
    kinds = [*special, *[gguf.TokenType.BYTE] * 256]
    kinds += [gguf.TokenType.NORMAL] * (len(tokens) - len(kinds))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(number) for number in range(len(tokens))])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)


def vocabulary(size: int) -> Iterator[str]:
    """Token texts: special ones, bytes, ASCII and punctuation, Chinese characters, then pairs of them as filling."""
    seen = dict.fromkeys(SPECIAL)
    seen.update(dict.fromkeys(f"<0x{byte:02X}>" for byte in range(256)))
    seen.update(dict.fromkeys(map(chr, (10, *range(32, 127), *range(0x3000, 0x3020), *range(0xFF00, 0xFF60)))))
    seen.update(dict.fromkeys(map(chr, range(0x4E00, 0x9FA6))))
    pairs = (a + b for a in "的一是在不了有和人这中大为上个国我以要他" for b in map(chr, range(0x4E00, 0x9FA6)))
    while len(seen) < size:
        seen.setdefault(next(pairs))
    yield from list(seen)[:size]


def _tensors(shape: Shape) -> Iterator[tuple[str, Any]]:
    import numpy

    dice = numpy.random.default_rng(7)
    kv = shape.width // shape.heads * shape.kv_heads

    def random(*size: int) -> Any:
        return (dice.standard_normal(size, numpy.float32) * 0.02).astype(numpy.float16)

    layer = {
        "attn_q.weight": random(shape.width, shape.width),
        "attn_k.weight": random(kv, shape.width),
        "attn_v.weight": random(kv, shape.width),
        "attn_output.weight": random(shape.width, shape.width),
        "ffn_gate.weight": random(shape.hidden, shape.width),
        "ffn_up.weight": random(shape.hidden, shape.width),
        "ffn_down.weight": random(shape.width, shape.hidden),
        **{f"{name}.bias": numpy.zeros(size, numpy.float32) for name, size in (("attn_q", shape.width), ("attn_k", kv), ("attn_v", kv))},
        **{f"{name}.weight": numpy.ones(shape.width, numpy.float32) for name in ("attn_norm", "ffn_norm")},
    }  # fmt: skip
    yield "token_embd.weight", random(shape.vocabulary, shape.width)
    yield "output_norm.weight", numpy.ones(shape.width, numpy.float32)
    for number in range(shape.layers):
        for name, tensor in layer.items():
            yield f"blk.{number}.{name}", tensor
