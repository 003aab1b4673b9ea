"""A question after an amount: what it asks for, and everything that it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.numbers import Quantity, quantities
from core.text import normalise
from tools.notice_amount.sums import exact, is_sum, yuan
from tools.notice_amount.tiers import Tiers, tiers
from tools.notice_amount.vocabulary import any_of, group, has

_ENDS = re.compile(r"(?<!\d)[,]|[,](?!\d)|[，。；？！;?!\n（）()]+|但是|但(?!愿)")
_MONTHS = {"月": Decimal(1), "年": Decimal(12), "季度": Decimal(3)}
_REMARK = 4
"""A segment no longer than this is a remark (高端类) that goes with what stands before it."""
_YEAR_AND_HALF = re.compile(r"^半")


@dataclass(frozen=True)
class Fact:
    """A sum that the question gives. label: the words around it; context: those before its segment; each: for one of what.

    place: where it stands, by which its use is noted; part: it is within another sum of the question (其中…).
    """

    sum: Decimal
    label: str
    context: str
    words: str
    place: int
    each: str = ""
    rough: bool = False
    part: bool = False


@dataclass(frozen=True)
class Count:
    """A number of things: 3 个 标准展位."""

    value: Decimal
    unit: str
    noun: str
    words: str
    place: int


@dataclass(frozen=True)
class Span:
    """A length of time in months; None where it is told in days."""

    months: Decimal | None
    words: str
    segment: str
    place: int


@dataclass(frozen=True)
class Said:
    """A segment of the question. earlier: it tells of before; received: of support had already; denied: of what is not."""

    text: str
    earlier: bool
    received: bool
    denied: bool
    asks: bool
    place: int


@dataclass(frozen=True)
class Asked:
    """kind: amount, most (the cap), ratio or each (for one of something).

    cut: places of the parts that do not count; shares: percentages told, with the words before them and their places.
    """

    text: str
    kind: str
    segments: tuple[Said, ...]
    facts: tuple[Fact, ...] = ()
    received: tuple[Fact, ...] = ()
    computed: tuple[Fact, ...] = ()
    counts: tuple[Count, ...] = ()
    spans: tuple[Span, ...] = ()
    dates: tuple[tuple[str, int], ...] = ()
    others: tuple[tuple[str, int], ...] = ()
    tiers: Tiers = field(default_factory=dict)
    summed: bool = False
    cut: frozenset[int] = frozenset()
    shares: tuple[tuple[Decimal, str, int], ...] = ()

    @property
    def topic(self) -> str:
        """The question without what it says of before and of support had."""
        return "，".join(
            said.text for said in self.segments if not said.received and not (said.earlier and not said.asks)
        )

    @property
    def claims_support(self) -> bool:
        """Whether it says that support was had already."""
        return any(said.received and not said.denied for said in self.segments)


def read_question(text: str) -> Asked | None:
    """The question as asked; None where it asks for no amount."""
    told = normalise(text).strip()
    kind = _kind(told)
    if not kind:
        return None
    told = re.sub(r"(?<=[年月个人台块])多少", "，多少", told)
    segments = _segments(told)
    facts: list[Fact] = []
    received: list[Fact] = []
    computed: list[Fact] = []
    counts: list[Count] = []
    spans: list[Span] = []
    dates: list[tuple[str, int]] = []
    others: list[tuple[str, int]] = []
    shares: list[tuple[Decimal, str, int]] = []
    context, inside = "", False
    for said in segments:
        rows = quantities(said.text)
        inside = _within(said.text, inside)
        for n, q in enumerate(rows):
            begin = rows[n - 1].end if n else 0
            end = rows[n + 1].start if n + 1 < len(rows) else len(said.text)
            before, after = said.text[begin : q.start], said.text[q.end : end]
            place = said.place + q.start
            if is_sum(q) and q.words == "一块" and before.endswith(("加", "在", "合", "到")):
                continue
            if is_sum(q):
                fact = _fact(q, before, after, context, said, place, n == len(rows) - 1)
                if inside and (facts or has(said.text, "parts")):
                    fact = _part(fact, said.text, rows, n)
                (received if said.received else computed if has(before, "computed") else facts).append(fact)
            elif q.kind in {"count", "people"} and q.unit not in {"级", "档", "年", "期", "届"}:
                noun = re.match(r"(?:标准)?[\u4e00-\u9fff]{0,10}", after)[0]  # type: ignore[index]
                people = q.kind == "people" or q.unit in {"名", "位"} or (q.unit == "个" and has(noun, "persons"))
                counts.append(Count(exact(q.nominal), "人" if people else q.unit, noun or before[-6:], q.words, place))
                if q.ranged or q.approximate:
                    others.append((q.words, place))
            elif measured := _measure(q, after):
                counts.append(Count(exact(q.nominal), measured, after[:10], q.words, place))
            elif q.kind == "duration" and not (q.unit == "年" and 20 <= q.nominal <= 40):
                spans.append(_span(q, after, said, place))
            elif q.kind == "date":
                dates.append((q.words, place))
            elif q.kind in {"share", "points"} and q.low == q.high:
                shares.append((exact(q.nominal) / 100, before, place))
                others.append((q.words, place))
            elif q.kind != "count":
                others.append((q.words, place))
        context = said.text if len(said.text) > _REMARK else f"{context}，{said.text}"
    kept = "，".join(
        said.text
        for said in segments
        if not said.earlier
        and not said.received
        and not (said.denied and not any(is_sum(q) for q in quantities(said.text)))
    )
    return Asked(
        told, kind, tuple(segments), tuple(facts), tuple(received), tuple(computed), tuple(counts), tuple(spans), tuple(dates),
        tuple(others), tiers(kept), _is_summed(told), shares=tuple(shares),
    )  # fmt: skip


def _kind(text: str) -> str:
    if has(text, "least_asked"):
        return ""
    if has(text, "ratio_asked") and not any(is_sum(q) for q in quantities(text)):
        return "ratio"
    asks = False
    for found in re.finditer(any_of("how_much"), text):
        after = text[found.end() : found.end() + 3]
        if after.startswith(group("no_amount")) and "钱" not in found[0]:
            continue
        segment = re.split(r"[，。；？！]", text[: found.end()])[-1] + re.split(r"[，。；？！]", text[found.end() :])[0]
        asks |= has(segment, "take") or has(segment, "gets")
        if has(segment, "limits_asked") and not asks:
            asks = True
    if not asks:
        return ""
    if has(text, "each_asked"):
        return "each"
    return "most" if has(text, "limits_asked") else "amount"


def _segments(text: str) -> list[Said]:
    out: list[Said] = []
    at = 0
    for end in [*(m.span() for m in _ENDS.finditer(text)), (len(text), len(text))]:
        piece = text[at : end[0]]
        if piece.strip():
            denied = has(piece, "said_no")
            money = any(is_sum(q) for q in quantities(piece))
            told = has(piece, "received")
            past = any(word in piece for word in group("received") if "过" in word or "已" in word)
            out.append(
                Said(
                    piece,
                    has(piece, "earlier"),
                    told and (money or past),
                    denied,
                    bool(re.search(any_of("how_much"), piece)),
                    at,
                )
            )
        at = end[1]
    return out


def _fact(q: Quantity, before: str, after: str, context: str, said: Said, place: int, last: bool) -> Fact:
    """A sum with its words; what follows it belongs to it up to a mark, where it goes on with 的 or nothing else comes."""
    behind = (
        re.split(r"[、和及加＋+]|还有", after)[0]
        if last or after.startswith("的") or not before.strip("、和及加 ")
        else ""
    )
    if re.search(any_of("how_much"), behind):
        behind = re.split(any_of("take", "how_much"), behind)[0]
    each = ""
    if (found := re.search(r"(?:每|一|单价)([台套个件张人次车场间])(?:[\u4e00-\u9fff]{0,4})$", before)) or (
        found := re.match(r"(?:一|每|/)([台套个件张人次车场间])", after)
    ):
        each = found[1]
    rough = (
        q.ranged
        or not q.sure
        or (q.approximate and not q.words.startswith(("约", "大约", "大概", "差不多")) and "左右" not in q.words)
    )
    part = has(re.sub(r"不?含税|不含|不包括", "", before), "parts")
    return Fact(yuan(q), before + behind, context, q.words, place, each, rough, part)


def _measure(q: Quantity, after: str) -> str:
    """The unit of a measure that is no count of things: 千瓦, 蒸吨; empty where it is none."""
    if q.kind == "power" and q.unit == "kW":
        return "千瓦"
    found = re.match(r"蒸吨|千瓦时|千瓦|平方米|亩", after) if q.kind == "number" else None
    return found[0] if found else ""


def _is_summed(text: str) -> bool:
    """Whether several amounts are asked for together; 一共160万 only tells a sum."""
    return bool(
        re.search(rf"{any_of('sum_asked')}(?![^，。？！\d]{{0,4}}[\d一二三四五六七八九十百]+\S{{0,2}}[万亿元])", text)
    )


def _within(text: str, before: bool) -> bool:
    """Whether the sums of a segment are parts of one told before: 其中4万是专线费; 还有10万维保费 after such a one."""
    if has(re.sub(r"[不]?含税|不含|不包括", "", text), "parts"):
        return True
    if re.search(r"(?:^|，)有[^，]{0,3}\d[^，]*(?:是|卖|买|属于|花在)", text):
        return True
    return before and bool(re.match(r"还有|另有|再有|和|、", text))


def _part(fact: Fact, text: str, rows: Sequence[Quantity], n: int) -> Fact:
    """A part with the words that name it: those behind it up to the next mark, else those before."""
    end = rows[n + 1].start if n + 1 < len(rows) else len(text)
    behind = re.split(r"[、，]|(?:[和及加])(?=\d)", text[rows[n].end : end])[0]
    behind = re.split(any_of("how_much"), behind)[0]
    begin = rows[n - 1].end if n else 0
    before = re.split(r"[、，]", text[begin : rows[n].start])[-1]
    named = re.sub(any_of("parts"), "", before).strip("有还了共的 ")
    return replace(fact, label=behind if len(behind.strip("是的了万元 ")) > 1 else named or behind, part=True)


def _span(q: Quantity, after: str, said: Said, place: int) -> Span:
    unit = _MONTHS.get(q.unit)
    more = Decimal("0.5") if _YEAR_AND_HALF.match(after) and q.unit == "年" else Decimal(0)
    whole = None if unit is None or q.ranged else (exact(q.nominal) + more) * unit
    return Span(whole, q.words, said.text, place)
