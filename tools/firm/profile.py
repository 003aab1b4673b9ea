"""What is known of a firm: gathered from chat by rules, shown back, corrected, saved and loaded.

Nothing here is stored; who keeps a profile asks the user first.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.cut import beginning
from core.errors import BadInput
from core.strict_json import loads
from core.text import normalise
from corpus.place_roles import DENIED, SITE, counted, set_aside
from tools.conditions.own_words import (
    figure_words,
    known_keys,
    read_founded,
    read_other_figures,
    read_statements,
    read_target,
    statement_words,
)  # fmt: skip
from tools.firm import extraction, industries
from tools.firm.amounts import People, Wan, money, wan_text
from tools.firm.roles import FACTS, Figures, read_roles, span

LABELS = {
    "name": "企业名称", "industry": "行业", "employees": "从业人员", "revenue_wan": "营业收入万元", "assets_wan": "资产总额万元",
    "region": "地区", "size": "自称规模", "titles": "称号", "complexity": "产品复杂度", "chain": "产业链位置", "systems": "已用系统",
    "practices": "各环节现状", "pains": "痛点", "level": "当前等级", "target_level": "目标等级", "budget_wan": "预算万元",
    "no_it_staff": "无IT人员", "founded": "成立时间", "statements": "自述情况", "figures": "其他数字", "said": "原话",
}  # fmt: skip
"""Every field with its Chinese name; both are read."""


@dataclass(frozen=True)
class Profile:
    """A firm as far as it is known; None and empty mean not known. Amounts in 万元, levels from 1 to 4.

    founded: 2019, 2019-03 or 2019-03-15. statements: what notices ask by yes or no (words.yaml) → whether it holds; figures: what else
    they ask for (attributes of words.yaml), in 万元, people, percent. said: field → the words of a figure that is a range, rough,
    unusual or unclear (then without a value).
    industry: as said. practices: business area → what is done there. complexity: 成品, 部件 or 基础加工.
    """

    name: str | None = None
    industry: str | None = None
    employees: int | None = None
    revenue_wan: float | None = None
    assets_wan: float | None = None
    region: str | None = None
    size: str | None = None
    titles: tuple[str, ...] = ()
    complexity: str | None = None
    chain: str | None = None
    systems: tuple[str, ...] = ()
    practices: tuple[tuple[str, str], ...] = ()
    pains: tuple[str, ...] = ()
    level: int | None = None
    target_level: int | None = None
    budget_wan: float | None = None
    no_it_staff: bool | None = None
    founded: str | None = None
    statements: tuple[tuple[str, bool], ...] = ()
    figures: tuple[tuple[str, float], ...] = ()
    said: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return self != Profile()

    def as_json(self) -> dict[str, Any]:
        """What is known, by English field names."""
        known = {key: value for key, value in asdict(self).items() if value not in (None, (), "")}
        for name in ("practices", "statements", "figures", "said"):
            if name in known:
                known[name] = dict(known[name])
        return {key: list(value) if isinstance(value, tuple) else value for key, value in known.items()}

    @property
    def founded_between(self) -> tuple[date, date] | None:
        """The first and the last day on which it may have been founded."""
        if not self.founded:
            return None
        year, month, day = (*map(int, self.founded.split("-")), 0, 0)[:3]
        if day:
            return date(year, month, day), date(year, month, day)
        last = month or 12
        return date(year, month or 1, 1), date(year, last, monthrange(year, last)[1])

    def as_text(self) -> str:
        """One line to show back to the user; empty where nothing is known."""
        shown = list(filter(None, (self._shown(field.name) for field in fields(self))))
        return f"我记下的：{'；'.join(shown)}。不对就说，例如“不是280人，是180人”。" if shown else ""

    def _shown(self, name: str) -> str:
        value, said = getattr(self, name), dict(self.said).get(name, "")
        if name == "said" or (value in (None, (), "") and not said):
            return ""
        if said and not value:
            return f"{FACTS[name]}说的是“{said}”，没法当一个数用"
        if said:
            once = "要一个数时" if span(said) else ""
            return f"{FACTS[name]}说的是“{said}”，{once}按{_figure_text(name, value)}算"
        words = {
            "employees": lambda: _figure_text(name, value), "revenue_wan": lambda: f"营收{wan_text(value)}",
            "assets_wan": lambda: f"资产{wan_text(value)}", "budget_wan": lambda: f"预算{wan_text(value)}",
            "level": lambda: f"现在{'零一二三四'[value]}级", "target_level": lambda: f"目标{'零一二三四'[value]}级",
            "founded": lambda: f"{value}年成立" if len(value) == 4 else f"{value}成立", "statements": lambda: "、".join(statement_words(k, v) for k, v in value),
            "figures": lambda: "、".join(figure_words(k, v) for k, v in value),
            "no_it_staff": lambda: "没有IT人员" if value else "有IT人员", "systems": lambda: f"在用{'、'.join(value)}",
            "pains": lambda: f"头疼的：{'、'.join(value)}", "practices": lambda: "；".join(f"{a}：{s}" for a, s in value),
        }.get(name)  # fmt: skip
        return words() if words else "、".join(value) if isinstance(value, tuple) else str(value)


def _figure_text(name: str, value: float) -> str:
    return f"{value:g}人" if name == "employees" else wan_text(value)


class _Form(BaseModel):
    """A profile from outside, checked."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    name: str | None = Field(default=None, alias="企业名称", max_length=60)
    industry: str | None = Field(default=None, alias="行业", max_length=60)
    employees: People | None = Field(default=None, alias="从业人员")
    revenue_wan: Wan | None = Field(default=None, alias="营业收入万元")
    assets_wan: Wan | None = Field(default=None, alias="资产总额万元")
    region: str | None = Field(default=None, alias="地区", max_length=30)
    size: str | None = Field(default=None, alias="自称规模", max_length=10)
    titles: list[str] = Field(default=[], alias="称号", max_length=20)
    complexity: Literal["成品", "部件", "基础加工"] | None = Field(default=None, alias="产品复杂度")
    chain: str | None = Field(default=None, alias="产业链位置", max_length=20)
    systems: list[str] = Field(default=[], alias="已用系统", max_length=40)
    practices: dict[str, str] = Field(default={}, alias="各环节现状", max_length=10)
    pains: list[str] = Field(default=[], alias="痛点", max_length=20)
    level: int | None = Field(default=None, alias="当前等级", ge=1, le=4, strict=True)
    target_level: int | None = Field(default=None, alias="目标等级", ge=1, le=4, strict=True)
    budget_wan: Wan | None = Field(default=None, alias="预算万元")
    no_it_staff: bool | None = Field(default=None, alias="无IT人员", strict=True)
    founded: str | None = Field(
        default=None, alias="成立时间", pattern=r"^(?:19|20)\d{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$"
    )
    statements: dict[str, bool] = Field(default={}, alias="自述情况", max_length=20)
    figures: dict[str, float] = Field(default={}, alias="其他数字", max_length=40)
    said: dict[Literal["employees", "revenue_wan", "assets_wan", "budget_wan"], str] = Field(
        default={}, alias="原话", max_length=4
    )


