"""Running a tool in a conversation: its result as an answer, what it asks back, and when it gives way to the knowledge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.arguments import at_each
from assistant.assessing import ANSWERS
from assistant.history import Call
from assistant.route import MOST_ASKED, Route
from core.errors import BadInput, NeedsArgument, XiangdaoError
from core.types import Citation, ToolCall
from corpus.place_roles import counted
from corpus.places import listed
from tools import fields, registry
from tools.firm.profile import Profile
from tools.spec import computing, specs

MOST_PLACES = 6
"""For how many places a tool reckons side by side."""
_MARK = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Computed:
    """A tool's answer. text: Markdown with [n], without the list of sources; call: what is remembered of it; begins: whether it only begins to ask."""

    text: str
    citations: tuple[Citation, ...]
    tool: ToolCall
    call: Call
    steps: tuple[str, ...] = ()
    begins: bool = False


def compute(route: Route, day: date | None = None) -> Computed | None:
    """Run the tool a message calls for; None where a look-up has nothing, so that the knowledge answers instead."""
    spec = specs()[route.tool]
    try:
        outcome = registry.run(route.tool, route.arguments, day)
    except NeedsArgument as exc:
        return _said(route, exc, (exc.argument,))
    except BadInput as exc:
        return _said(route, exc) if spec.own else None
    asks = tuple(a for a in outcome.asks if fields.asked(a))
    pending = str((outcome.data.get("next_question") or {}).get("key", ""))
    if pending:
        asks = tuple(a for a in asks if a == ANSWERS)  # other words are no system and no area while a question waits
    asked, text = route.asked, "\n\n".join((outcome.text, *route.said))
    if asks and asked < MOST_ASKED and not pending and spec.own:
        text += f"\n\n**还想知道**：{fields.asked(asks[0], route.arguments)}"
        asked += 1
    result = outcome.as_json()
    lasting = {name: value for name, value in route.arguments.items() if name not in spec.for_once}
    call = Call(route.tool, lasting, asks, asked, pending)
    tool = ToolCall(route.tool, dict(route.arguments), result)
    return Computed(text, outcome.citations, tool, call, outcome.next_steps, outcome.begins)


def compute_at(route: Route, text: str, day: date) -> Computed | None:
    """Run the tool that a message calls for; for each place where the firm is or may be, where the tool goes by the place."""
    spec, asked = specs().get(route.tool), _asked_at(route, text)
    if spec is None or spec.of_places != "each" or len(asked) < 2:
        return compute(route, day) if spec else None
    told = replace(route, said=(), asked=MOST_ASKED)
    done = [
        (place, one)
        for place, given in list(at_each(route.tool, text, asked, route.arguments).items())[:MOST_PLACES]
        if (one := compute(replace(told, arguments=given | {"地区": place}), day))
    ]
    if not done:
        return None
    citations, parts = list[Citation](), list[str]()
    for place, one in done:
        by = len(citations)
        parts.append(f"**{place}**\n\n" + _MARK.sub(lambda mark, by=by: f"[{int(mark[1]) + by}]", one.text))  # type: ignore[misc]
        citations += [replace(c, n=c.n + by) for c in one.citations]
    last = done[-1][1]
    lasting = {**last.call.arguments, "地区": "、".join(asked)}
    return replace(
        last,
        text="\n\n".join((*parts, *route.said)),
        citations=tuple(citations),
        tool=replace(last.tool, result=last.tool.result | {"at": {place: _data(one) for place, one in done[:-1]}}),
        call=replace(last.call, arguments=lasting),
    )


def _data(computed: Computed) -> object:
    """What a tool found, without its wording."""
    return computed.tool.result.get("data")


def _asked_at(route: Route, text: str) -> tuple[str, ...]:
    """The places for which a tool is to reckon: those that count in the message, else those that its argument lists."""
    said = tuple(each.place.label for each in counted(text))
    return said or tuple(place.label for place in listed(str(route.arguments.get("地区", ""))))


def _said(route: Route, exc: XiangdaoError, asks: tuple[str, ...] = ()) -> Computed:
    """What a tool could not do, as an answer."""
    call = Call(route.tool, dict(route.arguments), asks, route.asked + 1)
    result = {"error": exc.message, "hint": exc.hint, "asks": list(asks)}
    text = "\n\n".join(filter(None, (exc.message, exc.hint, *route.said)))
    return Computed(text, (), ToolCall(route.tool, dict(route.arguments), result), call, begins=bool(asks))


def noted(profile: Profile, told: Mapping[str, Any]) -> str:
    """The answer to a message that only tells of the firm: what was understood, and what can be done with it."""
    specs_told = [specs()[name] for name in computing()]
    able = [f"{spec.about}：说“{spec.say}”" for spec in specs_told if not spec.needs or told.keys() & set(spec.needs)]
    return profile.as_text() + "\n\n接下来可以：\n" + "\n".join(f"- {line}" for line in able)
