"""A question as figures with what is said of each, and the pieces that it is told in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from core.text import normalise
from tools.notice_amount.figures import figures
from tools.notice_amount.model import Figure
from tools.notice_amount.vocabulary import any_of, group, has

_ENDS = re.compile(
    r"[，。；？！;?!\n（）()：:]+|(?<![\dA-Za-z]),|,(?![\dA-Za-z])|\s+|但是|不过|另外|(?<!以)及(?!格|时)"
)
_DENIED = re.compile(r"没(?!算|含)|不是|并非|未(?!税)|还没|从没|无(?!税|人)|不属于|不算(?!税)|不带")
_HAD = re.compile(
    r"(?:领|补|贴|奖|享受|拨|兑|资助)(?:过|了|到手)|(?:领|拿|奖)到|拿(?:过|了)|已(?:经)?(?:补|给|拿|领|获|贴|奖|享受|拨|兑|得)"
    r"|(?:国家|中央|省|市|区|县|政府|财政|局)[^，]{0,4}(?:给|批|支持)(?:了|过)|到手了|(?:补|贴|领|拿|奖)走|早领"
)
_ASKS = re.compile(
    r"多少|几多|几个|几块|几万|多钱|能[拿补奖报贴领]|合计|总共|一共|应[补贴奖]|[？?]$|给报|可得|实得|共[计补]|有[奖钱补]"
)
_PART = re.compile(r"其中|里[头边面]|当中|内含|包括|包含|夹|含(?!税)|里有|另含|扣掉|去掉(?!税)|除去|刨")
_GROSS = re.compile(r"连税|(?<!不)含税|带税|价税|税在内|含了?税|毛价")
_AFTER_TAX = re.compile(r"(?:价税)?(?:合计|含税|连税|带税)(?:价|的|金额)*")
"""A remark behind a sum: 113万（含税）."""
_NET = re.compile(r"不含税|除税|去税|净价|净额|税前|没含税|税没算|不算税|未税|无税|裸价|税另|没带税|不带税")
_TAX = re.compile(r"(?:^|[，、里中的])(?:其中|里[头边面]|含|增值)*税(?:额|金|款|费)?(?:是|有|占|共)?$")
_FIRM = re.compile(
    r"营收|营业收入|产值|年收入|主营|注册资(?:本|金)|总资产|资产|利润|纳税|税收|销售收入|年销|营业额|流水|固投|身家|收入"
)
_SIDE = re.compile(r"工资|社保|货款|罚款|房租|水电|订单|欠款|电话")


@dataclass(frozen=True)
class Piece:
    """What stands between two marks. denied: it tells of what is not; had: of money that was got already."""

    text: str
    start: int
    denied: bool
    had: bool
    asks: bool
    no: int = 0

    @property
    def said(self) -> str:
        """What is said before anything is denied."""
        return self.text[: self.no] if self.denied else self.text


@dataclass(frozen=True)
class Told:
    """A figure of the question. label: the words that name it; near: its piece and those before that have no figure.

    role: base, part, tax, gross, had, firm, each (the price of one), count, other.
    """

    figure: Figure
    label: str
    near: str
    place: int
    role: str
    each: str = ""
    net: bool = False

    @property
    def value(self) -> Decimal:
        return self.figure.value


@dataclass(frozen=True)
class Asking:
    text: str
    pieces: tuple[Piece, ...]
    told: tuple[Told, ...]
    summed: bool

    @property
    def affirmed(self) -> str:
        """What it says of now and of what is: without the pieces that deny and those of money had."""
        return "，".join(piece.said for piece in self.pieces if not piece.had and piece.said)

    @property
    def denials(self) -> str:
        return "，".join(piece.text[piece.no :] for piece in self.pieces if piece.denied)

    def of(self, *roles: str) -> list[Told]:
        return [told for told in self.told if told.role in roles]


def asks(question: str) -> bool:
    """Whether a question asks for money at all (能拿几个钱, or 能补吗 with its figures), and not what must be reached for it or how many firms."""
    if has(question, "least_asked") or not (has(question, "how_much") or figures(question)):
        return False
    return any(piece.asks and not _counts_other(piece.text) for piece in _pieces(normalise(question.strip())))


def _counts_other(text: str) -> bool:
    """Whether a piece asks only for a number of something else: 能报多少家."""
    rows = [text[found.end() :] for found in any_of("how_much").finditer(text) if "钱" not in found[0]]
    return bool(rows) and all(after.startswith(group("no_amount")) for after in rows)


def asking(question: str) -> Asking:
    """A question read."""
    text = normalise(re.sub(r"\s+", "，", question.strip()))
    pieces = _pieces(text)
    told: list[Told] = []
    lead, parts = "", False
    for piece in pieces:
        rows = figures(piece.text)
        begins = bool(_PART.search(piece.text))
        parts = begins or (parts and bool(re.match(r"[、和还]|另|再|税", piece.text)) and "另有" not in piece.text)
        for n, figure in enumerate(rows):
            if figure.measure == "count" and _ordinal(piece.text, figure):
                continue
            told.append(_told(piece, rows, n, lead, told, parts))
        if not rows and told and told[-1].role == "base" and _AFTER_TAX.fullmatch(piece.text):
            told[-1] = replace(told[-1], role="gross")
        lead = piece.text if not rows else (f"{lead}，{piece.text}" if not rows else "")
    summed = bool(re.search(r"合计|总共|一共|加起来|加一块|全部|统共|拢共|都算|合起来|总的|共(?:能|可)|各项", text))
    return Asking(text, tuple(pieces), tuple(_with_changes(text, _with_tax(told))), summed)


def _ordinal(text: str, figure: Figure) -> bool:
    """Whether a number counts nothing: 第一台, 头一回, 一趟, 零部件."""
    return (
        figure.value == 0
        or text[: figure.start].endswith(("第", "头"))
        or (figure.value == 1 and figure.unit in {"回", "趟", "次", "下", "口", "批", "样", "块", "起"})
    )


def _pieces(text: str) -> list[Piece]:
    found, at = [], 0
    for begin, end in [*(match.span() for match in _ENDS.finditer(text)), (len(text), len(text))]:
        piece = text[at:begin]
        if piece.strip():
            no = _DENIED.search(_NET.sub(lambda match: "·" * len(match[0]), piece))
            denied = no is not None
            had = (
                bool(_HAD.search(piece))
                and not denied
                and bool(figures(piece) or re.search(r"领过|拿过|补过|奖过|享受过|已", piece))
            )
            found.append(Piece(piece, at, denied, had, bool(_ASKS.search(piece)), no.start() if no else 0))
        at = end
    return found


def _told(piece: Piece, rows: Sequence[Figure], n: int, lead: str, earlier: Sequence[Told], parts: bool) -> Told:
    figure = rows[n]
    before = piece.text[rows[n - 1].end if n else 0 : figure.start]
    after = piece.text[figure.end : rows[n + 1].start if n + 1 < len(rows) else len(piece.text)]
    behind = re.split(r"[、和跟加与]", after)[0]
    label = before.strip("、和跟加 ") or (behind if behind else "")
    if figure.measure == "count":
        label = f"{before[-8:]}{behind[:8]}"
    elif after.startswith("的") or n == len(rows) - 1:
        label = f"{before}{behind}"
    near = f"{lead}，{piece.text[: figure.start]}{behind}" if n == 0 else f"{before}{behind}"
    if not label.strip("、 ") and earlier:
        label, near = earlier[-1].label, earlier[-1].near
    each = ""
    if found := re.search(r"(?:每|一|单)([台套个件张人次车场辆项份亩])(?:[^\d]{0,6})$", before) or re.match(
        r"[/一每]([台套个件张人次车场辆项份亩])", after
    ):
        each = found[1]
    elif re.search(r"单价|各$|各卖|每\w{1,3}$", before):
        each = "各" if "各" in before else "个"
    role = _role(piece, figure, before, after, label, parts, earlier)
    if role == "base" and each:
        role = "each"
    return Told(figure, label, near, piece.start + figure.start, role, each, bool(_NET.search(piece.text)))


def _role(
    piece: Piece, figure: Figure, before: str, after: str, label: str, parts: bool, earlier: Sequence[Told]
) -> str:
    if figure.measure != "money":
        return "count" if figure.measure == "count" else "other"
    own = before or label
    if _TAX.search(before):
        return "tax"
    if piece.had and _nearest_had(piece, figure):
        return "had"
    if _GROSS.search(own) and not _NET.search(own):
        return "gross"
    if _FIRM.search(own):
        return "firm"
    if _SIDE.search(own):
        return "side"
    money = any(one.figure.measure == "money" and one.role in {"base", "gross", "part", "each"} for one in earlier)
    if (
        parts
        and money
        and (_PART.search(before) or not before or re.match(r"[、和还再另]", piece.text) or _PART.search(piece.text))
    ):
        return "part"
    return "base"


def _nearest_had(piece: Piece, figure: Figure) -> bool:
    """Whether of the sums of a piece this one is what was got."""
    rows = [one for one in figures(piece.text) if one.measure == "money"]
    at = [match.start() for match in _HAD.finditer(piece.text)]
    near = min(rows, key=lambda one: min(abs(one.start - a) for a in at)) if at else figure
    return near.start == figure.start


def _with_changes(text: str, told: Sequence[Told]) -> list[Told]:
    """Two sums of which one grew to the other (从2亿做到2.9亿), with their difference and their growth beside them."""
    found = list(told)
    money = [one for one in told if one.figure.measure == "money" and one.role in {"base", "firm"}]
    for one, other in pairwise(money):
        between = text[one.place + len(one.figure.words) : other.place]
        grown = re.search(r"^[^。；]{0,3}(?:做|涨|增|升|提高|增长|干|冲|变)?到$|→|->", between) or (
            re.search(r"去年|上年|前一年|原来|头年|[同去]期", text[max(0, one.place - 14) : one.place])
            and re.search(r"^，?[^。；，]{0,4}(?:今年|本年|如今|现在)[^，。；]{0,6}$", between)
        )
        if not grown or other.value <= one.value or not one.value:
            continue
        found = [replace(row, role="firm") if row in (one, other) else row for row in found]
        gain = other.value - one.value
        figure = replace(
            other.figure, value=gain, low=gain, high=gain, words=f"{other.figure.words}－{one.figure.words}"
        )
        rate = replace(
            figure,
            measure="share",
            value=gain / one.value,
            words=f"增长{(gain / one.value * 100).quantize(Decimal('0.01'))}%",
        )
        found += [
            replace(other, figure=figure, role="grown", place=-other.place),
            replace(other, figure=rate, role="grown", place=-one.place - 1),
        ]
    return found


def _with_tax(told: Sequence[Told]) -> list[Told]:
    """A sum with tax and the tax in it as the one sum without."""
    found: list[Told] = []
    for one in told:
        before = found[-1] if found else None
        if (
            one.role == "tax"
            and before is not None
            and before.role in {"gross", "base"}
            and one.value < before.value / 5
        ):
            figure = replace(
                before.figure, value=before.value - one.value, words=f"{before.figure.words}－税{one.figure.words}"
            )
            found[-1] = replace(before, figure=figure, role="base", net=True)
        else:
            found.append(one)
    return found
