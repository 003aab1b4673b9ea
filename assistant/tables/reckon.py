"""The answer to a query by code over the rows of a table, in words with how it was reckoned."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.tables.limits import Bound
from assistant.tables.named import fits
from assistant.tables.query import Query
from assistant.tables.table import Table
from core.text import bare
from corpus.row_names import stem

LISTED = 30
"""So many rows are told by name; of more the first ones and how many there are."""
FIRST = 10
_RELATION = {">": "超过", ">=": "不低于", "<": "低于", "<=": "不超过", "=": "等于"}
_HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
}
_FIGURES = re.compile(r"[-+]?\d[\d.,]*(?:\s*[-–—~～至]\s*\d[\d.,]*)?")
"""A figure or a range without a unit of its own."""
Row = Sequence[str]


@dataclass(frozen=True)
class Reckoned:
    """The answer's text, and the rows that it names, to be cited."""

    text: str
    rows: tuple[Row, ...] = ()


def reckon(query: Query, table: Table) -> Reckoned | None:
    """What the rows say to a query; None where they say nothing to it."""
    return _OPERATIONS[query.operation](query, table)


def _picked(query: Query, table: Table) -> list[Row]:
    """The rows that the query is about."""
    rows: list[Row] = [row for row in table.rows if fits(row, query.chosen, query.refused)]
    if query.span:
        at, span = query.span
        rows = [row for row in rows if (day := table.day(row[at])) and span.holds(day)]
    if query.bound is None or query.limited is None:
        return rows
    return [row for row in rows if _within(row, query.limited, query.bound, table)]


def _within(row: Row, at: int, bound: Bound, table: Table) -> bool:
    amount = table.amount(row[at], at)
    if amount is None:
        return False
    raw = _plain_value(row[at])
    value = amount.value if bound.unit or raw is None else raw
    if bound.upper is not None:
        return bound.value <= value <= bound.upper
    return _HOLDS[bound.relation](value, bound.value)


def _plain_value(cell: str) -> Decimal | None:
    try:
        return Decimal(cell.replace(",", "").strip())
    except ArithmeticError:
        return None


def _condition(query: Query, table: Table) -> str:
    """Which rows are meant, in words."""
    parts = [
        f"{_title(table, at)}是{'、'.join(told)}" if at >= 0 else f"写着{'、'.join(told)}" for at, told in query.chosen
    ]
    parts += [
        f"{_title(table, at)}不是{'、'.join(told)}" if at >= 0 else f"没写{'、'.join(told)}"
        for at, told in query.refused
    ]
    if query.span:
        parts.append(f"{_title(table, query.span[0])}在{query.span[1].said}")
    if query.bound and query.limited is not None:
        parts.append(f"{_title(table, query.limited)}{_said(query.bound, query.limited, table)}")
    return "、".join(parts)


def _said(bound: Bound, at: int, table: Table) -> str:
    unit = table.typed.units[at]

    def told(value: Decimal) -> str:
        return shown(value, bound.unit, unit) if bound.unit else f"{value:f}{unit}"

    if bound.upper is not None:
        return f"在{told(bound.value)}到{told(bound.upper)}之间"
    return f"{_RELATION[bound.relation]}{told(bound.value)}"


def _title(table: Table, at: int) -> str:
    return table.title(at)


def _named(table: Table, row: Row, at: int | None = None) -> str:
    """A row by its name, with its figure where one is meant."""
    name = table.name(row)
    return f"{name}（{_cell(table, row, at)}）" if at is not None and row[at] else name


def _cell(table: Table, row: Row, at: int) -> str:
    figure, mark, remark = row[at].partition("（批注：")
    unit = table.typed.units[at]
    return f"{figure}{unit if unit and _FIGURES.fullmatch(figure.strip()) else ''}{mark}{remark}"


def _list(rows: Sequence[Row], table: Table, at: int | None) -> str:
    told = "、".join(_named(table, row, at) for row in (rows if len(rows) <= LISTED else rows[:FIRST]))
    return told if len(rows) <= LISTED else f"{told}……共{len(rows)}，这里列前{FIRST}"


def _all(table: Table, by: str) -> str:
    return f"按表的行数的，共{len(table.rows)}{by or table.by}" + ("，小计、合计行不算" if table.totals else "")


def _count(query: Query, table: Table) -> Reckoned:
    rows, by = _picked(query, table), query.by or table.by
    condition = _condition(query, table)
    if not condition:
        return Reckoned(f"**{len(rows)}{by}**（{_all(table, by)}）。")
    if not rows:
        return Reckoned(f"**没有**：表里没有{condition}的（{_all(table, by)}）。")
    at = query.limited if query.bound else None
    return Reckoned(
        f"{condition}的有 **{len(rows)}{by}**（{_all(table, by)}）：{_list(rows, table, at)}。", tuple(rows[:3])
    )


