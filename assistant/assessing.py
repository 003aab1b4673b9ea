"""The assessment in a conversation: what a message is to the question that waits, and the call that goes on with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.history import Call, Turn
from assistant.question import QUESTION_WORD
from core.errors import BadInput
from corpus.words import lexicon
from tools.firm.extraction import clauses, same_system, system_words, systems
from tools.firm.scenes import AREA_SCENES
from tools.maturity.choices import EXACT, choices, chosen, does_not_fit
from tools.maturity.questionnaire import Question, find, questions, read_answers
from tools.maturity.replies import kind_of
from tools.maturity.subjects import numbered, spoken_of, without_name

TOOL, ANSWERS, SYSTEMS = "maturity", "答案", "已用系统"
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
_ASKING = re.compile(r"[?？]|什么|怎么|为什么|哪|多少|多久|吗")
_NOTHING = re.compile(r"(?:没有?|不)(?:什么|啥|怎么|几)")
_LETTERS = re.compile(r"[A-Za-z]|[A-Oa-o]{2,4}")
_OF_QUESTION = re.compile(r"[:：，, ]*(?:这题|那题)?(?:改成|改为|应该是|应该选|是|选|答)?[:：，, ]*")


@dataclass(frozen=True)
class Waiting:
    """An assessment in the conversation. here: its question was put in the last turn; asked_since: another tool asked back since."""

    call: Call
    here: bool
    asked_since: bool = False

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
    since = [turn.call for turn in turns[len(turns) - at :]] if at else []
    return Waiting(call, at == 0, any(other and other.asks for other in since)) if call else None


def plain_reply(text: str, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments of the call that a reply leads to which can mean nothing else: B, 不知道, 上一题, 先不做了."""
    on = waiting(turns)
    if on is None:
        return None
    kind, pending = kind_of(text), on.call.pending
    if gone := _stopped(on, text):
        return gone
    if kind in {"result", "resume", "restart", "again"} and (on.here or on.answers):
        return _ordered(on, kind)
    if kind in {"end", "back"}:
        return _ordered(on, kind) if on.here or (kind == "back" and pending) else None
    if kind in ANSWERING and pending and (on.here or not on.asked_since):
        return _answered(on, find(pending), ANSWERING[kind])
    if (on.here or on.answers) and (of_others := _of_others(on, text)):
        return of_others
    if pending and on.here and _two_ways(find(pending), text.strip()):
        return on.with_answers(on.answers, **{ASK: pending, UNREAD: text.strip()})
    if pending and (on.here or len(text.strip()) <= LETTER) and _fits(find(pending), text, like=False):
        return _answered(on, find(pending), text.strip())
    if pending and on.here and len(text.strip()) == 1 and _LETTERS.fullmatch(text.strip()):
        return on.with_answers(on.answers, **{ASK: pending, UNREAD: text.strip()})
    return None


