"""Tables by their drawn lines: the grid of a group of crossing rules, its merged cells, and the text in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.parsed import Element
from ingest.readers import grid
from ingest.readers.layout import Glyph, Line, Rule, Sheet, lines

NEAR = 3.0
"""Points within which rules meet or are the same."""
SHORTEST = 8.0
MOST_RULES = 4000
MOST_LINES = 120


@dataclass(frozen=True)
class Ruled:
    """A table on a page: what it is, where it begins and ends, and the glyphs in it, by identity."""

    elements: tuple[Element, ...]
    y0: float
    y1: float
    glyphs: frozenset[int]


def tables(sheet: Sheet) -> list[Ruled]:
    """The tables of a page, from the top down."""
    if not sheet.rules or len(sheet.rules) > MOST_RULES:
        return []
    rules = [r for r in _merged(sheet.rules) if max(r.x1 - r.x0, r.y1 - r.y0) >= SHORTEST]
    groups = _groups(rules)
    found = [_table(group, sheet) for group in groups]
    open_rules = [r for group in groups if len(group) == 1 for r in group if r.level]
    found += [_open_table(group, sheet) for group in _stacks(open_rules)]
    return sorted((t for t in found if t), key=lambda t: t.y0)


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Pieces of one line made one."""
    out: list[Rule] = []
    for level in (True, False):
        kept = [r for r in rules if r.level is level]
        kept.sort(key=lambda r: (round(r.y0 / NEAR), r.x0) if level else (round(r.x0 / NEAR), r.y0))
        for rule in kept:
            last = out[-1] if out and out[-1].level is level else None
            if last and level and abs(last.y0 - rule.y0) <= NEAR and rule.x0 <= last.x1 + NEAR:
                out[-1] = Rule(last.x0, last.y0, max(last.x1, rule.x1), last.y1)
            elif last and not level and abs(last.x0 - rule.x0) <= NEAR and rule.y0 <= last.y1 + NEAR:
                out[-1] = Rule(last.x0, last.y0, last.x1, max(last.y1, rule.y1))
            else:
                out.append(rule)
    return out


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that meet, directly or through others."""
    parent = list(range(len(rules)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    upright = [at for at, r in enumerate(rules) if not r.level]
    for a, level in enumerate(rules):
        if not level.level:
            continue
        for b in upright:
            other = rules[b]
            meets_x = level.x0 - NEAR <= other.x0 <= level.x1 + NEAR
            if meets_x and other.y0 - NEAR <= level.y0 <= other.y1 + NEAR:
                parent[root(a)] = root(b)
    groups: dict[int, list[Rule]] = {}
    for at, rule in enumerate(rules):
        groups.setdefault(root(at), []).append(rule)
    return list(groups.values())


def _positions(values: Sequence[float]) -> list[float]:
    """Values without those that are nearly the same as the one before."""
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > NEAR:
            out.append(value)
    return out


def _table(rules: Sequence[Rule], sheet: Sheet) -> Ruled | None:
    level, upright = [r for r in rules if r.level], [r for r in rules if not r.level]
    if len(level) < 2 or not upright:
        return None
    xs = _positions([r.x0 for r in upright] + [x for r in level for x in (r.x0, r.x1)])
    ys = _positions([r.y0 for r in level] + [y for r in upright for y in (r.y0, r.y1)])
    if len(xs) < 3 or len(ys) < 2 or len(xs) > grid.MOST_COLUMNS or len(ys) > 400:
        return None
    inside = _inside(sheet, xs[0], ys[0], xs[-1], ys[-1])
    if not inside:
        return None
    cells = _cells(level, upright, xs, ys)
    texts: dict[tuple[int, int], list[Glyph]] = {}
    for at in inside:
        x, y = sheet.glyphs[at].middle
        texts.setdefault(cells.first[_place(ys, y), _place(xs, x)], []).append(sheet.glyphs[at])
    made = [
        grid.Cell(cell_text(texts.get((row, column), ()), xs[column + wide] - xs[column]), row, column, high, wide)
        for (row, column), (high, wide) in cells.spans.items()
    ]
    return Ruled(
        tuple(grid.elements(made, page=sheet.number)), ys[0], ys[-1], frozenset(id(sheet.glyphs[at]) for at in inside)
    )


def _inside(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> list[int]:
    return [
        at
        for at, glyph in enumerate(sheet.glyphs)
        if x0 - NEAR < glyph.middle[0] < x1 + NEAR and y0 - NEAR < glyph.middle[1] < y1 + NEAR
    ]


def _place(edges: Sequence[float], value: float) -> int:
    at = next((at for at in range(1, len(edges)) if value < edges[at]), len(edges) - 1)
    return at - 1


@dataclass(frozen=True)
class _Cells:
    """first: of each place the place where its cell begins; spans: of each cell its rows and columns."""

    first: dict[tuple[int, int], tuple[int, int]]
    spans: dict[tuple[int, int], tuple[int, int]]


def _cells(level: Sequence[Rule], upright: Sequence[Rule], xs: Sequence[float], ys: Sequence[float]) -> _Cells:
    """Places of the grid joined where no rule parts them; a cell that is no rectangle is made the one around it."""
    below = {
        (row, column)
        for row in range(len(ys) - 2)
        for column in range(len(xs) - 1)
        if _parts(level, ys[row + 1], (xs[column] + xs[column + 1]) / 2, True)
    }
    right = {
        (row, column)
        for row in range(len(ys) - 1)
        for column in range(len(xs) - 2)
        if _parts(upright, xs[column + 1], (ys[row] + ys[row + 1]) / 2, False)
    }
    first: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in first:
                continue
            wide = 1
            while (
                column + wide < len(xs) - 1
                and (row, column + wide - 1) not in right
                and (row, column + wide) not in first
            ):
                wide += 1
            high = 1
            while row + high < len(ys) - 1 and not any((row + high - 1, column + i) in below for i in range(wide)):
                high += 1
            spans[row, column] = (high, wide)
            first.update({(row + i, column + j): (row, column) for i in range(high) for j in range(wide)})
    return _Cells(first, spans)


def _parts(rules: Sequence[Rule], at: float, across: float, level: bool) -> bool:
    """Whether one of the rules stands at a position and reaches across a point."""
    if level:
        return any(abs(r.y0 - at) <= NEAR and r.x0 - NEAR <= across <= r.x1 + NEAR for r in rules)
    return any(abs(r.x0 - at) <= NEAR and r.y0 - NEAR <= across <= r.y1 + NEAR for r in rules)


def cell_text(glyphs: Sequence[Glyph], width: float) -> str:
    """The text of a cell; a line is joined to the one before where it would not have fitted beside it."""
    out = ""
    before: Line | None = None
    for line in lines(glyphs, gap=99.0):
        text = line.text
        if before is None:
            out = text
        else:
            room = width - (before.x1 - before.x0) - before.size
            fits = room > max(3 * before.size, 0.3 * width)
            latin = out[-1:].isascii() and text[:1].isascii() and out[-1:].isalnum() and text[:1].isalnum()
            out += (" " if fits or (latin and not out[-1:].isdigit()) else "") + text
        before = line
    return out


def _stacks(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Level rules of the same extent, three and more under each other: tables without upright lines."""
    stacks: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.y0):
        for stack in stacks:
            if abs(stack[0].x0 - rule.x0) <= NEAR and abs(stack[0].x1 - rule.x1) <= NEAR:
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    return [s for s in stacks if 3 <= len(s) <= MOST_LINES]


