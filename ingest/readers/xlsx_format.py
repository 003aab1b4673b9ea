"""Values as a sheet shows them: number formats with words, units, scales and conditions (ECMA-376 part 1, 18.8.31).

Thousands separators and the blanks that only align figures are left out.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.clean import readable

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式|常规)'
    r"|(?P<place>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<power>[Ee][+-])|(?P<fraction>/)|(?P<text>@)|(?P<sign>.)",
    re.DOTALL | re.I,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_HOLDS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
}
_LITERAL = re.compile(r'"[^"]*"|[\\!].|\[[^\]]*\]')
_NEGATIVE = re.compile(r"[-(（负▲△−]")
_WHOLE = 1e15


@dataclass(frozen=True)
class _Section:
    """One of up to four parts of a format. parts: (kind, sign) of each place and literal before the decimal point."""

    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None
    scale: int
    percent: int
    plain: bool
    is_text: bool

    @property
    def literals(self) -> str:
        return "".join(sign for kind, sign in (*self.before, *self.after) if kind == "literal")


def shown(value: object, number_format: str) -> str:
    """A value as people see it in the sheet: 0.4 as 40%, a date as 2026-03-31, 36 as 36万元 where the format says so."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return _date(value, number_format or "")
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float):
        return _figure(float(value), number_format or "General")
    return _words(readable(str(value)).strip(), number_format or "General")


def _date(day: dt.date, number_format: str) -> str:
    """A day; the month or the year alone where the format shows no more, lest a first of the month be read into it."""
    signs = _LITERAL.sub("", number_format).lower()
    if "d" in signs or "y" not in signs:
        return f"{day:%Y-%m-%d}"
    return f"{day.year}年{day.month}月" if "m" in signs else f"{day.year}年"


def _words(text: str, number_format: str) -> str:
    section = _sections(number_format)[-1]
    if not text or not section.is_text or not section.literals:
        return text
    return "".join(text if kind == "text" else sign for kind, sign in section.before).strip()


def _figure(value: float, number_format: str) -> str:
    if not math.isfinite(value):
        return ""
    section, signed = _chosen(value, _sections(number_format))
    if section is None:
        return ""
    told = abs(value) * 100**section.percent / 1000**section.scale
    minus = "-" if value < 0 and (signed or not _NEGATIVE.search(section.literals)) else ""
    if section.plain:
        text = _general(told)
        words = [text if kind == "text" else sign for kind, sign in section.before]
        return (minus + ("".join(words) if "text" in {k for k, _ in section.before} else text)).strip()
    return (minus + _laid_out(told, section)).strip()


def _chosen(value: float, sections: Sequence[_Section]) -> tuple[_Section | None, bool]:
    """The section that shows a value, and whether its sign is to be added; None where the format hides the value."""
    figures = [s for s in sections if not s.is_text] or list(sections)
    if any(s.condition for s in figures):
        for section in figures:
            if section.condition is None or _HOLDS[section.condition[0]](value, section.condition[1]):
                return section, True
        return figures[-1], True
    at = (
        0 if value > 0 or len(figures) == 1 else 1 if value < 0 else min(2, len(figures) - 1) if len(figures) > 2 else 0
    )
    section = figures[at]
    hides = len(sections) > 1 and not section.before and not section.after
    return None if hides else section, at == 0


def _laid_out(value: float, section: _Section) -> str:
    """The digits of a value in the places of a section, literals where they stand."""
    least = sum(sign == "0" for kind, sign in section.after if kind == "place")
    most = sum(kind == "place" for kind, _ in section.after)
    whole, _, decimals = f"{value:.{most}f}".partition(".")
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    places = sum(kind == "place" for kind, _ in section.before)
    least_whole = sum(sign == "0" for kind, sign in section.before if kind == "place")
    digits = whole.lstrip("0").rjust(least_whole, "0")
    out, left, seen = "", digits, 0
    for kind, sign in reversed(section.before):
        if kind == "literal":
            out = sign + out
        elif kind == "place":
            seen += 1
            take = left if seen == places else left[-1:]
            left = "" if seen == places else left[:-1]
            out = take + out
    for kind, sign in section.after:
        if kind == "literal":
            out += sign
        elif kind == "point":
            out += "." if decimals else ""
        elif kind == "place":
            out, decimals = out + decimals[:1], decimals[1:]
    return out


def _general(value: float) -> str:
    text = f"{value:.10g}" if value < _WHOLE else f"{value:.0f}"
    if "e" in text:
        text = f"{value:.0f}" if value >= 1 else f"{value:.10f}".rstrip("0").rstrip(".")
    return text


@lru_cache(maxsize=512)
def _sections(number_format: str) -> tuple[_Section, ...]:
    parts, start = [], 0
    for found in _TOKEN.finditer(number_format):
        if found["sign"] == ";":
            parts.append(number_format[start : found.start()])
            start = found.end()
    parts.append(number_format[start:])
    return tuple(_section(part) for part in parts[:4])


def _section(text: str) -> _Section:
    before: list[tuple[str, str]] = []
    after: list[tuple[str, str]] = []
    condition, commas, percent = None, 0, 0
    plain, is_text, places = False, False, 0
    for found in _TOKEN.finditer(text):
        side = after if after else before
        kind = found.lastgroup
        if kind in {"quoted", "escaped", "sign"}:
            side.append(("literal", found[kind]))
        elif kind == "bracket":
            if told := _CONDITION.fullmatch(found[kind].strip()):
                condition = (told[1], float(told[2]))
            elif found[kind].startswith("$"):
                side.append(("literal", found[kind][1:].partition("-")[0]))
        elif kind == "general":
            plain = True
            side.append(("text", ""))
        elif kind == "text":
            is_text = plain = True
            side.append(("text", ""))
        elif kind == "place":
            places, commas = places + 1, 0
            side.append(("place", found[kind]))
        elif kind == "point":
            after.append(("point", ""))
        elif kind == "comma":
            commas += bool(places)
        elif kind == "percent":
            percent += 1
            side.append(("literal", "%"))
        elif kind in {"power", "fraction"} and places:
            return _Section((("text", ""),), (), condition, 0, 0, True, False)
        elif kind == "fraction":
            side.append(("literal", "/"))
    only_words = not plain and not places
    return _Section(tuple(before), tuple(after), condition, commas, percent, plain and not only_words, is_text)
