"""The encoder as a torch module, from base weights and a cut vocabulary."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from transformers import BertConfig, BertModel

from eval.train.base import Base
from eval.train.vocabulary import Vocabulary

_LAYER = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm", "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


def build(base: Base, vocabulary: Vocabulary) -> BertModel:
    """A BertModel without pooler; raises RuntimeError where a tensor is missing or has another shape."""
    config = BertConfig(
        vocab_size=len(vocabulary.kept), hidden_size=base.hidden, num_hidden_layers=base.layers,
        num_attention_heads=base.heads, intermediate_size=base.inner, max_position_embeddings=base.positions,
        layer_norm_eps=base.eps, pad_token_id=base.pad, attn_implementation="eager",
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_state(base, vocabulary), strict=True)
    return model.eval()


def _state(base: Base, vocabulary: Vocabulary) -> dict[str, Any]:
    t = base.tensors
    words = t["emb.word"].reshape(-1, base.hidden)[vocabulary.kept]
    state = {
        "embeddings.word_embeddings.weight": words,
        "embeddings.position_embeddings.weight": t["emb.pos"].reshape(base.positions, base.hidden),
        "embeddings.token_type_embeddings.weight": t["emb.type"].reshape(-1, base.hidden),
        "embeddings.LayerNorm.weight": t["emb.ln.w"],
        "embeddings.LayerNorm.bias": t["emb.ln.b"],
    }
    for layer in range(base.layers):
        for short, long in _LAYER.items():
            bias = t[f"l{layer}.{short}.b"] if f"l{layer}.{short}.b" in t else t[f"l{layer}.{short}b"]
            weight = t[f"l{layer}.{short}.w"]
            norm = short.endswith("ln")
            name = f"encoder.layer.{layer}.{long}"
            state[f"{name}.weight"] = weight if norm else weight.reshape(len(bias), -1)
            state[f"{name}.bias"] = bias
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in state.items()}
