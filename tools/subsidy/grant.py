"""How much a programme might give at most: rate × eligible spend under a cap, by level and completion date; interest.

Every figure is an upper bound under the published rule, never a promise. Amounts in 万元.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from corpus.rows import Programme, Tier
from tools.arguments import LEVEL_NAMES
from tools.firm.amounts import percent, wan_text
from tools.firm.applicant import Applicant

EstimateState = Literal[
    "computed",
    "hearsay",
    "cap_only",
    "needs_spend",
    "needs_loan",
    "needs_use",
    "wrong_use",
    "no_tier",
    "unknown",
    "not_money",
]
PAYING_LEVELS = (2, 3, 4)
"""The levels for which a what-if is reckoned; no programme known pays for level 1."""


@dataclass(frozen=True)
class Terms:
    """A share of the spend up to a cap, and what comes on top, in 万元."""

    rate: float | None
    cap_wan: float | None
    bonus_wan: float = 0.0

    @property
    def most_wan(self) -> float | None:
        return None if self.cap_wan is None else self.cap_wan + self.bonus_wan

    def amount(self, spend_wan: float | None) -> float | None:
        """The most for a spend; None where rate or spend is not known."""
        if self.rate is None or spend_wan is None:
            return None
        share = self.rate * spend_wan
        return min(share, self.cap_wan if self.cap_wan is not None else share) + self.bonus_wan

    @property
    def words(self) -> str:
        """The rule in words: 补40%、不超过40万元，另加20万元."""
        share = [f"补{percent(self.rate)}"] if self.rate else []
        capped = [f"{'不超过' if share else '最高'}{wan_text(self.cap_wan)}"] if self.cap_wan else []
        return "、".join((*share, *capped)) + (f"，另加{wan_text(self.bonus_wan)}" if self.bonus_wan else "")


@dataclass(frozen=True)
class LevelAmount:
    """What a level brings: the most in 万元, or None where it cannot be reckoned, with its rate and cap."""

    level: int
    amount_wan: float | None
    rate: float | None
    cap_wan: float | None


@dataclass(frozen=True)
class Estimate:
    """The least and the most that the rule yields (equal where one tier applies), what they differ by, and how it was reckoned."""

    state: EstimateState
    basis: str
    low_wan: float | None = None
    high_wan: float | None = None
    per_year: bool = False
    rate: float | None = None
    cap_wan: float | None = None
    eligible_spend_wan: float | None = None
    notes: tuple[str, ...] = ()
    by_level: tuple[LevelAmount, ...] = ()
    varies_by: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the tool's data; money rounded to 1 元."""
        return {
            "state": self.state,
            "low_wan": _round(self.low_wan),
            "high_wan": _round(self.high_wan),
            "per_year": self.per_year,
            "rate": self.rate,
            "cap_wan": self.cap_wan,
            "eligible_spend_wan": _round(self.eligible_spend_wan),
            "basis": self.basis,
            "notes": list(self.notes),
            "by_level": [
                {"level": la.level, "amount_wan": _round(la.amount_wan), "rate": la.rate, "cap_wan": la.cap_wan}
                for la in self.by_level
            ],
        }


def estimate(row: Programme, firm: Applicant) -> Estimate:
    """The most a programme might give this applicant, with the project completed when it was told, else on the applicant's day."""
    if not row.amount_known:
        worded = row.kind in {"subsidy", "voucher", "interest"}
        return Estimate("unknown", "金额未查到") if worded else Estimate("not_money", "没有固定金额")
    if row.interest:
        found = _interest_share(row, firm) if row.tiers else _interest(row, firm)
    elif row.kind not in {"subsidy", "voucher"}:
        return Estimate("not_money", "没有固定金额")
    else:
        found = _grant(row, firm)
    return _hearsay(row, found) if row.certainty == "third_party" else found


def _hearsay(row: Programme, found: Estimate) -> Estimate:
    """What only others say of a document that was not seen is told as what they say: no upper bound follows from it."""
    if found.state not in {"computed", "cap_only", "needs_spend", "needs_loan"}:
        return replace(found, cap_wan=None)
    said = row.gives.partition("；")[0]
    amounts = [wan_text(wan) for wan in dict.fromkeys((found.low_wan, found.high_wan)) if wan is not None]
    reckoned = f"，照这个说法算是{'到'.join(amounts)}" if amounts else ""
    return Estimate("hearsay", f"{said}{reckoned}，不能当真数用", eligible_spend_wan=found.eligible_spend_wan)


