"""The first page of a report: what, how much, by when, whom to ask, what to do this week. All of it from the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.numbers import quantities
from tools.firm.amounts import exact_text, wan_text
from tools.outcome import Outcome
from tools.report.markdown import blocks_of
from tools.report.pages import Bullets, Grid, Paragraph, cell_text, plain

NOTHING = {
    "much": "这项结果不涉及金额。",
    "until": "没有期限。",
    "ask": "没有要问的部门。",
    "week": "这项结果没有排到这一周的事。",
}
LINES = {"what": "结论", "much": "多少", "until": "到什么时候", "ask": "问谁", "week": "这周做什么"}
LONGEST = 2000
"""Characters of an answer that are searched for amounts."""
SHOWN = 5
"""Programmes on the first page."""


@dataclass(frozen=True)
class Summary:
    """The five lines; an empty one is told as such."""

    what: str
    much: str = ""
    until: str = ""
    ask: str = ""
    week: str = ""

    def grid(self) -> Grid:
        rows = tuple((name, getattr(self, key) or NOTHING[key]) for key, name in LINES.items())
        return Grid("概要", ("看什么", "内容"), rows, large=True)


def summary_of(tool: str, outcome: Outcome) -> Summary:
    """The summary of a tool's result; a tool without one of its own is summed up by its first sentence."""
    make = _MAKERS.get(tool, _plain)
    return make(outcome, outcome.data)


def _lead(outcome: Outcome) -> str:
    """The first paragraph of the answer, with the list that it announces; of one that begins with a table, where to look."""
    words = ""
    for block in blocks_of(outcome.text):
        if isinstance(block, Paragraph):
            if words or not block.text.endswith(("：", ":")):
                return words + block.text
            words = block.text
        elif isinstance(block, Bullets):
            return words + _listed(block) if words else block.items[0].text
        elif words:
            break
    return f"{words}见下面的表。"


def _listed(block: Bullets) -> str:
    """The first items of a list below the line that announces it."""
    more = f"\n另有{len(block.items) - SHOWN}项，见下面。" if len(block.items) > SHOWN else ""
    return "\n" + "\n".join(item.text for item in block.items[:SHOWN]) + more


def _first_step(outcome: Outcome) -> str:
    return f"{outcome.next_steps[0]}。" if outcome.next_steps else ""


def _plain(outcome: Outcome, data: dict[str, Any]) -> Summary:
    """What comes next after looking something up is only what else to ask."""
    return Summary(_lead(outcome), _where_money(outcome))


def _advised(outcome: Outcome, data: dict[str, Any]) -> Summary:
    return Summary(_lead(outcome), _where_money(outcome), week=_first_step(outcome))


def _where_money(outcome: Outcome) -> str:
    """Where amounts are told, so that the first page does not say that there are none."""
    told = any(q.kind == "money" for q in quantities(plain(outcome.text)[:LONGEST])) or "元" in str(outcome.data)
    return "金额见下面完整的回答和表。" if told else ""


def _due(outcome: Outcome, data: dict[str, Any]) -> Summary:
    """What ends when: of a list of deadlines the nearest ones, with the first to call this week."""
    by_id = {p["id"]: p for p in data.get("programmes", ())}
    due = [(row, by_id.get(row["id"], {})) for row in data["deadlines"]["dated"]]
    shown = due[:SHOWN]
    if not due:
        return Summary(_lead(outcome), _where_money(outcome))
    until = _numbered([f"{row['name']}：{row['valid_until']}（{_left(row['days_left'])}）" for row, _ in shown])
    much = _numbered([f"{row['name']}：{amount_of(p)}" for row, p in shown if p])
    ask = "\n".join(dict.fromkeys(row["ask"] for row, _ in shown))
    first = next((row for row, _ in due if row["days_left"] >= 0), None)
    week = (
        f"先打电话问{first['ask']}：{first['name']}还收不收、窗口哪天关（{_left(first['days_left'])}）。"
        if first
        else ""
    )
    lead = _lead(outcome).partition("，按先后排")[0].replace("**", "")
    return Summary(f"{lead}，最早的{len(shown)}项见下面。" if len(due) > SHOWN else f"{lead}。", much, until, ask, week)


def _left(days: int) -> str:
    return f"还有{days}天" if days > 0 else "今天是最后一天" if days == 0 else "已到期"


