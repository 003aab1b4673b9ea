"""Running a tool in a conversation: its result as an answer, what it asks back, and when it gives way to the knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.history import Call
from assistant.route import MOST_ASKED, ONCE, Route
from core.errors import BadInput, NeedsArgument, XiangdaoError
from core.types import Citation, ToolCall
from tools import registry
from tools.profile import Profile

LOOK_UPS = frozenset({"sector_path", "scenarios", "cases", "tool_vendors", "glossary"})
"""Tools that only find what the knowledge holds as well; their answers are joined by the best passage."""

QUESTIONS = {
    "行业": "做什么产品，属于什么行业？", "从业人员": "厂里一共多少人？", "营业收入万元": "去年营业收入大概多少？",
    "资产总额万元": "资产总额大概多少？", "地区": "厂子在哪个市？", "企业类型": "有没有专精特新、小巨人这类称号，是小微还是中型？",
    "投入万元": "打算一共投多少钱？", "贷款万元": "要不要贷款，贷多少？", "用途": "钱打算花在什么上：设备、软件，还是改造产线？",
    "等级": "数字化水平现在几级？没测过就说没测过。", "当前等级": "数字化水平现在几级？没测过就说没测过。", "目标等级": "想做到几级？",
    "周期年": "想几年做完？", "预算万元": "一共能拿出多少钱？", "痛点": "眼下最头疼的是哪样：交期、质量、库存还是设备？",
    "产品复杂度": "你们做的是成品、部件，还是来料加工？", "动因": "为什么想转：客户要求、降本，还是缺订单？", "环节": "想看哪一块：研发、生产、采购还是销售？",
    "场景": "想解决什么事：排产、质检、仓库还是能耗？", "工具": "想看哪一类工具，例如 ERP、MES？", "术语": "想弄清哪个词？",
    "研发设计": "图纸是怎么画、怎么管的？", "生产制造": "车间的工单和进度怎么管？", "采购供应": "采购和仓库怎么管？",
    "市场营销": "订单和客户怎么管？", "已用系统": "现在用着哪些软件和系统？", "指标": "想比什么：投入、占比，还是等级？",
}  # fmt: skip
"""How each argument is asked for, by its Chinese name."""


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
    asks = tuple(a for a in outcome.asks if a in QUESTIONS)
    pending = str((outcome.data.get("next_question") or {}).get("key", ""))
    asked, text = route.asked, outcome.text
    if asks and asked < MOST_ASKED and not pending and route.tool not in LOOK_UPS:
        text += f"\n\n**还想知道**：{_question(asks[0], route.arguments)}"
        asked += 1
    result = outcome.as_json()
    lasting = {name: value for name, value in route.arguments.items() if name != ONCE}
    call = Call(route.tool, lasting, asks, asked, pending)
    return Computed(
        text, outcome.citations, ToolCall(route.tool, dict(route.arguments), result), call, outcome.next_steps
    )


def _question(name: str, given: Mapping[str, Any]) -> str:
    """How an argument is asked for; of a place that was told already, what is still open."""
    if name == "地区" and given.get(name):
        return f"在{given[name]}的哪个区、县？"
    return "还有什么称号，是小微还是中型？" if name == "企业类型" and given.get(name) else QUESTIONS[name]


def _said(route: Route, exc: XiangdaoError, asks: tuple[str, ...] = ()) -> Computed:
    """What a tool could not do, as an answer."""
    call = Call(route.tool, dict(route.arguments), asks, route.asked + 1)
    result = {"error": exc.message, "hint": exc.hint, "asks": list(asks)}
    text = exc.message + (f"\n\n{exc.hint}" if exc.hint else "")
    return Computed(text, (), ToolCall(route.tool, dict(route.arguments), result), call)


def noted(profile: Profile, told: Mapping[str, Any]) -> str:
    """The answer to a message that only tells of the firm: what was understood, and what can be done with it."""
    able = []
    if told.keys() & {"employees", "revenue_wan"}:
        able.append("算企业规模：说“我们算中型还是小型”")
    able += ["测数字化等级：说“帮我测一下几级”", "排先后步骤：说“给我一个路线图”", "找补贴：说“能申请什么资金”"]
    return profile.as_text() + "\n\n接下来可以：\n" + "\n".join(f"- {line}" for line in able)
