"""Questions over tables: python -m eval.asked_tables FOLDER [--misses N]

FOLDER: files in the form of corpus/utterances/tables. A question is right where what it is read as comes to the same over the
rows as what its author wrote, both reckoned here. Two pairs are told in one sentence and count as the same: how many and which
ones; a cell, and the whole row that holds it. Wrong is a result that differs, also that the table does not hold what it holds;
that nothing is told is neither.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.tables.query import Condition, Query
from assistant.tables.read import read
from assistant.tables.table import Table
from corpus.table_questions import AskedTable, Question, load_asked_table
from corpus.typed_tables import TypedTable
from eval.metrics import ratio
from ingest import parsed
from ingest.tables import column_units, label_columns, unit_line

DAY = date(2025, 11, 30)
Row = tuple[str, ...]
_RELATIONS = {"after": ">", "before": "<"}


def typed(asked: AskedTable) -> Table:
    """The table as it stands where a document with it was taken in."""
    rows = asked.cells()
    raw = parsed.Table((asked.columns, *rows), unit=unit_line(asked.unit))
    labels = tuple(label_columns(asked.columns, rows))
    return Table(TypedTable(asked.title, asked.columns, tuple(column_units(raw)), labels, rows))


def meant(one: Question, asked: AskedTable, table: Table) -> Query:
    """What its author wrote of a question."""
    at = {name: place for place, name in enumerate(asked.columns)}
    where = tuple(_condition(at[column], relation, value, table) for column, relation, value in one.where)
    column, by = (at[name] if name else None for name in (one.column, one.by))
    return Query(one.op, where, column, by, one.n, one.rank)


def _condition(at: int, relation: Any, value: Any, table: Table) -> Condition:
    values = value if isinstance(value, list) else [value]
    told: list[Any] = [_value(each, at, relation, table) for each in values]
    return Condition(at, _RELATIONS.get(relation, relation), tuple(told))


def _value(value: Any, at: int, relation: str, table: Table) -> str | Decimal | date:
    text = str(value)
    if relation != "has" and at in table.dated and (day := table.day(text)):
        return day
    if relation not in {"has", "in"} and (at in table.numeric or relation in {">", ">=", "<", "<="}):
        amount = table.amount(text, at)
        return amount.value if amount else text
    return text


def result(query: Query, table: Table) -> tuple[Any, ...]:
    """What a query comes to over the rows: a kind, and what can be held against another."""
    rows = [(n, row) for n, row in enumerate(table.rows) if all(one.holds(row, table) for one in query.where)]
    op, at = query.operation, query.column
    if op in {"count", "list"}:
        return ("rows", frozenset(n for n, _ in rows))
    if op in {"row", "cell"}:
        return ("row", frozenset(n for n, _ in rows), at if op == "cell" else None)
    if op in {"member", "check"}:
        return (op, bool(rows))
    if op in {"most", "least", "first", "last"}:
        return ("best", at, _best(query, [(n, _figure(row, at, table)) for n, row in rows]))
    if op.startswith("group_"):
        return _grouped(query, [row for _, row in rows], table)
    if op in {"difference", "compare"}:
        return _held(query, [row for _, row in rows], table)
    if op == "share":
        part, whole = (_total(some, at, table) for some in ([row for _, row in rows], table.rows))
        return ("figure", round(part * 100 / whole, 2) if whole else None)
    if op in {"sum", "average"}:
        told = [value for _, row in rows if (value := _figure(row, at, table)) is not None]
        whole = sum(told, Decimal(0))
        return ("figure", round(whole / len(told) if op == "average" and told else whole, 2) if told else None)
    return (op,)


def _figure(row: Sequence[str], at: int | None, table: Table) -> Any:
    """A cell's figure or day; without a column each row counts one."""
    if at is None:
        return Decimal(1)
    amount = table.amount(row[at], at) if at in table.numeric else None
    return amount.value if amount else None if at in table.numeric else table.day(row[at])


def _total(rows: Sequence[Sequence[str]], at: int | None, table: Table) -> Decimal:
    return sum((value for row in rows if isinstance(value := _figure(row, at, table), Decimal)), Decimal(0))


def _best(query: Query, told: list[tuple[int, Any]]) -> frozenset[int]:
    """The rows of the highest figures, or the one of a rank, with those equal to the last of them."""
    known = [(value, n) for n, value in told if value is not None]
    if not known:
        return frozenset()
    known.sort(key=lambda pair: pair[0], reverse=query.operation in {"most", "last"})
    if query.rank > 1:
        edge = known[min(query.rank, len(known)) - 1][0]
        return frozenset(n for value, n in known if value == edge)
    edge = known[min(query.n, len(known)) - 1][0]
    down = query.operation in {"most", "last"}
    return frozenset(n for value, n in known if (value >= edge if down else value <= edge))


