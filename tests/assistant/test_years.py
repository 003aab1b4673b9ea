"""What names a year is answered only by what speaks of that year, whatever way the year is written."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.chat import Assistant
from assistant.guard import judge
from assistant.question import read
from assistant.years import asked_years, names_document, of_years_first, with_years
from core.dates import year_number
from core.periods import period
from corpus.cards import load_cards, load_sources

DAY = date(2026, 11, 29)
YEARS = range(2023, 2036)
_DIGITS = "〇一二三四五六七八九"
_LATER = {2: "后年", 1: "明年", 3: "大后年", -1: "去年", -2: "前年", -3: "大前年"}
TARGETS = {
    "关键工序数控化率": {2027},
    "中小企业上云率": {2027},
    "试点省级专精特新中小企业达到几级": {2027},
    "城市试点支持多少个城市": set(),
    "城市试点带动多少家企业转型": set(),
}
"""What the cards of targets give, and for which years they say so."""


def _written(year: int) -> list[str]:
    """A year in six ways; what stands for it seen from the day of asking, where there is a word."""
    cn = "".join(_DIGITS[int(d)] for d in str(year))
    return [f"{year}年", f"到{year}年底", f"{cn}年", f"{cn.replace('〇', '零')}年的", f"{year}", _LATER.get(year - DAY.year, f"{year % 100}年")]  # fmt: skip


@pytest.mark.parametrize("subject", TARGETS)
def test_a_target_is_told_only_for_the_years_that_the_evidence_gives(guide: Assistant, subject: str) -> None:
    sources, wrong = guide.retriever.index.sources(guide.filters().spaces), []
    for year in YEARS:
        text = f"{year}年{subject}目标是多少"
        query = guide.retriever.analyse(text)
        hits = guide.retriever.search(text, 8, guide.filters(), query)
        for words in _written(year):
            asked = read(f"{words}{subject}目标是多少")
            ordered = of_years_first(asked, query, hits, sources, DAY)
            verdict = judge(asked, query, ordered, sources, DAY)
            spoken = f"{ordered[0].passage.title}{ordered[0].passage.text}"
            if verdict.kind != "refuse" and str(year) not in spoken:
                wrong.append((words, ordered[0].passage.passage_id))
            if year in TARGETS[subject] and verdict.kind == "refuse":
                wrong.append((words, "refused"))
    assert not wrong


def test_every_target_card_is_refused_for_years_it_does_not_speak_of(guide: Assistant) -> None:
    sources, cards = load_sources(), [c for c in load_cards() if c.kind == "target"]
    hits = {h.passage.passage_id: h for c in cards for h in guide.retriever.search(c.title, 8) if h.passage.kind == "target"}  # fmt: skip
    wrong = []
    for card in cards:
        if card.id not in hits or "2027" not in card.title + card.text:
            continue
        subject = card.title.replace("2027年", "").replace("到", "")
        for year in (2028, 2029, 2030, 2035):
            for words in _written(year):
                asked, query = read(f"{words}{subject}"), guide.retriever.analyse(f"{year}年{subject}")
                verdict = judge(asked, query, [hits[card.id]], sources, DAY)
                if verdict.kind != "refuse" and str(year) not in card.text:
                    wrong.append((card.id, words))
    assert not wrong


@pytest.mark.parametrize(
    "question",
    [
        "2029年的上云率目标",
        "后年的上云率目标是多少",
        "十四五末的上云率目标",
        "2030年底上云率要到多少",
        "二〇二九年关键工序数控化率目标",
        "今年上云率要到多少",
        "2027年以后上云率目标",
        "大后年上云率目标是多少",
        "去年全国上云率是多少",
    ],
)
def test_a_year_without_evidence_is_named_and_what_is_near_is_given(guide: Assistant, question: str) -> None:
    answer = guide.answer(question, day=DAY)
    found = period(question, DAY)
    first = answer.text.split("\n")[0]
    assert answer.refused and found and (str(found.years[-1]) in first or found.words in first)
    assert "%" in answer.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2027年的上云率目标", "40%"),
        ("明年上云率要到多少", "40%"),
        ("二〇二七年关键工序数控化率目标", "75%"),
        ("2022年的指南第一步是什么", "评估"),
        ("2025—2027年行动方案的上云率目标", "40%"),
        ("2025到2027年的上云率目标", "40%"),
    ],
)
def test_a_year_that_the_evidence_holds_or_that_names_a_document_is_answered(
    guide: Assistant, question: str, told: str
) -> None:
    answer = guide.answer(question, day=DAY)
    assert not answer.refused and told in answer.text


def test_of_two_years_the_one_without_evidence_is_told_first(guide: Assistant) -> None:
    answer = guide.answer("2025和2027年上云率分别是多少", day=DAY)
    assert not answer.refused and answer.text.startswith("**没查到2025年的数**") and "40%" in answer.text


@pytest.mark.parametrize(
    ("text", "source", "names"),
    [
        ("2022年的指南", "guide_2022", True),
        ("2022年那本转型指南讲了啥", "guide_2022", True),
        ("2022年的上云率", "guide_2022", False),
        ("2029年的指南", "guide_2022", False),
        ("2024年版评测指标", "maturity_2024", True),
        ("2024版的指标", "maturity_2024", True),
        ("2022年版评测指标", "maturity_2024", False),
        ("2025—2027年行动方案", "action_plan_2025_2027", True),
        ("2025至2027年的方案", "action_plan_2025_2027", True),
        ("2024年印发的行动方案", "action_plan_2025_2027", True),
        ("2024年上云率，方案怎么说", "action_plan_2025_2027", False),
        ("2027年上云率目标", "action_plan_2025_2027", False),
    ],
)
def test_a_year_names_a_document_where_its_title_or_its_issue_says_so(text: str, source: str, names: bool) -> None:
    found = period(text, DAY)
    assert found and names_document(found, text, load_sources()[source]) is names


@pytest.mark.parametrize(
    ("text", "looked_up"),
    [
        ("后年的目标", "2028年的目标"),
        ("二〇二九年上云率", "2029年上云率"),
        ("十四五末上云率", "2025年上云率"),
        ("今年的目标", "今年的目标"),
        ("2027年的目标", "2027年的目标"),
        ("近三年的数", "近三年的数"),
    ],
)
def test_years_are_looked_up_in_the_figures_that_documents_write(text: str, looked_up: str) -> None:
    assert with_years(text, DAY) == looked_up


def test_a_year_in_chinese_figures_is_that_year() -> None:
    assert year_number("二〇二九") == year_number("二零二九") == 2029


def test_what_the_cards_are_asked_with_a_year_is_not_refused_for_the_year(guide: Assistant) -> None:
    sources, refused, asked_of = guide.retriever.index.sources(guide.filters().spaces), [], 0
    questions = [q for card in load_cards() for q in card.questions if asked_years(q, DAY)][::3]
    for text in questions:
        asked, query = read(text), guide.retriever.analyse(with_years(text, DAY))
        hits = of_years_first(asked, query, guide.retriever.search(query.text, 8, guide.filters(), query), sources, DAY)
        verdict = judge(asked, query, hits, sources, DAY)
        asked_of += 1
        if verdict.reason == "year":
            refused.append(text)
    assert asked_of > 90 and len(refused) <= 0.012 * asked_of, refused
