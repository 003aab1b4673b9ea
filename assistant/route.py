"""Tool or knowledge: where a message goes by what it means, and with which arguments.

What it means is learnt (assistant.understand); a look-up also needs a row for what is named, and where a computing tool is
only half meant, the knowledge is heard as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from assistant import assessing, spans
from assistant.arguments import gather, given_by, read_back
from assistant.history import Call, Turn
from assistant.question import QUESTION_WORD
from assistant.understand.meaning import KNOWLEDGE as KNOWN
from assistant.understand.meaning import Understanding
from core.cut import beginning
from core.numbers import quantities, read_number
from core.text import normalise, squeeze
from tools.firm import extraction, industries
from tools.firm.aims import levels_said
from tools.firm.amounts import money
from tools.firm.extraction import stated
from tools.firm.firms import read_firms
from tools.firm.profile import Profile
from tools.maturity.replies import kind_of
from tools.maturity.scored import read_scored
from tools.spec import called, computing, look_ups, specs
from tools.told import Told

REMEMBERED = 4
"""How many turns back a tool can be taken up again, after questions about other things."""
ONCE = "只看"
SYSTEMS = "已用系统"
MOST_ASKED = 3
"""How many questions are asked back before the tool makes do with what it has."""


@dataclass(frozen=True)
class Route:
    """Where a message goes. tool: a tool's name, NOTE for facts told without a question, "" for the knowledge.

    arguments: by their Chinese names. asked: how many questions this collection has asked back so far.
    said: what to repeat back of the message's figures. half: whether the knowledge may be meant as well.
    """

    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    said: tuple[str, ...] = ()
    half: bool = False


KNOWLEDGE = Route()
NOTE = "note"
"""Where facts go that are told without a question."""


@dataclass(frozen=True)
class Message:
    """A message with what is known around it. standalone: the message made complete from the turn before."""

    text: str
    standalone: str
    told: Told
    parts: int
    understood: Understanding | None = None

    @property
    def kind(self) -> str:
        """What kind of a tool's question it is; of one that corrects what was told before it is that of before."""
        means = self.understood
        return means.kind if means and means.follows != "revise" else ""

    @property
    def changes(self) -> bool:
        """Whether it goes on from the turn before with something else: 只投50万呢, 换成佛山."""
        means = self.understood
        return bool(means and means.follows in {"slot", "revise"}) or bool(means and means.goes_on > HALF)

    @property
    def of_own(self) -> bool:
        """Whether it speaks of the user's own firm."""
        return extraction.speaks_of_self(self.text)

    @property
    def asks(self) -> bool:
        return bool(QUESTION_WORD.search(_without_figures(self.text)))

    @property
    def tells(self) -> bool:
        """Whether it only tells of the firm."""
        means = self.understood
        if means is None:
            return self.of_own and not self.asks
        return means.label == "tell" or (
            not self.asks and not means.sure and means.act == "ask" and means.of(KNOWN) < HALF
        )

    @property
    def only_tells(self) -> bool:
        """Whether it may be meant as telling of the firm and asks nothing."""
        means = self.understood
        telling = bool(means and self.told.now and not self.asks and means.of("tell") >= means.tool_meant)
        return telling and self.rather_tells

    @property
    def names_a_subject(self) -> bool:
        """Whether it names a place and beside it a thing, and says nothing of the firm: 深圳训力券."""
        only_placed = set(self.told.now.as_json()) <= {"region"} and not self.of_own
        return only_placed and spans.has_rest(self.text) and not (self.understood and self.understood.label == "tell")

    @property
    def rather_tells(self) -> bool:
        """Whether telling is likelier meant than any of the computing tools together."""
        means = self.understood
        return bool(means and means.of("tell") >= sum(means.of(name) for name in computing()))

    @property
    def ends(self) -> bool:
        """Whether it calls off what was begun, or is about nothing that is to be computed."""
        means = self.understood
        return bool(
            means and means.sure and means.label in {"chat", "meta", "complain", "distress", "out", "dishonest"}
        )