def free_reply(text: str, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments of the call that an answer in somebody's own words leads to: 用excel, 扫码报工."""
    on = waiting(turns)
    if on is None or not on.here or not on.call.pending or _ASKING.search(text):
        return None
    asked = find(on.call.pending)
    if set(_spoken_of(on, text)) - {"", asked.key}:
        return None  # it speaks of another question
    return _answered(on, asked, text.strip()) if _fits(asked, text, like=True) else None


def unread_reply(text: str, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments with which the question is put again after a short reply that fits none of its choices and asks nothing."""
    on = waiting(turns)
    if on is None or not on.here or not on.call.pending or _ASKING.search(text) or len(text.strip()) > SHORT:
        return None
    if _LETTERS.fullmatch(text.strip()):
        return on.with_answers(on.answers, **{ASK: on.call.pending, UNREAD: text.strip()})
    words = lexicon()
    if text.strip() in words.words or any(pos in {"eng", "m", "ns", "nt"} for _, pos in words.tagged(text)):
        return None
    return on.with_answers(on.answers, **{ASK: on.call.pending, UNREAD: text.strip()})


def anew(turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments with which the result is shown as it stands by now; None where no assessment waits for an answer."""
    on = waiting(turns)
    return _ordered(on, "result") if on and on.here and on.call.pending else None


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


def _of_others(on: Waiting, text: str) -> dict[str, Any] | None:
    """The arguments of the call that a message leads to which answers other questions than the one that waits.

    A question is told by its place (第一题应该是C) or by its name (仓库其实是表格). What fits none of its choices is never
    put down under the question that waits: the one spoken of is put instead.
    """
    known = {find(key).key: kept for key, kept in on.answers.items()}
    order = list(known)
    if told := numbered(text, order, order.index(on.call.pending) if on.call.pending in order else len(order)):
        asked, rest = told
        if not on.here and not (kind_of(rest) or _read(asked, rest)):
            return None
        said = _read(asked, rest)
        return on.with_answers({**known, asked.key: said} if said else known, **({} if said else {ASK: asked.key}))
    of = {} if _asks(text) else _spoken_of(on, text)
    if not set(of) - {"", on.call.pending}:
        return None
    answers, unread = dict(known), dict[str, str]()
    for key, parts in of.items():
        if not key and (not on.call.pending or len(of) > 1):
            continue
        asked = find(key or on.call.pending)
        if said := _read(asked, "，".join(parts), like=on.here):
            answers[asked.key] = said
        else:
            unread[asked.key] = "，".join(parts)
    if not on.here and answers == known:
        return None
    first = next((key for key in unread if key not in answers), "")
    return on.with_answers(answers, **({ASK: first, UNREAD: unread[first]} if first else {}))


def _spoken_of(on: Waiting, text: str) -> dict[str, list[str]]:
    """The clauses by the questions that they speak of; what is a choice of the item that waits speaks of that."""
    waits = find(on.call.pending) if on.call.pending else None
    if waits and ((waits.is_item and _fits(waits, text, like=True)) or does_not_fit(waits.row, text)):
        return {}
    if other := next((q.key for q in questions() if not q.is_item and does_not_fit(q.row, text)), ""):
        return {other: [text]}
    return spoken_of(text)


def _asks(text: str) -> bool:
    """Whether a text asks; 没啥, 没什么 and 不怎么 deny."""
    return bool(QUESTION_WORD.search(_NOTHING.sub("", text)))


def _read(asked: Question, said: str, like: bool = True) -> str:
    """The part of what was said that answers a question: all of it, or what follows 应该是, 改成, its name; empty where none does."""
    rest = without_name(said)
    bare_answer = rest[hit.end() :] if (hit := _OF_QUESTION.match(rest)) else rest
    parts = [part for part in clauses(said) if part]
    last = [part[hit.end() :] if (hit := _OF_QUESTION.match(part)) else part for part in reversed(parts)]
    for one in (bare_answer.strip(), *last) if len(bare_answer.strip()) <= SHORT else (said, *last):
        if one.strip() and kind_of(one) in {"", *ANSWERING} and _fits(asked, one.strip(), like):
            return ANSWERING.get(kind_of(one), one.strip())
    return said if _fits(asked, said, like) else ""


def _stopped(on: Waiting, text: str) -> dict[str, Any] | None:
    """The arguments without the answers that a system stood for which is said to be not there: 不对，MES停用了."""
    gone = systems(text)[1]
    if not gone or not (on.here or on.answers) or _asks(text):
        return None
    kept = {key: said for key, said in on.answers.items() if not _names(said, gone)}
    arguments = on.with_answers(kept)
    for name in (SYSTEMS, *AREA_SCENES):
        if isinstance(said := arguments.get(name), (str, list)):
            arguments[name] = [one for one in ([said] if isinstance(said, str) else said) if not _names(one, gone)]
    if arguments == on.with_answers(on.answers):
        return None
    rest = "，".join(
        part for part in clauses(text) if not _names(part, gone) and kind_of(part) not in {"aside", "denied"}
    )
    after = replace(on, call=replace(on.call, arguments=arguments))
    if other := _of_others(after, rest):
        return other
    waits = find(on.call.pending) if rest and on.here and on.call.pending else None
    return _answered(after, waits, rest) if waits and _fits(waits, rest, like=True) else arguments


def _names(said: object, systems_gone: Sequence[str]) -> bool:
    """Whether words name one of several systems."""
    named = [words for words, _ in system_words(said)] if isinstance(said, str) else []
    return any(same_system(one, other) for one in named for other in systems_gone)