def _grouped(query: Query, rows: Sequence[Sequence[str]], table: Table) -> tuple[Any, ...]:
    assert query.by is not None
    by: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        value = _figure(row, query.column, table)
        if row[query.by] and isinstance(value, Decimal):
            by[row[query.by]].append(value)
    mean = query.operation == "group_average_most"
    told = {name: round(sum(own, Decimal(0)) / (len(own) if mean else 1), 2) for name, own in by.items()}
    if query.operation == "group_each" or not told:
        return ("groups", frozenset(told.items()))
    edge = (min if query.operation == "group_least" else max)(told.values())
    return ("group", frozenset((name, value) for name, value in told.items() if value == edge))


def _held(query: Query, rows: Sequence[Sequence[str]], table: Table) -> tuple[Any, ...]:
    """How much the first of two is more than the second, or whether it is."""
    pair = next((one for one in query.where if len(one.values) == 2 and one.relation == "in"), None)
    if pair is None:
        return (query.operation, None)
    first, second = (
        _total([row for row in rows if row[pair.column] == value], query.column, table) for value in pair.values
    )
    return (query.operation, round(first - second, 2) if query.operation == "difference" else first > second)


def same(said: tuple[Any, ...], truth: tuple[Any, ...]) -> bool:
    """Whether two results are told alike."""
    if said[0] == truth[0] == "row":
        return said[1] == truth[1] and (said[2] == truth[2] or None in (said[2], truth[2]))
    return said == truth


@dataclass(frozen=True)
class Scored:
    """A question, what it means, what it is read as (None: nothing), and how that is held against it."""

    table: Table
    question: Question
    truth: Query
    said: Query | None

    @property
    def same_operation(self) -> bool:
        return self.said is not None and self.said.operation == self.truth.operation

    @property
    def right(self) -> bool:
        return self.said is not None and same(result(self.said, self.table), result(self.truth, self.table))

    @property
    def wrong(self) -> bool:
        return self.said is not None and not self.right


def scored(paths: Sequence[Path], **how: Any) -> Iterator[Scored]:
    """Every question of these files. how: passed on to the reader."""
    for path in paths:
        asked = load_asked_table(path)
        table = typed(asked)
        for one in asked.asked:
            said = read(one.q, table, DAY, **how)
            yield Scored(table, one, meant(one, asked, table), said)


def report(found: Sequence[Scored], misses: int = 0) -> None:
    """How many are right, by operation; what the others were read as."""
    by: dict[str, list[Scored]] = defaultdict(list)
    for one in found:
        by[one.truth.operation].append(one)
    for op, own in sorted(by.items()):
        taken = Counter(one.said.operation if one.said else "-" for one in own if not one.same_operation)
        print(
            f"{op:20}{sum(one.right for one in own):4}/{len(own):<4} op {sum(one.same_operation for one in own):4}"
            f"  错 {sum(one.wrong for one in own):3}  {dict(taken.most_common(4))}"
        )
    right, wrong = sum(one.right for one in found), sum(one.wrong for one in found)
    print(
        f"结果对 {right}/{len(found)}（{ratio(right, len(found)):.1%}），操作对 {ratio(sum(one.same_operation for one in found), len(found)):.1%}，"
        f"说错 {wrong}（{ratio(wrong, len(found)):.1%}），没说 {sum(one.said is None for one in found)}"
    )
    for one in [one for one in found if not one.right][:misses]:
        print(f"\n{one.question.q}\n  应为 {shown(one.truth, one.table)}\n  读成 {shown(one.said, one.table)}")


def shown(query: Query | None, table: Table) -> str:
    """A query in a line."""
    if query is None:
        return "—"
    names = table.typed.names
    where = [
        f"{names[c.column] if c.column >= 0 else '*'}{c.relation}{'/'.join(map(str, c.values))}" for c in query.where
    ]
    column, by = (names[at] if at is not None else "" for at in (query.column, query.by))
    return f"{query.operation} {column} by={by} n={query.n} rank={query.rank} {where}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", type=int, default=0, help="how many of the questions that are not right are shown")
    args = parser.parse_args()
    report(list(scored(sorted(args.folder.glob("*.yaml")))), args.misses)


if __name__ == "__main__":
    main()
