"""What a message gives a tool to work with, and what is repeated back of its figures and places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assistant.history import Call
from assistant.values import kind_asked
from core.clock import today
from core.numbers import quantities
from corpus.place_roles import SEAT, SITE, counted, parts, set_aside
from tools.firm import extraction
from tools.firm.amounts import money, people, wan_text
from tools.firm.changes import is_change
from tools.firm.profile import Profile, extract
from tools.firm.roles import FACTS
from tools.spec import specs
from tools.told import Told


def gather(
    text: str,
    standalone: str,
    profile: Profile,
    last: Call | None,
    earlier: tuple[str, ...] = (),
    day: date | None = None,
) -> Told:
    """Read a message for arguments on top of what is known. earlier: the user's messages before it, oldest first."""
    before = last.arguments if last else {}
    return Told(
        text, standalone, extract(text), extract(text, profile), before, earlier, day or today(), kind_asked(text)
    )


def given_by(tool: str, told: Told, inherit: bool = True) -> dict[str, Any]:
    """A tool's arguments by their Chinese names, without what is not known. inherit: from the profile as well."""
    given = specs()[tool].arguments(told, told.profile if inherit else told.now)
    return {name: value for name, value in given.items() if value not in (None, "", [], ())}


def read_back(tool: str, told: Told, given: Mapping[str, Any]) -> tuple[str, ...]:
    """What to repeat of a message's figures: those read from an unusual form, and those that were not used."""
    text, figures, spec = extraction.stated(told.text), told.figures, specs()[tool]
    spans = given.get("范围") or {}
    used = [(name, amount) for amount in (*figures.sure.values(), *people(text), *money(text)) for name, value in given.items()
            if amount.unusual and value == amount.value and name not in spans]  # fmt: skip
    lines = [f"“{amount.words}”按{shown(name, amount.value)}算，不对请告诉我。" for name, amount in used]
    if spec.of_figures:
        lines += [unused(name, words) for name, words in figures.unclear.items()]
    if spec.of_places:
        lines += told_of_places(told.text)
    return tuple(dict.fromkeys((*lines, *spec.read_back(told, given))))


def told_of_places(text: str) -> tuple[str, ...]:
    """For which of the places named it was reckoned, and which were left out, where a message names several."""
    kept, others = counted(text), set_aside(text)
    names = "、".join(each.place.label for each in kept)
    if not kept and others:
        return (f"{'、'.join(each.told for each in others)}，没有按那里算；你们厂在哪里，请告诉我。",)
    if others:
        return (f"这是按{names}算的；{'、'.join(each.told for each in others)}，没有按那里算，不对请告诉我。",)
    if len(kept) > 1 and {each.role for each in kept} == {SITE, SEAT}:
        both = "、".join(each.told for each in kept)
        return (f"你说{both}，按哪一处报要看当地怎么定，所以两处都列了，先问清再报。",)
    return ()


def shown(argument: str, value: float) -> str:
    """A figure for users by the argument that takes it."""
    return f"{value:g}人" if argument == "从业人员" else wan_text(value)


def unused(name: str, words: str) -> str:
    """What is said of a figure that cannot be taken for one value."""
    example = "280人" if name == "employees" else "3000万元"
    if words.startswith(("-", "负")):
        return f"{FACTS[name]}“{words}”是负数，没有算进去；请说一个大于0的数，例如“{example}”。"
    if any(q.kind == "foreign" for q in quantities(words)):
        return f"{FACTS[name]}“{words}”是外币，我没有换算，也没有算进去；请说折合人民币多少万元。"
    if is_change(words):
        return f"{FACTS[name]}“{words}”没说清是变之前还是变之后的数，没有算进去；请说现在一共多少，例如“{example}”。"
    if name == "revenue_wan" and all(q.sure for q in quantities(words)):
        return f"{FACTS[name]}“{words}”不像一整年的一个数，没有算进去；请说去年全年多少，例如“3000万元”。"
    return f"{FACTS[name]}“{words}”说不准是多少，没有算进去；请说一个数，例如“{example}”。"


_EACH_ITS_OWN = ("投入万元", "贷款万元", "目标等级", "等级", "用途", "行业", "从业人员", "营业收入万元")
"""What a message may tell of each of several places apart."""


def at_each(tool: str, text: str, asked: Sequence[str], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The arguments for each of several places: what the message tells of that one, and what it tells of all together.

    What the last part alone tells is said of all: 厂在佛山，注册在中山，投80万. What two parts tell apart is each one's own.
    """
    named = {each.place.label: each.place for each in counted(text)}
    own = {
        place: given_by(tool, gather(part, part, Profile(), None), inherit=False)
        for place, part in ((at.label, part) for at, part in parts(text, list(named.values())))
    }
    last = next(reversed(own), "")
    apart = {
        name
        for name in _EACH_ITS_OWN
        for telling in [[place for place in own if name in own[place]]]
        if len(telling) > 1 or (telling and telling != [last])
    }
    shared = {name: value for name, value in given.items() if name not in apart}
    return {place: shared | {n: v for n, v in own.get(place, {}).items() if n in apart} for place in asked}
