"""Whether a document or a programme is in force on a day: by its dates where it has them, else by its status."""

from __future__ import annotations

from datetime import date
from typing import Literal

from core.clock import today
from core.dates import last_day

SHOWN = {"in_force": "现行", "expired": "过期", "superseded": "被替代", "reference": "参考"}
Window = Literal["open", "not_yet", "ended", "unknown"]


def standing_on(status: str, valid_until: str | None, day: date | None = None) -> str:
    """in_force | expired | superseded | reference on a day (today by default); the last day itself still counts as in force.

    A status of `expired` beside a last day that is still ahead was written later, and does not hold on the day.
    """
    if status == "superseded" or not valid_until:
        return status
    if last_day(valid_until) < (day or today()):
        return "expired"
    return "in_force" if status == "expired" else status


def window_on(status: str, valid_from: str | None, valid_until: str | None, day: date) -> Window:
    """Whether what a passage tells of can be had on a day. A date may lack its day or month: it then counts to its end."""
    if valid_from and day.isoformat()[: len(valid_from)] < valid_from:
        return "not_yet"
    if standing_on(status, valid_until, day) == "expired" or (valid_until and last_day(valid_until) < day):
        return "ended"
    return "open" if valid_until else "unknown"
