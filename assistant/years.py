"""The exact check of years: a question about a year is answered only by what speaks of that year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.cite import source_of
from assistant.question import Question
from core.cut import sentences
from core.periods import Period, periods
from core.text import bare, normalise
from core.types import Hit, Passage, Source
from corpus.query import Query
from corpus.tables import load_tables
from tools.firm import extraction

NAMED_WITHIN = 9
"""How many characters may stand between a year and the name of the document that it names (2022年发布的转型指南)."""
BESIDE = 2
"""How many characters may stand between a year and an everyday name of the document (信通院2024年)."""
ANSWERS = 0.6
"""Sentences that hold this share of what the best one holds of the question answer it with that one."""
MOVES_UP = 0.6
"""A passage of the year asked for comes first from this share of the best one's score on."""
ABOUT = 0.9
"""A passage that holds this share of what the best one holds of the question is about the same."""
_BESIDE = frozenset({"howto", "case", "comparison"})
"""Forms of questions in which a year is mostly told beside what is asked."""
_MEASURED = frozenset({"figure", "date", "keyword", "other"})
"""Forms of questions by which a figure may be asked for."""
_THIS_YEAR = ("今年", "本年")
RULES = frozenset({"policy", "task", "guide", "maturity", "term", "path", "tool", "organisation"})
"""Kinds of cards that hold for as long as they are in force, this year included."""
FIGURES = frozenset({"target", "statistic"})
"""Kinds of cards whose figures are each of one year."""
_TITLE = re.compile(r"《[^《》]*》")
_BRACKETED = re.compile(r"[（(][^）)]*[）)]")
_OWN = re.compile(r"[我咱俺]们?(?:厂|公司|家)?$")
"""What stands before a year of the asker's own firm: 我们去年."""
_BREAK = re.compile(r"[，。？?！!；;\d]")
_DASHES = re.compile(r"[—–~～到至]+")


