"""A notice's conditions against what is known of a firm: met, not met, or to be checked, each with its clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.dates import later
from core.errors import BadInput
from tools.arguments import LEVEL_NAMES
from tools.conditions.firm import Firm, Span
from tools.conditions.judge import Ask, judge
from tools.conditions.own_words import TITLE, figure_words
from tools.conditions.parse import parse
from tools.conditions.predicates import Soft
from tools.conditions.sizes import possible_sizes
from tools.conditions.vocabulary import vocabulary
from tools.firm.amounts import wan_text
from tools.firm.applicant import denied_titles, read_kind
from tools.firm.profile import Profile
from tools.firm.region import Place, find_place
from tools.firm.roles import FACTS, span
from tools.notice import Point

State = Literal["met", "not_met", "unknown", "soft"]
ROUGH = 1.001
"""A rough figure is never quite at its upper end: 四五十人 does not say that they are not more than fifty."""
Verdict = Literal["no", "likely", "maybe"]


@dataclass(frozen=True)
class Fit:
    """One condition: its clause, its state (soft: preferred only, no condition), the facts used, and what would settle it."""

    point: Point
    state: State
    given: str = ""
    asks: tuple[Ask, ...] = ()


def fit(conditions: Sequence[Point], profile: Profile, day: date, home: Place | None = None) -> list[Fit]:
    """Each condition against a firm on a day. home: where the one who gives the notice is, for 本市."""
    firm = firm_of(profile, day)
    return [_fitted(point, firm, day, home) for point in conditions]


def verdict(fits: Sequence[Fit]) -> Verdict:
    """no: a condition is not met; likely: all are met; maybe: some have to be checked, or there is none."""
    states = {one.state for one in fits} - {"soft"}
    return "no" if "not_met" in states else "maybe" if "unknown" in states or not states else "likely"


def _fitted(point: Point, firm: Firm, day: date, home: Place | None) -> Fit:
    node = parse(point.whole or point.text, day, home)
    if isinstance(node, Soft):
        return Fit(point, "soft")
    found = judge(node, firm)
    return Fit(point, found.state, "、".join(found.facts), found.asks)


def firm_of(profile: Profile, day: date) -> Firm:
    """A profile as conditions ask for it."""
    kind = "、".join((*profile.titles, *([profile.size] if profile.size else [])))
    sizes, titles, pilot, private = read_kind(kind)
    rough = {name: (span(words), f"{FACTS.get(name, '')}{words}") for name, words in profile.said}
    figures = {
        "employees": _span(profile.employees, f"{profile.employees}人", rough.get("employees")),
        "revenue_wan": _span(
            profile.revenue_wan, f"营收{wan_text(profile.revenue_wan or 0)}", rough.get("revenue_wan")
        ),
        "assets_wan": _span(profile.assets_wan, f"资产{wan_text(profile.assets_wan or 0)}", rough.get("assets_wan")),
        "spend_wan": _span(profile.budget_wan, f"投入{wan_text(profile.budget_wan or 0)}", rough.get("budget_wan")),
        "level": _span(profile.level, f"现在{LEVEL_NAMES.get(profile.level or 0, '')}"),
        "level_after": _span(profile.target_level, f"做到{LEVEL_NAMES.get(profile.target_level or 0, '')}"),
    }
    figures |= {name: _span(value, figure_words(name, value)) for name, value in profile.figures if name != "age_years"}
    known = {name: span for name, span in figures.items() if span}
    own = possible_sizes(profile.industry or "", known)
    said = {"pilot_firm": pilot, "private": private, **dict(profile.statements)}
    if profile.name and profile.name.endswith(("有限公司", "有限责任公司", "股份公司")):
        said.setdefault("legal_person", True)
    return Firm(
        day, _place(profile.region), profile.industry or "", known, founded=profile.founded_between or _founded(profile, day),
        sizes=own & sizes if own and sizes else own or sizes, titles=frozenset(titles), denied=frozenset(denied_titles(kind)) | {key.removeprefix(TITLE) for key in said if key.startswith(TITLE)},
        statements=with_what_follows({key: value for key, value in said.items() if value is not None}),
    )  # fmt: skip


def with_what_follows(said: Mapping[str, bool]) -> dict[str, bool]:
    """Yes and no with what follows from them: a loss is no profit, 民营 is not 国有控股; what was said itself stays."""
    known = vocabulary().data["statements"]
    found: dict[str, bool] = {}
    for key in (key for key, holds in said.items() if holds and key in known):
        found |= dict.fromkeys(known[key].get("implies", ()), True)
        found |= dict.fromkeys(known[key].get("excludes", ()), False)
    return found | dict(said)


def _founded(profile: Profile, day: date) -> tuple[date, date] | None:
    """The first and last day on which a firm of so many whole years can have been founded."""
    years = dict(profile.figures).get("age_years")
    if years is None:
        return None
    return later(day, -12 * (int(years) + 1)) + timedelta(days=1), later(day, -12 * int(years))


def _span(value: float | None, said: str, rough: tuple[tuple[float, float] | None, str] | None = None) -> Span | None:
    """What is known of a figure. rough: both ends of one said as a range or roughly, with its words."""
    if value is None:
        return None
    ends, words = rough or (None, "")
    if ends is None:
        return Span(value, value, said)
    return Span(ends[0], ends[1] * ROUGH, words)


def _place(region: str | None) -> Place | None:
    try:
        return find_place(region)
    except BadInput:
        return None
