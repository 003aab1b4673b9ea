"""n-grams counted with arrays are those counted one by one."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import grams
from corpus.embed import ngrams
from corpus.grams import Vocabulary

TEXTS = ["仓库账实不符，扫码出入库。", "", "ERP 系统", "𠮷野家𠮷", "库" * 50]


def counted(vocabulary: list[str], texts: list[str]) -> list[dict[str, int]]:
    rows = Vocabulary(vocabulary).counts(texts).toarray()
    return [{word: int(n) for word, n in zip(vocabulary, row, strict=True) if n} for row in rows]


def one_by_one(vocabulary: list[str], texts: list[str]) -> list[dict[str, int]]:
    return [{word: n for word, n in ngrams(text).items() if word in vocabulary} for text in texts]


def test_every_ngram_of_one_to_three_characters_is_counted_in_its_own_text() -> None:
    vocabulary = list(Counter(gram for text in TEXTS for gram in ngrams(text)))
    assert counted(vocabulary, TEXTS) == one_by_one(vocabulary, TEXTS)


def test_words_that_the_vocabulary_lacks_are_left_out() -> None:
    assert counted(["仓库", "码"], TEXTS) == [{"仓库": 1, "码": 1}, {}, {}, {}, {}]


@given(st.lists(st.text("仓库码ab𠮷 ", max_size=12), min_size=1, max_size=5))
def test_any_texts(texts: list[str]) -> None:
    vocabulary = ["仓", "库", "仓库", "库仓", "仓库码", "ab", "a𠮷b", "𠮷"]
    assert counted(vocabulary, texts) == one_by_one(vocabulary, texts)


def test_ngrams_that_share_a_place_in_the_tables_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grams, "_TABLE_BITS", 2)
    vocabulary = list(Counter(gram for text in TEXTS for gram in ngrams(text)))
    assert counted(vocabulary, TEXTS) == one_by_one(vocabulary, TEXTS)
