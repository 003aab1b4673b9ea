"""The programmes that end within a stretch of days, the nearest first; what has no last day is told apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.cut import shorten
from tools.firm.region import Place
from tools.outcome import Book
from tools.subsidy.programme import about_until
from tools.subsidy.support import Match

MOST_DATED, MOST_OPEN = 12, 5
"""How many programmes with a last day, and how many without, the text tells; all are in the data."""


@dataclass(frozen=True)
class Deadlines:
    """What ends from `first` to `last`, both inclusive and None where open, seen from `day`.

    ended: what ended already in a stretch that was asked for from a day before the present one.
    """

    day: date
    first: date | None
    last: date | None
    dated: tuple[Match, ...]
    undated: tuple[Match, ...]
    next_after: Match | None = None
    ended: tuple[Match, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The list as data."""
        return {
            "from": self.first and self.first.isoformat(),
            "until": self.last and self.last.isoformat(),
            "dated": [
                {
                    "id": m.row.id,
                    "name": m.row.name,
                    "ask": m.row.ask,
                    "valid_until": m.row.valid_until,
                    "days_left": _left(m, self.day),
                }
                for m in self.dated
            ],
            "ended": [m.row.id for m in self.ended],
            "undated": [m.row.id for m in self.undated],
        }


def within(matches: list[Match], day: date, first: date | None, last: date | None, place: Place | None) -> Deadlines:
    """The programmes of a place, or of all places where none is told, that end in the window and ask for nothing unmet.

    Without a first day the window begins today; what ended before today is told only of a window that lies before it.
    """
    begins = first or (day if last is None or last >= day else None)
    earlier = begins if begins and last and begins < day <= last else None
    begins = day if earlier else begins
    near = [m for m in matches if m.group not in {"no", "elsewhere"} and (place is None or m.local is not False)]
    dated = [m for m in near if m.row.valid_until and m.standing.state in {"open", "expired"}]
    dated = sorted(dated, key=lambda m: (m.row.valid_until or "", -m.score))
    inside = tuple(m for m in dated if (begins is None or _end(m) >= begins) and (last is None or _end(m) <= last))
    ended = tuple(m for m in dated if earlier and earlier <= _end(m) < day)
    after = next((m for m in dated if _end(m) >= day and last is not None and _end(m) > last), None)
    open_ended = tuple(m for m in near if not m.row.valid_until and m.group != "over" and m.is_regional)
    open_ended += tuple(m for m in near if not m.row.valid_until and m.standing.is_open and not m.is_regional)
    asked = tuple(m for m in open_ended if _may_end_after(m, begins or day))
    return Deadlines(day, begins, last, inside, asked, after, ended)


def _may_end_after(m: Match, day: date) -> bool:
    """Whether a programme without a last day may still run on a day: what its row says of about when it ends decides."""
    ends = about_until(m.row)
    return ends is None or ends >= day


def tell(found: Deadlines, place: Place | None, book: Book) -> str:
    """The list in words: each last day with the days left, then what has none, then what to do."""
    where = f"{place.label}和全国的" if place else "收录的各地和全国的"
    parts = [_head(found, where)]
    listed = [f"{n}. {_line(m, found.day, book)}" for n, m in enumerate(found.dated[:MOST_DATED], 1)]
    parts += ["\n".join(listed)] if listed else []
    if len(found.dated) > MOST_DATED:
        parts.append(f"还有{len(found.dated) - MOST_DATED}项没有列出，说了城市就只列当地的。")
    if not found.dated and found.next_after:
        parts.append(f"再往后最早到期的是：{_line(found.next_after, found.day, book)}")
    if found.ended:
        parts.append(_over_already(found, book))
    if found.undated and (found.last is None or found.last >= found.day):
        parts.append(_without_date(found, book))
    parts.append("这里的日子是文件的有效期，申报窗口常常更早关；先打电话问清，再准备材料。")
    return "\n\n".join(parts)


def _head(found: Deadlines, where: str) -> str:
    span = _span(found)
    if not found.dated:
        return f"**{where}项目里，{span}到期的没有查到**（按{found.day.isoformat()}算）。"
    ended = all(_end(m) < found.day for m in found.dated)
    verb = "已经到期的" if ended else "到期的"
    return f"**{where}项目里，{span}{verb}有{len(found.dated)}项**，按先后排（按{found.day.isoformat()}算）："


def _span(found: Deadlines) -> str:
    if found.last is None:
        begins = found.first or found.day
        return "往后" if begins == found.day else f"{begins.isoformat()}起"
    if found.first is None or found.first == found.day:
        return f"到{found.last.isoformat()}为止"
    same = found.first == found.last
    return found.last.isoformat() if same else f"{found.first.isoformat()}到{found.last.isoformat()}"


def _line(m: Match, day: date, book: Book) -> str:
    """One programme: its last day first, for one that ended what it gave only as what it was."""
    left, number = _left(m, day), book.cite(m.row, quote=m.row.gives)
    count = f"还有{left}天" if left > 0 else "今天是最后一天" if left == 0 else "已到期"
    guessed = "，推断" if m.standing.inferred else ""
    gives = shorten(m.row.gives.partition("；")[0], 44).rstrip("。")
    told = f"：{gives}" if left >= 0 else f"（当时：{gives}）"
    return f"{m.row.valid_until}（{count}{guessed}），**{m.row.name}** [{number}]{told}。问{m.row.ask}。"


def _without_date(found: Deadlines, book: Book) -> str:
    shown = [
        f"{m.row.name} [{book.cite(m.row, quote=m.row.gives)}]，{m.row.validity_note or m.standing.text}"
        for m in found.undated[:MOST_OPEN]
    ]
    more = f"等{len(found.undated)}项" if len(found.undated) > MOST_OPEN else ""
    return f"没写到哪天的另算，要问：{'；'.join(shown)}{more}。"


def _over_already(found: Deadlines, book: Book) -> str:
    """What ended in the stretch before the day of asking: the names and days, no amounts."""
    shown = [
        f"{m.row.name} [{book.cite(m.row, quote=m.row.gives)}]，{m.row.valid_until}" for m in found.ended[:MOST_OPEN]
    ]
    more = f"等{len(found.ended)}项" if len(found.ended) > MOST_OPEN else ""
    return f"这段时间里已经到期、不能再报的：{'；'.join(shown)}{more}。"


def _end(m: Match) -> date:
    return date.fromisoformat(m.row.valid_until or "")


def _left(m: Match, day: date) -> int:
    return (_end(m) - day) // timedelta(days=1)
