"""Which of the report's four paths of transformation fits an enterprise, and why.

Source of the rule: 中小企业数字化转型研究报告（2023年）三（五）, product complexity decides where the push comes from; the
cards factor-complexity, which-path-guide and platform-limits. How driver and complexity are weighed is this project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.cut import shorten
from core.text import squeeze
from tools.firm.kinship import Kin

REPORT = "aii_report_2023"
Complexity = Literal["成品", "部件", "基础加工"]
PathId = Literal["chain", "cluster", "platform", "self"]
_COMPLEXITY_WORDS: dict[Complexity, tuple[str, ...]] = {
    "基础加工": (
        "基础加工",
        "来料加工",
        "来图加工",
        "代加工",
        "单工序",
        "简单加工",
        "外协",
        "打样",
        "低",
        "来料",
        "加工",
    ),
    "部件": ("部件", "零部件", "零件", "配件", "功能件", "配套", "中"),
    "成品": ("成品", "整机", "终端", "最终产品", "自有品牌", "设备", "消费品", "高"),
}
_DRIVER_WORDS: dict[PathId, tuple[str, ...]] = {
    "chain": (
        "链主",
        "大客户",
        "主机厂",
        "客户要求",
        "客户要",
        "客户审",
        "审厂",
        "供应商审核",
        "总装",
        "整车厂",
        "龙头",
    ),
    "cluster": ("园区", "集群", "产业带", "开发区", "工业园", "镇上", "环保检查", "安监", "监管"),
    "platform": ("缺订单", "没订单", "订单不足", "接单", "找活", "没活", "产能闲", "开工不足", "开机率", "平台"),
}
_INFERRED: dict[str, Complexity] = {
    "金属加工": "基础加工", "印刷电路板": "基础加工", "纺织印染": "基础加工", "汽车零部件": "部件", "航空航天零部件": "部件",
    "成衣服装": "成品", "消费电子": "成品", "日用化工": "成品", "压缩机泵阀": "成品",
}  # fmt: skip
"""What most firms of a sub-sector make; our reading of the report's section on up-, mid- and downstream firms."""
_BY_COMPLEXITY: dict[Complexity, PathId] = {"成品": "self", "部件": "chain", "基础加工": "platform"}
_REASON: dict[Complexity, str] = {
    "成品": "做终端成品的离市场近，研发和销售要自己抓，多是自己牵头转",
    "部件": "做功能部件的订单集中在一两家大客户，多由链主带着转",
    "基础加工": "做简单加工的产能零散，适合由工业互联网平台拢起来派单",
}


@dataclass(frozen=True)
class Path:
    """One of the four paths: what it is called, who leads, what a firm gets and gives, and the cards that say so."""

    id: PathId
    name: str
    leader: str
    gains: str
    gives: str
    first_move: str
    cards: tuple[str, ...]


PATHS: dict[PathId, Path] = {
    "chain": Path("chain", "链式转型（跟着链主大客户转）", "龙头企业或大客户", "工具、培训，和大客户绑得更紧", "给龙头看供货、质量、排放等数据",
                  "问最大的客户：有没有给供应商的平台、要接哪些数据、收不收费", ("path1-definition", "paths-comparison")),
    "cluster": Path("cluster", "集体转型（园区、集群一起转）", "园区或产业集群", "共用平台和共享车间，少花钱，合规省事", "接受园区统一管理",
                    "问园区管委会：有没有共用的安全、环保、能源系统或供需平台", ("path2-definition", "paths-comparison")),
    "platform": Path("platform", "协同转型（接平台派的单）", "工业互联网平台", "较稳定的小批量订单，有的免费给云MES", "给产能数据，平台收撮合费",
                     "找两三家做你这类零件的派单平台，问清装什么、抽多少、数据归谁", ("path3-definition", "platform-reality-check")),
    "self": Path("self", "自主转型（自己用“小快轻准”产品）", "企业自己", "单项业务能力，节奏自己定", "软件费用自己出",
                 "挑最痛的一件事，找两三家软件要免费试用", ("path4-definition", "path4-china")),
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """The path that fits, why, how complexity came to be known, and the path to look at second."""

    path: Path
    why: tuple[str, ...]
    complexity: Complexity | None
    inferred: bool
    second: Path | None
    caution: str = ""


def read_complexity(text: str) -> Complexity | None:
    """成品, 部件 or 基础加工 from everyday words; None when empty; ValueError when not understood."""
    said = squeeze(text)
    if not said:
        return None
    found = [(len(w), c) for c, words in _COMPLEXITY_WORDS.items() for w in words if w in said]
    if not found:
        raise ValueError(f"做的东西只分成品、部件、基础加工三种，不认识“{shorten(text, 20)}”。")
    return max(found, key=lambda pair: pair[0])[1]


def choose(complexity: Complexity | None, driver: str, kin: Kin) -> Choice:
    """The path for what the firm makes and what pushes it; a clear push from outside wins over what it makes.

    What it makes is inferred from its own sub-sector only; orders from a platform are the first path of nobody who did not
    say that he does simple processing or lacks orders.
    """
    inferred = complexity is None and kin.name in _INFERRED
    makes = complexity or _INFERRED.get(kin.name or "")
    pushed = driven_by(driver)
    by_make = _BY_COMPLEXITY[makes] if makes else "self"
    best = pushed or ("self" if inferred and by_make == "platform" else by_make)
    why = [f"动因是“{shorten(driver, 30)}”，推力来自外面"] if pushed else []
    if makes and best == by_make:
        why.append(_REASON[makes] + ("（按行业推断）" if inferred else ""))
    if not why:
        why.append("没有大客户、园区、平台来带的信号，自己用小产品起步，适合所有中小企业")
    second = PATHS[by_make if best != by_make else "self"]
    caution = "平台派单只适合简单产品、小批量，复杂件做不了" if best == "platform" and makes != "基础加工" else ""
    return Choice(PATHS[best], tuple(why), makes, inferred, second if second.id != best else None, caution)


def driven_by(driver: str) -> PathId | None:
    """The outside push that a driver in words means; None for a push from inside (cost, quality, delivery …)."""
    said = squeeze(driver)
    found = [(len(w), p) for p, words in _DRIVER_WORDS.items() for w in words if w in said]
    return max(found, key=lambda pair: pair[0])[1] if found else None
