"""Reports as files: any tool's result as .docx, .pdf or .xlsx, with charts for roadmaps and maturity results."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from core.clock import today
from core.disk import check_room, room_in
from core.errors import BadFile, BadInput
from core.output import ELSEWHERE, make_folder, write_whole
from core.types import Citation
from tools.outcome import Outcome
from tools.report.contents import result_pages
from tools.report.pages import Pages


def write(
    tool: str, result: Outcome | Mapping[str, Any], path: str | Path, *, firm: str = "", day: date | None = None
) -> Path:
    """Write a tool's result to a .docx, .pdf or .xlsx file and return its path; an existing file is replaced.

    result: an Outcome, or its JSON. firm: its name, for the title. BadInput for another ending, BadFile where the file
    cannot be written, DiskFull where there is no room for it; then what was there is left as it was.
    """
    return save(pages_of(tool, result, firm, day), path)


def pages_of(tool: str, result: Outcome | Mapping[str, Any], firm: str = "", day: date | None = None) -> Pages:
    """What a report says of a tool's result, for `save` and `made`; result, firm: as of `write`."""
    outcome = result if isinstance(result, Outcome) else from_json(result)
    return result_pages(tool, outcome, firm, day or today())


def save(pages: Pages, path: str | Path) -> Path:
    """Write pages to a file whose ending names the format; raises as `write`."""
    target = Path(path).expanduser()
    data = made(pages, target.suffix.lower())
    try:
        make_folder(target.parent)
        write_whole(target, data)
    except OSError as exc:
        raise BadFile(f"报告写不进 {target}。", "看看文件是不是正打开着、文件夹能不能写，或换个地方存。") from exc
    return target


def made(pages: Pages, ending: str) -> bytes:
    """Pages as a file of the format that an ending like .docx names, which touches no folder of the user's."""
    writer, held = _writer(ending), BytesIO()
    scratch = Path(tempfile.gettempdir())  # sheets are put together there
    if ending == ".xlsx":
        check_room(scratch, 0)
    with room_in(scratch, hint=ELSEWHERE):
        writer(pages, held)
    return held.getvalue()


def _writer(ending: str) -> Callable[[Pages, BinaryIO], None]:
    if ending == ".docx":
        from tools.report.docx import write_docx

        return write_docx
    if ending == ".pdf":
        from tools.report.pdf import write_pdf

        return write_pdf
    if ending == ".xlsx":
        from tools.report.xlsx import write_xlsx

        return write_xlsx
    raise BadInput(f"不会写 {ending or '没有后缀'} 的报告。", "文件名以 .docx、.pdf 或 .xlsx 结尾。")


def from_json(result: Mapping[str, Any]) -> Outcome:
    """The outcome that `Outcome.as_json` gave; BadInput where it is something else."""
    try:
        rows = [{k: c[k] for k in ("n", "source_id", "title", "section", "passage_id", "quote", "origin", "certainty")}
                for c in result.get("citations", [])]  # fmt: skip
        citations = tuple(Citation(**row) for row in rows)
        return Outcome(
            str(result["text"]), dict(result.get("data") or {}), citations, str(result.get("certainty", "full")),
            tuple(result.get("next_steps") or ()), tuple(result.get("asks") or ()),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as exc:
        raise BadInput("这不是工具的结果，写不成报告。", "先排一份路线图或测一次等级，再导出。") from exc