def terms_words(row: Programme, firm: Applicant) -> str:
    """The rule for the level asked about and the time of completion, with what it yields; empty where neither was told."""
    levelled, spend = any(tier.level for tier in row.tiers), eligible_spend(row, firm)[0]
    if row.certainty == "third_party":
        return ""
    if not row.tiers and row.rate and spend is not None and row.kind == "subsidy":
        whole = Terms(row.rate, row.cap_wan).amount(spend) or 0.0
        return f"{row.gives.rstrip('。')}；按{wan_text(spend)}算最多{wan_text(whole)}"
    if not (levelled and firm.levels) and not firm.completed:
        return ""
    levels = firm.levels if levelled and firm.levels else (None,)
    dates = firm if firm.completed else replace(firm, completed=(date.min, date.max))
    tiers = list(dict.fromkeys(tier for level in levels for tier in tiers_on(row, dates, level)))
    told = []
    for tier in tiers:
        terms = _terms(row, tier)
        most = terms.amount(spend)
        reckoned = f"，按{wan_text(spend)}算最多{wan_text(most)}" if spend is not None and most is not None else ""
        told.append(f"{tier.text.partition('（')[0]}：{terms.words}{reckoned}")
    return "；".join(told)


def eligible_spend(row: Programme, firm: Applicant) -> tuple[float | None, tuple[str, ...]]:
    """The spend that counts, and why; None where nothing is known to count."""
    if firm.spend_wan is None:
        return None, ()
    no_machines = bool(row.eligible) or "硬件" in row.excluded
    no_staff = any("人员" in words for words in row.excluded)
    spend, notes = firm.spend_wan, []
    if no_machines and firm.only_hardware:
        return None, (f"机床、产线这类设备不在可补范围，能算的是{'、'.join(row.eligible)}",)
    if firm.hardware_wan and no_machines:
        spend -= firm.hardware_wan
        notes.append(f"扣掉设备{wan_text(firm.hardware_wan)}")
    elif firm.hardware_wan or firm.only_hardware:
        notes.append("设备算不算没查到，这里先算在内")
    if firm.staff_wan and no_staff:
        spend -= firm.staff_wan
        notes.append(f"扣掉人工{wan_text(firm.staff_wan)}")
    rest = spend - firm.software_wan - (0 if no_staff else firm.staff_wan)
    if no_machines and firm.software_wan and rest > 1e-6:
        notes.append(f"先只算软件{wan_text(firm.software_wan)}，另外{wan_text(rest)}要看花在哪，普通设备不算")
        spend -= rest
    elif no_machines and not firm.hardware_wan and not firm.software_wan and row.kind == "subsidy":
        notes.append("按投入全是可补支出算，普通设备不算")
    return spend, tuple(notes)


def use_fits(row: Programme, firm: Applicant) -> bool:
    """Whether the money is for something that the programme names."""
    named = "".join((*row.eligible, *(tier.text for tier in row.tiers)))
    return any(purpose in named for purpose in firm.purposes)


def tiers_on(row: Programme, firm: Applicant, level: int | None) -> list[Tier]:
    """The tiers for when the project is finished: those of the level, else those for any level; all without one."""
    first, last = (day.isoformat() for day in firm.finished)
    dated = [t for t in row.tiers if (t.completed_from or "") <= last and first <= (t.completed_until or "9999")]
    if level is None:
        return dated
    return [t for t in dated if t.level == level] or [t for t in dated if t.level is None]


def _grant(row: Programme, firm: Applicant) -> Estimate:
    spend, notes = eligible_spend(row, firm)
    if row.kind == "voucher" and not use_fits(row, firm):
        state: EstimateState = "wrong_use" if firm.purposes else "needs_use"
        return Estimate(state, f"钱花在{'、'.join(row.eligible)}上才有", rate=row.rate, cap_wan=row.cap_wan)
    levelled = any(tier.level for tier in row.tiers)
    levels = firm.levels if levelled and firm.levels else (None,)
    tiers = list(dict.fromkeys(tier for level in levels for tier in tiers_on(row, firm, level)))
    if row.tiers and not tiers:
        undated = [tier for tier in row.tiers if tier.level in {*levels, None}]
        gone = f"{LEVEL_NAMES[firm.level]}没有对应的档" if firm.level and not undated else _no_date(firm)
        return Estimate("no_tier", gone, notes=notes)
    terms = [_terms(row, tier) for tier in _fitting(tiers, firm)] or [Terms(row.rate, row.cap_wan)]
    by_level = tuple(_at_level(row, firm, level, spend) for level in PAYING_LEVELS) if levelled else ()
    found = _worded(terms, spend, firm, notes, by_level)
    varies = "做到几级" if levelled and len(firm.levels) != 1 else "哪天完工" if firm.completed else "用在哪"
    return replace(found, varies_by=varies)


def _no_date(firm: Applicant) -> str:
    return "没有你说的完工时间的档" if firm.completed else "没有现在完成的项目的档"