def _ranked(query: Query, table: Table) -> Reckoned | None:
    at = query.column
    assert at is not None
    told = [(amount.value, row) for row in _picked(query, table) if (amount := table.amount(row[at], at))]
    if not told:
        return None
    told.sort(key=lambda pair: pair[0], reverse=query.operation == "most")
    last = told[min(query.ranks, len(told)) - 1][0]
    least = query.operation == "least"
    kept = [row for value, row in told if (value <= last if least else value >= last)]
    condition = f"{condition}的里面，" if (condition := _condition(query, table)) else ""
    word = f"{_title(table, at)}最{'低' if least else '高'}的"
    many = f"{len(kept)}{query.by or table.by}" if query.ranks > 1 else ""
    tied = f"（{len(kept)}个并列）" if query.ranks == 1 and len(kept) > 1 else ""
    text = f"{condition}{word}{many}是 **{'、'.join(_named(table, row, at) for row in kept[:LISTED])}**{tied}"
    whole = f"：{_whole_row(table, kept[0])}" if len(kept) == 1 else ""
    return Reckoned(f"{text}{whole}。（比了{len(told)}行）", tuple(kept[:3]))


def _by_day(query: Query, table: Table) -> Reckoned | None:
    """The rows of the earliest or the latest day."""
    at = query.column
    assert at is not None
    told = [(day, row) for row in _picked(query, table) if (day := table.day(row[at]))]
    if not told:
        return None
    first = query.operation == "first"
    best = (min if first else max)(day for day, _ in told)
    kept = [row for day, row in told if day == best]
    names = "、".join(_named(table, row, at) for row in kept[:LISTED])
    whole = f"：{_whole_row(table, kept[0])}" if len(kept) == 1 else ""
    word = "早" if first else "晚"
    return Reckoned(f"{_title(table, at)}最{word}的是 **{names}**{whole}。（比了{len(told)}行）", tuple(kept[:3]))


def _by_group(query: Query, table: Table) -> Reckoned | None:
    """The value of a column that has most rows, or the largest sum of another column."""
    group, at = query.group, query.column
    assert group is not None
    sums: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    unit = ""
    for row in _picked(query, table):
        amount = table.amount(row[at], at) if at is not None else None
        if not row[group] or (at is not None and amount is None):
            continue
        counts[row[group]] = counts.get(row[group], 0) + 1
        sums[row[group]] = sums.get(row[group], Decimal(0)) + (amount.value if amount else 1)
        unit = amount.unit if amount else ""
    if len(sums) < 2:
        return None
    order = sorted(sums, key=lambda name: (sums[name], name), reverse=query.operation == "by_most")
    best = [name for name in order if sums[name] == sums[order[0]]]

    def said(name: str) -> str:
        if at is None:
            return f"{counts[name]}{query.by or '行'}"
        return f"{shown(sums[name], unit, table.typed.units[at])}，{counts[name]}行"

    what = f"{_title(table, at)}合计" if at is not None else "行数"
    word = f"{what}最{'多' if query.operation == 'by_most' else '少'}的{_title(table, group)}"
    others = "、".join(f"{name}（{said(name)}）" for name in order[len(best) : len(best) + 2])
    then = f"；接下来是{others}" if others else ""
    return Reckoned(f"{word}是 **{'、'.join(f'{name}（{said(name)}）' for name in best)}**{then}。")


def _summed(query: Query, table: Table) -> Reckoned | None:
    at = query.column
    assert at is not None
    rows = _picked(query, table)
    told = [amount for row in rows if (amount := table.amount(row[at], at))]
    if not told:
        return None
    whole = sum((amount.value for amount in told), Decimal(0))
    unit, column_unit = told[0].unit, table.typed.units[at]
    if query.unit and unit in {"元", column_unit}:
        column_unit = query.unit
    condition = f"{condition}的，" if (condition := _condition(query, table)) else ""
    if query.operation == "average":
        mean = whole / len(told)
        return Reckoned(
            f"{condition}{_title(table, at)}平均 **{shown(mean, unit, column_unit, 2)}**：{len(told)}行相加{shown(whole, unit, column_unit)}，再除以{len(told)}。"
        )
    text = f"{condition}{_title(table, at)}合计 **{shown(whole, unit, column_unit)}**：{len(told)}{query.by or '行'}相加得到"
    if query.chosen or query.refused or query.bound or query.span:
        return Reckoned(text + "。", tuple(rows[:3]))
    written = [amount.value for row in table.totals if (amount := table.amount(row[at], at))]
    if written and max(written) == whole:
        return Reckoned(f"{text}，和表里写的合计一致。")
    if written and len(table.totals) == 1:
        return Reckoned(f"{text}；表里的合计行写的是{shown(written[0], unit, column_unit)}，对不上，要核对。")
    return Reckoned(text + ("，小计、合计行没有重复算。" if table.totals else "。"))


