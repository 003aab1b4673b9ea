"""The rows of a typed table as amount rules: rates, sums and caps by the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from core.numbers import quantities
from core.text import squeeze
from core.types import Passage
from corpus.typed_tables import TypedTable
from tools.notice_amount.columns import AMOUNT, CAP, NUMBER, RATE, completed, each_in
from tools.notice_amount.grammar import limits_base
from tools.notice_amount.kinds import DASH, kind_of, months_in, value_in
from tools.notice_amount.rules import Bonus, Bracket, Cap, Effect, General, Rule, Weight
from tools.notice_amount.segment import each_units, is_down, is_up, marks
from tools.notice_amount.sums import ends, exact, is_sum
from tools.notice_amount.tiers import tiers
from tools.notice_amount.vocabulary import has

_NO_RULES = re.compile(r"申请|申报表|汇总表|企业名称|拟|公示|合计|已|实际|序号|联系|电话")
_UNREAD = frozenset(
    {
        "fixed",
        "rate",
        "loose_sum",
        "loose_rate",
        "cap_rate",
        "bracket",
        "bracket_up",
        "bracket_down",
        "rate_range",
        "raised_to",
        "share_floor",
    }
)
"""Roles of figures in a row's note that change its amount in a way that is not computed."""
_INCLUSIVE = re.compile(r"[（(](?:含|含本数|不含)[)）]")


def table_rules(number: int, table: TypedTable, passages: Sequence[Passage], base: str) -> Iterator[object]:
    """The rules of a table; none where its columns name no amounts."""
    table = completed(table, passages)
    if any(_NO_RULES.search(name) for name in table.names if "序" not in name) or len(table.rows) < 1:
        return
    kinds = [kind_of(table, at) for at in range(len(table.names))]
    if not {"amount", "rate", "mixed"} & set(kinds):
        return
    for row in table.rows:
        yield from _row_rules(number, table, row, kinds, passages, base)


def _row_rules(
    number: int, table: TypedTable, row: Sequence[str], kinds: Sequence[str], passages: Sequence[Passage], base: str
) -> Iterator[object]:
    labels = [row[at] for at, kind in enumerate(kinds) if kind == "label" and row[at]]
    notes = [row[at] for at, kind in enumerate(kinds) if kind == "note" and row[at] not in DASH]
    label = " | ".join(labels)
    told = [at for at, kind in enumerate(kinds) if kind and row[at] not in DASH]
    words = "，".join(
        f"{_name(table, at)}{row[at]}{table.units[at] if NUMBER.fullmatch(row[at]) and kinds[at] != 'count' else ''}"
        for at in told
        if kinds[at] not in {"label", "note"}
    )
    where = _passage_of(row, labels, passages)
    rule = Rule(
        "：".join(filter(None, ("，".join(labels), words))),
        label,
        table.title,
        where,
        -1,
        table=number,
        notes="，".join(notes),
    )
    caps, most, bracket = _row_caps(table, row, kinds, notes)
    unread = next((note for note in notes if any(m.role in _UNREAD for m in marks(note))), "")
    if bracket is None and any(kind == "bracket" and row[at] not in DASH for at, kind in enumerate(kinds)):
        unread = "这一档没读懂"
    if bracket is not None and _of_firm(bracket.words) and "rate" in kinds:
        rule, bracket = replace(rule, band=bracket), None
    rule = replace(
        rule, tiers=tiers(label), caps=caps, most_items=most, each=_noted_each(notes), unread=unread,
        most_months=next((months_in(row[at]) for at, kind in enumerate(kinds) if kind == "term"), None),
        least=next((value_in(table, at, row[at]) for at, kind in enumerate(kinds) if kind == "least" and row[at] not in DASH), None),
    )  # fmt: skip
    if raised := _raising(row, kinds, label, where):
        yield raised
        return
    if not any(
        kind in {"amount", "rate", "mixed"} and any(c.isdigit() for c in row[at]) for at, kind in enumerate(kinds)
    ):
        yield from _graded(rule)
        return
    for at, kind in enumerate(kinds):
        if kind in {"amount", "rate"} and row[at] not in DASH:
            yield from _cell_rule(table, row, at, kind, rule, bracket, base)
        elif kind == "mixed" and row[at] not in DASH:
            yield from _mixed(table, row, at, rule, base)
    for note in notes:
        for mark in marks(note):
            if mark.role in {"raise", "extra", "of_standard"}:
                points = mark.quantity.kind == "points"
                yield Bonus(
                    "add" if mark.role == "extra" else "points" if points else "times",
                    mark.sum if mark.role == "extra" else mark.share + (mark.role == "raise" and not points),
                    note[: mark.at],
                    note,
                    where,
                    -1,
                )
        if has(note, "refuses") or has(note, "changes"):
            yield Effect("note", "：".join(filter(None, (label, note))), where, -1, label)


