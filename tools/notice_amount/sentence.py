"""A sentence as rules, or as the one clause that it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tools.notice_amount.figures import figures
from tools.notice_amount.lines import Sentence
from tools.notice_amount.model import Band, Clause, Figure, Rule
from tools.notice_amount.patterns import GIVES, MONEY, REFUSE
from tools.notice_amount.roles import (
    band_of,
    bands_between,
    base_in,
    limit_in,
    named_unit,
    role_of,
    told_apart,
    unit_in,
)
from tools.notice_amount.tiers import tiers

_LESS = re.compile(r"差额|补差|补足|扣除|扣减|抵扣|减去|扣掉|抵减")
_HIGHEST = re.compile(r"就高|择高|取高|按[^，。]{0,8}高的?|从高|不重复|不叠加|不累加|只[^，。]{0,10}高")
_HALF = re.compile(r"减半|折半|一半|对半|半数")
_DOUBLE = re.compile(r"翻倍|加倍|翻番|提高一倍|增加一倍|双倍")
_GIVEN = re.compile(r"标准|以上各|上述|应补|应奖|封顶|奖励|补助|补贴|各项|多出|前[款项]|上表")
_BY_PARTS = re.compile(
    r"各(?:级)?(?:发|付|承担|负担|拨)|先[发付拨]|[次第]\S{0,2}年再?[发付拨]|分[两三二]?[年期次]|折算|承担"
)
_PER = re.compile(r"每[^，。；户家人年月]{0,6}\d")
"""By how much of something a sum is given: 每节电100度补助20元."""
_ELSEWHERE = re.compile(r"联系|咨询|电话|邮箱|网址|地址|受理时间|申报时间|解释|附件")


def read_sentence(said: Sentence) -> Iterator[Rule | Clause]:
    """The rules of a sentence, or else the clause that it is."""
    if _ELSEWHERE.search(said.text) and not GIVES.search(said.text):
        return
    rows = figures(said.text)
    roles = [role_of(said.text, rows, n) for n in range(len(rows))]
    gives = [n for n, role in enumerate(roles) if role in {"share", "sum"}]
    if not gives or _BY_PARTS.search(said.text) or re.search(r"前[项款条]|上述比例|该比例", said.text):
        yield from _clauses(said, rows, roles)
        return
    yield from _rules(said, rows, roles, gives)


def _rules(
    said: Sentence, rows: Sequence[Figure], roles: Sequence[str], gives: Sequence[int]
) -> Iterator[Rule | Clause]:
    """The rules of a sentence, and what its pieces before and behind them refuse or take off."""
    text = said.text
    rows_of_list = told_apart(text, rows, roles, gives)
    made = list[Rule]()
    for at in range(len(gives)):
        made.append(_one_rule(said, rows, roles, gives, at, rows_of_list, made))
    capped_last = len(made) > 1 and bool(made[-1].limits) and not any(rule.limits for rule in made[:-1])
    if capped_last and _shared_cap(text, rows, roles, gives):
        made = [replace(rule, limits=made[-1].limits) for rule in made]
    for rule in _apart(made, rows_of_list):
        yield _as_raise(rule) if rule.share is not None and not _is_base(rule.base, rule.head) else rule
    for piece in re.split(r"[，,]", text[rows[gives[-1]].end :]):
        told = figures(piece)
        if told and REFUSE.search(piece):
            yield _plain(replace(said, text=piece), told, [role_of(piece, told, n) for n in range(len(told))])
        elif not told and (REFUSE.search(piece) or _LESS.search(piece)):
            yield _plain(replace(said, text=piece), [], [])
    for piece in re.split(r"[，,]", text[: rows[gives[0]].start])[:-1]:
        if REFUSE.search(piece) and not figures(piece):
            yield _plain(replace(said, text=piece), [], [])


def _one_rule(
    said: Sentence,
    rows: Sequence[Figure],
    roles: Sequence[str],
    gives: Sequence[int],
    at: int,
    listed: Sequence[tuple[str, list[Band]]],
    made: Sequence[Rule],
) -> Rule:
    """The rule of one figure that gives. made: those of the sentence before it, whose base and unit go on."""
    text, n = said.text, gives[at]
    one, first = rows[n], gives[at - 1] + 1 if at else 0
    last = gives[at + 1] if at + 1 < len(gives) else len(rows)
    lead = text[rows[gives[at - 1]].end if at else 0 : one.start]
    head, bands = listed[at] if listed else (lead, bands_between(text, rows, roles, first, n))
    pers = [rows[k] for k in range(first, n) if roles[k] == "per"]
    goes_on = at and re.match(r"^[、，]", head) and len(head) < 12 and one.measure == "money"
    unit = unit_in(lead, one.words) or (made[-1].unit if made and goes_on else "")
    rule = Rule(
        text, head.strip("、，；：（） "), said.about, said.passage, said.line,
        share=one.value if one.measure == "share" else None, sum=one.value if one.measure == "money" else None,
        base=base_in(head) if one.measure == "share" else "", unit=unit, bands=tuple(bands),
        limits=tuple(limit_in(text, rows, k) for k in range(n + 1, last) if roles[k] == "cap"),
        unread="分几档的数没有一一对上" if "分别" in text and len(gives) > 1 and not listed else _unread(text, roles, head),
    )  # fmt: skip
    piece = re.split(r"[，；。]", text[: one.start])[-1]
    if re.search(r"每个?月|/月|按月|每人月", piece + one.words + text[one.end : one.end + 3]):
        rule = replace(rule, monthly=True, unit=re.sub(r"每?个?月$|^个?月$", "", rule.unit))
    if rule.share is not None and made and made[0].share is not None and not MONEY.search(rule.base):
        rule = replace(rule, base=made[0].base)
    if len(pers) > 1 or (not pers and _PER.search(piece)):
        return replace(rule, unread=rule.unread or "每多少给多少没有读明白")
    if not pers:
        return rule
    if pers[0].measure == "count" and pers[0].value == 1:
        return replace(rule, unit=named_unit(text, pers[0]))
    per = pers[0]
    return replace(rule, per=per.value, per_measure=per.measure, unit=per.unit, whole_units="满" in text)


def _unread(text: str, roles: Sequence[str], head: str) -> str:
    """Why a rule must not be computed with; empty where it may."""
    if {"raise", "lower", "times"} & set(roles) or re.search(r"修改为|调整为|变更为", text):
        return "里有一部分会提高、降低或改过"
    if re.search(r"利率|LPR|费率", head[-8:]):
        return "按利率算，还缺利率和借了几个月"
    return ""


def _apart(rules: list[Rule], listed: object) -> list[Rule]:
    """The rules of a sentence with heads of like length: what only the first one's says before is of them all."""
    if len(rules) < 2 or listed:
        return rules
    rules = [replace(rule, head=_core(rule.head)) for rule in rules]
    longest = max(len(_core(rule.head)) for rule in rules[1:])
    first, core = rules[0], _core(rules[0].head)
    if longest and len(core) > longest + 2 and not tiers(core[: -(longest + 2)]):
        shared = core[: -(longest + 2)]
        rules[0] = replace(first, head=core[-(longest + 2) :].lstrip("的，"))
        return [replace(rule, about=f"{rule.about}·{shared}") for rule in rules]
    return rules


