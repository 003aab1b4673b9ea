"""What one item comes to: its base, its number, its brackets, its caps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

from tools.notice_amount import wording
from tools.notice_amount.asking import Told
from tools.notice_amount.case import Case, Item, Unclear
from tools.notice_amount.items import money_of, with_exact
from tools.notice_amount.likeness import objects
from tools.notice_amount.model import Limit, Rule
from tools.notice_amount.reach import reaches
from tools.notice_amount.sums import percent, plain, shown
from tools.notice_amount.touching import left_out


def work(case: Case, item: Item, parts: Sequence[Told]) -> None:
    rule = item.rule
    if rule.share is not None:
        _share(case, item, parts)
    elif rule.unit or rule.per_measure:
        _units(case, item)
    else:
        item.value = (rule.sum or Decimal(0)) * item.factor
        name = re.split(r"[，：]", rule.head)[-1][:16]
        item.steps.append(
            f"{name}{shown(rule.sum or Decimal(0))}"
            + (f" × {percent(item.factor)} ＝ {shown(item.value)}" if item.factor != 1 else "")
        )
    if item.points and rule.share is None:
        raise Unclear("给的是一笔定额，加几个百分点怎么算，要对着原文核算。", [rule])


def _share(case: Case, item: Item, parts: Sequence[Told]) -> None:
    rule = item.rule
    assert rule.share is not None
    rate = rule.share + item.points
    rows = [(with_exact(told), *money_of(told, case)) for told in item.told]
    out = (
        sum((part.value for part in parts), Decimal(0))
        if len(case.items) == 1 or len([i for i in case.items if i.rule.share is not None]) == 1
        else Decimal(0)
    )
    if parts and not out:
        raise Unclear("不计的部分要说清是哪一笔里的。", [rule])
    base = sum((value * number for _, value, number, _ in rows), Decimal(0)) - out
    least = [
        band
        for band in rule.bands
        if (band.measure == "money" and band.high is None and not band.within and not band.open_low)
        or (band.measure == "money" and not band.holds(base) and not band.within)
    ]
    if (any(not band.holds(base) for band in least) and len(item.family.rules) <= 1) or any(
        band.words[:2] in {"起点", "门槛"} and not band.holds(base) for band in least
    ):
        item.nothing = f"规定“{least[0].words}”，没有达到"
        return
    if any(band.within for band in rule.bands):
        item.value, steps = by_brackets(item.family.rules, base)
        item.value *= item.factor
        item.steps.append(steps)
        _hold(item, rule.limits or item.family.rules[-1].limits, base)
        return
    each = next(
        (limit for limit in rule.limits if limit.each and limit.amount is not None and not _of_whole(limit)), None
    )
    if each is not None and (len(rows) > 1 or rows[0][2] > 1):
        _by_items(case, item, rows, rate, each)
        return
    base, share_steps = _lent(case, rule, base)
    if len(rows) == 1 and rows[0][2] == 1:
        text = shown(rows[0][1])
    else:
        text = " ＋ ".join(f"{shown(value)}{f' × {words}' if words else ''}" for _, value, _, words in rows)
    if out:
        text = f"（{text} － {' － '.join(shown(part.value) for part in parts)}）"
    elif len(rows) > 1:
        text = f"（{text}）"
    factor = f" × {percent(item.factor)}" if item.factor != 1 else ""
    item.value = base * rate * item.factor
    item.steps.append(f"{share_steps or text} × {percent(rate)}{factor} ＝ {shown(item.value)}")
    _hold(item, rule.limits, base)
    _extra(item)


def _extra(item: Item) -> None:
    """What a part of the base brings beside, by the points that a clause adds for it."""
    for part, clause in item.extras:
        more = part.value * (clause.points or Decimal(0))
        text = f"{shown(part.value)} × {percent(clause.points or Decimal(0))} ＝ {shown(more)}"
        if clause.limit is not None and clause.limit.amount is not None and more > clause.limit.amount:
            more = clause.limit.amount
            text += f"，{clause.limit.words}，按{shown(more)}"
        apart = re.search(r"不占|不计入|另计|不受", clause.words)
        if not apart and (
            item.capped
            or any(limit.amount is not None and item.value + more > limit.amount for limit in item.rule.limits)
        ):
            raise Unclear(
                f"先要看这一条：{wording.quoted(clause.words)}；加的部分占不占最高额，得数不一样。", [item.rule]
            )
        item.value += more
        item.steps.append(f"另加{text}，共{shown(item.value)}")


def by_brackets(rules: Sequence[Rule], base: Decimal) -> tuple[Decimal, str]:
    """A base part by part, each at its own rate or sum; the brackets must follow one another without a gap."""
    rows = sorted(
        ((rule.bands[0].low or Decimal(0), rule.bands[0].high, rule) for rule in rules), key=lambda row: row[0]
    )
    if (
        rows[0][0] != 0
        or any(one[1] != other[0] for one, other in pairwise(rows))
        or any(len(row[2].bands) != 1 for row in rows)
    ):
        raise Unclear("这条规定分几段，各段接不上，要对着原文核算。", rules)
    total, texts = Decimal(0), []
    for low, high, rule in rows:
        part = (base if high is None else min(base, high)) - low
        if part <= 0:
            continue
        each = rule.share if rule.share is not None else rule.sum or Decimal(0)
        total += part * each
        texts.append(
            f"{shown(part)} × {percent(each)}"
            if rule.share is not None
            else f"{plain(part)}{rule.unit} × {shown(each)}"
        )
    return total, f"{' ＋ '.join(texts)} ＝ {shown(total)}"


def _lent(case: Case, rule: Rule, base: Decimal) -> tuple[Decimal, str]:
    """A base held to the most of it that counts, and what is lent for the time of a year that it was lent."""
    text = ""
    for limit in rule.limits:
        if limit.of_base and limit.amount is not None and base > limit.amount:
            base, text = limit.amount, f"{shown(limit.amount)}（{limit.words}）"
    lent = (
        re.search(r"本金|贷款|余额|年化|年利率", rule.base + rule.head + rule.about)
        and "息" not in rule.base
        and (rule.share or 0) <= Decimal("0.06")
    )
    if not lent or re.search(r"担保", rule.base + rule.head):
        return base, text
    told = [
        one for one in case.asked.told if one.figure.measure == "months" and not re.search(r"成立|注册|开了", one.near)
    ]
    if len(told) != 1 or not told[0].figure.exact:
        raise Unclear("要算出数，还缺：借了几个月。", [rule])
    months = min(told[0].value, Decimal(12))
    if told[0].value > 12:
        raise Unclear(f"“{told[0].figure.words}”里补几年要看原文。", [rule])
    return base * months / 12, f"{text or shown(base)}" + (f" × {plain(months)}/12" if months != 12 else "")


def _of_whole(limit: Limit) -> bool:
    return limit.each in {"个企业", "家企业", "企业", "户", "家", "户企业", "年"}


def _by_items(
    case: Case, item: Item, rows: Sequence[tuple[Told, Decimal, Decimal, str]], rate: Decimal, each: Limit
) -> None:
    """Every sum held to its own cap, the most of them counted."""
    assert each.amount is not None
    values = sorted(
        (
            min(value * rate * item.factor, each.amount * item.cap_factor)
            for _, value, number, _ in rows
            for _ in range(int(number))
        ),
        reverse=True,
    )
    most = next((int(limit.number) for limit in item.rule.limits if limit.number is not None), len(values))
    if len(values) > most:
        item.steps.append(f"最多算{most}个")
    item.value = sum(values[:most], Decimal(0))
    item.steps.append(
        f"{' ＋ '.join(shown(value) for value in values[:most])}（各按{percent(rate)}，{each.words}）＝ {shown(item.value)}"
    )
    _hold(item, [limit for limit in item.rule.limits if limit is not each], Decimal(0))


def _units(case: Case, item: Item) -> None:
    rule = item.rule
    assert rule.sum is not None
    if not item.told:
        raise Unclear(f"要算出数，还缺：{rule.unit}数量。", [rule])
    number = sum((with_exact(told).value for told in item.told), Decimal(0))
    names = "＋".join(told.figure.words for told in item.told)
    if rule.per_measure:
        number = number / rule.per
        if rule.whole_units:
            number = number.to_integral_value(ROUND_FLOOR)
        names = f"{plain(number)}"
    for part in [
        one
        for one in case.asked.of("count")
        if one.place not in case.used and one.figure.unit == item.told[0].figure.unit
    ]:
        clause = left_out(part, case.notice.clauses)
        if clause is not None and part.place > item.told[0].place:
            number -= part.value
            names = f"（{names}－{part.figure.words}）"
            case.used.add(part.place)
            case.cited.append(clause)
        elif re.search(r"其中|里[头边面]|含", part.label + part.near):
            raise Unclear(f"“{part.figure.words}”算不算要看原文。", [rule])
    _at_most(case, item, number)
    most = next(
        (
            limit
            for limit in rule.limits
            if limit.number is not None
            and (limit.each[:1] == item.told[0].figure.unit[:1] or limit.each[:1] == rule.unit[:1])
        ),
        None,
    )
    if most is not None and most.number is not None and number > most.number:
        number, names = most.number, f"{plain(most.number)}{rule.unit}（最多）"
    if any(band.within for band in rule.bands):
        item.value, steps = by_brackets(item.family.rules, number)
        item.value *= item.factor
        item.steps.append(steps)
        _hold(item, rule.limits or item.family.rules[-1].limits, Decimal(0))
        return
    months, span = _months(case, rule)
    item.value = rule.sum * number * months * item.factor
    factor = f" × {percent(item.factor)}" if item.factor != 1 else ""
    item.steps.append(f"{shown(rule.sum)} × {names}{span}{factor} ＝ {shown(item.value)}")
    _hold(item, rule.limits, Decimal(0))


def _months(case: Case, rule: Rule) -> tuple[Decimal, str]:
    """For how many months a sum of a month is paid."""
    if not rule.monthly:
        return Decimal(1), ""
    told = [
        one
        for one in case.asked.told
        if one.figure.measure == "months" and not re.search(r"成立|注册|合同|开了", one.near)
    ]
    if len(told) != 1 or not told[0].figure.exact:
        raise Unclear("要算出数，还缺：几个月。", [rule])
    months = told[0].value
    most = next((limit.number for limit in rule.limits if limit.each == "月" and limit.number is not None), None)
    if most is not None and months > most:
        return most, f" × {plain(most)}个月（最长）"
    return months, f" × {plain(months)}个月"


def _at_most(case: Case, item: Item, number: Decimal) -> None:
    """A clause apart that pays for so many only: what goes beyond is to be looked at."""
    for clause in case.notice.clauses:
        limit = clause.limit.number if clause.limit else Decimal(0)
        if clause.kind == "most" and reaches(clause, item, case) and limit is not None and number > limit:
            raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)


def _hold(item: Item, limits: Sequence[Limit], base: Decimal) -> None:
    for limit in limits:
        if limit.share is not None:
            raise Unclear(f"要算出数，还缺：“{limit.words}”说的数额。", [item.rule])
        if limit.amount is None or limit.of_base:
            continue
        most = limit.amount * item.cap_factor
        if item.value > most:
            if limit.each and re.match(r"[人台套张辆]|个?(?:标准)?展位|名", limit.each):
                raise Unclear(f"要算出数，还缺：{limit.each}的数量（{limit.words}）。", [item.rule])
            if objects(limit.words) and not objects(limit.words) & objects(item.rule.base):
                raise Unclear(f"要算出数，还缺：是不是“{limit.words}”说的那一种。", [item.rule])
            if (
                item.factor != 1
                and item.value / item.factor > most * min(item.factor, Decimal(1))
                and item.value != most * item.factor
            ):
                raise Unclear(f"先封顶还是先打折，得数不一样，要看原文：{limit.words}。", [item.rule])
            item.value, item.capped = most, True
            item.steps.append(f"超过{limit.words}，按{shown(most)}")
        else:
            item.under.append(limit)
    if item.last_factor != 1:
        item.value *= item.last_factor
        item.steps.append(f"再按{percent(item.last_factor)}是{shown(item.value)}")
