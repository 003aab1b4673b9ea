"""The figures written in a text: where each stands, whole with its sign, unit and range, and what it says.

A figure is what must never be split, joined with another or changed on its way to the screen: a number with its unit, a
range, a date, a document's number, a version, a telephone number. A key is its form for comparing: two texts that say
the same have the same keys, however they write it (1.9亿元 and 19,000万元, 百分之三十 and 30％).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from core.numbers import read_number

Key = tuple[str, str]
"""A value, written out in full, and its unit: ("190000000", "元"), ("2024-12-12", "日期"), ("gb/t39116-2020", "编号")."""

DATE = "日期"
CODE = "编号"

_WIDE = str.maketrans("０１２３４５６７８９．％－＋：／", "0123456789.%-+:/")
"""One character for one, so that places stay."""
_WIDE_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_MEASURES = (
    "个百分点|个人|百分点|个工作日|工作日|个月|个小时|小时|平方公里|平方米|立方米|千瓦时|千瓦|兆瓦|公里|千米|厘米|毫米|微米|公斤|千克|公顷|美元|欧元|港元|日元|人民币|人次|人天|人月|家次|年度|年期|"
    "年版|月份|分钟|星期|元|块|角|人|名|位|家|户|个|年|月|日|号|天|周|秒|倍|级|成|分|条|项|款|章|节|批|次|轮|期|届|类|种|件|台|套|张|页|本|份|篇|座|间|辆|吨|克|斤|亩|米|度|"
    "瓦|伏|步|题|岁|版|折|点|道|处|所|场|门|例|宗|笔|层|栋|列|行|字|句|段|省|市|县|区|国|镇|村|组|只|头|箱|桶|瓶|包|袋|根|片|颗|把|线|代|阶|星|寸|口|支|枚|株|卷|册"
)
_UNIT = "|".join(sorted(_MEASURES.split("|"), key=len, reverse=True))
_SAME_UNIT = {
    "％": "%",
    "块": "元",
    "人民币": "元",
    "名": "人",
    "个人": "人",
    "位": "人",
    "年度": "年",
    "年版": "年",
    "年期": "年",
    "月份": "月",
    "号": "号",
}
_BY_UNIT = {"成": ("%", 10), "工作日": ("个工作日", 1), "百分点": ("个百分点", 1), "个小时": ("小时", 1)}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

_GAP = r"[ \u00a0\u2009\u202f]"
_SIGN = r"(?:(?<![\dA-Za-z%–-])[-−–+±])?"
_DIGITS = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?![\d])|\d{{1,3}}(?:{_GAP}\d{{3}})+(?!\d)|\d+)(?:\.\d+)?"
_SAID = "零〇一二两三四五六七八九十百千万亿"
_SPOKEN = rf"(?!十分)[零〇一二两三四五六七八九十][{_SAID}]*(?:点[零〇一二三四五六七八九]+)?"
_MAGNITUDE = rf"(?:{_GAP}?(?:个(?=[万亿]))?(?:[十百万亿]|千(?!瓦时)){{1,3}})?[多余来]?"
_ONE_UNIT = rf"(?:{_GAP}?(?:[%‰℃°]|{_UNIT}|[A-Za-zμ㎡㎥]{{1,6}}(?:/[A-Za-z]{{1,4}})?[²³]?(?![A-Za-z0-9])))"
_NUMBER = rf"(?:[￥¥$€]{_GAP}?|(?<![\d.])){_DIGITS}(?:[十百千万亿]+{_DIGITS})*{_MAGNITUDE}{_ONE_UNIT}?"


def _day(mark: str) -> str:
    """The pattern of a date; `mark` names the group that holds both dashes to one kind."""
    month, day = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
    return (
        rf"(?:(?:19|20)\d\d{_GAP}?年{_GAP}?{month}{_GAP}?月(?:{_GAP}?{day}{_GAP}?[日号])?"
        rf"|(?:19|20)\d\d(?P<{mark}>[-/.]){month}(?P={mark}){day}(?!\d)"
        rf"|(?:19|20)\d\d-(?:1[0-2]|0[1-9])(?![\d年月日家个人万亿%-])"
        rf"|{month}{_GAP}?月{_GAP}?{day}{_GAP}?[日号]"
        rf"|(?:19|20)\d\d{_GAP}?年(?!度|期))"
    )


_DOCUMENT = r"[〔\[（(【［](?:19|20)\d\d年?[〕\]）)】］]\s?第?\d+号"
_STANDARD = (
    r"(?:GB(?:/[TZ])?|ISO(?:/IEC)?|IEC|IEEE|[A-Z]{2}/[TZ]|T/[A-Z]{2,8})\s?\d[\d.]*(?:[-—–]+(?:19|20)\d\d(?!\d))?"
)
_CODED = (
    r"[Nn]o\.?\s?\d+|\d+(?:\.\d+){2,}版?|\d{2,4}(?:-\d{3,8}){2,}|0\d+(?:-\d+)?(?![\d.,年月日])|\d+(?:\.\d+)?(?:[:∶/*×xX]\d+(?:\.\d+)?)+"
    r"|(?<![A-Za-z])(?!RMB|USD|CNY|EUR)[A-Za-z]+[-.]?\d+(?:[A-Za-z]+\d*)*(?:\.\d+)*"
)
_ORDINAL = rf"第{_GAP}?(?:\d+{_GAP}?(?:{_UNIT})?|[{_SAID}]+{_GAP}?(?:{_UNIT}))"
_IN_HUNDRED = rf"[百千万]分之(?:{_DIGITS}|{_SPOKEN}|百)"
_WORDS = rf"[几数]?{_SPOKEN}[多余来几]?(?:{_UNIT})?"
_TO = rf"(?:[（(]不?含[）)])?{_GAP}?(?:[-—–~～〜−]{{1,2}}|至|到){_GAP}?\n?"


def _item_pattern(mark: str, sign: str) -> str:
    return rf"(?:(?<![\d.]){_day(mark)}|{_IN_HUNDRED}|{sign}{_NUMBER})"


_FIGURE = re.compile(
    rf"(?P<document>{_DOCUMENT})|(?P<code>{_STANDARD}|{_CODED})|(?P<ordinal>{_ORDINAL})"
    rf"|(?P<first>{_item_pattern('dash', _SIGN)})(?:(?P<to>{_TO})(?P<second>{_item_pattern('other', '')}))?"
    rf"|(?P<words>{_WORDS})(?:(?P<upto>[至到—-])(?P<more>{_WORDS}))?"
)
_DAY = re.compile(_day("dash"))
_PARTS = re.compile(
    rf"(?P<sign>[-−–+±]?)(?:[￥¥$€]{_GAP}?)?(?P<figure>[\d.,\u00a0\u2009\u202f ]*\d)(?P<rest>.*)", re.DOTALL
)
_SAID_FIGURE = re.compile(rf"(?P<about>[几数]?)(?P<numeral>{_SPOKEN})(?P<more>[多余来几]?)")
_NEIGHBOURS = re.compile("[一二两三四五六七八九]{2}")
"""两三家, 七八个: about as many, and no number of two digits."""
_DASHES = frozenset("-−–—")
_LARGE = frozenset("百千万亿")
_DATE_PARTS = re.compile(r"\d+")
_NUMERAL = re.compile(_SIGN + _DIGITS)
_ORGAN = re.compile(r"[\u4e00-\u9fff]{2,12}$")
_HELD_BEFORE = re.compile(r"[≥≤><＞＜≈约近超近逾]{1,2}\s?$")
_HELD_AFTER = re.compile(r"\s?(?:[（(]不?含[）)])?(?:[及或]?(?:以上|以下|以内|以外)|之[内间]|左右|上下|[前后起止])")


@dataclass(frozen=True)
class Figure:
    """A figure as it stands at text[start:end]. keys: one, or two for a range."""

    start: int
    end: int
    text: str
    keys: tuple[Key, ...]

    @property
    def key(self) -> str:
        """The figure for comparing as a whole: 10%—30%."""
        return "—".join(value + unit for value, unit in self.keys)


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of a text, in order; words like 一致 or 统一 are none."""
    return _remembered(text) if len(text) <= 1000 else tuple(_found(text))


