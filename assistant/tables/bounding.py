"""Which column a bound on figures is of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.tables import columns
from assistant.tables.learnt import Learnt
from assistant.tables.limits import Bound, fitted
from assistant.tables.marks import Marked
from assistant.tables.query import Condition
from assistant.tables.table import Table

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder


_WINDOW = 12


def bound_features(
    one: Marked, bound: Bound, table: Table, encoder: Encoder
) -> tuple[list[int], np.ndarray, list[Decimal]]:
    """The columns that a bound may be of, what speaks for each, and the bound's value in each."""
    import numpy as np

    among, values = [], []
    for at in table.numeric:
        if (value := fitted(bound, at, table)) is not None:
            among.append(at)
            values.append(value)
    if not among:
        return [], np.zeros((0, columns.FEATURES + 5), dtype=np.float32), []
    clause = re.split(r"[，。、,；;？?！!]", one.asked[: bound.start])[-1][-_WINDOW:]
    behind = re.split(r"[，。、,；;？?！!]", one.asked[bound.end :])[0][:4]
    rows = columns.features(f"{clause}{behind}", table, None)[among]
    more = []
    for at, value in zip(among, values, strict=True):
        amounts = [amount.value for row in table.rows if (amount := table.amount(row[at], at))]
        unit = table.typed.units[at]
        kind = next((amount.unit for row in table.rows if (amount := table.amount(row[at], at))), "")
        more.append(
            [
                float(bool(bound.unit) and bound.unit in {unit, kind}),
                float(
                    bool(bound.unit)
                    and bool(unit or kind)
                    and bound.unit not in {unit, kind}
                    and bound.unit not in "个"
                ),
                float(min(amounts) <= value <= max(amounts)),
                float(value in amounts),
                float(unit.endswith(bound.unit) if bound.unit else 0),
            ]
        )
    return among, np.concatenate([rows, np.array(more, dtype=np.float32)], axis=1), values


def bounded(
    one: Marked, table: Table, encoder: Encoder, learnt: Learnt, ranking: bool
) -> Iterator[tuple[Bound, list[Condition]]]:
    """The bounds of a question with what they demand."""
    for bound in one.bounds:
        before = one.asked[max(0, bound.start - 2) : bound.start]
        if bound.relation == "=" and (ranking or re.search(r"[前头第数一这那]$|各$", before)):
            continue
        among, rows, values = bound_features(one, bound, table, encoder)
        if not among:
            continue
        score = learnt.score("bound", rows)
        best = int(score.argmax())
        at, value = among[best], values[best]
        cells = {amount.value for row in table.rows if (amount := table.amount(row[at], at))}
        if bound.relation == "=" and (value not in cells or not (bound.scaled or rows[best][-5] or rows[best][-1])):
            continue
        said = [Condition(at, bound.relation, (value,))]
        if bound.upper is not None and (upper := fitted(replace(bound, value=bound.upper), at, table)) is not None:
            said.append(Condition(at, "<=", (upper,)))
        yield bound, said
