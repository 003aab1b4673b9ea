"""Amounts of money and of people as they are said: 1.9个亿, 三千万, 500w, 三十来人, 280号人."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BeforeValidator

from core.cut import beginning, shorten
from core.numbers import Quantity, quantities
from core.numbers.units import LESS, OVER, RANGE_MARKS
from core.text import normalise

MOST_PEOPLE = 3_000_000
"""No enterprise has more; above it a figure is a slip."""
MOST_WAN = 1e9
"""10 万亿元 in 万元; above it a figure is a slip."""

_PEOPLE_HEAD = re.compile(
    r"(?:员工|职工|人数|从业人员|人员|staff|employees|headcount)(?:总数|总人数|规模|人数|大概|大约|差不多|一共|总共|介于|有|是|为|约|共|在|从|由|[:：\s])*$",
    re.I,
)
_PART = re.compile(
    r"(?:研发|技术|销售|管理|IT|信息|信息化|办公室|数字化|质检|设计|财务|车间|一线|业务)(?:人员|团队|部门|部|岗|工人|员工)?(?:有|就|只有|才)?$",
    re.I,
)
_NOT_STAFF = re.compile(
    r"(?:每|人均|第|派|招(?:工|聘|募|人)?|裁员?|离职|退休|流失|入职|新增|增加|减少|培训|来了|少|省了?|节省|节约|抽调?|再招|新招|缺|辞了?|走了)(?:了)?$"
)
_ALL_OF_US = re.compile(r"(?:我们|公司|厂|店|就|一共|总共|只有|全)[^，。,]{0,4}$")


@dataclass(frozen=True)
class Amount:
    """A figure in a text. value, low, high: 万元 or people; words: as said; approximate: said roughly (三十来人, 不到300).

    low and high differ where a range is said or the figure is rough; unusual: to be repeated back.
    """

    value: float
    start: int
    end: int
    words: str
    approximate: bool = False
    low: float = math.nan
    high: float = math.nan
    sure: bool = True
    unusual: bool = False


def money(text: str) -> list[Amount]:
    """Every amount of money in a text, in 万元; unclear ones (几百万, 3000w电机) and other currencies are left out."""
    return [amount for amount in amounts(text) if amount.sure]


def amounts(text: str) -> list[Amount]:
    """Every amount of money, those with more than one reading as well (sure: False; value nan where none is nearest)."""
    said = [replace(q, sure=False) if q.low < 0 else q for q in quantities(text) if q.kind == "money"]
    found = [_amount(q, round(q.nominal, 4)) for q in said]
    return [amount if amount.sure else _with_group(text, amount) for amount in found]


def _with_group(text: str, amount: Amount) -> Amount:
    """An unclear amount with the figures before a wide comma that may belong to it: 1，900万."""
    start = amount.start
    if text[start - 1 : start] == "，" and text[start - 2 : start - 1].isdigit():
        start -= 1
        while start and text[start - 1].isdigit():
            start -= 1
    return replace(amount, start=start, words=text[start : amount.end])


def _amount(q: Quantity, value: float) -> Amount:
    return Amount(value, q.start, q.end, q.words, q.approximate, q.low, q.high, q.sure, q.unusual)


def people(text: str) -> list[Amount]:
    """Every number of employees in a text; parts of the staff (研发10人), limits (20人以下) and unclear ones left out."""
    return [amount for amount in headcounts(text) if amount.sure]


def headcounts(text: str) -> list[Amount]:
    """Every number of employees, those with more than one reading as well (几十人; sure: False)."""
    return [
        replace(
            _amount(q, math.floor(q.nominal) if math.isfinite(q.nominal) else math.nan),
            high=math.floor(q.high + 1e-6) if math.isfinite(q.high) else q.high,  # 九十多 is 99 at most
            words=f"{q.words}人" if q.kind == "number" and q.ranged and q.words[-1] != "间" else q.words,
        )
        for q in quantities(text)
        if _is_staff(text, q)
    ]


def _is_staff(text: str, q: Quantity) -> bool:
    headed = bool(_PEOPLE_HEAD.search(text[max(0, q.start - 16) : q.start]))
    counted = q.kind == "people" or (headed and (q.kind == "number" or q.unit in {"个", "号", "口"}))
    limit = q.high == math.inf and not q.words.startswith(OVER)
    if not counted or q.low <= 0 or limit or (q.low == q.high and q.nominal != int(q.nominal)):
        return False
    before, after = text[max(0, q.start - 8) : q.start], text[q.end : q.end + 4].lstrip()
    if (
        after.startswith(("及以上", "以上", "以下", "以内", "小组", "团队"))
        or _PART.search(before)
        or _NOT_STAFF.search(before)
    ):
        return False
    if re.search(r"[每各][^，,。；;]{1,5}$", before):
        return False
    named = headed or re.search(r"(?:员工|职工|staff|employee)", q.words, re.I)
    return not q.nominal < 5 or bool(named or _ALL_OF_US.search(before))


def _to_people(value: Any) -> Any:
    """Reads 280, "280人", "三十来人"; ValueError in Chinese where it is no number of people."""
    number = _plain(value)
    if number is None and isinstance(value, str):
        said = normalise(beginning(value, 40)).strip()
        found = people(said) or people(f"员工{said}人")
        _no_range(value, said, "人数", "280")
        number = found[0].value if found else None
    if number is None:
        raise ValueError(f"要填人数，没看懂“{_brief(value)}”，例如 280")
    if number != int(number):
        raise ValueError(f"要填整数，现在是{number:g}")
    if number < 1:
        raise ValueError(f"至少是1人，现在是{number:g}")
    if number > MOST_PEOPLE:
        raise ValueError(f"{_brief(value)}太大了，核对一下单位（人）")
    return int(number)


def _to_wan(value: Any) -> Any:
    """Reads 19000, "19000", "1.9个亿", "500w"; a bare number is 万元; ValueError in Chinese otherwise."""
    number = _plain(value)
    if number is None and isinstance(value, str):
        found = money(normalise(beginning(value, 40)).strip())
        _no_range(value, normalise(value[:40]).strip(), "数", "1900")
        number = found[0].value if len(found) == 1 and not value.strip().startswith("-") else None
    if number is None:
        raise ValueError(f"没看懂“{_brief(value)}”，请填万元，例如 1900 或“1.9亿”")
    if number < 0:
        raise ValueError(f"不能是负数，现在是{number:g}万元")
    if number > MOST_WAN:
        raise ValueError(f"{_brief(value)}太大了，核对一下单位（万元）")
    return number


def ends_of(said: str) -> tuple[float, float] | None:
    """The two ends of a figure given as a range or roughly (40~60, 290到310人, 三十来人; 万元 or people); None for anything else."""
    text = normalise(beginning(said, 40)).strip()
    for whole in (text, f"{text}人"):
        found = quantities(whole)
        if len(found) == 1 and found[0].low < found[0].high and found[0].start == 0 and found[0].end == len(whole):
            return found[0].low, found[0].high
    return None


def _no_range(value: object, said: str, what: str, example: str) -> None:
    """ValueError where one figure is needed and a range is given: its middle would be a figure that nobody gave."""
    if ends_of(said) and any(mark in said for mark in RANGE_MARKS) and not said.startswith(LESS):
        raise ValueError(f"要填一个{what}，“{_brief(value)}”是一段，取中间会算错；填一个准数，例如 {example}")


def _plain(value: Any) -> float | None:
    """A number or the text of one; None for anything else, and for what is not finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value.replace(",", "")) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _brief(value: object) -> str:
    text = str(value)
    return shorten(text, 20)


