"""Until when, how many days are left, whether a later day is in time: by the dated clause nearest to a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.cite import Citations
from assistant.document.clauses import Clause, Ranked, ranked_of
from assistant.document.days import Day, asked_day, last_of, left
from assistant.document.desk import Desk, summary_of
from assistant.document.stretches import stretches
from assistant.document.told import ALSO, SURE
from assistant.summary import Summary, last_day_of
from core.cut import quoted
from core.types import Hit

if TYPE_CHECKING:
    from corpus.encoder.encoder import Encoder

LEAST = 0.3
"""A stretch that is less near does not set the day asked for: there is always one that is nearest."""
MOSTLY = 0.12
"""What the last day to apply is ahead: a question that names nothing (还剩几天) is of that."""


@dataclass(frozen=True)
class _Row:
    """A stretch of a clause that sets a day, and how near it is to a question."""

    clause: Clause
    part: Clause
    score: float
    day: Day


def dated(kind: str, text: str, found: Sequence[Ranked], desk: Desk, encoder: Encoder | None) -> Summary | None:
    """Until when, how many days are left, whether a later day is in time: by the dated stretch of a clause nearest to the question."""
    source = desk.document.info.get("source") or {}
    told = str(source.get("published") or "")
    published = date.fromisoformat(told) if len(told) == 10 else None
    deadline = last_day_of(desk.document)
    from_day = asked_day(text, desk.day) if re.search(r"\d", text) else None
    rows = _rows(text, found, desk, encoder, published, from_day)
    if not rows:
        return None
    best = max(rows, key=lambda row: row.score + MOSTLY * (row.day.day == deadline and kind != "late"))
    if best.score < LEAST and best.day.day != deadline:
        return None
    return _told(kind, text, best, _ahead(found, best), deadline, desk)


def _ahead(found: Sequence[Ranked], best: _Row) -> Clause | None:
    """The clause that is clearly nearer to the question than the one that sets the day; None where that is the nearest."""
    first = found[0] if found else None
    if first is None or first.score < SURE or first.clause == best.clause:
        return None
    own = next((one.score for one in found if one.clause == best.clause), 0.0)
    return first.clause if own < first.score - ALSO else None


def _told(kind: str, text: str, best: _Row, ahead: Clause | None, deadline: date | None, desk: Desk) -> Summary:
    """The day that a stretch sets, or whether the day that a question names lies within; what is nearer (ahead) beside it."""
    book, last = Citations(desk.sources), best.day
    quote = f"{quoted(best.clause.text)} [{book.number(Hit(best.clause.passage, 1.0), best.clause.text)}]"
    wanted = asked_day(text, desk.day) if kind == "late" or (kind != "left" and not last.counted) else None
    if wanted and wanted != desk.day and last.first and wanted < last.first:
        lead = f"**不行，不在这个期间里**：从{_said_day(last.first)}起算，您说的是{_said_day(wanted)}。"
    elif wanted and wanted != desk.day and (kind == "late" or wanted > last.day):
        lead = f"**{_verdict(wanted, last.day, desk.day)}**：{_said_day(last.day)}{last.hour}为止，您说的是{_said_day(wanted)}。"
        if deadline and wanted <= last.day != deadline and wanted < desk.day:
            lead += f"申报截止是{_said_day(deadline)}，{left(deadline, desk.day)}。"
    else:
        over = "已经截止：" if last.day < desk.day and last.day == deadline else ""
        about = f"约{last.day}（{last.counted}）" if last.counted else f"{last.day}"
        lead = f"**{over}{_said_day(last.day)}{last.hour}**（{about}），{left(last.day, desk.day)}。"
    near = f"\n- {quoted(ahead.text)} [{book.number(Hit(ahead.passage, 1.0), ahead.text)}]" if ahead else ""
    return summary_of(f"{lead}\n- {quote}{near}", book, desk, absent=False)


def _rows(
    text: str,
    found: Sequence[Ranked],
    desk: Desk,
    encoder: Encoder | None,
    published: date | None,
    from_day: date | None,
) -> list[_Row]:
    """The stretches that set a day, how near each is, and its day."""
    cut = [(one.clause, part) for one in found for part in stretches(one.clause, published, from_day)]
    near = ranked_of(desk.asked(text, "deadline", encoder), [part for _, part in cut])
    whole = {id(part): clause for clause, part in cut}
    return [
        _Row(whole[id(one.clause)], one.clause, one.score, day)
        for one in near
        if (day := last_of(one.clause.text, published, from_day))
    ]


def _verdict(wanted: date, last: date, today: date) -> str:
    """Whether a day is in time; of one on which something was done, that it lies within."""
    if wanted > last:
        return "来不及"
    return "这个日子在期限里" if wanted < today else "来得及"


def _said_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
