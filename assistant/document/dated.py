"""Until when, how many days are left, whether a later day is in time: by the dated clause nearest to a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.cite import Citations
from assistant.document.clauses import FOUND, Ranked
from assistant.document.days import asked_day, last_of, left
from assistant.document.desk import Desk, summary_of
from assistant.summary import Summary, last_day_of
from core.cut import quoted
from core.types import Hit

BESIDE = 0.5
"""How much the words of a dated part count beside how near its clause is."""
_APPLIES = re.compile(r"申[报请领]|报名|受理|填报|提交|报送")
_OFFICES = re.compile(r"初审|复审|审核|核查|评审|公示|拨付|推荐|汇总|评定|认定|验收")
"""What an office does by a day."""
_OF_PROJECT = re.compile(r"完成|竣工|完工|建成|开工|投产|验收|期间|签订|放款|认定")
"""What a project or a firm did by a day."""
_IN_FORCE = re.compile(r"有效|施行|作废|失效|过期")


def dated(kind: str, text: str, found: Sequence[Ranked], desk: Desk) -> Summary | None:
    """Until when, how many days are left, whether a later day is in time: by the dated clause nearest to the question."""
    source = desk.document.info.get("source") or {}
    told = str(source.get("published") or "")
    published = date.fromisoformat(told) if len(told) == 10 else None
    deadline = last_day_of(desk.document)
    from_day = asked_day(text, desk.day) if re.search(r"\d", text) else None
    rows = [
        (one, part, last)
        for one in found
        for part in _parts_of(one.clause.text)
        if (last := last_of(part, published, from_day))
    ]
    if not rows:
        return None
    best, part, last = max(
        rows, key=lambda row: row[0].score + BESIDE * _fitness(text, row[1], row[2].day == deadline and kind != "late")
    )
    applies = _APPLIES.search(f"{best.clause.under} {part}") and not _OFFICES.search(part)
    if best.score < FOUND and last.day != deadline and not applies:
        return None
    book = Citations(desk.sources)
    quote = f"{quoted(best.clause.text)} [{book.number(Hit(best.clause.passage, 1.0), best.clause.text)}]"
    about = f"约{last.day}（{last.counted}）" if last.counted else f"{last.day}"
    wanted = asked_day(text, desk.day) if kind != "left" and not last.counted else None
    if kind == "late" and last.counted:
        wanted = asked_day(text, desk.day)
    if wanted == desk.day:  # 今天11月30号，还剩几天: no day by which anything is done
        wanted = None
    if wanted and last.first and wanted < last.first:
        return summary_of(
            f"**不行，不在这个期间里**：从{_said_day(last.first)}起算，您说的是{_said_day(wanted)}。\n- {quote}",
            book,
            desk,
            absent=False,
        )
    if wanted and (kind == "late" or wanted > last.day):
        in_time = "来得及" if wanted <= last.day else "来不及"
        return summary_of(
            f"**{in_time}**：{_said_day(last.day)}{last.hour}为止，您说的是{_said_day(wanted)}。\n- {quote}",
            book,
            desk,
            absent=False,
        )
    closed = f"已经截止：{_said_day(last.day)}" if last.day < desk.day and last.day == deadline else _said_day(last.day)
    text = f"**{closed}{last.hour}**（{about}），{left(last.day, desk.day)}。\n- {quote}"
    return summary_of(text, book, desk, absent=False)


def _parts_of(clause: str) -> list[str]:
    """The parts of a clause between commas; each may set another day."""
    return [part for part in re.split(r"[，；,;]", clause) if part.strip()]


def _fitness(question: str, clause: str, is_deadline: bool) -> float:
    """What a dated clause is ahead: the day until which one may apply; what the office does by a day only where that is asked."""
    of_office = _OFFICES.search(clause) and not _APPLIES.search(clause)
    behind = 0.3 if of_office and not _OFFICES.search(question) else 0.0
    behind += 0.2 if _IN_FORCE.search(clause) and not _IN_FORCE.search(question) else 0.0
    shared = sum(question[at : at + 2] in clause for at in range(len(question) - 1))
    since = 0.2 * ("之日起" in clause and bool(re.search(r"\d", question)))
    of_project = bool(_OF_PROJECT.search(clause)) and not _OF_PROJECT.search(question)
    return (
        since
        + 0.03 * min(shared, 3)
        + 0.25 * is_deadline
        - 0.2 * of_project
        + 0.08 * bool(_APPLIES.search(clause))
        - behind
    )


def _said_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
