"""Paragraphs to passages: one answer unit each, cut along the structure and never inside a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from langchain_core.documents import Document
from langchain_text_splitters import TextSplitter

from core.cut import beginning, chunks, split_after
from corpus.row_names import SEPARATOR
from corpus.typed_tables import TypedTable
from ingest.clean import paragraphs
from ingest.parsed import Element, Table
from ingest.structure import Block, elements, outline
from ingest.tables import column_units, header_paths, label_columns, row_pages, row_texts

TARGET = 450
LARGEST = 700
OVERLAP = 80
TITLE_CHARACTERS = 60
"""A line right above a table that is no longer is its title."""
LEAD_BREAK = 200
"""A paragraph with a lead of its own starts a new passage once the present one has this many characters."""


@dataclass(frozen=True)
class Piece:
    """A passage to be. title: what it is about; section: headings from the outermost in.

    page, last_page: where it begins and ends.
    """

    text: str
    section: tuple[str, ...]
    title: str
    page: int | None = None
    last_page: int | None = None


class ChineseStructureSplitter(TextSplitter):
    """Splits along the headings of Chinese official documents and reports; sizes are in characters.

    Tables are cut between rows and every part begins with the header. A passage begins with the last sentence of the
    one before it in the same section, where that is no longer than `chunk_overlap`.
    """

    def __init__(
        self, target: int = TARGET, chunk_size: int = LARGEST, chunk_overlap: int = OVERLAP, **kwargs: Any
    ) -> None:
        super().__init__(chunk_size=chunk_size, chunk_overlap=chunk_overlap, **kwargs)
        self.target = min(target, chunk_size)

    def split_text(self, text: str) -> list[str]:
        return [piece.text for piece in self.pieces(text)]

    def create_documents(self, texts: list[str], metadatas: list[dict[Any, Any]] | None = None) -> list[Document]:
        """As TextSplitter's, with each passage's title and section added to its metadata."""
        documents = []
        for at, text in enumerate(texts):
            known = metadatas[at] if metadatas else {}
            for piece in self.pieces(text):
                documents.append(
                    Document(piece.text, metadata={**known, "title": piece.title, "section": list(piece.section)})
                )
        return documents

    def pieces(self, text: str, markdown: bool = False) -> list[Piece]:
        """The passages of a text, in order."""
        return self.passages(elements(paragraphs(text, markdown)))

    def passages(self, content: Sequence[Element]) -> list[Piece]:
        """The passages of what a reader made of a file, in order."""
        out: list[Piece] = []
        headings: list[Block] = []
        for section, group in groupby(outline(content), key=lambda b: b.section):
            blocks = list(group)
            body = _captioned([b for b in blocks if b.kind != "heading"])
            headings += [b for b in blocks if b.kind == "heading"]
            for tabular, part in groupby(body, key=lambda b: b.table is not None):
                if tabular:
                    out += self._tables(section, headings, list(part))
                else:
                    out += self._section(section, headings, list(part))
                headings = []
        if headings:
            text = "\n".join(b.text for b in headings)
            out.append(Piece(text, headings[-1].section, _title(headings[-1].section, ""), headings[0].page))
        return out

    def typed_tables(self, content: Sequence[Element]) -> list[TypedTable]:
        """The tables of what a reader made of a file, whole, for counting and summing."""
        found: list[TypedTable] = []
        before = ""
        for block in outline(content):
            if block.table is None:
                before = block.text if len(block.text) <= TITLE_CHARACTERS else ""
            elif block.table.header_rows:
                found.append(_typed(block.table, block.lead or before or next(iter(block.section[-1:]), "")))
                before = ""
        return found

    def _tables(self, section: tuple[str, ...], headings: Sequence[Block], tables: Sequence[Block]) -> Iterator[Piece]:
        """Of each table its whole where that fits a passage, else its header; and each row as a passage of its own."""
        for block in tables:
            if block.table is None:
                continue
            above = [b.text for b in headings] + [f"单位：{block.table.unit}"] * bool(block.table.unit)
            headings = []
            about = [block.lead] if block.lead else list(section[-1:])
            room = self._chunk_size - self._chunk_overlap - sum(map(len, above))
            whole = _whole(block.table, [*above, *[block.lead] * bool(block.lead)], max(room, 100))
            for text in whole:
                yield Piece(text, section, _title(section, block.lead), block.page, block.table.last_page)
            for (label, lines), page in zip(row_texts(block.table), row_pages(block.table), strict=True):
                title = beginning(" · ".join(filter(None, (*about, label))), 80)
                for text in _fitted(lines, self._chunk_size - self._chunk_overlap):
                    yield Piece("\n".join((*about, text)), section, title, page)

    def _section(self, section: tuple[str, ...], headings: Sequence[Block], body: Sequence[Block]) -> Iterator[Piece]:
        """The passages of one section. headings: those not yet in a passage, to stand at the beginning of the first."""
        parts = [b.text for b in headings]
        lead, fresh = "", True
        page = last = (headings or body)[0].page
        for block in body:
            for text in self._fitting(block):
                size = sum(map(len, parts))
                full = size + len(text) > (self.target if not fresh else self._chunk_size)
                apart = bool(block.lead) and size >= LEAD_BREAK
                if parts and not fresh and (full or apart):
                    yield Piece("\n".join(parts), section, _title(section, lead), page, last)
                    parts = self._carried(parts[-1], len(text))
                    lead, fresh, page = "", True, block.page
                lead = lead or (block.lead if fresh else "")
                parts.append(text)
                fresh, last = False, block.page
        yield Piece("\n".join(parts), section, _title(section, lead), page, last)

    def _carried(self, before: str, room: int) -> list[str]:
        """The last sentence of the passage before, where it is short enough."""
        last = sentences(before)[-1].strip()
        return [last] if 0 < len(last) <= min(self._chunk_overlap, self._chunk_size - room) else []

    def _fitting(self, block: Block) -> list[str]:
        """A block's text in parts that fit a passage."""
        return [block.text] if len(block.text) <= self.target * 1.25 else packed(sentences(block.text), self.target)


