"""Which row of a table a question names, and which it does not."""

from __future__ import annotations

import pytest

from corpus.row_names import firms, firms_of, named, other_firm, row_name, told

ROW = ("白沙乙模具有限公司",)
TEXT = "名单\n白沙乙模具有限公司 | 项目 | 车间改造\n白沙乙模具有限公司 | 金额 | 53.2万元"
WHOLE = "企业 | 金额\n白沙乙模具有限公司 | 53.2万元\n白沙丙模具有限公司 | 8万元"


def test_a_row_is_known_by_what_all_its_lines_begin_with() -> None:
    text = "表1 拟补助项目\n甲市 | 二级 | 比例 | 40%\n甲市 | 二级 | 金额 | 50万元"
    assert row_name(text) == ("甲市", "二级")
    assert row_name("等级 | 比例 | 金额\n二级 | 40% | 50万元") == ()
    assert row_name("没有表格的一段。") == ()


def test_the_name_that_stands_whole_counts_more_than_one_that_differs_by_a_character() -> None:
    asked = "白沙戊模具有限公司的补助金额是多少"
    assert named(asked, ("白沙戊模具有限公司",)) > named(asked, ROW)
    assert named("规上工业企业改造后达到二级补多少", ("规上工业企业", "二级")) > named(
        "二级补多少", ("小微企业", "二级")
    )


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("白沙戊模具有限公司的补助金额是多少？", "白沙戊模具有限公司"),
        ("请问白沙壬模具的补助金额", "白沙壬模具"),
        ("华盛五金厂的补助金额是多少", "华盛五金厂"),
        ("白沙乙模具补了多少", None),
        ("乙模具有限公司补助多少", None),
        ("白沙市模具企业补助多少", None),
        ("我们公司能补多少", None),
        ("哪家公司补得最多", None),
        ("模具厂补多少", None),
    ],
)
def test_a_row_is_another_firm_s_only_where_the_question_names_one(question: str, other: str | None) -> None:
    assert other_firm(question, TEXT) == other


def test_a_row_that_is_no_firm_s_is_never_another_firm_s() -> None:
    assert other_firm("华盛五金有限公司达到二级补多少", "规上工业企业 | 二级 | 金额 | 8万元") is None
    assert other_firm("华盛五金有限公司达到二级补多少", "规上工业企业可以申报。") is None


def test_a_whole_table_is_of_others_where_none_of_its_rows_is_the_firm_s() -> None:
    assert firms_of(WHOLE) == ["白沙乙模具有限公司", "白沙丙模具有限公司"]
    assert other_firm("白沙丁模具有限公司补多少", WHOLE) == "白沙丁模具有限公司"
    assert other_firm("白沙丙模具有限公司补多少", WHOLE) is None


def test_firms_are_those_called_by_name() -> None:
    assert firms("请问白沙戊模具有限公司和我们公司") == ["白沙戊模具有限公司"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("城东街道 | 家数 | 9\n城东街道 | 奖补（万元） | 80万元", "城东街道：家数9，奖补80万元。"),
        (
            "档次 | 比例 | 上限（万元）\n甲档 | 30% | 20\n乙档 | 40% | 25",
            "甲档：比例30%，上限20万元。\n乙档：比例40%，上限25万元。",
        ),
        ("前面一句。\n城西 | 家数 | 3", "前面一句。\n城西：家数3。"),
        ("甲 | 1\n乙 | 2 | 3", "甲 | 1\n乙 | 2 | 3"),
        ("没有表。", "没有表。"),
    ],
)
def test_the_rows_of_a_table_are_told_as_sentences_with_the_names_of_their_columns(text: str, said: str) -> None:
    assert told(text) == said
