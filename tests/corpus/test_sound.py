"""Homophones: mistyped words are mended, real words are left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.settings import Settings
from corpus.cards import load_cards
from corpus.ledger import Ledger
from corpus.query import corrected
from corpus.sound import key
from corpus.words import lexicon

Mend = Callable[[str], str]


@pytest.fixture(scope="module")
def mend(home: Path) -> Mend:
    """A question with its typing errors corrected against the bundled knowledge."""
    ledger = Ledger(Settings(home=home).ledger_path)
    return lambda text: corrected(text, ledger.frequencies, ledger.alike, lexicon())


@pytest.mark.parametrize(
    ("one", "other"), [("企页", "企业"), ("环结", "环节"), ("智造", "制造"), ("神产", "生产"), ("农民", "龙民")]
)
def test_words_that_speakers_mix_up_sound_the_same(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_words_that_sound_different_have_different_keys() -> None:
    assert key("企业") != key("环节")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("企页数字化转型第一步", "企业数字化转型第一步"),
        ("研发环结做什么", "研发环节做什么"),
        ("中小起业上云目标", "中小企业上云目标"),
        ("申报补帖要什么材料", "申报补贴要什么材料"),
        ("试点成市有哪些", "试点城市有哪些"),
        ("关键工续数控化率", "关键工序数控化率"),
    ],
)
def test_a_mistyped_word_becomes_the_one_that_was_meant(mend: Mend, typed: str, meant: str) -> None:
    assert mend(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "我们企业在哪个环节最该上系统",
        "注塑厂怎么管模具",
        "产权保护怎么做",
        "华为公司在方案里怎么说",
        "红烧肉怎么炖才不腻",
        "What is MES?",
        "",
    ],
)
def test_a_question_without_errors_stays_as_it_is(mend: Mend, question: str) -> None:
    assert mend(question) == question


def test_the_questions_of_the_cards_are_hardly_ever_touched(mend: Mend) -> None:
    questions = [card.questions[1] for card in load_cards()][::5]
    touched = [(q, mend(q)) for q in questions if mend(q) != q.replace("\u3000", " ")]
    assert len(touched) <= 0.01 * len(questions), touched
