"""Wording that holds only on the day of writing: what is stored is read on other days, so it must not say 目前 or 已到期."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

HINT = "写绝对日期，例如“有效期到2026-12-31”；有没有效按提问那天算"
_RELATIVE = re.compile(
    r"今天|今日|昨天|明天|眼下|目前|当前|如今|迄今|至今|今年|(?<![注写标说表])明年(?!份)|后年|本月|这个月|[上下]个?月(?=[^\u4e00-\u9fff]|底|初|起|前|截|到|的|$)"
    r"|还有\d+[天日]|还剩|只剩[^，。；]{0,6}[天月]|(?<!有)(?:仍|还)(?:然)?(?:有效|在[^，。；]{0,4}期内)|按到期"
    r"|(?<![出实表体呈])现在(?=还|仍|已|按|有|执行|能|不能|用的|没|开始|最|都|看)(?!有的|用)|近期|即将|(?:马上|赶紧|尽快)(?:问|报|申)"
    r"|(?:试点期|有效期|窗口|期限)(?:已经?|就)(?:过|结束|到)|(?<!未)已经?(?:到期|过期)"
)
_ASKED = frozenset({"question", "questions", "explanation", "section", "aliases", "options", "words"})
"""Fields whose words are what people ask or are asked, or the headings of a source."""


def relative_words(text: str) -> tuple[str, ...]:
    """The words of a text that mean the day of writing."""
    return tuple(found[0] for found in _RELATIVE.finditer(text))


def relative_fields(raw: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Each field of a card or row that says such words, with the first of them."""
    if isinstance(raw, str):
        if words := relative_words(raw):
            yield field, words[0]
    elif isinstance(raw, dict):
        for name, value in raw.items():
            if name not in _ASKED:
                yield from relative_fields(value, field or str(name))
    elif isinstance(raw, list):
        for value in raw:
            yield from relative_fields(value, field)
