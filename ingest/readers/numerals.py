"""Numbers as Word writes them before paragraphs: 十二, 壹拾贰, XII, ⑫, 乙, aa (ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_FORMAL_KINDS = ("chineseLegal", "ideographLegal", "japaneseLegal")
_CHINESE_KINDS = ("chinese", "japaneseCounting", "ideographDigital", "taiwanese")


def shown(number: int, kind: str) -> str:
    """A number in one of Word's formats; in plain figures where the format is not known, or ends before it."""
    if kind.startswith(_FORMAL_KINDS):
        return _counted(number, _FORMAL, "拾佰", "壹拾")
    if kind.startswith(_CHINESE_KINDS):
        return chinese(number)
    if kind in {"lowerLetter", "upperLetter"} and number > 0:
        letters = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in {"lowerRoman", "upperRoman"} and 1 <= number < 400:
        roman = _roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    if kind.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x245F + number)
    if kind == "ideographEnclosedCircle" and 1 <= number <= 10:
        return chr(0x327F + number)
    if kind == "ideographTraditional" and 1 <= number <= len(_STEMS):
        return _STEMS[number - 1]
    if kind == "ideographZodiac" and 1 <= number <= len(_BRANCHES):
        return _BRANCHES[number - 1]
    if kind.startswith("decimalFullWidth"):
        return str(number).translate(_FULL_WIDTH)
    return f"{number:02}" if kind == "decimalZero" else str(number)


def chinese(number: int) -> str:
    """1-999 as 一 to 九百九十九."""
    return _counted(number, _DIGITS, "十百", "十")


def _counted(number: int, digits: str, places: str, ten: str) -> str:
    """A number below a thousand in these digits. ten: how the tens of 10 to 19 begin."""
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    out = digits[hundreds] + places[1] if hundreds else ""
    if tens:
        out += ten if tens == 1 and not hundreds else digits[tens] + places[0]
    elif hundreds and ones:
        out += digits[0]
    return out + (digits[ones] if ones else "")


def _roman(number: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        while number >= value:
            out, number = out + sign, number - value
    return out
