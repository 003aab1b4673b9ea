"""The rules of one segment: rates and sums with their bases and caps, in rows for several tiers, and in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from tools.notice_amount.clauses import Clause
from tools.notice_amount.likeness import content, named
from tools.notice_amount.rules import Bracket, Cap, Rule
from tools.notice_amount.segment import Mark, each_units, is_down, is_up, numbered_each
from tools.notice_amount.tiers import tiers
from tools.notice_amount.vocabulary import any_of, group, has

BASED = re.compile(r"以([^，。；]{2,40}?)(?:为|作为)(?:基数|基准|依据|计算基数|计算依据)")
OF_RESULT = ("补助", "补贴", "奖励", "贴息", "抵扣", "资助", "支持", "奖补", "奖金", "资金")
_LISTS = re.compile(r"[、和及与或]")


@dataclass
class Line:
    """What goes on from one segment of a line to the next."""

    number: int = -1
    base: str = ""
    subject: str = ""


def segment_rules(
    clause: Clause, segment: str, rows: Sequence[Mark], core: Sequence[Mark], state: Line
) -> Iterator[object]:
    """The rules of a segment that gives rates or sums."""
    first = core[0]
    brackets = [mark for mark in rows if mark.role.startswith("bracket") and mark.at < core[-1].at]
    lead = segment[: brackets[0].at if brackets and brackets[0].at < first.at else first.at]
    own = _base(first, lead)
    if own:
        state.base = own
    base = own or state.base
    subject = lead if content(lead) or tiers(lead) else (state.subject or lead)
    state.subject = subject
    label = f"{clause.heading}·{clause.topic}·{clause.opening}"
    own_tiers = tiers(subject)
    shape = {**{d: v for d, v in tiers(f"{clause.topic}·{clause.opening}").items() if d not in own_tiers}, **own_tiers}
    unread = _hazards(segment) or _left_over(rows)
    rule = Rule(segment, subject, label, clause.passage, clause.line, shape, base=base, unread=unread)
    if len(core) > 1 and _in_row(core, segment):
        yield from _distributed(rule, segment, rows, core, brackets)
        return
    if brackets:
        yield from _bracketed(rule, segment, rows)
        return
    yield from _single(rule, segment, rows, core, state)


def _base(mark: Mark, lead: str) -> str:
    """The words that name what a rate is of; empty where they name nothing."""
    if mark.role not in {"rate", "loose_rate", "rate_range"}:
        return mark.before if has(mark.before, "spending") or named(mark.before)[1] else ""
    text = re.split(any_of("caps"), mark.before)[-1].removesuffix("的")
    based = BASED.search(lead)
    if based:
        return based[1]
    if is_base(text):
        return text
    return ""


def is_base(text: str) -> bool:
    objects, deals = named(text)
    return bool(deals or has(text, "spending") or (objects and re.search(r"费|款|额|价", text)))


def _hazards(segment: str) -> str:
    if numbered_each(segment):
        return "按多个单位计"
    return "分年给" if re.search("|".join(w for w in group("over_years") if w != "每年"), segment) else ""


def _left_over(rows: Sequence[Mark]) -> str:
    """A share or a sum whose part in the rule was not understood: then nothing is computed with it."""
    left = [
        m
        for n, m in enumerate(rows)
        if (
            m.role in {"share_floor", "raised_to", "loose_sum"}
            and not (m.role == "share_floor" and _raises_next(rows, n))
        )
        or (m.role == "other" and m.quantity.kind == "foreign")
        or (limits_base(m) and not of_things(rows))
    ]
    return f"“{left[0].piece.strip('，, ')}”这一句" if left else ""


def of_things(rows: Sequence[Mark]) -> bool:
    """Whether the caps are each of another kind of thing: 成套装备最高200万元，单台设备最高100万元."""
    caps = [mark for mark in rows if mark.role == "cap"]
    return (
        len(caps) > 1
        and all(limits_base(mark) or re.search(r"部件|产品|装备|设备|系统|机组", mark.before) for mark in caps)
        and all(re.search(r"最高", mark.before + mark.quantity.words) for mark in caps)
    )


def _raises_next(rows: Sequence[Mark], at: int) -> bool:
    """Whether a share is what a sum added behind it is for: 占比达到8%以上的，增发10万元."""
    return at + 1 < len(rows) and rows[at + 1].role in {"extra", "raise"}


def limits_base(mark: Mark) -> bool:
    """Whether a cap is one of the base and not of the amount: 每户贷款额度不超过300万元, 软件不超过50万元."""
    if mark.role == "cap" and re.search(r"计入|本金", mark.before):
        return True
    if mark.role != "cap" or any(word in mark.before for word in OF_RESULT) or each_units(mark.before):
        return False
    objects, deals = named(mark.before)
    return bool(objects or deals or has(mark.before, "spending"))


def _in_row(core: Sequence[Mark], segment: str) -> bool:
    """Whether the figures stand in one row: 50万元、20万元、5万元."""
    between = [segment[a.at + len(a.quantity.words) : b.at] for a, b in pairwise(core)]
    return "分别" in segment or all(re.fullmatch(r"\s*[、和及与]\s*", text) for text in between)


def _distributed(
    rule: Rule, segment: str, rows: Sequence[Mark], core: Sequence[Mark], brackets: Sequence[Mark]
) -> Iterator[Rule]:
    """国家级、省级分别50万元、20万元: one rule for each of as many values; unread where they do not match."""
    many = len(core)
    lead = segment[: core[0].at]
    caps = _caps(rows, rule, [m for m in rows if m.at > core[-1].at])
    row_caps = [m for m in rows if m.role == "cap"]
    per_tier = len(row_caps) == many and many > 1
    if len(brackets) == many and core[0].role == "fixed":
        lows = [mark.limits[0] if mark.limits[0] else mark.sum for mark in brackets]
        if lows == sorted(lows) and all(is_up(m.quantity.words + m.before[-4:]) or n for n, m in enumerate(brackets)):
            shape = tuple(
                Bracket(low, lows[n + 1] if n + 1 < many else None, False, True, rule.words, fixed=mark.sum)
                for n, (low, mark) in enumerate(zip(lows, core, strict=True))
            )
            yield replace(rule, brackets=shape, base=brackets[0].before, caps=caps)
            return
    parts = [part for part in _LISTS.split(re.split(r"分别", lead)[0]) if part.strip()]
    for dimension in ("level", "letters", "grade", "star", "rank", "first", "scale", "size", "rating", "place"):
        told = [(part, tiers(part)[dimension]) for part in parts if dimension in tiers(part)]
        if len(told) == many:
            for n, ((_, values), mark) in enumerate(zip(told, core, strict=True)):
                one = replace(rule, tiers={**rule.tiers, dimension: values}, siblings=rule.line)
                own = (Cap(row_caps[n].piece, row_caps[n].sum),) if per_tier else caps
                yield (
                    replace(one, rate=mark.share, caps=own)
                    if mark.role != "fixed"
                    else replace(one, fixed=mark.sum, caps=own, each=each_units(core[0].before))
                )
            return
    if len(parts) == many:
        for n, (part, mark) in enumerate(zip(parts, core, strict=True)):
            one = replace(rule, subject=part, tiers=tiers(part) or rule.tiers, siblings=rule.line)
            own = (Cap(row_caps[n].piece, row_caps[n].sum),) if per_tier else caps
            yield (
                replace(one, rate=mark.share, caps=own)
                if mark.role != "fixed"
                else replace(one, fixed=mark.sum, caps=own)
            )
        return
    yield replace(
        rule,
        unread="几个数和几类对不上",
        rate=core[0].share if core[0].role != "fixed" else None,
        fixed=core[0].sum if core[0].role == "fixed" else None,
    )


def _bracketed(rule: Rule, segment: str, rows: Sequence[Mark]) -> Iterator[Rule]:
    """The brackets of a segment, each with its rate or sum and its caps."""
    found: list[Bracket] = []
    pending: list[Mark] = []
    marginal, base = False, ""
    for mark in rows:
        if mark.role.startswith("bracket"):
            base = base or (mark.before if is_base(mark.before) else "")
            pending.append(mark)
            marginal |= mark.marginal
        elif mark.role in {"rate", "loose_rate", "fixed"} and pending:
            low, high, open_low, open_high = _limits(pending)
            rate = mark.share if mark.role != "fixed" else None
            fixed = mark.sum if mark.role == "fixed" else None
            found.append(Bracket(low, high, open_low, open_high, segment, rate, fixed))
            pending = []
        elif mark.role in {"cap", "cap_rate"} and found:
            found[-1] = replace(found[-1], caps=(*found[-1].caps, *_caps(rows, rule, [mark])))
        elif mark.role in {"rate_range"}:
            rule = replace(rule, unread="比例是一个范围")
    if not found:
        yield replace(rule, unread="分档没读懂", rate=Decimal(0))
        return
    each = each_units("".join(m.before for m in rows if m.role == "fixed"))
    yield replace(rule, brackets=tuple(found), base=base or rule.base, marginal=marginal, each=each)


def _limits(pending: Sequence[Mark]) -> tuple[Decimal, Decimal | None, bool, bool]:
    low, high = Decimal(0), None
    open_low = open_high = False
    for mark in pending:
        a, b = mark.limits
        words = mark.quantity.words + mark.before[-4:] + mark.after[:2]
        if mark.role == "bracket_up" or (mark.role == "bracket" and b is None) or (a == b and is_up(words)):
            low, open_low = a, mark.opened
        elif mark.role == "bracket_down" or (mark.role == "bracket" and not a) or a == b:
            high, open_high = (b if b is not None else a), bool(is_down(words) and mark.opened)
        else:
            low, high = a, b
    return low, high, open_low, open_high


def _caps(rows: Sequence[Mark], rule: Rule, picked: Sequence[Mark]) -> tuple[Cap, ...]:
    out = []
    for mark in picked:
        words = mark.piece.strip("，, 。")
        each = each_units(mark.before)
        year = has(mark.before, "year")
        if mark.role == "cap":
            thing = mark.before.strip("，, ") if of_things(rows) else ""
            out.append(Cap(words, mark.sum, each=each[0] if each and not thing else "", year=year, condition=thing))
        elif mark.role == "cap_rate":
            base = re.split(any_of("caps", "floors"), mark.before)[-1].removesuffix("的")
            by_year = mark.quantity.kind == "points" or bool(re.search(r"年利率|年化|贴息率", mark.before))
            out.append(
                Cap(
                    words,
                    rate=mark.share,
                    base="贷款本金" if by_year else base if is_base(base) else rule.base,
                    by_year=by_year,
                )
            )
    return tuple(out)


def _single(rule: Rule, segment: str, rows: Sequence[Mark], core: Sequence[Mark], state: Line) -> Iterator[object]:
    """Rules one after another: each figure with the caps up to the next one."""
    last = core[-1].at
    joint = [m for m in rows if m.at > last and m.role in {"cap", "cap_rate", "most_items"}]
    for n, mark in enumerate(core):
        end = core[n + 1].at if n + 1 < len(core) else len(segment)
        own = [m for m in rows if mark.at < m.at < end]
        ahead = [m for m in rows if m.at < mark.at and m.role in {"cap", "cap_rate"}] if not n else []
        one = rule
        if n:
            text = segment[core[n - 1].at + len(core[n - 1].quantity.words) : mark.at]
            text = (
                re.sub(r"^[^，,]*[，,]", "", text)
                if content(text.split("，")[-1]) or tiers(text.split("，")[-1]) or "，" in text
                else text
            )
            base = _base(mark, text) or rule.base
            own_tiers = tiers(text)
            one = replace(
                rule,
                subject=text if content(text) or own_tiers else rule.subject,
                base=base,
                tiers={**({} if re.search(r"其他|其余", text) else rule.tiers), **own_tiers},
            )
            state.base = base
        units = each_units(mark.before)
        most = tuple((Decimal(str(m.quantity.high)), _unit_of(m)) for m in own if m.role == "most_items")
        caps = _caps(rows, one, [*ahead, *own])
        if not own and joint and n + 1 < len(core):
            caps = _caps(rows, one, [m for m in joint if m.role == "cap"])
            most = tuple((Decimal(str(m.quantity.high)), _unit_of(m)) for m in joint if m.role == "most_items")
            one = replace(one, siblings=rule.line)
        one = replace(one, caps=caps, most_items=most)
        if mark.role == "rate_range":
            yield replace(one, rate=mark.share, unread="比例是一个范围")
        elif mark.role == "fixed":
            yield replace(one, fixed=mark.sum, each=units)
        else:
            by_year = (
                mark.quantity.kind == "points"
                or bool(re.search(r"年利率|年化|利率|贴息率|年息", mark.before))
                or ("贴息" in segment and "期限" in segment and "余额" in named(mark.before)[1])
            )
            yield replace(one, rate=mark.share, by_year=by_year)


def _unit_of(mark: Mark) -> str:
    return mark.quantity.unit + re.match(r"[\u4e00-\u9fff]{0,6}", mark.after)[0]  # type: ignore[index]
