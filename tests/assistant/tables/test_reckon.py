"""What the rows of a table say to a question; the truth is reckoned here from the same rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from assistant.tables.query import Condition, Query
from assistant.tables.reckon import reckon
from assistant.tables.table import Table
from assistant.tables.told import shown
from tests.assistant.tables.made import (
    GRANTS,
    MACHINES,
    MONTHS,
    ORDERS,
    STAFF,
    SUBSIDIES,
    Row,
    column,
    figure,
    made,
    plain,
    told,
)

Holds = Callable[[Row], bool]
FIRM, AREA, PROJECT, INVESTED, PAID_SUM, STATE = range(1, 7)
MACHINE, SHOP, BOUGHT, VALUE, USE, KEEPER = range(1, 7)
CUSTOMER, PRODUCT, ORDERED, PIECES, PRICE = range(1, 6)


def matching(table: Table, holds: Holds) -> list[Row]:
    return [tuple(row) for row in table.rows if holds(tuple(row))]


def bold(text: str) -> str:
    found = re.search(r"\*\*(.+?)\*\*", text)
    assert found, text
    return found[1]


@pytest.mark.parametrize(
    ("table", "question", "unit", "holds"),
    [
        (SUBSIDIES, "名单里一共有多少家企业", "家", lambda r: True),
        (SUBSIDIES, "东湖区有几家", "家", lambda r: r[AREA] == "东湖区"),
        (SUBSIDIES, "东湖区和西山区一共多少家", "家", lambda r: r[AREA] in {"东湖区", "西山区"}),
        (SUBSIDIES, "西山区未拨付的有几家", "家", lambda r: r[AREA] == "西山区" and r[STATE] == "未拨付"),
        (SUBSIDIES, "还没拨付的有几家", "家", lambda r: r[STATE] == "未拨付"),
        (SUBSIDIES, "除了东湖区还有几家", "家", lambda r: r[AREA] != "东湖区"),
        (SUBSIDIES, "东湖区除外有几家", "家", lambda r: r[AREA] != "东湖区"),
        (SUBSIDIES, "补助超过50万元的有几家", "家", lambda r: figure(r[PAID_SUM]) > 50),
        (SUBSIDIES, "补助超过500000元的有几家", "家", lambda r: figure(r[PAID_SUM]) > 50),
        (SUBSIDIES, "补助不低于75万的有几家", "家", lambda r: figure(r[PAID_SUM]) >= 75),
        (SUBSIDIES, "补助金额是100万元的有几家", "家", lambda r: figure(r[PAID_SUM]) == 100),
        (SUBSIDIES, "补助在20万到50万之间的有几家", "家", lambda r: 20 <= figure(r[PAID_SUM]) <= 50),
        (SUBSIDIES, "总投资在0.05亿以上的有几家", "家", lambda r: figure(r[INVESTED]) >= 500),
        (SUBSIDIES, "东湖区补助超过50万的有几家", "家", lambda r: r[AREA] == "东湖区" and figure(r[PAID_SUM]) > 50),
        (MACHINES, "一共有多少台设备", "台", lambda r: True),
        (MACHINES, "原值在10万以下的有几台", "台", lambda r: figure(r[VALUE]) <= 100_000),
        (MACHINES, "除了报废的还有几台", "台", lambda r: r[USE] != "报废"),
        (MACHINES, "不是在用的有几台", "台", lambda r: r[USE] != "在用"),
        (MACHINES, "2023年买了几台", "台", lambda r: r[BOUGHT].startswith("2023")),
        (MACHINES, "2018年以前买的有几台", "台", lambda r: r[BOUGHT] < "2018"),
        (MACHINES, "2020年以后买的有几台", "台", lambda r: r[BOUGHT] > "2021"),
        (MACHINES, "2019年到2021年买了几台", "台", lambda r: "2019" <= r[BOUGHT][:4] <= "2021"),
        (MACHINES, "6月买的有几台", "台", lambda r: r[BOUGHT][5:7] == "06"),
        (MACHINES, "一车间有几台设备", "台", lambda r: r[SHOP] == "一车间"),
        (ORDERS, "上半年有几单", "单", lambda r: r[ORDERED] < "2026-07"),
        (ORDERS, "三季度有几笔", "笔", lambda r: "2026-07" <= r[ORDERED] < "2026-10"),
        (ORDERS, "1月到3月有几单", "单", lambda r: r[ORDERED] < "2026-04"),
        (ORDERS, "数量超过100件的有几单", "单", lambda r: figure(r[PIECES]) > 100),
        (ORDERS, "大成贸易有几单", "单", lambda r: r[CUSTOMER] == "大成贸易"),
        (STAFF, "装配班有几个人", "人", lambda r: r[1] == "装配班"),
        (STAFF, "理论80分以上的有几人", "人", lambda r: r[2].isdigit() and int(r[2]) >= 80),
        (STAFF, "理论缺考的有几个", "个", lambda r: r[2] == "缺考"),
        (STAFF, "理论缺考的不算，有几个人", "人", lambda r: r[2] != "缺考"),
        (GRANTS, "去年营收超过9000万元的有几家", "家", lambda r: figure(r[2]) > Decimal("0.9")),
        (GRANTS, "研发占比超过5%的有几家", "家", lambda r: figure(r[4]) > 5),
        (MONTHS, "用电超过55000度的有几个月", "个月", lambda r: figure(r[1]) > 55_000),
    ],
)
def test_rows_are_counted(table: Table, question: str, unit: str, holds: Holds) -> None:
    assert bold(told(table, question)) == f"{len(matching(table, holds))}{unit}"


@pytest.mark.parametrize(
    ("table", "question", "name", "holds"),
    [
        (SUBSIDIES, "东湖区有哪些企业", FIRM, lambda r: r[AREA] == "东湖区"),
        (SUBSIDIES, "还没拨付的有哪几家", FIRM, lambda r: r[STATE] == "未拨付"),
        (SUBSIDIES, "总投资低于200万元的企业有哪些", FIRM, lambda r: figure(r[INVESTED]) < 200),
        (SUBSIDIES, "不在东湖区的有哪些企业", FIRM, lambda r: r[AREA] != "东湖区"),
        (MACHINES, "停用的设备有哪些", MACHINE, lambda r: r[USE] == "停用"),
        (MACHINES, "王海负责哪些设备", MACHINE, lambda r: r[KEEPER] == "王海"),
        (MACHINES, "原值超过10万元的有哪些", MACHINE, lambda r: figure(r[VALUE]) > 100_000),
        (ORDERS, "金额不超过2万的订单有哪些", 0, lambda r: figure(r[PRICE]) <= 20_000),
        (ORDERS, "7月以后的订单有哪些", 0, lambda r: r[ORDERED] > "2026-07"),
        (ORDERS, "11月6日的订单是哪个", 0, lambda r: r[ORDERED] == "2026-11-06"),
        (STAFF, "缺考的有谁", 0, lambda r: "缺考" in r),
        (STAFF, "理论60分以下的有哪些人", 0, lambda r: r[2].isdigit() and int(r[2]) <= 60),
        (MONTHS, "用电量同比下降的有哪几个月", 0, lambda r: r[2].startswith("-")),
        (MONTHS, "用水量同比上升的有哪几个月", 0, lambda r: not r[4].startswith("-")),
        (GRANTS, "注册资本低于5000万元的有哪些", 0, lambda r: figure(r[1]) < Decimal("0.5")),
    ],
)
def test_rows_are_listed_whole_and_no_others(table: Table, question: str, name: int, holds: Holds) -> None:
    text, kept = told(table, question), {row[name] for row in matching(table, holds)}
    assert {row[name] for row in table.rows if row[name] in text} == kept


@pytest.mark.parametrize(
    ("table", "question", "at", "unit", "holds"),
    [
        (SUBSIDIES, "补助合计多少万元", PAID_SUM, "万元", lambda r: True),
        (SUBSIDIES, "总投资一共多少", INVESTED, "万元", lambda r: True),
        (SUBSIDIES, "东湖区一共拿了多少补助", PAID_SUM, "万元", lambda r: r[AREA] == "东湖区"),
        (SUBSIDIES, "不含西山区的补助合计多少", PAID_SUM, "万元", lambda r: r[AREA] != "西山区"),
        (SUBSIDIES, "已拨付的补助一共多少", PAID_SUM, "万元", lambda r: r[STATE] == "已拨付"),
        (SUBSIDIES, "补助超过50万元的企业总投资一共多少", INVESTED, "万元", lambda r: figure(r[PAID_SUM]) > 50),
        (MACHINES, "一车间的设备原值一共多少", VALUE, "元", lambda r: r[SHOP] == "一车间"),
        (ORDERS, "上半年金额合计多少", PRICE, "元", lambda r: r[ORDERED] < "2026-07"),
        (ORDERS, "大成贸易一共多少钱", PRICE, "元", lambda r: r[CUSTOMER] == "大成贸易"),
        (ORDERS, "大成贸易的法兰盘多少钱", PRICE, "元", lambda r: r[CUSTOMER] == "大成贸易" and r[PRODUCT] == "法兰盘"),
        (ORDERS, "2月的订单金额合计多少", PRICE, "元", lambda r: r[ORDERED][5:7] == "02"),
        (ORDERS, "法兰盘一共卖了多少件", PIECES, "件", lambda r: r[PRODUCT] == "法兰盘"),
        (ORDERS, "一共卖了多少件", PIECES, "件", lambda r: True),
        (ORDERS, "除了大成贸易，其他客户合计多少金额", PRICE, "元", lambda r: r[CUSTOMER] != "大成贸易"),
        (MONTHS, "用水量合计多少吨", 3, "吨", lambda r: True),
        (GRANTS, "员工一共多少人", 3, "人", lambda r: True),
        (GRANTS, "去年营收合计多少", 2, "亿元", lambda r: True),
        (GRANTS, "营收5亿以上的企业员工一共多少人", 3, "人", lambda r: figure(r[2]) >= 5),
    ],
)
def test_a_column_is_summed(table: Table, question: str, at: int, unit: str, holds: Holds) -> None:
    assert bold(told(table, question)) == plain(sum(column(matching(table, holds), at), Decimal(0)), 4) + unit


@pytest.mark.parametrize(
    ("table", "question", "at", "unit", "holds"),
    [
        (SUBSIDIES, "平均每家补助多少", PAID_SUM, "万元", lambda r: True),
        (SUBSIDIES, "东湖区补助平均多少万", PAID_SUM, "万元", lambda r: r[AREA] == "东湖区"),
        (MACHINES, "设备平均原值多少", VALUE, "元", lambda r: True),
        (STAFF, "理论成绩平均多少", 2, "", lambda r: r[2].isdigit()),
        (STAFF, "装配班理论平均分", 2, "", lambda r: r[1] == "装配班"),
        (GRANTS, "平均研发占比", 4, "%", lambda r: True),
    ],
)
def test_a_mean_is_of_the_rows_that_have_a_figure(
    table: Table, question: str, at: int, unit: str, holds: Holds
) -> None:
    values = column(matching(table, holds), at)
    assert bold(told(table, question)) == plain(sum(values, Decimal(0)) / len(values)) + unit


@pytest.mark.parametrize(
    ("table", "question", "at", "best", "holds"),
    [
        (SUBSIDIES, "补助金额最高的是哪家", PAID_SUM, max, lambda r: True),
        (SUBSIDIES, "补助金额最低的企业是哪家", PAID_SUM, min, lambda r: True),
        (SUBSIDIES, "东湖区补助最高的是哪家", PAID_SUM, max, lambda r: r[AREA] == "东湖区"),
        (MACHINES, "哪台设备最贵", VALUE, max, lambda r: True),
        (MACHINES, "最便宜的设备是哪台", VALUE, min, lambda r: True),
        (MACHINES, "在用的设备里最贵的是哪台", VALUE, max, lambda r: r[USE] == "在用"),
        (ORDERS, "金额最大的订单是哪个", PRICE, max, lambda r: True),
        (STAFF, "理论成绩最高的是谁", 2, max, lambda r: r[2].isdigit()),
        (STAFF, "实操成绩最低的是谁", 3, min, lambda r: r[3].isdigit()),
        (MONTHS, "哪个月用电量最高", 1, max, lambda r: True),
        (MONTHS, "用电量同比最低的是哪个月", 2, min, lambda r: True),
        (GRANTS, "研发占比最高的是谁", 4, max, lambda r: True),
        (GRANTS, "员工最少的是哪家", 3, min, lambda r: True),
    ],
)
def test_the_best_rows_are_told_all_of_them_where_they_are_equal(
    table: Table, question: str, at: int, best: Callable[[list[Decimal]], Decimal], holds: Holds
) -> None:
    rows, text = matching(table, holds), told(table, question)
    top = best(column(rows, at))
    names = {table.name(row) for row in rows if figure(row[at]) == top}
    assert {table.name(row) for row in table.rows if table.name(row) in bold(text)} == names
    assert ("并列" in text) == (len(names) > 1)


@pytest.mark.parametrize(
    ("question", "many", "highest"),
    [("补助最多的前3家是哪些", 3, True), ("补助金额前五名是谁", 5, True), ("补助倒数两名是哪些", 2, False)],
)
def test_the_first_and_the_last_few_are_told(question: str, many: int, highest: bool) -> None:
    rows = sorted(SUBSIDIES.rows, key=lambda row: figure(row[PAID_SUM]), reverse=highest)[:many]
    assert {row[FIRM] for row in SUBSIDIES.rows if row[FIRM] in bold(told(SUBSIDIES, question))} == {
        row[FIRM] for row in rows
    }


@pytest.mark.parametrize(
    ("question", "best"),
    [("最早买的设备是哪台", min), ("最晚购置的设备是哪台", max), ("一车间最早买的是哪台", min)],
)
def test_the_row_of_the_first_and_of_the_last_day(question: str, best: Callable[..., Row]) -> None:
    rows = [tuple(row) for row in MACHINES.rows if "一车间" not in question or row[SHOP] == "一车间"]
    assert bold(told(MACHINES, question)).startswith(best(rows, key=lambda row: row[BOUGHT])[MACHINE])


@pytest.mark.parametrize(
    ("table", "question", "group", "at", "best"),
    [
        (SUBSIDIES, "哪个区补助总额最高", AREA, PAID_SUM, max),
        (SUBSIDIES, "哪个区企业最多", AREA, None, max),
        (SUBSIDIES, "哪个区企业最少", AREA, None, min),
        (ORDERS, "哪个客户总金额最高", CUSTOMER, PRICE, max),
        (ORDERS, "哪家下单次数最多", CUSTOMER, None, max),
        (ORDERS, "哪种产品数量合计最多", PRODUCT, PIECES, max),
        (MACHINES, "哪个车间原值合计最高", SHOP, VALUE, max),
        (MACHINES, "谁负责的设备最多", KEEPER, None, max),
        (STAFF, "哪个班组人最多", 1, None, max),
    ],
)
def test_groups_are_compared_by_their_sums_or_their_rows(
    table: Table, question: str, group: int, at: int | None, best: Callable[..., Decimal]
) -> None:
    sums: dict[str, Decimal] = {}
    for row in table.rows:
        sums[row[group]] = sums.get(row[group], Decimal(0)) + (1 if at is None else figure(row[at]))
    top, text = best(sums.values()), told(table, question)
    assert {name for name in sums if name in bold(text)} == {name for name, value in sums.items() if value == top}
    assert not text.endswith("接下来是。")


@pytest.mark.parametrize(
    ("table", "question", "share"),
    [
        (SUBSIDIES, "东湖区的补助占总额的百分之多少", ("东湖区", AREA, PAID_SUM)),
        (SUBSIDIES, "瑞丰电子的补助占总额的几成", ("云岭市瑞丰电子有限公司", FIRM, PAID_SUM)),
        (ORDERS, "大成贸易占总金额的比例", ("大成贸易", CUSTOMER, PRICE)),
    ],
)
def test_a_share_is_of_the_sum_of_all_rows(table: Table, question: str, share: tuple[str, int, int]) -> None:
    name, by, at = share
    part = sum(column(matching(table, lambda r: r[by] == name), at), Decimal(0))
    whole = sum(column(matching(table, lambda r: True), at), Decimal(0))
    assert bold(told(table, question)) == plain(part * 100 / whole, 1) + "%"


@pytest.mark.parametrize(
    ("table", "question", "said"),
    [
        (SUBSIDIES, "瑞丰电子比天和食品多多少补助", "云岭市瑞丰电子有限公司比云岭市天和食品有限公司多 **21万元**"),
        (
            SUBSIDIES,
            "佳美家具和永泰纺织的总投资差多少",
            "云岭市佳美家具有限公司比云岭市永泰纺织有限公司少 **1112万元**",
        ),
        (MACHINES, "激光切割机比数控车床贵多少", "多 **1094000元**"),
        (STAFF, "赵明比钱红理论高多少", "赵明比钱红多 **17**"),
        (MONTHS, "6月比5月多用多少电", "6月比5月多 **3500度**"),
        (GRANTS, "青禾制药比长风汽配营收多多少", "多 **13.4亿元**"),
    ],
)
def test_the_difference_of_two_rows(table: Table, question: str, said: str) -> None:
    assert said in told(table, question)


@pytest.mark.parametrize(("question", "number"), [("第4号是哪家企业", 4), ("序号6是谁", 6), ("第八家是谁", 8)])
def test_the_row_of_a_number(question: str, number: int) -> None:
    assert bold(told(SUBSIDIES, question)) == SUBSIDIES.rows[number - 1][FIRM]


def test_a_number_that_no_row_has_is_told_so() -> None:
    assert told(SUBSIDIES, "第12号是哪家").startswith("**没有**：表里没有序号是12的")


def test_a_member_is_told_with_its_row() -> None:
    text = told(SUBSIDIES, "有没有云岭市宏达机械有限公司")
    assert text.startswith("**有**") and "数控机床更新" in text and "48万元" in text


def test_a_firm_that_the_table_lacks_is_told_so_with_those_of_nearly_its_name() -> None:
    near = told(SUBSIDIES, "名单里有没有云岭市宏远机械有限公司")
    assert (
        near.startswith("**没有**：表里没有云岭市宏远机械有限公司") and "名字相近的有：云岭市宏达机械有限公司" in near
    )
    far = told(SUBSIDIES, "名单里有没有海州银河电器有限公司")
    assert far.startswith("**没有**：表里没有海州银河电器有限公司") and "名字相近" not in far


@pytest.mark.parametrize(
    ("table", "question", "said"),
    [
        (SUBSIDIES, "瑞丰电子拿了多少钱", "补助金额96万元"),
        (SUBSIDIES, "天和食品的项目是什么", "包装线自动化"),
        (MACHINES, "注塑机放在哪个车间", "车间二车间"),
        (MACHINES, "SB-005是什么设备", "激光切割机"),
        (STAFF, "李强理论多少分", "理论成绩58"),
        (MONTHS, "6月用水同比多少", "用水量同比11.0%"),
        (GRANTS, "青禾制药有多少员工", "员工人数1,250"),
    ],
)
def test_the_row_of_a_name_is_told_whole(table: Table, question: str, said: str) -> None:
    assert said in told(table, question).replace("：**", "")


def test_a_sum_that_the_table_writes_is_said_to_agree() -> None:
    assert "和表里写的合计一致" in told(SUBSIDIES, "补助合计多少")


def test_a_sum_that_the_table_writes_otherwise_is_told_as_wrong() -> None:
    table = made("", "项目|金额（元）", "甲|100", "乙|250", "合计|400", units={1: "元"})
    text = told(table, "金额合计多少")
    assert bold(text) == "350元" and "400元，对不上" in text


def test_rows_that_sum_up_groups_are_not_summed_twice() -> None:
    table = made("", "部门|费用（元）", "甲组|10", "乙组|20", "小计|30", "丙组|5", "小计|5", "合计|35", units={1: "元"})
    assert bold(told(table, "费用一共多少")) == "35元"
    assert bold(told(table, "一共几个部门")) == "3个"


def test_money_is_told_in_the_unit_that_is_asked() -> None:
    assert bold(told(MACHINES, "设备原值一共多少万元")) == "259.05万元"
    assert bold(told(GRANTS, "注册资本合计多少万")) == "87200万元"


def test_empty_cells_count_for_nothing() -> None:
    table = made("", "姓名|奖金（元）", "赵一|300", "钱二|", "孙三|500", units={1: "元"})
    assert bold(told(table, "奖金合计多少")) == "800元"
    assert bold(told(table, "奖金平均多少")) == "400元"
    assert bold(told(table, "奖金最低的是谁")).startswith("赵一")


def test_years_of_a_column_hold_the_rows_of_a_question() -> None:
    table = made("", "企业|成立年份|人数", "甲机械厂|2015|30", "乙塑料厂|2018|45", "丙食品厂|2018|20")
    assert bold(told(table, "2018年成立的有几家")) == "2家"
    assert bold(told(table, "最早成立的是哪家")).startswith("甲机械厂")


def test_a_range_is_told_with_the_unit_of_its_column() -> None:
    table = made(
        "", "档次|投入（万元）|上限（万元）", "甲档|66-205|103", "乙档|206-400|150", units={1: "万元", 2: "万元"}
    )
    assert "投入66-205万元" in told(table, "甲档上限是多少")


def test_of_many_rows_the_first_are_told_and_how_many_there_are() -> None:
    rows = [f"第{n}车间|{n}" for n in range(1, 61)]
    text = told(made("", "车间|人数", *rows), "人数超过10人的有哪些")
    assert "50行" in text and "这里列前10" in text


@pytest.mark.parametrize(
    ("value", "unit", "column_unit", "said"),
    [
        ("21000000", "瓦时", "万千瓦时", "2.1万千瓦时"),
        ("15570000", "元", "万元", "1557万元"),
        ("820000000", "元", "亿元", "8.2亿元"),
        ("259050", "元", "", "25.905万元"),
        ("4800", "元", "", "4800元"),
        ("45.0", "%", "", "45%"),
        ("-3.1", "%", "", "-3.1%"),
        ("7", "", "吨", "7吨"),
    ],
)
def test_a_value_is_shown_in_the_unit_of_its_column(value: str, unit: str, column_unit: str, said: str) -> None:
    assert shown(Decimal(value), unit, column_unit) == said


def test_the_day_of_today_decides_what_last_year_is() -> None:
    rows = ["A1|甲|2025-03-01|10", "A2|乙|2026-03-01|20", "A3|丙|2025-08-01|5"]
    table = made("", "单号|客户|日期|金额（元）", *rows, units={3: "元"})
    assert date.fromisoformat("2025-03-01") == table.day("2025-03-01")
    assert bold(told(table, "去年有几单")) == "2单"
    assert bold(told(table, "今年的金额一共多少")) == "20元"


AREAS = Condition(AREA, "in", ("东湖区", "西山区"))
ROW = Condition(FIRM, "=", ("云岭市瑞丰电子有限公司",))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            Query("compare", (AREAS,), PAID_SUM),
            "**是**：东湖区比西山区多 **83.3万元**：补助金额分别是219万元和135.7万元",
        ),
        (Query("compare", (AREAS,)), "**不是**：东湖区比西山区一样：行数分别是3家和3家"),
        (Query("difference", (AREAS,), PAID_SUM), "东湖区比西山区多 **83.3万元**"),
        (Query("check", (ROW, Condition(STATE, "=", ("已拨付",)))), "**是**：云岭市瑞丰电子有限公司的状态是已拨付"),
        (Query("check", (ROW, Condition(STATE, "=", ("未拨付",)))), "**不是**：云岭市瑞丰电子有限公司的状态是已拨付"),
        (Query("cell", (ROW,), PAID_SUM), "补助金额：**96万元**"),
        (Query("group_each", (), PAID_SUM, AREA), "- 南浦县：**131.5万元，2行**"),
        (Query("group_average_most", (), PAID_SUM, AREA), "东湖区（平均73万元，3行）"),
        (Query("most", (), PAID_SUM, rank=4), "补助金额第4高的是 **云岭市天和食品有限公司（75万元）**"),
        (Query("share", (Condition(STATE, "=", ("已拨付",)),)), "占 **62.5%**：5家 ÷ 共8家"),
        (Query("most", (), PAID_SUM, other=INVESTED), "“补助金额”和“总投资”都像，这里按“补助金额”算"),
        (Query("absent"), "**表里没有这一项**"),
    ],
)
def test_a_query_is_told_with_its_figures(query: Query, said: str) -> None:
    found = reckon(query, SUBSIDIES)
    assert found and said in found.text
