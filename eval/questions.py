"""Question files: JSON lines of four sorts, told apart by their fields.

qa            question or turns, with any of facts, evidence, sources
unanswerable  question with expect: refuse | correct_premise
tools         input or turns, with tool and args
needs         question or turns, with must (the points of a good answer), expect, and a criterion for readers
Of several turns the last one counts; the earlier ones are asked first, in the same conversation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from core.errors import BadFile

Facts = tuple[tuple[str, ...], ...]
"""One entry a point; inside, the wordings of that point, any of which counts."""


@dataclass(frozen=True)
class Qa:
    """A question that the documents answer."""

    id: str
    turns: tuple[str, ...]
    kind: str = ""
    style: str = ""
    sources: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    facts: Facts = ()

    @property
    def question(self) -> str:
        return self.turns[-1]


@dataclass(frozen=True)
class Unanswerable:
    """A question to be refused, or one whose premise is to be corrected."""

    id: str
    turns: tuple[str, ...]
    expect: Literal["refuse", "correct_premise"]
    kind: str = ""
    style: str = ""
    sources: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    facts: Facts = ()

    @property
    def question(self) -> str:
        return self.turns[-1]


@dataclass(frozen=True)
class ToolCase:
    """Input that should call a tool, or none. args: Chinese argument names, as in the question files' README."""

    id: str
    turns: tuple[str, ...]
    tool: str
    args: dict[str, Any] = field(default_factory=dict)
    near_miss: str = ""

    @property
    def question(self) -> str:
        return self.turns[-1]


@dataclass(frozen=True)
class Need:
    """Something that a real user wants. must: the points of a good answer; expect: answer, refuse, clarify, or a tool's name.

    criterion: by what a reader grades 0, 1 or 2; about: of an item to decline, why; tool, args: where a tool is to run.
    """

    id: str
    turns: tuple[str, ...]
    expect: str
    must: Facts = ()
    kind: str = ""
    style: str = ""
    about: str = ""
    tool: str | None = None
    args: dict[str, Any] = field(default_factory=dict)
    criterion: str = ""

    @property
    def question(self) -> str:
        return self.turns[-1]

    @property
    def wanted_tool(self) -> str:
        """The tool that is to run; "" where the knowledge may answer as well."""
        return self.tool or ("" if self.expect in {"answer", "refuse", "clarify", "tool"} else self.expect)


Row = Qa | Unanswerable | ToolCase | Need
_ADAPTERS: dict[type, TypeAdapter[Any]] = {sort: TypeAdapter(sort) for sort in (Qa, Unanswerable, ToolCase, Need)}
_FORMAT = (
    "每行一个 JSON 对象：问答题有 question 和 facts，拒答题有 question 和 expect，工具题有 input（或 turns）和 tool，"
    "需求题有 question（或 turns）、expect 和 must。"
)
SETS = Path(__file__).parent / "sets"


def bundled_files() -> list[Path]:
    """The question sets that come with the program."""
    return sorted(SETS.glob("*.jsonl"))


def read_questions(path: Path) -> list[Row]:
    """All rows of one file. A line that cannot be used is a BadFile that names the file and the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise BadFile(f"题库 {path} 读不出来。", "确认文件存在、是 UTF-8 编码的 .jsonl。") from exc
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _read_line(line, f"{path.name} 第 {number} 行")
        if row.id in seen:
            where = f"{path.name} 第 {number} 行"
            raise BadFile(f"{where}：编号 {row.id} 和第 {seen[row.id]} 行重复。", "每题用不同的 id。")
        seen[row.id] = number
        rows.append(row)
    if not rows:
        raise BadFile(f"题库 {path.name} 里没有题。", _FORMAT)
    return rows


def _read_line(line: str, where: str) -> Row:
    try:
        raw = json.loads(line)
    except ValueError as exc:
        raise BadFile(f"{where}：不是合法的 JSON。", _FORMAT) from exc
    if not isinstance(raw, dict) or "id" not in raw:
        raise BadFile(f"{where}：没有 id。", _FORMAT)
    sort = _sort(raw, where)
    values = {**raw, "id": str(raw["id"]), "turns": _turns(raw, where)}
    try:
        return _ADAPTERS[sort].validate_python(values)
    except ValidationError as exc:
        first = exc.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "?"
        raise BadFile(f"{where}：字段 {name} 缺少或不对（{first.get('input')!r}）。", _FORMAT) from exc


def _sort(raw: dict[str, Any], where: str) -> type[Row]:
    if "must" in raw:
        return Need
    if "tool" in raw:
        return ToolCase
    if "expect" in raw:
        return Unanswerable
    if raw.keys() & {"facts", "evidence", "sources"}:
        return Qa
    raise BadFile(f"{where}：看不出是哪一种题。", _FORMAT)


def _turns(raw: dict[str, Any], where: str) -> list[str]:
    turns = raw["turns"] if "turns" in raw else [raw.get("question", raw.get("input"))]
    if not isinstance(turns, list) or not turns or not all(isinstance(t, str) and t.strip() for t in turns):
        raise BadFile(f"{where}：没有题面。", "单轮用 question 或 input，多轮用 turns（一个列表）。")
    return turns
