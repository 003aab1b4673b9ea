"""The headings of Chinese official documents, reports and Markdown: paragraphs to blocks that know their section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from core.numbers import read_number
from ingest.parsed import Element, Paragraph, Table, table
from ingest.tables import joined, unit_behind, unit_line

Kind = Literal["text", "heading", "table", "caption"]

CELL = "\t"
"""What separates the cells of a table row in a cleaned paragraph."""
DEEPEST = 4
PLAIN_RANK = 4.5
"""前言, 结语 and the like: closed by the next numbered heading, and never below anything but an appendix."""
HEADING_CHARACTERS = 60
LEAD_CHARACTERS = 48
SOFT_LEAD_CHARACTERS = 26

_CN = "一二三四五六七八九十百零〇"
_UNITS = (
    "个|倍|亿|万|千|百|元|美元|人|家|户|项|台|套|点|分|秒|时|天|日|月|年|岁|件|种|条|次|米|公里|平方|吨|克|度"
    "|级及|左右|以上|以下|％|%"
)
_MEASURE = rf"(?!\s*(?:{_UNITS}))"
_NUMBERING: tuple[tuple[float, re.Pattern[str]], ...] = (
    (0.0, re.compile(rf"附\s*[件录]\s*(?:[\d{_CN}]+(?:\.\d+)*)?(?=[\s：:、.]|$)")),
    (1.0, re.compile(rf"第\s*[{_CN}\d]+\s*[章编篇](?!节)|第[{_CN}\d]+部分")),
    (2.0, re.compile(rf"第\s*[{_CN}\d]+\s*[节条](?=\s|$|[\u4e00-\u9fff])")),
    (3.0, re.compile(rf"[{_CN}]{{1,3}}\s*[、.．](?=\s*\S)")),
    (4.0, re.compile(rf"[（(]\s*[{_CN}]{{1,3}}\s*[）)]")),
    (5.0, re.compile(r"\d{1,2}\s*[.．、](?![\d.])(?=\s*\S)")),
    (5.2, re.compile(rf"\d{{1,2}}\.\d{{1,2}}(?![\d.%％]){_MEASURE}[、.]?(?=\s*[\u4e00-\u9fffA-Za-z“《])")),
    (5.3, re.compile(r"\d{1,2}(?:\.\d{1,2}){2}(?![\d.%％])\s*(?=[\u4e00-\u9fffA-Za-z“《])")),
    (5.4, re.compile(r"\d{1,2}(?:\.\d{1,2}){3}(?![\d.%％])\s*(?=[\u4e00-\u9fffA-Za-z“《])")),
    (6.0, re.compile(r"[（(]\s*\d{1,2}\s*[）)]|\d{1,2}\s*[）)]|[①-⑳]")),
    (7.0, re.compile(rf"(?:特征|需求|专栏|案例|步骤|阶段|问题|经验|做法|模式)\s*[\d{_CN}]+\s*[：:.、]")),
)
_PLAIN = re.compile(
    r"(?:前\s*言|引\s*言|导\s*言|序\s*言|摘\s*要|结\s*语|总\s*结|后\s*记|致\s*谢|名词解释|参考文献|(?:版权|更名|免责|分析师|特别)?声\s*明)"
)
_DECIMAL = re.compile(r"\d{1,2}(?:\.\d{1,2})+")
_HASHES = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_CAPTION = re.compile(r"[图表]\s*(?:附录)?\s*\d+(?:[.\-—–]\d+)*(?![\d%个年月日家])\s*\S?.{0,70}|图附录.{0,70}")
_BULLET = re.compile(r"[•●■◆▪➢·*+]\s*\S|[-–]\s+\S")
_LISTED = {5.0, 6.0, 7.0}
_STOPS = "。；;，,！!？?"
_LEAD = re.compile(rf"(.{{2,{LEAD_CHARACTERS}}}?)([。：:])(?=.{{20,}})")
_SOFT_LEAD = re.compile(rf"([^，,；;：:。]{{4,{SOFT_LEAD_CHARACTERS}}})[。：:](?=.{{40,}})")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, caption or table and where it stands. section: headings from the outermost in.

    lead: the opening words that say what a paragraph is about, where it has such. table: where the block is one; its
    text is empty.
    """

    text: str
    section: tuple[str, ...]
    kind: Kind = "text"
    lead: str = ""
    page: int | None = None
    table: Table | None = None


@dataclass(frozen=True)
class _Heading:
    rank: float
    text: str
    whole: bool


def is_heading(line: str) -> bool:
    """Whether a line is a heading and nothing else."""
    heading = _heading(line)
    return heading is not None and heading.whole


def is_caption(line: str) -> bool:
    return bool(_CAPTION.fullmatch(line)) and CELL not in line and not line.endswith(("。", "；"))


def opens_paragraph(line: str) -> bool:
    """Whether a line cannot go on from the one before: a number, a bullet, a heading, a caption, a table row."""
    return (
        CELL in line
        or _numbering(line) is not None
        or bool(_BULLET.match(line))
        or is_caption(line)
        or is_heading(line)
    )


def _numbering(line: str) -> tuple[float, str] | None:
    for rank, pattern in _NUMBERING:
        if match := pattern.match(line):
            return rank, match[0]
    return None