def from_json(data: object) -> Profile:
    """A profile from parsed JSON or its text, with English or Chinese names; BadInput names the field that is wrong."""
    from tools.registry import refusal

    how = '按“字段: 值”写，例如 {"行业": "注塑", "从业人员": 280}。'
    if isinstance(data, (str, bytes)):
        try:
            data = loads(data)
        except (ValueError, RecursionError) as exc:
            raise BadInput("企业档案不是 JSON，读不了。", command=how) from exc
    if not isinstance(data, dict):
        raise BadInput("企业档案要写成“字段: 值”的形式（JSON 对象）。", command=how)
    try:
        form = _Form.model_validate({str(key): value for key, value in data.items() if value is not None})
    except ValidationError as exc:
        raise BadInput(f"企业档案里，{refusal(exc, _Form)}", "改好再保存；不知道的可以空着。") from exc
    given = form.model_dump()
    given["practices"], given["said"] = tuple(given["practices"].items()), tuple(given["said"].items())
    for key in ("statements", "figures"):
        given[key] = tuple((name, value) for name, value in given[key].items() if name in known_keys(key))
    checked: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}
    return Profile(**checked)


def merge(known: Profile, new: Profile) -> Profile:
    """What is known with what is new; new figures replace, lists grow, of titles the fuller wording stays."""
    changed = {field.name: getattr(new, field.name) for field in fields(new)}
    changed = {key: value for key, value in changed.items() if value not in (None, (), "")}
    for key in ("systems", "pains"):
        changed[key] = tuple(dict.fromkeys((*getattr(known, key), *changed.get(key, ()))))
    fresh = {extraction.title_name(title) for title in new.titles}
    changed["titles"] = (*(t for t in known.titles if extraction.title_name(t) not in fresh), *new.titles)
    for key in ("practices", "statements", "figures"):
        changed[key] = tuple({**dict(getattr(known, key)), **dict(getattr(new, key))}.items())
    told = {name for name in FACTS if getattr(new, name, None) is not None} | dict(new.said).keys()
    changed |= {name: getattr(new, name) for name in dict(new.said)}  # what is unclear now is no longer known
    changed["said"] = (*(pair for pair in known.said if pair[0] not in told), *new.said)
    return replace(known, **changed)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _words(figures: Figures) -> tuple[tuple[str, str], ...]:
    """The words of what is not one plain figure, of the fields that a profile holds."""
    loose = {name: amount.words for name, amount in figures.sure.items() if amount.unusual or amount.approximate}
    return tuple((name, words) for name, words in (loose | figures.unclear).items() if name in LABELS)


