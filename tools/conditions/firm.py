"""What is known of a firm when conditions are held against it: figures as spans, sets of what is possible, yes and no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tools.conditions.vocabulary import vocabulary
from tools.firm.region import Place

YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Span:
    """A figure known between two ends, both included; one that is known exactly has equal ends. said: as to tell it."""

    low: float
    high: float
    said: str = ""


@dataclass(frozen=True)
class Firm:
    """A firm on a day. What is absent is not known.

    figures: attribute of words.yaml → span (万元, people, percent, levels 1 to 4). founded: first and last day possible.
    sizes: the classes it may be of. titles_complete: it holds no title but these. denied: titles that it does not hold.
    """

    day: date
    place: Place | None = None
    industry: str = ""
    figures: Mapping[str, Span] = field(default_factory=dict)
    founded: tuple[date, date] | None = None
    sizes: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    titles_complete: bool = False
    denied: frozenset[str] = frozenset()
    statements: Mapping[str, bool] = field(default_factory=dict)
    purposes: frozenset[str] = frozenset()
    purpose: str = ""

    def span(self, attribute: str) -> Span | None:
        """What is known of a figure, also where it follows from others: an age from the day of founding, a share from both."""
        if attribute == "level_after" and (after := self._level_after()):
            return after
        if attribute in self.figures:
            return self.figures[attribute]
        if attribute in {"age_years", "founded"} and self.founded:
            return self._age() if attribute == "age_years" else self._founded()
        part, _, whole = attribute.partition("/")
        if whole and part in self.figures and whole in self.figures and self.figures[whole].low > 0:
            above, below = self.figures[part], self.figures[whole]
            return Span(
                above.low / below.high * 100,
                above.high / below.low * 100,
                f"{above.said}，占{100 * above.low / below.high:.3g}%",
            )
        return self._bounded(attribute)

    def _level_after(self) -> Span | None:
        """The level when the project is done: what is meant to be reached, and never less than the present one."""
        present, target = self.figures.get("level"), self.figures.get("level_after")
        if present is None or target is None:
            return target or (present and Span(present.low, 4, present.said))
        return Span(max(present.low, target.low), max(present.high, target.high), target.said)

    def _bounded(self, attribute: str) -> Span | None:
        """A part is never more than its whole: 主营业务收入 at most 营业收入."""
        whole = vocabulary().data["attributes"].get(attribute, {}).get("at_most")
        known = self.span(whole) if whole else None
        return Span(0, known.high, known.said) if known else None

    def _age(self) -> Span:
        assert self.founded
        first, last = self.founded
        return Span(_whole_years(last, self.day), _whole_years(first, self.day), self._founded().said)

    def _founded(self) -> Span:
        assert self.founded
        first, last = self.founded
        said = f"{first:%Y年}" if first != last else f"{first.year}年{first.month}月{first.day}日"
        return Span(first.toordinal(), last.toordinal(), f"{said}成立")

    def holds(self, title: str) -> bool | None:
        """Whether it holds a title: one that it has, or that one of them rests on; None is not known."""
        rests_on = _rests_on(self.titles)
        if title in rests_on:
            return True
        if self.titles_complete or title in self.denied or self.denied & _rests_on(frozenset({title})):
            return False
        return None


def _rests_on(titles: frozenset[str]) -> frozenset[str]:
    """Titles with those that are their precondition."""
    known = vocabulary().data["titles"]
    found, left = set(), set(titles)
    while left:
        title = left.pop()
        found.add(title)
        left |= {*known.get(title, {}).get("implies", ())} - found
    return frozenset(found)


def _whole_years(since: date, day: date) -> float:
    """Years between two days, whole ones exact, so that a firm founded this day three years ago is three years old."""
    years = day.year - since.year - ((day.month, day.day) < (since.month, since.day))
    try:
        last = since.replace(year=since.year + years)
    except ValueError:
        last = since.replace(year=since.year + years, day=28)
    return years + min((day - last).days / YEAR_DAYS, 0.9999)
