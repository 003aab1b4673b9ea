"""A second look at a question once its answer stands, with a model's proposals: kept only where it is the better one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.arguments import gather
from assistant.compose import Composed
from assistant.compute import Computed, compute
from assistant.guard import Verdict
from assistant.history import Turn
from assistant.route import Route, unsure
from core.types import Hit
from tools.profile import Profile

if TYPE_CHECKING:
    from assistant.proposals import Adviser

SECONDS = 12.0
"""Longest time that all proposals for one question may take together; at most three are asked for."""
WEAK = 0.5
"""An answer less sure than this may belong to a question that was not understood."""
SURER = 0.05
"""By how much surer the answer to a rewritten question must be."""
_TOPICS = {
    "maturity": r"水平|程度|等级|几级|哪一步|阶段|评|测|打分|诊断|体检|底子|短板|差在哪",
    "size_class": r"[大中小微]型|小微|规模|规上|划型",
    "subsidy": r"补|钱|资金|贴息|贷款|扶持|帮衬|优惠|报销|奖",
    "roadmap": r"计划|规划|步骤|次序|顺序|先后|先做|第一步|一步一步|入手|开始|起步|路线|怎么走|怎么搞|怎么弄",
    "benchmark": r"同行|别人|人家|正常|合理|算多|算少|高不高|贵不贵|平均",
    "scenarios": r"场景|能做|可以做|能用|用在|适合|应用",
    "cases": r"案例|例子|谁|哪家|做过|弄成|成功|经验|参考|样板",
}


@dataclass(frozen=True)
class Found:
    """What stands for a question: the tool's answer if one ran, the passages, and the answer composed from them."""

    standalone: str
    route: Route
    hits: tuple[Hit, ...]
    verdict: Verdict
    composed: Composed
    computed: Computed | None = None


LookUp = Callable[[str, Route, "Computed | None"], Found]


def options_for(question: str) -> tuple[str, ...]:
    """The tools, two at most, whose subject an unsure question touches."""
    touched = [name for name, words in _TOPICS.items() if re.search(words, question)]
    return tuple(touched[:2]) if unsure(question) else ()


def reconsider(
    adviser: Adviser,
    text: str,
    found: Found,
    turns: Sequence[Turn],
    known: Profile,
    look_up: LookUp,
    owner: str,
    day: date | None = None,
) -> Found | None:
    """A better answer to a question than the one found by rules; None where that one stands."""
    until = time.monotonic() + SECONDS
    route = found.route
    if not route.tool and (options := options_for(text)):
        name = adviser.tool(text, options, turns, owner, until)
        if not name:
            return None
        told = gather(text, found.standalone, known, None, tuple(turn.question for turn in turns))
        route = Route(name, told.arguments(name))
        if _works(computed := compute(route, day)):
            return look_up(found.standalone, route, computed)
    if route.tool:
        asks = _asks(computed := compute(route, day))
        more = adviser.arguments(route.tool, route.arguments, asks, turns, text, owner, until) if asks else {}
        route = replace(route, arguments={**route.arguments, **more})
        return look_up(found.standalone, route, computed) if more and _works(computed := compute(route, day)) else None
    if turns and (found.composed.refused or found.verdict.confidence < WEAK):
        made = adviser.complete(text, turns, owner, until)
        again = look_up(made, route, None) if made else None
        surer = again and not again.composed.refused and again.verdict.confidence > found.verdict.confidence + SURER
        return again if surer else None
    return None


def _works(computed: Computed | None) -> bool:
    return computed is not None and "error" not in computed.tool.result


def _asks(computed: Computed | None) -> tuple[str, ...]:
    """What a tool could not do without."""
    return computed.call.asks if computed and not _works(computed) else ()