def _share(query: Query, table: Table) -> Reckoned | None:
    at = query.column
    assert at is not None
    every = [amount for row in table.rows if (amount := table.amount(row[at], at))]
    rows = [table.rows[n] for n in query.rows] or _picked(query, table)
    own = [amount for row in rows if (amount := table.amount(row[at], at))]
    whole = sum((amount.value for amount in every), Decimal(0))
    if not own or not whole or len(own) == len(every):
        return None
    part, unit = sum((amount.value for amount in own), Decimal(0)), every[0].unit
    column_unit = table.typed.units[at]
    who = table.name(rows[0]) if query.rows else f"{_condition(query, table)}的"
    return Reckoned(
        f"{who}占{_title(table, at)}的 **{_trimmed(part * 100 / whole, 1)}%**：{shown(part, unit, column_unit)} ÷ 合计{shown(whole, unit, column_unit)}。",
        tuple(rows[:3]),
    )


def _difference(query: Query, table: Table) -> Reckoned | None:
    at = query.column
    assert at is not None
    first, second = (table.rows[n] for n in query.rows[:2])
    a, b = table.amount(first[at], at), table.amount(second[at], at)
    if a is None or b is None or a.unit != b.unit:
        return None
    gap = shown(abs(a.value - b.value), a.unit, table.typed.units[at])
    word = "一样" if a.value == b.value else f"{'多' if a.value > b.value else '少'} **{gap}**"
    return Reckoned(
        f"{table.name(first)}比{table.name(second)}{word}：{_title(table, at)}分别是{_cell(table, first, at)}和{_cell(table, second, at)}。",
        (first, second),
    )


def _number(query: Query, table: Table) -> Reckoned | None:
    """The row of a number: by the column of numbers where there is one, else by its place."""
    counters = [
        at for at, name in enumerate(table.typed.names) if "序" in name or "编号" in name or name.lower() == "no"
    ]
    rows = [row for row in table.rows if counters and row[counters[0]].lstrip("0") == str(query.number)]
    if not counters and query.number <= len(table.rows):
        rows = [table.rows[query.number - 1]]
    if not rows:
        return Reckoned(f"**没有第{query.number}号**：{_all(table, '')}。")
    return Reckoned(f"第{query.number}号是 **{table.name(rows[0])}**：{_whole_row(table, rows[0])}。", (rows[0],))


def _whole_row(table: Table, row: Row) -> str:
    told = [
        f"{_title(table, at)}{_cell(table, row, at)}"
        for at, cell in enumerate(row)
        if cell
        and at != table.name_column
        and table.typed.names[at]
        and "序" not in table.typed.names[at]
        and len(cell) <= 120
    ]
    return "，".join(told)


def _member(query: Query, table: Table) -> Reckoned | None:
    """Whether what is named is in the table; names that are like one that is not are told."""
    rows = [table.rows[n] for n in query.rows]
    if query.missing:
        near = [row for row in table.rows if any(_alike(table.name(row), firm) for firm in query.missing)][:4]
        others = (
            f"名字相近的有：{'、'.join(_named(table, row) for row in near)}，是不是其中一家要核对。" if near else ""
        )
        return Reckoned(f"**没有**：表里没有{'、'.join(query.missing)}（{_all(table, '')}）。{others}", tuple(near))
    if not rows:
        return None
    return Reckoned(f"**有**：{table.name(rows[0])}，{_whole_row(table, rows[0])}。", tuple(rows[:3]))


def _alike(name: str, firm: str) -> bool:
    """Whether two firms differ in one character, or share most of their stems."""
    a, b = bare(stem(name) or name), bare(stem(firm) or firm)
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) <= 1
    return len(set(a) & set(b)) >= 0.75 * max(len(set(a)), len(set(b)))


def _of_row(query: Query, table: Table) -> Reckoned | None:
    row = table.rows[query.rows[0]]
    return Reckoned(f"**{table.name(row)}**：{_whole_row(table, row)}。", (row,))


def shown(value: Decimal, unit: str, column_unit: str, places: int = 4) -> str:
    """A value in its column's unit: 1557万元 under 万元."""
    for scale, sign in ((10**8, "亿"), (10**6, "百万"), (10**4, "万"), (10**3, "千")):
        if column_unit.startswith(sign) and column_unit.endswith(unit or "\0"):
            return f"{_trimmed(value / scale, places)}{column_unit}"
    if unit == "元" and not column_unit and abs(value) >= 10**4:
        return f"{_trimmed(value / 10**4, places)}万元"
    return f"{_trimmed(value, places)}{unit or column_unit}"


def _trimmed(value: Decimal, places: int) -> str:
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_OPERATIONS: dict[str, Callable[[Query, Table], Reckoned | None]] = {
    "count": _count, "list": _count, "most": _ranked, "least": _ranked, "first": _by_day, "last": _by_day, "by_most": _by_group, "by_least": _by_group, "sum": _summed, "average": _summed, "share": _share,
    "difference": _difference, "number": _number, "member": _member, "cell": _of_row,
}  # fmt: skip
