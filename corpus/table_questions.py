"""The questions over tables that understanding them is learnt from: corpus/utterances/tables/*.yaml.

Each file is a table as an office keeps it, made up by a person who plays a user, with questions about it and what each asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BadKnowledge
from core.text import squeeze
from corpus.cards import CORPUS
from corpus.tables import field_of, said

FOLDER = "tables"
Asks = Literal[
    "count", "list", "sum", "average", "most", "least", "first", "last", "cell", "row", "member", "share", "difference",
    "group_most", "group_least", "group_each", "group_average_most", "compare", "check", "absent",
]  # fmt: skip
"""What a question may ask of a table; what each is stands in docs/knowledge.md."""
OPERATIONS: tuple[Asks, ...] = get_args(Asks)
Relation = Literal["=", "!=", ">", ">=", "<", "<=", "in", "has", "before", "after"]
_OF_COLUMN = frozenset({"sum", "average", "most", "least", "first", "last", "cell"})
_OF_GROUPS = frozenset({"group_most", "group_least", "group_each", "group_average_most"})


class Question(BaseModel):
    """A question and what it asks. where: column, relation, value; n: how many of the first; rank: 2 for the second."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    q: Annotated[str, Field(min_length=1, max_length=300)]
    op: Asks
    column: str = ""
    by: str = ""
    where: tuple[tuple[str, Relation, Any], ...] = ()
    n: Annotated[int, Field(ge=1)] = 1
    rank: Annotated[int, Field(ge=1)] = 1


class AskedTable(BaseModel):
    """A table and what is asked of it. unit: what stands above it (单位：万元), empty where nothing does."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    unit: str = ""
    columns: Annotated[tuple[str, ...], Field(min_length=2)]
    rows: Annotated[tuple[tuple[Any, ...], ...], Field(min_length=1)]
    asked: tuple[Question, ...]

    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The rows as text."""
        return tuple(tuple("" if cell is None else str(cell) for cell in row) for row in self.rows)


def question_files(corpus: Path = CORPUS) -> list[Path]:
    """The files, one a table; none where there is no such folder."""
    return sorted((corpus / "utterances" / FOLDER).glob("*.yaml"))


def load_asked_table(path: Path) -> AskedTable:
    """One file. Raises BadKnowledge where it is wrong."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return AskedTable.model_validate(yaml.load(path.read_text("utf-8"), loader))
    except ValidationError as exc:
        error = exc.errors()[0]
        raise BadKnowledge(f"{path.name} 的字段 {field_of(error)} 不对：{said(error)}。", "改好再试。") from exc
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise BadKnowledge(f"utterances/{FOLDER}/{path.name} 读不了。", "照旁边的文件写。") from exc


def table_question_faults(corpus: Path = CORPUS) -> Iterator[str]:
    """What is wrong with the tables and their questions, a sentence each."""
    for path in question_files(corpus):
        try:
            table = load_asked_table(path)
        except BadKnowledge as exc:
            yield exc.message
            continue
        yield from (f"{path.name}：{fault}" for fault in _faults(table))


def _faults(table: AskedTable) -> Iterator[str]:
    width, names = len(table.columns), set(table.columns)
    yield from (
        f"第 {at} 行有 {len(row)} 格，表头有 {width} 格。" for at, row in enumerate(table.rows, 1) if len(row) != width
    )
    seen = set[str]()
    for one in table.asked:
        if squeeze(one.q) in seen:
            yield f"“{one.q}”写了两次，留一处。"
        seen.add(squeeze(one.q))
        used = [*filter(None, (one.column, one.by)), *(column for column, _, _ in one.where)]
        yield from (f"“{one.q}”写的列 {name} 表里没有。" for name in used if name not in names)
        if one.op in _OF_COLUMN and not one.column:
            yield f"“{one.q}”的 {one.op} 要写 column。"
        if one.op in _OF_GROUPS and not one.by:
            yield f"“{one.q}”的 {one.op} 要写 by。"
        yield from _value_faults(one, table)


def _value_faults(one: Question, table: AskedTable) -> Iterator[str]:
    """Values that are to equal a cell, and equal none."""
    cells = table.cells()
    for column, relation, value in one.where:
        if column not in table.columns or relation not in {"=", "in"}:
            continue
        held = {row[at] for row in cells if (at := table.columns.index(column)) < len(row)}
        told = value if isinstance(value, list) else [value]
        yield from (f"“{one.q}”写的 {each} 不在列 {column} 里。" for each in told if str(each) not in held)
