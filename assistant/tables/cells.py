"""The cells of a table that a question may mean, each with what speaks for it: by their words, their short forms, their sound."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from assistant.tables.limits import spelled
from assistant.tables.table import Table
from core.text import bare
from corpus.row_names import stem

LONGEST = 40
"""A longer cell is a remark, which no question gives."""
LONGEST_RUN = 8
FEATURES = 31
_NUMBERED = re.compile(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．]+")
_ENDING = re.compile(r"(?:街道|[市县区镇乡村])$")
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}")
_CALLED = re.compile(
    r"(?:老|小|姓)([\u4e00-\u9fff])|([\u4e00-\u9fff])(?=[局科处主老师工总经队站所]|姐|哥|叔|嫂|姨|某|支书|医生|师傅|女士|先生|同志)"
)


@dataclass(frozen=True)
class Candidate:
    """A cell that the characters start to end of a squeezed question may mean. features: what speaks for it, FEATURES numbers."""

    start: int
    end: int
    column: int
    value: str
    features: tuple[float, ...]


@dataclass(frozen=True)
class _Run:
    start: int
    end: int
    how: str


class _Index:
    """Which cells of a table hold two characters, or two syllables, that stand together."""

    def __init__(self, table: Table) -> None:
        self.by_pair: dict[str, set[tuple[int, str]]] = defaultdict(set)
        self.by_sound: dict[tuple[str, str], set[tuple[int, str]]] = defaultdict(set)
        self.short: list[tuple[int, str]] = []
        self.surnames: dict[str, set[tuple[int, str]]] = defaultdict(set)
        words = [at for at in range(len(table.typed.names)) if at not in table.dated]
        for at in words:
            persons = sum(bool(_PERSON.fullmatch(cell)) for cell in table.distinct[at]) >= 0.9 * len(table.distinct[at])
            for cell in table.distinct[at]:
                if len(cell) > LONGEST or (at in table.numeric and table.amount(cell, at)):
                    continue
                told = spelled(bare(cell))
                if len(told) <= 2:
                    self.short.append((at, cell))
                for pair in _pairs(told):
                    self.by_pair[pair].add((at, cell))
                    if all("\u4e00" <= c <= "\u9fff" for c in pair):
                        self.by_sound[sound(pair[0]), sound(pair[1])].add((at, cell))
                if persons and len(told) <= 4:
                    self.surnames[told[0]].add((at, cell))


_INDICES: WeakKeyDictionary[Table, _Index] = WeakKeyDictionary()


def _index(table: Table) -> _Index:
    if table not in _INDICES:
        _INDICES[table] = _Index(table)
    return _INDICES[table]


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


@lru_cache(maxsize=8192)
def sound(character: str) -> str:
    """How a character sounds, without its tone; what speakers mix up (zh/z, ng/n, l/n) is one."""
    from corpus.sound import key

    return key(character)


def candidates(asked: str, table: Table) -> list[Candidate]:
    """The cells that a squeezed question may mean, each where it fits best."""
    asked = re.sub(r"(?<!有)没(?!有|收)", "未", asked)  # as offices write it; both are one character
    index, found = _index(table), dict[tuple[int, str], _Run]()
    near, title = set[tuple[int, str]](), bare(table.subject)
    sounds = [sound(c) if "\u4e00" <= c <= "\u9fff" else c for c in asked]
    for at in range(len(asked) - 1):
        for told in (index.by_pair.get(asked[at : at + 2]), index.by_sound.get((sounds[at], sounds[at + 1]))):
            near |= told if told and len(told) <= MOST_ALIKE else set()
    near |= {one for one in index.short if bare(one[1]) in asked}
    for column, cell in sorted(near):  # in one order, whatever the hashes of this process
        run = _best_run(asked, sounds, cell)
        if run and run.how in {"run", "sound"} and asked[run.start : run.end] in title:
            continue  # the table's subject, which no row alone has
        if run and (run.how != "run" or _is_own(column, cell, asked[run.start : run.end], table)):
            found[column, cell] = run
    for column, (cell, short) in _shortened(asked, table):
        found.setdefault((column, cell), short)
    for called in _CALLED.finditer(asked):
        surname = called[1] or called[2]
        for one in sorted(index.surnames.get(surname, ())):
            found.setdefault(one, _Run(*called.span(), "surname" if called[0][0] != "姓" else "family"))
    return list(_with_features(asked, _exact_first(found), table))


def _exact_first(found: dict[tuple[int, str], _Run]) -> dict[tuple[int, str], _Run]:
    """Without the cells that only sound like what another cell of the column is called outright: 德峰 where 德丰 is said."""
    outright = {(column, run.start, run.end) for (column, _), run in found.items() if run.how in {"whole", "way"}}

    def is_beside(column: int, run: _Run) -> bool:
        return any(column == at and run.start < end and run.end > start for at, start, end in outright)

    return {
        (column, cell): run
        for (column, cell), run in found.items()
        if run.how in {"whole", "way"} or not is_beside(column, run)
    }


def _best_run(asked: str, sounds: Sequence[str], cell: str) -> _Run | None:
    """The longest run of a cell that stands in the question, in its characters, else in its sound."""
    told = spelled(bare(cell))
    if (at := asked.find(told)) >= 0:
        return _Run(at, at + len(told), "whole")
    for way in sorted(_ways(cell), key=lambda way: (-len(way), way)):
        if (at := asked.find(way)) >= 0:
            return _Run(at, at + len(way), "way")
    size, start = _longest(asked, told)
    own = [sound(c) if "\u4e00" <= c <= "\u9fff" else c for c in told]
    heard, begins = _longest(sounds, own)
    if heard > size and heard >= 2:
        return _Run(begins, begins + heard, "sound")
    return _Run(start, start + size, "run") if size >= 2 else None


def _longest(asked: Sequence[str], told: Sequence[str]) -> tuple[int, int]:
    """How long the longest run that both share is, and where it begins in the first."""
    best, start = 0, 0
    before = [0] * (len(told) + 1)
    for at, c in enumerate(asked):
        now = [0] * (len(told) + 1)
        for k, other in enumerate(told):
            if c == other:
                now[k + 1] = before[k] + 1
                if now[k + 1] > best:
                    best, start = now[k + 1], at - before[k]
        before = now
    return best, start


def _ways(cell: str) -> set[str]:
    """How a cell may be called: a firm without its legal form, a group without its number, a place without its kind."""
    told = bare(cell)
    ways = {_NUMBERED.sub("", told), stem(told), bare(stem(cell))}
    if len(short := _ENDING.sub("", told)) >= 2:
        ways.add(short)
    return {way for way in ways if len(way) >= 2 and not way.isdigit() and way != told}


def _shortened(asked: str, table: Table) -> Iterator[tuple[int, tuple[str, _Run]]]:
    """Cells of which two characters stand together in a question that stand apart in them: 农行 for 农业银行."""
    pairs = {asked[at : at + 2]: at for at in range(len(asked) - 1)}
    for at in table.texts:
        if len(table.distinct[at]) > MOST_SHORTENED:
            continue
        for cell in table.distinct[at]:
            told = bare(cell)
            if not 3 <= len(told) <= 12:
                continue
            for k in range(2, len(told)):
                if (pair := told[0] + told[k]) in pairs and pair not in told:
                    yield at, (cell, _Run(pairs[pair], pairs[pair] + 2, "short"))


MOST_SHORTENED = 400
MOST_ALIKE = 300
"""Two characters that more cells have tell none of them."""
_HOWS = ("whole", "way", "run", "sound", "short", "surname", "family")


def _with_features(asked: str, found: dict[tuple[int, str], _Run], table: Table) -> Iterator[Candidate]:
    same: dict[tuple[int, int, int], int] = defaultdict(int)
    columns: dict[tuple[int, int], set[int]] = defaultdict(set)
    for (column, _), run in found.items():
        same[column, run.start, run.end] += 1
        columns[run.start, run.end].add(column)
    names, title = [bare(name) for name in table.typed.names], bare(table.subject)
    for (column, cell), run in found.items():
        told, said = bare(cell), asked[run.start : run.end]
        size, count = run.end - run.start, len(table.distinct[column])
        longer = any(o.start <= run.start and o.end >= run.end and o.end - o.start > size for o in found.values())
        features = (
            *(float(run.how == how) for how in _HOWS),
            size / max(len(told), 1),
            min(size, LONGEST_RUN) / LONGEST_RUN,
            1.0 / same[column, run.start, run.end],
            1.0 / len(columns[run.start, run.end]),
            float(told.startswith(said[:1])),
            float(told.endswith(said[-1:])),
            float(column == table.name_column),
            float(column in table.grouping),
            float(count <= 8),
            float(any(said in name for name in names)),
            float(longer),
            float(size == 2),
            float(said.isdigit() or (said[:1].isdigit() and asked[run.start - 1 : run.start].isdigit())),
            float(column in table.numeric),
            float(size >= 3 and run.how == "run"),
            float(same[column, run.start, run.end] == count),
            float(said in title),
            float(run.how == "run" and column == table.name_column and not told.startswith(said[:1])),
            float(run.how == "run" and column in table.grouping and told.startswith(said[:1])),
            float(run.how == "run" and size == 2 and not told.startswith(said[:1])),
            float(run.how == "sound" and size == 2),
            float(run.how == "whole" and any(said in name for name in names)),
            *_own_part(column, cell, told, said, table),
        )
        yield Candidate(run.start, run.end, column, cell, features)


def _is_own(column: int, cell: str, said: str, table: Table) -> bool:
    """Whether a run tells a row from others: it holds two characters of what no other name has, or all where that is shorter."""
    at = bare(cell).find(said)
    if column != table.name_column or at < 0 or cell not in table.own_parts:
        return True
    first, last = table.own_parts[cell]
    return min(at + len(said), last) - max(at, first) >= min(2, last - first)


def _own_part(column: int, cell: str, told: str, said: str, table: Table) -> tuple[float, float]:
    """How much of what no other name has a run holds, and whether it begins where that does."""
    at = told.find(said)
    if column != table.name_column or at < 0 or cell not in table.own_parts:
        return 0.0, 0.0
    first, last = table.own_parts[cell]
    held = min(at + len(said), last) - max(at, first)
    return max(held, 0) / max(last - first, 1), float(at <= first < at + len(said))
