"""A figure at a place of a folded text: its numeral, and what makes it rough or a pair (三千多万, 十几, 三四十, 半个亿)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from core.numbers.numeral import CHINESE, DIGITS, LARGE, LATIN, SCALES, SMALL, TENS, arabic, read_number
from core.numbers.units import DURATIONS, ENGLISH, MEASURES

_INFIX = "多来余几把"
_HEADINGS = frozenset({"人数", "户数", "总数", "台数", "次数"})
"""Whose 数 is the end of a word: 人数十八 is eighteen people, not some dozens."""
_AFTER_M = (" rmb", " yuan", " cny", " usd", " eur", "rmb", "元", " of revenue")
_COUNTED_BY_ONE = frozenset(
    word[0] for word in (*MEASURES, *DURATIONS) if word[0] not in CHINESE | {"人"} and not word.isascii()
)
_TIMES = ("年", "个月", "个季度", "期", "级")
"""What a digit behind 万 or 亿 counts on its own: 贷1000万|三年."""
_BARE = ("百", "千", "万", "亿")
"""Scales that begin a figure only with a word that makes it rough (近百, 千把, 上万): 千万 alone is also “by all means”."""


@dataclass(frozen=True)
class Figure:
    """A numeral without its unit. core: its characters, plain; mark: 多 来 几 pair half, or empty; suffix: w, k or an English scale.

    bare: begins with a scale alone (百, 千万). nan stands for a figure that can be read in two ways.
    """

    start: int
    end: int
    core: str
    low: float
    high: float
    nominal: float
    mark: str = ""
    suffix: str = ""
    bare: bool = False
    unusual: bool = False
    sure: bool = True

    @property
    def western(self) -> bool:
        return self.core[:1].isascii()

    @property
    def large(self) -> bool:
        """Whether it is told in 万 or 亿, or an English scale above a thousand."""
        return any(scale in self.core for scale in LARGE) or self.suffix in {
            "w",
            "million",
            "mn",
            "mln",
            "billion",
            "bn",
        }

    @property
    def scaled(self) -> bool:
        return self.large or bool(self.suffix) or any(scale in self.core for scale in SMALL)

    @property
    def single(self) -> bool:
        """Whether it is one Chinese digit, which is more often part of a word."""
        return len(self.core) == 1 and self.core in DIGITS

    def step(self, upto: int | None = None) -> float:
        """The place of the last digit that is not nought (before `upto`), in the figure's own scale."""
        plain = read_number(self.core) or 1.0
        return place(self.core, len(self.core) if upto is None else upto, plain) * (self.nominal / plain)

    @property
    def chain(self) -> float:
        """What a single figure is multiplied with: 1e7 for 5千万, 1e4 for 3000万, 1 for 3千2百万."""
        head = self.core.rstrip("".join(SCALES))
        if not head or any(c in SCALES for c in head) or (not self.western and len(head) > 1 and "点" not in head):
            return 1.0
        return math.prod(SCALES[c] for c in self.core[len(head) :])


def figure(text: str, start: int) -> Figure | None:
    """The figure that begins at `start` of a folded lower-case text."""
    if halved := _half(text, start):
        return halved
    core, infix, inside, end = _run(text, start)
    if not core:
        return _some(text, start)
    suffix = ""
    if core[-1].isdigit() and core.isascii():
        end, core, suffix = _latin(text, end, core)
    elif text[end - 1 : end] == "w":
        suffix = "w"
    bare = core[0] in _BARE
    found = Figure(start, end, core, 0, 0, 0, infix, suffix, bare)
    scale = float(ENGLISH.get(suffix, 1))
    value = read_number(core)
    if value is None:
        return _pair(found, scale)
    if text[end : end + 1] == "几" and not infix and core[-1] in SCALES and (some := _some(text, end)):
        return _and_some(found, value, some)
    value *= scale
    found = replace(found, low=value, high=value, nominal=value, unusual=_unusual(text[start:end], core, suffix))
    if bare and len(core) > 2 and core[1] in DIGITS:
        return replace(found, low=value / 2, high=value, sure=False, unusual=True)
    return rough(found, infix, found.step(inside)) if infix else found


