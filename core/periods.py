"""Years, months and days as people say them, read as ranges of days given the day of asking."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.dates import CHINESE_DIGITS, NUMBER, YEAR, calendar_day, days_of, later, small_number, year_number
from core.numbers import read_number
from core.text import normalise


@dataclass(frozen=True)
class Period:
    """A stretch of time that a text names. first, last: both inclusive, None where it is open.

    words: as said, at `start`:`end` of the normalised text. years: the years that are named, before what 前 and 后 do to
    them. relative: said from the day of asking (明年). unsure: the words may mean another stretch (年前, 15号).
    """

    first: date | None
    last: date | None
    words: str
    start: int = 0
    end: int = 0
    years: tuple[int, ...] = ()
    relative: bool = False
    unsure: bool = False


_SHORT_YEAR = (
    rf"(?<![\d.用干做第近约超过满了共达开]){'(?:2[1-9]|3[0-9]|4[0-9])'}(?=\s*年(?!内|后|前|来|多|间|以|期|了|经|历|老))"
    rf"|(?<![{CHINESE_DIGITS}用干做第近约超过满了共达开])(?:二[四五六七八九]|三[〇零一二])(?=\s*年(?!内|后|前|来|多|间|以|期|了|经|历|老))"
)
_NOT_COUNTED = r"(?!\s*(?:\d|[.,]\d|[%％‰]|[万亿千百多余]|(?:人(?!工)|[个元家块名台套件吨米平条户亩次页字股号])))"
_YEARS = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "翌年": 1, "大后年": 3, "后年": 2, "去年": -1, "上一年度": -1, "上年": -1, "大前年": -3, "前年": -2}  # fmt: skip
_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "当天": 0, "明天": 1, "明日": 1, "大后天": 3, "后天": 2}  # fmt: skip
_MONTHS = {"这": 0, "本": 0, "当": 0, "上": -1, "下下": 2, "下": 1, "次": 1, "上上": -2}
_HOLIDAYS = {"元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1), "十一": (10, 1), "国庆": (10, 1)}
_SPRING = {2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8), 2036: (1, 28)}  # fmt: skip
"""The first day of the lunar year (GB/T 33661-2017, 农历的编算和颁行)."""
_MODES = r"(?P<mode>之前|以前|前|之内|以内|内|以后|之后|后|(?<=[日号月年底])起)?"
_EDGES = {"底": "end", "末": "end", "初": "start", "中": "middle"}
_YEAR = rf"(?:(?P<y>{YEAR}|{_SHORT_YEAR})\s*年度?|(?P<ry>(?<![\d{CHINESE_DIGITS}百千万几多])(?:{'|'.join(_YEARS)}))度?|(?P<by>(?<![\d.,〔A-Za-z])(?:19[5-9]\d|20[1-6]\d){_NOT_COUNTED})\s*年?)"
_WITHIN = rf"(?:(?P<half>[上下])半年|第?(?P<q>[一二三四1-4])季度|[Qq](?P<q2>[1-4])|(?P<m>{NUMBER})\s*月份?(?:\s*(?P<d>{NUMBER})\s*[日号])?)"
_CALENDAR = re.compile(
    rf"(?:{_YEAR}(?:\s*的?\s*{_WITHIN}|年(?=[底末初中]))?|(?P<bare>{_WITHIN.replace('?P<', '?P<b')}))\s*(?:(?P<tenth>[上中下])旬|(?P<edge>[底末初]|中(?=[旬之以前，。?？]|$)))?\s*{_MODES}"
)
_ISO = re.compile(
    rf"(?<![\d.])(?P<y>(?:19|20)\d{{2}})\s*[-/.]\s*(?P<m>\d{{1,2}})(?:\s*[-/.]\s*(?P<d>\d{{1,2}}))?(?![\d%])\s*{_MODES}"
)
_RELATIVE_DAY = re.compile(rf"(?P<day>{'|'.join(_DAYS)}){_MODES}")
_WEEK = re.compile(
    rf"(?:(?P<of>这个?|本|上上个?|上个?|下下个?|下个?)\s*)?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天]|末(?!端))?(?P<edge>)?{_MODES}"
)
_MONTH = re.compile(
    rf"(?P<of>这个?|本|当|上上个?|上个?|下下个?|下个?|次)月(?:(?P<d>{NUMBER})[日号]|(?P<tenth>[上中下])旬|(?P<edge>[底末初中]))?{_MODES}"
)
_QUARTER = re.compile(rf"(?P<of>这个?|本|上个?|下个?)季度?(?P<edge>[底末初])?{_MODES}")
_EDGE_ALONE = re.compile(rf"(?P<of>[年月季岁])(?P<edge>[底末初中]|(?<=年)(?P<within>内|度内)){_MODES}")
_DAY_ALONE = re.compile(
    rf"(?<![\d.月{CHINESE_DIGITS}])(?P<d>{NUMBER})[号日](?!线|楼|机|文|令|公|仓)(?=[之以前内截起止\s，。?？]|$){_MODES}"
)
_SPAN = re.compile(
    rf"(?P<past>过去|最近|近)?(?P<ahead>未来|今后|往后|接下来)?(?:的)?(?P<n>\d{{1,3}}|[{CHINESE_DIGITS}]{{1,3}}|半)\s*个?(?P<half>半)?(?P<unit>天|日|周|星期|礼拜|月|季度|年)(?P<more>半)?(?P<mode>之?内|以内|里|之?后|以后|之?前|以前)?"
)
_PLAN = re.compile(r"[“\"]?(?P<n>十[一二三四五六七])五[”\"]?(?:规划|时期|期间)?(?P<edge>[末初]|收官|开局)?")
_CENTURY = re.compile(r"(?:本|这个?|二十一|21)世纪(?P<edge>中叶|中期|末)")
_FEAST = re.compile(
    rf"(?P<feast>{'|'.join(_HOLIDAYS)})(?:节)?(?P<mode>之?前|以前)|(?P<spring>春节|过年|新年|(?<![\d一二两三四五六七八九十几今明去多半])年)(?P<smode>之?前|以前)|(?P<lunar>正月|腊月)"
)
_PAIR = re.compile(r"(?P<a>今)(?P<b>明|后)两年|(?P<c>去)今两年")
_FROM_TO = re.compile(
    rf"(?<![\d.])(?P<a>(?:19|20)\d{{2}}|\d{{2}}|二[{CHINESE_DIGITS}]{{3}})\s*年?\s*[到至\-—–~～]{{1,2}}\s*(?P<b>(?:19|20)\d{{2}}|\d{{2}}|二[{CHINESE_DIGITS}]{{3}})\s*年(?!内|后|前)"
)
_JOINED = re.compile(r"\s*(?:[到至]|[-—–~～]{1,2})\s*")
_NUMBERED = re.compile(r"\s*[〕\])）】]\s*第?\s*\d+\s*号")


def periods(text: str, day: date) -> tuple[Period, ...]:
    """Every stretch of time that a text names, in order; where two words overlap the longer one counts."""
    text = normalise(text)
    found = [p for pattern, read in _READERS for m in pattern.finditer(text) if (p := read(m, day))]
    found = [p for p in found if not _NUMBERED.match(text, p.end)]
    kept: list[Period] = []
    for period in sorted(found, key=lambda p: (p.start - p.end, p.start)):
        if all(period.end <= k.start or k.end <= period.start for k in kept):
            kept.append(period)
    return tuple(_joined(sorted(kept, key=lambda p: p.start), text))


def period(text: str, day: date) -> Period | None:
    """The first stretch of time that a text names."""
    return next(iter(periods(text, day)), None)


def _joined(found: list[Period], text: str) -> Iterator[Period]:
    """Two stretches with 到 or a dash between them as one: 3月1日到4月15日."""
    before: Period | None = None
    for period in found:
        if before and before.first and period.last and _JOINED.fullmatch(text, before.end, period.start):
            before = _one(before, period, text)
            continue
        if before:
            yield before
        before = period
    if before:
        yield before


def _one(a: Period, b: Period, text: str) -> Period:
    """From the beginning of one stretch to the end of another, which takes the year of the first where it tells none."""
    first, last = a.first, b.last
    assert first and last
    if a.years and not b.years:
        last = last.replace(year=first.year, day=min(last.day, days_of(first.year, last.month)))
    if last < first:
        first, last = (first, later(last, 12)) if a.years else (later(first, -12), last)
    named = (*a.years, *b.years)
    years = tuple(range(min(named), max(named) + 1)) if named else ()
    return replace(a, first=first, last=last, words=text[a.start : b.end], end=b.end, years=years)


_Read = Callable[["re.Match[str]", date], "Period | None"]


def _made(m: re.Match[str], first: date, last: date, day: date, grain: str, **more: object) -> Period:
    """A stretch after what its edge (底, 上旬) and its 前, 内, 后 make of it."""
    said = m.groupdict()
    first, last = _part(first, last, grain, said.get("edge") or "", said.get("tenth") or "")
    mode = (said.get("mode") or said.get("smode") or "").removeprefix("之").removeprefix("以")
    closed = grain == "day" or said.get("edge") in {"底", "末", "end"}
    begins: date | None = first
    ends: date | None = last
    if mode == "前":
        ends = last if closed else first - timedelta(days=1)
        begins = day if ends >= day else None
    elif mode == "后":
        begins, ends = last + timedelta(days=1), None
    elif mode == "起":
        ends = None
    return Period(begins, ends, m[0].strip(), m.start(), m.start() + len(m[0].rstrip()), **more)  # type: ignore[arg-type]


def _part(first: date, last: date, grain: str, edge: str, tenth: str) -> tuple[date, date]:
    """The beginning, middle or end of a year, quarter or month."""
    if tenth or (edge and grain == "month"):
        begins = {"上": 1, "初": 1, "中": 11, "下": 21, "底": 21, "末": 21}[tenth or edge]
        return first.replace(day=begins), last if begins == 21 else first.replace(day=begins + 9)
    if edge in {"底", "末"}:
        return last.replace(day=1), last
    if edge == "初":
        return first, first.replace(day=days_of(first.year, first.month))
    if edge == "中" and grain == "year":
        return date(first.year, 6, 1), date(first.year, 7, 31)
    return first, last


def _year_span(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _months(year: int, month: int, count: int = 1) -> tuple[date, date]:
    last = later(date(year, month, 1), count - 1)
    return date(year, month, 1), last.replace(day=days_of(last.year, last.month))


def _calendar(m: re.Match[str], day: date) -> Period | None:
    """A year, or a half, quarter, month or day of it; without a year the one that ends next."""
    written, relative = m["y"] or m["by"], m["ry"]
    year = _written_year(written) if written else day.year + _YEARS[relative] if relative else None
    bare = year is None
    half, quarter = m["half"] or m["bhalf"], m["q"] or m["q2"] or m["bq"] or m["bq2"]
    month, dom = m["m"] or m["bm"], m["d"] or m["bd"]
    of = year if year is not None else day.year
    grain = "quarter"
    if half:
        span = _months(of, 1 if half == "上" else 7, 6)
    elif quarter:
        number = small_number(quarter)
        span = _months(of, 3 * number - 2, 3)
    elif month:
        number = small_number(month)
        if not 1 <= number <= 12:
            return None
        span, grain = _months(of, number), "month"
        if dom:
            exact = calendar_day(of, number, small_number(dom))
            if exact is None:
                return None
            span, grain = (exact, exact), "day"
    elif year is not None:
        span, grain = _year_span(of), "year"
    else:
        return None
    passed = bare and span[1] < day
    if passed:
        span = (later(span[0], 12), later(span[1], 12))
        span = (span[0], span[1] if grain == "day" else span[1].replace(day=days_of(span[1].year, span[1].month)))
    years = (year,) if year is not None else ()
    short = bool(written) and len(written.strip()) == 2
    return _made(
        m, *span, day, grain, years=years, relative=bool(relative), unsure=short or (passed and grain == "quarter")
    )


def _written_year(text: str) -> int:
    return year_number(text) if len(text) == 4 else 2000 + year_number(text)


def _iso(m: re.Match[str], day: date) -> Period | None:
    year, month = int(m["y"]), int(m["m"])
    if not 1 <= month <= 12:
        return None
    exact = calendar_day(year, month, int(m["d"])) if m["d"] else None
    if m["d"] and exact is None:
        return None
    span = (exact, exact) if exact else _months(year, month)
    return _made(m, *span, day, "day" if exact else "month", years=(year,))


def _relative_day(m: re.Match[str], day: date) -> Period:
    that = day + timedelta(days=_DAYS[m["day"]])
    return _made(m, that, that, day, "day", relative=True)


def _week(m: re.Match[str], day: date) -> Period | None:
    if not (m["of"] or m["wd"]):
        return None
    of = (m["of"] or "").removesuffix("个")
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=_MONTHS.get(of, 0))
    if not m["wd"]:
        return _made(m, monday, monday + timedelta(days=6), day, "week", relative=True)
    if m["wd"] == "末":
        return _made(m, monday + timedelta(days=5), monday + timedelta(days=6), day, "week", relative=True)
    that = monday + timedelta(days="一二三四五六日".index(m["wd"].replace("天", "日")))
    if not of and that < day:
        that += timedelta(weeks=1)
    return _made(m, that, that, day, "day", relative=True)


def _month(m: re.Match[str], day: date) -> Period | None:
    first = later(day.replace(day=1), _MONTHS[m["of"].removesuffix("个")])
    if m["d"]:
        exact = calendar_day(first.year, first.month, small_number(m["d"]))
        return _made(m, exact, exact, day, "day", relative=True) if exact else None
    return _made(m, *_months(first.year, first.month), day, "month", relative=True)


def _quarter(m: re.Match[str], day: date) -> Period:
    first = later(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1), 3 * _MONTHS[m["of"].removesuffix("个")])
    return _made(m, *_months(first.year, first.month, 3), day, "quarter", relative=True)


def _edge_alone(m: re.Match[str], day: date) -> Period:
    """月底, 年底前, 年内: of the present month, quarter or year."""
    if m["of"] == "月":
        return _made(m, *_months(day.year, day.month), day, "month", relative=True)
    if m["of"] == "季":
        return _made(m, *_months(day.year, 3 * ((day.month - 1) // 3) + 1, 3), day, "quarter", relative=True)
    return _made(m, *_year_span(day.year), day, "year", relative=True, years=(day.year,))


def _day_alone(m: re.Match[str], day: date) -> Period | None:
    """15号前: of this month, or of the next where it is past; which one was meant is not sure."""
    number = small_number(m["d"])
    this = calendar_day(day.year, day.month, number)
    if this is None or this < day:
        following = later(day.replace(day=1), 1)
        this = calendar_day(following.year, following.month, number)
    return _made(m, this, this, day, "day", relative=True, unsure=True) if this else None


def _span(m: re.Match[str], day: date) -> Period | None:
    """半年内, 三年后, 近三年: counted from the day; a bare length of time is none."""
    mode = (m["mode"] or "").removeprefix("之").removeprefix("以")
    if not (mode or m["past"] or m["ahead"]):
        return None
    number = 0.5 if m["n"] == "半" else float(read_number(m["n"]) or 0)
    number += 0.5 if m["half"] or m["more"] else 0
    if not 0 < number <= 200:
        return None
    unit = m["unit"]
    scale = {"月": 1, "季度": 3, "年": 12}.get(unit)
    back = bool(m["past"]) or mode == "前"
    if scale:
        that = later(day, round(number * scale) * (-1 if back else 1))
    else:
        days = round(number * (7 if unit in {"周", "星期", "礼拜"} else 1))
        that = day + timedelta(days=-days if back else days)
    ends = m.start() + len(m[0].rstrip())
    if mode in {"后", "前"} and not (m["past"] or m["ahead"]):
        if unit == "年" and number == int(number):
            return Period(*_year_span(that.year), m[0], m.start(), ends, (that.year,), True, True)
        span = _months(that.year, that.month) if scale else (that, that)
        return Period(*span, m[0], m.start(), ends, (), True, bool(scale))
    span = (that, day) if back else (day, that)
    return Period(*span, m[0], m.start(), ends, (), True)


def _plan(m: re.Match[str], day: date) -> Period:
    """A five-year plan: the sixth began in 1981."""
    first = 1981 + 5 * (small_number(m["n"]) - 6)
    edge = m["edge"] or ""
    if edge:
        year = first + 4 if edge in {"末", "收官"} else first
        return Period(*_year_span(year), m[0], m.start(), m.end(), (year,))
    years = tuple(range(first, first + 5))
    return Period(date(first, 1, 1), date(first + 4, 12, 31), m[0], m.start(), m.end(), years)


def _century(m: re.Match[str], day: date) -> Period:
    """The middle of the century is 2050 in the documents that speak of it; what lies around it is not sure."""
    year = 2100 if m["edge"] == "末" else 2050
    return Period(*_year_span(year), m[0], m.start(), m.end(), (year,), unsure=True)


def _feast(m: re.Match[str], day: date) -> Period | None:
    """国庆前; 春节前, 年前 and lunar months are not sure: the lunar year, or what counts as its end, is not ours to set."""
    if m["feast"]:
        month, dom = _HOLIDAYS[m["feast"]]
        this = date(day.year, month, dom)
        this = this if this > day else date(day.year + 1, month, dom)
        return Period(day, this - timedelta(days=1), m[0], m.start(), m.end(), (), True)
    starts = [date(y, *_SPRING[y]) for y in (day.year, day.year + 1) if y in _SPRING]
    spring = next((s for s in starts if s > day), date(day.year + 1, 2, 20))
    if m["lunar"]:
        first = spring if m["lunar"] == "正月" else spring - timedelta(days=29)
        return Period(first, first + timedelta(days=28), m[0], m.start(), m.end(), (), True, True)
    last = date(day.year, 12, 31) if m["spring"] == "新年" else spring - timedelta(days=1)
    return Period(day, last, m[0], m.start(), m.end(), (), True, True)


def _pair(m: re.Match[str], day: date) -> Period:
    first = day.year - 1 if m["c"] else day.year
    last = day.year if m["c"] else day.year + (1 if m["b"] == "明" else 2)
    years = tuple(range(first, last + 1))
    return Period(date(first, 1, 1), date(last, 12, 31), m[0], m.start(), m.end(), years, True)


def _from_to(m: re.Match[str], day: date) -> Period | None:
    """2025—2027年, 25到27年; a falling pair (3-2年) is none."""
    if len(m["a"]) != len(m["b"]):
        return None
    first, last = _written_year(m["a"]), _written_year(m["b"])
    if not first < last <= first + 40:
        return None
    years, short = tuple(range(first, last + 1)), len(m["a"]) == 2
    if short and not 2015 <= first <= 2040:
        return None
    return Period(date(first, 1, 1), date(last, 12, 31), m[0], m.start(), m.end(), years, False, short)


_READERS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (_FROM_TO, _from_to),
    (_ISO, _iso),
    (_CALENDAR, _calendar),
    (_RELATIVE_DAY, _relative_day),
    (_MONTH, _month),
    (_QUARTER, _quarter),
    (_WEEK, _week),
    (_EDGE_ALONE, _edge_alone),
    (_DAY_ALONE, _day_alone),
    (_SPAN, _span),
    (_PLAN, _plan),
    (_CENTURY, _century),
    (_FEAST, _feast),
    (_PAIR, _pair),
)
"""What reads each form; of two that read the same words, the first."""
