"""What is answered: an amount, or the rule with what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.types import Passage
from tools.notice_amount import wording
from tools.notice_amount.rules import Rule, once

MOST_FITTING = 6


@dataclass(frozen=True)
class Amount:
    """An amount, or why there is none. text: the answer first, in bold; passages: where the rule stands, to be cited.

    value_yuan: None where it must not be computed, or only a figure of the rule was asked for that is no sum.
    notes: clauses that may change it and that the question does not speak of, short and in their own words.
    """

    value_yuan: Decimal | None
    text: str
    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()


def declined(rules: Sequence[Rule], missing: Sequence[str], look: Sequence[str], unused: Sequence[str]) -> Amount:
    """The rules with what is missing or must be looked at."""
    where = once(rule.passage for rule in rules[:MOST_FITTING])
    return Amount(None, wording.not_computed(rules, missing, look, unused), where)