def _core(head: str) -> str:
    """A head without what it is counted in: 省内展 of 省内展每个标准展位."""
    return re.sub(r"(.{2,})每[^每]{1,8}$", r"\1", head)


def _is_base(base: str, head: str) -> bool:
    """Whether a share is of money that is spent, earned or lent, and not of what the notice gives."""
    if MONEY.search(base) and not _GIVEN.search(base):
        return True
    return not _GIVEN.search(f"{head}，{base}")


def _as_raise(rule: Rule) -> Clause:
    return Clause(
        "raise",
        rule.words,
        rule.head,
        rule.passage,
        rule.line,
        rule.about,
        factor=rule.share,
        bands=rule.bands,
        after_cap="封顶后" in rule.words,
    )


def _shared_cap(text: str, rows: Sequence[Figure], roles: Sequence[str], gives: Sequence[int]) -> bool:
    """Whether the cap behind several rules is of them all: 合计最高60万元."""
    caps = [k for k in range(gives[-1] + 1, len(rows)) if roles[k] == "cap"]
    return bool(caps) and bool(
        re.search(r"合计|均|都|总|单个|每户|一家|企业", text[rows[gives[-1]].end : rows[caps[0]].start])
    )


def _clauses(said: Sentence, rows: Sequence[Figure], roles: Sequence[str]) -> Iterator[Clause]:
    caps = [k for k, role in enumerate(roles) if role == "cap" and rows[k].measure in {"money", "share"}]
    raises = [k for k, role in enumerate(roles) if role in {"raise", "lower", "times"}]
    if caps and not raises and not re.search(r"不受|不计入[^，]*(?:限额|上限)", said.text):
        for k in caps:
            begin = max((rows[c].end for c in caps if c < k), default=0)
            head = said.text[begin : rows[k].start]
            yield Clause(
                "cap",
                said.text,
                head.strip("，、 "),
                said.passage,
                said.line,
                said.about,
                limit=limit_in(said.text, rows, k),
            )
        return
    yield _plain(said, rows, roles)


