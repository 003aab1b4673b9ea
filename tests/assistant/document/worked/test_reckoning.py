"""Steps over listed figures: what is listed, what may be done with it, and what an amount may not pass over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.document.worked.guards import check
from assistant.document.worked.quantity import Refused
from assistant.document.worked.reckoning import Worked, reckon
from tests.assistant.document.worked.cold_store import sheet, steps

LARGE = "我们是大型冷库，压缩机60万、冷风机30万，都不含税，能补多少"
TRAINED = "今年派了14个库管员去进修，补多少"


def worked(question: str, *told: str, lines: tuple[str, ...] = ()) -> Worked:
    found = reckon(sheet(question, *lines), steps(*told))
    check(found)
    return found


def refused(question: str, *told: str, lines: tuple[str, ...] = ()) -> str:
    with pytest.raises(Refused) as caught:
        worked(question, *told, lines=lines)
    return caught.value.text


def test_the_figures_of_the_question_and_of_the_lines_are_listed_with_what_they_are() -> None:
    made = sheet(LARGE)
    assert made.figures_told == "a1 = 60万元（压缩机60万）\na2 = 30万元（冷风机30万）"
    first = made.lines_told.split("\n")[1]
    assert "的20%〔b1〕补助" in first and "最高15万元〔b2，上限〕" in first


@pytest.mark.parametrize(
    "line",
    ["霜商务〔2026〕17号", "2026年11月3日起施行", "自2026年度起", "第3条所称企业", "电话0571-28765432"],
)
def test_a_year_a_date_or_a_number_of_a_document_is_never_listed(line: str) -> None:
    made = sheet("能补多少，2025年3月投的20万", f"{line}，按投入的10%补助。")
    assert [one.quantity.told for one in made.told] == ["20万元"]
    assert [one.words for one in made.shown[0].operands] == ["10%"]


def test_what_looks_like_a_name_of_a_figure_in_a_line_is_none() -> None:
    made = sheet("设备20万，能补多少", "按设备投入的10%〔b7〕补助。")
    assert "〔b7" not in made.lines_told and "10%〔b1〕" in made.lines_told


@pytest.mark.parametrize(
    ("question", "told", "value"),
    [
        (LARGE, ("加 a1 a2", "乘 s1 b1", "取小 s2 b2"), "150000"),
        ("大型冷库，压缩机35万、冷风机15万，不含税，能补多少", ("加 a1 a2", "乘 s1 b1", "取小 s2 b2"), "100000"),
        (TRAINED, ("乘 a1 b6",), "9800"),
        ("前年评上铜牌冷库领过6万，今年升金牌冷库，还能领多少", ("减 b7 a1",), "140000"),
        ("今年头一回评上金牌冷库，奖多少", ("照 b7",), "200000"),
    ],
)
def test_the_right_steps_come_to_the_amount(question: str, told: tuple[str, ...], value: str) -> None:
    assert worked(question, *told).result.value == Decimal(value)


def test_part_of_a_year_and_whole_units_are_reckoned() -> None:
    lines = ("渔船贷款，按贷款本金的年利率1.5%贴息，按实际用款月数折算。",)
    found = worked("渔船贷款400万，一共用了9个月，能贴多少", "乘 a1 b1", "除 a2 c1", "乘 s1 s2", lines=lines)
    assert found.result.value == 45000
    lines = ("网箱每9平方米折1口，每口补助300元。",)
    found = worked("新做了100平方米网箱，补多少", "除 a1 b1", "取整 s1", "乘 s2 b2", lines=lines)
    assert found.result.value == 3300


def test_a_step_that_leads_nowhere_is_left_out() -> None:
    found = worked(TRAINED, "照 b1", "乘 a1 b6")
    assert list(found.steps) == ["s2"]


@pytest.mark.parametrize(
    ("question", "told", "why"),
    [
        (LARGE, ("加 a1 a9",), "没有a9"),
        (LARGE, ("加 a1 s1",), "没有s1"),
        (LARGE, ("乘 a1 a2",), "不能相乘"),
        (LARGE, ("加 a1 b1",), "单位不一样"),
        (LARGE, ("除 a1 b1",), "百分比只能用来乘"),
        (LARGE, ("减 a2 a1", "乘 s1 b1"), "负数"),
        (LARGE, ("加 a1 a2",), "不是补的钱"),
        (LARGE, ("照 b2",), "不是补的钱"),
        (LARGE, ("照 b1",), "不是钱"),
        (LARGE, ("加 a1 b7",), "不能相加"),
        (LARGE, ("加 a1 a2", "取小 s1 b2", "乘 s2 b1"), "上限管的是补的钱"),
        (LARGE, ("乘 b2 b1",), "不能当计算的基数"),
        (TRAINED, ("乘 a1 b7",), "不是按每"),
    ],
)
def test_what_cannot_be_reckoned_is_refused_with_a_reason(question: str, told: tuple[str, ...], why: str) -> None:
    assert why in refused(question, *told)


@pytest.mark.parametrize(
    ("question", "told", "why"),
    [
        (LARGE, ("加 a1 a2", "乘 s1 b1"), "上限b2"),
        (LARGE, ("加 a1 a2", "乘 s1 b1", "取小 s2 b4"), "上限b2"),
        (LARGE, ("乘 a1 b1", "取小 s1 b2"), "冷风机30万）没有用上"),
        (LARGE, ("加 a1 a2", "乘 s1 b3", "取小 s2 b4"), "不是一回事"),
        ("冷库的制冷设备花了60万，不含税，能补多少", ("乘 a1 b1", "取小 s1 b2"), "没说清"),
        ("小型冷库，制冷设备就花了8万，不含税，能补多少", ("乘 a1 b3", "取小 s1 b4"), "这样的不补"),
        ("小型冷库，制冷设备一共20万不含税，其中办公家具5万，补多少", ("乘 a1 b3", "取小 s1 b4"), "办公家具不计入投入"),
        ("小型冷库，制冷设备连税22.6万，能补多少", ("乘 a1 b3", "取小 s1 b4"), "没说税是多少"),
        ("前年评上铜牌冷库领过6万，今年升金牌冷库，还能领多少", ("照 b7",), "没有用上"),
        (TRAINED, ("照 b6",), "没有乘份数"),
        ("我们评上了冷库，奖多少", ("照 b7",), "没说清"),
        ("派14个焊工去考试，补多少", ("照 b7",), "没有说到"),
    ],
)
def test_what_the_notice_or_the_question_says_may_not_be_passed_over(
    question: str, told: tuple[str, ...], why: str
) -> None:
    assert why in refused(question, *told)


def test_a_cap_that_stands_by_itself_may_be_passed_over_only_while_it_is_not_exceeded() -> None:
    lines = ("买冷藏车的，按车价的10%补助。", "单个企业全年补助合计不超过30万元。")
    assert worked("买冷藏车花了200万，能补多少", "乘 a1 b1", lines=lines).result.value == 200000
    assert "还有一个上限" in refused("买冷藏车花了400万，能补多少", "乘 a1 b1", lines=lines)
    assert worked("买冷藏车花了400万，能补多少", "乘 a1 b1", "取小 s1 b2", lines=lines).result.value == 300000


@pytest.mark.parametrize(
    ("question", "told", "lines", "why"),
    [
        (
            "买冷藏车花了200万，能补多少",
            ("乘 a1 b1", "取小 s1 b3"),
            ("买冷藏车的，按车价的10%补助。", "建冷库的，按投资的20%补助，最高5万元。"),
            "另一条规定的上限",
        ),
        (
            "合作社买冷藏车花了200万，能补多少",
            ("乘 a1 b1",),
            ("买冷藏车的，按车价的10%补助。", "合作社减半。"),
            "还有一条没有用上",
        ),
        (
            "买冷藏车花了200万，是二手车，能补多少",
            ("乘 a1 b1",),
            ("买冷藏车的，按车价的10%补助。", "二手车辆不予补助。"),
            "先要看这一条",
        ),
        ("我们买了冷藏车，能补多少", ("减 b1 b2",), ("买冷藏车的，补助20万元；", "买叉车的，补助6万元。"), "不能减"),
        ("买叉车领过6万，这回买冷藏车，能补多少", ("减 b1 a1",), ("买冷藏车的，补助20万元。",), "不能减"),
        (
            "冷藏车贷款400万，一共用了9个月，能贴多少",
            ("乘 a1 b1",),
            ("冷藏车贷款，按贷款本金的年利率1.5%贴息。",),
            "用了9个月）没有用上",
        ),
        ("收了2600吨梨，补多少", ("乘 a1 b1",), ("收梨的合作社开专卖店，每店补助3万元。",), "不是按每吨算的"),
        (
            "冷库改造花了200万，其中库房60万，能补多少",
            ("减 a1 a2", "乘 s1 b1"),
            ("冷库改造，按投资的10%补助。",),
            "没有写要减掉",
        ),
        (
            "我们评上了国家级冷库，奖多少",
            ("照 b2",),
            ("评为国家级、省级冷库的，分别奖励50万元、20万元。",),
            "不是一回事",
        ),
        ("我们评上了冷库，奖多少", ("照 b1",), ("评为国家级、省级冷库的，分别奖励50万元、20万元。",), "没说清"),
    ],
)
def test_a_line_that_is_not_the_one_asked_about_gives_and_takes_nothing(
    question: str, told: tuple[str, ...], lines: tuple[str, ...], why: str
) -> None:
    assert why in refused(question, *told, lines=lines)


def test_of_steps_by_how_much_only_the_highest_that_is_reached_is_taken() -> None:
    lines = ("新增冷藏车达到10台的，奖励2万元；达到20台的，奖励5万元；达到50台的，奖励12万元。",)
    assert worked("新增冷藏车26台，奖多少", "照 b4", lines=lines).result.value == 50000
    assert "没说清" in refused("新增冷藏车26台，奖多少", "照 b2", lines=lines)
    assert "这一条只管" in refused("新增冷藏车26台，奖多少", "照 b6", lines=lines)
