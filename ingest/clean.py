"""Extracted text to paragraphs: wrapped lines joined, page furniture and the table of contents left out, tables kept.

The characters stay those of the original, so that a quotation can be found again; only radicals (which look like the
usual characters and are none), invisible characters and Markdown's bold marks go.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from core.cut import glued, joined
from core.figures import CODE, figures
from core.radicals import with_characters
from ingest.broken import breaks_figure, is_figure_alone
from ingest.structure import CELL, is_caption, is_heading, opens_paragraph

FULL = 26
"""A wrapped line of at least this width (a Chinese character is 2) that ends without a stop goes on in the next."""
WIDE = 50
"""As FULL, where lines are whole paragraphs and only a page break cuts one."""
LONGEST = 5000
"""No line is joined to a paragraph of this many characters: it is a list or a log."""

_WIDE_RUN = re.compile(r"[\u2e80-\U0010ffff“”‘’—…]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\ufff9-\ufffb]")
_LINE_END = re.compile(r"\r\n|[\r\f\v\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_PAGE_NUMBER = re.compile(r"[-–—·\s]*(?:\d{1,3}|[ivxlIVXL]{1,6}|第\s*\d+\s*页(?:\s*[，,/]?\s*共\s*\d+\s*页)?)[-–—·\s]*")
_RUNNING_HEAD = re.compile(
    r"\d{1,3}\s+第[一二三四五六七八九十\d]+[章节篇].*|第[一二三四五六七八九十\d]+[章节篇]\s.*\s\d{1,3}"
)
_LEADERS = re.compile(r"(?:\.{4,}|…{2,}|·{4,}|(?:\. ){4,})\s*[\dIVXivx]*\s*$")
_CONTENTS = re.compile(r"#*\s*(?:图|表|图表)?\s*目\s*[录次]\s*")
_CONTENTS_LINE = re.compile(r".{2,80}?\s+\d{1,3}")
_DOUBLED = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\s*((?:附录\s*)?)\1(?!\d)")
_STOP = re.compile(r"[。！？!?；;：:][”’」』）)\]\s]*$")
_CREDIT = re.compile(r"(?:数据|资料|图片)?来源\s*[:：].{1,40}")
_BARE_CHAPTER = re.compile(r"第[一二三四五六七八九十\d]+[章篇编]")
_RULE = re.compile(r"[-=_*—\s|:]{3,}|!\[[^\]]*\]\([^)]*\)")


@dataclass(frozen=True)
class _Line:
    text: str
    after_blank: bool

    @cached_property
    def width(self) -> int:
        return len(self.text) + sum(map(len, _WIDE_RUN.findall(self.text)))

    @property
    def open(self) -> bool:
        """Whether the line stops inside a sentence."""
        return not _STOP.search(self.text)


def readable(text: str) -> str:
    """The text without look-alike, invisible and control characters, its line ends made \\n."""
    text = _LINE_END.sub("\n", text)
    return _CONTROL.sub("", _INVISIBLE.sub("", with_characters(text)))


def paragraphs(text: str, markdown: bool = False) -> list[str]:
    """The paragraphs, headings, captions and table rows of a document, in order, one string each."""
    contents = Contents()
    lines = [line for line in _lines(readable(text), markdown) if not contents.holds(line.text)]
    if markdown:
        return _soft_lines_joined(lines)
    lines = _figures_joined(_undoubled(_without_furniture(lines)))
    return _joined(lines, _is_wrapped(lines))


def _lines(text: str, markdown: bool) -> Iterator[_Line]:
    blank = True
    for raw in text.split("\n"):
        line = _line(raw.replace("**", ""), markdown)
        if line:
            yield _Line(line, blank)
        blank = not line


def _line(raw: str, markdown: bool) -> str:
    """One line trimmed; a table row becomes its cells with tabs between, a rule or an image becomes empty."""
    line = raw.strip()
    if _RULE.fullmatch(line):
        return ""
    if markdown and line.startswith("|"):
        return CELL.join(c.strip() for c in line.strip("|").split("|"))
    if CELL in raw.rstrip():
        cells = [c.strip() for c in raw.rstrip().split(CELL)]
        return CELL.join(cells) if sum(map(bool, cells)) > 1 else line
    return line


class Contents:
    """Tells the lines of a table of contents: those with dotted leaders, and those with a page number after the word 目录."""

    def __init__(self) -> None:
        self._inside = False

    def holds(self, text: str) -> bool:
        """Whether the next line is one; the word 目录 itself is."""
        if _CONTENTS.fullmatch(text):
            self._inside = True
            return True
        if _is_dotted(text) or (self._inside and _CONTENTS_LINE.fullmatch(text)):
            return True
        self._inside = False
        return False


def is_page_number(text: str) -> bool:
    """Whether a line is a page's number and nothing else."""
    return bool(_PAGE_NUMBER.fullmatch(text))


def _is_dotted(text: str) -> bool:
    return len(text) <= 200 and bool(_LEADERS.search(text))


def _soft_lines_joined(lines: Sequence[_Line]) -> list[str]:
    """Markdown's rule: a paragraph ends at a blank line, a heading, an item or a table row."""
    out: list[str] = []
    for line in lines:
        if (
            out
            and len(out[-1]) < LONGEST
            and not line.after_blank
            and not opens_paragraph(line.text)
            and not _is_apart(out[-1])
        ):
            out[-1] = glued(out[-1], line.text)
        else:
            out.append(line.text)
    return out


def _is_apart(text: str) -> bool:
    return CELL in text or is_heading(text) or is_caption(text)


