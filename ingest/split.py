"""Paragraphs to passages: one answer unit each, cut along the structure and never inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from langchain_core.documents import Document
from langchain_text_splitters import TextSplitter

from ingest.clean import paragraphs
from ingest.structure import CELL, Block, outline

TARGET = 450
LARGEST = 700
OVERLAP = 80
LEAD_BREAK = 200
"""A paragraph with a lead of its own starts a new passage once the present one has this many characters."""

_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』）)\]]*|[^。！？!?]+$")
_PARTS = (re.compile(r"[^；;]*[；;]|[^；;]+$"), re.compile(r"[^，,、\s]*[，,、\s]+|[^，,、\s]+$"))


@dataclass(frozen=True)
class Piece:
    """A passage to be. title: what it is about; section: headings from the outermost in."""

    text: str
    section: tuple[str, ...]
    title: str


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
        """The passages of a document, in order."""
        out: list[Piece] = []
        headings: list[Block] = []
        for section, group in groupby(outline(paragraphs(text, markdown)), key=lambda b: b.section):
            blocks = list(group)
            body = [b for b in blocks if b.kind != "heading"]
            headings += [b for b in blocks if b.kind == "heading"]
            if body:
                out += self._section(section, headings, body)
                headings = []
        if headings:
            text = "\n".join(b.text for b in headings)
            out.append(Piece(text, headings[-1].section, _title(headings[-1].section, "")))
        return out

    def _section(self, section: tuple[str, ...], headings: Sequence[Block], body: Sequence[Block]) -> Iterator[Piece]:
        """The passages of one section. headings: those not yet in a passage, to stand at the beginning of the first."""
        parts = [b.text for b in headings]
        lead, fresh = "", True
        for block in _tables_joined(body):
            for text in self._fitting(block):
                size = sum(map(len, parts))
                full = size + len(text) > (self.target if not fresh else self._chunk_size)
                apart = block.kind == "table" or (bool(block.lead) and size >= LEAD_BREAK)
                if parts and not fresh and (full or apart):
                    yield Piece("\n".join(parts), section, _title(section, lead))
                    parts = self._carried(parts[-1], len(text)) if block.kind == "text" else []
                    lead, fresh = "", True
                lead = lead or (block.lead if fresh else "")
                parts.append(text)
                fresh = False
        yield Piece("\n".join(parts), section, _title(section, lead))

    def _carried(self, before: str, room: int) -> list[str]:
        """The last sentence of the passage before, where it is short enough."""
        last = sentences(before)[-1].strip() if CELL not in before else ""
        return [last] if 0 < len(last) <= min(self._chunk_overlap, self._chunk_size - room) else []

    def _fitting(self, block: Block) -> list[str]:
        """A block's text in parts that fit a passage."""
        room = self._chunk_size - self._chunk_overlap
        if block.kind == "table":
            return _table_parts(block.text.split("\n"), room)
        return [block.text] if len(block.text) <= self.target * 1.25 else packed(sentences(block.text), self.target)


def sentences(text: str) -> list[str]:
    """The sentences of a text; joined they are the text again."""
    return [s for s in _SENTENCE.findall(text) if s] or [text]


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
    for pattern in _PARTS:
        parts: list[str] = []
        for part in pattern.findall(sentence):
            if parts and len(parts[-1]) + len(part) <= size:
                parts[-1] += part
            else:
                parts.append(part)
        if max(map(len, parts), default=size + 1) <= size:
            return parts
    return [sentence[at : at + size] for at in range(0, len(sentence), size)]


def _tables_joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Rows of a table become one block, with the caption before or after it as its first line."""
    groups = [(kind, list(g)) for kind, g in groupby(blocks, key=lambda b: b.kind)]
    used: set[int] = set()
    for at, (kind, group) in enumerate(groups):
        if kind != "table":
            yield from (b for b in group if id(b) not in used)
            continue
        caption = _caption_near(groups, at, used)
        rows = "\n".join(b.text for b in group)
        lead = caption.text if caption else ""
        yield replace(group[0], text=f"{lead}\n{rows}".strip("\n"), lead=lead)


def _caption_near(groups: Sequence[tuple[str, list[Block]]], at: int, used: set[int]) -> Block | None:
    for near, index in ((at - 1, -1), (at + 1, 0)):
        if 0 <= near < len(groups) and groups[near][0] == "caption":
            used.add(id(groups[near][1][index]))
            return groups[near][1][index]
    return None


def _table_parts(lines: Sequence[str], room: int) -> list[str]:
    """A table in parts of whole rows, each with the caption and the header."""
    first = next(at for at, line in enumerate(lines) if CELL in line)
    head = [*lines[:first], _row(lines[first])]
    parts: list[list[str]] = [[]]
    for line in lines[first + 1 :]:
        for row in _row_parts(line, lines[first], room - sum(map(len, head))):
            if parts[-1] and sum(map(len, head + parts[-1])) + len(row) > room:
                parts.append([])
            parts[-1].append(row)
    return ["\n".join(head + rows) for rows in parts]


def _row(line: str) -> str:
    return " | ".join(line.split(CELL))


def _row_parts(line: str, header: str, room: int) -> list[str]:
    """A row; one too long for a passage is given cell by cell, each with the row's and the column's name."""
    row = _row(line)
    if len(row) <= room:
        return [row]
    names, (name, *cells) = header.split(CELL), line.split(CELL)
    labelled = [f"{name} | {names[at] if at < len(names) else ''} | {cell}" for at, cell in enumerate(cells, 1) if cell]
    return [part for cell in labelled for part in (_broken(cell, max(room, 100)) if len(cell) > room else [cell])]


def _title(section: tuple[str, ...], lead: str) -> str:
    """What a passage is about: its lead under its heading, or the last two headings."""
    names = [*section, lead] if lead and lead not in section else list(section)
    return " · ".join(names[-2:])[:80]
