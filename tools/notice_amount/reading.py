"""A notice as rules and clauses: its sentences one by one, and then the rows of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.types import Passage
from corpus.typed_tables import TypedTable
from tools.notice_amount.columns import table_rules
from tools.notice_amount.lines import sentences
from tools.notice_amount.model import Notice, Rule
from tools.notice_amount.patterns import MONEY
from tools.notice_amount.sentence import read_sentence


def read(passages: Sequence[Passage], tables: Sequence[TypedTable]) -> Notice:
    """Everything that a notice says of money."""
    notice = Notice(text="\n".join(passage.text for passage in passages))
    for sentence in sentences(passages):
        for found in read_sentence(sentence):
            before = notice.rules[-1] if notice.rules else None
            if (
                isinstance(found, Rule)
                and found.share is not None
                and before
                and before.line == found.line
                and before.share is not None
                and not MONEY.search(found.base)
            ):
                found = replace(found, base=before.base)
            (notice.rules if isinstance(found, Rule) else notice.clauses).append(found)  # type: ignore[arg-type]
    for number, table in enumerate(tables):
        notice.rules += table_rules(number, table, passages)
    return notice
