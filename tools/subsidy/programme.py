"""One support programme against one applicant on one day: which conditions are met, and whether it is still open."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.dates import last_day
from core.periods import periods
from corpus.places import places
from corpus.rows import Condition, PilotCity, Programme
from corpus.tables import load_tables
from corpus.words import lexicon
from tools.conditions.judge import Finding, State, judge
from tools.conditions.predicates import Located
from tools.conditions.rows import condition_of
from tools.firm.applicant import Applicant
from tools.firm.region import Place, bare_name, batch_name, pilot_city

Validity = Literal["open", "open_no_end", "not_started", "expired", "closed", "unknown"]
FRESH_DAYS = 60
"""For how long after the day of its row's knowledge a programme without an end date still counts as open."""
PILOT = "pilot-city"
"""The programme that cities run in batches."""
PILOT_ENDS = {1: date(2025, 12, 31), 2: date(2026, 12, 31), 3: date(2027, 12, 31)}
"""About when each batch ends, as the row's validity_note says."""
_UNTIL = ("约到", "至", "到")
"""What stands before the time at which something ends: 约到2027年, 2026年10月至12月."""
_ARGUMENTS = {
    "place": "地区", "industry": "行业", "size": "企业类型", "level": "目标等级", "level_after": "目标等级", "spend_wan": "投入万元",
    "loan_wan": "贷款万元", "purpose": "用途", "pilot_firm": "企业类型", "private": "企业类型", "title": "企业类型",
}  # fmt: skip
"""What settles a condition, by the argument of the tool that tells it."""


@dataclass(frozen=True)
class Check:
    """One condition (its clause is `text`), whether it is met, on what grounds, and the argument that would decide."""

    id: str
    text: str
    state: State
    given: str = ""
    ask: str = ""


@dataclass(frozen=True)
class Standing:
    """Whether a programme is open on a day; days_left counts to the last day, 0 on that day.

    inferred: the last day is reckoned from the name or the batch, not written in the document.
    """

    state: Validity
    text: str
    days_left: int | None = None
    inferred: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in {"open", "open_no_end"}

    @property
    def is_over(self) -> bool:
        return self.state in {"expired", "closed"}


def standing_on(row: Programme, day: date) -> Standing:
    """Judge a programme for a day by its dates, and by its status where it has none; the last day still counts as open."""
    if (begins := row.valid_from or row.published or "") and day.isoformat()[: len(begins)] < begins:
        return Standing("not_started", f"到{day.isoformat()}还没开始（{begins}起）")
    if row.status in {"closed", "superseded"}:
        return Standing("closed", "申报已结束" if row.status == "closed" else "已被新办法替代")
    if row.valid_until:
        left = (date.fromisoformat(row.valid_until) - day).days
        inferred = bool(re.search("推断|推算", row.validity_note or ""))
        guessed = "（推断）" if inferred else ""
        if left < 0:
            return Standing("expired", f"{row.valid_until}已到期{guessed}", inferred=inferred)
        return Standing("open", _days_left(left, row.valid_until, guessed), left, inferred)
    if row.status == "expired":
        return Standing("expired", "已到期")
    known = f"（截至{row.as_of}的信息）" if row.as_of else ""
    fresh = row.as_of and day <= last_day(row.as_of) + timedelta(days=FRESH_DAYS)
    if row.status == "unknown" or not fresh:
        return Standing("unknown", f"还有没有效没查到{known}")
    return Standing("open_no_end", f"有效，截止日没查到{known}")


def _days_left(left: int, until: str, guessed: str) -> str:
    if left == 0:
        return f"今天是最后一天{guessed}"
    return f"有效，还有{left}天，到{until}{guessed}" if left <= 365 else f"有效，到{until}{guessed}"


def standing_for(row: Programme, firm: Applicant) -> Standing:
    """Judge a programme for the applicant's day and, where cities run it in batches, for the batch of the city."""
    standing = standing_on(row, firm.day)
    city = pilot_city(firm.place) if row.id == PILOT and firm.place else None
    if city and city.batch and standing.is_open and firm.day > PILOT_ENDS[city.batch]:
        return Standing("unknown", f"{batch_name(city)}试点期约到{PILOT_ENDS[city.batch]:%Y年%m月}，之后有没有要问当地")
    return standing


