"""How many of what a rule gives a sum for: things, persons, months, tons."""

from __future__ import annotations

import re
from decimal import Decimal

from tools.notice_amount.asked import Asked, Count
from tools.notice_amount.interest import told_months
from tools.notice_amount.likeness import shared, with_aliases
from tools.notice_amount.rules import Rule
from tools.notice_amount.sums import plain, shown
from tools.notice_amount.vocabulary import has
from tools.notice_amount.working import Working

GENERIC = frozenset({"个", "项", "件", "次", "人", "台", "套", "家", "张", "份"})
_ALIKE = {"千瓦时": "度", "吨标准煤": "吨", "吨标煤": "吨"}
_MEASURES = frozenset({"千瓦时", "千瓦", "蒸吨", "平方米", "亩", "度"})
_FULL = re.compile(r"[领拿补享]受?满|满额|领完|领到头")
_ONLY = re.compile(r"(?:只有|仅有|实际|最后|只|仅)$")


def same_unit(unit: str, count: Count) -> bool:
    """Whether things are counted as the rule counts them: 吨标准煤 and 850吨, 个标准展位 and 3个标准展位, 车间 and 三个车间."""
    if _ALIKE.get(unit, unit) == count.unit:
        return True
    if unit in _MEASURES or count.unit in _MEASURES:
        return unit == count.unit
    own = with_aliases(count.noun)
    noun = unit.removeprefix(count.unit)
    if noun != unit:
        return (
            not noun
            or not own
            or any(noun[n : n + 2] in own for n in range(max(len(noun) - 1, 1)))
            or count.unit not in {"个", "项", "件", "次"}
        )
    return len(unit) > 1 and unit in own


def at_most(count: Count, rule: Rule, work: Working) -> Decimal:
    """How many count: no more than the rule's most."""
    own = (
        rule.each[0]
        if rule.each and not any(name.startswith(count.unit[:1]) for _, name in rule.most_items)
        else count.unit
    )
    return _at_most(count.value, own, rule, work)


def _at_most(value: Decimal, unit: str, rule: Rule, work: Working) -> Decimal:
    for most, name in rule.most_items:
        if name.startswith(unit[:1]) and value > most:
            if (text := f"最多算{plain(most)}{unit}") not in work.steps:
                work.steps.append(text)
            return most
    return value


def fixed(rule: Rule, asked: Asked, work: Working) -> None:
    """A fixed sum, for each of the rule's units."""
    assert rule.fixed is not None
    value, text = rule.fixed, shown(rule.fixed)
    units = rule.each or _implied(rule, asked)
    for unit in units:
        if unit in {"月", "个月"}:
            number = _months(rule, asked, work)
            if number is None:
                return
            value, text = value * number, f"{text} × {plain(number)}个月"
            continue
        told = _told(unit, rule, asked, work)
        if told is None:
            return
        number, name = told
        value, text = value * number, f"{text} × {name}"
    work.value = value
    work.steps.append(f"{text} ＝ {shown(value)}" if units else text)


def _implied(rule: Rule, asked: Asked) -> tuple[str, ...]:
    """The unit that a rule leaves unsaid: a thing of which only so many are paid for, a person of whom there are several."""
    for _, unit in rule.most_items:
        if any(same_unit(unit, count) for count in asked.counts):
            return (unit,)
    people = has(f"{rule.label}{rule.subject}", "persons")
    if people and any(count.unit == "人" for count in asked.counts):
        return ("人",)
    return ()


def _months(rule: Rule, asked: Asked, work: Working) -> Decimal | None:
    if rule.most_months is not None and _FULL.search(asked.text):
        work.used |= {span.place for span in asked.spans}
        return rule.most_months
    number = told_months(asked, work)
    if number is None:
        work.lack("几个月")
        return None
    if rule.most_months is not None and number > rule.most_months:
        work.steps.append(f"最长{plain(rule.most_months)}个月")
        return rule.most_months
    alone = len(rule.each) == 1 and "人" in rule.words
    if rule.most_months is None and (alone or re.search(r"最长|不超过\d+个?月|最多\d+个?月", rule.words)):
        work.look.append(rule.words)
        return None
    return number


def _told(unit: str, rule: Rule, asked: Asked, work: Working) -> tuple[Decimal, str] | None:
    """How many the question tells, and how that is shown; None where it is not clear."""
    counts = [count for count in asked.counts if _fits(unit, count, rule, asked) and count.place not in work.used]
    most = [number for number, name in rule.most_items if unit[:1] == name[:1]]
    if not counts and asked.kind == "most" and len(most) == 1:
        return most[0], f"最多{plain(most[0])}{unit}"
    counts = _narrowed(counts, asked, work)
    if len(counts) > 1 and unit == "人":
        return _of_kinds(counts, rule, work)
    if len(counts) != 1:
        work.lack(f"{unit}数" if len(unit) == 1 else f"{unit}的数量")
        return None
    one = counts[0]
    work.used.add(one.place)
    number = at_most(one, rule, work)
    name = one.unit if one.unit in GENERIC or len(one.unit) > 1 or one.unit not in unit else unit
    for other in asked.counts:
        if other.place + len(other.words) == one.place and other.unit in {"台", "套"} and one.unit not in GENERIC:
            work.used.add(other.place)
            work.per = other.unit
            return number * other.value, f"{plain(number)}{name} × {plain(other.value)}{other.unit}"
    return number, f"{plain(number)}{name}"


def _fits(unit: str, count: Count, rule: Rule, asked: Asked) -> bool:
    if same_unit(unit, count) or (unit == "人" and count.unit == "人"):
        return True
    loose = unit in GENERIC and count.unit in GENERIC and "人" not in {unit, count.unit}
    return loose and bool(shared(count.noun, rule.about))


def _narrowed(counts: list[Count], asked: Asked, work: Working) -> list[Count]:
    """The last of two numbers of persons where it says that no more came through: 30个人参加，只有24个拿到证."""
    only = [count for count in asked.counts if _ONLY.search(asked.text[: count.place]) and count.unit in {"个", "人"}]
    before = [count for count in counts if only and count.place < only[-1].place]
    if len(only) == 1 and before and all(only[0].value <= count.value for count in before):
        work.used |= {count.place for count in before}
        return only
    return counts


def _of_kinds(counts: list[Count], rule: Rule, work: Working) -> tuple[Decimal, str] | None:
    """Persons of several kinds: those that the rule names are added, those of another kind are left out."""
    named = [count for count in counts if count.noun and _kind_of(count) in rule.subject]
    if not named or any(count.value != int(count.value) for count in counts):
        work.lack("人数")
        return None
    work.used |= {count.place for count in counts}
    total = sum((count.value for count in named), Decimal(0))
    work.people = total
    return _at_most(total, "人", rule, work), f"{plain(total)}人"


def _kind_of(count: Count) -> str:
    return re.split(r"[，、和]|都|的", count.noun)[0]
