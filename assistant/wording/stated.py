"""What a text states that can be checked: figures with their units, dates, document numbers, titles and names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from core.cut import mark_end, unmarked
from core.numbers import read_number
from core.periods import periods
from core.text import normalise, squeeze
from corpus.words import lexicon

AROUND = 24
"""How many characters before and after a figure are kept."""
Kind = Literal["figure", "date", "document", "title", "name"]

_N = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?"
_MEASURES = (
    "个百分点|平方米|分钟|小时|工作日|个月|个季度|欧元|美元|日元|港元|公里|公斤|万吨|名次|[%％‰元年月日天周人名家户个项条批次级类种章节步倍"
    "成台套件吨座所支本款亩册例页份层省市县城处对岁分]|家企业"
)
FIGURE = re.compile(
    rf"(?P<cent>百分之)?(?P<n>{_N})(?:\s*(?:%|％)?\s*[-—–~至到]{{1,2}}\s*(?P<to>{_N}))?\s*(?P<more>[多余来几](?!个月前))?"
    rf"(?P<scale>[万亿千百]*)(?:[多余来])?\s*(?P<unit>{_MEASURES})?(?P<half>(?<=成)[一二三四五六七八九](?![\u4e00-\u9fff]))?"
)
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<y>(?:19|20)\d{2})\s*(?:年\s*)?)?(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*[日号])?"
    r"|(?<![\d.])(?P<y2>(?:19|20)\d{2})[\-/.](?P<m2>\d{1,2})(?:[\-/.](?P<d2>\d{1,2}))?(?![\d%])"
)
_DOCUMENT = re.compile(
    r"([\u4e00-\u9fff]{2,12})?[〔\[(（【]\s*((?:19|20)\d{2})\s*[〕\])）】]\s*(?:第)?\s*(\d+)\s*号|(?<!\d)(\d{1,4})\s*号(?:文|令|公告|通知)"
)
_TITLE = re.compile(r"《([^《》]{2,60})》")
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+\-/.]*[A-Za-z0-9+]")
_SCOPE = re.compile(r"(?:规模|限额)以[上下内外]")
_ORGANISATION = re.compile(r"[\u4e00-\u9fff]{2,14}?(?:有限公司|股份公司|集团|研究院|大学|协会|联盟|银行)")
_NO_NAME = frozenset("vcpdruyf")
"""Kinds of words that are no part of a name."""
_BOUNDS = {
    **dict.fromkeys(("不超过", "不高于", "不大于", "不多于", "至多", "最多", "最高", "上限", "低于", "少于", "不足", "小于", "不到", "未达", "封顶"), -1),
    **dict.fromkeys(("不低于", "不少于", "不小于", "不下于", "超过", "超", "至少", "最少", "最低", "高于", "大于", "多于", "突破", "下限"), 1),
}  # fmt: skip
_BOUND = re.compile("(" + "|".join(sorted(_BOUNDS, key=len, reverse=True)) + r")[\u4e00-\u9fff]{0,6}\s*$")
BOUND = re.compile("|".join([*sorted(_BOUNDS, key=len, reverse=True), "及?以[上下内]"]))
_SCALES = {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2}
_CLASSES = {
    "％": "%",
    "成": "%",
    "个百分点": "pp",
    "工作日": "日",
    "天": "日",
    "号": "日",
    "户": "家",
    "名": "人",
    "‰": "‰",
}
_OWN = frozenset(
    {
        "%",
        "pp",
        "‰",
        "元",
        "欧元",
        "美元",
        "日元",
        "港元",
        "年度",
        "年",
        "个月",
        "个季度",
        "日",
        "小时",
        "分钟",
        "级",
        "倍",
        "人",
        "平方米",
    }
)
_PLAIN_ONES = frozenset({"", "个", "家", "项", "条", "批", "次", "类", "种", "步", "台", "套", "件", "名", "人", "份", "层", "处", "对", "户", "天", "日", "本", "章", "节", "款", "所", "支", "月", "例", "座", "页", "市", "城", "省", "县", "分"})  # fmt: skip


@dataclass(frozen=True)
class Stated:
    """One checkable statement. unit: class of the figure's unit (年度 is a calendar year); bound: 1 at least, -1 at most, 0 neither.

    slack: how far below and above the figure the evidence may lie (近四成). before, after: the text around a figure, without
    what it is bounded by and with # for other digits.
    """

    kind: Kind
    value: float | str
    unit: str = ""
    bound: int = 0
    slack: tuple[float, float] = (0.0, 0.0)
    before: str = ""
    after: str = ""


def stated(text: str) -> tuple[Stated, ...]:
    """Everything checkable in a text, in no order; list numbers at the start of a line are not figures."""
    return _stated(text)


@lru_cache(maxsize=2048)
def _stated(text: str) -> tuple[Stated, ...]:
    rest = "\n".join(" " * mark_end(line) + unmarked(line) for line in normalise(text).split("\n"))
    found: list[Stated] = []
    for pattern, read in ((_DOCUMENT, _document), (_TITLE, _title), (_DATE, _dates)):
        for match in pattern.finditer(rest):
            found += read(match)
        rest = pattern.sub(lambda m: _blanked(m[0], keep=m.re is _TITLE), rest)
    found += _figures(rest)
    found += _years_in_words(text)
    found += [Stated("name", m[0].lower()) for pattern in (_LATIN, _SCOPE) for m in pattern.finditer(rest)]
    return tuple(found)


def _years_in_words(text: str) -> Iterator[Stated]:
    """Years that are not written in figures: 二〇二九年, 十四五末; what is said from a day (后年) names none by itself."""
    for period in periods(text, date(2000, 1, 1)):
        if period.years and not period.relative and not any(c.isdigit() for c in period.words):
            yield from (Stated("figure", float(year), "年度") for year in {period.years[0], period.years[-1]})


def without_dates(text: str) -> str:
    """A text with its dates and document numbers blanked, so that what is left of digits are figures."""
    for pattern in (_DOCUMENT, _DATE):
        text = pattern.sub(lambda m: _blanked(m[0], keep=False), text)
    return text


def names(text: str) -> Iterator[str]:
    """Chinese names in a text: organisations by their ending; places, firms and people as the segmenter tags them."""
    known = lexicon().names
    yield from filter(None, (_organisation(m[0]) for m in _ORGANISATION.finditer(text)))
    for word, tag in lexicon().tagged(text):
        if len(word) > 1 and not word.isascii() and (tag in {"nt", "ns", "nrt", "nrfg"} or word in known):
            yield word


def _organisation(found: str) -> str:
    """The name in a stretch that ends as one: without the words before it (再贷款就是人民银行); "" where only the ending is left."""
    words = lexicon().tagged(found)
    start = max((at for at, (_, tag) in enumerate(words) if tag[0] in _NO_NAME), default=-1) + 1
    return "".join(word for word, _ in words[start:]) if start < len(words) - 1 or start == 0 else _alone(words[start:])


def _alone(words: list[tuple[str, str]]) -> str:
    """The one word that is left, where it is a name by itself (人民银行) and no common noun (银行)."""
    return words[0][0] if words and len(words[0][0]) > 3 else ""


def _blanked(text: str, keep: bool) -> str:
    """What was read is not read again; a title's year still is."""
    return re.sub(r"[^\d年—\-]", " ", text) if keep else " " * len(text)