def decide(
    text: str,
    standalone: str,
    turns: Sequence[Turn],
    profile: Profile,
    parts: int = 1,
    day: date | None = None,
    understood: Understanding | None = None,
) -> Route:
    """Where a message goes. profile: what is known of the firm before it; parts: how many questions it holds; day: of asking.

    understood: what the message means; None where nothing can tell: then tools run by their names and by what they asked back.
    """
    text = normalise(text).strip()
    if (going_on := assessing.plain_reply(text, turns)) is not None:
        return Route(assessing.TOOL, _as_told(going_on, text, standalone, turns, profile))
    calls = [turn.call for turn in reversed(turns[-REMEMBERED:]) if turn.call and turn.call.tool in specs()]
    last = next(iter(calls), None)
    waiting = next((call for call in calls if call.pending or call.asks), None)
    told = gather(text, standalone, profile, last, tuple(turn.question for turn in turns), day)
    message = Message(text, standalone, told, parts, understood)
    if message.ends and not (understood and understood.label == "meta" and assessing.free_reply(text, turns)):
        return KNOWLEDGE
    if told_in_full := _scored(message, turns) or _several_firms(message):
        return told_in_full
    named = last and turns[-1].call and message.changes and spans.names_only(text)
    if last and named and not assessing.free_reply(text, turns) and (route := _continued(message, last)):
        return _with_figures(told, route)
    wanted = _wanted(message)
    if wanted and wanted.half and message.only_tells:
        wanted = None  # to note what was told and to offer the tools is the safer of the two
    reply = assessing.free_reply(text, turns) if wanted and wanted.tool == assessing.TOOL and not message.asks else None
    if reply is not None:
        return Route(assessing.TOOL, _as_told(reply, text, standalone, turns, profile))
    if wanted and not wanted.half and not _revises(message, last):
        return _begun(message, wanted, turns)
    going_on = None if message.asks else _told_on(message, turns)
    if going_on is not None:
        return Route(assessing.TOOL, _as_told(going_on, text, standalone, turns, profile))
    if turns and not turns[-1].call and only_a_place(text):
        return KNOWLEDGE  # 佛山呢 goes on from the answer just given, not from a tool before it
    for call in [c for c in (waiting, None if last is waiting else last) if c]:
        if not _asks_for_else(message, call, wanted) and (route := _continued(message, call)):
            return _with_figures(told, route)
    if wanted:
        return _begun(message, wanted, turns)
    if told.now and not industries_only(text) and not message.names_a_subject and (message.tells or message.only_tells):
        return Route(NOTE)
    return KNOWLEDGE


def _asks_for_else(message: Message, call: Call, wanted: Route | None) -> bool:
    """Whether a message that goes on from a tool asks for another one, or for what only the knowledge tells: 要花大钱不."""
    means = message.understood
    replies = call.pending or (call.asks and not message.asks) or kind_of(message.text) in PASSES
    if means is None or replies:
        return False
    if wanted and wanted.tool != call.tool and means.label == wanted.tool:
        return not (message.told.now or levels_said(message.text))  # 如果做到三级呢 asks the last tool again
    if _part(message, call.tool):
        return False
    return means.label == KNOWN and means.confidence >= HALF and means.of(call.tool) < means.row_found


def _begun(message: Message, wanted: Route, turns: Sequence[Turn]) -> Route:
    """A tool that is asked for, with what is known for it."""
    given = _kept(message, wanted.tool, turns) | given_by(wanted.tool, message.told) | wanted.arguments
    arguments = assessing.started(given, turns) if wanted.tool == assessing.TOOL else given
    return _with_figures(message.told, replace(wanted, arguments=arguments))


def _kept(message: Message, tool: str, turns: Sequence[Turn]) -> dict[str, Any]:
    """Facts of the firm that the same tool was given in the turn that a message goes on from, also where only that tool could read them."""
    last, means = turns[-1].call if turns else None, message.understood
    if last is None or last.tool != tool or means is None or means.leans is False:
        return {}
    return {name: last.arguments[name] for name in _FIRM if name in last.arguments}


