"""What a figure measures, by what stands right around it: currency, people, share, time, measure word."""

from __future__ import annotations

from dataclasses import dataclass

from core.numbers.figure import Figure
from core.numbers.numeral import CHINESE, read_number
from core.numbers.units import (
    DURATIONS,
    FOREIGN,
    MEASURES,
    NOT_PERSONS,
    PEOPLE_MEASURES,
    PERSONS,
    POWERS,
    YUAN,
    YUAN_BEFORE,
    ends_with,
    starts_with,
)

_MEASURES = tuple(sorted(MEASURES, key=len, reverse=True))
_FOREIGN = tuple(sorted(FOREIGN, key=len, reverse=True))
_NOT_TENTHS = tuple("立本员品功为都熟果长交套绩型因分份千百万")
"""After 成, these make another word of it: 成立, 成本, 成品."""
_HEADS = {
    unit: tuple(
        f"{left}{unit}{right}{colon}" for left, right in (("(", ")"), ("（", "）")) for colon in ("", ":", "：")
    )
    for unit in ("亿元", "万元", "元")
}
"""Units that a form or a table gives before the figure: 营业收入（万元）：3,250."""
_WIDE = frozenset(
    "，。；：？！、（）,;:?!()[]【】“”\"'《》…\n\t 的了吧呢吗啊左上下多来出+~-—到至以及和与或就也才是算，/"
)
"""What may follow “3000w” where it stands for 3000万; a noun there (3000w电机) makes it watts."""


@dataclass(frozen=True)
class Measure:
    """A kind of quantity with what one unit of the figure is worth in that kind's own unit. end: where its words end. more: what 半, 角, 分 add."""

    kind: str
    end: int
    unit: str = ""
    factor: float = 1.0
    marked: bool = False
    sure: bool = True
    more: float = 0.0


def before(text: str, start: int) -> tuple[int, str, str]:
    """(start, kind, unit) with a currency sign that stands before a figure: RMB 30,000,000; US$3.5."""
    end = start - 1 if text[start - 1 : start] == " " else start
    if sign := ends_with(text, end, _FOREIGN):
        return end - len(sign), "foreign", FOREIGN[sign]
    if sign := ends_with(text, end, YUAN_BEFORE):
        return end - len(sign), "money", "元"
    if unit := next((unit for unit, heads in _HEADS.items() if ends_with(text, end, heads)), ""):
        return start, "column", unit
    return start, "", ""


def measure(text: str, at: int, found: Figure, sign: str = "", currency: str = "") -> Measure | None:
    """What the figure that ends before `at` measures. sign, currency: from `before`; None where it is part of a word."""
    space = at + (text[at : at + 1] == " ")
    hit = (
        _share(text, space, found)
        or _money(text, space, found, sign, currency)
        or _time(text, space, found)
        or _people(text, space)
        or _power(text, space)
        or _counted(text, space)
    )
    if hit is not None:
        return hit
    if sign == "column" and not found.scaled:
        return Measure("money", at, "元", {"元": 1e-4, "万元": 1.0, "亿元": 1e4}[currency], True)
    sign = "" if sign == "column" else sign
    if found.large and (per := _each(text, at)):
        return Measure("price", per, "元", 1.0, False)
    if found.large or sign:
        return Measure("money", at, "", 1e-4, bool(sign), _clear(text, at, found))
    if found.single or found.bare or found.core == "十":
        return None
    return Measure("number", at, "", 1.0, sure=found.suffix != "k")


def _share(text: str, at: int, found: Figure) -> Measure | None:
    for words, kind, factor in (
        ("个百分点", "points", 1.0), ("百分点", "points", 1.0), ("个点", "points", 1.0), ("percent", "share", 1.0), ("%", "share", 1.0), ("‰", "share", 0.1),
    ):  # fmt: skip
        if text.startswith(words, at):
            return Measure(kind, at + len(words), "%", factor)
    if (
        text.startswith("成", at)
        and 0 < found.nominal <= 10
        and not text.startswith(_NOT_TENTHS, at + 1)
        and not found.large
    ):
        half = text.startswith("半", at + 1)
        return Measure("share", at + 1 + half, "%", 10.0, more=5.0 * half)
    if text.startswith("倍", at):
        half = text.startswith("半", at + 1)
        return Measure("times", at + 1 + half, "倍", 1.0, more=0.5 * half)
    if found.core == "一" and text.startswith("半", at):
        return Measure("share", at + 1, "%", 50.0)
    return None


def _money(text: str, at: int, found: Figure, sign: str, currency: str) -> Measure | None:
    abroad = starts_with(text, at, _FOREIGN)
    home = starts_with(text, at, YUAN)
    if home in YUAN_BEFORE and _leads(text, at + len(home)):
        home = ""
    if sign == "foreign" or (abroad and len(abroad) >= len(home)):
        return Measure("foreign", at + len(abroad), FOREIGN.get(abroad, currency), 1e-4, True)
    if not home and sign != "money":
        return None
    if (
        found.single
        and found.core in "一二两三"
        and home == "块"
        and text[at + 1 : at + 2] not in {"", "钱", "，", "。", "/"}
    ):
        return None
    end = at + len(home) if home else at
    extra, end = _change(text, end) if home in {"元", "块"} else (0.0, end)
    if per := _each(text, end):
        return Measure("price", per, "元", 1.0, True, more=extra)
    return Measure("money", end, "元", 1e-4, True, more=extra * 1e-4)


