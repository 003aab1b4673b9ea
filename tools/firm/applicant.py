"""Who applies: what a firm says of itself, read into what programme conditions ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from core.errors import BadInput
from core.text import normalise, squeeze
from tools.arguments import LEVEL_NAMES
from tools.conditions.firm import Firm, Span
from tools.conditions.sizes import possible_sizes
from tools.firm.amounts import money, wan_text
from tools.firm.region import Place

SMALL_AND_MEDIUM = frozenset({"中型", "小型", "微型"})
_SIZES = (
    (r"大型|大企业|大厂", frozenset({"大型"})),
    (r"小微", frozenset({"小型", "微型"})),
    (r"中小", SMALL_AND_MEDIUM),
    (r"中型", frozenset({"中型"})),
    (r"小型|小厂|小企业|作坊", frozenset({"小型", "微型"})),
    (r"微型|个体", frozenset({"微型"})),
)
_TITLES = (
    ("小巨人", r"小巨人"),
    ("专精特新", r"专精特新|小巨人"),
    ("创新型中小企业", r"创新型"),
    ("科技型中小企业", r"科技型"),
    ("高新技术企业", r"高新技术|高企|国高"),
)
_NOT = r"(?:不是|不算|非|没有?|未|还没|不在)[^，,、。；]{0,5}"
_PILOT = r"试点(?:企业|名单|单位)|(?:进|入|在)[^，,、。；]{0,6}(?:试点|名单)"
_PURPOSES = (
    ("设备更新", r"(?:换|买|购|购置|更新|添|新增|添置|采购)[^，,、。；]{0,4}(?:设备|机器|机床|生产线|注塑机|机器人)|设备(?:更新|购置|采购|款)|机床|数控机|机器人"),
    ("技术改造", r"技改|技术改造|(?:改|改造|升级)[^，,、。；]{0,3}产线|产线(?:改造|升级)|车间改造|自动化|智改|数改|智能化"),
    ("科技创新", r"科技创新|研发|新产品开发"),
    ("固定资产", r"固定资产|厂房|建厂|基建"),
    ("流动资金", r"流动资金|周转|发工资|进货|买(?:原)?料|还贷"),
    ("算力", r"算力|租gpu|租卡|显卡|训练"),
    ("模型", r"模型|智能体"),
    ("语料", r"语料|数据集"),
    ("云", r"上云|云服务|云平台|云主机|saas"),
    ("软件", r"软件|系统|mes|erp|plm|wms|crm|scada|aps|oa|cad|数字化|信息化|上云|云服务|saas"),
)  # fmt: skip
_HARDWARE = r"硬件|设备|机床|机器|机械手|产线"
_STAFF = r"人工|工资|人员|福利|奖金"
_CARRIERS = r"网关|路由|采集"
"""Equipment that carries data, which the programmes count with the software."""


@dataclass(frozen=True)
class Applicant:
    """What is known of a firm and its project on a day; None and empty are not known. Amounts in 万元.

    sizes: the classes it may be of. level: what it has, or will have where `level_is_target`.
    hardware_wan, staff_wan, software_wan: parts of spend_wan. rate_percent: what the loan costs a year.
    loan_machines_wan: what of the loan is for machines, where only a part is. highest_level: the upper end where the target is a range. completed: the first and last day on which the project may have been
    finished. received_wan: support already had for it; hoped_wan: support that is asked about.
    """

    day: date
    place: Place | None = None
    industry: str = ""
    kind: str = ""
    sizes: frozenset[str] = frozenset()
    titles: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    is_pilot_firm: bool | None = None
    private: bool | None = None
    current_level: int | None = None
    target_level: int | None = None
    spend_wan: float | None = None
    loan_wan: float | None = None
    rate_percent: float | None = None
    purpose: str = ""
    purposes: frozenset[str] = frozenset()
    hardware_wan: float = 0.0
    staff_wan: float = 0.0
    software_wan: float = 0.0
    loan_machines_wan: float = 0.0
    hoped_wan: float | None = None
    highest_level: int | None = None
    completed: tuple[date, date] | None = None
    received_wan: float | None = None

    @property
    def level(self) -> int | None:
        """The level when the project is done: the target, else the present one."""
        return self.target_level or self.current_level

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels that it may be when the project is done; empty where nothing is known."""
        return tuple(range(self.level, (self.highest_level or self.level) + 1)) if self.level else ()

    @property
    def finished(self) -> tuple[date, date]:
        """The days between which the project is finished: as told, else the day of asking."""
        return self.completed or (self.day, self.day)

    def facts(self) -> Firm:
        """What is known, as conditions ask for it."""
        figures = {
            "spend_wan": self.spend_wan and Span(self.spend_wan, self.spend_wan, f"投入{wan_text(self.spend_wan)}"),
            "loan_wan": self.loan_wan and Span(self.loan_wan, self.loan_wan, f"贷款{wan_text(self.loan_wan)}"),
            "level": _level(self.current_level, "现在"),
            "level_after": _level(self.target_level, "做到"),
        }
        said = {"pilot_firm": self.is_pilot_firm, "private": self.private}
        return Firm(
            self.day, self.place, self.industry, {name: span for name, span in figures.items() if span},
            sizes=self.sizes, titles=frozenset(self.titles), denied=frozenset(self.denied),
            statements={key: value for key, value in said.items() if value is not None},
            purposes=self.purposes, purpose=self.purpose,
        )  # fmt: skip

    @property
    def only_hardware(self) -> bool:
        """Whether the money goes for machines alone, as far as it was said."""
        return "设备更新" in self.purposes and not self.purposes & {"软件", "云", "技术改造"} and not self.hardware_wan

    def as_json(self) -> dict[str, object]:
        """What was understood, for the user to correct."""
        return {
            "industry": self.industry or None,
            "sizes": sorted(self.sizes) or None,
            "titles": list(self.titles),
            "is_pilot_firm": self.is_pilot_firm,
            "current_level": self.current_level,
            "target_level": self.target_level,
            "spend_wan": self.spend_wan,
            "hardware_wan": self.hardware_wan,
            "staff_wan": self.staff_wan,
            "loan_wan": self.loan_wan,
            "rate_percent": self.rate_percent,
            "purposes": sorted(self.purposes),
            "software_wan": self.software_wan,
            "highest_level": self.highest_level,
            "completed": self.completed and [day.isoformat() for day in self.completed],
            "received_wan": self.received_wan,
        }