def _wanted(message: Message) -> Route | None:
    """The tool that a message asks for by itself; half: where the knowledge may be meant as well."""
    means = message.understood
    if named := called(squeeze(message.text)):
        return Route(named)
    if means is None:
        return None
    shares = dict(((means.label, means.confidence), *means.alternatives))
    name = max(computing(), key=lambda each: shares.get(each, 0.0))
    if (own := _computing(message, means, name, shares.get(name, 0.0))) and not own.half:
        return own
    for row in sorted(look_ups(), key=lambda each: -shares.get(each, 0.0)):
        if shares.get(row, 0.0) >= means.row_found and specs()[row].finds(message.told, message.parts):
            return Route(row, half=row != means.label or means.confidence < means.row_alone)
    return own


def _computing(message: Message, means: Understanding, name: str, share: float) -> Route | None:
    """The computing tool that a message means, or half means beside something else."""
    spec = specs()[name]
    told = means.act == "tell" and not message.rather_tells
    if share < means.tool_meant or (name != means.label and means.act != "ask" and not told):
        return None
    once = spec.once(message.told, message.kind)
    if once is None or (name != means.label and means.sure):
        return None
    return Route(name, dict(once), half=share < means.tool_alone)


def _revises(message: Message, last: Call | None) -> bool:
    """Whether a message changes what the last tool was given rather than asking anew."""
    means = message.understood
    return bool(means and last and means.follows in {"revise", "slot", "reply", "detail"} and means.intent == last.tool)


_FIRM = ("从业人员", "营业收入万元", "资产总额万元")
_CHANGING = (*_FIRM, "范围", "地区")
"""Facts of the firm that hold as last told, also where a tool ran on what was told before."""
HALF = 0.5
PASSES = frozenset({"unknown", "skip"})
"""Kinds of replies that leave a question open."""
NO_REPLY = frozenset({"chat", "complain", "distress", "meta", "out", "dishonest"})
LEVELS = frozenset({1, 2, 3, 4})
SIZES, SCORE = "size_class", "得分"


