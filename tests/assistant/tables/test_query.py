"""What a question asks of a table: the operation, the rows and the columns, and when it asks nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assistant.tables.answer import CERTAIN
from assistant.tables.cells import candidates
from assistant.tables.limits import bounds_of, spans_of, spelled
from assistant.tables.query import Query
from assistant.tables.read import read, reckons
from assistant.tables.table import Table, amount_of, likeness
from core.text import bare
from corpus.typed_tables import TypedTable
from tests.assistant.tables.made import DAY, GRANTS, MACHINES, MONTHS, ORDERS, STAFF, SUBSIDIES, made


def asked(table: Table, question: str) -> Query:
    query = read(question, table, DAY)
    assert query is not None
    return query


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("名单里一共有多少家企业", "count"),
        ("东湖区有哪些企业", "list"),
        ("补助最多的是哪家", "most"),
        ("补助金额最低的是谁", "least"),
        ("补助合计多少", "sum"),
        ("总投资低于200万元的企业有哪些", "list"),
        ("总投资500万以上的有几家", "count"),
        ("平均每家补助多少", "average"),
        ("第4号是哪家", "row"),
        ("有没有云岭市宏达机械有限公司", "member"),
        ("瑞丰电子比天和食品多多少补助", "difference"),
        ("东湖区占补助总额的百分之多少", "share"),
        ("瑞丰电子补助多少", "cell"),
        ("哪个区补助总额最高", "group_most"),
        ("哪个区企业最少", "group_least"),
        ("各区分别有几家", "group_each"),
        ("哪个区平均补助最高", "group_average_most"),
        ("东湖区补的是不是比西山区多", "compare"),
        ("瑞丰电子的补助已拨付了没有", "check"),
        ("法人电话是多少", "absent"),
    ],
)
def test_the_operation_is_told_from_the_question(question: str, operation: str) -> None:
    assert asked(SUBSIDIES, question).operation == operation


@pytest.mark.parametrize("question", ["你好", "数字化转型是什么意思", "补助怎么申请", "谢谢你", "这份名单是谁发的", ""])
def test_a_question_that_asks_nothing_of_the_rows_is_surely_no_other_one(question: str) -> None:
    query = asked(SUBSIDIES, question)
    assert query.operation == "absent" or query.sure < CERTAIN


def test_the_second_and_the_last_few_are_told_apart() -> None:
    assert (asked(SUBSIDIES, "补助第二高的是哪家").rank, asked(SUBSIDIES, "补助最多的前三家").n) == (2, 3)


@pytest.mark.parametrize(
    "question", ["东湖区除外有几家", "除了东湖区还有几家", "不算东湖区一共几家", "东湖区不算，有几家"]
)
def test_rows_are_left_out_where_a_question_says_so(question: str) -> None:
    assert [(one.relation, one.values) for one in asked(SUBSIDIES, question).where] == [("!=", ("东湖区",))]


def test_two_bounds_hold_for_two_columns() -> None:
    where = asked(SUBSIDIES, "总投资超过200万，补助不到50万的有几家").where
    assert [(SUBSIDIES.typed.names[one.column], one.relation) for one in where] == [
        ("总投资（万元）", ">"),
        ("补助金额（万元）", "<"),
    ]


@pytest.mark.parametrize(
    ("question", "value"),
    [("瑞丰电子补了多少", "云岭市瑞丰电子有限公司"), ("瑞风电子补了多少", "云岭市瑞丰电子有限公司")],
)
def test_a_row_is_meant_by_its_short_form_and_by_its_sound(question: str, value: str) -> None:
    assert [one.values for one in asked(SUBSIDIES, question).where] == [(value,)]


@pytest.mark.parametrize(
    ("question", "is_one"), [("一共几家", True), ("哪家最高", True), ("有哪些要求", True), ("你好", False)]
)
def test_whether_a_question_reckons_is_told_without_a_table(question: str, is_one: bool) -> None:
    assert reckons(question) is is_one


@pytest.mark.parametrize(
    ("told", "relation", "value", "unit"),
    [
        ("超过50万元", ">", 500_000, "元"),
        ("50万以上", ">=", 500_000, "元"),
        ("不低于75万元", ">=", 750_000, "元"),
        ("0.05亿以上", ">=", 5_000_000, "元"),
        ("不到2万", "<", 20_000, "元"),
        ("500000元以内", "<=", 500_000, "元"),
        ("低于3%", "<", 3, "%"),
        ("百分之五以上", ">=", 5, "%"),
        ("至少400人", ">=", 400, "人"),
        ("80分以上", ">=", 80, ""),
        ("是100万元", "=", 1_000_000, "元"),
        ("五十万以上", ">=", 500_000, "元"),
        ("不超过30", "<=", 30, ""),
    ],
)
def test_a_bound_is_read_with_its_unit(told: str, relation: str, value: int, unit: str) -> None:
    (found,) = bounds_of(told)
    assert (found.relation, found.value, found.unit) == (relation, Decimal(value), unit)


@pytest.mark.parametrize(
    ("told", "low", "high"),
    [("20万到50万之间", 200_000, 500_000), ("20-50万元", 200_000, 500_000), ("60至80分", 60, 80)],
)
def test_a_range_has_both_ends(told: str, low: int, high: int) -> None:
    (found,) = bounds_of(told)
    assert (found.relation, found.value, found.upper) == (">=", low, high)


@pytest.mark.parametrize("told", ["一共有多少家", "第3家是谁", "1月到3月", "2020年到2022年", "哪一家最高"])
def test_a_number_that_limits_nothing_is_no_bound(told: str) -> None:
    assert all(one.relation == "=" for one in bounds_of(told))


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("2026年", date(2026, 1, 1), date(2026, 12, 31)),
        ("上半年", date(2026, 1, 1), date(2026, 6, 30)),
        ("下半年", date(2026, 7, 1), date(2026, 12, 31)),
        ("三季度", date(2026, 7, 1), date(2026, 9, 30)),
        ("2月", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026年2月", date(2026, 2, 1), date(2026, 2, 28)),
        ("11月6日", date(2026, 11, 6), date(2026, 11, 6)),
        ("7月以前", None, date(2026, 6, 30)),
        ("7月以后", date(2026, 7, 1), None),
        ("7月2号之后", date(2026, 7, 3), None),
        ("10月起", date(2026, 10, 1), None),
        ("去年", date(2025, 1, 1), date(2025, 12, 31)),
        ("1月到3月", date(2026, 1, 1), date(2026, 3, 31)),
        ("2-4月", date(2026, 2, 1), date(2026, 4, 30)),
    ],
)
def test_a_span_of_days_is_read_in_the_year_of_the_rows(told: str, first: date | None, last: date | None) -> None:
    (found,) = spans_of(spelled(f"{told}有几单"), ORDERS, DAY)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("2023年", date(2023, 1, 1), date(2023, 12, 31)),
        ("2018年以前", None, date(2017, 12, 31)),
        ("2020年以后", date(2020, 1, 1), None),
        ("2019年到2021年", date(2019, 1, 1), date(2021, 12, 31)),
    ],
)
def test_a_span_of_years_is_read(told: str, first: date | None, last: date | None) -> None:
    (found,) = spans_of(f"{told}买了几台", MACHINES, DAY)
    assert (found.first, found.last) == (first, last)


def test_a_month_without_a_year_is_that_of_every_year_where_the_rows_are_of_several() -> None:
    (found,) = spans_of("7月买的有几台", MACHINES, DAY)
    assert found.months == (7, 7)
    assert [row[0] for row in asked(MACHINES, "7月买的有几台").picked(MACHINES)] == ["SB-002"]


def test_a_table_without_days_is_held_to_none() -> None:
    assert spans_of("上半年有几家", SUBSIDIES, DAY) == []


@pytest.mark.parametrize(
    ("table", "question", "name"),
    [
        (SUBSIDIES, "总投资最大的是哪家", "总投资（万元）"),
        (SUBSIDIES, "一共补了多少钱", "补助金额（万元）"),
        (GRANTS, "注册资本最高的是谁", "注册资本（亿元）"),
        (GRANTS, "员工最多的是哪家", "员工人数"),
        (GRANTS, "研发占比最高的是谁", "研发占比"),
        (STAFF, "实操最高分是谁", "实操成绩"),
        (MONTHS, "用水量最高的是几月", "用水量·本月"),
        (MONTHS, "用水量同比最高的是几月", "用水量·同比"),
        (MONTHS, "用电量同比最高的是几月", "用电量·同比"),
    ],
)
def test_the_column_is_the_one_that_the_question_names(table: Table, question: str, name: str) -> None:
    column = asked(table, question).column
    assert column is not None and table.typed.names[column] == name


def test_a_bound_may_hold_for_another_column_than_the_one_reckoned_with() -> None:
    query = asked(GRANTS, "营收5亿以上的企业员工一共多少人")
    assert query.column is not None
    assert (GRANTS.typed.names[query.where[0].column], GRANTS.typed.names[query.column]) == (
        "去年营收（亿元）",
        "员工人数",
    )


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("云岭市宏达机械有限公司补助多少", ["云岭市宏达机械有限公司"]),
        ("瑞丰电子补助多少", ["云岭市瑞丰电子有限公司"]),
        ("永泰纺织和佳美家具差多少", ["云岭市永泰纺织有限公司", "云岭市佳美家具有限公司"]),
        ("佳美家具和永泰纺织差多少", ["云岭市佳美家具有限公司", "云岭市永泰纺织有限公司"]),
        ("贴片线扩建是哪家的项目", ["云岭市瑞丰电子有限公司"]),
    ],
)
def test_rows_are_called_by_their_names_in_the_order_of_the_question(question: str, names: list[str]) -> None:
    query = asked(SUBSIDIES, question)
    called = next((list(one.values) for one in query.where if one.column == SUBSIDIES.name_column), [])
    assert called == names or [row[SUBSIDIES.name_column] for row in query.picked(SUBSIDIES)] == names


@pytest.mark.parametrize("question", ["云岭市瑞华机电补助多少", "云岭市的补助最高是哪家", "有限公司有哪些"])
def test_what_all_names_share_calls_no_row(question: str) -> None:
    query = read(question, SUBSIDIES, DAY)
    assert query is None or not query.rows


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("186,000", "186000", ""),
        ("12.5万元", "125000", "元"),
        ("+5.2%", "5.2", "%"),
        ("-3.1%", "-3.1", "%"),
        ("1,250人", "1250", "人"),
    ],
)
def test_a_cell_that_is_one_figure_is_an_amount(text: str, value: str, unit: str) -> None:
    amount = amount_of(text)
    assert amount and (amount.value, amount.unit) == (Decimal(value), unit)


@pytest.mark.parametrize("text", ["缺考", "2026年3月2日", "3至5万元", "A区3栋", "见附件2", ""])
def test_a_cell_that_says_more_is_no_amount(text: str) -> None:
    assert amount_of(text) is None


def test_totals_are_no_rows() -> None:
    table = made("", "区|数", "东区|3", "小计|3", "西区|4", "合计|7", "（总计）|7")
    assert [row[0] for row in table.rows] == ["东区", "西区"] and len(table.totals) == 3


def test_numbers_that_name_something_are_not_reckoned_with() -> None:
    table = made("", "姓名|手机号|邮编|年龄", "赵一|13800000001|310000|30", "钱二|13800000002|310001|41")
    assert table.numeric == [3]


def test_a_column_of_years_holds_days() -> None:
    table = made("", "企业|成立年份", "甲厂|2015", "乙厂|2018", "丙厂|2018年")
    assert table.numeric == [] and table.dated == [1] and table.day("2018") == date(2018, 1, 1)


def test_an_empty_table_is_read_without_an_error() -> None:
    empty = Table(TypedTable("", ("名称", "金额（元）"), ("", "元"), (0,), ()))
    assert read("一共几家", empty, DAY) is None and read("金额最高的是谁", empty, DAY) is None


def test_a_name_of_two_levels_is_liker_where_both_are_given() -> None:
    assert (
        likeness("用水量同比", "用水量·同比")
        > likeness("用水量同比", "用水量·本月")
        > likeness("用水量同比", "电·本月")
    )


def test_a_cell_called_outright_beats_one_that_sounds_like_it_and_the_document_s_place_is_no_cell() -> None:
    typed = TypedTable(
        "贷款明细", ("客户", "银行", "金额"), ("", "", "万元"), (0,),
        (("德丰机电有限公司", "青石农商银行", "10"), ("德峰机电有限公司", "远融银行", "20"), ("海纳数科有限公司", "民济银行", "30")),
    )  # fmt: skip
    found = {one.value for one in candidates(bare("德丰机电一共多少钱"), Table(typed))}
    assert "德丰机电有限公司" in found and "德峰机电有限公司" not in found
    told = Table(typed, "青石市贴息贷款名单")
    assert not any(one.column == 1 for one in candidates(bare("青石市这批一共多少钱"), told))
    assert any(one.column == 1 for one in candidates(bare("青石农商那笔多少钱"), told))
