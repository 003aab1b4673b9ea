"""What a message gives the search for support to work with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from corpus.places import places
from tools.firm import extraction, industries
from tools.firm.aims import finish_said, target_said
from tools.firm.profile import Profile
from tools.subsidy.programme import interest_named
from tools.told import Told, level_name

_PURPOSE = re.compile(
    r"(?:换|买|购置?|采购|上|改造?|更新|升级|建|装|租|添|做|搞)(?!年|半年|过|来|面)[^，,。？?！!；;万\d]{1,12}"
)
ENOUGH, FULLY = 2, 3
"""With so many facts a place's own documents need not answer first; so many match support though a date is asked for as well."""
ENDS_FIRST = "截止清单"


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """Its arguments by their Chinese names, None where nothing is known."""
    kind = "、".join((*known.titles, *([known.size] if known.size else [])))
    inherit, due, place = known is not told.now, told.due, told.place(known)
    cost = told.project_outlay(place) if inherit else told.outlay
    spend = None if cost.open or cost.loan_part else cost.spend_wan or known.budget_wan
    finish = (
        told.told_before(place, lambda text: finish_said(text, told.day))
        if inherit
        else finish_said(told.text, told.day)
    )
    first, last = finish or (None, None)
    return {"截止起": due and due.first and due.first.isoformat(), "截止止": due and due.last and due.last.isoformat(),
            "地区": place, "企业类型": kind, "投入万元": spend, "贷款万元": told.money.get("loan_wan"),
            "用途": "，".join(filter(None, (_purpose(told, inherit), *cost.parts, cost.loan_part))), "行业": told.industry_of(known),
            "从业人员": known.employees, "营业收入万元": known.revenue_wan, "等级": level_name(known.level),
            "目标等级": _aim(told, known, place if inherit else None), "完工起": first and first.isoformat(),
            "完工止": last and last.isoformat(), "已得补助万元": cost.received_wan, "问的项目": interest_named(told.text),
            "问的金额万元": told.outlay.hoped_wan}  # fmt: skip


def facts(told: Told) -> int:
    """How many of place, kind of firm, amount and purpose are known for matching support; an amount counts twice."""
    known, sums = told.profile, told.money.keys() | told.figures.unclear.keys()
    amount = bool(sums & {"spent_wan", "budget_wan", "loan_wan"}) or known.budget_wan is not None
    amount = amount or bool(told.outlay.spend_wan or told.outlay.open)
    return 2 * amount + bool(known.region) + bool(known.titles or known.size) + (told.now.employees is not None)


def once(told: Told, kind: str) -> dict[str, Any] | None:
    """The list of what ends, where that is asked for; None for one date or for a place's support, which stand in documents."""
    one_date, known = told.value == "日期", facts(told)
    if kind == "deadline" or (told.due and not one_date):
        return {"只看": ENDS_FIRST}
    if one_date and known < FULLY:
        return None
    of_own = extraction.speaks_of_self(told.text) or told.knew_the_firm
    return None if known < ENOUGH and places(told.text) and not of_own else {}


def read_back(told: Told, given: Mapping[str, Any]) -> Iterator[str]:
    """How the cost of the project was taken."""
    return (f"{line}。" for line in (told.outlay.note, told.outlay.open) if line)


def _aim(told: Told, known: Profile, place: str | None) -> str | None:
    """The level aimed at: what this message says of it, what is known, else what an earlier one said of the same place."""
    now = target_said(told.text)
    if now is None and known.target_level is None and known.level is None and place:
        now = told.told_before(place, target_said)
    present = level_name(known.level)
    return now if now and now != present else told.target(known)


def _purpose(told: Told, inherit: bool) -> str:
    earlier = reversed(told.earlier) if inherit else ()
    return "、".join(next(filter(None, map(_purposes, (told.text, *earlier))), ()))


def _purposes(text: str) -> tuple[str, ...]:
    """What money is to be spent on, in the words used: 换设备, 上MES."""
    bare = re.sub(r"\d[\d.,]*\s*[千百]?[万亿w]元?|[一二三四五六七八九十百千]+万", "，", text)
    wrong = r"补|资金|贴息|担保|政策|支持|申请|计划|规划|多少|什么|啥|路线|级|[吗呢么]$"
    found = [m for m in _PURPOSE.findall(bare) if not re.search(wrong, m)]
    return tuple(m for m in found if m[0] not in "做搞" or industries.find(m[1:], said=True) is None)
