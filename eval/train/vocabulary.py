"""The base vocabulary cut to Chinese and English: pieces of other scripts go, their rows of the embedding with them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from eval.train.base import Base

LATIN_PIECES = 9_000
"""So many of the likeliest Latin pieces stay: English words and the names of systems (MES, ERP, SaaS)."""
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_SPACE = "▁"
_HAN = ("CJK", "HIRAGANA-KATAKANA PROLONGED")
_OTHERS = frozenset("PSN")
"""Unicode categories that every script shares: punctuation, symbols, numbers."""


@dataclass(frozen=True)
class Vocabulary:
    """What stays: ids of the base in their new order, and the tokenizer over them."""

    kept: np.ndarray
    tokenizer: Tokenizer


def cut(base: Base) -> Vocabulary:
    """Keep special pieces, Han, digits, punctuation and the likeliest Latin pieces; the order of the base stays."""
    kinds = [_kind(piece) for piece in base.pieces]
    latin = sorted((-base.scores[i], i) for i, kind in enumerate(kinds) if kind == "latin")[:LATIN_PIECES]
    wanted = {i for _, i in latin} | {i for i, kind in enumerate(kinds) if kind == "han"} | set(range(len(SPECIAL)))
    kept = np.array(sorted(i for i in wanted if i < len(base.pieces)), dtype=np.int64)
    pieces = [(SPECIAL[i] if i < len(SPECIAL) else base.pieces[i], float(base.scores[i])) for i in kept]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=base.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", base.bos), ("</s>", base.eos)]
    )
    return Vocabulary(kept, tokenizer)


@cache
def _script(char: str) -> str:
    name = unicodedata.name(char, "")
    if name.startswith(_HAN) or unicodedata.category(char)[0] in _OTHERS:
        return "han"
    return "latin" if char.isascii() else "other"


def _kind(piece: str) -> str:
    """han, latin or other; a piece of punctuation, digits or nothing but the mark of a space counts as han."""
    scripts = {_script(char) for char in piece.replace(_SPACE, "")}
    return "other" if "other" in scripts else "latin" if "latin" in scripts else "han"