def _leads(text: str, at: int) -> bool:
    """Whether a word is the heading of the figure that follows: 人民币500万, 员工85个."""
    after = text[at : at + 1] if text[at : at + 1] not in {" ", ":", "：", "约", "共"} else text[at + 1 : at + 2]
    return after.isdigit() or (after in CHINESE and bool(after))


def _change(text: str, at: int) -> tuple[float, int]:
    """(yuan, end) of jiao and fen after a sum: 叁元伍角贰分."""
    more, end = 0.0, at
    for mark, worth in (("角", 0.1), ("毛", 0.1), ("分", 0.01)):
        digit = read_number(text[end : end + 1])
        if digit is not None and text[end + 1 : end + 2] == mark:
            more, end = more + digit * worth, end + 2
    return more, end


def _each(text: str, at: int) -> int:
    """Where “/台”, “每人”, “一台” after a sum ends: it is then the price of one; 0 where there is none."""
    space = at + (text[at : at + 1] == " " and text[at + 1 : at + 2] != "一")
    if text[space : space + 1] in {"/", "每", "一"} and text[space : space + 1]:
        if text.startswith("年", space + 1):  # a sum of a year stays a sum
            return 0
        if hit := starts_with(text, space + 1, (*_MEASURES, *DURATIONS, "人", "次")):
            return space + 1 + len(hit)
        if text[space] == "/":
            return space + 2
    return 0


def _time(text: str, at: int, found: Figure) -> Measure | None:
    words = starts_with(text, at, DURATIONS)
    if text.startswith("月", at) and found.nominal <= 12 and not found.scaled | (found.mark != ""):
        return Measure("date", at + 1, "月")
    if text.startswith(("日", "号"), at) and text[found.start - 1 : found.start] == "月":
        return Measure("date", at + 1, "日")
    if text.startswith(("点", "时"), at) and found.nominal <= 24 and not text.startswith(("点位", "时代"), at):
        return Measure("date", at + 1, "时")
    if words == "年":
        return _year(text, at, found)
    if words and not (words.isascii() and text[at + len(words) : at + len(words) + 1].isalpha()):
        return Measure("duration", at + len(words), DURATIONS[words], more=0.5 * (words == "个半月"))
    return None


def _year(text: str, at: int, found: Figure) -> Measure:
    digits = len(found.core)
    if digits == 4 and 1900 <= found.nominal <= 2100 and not found.mark:
        return Measure("date", at + 1, "年")
    half = text.startswith("半", at + 1)
    return Measure(
        "duration",
        at + 1 + half,
        "年",
        more=0.5 * half,
        sure=not (digits == 2 and 10 < found.nominal < 40 and found.western),
    )


def _people(text: str, at: int) -> Measure | None:
    end = at
    if text[end : end + 1] in PEOPLE_MEASURES + "个" and text[end : end + 1]:
        end += 1
        if text[end : end + 1] in "来多把" and text[end : end + 1]:
            end += 1
    if text.startswith("号", at) and not text.startswith(PERSONS, end):
        return None
    word = starts_with(text, end + (text[end : end + 1] == " "), PERSONS)
    if word and word != "人" and _leads(text, end + (text[end : end + 1] == " ") + len(word)):
        return None
    ends = text[end + 2 : end + 3]
    effort = text.startswith(("人年", "人月", "人天", "人日"), at) and (not ends.isalpha() or ends in {"的", "工"})
    if not word or effort or text.startswith(NOT_PERSONS, end):
        return (
            Measure("people", end, "人")
            if text[at : at + 1] in {"名", "位"}
            and text[at : at + 1]
            and end == at + 1
            and not text[end : end + 1].isalpha()
            else None
        )
    end += len(word) + (text[end : end + 1] == " ")
    after = text[end : end + 1]
    return None if word.isascii() and after.isascii() and after.isalpha() else Measure("people", end, "人")


def _power(text: str, at: int) -> Measure | None:
    for words, factor in POWERS.items():
        if text.startswith(words, at):
            end = at + len(words)
            after = text[end : end + 1]
            if words.isascii() and after.isascii() and after.isalpha():
                continue
            return Measure("power", end, "kW", factor, sure=words != "kw" or not (not after or after in _WIDE))
    return None


def _counted(text: str, at: int) -> Measure | None:
    word = starts_with(text, at, _MEASURES)
    if word == "个" and text.startswith("把", at + 1):
        return None
    after = text[at + len(word) : at + len(word) + 1]
    if not word or (word.isascii() and after.isascii() and after.isalnum()):
        return None
    return Measure("count", at + len(word), word, sure=word != "兆")


def _clear(text: str, at: int, found: Figure) -> bool:
    """Whether a sum without a currency is one beyond doubt: “3000w” before a noun may be watts, a small k thousand of anything."""
    after = text[at : at + 1]
    return found.suffix != "w" or not after or after in _WIDE