People = Annotated[int, BeforeValidator(_to_people)]
"""A number of employees, from a number or as said."""
Wan = Annotated[float, BeforeValidator(_to_wan)]
"""Money in 万元, from a number (万元) or as said."""


def wan_text(value: float) -> str:
    """万元 for users: 1900 → 1900万元; 19000 → 1.9亿元; 0.5 → 5000元; cut, never rounded up.

    Cut to 1 元 below 1万元, to 100 元 below 1亿元, to 1万元 from there on.
    """
    if value < 1:
        return f"{math.floor(value * 10_000 + 1e-6)}元"
    amount, unit, places = (value / 10_000, "亿元", 4) if value >= 10_000 else (value, "万元", 2)
    return f"{math.floor(amount * 10**places + 1e-6) / 10**places:.10g}{unit}"


def exact_text(wan: float) -> str:
    """万元 for users where the figure decides, to the last 0.01 元: 1999.999999 → 1999.999999万元; 34599.5 → 3.45995亿元."""
    wan = round(wan, 6)
    if abs(wan) < 1:
        return f"{wan * 10_000:.10g}元"
    return f"{wan / 10_000:.14g}亿元" if wan >= 10_000 else f"{wan:.12g}万元"


def percent(share: float) -> str:
    """A share from 0 to 1 for users: 0.4 → 40%, 0.008 → 0.8%; at most two decimals."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"
