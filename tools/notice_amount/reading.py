"""A notice as a rulebook: its clauses one by one, and then the rows of its tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.types import Passage
from corpus.typed_tables import TypedTable
from tools.notice_amount.clauses import Clause, clauses
from tools.notice_amount.dispatch import read_segment
from tools.notice_amount.grammar import BASED, Line
from tools.notice_amount.likeness import content
from tools.notice_amount.rows import table_rules
from tools.notice_amount.rules import Rule, Rulebook, Window
from tools.notice_amount.sums import shown
from tools.notice_amount.vocabulary import data, has

_DAY = r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日"
_BETWEEN = re.compile(rf"({_DAY})(?:（含）)?[至到—-]+({_DAY})")
_BELOW = re.compile(r"下表|附表|如下|下列(?:比例|标准)|以下(?:比例|标准)")


def read(passages: Sequence[Passage], tables: Sequence[TypedTable]) -> Rulebook:
    """Everything that a notice says of amounts."""
    book = Rulebook()
    rows = clauses(passages)
    state = Line()
    for clause in rows:
        if clause.elsewhere:
            continue
        if state.number != clause.line:
            state = Line(clause.line)
        if based := BASED.search(clause.text):
            book.base = book.base or based[1]
        _counted(clause, book)
        book.without_tax |= "不含税" in clause.text or "除税" in clause.text
        for found in _BETWEEN.finditer(clause.text):
            first, last = (tuple(int(part) for part in re.findall(r"\d+", day)) for day in found.groups())
            if len(first) == 3 and len(last) == 3:
                book.windows.append(Window((first[0], first[1], first[2]), (last[0], last[1], last[2]), clause.text))
        for segment in clause.segments:
            book.add(read_segment(clause, segment, state, book))
    book.base = book.base or _base_of_table(rows)
    book.rules = _others(book.rules)
    book.rules = _joined(book.rules)
    for n, table in enumerate(tables):
        book.add(table_rules(n, table, passages, book.base))
    book.rules = _stacked(_adjoining(book.rules))
    book.with_base()
    return book


def _counted(clause: Clause, book: Rulebook) -> None:
    """What counts to the base: 计入范围：软件购置费、云服务费…"""
    if re.search(
        r"计入范围|支持范围|补助范围|费用范围|投入范围|^包括|投入包括|范围包括|支出范围",
        f"{clause.topic}：{clause.text}",
    ) and not has(clause.topic + clause.text, "refuses"):
        book.counted += clause.text


def _base_of_table(rows: Sequence[Clause]) -> str:
    for clause in rows:
        if _BELOW.search(clause.text) and not clause.elsewhere:
            found = re.search(
                r"(?:按照?|以|对|根据)([^，。；]{0,16}?(?:投入|投资额?|支出|费用|金额|价格|利息|余额|合同额|收入))",
                clause.text,
            )
            if found and "《" not in found[1]:
                return found[1]
    return ""


def _adjoining(rules: Sequence[Rule]) -> list[Rule]:
    """Rows of ranges that touch: the end belongs to the row that says 含 of it."""
    out = []
    for rule in rules:
        for other in rules:
            if (
                rule.table >= 0
                and other.table == rule.table
                and rule.band
                and other.band
                and rule.band.high == other.band.low
            ):
                rule = replace(rule, band=replace(rule.band, open_high=not other.band.open_low or rule.band.open_high))
            if rule.table >= 0 and other.table == rule.table and len(rule.brackets) == len(other.brackets) == 1:
                mine, next_one = rule.brackets[0], other.brackets[0]
                if mine.high is not None and mine.high == next_one.low and not next_one.open_low and other is not rule:
                    figure = f"{shown(next_one.low)}（含）"
                    rule = replace(
                        rule,
                        brackets=(
                            replace(
                                mine, open_high=(figure in other.words and figure not in rule.words) or mine.open_high
                            ),
                        ),
                    )
        out.append(rule)
    return out


def _stacked(rules: Sequence[Rule]) -> list[Rule]:
    """Rows of rates on parts of one sum (500万元以下部分) as one rule."""
    out: list[Rule] = []
    for rule in rules:
        before = out[-1] if out else None
        parts = rule.table >= 0 and rule.rate is None and len(rule.brackets) == 1 and "部分" in rule.words
        if before and parts and before.table == rule.table and before.marginal:
            out[-1] = replace(
                before, brackets=(*before.brackets, *rule.brackets), words=f"{before.words}；{rule.words}"
            )
        else:
            out.append(replace(rule, marginal=True) if parts else rule)
    return out


def _others(rules: Sequence[Rule]) -> list[Rule]:
    """赴其他地区 after 赴亚洲: every value of the dimension that its sisters do not name."""
    out = []
    for rule in rules:
        sisters = [r for r in rules if r.line == rule.line and r is not rule and "continent" in r.tiers]
        if sisters and re.search(r"其他(?:国家|地区|洲)", rule.subject) and "continent" not in rule.tiers:
            taken = frozenset().union(*(r.tiers["continent"] for r in sisters))
            rule = replace(
                rule, tiers={**sisters[0].tiers, "continent": frozenset(data()["tiers"]["continent"]) - taken}
            )
        out.append(rule)
    return out


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Brackets of one line, one after another, as one rule."""
    out: list[Rule] = []
    for rule in rules:
        before = out[-1] if out else None
        if (
            before
            and before.brackets
            and rule.brackets
            and before.line == rule.line
            and before.tiers == rule.tiers
            and (not content(rule.subject) or before.subject == rule.subject or before.base == rule.base)
        ):
            out[-1] = replace(
                before,
                brackets=(*before.brackets, *rule.brackets),
                words=f"{before.words.rstrip('；;')}；{rule.words}",
                marginal=before.marginal or rule.marginal,
                unread=before.unread or rule.unread,
            )
        else:
            out.append(rule)
    return out
