"""Amounts of money and of people as they are said: 1.9个亿, 三千万, 500w, 三十来人, 280号人."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from core.text import chinese_number, normalise

MOST_PEOPLE = 3_000_000
"""No enterprise has more; above it a figure is a slip."""
MOST_WAN = 1e9
"""10 万亿元 in 万元; above it a figure is a slip."""

_CN = "零〇一二两三四五六七八九十百千"
_PAIR = r"(?P<low>[一二两三四五六七八])(?P<high>[二两三四五六七八九])(?P<scale>[十百千])?"
_DIGITS = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_LESS = r"(?P<less>不到|不足|未到|没到)?"
_UNITS = {
    "亿": 10_000, "千万": 1_000, "百万": 100, "十万": 10, "万": 1, "w": 1, "千": 0.1, "k": 0.1,
    "million": 100, "mn": 100, "billion": 100_000, "bn": 100_000,
}  # fmt: skip
_NOT_MONEY = (
    r"(?!\s*(?:美[元金]|欧元|日元|港[币元]|英镑|usd|eur))(?![人件台平亩吨只套次米张户家片条辆双箱斤度个粒瓶字千])"
)
_MONEY = re.compile(
    rf"{_LESS}(?<![几数\d.])(?<!\d[eE])(?:￥|¥|rmb\s*)?(?:"
    rf"{_PAIR}(?P<pair_unit>千万|百万|万|个?亿)"
    rf"|(?P<range_low>{_DIGITS})(?P<range_unit>亿|千万|百万|万|w)?\s*(?:-|~|到|至|—)\s*(?P<range_high>{_DIGITS})\s*(?P<range_end>亿|千万|百万|万|w)"
    rf"|(?P<figure>{_DIGITS})\s*(?P<more>多|来|几|余)?\s*(?:个)?(?:多|来)?\s*(?P<unit>亿|千(?:多|来)?万|百(?:多|来)?万|十(?:多|来)?万|万|千(?=元|块)|million|billion|mn\b|bn\b|w(?![a-z])|k(?![a-z]))"
    rf"(?P<tail>(?<=亿)(?:\d+(?:\.\d+)?)(?P<tail_unit>千万|百万|千|万)?)?"
    rf"|(?P<spoken>[{_CN}]+(?:点[零一二三四五六七八九]+)?(?:多|来|几)?(?:个)?(?:多|来)?[万亿][{_CN}万]*)"
    rf"|上(?P<over>[百千])万"
    rf"|(?P<yuan>\d{{1,3}}(?:,\d{{3}})+|\d{{5,}})(?=\s*(?:元|块|人民币|rmb|yuan))"
    rf")多?\s*(?:元|块钱|块|人民币|rmb|yuan)?{_NOT_MONEY}",
    re.I,
)
_NUMBER = rf"(?:\d+(?:\.\d+)?万|{_DIGITS}|[{_CN}万]+)(?!\d)"
_PERSON = (
    r"(?:人(?!民|才|工智能|均|次|份|力)|员工|职工|工人|伙计|师傅|staff\b|employees?\b|people\b|workers?\b|persons?\b)"
)
_PEOPLE = re.compile(
    rf"{_LESS}(?:"
    rf"(?P<head>(?:员工|职工|人数|从业人员|人员|staff|employees|headcount)(?:总数|总人数|规模|人数|大概|大约|差不多|一共|总共|有|是|为|约|共|在|[:：\s])*)"
    rf"(?:{_PAIR}|(?P<after>{_NUMBER}))\s*(?P<after_more>多|来|几|余)?(?:个|名|人|号|位)?(?!年|月|日|%|个月|万|亿|元)"
    rf"|(?:{_PAIR.replace('<low>', '<low2>').replace('<high>', '<high2>').replace('<scale>', '<scale2>')}|上(?P<over>[百千])|(?P<number>{_NUMBER}))"
    rf"\s*(?P<more>多|来|几|余|把)?\s*(?:个|名|号|位|口)?(?:来|多)?\s*{_PERSON}"
    rf")(?!\s*(?:及)?(?:以上|以下|以内|小组|团队))",
    re.I,
)
_PART = re.compile(
    r"(?:研发|技术|销售|管理|IT|信息|信息化|办公室|数字化|质检|设计|财务|车间|一线|业务)(?:人员|团队|部门|部|岗|工人|员工)?(?:有|就|只有|才)?$",
    re.I,
)
_NOT_STAFF = re.compile(
    r"(?:每|人均|第|派|招了?|裁了?|增加|减少|培训|来了|少|省了?|节省|节约|抽调?|再招|新招|缺|辞了?|走了)(?:了)?$"
)


@dataclass(frozen=True)
class Amount:
    """A figure in a text. value: 万元 or people; words: as said; approximate: said roughly (三十来人, 不到300)."""

    value: float
    start: int
    end: int
    words: str
    approximate: bool = False


def money(text: str) -> list[Amount]:
    """Every amount of money in a normalised text, in 万元; unclear ones (几百万) are left out."""
    found = []
    for hit in _MONEY.finditer(text):
        value = _wan(hit)
        if value is not None and math.isfinite(value) and hit.end() > hit.start():
            rough = (
                any(hit.group(g) for g in ("less", "low", "range_low", "more", "over"))
                or "多" in hit.group()
                or "来" in hit.group()
            )
            value -= (1 if value > 10 else 0) if hit["less"] else 0
            found.append(Amount(round(value, 4), hit.start(), hit.end(), hit.group().strip(), bool(rough)))
    return found


def _wan(hit: re.Match[str]) -> float | None:
    if hit["low"]:
        return _middle(hit["low"], hit["high"], hit["scale"]) * _UNITS[hit["pair_unit"].replace("个", "")]
    if hit["range_low"]:
        unit = _UNITS[hit["range_end"].lower()]
        low = _float(hit["range_low"]) * _UNITS.get((hit["range_unit"] or hit["range_end"]).lower(), unit)
        return (low + _float(hit["range_high"]) * unit) / 2
    if hit["figure"]:
        return _float(hit["figure"]) * _UNITS[re.sub("[多来]", "", hit["unit"].lower())] + _tail(hit)
    if hit["spoken"]:
        value = chinese_number(re.sub(r"[多来几个]", "", hit["spoken"]))
        return None if value is None or hit["spoken"][0] in "零〇万" else value / 10_000
    if hit["over"]:
        return 100.0 if hit["over"] == "百" else 1000.0
    return _float(hit["yuan"]) / 10_000


def _tail(hit: re.Match[str]) -> float:
    """The rest after 亿: 1亿2 = 1.2亿, 1亿2千万, 1亿2000万."""
    if not hit["tail"]:
        return 0.0
    figure = float(re.match(r"[\d.]+", hit["tail"]).group())  # type: ignore[union-attr]
    return figure * {"千万": 1000, "百万": 100, "千": 1000, "万": 1, None: 1000}[hit["tail_unit"]]


def _middle(low: str, high: str, scale: str | None) -> float:
    """八九千 = 8500; 三五十 = 40."""
    return ((chinese_number(low) or 0) + (chinese_number(high) or 0)) / 2 * (chinese_number(scale) or 1 if scale else 1)


def _float(text: str) -> float:
    return float(text.replace(",", ""))


def people(text: str) -> list[Amount]:
    """Every number of employees in a normalised text; parts of the staff (研发10人) and limits (20人以下) left out."""
    found = []
    for hit in _PEOPLE.finditer(text):
        value = _heads(hit)
        before = text[max(0, hit.start() - 8) : hit.start()]
        if value is None or value != int(value) or _PART.search(before) or _NOT_STAFF.search(before):
            continue
        few = value < 5 and not (hit["head"] or re.search(r"(?:员工|职工|staff|employee)", hit.group(), re.I))
        if few and not re.search(r"(?:我们|公司|厂|店|就|一共|总共|只有|全)[^，。,]{0,4}$", before):
            continue
        rough = any(hit.group(g) for g in ("less", "low", "low2", "more", "after_more", "over"))
        if hit["less"]:
            value -= 1
        found.append(Amount(value, hit.start(), hit.end(), hit.group().strip(), bool(rough)))
    return found


def _heads(hit: re.Match[str]) -> float | None:
    for low, high, scale in (("low", "high", "scale"), ("low2", "high2", "scale2")):
        if hit[low]:
            return math.floor(_middle(hit[low], hit[high], hit[scale]))
    if hit["over"]:
        return 100 if hit["over"] == "百" else 1000
    digits = hit["after"] or hit["number"]
    value = chinese_number(digits) if digits[0] not in "零〇万" else None
    more = hit["after_more"] or hit["more"]
    if value is not None and more == "几":
        value += 5 if digits[-1] in "十0" else 0
    return value


def _to_people(value: Any) -> Any:
    """Reads 280, "280人", "三十来人"; ValueError in Chinese where it is no number of people."""
    number = _plain(value)
    if number is None and isinstance(value, str):
        found = people(normalise(value[:40])) or people(normalise(value[:40]) + "人")
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
        found = money(normalise(value[:40]).strip())
        number = found[0].value if len(found) == 1 and not value.strip().startswith("-") else None
    if number is None:
        raise ValueError(f"没看懂“{_brief(value)}”，请填万元，例如 1900 或“1.9亿”")
    if number < 0:
        raise ValueError(f"不能是负数，现在是{number:g}万元")
    if number > MOST_WAN:
        raise ValueError(f"{_brief(value)}太大了，核对一下单位（万元）")
    return number


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
    return text if len(text) <= 20 else text[:20] + "…"


People = Annotated[int, BeforeValidator(_to_people)]
"""A number of employees, from a number or as said."""
Wan = Annotated[float, BeforeValidator(_to_wan)]
"""Money in 万元, from a number (万元) or as said."""


def wan_text(value: float) -> str:
    """万元 for users: 1900 → 1900万元; 19000 → 1.9亿元; cut, never rounded up, to 100 元 (1万元 from 1亿元 on)."""
    amount, unit, places = (value / 10_000, "亿元", 4) if value >= 10_000 else (value, "万元", 2)
    return f"{math.floor(amount * 10**places + 1e-6) / 10**places:.10g}{unit}"


def percent(share: float) -> str:
    """A share from 0 to 1 for users: 0.4 → 40%, 0.008 → 0.8%; at most two decimals."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"
