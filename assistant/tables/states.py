"""Cells of a few kinds that a question means by other words than theirs: 没弄完的 for 未完成."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from assistant.tables.cells import sound
from assistant.tables.learnt import STATE, Learnt
from assistant.tables.marks import Marked
from assistant.tables.query import Condition
from assistant.tables.table import Table, likeness
from core.text import bare

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder


STATE_FEATURES = 27
STATE_SURE = 0.5
MOST_STATES = 8
"""A column with more different cells is searched by their words alone."""
NOT = "没未不无非别"
_STATE_VECTORS: WeakKeyDictionary[Table, dict[int, np.ndarray]] = WeakKeyDictionary()
States = tuple[int, list[tuple[str, bool]], "np.ndarray"]


def states(one: Marked, table: Table, encoder: Encoder) -> Iterator[States]:
    """The columns of few different cells of which the question gives none by their words: the cells, each had or not, and what
    speaks for each.
    """
    import numpy as np

    rest = one.rest()
    given = {link.column for link in one.links}
    query = encoder.query(rest)
    for at in range(len(table.typed.names)):
        blank = 0 < sum(table.distinct[at].values()) < len(table.rows)
        cells = list(table.distinct[at]) if at in table.grouping and at not in table.numeric else []
        cells = (cells if len(cells) <= MOST_STATES else []) + ([""] if blank else [])
        if at in given or not cells:
            continue
        kept = _STATE_VECTORS.setdefault(table, {})
        if at not in kept:
            kept[at] = encoder.vectors([f"{table.title(at)}：{cell}" for cell in cells])
        near = kept[at] @ query
        near = 5 * (near - near.mean())
        ways = [(cell, False) for cell in cells] + [(cell, True) for cell in cells if len(cells) > 2 or not cell]
        named = likeness(rest, table.typed.names[at])
        rows = [_state(rest, cell, refused, near[cells.index(cell)], named, table, at) for cell, refused in ways]
        yield at, ways, np.array(rows, dtype=np.float32)


def _state(rest: str, cell: str, refused: bool, near: float, named: float, table: Table, at: int) -> list[float]:
    """What speaks for a cell, or (refused) for any other one."""
    told = bare(cell)
    own = [c for c in told if c not in NOT and "\u4e00" <= c <= "\u9fff"]
    heard = {sound(c) for c in own}
    places = [k for k, c in enumerate(rest) if c in own or ("\u4e00" <= c <= "\u9fff" and sound(c) in heard)]
    exact = sum(rest[k] in own for k in places)
    denied = [k for k in places if any(c in NOT for c in rest[max(0, k - 2) : k])]
    says_no = any(c in NOT for c in told) or told.startswith("待")
    no = bool(denied)
    whether = re.sub(r"^是否(?:为|属于)?|[（(].*", "", bare(table.typed.names[at]))
    asks_whether = table.typed.names[at].startswith("是否") and whether[:2] in rest
    before = rest[: rest.find(whether[:2])] if asks_whether else ""
    denies = any(c in NOT for c in before[-2:])
    name_at, name_run = _place(rest, re.sub(r"^是否|(?:时间|日期|情况|状态|[（(].*)", "", bare(table.typed.names[at])))
    name_denied = name_at >= 0 and any(c in NOT for c in rest[max(0, name_at - 2) : name_at])
    positive = told in {"是", "有"} or told.startswith("已")
    agrees = (no == says_no) if places else False
    if refused:
        agrees = places != [] and no and not says_no
    return [
        0.0, float(not refused), float(refused), min(len({rest[k] for k in places}), 3) / 3, exact / max(len(own), 1),
        float(bool(places) and agrees), float(bool(places) and not agrees), (-near if refused else near), float(named >= 2),
        table.distinct[at].get(cell, 0) / len(table.rows),
        float(asks_whether and positive != denies and not refused), float(asks_whether and positive == denies and not refused),
        float(any(c in NOT for c in rest) and says_no and not refused), float("了" in rest and positive and not refused),
        float(says_no), float(len(table.distinct[at]) == 2), float(len(denied) > 0 and refused),
        float(bool(places) and says_no and not no and not refused),
        float(name_denied and not cell and not refused), float(name_denied and not cell and refused),
        float(name_at >= 0 and not name_denied and not cell and refused), float(name_denied and (says_no or told in {"否", "无"}) and not refused),
        float(name_at >= 0 and not name_denied and positive and not refused), name_run / 3,
        float(not cell and not refused), float(not cell and refused), float(not cell and any(c in NOT for c in rest)),
    ]  # fmt: skip


def _place(rest: str, name: str) -> tuple[int, float]:
    """Where the longest run of a column's name stands in a question, -1 where hardly any does, and how long it is."""
    for size in range(len(name), 0, -1):
        for k in range(len(name) - size + 1):
            if (size > 1 or name[k] not in "的是有") and (at := rest.find(name[k : k + size])) >= 0:
                return at if size > 1 or len(name) == 2 else -1, float(min(size, 3))
    return -1, 0.0


def stated(one: Marked, table: Table, encoder: Encoder, learnt: Learnt) -> tuple[list[Condition], float]:
    """What a question demands of columns of states in other words than theirs, and how sure that is."""
    import numpy as np

    out, sure = list[Condition](), 1.0
    for at, ways, rows in states(one, table, encoder):
        none = np.zeros((1, STATE_FEATURES), dtype=np.float32)
        none[0, 0] = 1
        score = learnt.score(STATE, np.concatenate([none, rows]))
        share = np.exp(score - score.max())
        share /= share.sum()
        best = int(share.argmax())
        sure *= float(share[best])
        if best and share[best] >= STATE_SURE:
            cell, refused = ways[best - 1]
            out.append(Condition(at, "!=" if refused else "=", (cell,)))
    return out, sure
