"""What one project costs by a message: its sums added up, what was really paid, a discount, its parts, and support had for it.

What cannot be added without guessing is left open and said so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.numbers import quantities
from tools.firm.amounts import Amount, amounts, wan_text
from tools.firm.applicant import is_of_a_thing, read_purposes
from tools.firm.roles import is_apart, role_of, whose

_STOPS = re.compile(r"[，,。；;！!？?\n、+]")
_PART = re.compile(r"其中|里面|里头|包括|包含")
_WHOLE = re.compile(r"总|一共|合计|全部|共(?=[^，,]{0,4}$)")
_PAID = re.compile(r"实际|实付|已付|付了|付出|付款|折后")
_MORE = re.compile(r"追加|增加|再|又|另|还要?(?=[投花加])|加(?=了?$)")
_HAD = re.compile(r"已|过|[补拿领到发]了|到账|到手")
_CHOICE = re.compile(r"还是|或者?|要么|分别|各")
_CORRECTED = re.compile(r"不对|更正|[说写记打]错|应该是|改成|改为|其实是")
_DISCOUNT = re.compile(
    r"(?<![转周曲打骨])(?:打了?|按)?\s*([一二三四五六七八九]{1,2}|\d(?:\.\d)?|\d{2})\s*折(?![旧算合叠线返])"
)
LONGEST_NAME = 6
"""Characters of the name of a thing in a list of sums."""
_SOFTWARE = frozenset({"软件", "云"})
_THINGS = frozenset({*_SOFTWARE, "设备更新", "技术改造", "算力", "模型", "语料"})
_OTHER = frozenset({"科技创新", "流动资金"})
"""Purposes of money that goes into a project, and of money that a firm spends beside it."""


@dataclass(frozen=True)
class Outlay:
    """spend_wan: the whole; None where not told or not to be reckoned, then `open` says why. parts: what of it goes where, in words.

    hoped_wan: support that is asked about (能补22万吗). note: how the whole was reckoned, to be repeated; received_wan: support already had; loan_part: what of a loan goes where.
    """

    spend_wan: float | None = None
    parts: tuple[str, ...] = ()
    received_wan: float | None = None
    note: str = ""
    open: str = ""
    hoped_wan: float | None = None
    loan_part: str = ""


@dataclass(frozen=True)
class _Item:
    """A sum with the words around it up to its neighbours and stops, and what it is."""

    wan: float
    words: str
    before: str
    role: str | None


def read_outlay(text: str, before_wan: float | None = None) -> Outlay:
    """What a normalised message tells of a project's sums. before_wan: the whole as told earlier, which 再加10万 and 打八折 change."""
    found = [amount for amount in amounts(text) if amount.sure and whose(text, amount.start) != "other"]
    items = [_item(text, found, n) for n in range(len(found))]
    had = [i.wan for i in items if i.role == "support_wan" and _HAD.search(i.before) and not _asked(text, i)]
    hoped = next((i.wan for i in items if i.role == "support_wan" and _asked(text, i)), None)
    costs = [i for i in items if i.role in {"spent_wan", "budget_wan"} or (i.role is None and _is_cost(i))]
    if any(i.role is None for i in costs):
        costs = [i for i in items if i in costs or (i.role is None and _is_listed(i))]  # MES30万，电脑5万: one list
    costs = [i for i in costs if not _OTHER & read_purposes(i.before)] or costs
    parts = [i for i in costs if _PART.search(i.before)]
    loan = next((i for i in items if i.role == "loan_wan"), None)
    whole = _whole(text, [i for i in costs if i not in parts], before_wan)
    if loan and whole.spend_wan is None and parts:
        return Outlay(loan_part=_told(parts[0]), received_wan=had[0] if had else None, hoped_wan=hoped)
    listed = whole.spend_wan
    whole = _discounted(text, whole, before_wan)
    spend = whole.spend_wan
    named = [i for i in costs if i in parts or (len(costs) > 1 and read_purposes(i.words))]
    cut = spend / listed if spend is not None and listed else 1.0
    if spend is not None and sum(i.wan for i in named) * cut > spend + 1e-6:
        named = []  # parts of what was planned, not of what was paid
    told = [_told(replace(i, wan=i.wan * cut)) for i in named] or _share(text, spend)
    known = tuple(told) if spend is not None else ()
    return replace(whole, parts=known, received_wan=had[0] if had else None, hoped_wan=hoped)