@dataclass(frozen=True)
class Asked:
    """The years that a question asks about, as said, and the words that name the ones no evidence holds."""

    years: tuple[Period, ...]
    lacking: tuple[Period, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(said(p) for p in self.lacking)

    @property
    def all_missing(self) -> bool:
        return bool(self.years) and len(self.lacking) == len(self.years)


def check(question: Question, query: Query, hits: Sequence[Hit], sources: Mapping[str, Source], day: date) -> Asked:
    """Which of the years that a question names stand in the passages it would be answered from.

    One year has to stand in the best passage; of several, others also in the one after it, where that is of the same
    document.
    """
    asked = asked_years(question.text, day)
    if not asked or not hits:
        return Asked(asked)
    lead = _missing(asked, question, query, hits[0], sources, day)
    after = [h for h in hits[1:2] if h.passage.source_id == hits[0].passage.source_id and len(lead) < len(asked)]
    missing = _missing(lead, question, query, after[0], sources, day) if after else lead
    return Asked(asked, missing)


def _missing(
    asked: Sequence[Period], question: Question, query: Query, hit: Hit, sources: Mapping[str, Source], day: date
) -> tuple[Period, ...]:
    return tuple(p for p in asked if not held(p, question, query, hit, sources, day))


def asked_years(text: str, day: date) -> tuple[Period, ...]:
    """The stretches of a question that name a year; a length of time (近三年) and 上年, which hangs on another, name none."""
    found = (p for p in periods(text, day) if p.years and not (p.relative and p.words[0] == "上"))
    return tuple(p for p in found if not (p.relative and _OWN.search(normalise(text)[: p.start])))


def with_years(text: str, day: date) -> str:
    """A question with 后年 and 二〇二九年 as the figures that documents write; 今年 stays, for much is told of it without a year."""
    text = normalise(text)
    for period in reversed(asked_years(text, day)):
        year = f"{period.years[0]}年"
        if len(period.years) == 1 and period.years[0] != day.year and str(period.years[0]) not in period.words:
            text = f"{text[: period.start]}{year}{text[period.end :]}"
    return text


def said(period: Period) -> str:
    """A year as it was said, and which one that is: 后年（2028年）."""
    year = f"{period.years[0]}年" if len(period.years) == 1 else f"{period.years[0]}—{period.years[-1]}年"
    words = period.words.strip()
    if words.isdecimal() and len(words) == 4:
        return f"{words}年"
    return words if str(period.years[0]) in words else f"{words}（{year}）"


def held(period: Period, question: Question, query: Query, hit: Hit, sources: Mapping[str, Source], day: date) -> bool:
    """Whether a passage speaks of a year, is of the document that the year names, or is in force only for known years."""
    passage = hit.passage
    source = source_of(sources, passage.passage_id, passage.source_id)
    if source and names_document(period, question.text, source):
        return True
    if source and passage.origin == "document" and period.years[0] in title_years(source) and len(period.years) == 1:
        return True
    if passage.kind == "programme" and (_window_known(passage, period.years[-1], day) or period.years[0] == day.year):
        return True
    if period.words.startswith(_THIS_YEAR) and (passage.kind in RULES or question.form not in _MEASURED):
        return True
    if period.relative and period.unsure and passage.kind not in FIGURES:
        return True
    if period.relative and period.years[0] - day.year in _offsets(passage.text):
        return True
    if _speaks_of_title(period, question, passage, sources):
        return True
    spoken = governing(query, passage, source)
    told = {year for years in spoken for year in years}
    if period.last is None and period.first and period.first > day and period.first.year > period.years[-1]:
        return any(year >= period.first.year for year in told)
    return {period.years[0], period.years[-1]} <= told


def _speaks_of_title(period: Period, question: Question, passage: Passage, sources: Mapping[str, Source]) -> bool:
    """Whether a passage names the plan or the edition that the words of the year name: 十四五, the 2022 edition."""
    whole = bare(f"{passage.title}{passage.text}")
    if len(period.years) > 1:
        return bare(period.words).removesuffix("规划") in whole
    if passage.kind in FIGURES or str(period.years[0]) not in whole:
        return False
    titles = "".join(_TITLE.findall(passage.text))
    single = {p.years for p in periods(titles.strip("《》").replace("《", " ").replace("》", " "), date(2000, 1, 1))}
    return (period.years[0],) in single or any(names_document(period, question.text, s) for s in sources.values())


def _window_known(passage: Passage, year: int, day: date) -> bool:
    """Whether it is known of a programme if it was open in a year: its last day is not before it, or has passed already.

    Of a year before its rule was issued nothing is known; where that is not known, of none but the two years that cities'
    trials last.
    """
    until = passage.valid_until or ""
    issued = _issued(passage.passage_id) or int(until[:4] or 0) - 2
    return bool(until) and year >= issued and (year <= int(until[:4]) or until < day.isoformat())


@lru_cache(maxsize=512)
def _issued(card: str) -> int:
    """The year in which the programmes of a card begin or were issued, the earlier; 0 where that is not known."""
    told = [d for row in load_tables().programmes if row.card == card for d in (row.valid_from, row.published) if d]
    return min((int(d[:4]) for d in told), default=0)


def governing(query: Query, passage: Passage, source: Source | None) -> set[tuple[int, ...]]:
    """The years of the sentences that answer: their own, else those said last before them; the title's count for all."""
    found = _years(f"{passage.title}。{'。'.join(passage.section)}", passage, source)
    told = sentences(_TITLE.sub("", passage.text))
    covered = [query.coverage(bare(sentence)) for sentence in told]
    best, last = max(covered, default=0.0), set[tuple[int, ...]]()
    for sentence, share in zip(told, covered, strict=True):
        last = _years(sentence, passage, source) or last
        if share >= ANSWERS * best:
            found |= last
    return found or _years("。".join(told), passage, source)


def _years(text: str, passage: Passage, source: Source | None) -> set[tuple[int, ...]]:
    """The years that a text speaks of, without those that only tell which document it is or when that was issued."""
    spoken = [p for p in _spoken(text) if passage.kind not in FIGURES or p.first != p.last]
    return {
        (p.years[0], p.years[-1]) for p in spoken if len(p.years) < 4 and not (source and _by_title(p, text, source))
    }


@lru_cache(maxsize=4096)
def _spoken(text: str) -> tuple[Period, ...]:
    """The years that a text of no known day names; what it says from its own day (今年) is not known."""
    return tuple(p for p in periods(_TITLE.sub("", text), date(2000, 1, 1)) if p.years and not p.relative)


def names_document(period: Period, text: str, source: Source) -> bool:
    """Whether a year only names a document: 2022年那本指南, 2024年版, 2025—2027年行动方案; what it is called and its issue tell."""
    text = normalise(text)
    return _by_title(period, text, source) or _by_alias(period, text, source)


def _by_title(period: Period, text: str, source: Source) -> bool:
    """By a stretch of the title around the year, or by the title's last word soon after the year."""
    title, after = _plain(source.title), text[period.end : period.end + NAMED_WITHIN + 4]
    if len(period.years) > 1:
        return _plain(period.words).removesuffix("年") in title
    before = _plain(text[: period.start])[-2:]
    if (after[:1].isalnum() and _plain(f"{period.words}{after[:1]}") in title) or (
        len(before) == 2 and before.isalnum() and _plain(f"{before}{period.words}x").removesuffix("x") in title
    ):
        return True
    return _known_by(period, source) and _soon(_head_noun(source.title), after)


def _by_alias(period: Period, text: str, source: Source) -> bool:
    """By one of the names that a question may give the document, around the year or beside it, or by its number."""
    if not _known_by(period, source):
        return False
    after = text[period.end : period.end + NAMED_WITHIN]
    if source.doc_no and any(_soon(f"{number}号", after) for number in re.findall(r"(\d+)号", source.doc_no)):
        return True
    for alias in source.aliases:
        for match in re.finditer(alias, text, re.IGNORECASE):
            if match.start() < period.end and period.start < match.end():
                if len(re.sub(r"[\d\W年]", "", match[0])) > 1:
                    return True
                continue
            between = (
                text[match.end() : period.start] if match.end() <= period.start else text[period.end : match.start()]
            )
            if len(between) <= BESIDE and not _BREAK.search(between):
                return True
    return False


def _known_by(period: Period, source: Source) -> bool:
    return period.years[0] in _titled(source.title) or str(period.years[0]) == source.published[:4]


@lru_cache(maxsize=4096)
def _titled(title: str) -> frozenset[int]:
    """The years that a title names."""
    return frozenset(year for period in periods(title, date(2000, 1, 1)) for year in period.years)


def _soon(name: str, after: str) -> bool:
    """Whether a name follows with no stop and no figure before it."""
    at = after.find(name)
    return 0 <= at <= NAMED_WITHIN and not _BREAK.search(after[:at])


def decide(question: Question, missing: Sequence[Period]) -> bool:
    """Whether missing years alone refuse: not where they tell of the asker's own firm, or how to do a thing is asked."""
    if question.form in _BESIDE or extraction.speaks_of_self(question.text):
        return False
    told = question.form not in _MEASURED and all(p.relative and p.words[0] in "去前" for p in missing)
    return not told


def of_years_first(
    question: Question, query: Query, hits: Sequence[Hit], sources: Mapping[str, Source], day: date
) -> list[Hit]:
    """The hits with one of the document or the year asked for before a better one of another, where it is about the same."""
    asked = asked_years(question.text, day)
    if not asked or not hits:
        return list(hits)
    subject = [c for c in query.concepts if not any(x.isdigit() for x in c.word)]

    def about(hit: Hit) -> float:
        text = bare(f"{hit.passage.title}{hit.passage.text}")
        return sum(c.weight * c.found_in(text) for c in subject)

    def named(hit: Hit) -> bool:
        source = source_of(sources, hit.passage.passage_id, hit.passage.source_id)
        return source is not None and any(names_document(p, question.text, source) for p in asked)

    def lacks(hit: Hit) -> int:
        """How many years a passage lacks; a programme's window speaks for it only where it answers best."""
        if hit.passage.kind == "programme" and hit is not hits[0] and not named(hit):
            return len(asked)
        return len(_missing(asked, question, query, hit, sources, day))

    near = [h for h in hits if h.score >= MOVES_UP * hits[0].score and about(h) >= ABOUT * about(hits[0])]
    near += [h for h in hits if h not in near and h.score >= MOVES_UP * hits[0].score and named(h)]
    best = min(near, key=lambda h: (lacks(h), not named(h)))
    return [best, *(h for h in hits if h is not best)]


@lru_cache(maxsize=512)
def _offsets(text: str) -> frozenset[int]:
    """The years that a text counts from its own day or from any: a survey that asks for the 上一年度 has a 去年 of its own."""
    day = date(2000, 1, 1)
    return frozenset(p.years[0] - day.year for p in periods(text, day) if p.relative and p.years)


def title_years(source: Source) -> set[int]:
    """The years that a document is known by: those of its title, else that of its issue."""
    years = {y for p in _spoken(source.title) for y in p.years}
    return years or {int(y) for y in [source.published[:4]] if y.isdecimal()}


def _plain(text: str) -> str:
    """A text in which years compare however they are written: 2025—2027年 is 2025-2027年, 2024年版 is 2024版."""
    return re.sub(r"(?<=\d)年(?=[^—\-])|[（）()]", "", _DASHES.sub("-", normalise(text)))


def _head_noun(title: str) -> str:
    """The last two characters of a title without its brackets and figures: 指南, 方案, 办法."""
    return re.sub(r"[^\u4e00-\u9fff]", "", _BRACKETED.sub("", title))[-2:] or title