def _document(m: re.Match[str]) -> list[Stated]:
    return [Stated("document", f"{m[2] or ''}#{m[3] or m[4]}", unit=m[1] or "")]


def _title(m: re.Match[str]) -> list[Stated]:
    return [Stated("title", squeeze(m[1]))]


def _dates(m: re.Match[str]) -> list[Stated]:
    year, month, day = m["y"] or m["y2"] or "", int(m["m"] or m["m2"]), int(m["d"] or m["d2"] or 0)
    iso = f"{year}-{month:02d}" + (f"-{day:02d}" if day else "")
    of_year = [Stated("figure", float(year), "年度")] if year else []
    return [Stated("date", iso), *of_year]


def _figures(text: str) -> Iterator[Stated]:
    for m in FIGURE.finditer(text):
        before, after = text[max(0, m.start() - 10) : m.start()], text[m.end() : m.end() + 4]
        around = _plain(text[: m.start()][-AROUND:]), _plain(text[m.end() :][:AROUND])
        scale = 1.0
        for mark in m["scale"]:
            scale *= _SCALES[mark]
        for part in filter(None, (m["n"], m["to"])):
            value = read_number(part)
            if value is None or (not part[0].isdigit() and _is_word(value, before, m)):
                continue
            yield _figure(m, part, value * scale, before, after, around)


