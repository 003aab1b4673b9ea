"""Tool or knowledge: where a message goes by what it means, and with which arguments.

What it means is learnt (assistant.understand); a look-up also needs a row for what is named, and where a computing tool is
only half meant, the knowledge is heard as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from assistant import assessing
from assistant.arguments import FREE, Told, gather
from assistant.history import Call, Turn
from assistant.moved import only_places
from assistant.question import QUESTION_WORD
from assistant.understand.meaning import COMPUTING, LOOK_UPS, Understanding
from assistant.understand.meaning import KNOWLEDGE as KNOWN
from assistant.values import kind_asked
from core.cut import beginning
from core.numbers import quantities
from core.text import normalise, squeeze
from corpus.places import places
from corpus.words import lexicon
from tools import registry
from tools.firm import extraction, industries
from tools.firm.amounts import money
from tools.firm.extraction import stated
from tools.firm.kinship import sector_kin
from tools.firm.profile import Profile
from tools.glossary import compute as glossary
from tools.maturity.replies import kind_of
from tools.tool_vendors import compute as tool_vendors

REMEMBERED = 4
"""How many turns back a tool can be taken up again, after questions about other things."""
ONCE = "只看"
FOR_ONCE = frozenset({ONCE, "截止起", "截止止"})
"""Arguments that hold for one question only."""
SYSTEMS = "已用系统"
MOST_ASKED = 3
"""How many questions are asked back before the tool makes do with what it has."""


@dataclass(frozen=True)
class Route:
    """Where a message goes. tool: a tool's name, "note" for facts told without a question, "" for the knowledge.

    arguments: by their Chinese names. asked: how many questions this collection has asked back so far.
    said: what to repeat back of the message's figures. half: whether the knowledge may be meant as well.
    """

    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    said: tuple[str, ...] = ()
    half: bool = False


KNOWLEDGE = Route()

NAMES = {
    **{name: name for name in registry.TOOLS},
    "水平评测": "maturity", "数字化水平评测": "maturity", "划型": "size_class", "企业划型": "size_class", "补贴匹配": "subsidy",
    "路线图": "roadmap", "同行对比": "benchmark",
}  # fmt: skip
"""What a tool is called, by which alone it runs."""
ENDS_FIRST = "截止清单"


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
        return self.understood.kind if self.understood else ""

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
        return means.label == "tell" or (not self.asks and not means.sure and means.of(KNOWN) < HALF)

    @property
    def ends(self) -> bool:
        """Whether it calls off what was begun, or is about nothing that is to be computed."""
        means = self.understood
        return bool(
            means and means.sure and means.label in {"chat", "meta", "complain", "distress", "out", "dishonest"}
        )


ENOUGH, FULLY = 2, 3
"""With so many facts of the firm a half-meant tool is taken as meant; so many match support though a date is asked for as well."""


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
    calls = [turn.call for turn in reversed(turns[-REMEMBERED:]) if turn.call]
    last = next(iter(calls), None)
    waiting = next((call for call in calls if call.pending or call.asks), None)
    told = gather(text, standalone, profile, last, tuple(turn.question for turn in turns), day)
    message = Message(text, standalone, told, parts, understood)
    if message.ends:
        return KNOWLEDGE
    wanted = _wanted(message)
    if wanted and not wanted.half and not _revises(message, last):
        return _begun(message, wanted, turns)
    going_on = None if message.asks else _told_on(message, turns)
    if going_on is not None:
        return Route(assessing.TOOL, _as_told(going_on, text, standalone, turns, profile))
    if turns and not turns[-1].call and only_places(text):
        return KNOWLEDGE  # 佛山呢 goes on from the answer just given, not from a tool before it
    for call in [c for c in (waiting, None if last is waiting else last) if c]:
        if route := _continued(message, call):
            return _with_figures(told, route)
    if wanted:
        return _begun(message, wanted, turns)
    if told.now and not industries_only(text) and message.tells:
        return Route("note")
    return KNOWLEDGE


def _begun(message: Message, wanted: Route, turns: Sequence[Turn]) -> Route:
    """A tool that is asked for, with what is known for it."""
    given = message.told.arguments(wanted.tool) | wanted.arguments
    arguments = assessing.started(given, turns) if wanted.tool == assessing.TOOL else given
    return _with_figures(message.told, replace(wanted, arguments=arguments))


def _wanted(message: Message) -> Route | None:
    """The tool that a message asks for by itself; half: where the knowledge may be meant as well."""
    means = message.understood
    if named := NAMES.get(squeeze(message.text)):
        return Route(named)
    if means is None:
        return None
    shares = dict(((means.label, means.confidence), *means.alternatives))
    name = max(COMPUTING, key=lambda each: shares.get(each, 0.0))
    if (own := _computing(message, means, name, shares.get(name, 0.0))) and not own.half:
        return own
    for row in sorted(LOOK_UPS, key=lambda each: -shares.get(each, 0.0)):
        if shares.get(row, 0.0) >= means.row_found and FINDS[row](message):
            return Route(row, half=row != means.label or not means.sure)
    return own


def _computing(message: Message, means: Understanding, name: str, share: float) -> Route | None:
    """The computing tool that a message means, or half means beside something else."""
    facts = message.told.facts(name)
    if share < means.tool_meant or (name != means.label and means.act != "ask"):
        return None
    ends_first = name == "subsidy" and (message.kind == "deadline" or (message.told.due and not _one_date(message)))
    if name == "subsidy" and not ends_first and _one_date(message) and facts < FULLY:
        return None
    if name == "subsidy" and not ends_first and facts < ENOUGH and places(message.text) and not message.of_own:
        return None  # what a place gives stands in its documents
    once = {ONCE: ENDS_FIRST} if ends_first else {}
    if name == means.label:
        return Route(name, once, half=not (means.sure or (means.half and facts >= FULLY)))
    leans_on_facts = facts >= ENOUGH and bool(means.goes_on >= HALF or message.told.now)
    return Route(name, once) if leans_on_facts and not means.sure else None


def _one_date(message: Message) -> bool:
    """Whether one date is asked for, which stands in a text or nowhere."""
    return kind_asked(message.text) == "日期"


def _sector_path(m: Message) -> bool:
    industry = m.told.industry
    if m.parts > 1 or not (industry and m.told.areas and m.told.levels_named):
        return False
    named = {sector_kin(word).name for word in SECTORS if word in m.text} - {None}
    return sector_kin(industry).name is not None and len(named) < 2


def _tool_vendors(m: Message) -> bool:
    if not tool_vendors.find(m.standalone):
        return False
    return not any(name in m.standalone for name in lexicon().names - tool_vendors.vendors())


FINDS: dict[str, Callable[[Message], bool]] = {
    "glossary": lambda m: m.parts == 1 and glossary.exact(m.standalone) is not None,
    "sector_path": _sector_path,
    "scenarios": lambda m: bool(m.told.industry) and m.parts == 1,
    "cases": lambda m: m.told.has_case_words and m.parts == 1,
    "tool_vendors": _tool_vendors,
}
"""Whether a look-up has a row for what a message names."""
SECTORS = ("汽车", "医药", "制药", "通用设备", "汽配", "药")
"""Words for the trades that have a path of their own."""


def _revises(message: Message, last: Call | None) -> bool:
    """Whether a message changes what the last tool was given rather than asking anew."""
    means = message.understood
    return bool(means and last and means.follows in {"revise", "slot", "reply"} and means.intent == last.tool)


_CHANGING = ("从业人员", "营业收入万元", "资产总额万元", "范围", "地区")
"""Facts of the firm that hold as last told, also where a tool ran on what was told before."""
HALF = 0.5
PASSES = frozenset({"unknown", "skip"})
"""Kinds of replies that leave a question open."""
NO_REPLY = frozenset({"chat", "complain", "distress", "meta", "out", "dishonest"})
LEVELS = {**dict(zip("一二三四", (1, 2, 3, 4), strict=True)), **{str(n): n for n in (1, 2, 3, 4)}}


def _told_on(message: Message, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments of the assessment that goes on with what is no question."""
    text = message.text
    return assessing.free_reply(text, turns) or _tells(message, turns) or assessing.unread_reply(text, turns)


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
    known = told.arguments(assessing.TOOL)
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
    return replace(route, arguments=given, said=told.read_back(route.tool, given))


