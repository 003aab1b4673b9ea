"""The assessment in a conversation: what a message is to the question that waits, and the call that goes on with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.history import Call, Turn
from core.errors import BadInput
from corpus.words import lexicon
from tools.choices import EXACT, choices, chosen
from tools.questionnaire import Question, find, questions, read_answers
from tools.replies import kind_of

TOOL, ANSWERS = "maturity", "答案"
VIEW, ASK, UNREAD = "只看", "问", "没对上"
"""Arguments that hold for one call only: what is shown, which question comes next, a reply that was not understood."""
ONE_BY_ONE = "题"
ANSWERING = {"unknown": "不知道", "skip": "跳过", "not_applicable": "不适用", "none": "都没有", "all": "都有"}
LETTER = 3
"""Longest reply that is taken for a choice though something else was spoken of between: 选C."""
SHORT = 8
"""Longest reply to which it is said that it fits no choice; a longer one, or a word of the field, is a message of its own."""
GO_ON = "继续评测"
"""What is said to take an assessment up again."""
INSTEAD = ("不知道", "不适用", "跳过", "上一题", "看结果", "先不做了")
_ASKING = re.compile(r"[?？]|什么|怎么|为什么|哪")
_OF_QUESTION = re.compile(r"[:：，, ]*(?:这题|那题)?(?:改成|改为|应该是|应该选|是|选|答)?[:：，, ]*")


@dataclass(frozen=True)
class Waiting:
    """An assessment in the conversation. here: its question was put in the last turn."""

    call: Call
    here: bool

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.call.arguments.get(ANSWERS) or {})

    def with_answers(self, answers: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """The arguments of the next call."""
        lasting = {k: v for k, v in self.call.arguments.items() if k not in (VIEW, ASK, UNREAD)}
        return {**lasting, ANSWERS: dict(answers), VIEW: ONE_BY_ONE, **more}


def waiting(turns: Sequence[Turn]) -> Waiting | None:
    """The newest assessment of a conversation."""
    at = next((n for n, turn in enumerate(reversed(turns)) if turn.call and turn.call.tool == TOOL), None)
    call = None if at is None else turns[-1 - at].call
    return Waiting(call, at == 0) if call else None


def plain_reply(text: str, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments of the call that a reply leads to which can mean nothing else: B, 不知道, 上一题, 先不做了."""
    on = waiting(turns)
    if on is None:
        return None
    kind, pending = kind_of(text), on.call.pending
    if kind in {"result", "resume", "restart", "again"} and (on.here or on.answers):
        return _ordered(on, kind)
    if kind in {"end", "back"}:
        return _ordered(on, kind) if on.here or (kind == "back" and pending) else None
    if kind in ANSWERING and on.here and pending:
        return _answered(on, find(pending), ANSWERING[kind])
    if (named := _named(text)) and (on.here or on.answers):
        return _answered(on, *named)
    if pending and on.here and _two_ways(find(pending), text.strip()):
        return on.with_answers(on.answers, **{ASK: pending, UNREAD: text.strip()})
    if pending and (on.here or len(text.strip()) <= LETTER) and _fits(find(pending), text, like=False):
        return _answered(on, find(pending), text.strip())
    return None


def free_reply(text: str, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments of the call that an answer in somebody's own words leads to: 用excel, 扫码报工."""
    on = waiting(turns)
    if on is None or not on.here or not on.call.pending or _ASKING.search(text):
        return None
    asked = find(on.call.pending)
    return _answered(on, asked, text.strip()) if _fits(asked, text, like=True) else None


def unread_reply(text: str, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments with which the question is put again after a short reply that fits none of its choices and asks nothing."""
    on = waiting(turns)
    if on is None or not on.here or not on.call.pending or _ASKING.search(text) or len(text.strip()) > SHORT:
        return None
    words = lexicon()
    if text.strip() in words.words or any(pos in {"eng", "m", "ns", "nt"} for _, pos in words.tagged(text)):
        return None
    return on.with_answers(on.answers, **{ASK: on.call.pending, UNREAD: text.strip()})


def started(arguments: Mapping[str, Any], turns: Sequence[Turn]) -> dict[str, Any]:
    """The arguments of an assessment that is asked for: what was answered earlier in the conversation still counts."""
    on = waiting(turns)
    return {**arguments, ANSWERS: on.answers, VIEW: ONE_BY_ONE} if on and on.answers else dict(arguments)


def suggested(suggestions: Sequence[str], turns: Sequence[Turn], call: Call | None) -> tuple[str, ...]:
    """What is suggested under an answer: beside a question of an assessment what may be said to it instead of a choice.

    While one waits, under an answer to something else, first of all to go on with it.
    """
    if call and call.tool == TOOL:
        return INSTEAD if call.pending else tuple(suggestions)
    on = waiting(turns)
    return (GO_ON, *suggestions) if on and on.call.pending else tuple(suggestions)


def _ordered(on: Waiting, kind: str) -> dict[str, Any]:
    """The arguments of the call for an order: see the result, go on, begin anew, take up what was passed over, go back, end."""
    answers = on.answers
    if kind == "restart":
        return on.with_answers({})
    if kind == "again":
        passed = read_answers(answers).open
        return on.with_answers({k: v for k, v in answers.items() if find(k).key not in passed})
    if kind == "back":
        keys = [find(key).key for key in answers]
        at = keys.index(on.call.pending) if on.call.pending in keys else len(keys)
        return on.with_answers(answers, **{ASK: keys[max(0, at - 1)]}) if keys else on.with_answers(answers)
    view = {"result": "结果", "end": "结束"}.get(kind)
    return on.with_answers(answers, **({VIEW: view} if view else {}))


def _answered(on: Waiting, asked: Question, value: str) -> dict[str, Any]:
    """The arguments with one more answer, or with the question put again where the answer contradicts itself."""
    known = {find(key).key: kept for key, kept in on.answers.items()}
    try:
        read_answers({asked.key: value})
    except BadInput:
        return on.with_answers(known, **{ASK: asked.key, UNREAD: value})
    return on.with_answers({**known, asked.key: value})


def _fits(asked: Question, text: str, like: bool) -> bool:
    """Whether a text answers a question, or at least speaks of its choices though it contradicts itself."""
    try:
        if not like:
            return bool(chosen(asked.row, text.strip(), EXACT))
        read_answers({asked.key: text})
    except BadInput as exc:
        return "对不上，请只留一种" in exc.message or ("只能选一个" in exc.message and not like)
    return True


def _two_ways(asked: Question, text: str) -> bool:
    """Whether a bare number may be the place of a choice as well as a level or a percentage."""
    offered = choices(asked.row)
    measured = not asked.is_item or offered[-1].high is not None
    return text.isdecimal() and measured and int(text[:4]) <= len(offered)


def _named(text: str) -> tuple[Question, str] | None:
    """(question, answer) of a message that names the question that it answers: 仓储物流选C."""
    for question in questions():
        if text.startswith(question.row.name):
            rest = text[len(question.row.name) :]
            said = rest[hit.end() :] if (hit := _OF_QUESTION.match(rest)) else rest
            if said.strip() and _fits(question, said, like=False):
                return question, said.strip()
    return None
