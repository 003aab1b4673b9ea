"""What holds of every clause and every firm: what is not known never decides, and knowing more never turns a verdict."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.tables import load_tables
from tools.conditions.firm import Firm, Span
from tools.conditions.judge import judge
from tools.conditions.parse import parse
from tools.conditions.rows import condition_of
from tools.firm.region import find_place

DAY = date(2026, 11, 29)
CLAUSES = [
    json.loads(line)["clause"]
    for line in (Path(__file__).parent / "clauses.jsonl").read_text("utf-8").splitlines()
]  # fmt: skip
ROWS = [condition for row in load_tables().programmes for condition in row.conditions]
NODES = [*(parse(clause, DAY) for clause in CLAUSES), *(condition_of(row, DAY) for row in ROWS)]
FIGURES = ("employees", "revenue_wan", "assets_wan", "spend_wan", "loan_wan", "rd_wan/revenue_wan")
PLACES = ("浙江宁波余姚", "浙江宁波", "浙江", "广东佛山", "江苏苏州昆山")
TITLES = ("小巨人", "专精特新", "创新型中小企业", "高新技术企业")
FACTS = ("place", "industry", "figures", "founded", "sizes", "titles", "denied", "statements")


@st.composite
def firms(draw: st.DrawFn) -> Firm:
    figures: dict[str, Span] = {}
    for name in FIGURES:
        low = draw(st.sampled_from([0, 1, 3, 10, 20, 100, 299, 300, 1000, 2000, 3000, 40000, 50000]))
        figures[name] = Span(low, low + draw(st.sampled_from([0, 0, 1, 500])), name)
    level = draw(st.integers(1, 4))
    after = draw(st.integers(level, 4))
    figures |= {"level": Span(level, level, "level"), "level_after": Span(after, after, "level_after")}
    held = frozenset(draw(st.sets(st.sampled_from(TITLES))))
    since = DAY - timedelta(days=draw(st.integers(0, 9000)))
    return Firm(
        DAY,
        place=find_place(draw(st.sampled_from(PLACES))),
        industry=draw(st.sampled_from(["注塑", "软件", "白酒", "汽车零部件", "建材批发", "工厂"])),
        figures=figures,
        founded=(since, since + timedelta(days=draw(st.sampled_from([0, 0, 300])))),
        sizes=frozenset(draw(st.sets(st.sampled_from(["大型", "中型", "小型", "微型"]), min_size=1))),
        titles=held,
        titles_complete=draw(st.booleans()),
        statements={"legal_person": draw(st.booleans()), "pilot_firm": draw(st.booleans())},
    )


def without(firm: Firm, fact: str, figure: str) -> Firm:
    """The firm with one thing less known of it."""
    if fact == "figures":
        return replace(firm, figures={name: span for name, span in firm.figures.items() if name != figure})
    if fact == "titles":
        return replace(firm, titles=frozenset(), titles_complete=False)
    empty: dict[str, object] = {
        "place": None,
        "industry": "",
        "founded": None,
        "sizes": frozenset(),
        "denied": frozenset(),
    }
    return replace(firm, **{fact: empty.get(fact, {})})  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(firm=firms(), fact=st.sampled_from(FACTS), figure=st.sampled_from([*FIGURES, "level", "level_after"]))
def test_knowing_less_decides_nothing_and_knowing_more_turns_nothing(firm: Firm, fact: str, figure: str) -> None:
    less = without(firm, fact, figure)
    for node in NODES:
        known, unknown = judge(node, firm).state, judge(node, less).state
        assert unknown in {known, "unknown"}, (node, known, unknown)


@settings(max_examples=60, deadline=None)
@given(firm=firms())
def test_a_wider_figure_decides_only_what_both_of_its_ends_decide(firm: Firm) -> None:
    lower = {name: Span(span.low, span.low) for name, span in firm.figures.items()}
    upper = {name: Span(span.high, span.high) for name, span in firm.figures.items()}
    for node in NODES:
        wide = judge(node, firm).state
        if wide != "unknown":
            assert {judge(node, replace(firm, figures=ends)).state for ends in (lower, upper)} == {wide}, node


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="企业在市注册满不低于2000万元人年以上（含）、，；或且除外但%占比例营收", max_size=60))
def test_any_text_is_read_without_trouble_and_decides_nothing_of_an_unknown_firm(text: str) -> None:
    assert judge(parse(text, DAY), Firm(DAY)).state == "unknown"


def test_what_is_open_is_asked_for() -> None:
    for node in NODES:
        found = judge(node, Firm(DAY))
        assert found.state == "unknown"


def test_every_condition_of_the_bundled_programmes_asks_or_is_left_to_the_office() -> None:
    asks = [judge(condition_of(row, DAY), Firm(DAY)).asks for row in ROWS]
    assert all(asks) and all(ask.text for found in asks for ask in found)
