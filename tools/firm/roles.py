"""Whose and what each figure of a message is: staff, revenue, assets, budget, spending, loan of the speaker's own firm.

What can be taken for one value is settled; what cannot (two values, another currency, 几百人) is told as unclear, never chosen.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.numbers import Quantity, quantities
from corpus.clauses import meaning
from tools.firm.amounts import Amount, amounts, headcounts
from tools.firm.changes import changed
from tools.firm.extraction import PLANNED

ROLES: tuple[tuple[str, str], ...] = (
    ("loan_wan", r"贷|借(?:款|钱)?|融资|授信"),
    (
        "budget_wan",
        r"预算|(?:打算|准备|计划|想|能|可以|最多|先按|只)[^，,。；;]{0,6}?(?:投|花|拿|出|掏|砸)|拿得?出|出得起|budget",
    ),
    ("assets_wan", r"总资产|资产总额|资产|家底|assets?"),
    ("revenue_wan", r"营收|营业收入|营业额|销售额|销售收入|年销售?|产值|收入|流水|卖了?|revenue|sales|turnover"),
    ("other", r"研发|利润|毛利|净利|纳税|缴税|交税|股权"),
    ("spent_wan", r"花了?|投了?|投入|砸了?|投资|用了|付了|付出|实付|已付|报价|开价|要价|spent|invest"),
    ("support_wan", r"补贴?|补助|奖[补励]|贴息?|批(?:了|下来)|到账"),
    ("interest_wan", r"利息|年息"),
)
"""What an amount of money is, by the words before it (or right after it); the one that stands closest counts. other: of no fact of the firm kept here."""
FACTS = {
    "employees": "人数", "revenue_wan": "营收", "assets_wan": "资产", "budget_wan": "预算", "spent_wan": "花费", "loan_wan": "贷款",
    "support_wan": "补贴", "interest_wan": "利息",
}  # fmt: skip
"""What each field is called in a sentence."""
SUMS, SUM = "sums", "※"
"""The examples of what a sum is, in which it is written so."""
MEANT = {
    "revenue": "revenue_wan", "assets": "assets_wan", "budget": "budget_wan", "spent": "spent_wan", "loan": "loan_wan",
    "support": "support_wan", "price": "spent_wan", "other": None,
}  # fmt: skip
"""What the labels of the examples are here."""
SURE, SURE_OF_A_YEAR = 0.85, 0.6
"""From which probability on the examples decide what no word of a role does, and what a sum of a year is, which mostly is revenue."""
_YEARLY = re.compile(
    r"(?:去年|上年|今年|一年|每年|全年|年)(?:大概|大约|差不多|也就|有|做了?|能做|就|才|只有|约|共|到|从|由){0,3}$"
)
_CORRECTED = re.compile(r"(?:哦不|不对|更正|说错|写错|记错|打错|应该是|改成|改为|其实是)")
_BY_ONE = re.compile(r"人均|户均|单[台价件]|每[人台件套亩平]")
_GROWN = re.compile(r"(?:增长|增加|提高|提升|上升|下降|减少|降低|[少多涨降跌亏])(?:了|约)*$")
_FORESEEN = re.compile(r"目标|预计|预期|估计|力争|争取|明年|后年|计划|打算")
_PARTLY = re.compile(r"月|日均|[每一]天|季度?|半年")
"""What makes another thing of a sum: of one head, a change, a hope, or of a part of the year."""
_OWN = re.compile(r"我们|咱们?|俺们?|本(?:公司|厂|店|企业)|我(?:司|公司|厂|店|家)|敝司|自己|\bour\b|\bwe\b", re.I)
_OTHER = re.compile(
    r"(?<![给为跟和与对向帮被由])(?:他们|她们|人家|他家|对方|隔壁|别[家人]|同行|对手|客户|供应商|同学|朋友|亲戚|邻居|老乡|总公司|母公司)"
)
_ONE_ONLY = frozenset({"employees", "revenue_wan", "assets_wan"})
"""Facts of which a firm has one; of sums to spend the first one counts."""
_OF_THE_FIRM = frozenset({"revenue_wan", "assets_wan", "budget_wan", "loan_wan"})
"""What a sum may be without a word for it; one that was spent may be a position of a project, which is reckoned with the others."""
_CLAUSE_END = re.compile(r"[，,。；;！!？?\s]")
FEWEST = 5
"""Of fewer it is not clear that people are counted."""
_YEAR_ORDER = {"去年": 4000, "上年": 4000, "今年": 1000, "前年": 500, "明年": 1, "后年": 0}
"""The last full year is what rules ask for; years in figures lie between."""


@dataclass(frozen=True)
class Figures:
    """The figures of a message by field (employees, revenue_wan …). unclear: the words that cannot be taken for one value."""

    sure: dict[str, Amount] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)


def read_roles(text: str) -> Figures:
    """Every figure of the speaker's own firm in a normalised text, settled or told as unclear."""
    found: dict[str, list[Amount]] = {}
    for name, amount in own_amounts(text):
        found.setdefault(name, []).append(_after_change(text, amount, name))
    figures = Figures()
    for name, own in found.items():
        apart = [a for a in own if not any(b.start < a.start < b.end for b in own)]  # 从400人裁掉了50人 is one figure
        _settle(figures, text, name, sorted(apart, key=lambda amount: amount.start))
    return figures