def _raise(one: Clause, rows: Sequence[Figure], roles: Sequence[str], at: int) -> Clause:
    """A clause with one figure that raises or lowers what the rules give."""
    row, role, head = rows[at], roles[at], one.words[: rows[at].start]
    sign = -1 if role == "lower" else 1
    of_cap = bool(re.search(r"上限|最高|限额|封顶", re.split(r"[，,]", head)[-1]))
    limits = [limit_in(one.words, rows, k) for k, other in enumerate(roles) if other == "cap"]
    one = replace(one, kind="raise", head=head, of_cap=of_cap, limit=limits[0] if limits else None)
    if head.endswith(("至", "到", "为")):
        return replace(one, instead=row.value)
    if row.points:
        return replace(one, points=sign * row.value)
    return replace(one, factor=row.value if role == "times" else 1 + sign * row.value)


def _plain(said: Sentence, rows: Sequence[Figure], roles: Sequence[str]) -> Clause:
    """The one thing that a sentence without a rule says."""
    text = said.text
    bands = tuple(band_of(text, rows, k) for k, role in enumerate(roles) if role == "band")
    one = Clause("other", text, text, said.passage, said.line, said.about, bands=bands)
    numbers = [k for k, role in enumerate(roles) if role == "cap" and rows[k].measure == "count"]
    if len(numbers) == 1:
        return replace(one, kind="most", limit=limit_in(text, rows, numbers[0]))
    if numbers:
        return replace(one, kind="most")
    changes = [k for k, role in enumerate(roles) if role in {"raise", "lower", "times"}]
    if len(changes) == 1:
        return _raise(one, rows, roles, changes[0])
    if changes:
        return one
    rates = [k for k, role in enumerate(roles) if role == "share"]
    if len(rates) == 1 and re.search(
        r"前[项款条]|上述比例|该比例|比例[^，。]{0,4}[为到]$|改?按$", text[: rows[rates[0]].start]
    ):
        return replace(one, kind="raise", head=text[: rows[rates[0]].start], instead=rows[rates[0]].value)
    if found := _DOUBLE.search(text):
        head = text[: found.start()]
        return replace(one, kind="raise", head=head, factor=Decimal(2), of_cap=bool(re.search(r"上限|最高|限额", head)))
    if _HIGHEST.search(text):
        return replace(one, kind="highest")
    if _LESS.search(text) and not re.search(r"不扣|不再扣", text):
        return replace(one, kind="less")
    if _BY_PARTS.search(text):
        return replace(one, kind="other" if "承担" not in text else "stack")
    if (found := _HALF.search(text)) and GIVES.search(text):
        head = text[: found.start()]
        return replace(
            one,
            kind="raise",
            head=head,
            factor=Decimal("0.5"),
            of_cap=bool(re.search(r"上限|最高|限额", re.split(r"[，,]", head)[-1])),
        )
    if REFUSE.search(re.sub(r"不含(?:增值)?税|不包括(?:增值)?税", "", text)):
        return replace(one, kind="refuse")
    if re.search(r"叠加|同时享受|都可以|可以都|可都", text):
        return replace(one, kind="stack")
    return one
