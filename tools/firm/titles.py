"""A firm's figures against the conditions of a title (专精特新, 小巨人, 科技和创新型) under the rules in force, row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.numbers import quantities
from core.text import normalise
from corpus.rows import TitleCondition
from corpus.tables import load_tables
from tools.firm.amounts import percent, wan_text
from tools.firm.profile import Profile
from tools.firm.roles import span
from tools.outcome import Book, Outcome

EDITION = 2026
NAMES = {"小巨人": "小巨人", "专精特新": "专精特新", "创新型中小企业": "科技和创新型"}
"""Titles as a message names them, and as the table does."""
_ABOVE = {"科技和创新型": ("创新型", "专精特新", "小巨人"), "创新型": ("创新型",), "专精特新": ("专精特新", "小巨人")}
"""What a firm may hold so that a title it must hold first is given."""
_ASKS = {
    "titles": "现在有哪些称号？", "niche_years": "在这个细分市场做了几年？", "revenue_wan": "去年营收多少？", "main_share": "主营业务占营收百分之几？",
    "debt_ratio": "资产负债率多少？", "rd_wan_each_year": "近两年每年研发费多少？", "rd_share_each_year": "近两年每年研发费、营收各多少？",
    "rd_wan_two_years": "近两年研发费合计多少？", "revenue_growth": "近两年营收各多少？", "ip_class1": "Ⅰ类知识产权几项？", "market_share": "市占率多少？",
    "development_score": "发展评价多少分？",
}  # fmt: skip
_TWO_YEARS = re.compile(r"[近这前]?[两二2]年")
_EACH_YEAR = re.compile(r"每年|年年|每一年")

State = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True)
class Facts:
    """What is known of a firm for titles. values: field of titles.yaml → (least, most, as told); shares from 0 to 1, sums in 万元."""

    titles: tuple[str, ...]
    values: Mapping[str, tuple[float, float, str]]


@dataclass(frozen=True)
class Finding:
    """One condition, its state, and the facts used."""

    row: TitleCondition
    state: State
    given: str = ""


def read_research(text: str) -> dict[str, float]:
    """Research spending told in a text, 万元, by what it is of: each (of two years), two_years (both together), last (one year)."""
    text, found = normalise(text), dict[str, float]()
    for q in quantities(text):
        part = re.split(r"[，,。；;、！!？?\n]", text[: q.start])[-1]
        if q.kind == "money" and q.sure and q.low == q.high and "研发" in part:
            of = (
                "two_years"
                if _TWO_YEARS.search(part) and not _EACH_YEAR.search(part)
                else "each"
                if _EACH_YEAR.search(part)
                else "last"
            )
            found[of] = q.nominal
    return found


def facts_of(profile: Profile, text: str) -> Facts:
    """What a profile and the user's words tell."""
    values: dict[str, tuple[float, float, str]] = {}
    if profile.revenue_wan is not None:
        ends = span(dict(profile.said).get("revenue_wan", "")) or (profile.revenue_wan, profile.revenue_wan)
        values["revenue_wan"] = (*ends, f"营收{wan_text(profile.revenue_wan)}")
    figures = dict(profile.figures)
    for name, field, label in (("debt_share", "debt_ratio", "资产负债率"), ("main_share", "main_share", "主营占比")):
        if name in figures:
            values[field] = (figures[name] / 100, figures[name] / 100, f"{label}{figures[name]:g}%")
    if "niche_years" in figures:
        values["niche_years"] = (figures["niche_years"], figures["niche_years"], f"做了{figures['niche_years']:g}年")
    return Facts(profile.titles, values | _research(read_research(text), figures, profile.revenue_wan))


