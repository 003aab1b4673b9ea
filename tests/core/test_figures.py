from itertools import pairwise

import pytest
from hypothesis import given

from core.figures import figure_keys, figures, held_spans, numerals
from tests.written import FIGURES, texts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("上云率超过40%，比上年-5.2%", ["40%", "-5.2%"]),
        ("3.85%的企业和73.8%的工厂", ["3.85%", "73.8%"]),
        ("营收1.9亿元，280人", ["190000000元", "280人"]),
        ("10%—30%，10～30人，3至5年，3-6个月", ["10%—30%", "10人—30人", "3年—5年", "3个月—6个月"]),
        ("2024-2027年", ["2024日期—2027日期"]),
        ("1500-2500万元", ["15000000元—25000000元"]),
        ("2024年12月12日发布，12月31日前", ["2024-12-12日期", "12-31日期"]),
        ("百分之三十，三千万元，第十二条", ["30%", "30000000元", "第12条"]),
        ("财建〔2023〕117号", ["2023-117文号"]),
        ("按GB/T 39116-2020和2.0版", ["gb/t39116-2020编号", "2版"]),
        ("共1200 300", ["1200", "300"]),
        ("有1 200人", ["1200人"]),
        ("电话0574-87181234", ["0574-87181234编号"]),
        ("配比3:1", ["3:1编号"]),
        ("统一口径，一致同意，十分重要，十四五末", []),
        ("两三家，几十万元，十几人", ["两三家", "几十万元", "十几人"]),
        ("二〇二七年", ["2027日期"]),
        ("MES 300人", ["300人"]),
        ("二级及以上", ["2级"]),
        ("百分之百", ["100%"]),
        ("2000万元（含）-4亿元（不含）", ["20000000元—400000000元"]),
        ("1001个人，3个亿，300个百分点", ["1001人", "300000000", "300个百分点"]),
        ("第三方整理，第一时间，第三批，第3", ["第3批", "第3"]),
    ],
)
def test_finds_each_figure_whole(text: str, found: list[str]) -> None:
    assert [figure.key for figure in figures(text)] == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("19000万元", "1.9亿元"),
        ("３０％", "百分之三十"),
        ("1,200家", "1200 家"),
        ("2024-12-12", "2024年12月12日"),
        ("10%～30%", "10%至30%"),
        ("三成", "30%"),
        ("三千万元", "3000万元"),
        ("5～10万元", "5万元-10万元"),
        ("２，０００元", "2000元"),
        ("工信部联企业〔2024〕239号", "工信部联企业[2024]239号"),
        ("1200人次", "1,200人次"),
    ],
)
def test_two_ways_to_write_one_figure_are_the_same(one: str, other: str) -> None:
    assert figure_keys(one) == figure_keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("-5.2%", "5.2%"), ("30%", "30‰"), ("3000万元", "3000元"), ("2026年", "2027年"), ("10%—30%", "30%"), ("3年", "3个月"), ("5个百分点", "5%")],
)  # fmt: skip
def test_what_differs_is_not_the_same(one: str, other: str) -> None:
    assert figure_keys(one) != figure_keys(other)


@given(texts())
def test_a_figure_stands_where_it_says(text: str) -> None:
    found = figures(text)
    assert all(text[f.start : f.end] == f.text and f.keys for f in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("written", FIGURES)
def test_every_form_is_held_whole(written: str) -> None:
    assert any(start <= 1 and end >= len(written) + 1 for start, end in held_spans(f"按{written}，"))


def test_what_bounds_a_figure_is_held_with_it() -> None:
    text = "营收≥2000万元（含）以上的"
    assert [text[start:end] for start, end in held_spans(text)] == ["≥2000万元（含）以上"]


def test_numerals_are_read_with_their_signs() -> None:
    assert numerals("从-5.2%到1,200家，3") == ["-5.2", "1,200", "3"]
