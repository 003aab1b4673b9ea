"""Tiny sentence models with random weights, in the very form in which real ones come: made by sentence-transformers itself.

A BERT of one layer over single characters: texts that share characters have vectors that lie near each other.
"""

from __future__ import annotations

import string
from pathlib import Path

QUERY_PROMPT = "查询："
HIDDEN = 32


def tokenizer(folder: Path) -> Path:
    """A tokenizer of single characters."""
    from transformers import BertTokenizerFast

    characters = (
        [chr(c) for c in range(0x4E00, 0x9FA6)] + list(string.printable.strip()) + list("，。；：？！（）《》、%")
    )
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(characters)]
    BertTokenizerFast(vocab={word: at for at, word in enumerate(vocabulary)}).save_pretrained(folder)
    return folder


def _config(**more: object) -> object:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=21_100, hidden_size=HIDDEN, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=512, **more,
    )  # fmt: skip


def embedding_model(folder: Path, seed: int = 1, prompt: str = QUERY_PROMPT) -> Path:
    """Save a sentence model with mean pooling; `prompt` stands before questions, empty for none."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertModel

    torch.manual_seed(seed)
    encoder = folder.with_name(f"{folder.name}-encoder")
    BertModel(_config()).save_pretrained(encoder)
    tokenizer(encoder)
    modules = [Transformer(str(encoder)), Pooling(HIDDEN, "mean"), Normalize()]
    prompts = {"query": prompt, "document": ""} if prompt else None
    SentenceTransformer(modules=modules, device="cpu", prompts=prompts).save(str(folder), create_model_card=False)
    return folder


def reranker_model(folder: Path, seed: int = 1) -> Path:
    """Save a cross-encoder with one score a pair."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(seed)
    BertForSequenceClassification(_config(num_labels=1)).save_pretrained(folder)
    return tokenizer(folder)
