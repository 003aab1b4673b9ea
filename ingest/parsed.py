"""What every reader makes of a file: paragraphs, marked headings and tables in reading order, with their pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or a heading. level: 1 is the outermost heading that the file itself marks, 0 is body text."""

    text: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True)
class Table:
    """A table. rows: cells with merged ones filled, all rows of one length; the first `header_rows` name the columns.

    unit: of its figures, where a line above the table gives it (单位：万元); last_page: where it ends, if that is
    another page than the one it begins on; turns: (row, page) where a page begins within it.
    """

    rows: tuple[tuple[str, ...], ...]
    header_rows: int = 1
    caption: str = ""
    page: int | None = None
    last_page: int | None = None
    turns: tuple[tuple[int, int], ...] = ()
    unit: str = ""

    def pages_end(self) -> int:
        """The page that the table ends on; 0 where pages are not known."""
        return self.last_page or self.page or 0

    def page_of(self, row: int) -> int | None:
        """The page that a row stands on; None where pages are not known."""
        return next((page for first, page in reversed(self.turns) if first <= row), self.page)


Element = Paragraph | Table


@dataclass(frozen=True)
class Attachment:
    """Something that a page or a notice says is attached. address: empty where the file does not give one."""

    name: str
    address: str = ""


@dataclass(frozen=True)
class Parsed:
    """A file as it was read.

    title, published (ISO date), author: as the file states them, else empty. pages: how many, where the format has such.
    notes: in Chinese, for the user: what was left out and why.
    """

    elements: tuple[Element, ...]
    title: str = ""
    published: str = ""
    author: str = ""
    pages: int | None = None
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def lines(self) -> list[str]:
        """The text of the paragraphs, one line each; tables are left out."""
        return [e.text for e in self.elements if isinstance(e, Paragraph)]

    @property
    def characters(self) -> int:
        return sum(len(t) for e in self.elements for t in _texts(e))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Parsed:
        """The inverse of as_json; raises TypeError, KeyError or ValueError where the data is something else."""
        elements = tuple(_element(e) for e in data["elements"])
        attachments = tuple(Attachment(str(a["name"]), str(a["address"])) for a in data["attachments"])
        pages = data["pages"]
        return cls(
            elements,
            str(data["title"]),
            str(data["published"]),
            str(data["author"]),
            None if pages is None else int(pages),
            attachments,
            tuple(map(str, data["notes"])),
        )


def _texts(element: Element) -> Iterable[str]:
    return [element.text] if isinstance(element, Paragraph) else (cell for row in element.rows for cell in row)


def _element(data: dict[str, Any]) -> Element:
    page = None if data["page"] is None else int(data["page"])
    if "rows" in data:
        rows = tuple(tuple(map(str, row)) for row in data["rows"])
        last = data["last_page"]
        return Table(
            rows,
            int(data["header_rows"]),
            str(data["caption"]),
            page,
            None if last is None else int(last),
            tuple((int(row), int(number)) for row, number in data["turns"]),
            str(data["unit"]),
        )
    return Paragraph(str(data["text"]), int(data["level"]), page)


def table(rows: Iterable[Iterable[str]], header_rows: int = 1, caption: str = "", page: int | None = None) -> Table:
    """A Table whose rows are made equally long."""
    cells = [list(row) for row in rows]
    width = max(map(len, cells), default=0)
    return Table(tuple(tuple(row + [""] * (width - len(row))) for row in cells), header_rows, caption, page)
