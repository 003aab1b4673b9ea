"""What a notice refuses, rises and falls, places that no table has, and ages told in years, held against a firm."""

from __future__ import annotations

from datetime import date

import pytest

from core.types import Passage
from tools.conditions.fit import fit
from tools.firm.profile import extract
from tools.notice import Point, points

DAY = date(2026, 11, 29)


def states(said: str, *clauses: str) -> list[str]:
    passage = Passage("doc:public:x#0001", "x", "通知", "", "document", ())
    return [one.state for one in fit([Point("conditions", c, passage) for c in clauses], extract(said), DAY)]


@pytest.mark.parametrize(
    ("said", "clause", "state"),
    [
        ("我们是煤矿，60人", "不予支持：采矿业企业", "not_met"),
        ("我们是注塑厂，60人", "不予支持：采矿业企业", "met"),
        ("我们是国企", "下列单位不得申报：国有控股企业", "not_met"),
        ("我们是国有控股的阀门厂", "不得申报：国有及国有控股企业", "not_met"),
        ("我们给国企供货", "不得申报：国有及国有控股企业", "unknown"),
        ("客户都是国企", "不得申报：国有及国有控股企业", "unknown"),
        ("我们是民营企业", "不得申报：国有控股企业", "met"),
        ("我们是中外合资的模具厂", "不得申报：外资企业", "not_met"),
        ("我们是外商独资", "不得申报：外商投资企业", "not_met"),
        ("我们去年亏损", "上年度亏损企业不得申报", "not_met"),
        ("我们去年没亏损", "上年度亏损企业不得申报", "met"),
        ("我们前年亏损", "上年度亏损企业不得申报", "unknown"),
        ("我们去年亏损", "对连续两年亏损的企业不予支持", "unknown"),
        ("我们去年亏损", "近两年连续盈利", "not_met"),
        ("我们900人，营收6亿，做阀门的", "大型企业不在支持范围", "met"),
        ("我们1300人，营收6亿，做阀门的", "大型企业不在支持范围", "not_met"),
        ("我们是水泥厂", "水泥、电石等产能过剩行业除外", "not_met"),
        ("我们是家具厂", "水泥、电石等产能过剩行业除外", "unknown"),
        ("我们是炼钢厂", "不属于高耗能行业", "not_met"),
        ("我们是家具厂", "不属于高耗能行业", "unknown"),
        ("我们是香烟厂", "房地产业企业，以及2023年以来已享受市级资金的企业，不得申报", "unknown"),
        ("我们是卷烟厂", "烟草制品业、房地产业企业，以及2023年以来已享受市级资金的企业，不得申报", "not_met"),
    ],
)
def test_what_is_refused_is_held_against_what_the_firm_told(said: str, clause: str, state: str) -> None:
    assert states(said, clause) == [state]


@pytest.mark.parametrize(
    ("said", "clause", "state"),
    [
        ("我们营收同比下降12%", "不予支持：营业收入较上年下降10%以上的企业", "not_met"),
        ("我们营收同比下降8%", "不予支持：营业收入较上年下降10%以上的企业", "met"),
        ("我们营收下降不到10%", "不予支持：营业收入较上年下降10%以上的企业", "unknown"),
        ("我们营收前年2亿，去年1.5亿", "营业收入同比下降超过20%的企业不予支持", "not_met"),
        ("我们营收前年1.6亿，去年1.5亿", "营业收入同比下降超过20%的企业不予支持", "met"),
        ("我们营收比上年增长6%", "营业收入增长率不低于-5.5%（即降幅不超过5.5%）", "met"),
        ("我们营收比上年下降6%", "营业收入增长率不低于-5.5%（即降幅不超过5.5%）", "not_met"),
        ("我们营收同比增长12%", "营业收入同比增长10%以上", "met"),
        ("我们营收同比增长12%", "近三年营业收入复合增长率不低于5%", "unknown"),
        ("我们年出口额60万美元", "年出口额100万美元以上、1000万美元以下的企业", "not_met"),
        ("我们年出口额600万元", "年出口额100万美元以上、1000万美元以下的企业", "unknown"),
        ("软件投了12万，设备投了200万", "软件和云服务投入不低于20万元", "not_met"),
        ("软件投入22万、设备100万", "软件和云服务投入不低于20万元", "met"),
        ("资产负债率66%", "2025年末资产负债率低于65%", "not_met"),
        ("60人", "从业人员50人至300人（均含本数）", "met"),
    ],
)
def test_rises_falls_and_other_figures_are_held_against_their_line(said: str, clause: str, state: str) -> None:
    assert states(said, clause) == [state]


@pytest.mark.parametrize(
    ("said", "clause", "state"),
    [
        ("我们在绍兴，做印染的", "在枫林市依法登记", "not_met"),
        ("我们做印染的", "在枫林市依法登记", "unknown"),
        ("我们在绍兴，做印染的", "注册地和税务登记地均在枫林市", "not_met"),
        ("我们在绍兴", "在云溪市行政区域内注册", "not_met"),
        ("我们在岳阳云溪区", "在云溪市行政区域内注册", "unknown"),
        ("我们在绍兴", "已在上市公司名单", "unknown"),
        ("成立6年了", "成立满5年", "met"),
        ("我们成立4年", "成立满5年", "not_met"),
        ("我们成立快5年了", "成立满5年", "unknown"),
        ("我们2024年3月成立", "企业成立时间在2023年12月31日以前", "not_met"),
        ("我们2022年成立", "设立时间早于2024年1月1日", "met"),
        ("我们2024年1月1日成立", "设立时间早于2024年1月1日", "not_met"),
        ("我们2024年1月1日成立", "设立时间不晚于2024年1月1日", "met"),
    ],
)
def test_places_and_ages_are_held_against_their_line(said: str, clause: str, state: str) -> None:
    assert states(said, clause) == [state]


def test_each_item_under_a_heading_that_refuses_is_a_condition_of_its_own() -> None:
    text = "三、有下列情形的不予支持\n（一）煤炭开采企业；\n（二）上年度亏损的企业；\n（三）已被列入失信名单的。"
    found = points([Passage("doc:public:x#0001", "x", "通知", text, "document", ("三、有下列情形的不予支持",))])
    assert [p.part for p in found] == ["conditions"] * 3
    assert [p.whole.partition("：")[2] for p in found] == ["煤炭开采企业", "上年度亏损的企业", "已被列入失信名单的"]


def test_a_label_before_a_colon_tells_what_an_article_is_about() -> None:
    text = "第一条　扶持对象：在本市注册、从业人员20人以上、1000人以下的工业企业，两项指标均须满足。"
    found = points([Passage("doc:public:x#0001", "x", "通知", text, "document", ())])
    assert [p.part for p in found] == ["conditions"]
    assert states("我们1000人，做五金的", "从业人员20人以上、1000人（不含）以下") == ["not_met"]
