"""The notices that reading is learnt from (corpus/utterances/notices), cut into clauses as a document of a user's is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.document.clauses import Clause, clauses, shared_words
from assistant.document.stretches import stretches
from assistant.notices import without_title
from core.text import bare
from core.types import Passage
from corpus.cards import CORPUS
from corpus.utterances import Notice, NoticeAsked, load_notices
from ingest.parsed import Element, Paragraph, Table
from ingest.split import ChineseStructureSplitter

SAME = 0.8
"""A clause that shares so much with a line that answers is of it."""
CELLS = 0.9
"""Of a row of a table a clause must hold so much."""


@dataclass(frozen=True)
class Read:
    """A notice as it is compared. questions, clauses: their texts, clauses that set several days also by their stretches; answers:
    (questions, clauses), whether a clause answers; words: of the same shape, what words they share; kinds, says: of each question;
    sets_a_day: (clauses,), whether a clause or stretch sets one day.
    """

    name: str
    questions: tuple[str, ...]
    clauses: tuple[Clause, ...]
    answers: np.ndarray
    words: np.ndarray
    kinds: tuple[str, ...]
    says: tuple[str, ...]
    sets_a_day: np.ndarray


def read_notices(corpus: Path = CORPUS) -> list[Read]:
    """Every notice with its questions. Raises BadKnowledge where one is wrong."""
    return [_read(notice) for notice in load_notices(corpus)]


def _read(notice: Notice) -> Read:
    pieces = ChineseStructureSplitter().passages(_elements(notice))
    passages = [
        Passage(passage_id=f"#{at}", source_id="", title=notice.title, text=piece.text, origin="document", section=piece.section)
        for at, piece in enumerate(pieces)
    ]  # fmt: skip
    whole = clauses(passages)
    cut = [stretches(clause, notice.published) for clause in whole]
    parts = [part for clause, parts in zip(whole, cut, strict=True) for part in parts if part is not clause]
    found = (*whole, *parts)
    sets_a_day = [parts == [clause] for clause, parts in zip(whole, cut, strict=True)] + [True] * len(parts)
    asked = [one for one in notice.asked if not one.at or any(_answers(notice, one, found))]
    questions = tuple(without_title(one.q, notice.title) for one in asked)
    return Read(
        notice.title,
        questions,
        found,
        np.array([_answers(notice, one, found) for one in asked], dtype=bool),
        np.array([shared_words(text, found) for text in questions], dtype=np.float32),
        tuple(one.kind for one in asked),
        tuple(one.says for one in asked),
        np.array(sets_a_day, dtype=bool),
    )


def _elements(notice: Notice) -> list[Element]:
    """The lines as a reader would give them; rows of a table that follow one another are one table."""
    out: list[Element] = []
    rows: list[tuple[str, ...]] = []
    for line in (*notice.lines, ""):
        if line.strip().startswith("|"):
            rows.append(_cells(line))
            continue
        if rows:
            longest = max(map(len, rows))
            out.append(Table(tuple((*row, *[""] * (longest - len(row))) for row in rows)))
            rows = []
        if line.strip():
            out.append(Paragraph(line))
    return out


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _answers(notice: Notice, asked: NoticeAsked, found: Sequence[Clause]) -> list[bool]:
    lines = [notice.lines[at - 1] for at in asked.at]
    part = _squeezed(asked.part)
    return [
        any(_is_of(clause.text, line) for line in lines)
        and (not part or part in (text := _squeezed(clause.text)) or text in part)
        for clause in found
    ]


def _is_of(text: str, line: str) -> bool:
    """Whether a clause is of a line."""
    own, whole = _squeezed(text), _squeezed(line)
    if own and (own in whole or whole in own):
        return True
    if line.strip().startswith("|"):
        cells = set().union(*(_pairs(_squeezed(cell)) for cell in _cells(line)))
        return len(_pairs(own)) > 3 and len(cells & _pairs(own)) >= CELLS * len(cells)
    return len(_pairs(own) & _pairs(whole)) >= SAME * len(_pairs(own))


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", bare(text))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}