def _continued(message: Message, last: Call) -> Route | None:
    """The last tool once more: the message answers what it asked back, changes one of its arguments or asks for a part."""
    if last.tool == "subsidy" and (part := _part(message)):
        return Route("subsidy", {**last.arguments, ONCE: part}, MOST_ASKED)
    given = {k: v for k, v in message.told.arguments(last.tool, inherit=False).items() if v not in (None, "", [], {})}
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
    before = last.arguments | {k: v for k, v in message.told.arguments(last.tool).items() if k in _CHANGING}
    if not any(last.arguments.get(k) != v for k, v in given.items()) or not (replies or message.changes):
        return None
    return Route(last.tool, before | given, last.asked)


PARTS = {"deadline": "期限", "way": "办法"}


def _part(message: Message) -> str:
    """What is asked about support that was matched: until when, or how one gets it; of a message that names no subject itself."""
    means = message.understood
    return PARTS.get(means.part, "") if means and message.asks and not names_a_subject(message.text) else ""


def names_a_subject(text: str) -> bool:
    """Whether a message names something that could be asked about by itself."""
    words = lexicon()
    nouns = [w for w, pos in words.tagged(text) if w not in words.stopwords and len(w) > 1 and pos[0] in "njeb"]
    return any(word not in OF_SUPPORT for word in nouns)


OF_SUPPORT = frozenset(
    {"材料", "资料", "流程", "手续", "补贴", "政策", "期限", "日期", "时间", "截止", "部门", "东西", "步骤"}
)
"""Nouns that ask about support without naming any."""


def _bare_level(text: str) -> int | None:
    """The level of a message that is nothing else: 二级, 2, 是三级."""
    said = text.strip("。.！! ").removeprefix("是").removeprefix("到").removesuffix("级")
    return LEVELS.get(said)


def _fits(last: Call, message: Message) -> bool:
    """Whether words answer what was asked back: not a question themselves, and for a place no longer than one."""
    asked, means = last.asks[0], message.understood
    if asked not in FREE.get(last.tool, ()) or message.asks or (means and means.label in NO_REPLY):
        return False
    return asked != "地区" or len(message.text) <= 10


def _amount(message: Message, last: Call) -> dict[str, Any]:
    """A lone sum of money that is not said to be anything, as what the tool plans or spends: 太贵了，20万呢."""
    sums = money(stated(message.text))
    roles = ("营业收入万元",) if last.tool == "size_class" else ("预算万元", "贷款万元", "投入万元")
    asked = [n for n in roles if n in last.asks[:1]] if not message.changes else []
    names = asked or [n for n in roles if n in last.arguments]
    return {names[0]: sums[-1].value} if len(sums) == 1 and len(names) == 1 and not message.told.money else {}


def industries_only(text: str) -> bool:
    """Whether a message is no more than a keyword, to be looked up rather than noted."""
    match = industries.find(text, said=True)
    return match is not None and len(text) <= len(match.word) + 2
