"""What tells which messages are better asked back about, and what is said to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer.composed import Composed
from assistant.asking_back import instead
from assistant.guard import Verdict
from assistant.judging.declining import Declining, features, load_declining, write_declining
from assistant.understand.meaning import Understanding
from core.types import Citation, Hit, Passage, Source
from eval.train.declining import Seen, author_of, fitted, report
from tests.assistant.conftest import Ask

UNCLEAR = Understanding("unclear", 0.5, (("chat", 0.3), ("knowledge", 0.02)))
KNOWN = Understanding("knowledge", 0.95, (("subsidy", 0.02),))
SAYS, DOUBTS = Verdict("answer", 0.95), Verdict("answer", 0.55)


def test_what_names_nothing_is_rather_declined_than_what_surely_asks() -> None:
    fit = load_declining()
    assert fit is not None
    chances = [
        fit.chance(features(*signs)) for signs in [(UNCLEAR, DOUBTS, 0.4), (KNOWN, DOUBTS, 0.4), (KNOWN, SAYS, 0.9)]
    ]
    assert chances[0] > fit.bound > chances[1] > chances[2]


def test_the_file_is_read_as_it_was_written_and_a_damaged_one_declines_nothing(tmp_path: Path) -> None:
    made = Declining({"": 0.5, "unclear": 1.25}, 0.4)
    write_declining(tmp_path / "a.json", made, {"questions": 2})
    assert load_declining(tmp_path / "a.json") == made
    (tmp_path / "b.json").write_text('{"form": 1, "weights": {"": "much"}', "utf-8")
    assert load_declining(tmp_path / "b.json") is None and load_declining(tmp_path / "none.json") is None


@pytest.mark.parametrize("said", ["那个东西咋又这样", "照你上回教的弄，还是不中，咋回事"])
def test_a_message_that_names_nothing_is_asked_back_about(ask: Ask, said: str) -> None:
    answer = ask(said)
    assert answer.refused and "哪一样" in answer.text


def test_a_plain_question_is_answered(ask: Ask) -> None:
    assert not ask("MES和ERP有什么区别").refused


def _composed() -> Composed:
    passage = Passage("a/b", "a", "换数据线", "先换线，再重启，还不行找厂家。", "card", short="先换线，再重启。")
    citation = Citation(1, "a", "换数据线", "", "a/b", "先换线", "card", "practice")
    return Composed("先换线，再重启，还不行找厂家。 [1]\n\n出处 [1] 甲", (citation,), (Hit(passage, 0.5),))


def test_what_is_asked_back_names_the_nearest_answer_and_nothing_else_of_it() -> None:
    said = instead(UNCLEAR, _composed(), "它又不行了", {"a": Source("a", "甲", "practice")})
    assert (
        said.refused and "哪一样" in said.text and "- 先换线，再重启。 [1]" in said.text and "找厂家" not in said.text
    )


def test_what_is_likely_dishonest_gets_the_honest_way_and_no_passage() -> None:
    means = Understanding("knowledge", 0.4, (("dishonest", 0.35),))
    said = instead(means, _composed(), "发票怎么排", {})
    assert said.refused and "老实的路子" in said.text and not said.citations


def test_an_author_is_known_by_the_id() -> None:
    assert [author_of(name) for name in ("blind7-012", "need-005", "need-130")] == ["blind7", "need0", "need1"]


def test_what_is_fitted_on_some_authors_tells_of_another() -> None:
    seen = [
        Seen(author, {"unclear": 2.0 if bad else -3.0, "answers": -1.0 if bad else 2.0}, not bad, False)
        for author in ("a", "b", "c")
        for bad in (True, False) * 20
    ]
    model = fitted(seen)
    assert model.chance({"unclear": 2.0, "answers": -1.0}) > 0.5 > model.chance({"unclear": -3.0, "answers": 2.0})
    assert any("该拒该问 100.0%，不该拒的拒了 0.0%" in line for line in report(seen))
