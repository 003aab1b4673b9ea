"""One numeral, however it is written: 1,900, 3千2百50万, 壹佰贰拾, 一点二亿, 两百五, 3w."""

from __future__ import annotations

from dataclasses import dataclass

from core.numbers.script import fold

DIGITS = {c: value for value, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
TENS = {"廿": 20, "卅": 30, "卌": 40}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
LATIN = {"w": 10**4, "k": 10**3}
SCALES = SMALL | LARGE
CHINESE = frozenset(DIGITS) | frozenset(TENS) | frozenset(SCALES)


@dataclass(frozen=True)
class Part:
    """A piece of a numeral. kind: figure (digits: how many, 0 for one with a decimal), chinese (one digit), scale, zero, point."""

    kind: str
    value: float
    digits: int = 1


def read_number(words: str) -> float | None:
    """Read one numeral; None where the words are none, or may be two different numbers.

    A last digit counts in the next lower unit, as in speech: 两百五 = 250, 一万二 = 12000. What is unclear stays unread: 1亿2000, 三五.
    """
    text = fold(words).strip().lower()
    negative = text[:1] in {"-", "负"} and len(text) > 1
    text = text[1:].lstrip() if negative else text
    if len(text) > 2 and "个" in text[1:-1] and text[text.index("个") + 1] in LARGE:
        text = text.replace("个", "", 1)
    parts = _parts(text)
    value = None if parts is None else _value(parts)
    return -value if negative and value is not None else value


def arabic(text: str, start: int) -> int:
    """Where the Western figure that begins at `start` ends: 1,900.5, 50 000; `start` where none does."""
    end = start
    while end < len(text) and text[end].isascii() and text[end].isdigit():
        end += 1
    if end == start:
        return start
    for mark in ", ":
        grouped = end
        while end - start <= 3 and text[grouped : grouped + 1] == mark and _three_digits(text, grouped + 1):
            grouped += 4
        if grouped != end:
            end = grouped
            break
    if text[end : end + 1] == "." and text[end + 1 : end + 2].isascii() and text[end + 1 : end + 2].isdigit():
        end += 1
        while end < len(text) and text[end].isascii() and text[end].isdigit():
            end += 1
    return end


def _three_digits(text: str, at: int) -> bool:
    group = text[at : at + 3]
    return len(group) == 3 and group.isascii() and group.isdigit() and not text[at + 3 : at + 4].isdigit()


def _parts(text: str) -> list[Part] | None:
    parts, at = list[Part](), 0
    while at < len(text):
        c = text[at]
        if (end := arabic(text, at)) > at:
            figure = text[at:end].replace(",", "").replace(" ", "")
            parts.append(Part("figure", float(figure), 0 if "." in figure else len(figure)))
            at = end
            continue
        if c in DIGITS:
            parts.append(Part("chinese" if DIGITS[c] else "zero", DIGITS[c]))
        elif c in TENS:
            parts += [Part("chinese", TENS[c] // 10), Part("scale", 10)]
        elif c in SCALES or c in LATIN:
            parts.append(Part("scale", (SCALES | LATIN)[c]))
        elif c == "点":
            parts.append(Part("point", 0))
        elif c != " " or not parts or text[at + 1 : at + 2] not in (SCALES | LATIN):
            return None
        at += 1
    return parts or None


def _value(parts: list[Part]) -> float | None:
    """The value of a numeral's pieces: split at 亿, then at 万, then summed."""
    for scale in (10**8, 10**4):
        at = next((n for n, part in enumerate(parts) if part.kind == "scale" and part.value == scale), None)
        if at is None:
            continue
        head = _value(parts[:at]) if at else 1.0
        tail = _tail(parts[at + 1 :], scale)
        if head is None or tail is None or (tail and head != int(head)):
            return None
        return float(round(head * scale + tail, 6))
    return _section(parts)


def _tail(parts: list[Part], scale: int) -> float | None:
    """What follows 亿 or 万: one digit counts in the next lower unit; Western digits are clear only if they fill the places."""
    if not parts:
        return 0.0
    if parts[0].kind == "scale" and parts[0].value >= 10**4:
        return None
    if len(parts) == 1 and parts[0].kind in {"chinese", "figure"} and parts[0].digits == 1:
        return parts[0].value * scale / 10
    if len(parts) == 1 and parts[0].kind == "figure" and 10 ** parts[0].digits != scale:
        return None
    value = _value(parts)
    return value if value is not None and value < scale and parts[-1].kind != "point" else None


def _section(parts: list[Part]) -> float | None:
    """A numeral without 万 and 亿: 三百零五, 3千2百50, 二〇二四, 七十三点八."""
    point = next((n for n, part in enumerate(parts) if part.kind == "point"), None)
    if point is not None:
        return _decimal(parts[:point], parts[point + 1 :])
    if all(part.kind in {"chinese", "zero"} for part in parts):
        return _spelt(parts)
    total, number, last, zero = 0.0, None, 0.0, False
    for n, part in enumerate(parts):
        if part.kind == "scale":
            if (last and part.value >= last) or (number is None and n and not zero and part.value != 10):
                return None
            total += (1.0 if number is None else number) * part.value
            number, last, zero = None, part.value, False
        elif part.kind == "zero":
            if number is not None:
                return None
            zero = True
        elif number is not None or (part.kind == "figure" and last and not part.digits):
            return None
        else:
            number = part.value
    return total if number is None else _ended(total, number, parts[-1], last, zero)


def _ended(total: float, number: float, part: Part, last: float, zero: bool) -> float | None:
    """The sum with its last digits: in the next lower unit after 百 and 千 (两百五), as they stand after 十 or 零."""
    if not last or last == 10 or zero:
        return total + number if not last or number < last else None
    if part.kind == "chinese" or part.digits == 1:
        return total + number * last / 10
    return total + number if 10**part.digits == last else None


def _decimal(whole: list[Part], rest: list[Part]) -> float | None:
    """一点二, 三点五千: digits after the point, then scales."""
    digits = 0
    while digits < len(rest) and rest[digits].kind in {"chinese", "zero", "figure"}:
        digits += 1
    if not whole or not digits or any(part.kind == "point" for part in rest):
        return None
    if any(part.kind == "figure" for part in rest[:digits]):
        if digits > 1 or not rest[0].digits:
            return None
        fraction = f"{int(rest[0].value):0{rest[0].digits}d}"
    else:
        fraction = "".join(str(int(part.value)) for part in rest[:digits])
    number = _section(whole)
    if rest[digits:] and rest[digits].value == 10:  # 三点五十 is a time of day
        return None
    if number is None or number != int(number) or any(part.kind != "scale" for part in rest[digits:]):
        return None
    scale = 1.0
    for part in rest[digits:]:
        scale *= part.value
    return float(round(float(f"{int(number)}.{fraction}") * scale, 6))


def _spelt(parts: list[Part]) -> float | None:
    """Digits said one by one: 二〇二四; two without a zero may as well be “three or five”."""
    if len(parts) == 2 and all(part.value for part in parts):
        return None
    return float("".join(str(int(part.value)) for part in parts))
