"""The items of a question: each figure, or each award named, with the rule that it falls under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tools.notice_amount.asking import Told
from tools.notice_amount.case import Case, Item, Unclear
from tools.notice_amount.choosing import Family, choose, of_unit, ranked
from tools.notice_amount.model import Rule
from tools.notice_amount.touching import left_out

MARGIN = 1.6
"""By how much the nearest family must lead the next."""
NAMED = 3.2
"""The weight of common words by which a piece of the question names an award."""
_FITS, _LACKS = 1.25, 0.75


def find(case: Case) -> list[Item]:
    """The items, at least one; raises Unclear where it cannot be told which."""
    bases = _bases(case)
    counts = _counts(case, bases)
    if len(bases) + len(counts) <= 1 and not case.asked.summed:
        return [_single(case, bases)]
    items = _several(case, bases, counts)
    if case.asked.summed:
        _all_named(case, items)
    if (
        len(items) > 1
        and not case.asked.summed
        and (
            len({(item.rule.line, item.rule.table) for item in items}) > 1
            or any(item.rule.share is not None for item in items)
        )
    ):
        raise Unclear(
            f"还要说清问的是哪一项：{_named([item.family for item in items])}。", [item.rule for item in items]
        )
    for item in items:
        if len(item.told) > 1 and not case.asked.summed and not _listed(item.told):
            raise Unclear(f"还要说清按哪个数算：{'、'.join(told.figure.words for told in item.told)}。", [item.rule])
    return items


def _all_named(case: Case, items: Sequence[Item]) -> None:
    """Where all is asked for together, every award that a piece names must be among the items."""
    if len(items) == 1 and items[0].family.kind == "fixed":
        raise Unclear("还要说清一共是哪几项。", [items[0].rule])
    lines = {(item.rule.line, item.rule.table) for item in items}
    texts = [f"{item.rule.about}，{item.rule.head}，{item.rule.base}，{item.rule.unit}" for item in items]
    for piece in case.asked.pieces:
        if piece.denied or piece.had:
            continue
        for row in case.rows:
            best = max(case.near.words(piece.text, f"{rule.about}，{rule.head}，{rule.base}") for rule in row.rules)
            own = max(case.near.words(piece.text, text) for text in texts)
            least = 1.0 if len(items) == 1 and row.kind != "share" else NAMED
            if best >= least and best > own * 1.3 and (row.rules[0].line, row.rules[0].table) not in lines:
                raise Unclear(
                    f"“{piece.text}”这一项没对上，合起来算不了。", [*(item.rule for item in items), row.rules[0]]
                )


def _listed(told: Sequence[Told]) -> bool:
    """Whether figures are told one after another under one name: 合同200万、90万、60万."""
    return len({one.label for one in told}) == 1


def _counts(case: Case, bases: Sequence[Told]) -> list[Told]:
    """The numbers of the question that are of a thing that the notice pays for by number."""
    rows = [row for row in case.rows if row.kind == "unit" and not _by_money(row)]
    found = [told for told in case.asked.told if any(of_unit(rule, told) for row in rows for rule in row.rules)]
    found = [told for told in found if told.role in {"count", "other", "grown"} and not _goes_with_price(told, bases)]
    near = [
        told
        for told in found
        if told.figure.unit != "人"
        or any(
            case.near.words(told.label, rule.head + rule.about) > 0
            for row in rows
            for rule in row.rules
            if of_unit(rule, told)
        )
    ]
    near = near or found
    if any(told.figure.value != 1 for told in near):
        near = [told for told in near if told.figure.value != 1]
    return [
        told
        for told in near
        if left_out(told, case.notice.clauses) is None and not re.search(r"其中|里[头边面]", told.label)
    ]


def _bases(case: Case) -> list[Told]:
    """The sums that may be a base: without those that the notice refuses, a price times its number as one sum."""
    found = []
    for told in case.asked.of("base", "gross", "each"):
        clause = left_out(told, case.notice.clauses)
        if clause is not None and len(case.asked.of("base", "gross", "each")) > 1:
            case.used.add(told.place)
            case.cited.append(clause)
            case.out.append(told)
            continue
        if told.role == "gross" and re.search(r"不含(?:增值)?税|除税|去税|扣除增值税|税额|净额", case.notice.text):
            raise Unclear("要算出数，还缺：不含税的金额。")
        if len(case.asked.of("base", "gross")) > 1 and re.search(
            r"前年|去年|上年|原来|以前", told.near[-12:] + told.label
        ):
            raise Unclear(f"“{told.figure.words}”是以前的，算不算要看原文。")
        found.append(told)
    return found


def _feasible(case: Case, family: Family, bases: Sequence[Told]) -> bool:
    if family.kind == "share":
        return any(_suits(family, told) for told in bases)
    if family.kind == "unit":
        return any(of_unit(rule, told) for rule in family.rules for told in case.asked.told)
    return True


def _single(case: Case, bases: list[Told]) -> Item:
    """The one rule that the whole question is nearest to."""
    rows = ranked(_text(case), case.rows, case.near)
    for row in rows:
        fits = _feasible(case, row, bases)
        if row.kind == "fixed" and bases:
            row.score *= _LACKS
        elif row.kind != "fixed":
            row.score *= _FITS if fits else 1
    rows.sort(key=lambda row: -row.score)
    first = rows[0]
    if not _feasible(case, first, bases):
        lacking = "金额" if first.kind == "share" else f"{first.rules[0].unit or ''}数量"
        raise Unclear(f"要算出数，还缺：{_lacking(first) or lacking}。", first.rules)
    rivals = [row for row in rows[1:] if row.score * MARGIN > first.score and _feasible(case, row, bases)]
    item = _item(case, first, _text(case), bases)
    if rivals:
        raise Unclear(
            f"还要说清是哪一项：{_named([first, *rivals])}。", [first.rules[0], *(row.rules[0] for row in rivals)]
        )
    return item


def _suits(family: Family, told: Told) -> bool:
    """Whether a sum may be the base of a share: not what is sold where it is spent, not what is lent where it is interest."""
    own = sort_of(told.label) or sort_of(told.near)
    return any(
        not own
        or not (base := sort_of(f"{rule.base}，{rule.head}" if sort_of(rule.base) in {"", "支出"} else rule.base))
        or own == base
        or ("支出" in {own, base} and not {own, base} & {"利息", "销售"})
        or rule.base in told.label
        for rule in family.rules
    )


_SORTS = (
    ("利息", r"息|利钱"),
    ("销售", r"卖(?!家|方)|销售|售价|出货|成交"),
    ("余额", r"贷款额|本金|担保额|借了|贷了|余额|担了|担保"),
    ("支出", r"花|投(?!标|诉|票|保|产)|采购|买|购|付|交|费|掏|砸|支出|装|建|改"),
)


def sort_of(text: str) -> str:
    """What is done with a sum, roughly; empty where nothing is said."""
    return next((name for name, pattern in _SORTS if re.search(pattern, text)), "")


def _lacking(family: Family) -> str:
    rule = family.rules[0]
    return rule.base.strip("的按") if rule.share is not None else ""


def _named(rows: Sequence[Family]) -> str:
    return "，还是".join(dict.fromkeys((row.rules[0].head or row.rules[0].about)[:24] for row in rows))


def _text(case: Case) -> str:
    return case.asked.affirmed or case.asked.text


def _several(case: Case, bases: list[Told], counts: list[Told]) -> list[Item]:
    """Every figure under the family nearest to its own words, then the awards that are named without figures."""
    whole = {id(row): row.score for row in ranked(_text(case), case.rows, case.near)}
    found: list[tuple[Family, Told | None, str]] = []
    for told in bases:
        found.append(
            (
                _nearest(case, [row for row in case.rows if row.kind == "share" and _suits(row, told)], told, whole),
                told,
                told.near,
            )
        )
    for told in counts:
        rows = [
            row
            for row in case.rows
            if row.kind == "unit" and not _by_money(row) and any(of_unit(rule, told) for rule in row.rules)
        ]
        found.append((_nearest(case, rows, told, whole), told, told.near))
    figured = {told.near for _, told, _ in found if told}
    fixed = [row for row in case.rows if row.kind == "fixed"]
    for piece in case.asked.pieces:
        if piece.denied or piece.had or any(piece.text in near for near in figured) or not fixed:
            continue
        best = ranked(piece.text, fixed, case.near)[0]
        if max(case.near.words(piece.text, f"{rule.about}{rule.head}") for rule in best.rules) >= NAMED:
            found.append((best, None, piece.text))
    if not found:
        return [_single(case, bases)]
    return _grouped(case, found)


def _by_money(row: Family) -> bool:
    return any(rule.per_measure == "money" for rule in row.rules)


def _goes_with_price(told: Told, bases: Sequence[Told]) -> bool:
    return any(base.each and (base.each == told.figure.unit or base.each in {"个", "各"}) for base in bases)


def _nearest(case: Case, rows: list[Family], told: Told, whole: dict[int, float]) -> Family:
    if not rows:
        raise Unclear(f"问题里的“{told.figure.words}”没法对到哪一条规定上。")
    for row in ranked(told.near, rows, case.near):
        row.score += 0.4 * whole[id(row)]
    rows = sorted(rows, key=lambda row: -row.score)
    if len(rows) > 1 and rows[1].score * MARGIN > rows[0].score:
        raise Unclear(
            f"“{told.figure.words}”还要说清是哪一项：{_named(rows[:2])}。", [rows[0].rules[0], rows[1].rules[0]]
        )
    return rows[0]


def _grouped(case: Case, found: Sequence[tuple[Family, Told | None, str]]) -> list[Item]:
    """One item for each rule, with all that falls under it."""
    items: dict[str, Item] = {}
    for family, told, text in found:
        rule = _chosen(case, family, text, told)
        key = f"{rule.line}/{rule.table}/{rule.head}/{rule.words}"
        item = items.setdefault(key, Item(rule, family, []))
        if told is not None:
            item.told.append(told)
            case.used.add(told.place)
    return list(items.values())


def _chosen(case: Case, family: Family, text: str, told: Told | None = None) -> Rule:
    choice = choose(family, text, case.asked.told, case.near, told)
    if choice.rule is None and text != _text(case):
        choice = choose(family, _text(case), case.asked.told, case.near, told)
    if choice.rule is None:
        if choice.missing:
            raise Unclear(f"要算出数，还缺：{choice.missing}。", family.rules)
        raise Unclear(
            f"{'还要说清' if choice.told else '没有说'}是哪一种：{'、'.join(dict.fromkeys(rule.head[:20] for rule in choice.open[:4]))}。",
            choice.open or family.rules,
        )
    if choice.rule.unread:
        raise Unclear(f"这条规定{choice.rule.unread}，要对着原文核算。", [choice.rule])
    return choice.rule


def _item(case: Case, family: Family, text: str, bases: list[Told]) -> Item:
    counted = [one for one in case.asked.told if any(of_unit(rule, one) for rule in family.rules)]
    rule = _chosen(case, family, text, counted[0] if len(counted) == 1 else None)
    told = list[Told]()
    if rule.share is not None:
        told = bases
    elif rule.unit or rule.per_measure:
        told = [one for one in case.asked.told if of_unit(rule, one)]
        told = _alone(rule, told, case)
    case.used |= {one.place for one in told}
    return Item(rule, family, told)


def _alone(rule: Rule, told: list[Told], case: Case) -> list[Told]:
    """The one number that is meant, where several have the rule's unit: the one nearest to its words."""
    if len(told) < 2:
        return told
    scores = [case.near.words(one.near, f"{rule.about}{rule.head}{rule.unit}") for one in told]
    best = max(scores)
    winners = [one for one, score in zip(told, scores, strict=True) if score > 0.7 * best]
    if len(winners) != 1:
        raise Unclear(f"还要说清按哪个数算：{'、'.join(one.figure.words for one in told)}。", [rule])
    return winners


def money_of(told: Told, case: Case) -> tuple[Decimal, Decimal, str]:
    """A sum, how many there are of it, and how that is shown."""
    if re.search(r"\d", told.label.replace(told.figure.words, "")):
        raise Unclear(f"“{told.figure.words}”前面还有数，没读明白。")
    if told.role != "each":
        return told.value, Decimal(1), ""
    counts = [
        one
        for one in case.asked.of("count")
        if one.figure.unit not in {"人", "年"} and (told.each in {"个", "各", one.figure.unit})
    ]
    before = [one for one in counts if one.place < told.place] or counts
    if not before and told.each == "台":
        return told.value, Decimal(1), ""
    if len({one.value for one in before}) != 1:
        raise Unclear("要算出数，还缺：数量。")
    case.used.add(before[-1].place)
    return told.value, before[-1].value, before[-1].figure.words


def with_exact(told: Told) -> Told:
    if not told.figure.exact:
        raise Unclear(f"“{told.figure.words}”不是准数，要有准数才能算。")
    return replace(told)
