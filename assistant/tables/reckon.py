"""The answer to a query by code over the rows of a table, in words with how it was reckoned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from assistant.tables.query import Condition, Query
from assistant.tables.table import Amount, Table
from assistant.tables.told import LISTED, Row, all_rows, called, cell, condition, listed, shown, trimmed, whole_row
from core.text import bare
from corpus.row_names import stem

CITED = 3
"""So many rows are cited."""


@dataclass(frozen=True)
class Reckoned:
    """The answer's text, and the rows that it names, to be cited. absent: it says that the table does not hold what is asked."""

    text: str
    rows: tuple[Row, ...] = ()
    absent: bool = False


def reckon(query: Query, table: Table) -> Reckoned | None:
    """What the rows say to a query; None where they say nothing to it."""
    found = _OPERATIONS[query.operation](query, table)
    if found and query.other is not None and query.column is not None:
        taken = f"（“{table.title(query.column)}”和“{table.title(query.other)}”都像，这里按“{table.title(query.column)}”算。）"
        return replace(found, text=f"{found.text}{taken}")
    return found


def _amounts(rows: Sequence[Row], at: int, table: Table) -> list[Amount]:
    return [amount for row in rows if (amount := table.amount(row[at], at))]


def _of(query: Query, table: Table) -> str:
    return f"{told}的，" if (told := condition(query, table)) else ""


# ---- counting


def _count(query: Query, table: Table) -> Reckoned:
    rows, by = query.picked(table), query.by_unit or table.by
    told = condition(query, table)
    if not told:
        names = f"：{listed(rows, table, None)}" if query.operation == "list" else ""
        return Reckoned(f"**{len(rows)}{by}**（{all_rows(table, by)}）{names}。")
    if not rows:
        return Reckoned(f"**没有**：表里没有{told}的（{all_rows(table, by)}）。")
    at = next((one.column for one in query.where if isinstance(one.values[0], Decimal)), None)
    return Reckoned(
        f"{told}的有 **{len(rows)}{by}**（{all_rows(table, by)}）：{listed(rows, table, at)}。", tuple(rows[:CITED])
    )


# ---- ranking


def _ranked(query: Query, table: Table) -> Reckoned | None:
    at = query.column
    assert at is not None
    told = [(amount.value, row) for row in query.picked(table) if (amount := table.amount(row[at], at))]
    return _best(query, table, told, query.operation == "least", "低" if query.operation == "least" else "高")


def _by_day(query: Query, table: Table) -> Reckoned | None:
    """The rows of the earliest or the latest day."""
    at = query.column
    assert at is not None
    told = [(day, row) for row in query.picked(table) if (day := table.day(row[at]))]
    return _best(query, table, told, query.operation == "first", "早" if query.operation == "first" else "晚")


def _best(query: Query, table: Table, told: Sequence[tuple[Any, Row]], least: bool, word: str) -> Reckoned | None:
    at = query.column
    if not told or at is None or query.rank > len(told):
        return None
    told = sorted(told, key=lambda pair: pair[0], reverse=not least)
    last = told[min(max(query.n, query.rank), len(told)) - 1][0]
    if query.rank > 1:
        kept = [row for value, row in told if value == last]
    else:
        kept = [row for value, row in told if (value <= last if least else value >= last)]
    within = f"{given}的里面，" if (given := condition(query, table)) else ""
    place = f"第{query.rank}" if query.rank > 1 else "最"
    many = f"{len(kept)}{query.by_unit or table.by}" if query.n > 1 else ""
    tied = f"（{len(kept)}个并列）" if query.n == 1 and len(kept) > 1 else ""
    names = "、".join(called(table, row, at) for row in kept[:LISTED])
    whole = f"：{whole_row(table, kept[0])}" if len(kept) == 1 else ""
    text = f"{within}{table.title(at)}{place}{word}的{many}是 **{names}**{tied}{whole}。（比了{len(told)}行）"
    return Reckoned(text, tuple(kept[:CITED]))


# ---- groups


@dataclass(frozen=True)
class _Group:
    name: str
    whole: Decimal
    rows: int

    def value(self, query: Query) -> Decimal:
        return self.whole / self.rows if query.operation == "group_average_most" else self.whole

    def said(self, query: Query, table: Table, unit: str) -> str:
        if query.column is None:
            return f"{self.rows}{query.by_unit or '行'}"
        mean = query.operation == "group_average_most"
        value = shown(self.value(query), unit, table.typed.units[query.column], 2 if mean else 4)
        return f"{'平均' if mean else ''}{value}，{self.rows}行"


def _groups(query: Query, table: Table) -> tuple[list[_Group], str]:
    """The groups of the rows with their sums, and the unit of these."""
    by, at = query.by, query.column
    assert by is not None
    sums, counts, unit = dict[str, Decimal](), dict[str, int](), ""
    for row in query.picked(table):
        amount = table.amount(row[at], at) if at is not None else None
        if not row[by] or (at is not None and amount is None):
            continue
        counts[row[by]] = counts.get(row[by], 0) + 1
        sums[row[by]] = sums.get(row[by], Decimal(0)) + (amount.value if amount else 1)
        unit = amount.unit if amount else ""
    return [_Group(name, sums[name], counts[name]) for name in sums], unit