def _plain(text: str) -> str:
    return re.sub(r"\d[\d.,]*", "#", re.sub(r"[ \t]", "", BOUND.sub("", text)))


def _figure(m: re.Match[str], part: str, value: float, before: str, after: str, around: tuple[str, str]) -> Stated:
    unit = "%" if m["cent"] else m["unit"] or ""
    kind = _CLASSES.get(unit, unit)
    if unit == "成":
        value = value * 10 + (read_number(m["half"]) or 0 if m["half"] else 0)
    if part.isdecimal() and len(part) == 4 and 1900 <= value <= 2100 and unit in {"年", ""} and not m["scale"]:
        kind = "年度"
    more = bool(re.search("[多余]", m[0])) or after.startswith(("多", "余"))
    return Stated("figure", value, kind, _bound(before, after, more), _slack(unit, before, more), *around)


def _is_word(value: float, before: str, m: re.Match[str]) -> bool:
    """Whether Chinese digits are part of a word rather than a figure: 一个, 统一, 第一步, 三化."""
    unit = m["unit"] or ""
    if not unit and not m["scale"] and not m["cent"]:
        return True
    if before.endswith(("第", "统", "进", "唯", "之", "单", "同", "专")) and unit not in {"批", "条", "章"}:
        return True
    return value == 1 and not m["scale"] and not m["cent"] and unit in _PLAIN_ONES


def _bound(before: str, after: str, more: bool) -> int:
    if said := _BOUND.search(before):
        return _BOUNDS[said[1]]
    if after.startswith(("以上", "及以上", "起步")) or more:
        return 1
    return -1 if after.startswith(("以内", "以下", "之内", "封顶", "及以下", "及以内")) else 0


def _slack(unit: str, before: str, more: bool) -> tuple[float, float]:
    """How the evidence may lie around a rounded share: 近四成 35-40, 四成多 40-50, 约四成 ±3."""
    if unit != "成":
        return (0.0, 0.0)
    if before.endswith(("近", "接近", "将近", "不到")):
        return (5.0, 0.0)
    if more or before.endswith("超过"):
        return (0.0, 9.99)
    return (3.0, 3.0) if before.endswith(("约", "大概")) else (0.0, 0.0)


def same_unit(a: str, b: str) -> bool:
    """Whether two figures may be the same thing counted: one unit, or two plain measure words, or one left out.

    Percentage points are always said with their unit.
    """
    if a == b or "pp" in {a, b}:
        return a == b
    return not a or not b or (a not in _OWN and b not in _OWN)


def agrees(said: Stated, held: Stated) -> bool:
    """Whether evidence states the same as a sentence does."""
    if said.kind != held.kind:
        return False
    if said.kind == "figure":
        assert isinstance(said.value, float | int) and isinstance(held.value, float | int)
        low, high = said.value - said.slack[0], said.value + said.slack[1]
        tolerance = 1e-9 * max(1.0, abs(said.value))
        return (
            low - tolerance <= held.value <= high + tolerance
            and same_unit(said.unit, held.unit)
            and said.bound * held.bound >= 0
        )
    if said.kind == "date":
        return str(held.value).startswith(str(said.value)) or (
            str(said.value)[0] == "-" and str(said.value) in str(held.value)
        )
    if said.kind == "document":
        year, _, number = str(said.value).partition("#")
        held_year, _, held_number = str(held.value).partition("#")
        return (
            number == held_number
            and year in {"", held_year}
            and (said.unit.endswith(held.unit[-4:]) or held.unit.endswith(said.unit[-4:]))
        )
    return said.value == held.value