def _graded(rule: Rule) -> Iterator[Rule]:
    """A row that gives a sum for each of several tiers in one cell: 3级10万元，2级5万元."""
    for cap in rule.caps:
        if cap.amount is not None and cap.tiers:
            yield replace(
                rule, fixed=cap.amount, caps=(), tiers={**rule.tiers, **cap.tiers}, words=f"{rule.subject}：{cap.words}"
            )


def _of_firm(name: str) -> bool:
    """Whether a column of ranges is of the firm's size and not of what is paid for."""
    return bool(re.search(r"适用|营业收入|营收|产值|规模", name)) and not re.search(r"投入|投资|费用|支出|增", name)


def _raising(row: Sequence[str], kinds: Sequence[str], label: str, where: Passage) -> Bonus | None:
    """A row that gives no rate of its own but raises that of the rows above: 在上述基础上加0.5个百分点."""
    for at, kind in enumerate(kinds):
        if kind in {"mixed", "rate", "amount"} and re.search(r"上述|基础上|以上各|再加|上浮|提高", row[at]):
            found = [q for q in quantities(row[at]) if q.kind == "points"]
            if len(found) == 1:
                words = f"{label}：{'，'.join(cell for cell, k in zip(row, kinds, strict=True) if k and k not in {'label', 'term'})}"
                return Bonus("points", exact(found[0].nominal) / 100, label, words, where, -1)
    return None


def _name(table: TypedTable, at: int) -> str:
    return re.sub(r"[（(][^（）()]*[)）]", "", table.names[at]).rpartition("·")[2]


def _noted_each(notes: Sequence[str]) -> tuple[str, ...]:
    found = [
        match[1] for note in notes for match in re.finditer(r"按([\u4e00-\u9fff]{1,4}?)(?:数)?(?:计|给|发|奖|补)", note)
    ]
    return tuple(found[:1])


def _row_caps(
    table: TypedTable, row: Sequence[str], kinds: Sequence[str], notes: Sequence[str]
) -> tuple[tuple[Cap, ...], tuple[tuple[Decimal, str], ...], Bracket | None]:
    caps: list[Cap] = []
    most: list[tuple[Decimal, str]] = []
    bracket = None
    for at, kind in enumerate(kinds):
        cell, name = row[at], table.names[at]
        if cell in DASH:
            continue
        if kind == "cap":
            value = value_in(table, at, cell)
            each = each_units(name)
            caps.append(
                Cap(
                    f"{_name(table, at)}{cell}{table.units[at] if NUMBER.fullmatch(cell) else ''}",
                    value,
                    each=each[0] if each else "",
                    year=has(name, "year"),
                    tiers=tiers(name),
                )
            )
        elif kind == "limits":
            own, items = _limits(cell)
            caps += own
            most += items
        elif kind == "cap_rate":
            caps.append(Cap(f"{_name(table, at)}{cell}", rate=Decimal(cell.rstrip("%％")) / 100))
        elif kind == "count" and (rows := quantities(cell + ("" if not cell.isdigit() else "个"))) and "最多" in name:
            most.append((exact(rows[0].high), rows[0].unit))
        elif kind == "bracket":
            bracket = _bracket(
                cell + (table.units[at] if NUMBER.fullmatch(cell.strip("以上下及（含）")) else ""), table.names[at]
            )
    for note in notes:
        most += _limits(note)[1]
        caps += [
            Cap(
                mark.piece.strip("，, "),
                mark.sum,
                year=has(mark.before, "year"),
                each=(each_units(mark.before) or ("",))[0],
            )
            for mark in marks(note)
            if mark.role == "cap"
        ]
    return tuple(caps), tuple(most), bracket


def _limits(cell: str) -> tuple[list[Cap], list[tuple[Decimal, str]]]:
    """The caps and the most of things in a cell: 每个标准展位8000元，每展最多2个展位; 亚洲每人3000元，欧洲每人8000元."""
    caps: list[Cap] = []
    most: list[tuple[Decimal, str]] = []
    begin = 0
    for mark in marks(cell):
        text = cell[begin : mark.at]
        if mark.role != "count":
            begin = mark.at + len(mark.quantity.words)
        if is_sum(mark.quantity) and not mark.quantity.ranged:
            each = [unit for unit in each_units(text) if unit != "展"]
            caps.append(
                Cap(
                    f"{text.strip('，, ；;、')}{mark.quantity.words}",
                    mark.sum,
                    each=(each or [""])[0],
                    tiers=tiers(text),
                )
            )
        elif mark.role == "most_items":
            noun = re.match(r"[\u4e00-\u9fff]{0,6}", cell[begin:])
            most.append((exact(mark.quantity.high), mark.quantity.unit + (noun[0] if noun else "")))
    return caps, most


