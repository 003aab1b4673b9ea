"""When a page was published, as its marks or its own words say."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from core.clock import today

_MARKS = (
    "pubdate", "publishdate", "article:published_time", "publish_time", "publishtime", "datepublished", "dc.date", "dc.date.issued", "firstpublishedtime",
    "createdate", "date", "weibo:article:create_at",
)  # fmt: skip
_DATE = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_SAID = re.compile(
    r"(?:发布|发文|成文|公布|印发|更新|刊发)?\s*(?:日\s*期|时\s*间)\s*[:：】\]]?\s*((?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})"
)


def published(page: Any) -> str:
    """The ISO date of publication; empty where the page does not tell."""
    marks: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        marks.setdefault(name, meta.get("content") or "")
    for name in _MARKS:
        if date := iso(marks.get(name, "")):
            return date
    for time in page.iter("time"):
        if date := iso(time.get("datetime") or time.text_content()):
            return date
    text = " ".join(page.text_content().split())[:20_000]
    said = sorted(_SAID.finditer(text), key=lambda m: not m[0].startswith(("发布", "公布", "印发")))
    return next((date for m in said if (date := iso(m[1]))), "")


def iso(text: str) -> str:
    """The first date in a text as YYYY-MM-DD; empty where there is none or it lies in the future."""
    for year, month, day in _DATE.findall(text):
        try:
            found = dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
        if found <= today() + dt.timedelta(days=1):
            return found.isoformat()
    return ""