def figure_keys(text: str) -> list[str]:
    """The keys of a text's figures, sorted: what must be the same before and after."""
    return sorted(figure.key for figure in figures(text))


def held_spans(text: str) -> list[tuple[int, int]]:
    """Where a text must not be cut: its figures with what binds to them (≥30人, 2000万元（含）以上)."""
    spans = list[tuple[int, int]]()
    for match in _FIGURE.finditer(_folded(text)):
        start, end = match.span()
        before = _ORGAN if match["document"] else _HELD_BEFORE
        if bound := before.search(text, max(0, start - 12), start):
            start = bound.start()
        if after := _HELD_AFTER.match(text, end):
            end = after.end()
        if start > 1 and text[start - 1] in _DASHES:
            start -= 2  # what it joins to the figure (MES3-6个月): at the beginning of a part it would be a minus
        if spans and start < spans[-1][1]:
            start = spans.pop()[0]
        spans.append((start, end))
    return spans


def _folded(text: str) -> str:
    return _WIDE_COMMA.sub(",", text).translate(_WIDE)


def _found(text: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(_folded(text)):
        if keys := _keys(match):
            yield Figure(*match.span(), text[match.start() : match.end()], keys)


@lru_cache(maxsize=4096)
def _remembered(text: str) -> tuple[Figure, ...]:
    return tuple(_found(text))


def _keys(match: re.Match[str]) -> tuple[Key, ...]:
    """What a match says; nothing where it is only a word with a numeral in it."""
    if match["document"]:
        year, number = _DATE_PARTS.findall(match[0])[-2:]
        return ((f"{year}-{int(number)}", "文号"),)
    if match["code"]:
        return ((re.sub(r"[\s年]", "", match[0]).lower().replace("—", "-").replace("–", "-"), CODE),)
    if match["ordinal"]:
        inner = _spoken_or_digits(match[0][1:])
        return ((f"第{inner[0]}", inner[1]),) if inner else ()
    if match["first"]:
        first = _item(match["first"])
        return _range(match["first"], first, match["second"]) if match["second"] else (first,)
    told = [_spoken(words) for words in (match["words"], match["more"]) if words]
    if not told[0] and match["more"] and told[1]:
        told[0] = _spoken(match["words"] + told[1][1])
    return tuple(key for key in told if key)


def _range(words: str, first: Key, upper: str) -> tuple[Key, ...]:
    """Both ends; a lower end without a unit has that of the upper one, its 万 and its year."""
    second = _item(upper)
    if first[1] == "" and second[1] == DATE:
        return (first[0], DATE), second
    if first[1] == "" and not _PARTS.fullmatch(words)["rest"]:  # type: ignore[index]
        rest = _PARTS.search(upper)["rest"]  # type: ignore[index]
        return _item(words + rest), second
    return first, second


def _item(words: str) -> Key:
    folded = _folded(words)
    if "分之" in folded:
        share = _spoken_or_digits(folded[3:].replace("百", "一百") if folded[3:] == "百" else folded[3:])
        return (share[0] if share else folded[3:], {"百": "%", "千": "‰", "万": "‱"}[folded[0]])
    if _DAY.fullmatch(folded):
        return _date(folded)
    return _number(folded)


def _date(folded: str) -> Key:
    parts = [int(part) for part in _DATE_PARTS.findall(folded)]
    if len(str(parts[0])) != 4:
        return f"{parts[0]:02}-{parts[1]:02}", DATE
    return "-".join([str(parts[0]), *(f"{part:02}" for part in parts[1:])]), DATE


def _number(folded: str) -> Key:
    parts = _PARTS.fullmatch(folded)
    if not parts:
        return re.sub(r"\s", "", folded), ""
    digits = re.sub(r"[,\s]", "", parts["figure"])
    rest = re.sub(r"\s|个(?=[万亿])", "", parts["rest"])
    scale, unit, mixed = (
        1,
        rest.lstrip("十百千万亿0123456789.多余来"),
        rest[: len(rest) - len(rest.lstrip("十百千万亿0123456789."))],
    )
    if any(c.isdigit() for c in mixed):
        value = read_number(digits + mixed)
        return (mixed and digits + mixed if value is None else _plain(Decimal(str(value)))), unit
    for c in mixed:
        scale *= _SCALES[c]
    unit, by = _BY_UNIT.get(unit, (_SAME_UNIT.get(unit, unit.lower()), 1))
    sign = "-" if parts["sign"] in {"-", "−", "–"} else ""
    if any(c in folded for c in "￥¥") and not unit:
        unit = "元"
    return sign + _plain(Decimal(digits) * scale * by), unit


def _spoken_or_digits(words: str) -> Key | None:
    words = words.strip()
    return _number(_folded(words)) if words[:1].isdigit() else _spoken(words, least=1)


def _spoken(words: str, least: int = 2) -> Key | None:
    """A Chinese numeral with its unit. 一 alone and a numeral without unit below ten are words, not figures."""
    said = _SAID_FIGURE.match(words)
    if not said:
        return None
    unit = words[said.end() :]
    if said["about"] or said["more"] == "几" or _NEIGHBOURS.fullmatch(said["numeral"]):
        return (said[0], unit) if unit else None
    value = read_number(said["numeral"])
    if value is None or (not unit and least > 1 and not _LARGE & set(words)) or (value < least and unit != "级"):
        return None
    if unit == "年" and len(said["numeral"]) == 4 and 1900 <= value < 2100:
        return f"{value:.0f}", DATE
    unit, by = _BY_UNIT.get(unit, (_SAME_UNIT.get(unit, unit), 1))
    return _plain(Decimal(str(value)) * by), unit


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def numerals(text: str) -> list[str]:
    """The numbers written with digits, with their signs, as they stand: 12, 1,200, -5.2."""
    return _NUMERAL.findall(_folded(text))
