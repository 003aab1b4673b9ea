"""What ends when, on days before, inside and after a window."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.errors import BadInput
from corpus.tables import load_tables
from tools import registry
from tools.outcome import Outcome
from tools.report.markdown import blocks_of
from tools.report.summary import summary_of

DAY = date(2026, 11, 29)
_YEAR_END = {"equipment-interest", "zhongshan-2024", "longyan-2025", "guangdong-pilot", "heilongjiang-interest-2025"}


def ask(day: date = DAY, **arguments: Any) -> Outcome:
    return registry.run("subsidy", arguments, day)


def ids(outcome: Outcome) -> list[str]:
    return [row["id"] for row in outcome.data["deadlines"]["dated"]]


def test_what_ends_by_the_end_of_next_month_is_listed_from_the_data() -> None:
    outcome = ask(截止止="2026-12-31")
    assert set(ids(outcome)) == _YEAR_END
    assert "还有32天" in outcome.text and outcome.text.startswith(
        "**收录的各地和全国的项目里，到2026-12-31为止到期的有5项"
    )


def test_the_list_is_the_dates_of_the_rows_themselves_on_every_first_of_a_month() -> None:
    rows = [row for row in load_tables().programmes if row.valid_until and row.status not in {"closed", "superseded"}]
    for year in (2025, 2026, 2027):
        for month in range(1, 13):
            day = date(year, month, 1)
            listed = set(ids(ask(day, 只看="截止清单")))
            begun = [r for r in rows if (b := r.valid_from or r.published or "") <= day.isoformat()[: len(b)] or not b]
            assert listed == {r.id for r in begun if str(r.valid_until) >= day.isoformat()}


def test_the_nearest_comes_first_and_what_has_no_date_is_told_apart() -> None:
    outcome = ask(只看="截止清单", 地区="佛山")
    dates = [row["valid_until"] for row in outcome.data["deadlines"]["dated"]]
    assert dates == sorted(dates)
    assert "foshan-2026" in outcome.data["deadlines"]["undated"] and "foshan-2026" not in ids(outcome)
    assert "没写到哪天的另算" in outcome.text


def test_a_known_place_leaves_out_the_others() -> None:
    assert set(ids(ask(截止止="2026-12-31", 地区="龙岩"))) == {"longyan-2025", "equipment-interest"}


def test_what_the_firm_cannot_have_is_left_out() -> None:
    assert "rd-deduction" not in ids(ask(截止止="2026-12-31", 地区="佛山"))
    assert "equipment-interest" in ids(ask(截止止="2026-12-31", 地区="佛山", 企业类型="小微"))


@pytest.mark.parametrize(
    ("day", "left"),
    [(date(2026, 12, 1), "还有30天"), (date(2026, 12, 31), "今天是最后一天"), (date(2027, 1, 1), "已到期")],
)
def test_days_are_counted_from_the_day_of_asking(day: date, left: str) -> None:
    assert left in ask(day, 截止起="2026-12-31", 截止止="2026-12-31").text


def test_what_has_ended_tells_what_it_gave_only_as_what_it_was() -> None:
    text = ask(截止起="2026-10-01", 截止止="2026-10-31").text
    line = next(row for row in text.splitlines() if "南京" in row)
    assert line.index("已到期") < line.index("当时") < line.index("50万元")


def test_a_window_in_which_nothing_ends_names_what_ends_next() -> None:
    text = ask(截止起="2027-03-01", 截止止="2027-03-31").text
    assert "没有查到" in text.splitlines()[0] and "再往后最早到期的是：2027-12-31" in text


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadInput, match="截止起"):
        ask(截止起="2027-03-01", 截止止="2027-01-31")


@pytest.mark.parametrize("programme", [r for r in load_tables().programmes if r.valid_until and r.region.city], ids=lambda r: r.id)  # fmt: skip
def test_a_city_programme_that_ended_never_heads_an_answer_with_its_amount(programme: Any) -> None:
    day = date(int(programme.valid_until[:4]) + 1, 6, 1)
    text = ask(day, 地区=programme.region.city, 投入万元=100, 目标等级=3).text
    told = [line for line in text.splitlines() if programme.name in line]
    for line in told:
        before = line[: line.index("到期")] if "到期" in line else line
        assert "万元" not in before.partition(programme.name)[2]


@pytest.mark.parametrize(
    ("day", "asked"),
    [(date(2026, 11, 29), True), (date(2027, 5, 1), False), (date(2029, 2, 1), False)],
)
def test_what_ended_about_a_time_is_not_to_be_asked_for_after_it(day: date, asked: bool) -> None:
    outcome = ask(day, 只看="截止清单")
    assert ("changzhi-2025" in outcome.data["deadlines"]["undated"]) == asked
    assert ("jiangmen-2025" in outcome.data["deadlines"]["undated"]) == (day.year < 2028)


def test_the_first_page_of_a_list_of_deadlines_names_the_first_and_whom_to_call() -> None:
    outcome = ask(地区="龙岩", 只看="截止清单")
    found = summary_of("subsidy", outcome)
    assert not found.what.endswith("：")
    assert "龙岩市工业和信息化局" in found.week and "还有32天" in found.week
    assert "2026-12-31" in found.until


def test_what_follows_a_list_is_not_part_of_its_last_item() -> None:
    blocks = blocks_of("先看：\n- 甲\n  接着甲\n- 乙\n总的话。\n\n1. 一\n2. 二\n又一句")
    assert [type(block).__name__ for block in blocks] == ["Paragraph", "Bullets", "Paragraph", "Bullets", "Paragraph"]


def test_what_ended_in_the_stretch_asked_for_is_told_apart_from_what_is_open() -> None:
    outcome = ask(截止起="2026-10-01", 截止止="2026-12-31")
    assert set(ids(outcome)) == _YEAR_END
    assert outcome.data["deadlines"]["ended"] == ["nanjing-2024"]
    assert "已经到期、不能再报的：南京市" in outcome.text
    assert not ask(截止止="2026-12-31").data["deadlines"]["ended"]
