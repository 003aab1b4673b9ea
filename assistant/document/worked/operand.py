"""The figures of a question and of a line of a notice, each with its unit and with what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.document.worked.quantity import MONEY, MONTH, NOTHING, PIECE, SHARE, TIMES, Quantity, Role
from core.figures import DATE
from core.figures import figures as written
from tools.notice_amount.asking import Asking
from tools.notice_amount.figures import figures
from tools.notice_amount.model import Band, Figure
from tools.notice_amount.roles import band_of, limit_in, role_of, told_apart, unit_in

GIVES = frozenset({"share", "sum", "times", "raise", "lower"})
"""What a figure of a notice is by which something is given."""
EACH = 8
"""So many characters behind 每 may name what a sum is for each of."""
GOES_ON = 12
"""A sum so near behind another is told in the same breath."""
AROUND = 16
"""How many characters before a figure are shown of a long piece of the question, and half as many behind it."""
_STOPS = re.compile(r"[，。；：？！,;?!\n]")
_EACH = re.compile(r"每|/|／|各|单价|一(?:台|套|个|人|张)")
_JOINS = re.compile(r"[、和跟加与及]")
_MONTHLY = re.compile(r"[每/／]个?月")
_PER = re.compile(r"每(?!户|家|企|批|次|季|年|[一个]?(?:单位|主体))")
"""For each of what a sum is: it has to be multiplied with their number."""
_TAX = re.compile(r"税(?:额|金|款|费)?(?:是|有|占|共)?$")
_SCALED = ((re.compile(r"减半|折半|一半|对半|半数"), Decimal("0.5")), (re.compile(r"翻倍|加倍|翻番|双倍"), Decimal(2)))
_TO = re.compile(r"^(?:[（(]不?含[)）])?[至到~—–-]+$")


@dataclass(frozen=True)
class Operand:
    """A figure that may be reckoned with. name: empty where it is not listed; kind: what tools.notice_amount calls it: share, sum,
    cap, band … of a notice, base, had, tax, part … of a question; start, end: where it stands in its line;
    head, bands: of a figure that gives, what tells it from the others of its line, and from where to where it holds.
    """

    name: str
    quantity: Quantity
    words: str
    kind: str
    start: int
    end: int
    around: str = ""
    band: Band | None = None
    head: str = ""
    bands: tuple[Band, ...] = ()
    of_base: bool = False


def named(one: Operand, name: str) -> Operand:
    """A figure with the name by which it is listed."""
    return replace(one, name=name, quantity=replace(one.quantity, of=frozenset({name})))


def of_question(asked: Asking) -> Iterator[Operand]:
    """The sums and numbers of the question that are exact, as they stand in it; of a sum with its tax both, apart."""
    text, by_place = asked.text, {told.place: told for told in asked.told}
    rows = figures(text)
    for n, figure in enumerate(rows):
        told = by_place.get(figure.start)
        if not figure.exact or figure.low != figure.high or (told is None and figure.measure == "count"):
            continue
        kind = "tax" if told is None and _TAX.search(text[: figure.start]) else told.role if told else "base"
        if told and told.figure.words != figure.words:
            kind = "gross"
        each = _for_each(_around(text, rows, n)) if figure.measure == "money" else NOTHING
        each |= {PIECE} if told and told.each else NOTHING
        value = Quantity(figure.value, _unit(figure), "base", each)
        yield Operand("", value, figure.words, kind, figure.start, figure.end, _around(text, rows, n))


def of_line(text: str, under: str) -> Iterator[Operand]:
    """The figures of a line of the notice with what each is; no date, no number of a document, no range."""
    rows = figures(text)
    dates = [(one.start, one.end) for one in written(text) if {unit for _, unit in one.keys} & {DATE, "文号", "编号"}]
    roles = [role_of(text, rows, n) for n in range(len(rows))]
    heads = _heads(text, rows, roles)
    found = list[Operand]()
    for n, (figure, kind) in enumerate(zip(rows, roles, strict=True)):
        if any(start < figure.end and figure.start < end for start, end in dates):
            continue
        between = text[rows[n - 1].end : figure.start] if n else ""
        if (kind == "band" and n and _TO.match(between)) or (kind == "aside" and figure.measure == "count"):
            continue
        of_base = kind == "cap" and limit_in(text, rows, n).of_base
        value = _given(figure, kind, _piece(text, figure, found), under, of_base)
        if kind == "sum" and not value.each and (before := _goes_on_from(figure, found)):
            value = replace(value, each=before.each, single=before.single)
        band = band_of(text, rows, n) if kind == "band" else None
        one = Operand("", value, figure.words, kind, figure.start, figure.end, band=band, of_base=of_base)
        head, own = heads.get(n) or _before(text, one, found)
        found.append(replace(one, head=head, bands=tuple(own)) if kind in GIVES else one)
    taken = [(one.start, one.end) for one in found]
    for start, end, scale in _scales(text):
        if not any(a < end and start < b for a, b in taken):
            found.append(Operand("", Quantity(scale, TIMES, "base"), text[start:end], "times", start, end))
    yield from sorted(found, key=lambda one: one.start)


def _heads(text: str, rows: Sequence[Figure], roles: Sequence[str]) -> dict[int, tuple[str, list[Band]]]:
    """What tells the figures apart that are given one behind the other: 国家级、省级的，分别奖励100万元、40万元."""
    gives = [n for n, role in enumerate(roles) if role in {"share", "sum"}]
    return dict(zip(gives, told_apart(text, rows, roles, gives), strict=False)) if gives else {}


def _before(text: str, one: Operand, found: Sequence[Operand]) -> tuple[str, list[Band]]:
    """What stands between a figure and the one before it that gives, and the bands that are told there."""
    start = max((other.end for other in found if other.kind in GIVES), default=0)
    return text[start : one.start], [other.band for other in found if other.band and other.start >= start]


def _piece(text: str, figure: Figure, found: Sequence[Operand]) -> str:
    """What stands in the piece of a figure before it, from the last figure on that gives."""
    start = max((match.end() for match in _STOPS.finditer(text, 0, figure.start)), default=0)
    return text[max([start, *(one.end for one in found if one.kind in GIVES)]) : figure.start]


def _goes_on_from(figure: Figure, found: Sequence[Operand]) -> Quantity | None:
    """The sum right before one that leaves out what it is for each of: 重型9万元 of 轻型每辆1.5万元，重型9万元."""
    last = next((one for one in reversed(found) if one.kind in GIVES), None)
    near = last is not None and last.kind == "sum" and figure.start - last.end <= GOES_ON
    return last.quantity if last and near and last.quantity.single else None


def _given(figure: Figure, kind: str, piece: str, under: str, of_base: bool) -> Quantity:
    """A figure of the notice as a quantity. piece: what stands before it."""
    role: Role = "given" if kind in GIVES else "bound" if kind == "cap" else "base"
    money = figure.measure == "money"
    per = len(_PER.findall(piece)) or int(bool(unit_in(piece, figure.words)))
    single = per if money and kind == "sum" else 0
    each = _for_each(f"{under}{piece}{figure.words}") if money else NOTHING
    each |= {PIECE} if single and not each else NOTHING
    return Quantity(figure.value, _unit(figure), role, each, kind == "cap" and money and not of_base, single)


def _for_each(text: str) -> frozenset[str]:
    """What a sum is for each of, by what stands around it: 人 of 每人, 吨 of 元/吨."""
    found = set[str]()
    for one in _EACH.finditer(text):
        behind = re.sub(r"[名位]", "人", text[one.end() : one.end() + EACH])
        found.add(MONTH if _MONTHLY.match(text, one.start()) else behind if one[0] in "每/／" else PIECE)
    return frozenset(found)


def _scales(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """减半, 翻倍 and 1.2倍: by how much something is scaled."""
    for pattern, value in _SCALED:
        yield from ((*match.span(), value) for match in pattern.finditer(text))
    for one in written(text):
        if len(one.keys) == 1 and one.keys[0][1] == "倍" and one.keys[0][0].replace(".", "").isdigit():
            yield one.start, one.end, Decimal(one.keys[0][0])


def _unit(figure: Figure) -> str:
    return {"money": MONEY, "share": SHARE, "months": MONTH}.get(figure.measure, figure.unit)


def constants_of(operands: Sequence[Operand]) -> tuple[Operand, ...]:
    """A year's months, where months are spoken of."""
    if not any(one.quantity.unit == MONTH for one in operands):
        return ()
    return (named(Operand("", Quantity(Decimal(12), MONTH, "base"), "一年", "constant", 0, 0), "c1"),)


def _around(text: str, rows: Sequence[Figure], n: int) -> str:
    """A figure with the words beside it in its piece, as far as they are not another figure's: 冷风机30万 of 压缩机60万、冷风机30万."""
    figure = rows[n]
    start = max([0, *(match.end() for match in _STOPS.finditer(text, 0, figure.start)), *(one.end for one in rows[:n])])
    stop = _STOPS.search(text, figure.end)
    end = stop.start() if stop else len(text)
    behind = text[figure.end : end]
    if n + 1 < len(rows) and rows[n + 1].start < end:
        behind = _JOINS.split(text[figure.end : rows[n + 1].start])[0]
    return f"{text[max(start, figure.start - AROUND) : figure.start]}{figure.words}{behind[: AROUND // 2]}".strip("、 ")
