"""The one clock: which day counts as today."""

from __future__ import annotations

import os
from datetime import date

from core.errors import BadInput

VARIABLE = "XIANGDAO_DATE"
"""Names another day to answer for, as 2027-01-05; child processes inherit it."""


def today() -> date:
    """The day to answer for: XIANGDAO_DATE where it is set, else the computer's; BadInput where that is no date."""
    said = os.environ.get(VARIABLE, "").strip()
    if not said:
        return date.today()
    try:
        return date.fromisoformat(said)
    except ValueError as exc:
        raise BadInput(f"环境变量 {VARIABLE} 不是日期：{said[:20]}。", "写成 2026-11-20 这样，或去掉它。") from exc