def _open_table(rules: Sequence[Rule], sheet: Sheet) -> Ruled | None:
    """A table with level lines only: its columns are where every row leaves a gap."""
    x0, x1, ys = rules[0].x0, rules[0].x1, _positions([r.y0 for r in rules])
    inside = _inside(sheet, x0, ys[0], x1, ys[-1])
    if len(ys) < 3 or not inside:
        return None
    found = lines((sheet.glyphs[at] for at in inside), gap=0.8)
    columns = _columns(found)
    if len(columns) < 2:
        return None
    rows: list[list[list[Glyph]]] = []
    bands: list[int] = []
    for line in found:
        band = _place(ys, (line.y0 + line.y1) / 2)
        at = next(at for at, (_, right) in enumerate(columns) if line.x0 <= right)
        same = rows and bands[-1] == band and _is_same_row(rows[-1], line, columns, at)
        if not same:
            rows.append([[] for _ in columns])
            bands.append(band)
        rows[-1][at] += line.glyphs
    cells = [
        grid.Cell(cell_text(glyphs, columns[at][1] - columns[at][0]), row, at)
        for row, parts in enumerate(rows)
        for at, glyphs in enumerate(parts)
    ]
    taken = frozenset(id(sheet.glyphs[at]) for at in inside)
    return Ruled(tuple(grid.elements(cells, page=sheet.number)), ys[0], ys[-1], taken)


def _is_same_row(row: Sequence[Sequence[Glyph]], line: Line, columns: Sequence[tuple[float, float]], at: int) -> bool:
    """Whether a line stands beside those of a row, or goes on below one of them without a name of its own."""
    told = [g for part in row for g in part]
    beside = any(min(g.y1, line.y1) - max(g.y0, line.y0) > 0.5 * (line.y1 - line.y0) for g in told)
    return beside or (at > 0 and bool(row[at]))


def _columns(found: Sequence[Line]) -> list[tuple[float, float]]:
    """The stretches across the page that text covers, with the gaps between them left out."""
    out: list[tuple[float, float]] = []
    for line in sorted(found, key=lambda n: n.x0):
        if out and line.x0 <= out[-1][1] + 0.3 * line.size:
            out[-1] = (out[-1][0], max(out[-1][1], line.x1))
        else:
            out.append((line.x0, line.x1))
    return out
