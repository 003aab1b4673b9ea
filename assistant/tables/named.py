"""The cells of a table that a question gives: the rows that it calls by name, the values on which it chooses rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.tables.table import Table, likeness
from core.text import bare
from corpus.row_names import stem

SHORTEST = 2
"""A value of fewer characters is not looked for in a question."""
LONGEST = 40
LEAST_PART = 4
"""A part of a name is looked for from so many characters on."""
MOST_COMPARED = 2000


def values(asked: str, table: Table) -> Iterator[tuple[int, str, str]]:
    """The cells of the table that a question gives, the longest first, none inside another: (column, value, as it is said)."""
    found: dict[str, tuple[int, str]] = {}
    for at in table.texts:
        for cell in {row[at] for row in table.rows if SHORTEST <= len(row[at]) <= LONGEST}:
            for said in _ways(cell, at in table.firms):
                if said in asked:
                    known = found.get(said)
                    if known is None or (said != bare(known[1]) and len(cell) < len(known[1])):
                        found[said] = (at, cell)
    found |= {said: one for said, one in _words_among_figures(asked, table).items() if said not in found}
    taken = asked
    for said in sorted(found, key=lambda said: (-len(said), said)):
        at = taken.find(said)
        if at < 0 or (said[0].isdigit() and taken[at - 1 : at].isdigit()):
            continue
        taken = taken.replace(said, "\0" * len(said))
        yield *found[said], said
    while part := _part_of_name(taken, table):
        taken = taken.replace(part[2], "\0" * len(part[2]))
        yield part


def _words_among_figures(asked: str, table: Table) -> dict[str, tuple[int, str]]:
    """The words that columns of figures hold in place of one (缺考, 暂无) and a question gives: of the column that it names."""
    found: dict[str, set[int]] = {}
    for at in table.numeric:
        for cell in {row[at] for row in table.rows if SHORTEST <= len(row[at]) <= LONGEST}:
            if bare(cell) in asked and not table.amount(cell, at):
                found.setdefault(cell, set()).add(at)
    out = dict[str, tuple[int, str]]()
    for cell, columns in found.items():
        like = {at: likeness(asked.replace(bare(cell), ""), table.typed.names[at]) for at in columns}
        best = max(like, key=lambda at: like[at])
        several = len(columns) > 1 and list(like.values()).count(like[best]) > 1
        out[bare(cell)] = (-1 if several else best, cell)
    return out


def _part_of_name(asked: str, table: Table) -> tuple[int, str, str] | None:
    """A row whose name the question gives in part: the only one that shares so long a run with it."""
    at = table.name_column
    if len(table.rows) > MOST_COMPARED or at not in table.texts:
        return None
    runs: dict[str, list[str]] = {}
    for cell, own in table.own_parts.items():
        if len(cell) > LEAST_PART and (run := _own_run(asked, bare(cell), own)):
            runs.setdefault(run, []).append(cell)
    alone = [(run, called[0]) for run, called in runs.items() if len(called) == 1]
    longest = max(map(len, runs), default=0)
    best = min(((asked.find(run), run, cell) for run, cell in alone if len(run) == longest), default=None)
    return (at, best[2], best[1]) if best else None


def _own_run(asked: str, name: str, own: tuple[int, int]) -> str:
    """The longest run of a name that a question gives, where it holds of the name's own part."""
    size = next(
        (
            n
            for n in range(len(name), LEAST_PART - 1, -1)
            if any(name[k : k + n] in asked for k in range(len(name) - n + 1))
        ),
        0,
    )
    if not size:
        return ""
    start = next(k for k in range(len(name) - size + 1) if name[k : k + size] in asked)
    held = min(start + size, own[1]) - max(start, own[0])
    return name[start : start + size] if held >= min(2, own[1] - own[0]) else ""


def _ways(cell: str, is_firm: bool) -> set[str]:
    """How a cell may be called in a question: whole, a firm without its legal form, a group without its number."""
    ways = {bare(cell), bare(re.sub(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．]+", "", cell))}
    if is_firm:
        ways.add(bare(stem(cell)))
    if re.fullmatch(r"[\u4e00-\u9fff]{3,5}[市县区镇乡]", cell):
        ways.add(cell[:-1])
    return {way for way in ways if len(way) >= SHORTEST and not way.isdigit()}


def without(asked: str, said: Sequence[str]) -> str:
    """The question without the cells it gives, so that their words are not taken for what is asked."""
    for words in sorted(said, key=len, reverse=True):
        asked = asked.replace(words, "｜")
    return asked


def by_column(values: Sequence[tuple[int, str]], table: Table) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The columns on which rows are chosen, by values that are no names of single rows."""
    out: dict[int, list[str]] = {}
    for at, value in values:
        if at < 0 or at != table.name_column or sum(row[at] == value for row in table.rows) > 1:
            out.setdefault(at, []).append(value)
    return tuple((at, tuple(told)) for at, told in out.items())


def rows_named(values: Sequence[tuple[int, str]], table: Table) -> tuple[int, ...]:
    """The rows that are called by their names, in the order of the question's values; of one name only the chosen ones."""
    out = []
    chosen = by_column(values, table)
    for at, value in values:
        if at in table.texts and (at == table.name_column or sum(row[at] == value for row in table.rows) == 1):
            out += [n for n, row in enumerate(table.rows) if row[at] == value and fits(row, chosen, ())]
    return tuple(dict.fromkeys(out))


def fits(
    row: Sequence[str],
    chosen: Sequence[tuple[int, tuple[str, ...]]],
    refused: Sequence[tuple[int, tuple[str, ...]]],
) -> bool:
    """Whether a row has one of the values of each chosen column, and none that is refused."""

    def has(at: int, told: Sequence[str]) -> bool:
        return row[at] in told if at >= 0 else any(cell in told for cell in row)

    return all(has(at, told) for at, told in chosen) and not any(has(at, told) for at, told in refused)
