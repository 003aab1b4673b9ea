"""What people call the arguments of the tools and the lines of a profile, and how each is asked for.

The names of arguments (投入万元, 周期年) are for programs; whatever is shown to people comes through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Wording:
    """said: as part of a sentence or as a label; question: the whole question."""

    said: str
    question: str


_LEVEL_NOW = Wording("现在几级", "数字化水平现在几级？没测过就说没测过。")
_WORDINGS = {
    "企业名称": Wording("企业名称", "企业叫什么？"),
    "行业": Wording("做哪一行", "做什么产品，属于什么行业？"),
    "从业人员": Wording("一共多少人", "厂里一共多少人？"),
    "营业收入万元": Wording("去年营业收入", "去年营业收入大概多少？"),
    "资产总额万元": Wording("资产总额", "资产总额大概多少？"),
    "地区": Wording("在哪个市", "厂子在哪个市？"),
    "自称规模": Wording("企业规模", "按自己的说法，是大、中、小还是微型？"),
    "称号": Wording("有哪些称号", "有没有专精特新、小巨人这类称号？"),
    "企业类型": Wording("有什么称号、是小微还是中型", "有没有专精特新、小巨人这类称号，是小微还是中型？"),
    "投入万元": Wording("打算投多少钱", "打算一共投多少钱？"),
    "贷款万元": Wording("打算贷多少钱", "要不要贷款，贷多少？"),
    "预算万元": Wording("一共能花多少钱", "一共能拿出多少钱？"),
    "用途": Wording("钱花在哪", "钱打算花在什么上：设备、软件，还是改造产线？"),
    "等级": _LEVEL_NOW,
    "当前等级": _LEVEL_NOW,
    "目标等级": Wording("想做到几级", "想做到几级？"),
    "目标等级到": Wording("最高想做到几级", "最高想做到几级？"),
    "完工起": Wording("最早哪天完工", "项目最早哪天完工？"),
    "完工止": Wording("最晚哪天完工", "项目最晚哪天完工？"),
    "已得补助万元": Wording("已经拿到多少补助", "这个项目已经拿到多少补助？"),
    "问的项目": Wording("问的是哪一项", "问的是哪一项政策？"),
    "问的金额万元": Wording("想知道能不能拿到多少", "想知道能不能拿到多少？"),
    "周期年": Wording("想几年做完", "想几年做完？"),
    "痛点": Wording("最头疼的事", "眼下最头疼的是哪样：交期、质量、库存还是设备？"),
    "产品复杂度": Wording("做的是成品、部件还是来料加工", "你们做的是成品、部件，还是来料加工？"),
    "产业链位置": Wording("在产业链哪一段", "给谁供货，在产业链哪一段？"),
    "动因": Wording("为什么想转", "为什么想转：客户要求、降本，还是缺订单？"),
    "问花费": Wording("要不要说花多少", "要不要说花多少？"),
    "无IT人员": Wording("有没有懂IT的人", "厂里有没有懂IT的人？"),
    "环节": Wording("想看哪一块", "想看哪一块：研发、生产、采购还是销售？"),
    "场景": Wording("想解决什么事", "想解决什么事：排产、质检、仓库还是能耗？"),
    "工具": Wording("想看哪类工具", "想看哪一类工具，例如 ERP、MES？"),
    "术语": Wording("想弄清哪个词", "想弄清哪个词？"),
    "指标": Wording("想比什么", "想比什么：投入、占比，还是等级？"),
    "研发设计": Wording("图纸怎么管", "图纸是怎么画、怎么管的？"),
    "生产制造": Wording("车间怎么管", "车间的工单和进度怎么管？"),
    "采购供应": Wording("采购和仓库怎么管", "采购和仓库怎么管？"),
    "市场营销": Wording("订单和客户怎么管", "订单和客户怎么管？"),
    "经营管理": Wording("财务和人事怎么管", "财务、考勤、审批怎么管？"),
    "已用系统": Wording("现在用着哪些系统", "现在用着哪些软件和系统？"),
    "成立时间": Wording("哪年成立", "企业是哪年成立的？"),
    "其他数字": Wording("别的数（研发投入、专利数之类）", "还有哪些数：研发投入、专利、设备各多少？"),
    "自述情况": Wording("别的情况", "还有什么情况要说？"),
    "各环节现状": Wording("各环节现在怎么管", "研发、生产、采购、销售现在各怎么管？"),
    "原话": Wording("当时的说法", "当时是怎么说的？"),
    "范围": Wording("人数和金额的上下限", "人数和金额最少多少，最多多少？"),
    "只看": Wording("只要哪一部分", "只要期限，还是只要办法？"),
    "截止起": Wording("从哪一天起截止的", "要从哪一天起截止的？"),
    "截止止": Wording("到哪一天止截止的", "要到哪一天止截止的？"),
    "日期": Wording("按哪一天算", "按哪一天算？"),
    "得分": Wording("测了多少分", "测下来一共多少分？"),
    "场景数": Wording("有几个场景到了那一级", "有几个场景到了那一级？"),
    "场景等级": Wording("这些场景到了几级", "这些场景到了几级？"),
    "约束性场景数": Wording("其中约束性场景有几个", "其中约束性场景有几个？"),
    "各家": Wording("各家企业的情况", "每家各做哪一行、多少人、去年营业收入多少？"),
    "没对上": Wording("没对上的回答", "哪一题的回答没对上？"),
    "问": Wording("要问的哪一题", "要问哪一题？"),
    "答案": Wording("各题的答案", "各题选哪一个？"),
    "上次答案": Wording("上次的答案", "上次各题选了哪一个？"),
}
"""By the Chinese name of the argument."""


def said(name: str) -> str:
    """What people call an argument; a name that is not an argument's is a word of theirs already."""
    return _WORDINGS[name].said if name in _WORDINGS else name


def listed(names: Iterable[str], most: int = 3) -> str:
    """Several arguments in a row, each once: 打算投多少钱、在哪个市."""
    return "、".join(list(dict.fromkeys(map(said, names)))[:most])


def asked(name: str, given: Mapping[str, Any] | None = None) -> str:
    """How an argument is asked for, "" where it never is; of one that was told in part, what is still open."""
    told = (given or {}).get(name)
    if name == "地区" and told:
        return f"在{told}的哪个区、县？"
    if name == "企业类型" and told:
        return "还有什么称号，是小微还是中型？"
    return _WORDINGS[name].question if name in _WORDINGS else ""