def _by_group(query: Query, table: Table) -> Reckoned | None:
    """The value of a column that has most rows, or the largest sum or mean of another column."""
    groups, unit = _groups(query, table)
    if not groups or query.by is None:
        return None
    least = query.operation == "group_least"
    groups.sort(key=lambda one: (one.value(query), one.name), reverse=not least)
    best = [one for one in groups if one.value(query) == groups[0].value(query)]
    measure = "平均" if query.operation == "group_average_most" else "合计"
    what = f"{table.title(query.column)}{measure}" if query.column is not None else "行数"
    names = "、".join(f"{one.name}（{one.said(query, table, unit)}）" for one in best)
    others = "、".join(f"{one.name}（{one.said(query, table, unit)}）" for one in groups[len(best) : len(best) + 2])
    then = f"；接下来是{others}" if others else ""
    return Reckoned(
        f"{_of(query, table)}{what}最{'少' if least else '多'}的{table.title(query.by)}是 **{names}**{then}。"
    )


def _each(query: Query, table: Table) -> Reckoned | None:
    """Every group with its rows or its sum."""
    groups, unit = _groups(query, table)
    if not groups or query.by is None:
        return None
    what = f"{table.title(query.column)}合计" if query.column is not None else "行数"
    lines = "\n".join(f"- {one.name}：**{one.said(query, table, unit)}**" for one in groups[:LISTED])
    rest = f"\n- ……共{len(groups)}个，这里列前{LISTED}个" if len(groups) > LISTED else ""
    return Reckoned(f"{_of(query, table)}各{table.title(query.by)}的{what}：\n{lines}{rest}\n")


# ---- sums


def _summed(query: Query, table: Table) -> Reckoned | None:
    at = query.column
    assert at is not None
    rows = query.picked(table)
    told = _amounts(rows, at, table)
    if not told:
        return None
    whole = sum((amount.value for amount in told), Decimal(0))
    unit, column_unit = told[0].unit, table.typed.units[at]
    if query.by_unit and not column_unit and table.title(at).endswith(f"{query.by_unit}数"):
        column_unit = query.by_unit
    if query.unit and unit in {"元", column_unit}:
        column_unit = query.unit
    if query.operation == "average":
        mean = shown(whole / len(told), unit, column_unit, 2)
        added = f"{len(told)}行相加{shown(whole, unit, column_unit)}，再除以{len(told)}"
        return Reckoned(f"{_of(query, table)}{table.title(at)}平均 **{mean}**：{added}。")
    text = f"{_of(query, table)}{table.title(at)}合计 **{shown(whole, unit, column_unit)}**：{len(told)}行相加得到"
    if query.where:
        return Reckoned(text + "。", tuple(rows[:CITED]))
    written = [amount.value for amount in _amounts(table.totals, at, table)]
    if written and max(written) == whole:
        return Reckoned(f"{text}，和表里写的合计一致。")
    if written and len(table.totals) == 1:
        return Reckoned(f"{text}；表里的合计行写的是{shown(written[0], unit, column_unit)}，对不上，要核对。")
    return Reckoned(text + ("，小计、合计行没有重复算。" if table.totals else "。"))


def _share(query: Query, table: Table) -> Reckoned | None:
    at, rows = query.column, query.picked(table)
    told = condition(query, table)
    if not told:
        return None
    if at is None:
        by = query.by_unit or table.by
        percent = trimmed(Decimal(len(rows)) * 100 / len(table.rows), 1)
        return Reckoned(f"{told}的占 **{percent}%**：{len(rows)}{by} ÷ 共{len(table.rows)}{by}。", tuple(rows[:CITED]))
    every, own = _amounts(table.rows, at, table), _amounts(rows, at, table)
    whole = sum((amount.value for amount in every), Decimal(0))
    if not own or not whole:
        return None
    part, unit, column_unit = sum((amount.value for amount in own), Decimal(0)), every[0].unit, table.typed.units[at]
    who = table.name(rows[0]) if len(query.rows) == 1 else f"{told}的"
    percent = trimmed(part * 100 / whole, 1)
    sums = f"{shown(part, unit, column_unit)} ÷ 合计{shown(whole, unit, column_unit)}"
    return Reckoned(f"{who}占{table.title(at)}的 **{percent}%**：{sums}。", tuple(rows[:CITED]))


# ---- two against each other


@dataclass(frozen=True)
class _Side:
    name: str
    value: Decimal
    unit: str
    rows: tuple[Row, ...]


