"""Whether a document is in force on a day: by its status and by the day its validity ends."""

from __future__ import annotations

from datetime import date

from core.clock import today

SHOWN = {"in_force": "现行", "expired": "过期", "superseded": "被替代", "reference": "参考"}


def standing_on(status: str, valid_until: str | None, day: date | None = None) -> str:
    """in_force | expired | superseded | reference on a day (today by default); the last day itself still counts as in force."""
    if status == "superseded":
        return status
    ended = bool(valid_until) and len(valid_until or "") == 10 and str(valid_until) < (day or today()).isoformat()
    return "expired" if ended else status
