"""Whether a clause of the notice bears on a question: its condition is met, not met, or of something else."""

from __future__ import annotations

import re
from typing import Literal

from tools.notice_amount.asking import Asking, Told
from tools.notice_amount.closeness import Closeness, marks_of
from tools.notice_amount.model import Band, Clause, Rule
from tools.notice_amount.things import same, things

Touch = Literal["met", "unmet", "unclear", "silent"]
CLEAR = 0.34
FAINT = 0.17
RARE = 99.0
_PART = re.compile(r"其中|里[头边面]|派|返聘")
_COMMON = re.compile(
    r"企业|公司|项目|补助|补贴|奖励|资金|标准|单位|同一|本市|年度|上述|以上|比例|金额|给予|按照|最高|合计|一家|享受|支持|部分|一年|当年|提高|上浮|基础|之外|条件|申请|第[一二三四五六七八九十]+条|、|的|，"
)


def condition(clause: Clause) -> str:
    """The words of a clause that say when it holds."""
    first = _COMMON.sub(" ", re.split(r"(?:的[，,]|[，,])", clause.head)[0])
    return first if len(first.replace(" ", "")) > 1 else _COMMON.sub(" ", clause.head)


def touch(clause: Clause, asked: Asking, near: Closeness, rules: list[Rule]) -> Touch:
    """How a clause stands to the question, where the rules that were chosen have its words already."""
    told = measured(clause.bands, asked)
    if told is not None:
        return "met" if told else "unmet"
    known = frozenset().union(*(marks_of(f"{rule.about}{rule.head}{rule.base}{rule.unit}") for rule in rules))
    own = marks_of(condition(clause)) - known
    if not own:
        return "silent"
    whole = sum(near.weight(mark) for mark in own)
    affirmed = sum(near.weight(mark) for mark in own & marks_of(asked.affirmed))
    denied = sum(near.weight(mark) for mark in own & marks_of(asked.denials))
    if re.search(r"未(?!来)|没有|没|(?<!不得|不予)不(?:在|是|满足|符合)", condition(clause)):
        affirmed, denied = denied, affirmed
    if denied > affirmed and denied / whole >= FAINT:
        return "unmet"
    if affirmed / whole >= CLEAR and not clause.bands:
        return "met"
    return "unclear" if affirmed / whole >= FAINT or affirmed >= RARE else "silent"


def measured(bands: tuple[Band, ...], asked: Asking) -> bool | None:
    """Whether the one figure of the question in a band's measure lies in it; None where that cannot be told."""
    for band in bands:
        if band.measure == "money":
            rows = [
                t
                for t in asked.told
                if t.figure.measure == "money" and t.role == "firm" and marks_of(t.near) & marks_of(band.noun)
            ]
            if len(rows) == 1:
                return band.holds(rows[0].value)
            continue
        rows = [
            t
            for t in asked.told
            if t.figure.measure == band.measure and (band.measure != "count" or t.figure.unit == band.unit)
        ]
        if band.measure == "months":
            rows = [
                t
                for t in rows
                if marks_of(t.near) & marks_of(band.noun)
                or (re.search(r"成立|注册|开了|开业|办了", t.near) and re.search(r"成立|注册", band.noun))
            ]
        elif len(rows) > 1:
            rows = [t for t in rows if marks_of(t.near) & marks_of(band.noun)]
        if len(rows) == 1:
            return band.holds(rows[0].value)
    return None


def left_out(told: Told, clauses: list[Clause]) -> Clause | None:
    """The clause that refuses what a sum was spent on."""
    for clause in clauses:
        if clause.kind != "refuse" or clause.bands:
            continue
        words = [*things(clause.words), *(things(clause.about) if len(clause.words) < 12 else [])]
        if any(_is(told.label, thing, loose=told.role == "part" or bool(_PART.search(told.near))) for thing in words):
            return clause
    return None


def _is(label: str, thing: str, *, loose: bool) -> bool:
    """Whether a label names a thing of a list."""
    if loose and same(label, thing):
        return True
    core = re.sub(r"(?:费用|支出|费|款|等|的|企业|一律|公司)+$|^(?:购买|卖给|用于|其中|对|向|企业)+", "", thing)
    return len(core) > 1 and core in label