def _item(text: str, found: Sequence[Amount], n: int) -> _Item:
    amount = found[n]
    floor = found[n - 1].end if n else 0
    ceiling = found[n + 1].start if n + 1 < len(found) else len(text)
    before = _STOPS.split(text[floor : amount.start])[-1]
    return _Item(amount.value, before + _STOPS.split(text[amount.end : ceiling])[0], before, role_of(text, amount))


def _asked(text: str, item: _Item) -> bool:
    return bool(re.search(r"[吗么]|能|可以|够不够|是不是|是否", item.words))


def _is_cost(item: _Item) -> bool:
    """Whether a sum that no word calls spent is one for a thing, or comes on top."""
    return bool(
        _THINGS & read_purposes(item.words)
        or _MORE.search(item.before)
        or _PAID.search(item.before)
        or _PART.search(item.before)
    )


def _is_listed(item: _Item) -> bool:
    """Whether a sum stands behind a bare name, as one line of a list: 电脑5万."""
    name = item.before.strip()
    return 0 < len(name) <= LONGEST_NAME and not is_apart(name)


def _told(item: _Item) -> str:
    return f"{item.words.strip('的是为：: ')}{wan_text(item.wan)}"


def _whole(text: str, items: Sequence[_Item], before_wan: float | None) -> Outlay:
    """The whole of the sums that are no parts of another."""
    if not items:
        return Outlay()
    paid = [i for i in items if _PAID.search(i.before)]
    if paid and len(paid) < len(items):
        return Outlay(paid[-1].wan, note=f"按实际付的{wan_text(paid[-1].wan)}算，计划数不算")
    totals = {i.wan for i in items if _WHOLE.search(i.before)} or _sum_of_others(items)
    if len(totals) == 1 or len({i.wan for i in items}) == len(items) == 1:
        only = totals.pop() if totals else items[0].wan
        more = not totals and len(items) == 1 and _MORE.search(items[0].before)
        if more and before_wan is not None:
            return Outlay(before_wan + only, note=_sum([before_wan, only]))
        return Outlay(only)
    if _CORRECTED.search(text):
        return Outlay(items[-1].wan)
    if _CHOICE.search(text) or len(totals) > 1:
        sums = "、".join(dict.fromkeys(wan_text(i.wan) for i in items))
        return Outlay(open=f"您说了{sums}几个数，没有替您选一个，也没有加起来；请说按哪一个算")
    sums_wan = [i.wan for i in items]
    return Outlay(sum(sums_wan), note=_sum(sums_wan))


def _sum(sums_wan: Sequence[float]) -> str:
    return f"{'、'.join(map(wan_text, sums_wan))}加起来按{wan_text(sum(sums_wan))}算，不是同一个项目的请告诉我"


def _sum_of_others(items: Sequence[_Item]) -> set[float]:
    """The sum of nothing in particular that all the others, each of a thing, add up to: 合同额40万，软件25万，硬件15万."""
    things = [i for i in items if is_of_a_thing(i.before)]
    rest = [i for i in items if i not in things]
    adds_up = len(rest) == 1 and len(things) > 1 and abs(sum(i.wan for i in things) - rest[0].wan) < 1e-6
    return {rest[0].wan} if adds_up else set()


def _discounted(text: str, whole: Outlay, before_wan: float | None) -> Outlay:
    """The whole after a discount that the message names."""
    hit, base = _DISCOUNT.search(text), whole.spend_wan if whole.spend_wan is not None else before_wan
    if hit is None or base is None or "折后" in text or whole.open:
        return whole
    digits = "".join(str("零一二三四五六七八九".find(c)) if c in "一二三四五六七八九" else c for c in hit[1])
    share = float(digits) / (100 if len(digits) == 2 else 10)
    paid = round(base * share, 4)
    return replace(
        whole, spend_wan=paid, note=f"{wan_text(base)}打折后按{wan_text(paid)}算；说的已经是折后的数就告诉我"
    )


def _share(text: str, spend_wan: float | None) -> list[str]:
    """The software of a whole of which only its share is told: 软件占三成."""
    for share in quantities(text) if spend_wan else ():
        clause = _STOPS.split(text[: share.start])[-1]
        if share.kind == "share" and share.exact and _SOFTWARE & read_purposes(clause) and 0 < share.nominal < 100:
            return [f"软件{wan_text((spend_wan or 0) * share.nominal / 100)}"]
    return []
