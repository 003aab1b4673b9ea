"""What one gets by a notice, worked out item by item; where a figure fits nowhere or more than one rule may be meant, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.types import Passage
from corpus.typed_tables import TypedTable
from tools.firm.profile import Profile
from tools.notice_amount import wording
from tools.notice_amount.asking import asking, asks
from tools.notice_amount.case import Case, Unclear
from tools.notice_amount.choosing import families
from tools.notice_amount.closeness import Closeness
from tools.notice_amount.items import find
from tools.notice_amount.model import Notice, Rule
from tools.notice_amount.reading import read
from tools.notice_amount.result import Amount, once
from tools.notice_amount.settling import settled
from tools.notice_amount.tiers import tiers

if TYPE_CHECKING:
    from corpus.encoder.encoder import Encoder

_SHOWN = 3
_SIZES = frozenset({"微型", "小型", "中型", "大型"})


def amount(
    passages: Sequence[Passage],
    tables: Sequence[TypedTable],
    question: str,
    known: Profile | None = None,
    encoder: Encoder | None = None,
) -> Amount | None:
    """The amount, or what is missing; None where the question asks for no money or the notice has no rule that can be read.

    known: what is known of the firm; its size counts where the notice tells sizes apart and the question names none.
    encoder: tells what is alike in meaning; without it only words count.
    """
    if not passages or not asks(question):
        return None
    notice = read(passages, tables)
    if not notice.rules:
        return None
    texts = [f"{rule.about}{rule.head}" for rule in notice.rules] + [clause.words for clause in notice.clauses]
    asked = asking(_with_size(question, known, notice))
    case = Case(notice, asked, Closeness(texts, encoder), families(notice))
    try:
        case.items = find(case)
        return settled(case)
    except Unclear as unclear:
        rules = unclear.rules or _nearest(case)
        return Amount(None, f"规定是：{wording.listed(rules)}。{unclear.text}", once(rule.passage for rule in rules))


def _nearest(case: Case) -> list[Rule]:
    """The rules that the question has most in common with."""
    return sorted(case.notice.rules, key=lambda rule: -case.near.words(case.asked.affirmed, rule.words))[:_SHOWN]


def _with_size(question: str, known: Profile | None, notice: Notice) -> str:
    """The question with the size known of the firm before it, where that may tell the rule."""
    size = (known.size or "")[:2] if known else ""
    if size not in _SIZES or "size" in tiers(question):
        return question
    told = [*(rule.words for rule in notice.rules), *(clause.words for clause in notice.clauses)]
    return f"{size}企业，{question}" if any("size" in tiers(words) for words in told) else question
