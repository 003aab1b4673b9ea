"""How a question over a table looks to the layer of operations: its form, without its subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.tables import columns
from assistant.tables.learnt import Learnt
from assistant.tables.marks import DAY, FIGURE, ROW, VALUE, Marked, masked
from assistant.tables.table import Table
from corpus.words import lexicon

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder


COUNTS = 21
"""So many numbers tell the layer of operations what a question gives."""
_KINDS = {"figure": "数额", "day": "日期", "group": "类别", "name": "名称"}


@dataclass(frozen=True)
class Sight:
    """How a question looks to the layer of operations. text: with signs for what it gives; vector: its meaning, then what it gives."""

    text: str
    vector: np.ndarray


def sight(one: Marked, table: Table, encoder: Encoder, learnt: Learnt) -> Sight:
    """A question with signs, and counts of what it gives."""
    import numpy as np

    given = [(link.start, link.end, ROW if link.column == table.name_column else VALUE) for link in one.links]
    given += [(span.start, span.end, DAY) for span in one.spans]
    given += [(bound.start, bound.end, FIGURE) for bound in one.bounds if bound.relation != "="]
    text = _unnamed(masked(one.asked, given), table)
    rows = [link for link in one.links if link.column == table.name_column]
    other = [link for link in one.links if link.column != table.name_column and not link.refused]
    pairs = len({link.column for link in other}) < len(other)
    near = columns.features(one.rest(), table, encoder)
    said = near[:, 7]
    top = int(said.argmax())
    counts = np.array(
        [
            len(rows) == 1, len(rows) >= 2, len(other) == 1, len(other) >= 2, pairs, any(link.refused for link in one.links),
            bool(one.spans), any(bound.relation != "=" for bound in one.bounds), bool(table.dated), bool(table.grouping),
            float(said.max()), float(near[:, 0].max()), float(near[:, 1].max()),
            top in table.numeric, top in table.dated, top in table.grouping, top == table.name_column,
            not one.links, min(len(strange(one.rest(), learnt)), 6) / 3, float(max((said[at] for at in table.dated), default=0)), float(max((said[at] for at in table.grouping), default=0)),
        ],
        dtype=np.float32,
    )  # fmt: skip
    return Sight(text, np.concatenate([0.5 * encoder.meaning(text), 0.125 * counts]))


def _unnamed(text: str, table: Table) -> str:
    """A text with the kind of a column in place of what it gives of its name."""
    kinds = dict[str, str]()
    for at, name in enumerate(table.typed.names):
        kind = _KINDS[
            "figure"
            if at in table.numeric
            else "day"
            if at in table.dated
            else "group"
            if at in table.grouping
            else "name"
        ]
        short = re.sub(r"[（(].*", "", name)
        for run in (short[k : k + size] for size in range(len(short), 1, -1) for k in range(len(short) - size + 1)):
            kinds.setdefault(run, kind)
    given: list[tuple[int, int, str]] = []
    for run in sorted(kinds, key=len, reverse=True):
        for found in re.finditer(re.escape(run), text):
            if all(found.end() <= start or end <= found.start() for start, end, _ in given):
                given.append((*found.span(), kinds[run]))
    return masked(text, given)


def strange(rest: str, learnt: Learnt) -> str:
    """The longest stretch of a question of words that questions over tables hardly have."""
    out = [""]
    for word in lexicon().cut(rest):
        if word in learnt.common or not word.isalnum():
            out.append("")
        else:
            out[-1] += word
    return max(out, key=len)
