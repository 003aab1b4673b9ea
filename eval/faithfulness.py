"""Number faithfulness: whether each figure of an answer stands, with its unit, in what the answer says it stands on.

It stands there where a cited passage has it (its text, title and headings, its document's title, number and dates), the
question (where it is echoed), or the tool's arguments and data, also formatted: 19000 under 万元 as 1.9亿元, 0.3 as 30%.
The marks of lists and of citations are no figures, nor is what the answer proposes to say (说“我们一年营收2000万”).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from assistant.years import asked_years
from core.cut import unmarked
from core.figures import DATE, Figure, Key, figures
from core.text import squeeze
from core.types import Answer, Citation, Passage, Source
from corpus.tables import KINDS, load_tables

_CITATION = re.compile(r"(?:\[\d{1,3}\])+")
_PROPOSED = re.compile(r"(?:说|问|回复|回|发|答|例如|比如|写成?)[：:]?“[^”]*”(?:(?:、|或|，|和)“[^”]*”)*")
_WAN = Decimal(10**4)
_COUNTED = frozenset({"", "个", "家", "条", "项", "种", "步", "题", "份", "类", "道", "级", "人"})


@dataclass
class Evidence:
    """What an answer's figures may stand in: texts, and numbers that a tool used or computed."""

    keys: set[Key] = field(default_factory=set)
    ranges: set[tuple[Key, ...]] = field(default_factory=set)
    numbers: set[Decimal] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """A text whose figures may be said."""
        self.texts.append(squeeze(text))
        for figure in figures(text):
            self.keys |= {part for key in figure.keys for part in _parts(key)}
            if len(figure.keys) > 1:
                self.ranges.add(figure.keys)

    def add_data(self, data: Any) -> None:
        """A tool's arguments or data: its numbers, texts, and how many things its lists hold."""
        if isinstance(data, bool) or data is None:
            return
        if isinstance(data, int | float):
            self.numbers.add(Decimal(str(data)))
        elif isinstance(data, str):
            self.add(data)
        elif isinstance(data, Mapping):
            for value in data.values():
                self.add_data(value)
        elif isinstance(data, Sequence):
            self.numbers.add(Decimal(len(data)))
            for value in data:
                self.add_data(value)

    def holds(self, figure: Figure) -> bool:
        """Whether a figure stands here; a range where its two ends stand here as one, or each as a number of its own."""
        return figure.keys in self.ranges or all(self._holds(key) for key in figure.keys) or self._literal(figure.text)

    def _holds(self, key: Key) -> bool:
        value, unit = key
        if key in self.keys or (value, "") in self.keys or (not unit and any(held == value for held, _ in self.keys)):
            return True
        try:
            number = Decimal(value)
        except InvalidOperation:
            return False
        return any(_is_written_as(held, number, unit) for held in self.numbers)

    def _literal(self, text: str) -> bool:
        wanted = re.escape(squeeze(text))
        pattern = re.compile(rf"(?<![\d.,−–-]){wanted}(?![\d.%‰万亿千百])" if wanted[:1].isdigit() else wanted)
        return any(pattern.search(held) for held in self.texts)


def _middle(figure: Figure) -> Key | None:
    """The middle of a range that was asked with, which is told beside it (说的是30至40名，按35人算)."""
    try:
        low, high = (Decimal(value) for value, _ in figure.keys)
    except (ValueError, InvalidOperation):
        return None
    return f"{((low + high) / 2).normalize():f}", figure.keys[-1][1]


def _parts(key: Key) -> Iterator[Key]:
    """A key and what may be said of it: of 2024年12月12日 also its year, its month and 12月12日."""
    yield key
    value, unit = key
    if unit != DATE:
        return
    numbers = value.split("-")
    yield "-".join(numbers[:2]), DATE
    yield numbers[0], DATE
    if len(numbers[0]) == 4 and len(numbers) > 1:
        yield str(int(numbers[1])), "月"
        yield "-".join(numbers[1:]), DATE
    if len(numbers[0]) == 2:
        yield str(int(numbers[0])), "月"


