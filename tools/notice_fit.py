"""A notice's conditions against what is known of a firm: met, not met, or to be checked, each with its clause.

A clause is read into the same conditions that the programmes of the knowledge base have, and judged by the same rules;
what no rule reads stays to be checked by the firm itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from core.clock import today
from core.errors import BadInput
from corpus.rows import Condition, ProfileField
from tools import industries, subsidy
from tools.amounts import money, wan_text
from tools.applicant import Applicant
from tools.notice import Point
from tools.profile import Profile
from tools.programme import Check, State, check
from tools.region import find_place

_LEVELS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_AT_MOST = re.compile(r"不超过|不高于|(?<!不)低于|以下|不多于")
_WHERE = re.compile(
    r"(?:在|于)([\u4e00-\u9fff]{2,12}?(?:[省市区县]|自治区))(?:[\u4e00-\u9fff]{0,6}?)(?:依法)?(?:注册|登记|设立|纳税|从事|经营)|注册地(?:址)?(?:在|位于)([\u4e00-\u9fff]{2,12}?[省市区县])"
)
_TITLES = ("小巨人", "专精特新", "高新技术企业", "创新型中小企业", "科技型中小企业")
_STAFF = re.compile(r"(\d{1,6})\s*(?:人|名)")
_SCALED_WAN = 2000.0
"""规模以上工业企业: a yearly revenue from the main business of 20 million yuan and more (国家统计局, since 2011)."""


@dataclass(frozen=True)
class Fit:
    """One condition: its clause, its state, on what grounds, and the argument that would decide."""

    point: Point
    state: State
    given: str = ""
    ask: str = ""


Verdict = Literal["no", "likely", "maybe"]


def fit(conditions: Sequence[Point], profile: Profile, day: date | None = None) -> list[Fit]:
    """Each condition against a firm; one clause may hold several, and is met only where all of them are."""
    firm = _applicant(profile, day or today())
    return [_judged(point, profile, firm) for point in conditions]


def verdict(fits: Sequence[Fit]) -> Verdict:
    """no: a condition is not met; likely: all are met; maybe: some have to be checked."""
    states = {f.state for f in fits}
    return "no" if "not_met" in states else "maybe" if "unknown" in states or not fits else "likely"


def _applicant(profile: Profile, day: date) -> Applicant:
    kind = "、".join((*profile.titles, *([profile.size] if profile.size else [])))
    given = {
        "地区": profile.region or "", "企业类型": kind, "投入万元": profile.budget_wan, "行业": profile.industry or "",
        "从业人员": profile.employees, "营业收入万元": profile.revenue_wan, "等级": profile.level, "目标等级": profile.target_level,
    }  # fmt: skip
    try:
        return subsidy.applicant(subsidy.Arguments.model_validate({k: v for k, v in given.items() if v}), day)
    except (BadInput, ValueError):
        return Applicant(day)


def _judged(point: Point, profile: Profile, firm: Applicant) -> Fit:
    found = [
        *_figures(point.text, profile),
        *((c.state, c.given, c.ask) for c in (_plainly(check(asked, firm)) for asked in _conditions(point.text))),
    ]
    found += _industry(point.text, profile)
    if not found:
        return Fit(point, "unknown")
    states: set[State] = {state for state, _, _ in found}
    worst: State = "not_met" if "not_met" in states else "unknown" if "unknown" in states else "met"
    chosen = [f for f in found if f[0] == worst]
    if worst == "met" and _holds_more(point.text):
        return Fit(point, "unknown", "、".join(dict.fromkeys(f[1] for f in chosen if f[1])) + "对得上，其余要自己核对")
    return Fit(
        point, worst, "、".join(dict.fromkeys(f[1] for f in chosen if f[1])), next((f[2] for f in chosen if f[2]), "")
    )


def _plainly(found: Check) -> Check:
    """The sizes that are left, in one word where they are all of the small ones."""
    return replace(found, given=found.given.replace("中型或小型或微型", "中小微企业"))


def _holds_more(text: str) -> bool:
    """Whether a clause asks for something else beside what the rules read."""
    return bool(
        re.search(
            r"无(?:重大|严重|不良)|未(?:发生|列入|被)|信用|安全|环保|知识产权|研发|审计|合同|完成(?:改造|项目)", text
        )
    )


def _conditions(text: str) -> list[Condition]:
    """The conditions of the programmes' kinds that a clause holds."""
    out = []

    def add(
        field: ProfileField, op: Literal["eq", "in", "any_of", "gte", "lte"], value: str | float | tuple[str, ...]
    ) -> None:
        out.append(Condition(id=field, text=text, field=field, op=op, value=value))

    if (where := _WHERE.search(text)) and (place := _place(where[1] or where[2])):
        add(*place)
    if re.search(r"中小微?企业|中小企业", text):
        add("size_class", "in", ("中型", "小型", "微型"))
    elif re.search(r"小微企业|小型微型", text):
        add("size_class", "in", ("小型", "微型"))
    titles = () if re.search(r"优先|鼓励", text) else tuple(t for t in _TITLES if t in text)
    if titles:
        add("titles", "any_of", ("小巨人",) if "小巨人" in titles and "省级" not in text else titles)
    if level := re.search(
        r"数字化(?:水平|能力)?(?:等级|评测)?[^。；]{0,12}?(?:达到|不低于|为|在)\s*([一二三四1-4])\s*级", text
    ):
        add("level", "gte", float(_LEVELS[level[1]]))
    if re.search(r"(?:投入|投资额|总投资|项目投资)", text) and (amounts := money(text)) and "营业" not in text:
        add("spend_wan", "lte" if _AT_MOST.search(text) else "gte", amounts[0].value)
    return out


def _place(name: str) -> tuple[ProfileField, Literal["eq"], str] | None:
    try:
        place = find_place(name)
    except BadInput:
        return None
    if place and place.city:
        return "region_city", "eq", place.city
    return ("region_province", "eq", place.province) if place and place.province else None


def _figures(text: str, profile: Profile) -> list[tuple[State, str, str]]:
    """What a clause asks of revenue and staff."""
    out: list[tuple[State, str, str]] = []
    if re.search(r"营业收入|营收|销售收入|产值", text) and (bounds := money(text)):
        out.append(
            _bounded(
                profile.revenue_wan, bounds[0].value, text, "营收" + wan_text(profile.revenue_wan or 0), "营业收入万元"
            )
        )
    elif re.search(r"规上|规模以上", text):
        out.append(
            _bounded(
                profile.revenue_wan,
                _SCALED_WAN,
                "不低于",
                f"营收{wan_text(profile.revenue_wan or 0)}，规上按年2000万元算",
                "营业收入万元",
            )
        )
    if re.search(r"职工|从业人员|员工|参保", text) and (staff := _STAFF.search(text)):
        out.append(_bounded(profile.employees, float(staff[1]), text, f"{profile.employees}人", "从业人员"))
    return out


def _bounded(value: float | None, bound: float, text: str, given: str, ask: str) -> tuple[State, str, str]:
    if value is None:
        return "unknown", "", ask
    holds = value <= bound if _AT_MOST.search(text) else value >= bound
    return ("met" if holds else "not_met"), given, ""


def _industry(text: str, profile: Profile) -> list[tuple[State, str, str]]:
    if not re.search(r"制造业|工业(?:中小)?企业|生产型企业", text):
        return []
    found = industries.find(profile.industry, said=True) if profile.industry else None
    if found is None:
        return [("unknown", profile.industry or "", "行业")]
    return [("met" if found.row else "not_met", found.word, "")]
