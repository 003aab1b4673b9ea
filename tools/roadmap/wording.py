"""How a worked-out plan is told in short: the text, what to ask and what to do next."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from corpus.rows import ToolVendors
from corpus.tables import load_tables
from tools.arguments import LEVEL_NAMES
from tools.cases.kin import case_kin
from tools.firm.amounts import wan_text
from tools.outcome import AS_FILE, Book, Outcome
from tools.roadmap import spending
from tools.roadmap.measures import Measure, measures
from tools.roadmap.pains import answered
from tools.roadmap.paths import REPORT, Path
from tools.roadmap.plan import BASICS, Task, phases_of, scenarios_by_id
from tools.roadmap.risks import risks

if TYPE_CHECKING:
    from tools.roadmap.compute import Arguments, Draft

OWN = "先后、时长、轻重、预算分法是本项目的经验，非官方"
SELF_TEST = ("maturity_2024", "免费自测", "maturity_2024/self-test")
OPEN = {"open", "open_no_end"}
"""States of a programme in which it can be applied for."""
_DAYS_A_MONTH = 30.44
MOST_ROWS = 6
"""Rows of the table for what is built; the rest share the last."""
LONGEST = 1000
ALWAYS = 6
"""How many lines under the table always stand; the last ones give way where the text grows too long, and stay in the data."""
_WEEK = {
    "network": "查清哪里没网、谁在共用账号、数据有没有备份，列一张表",
    "coding": "挑最常用的100种物料，定好编号规则，先在表格里编上",
    "shopfloor-transparency": "选一条线，把每道工序、谁干、现在怎么记，写成一张表",
    "warehouse-info": "把最乱的一个库盘一遍，记下账和实物差多少",
    "inspection": "给三台最关键的设备列出点检项，先用纸表点一周",
}


def write_text(draft: Draft, book: Book, support: Outcome | None) -> str:
    """The plan in under a screen: path, phases, money, measures, risks, support, one step for this week."""
    tight = draft.plan.squeezed or bool(draft.plan.deferred)
    found = measures(list(draft.kept), draft.args.industry) if draft.kin.industrial else []
    lead, table = _lead(draft, book), _table(draft, book)
    lines = [
        _pain_line(draft), _matrix_line(draft, book), _money_line(draft, book), _measure_line(found, book), _risk_line(draft, tight, book),
        _support_line(draft, support, book), _deferred_line(draft),
    ]  # fmt: skip
    week, assumed = f"**这周就做**：{this_week(draft, book)}。", _assumed(draft)
    while True:
        text = "\n\n".join(filter(None, (lead, table, "\n".join(filter(None, lines)), week, assumed)))
        if len(text) < LONGEST or len(lines) <= ALWAYS:
            return text
        lines.pop()


def _lead(draft: Draft, book: Book) -> str:
    path, choice = draft.choice.path, draft.choice
    n = cite_path(path, book)
    first = "、".join(t.name for t in draft.plan.tasks if t.id in scenarios_by_id())
    first = "、".join(first.split("、")[:2])
    levels = f"{LEVEL_NAMES[draft.level]}到{LEVEL_NAMES[draft.target]}，{duration(draft.plan.months)}"
    if not draft.kin.industrial:
        levels = f"{duration(draft.plan.months)}。报告只写制造业，下面只挑各行都用得上的几项"
    late = ""
    if draft.args.years and draft.wanted > draft.target:
        late = f"{duration(draft.args.years * 12)}到不了{LEVEL_NAMES[draft.wanted]}，先排这一段。"
    elif draft.args.years and draft.plan.squeezed:
        late = f"{duration(draft.args.years * 12)}太紧，最少要这么久。"
    why = choice.why[0] + (f"；{choice.caution}" if choice.caution else "")
    other = f"；不合适就{choice.second.name.partition('（')[0]}" if choice.second else ""
    return f"**先做{first}；走{path.name}。** {levels}。{late}\n为什么走这条：{why}{other} [{n}]。"


def cite_path(path: Path, book: Book) -> int:
    return book.cite(REPORT, "（三）中小企业数字化转型四大路径", f"{REPORT}/{path.cards[0]}")


def _table(draft: Draft, book: Book) -> str:
    lines = ["| 阶段 | 第几个月 | 做什么 |", "| --- | --- | --- |"]
    for phase, start, end in phases_of(draft.plan):
        tasks = [t for t in draft.plan.tasks if t.phase == phase]
        if phase != "实施":
            lines.append(f"| {phase} | {span(start, end)} | {tasks[0].name.partition('：')[2]} |")
            continue
        if basics := [t for t in tasks if t.id in BASICS]:
            when = span(basics[0].start, max(t.end for t in basics))
            lines.append(f"| 实施 | {when} | {'、'.join(t.name for t in basics)}（后面的前提） |")
        built = [t for t in tasks if t.id not in BASICS]
        told = built if len(built) <= MOST_ROWS else built[: MOST_ROWS - 1]
        lines += [f"| 实施 | {span(t.start, t.end)} | {_task(t, draft, book)} |" for t in told]
        if rest := built[len(told) :]:
            names = "、".join(t.name.partition("：")[0] for t in rest)
            lines.append(f"| 实施 | {span(rest[0].start, max(t.end for t in rest))} | 接着：{names} |")
    return "\n".join(lines)


def _task(task: Task, draft: Draft, book: Book) -> str:
    scenario = scenarios_by_id().get(task.id)
    if scenario is None:
        return task.name
    cited = f"[{book.cite(scenario, quote=scenario.what)}]"
    pick = next((p for p in draft.picks if p.scenario.id == task.id), None)
    if pick is None:
        return f"{task.name}（后面的前提）{cited}"
    evidence = "，有案例" if pick.evidence == "case" and pick.cases else ""
    return f"**{task.name}**（{pick.weight}{evidence}）{cited}"


def _pain_line(draft: Draft) -> str:
    """Which step answers which of the troubles told, or that none does yet."""
    when = {task.id: f"第{span(task.start, task.end)}月的{task.name}" for task in draft.plan.tasks}
    told = [
        f"“{word}”看{when.get(s.id) or f'{s.name}，这一段没排上，下一段先做它'}"
        for word, s in answered(draft.args.pains)
    ]
    return f"- 您说的{'；'.join(told)}" if told else ""


def _matrix_line(draft: Draft, book: Book) -> str:
    """What the report asks of production at the target level, where it speaks of this trade."""
    cell = next((c for c in draft.cells if c.area == "生产制造" and c.level == draft.target), None)
    if cell is None or draft.sector.name is None:
        return ""
    return f"- 生产要做到{LEVEL_NAMES[draft.target]}：{cell.text.rstrip('。')} [{book.cite(cell, quote=cell.text)}]"


def categories(draft: Draft) -> list[ToolVendors]:
    """The kinds of tool that the kept scenarios and the cells call for, in their order."""
    names = [tool for s in draft.kept for tool in s.tools] + [tool for c in draft.cells for tool in c.tools]
    return list(dict.fromkeys(row for name in names for row in _category(name)))


def _category(name: str) -> list[ToolVendors]:
    """The rows whose abbreviation or full name stands in the name of a tool: 轻量化MES → MES."""
    words = {word.upper() for word in re.findall(r"[A-Za-z]{2,}", name)}
    return [
        row
        for row in load_tables().vendors
        if row.tool in name or words & set(re.findall(r"[A-Z]{2,}", (row.abbreviation or "").upper()))
    ][:1]


def _money_line(draft: Draft, book: Book) -> str:
    """How a budget that was given is shared out, or, where it was asked, what is known of what such a thing costs."""
    budget = draft.args.budget_wan
    if budget is None and not draft.args.costs:
        return ""
    if budget is None:
        amounts, shares = spending.figure(spending.AMOUNTS), spending.figure(spending.SHARES)
        least, half = amounts.options[1], shares.options[1]
        return (
            f"- 花多少：没有文件给出各项的价格；受访专精特新企业{least.value:g}%上年投100万元及以下 [{book.cite(amounts)}]，"
            f"另一项调查{half.value:g}%投营收的1%—2% [{book.cite(shares)}]。说个预算，我按数分到每一步"
        )
    if budget == 0:
        return "- 预算0元：只做不花钱的准备和免费版试用，真正上线前要先定一笔钱"
    limits = spending.ceilings(budget, draft.plan.tasks)
    set_aside, systems = spending.kept(budget, limits), round(sum(limits.values()), 4)
    told = "、".join(f"{name}{wan_text(wan)}" for name, wan in set_aside.items())
    return f"- 预算{wan_text(budget)}：系统最多花{wan_text(systems)}，另留{told}"


def _measure_line(found: list[Measure], book: Book) -> str:
    if not found:
        return ""
    names = "、".join(m.name for m in found[:3])
    m = next((m for m in found if m.figure), None)
    if m is None or m.case is None:
        return f"- 看这几个数：{names}；开工前先记下现在的数"
    whose = "同行" if m.own else f"相近的（做{m.case.industry}）"
    return f"- 看这几个数：{names}；{whose}{m.case.company}：{m.figure} [{book.cite(m.case)}]"


def _risk_line(draft: Draft, tight: bool, book: Book) -> str:
    shown = risks(book, draft.no_it, tight, False)[:2]
    return "- 要防的：" + "；".join(r.remedy + (f" [{r.n}]" if r.n else "") for r in shown)


def _support_line(draft: Draft, support: Outcome | None, book: Book) -> str:
    """The programmes for the place that are open on the day; nothing where no place was told."""
    if support is None:
        return ""
    shown, missed = fitting(support, draft)[:2], too_early(support, draft)[:2]
    spent = first_spending(draft).isoformat()
    late = [f"{p['name']}只到{p['valid_until']} [{cite_programme(p, book)}]" for p in missed]
    gone = f"{'、'.join(late)}，按这份计划{spent}起才花钱，赶不上，没有算；想赶上就把开工提前，先问清" if late else ""
    if not shown:
        none = f"{draft.args.region}没查到赶得上的" if late else f"{draft.args.region}眼下没查到能报的"
        return f"- 补贴：{none}，问当地工信局" + (f"。{gone}" if gone else "")
    told = "、".join(
        f"{p['name']}（{_amount(p, draft)}{p['status']['text']}） [{cite_programme(p, book)}]" for p in shown
    )
    return f"- 补贴可对：{told}；能不能拿以审核为准" + (f"。{gone}" if gone else "")


def spending_days(draft: Draft) -> tuple[date, date]:
    """The first and the last day on which the plan spends on what it builds."""
    built = [task for task in draft.plan.tasks if task.phase == "实施"] or list(draft.plan.tasks)
    return on_day(draft.day, min(task.start for task in built)), on_day(draft.day, max(task.end for task in built))


def first_spending(draft: Draft) -> date:
    return spending_days(draft)[0]


def on_day(day: date, months: float) -> date:
    """The day so many months after another."""
    return day + timedelta(days=round(months * _DAYS_A_MONTH))


def _ends_before(programme: dict[str, Any], day: date) -> bool:
    until = str(programme.get("valid_until") or "")
    return bool(until) and date.fromisoformat(until) < day


def fitting(support: Outcome, draft: Draft) -> list[dict[str, Any]]:
    """The open programmes that subsidy tells first which do not end before the plan spends anything."""
    return [p for p in _open(support) if not _ends_before(p, first_spending(draft))]


def too_early(support: Outcome, draft: Draft) -> list[dict[str, Any]]:
    """The open programmes that end before the plan spends anything."""
    return [p for p in _open(support) if _ends_before(p, first_spending(draft))]


def _open(support: Outcome) -> list[dict[str, Any]]:
    """The programmes that subsidy tells first, of those that are open on the day and give something that is known.

    A national document that only lets places try something (上云券) is nothing that a firm could apply for.
    """
    rows = {p["id"]: p for p in support.data.get("programmes", [])}
    vague = {row.id for row in load_tables().programmes if not row.amount_known and not row.region.province}
    shown = [rows[id] for id in support.data.get("shown", []) if id in rows and id not in vague]
    return [p for p in shown if p.get("status", {}).get("state") in OPEN]


def _amount(programme: dict[str, Any], draft: Draft) -> str:
    """The most by the document; of a programme that ends before the plan does, only that not all of the spending counts."""
    high = programme["estimate"].get("high_wan")
    if high and _ends_before(programme, spending_days(draft)[1]):
        return f"只到{programme['valid_until']}，那以后花的不能当它算，金额没有算，"
    return f"按文件最多{wan_text(high)}，" if high else ""


def cite_programme(programme: dict[str, Any], book: Book) -> int:
    return book.cite(
        programme["source"], card=programme["card"] or "", quote=programme["gives"], certainty=programme["certainty"]
    )


def _deferred_line(draft: Draft) -> str:
    if not draft.plan.deferred:
        return ""
    names = "、".join(s.name for s in draft.plan.deferred)
    return f"- {'时间装不下，' if draft.args.years else ''}放到下一期：{names}"


def this_week(draft: Draft, book: Book) -> str:
    """One thing to do this week."""
    if draft.args.level is None and draft.kin.industrial:
        source, section, card = SELF_TEST
        n = book.cite(source, section, card, certainty="third_party")
        return f"在 zjtx.miit.gov.cn 把官方免费自测填一遍，看清自己是几级、卡在哪 [{n}]"
    first = next((t for t in draft.plan.tasks if t.phase == "实施"), None)
    if first and first.id in _WEEK:
        return f"老板定一名负责人；{_WEEK[first.id]}"
    if draft.choice.path.id != "self":
        return draft.choice.path.first_move
    name = first.name if first else "第一项"
    return f"定一名负责人，把“{name}”现在怎么做、多久、错多少，写成一页纸"


def _assumed(draft: Draft) -> str:
    lines = assumptions(draft)
    return f"按这些排的：{'；'.join(lines)}。不对就告诉我；{OWN}。"


def assumptions(draft: Draft) -> list[str]:
    """What was taken for granted, in words for the user to correct."""
    args, found = draft.args, [draft.args.industry + (f"{draft.args.employees}人" if draft.args.employees else "")]
    if draft.wanted > draft.target:
        found.append(
            f"{duration((args.years or 0) * 12)}只够做到{LEVEL_NAMES[draft.target]}，没有排到{LEVEL_NAMES[draft.wanted]}"
        )
    if draft.kin.industrial or args.level:
        found.append(f"现在{LEVEL_NAMES[draft.level]}" + _level_note(args))
        if not args.target_level:
            found.append(f"目标{LEVEL_NAMES[draft.target]}（先提高一级）")
    if args.budget_wan is not None and args.budget_wan < spending.LIGHT_ONLY_WAN and draft.target >= 3:
        found.append(f"钱不多，只挑了轻的；够不够{LEVEL_NAMES[draft.target]}，以评测为准")
    if draft.no_it:
        found.append("没有IT人员，一次只上一项，选服务商管运维的")
    borrowed = any(p.evidence in {"near", "named"} for p in draft.picks)
    if draft.kin.near and borrowed:
        found.append(f"没有同行的案例，场景借最接近的{draft.kin.near}（{draft.kin.why}）")
    elif draft.kin.industrial and not any(p.evidence in {"case", "near", "named"} for p in draft.picks):
        found.append("没有同行的案例，挑的是通用场景")
    return found


def _level_note(args: Arguments) -> str:
    if args.level is None:
        return f"（你没说，先当{LEVEL_NAMES[1]}）"
    return f"（你说{args.level_said}，按低的排）" if args.level_said else ""


def span(start: float, end: float) -> str:
    """第几个月: 0.0 to 1.0 → 1; 1.0 to 3.0 → 2—3."""
    first, last = math.floor(start + 1e-6) + 1, max(math.floor(start + 1e-6) + 1, math.ceil(end - 1e-6))
    return f"{first}" if first == last else f"{first}—{last}"


def duration(months: float) -> str:
    """24.0 → 2年; 18 → 1年半; 10 → 10个月."""
    years, rest = divmod(round(months, 1), 12)
    if years and rest == 6:
        return f"{years:g}年半"
    return (f"{years:g}年" if years else "") + (f"{'零' if years else ''}{rest:g}个月" if rest else "")


def asks_of(draft: Draft) -> tuple[str, ...]:
    """Arguments that would make the plan better, most useful first."""
    args = draft.args
    wanted = {
        "从业人员": args.employees, "当前等级": args.level, "预算万元": args.budget_wan, "地区": args.region, "痛点": args.pains,
        "产品复杂度": args.complexity or None if draft.choice.inferred or not draft.choice.complexity else "known",
        "动因": args.driver, "周期年": args.years,
    }  # fmt: skip
    return tuple(name for name, value in wanted.items() if value in (None, ""))


def steps_of(draft: Draft, support: Outcome | None) -> tuple[str, ...]:
    """What to do after reading the plan."""
    steps = [AS_FILE]
    if support is None:
        steps.append("告诉我城市和打算投多少，我算能对上的补贴")
    if case_kin(draft.args.industry).own:
        steps.append(f"想看同行怎么做，说“{draft.args.industry}同行案例”")
    return tuple(steps)
