"""A tool's result as files for a chat: Word, PDF, a sheet, charts."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bots import wording as say
from bots.message import Attach, Part, Say
from tools import registry


def report(tool: str, arguments: Mapping[str, Any], kind: str, firm: str = "") -> list[Part]:
    """The result of a tool as a file of a kind: docx, pdf, xlsx, or png for its charts. The tool runs once more.

    firm: its name, empty where it is not known.
    """
    outcome = registry.run(tool, arguments)
    if kind == "png":
        return _charts(outcome.data)
    from tools.report.contents import title_of
    from tools.report.files import write

    name = f"{title_of(tool)}.{kind}"
    with tempfile.TemporaryDirectory(prefix="xiangdao-bot-") as folder:
        data = write(tool, outcome, Path(folder) / f"report.{kind}", firm=firm).read_bytes()
    return [Say(say.REPORT_DONE.format(what=say.REPORTS[kind])), Attach(name, data)]


def _charts(data: dict[str, Any]) -> list[Part]:
    from tools.report.charts import charts_of, draw

    charts = charts_of(data)
    if not charts:
        return [Say(say.NO_CHART)]
    pictures = [Attach(f"{n}.png", draw(chart), chart.title, picture=True) for n, chart in enumerate(charts, 1)]
    return [Say(say.REPORT_DONE.format(what=say.REPORTS["png"])), *pictures]