def _run(text: str, start: int) -> tuple[str, str, int, int]:
    """(characters of a numeral, the rough mark inside it, where in the characters it stands, where the run ends)."""
    core, infix, place, at = "", "", 0, start
    while at < len(text):
        c, ahead = text[at], text[at + 1 : at + 2]
        if (end := arabic(text, at)) > at:
            if core and (core[-1].isascii() or (core[-1] in LARGE and text.startswith((*DURATIONS, *_TIMES), end))):
                break
            core, at = core + text[at:end].replace(",", "").replace(" ", ""), end
        elif c in CHINESE and c.isascii() is False:
            counted = core[-1:] in LARGE and c in DIGITS and text.startswith(_TIMES, at + 1)
            if (
                (core.isascii() and core and c in DIGITS)
                or (c == "一" and core[-1:] in _BARE and _one_of(text, at + 1))
                or (core and counted)
            ):
                break
            core, at = core + c, at + 1
        elif c == "w" and core[-1:] in {*SMALL, *DIGITS} and not (ahead.isascii() and ahead.isalnum()):
            core, at = core + "万", at + 1
        elif (
            c == "点" and core and core[-1] not in SCALES and "点" not in core and (ahead in DIGITS or ahead.isdigit())
        ):
            core, at = core + c, at + 1
        elif (c == " " and core and core[-1].isdigit() and core[-1].isascii() and ahead in SCALES and ahead) or (
            c == "个" and core and (ahead in LARGE or (ahead in "多来" and text[at + 2 : at + 3] in LARGE)) and ahead
        ):
            at += 1
        elif c in _INFIX and core and not infix and _scale_follows(text, at + 1):
            if c == "几" and core[-1] not in {"十", "0"}:
                break
            infix, place, at = c, len(core), at + (2 if ahead == "个" else 1)
        else:
            break
    return core, infix, place, at


def _one_of(text: str, at: int) -> bool:
    """Whether 一 before this place counts what follows rather than ending a numeral: 20万|一年, 3万|一台; 一百一十 goes on."""
    return text[at : at + 1] in _COUNTED_BY_ONE and text[at : at + 1] != ""


def _scale_follows(text: str, at: int) -> bool:
    at += text.startswith("个", at)
    return text[at : at + 1] in SCALES and bool(text[at : at + 1])


def _latin(text: str, end: int, core: str) -> tuple[int, str, str]:
    """What Latin letters scale a Western figure: 3w, 3w5, 30k, 30 million."""
    c, ahead = text[end : end + 1], text[end + 1 : end + 2]
    if c in LATIN and c and not (ahead.isascii() and ahead.isalpha()):
        if ahead.isdigit() and text.startswith((*DURATIONS, *_TIMES), arabic(text, end + 1)):
            return end + 1, core + c, c  # 10w2年: the digit counts the years
        if ahead.isdigit() and not (text[end + 2 : end + 3].isascii() and text[end + 2 : end + 3].isalnum()):
            return end + 2, f"{core}{c}{ahead}", c
        return (end, core, "") if ahead.isascii() and ahead.isdigit() else (end + 1, core + c, c)
    if (
        c == "m"
        and not (ahead.isascii() and ahead.isalnum())
        and (text.startswith(_AFTER_M, end + 1) or _signed(text, end))
    ):
        return end + 1, core, "million"
    at = end + (c == " ")
    word = next((w for w in ENGLISH if text.startswith(w, at)), "")
    after = text[at + len(word) : at + len(word) + 1]
    return (at + len(word), core, word) if word and not (after.isascii() and after.isalpha()) else (end, core, "")


def _signed(text: str, end: int) -> bool:
    """Whether a currency stands before the Western figure that ends here: RMB 30m."""
    start = end
    while start and (text[start - 1].isdigit() or text[start - 1] in ",. "):
        start -= 1
    return text[:start].endswith(("rmb", "cny", "usd", "eur", "¥", "$", "€", "£"))


def _half(text: str, start: int) -> Figure | None:
    """半个亿, 半亿, 一个半亿, 两亿半, 个把亿."""
    for words, low, high in (("半个", 0.5, 0.5), ("半", 0.5, 0.5), ("个把", 1.0, 2.0)):
        scale = text[start + len(words) : start + len(words) + 1]
        if text.startswith(words, start) and scale in LARGE and scale:
            end = start + len(words) + 1
            sure = low == high and text[start - 1 : start] not in {"大", "小", "多", "一"}
            ends = low * LARGE[scale], high * LARGE[scale]
            return Figure(start, end, scale, *ends, ends[0], "half", unusual=True, sure=sure)
    end = start
    while text[end : end + 1] in DIGITS or text[end : end + 1].isdigit():
        end += bool(text[end : end + 1])
        if end >= len(text):
            break
    if end > start and text.startswith("个半", end) and (scale := text[end + 2 : end + 3]) in LARGE and scale:
        value = ((read_number(text[start:end]) or math.nan) + 0.5) * LARGE[scale]
        return Figure(start, end + 3, text[start:end] + scale, value, value, value, "half", unusual=True)
    if end > start and (scale := text[end : end + 1]) in LARGE and text.startswith("半", end + 1):
        value = ((read_number(text[start:end]) or math.nan) + 0.5) * LARGE[scale]
        return Figure(start, end + 2, text[start:end] + scale, value, value, value, "half", unusual=True)
    return None


