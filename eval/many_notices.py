"""Made-up local notices for benchmarks: many, varied, the same for the same seed. None of what they say is true.

Each has a place, a programme, dates, amounts and conditions of its own, and a question that is about it alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.regions import ALONE, lineage, regions

_PROGRAMMES = (
    "数字化改造补助", "设备更新贴息", "上云用云奖励", "智能工厂培育", "工业软件应用补贴", "绿色制造示范", "首台套保险补偿", "专精特新培育",
    "技术改造投资奖励", "两化融合贯标奖励", "工业互联网平台建设", "数字化诊断服务券", "节能改造补助", "产业集群转型试点", "人才实训基地建设",
)  # fmt: skip
_INDUSTRIES = (
    "纺织服装", "五金制品", "塑料制品", "家具制造", "食品加工", "汽车零部件", "电子元器件", "通用设备", "化工材料", "陶瓷卫浴", "印刷包装",
    "医药制造", "农副产品加工", "金属铸造", "仪器仪表", "玩具文具", "光伏组件", "船舶配套", "茶叶加工", "皮革制鞋",
)  # fmt: skip
_THINGS = (
    "制造执行系统", "仓储管理系统", "质量检测设备", "生产排程软件", "能耗监测平台", "设备联网改造", "订单管理系统", "供应链协同平台", "产品设计软件",
    "数控机床", "自动搬运小车", "视觉检测装置", "财务管理软件", "客户管理系统", "边缘计算网关", "电子看板", "条码追溯系统", "工艺仿真软件",
)  # fmt: skip
_OFFICES = ("工业和信息化局", "经济和信息化局", "科技和工业信息化局", "发展和改革局", "中小企业服务中心", "数据管理局")
_PAPERS = (
    "营业执照复印件",
    "上年度审计报告",
    "项目合同和发票",
    "银行付款凭证",
    "验收报告",
    "信用承诺书",
    "项目绩效说明",
    "设备清单",
    "纳税证明",
)
_CLAUSES = (
    "对{industry}企业购置{thing}的，按实际投入的{rate}%给予补助，单个项目最高{amount}万元，同一企业一年内不超过{few}个项目。",
    "项目总投入不低于{floor}万元，其中软件和服务投入占比不低于{share}%，且应在{year}年{month}月底前完成合同签订。",
    "申报企业应在{place}登记注册满{few}年，从业人员不少于{staff}人，上年度营业收入在{floor}万元以上，近三年没有严重失信记录。",
    "申报材料包括{paper}、{paper2}和{paper3}，一式{few}份，由所在镇街初审后于{year}年{month}月{day}日前报送{office}。",
    "验收由{office}组织专家现场核查，重点看{thing}的使用情况、数据采集点位数量和{industry}生产效率变化，得分{share}分以上为合格。",
    "补助资金分{few}期拨付：合同签订后拨付{rate}%，验收合格后拨付剩余部分；弄虚作假的追回全部资金并{few}年内不得申报。",
    "鼓励服务商为{industry}小微企业提供{thing}的轻量化方案，每服务一家并通过评估的奖励{small}万元，全年累计不超过{amount}万元。",
    "{place}将在{year}年遴选{staff}家{industry}企业开展试点，优先支持已完成数字化水平评测并达到{level}级的企业。",
    "已经享受省级{programme}的项目，市县两级按{rate}%予以配套；同一设备不得重复申报其他财政资金，重复的以最高一项为准。",
    "企业应当指定专人负责{thing}的运行维护，每季度第{few}周向{office}报送运行数据，连续{few}次未报送的取消示范称号。",
    "融资支持方面，合作银行对{industry}企业的{programme}贷款给予不超过{amount}万元授信，财政按{rate}%的比例贴息，期限不超过{few}年。",
    "培训安排：{month}月在{place}举办{few}期{thing}实训，每期{staff}人，对象为{industry}企业的车间主任和信息化负责人，费用由财政承担。",
    "咨询电话：{place}{office}{few}楼{staff}室，{code}；受理时间为工作日上午九点至十一点半，下午两点至五点。",
    "对首次通过{programme}认定的{industry}企业一次性奖励{amount}万元，复核通过的再奖励{small}万元，由{office}在{month}月前兑现。",
    "{industry}链主企业带动{staff}家以上配套企业共用{thing}的，按带动家数每家{small}万元、最高{amount}万元给予支持。",
)  # fmt: skip
_SECTIONS = (
    "支持对象", "支持方向", "支持标准", "申报条件", "申报材料", "申报程序", "评审验收", "资金拨付", "监督管理", "服务保障", "培训辅导", "附则",
    "目标任务", "组织实施", "融资支持", "试点遴选", "绩效评价", "信息报送",
)  # fmt: skip
_COUNT = "一二三四五六七八九十"


@dataclass(frozen=True)
class Notice:
    """A notice as text, a question about it, and what stands in the titles of its passages only."""

    name: str
    text: str
    question: str
    mark: str


def notices(passages: int, seed: int = 7) -> Iterator[Notice]:
    """Notices that make about so many passages together; a section makes about one."""
    rng, made, number = random.Random(seed), 0, 0
    places = _places()
    while made < passages:
        number += 1
        place = places[number * 7919 % len(places)]
        sections = min(rng.choice((6, 12, 18, 24, 36, 60)), max(4, passages - made))
        yield _notice(rng, number, place, sections)
        made += sections


def _places() -> list[str]:
    return [
        f"{[*lineage(region)][-1].spoken}{region.spoken}"
        for region in regions().values()
        if region.kind == "prefecture" or (region.kind == "county" and region.needs == ALONE)
    ]


def _notice(rng: random.Random, number: int, place: str, sections: int) -> Notice:
    year, programme, office = rng.randint(2019, 2026), rng.choice(_PROGRAMMES), rng.choice(_OFFICES)
    industry, thing = rng.choice(_INDUSTRIES), rng.choice(_THINGS)
    title = f"{place}{office}关于组织申报{year}年第{number}批{industry}企业{programme}项目的通知"
    key = f"本批{industry}企业购置{thing}的补助上限为{number % 900 + 37}万元，比例为{number % 40 + 10}%"
    lines = [title, f"{place[:2]}工信〔{year}〕{number}号", f"各镇街、各{industry}企业："]
    lines.append(f"为落实{programme}政策，{key}。现将{year}年第{number}批申报事项通知如下。")
    for at in range(sections):
        heading = f"{_COUNT[at // 6 % 10]}、{rng.choice(_SECTIONS)}" if at % 6 == 0 else ""
        lines += [heading] if heading else []
        lines.append(f"（{_COUNT[at % 6]}）{rng.choice(_SECTIONS)}。{_paragraph(rng, place, year, programme, office)}")
    lines.append(f"{place}{office}\n{year}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日")
    question = f"{place}{year}年第{number}批{industry}企业{programme}，买{thing}最多补多少"
    return Notice(f"{number:05d}-{place}{programme}", "\n\n".join(lines), question, f"年第{number}批{industry}")


def _paragraph(rng: random.Random, place: str, year: int, programme: str, office: str) -> str:
    papers = rng.sample(_PAPERS, 3)
    return "".join(
        clause.format(
            place=place, year=year, programme=programme, office=office, industry=rng.choice(_INDUSTRIES),
            thing=rng.choice(_THINGS), rate=rng.randint(5, 60), amount=rng.randint(20, 900), small=rng.randint(1, 19),
            floor=rng.randint(30, 3000), share=rng.randint(20, 95), staff=rng.randint(8, 400), few=rng.randint(2, 9),
            month=rng.randint(1, 12), day=rng.randint(1, 28), level=rng.choice("一二三四"), paper=papers[0],
            paper2=papers[1], paper3=papers[2], code=rng.randint(10**7, 10**8 - 1),
        )
        for clause in rng.sample(_CLAUSES, rng.randint(4, 7))
    )  # fmt: skip
