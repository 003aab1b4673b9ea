"""Clauses as notices word them, held against firms of whom all, little or nothing is known."""

from __future__ import annotations

from datetime import date

import pytest

from tools.conditions.firm import Firm, Span
from tools.conditions.judge import judge
from tools.conditions.parse import parse
from tools.region import find_place

DAY = date(2026, 11, 29)
MARKS = {"met": "y", "not_met": "n", "unknown": "?"}


def exact(value: float, said: str) -> Span:
    return Span(value, value, said)


KNOWN = Firm(
    DAY,
    place=find_place("宁波余姚"),
    industry="注塑",
    figures={
        "employees": exact(80, "80人"), "revenue_wan": exact(3000, "营收3000万元"), "assets_wan": exact(2500, "资产2500万元"),
        "rd_wan/revenue_wan": exact(4, "研发占4%"), "level": exact(1, "现在一级"), "level_after": exact(2, "做到二级"),
        "spend_wan": exact(150, "投入150万元"),
    },
    founded=(date(2018, 3, 15), date(2018, 3, 15)),
    sizes=frozenset({"小型"}),
    titles=frozenset({"专精特新"}),
    titles_complete=True,
)  # fmt: skip
VAGUE = Firm(DAY, place=find_place("宁波"), figures={"revenue_wan": Span(1500, 2500, "营收1500万到2500万")})
"""Only the city and roughly the revenue are known."""

CLAUSES = [
    ("上年度营业收入2000万元（含）以上、4亿元以下", "y?"),
    ("上年度营业收入在2000万元（含）以上、3000万元（不含）以下", "n?"),
    ("营业收入不低于2000万元且不超过4亿元", "y?"),
    ("年营业收入1000万元以上", "yy"),
    ("年营业收入3000万元以上", "yn"),
    ("年营业收入超过3000万元", "nn"),
    ("营业收入3000万元以下的企业", "yy"),
    ("营业收入不足3000万元", "ny"),
    ("上年度营业收入在500万元至2000万元之间", "n?"),
    ("上年度营业收入100～3000万元", "yy"),
    ("2025年度营业收入达到2000万元", "y?"),
    ("2023年度营业收入达到2000万元", "??"),
    ("近三年平均营业收入不低于2000万元", "??"),
    ("营业收入≥2000万元", "y?"),
    ("2000万元≤营业收入＜40000万元", "y?"),
    ("主营业务收入不低于4000万元", "nn"),
    ("主营业务收入不低于2000万元", "??"),
    ("软件产品销售收入1000万元以上", "??"),
    ("营业收入同比增长10%以上", "??"),
    ("从业人员300人以下", "y?"),
    ("从业人员80人（不含）以下", "n?"),
    ("职工人数20人及以上、300人以下", "y?"),
    ("用工人数不少于一百人", "n?"),
    ("在本企业缴纳社保的参保人数不少于50人", "??"),
    ("资产总额2000万元以上", "y?"),
    ("研发费用占营业收入比例不低于3%", "y?"),
    ("研发投入不低于上年度营业收入的5%", "n?"),
    ("研发费用占比3%以上", "y?"),
    ("近两年研发费用年均100万元以上", "??"),
    ("研发人员占职工总数的10%以上", "??"),
    ("在余姚市注册满2年", "y?"),
    ("在余姚市依法注册的企业", "y?"),
    ("在宁波市行政区域内注册登记的企业", "yy"),
    ("注册地在浙江省内", "yy"),
    ("在杭州市注册的企业", "nn"),
    ("注册地为慈溪市的企业", "n?"),
    ("在宁波市或绍兴市依法注册的企业", "yy"),
    ("浙江省（不含宁波市）内注册的企业", "nn"),
    ("在浙江省注册的企业（杭州市除外）", "yy"),
    ("注册成立满3年", "y?"),
    ("成立时间不少于10年", "n?"),
    ("成立满12个月以上", "y?"),
    ("2020年1月1日前注册成立", "y?"),
    ("2018年1月1日前注册成立的企业", "n?"),
    ("在本市注册的企业", "??"),
    ("制造业企业", "y?"),
    ("从事软件和信息技术服务业的企业", "n?"),
    ("属于橡胶和塑料制品业", "y?"),
    ("属于纺织业、橡胶和塑料制品业、家具制造业的企业", "y?"),
    ("制造业企业（不包括烟草制品业）", "y?"),
    ("非房地产企业", "y?"),
    ("符合《中小企业划型标准规定》（工信部联企业〔2011〕300号）的中小企业", "y?"),
    ("中型企业", "n?"),
    ("小型、微型企业", "y?"),
    ("规模以上工业企业", "y?"),
    ("规模以下工业企业", "n?"),
    ("获得省级专精特新中小企业认定", "y?"),
    ("具有国家级专精特新“小巨人”企业称号", "n?"),
    ("高新技术企业或专精特新中小企业", "y?"),
    ("同时具有高新技术企业和专精特新中小企业称号", "n?"),
    ("数字化水平达到二级及以上", "n?"),
    ("改造后数字化水平达到二级及以上", "y?"),
    ("改造完成后数字化水平等级达到三级", "n?"),
    ("项目总投资不低于100万元", "y?"),
    ("软件投入占项目总投资的比例不低于30%", "??"),
    ("项目总投资50万元以上、100万元以下", "n?"),
    ("设备投资200万元以上", "n?"),
    ("设备投资100万元以上", "??"),
    ("满足下列条件之一：（1）上年度营业收入2亿元以上；（2）从业人员50人以上", "y?"),
    ("满足下列条件之一：（1）上年度营业收入2亿元以上；（2）从业人员100人以上", "n?"),
    ("营业收入1亿元以上或从业人员50人以上", "y?"),
    ("在宁波市注册，营业收入1亿元以上，或从业人员50人以上", "y?"),
    ("在杭州市注册，营业收入1亿元以上，或从业人员50人以上", "??"),
    ("工业企业营业收入2000万元以上，软件企业营业收入500万元以上", "y?"),
    ("营业收入5000万元以上，但专精特新企业不受此限", "y?"),
    ("原则上营业收入不低于5000万元", "??"),
    ("优先支持专精特新企业", "??"),
    ("鼓励在杭州注册的企业申报", "??"),
    ("具有独立法人资格", "??"),
    ("近三年未发生重大安全、环保事故", "??"),
    ("在宁波市注册，近三年未发生重大安全事故", "??"),
    ("在杭州市注册，近三年未发生重大安全事故", "nn"),
    ("掌握关键核心技术", "??"),
    ("主要产品市场占有率居全国前列", "??"),
    ("", "??"),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "marks"), CLAUSES)
def test_a_clause_is_met_not_met_or_to_be_checked(clause: str, marks: str) -> None:
    node = parse(clause, DAY)
    assert "".join(MARKS[judge(node, firm).state] for firm in (KNOWN, VAGUE)) == marks, node


@pytest.mark.parametrize("clause", [clause for clause, _ in CLAUSES])
def test_nothing_is_decided_of_a_firm_that_told_nothing(clause: str) -> None:
    assert judge(parse(clause, DAY), Firm(DAY)).state == "unknown"