def own_amounts(text: str) -> list[tuple[str, Amount]]:
    """Every figure of the speaker's own with its field, in the order of the text, unsettled."""
    found = [("employees", head) for head in (*headcounts(text), *_ourselves(text))]
    for amount in (*amounts(text), *_foreign(text)):
        if name := role_of(text, amount):
            if _is_short_for_wan(amount):
                amount = replace(amount, sure=True)
            if name == "revenue_wan" and _of_part_of_a_year(text, amount):
                amount = replace(amount, sure=False)
            found.append((name, amount))
    return sorted((pair for pair in found if whose(text, pair[1].start) != "other"), key=lambda pair: pair[1].start)


def _after_change(text: str, amount: Amount, name: str) -> Amount:
    """The amount with the change told of it reckoned in; not sure where it may be meant before or after the change."""
    return (changed(text, amount) if name in _ONE_ONLY else None) or amount


def span(words: str) -> tuple[float, float] | None:
    """The ends of a figure by its words (290~310人, 三百来人, 300人以上; 万元 or people); None for one exact value."""
    found = [q for q in quantities(words) if q.kind in {"money", "people", "count", "number"} and q.sure]
    if len(found) != 1 or found[0].low == found[0].high:
        return None
    low, high = found[0].low, found[0].high
    return (low, high) if found[0].kind == "money" else (math.floor(low), high if high == math.inf else math.ceil(high))


def _ourselves(text: str) -> list[Amount]:
    """A count of no thing by a clause that names nobody but the speakers: 我们厂46个."""
    found = []
    for q in quantities(text):
        before, after = _CLAUSE_END.split(text[: q.start])[-1], text[q.end : q.end + 1]
        named = _OWN.search(before) and len(_OWN.sub("", before).strip()) <= 1
        ends = not after.strip() or _CLAUSE_END.match(after)
        if named and ends and (q.kind, q.unit) == ("count", "个") and q.exact and q.nominal >= FEWEST:
            found.append(Amount(q.nominal, q.start, q.end, f"{q.words}人", sure=True))
    return found


def _foreign(text: str) -> list[Amount]:
    """Sums in another currency, and kilowatts that may be slang for 千万: never turned into yuan."""
    unread = (q for q in quantities(text) if q.kind == "foreign" or (q.kind == "power" and not q.sure))
    return [_unread(q) for q in unread]


def _unread(q: Quantity) -> Amount:
    return Amount(float("nan"), q.start, q.end, q.words, sure=False)


def _settle(figures: Figures, text: str, name: str, several: Sequence[Amount]) -> None:
    if not several:
        return
    chosen, only = _chosen(text, several)
    if not chosen.sure:
        figures.unclear[name] = chosen.words
    elif only or name not in _ONE_ONLY:
        figures.sure[name] = chosen
    else:
        figures.unclear[name] = "、".join(dict.fromkeys(amount.words for amount in several))


def _chosen(text: str, several: Sequence[Amount]) -> tuple[Amount, bool]:
    """The figure that holds, and whether for a reason: corrected, the end of a change, the speaker's own, of the last full year."""
    if len(several) > 1 and _CORRECTED.search(text[several[0].end : several[-1].start]):
        return several[-1], True
    kept = _after_changes(text, several)
    kept = [amount for amount in kept if whose(text, amount.start) == "own"] or kept
    dated = [q for q in quantities(text) if q.kind == "date" and q.unit == "年"]
    years = [_year(text, amount.start, dated) for amount in kept]
    if all(years) and years.count(max(years)) == 1:
        return kept[years.index(max(years))], True
    return kept[0], len({(amount.low, amount.high) for amount in kept}) == 1


