"""Running a tool in a conversation: its result as an answer, what it asks back, and when it gives way to the knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.assessing import ANSWERS, ASK, UNREAD
from assistant.history import Call
from assistant.route import FOR_ONCE, MOST_ASKED, Route
from core.errors import BadInput, NeedsArgument, XiangdaoError
from core.types import Citation, ToolCall
from tools import fields, registry
from tools.firm.profile import Profile

LOOK_UPS = frozenset({"sector_path", "scenarios", "cases", "tool_vendors", "glossary"})
"""Tools that only find what the knowledge holds as well; their answers are joined by the best passage."""


@dataclass(frozen=True)
class Computed:
    """A tool's answer. text: Markdown with [n], without the list of sources; call: what is remembered of it."""

    text: str
    citations: tuple[Citation, ...]
    tool: ToolCall
    call: Call
    steps: tuple[str, ...] = ()


def compute(route: Route, day: date | None = None) -> Computed | None:
    """Run the tool a message calls for; None where a look-up has nothing, so that the knowledge answers instead."""
    try:
        outcome = registry.run(route.tool, route.arguments, day)
    except NeedsArgument as exc:
        return _said(route, exc, (exc.argument,))
    except BadInput as exc:
        return None if route.tool in LOOK_UPS else _said(route, exc)
    asks = tuple(a for a in outcome.asks if fields.asked(a))
    pending = str((outcome.data.get("next_question") or {}).get("key", ""))
    if pending:
        asks = tuple(a for a in asks if a == ANSWERS)  # other words are no system and no area while a question waits
    asked, text = route.asked, "\n\n".join((outcome.text, *route.said))
    if asks and asked < MOST_ASKED and not pending and route.tool not in LOOK_UPS:
        text += f"\n\n**还想知道**：{fields.asked(asks[0], route.arguments)}"
        asked += 1
    result = outcome.as_json()
    lasting = {name: value for name, value in route.arguments.items() if name not in {*FOR_ONCE, ASK, UNREAD}}
    call = Call(route.tool, lasting, asks, asked, pending)
    return Computed(
        text, outcome.citations, ToolCall(route.tool, dict(route.arguments), result), call, outcome.next_steps
    )


def _said(route: Route, exc: XiangdaoError, asks: tuple[str, ...] = ()) -> Computed:
    """What a tool could not do, as an answer."""
    call = Call(route.tool, dict(route.arguments), asks, route.asked + 1)
    result = {"error": exc.message, "hint": exc.hint, "asks": list(asks)}
    text = "\n\n".join(filter(None, (exc.message, exc.hint, *route.said)))
    return Computed(text, (), ToolCall(route.tool, dict(route.arguments), result), call)


def noted(profile: Profile, told: Mapping[str, Any]) -> str:
    """The answer to a message that only tells of the firm: what was understood, and what can be done with it."""
    able = []
    if told.keys() & {"employees", "revenue_wan"}:
        able.append("算企业规模：说“我们算中型还是小型”")
    able += ["测数字化等级：说“帮我测一下几级”", "排先后步骤：说“给我一个路线图”", "找补贴：说“能申请什么资金”"]
    return profile.as_text() + "\n\n接下来可以：\n" + "\n".join(f"- {line}" for line in able)