def _research(
    told: Mapping[str, float], figures: Mapping[str, float], revenue: float | None
) -> dict[str, tuple[float, float, str]]:
    """Research by field: of one year's figure only the most that both years can be is known, so it may fail a line and not meet it."""
    found: dict[str, tuple[float, float, str]] = {}
    each, last = told.get("each"), told.get("last", figures.get("rd_wan"))
    if each is not None:
        found["rd_wan_each_year"] = (each, each, f"每年{wan_text(each)}")
        found["rd_wan_two_years"] = (2 * each, 2 * each, f"两年合计{wan_text(2 * each)}")
    elif last is not None:
        found["rd_wan_each_year"] = (0.0, last, f"一年{wan_text(last)}")
    if "two_years" in told:
        total = told["two_years"]
        found["rd_wan_two_years"] = (total, total, f"两年合计{wan_text(total)}")
        found.setdefault("rd_wan_each_year", (0.0, total / 2, f"两年合计{wan_text(total)}，少的一年不超过一半"))
    year, share = each if each is not None else last, figures.get("rd_wan/revenue_wan")
    known = share / 100 if share is not None else year / revenue if year is not None and revenue else None
    if known is not None:
        found["rd_share_each_year"] = (0.0, known, f"研发占营收{percent(known)}，按一年算")
    return found


def judge(row: TitleCondition, facts: Facts) -> Finding:
    """One condition against the facts; what is not known, or is no matter of figures, is to be checked."""
    if row.field == "titles":
        wanted = row.value if isinstance(row.value, tuple) else (str(row.value),)
        held = [t for t in facts.titles if any(word in t for name in wanted for word in _ABOVE.get(name, (name,)))]
        return Finding(row, "met" if held else "unknown", "、".join(held))
    known = facts.values.get(row.field or "")
    if known is None or not isinstance(row.value, (int, float)) or row.op not in {"gte", "lte"}:
        return Finding(row, "unknown")
    low, high, said = known
    if row.op == "lte":
        low, high, bound = -high, -low, -float(row.value)
    else:
        bound = float(row.value)
    state: State = "met" if low >= bound - 1e-9 else "not_met" if high < bound - 1e-9 else "unknown"
    return Finding(row, state, said)


def check(title: str, facts: Facts) -> list[Finding]:
    """Every condition of a title; of alternatives one line, failed only where each of them fails."""
    found: list[Finding] = []
    rows = [row for row in load_tables().titles if (row.title, row.edition) == (title, EDITION)]
    groups = dict.fromkeys(row.any_group or row.id for row in rows)
    for name in groups:
        parts = [judge(row, facts) for row in rows if (row.any_group or row.id) == name]
        best = min(parts, key=lambda one: ("met", "unknown", "not_met").index(one.state))
        given = best.given or next((one.given for one in parts if one.given), "")
        text = "，或".join(one.row.text for one in parts)
        found.append(Finding(best.row.model_copy(update={"text": text}), best.state, given))
    return found


def fit(title: str, facts: Facts, marks: Mapping[str, str]) -> Outcome:
    """Whether a firm meets a title's conditions as far as it told; never that it does while anything is left to check.

    marks: how a line of each state begins.
    """
    found, book = check(title, facts), Book()
    count = {state: sum(one.state == state for one in found) for state in ("met", "not_met", "unknown")}
    rest = f"，另有{count['unknown']}条要核" if count["unknown"] else ""
    if count["not_met"]:
        head = f"**有{count['not_met']}条对不上{rest}**"
    elif count["unknown"]:
        head = f"**还不能确定**：说到的没有对不上的，有{count['unknown']}条要核"
    else:
        head = f"**按说到的情况，{count['met']}条条件都对得上**"
    lines = [f"{head}（{EDITION}年报{title}的条件，据第三方整理，未见官方原文）。评不评得上以主管部门审核为准。"]
    for state in ("not_met", "unknown", "met"):
        for one in found:
            if one.state == state:
                given = f"（{one.given}）" if one.given else ""
                note = (
                    f"；{one.row.note}"
                    if one.row.note and state != "met" and one.row.note[:4] not in one.row.text
                    else ""
                )
                lines.append(f"- {marks[state]}{given}：{one.row.text}{note} [{book.cite(one.row)}]")
    asked = dict.fromkeys(_ASKS[one.row.field] for one in found if one.state == "unknown" and one.row.field in _ASKS)
    if asked:
        lines.append("\n**先说这几样，我接着对**：" + "".join(list(asked)[:4]))
    rows = [{"text": one.row.text, "state": one.state, "given": one.given} for one in found]
    verdict = "no" if count["not_met"] else "maybe" if count["unknown"] else "likely"
    return Outcome(
        "\n".join(lines), {"title": title, "verdict": verdict, "conditions": rows}, book.rows, book.certainty
    )
