"""What a report consists of, whatever file it becomes: headings, paragraphs, lists, tables and charts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from core.cut import unmarked
from tools.report.charts import PhaseChart, RadarChart


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Plain text; parts between ** are bold."""

    text: str

    def parts(self) -> list[tuple[str, bool]]:
        """(text, bold) in order."""
        pieces = re.split(r"\*\*", self.text)
        return [(piece, n % 2 == 1) for n, piece in enumerate(pieces) if piece]


@dataclass(frozen=True)
class Bullets:
    items: tuple[Paragraph, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; name is the sheet's name in a workbook. Cells are texts or numbers."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]


@dataclass(frozen=True)
class Picture:
    chart: PhaseChart | RadarChart


@dataclass(frozen=True)
class Pages:
    """A report: title, a line below it, and the blocks."""

    title: str
    subtitle: str
    blocks: tuple[Heading | Paragraph | Bullets | Grid | Picture, ...]


_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML file may hold."""


def clean(value: Any) -> Any:
    """The same with every text rid of characters that no file format takes."""
    if isinstance(value, str):
        return _UNFIT.sub(" ", value)
    if isinstance(value, dict):
        return {clean(k): clean(v) for k, v in value.items()}
    return [clean(v) for v in value] if isinstance(value, (list, tuple)) else value


def plain(text: str) -> str:
    """A text without Markdown's bold marks."""
    return text.replace("**", "")


def blocks_of(markdown: str, table: str = "表") -> list[Heading | Paragraph | Bullets | Grid | Picture]:
    """The blocks of the Markdown that tools write: paragraphs, - and 1. lists, tables, headings."""
    blocks: list[Heading | Paragraph | Bullets | Grid | Picture] = []
    for kind, lines in _runs(markdown.splitlines()):
        if kind == "table" and len(lines) >= 2:
            cells = [[c.strip() for c in line.strip().strip("|").split("|")] for line in lines]
            width = len(cells[0])
            rows = tuple(tuple((row + [""] * width)[:width]) for row in cells[2:])
            blocks.append(Grid(table, tuple(plain(c) for c in cells[0]), rows))
        elif kind in {"bullet", "number"}:
            items = tuple(Paragraph(unmarked(line)) for line in lines)
            blocks.append(Bullets(items, kind == "number"))
        elif kind == "heading":
            blocks += [Heading(plain(line.lstrip("#").strip())) for line in lines]
        else:
            blocks += [Paragraph(line.strip()) for line in lines]
    return blocks


def _runs(lines: list[str]) -> list[tuple[str, list[str]]]:
    runs: list[tuple[str, list[str]]] = []
    for line in lines:
        kind = _kind(line)
        if runs and kind == runs[-1][0]:
            runs[-1][1].append(line)
        else:
            runs.append((kind, [line]))
    return [run for run in runs if run[0] != "blank"]


def _kind(line: str) -> str:
    text = line.strip()
    if not text:
        return "blank"
    if text.startswith("|"):
        return "table"
    if re.match(r"[-*]\s", text):
        return "bullet"
    if re.match(r"\d+\.\s", text):
        return "number"
    return "heading" if text.startswith("#") else "text"