def _heading(line: str) -> _Heading | None:
    """The heading that a line is, or begins with."""
    if CELL in line:
        return None
    if match := _HASHES.fullmatch(line):
        return _Heading(float(len(match[1])) / 10, match[2], True)
    if _PLAIN.fullmatch(line):
        return _Heading(PLAIN_RANK, re.sub(r"\s", "", line), True)
    found = _numbering(line)
    if found is None:
        return None
    rank, number = found
    rest = line[len(number) :].strip()
    explained = rank in _LISTED - {7.0} and re.search(r"[：:].{6,}", rest)
    if len(line) <= HEADING_CHARACTERS and not line.endswith(tuple(_STOPS)) and "。" not in rest and not explained:
        return _Heading(rank, _spaced(line), True)
    if rank >= 3 and (lead := _LEAD.match(rest)) and not set("。；;") & set(lead[1]):
        return _Heading(rank, _spaced(line[: line.index(rest) + len(lead[1])]), False)
    return None


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).rstrip("：: ")


def elements(lines: Sequence[str]) -> list[Element]:
    """Cleaned lines as elements: rows of cells that follow each other become a table."""
    out: list[Element] = []
    for tabular, group in groupby(lines, key=lambda line: CELL in line):
        if tabular:
            out.append(table(line.split(CELL) for line in group))
        else:
            out += map(Paragraph, group)
    return out


def outline(content: Sequence[Element | str]) -> list[Block]:
    """Give every element its section. A lead such as “1. 推进试点。” is a heading that stays in its paragraph.

    Tables that go on with the one before are joined to it.
    """
    found = _with_tables_joined(_with_units([Paragraph(e) if isinstance(e, str) else e for e in content]))
    headings = [_heading_of(e) if isinstance(e, Paragraph) else None for e in found]
    for at, heading in enumerate(headings):
        if heading and heading.whole and heading.rank in _LISTED and _is_item(heading, headings, at):
            headings[at] = None
    blocks: list[Block] = []
    stack: list[_Heading] = []
    for element, heading in zip(found, headings, strict=True):
        if heading:
            stack = [*_above(stack, heading)[: DEEPEST - 1], heading]
        elif stack and not stack[-1].whole and stack[-1].rank >= 6:
            stack.pop()
        section = tuple(h.text for h in stack)
        if isinstance(element, Table):
            blocks.append(Block("", section, "table", element.caption, element.page, element))
        else:
            blocks.append(replace(_block(element.text, heading, section), page=element.page))
    return blocks


def _with_units(content: Sequence[Element]) -> list[Element]:
    """The elements, what a line right above a table, or its title, says of its unit made the table's."""
    out: list[Element] = []
    for element in content:
        if isinstance(element, Table):
            caption, unit = unit_behind(element.caption)
            if not (element.unit or unit):
                unit = _taken_unit(out)
            element = replace(element, caption=caption, unit=element.unit or unit)
        out.append(element)
    return out


def _taken_unit(out: list[Element]) -> str:
    """The unit that the last paragraph gives, or the one before it where that is a caption; it is taken out of them."""
    before = out[-1] if out else None
    if not isinstance(before, Paragraph):
        return ""
    title, unit = unit_behind(before.text)
    if unit:
        out[-1:] = [replace(before, text=title)] if title else []
        return unit
    above = out[-2] if len(out) > 1 and is_caption(before.text) else None
    unit = unit_line(above.text) if isinstance(above, Paragraph) else ""
    if unit:
        del out[-2]
    return unit


def _with_tables_joined(content: Sequence[Element]) -> list[Element]:
    out: list[Element] = []
    for element in content:
        before = out[-1] if out else None
        whole = joined(before, element) if isinstance(before, Table) and isinstance(element, Table) else None
        if whole:
            out[-1] = whole
        elif not isinstance(element, Table) or element.rows:
            out.append(element)
    return out


def _heading_of(paragraph: Paragraph) -> _Heading | None:
    """The heading that a paragraph is: as its file marks it, else as its numbering tells."""
    if paragraph.level:
        return _Heading(paragraph.level / 10, _spaced(paragraph.text), True)
    return _heading(paragraph.text)


def _above(stack: Sequence[_Heading], heading: _Heading) -> list[_Heading]:
    """The headings that stay open above a new one; neither 4.5 nor 第三章 is above 4.6.2, whatever the order."""
    limit = 1.0 if heading.rank == PLAIN_RANK else heading.rank
    number = _DECIMAL.match(heading.text)
    kept = []
    for outer in stack:
        other = _DECIMAL.match(outer.text)
        if outer.rank >= limit or (number and other and not number[0].startswith(other[0] + ".")):
            break
        if number and outer.rank == 1.0 and _chapter(outer.text) not in {None, number[0].partition(".")[0]}:
            break
        kept.append(outer)
    return kept


def _chapter(text: str) -> str | None:
    """The number of 第三章 as 3."""
    match = re.match(rf"第\s*([{_CN}]+|\d+)", text)
    number = read_number(match[1]) if match else None
    return str(int(number)) if number else None


def _is_item(heading: _Heading, headings: Sequence[_Heading | None], at: int) -> bool:
    """Whether a numbered line without text of its own is an item of a list rather than a heading."""
    following = headings[at + 1] if at + 1 < len(headings) else _Heading(0.0, "", True)
    return following is not None and following.rank <= heading.rank


def _block(text: str, heading: _Heading | None, section: tuple[str, ...]) -> Block:
    if heading and heading.whole:
        return Block(heading.text if text.startswith("#") else text, section, "heading")
    if is_caption(text):
        return Block(text, section, "caption")
    lead = _SOFT_LEAD.match(text)
    return Block(text, section, "text", heading.text if heading else lead[1] if lead else "")