def sentences(text: str) -> list[str]:
    """The sentences of a text; joined they are the text again."""
    return split_after(text, "。！？!?")


def packed(sentences: Sequence[str], size: int) -> list[str]:
    """Join sentences to parts of about equal length near `size`; only a sentence far longer than that is cut itself."""
    fine = [part for s in sentences for part in (_broken(s, size) if len(s) > size * 1.5 else [s])]
    total = sum(map(len, fine))
    goal = total / max(1, -(-total // size))
    out = [""]
    for part in fine:
        if out[-1] and (len(out[-1]) + len(part) / 2 > goal or len(out[-1]) + len(part) > size * 1.4):
            out.append("")
        out[-1] += part
    return [part.strip() for part in out if part.strip()]


def _broken(sentence: str, size: int) -> list[str]:
    """A sentence too long for a passage, cut at semicolons, else at commas and blanks, else anywhere."""
    for ends in ("；;", "，,、 \t\n"):
        parts: list[str] = []
        for part in split_after(sentence, ends, enclosed=False):
            if parts and len(parts[-1]) + len(part) <= size:
                parts[-1] += part
            else:
                parts.append(part)
        if max(map(len, parts), default=size + 1) <= size:
            return parts
    return chunks(sentence, size)


def _typed(table: Table, title: str) -> TypedTable:
    names = header_paths(table)
    body = [row for row in table.rows[table.header_rows :] if any(cell.strip() for cell in row)]
    rows = tuple(tuple(cell.strip() for cell in row) for row in body)
    return TypedTable(title, tuple(names), tuple(column_units(table)), tuple(label_columns(names, body)), rows)


def _captioned(blocks: Sequence[Block]) -> list[Block]:
    """The caption before or after a table is made its lead."""
    out = list(blocks)
    for at, block in enumerate(blocks):
        if block.table is None or block.lead:
            continue
        near = next((n for n in (at - 1, at + 1) if 0 <= n < len(out) and out[n] and out[n].kind == "caption"), None)
        if near is not None:
            out[at] = replace(block, lead=out[near].text)
            out[near] = replace(out[near], text="")
    return [b for b in out if b.text or b.table]


def _whole(table: Table, above: Sequence[str], room: int) -> list[str]:
    """A table with what stands above it, row by row; where it does not fit, only the names of its columns."""
    rows = [SEPARATOR.join(row) for row in table.rows]
    if sum(map(len, rows)) + len(rows) <= room:
        return ["\n".join((*above, *rows))]
    parts = _broken(SEPARATOR.join(header_paths(table)), room)
    return ["\n".join((*above, parts[0])), *parts[1:]]


def _fitted(lines: Sequence[str], room: int) -> list[str]:
    """The lines of a row in as few parts as fit; a longer line is cut itself, and each of its parts says whose it is."""
    parts = [""]
    for line in lines:
        for text in [line] if len(line) <= room else _cut_cell(line, room):
            if parts[-1] and len(parts[-1]) + len(text) >= room:
                parts.append("")
            parts[-1] += "\n" * bool(parts[-1]) + text
    return parts


def _cut_cell(line: str, room: int) -> list[str]:
    names, mark, cell = line.rpartition(SEPARATOR)
    if len(names) > room // 2:
        return _broken(line, room)
    return [names + mark + part for part in packed(sentences(cell), (room - len(names)) // 2)]


def _title(section: tuple[str, ...], lead: str) -> str:
    """What a passage is about: its lead under its heading, or the last two headings."""
    names = [*section, lead] if lead and lead not in section else list(section)
    return beginning(" · ".join(names[-2:]), 80)
