"""The sentences of a notice, each with what it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.cut import split_after, unmarked
from core.text import normalise, squeeze
from core.types import Passage
from corpus.row_names import SEPARATOR
from tools.notice_amount.figures import figures
from tools.notice_amount.patterns import GIVES, REFUSE

_ARTICLE = re.compile(r"^第[一二三四五六七八九十百\d]{1,4}条\s*")
_LABEL = 24


@dataclass(frozen=True)
class Sentence:
    text: str
    about: str
    line: int
    passage: Passage


def _level(raw: str) -> int:
    """How deep the number stands that a line begins with; 9 where it has none."""
    for level, pattern in enumerate(
        (
            r"第[一二三四五六七八九十百\d]+[章条]|【",
            r"[一二三四五六七八九十]+、",
            r"[（(][一二三四五六七八九十]+[）)]",
            r"\d+[.、．]",
            r"[（(]\d+[）)]|[①-⑳]",
        )
    ):
        if re.match(pattern, raw):
            return level
    return 9


def sentences(passages: Sequence[Passage]) -> Iterator[Sentence]:
    number, seen, told = 0, set[str](), set[str]()
    opened: list[tuple[float, str]] = []
    for passage in passages:
        for name in passage.section[-1:]:
            above = _ARTICLE.sub("", unmarked(name.strip()))
            if squeeze(above) not in seen and squeeze(above) not in squeeze(passage.text):
                opened = [
                    *[(deep, text) for deep, text in opened if deep < _level(name.strip())],
                    (_level(name.strip()), above),
                ]
        for raw in normalise(passage.text).split("\n"):
            body = _ARTICLE.sub("", unmarked(raw.strip()))
            if not body or SEPARATOR in raw or body.startswith(("《", "单位：")) or squeeze(body) in seen:
                continue
            seen.add(squeeze(body))
            number += 1
            level = _level(raw.strip())
            if level < 9:
                opened = [
                    (level - 0.5 if deep == 9 and text.endswith(("：", ":")) else deep, text) for deep, text in opened
                ]
                opened = [(deep, text) for deep, text in opened if deep < level]
            if body.endswith(("：", ":")) or (
                len(body) <= _LABEL
                and not body.endswith("。")
                and not figures(body)
                and not REFUSE.search(body)
                and not GIVES.search(body[-4:])
            ):
                opened = [*[(deep, text) for deep, text in opened if deep < level], (level, body)]
                continue
            for said in _parts(body, "·".join(text for _, text in opened), number, passage):
                if squeeze(said.text) not in told:
                    told.add(squeeze(said.text))
                    yield said


def _parts(body: str, above: str, number: int, passage: Passage) -> Iterator[Sentence]:
    """The sentences of a line, each with what it stands under: headings, the label or the asking of the line."""
    body = re.sub(r"[（(](?=[^（()）]*\d)(?![^（()）]*含)[^（()）]*[)）]", "", body)
    asking = re.match(r"问?[：:]?([^？?]{2,40}[？?])\s*答?[：:]?", body)
    rest = body[asking.end() :] if asking else body
    label, colon, tail = rest.replace(":", "：").partition("：")
    named = asking[1] if asking else label if colon and len(label) <= _LABEL and not figures(label) else ""
    if not asking and named:
        rest = tail
    about = "·".join(filter(None, (above, named)))
    for n, part in enumerate(split_after(rest, "。；;！？")):
        text = part.strip("。；;！？ ")
        if not text:
            continue
        if n == 0 and len(text) <= 14 and not figures(text) and len(rest) > len(text) + 2 and not REFUSE.search(text):
            about = "·".join(filter(None, (about, text)))
            continue
        yield Sentence(text, about, number, passage)
