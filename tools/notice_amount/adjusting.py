"""What clauses of the notice do to the items: parts that do not count, raises, what was had, caps that stand apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tools.notice_amount import wording
from tools.notice_amount.asking import Told
from tools.notice_amount.case import Case, Unclear
from tools.notice_amount.closeness import marks_of
from tools.notice_amount.figures import figures
from tools.notice_amount.model import Clause
from tools.notice_amount.reach import reaches
from tools.notice_amount.sums import shown
from tools.notice_amount.touching import condition, left_out, touch


def parts_out(case: Case) -> list[Told]:
    """The parts of the bases that do not count; a part that no clause speaks of must not be passed over."""
    out = []
    for part in case.asked.of("part"):
        clause = left_out(part, case.notice.clauses)
        if clause is not None:
            case.used.add(part.place)
            case.cited.append(clause)
            out.append(part)
    return out


def _of_part(clause: Clause, case: Case) -> Told | None:
    """The part of a sum that a clause raises: 其中国产软件60万."""
    parts = [
        p for p in case.asked.of("part") if p.place not in case.used and marks_of(p.label) & marks_of(condition(clause))
    ]
    return parts[0] if len(parts) == 1 else None


def raised(case: Case, parts: Sequence[Told]) -> None:
    """What the clauses that raise or lower do to the items."""
    for clause in case.notice.clauses:
        if clause.kind != "raise":
            continue
        hit = [item for item in case.items if reaches(clause, item, case)]
        how = touch(clause, case.asked, case.near, [item.rule for item in hit])
        if not hit or how in {"silent", "unmet"}:
            continue
        if how == "unclear":
            raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)
        case.cited.append(clause)
        part = _of_part(clause, case)
        if (
            part is not None
            and clause.points is not None
            and len(hit) == 1
            and hit[0].rule.share is not None
            and clause.points > 0
        ):
            hit[0].extras.append((part, clause))
            case.used.add(part.place)
            continue
        if part is not None or clause.limit is not None:
            raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)
        for item in hit:
            if clause.instead is not None:
                if item.rule.share is None:
                    raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)
                item.rule = replace(item.rule, share=clause.instead)
            elif clause.of_cap:
                item.cap_factor *= clause.factor or Decimal(1)
            elif clause.points is not None:
                item.points += clause.points
            elif clause.after_cap:
                item.last_factor *= clause.factor or Decimal(1)
            else:
                item.factor *= clause.factor or Decimal(1)


def less(case: Case, total: Decimal, steps: list[str]) -> Decimal:
    had = case.asked.of("had")
    clauses = [clause for clause in case.notice.clauses if clause.kind == "less"]
    if not had:
        for clause in clauses:
            if touch(clause, case.asked, case.near, case.rules) == "met" and re.search(
                r"前年|去年|以前|之前|原来|领过|拿过", case.asked.text
            ):
                raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}；还缺已经拿到的数额。", case.rules)
        return total
    near = [clause for clause in clauses if any(clause.line == rule.line for rule in case.rules)] or [
        clause for clause in clauses if any(reaches(clause, item, case) for item in case.items)
    ]
    if len(near) > 1:
        said = [case.near.words(f"{had[0].near}，{case.asked.affirmed}", clause.words) for clause in near]
        near = [clause for clause, score in zip(near, said, strict=True) if score > 0.6 * max(said)]
    if (
        len(case.items) > 1
        or len(had) > 1
        or len(near) != 1
        or re.search(r"[从由在][^，应]{0,12}(?:利息|投入|费用|成本|价款|基数)[^，应]{0,6}(?:减|扣)", near[0].words)
    ):
        raise Unclear(f"已经拿到的{had[0].figure.words}扣不扣要看原文。", case.rules)
    _of_series(case, had[0])
    case.used |= {told.place for told in had}
    case.cited.append(near[0])
    received = had[0].value
    item = case.items[0]
    if item.capped and not re.search(r"应[补奖贴]|差额|补差", near[0].words):
        raise Unclear(f"先要看这一条：{wording.quoted(near[0].words)}；先封顶还是先扣，得数不一样。", case.rules)
    rest = max(total - received, Decimal(0))
    steps.append(f"扣掉已经拿的{shown(received)}，{shown(total)} － {shown(received)} ＝ {shown(rest)}")
    return rest


def _of_series(case: Case, had: Told) -> None:
    """What was had must not be of another award than the one that is worked out."""
    own = case.items[0].rule
    scores = [(case.near.words(had.near, rule.head + rule.about), rule) for rule in case.notice.rules]
    best = max(score for score, _ in scores)
    mine = max(
        score
        for score, rule in scores
        if rule.line == own.line
        and rule.table == own.table
        and (own.table < 0 or rule.head.split("，")[0] == own.head.split("，")[0])
    )
    if best > 1 and best > mine:
        raise Unclear(f"已经拿到的{had.figure.words}是不是同一项，扣不扣，要看原文。", case.rules)


def general(case: Case, total: Decimal, steps: list[str]) -> Decimal:
    """The caps that stand apart: of a firm, of a year, of some; of several on one line the one that the question names."""
    lines: dict[int, list[Clause]] = {}
    for clause in case.notice.clauses:
        if clause.kind != "cap" or clause.limit is None:
            continue
        if _of_some(case, clause) and _caps_these(case, clause):
            raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)
        if clause.limit.share is not None and _caps_these(case, clause):
            raise Unclear(f"要算出数，还缺：“{wording.quoted(clause.words)}”说的数额。", case.rules)
        if clause.limit.amount is not None:
            lines.setdefault(clause.line, []).append(clause)
    for rows in lines.values():
        chosen = (
            _cap_of(case, rows)
            if any(row.limit and row.limit.amount and row.limit.amount < total for row in rows)
            else None
        )
        if chosen is None or chosen.limit is None or chosen.limit.amount is None:
            continue
        if chosen.limit.each and chosen.limit.each[:1] in "个台套件项次场" and total > chosen.limit.amount:
            raise Unclear(f"先要看这一条：{wording.quoted(chosen.words)}。", case.rules)
        factor = max((item.cap_factor for item in case.items), default=Decimal(1))
        most = chosen.limit.amount * factor
        if total > most:
            case.cited.append(chosen)
            steps.append(f"超过{chosen.limit.words}，按{shown(most)}")
            total = most
    return total


def _of_some(case: Case, clause: Clause) -> bool:
    """Whether a cap is of some firms only, told by a figure that the question may not have told: 营收低于2000万元的企业."""
    ranges = {figure.measure for figure in figures(clause.head) if figure.low != figure.high}
    told = {told.figure.measure for told in case.asked.told if told.role in {"firm", "count", "other"}}
    return bool(ranges - told)


def _cap_of(case: Case, rows: Sequence[Clause]) -> Clause | None:
    if len(rows) == 1:
        return rows[0] if _caps_these(case, rows[0]) else None
    common = frozenset.intersection(*(marks_of(row.head) for row in rows))
    own = marks_of(case.asked.affirmed)
    scores = [sum(case.near.weight(mark) for mark in (marks_of(row.head) - common) & own) for row in rows]
    if max(scores) == 0:
        raise Unclear(f"先要看这一条：{wording.quoted(rows[0].words)}。", case.rules)
    return rows[scores.index(max(scores))]


def _caps_these(case: Case, clause: Clause) -> bool:
    """Whether a cap is of the items: of their line, of all, or of the line before it."""
    lines = {rule.line for rule in case.rules}
    if clause.line in lines:
        return True
    if any(rule.line == clause.line for rule in case.notice.rules):
        return False
    if re.search(r"各项|全部|以上|上述|合计|累计|总额|一年|年度|每年|全年|当年", clause.words):
        return reaches(clause, case.items[0], case)
    return clause.line - 1 in lines and reaches(clause, case.items[0], case)
