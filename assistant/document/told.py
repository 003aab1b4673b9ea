"""The clauses that say what is asked, a list whole; that a document does not say so where none does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.cite import Citations
from assistant.document.clauses import FOUND, Clause, Ranked, is_item
from assistant.document.desk import Desk, summary_of
from assistant.document.kinds import LISTS, UNDER
from assistant.summary import Summary
from assistant.wording.stated import stated
from core.cut import quoted
from core.types import Hit

ABSENT = "**这份资料里没有写"
SURE, DOUBTED = FOUND + 0.03, 0.44
"""From the one on a clause is told as the answer; of one between them it is left open whether it answers."""
MOST_DOUBTED = 2
ALSO = 0.05
"""A clause that is no more behind the best one is told too."""
WHOLE = frozenset({"who", "materials"})
"""Kinds of which the whole list under a heading is told."""
PAID_IN = frozenset({"元", "美元", "欧元", "日元", "港元", "%", "‰", "pp", "倍"})
"""Units of what is paid; only a clause with a figure in one of them says how much."""
A_LIST = 0.5
"""From this share of a list on that answers it is told whole."""
MOST_CLAUSES = 3
MOST_ITEMS = 14
MOST_CHARACTERS = 700
_HOW_MANY = re.compile(r"(?:几|多少)\s*(个|项|条|步|样|种|份)?")


def said(kind: str, text: str, found: Sequence[Ranked], desk: Desk) -> Summary:
    """The clauses that say what is asked, a list whole; that it does not say so where none does."""
    book = Citations(desk.sources)
    kept = _kept(kind, found, desk)
    lines = _cited(kept, book) if kept else _absent(found, book)
    if len(lines) == 1:
        return summary_of(lines[0], book, desk, absent=not kept)
    asks = _HOW_MANY.search(text) if kept and kind in LISTS else None
    parts = {name or c.text for name, c in zip(_names(kept), kept, strict=True)}
    counted = f"一共{len(parts)}{asks[1] or '条'}：\n" if asks else ""
    return summary_of(counted + "\n".join(f"- {line}" for line in lines), book, desk, absent=not kept)


def lines_of(kind: str, found: Sequence[Ranked], desk: Desk, book: Citations) -> list[str]:
    """The clauses that say what is asked, cited; first what the document does not speak of."""
    kept = _kept(kind, found, desk)
    return _cited(kept, book) if kept else _absent(found, book)


def _kept(kind: str, found: Sequence[Ranked], desk: Desk) -> list[Clause]:
    """The clauses that say what is asked, as they follow each other; none where the document does not say it."""
    above = [one for one in found if one.score >= SURE]
    headed = _headed(kind, found)
    if headed and (not above or kind in WHOLE):
        kept = headed
    elif not above or (kind == "amount" and not any(_pays(one.clause) for one in above[:MOST_CLAUSES])):
        return []
    else:
        best = above[0]
        kept = _list_of(best, found) or [one.clause for one in above if one.score >= best.score - ALSO][:MOST_CLAUSES]
    passages = [p.passage_id for p in desk.ledger.passages_of(desk.document.document_id)]
    return sorted(kept, key=lambda c: (passages.index(c.passage.passage_id), c.passage.text.find(c.text)))


def _cited(kept: Sequence[Clause], book: Citations) -> list[str]:
    """The lines of clauses, each step of a list under its heading."""
    shown = (f"{name}：" if name and name not in c.text else "" for name, c in zip(_names(kept), kept, strict=True))
    return [
        f"{name}{quoted(c.text)} [{book.number(Hit(c.passage, 1.0), c.text)}]"
        for name, c in zip(shown, kept, strict=True)
    ]


def _names(told: Sequence[Clause]) -> list[str]:
    """What each clause of a list is called whose steps have a heading each: （二）形式审查; empty where they have none."""
    inner = [c.passage.section[-1] if len(c.passage.section) > 1 else "" for c in told]
    outer = {c.passage.section[:-1] for c in told}
    if len(outer) > 1 or len(set(inner)) < 2:
        return [""] * len(told)
    return ["" if is_item(name) else name for name in inner]


def _pays(clause: Clause) -> bool:
    """Whether a clause tells a sum or a share; in a table the unit stands beside the figure, in the name of the column."""
    told = {one.unit for one in stated(clause.whole) if one.kind == "figure"}
    return bool(told & PAID_IN) or ("" in told and "元" in clause.whole)


def _headed(kind: str, found: Sequence[Ranked]) -> list[Clause]:
    """The list under the heading that such a question asks for (申报条件, 所需材料), the nearest one; empty where there is none."""
    fitting = UNDER.get(kind) if kind in LISTS else None
    first = next((c for one in found for c in [one.clause] if fitting and _head(c, fitting)), None)
    if fitting is None or first is None:
        return []
    heading = _head(first, fitting)
    told = list({(c.under, c.text): c for one in found if heading in _heads(c := one.clause)}.values())
    alone = len(told) == 1 and heading in first.passage.section
    return told if alone or _is_short(told) else []


def _head(clause: Clause, fitting: re.Pattern[str]) -> str:
    """The innermost heading of a clause that fits; empty where none does."""
    return next((name for name in reversed(_heads(clause)) if fitting.search(name)), "")


def _heads(clause: Clause) -> tuple[str, ...]:
    """The headings that a clause stands under, and what it stands under in its paragraph."""
    headings = [name for name in clause.passage.section if name and not is_item(name)]
    opener = clause.under.removeprefix(" ".join(headings[-2:])).strip()
    return (*headings, opener) if opener else tuple(headings)


def _is_short(told: Sequence[Clause]) -> bool:
    return 1 < len(told) <= MOST_ITEMS and sum(len(c.text) for c in told) <= MOST_CHARACTERS


def _absent(found: Sequence[Ranked], book: Citations) -> list[str]:
    """That the document does not say it, how surely, and what is nearest."""
    doubted = [one.clause for one in found if one.score >= DOUBTED][:MOST_DOUBTED]
    near = doubted or [one.clause for one in found[:1]]
    cited = [f"{quoted(c.text)} [{book.number(Hit(c.passage, 1.0), c.text)}]" for c in near]
    if doubted:
        return [f"{ABSENT}明这一点，也可能换了说法**。最接近的是：", *cited]
    return [f"{ABSENT}这一点**（从头到尾找过）。{'最接近的是：' if cited else ''}{''.join(cited)}"]


def _list_of(best: Ranked, found: Sequence[Ranked]) -> list[Clause]:
    """The list that the best clause stands in, where much of it answers: it is told whole; empty where only single items do."""
    beside = {
        (c.under, c.text): one for one in found if (c := one.clause).passage.section == best.clause.passage.section
    }
    answering = sum(one.score >= FOUND for one in beside.values())
    told = [one.clause for one in beside.values()]
    return told if _is_short(told) and answering >= max(2, A_LIST * len(told)) else []
