"""A tool's result as a file to fetch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import BadInput
from tools.report import files
from tools.report.contents import title_of
from ui.pages.visit import Visit

ENDINGS = ("docx", "pdf", "xlsx")


def offer(visit: Visit, tool: str, result: Mapping[str, Any]) -> str:
    """Write a report in the kind that the form names, and give the path where it can be fetched."""
    ending = visit.text("kind")
    if ending not in ENDINGS:
        raise BadInput("没有这种格式的报告。", "选 Word、PDF 或 Excel。")
    data = files.made(files.pages_of(tool, result, visit.profile.name or ""), f".{ending}")
    return visit.downloads.offer(f"{title_of(tool)}.{ending}", data)
