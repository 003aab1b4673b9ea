"""Interest paid by the year: for how many months, on what is lent, and what a rate of the rate comes to."""

from __future__ import annotations

import re
from decimal import Decimal

from core.numbers import quantities
from tools.notice_amount.asked import Asked, Fact
from tools.notice_amount.bases import sort_of_fact
from tools.notice_amount.rules import Cap, Rule, Rulebook
from tools.notice_amount.sums import exact, percent, plain, shown
from tools.notice_amount.working import Working

_WHOLE_YEAR = re.compile(r"整年|全年|一年|贴息期(?!限)")
_MONTHS = re.compile(
    r"(\d{1,2})月(?:份|1[日号]|初)?(?:放款|开始|起|发放|到账)?[^年\d]*?(?:到|至|用到|—|-)\s*(?:今年)?(\d{1,2})月(?:份|底|末|3[01][日号])?"
)
_THIRD = Decimal("0.00001")


def told_months(asked: Asked, work: Working) -> Decimal | None:
    """How many months the question tells; None where it tells none, or several."""
    spans = [
        span
        for span in asked.spans
        if span.months is not None and "注册" not in span.segment and "成立" not in span.segment
    ]
    if len({span.months for span in spans}) == 1:
        work.used |= {span.place for span in spans}
        return spans[0].months
    if spans:
        return None
    found = _MONTHS.search(asked.text)
    if found and int(found[1]) <= int(found[2]) <= 12:
        count = int(found[2]) - int(found[1]) + 1
        work.steps.append(f"{found[1]}月到{found[2]}月是{count}个月")
        return Decimal(count)
    return Decimal(12) if re.search(r"整年|全年|[贴用满]了?一年|期限一年", asked.text) else None


def principal(asked: Asked) -> Fact | None:
    """The one sum that was lent."""
    lent = [fact for fact in asked.facts if not fact.part and sort_of_fact(fact) == "余额"]
    return lent[0] if len(lent) == 1 and not lent[0].rough and not lent[0].each else None


def hold_interest(cap: Cap, asked: Asked, book: Rulebook, work: Working) -> None:
    """A most of so many points of what is lent in a year: 折算贴息率不超过年1.5个百分点."""
    assert work.value is not None
    assert cap.rate is not None
    lent = principal(asked)
    months = told_months(asked, work) or (Decimal(12) if _WHOLE_YEAR.search(asked.text) else None)
    if lent is None or months is None:
        work.lack("贷款本金" if lent is None else "贷款用了几个月")
        work.value = None
        return
    work.used.add(lent.place)
    work.used |= {place for _, before, place in asked.shares if "利率" in before}
    limit = lent.sum * cap.rate * months / 12
    work.cut(limit, f"本金{shown(lent.sum)}的{percent(cap.rate)}（{plain(months)}个月，{shown(limit)}）")


def of_rate(rule: Rule, asked: Asked, book: Rulebook, work: Working, base: Decimal) -> None:
    """A share of the rate of interest itself: 按贷款实际年利率的1/3贴息."""
    assert rule.rate is not None
    told = [(share, place) for share, before, place in asked.shares if "率" in before]
    months = told_months(asked, work)
    if len(told) != 1 or months is None:
        work.lack("贷款年利率" if len(told) != 1 else "贷款用了几个月")
        return
    if any(
        q.kind == "duration" and months > exact(q.nominal) * {"年": 12, "月": 1}.get(q.unit, 0)
        for q in quantities(rule.words)
    ):
        work.look.append(rule.words)
        return
    share, place = told[0]
    work.used.add(place)
    whole = (1 / rule.rate).quantize(Decimal(1))
    third = abs(1 / whole - rule.rate) < _THIRD
    rate = share / whole if third else share * rule.rate
    text = (
        f"{percent(share)} ÷ {plain(whole)} ＝ {percent(rate)}"
        if third
        else f"{percent(share)} × {percent(rule.rate)} ＝ {percent(rate)}"
    )
    work.steps.append(text)
    limits = [cap.rate for cap in rule.caps if cap.by_year and cap.rate is not None]
    if limits and rate > min(limits):
        rate = min(limits)
        work.steps.append(f"超过{percent(rate)}，按{percent(rate)}")
    work.base, work.rate, work.value, work.factor = base, rate, base * rate * months / 12, months / 12
    work.steps.append(f"{shown(base)} × {percent(rate)} × {plain(months)}/12 ＝ {shown(work.value)}")
