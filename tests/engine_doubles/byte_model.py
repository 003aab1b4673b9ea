"""Writes a tiny model with random weights and a byte-level BPE vocabulary, as real Qwen models have it: OpenVINO reads no other."""

from __future__ import annotations

from pathlib import Path

from tests.engine_doubles.tiny_model import TEMPLATE

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
FILE_TYPES = {"F32": 0, "F16": 1, "Q4_0": 2, "Q8_0": 7, "Q5_0": 8}
"""llama_ftype in llama.cpp's llama.h."""


def byte_letters() -> list[str]:
    """The letter that stands for each byte in a byte-level BPE vocabulary (GPT-2's table)."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = iter(range(0x100, 0x200))
    return [chr(byte) if byte in shown else chr(next(hidden)) for byte in range(256)]


def write_byte_model(
    path: Path,
    template: str | None = TEMPLATE,
    architecture: str = "qwen2",
    kind: str = "F16",
    layers: int = 2,
    width: int = 64,
    context: int = 8192,
) -> Path:
    """A model of a few hundred kilobytes that loads in llama.cpp and OpenVINO and speaks nonsense; one token a byte.

    kind: how the matrices are stored, a name of gguf.GGMLQuantizationType.
    """
    import gguf
    import numpy

    dice = numpy.random.default_rng(1)
    letters = byte_letters()
    pair = (letters[0xE7], letters[0x9A])
    tokens = [*letters, *SPECIAL, "".join(pair)]
    kinds = [gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * 3 + [gguf.TokenType.NORMAL]
    heads, kv_heads, hidden = 4, 2, 2 * width
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name("tiny")
    writer.add_file_type(FILE_TYPES[kind])
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair)])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(258)
    writer.add_add_bos_token(False)
    if template:
        writer.add_chat_template(template)

    def matrix(name: str, *shape: int, spoken: bool = False) -> None:
        values = dice.normal(0, 0.3 if spoken else 0.05, shape).astype(numpy.float32)
        if spoken:  # only printable ASCII is likely, so that there is text to see and no early end
            values[:33] = values[127:] = 0
        stored = gguf.GGMLQuantizationType[kind]
        writer.add_tensor(name, gguf.quantize(values, stored), raw_dtype=stored)

    def vector(name: str, value: float, size: int) -> None:
        writer.add_tensor(name, numpy.full(size, value, numpy.float32))

    narrow = width // heads * kv_heads
    matrix("token_embd.weight", len(tokens), width)
    matrix("output.weight", len(tokens), width, spoken=True)
    vector("output_norm.weight", 1.0, width)
    for layer in range(layers):
        block = f"blk.{layer}."
        for name, rows in (("attn_q", width), ("attn_k", narrow), ("attn_v", narrow), ("attn_output", width)):
            matrix(f"{block}{name}.weight", rows, width)
            if name != "attn_output":
                vector(f"{block}{name}.bias", 0.0, rows)
        matrix(f"{block}ffn_gate.weight", hidden, width)
        matrix(f"{block}ffn_up.weight", hidden, width)
        matrix(f"{block}ffn_down.weight", width, hidden)
        vector(f"{block}attn_norm.weight", 1.0, width)
        vector(f"{block}ffn_norm.weight", 1.0, width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
