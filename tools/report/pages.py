"""What a report consists of, whatever file it becomes: headings, paragraphs, lists, tables and charts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.report.charts import Chart

CLOSING = "本报告由向导在本机生成，供内部讨论；政策、金额以主管部门发布和审核为准。"
"""Stands at the foot of every page."""


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Plain text; parts between ** are bold. small: what is looked up, not read."""

    text: str
    small: bool = False

    def parts(self) -> list[tuple[str, bool]]:
        """(text, bold) in order."""
        return [(piece, n % 2 == 1) for n, piece in enumerate(self.text.split("**")) if piece]


@dataclass(frozen=True)
class Bullets:
    """A list. first: the number of the first item, None where items have no numbers."""

    items: tuple[Paragraph, ...]
    first: int | None = None

    def marks(self) -> list[str]:
        """What stands before each item."""
        return ["•" if self.first is None else f"{self.first + n}." for n in range(len(self.items))]


@dataclass(frozen=True)
class Grid:
    """A table; name is the sheet's name in a workbook. Cells are texts or numbers. large: written larger than others."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]
    large: bool = False

    def texts(self) -> list[list[str]]:
        """The cells of all rows as they are read, the header first."""
        return [list(self.header), *([cell_text(value) for value in row] for row in self.rows)]


def filled(name: str, header: Sequence[str], rows: Sequence[tuple[str | float | None, ...]]) -> Grid:
    """A table without the columns in which nothing stands."""
    kept = [at for at in range(len(header)) if any(row[at] not in (None, "") for row in rows)]
    return Grid(name, tuple(header[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in rows))


@dataclass(frozen=True)
class Picture:
    chart: Chart


@dataclass(frozen=True)
class Break:
    """The end of a page, where the format has pages."""


Block = Heading | Paragraph | Bullets | Grid | Picture | Break


@dataclass(frozen=True)
class Pages:
    """A report: title, a line below it, and the blocks."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]


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


def cell_text(value: str | float | None) -> str:
    """A cell as it is read: 12.0 as 12, 33.125 as it is, 1234567.5 in full."""
    if value is None:
        return ""
    return f"{round(value, 6):.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else plain(str(value))
