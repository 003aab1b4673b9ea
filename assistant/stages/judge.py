"""Stage 6: what stands for each part: which reading of it, and the tool or the knowledge."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant import acts
from assistant.guard import judge as judge_passages
from assistant.history import Call, Turn
from assistant.question import read as read_question
from assistant.route import KNOWLEDGE, NOTE
from assistant.state import Desk, Looked, Part, Reply, State
from assistant.understand.limits import Limits
from core.text import bare, normalise
from corpus.row_names import firms
from tools.spec import computing, look_ups

CHANGING = frozenset({"revise", "slot", "reply"})
"""Ways of going on that change what a tool computes on."""
UNCHANGED = "和上面算的一样，没有变。问的要是里面的一处，说出是哪一处；情况或数变了，说新的。"
_MARK = re.compile(r"\[(\d+)\]")
NAMED = frozenset({"name", "firm"})
"""Reasons of a refusal that are due to a name."""


def judge(state: State) -> State:
    """Each part with what it is to be answered from."""
    last = state.turns[-1].call if state.turns else None
    parts = tuple(standing(state.desk, part, last) for part in state.parts)
    parts = tuple(once_more(part, state.turns[-1]) for part in parts) if last else parts
    lines = [_told(part.looked) for part in parts if part.looked]
    return state.deciding("判断", "；".join(lines), parts=parts, said=_noted(state, parts[0]))


def standing(desk: Desk, part: Part, last: Call | None) -> Part:
    """A part with what stands for it; a half-meant tool is weighed against either reading of it."""
    if part.computed is None or not part.route.half or part.looked_instead is None:
        return weighed(desk, better_read(desk, part), last)
    other = better_read(desk, replace(part, computed=None))
    given_way = weighed(desk, replace(other, computed=part.computed), last)
    return given_way if given_way.computed is None else weighed(desk, part, last)


def _noted(state: State, first: Part) -> Reply | None:
    """What is said to facts about the firm; None where the message tells none, or a trouble that the knowledge answers."""
    if first.route.tool != NOTE or _troubled(state.desk, first):
        return None
    noted = acts.told(state.text, state.known)
    return Reply(noted.text, about=state.topic.question or None) if noted else None


def _troubled(desk: Desk, part: Part) -> bool:
    """Whether a message that asks nothing has an answer all the same: 抄单抄错一扇赔八百. What surely only tells has none."""
    looked, limits = part.looked, desk.limits
    tells = part.means.of("tell") if part.means else 0.0
    if looked is None or not looked.told or tells >= limits.tool_alone:
        return False
    computes = part.means is not None and any(part.means.of(name) >= part.means.tool_meant for name in computing())
    beside = tells < limits.tool and not computes
    return looked.verdict.confidence >= (limits.card_beside if beside else limits.card)


def better_read(desk: Desk, part: Part) -> Part:
    """A part by the reading whose passages answer it better.

    The one that goes on from what was said before must answer surer, and the message's own words as well, for what it brings along
    from there finds something always; not these where the message rather goes on and alone has no answer.
    """
    alone, instead, limits = part.looked, part.looked_instead, desk.limits
    if alone is None or instead is None or not instead.told or part.computed:
        return part
    sure = alone.verdict.confidence if alone.told else min(alone.verdict.confidence, limits.told)
    if sure >= limits.alone or instead.verdict.confidence <= sure + limits.surer:
        return part
    likely = part.means is not None and part.means.goes_on >= limits.likely and not alone.told
    query = desk.retriever.analyse(part.text, desk.filters.spaces)
    own = judge_passages(read_question(part.text), query, instead.hits, desk.sources, desk.day).confidence
    if own < max(limits.told, sure - limits.less_told) and not likely:
        return part
    return replace(part, whole=part.instead, instead="", looked=instead, looked_instead=None)


def weighed(desk: Desk, part: Part, last: Call | None = None) -> Part:
    """A part whose half-meant tool gives way to a card that answers it for sure; one that may be meant, to any that answers.

    It gives way as well where it would only say again what it said last, where what the question takes for granted is wrong, and,
    a look-up, where the name that is asked about stands nowhere; one that computes nothing yet, also where it is surely meant.
    A half-meant one that lacks what it computes on gives way to any card that answers.
    last: the tool of the turn before.
    """
    looked, computed, means, limits = part.looked, part.computed, part.means, desk.limits
    knowledge = replace(part, route=KNOWLEDGE, computed=None)
    if looked and _of_named_firm(looked):
        return knowledge
    goes_on = last is not None and last.tool == part.route.tool
    if looked is None or not (part.route.half or (not goes_on and _only_begins(part, limits))):
        return part
    if part.route.tool in look_ups() and looked.verdict.kind == "refuse" and looked.verdict.reason in NAMED:
        return knowledge
    if not looked.told:
        return part
    unsure = means is not None and means.confidence < limits.tool and not (means.leans and goes_on)
    beside = means is None or means.label != part.route.tool or unsure
    fails = computed is None or "error" in computed.tool.result
    again = last is not None and (last.tool, last.arguments) == (part.route.tool, part.route.arguments)
    weak = beside or fails or _lacks(part)
    sure = again or looked.verdict.confidence >= (limits.card_beside if weak else limits.card_first)
    if sure or computed is None or (beside and fails) or looked.verdict.kind == "correct":
        return knowledge
    return part


def _lacks(part: Part) -> bool:
    """Whether a tool that is only half meant lacks what it computes on, so that it would ask back."""
    call = part.computed.call if part.computed else None
    return part.route.half and bool(call and (call.pending or call.asks))


def _only_begins(part: Part, limits: Limits) -> bool:
    """Whether a tool that is meant computes nothing yet: it has no figures for it, or would ask from the start and is not asked for plainly."""
    computed, means = part.computed, part.means
    if computed is None or not computed.begins:
        return False
    asks = bool(computed.call.pending or computed.call.asks)
    return not asks or (means is not None and means.tool_meant <= means.of(part.route.tool) < limits.plainly)


def once_more(part: Part, last: Turn) -> Part:
    """A part whose tool would say word for word what it said last, to another message: the gist of it, and what to ask instead."""
    computed, means = part.computed, part.means
    if computed is None or not last.call or normalise(part.text) == normalise(last.question):
        return part
    if means and (means.label == part.route.tool or means.follows in CHANGING):
        return part  # the result is asked for, or what was changed was not understood
    if (last.call.tool, last.call.arguments) != (part.route.tool, part.route.arguments) or computed.call.pending:
        return part
    gist = next((line for line in computed.text.split("\n\n") if line.strip()), "")
    number = {int(n): at for at, n in enumerate(dict.fromkeys(_MARK.findall(gist)), 1)}
    kept = tuple(replace(each, n=number[each.n]) for each in computed.citations if each.n in number)
    text = f"{_MARK.sub(lambda mark: f'[{number[int(mark[1])]}]', gist)}\n\n{UNCHANGED}"
    return replace(part, computed=replace(computed, text=text, citations=kept, steps=()))


def _of_named_firm(looked: Looked) -> bool:
    """Whether an own document has the row of the very firm that a question calls by its name, or rows of others like it."""
    if looked.verdict.reason == "firm":
        return True
    if not looked.answered or not looked.hits or looked.hits[0].passage.origin != "document":
        return False
    evidence = bare(looked.hits[0].passage.text)
    return any(bare(firm) in evidence for firm in firms(looked.asked.text))


def _told(looked: Looked) -> str:
    verdict = looked.verdict
    return f"{verdict.kind} {verdict.confidence:.2f} {verdict.reason} {'、'.join(verdict.missing)}".rstrip()
