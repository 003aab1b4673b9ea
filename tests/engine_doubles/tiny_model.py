"""Writes a tiny language model with random weights and a vocabulary of bytes, as GGUF, with the `gguf` package."""

from __future__ import annotations

from pathlib import Path

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write_tiny_model(
    path: Path,
    template: str | None = TEMPLATE,
    architecture: str = "llama",
    layers: int = 2,
    width: int = 64,
    context: int = 8192,
) -> Path:
    """A model of a few hundred kilobytes that loads and speaks nonsense. layers, width: its size."""
    import gguf
    import numpy

    dice = numpy.random.default_rng(1)
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL] + [gguf.TokenType.BYTE] * 256
    heads, hidden = 4, 2 * width
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name("tiny")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_rope_dimension_count(width // heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    if template:
        writer.add_chat_template(template)

    def random(*shape: int) -> numpy.ndarray:
        return dice.normal(0, 0.05, shape).astype(numpy.float32)

    one = numpy.ones(width, numpy.float32)
    writer.add_tensor("token_embd.weight", random(len(tokens), width))
    writer.add_tensor("output_norm.weight", one)
    writer.add_tensor("output.weight", random(len(tokens), width))
    for layer in range(layers):
        block = f"blk.{layer}."
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"{block}{name}.weight", random(width, width))
        writer.add_tensor(f"{block}ffn_gate.weight", random(hidden, width))
        writer.add_tensor(f"{block}ffn_up.weight", random(hidden, width))
        writer.add_tensor(f"{block}ffn_down.weight", random(width, hidden))
        writer.add_tensor(f"{block}attn_norm.weight", one)
        writer.add_tensor(f"{block}ffn_norm.weight", one)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
