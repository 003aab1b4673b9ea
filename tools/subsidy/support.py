"""Every support programme against one applicant: which fit, which are over, and the most useful first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from corpus.rows import Programme
from corpus.tables import load_tables
from tools.firm.applicant import Applicant
from tools.subsidy.grant import Estimate, estimate, use_fits
from tools.subsidy.programme import PILOT, Check, Standing, check_all, is_local, standing_for, verdict

Group = Literal["fits", "maybe", "no", "over", "elsewhere"]
GROUPS: tuple[Group, ...] = ("fits", "maybe", "no", "over", "elsewhere")
_KNOWN = {
    "computed": 25,
    "hearsay": 15,
    "cap_only": 15,
    "needs_spend": 15,
    "needs_loan": 15,
    "needs_use": 5,
    "unknown": 5,
}
_VERDICTS: dict[str, Group] = {"no": "no", "likely": "fits", "maybe": "maybe"}
OLD_YEARS = 3
"""From this age on a programme of which no end is known goes to the back."""
_WRONG = {"wrong_use", "no_tier"}
_STANDING = {"open": 20, "open_no_end": 15, "unknown": 0}


@dataclass(frozen=True)
class Match:
    """A programme with everything found out about it; local is None where the place is not known well enough."""

    row: Programme
    local: bool | None
    standing: Standing
    checks: tuple[Check, ...]
    estimate: Estimate
    group: Group
    score: int

    @property
    def is_regional(self) -> bool:
        return self.row.region.province is not None or self.row.region.city is not None

    @property
    def unknown(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.state == "unknown")

    @property
    def not_met(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.state == "not_met")

    @property
    def asks(self) -> tuple[str, ...]:
        """The arguments that would decide, in the order of the conditions, then those for the amount."""
        wanted = {"needs_spend": "投入万元", "cap_only": "目标等级", "needs_loan": "贷款万元", "needs_use": "用途"}
        levelled = self.estimate.by_level and self.estimate.low_wan != self.estimate.high_wan
        more = [wanted.get(self.estimate.state, ""), "目标等级" if levelled else ""]
        return tuple(dict.fromkeys(ask for ask in (*(check.ask for check in self.unknown), *more) if ask))

    def as_json(self) -> dict[str, Any]:
        """The whole finding; a programme of another place is only named."""
        row = self.row
        named = {
            "id": row.id,
            "name": row.name,
            "level": row.level,
            "region": row.region.model_dump(),
            "kind": row.kind,
        }
        if self.group == "elsewhere":
            return {**named, "group": self.group}
        return {
            **named,
            "group": self.group,
            "local": self.local,
            "giver": row.giver,
            "doc_no": row.doc_no,
            "gives": row.gives,
            "conditions": [{"id": c.id, "text": c.text, "state": c.state, "given": c.given} for c in self.checks],
            "estimate": self.estimate.as_json(),
            "status": {"state": self.standing.state, "text": self.standing.text, "days_left": self.standing.days_left},
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
            "validity_note": row.validity_note,
            "eligible": list(row.eligible),
            "excluded": list(row.excluded),
            "double_funding": row.double_funding,
            "materials": list(row.materials),
            "materials_note": row.materials_note,
            "steps": list(row.steps),
            "ask": row.ask,
            "note": row.note,
            "certainty": row.certainty,
            "as_of": row.as_of,
            "source": row.source,
            "card": row.card,
        }


def match_all(firm: Applicant) -> list[Match]:
    """All programmes by group, the most useful first in each."""
    matches = [match(row, firm) for row in load_tables().programmes]
    return sorted(matches, key=lambda m: (GROUPS.index(m.group), -m.score))


def best_of(matches: Iterable[Match], least: int, most: int) -> list[Match]:
    """The most useful of those that can be had: `least`, and up to `most` where their amount could be reckoned.

    A city's own subsidy stands for the national pilot that it carries out.
    """
    usable = sorted((m for m in matches if m.group in {"fits", "maybe"} and m.score > 0), key=lambda m: -m.score)
    carried_out = any(m.row.region.city and any(check.id == "pilot" for check in m.checks) for m in usable)
    usable = [m for m in usable if not (carried_out and m.row.id == PILOT)]
    return [m for n, m in enumerate(usable[:most]) if n < least or m.estimate.state == "computed"]


def match(row: Programme, firm: Applicant) -> Match:
    """One programme against the applicant."""
    local, standing, checks = is_local(row, firm.place), standing_for(row, firm), check_all(row, firm)
    money = estimate(row, firm)
    group: Group
    if local is False:
        group = "elsewhere"
    elif standing.is_over or standing.state == "not_started":
        group = "over"
    else:
        group = _VERDICTS[verdict(checks)]
    found = Match(row, local, standing, checks, money, group, 0)
    return replace(found, score=_score(found, firm))


def wanted_kinds(firm: Applicant) -> frozenset[str]:
    """The kinds of support that the question is about."""
    kinds: set[str] = set()
    if firm.loan_wan is not None or any(word in firm.purpose for word in ("贷", "贴息", "担保", "利息")):
        kinds |= {"interest", "loan", "guarantee"}
    if firm.spend_wan is not None or not kinds:
        kinds |= {"subsidy", "voucher"}
    return frozenset(kinds)


def is_old(m: Match, firm: Applicant) -> bool:
    """Whether the programme is years old and nobody knows if it still holds."""
    age_years = firm.day.year - int(m.row.published[:4]) if m.row.published else 0
    return m.standing.state == "unknown" and age_years > OLD_YEARS


def _score(m: Match, firm: Applicant) -> int:
    """Our own order of usefulness: what was asked for, local, with a known amount, open, all conditions met."""
    points = 30 if m.row.kind in wanted_kinds(firm) else 0
    points += _KNOWN.get(m.estimate.state, 0) + _STANDING.get(m.standing.state, 0)
    points += 10 if m.group == "fits" else 0
    points += 20 if m.row.id == PILOT else 0
    if m.is_regional:
        points += 25 if m.local else -200
    elif m.row.level != "national" or m.row.kind in {"service", "insurance", "tax"}:
        points -= 30
    points -= 25 if m.row.level == "national" and not m.row.amount_known and m.row.id != PILOT else 0
    points -= 200 if m.estimate.state in _WRONG else 0
    points -= 30 if m.row.kind == "voucher" and not use_fits(m.row, firm) else 0
    points -= 10 if any(check.id == "purpose" for check in m.unknown) else 0
    points -= 20 if any(check.id in {"district", "city"} for check in m.unknown) else 0
    points -= 40 if is_old(m, firm) else 0
    return points