def about_until(row: Programme) -> date | None:
    """About the last day on which a programme can still run: its own, else the latest that its note names with 到."""
    if row.valid_until:
        return date.fromisoformat(row.valid_until)
    ends = [
        last
        for stated in periods(row.validity_note or "", date(2020, 1, 1))
        if (last := stated.last) and not stated.relative and (row.validity_note or "")[: stated.start].endswith(_UNTIL)
    ]
    return max(ends, default=None)


def is_local(row: Programme, place: Place | None) -> bool | None:
    """Whether a programme's region covers the place; None where the place is not known well enough."""
    if row.region.province is None and row.region.city is None:
        return True
    if place is None:
        return None
    if row.region.city is None:
        return None if place.province is None and not place.district else place.province == row.region.province
    wanted = bare_name(row.region.city)
    if wanted == place.city:
        return True
    if place.province != row.region.province:
        return False if place.province or place.district else None
    if wanted == place.district:
        return True
    return None if not place.district and place.city in {None, row.region.province} else False


def interest_named(text: str) -> str:
    """The id of the national interest support that a text calls by a word of its name which the others lack; empty for none."""
    rows = [row for row in load_tables().programmes if row.kind == "interest" and row.region.province is None]
    pairs = {row.id: _pairs(row.name) for row in load_tables().programmes}
    rare = {pair for pair, n in Counter(pair for own in pairs.values() for pair in own).items() if n <= 2}
    hits = []
    for row in rows:
        others = set().union(*(pairs[other.id] for other in rows if other is not row))
        if any(pair in text for pair in (pairs[row.id] & rare) - others):
            hits.append(row.id)
    return hits[0] if len(hits) == 1 else ""


def _pairs(name: str) -> set[str]:
    """The pairs of characters within the words of a name."""
    return {word[at : at + 2] for word in lexicon().cut(name) for at in range(len(word) - 1) if word.isalpha()}


def district_of(row: Programme) -> str | None:
    """The district that gives a programme of a city's district, from its giver: 宁波市海曙区 → 海曙."""
    giver = next(iter(places(row.giver)), None) if row.region.city else None
    return giver.county if giver and giver.prefecture == row.region.city else None


def check_all(row: Programme, firm: Applicant) -> tuple[Check, ...]:
    """Every condition of a programme against the applicant, with the district or pilot city that it implies."""
    checks = [check(condition, firm) for condition in row.conditions]
    if row.id == PILOT:
        seen = pilot_city(firm.place) if firm.place else None
        words = f"{firm.place.label}{_batch(seen)}" if firm.place and seen else ""
        checks.insert(
            0,
            Check(
                "pilot-city", "所在城市是试点城市", "met" if seen else "unknown", words, "" if firm.place else "地区"
            ),
        )
    if district := district_of(row):
        text = f"企业在{district}区"
        place = Place(district, row.region.province, row.region.city, district)
        checks.append(_check("district", text, judge(Located(place, text), firm.facts())))
    return tuple(checks)


def _batch(city: PilotCity) -> str:
    return f"是{batch_name(city)}" if city.batch else "在见到的名单里，批次没弄清"


def verdict(checks: tuple[Check, ...]) -> Literal["likely", "maybe", "no"]:
    """no: a condition is not met; likely: all are met as far as was told; maybe: some are not known."""
    states = {check.state for check in checks}
    return "no" if "not_met" in states else "maybe" if "unknown" in states else "likely"


def check(condition: Condition, firm: Applicant) -> Check:
    """One condition against the applicant."""
    return _check(condition.id, condition.text, judge(condition_of(condition, firm.day), firm.facts()))


def _check(id: str, text: str, found: Finding) -> Check:
    asks = [_ARGUMENTS.get(ask.topic.partition(":")[0], "") for ask in found.asks]
    return Check(id, text, found.state, "、".join(found.facts), next(filter(None, asks), ""))
