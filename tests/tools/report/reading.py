"""What report files say, read back as a reader's program shows it, and the numbers in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from docx import Document
from openpyxl import load_workbook

from tools.outcome import AS_FILE, Outcome, source_line
from tools.report.pages import cell_text

ENDINGS = (".pdf", ".docx", ".xlsx")
NUMBER = re.compile(r"(?<![A-Za-z0-9])-?\d+(?:[,.]\d+)*")

UNSEEN = {
    "id", "card", "source", "as_of", "n", "level", "low", "high", "day", "arguments", "applicant", "answers", "questions",
    "next_question", "certain", "readings", "stages", "estimate", "days_left", "pilot_city", "counts", "valid_from", "valid_until",
    "start", "end", "conflicts", "below_percent", "total", "employees", "systems_wan", "bands_wan", "not_shown", "score_low", "score_high",
}  # fmt: skip
"""Keys of a result whose numbers are told in words elsewhere in it, or told to programs only."""


def pdf_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def docx_text(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def numbered_docx_text(path: Path) -> str:
    """The text with the numbers that Word puts before the items of lists."""
    from docx.oxml.ns import qn

    document = Document(str(path))
    numbering = document.part.numbering_part.numbering_definitions._numbering
    counts: dict[int, int] = {}
    lines = []
    for paragraph in document.paragraphs:
        properties = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
        if properties is None:
            lines.append(paragraph.text)
            continue
        number = properties.numId.val
        first = numbering.num_having_numId(number).find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}")
        counts[number] = counts.get(number, int(first.get(qn("w:val"))) - 1) + 1
        lines.append(f"{counts[number]}. {paragraph.text}")
    return "\n".join(lines)


def xlsx_text(path: Path) -> str:
    values = (cell.value for sheet in load_workbook(path) for row in sheet for cell in row)
    return "\n".join(cell_text(float(v)) if isinstance(v, (int, float)) else str(v) for v in values if v is not None)


def text_of(path: Path) -> str:
    return {".pdf": pdf_text, ".docx": docx_text, ".xlsx": xlsx_text}[path.suffix](path)


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def told(outcome: Outcome) -> Iterator[str]:
    """Every text and number of a result that people are meant to see."""
    yield outcome.text
    yield from (step for step in outcome.next_steps if step != AS_FILE)
    yield source_line(outcome.citations)
    yield from _told(_first_in_full(outcome.data))


def _first_in_full(data: dict[str, Any]) -> dict[str, Any]:
    """Without what to spend on, to hand in and to do first for the programmes that are only listed."""
    if "programmes" not in data or "shown" not in data:
        return data
    listed = {"eligible", "excluded", "materials", "steps"}
    rows = [
        p if p["id"] in data["shown"] else {key: part for key, part in p.items() if key not in listed}
        for p in data["programmes"]
    ]
    return {**data, "programmes": rows}


def _told(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("group") != "elsewhere":
            for key, part in value.items():
                if key not in UNSEEN:
                    yield from _told(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _told(part)
    elif isinstance(value, float):
        yield cell_text(value)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def lost(outcome: Outcome, path: Path) -> set[str]:
    """The numbers of a result that its file does not show."""
    return {n for part in told(outcome) for n in numbers(part)} - numbers(text_of(path))