def _after_changes(text: str, several: Sequence[Amount]) -> list[Amount]:
    """Without the beginnings of changes: 从5000万降到1800万 leaves 1800万, 原来300人现在180人 leaves 180人."""
    kept = list(several)
    for first, second in itertools.pairwise(several):
        between = text[first.end : second.start]
        moved = re.search(r"[从由][^，,。；;]{0,5}$", text[: first.start]) and re.search(
            r"[到至成为了][^，,。；;]{0,3}$", between
        )
        replaced = re.search(r"(?:原来|以前|之前|原先)[^。；;]*$", text[: first.start]) and re.search(
            r"现在|目前|如今", between
        )
        if (moved and len(between) <= 10) or replaced:
            kept.remove(first)
    return kept


def _year(text: str, start: int, dated: Sequence[Quantity]) -> int:
    """A rank of the year a figure is said of, 0 where none is: the last full year first, then the later of those in figures.

    dated: the years that the text names.
    """
    sentence = re.split(r"[。；;！!？?\n]", text[:start])[-1]
    named = [(sentence.rfind(word), rank) for word, rank in _YEAR_ORDER.items() if word in sentence]
    begins = start - len(sentence)
    named += [(q.start - begins, int(q.nominal)) for q in dated if begins <= q.start and q.end <= start]
    return max(named, default=(0, 0))[1]


def whose(text: str, start: int) -> str:
    """Whose figure it is by the subject of its clause, or of the clause before in the same sentence: own, other, or empty."""
    sentence = re.split(r"[。；;！!？?\n]", text[:start])[-1]
    for clause in reversed(re.split(r"[，,]", sentence)):
        own, other = _OWN.search(clause), _OTHER.search(clause)
        if own and other and own.end() <= other.start() <= own.end() + 1:
            return "other"
        if own and (other is None or own.start() < other.start()):
            return "own"
        if other:
            return "other"
    return ""


def is_apart(before: str) -> bool:
    """Whether the words before a sum make another thing of it: of one head, a change, a profit or a tax."""
    return bool(_BY_ONE.search(before) or _GROWN.search(before) or re.search(dict(ROLES)["other"], before))


def role_of(text: str, amount: Amount) -> str | None:
    """What an amount is by the words before it or right behind it, else by what is said in like words; None where nothing tells."""
    before = re.split(r"[。；;！!？?\n]", text[max(0, amount.start - 24) : amount.start])[-1]
    near = re.split(r"[，,]", before)[-1]
    after = re.split(r"[，,。；;！!？?\n]", text[amount.end : amount.end + 14])[0]
    if _BY_ONE.search(near) or _GROWN.search(near):
        return None
    hits = [(hit.end(), role) for role, words in ROLES for hit in re.finditer(words, near, re.I)]
    if hits:
        closest = max(hits)[1]
        if closest == "other":
            return None
        if closest in _ONE_ONLY and _FORESEEN.search(near):
            return None
        return "budget_wan" if closest == "spent_wan" and re.search(PLANNED, near) else closest
    follows = [
        (hit.start(), role)
        for role, words in ROLES
        for hit in re.finditer(words, after, re.I)
        if role in {"revenue_wan", "assets_wan", "budget_wan", "loan_wan", "support_wan"}
    ]
    if follows and min(follows)[0] <= 8:
        return min(follows)[1]
    yearly = _YEARLY.search(near)
    if yearly and not near[: yearly.start()].strip():
        return "revenue_wan"
    meant, sure = meaning(SUMS, f"{near}{SUM}{after}")
    role = MEANT.get(meant)
    if yearly:
        return role if sure >= SURE_OF_A_YEAR else "revenue_wan"
    return role if sure >= SURE and role in _OF_THE_FIRM else None


def _is_short_for_wan(amount: Amount) -> bool:
    """Whether w stands for 万 once the words before say that it is money: 准备投3000w改产线."""
    return math.isfinite(amount.value) and amount.words.lower().rstrip("0123456789").endswith("w")


def _of_part_of_a_year(text: str, amount: Amount) -> bool:
    near = re.split(r"[，,。；;！!？?\n]", text[max(0, amount.start - 16) : amount.start])[-1]
    return bool(_PARTLY.search(near)) or text[amount.end : amount.end + 2].strip().startswith(
        ("/月", "每月", "一月", "/天")
    )