def _subsidy(outcome: Outcome, data: dict[str, Any]) -> Summary:
    if data.get("deadlines"):
        return _due(outcome, data)
    by_id = {p["id"]: p for p in data.get("programmes", ())}
    shown = [by_id[key] for key in data.get("shown", ()) if key in by_id][:SHOWN]
    much = _numbered([f"{p['name']}：{amount_of(p)}" for p in shown])
    until = _numbered([f"{p['name']}：{p['status']['text']}" for p in shown])
    ask = "\n".join(dict.fromkeys(p["ask"] for p in shown))
    loans = sum(p["estimate"]["state"] == "computed" and p["kind"] == "interest" for p in shown)
    once = "\n这几项贴息都是按同一笔贷款算的，同一笔贷款通常只能享一项，不能加起来。" if loans > 1 else ""
    return Summary(_lead(outcome), f"{much}{once}" or "没有算得出的金额。", until, ask, _first_step(outcome))


def amount_of(programme: dict[str, Any]) -> str:
    """What a programme gives; of one that cannot be applied for now, its standing first."""
    amount = str(programme.get("amount") or programme["gives"])
    return f"{programme['status']['text']}；原来{amount}" if programme["group"] == "over" else amount


def _numbered(lines: list[str]) -> str:
    return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)) if len(lines) > 1 else "".join(lines)


def _roadmap(outcome: Outcome, data: dict[str, Any]) -> Summary:
    tasks = data["tasks"]
    until = [f"{p['name']}：{p['from']} 到 {p['until']}" for p in data.get("phases", ())]
    if tasks:
        until.append(f"全部做完：{max(t['until'] for t in tasks)}（{cell_text(float(data['months']))}个月）")
    asks = [data["path"]["leader"], *(p["ask"] for p in data["programmes"])]
    return Summary(
        _lead(outcome), _budget(data["budget"]), "\n".join(until), "\n".join(dict.fromkeys(a for a in asks if a)),
        f"{data['this_week'].rstrip('。')}。",
    )  # fmt: skip


def _budget(budget: dict[str, Any]) -> str:
    total = budget["budget_wan"]
    if not total:
        return "没有说预算，不给金额。"
    kept = "、".join(f"{name}{wan_text(float(value))}" for name, value in budget["kept_wan"].items())
    systems = wan_text(float(budget["systems_wan"]))
    return f"总预算{wan_text(float(total))}；系统最多{systems}" + (f"；{kept}。" if kept else "。")


def _maturity(outcome: Outcome, data: dict[str, Any]) -> Summary:
    much = ""
    if data.get("score_shown"):
        answered = f"；答了{data['answered']}题，共{data['total']}题" if data.get("total") else ""
        much = f"得分{data['score_shown']}，满分100{answered}。"
    official = f"官方自测：{data['official_self_test']}" if data.get("official_self_test") else ""
    return Summary(_lead(outcome), much, ask=official, week=_first_step(outcome))


def _size_class(outcome: Outcome, data: dict[str, Any]) -> Summary:
    official = next((f"{step}。" for step in outcome.next_steps if "官方" in step), "")
    used = "、".join(data.get("said") or [_figure(name, value) for name, value in data.get("figures", {}).items()])
    gap = "、".join(f"{_figure(name, value, '差')}" for name, value in (data.get("gap_to_next") or {}).items())
    much = f"所用数据：{used}" if used else ""
    if gap and data.get("next_class"):
        much += f"{'；' if much else ''}离{data['next_class']}：{gap}"
    return Summary(_lead(outcome), f"{much}。" if much else "", ask=official)


Told = float | list[float | None]
"""A figure of a result: one value, or the two ends of what was said, the upper one None where it is open."""


def _figure(name: str, value: Told, word: str = "") -> str:
    """A figure by the name of its argument: 从业人员280人, 营业收入1.9亿元, 从业人员40人到60人."""
    if isinstance(value, list):
        low, high = value
        ends = [
            _figure(name, low or 0.0, word),
            "" if high is None else _figure("万元" if name.endswith("万元") else "", high),
        ]
        return f"{ends[0]}到{ends[1]}" if high is not None else f"{ends[0]}以上"
    if name.endswith("万元"):
        return f"{name.removesuffix('万元')}{word}{exact_text(float(value))}"
    return f"{name}{word}{cell_text(float(value))}人"


_MAKERS: dict[str, Callable[[Outcome, dict[str, Any]], Summary]] = {
    "subsidy": _subsidy,
    "roadmap": _roadmap,
    "maturity": _maturity,
    "size_class": _size_class,
    "benchmark": _advised,
    "tool_vendors": _advised,
    "scenarios": _advised,
}