def extract(text: str, known: Profile | None = None) -> Profile:
    """What a message tells of the firm, on top of what is known; a correction replaces, a denial removes.

    A message that only asks about something (汽车行业三级要做到啥) adds no industry.
    """
    known = known or Profile()
    whole = beginning(normalise(text), 4000)
    said = _corrected(extraction.stated(whole), whole, known)
    figures = read_roles(said)
    value = {name: amount.value for name, amount in figures.sure.items()}
    own = extraction.speaks_of_self(said)
    told = own or re.search(r"现在|目前|从|想|目标", said)
    level, target = extraction.levels(said) if told else (None, None)
    used, not_used = extraction.systems(said)
    held, denied = extraction.titles(whole)
    new = Profile(
        industry=_industry(said, known) if own or _bare_industry(said) else None,
        employees=_whole(value.get("employees")), revenue_wan=value.get("revenue_wan"), assets_wan=value.get("assets_wan"),
        budget_wan=value.get("budget_wan"), region=_region(said, own, known) or _region(whole, own, known),
        size=extraction.size_words(said), titles=held,
        complexity=extraction.first_of(said, "complexity") if own else None,
        chain=extraction.first_of(said, "chain") if own else None, systems=used,
        practices=tuple(extraction.practices(said).items()), pains=extraction.pains(said),
        level=level, target_level=target or read_target(said), no_it_staff=extraction.it_staff_missing(said),
        founded=read_founded(said), statements=tuple(read_statements(whole).items()),
        figures=tuple(read_other_figures(whole).items()), said=_words(figures),
    )  # fmt: skip
    merged = merge(known, new)
    gone = {each.place.label for each in set_aside(whole) if each.word == DENIED}
    return replace(
        merged,
        region=None if merged.region in gone else merged.region,
        titles=tuple(t for t in merged.titles if extraction.title_name(t) not in denied),
        systems=tuple(s for s in merged.systems if not any(extraction.same_system(s, gone) for gone in not_used)),
        practices=tuple(one for one in merged.practices if one in new.practices or not _names(one[1], not_used)),
    )


def _names(said: str, systems: Sequence[str]) -> bool:
    named = [words for words, _ in extraction.system_words(said)]
    return any(extraction.same_system(one, other) for one in named for other in systems)


def _region(text: str, own: bool, known: Profile) -> str | None:
    """The place told: of a message about oneself or a short one, else one that stands between commas by itself.

    A question about another place (宁波呢) does not move the firm.
    """
    if not own and known.region and text.rstrip("？?").endswith(("呢", "吗", "多少")):
        return None
    if own or len(text) <= 12 or (not known.region and any(each.role == SITE for each in counted(text))):
        return extraction.place(text)
    return next(
        (place for part in extraction.clauses(text) if len(part) <= 6 and (place := extraction.place(part))), None
    )


def _industry(text: str, known: Profile) -> str | None:
    """The industry named, as said; a mere 厂 does not replace what is known."""
    match = industries.spoken(text)
    if match is None or (match.generic and known.industry):
        return None
    return match.name if match.generic else match.word


def _bare_industry(text: str) -> bool:
    """Whether the message is no more than the name of an industry, as an answer to 做什么行业."""
    return len(text) <= 12 and not re.search(r"[?？吗呢啥]|什么|怎么", text) and industries.find(text) is not None


_HAGGLES = re.compile(r"太(贵|多|高|少)了?|没有?那么多|^(那|要是|如果|改成|换成|不对|错了|只有|最多)")
"""What gives another sum for the budget known, without its name."""
_FIELD_WORDS = {"employees": r"人数|员工|人", "revenue_wan": r"营收|营业额|收入", "budget_wan": r"预算"}


def _corrected(said: str, whole: str, known: Profile) -> str:
    """The text with units added to a corrected bare figure: 不是280，是180 → 180人 where 280 people were known."""
    hit = re.search(
        r"(?<!是)不是\s*(\d[\d.]*)[^\d，,]{0,3}[，,]?\s*(?:而)?(?:应该)?是\s*(\d[\d.]*)(?![\d.]*\s*(?:人|个|名|万|亿|w))",
        whole,
    )
    if hit:
        old, new = float(hit[1].rstrip(".")), hit[2].rstrip(".")
        if old == known.employees:
            return f"{said}，员工{new}人"
        if old == known.revenue_wan:
            return f"{said}，营收{new}万元"
        if old == known.budget_wan:
            return f"{said}，预算{new}万元"
    for field, words in _FIELD_WORDS.items():
        hit = re.search(
            rf"(?:{words})[^\d，,。]{{0,8}}(?:改成|改为|应该是|其实是|写错了?[，,]?是?)\s*(\d[\d.]*)(?!\s*(?:[\d万亿人多来]|个))",
            whole,
        )
        if hit:
            unit = "人" if field == "employees" else "万"
            label = {"employees": "员工", "revenue_wan": "营收", "budget_wan": "预算"}[field]
            return f"{label}{hit[1].rstrip('.')}{unit}"
    sums = money(said)
    if known.budget_wan is not None and len(sums) == 1 and _HAGGLES.search(whole) and not read_roles(said).sure:
        return f"{said}，预算{sums[0].words}"
    return said