def _level(level: int | None, lead: str) -> Span | None:
    return Span(level, level, f"{lead}{LEVEL_NAMES[level]}") if level else None


def denied_titles(kind: str) -> tuple[str, ...]:
    """Titles that a firm says it does not hold: 不是专精特新."""
    text = squeeze(kind)
    return tuple(name for name, words in _TITLES if re.search(words, text) and not _said(words, text))


def read_kind(kind: str) -> tuple[frozenset[str], tuple[str, ...], bool | None, bool | None]:
    """Sizes, titles, whether a pilot firm, whether private: from 省级专精特新, 小微, 不是试点企业, 国企."""
    text = squeeze(kind)
    titles = tuple(name for name, words in _TITLES if _said(words, text))
    sizes = next((sizes for words, sizes in _SIZES if _said(words, text)), frozenset())
    if not sizes and {*titles} - {"高新技术企业"}:
        sizes = SMALL_AND_MEDIUM
    pilot = None if not re.search(_PILOT, text) else _said(_PILOT, text)
    private = True if "民营" in text or "私营" in text else False if re.search(r"国企|国有|央企", text) else None
    return sizes, titles, pilot, private


def _said(words: str, text: str) -> bool:
    return bool(re.search(words, re.sub(rf"{_NOT}(?:{words})", "", text)))


def read_purposes(purpose: str) -> frozenset[str]:
    """What the money is for, in the programmes' words."""
    text = squeeze(purpose)
    return frozenset(name for name, words in _PURPOSES if re.search(words, text))


def is_of_a_thing(words: str) -> bool:
    """Whether words tell what money is for: a purpose of the programmes, or hardware."""
    return bool(read_purposes(words)) or re.search(_HARDWARE, squeeze(words)) is not None


def read_parts(purpose: str, spend_wan: float | None) -> tuple[float, float, float]:
    """Hardware, staff and software costs (万元) named in the purpose, as in “MES 50万，设备30万”; BadInput if above the spend."""
    hardware = staff = software = 0.0
    for clause in re.split(r"[，,；;。、+]|其中", normalise(purpose).lower()):
        found = money(clause)
        if not found or "贷" in clause:
            continue
        amount = found[0].value
        if re.search(_CARRIERS, clause):
            software += amount
            continue
        if re.search(_PURPOSES[-1][1], clause):
            software += 0.0 if re.search(f"{_HARDWARE}|{_STAFF}", clause) else amount
            continue
        hardware += amount if re.search(_HARDWARE, clause) else 0.0
        staff += amount if re.search(_STAFF, clause) else 0.0
    if spend_wan is not None and (named := hardware + staff + software) > spend_wan + 1e-6:
        raise BadInput(
            f"用途里写的几笔共{named:g}万元，比一共投的{spend_wan:g}万元还多，请核对。",
            "一共投多少要写总数。",
        )
    return (hardware, staff, software) if spend_wan is not None else (0.0, 0.0, 0.0)


def read_interest_rate(purpose: str) -> float | None:
    """The yearly interest rate of a loan in percent where the purpose names it: 利率3.5%, 年息4个点."""
    found = re.search(r"(?:利率|年息|利息)[^\d]{0,3}(\d{1,2}(?:\.\d+)?)(?:%|个点|厘)?", squeeze(purpose))
    rate = float(found[1]) if found else None
    return rate if rate and 0 < rate < 25 else None


def read_sizes(said: frozenset[str], industry: str, employees: int | None, revenue_wan: float | None) -> frozenset[str]:
    """The classes that words and figures leave; BadInput where they contradict each other.

    Source: 统计上大中小微型企业划分办法（2017）.
    """
    given = {"employees": employees, "revenue_wan": revenue_wan}
    figures = {name: Span(value, value) for name, value in given.items() if value is not None}
    left = possible_sizes(industry, figures)
    if said and not industry and possible_sizes("工业", figures) == frozenset({"大型"}):
        left = frozenset({"大型"})  # far too many for any of the small: better asked than believed
    if said and left and not said & left:
        if said == frozenset({"大型"}):
            raise BadInput("您说是大型企业，但人数或营业收入没到2017年划型标准的大型线，请核对这几个数。")
        if left == frozenset({"大型"}):
            raise BadInput("您说是中小企业，但人数和营业收入按2017年划型标准已到大型，请核对这几个数。")
        return left
    return said & left if said and left else said or left
