"""The amount of a case whose items are found, told with its working."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from core.types import Passage
from tools.notice_amount import wording
from tools.notice_amount.adjusting import general, less, parts_out, raised
from tools.notice_amount.case import Case, Unclear
from tools.notice_amount.guards import bearing, evident, is_assumed, left_over, others, together
from tools.notice_amount.reach import reaches
from tools.notice_amount.result import Amount, once
from tools.notice_amount.sums import shown
from tools.notice_amount.touching import touch
from tools.notice_amount.vocabulary import has
from tools.notice_amount.working import work


def settled(case: Case) -> Amount:
    """The amount of a case whose items are found; raises Unclear."""
    parts = parts_out(case)
    raised(case, parts)
    for item in case.items:
        work(case, item, parts)
    total = sum((item.value for item in case.items), Decimal(0))
    steps = [step for item in case.items for step in item.steps]
    if refused := _refused(case, total):
        return _nothing(case, refused)
    others(case)
    bearing(case)
    if all(item.nothing for item in case.items):
        return _nothing(case, case.items[0].nothing)
    if len(case.items) > 1:
        together(case)
        steps.append(f"合计{shown(total)}")
    evident(case)
    total = less(case, total, steps)
    total = general(case, total, steps)
    left_over(case)
    return _told(case, total, steps)


def _told(case: Case, total: Decimal, steps: Sequence[str]) -> Amount:
    verb = wording.verb(case.items[0].rule.words + case.items[0].rule.about)
    under = [limit.words for item in case.items for limit in item.under]
    end = (
        f"，没有超过{'、'.join(dict.fromkeys(under))}" if under and not any(item.capped for item in case.items) else ""
    )
    head = f"**能{verb}{shown(total)}**" if total > 0 else "**拿不到**"
    rest = [clause for clause in case.notice.clauses if clause not in case.cited and has(clause.words, "noted")]
    assumed = tuple(
        f"{item.told[0].figure.words}要都是{item.rule.base}，才这样算" for item in case.items if is_assumed(item)
    )
    return Amount(total, f"{head}：{'，'.join(steps)}{end}。", _where(case), (*assumed, *wording.notes(rest)))


def _nothing(case: Case, why: str) -> Amount:
    return Amount(Decimal(0), f"**拿不到**：{why}。", _where(case))


def _where(case: Case) -> tuple[Passage, ...]:
    return once([*(rule.passage for rule in case.rules), *(clause.passage for clause in case.cited)])


def _refused(case: Case, total: Decimal) -> str:
    """A clause by which nothing is due; raises Unclear where it may be one."""
    for clause in case.notice.clauses:
        if clause.kind != "refuse" or clause in case.cited:
            continue
        if money := [band for band in clause.bands if band.measure == "money"]:
            result = re.search(r"算下来|结果|补助额|奖励额|贴息额|补贴额|应补|应奖|计算", clause.words)
            base = sum(
                (told.value for item in case.items for told in item.told if told.figure.measure == "money"), Decimal(0)
            )
            of_share = any(item.rule.share is not None and reaches(clause, item, case) for item in case.items)
            if (result and money[0].holds(total)) or (not result and of_share and base and money[0].holds(base)):
                case.cited.append(clause)
                return f"规定“{wording.quoted(clause.words)}”"
            continue
        how = touch(clause, case.asked, case.near, case.rules)
        lines = {rule.line for rule in case.rules}
        reach = (
            clause.line in lines
            or not any(rule.line == clause.line for rule in case.notice.rules)
            or any(reaches(clause, item, case) for item in case.items)
        )
        if how == "met" and reach and not case.out:
            case.cited.append(clause)
            if len(case.items) > 1:
                raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)
            return f"规定“{wording.quoted(clause.words)}”"
        if how == "unclear" and reach and clause.bands == ():
            raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)
    return ""