def _sides(query: Query, table: Table) -> tuple[list[_Side], Condition] | None:
    """What each of two comes to; None where one of them has no figure."""
    pair = next((one for one in query.where if one.relation == "in" and len(one.values) == 2), None)
    if pair is None:
        return None
    rows, sides = query.picked(table), list[_Side]()
    for name in map(str, pair.values):
        own = tuple(row for row in rows if row[pair.column] == name)
        if query.column is None:
            sides.append(_Side(name, Decimal(len(own)), query.by_unit or table.by, own))
            continue
        told = _amounts(own, query.column, table)
        if not told:
            return None
        sides.append(_Side(name, sum((amount.value for amount in told), Decimal(0)), told[0].unit, own))
    return sides, pair


def _held(query: Query, table: Table) -> Reckoned | None:
    """How much the first of two is more than the second, or whether it is, with both figures."""
    found = _sides(query, table)
    if found is None or found[0][0].unit != found[0][1].unit:
        return None
    (first, second), pair = found
    column_unit = table.typed.units[query.column] if query.column is not None else ""
    a, b = (shown(one.value, one.unit, column_unit) for one in (first, second))
    what = table.title(query.column) if query.column is not None else "行数"
    gap = shown(abs(first.value - second.value), first.unit, column_unit)
    more = "一样" if first.value == second.value else f"{'多' if first.value > second.value else '少'} **{gap}**"
    within = f"{told}的，" if (told := condition(query, table, pair)) else ""
    rows = (*first.rows[:1], *second.rows[:1])
    text = f"{within}{first.name}比{second.name}{more}：{what}分别是{a}和{b}。"
    if query.operation == "compare":
        return Reckoned(f"**{'是' if first.value > second.value else '不是'}**：{text}", rows)
    return Reckoned(text, rows)


# ---- rows


def _row(query: Query, table: Table) -> Reckoned | None:
    """A row whole, or one of its cells first."""
    rows = query.picked(table)
    if not rows:
        return Reckoned(f"**没有**：表里没有{condition(query, table)}的（{all_rows(table, '')}）。")
    if query.operation == "row" or query.column is None:
        return Reckoned(
            "\n".join(f"**{table.name(row)}**：{whole_row(table, row)}。" for row in rows[:CITED]), tuple(rows[:CITED])
        )
    rests = [whole_row(table, row, query.column) for row in rows[:CITED]]
    lines = [
        f"{table.name(row)}的{table.title(query.column)}：**{cell(table, row, query.column) or '表里没填'}**{f'（{rest}）' if rest else ''}。"
        for row, rest in zip(rows, rests, strict=False)
    ]
    more = f"\n这样的共{len(rows)}{table.by}，这里列前{CITED}。" if len(rows) > CITED else ""
    return Reckoned("\n".join(lines) + more, tuple(rows[:CITED]))


def _member(query: Query, table: Table) -> Reckoned | None:
    """Whether what is named is in the table; names that are like one that is not are told."""
    rows = query.picked(table)
    if rows:
        return Reckoned(f"**有**：{table.name(rows[0])}，{whole_row(table, rows[0])}。", tuple(rows[:CITED]))
    near = [row for row in table.rows if any(_alike(table.name(row), name) for name in query.missing)][:4]
    others = f"名字相近的有：{'、'.join(called(table, row) for row in near)}，是不是其中一家要核对。" if near else ""
    asked = "、".join(query.missing) or f"{condition(query, table)}的"
    return Reckoned(f"**没有**：表里没有{asked}（{all_rows(table, '')}）。{others}", tuple(near))


def _alike(name: str, firm: str) -> bool:
    """Whether two firms differ in one character, or share most of their stems."""
    a, b = bare(stem(name) or name), bare(stem(firm) or firm)
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) <= 1
    return len(set(a) & set(b)) >= 0.75 * max(len(set(a)), len(set(b)))


def _check(query: Query, table: Table) -> Reckoned | None:
    """Whether a row meets what is asked of it, with its cell."""
    *of_row, tested = query.where
    rows = replace(query, where=tuple(of_row)).picked(table)
    if len(rows) != 1:
        return None
    at = tested.column
    meets = tested.holds(rows[0], table)
    text = f"{table.name(rows[0])}的{table.title(at)}是{cell(table, rows[0], at) or '空的'}"
    return Reckoned(f"**{'是' if meets else '不是'}**：{text}（{whole_row(table, rows[0])}）。", (rows[0],))


def _absent(query: Query, table: Table) -> Reckoned:
    names = "、".join(table.title(at) for at, name in enumerate(table.typed.names) if name)
    return Reckoned(f"**表里没有这一项**：有的列是{names}，共{len(table.rows)}行。", absent=True)


_OPERATIONS: dict[str, Callable[[Query, Table], Reckoned | None]] = {
    "count": _count, "list": _count, "most": _ranked, "least": _ranked, "first": _by_day, "last": _by_day, "sum": _summed,
    "average": _summed, "share": _share, "difference": _held, "compare": _held, "cell": _row, "row": _row, "member": _member,
    "check": _check, "group_most": _by_group, "group_least": _by_group, "group_average_most": _by_group, "group_each": _each,
    "absent": _absent,
}  # fmt: skip