def _bracket(cell: str, name: str) -> Bracket | None:
    rows = [q for q in quantities(_INCLUSIVE.sub("", cell)) if is_sum(q)]
    if len(rows) not in {1, 2}:
        return None
    low, high, open_low, open_high = Decimal(0), None, False, False
    for q in rows:
        a, b = ends(q)
        opened = bool(re.search(r"超过|大于|高于|低于|不足|小于|不含|不到", q.words)) and "不超过" not in q.words
        if q.ranged and a and b is not None:
            low, high = a, b
        elif is_up(q.words) or b is None:
            low, open_low = a, opened
        elif is_down(q.words) or not a:
            high, open_high = b, opened
        else:
            return None
    return Bracket(low, high, open_low, open_high, name)


def _is_cap(label: str) -> bool:
    return bool(CAP.search(label))


def _cell_rule(
    table: TypedTable, row: Sequence[str], at: int, kind: str, rule: Rule, bracket: Bracket | None, base: str
) -> Iterator[object]:
    """The rule of one cell: the row's, with what the name of the column says."""
    name, cell = table.names[at], row[at]
    head = tiers(name)
    several = sum(1 for other in table.names if AMOUNT.search(other) or RATE.search(other)) > 1
    subject = f"{rule.subject} | {name.rpartition('·')[2]}" if head or several else rule.subject
    one = replace(rule, subject=subject, tiers={**rule.tiers, **head})
    if kind == "rate":
        by_year = "年贴息" in name or "年利率" in name or "年化" in name
        column_base = "" if by_year else name if re.search(r"按|占|投入|投资|费用|支出|合同|利息", name) else ""
        one = replace(
            one,
            rate=Decimal(cell.rstrip("%％")) / 100,
            base=column_base or base or ("贷款本金" if by_year else ""),
            by_year=by_year,
        )
    else:
        value = value_in(table, at, cell)
        if value is None:
            yield replace(one, fixed=Decimal(0), unread="表里的数没有写单位")
            return
        each = each_units(name) or each_units(cell) or each_in(name) or one.each
        one = replace(one, fixed=value, each=each)
    if bracket is not None:
        one = replace(
            one, brackets=(replace(bracket, rate=one.rate, fixed=one.fixed),), base=bracket.words, rate=None, fixed=None
        )
    yield one


def _mixed(table: TypedTable, row: Sequence[str], at: int, rule: Rule, base: str) -> Iterator[object]:
    cell, name = row[at], table.names[at]
    if value_in(table, at, cell) is not None:
        yield from _cell_rule(table, row, at, "amount", rule, None, base)
        return
    if has(cell, "floors") and not has(cell, "rewards") and re.search(r"修改|调整|原|现行", name):
        return
    rows = marks(cell)
    core = [m for m in rows if m.role in {"rate", "fixed", "loose_rate", "loose_sum"}]
    caps = tuple(
        Cap(m.piece.strip("，, "), m.sum, each=(each_units(m.before) or ("",))[0], year=has(m.before, "year"))
        for m in rows
        if m.role == "cap" and not limits_base(m)
    )
    for m in rows:
        if m.role == "cap" and limits_base(m):
            part = re.split(r"计入|最高|不超过", m.before.removeprefix("其中"))[0]
            yield Weight(part, Decimal(1), m.sum, m.piece.strip("，, "), rule.passage)
    one = replace(
        rule, subject=f"{rule.subject} | {name}", tiers={**rule.tiers, **tiers(name)}, caps=(*rule.caps, *caps)
    )
    if len(core) != 1:
        if core:
            yield replace(one, unread="这一格有几个数", fixed=Decimal(0))
        return
    mark = core[0]
    if mark.role in {"rate", "loose_rate"}:
        own = mark.before.removeprefix("按").removesuffix("的").strip()
        by_year = bool(re.search(r"年贴息|年利率|年化", name))
        yield replace(one, rate=mark.share, base=own or base or ("贷款本金" if by_year else ""), by_year=by_year)
    elif _is_cap(rule.subject):
        cap = Cap(f"{one.subject}：{cell}", mark.sum, year=has(rule.subject, "year"), condition=name)
        yield General(cap, cap.words, one.passage, -1, one.label)
    else:
        yield replace(one, fixed=mark.sum, each=each_units(mark.before) or one.each)


def _passage_of(row: Sequence[str], labels: Sequence[str], passages: Sequence[Passage]) -> Passage:
    """The passage that a row stands in: the one with most of its cells, the shortest of those."""
    cells = [squeeze(cell) for cell in row if cell and cell not in DASH]
    return min(passages, key=lambda p: (-sum(cell in squeeze(p.text) for cell in cells), len(p.text)))
