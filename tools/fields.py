"""What people call the arguments of the tools and the lines of a profile, and how each is asked for.

The names of arguments (投入万元, 周期年) are for programs; whatever is shown to people comes through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tools.spec import Wording, specs

_LEVEL_NOW = Wording(
    "现在几级",
    "数字化水平现在几级？没测过就说没测过。",
    choices=(*((f"{n}级", f"我们现在是{n}级") for n in "一二三"), ("没测过", "没测过")),
)
_LEVELS_WANTED = tuple((f"{n}级", f"想做到{n}级") for n in "二三四")
_SHARED = {
    "企业名称": Wording("企业名称", "企业叫什么？"),
    "行业": Wording("做哪一行", "做什么产品，属于什么行业？"),
    "从业人员": Wording("一共多少人", "厂里一共多少人？"),
    "营业收入万元": Wording("去年营业收入", "去年营业收入大概多少？"),
    "资产总额万元": Wording("资产总额", "资产总额大概多少？"),
    "地区": Wording("在哪个市", "厂子在哪个市？", "在{told}的哪个区、县？"),
    "自称规模": Wording("企业规模", "按自己的说法，是大、中、小还是微型？"),
    "称号": Wording("有哪些称号", "有没有专精特新、小巨人这类称号？"),
    "投入万元": Wording("打算投多少钱", "打算一共投多少钱？"),
    "预算万元": Wording("一共能花多少钱", "一共能拿出多少钱？"),
    "等级": _LEVEL_NOW,
    "当前等级": _LEVEL_NOW,
    "目标等级": Wording("想做到几级", "想做到几级？", choices=_LEVELS_WANTED),
    "痛点": Wording(
        "最头疼的事",
        "眼下最头疼的是哪样：交期、质量、库存还是设备？",
        choices=tuple((word, word) for word in ("交期", "质量", "库存", "设备")),
    ),
    "产品复杂度": Wording(
        "做的是成品、部件还是来料加工",
        "你们做的是成品、部件，还是来料加工？",
        choices=tuple((word, word) for word in ("成品", "部件", "来料加工")),
    ),
    "产业链位置": Wording("在产业链哪一段", "给谁供货，在产业链哪一段？"),
    "无IT人员": Wording("有没有懂IT的人", "厂里有没有懂IT的人？"),
    "环节": Wording("想看哪一块", "想看哪一块：研发、生产、采购还是销售？"),
    "工具": Wording("想看哪类工具", "想看哪一类工具，例如 ERP、MES？"),
    "已用系统": Wording("现在用着哪些系统", "现在用着哪些软件和系统？"),
    "成立时间": Wording("哪年成立", "企业是哪年成立的？"),
    "其他数字": Wording("别的数（研发投入、专利数之类）", "还有哪些数：研发投入、专利、设备各多少？"),
    "自述情况": Wording("别的情况", "还有什么情况要说？"),
    "各环节现状": Wording("各环节现在怎么管", "研发、生产、采购、销售现在各怎么管？"),
    "原话": Wording("当时的说法", "当时是怎么说的？"),
    "只看": Wording("只要哪一部分", "只要期限，还是只要办法？"),
    "日期": Wording("按哪一天算", "按哪一天算？"),
}
"""Arguments that several tools share, and lines of a profile, by their Chinese name; a tool's own stand in its spec."""


def wording(name: str) -> Wording | None:
    """The words for an argument; None for what is no argument's name."""
    return _SHARED.get(name) or next((spec.words[name] for spec in specs().values() if name in spec.words), None)


def said(name: str) -> str:
    """What people call an argument; a name that is not an argument's is a word of theirs already."""
    words = wording(name)
    return words.said if words else name


def listed(names: Iterable[str], most: int = 3) -> str:
    """Several arguments in a row, each once: 打算投多少钱、在哪个市."""
    return "、".join(list(dict.fromkeys(map(said, names)))[:most])


def asked(name: str, given: Mapping[str, Any] | None = None) -> str:
    """How an argument is asked for, "" where it never is; of one that was told in part, what is still open."""
    words, told = wording(name), (given or {}).get(name)
    if words and words.more and told:
        return words.more.format(told=told)
    return words.question if words else ""


def choices(name: str) -> tuple[tuple[str, str], ...]:
    """Answers to be offered as buttons where an argument is asked for: (label, what it says)."""
    words = wording(name)
    return words.choices if words else ()