def _without_furniture(lines: Sequence[_Line]) -> list[_Line]:
    """Leave out page numbers, and all but the first of each line that comes back page after page."""
    counts = Counter(line.text for line in lines)
    out: list[_Line] = []
    seen: set[str] = set()
    for at, line in enumerate(lines):
        repeated = counts[line.text] >= 3 and _may_repeat(line)
        following = lines[at + 1].text if at + 1 < len(lines) else ""
        if out and is_figure_alone(out[-1].text, line.text, following):
            out.append(_Line(line.text.strip("-–—· "), line.after_blank))
            continue
        if _PAGE_NUMBER.fullmatch(line.text) or _RUNNING_HEAD.fullmatch(line.text) or (repeated and line.text in seen):
            continue
        seen.add(line.text)
        out.append(line)
    return out


def _figures_joined(lines: Sequence[_Line]) -> list[_Line]:
    """Lines that a break inside a figure, or between it and the words that limit it, made of one."""
    out: list[_Line] = []
    for line in lines:
        if out and CELL not in out[-1].text + line.text and breaks_figure(out[-1].text, line.text):
            out[-1] = _Line(glued(out[-1].text, line.text), out[-1].after_blank)
        else:
            out.append(line)
    return out


def _may_repeat(line: _Line) -> bool:
    return 4 <= len(line.text) <= 40 and CELL not in line.text and line.open and not is_heading(line.text)


def _undoubled(lines: Sequence[_Line]) -> list[_Line]:
    """Repair numbers that extraction printed twice (2.12.1 for 2.1), unless the document really counts that far."""
    out = []
    for line in lines:
        match = _DOUBLED.match(line.text)
        if (
            match
            and not _is_figure(line.text[match.start(2) :])
            and not any(o.text.startswith(match[0].rpartition(".")[0] + " ") for o in lines)
        ):
            line = _Line(match[2] + match[1] + line.text[match.end() :], line.after_blank)
        out.append(line)
    return out


def _is_figure(text: str) -> bool:
    """Whether a text begins with a figure that has a unit, and not with the number of a heading."""
    found = figures(text)
    return bool(found) and found[0].start == 0 and found[0].keys[0][1] not in {"", CODE}


def _is_wrapped(lines: Sequence[_Line]) -> bool:
    """Whether lines are broken at a fixed width: most are about as long as the longest near them."""
    body = [line.width for line in lines if CELL not in line.text and line.width >= FULL]
    if len(body) < 6 or sorted(body)[len(body) // 2] > 120:
        return False
    full = sum(w >= 0.85 * max(body[max(0, at - 2) : at + 3]) for at, w in enumerate(body))
    return full >= 0.5 * len(body) and sum(line.open for line in lines if line.width >= FULL) >= 0.4 * len(body)


def _joined(lines: Sequence[_Line], wrapped: bool) -> list[str]:
    """Join the lines of each paragraph; a caption or credit that interrupts a sentence is put after it."""
    out: list[str] = []
    aside: list[str] = []
    last: _Line | None = None
    chart = _chart_lines(lines) if wrapped else set()
    for at, line in enumerate(lines):
        interrupts = is_caption(line.text) or bool(_CREDIT.fullmatch(line.text))
        if last and interrupts and last.open and not opens_paragraph(last.text) and last.width >= FULL:
            aside.append(line.text)
            continue
        if last and _unfinished_heading(last.text) and not opens_paragraph(line.text):
            out[-1] = joined(out[-1], line.text, ("" if last.text.endswith("：") else " ", " ", "\n"))
            last = None
            continue
        room = bool(out) and len(out[-1]) < LONGEST
        if last and room and at not in chart and _goes_on(last, line, wrapped, bool(aside), _reach(lines, at)):
            out[-1] = glued(out[-1], line.text)
        elif room and at in chart and at - 1 in chart:
            out[-1] = joined(out[-1], line.text, (" ", "\n"))
        else:
            out += [*aside, line.text]
            aside = []
        last = line
    return out + aside


def _unfinished_heading(text: str) -> bool:
    """A chapter's number alone, or a heading that stops at a colon: the next line is the rest of it."""
    return bool(_BARE_CHAPTER.fullmatch(text)) or (
        text.endswith("：") and is_heading(text.rstrip("：")) and len(text) <= 20
    )


def _chart_lines(lines: Sequence[_Line]) -> set[int]:
    """Which lines are words and figures out of a chart: runs of four and more."""
    found: set[int] = set()
    for label, run in groupby(range(len(lines)), key=lambda at: _is_label(lines[at])):
        places = list(run)
        if label and len(places) >= 4:
            found.update(places)
    return found


def _is_label(line: _Line) -> bool:
    """A word or a figure out of a chart: short, and no part of a sentence."""
    return line.width < FULL and line.open and not opens_paragraph(line.text)


def _reach(lines: Sequence[_Line], at: int) -> int:
    """How wide lines get around here."""
    return max(line.width for line in lines[max(0, at - 4) : at + 4])


def _goes_on(last: _Line, line: _Line, wrapped: bool, interrupted: bool, reach: int) -> bool:
    """Whether a paragraph goes on in `line`."""
    if opens_paragraph(line.text) or _is_apart(last.text):
        return False
    if not wrapped:
        return (
            last.open
            and last.width >= WIDE
            and bool(set("，。；") & set(last.text))
            and (line.after_blank or interrupted)
        )
    if last.open:
        return last.width >= FULL
    return last.width >= 0.92 * reach