def _is_written_as(held: Decimal, number: Decimal, unit: str) -> bool:
    """Whether a number of a tool's data is written so: as it is, in 元 of 万元, as per cent of a share; rounded as shown."""
    if unit not in _COUNTED and held == 0 != number:
        return False
    forms = [(number, held)]
    if unit == "%":
        forms.append((number, held * 100))
    if unit == "元":
        forms += [(number / _WAN, held), (number / _WAN / _WAN, held / _WAN)]
    return any(abs(shown - exact) <= _half(shown, exact) for shown, exact in forms)


def _half(number: Decimal, form: Decimal) -> Decimal:
    """Half of the last place that is shown, where a number with more places is shown shorter."""
    shown, exact = number.normalize().as_tuple().exponent, form.normalize().as_tuple().exponent
    if not isinstance(shown, int) or not isinstance(exact, int) or exact >= min(shown, 0):
        return Decimal(0)
    return Decimal(1).scaleb(min(shown, 0)) / 2


def stated_figures(text: str) -> Iterator[Figure]:
    """The figures that an answer states, without the marks of lists and citations and without what it proposes to say."""
    for line in text.replace("**", "").split("\n"):
        said = _PROPOSED.sub("；", _CITATION.sub("；", unmarked(line.lstrip("> "))))
        yield from figures(said)


def unfounded(
    answer: Answer,
    asked: Sequence[str],
    passages: Mapping[str, Passage],
    sources: Mapping[str, Source],
    day: date,
) -> tuple[str, ...]:
    """The figures of an answer that stand nowhere, as they are written. asked: the messages of the conversation."""
    evidence = Evidence()
    for message in asked:
        evidence.add(message)
        evidence.keys |= {middle for figure in figures(message) if (middle := _middle(figure))}
        for year in asked_years(message, day):
            evidence.add(f"{year}年")
    evidence.keys.add((day.isoformat(), DATE))
    for citation in answer.citations:
        for text in _cited(citation, passages.get(citation.passage_id), sources):
            evidence.add(text)
    if answer.tool:
        evidence.add_data(answer.tool.arguments)
        evidence.add_data({k: v for k, v in answer.tool.result.items() if k not in {"text", "citations"}})
        for citation in answer.citations:
            evidence.add_data(_rows(citation.source_id))
    return tuple(dict.fromkeys(f.text for f in stated_figures(answer.text) if not evidence.holds(f)))


def _cited(citation: Citation, passage: Passage | None, sources: Mapping[str, Source]) -> Iterable[str]:
    """All that a citation vouches for."""
    yield from (citation.title, citation.section, citation.quote)
    source = sources.get(citation.passage_id.rpartition("#")[0]) or sources.get(citation.source_id)
    newer = sources.get(source.superseded_by or "") if source else None
    for known in filter(None, (source, newer)):
        yield from filter(
            None, (known.title, known.doc_no, known.published, known.valid_from, known.valid_until, known.told)
        )
    if passage:
        yield from (passage.text, passage.title, passage.short, *passage.section, passage.place, passage.as_of)
        yield from _with_units(passage.text)
        yield from filter(None, (passage.valid_from, passage.valid_until))
        yield from (change["text"] for change in passage.tags.get("changed", []))


def _with_units(text: str) -> Iterator[str]:
    """The cells of a table with the unit that stands with the name of their column: 上限（万元） over 431 is 431万元."""
    header: list[str] = []
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 1:
            header = []
            continue
        header = header or cells
        named = cells[-2:] if len(cells) == 3 and header is cells else []
        for name, cell in (*zip(header, cells, strict=False), *([tuple(named)] if named else [])):
            _, _, unit = name.replace("(", "（").rstrip("）)").partition("（")
            if unit and cell[-1:].isdigit():
                yield f"{cell}{unit}"


@cache
def _rows(source_id: str) -> list[dict[str, Any]]:
    """The rows of the tables that stand on a source, as data."""
    tables = load_tables()
    return [
        row.model_dump()
        for name in KINDS
        for row in tables.table(name)
        if source_id in {row.source, *(getattr(row, "used_in", None) or ())}
    ]
