"""What became of one question: the reply, what it should have held, and what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.types import Answer
from eval.arguments import arguments_hit
from eval.metrics import facts_found
from eval.questions import Need, Qa, Row, ToolCase, Unanswerable


@dataclass(frozen=True)
class Reply:
    """The answer to a row's last turn. first_ms: until something was shown; total_ms: until it was finished."""

    answer: Answer
    first_ms: float
    total_ms: float


@dataclass(frozen=True)
class Outcome:
    """One scored question. rank: place of the evidence among the retrieved originals, None where not found.

    searched: whether originals were searched for this row. correct: the answer as a whole is right (see `score`).
    intent: what was wanted: a tool, knowledge, or to be declined; declined: whether the answer declines or asks back. figures: how many figures the answer states; unfounded: those that stand in nothing that it stands on.
    """

    id: str
    file: str
    sort: str
    kind: str
    style: str
    sources: tuple[str, ...]
    question: str
    answer: str
    refused: bool
    confidence: float
    first_ms: float
    total_ms: float
    correct: bool
    facts: tuple[bool, ...] = ()
    cited: tuple[str, ...] = ()
    expect: str = ""
    searched: bool = False
    rank: int | None = None
    turns: int = 1
    tool_expected: str = ""
    tool_called: str = ""
    arguments: dict[str, bool] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    intent: str = ""
    declined: bool = False
    figures: int = 0
    unfounded: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def score(row: Row, reply: Reply, file: str, searched: bool = False, rank: int | None = None) -> Outcome:
    """Score a reply against its row.

    qa: every fact found and not refused. refuse: refused. correct_premise: every fact found and not refused.
    tools: the expected tool was called, or none where none was expected. needs: every point found, and declined or asked back
    where it is to be.
    """
    answer = reply.answer
    blank = Outcome(
        id=row.id,
        file=file,
        sort="tools",
        kind="",
        style="",
        sources=(),
        question=" ▸ ".join(row.turns),
        answer=answer.text,
        refused=answer.refused,
        confidence=answer.confidence,
        first_ms=reply.first_ms,
        total_ms=reply.total_ms,
        correct=False,
        cited=tuple(dict.fromkeys(c.source_id for c in answer.citations)),
        searched=searched,
        rank=rank,
        turns=len(row.turns),
        tool_called=answer.tool.name if answer.tool else "none",
    )
    if isinstance(row, ToolCase):
        return _score_tool(row, answer, blank)
    return _score_need(row, answer, blank) if isinstance(row, Need) else _score_answer(row, answer, blank)


def declines(expect: str) -> bool:
    """Whether an item is to be declined, or asked back about."""
    return expect in {"refuse", "clarify"}


def asks_back(answer: Answer) -> bool:
    """Whether an answer asks for what it lacks, or declines."""
    result = answer.tool.result if answer.tool else {}
    return answer.refused or "error" in result or bool(result.get("asks"))


def _score_need(row: Need, answer: Answer, blank: Outcome) -> Outcome:
    facts = facts_found(row.must, answer.text)
    wanted, declined = row.wanted_tool, asks_back(answer)
    faults = [f"缺要点“{points[0]}”" for points, ok in zip(row.must, facts, strict=True) if not ok]
    if declines(row.expect) and not declined:
        faults.append("该拒答或反问的没有")
    if not declines(row.expect) and answer.refused:
        faults.append("误拒")
    if wanted and blank.tool_called != wanted:
        faults.append(f"该用 {wanted}，用了 {blank.tool_called}")
    hits = arguments_hit(row.args, answer.tool.arguments) if answer.tool and wanted == blank.tool_called else {}
    return replace(
        blank,
        sort="needs",
        kind=row.kind or ("conversation" if blank.turns > 1 else "single"),
        style=row.style,
        expect=row.expect,
        intent=wanted or (row.about or row.expect if declines(row.expect) else "knowledge"),
        facts=facts,
        declined=declined,
        tool_expected=wanted,
        arguments=hits,
        correct=all(facts) and (declined if declines(row.expect) else not answer.refused),
        faults=tuple(faults),
    )


def _score_tool(row: ToolCase, answer: Answer, blank: Outcome) -> Outcome:
    correct = blank.tool_called == row.tool
    hits = arguments_hit(row.args, answer.tool.arguments) if correct and answer.tool else {}
    faults = [f"参数“{name}”不对（应为 {row.args[name]}）" for name, ok in hits.items() if not ok]
    if not correct:
        faults.append(f"该用 {row.tool}，用了 {blank.tool_called}")
    return replace(blank, kind=row.tool, tool_expected=row.tool, correct=correct, arguments=hits, faults=tuple(faults))


def _score_answer(row: Qa | Unanswerable, answer: Answer, blank: Outcome) -> Outcome:
    facts = facts_found(row.facts, answer.text)
    expect = row.expect if isinstance(row, Unanswerable) else "answer"
    faults = _faults(row, answer, facts, expect)
    if blank.searched and blank.rank is None:
        faults.append("原文证据没检索到")
    return replace(
        blank,
        sort="qa" if isinstance(row, Qa) else "unanswerable",
        kind=row.kind,
        style=row.style,
        sources=row.sources,
        expect=expect,
        correct=answer.refused if expect == "refuse" else all(facts) and not answer.refused,
        facts=facts,
        faults=tuple(faults),
    )


def _faults(row: Qa | Unanswerable, answer: Answer, facts: tuple[bool, ...], expect: str) -> list[str]:
    if expect == "refuse":
        return [] if answer.refused else ["该拒答没拒"]
    found = ["误拒"] if answer.refused else []
    found += [f"缺要点“{wordings[0]}”" for wordings, ok in zip(row.facts, facts, strict=True) if not ok]
    wrong = sorted({c.source_id for c in answer.citations} - set(row.sources)) if row.sources else []
    if wrong and not answer.refused:
        found.append(f"引用了别的文档：{'、'.join(wrong)}")
    return found
