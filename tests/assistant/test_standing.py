"""An answer from what has ended, or has not begun, says so first, on whatever day it is asked."""

from __future__ import annotations

import re
from datetime import date

import pytest

from assistant.chat import Assistant
from corpus.cards import load_cards, load_sources

BEFORE, INSIDE, AFTER = date(2024, 6, 1), date(2026, 11, 29), date(2029, 6, 1)


@pytest.mark.parametrize(
    ("question", "day", "ended"),
    [
        ("中山三级能拿多少", date(2026, 12, 31), False),
        ("中山三级能拿多少", date(2027, 1, 1), True),
        ("合肥补多少、封顶多少", date(2025, 12, 31), False),
        ("合肥补多少、封顶多少", INSIDE, True),
        ("南京数字化补贴到什么时候截止", date(2026, 10, 31), False),
        ("南京数字化补贴到什么时候截止", date(2026, 11, 1), True),
        ("武汉二级补多少", AFTER, True),
        ("2022年平台试点每家补多少", INSIDE, True),
    ],
)
def test_an_ended_programme_says_so_before_any_amount(guide: Assistant, question: str, day: date, ended: bool) -> None:
    answer = guide.answer(question, day=day)
    first = answer.text.splitlines()[0]
    assert not answer.refused and ("已经结束" in first) is ended
    if ended:
        assert not re.search(r"\d万元|%", first) and "当时" in first


def test_a_programme_that_has_not_begun_says_from_when_it_holds(guide: Assistant) -> None:
    answer = guide.answer("中小微企业贷款贴息贴几个点", day=date(2025, 6, 1))
    assert f"{load_sources()['national_sme_loan_2026'].valid_from}起才有" in answer.text.splitlines()[0]


def test_every_programme_card_with_a_last_day_is_told_as_ended_after_it(guide: Assistant) -> None:
    wrong = []
    for card in (c for c in load_cards() if c.kind == "programme" and c.tags.get("valid_until")):
        answer = guide.answer(card.questions[0], day=AFTER)
        lead = answer.citations[0].passage_id if answer.citations else ""
        if lead == card.id and not answer.refused and "已经结束" not in answer.text.splitlines()[0]:
            wrong.append(card.id)
    assert not wrong


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("下个月底前截止的有哪些", "2026-11-29", "2026-12-31"),
        ("12月截止的补贴有哪些", "2026-12-01", "2026-12-31"),
        ("今年内到期的补贴有哪些", "2026-11-29", "2026-12-31"),
        ("这个季度截止的补贴都有哪些，按截止时间排一下", "2026-11-29", "2026-12-31"),
        ("有哪些补贴现在还没截止", "2026-11-29", None),
        ("哪个最急", "2026-11-29", None),
    ],
)
def test_a_list_of_deadlines_is_made_from_the_data(
    guide: Assistant, question: str, first: str, last: str | None
) -> None:
    answer = guide.answer(question, day=INSIDE)
    assert answer.tool and answer.tool.name == "subsidy"
    listed = (
        answer.tool.result["data"]["deadlines"] if "data" in answer.tool.result else answer.tool.result["deadlines"]
    )
    assert (listed["from"], listed["until"]) == (first, last) and listed["dated"]


def test_the_days_asked_for_hold_for_one_question_only(guide: Assistant) -> None:
    session = "deadlines-once"
    guide.answer("我在中山，12月截止的补贴有哪些", session, day=INSIDE)
    later = guide.answer("投100万能补多少", session, day=INSIDE)
    assert later.tool and not {"截止起", "截止止"} & later.tool.arguments.keys()


def test_days_after_the_last_one_known_are_said_to_lie_after_it(guide: Assistant) -> None:
    text = guide.answer("龙岩的试点2027年5月还能报吗", day=date(2026, 11, 29)).text
    assert text.startswith("**查到的有效期只到2026-12-31**，您问的2027年5月在那以后")


def test_a_year_before_the_rule_was_issued_has_no_answer(guide: Assistant) -> None:
    assert guide.answer("2020年龙岩的数字化补贴多少", day=date(2026, 11, 29)).refused
    assert not guide.answer("2025年龙岩的数字化补贴多少", day=date(2026, 11, 29)).refused


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [("最近两个月内要截止的有哪些", "2026-09-29", "2027-01-29"), ("两个月内截止的有哪些", "2026-11-29", "2027-01-29")],
)
def test_what_ends_around_the_day_is_asked_for_on_both_sides_of_it(
    guide: Assistant, said: str, first: str, last: str
) -> None:
    tool = guide.answer(said, day=date(2026, 11, 29)).tool
    assert tool is not None
    assert (tool.arguments["截止起"], tool.arguments["截止止"]) == (first, last)
