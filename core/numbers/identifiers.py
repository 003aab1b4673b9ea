"""Runs of letters and digits that are no figures: model, telephone and document numbers, dates, ratios."""

from __future__ import annotations

from core.numbers.numeral import arabic
from core.numbers.units import ENGLISH, YUAN_BEFORE

_JOINS = frozenset("-./:#_×*@,")
_SIGNS = (*YUAN_BEFORE, "usd", "eur", "hkd", "us", "hk", "nt", "jpy", "gbp")
_LETTERS = frozenset(
    {
        "",
        "w",
        "k",
        "kw",
        "mw",
        "m",
        "kg",
        "mm",
        "cm",
        "km",
        "rmb",
        "cny",
        "usd",
        "yuan",
        "eur",
        "hkd",
        "staff",
        "people",
        "employees",
        "workers",
        "percent",
        *ENGLISH,
    }
)
"""What may follow a figure without a space; other letters make a name of it (5G, 3D, 2B)."""
_TELEPHONE = (3, 4, 4)
_LARGE = frozenset("万亿")


def identifier(text: str, at: int) -> int:
    """Where a run that is no figure ends (ISO9001, 138-1234-5678, 2026-11-29, 1:10, 〔2023〕); 0 for a figure."""
    end = at
    while end < len(text) and (_plain(text, end) or (text[end] in _JOINS and _plain(text, end + 1))):
        end += 1
    run = text[at:end]
    if run[0].isalpha():
        sign = next((word for word in _SIGNS if run.startswith(word)), "")
        letters = len(run) - len(run.lstrip("abcdefghijklmnopqrstuvwxyz"))
        if text[end : end + 1] in _LARGE and run[letters:].replace(".", "").isdigit():
            return at + letters  # MES30万 is a name and a sum, not a model number
        return at + len(sign) if sign and run[len(sign) : len(sign) + 1].isdigit() else end
    if telephone := _telephone(text, at):
        return telephone
    figure_end = arabic(text, at)
    if text[at - 1 : at] in {"〔", "×", "^"} or _is_name(text, at, figure_end, end):
        return end
    return 0 if _known_letters(text, figure_end) else end


def _plain(text: str, at: int) -> bool:
    c = text[at : at + 1]
    return c.isascii() and c.isalnum()


def _is_name(text: str, at: int, figure_end: int, end: int) -> bool:
    """Whether a run that begins with digits is a code, a date, a ratio or badly grouped, by its shape."""
    first, joins = text[at:figure_end], [c for c in text[figure_end:end] if c in _JOINS]
    if first[0] == "0" and len(first) > 1 and first[1] != ".":
        return True
    if joins.count("-") > 1 or joins.count("/") > 1 or (joins and joins[0] in ":#×*_@.,"):
        return True
    if text[figure_end : figure_end + 1] == "：" and text[figure_end + 1 : figure_end + 2].isdigit():
        return True
    if at > 1 and text[at - 1] == "：" and text[at - 2].isdigit():
        return True
    return len(first) >= 11 and first.isdigit() and not text.startswith(("元", "块", "人民币"), figure_end)


def _telephone(text: str, at: int) -> int:
    """Where 138 1234 5678 ends; 0 for anything else."""
    end = at
    for n, digits in enumerate(_TELEPHONE):
        end += bool(n) and text[end : end + 1] == " "
        group = text[end : end + digits]
        if len(group) != digits or not (group.isascii() and group.isdigit()):
            return 0
        end += digits
    return end if text[at] == "1" and not text[end : end + 1].isdigit() else 0


def _known_letters(text: str, at: int) -> bool:
    """Whether letters right after a figure are a scale or a unit, so that it is no model name."""
    end = at
    while end < len(text) and text[end].isascii() and text[end].isalpha():
        end += 1
    word = text[at:end]
    if word not in _LETTERS:
        return False
    digits = end > at and text[end : end + 1].isdigit()
    return not digits or (word in {"w", "k"} and not text[end + 1 : end + 2].isdigit())