def _told_on(message: Message, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments of the assessment that goes on with what is no question."""
    text, means = message.text, message.understood
    if found := assessing.free_reply(text, turns) or _tells(message, turns):
        return found
    level = assessing.anew(turns) if means and means.sure and means.label == assessing.TOOL else None
    return level or assessing.unread_reply(text, turns)


def _tells(message: Message, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments of the assessment that goes on with what a message tells of systems and practice without asking."""
    on, now = assessing.waiting(turns), message.told.now
    told = bool(now.systems or now.practices or extraction.systems(message.text)[1])
    return on.with_answers(on.answers) if on and on.here and told and not message.asks else None


def _as_told(
    arguments: dict[str, Any], text: str, standalone: str, turns: Sequence[Turn], profile: Profile
) -> dict[str, Any]:
    """An assessment's arguments with the firm as it is known by now; a system that was stopped is none."""
    told = gather(text, standalone, profile, None, tuple(turn.question for turn in turns))
    gone = extraction.systems(normalise(text))[1]
    known = given_by(assessing.TOOL, told)
    systems = dict.fromkeys((*known.get(SYSTEMS, ()), *arguments.get(SYSTEMS, ())))
    kept = [name for name in systems if not any(extraction.same_system(name, other) for other in gone)]
    found = {**arguments, **known, SYSTEMS: kept}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _without_figures(text: str) -> str:
    """The text without its figures, whose 几 asks nothing: 我们几百人."""
    for figure in reversed(quantities(text)):
        text = text[: figure.start] + text[figure.end :]
    return text


def _with_figures(told: Told, route: Route) -> Route:
    given = {name: value for name, value in route.arguments.items() if value != {}}
    return replace(route, arguments=given, said=read_back(route.tool, told, given))


def _continued(message: Message, last: Call) -> Route | None:
    """The last tool once more: the message answers what it asked back, changes one of its arguments or asks for a part."""
    if part := _part(message, last.tool):
        return Route(last.tool, {**last.arguments, ONCE: part}, MOST_ASKED)
    given = {k: v for k, v in given_by(last.tool, message.told, inherit=False).items() if v not in (None, "", [], {})}
    replies = bool(last.asks) and not message.asks
    if replies and kind_of(message.text) in PASSES:
        return Route(last.tool, last.arguments, MOST_ASKED)
    if replies and last.asks[0].endswith("等级") and (level := _bare_level(message.text)):
        given = {last.asks[0]: level}
    if replies and last.asks[0] != "行业" and "行业" in given and not message.tells:
        given.pop("行业")
    if replies or message.changes:
        given = _amount(message, last) | given
    if replies and not given and not message.changes and _fits(last, message):
        given = {last.asks[0]: beginning(message.text, 100)}
    before = last.arguments | {k: v for k, v in given_by(last.tool, message.told).items() if k in _CHANGING}
    if not any(last.arguments.get(k) != v for k, v in given.items()) or not (replies or message.changes):
        return None
    return Route(last.tool, before | given, last.asked)


def _part(message: Message, tool: str) -> str:
    """What is asked about the last result: until when, or how one gets it; of a message that leans on the turn before."""
    means = message.understood
    part = specs()[tool].parts.get(means.part, "") if means else ""
    return part if means and message.asks and means.leans is not False else ""


def _bare_level(text: str) -> int | None:
    """The level of a message that is nothing else: 二级, 2, 是三级."""
    said = levels_said(text)
    if said and not spans.has_rest(text):
        return said[0].low if len(said) == 1 and said[0].low == said[0].high else None
    bare = read_number(text.strip("。.！! "))
    return int(bare) if bare in LEVELS else None


def only_a_place(text: str) -> bool:
    """Whether a message names places and nothing else."""
    named = spans.spans(text)
    return bool(named) and all(span.kind == spans.PLACE for span in named) and not spans.has_rest(text)


def _scored(message: Message, turns: Sequence[Turn]) -> Route | None:
    """The rules of levels for a score of a test that is told, or that was told before where the message goes on from it."""
    means, found = message.understood, read_scored(message.text)
    if means is None:
        return None
    meant = means.of(assessing.TOOL) >= means.tool_meant
    if found and not extraction.title_named(message.text) and (found.scenes is not None or meant):
        return Route(assessing.TOOL, found.arguments())
    goes_on = means.leans is not False or means.goes_on >= means.row_found
    if found is None and not message.tells and goes_on and means.of(assessing.TOOL) >= means.row_found:
        calls = [turn.call for turn in reversed(turns) if turn.call and SCORE in turn.call.arguments]
        return Route(assessing.TOOL, calls[0].arguments) if calls else None
    return None


def _several_firms(message: Message) -> Route | None:
    """The table of sizes for several firms told in one message, each with its own figures."""
    means = message.understood
    if means is None or means.of(SIZES) < means.tool_meant:
        return None
    firms = read_firms(message.text)
    return Route(SIZES, {"各家": firms}) if firms else None


def _fits(last: Call, message: Message) -> bool:
    """Whether words answer what was asked back: not a question themselves, and for a place no longer than one."""
    asked, means = last.asks[0], message.understood
    if asked not in specs()[last.tool].free or message.asks or (means and means.label in NO_REPLY):
        return False
    return asked != "地区" or len(message.text) <= 10


def _amount(message: Message, last: Call) -> dict[str, Any]:
    """A lone sum of money that is not said to be anything, as what the tool plans or spends: 太贵了，20万呢."""
    sums = money(stated(message.text))
    roles = specs()[last.tool].lone_sum
    asked = [n for n in roles if n in last.asks[:1]] if not message.changes else []
    names = asked or [n for n in roles if n in last.arguments]
    lone = len({one.value for one in sums}) == 1 and len(names) == 1 and not message.told.money
    return {names[0]: sums[-1].value} if lone else {}


def industries_only(text: str) -> bool:
    """Whether a message is no more than a keyword, to be looked up rather than noted."""
    match = industries.find(text, said=True)
    return match is not None and len(text) <= len(match.word) + 2
