"""Whether a clause of the notice is of a rule."""

from __future__ import annotations

import re

from tools.notice_amount.case import Case, Item
from tools.notice_amount.closeness import marks_of
from tools.notice_amount.model import Clause


def reaches(clause: Clause, item: Item, case: Case) -> bool:
    """Whether a clause is of an item's rule: of its own line, or naming it, or naming no other rule."""
    if clause.line == item.rule.line or (
        clause.line == item.rule.line + 1 and re.search(r"前[项款条]|上述|该", clause.words)
    ):
        return True
    own = marks_of(f"{clause.words}")
    mine = own & marks_of(item.rule.head + item.rule.about)
    others = [rule for rule in case.notice.rules if (rule.line, rule.table) != (item.rule.line, item.rule.table)]
    named = max((case.near.words(clause.words, rule.head + rule.about) for rule in others), default=0)
    words = sum(case.near.weight(mark) for mark in mine)
    return words >= named * 0.8 or named < 3