def _some(text: str, start: int) -> Figure | None:
    """几十, 几百万, 数千: only the size is told, so it is never sure."""
    if text[start : start + 1] not in {"几", "数"} or text[start - 1 : start + 1] in _HEADINGS:
        return None
    end = (
        start
        + 1
        + (text[start + 1 : start + 2] == "个" and text[start + 2 : start + 3] in LARGE and start + 2 < len(text))
    )
    while text[end : end + 1] in SCALES and end < len(text):
        end += 1
    scale = read_number(text[start + 1 : end].lstrip("个")) if end > start + 1 else None
    return (
        None
        if scale is None
        else Figure(
            start,
            end,
            text[start + 1 : end].lstrip("个"),
            2 * scale,
            9 * scale,
            math.nan,
            "几",
            unusual=True,
            sure=False,
        )
    )


def _and_some(found: Figure, value: float, some: Figure) -> Figure:
    """三百几十, 一千几百万: the first figure is sure, the rest lies between one and nine of its place."""
    scale = read_number(some.core.rstrip("万亿")) or 1.0
    large = (read_number(some.core) or scale) / scale
    low, high, middle = ((value + n * scale) * large for n in (1, 9, 5))
    return replace(
        found,
        end=some.end,
        core=found.core + some.core.lstrip("十百千"),
        low=low,
        high=high,
        nominal=middle,
        mark="几",
        unusual=True,
    )


def _pair(found: Figure, scale: float) -> Figure | None:
    """Two neighbouring digits are a range (三四十, 十七八, 三五百万); what is not that cannot be read in one way."""
    core = found.core
    at = next((n for n in range(len(core) - 1) if _neighbours(core[n], core[n + 1])), None)
    if at is not None:
        low, high = read_number(core[: at + 1] + core[at + 2 :]), read_number(core[:at] + core[at + 1 :])
        if low is not None and high is not None and low < high:
            return replace(
                found, low=low * scale, high=high * scale, nominal=(low + high) / 2 * scale, mark="pair", unusual=True
            )
    if not any(c in SCALES or c.isdigit() for c in core):
        return None
    return replace(found, low=math.nan, high=math.nan, nominal=math.nan, sure=False, unusual=True)


def _neighbours(first: str, second: str) -> bool:
    if first not in DIGITS or second not in DIGITS or not DIGITS[first]:
        return False
    return DIGITS[second] - DIGITS[first] == 1 or (first, second) == ("三", "五")


def place(core: str, upto: int, value: float) -> float:
    """What one more of the last digit before `upto` that is not nought adds: 1e7 for 三千|万, 10 for 320; all of it for 百 alone."""
    for at in range(upto - 1, -1, -1):
        digit = DIGITS.get(core[at], int(core[at]) if core[at].isascii() and core[at].isdecimal() else 0)
        if not digit:
            continue
        other = digit - 1 if digit == 9 else digit + 1
        new = "零一二三四五六七八九"[other] if core[at] in DIGITS else str(other)
        changed = read_number(core[:at] + new + core[at + 1 :])
        return value if changed is None else abs(changed - (read_number(core) or 0.0))
    return value


def rough(found: Figure, mark: str, step: float) -> Figure:
    """A figure made rough by 多, 余, 几 (up to the next one in its place) or 来, 把 (a tenth around it). step: that place."""
    if not found.sure or not math.isfinite(found.nominal):
        return found
    value = found.nominal
    if mark in {"来", "把"}:
        spread = 0.1 * value
        return replace(found, low=value - spread, high=value + spread, mark=mark, unusual=True)
    nominal = value + step / 2 if mark == "几" else value
    low = value + step / 10 if mark == "几" else value
    return replace(
        found,
        low=low,
        high=value + 0.99 * step if mark != "几" else value + 0.9 * step,
        nominal=nominal,
        mark=mark,
        unusual=True,
    )


def _unusual(words: str, core: str, suffix: str) -> bool:
    """Whether a numeral is written so that it is easily read wrong: mixed, in speech's short form, with letters or spaces."""
    scales = [c for c in core if c in SCALES]
    mixed = any(c.isdigit() for c in core) and (
        len(scales) > 1 and core.rstrip("".join(SCALES)) != core[: -len(scales)]
    )
    short = len(core) > 1 and core[-1] not in SCALES and SCALES.get(core[-2], 0) >= 100
    return bool(
        mixed
        or short
        or suffix in LATIN
        or any(a.isdigit() and b == " " and c.isdigit() for a, b, c in zip(words, words[1:], words[2:], strict=False))
        or any(c in TENS for c in core)
    )
