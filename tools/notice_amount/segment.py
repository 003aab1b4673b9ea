"""One segment of a sentence as figures with their roles: a rate, a sum, a cap, a bracket, a bonus, a least."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from core.cut import split_after
from core.numbers import Quantity, quantities
from tools.notice_amount.sums import ends, exact, is_sum, yuan
from tools.notice_amount.vocabulary import any_of, group, has, last

_EACH = re.compile(
    r"每\s*(?:新?[增购加]?(?:置|买|加)?)?(?:一|1)?(?P<unit>[\u4e00-\u9fff（）()]{1,9}?)(?=\d|每|奖|补|给|最高|不超|按|定额|资助|支持|贴|累计|，|的|$)"
)
_SINGLE = re.compile(r"单(?P<unit>[台套个件张人次车场项])(?P<noun>项目|产品|展位|车间|设备)?")
_PARENTHESES = re.compile(r"[（(][^（()）]*[)）]")
_CAPPED_AFTER = re.compile(r"^\s*(?:\(含\)|（含）)?(?:封顶|为限|为上限|以内|之内|为最高)")
_PART = re.compile(r"^(?:（含）|\(含\)|（不含）)?(?:之间|以内)?的?部分")
_AND_UP = re.compile(r"以上|起$|超过|大于|高于|突破|多于|达到|满")
_AND_DOWN = re.compile(r"以下|以内|不足|不满|低于|小于|未达|不到|少于|不超过|至多")
_OPEN = re.compile(r"超过|大于|高于|突破|多于|不足|不满|低于|小于|不到|少于|不含")
_REFUSED = re.compile(r"不予|不再|不受理|不奖|不补|不支持")
_YEARS_EACH = ("年", "年度", "家", "户", "家企业", "户企业", "企", "企业", "单位", "家单位", "个企业", "月份")


@dataclass(frozen=True)
class Mark:
    """A figure with its role: rate, fixed, cap, cap_rate, bracket, raise, lower, extra, of_standard, floor, budget, count, time, other.

    before, after: the words beside it in its comma-piece; piece: that piece; lead: the pieces before it in the segment.
    """

    role: str
    quantity: Quantity
    before: str
    after: str
    piece: str
    lead: str
    at: int

    @property
    def share(self) -> Decimal:
        return exact(self.quantity.nominal) / 100

    @property
    def sum(self) -> Decimal:
        return yuan(self.quantity)

    @property
    def limits(self) -> tuple[Decimal, Decimal | None]:
        return ends(self.quantity)

    @property
    def opened(self) -> bool:
        return bool(_OPEN.search(self.quantity.words + self.before[-4:])) and "不超过" not in self.quantity.words

    @property
    def marginal(self) -> bool:
        return bool(_PART.match(self.after))


def marks(segment: str) -> list[Mark]:
    """The figures of a segment, in order, with their roles."""
    found: list[Mark] = []
    lead, at = "", 0
    for piece in split_after(segment, "，,"):
        rows = quantities(piece)
        for n, quantity in enumerate(rows):
            begin = rows[n - 1].end if n else 0
            end = rows[n + 1].start if n + 1 < len(rows) else len(piece)
            before, after = piece[begin : quantity.start], piece[quantity.end : end].strip("，, ")
            role = _role(quantity, before, after, piece, lead, segment, [mark.role for mark in found])
            found.append(Mark(role, quantity, before, after, piece, lead, at + quantity.start))
        lead += piece
        at += len(piece)
    return found


def _role(q: Quantity, before: str, after: str, piece: str, lead: str, whole: str, earlier: list[str]) -> str:
    if q.kind in {"share", "points"}:
        return _share_role(q, before, after, piece, lead)
    if is_sum(q):
        return _sum_role(q, before, after, piece, lead, whole, earlier)
    if q.kind in {"count", "people"}:
        if re.search(r"最多|至多|不超过", q.words + before[-5:]):
            return "most_items"
        return "count"
    return "time" if q.kind in {"duration", "date"} else "other"


def _share_role(q: Quantity, before: str, after: str, piece: str, lead: str) -> str:
    near = before + re.match(r"^[^\d]*", q.words)[0]  # type: ignore[index]
    if after.startswith(("计入", "核定", "折算")) and not has(after[2:8], "rewards"):
        return "weight"
    if after.startswith("的限制"):
        return "other"
    if q.kind == "points" and q.low == 0 and last(before + q.words, "caps"):
        return "cap_rate"
    if q.ranged and re.search(r"以上|以下", q.words) and re.search(r"持股|占", before):
        return "share_floor"
    if q.ranged:
        return "rate_range"
    uncapped = re.sub(any_of("caps"), "", near)
    raised = last(before, "raises")
    if raised and before.rstrip("了至到").endswith(raised) and not has(uncapped, "floors"):
        return "raise" if not before.endswith(("至", "到")) else "raised_to"
    lowered = last(before, "lowers")
    if lowered and before.rstrip("了至到").endswith(lowered):
        return "lower"
    if any(word in before for word in group("of_standard")) and has(piece, "rewards") and not has(uncapped, "floors"):
        return "of_standard"
    if has(uncapped, "floors") and not has(near, "rated_before") and not after.startswith(tuple(group("rewards"))):
        return "share_floor"
    cap = last(near, "caps")
    if cap and not re.search(rf"{cap}.*(?:按|按照)", near):
        return "cap_rate"
    if after.startswith(("以上", "以下")) or "占" in near:
        return "share_floor"
    if q.low == 0 and q.high != 0:
        return "cap_rate"
    rewarded = has(piece, "rewards") or has(lead, "rewards") or bool(re.search(r"按|比例|分别|为$", before))
    return "rate" if rewarded or not before.strip() else "loose_rate"


def _sum_role(q: Quantity, before: str, after: str, piece: str, lead: str, whole: str, earlier: list[str]) -> str:
    words, near = q.words, before + q.words
    if has(piece, "not_rules"):
        return "other"
    if (
        has(before, "budget")
        and not re.search(r"单户|每家|每户|单家|同一|企业|单位", piece)
        and re.search(r"(?:本批|资金|预算|安排|规模|盘子|总量)", piece)
    ):
        return "budget"
    if _CAPPED_AFTER.match(after) or words.endswith("封顶"):
        return "cap"
    cap = last(near, "caps")
    bounded = q.low != q.high
    if bounded:
        if q.low == 0 and cap and (any(words.startswith(word) for word in group("caps")) or before.endswith(cap)):
            return "bracket" if _PART.match(after) or after.startswith("的") else "cap"
        if after.startswith(("封顶",)):
            return "cap"
        if "部分" in after[:4]:
            return "bracket"
        if _AND_DOWN.search(words) and _REFUSED.search(whole):
            return "floor_result" if re.search(r"贴息|补助|补贴|奖励|计算", before) else "floor"
        if has(near, "floors") and q.high == float("inf") and not after.startswith("的") and "分别" not in whole:
            return "floor"
        return "bracket"
    if (
        cap
        and (before.rstrip("为:：（(").endswith(cap) or re.search(rf"{cap}[^，。\d]{{0,10}}$", before))
        and not re.search(r"按$", before)
    ):
        return "cap"
    if earlier and earlier[-1] in {"cap", "fixed"} and re.fullmatch(r"\s*[、和及与]\s*", before):
        return earlier[-1]
    if earlier and earlier[-1].startswith("bracket") and re.fullmatch(r"\s*[、和及]\s*", before):
        return "bracket_up"
    if any(before.rstrip().endswith(word) for word in group("extras")) or re.search(
        r"再(?:一次性)?(?:给予|奖励|补助|补贴|奖|补)[^，]{0,6}$", before
    ):
        return "extra"
    if re.search(r"(?:不足|不满|低于|不到|小于)[^，]{0,3}$", before):
        if _REFUSED.search(whole):
            return "floor_result" if re.search(r"贴息|补助|补贴|奖励|计算", before) else "floor"
        return "bracket_down"
    if re.search(r"(?:达到?|满|不低于|不少于|超过)$", before) and not has(after[:3], "rewards"):
        return "bracket_up" if after.startswith("的") or "分别" in whole else "floor"
    rewarded = (
        has(near, "rewards")
        or has(after[:4], "rewards")
        or has(lead, "rewards")
        or re.search(r"每|标准|分别|定额|给|^$", before)
    )
    if rewarded:
        return "fixed"
    return "loose_sum"


def each_units(before: str, lead: str = "") -> tuple[str, ...]:
    """For one of what a figure is: 每台 → 台, 每人每月 → 人, 月; a firm and a year are none."""
    text = _PARENTHESES.sub("", before)
    found = [match["unit"] for match in _EACH.finditer(text)] + [
        match["unit"] + (match["noun"] or "") for match in _SINGLE.finditer(text)
    ]
    out = []
    for unit in found:
        for word in (
            "限额",
            "上限",
            "额度",
            "封顶",
            "不超过",
            "最高",
            "累计",
            "给予",
            "奖励",
            "补助",
            "补贴",
            "补",
            "奖",
            "支持",
            "定额",
            "可",
        ):
            unit = unit.removesuffix(word)
        if unit and unit not in _YEARS_EACH and not any(word in unit for word in ("企业", "单位", "家", "户")):
            out.append(unit)
    return tuple(dict.fromkeys(out))


def numbered_each(text: str) -> bool:
    """Whether a rule counts by more than one (每100度, 每增加10人), which is not computed."""
    return bool(
        re.search(
            r"每(?:新?增加?|满|超过?|提高|增长|完成|实现)?\s*(?:[2-9]\d*|1\d+|[十百万两]|千(?![瓦克米])|1\.|0\.)", text
        )
    ) or bool(re.search(r"每(?:增加|新增|增长|提高|满|完成|实现)", text))


def is_up(words: str) -> bool:
    return bool(_AND_UP.search(words)) and not re.search(r"不超过|不高于", words)


def is_down(words: str) -> bool:
    return bool(_AND_DOWN.search(words))