def _worded(
    terms: Sequence[Terms],
    spend: float | None,
    firm: Applicant,
    notes: tuple[str, ...],
    by_level: tuple[LevelAmount, ...],
) -> Estimate:
    rates, caps = sorted({t.rate for t in terms if t.rate}), [t.most_wan for t in terms]
    rate, cap = rates[-1] if rates else None, None if None in caps else max(c for c in caps if c is not None)
    share = "到".join(percent(r) for r in dict.fromkeys((rates[0], rates[-1]))) if rates else ""
    capped = f"封顶{_span(caps)}" if cap else "封顶没查到"
    extra = terms[0].bonus_wan if len(terms) == 1 else 0.0
    if extra and terms[0].cap_wan:
        capped = f"封顶{wan_text(terms[0].cap_wan)}，另加{wan_text(extra)}"
    if firm.spend_wan is not None and spend is None:
        return Estimate("wrong_use", notes[0], rate=rate, cap_wan=cap, by_level=by_level)
    amounts = [t.amount(spend) for t in terms]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        basis = f"补{share}、{capped}" if share else f"{capped}，比例没查到" if cap else "金额未查到"
        state: EstimateState = "needs_spend" if share else "cap_only" if cap else "unknown"
        return Estimate(state, basis, rate=rate, cap_wan=cap, eligible_spend_wan=spend, notes=notes, by_level=by_level)
    basis = f"可补{wan_text(spend or 0)}×{share}，{capped}"
    return Estimate("computed", basis, min(known), max(known), False, rate, cap, spend, notes, by_level)


def _span(caps: Sequence[float | None]) -> str:
    known = sorted({cap for cap in caps if cap is not None})
    return wan_text(known[-1]) if len(known) == 1 else f"{wan_text(known[0])}到{wan_text(known[-1])}（看等级或用途）"


def _at_level(row: Programme, firm: Applicant, level: int, spend: float | None) -> LevelAmount:
    tiers = tiers_on(row, firm, level)
    if not tiers:
        return LevelAmount(level, None, None, None)
    terms = _terms(row, tiers[0])
    return LevelAmount(level, terms.amount(spend), terms.rate, terms.most_wan)


def _terms(row: Programme, tier: Tier) -> Terms:
    rate = tier.rate if tier.rate is not None else row.rate
    return Terms(rate, tier.cap_wan if tier.cap_wan is not None else row.cap_wan, tier.bonus_wan or 0.0)


def _fitting(tiers: list[Tier], firm: Applicant) -> list[Tier]:
    """Of tiers for different uses (算力券, 模型券), those for the use named; all where none is."""
    return [t for t in tiers if any(p in t.text for p in firm.purposes)] or tiers


def _interest(row: Programme, firm: Applicant) -> Estimate:
    """Interest support: points × loan, for the most years, both capped; the principal taken as not repaid."""
    terms = row.interest
    assert terms is not None
    if terms.points is None:
        if terms.cap_wan is None:
            return Estimate("not_money", "是贷款，不是补助，利率由银行定")
        return Estimate("cap_only", f"贴息封顶{wan_text(terms.cap_wan)}，幅度没查到", cap_wan=terms.cap_wan)
    rate = terms.points / 100
    span = f"、最长{terms.years:g}年" if terms.years else "（年限没查到）"
    if firm.loan_wan is None:
        return Estimate("needs_loan", f"贴{terms.points:g}个百分点{span}", rate=rate, cap_wan=terms.cap_wan)
    part = firm.loan_machines_wan if any("设备更新" in str(c.value) for c in row.conditions) else 0.0
    base = min(part or firm.loan_wan, terms.loan_cap_wan or firm.loan_wan)
    full = base * rate * (terms.years or 1)
    high = min(full, terms.cap_wan or full)
    basis = f"{wan_text(base)}×{percent(rate)}" + (f"×{terms.years:g}年" if terms.years else "，每年")
    basis += f"，封顶{wan_text(terms.cap_wan)}" + ("" if terms.years else "一年") if terms.cap_wan else ""
    notes = (
        [f"最多按{wan_text(terms.loan_cap_wan)}的贷款算"]
        if base < (part or firm.loan_wan) and terms.loan_cap_wan
        else []
    )
    if part:
        notes.append(f"只按买设备的{wan_text(part)}算")
    notes.append("按本金一直不还、贴满年限算" if terms.years else "年限没查到，只算一年")
    return Estimate("computed", basis, high, high, terms.years is None, rate, terms.cap_wan, None, tuple(notes))


def _interest_share(row: Programme, firm: Applicant) -> Estimate:
    """A share of the interest paid: reckoned for the first year where the loan's own rate is known."""
    share, cap = row.tiers[0].rate, row.interest.cap_wan if row.interest else None
    assert share is not None
    capped = f"，不超过{wan_text(cap)}" if cap else ""
    if firm.loan_wan is None or firm.rate_percent is None:
        return Estimate("needs_loan", f"{row.tiers[0].text}{capped}；知道贷款利率才能算", rate=share, cap_wan=cap)
    paid = firm.loan_wan * firm.rate_percent / 100
    high = min(paid * share, cap or paid * share)
    basis = f"第一年利息{wan_text(paid)}×{percent(share)}{capped}"
    return Estimate("computed", basis, high, high, True, share, cap, None, (row.tiers[-1].text,))


def _round(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 4)
