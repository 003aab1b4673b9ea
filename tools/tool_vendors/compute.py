"""Whose tools surveyed firms use most: 29 kinds of tool, five ranks each. A ranking of use, never a recommendation."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import fuzz, process

from core.cut import shorten
from core.errors import BadInput, NeedsArgument
from core.text import squeeze
from corpus.rows import ToolVendors
from corpus.tables import load_tables
from tools.outcome import Book, Outcome

NOT_ADVICE = "这是受访企业的用量排名，不是推荐，也不代表适合你"
_WORDS = {
    "画图": "2d-cad", "二维": "2d-cad", "三维": "3d-cad", "车间执行": "mes", "制造执行": "mes", "车间": "mes", "财务软件": "erp",
    "仓库": "wms", "库存": "wms", "采购": "srm", "供应商": "srm", "客户": "crm", "销售": "crm", "考勤": "hrm", "人事": "hrm",
    "质检": "qms", "设备联网": "scada", "节能": "ems", "能耗": "ems", "图纸": "plm", "看板": "bi", "安全软件": "iss",
}  # fmt: skip
"""Everyday words that the table's own aliases lack."""


class Arguments(BaseModel):
    """What tool_vendors is asked with."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    tool: str = Field(default="", alias="工具", max_length=60, description="工具名或日常说法：ERP、画图软件、车间系统")


def run(args: Arguments, day: date | None = None) -> Outcome:
    """The rows of the tool asked for; BadInput with the nearest names when there is none, NeedsArgument when none is asked."""
    if not squeeze(args.tool):
        names = "、".join(row.abbreviation or row.tool for row in load_tables().vendors)
        raise NeedsArgument("工具", "想看哪一类工具？", f"有这些：{names}。")
    rows = find(args.tool)
    if not rows and (ranked := ranked_of(args.tool)):
        return _of_vendor(args.tool, ranked)
    if not rows:
        raise BadInput(
            f"用量表里没有“{shorten(args.tool, 20)}”这类工具。", f"最接近的有：{'、'.join(_nearest(args.tool))}。"
        )
    book = Book()
    cited = [(row, book.cite(row, quote=_ranks(row))) for row in rows]
    text = "\n\n".join(
        [
            _lead(cited),
            _table(cited),
            *_quirks(cited),
            f"{NOT_ADVICE}；选之前先定要解决的问题，再看同规模的厂用得怎样。",
        ]
    )
    steps = ("选型先要免费试用，合同写清数据能导出", "想看谁用过：说“用过某某工具的案例”")
    return Outcome(
        text, {"asked": args.tool, "tools": [as_data(r, n) for r, n in cited]}, book.rows, book.certainty, steps
    )


@cache
def find(words: str) -> tuple[ToolVendors, ...]:
    """Rows whose name, abbreviation or alias the words are, or else contain; the longest names win."""
    said, table = squeeze(words), load_tables().vendors
    exact = tuple(row for row in table if said in {squeeze(n) for n in _names(row)})
    if exact:
        return exact
    hits = [
        (len(n), row) for row in table for n in map(squeeze, _names(row)) if n in said or (len(said) > 1 and said in n)
    ]
    hits += [(len(w), row) for row in table for w, id in _WORDS.items() if id == row.id and w in said]
    best = max((length for length, _ in hits), default=0)
    return tuple(dict.fromkeys(row for length, row in hits if length == best))


def ranked_of(vendor: str) -> tuple[tuple[ToolVendors, int], ...]:
    """The tools in which a vendor is among the first five, with its rank, best rank first."""
    said = squeeze(vendor).removesuffix("软件")
    found = [(row, r.rank) for row in load_tables().vendors for r in row.ranks if said in map(squeeze, r.vendors)]
    return tuple(sorted(found, key=lambda pair: pair[1]))


@cache
def vendors() -> frozenset[str]:
    """Every vendor of the table."""
    return frozenset(v for row in load_tables().vendors for r in row.ranks for v in r.vendors)


def _of_vendor(vendor: str, ranked: tuple[tuple[ToolVendors, int], ...]) -> Outcome:
    """Where a vendor stands, when a vendor was named in place of a tool."""
    book = Book()
    cited = [(row, rank, book.cite(row, quote=_ranks(row))) for row, rank in ranked]
    listed = "、".join(f"{row.abbreviation or row.tool}第{rank} [{n}]" for row, rank, n in cited)
    text = (
        f"**{vendor}是厂家名**，在29类工具里有{len(cited)}类用量进前五：{listed}（9400余家受访专精特新中小企业，2024年）。\n\n"
        f"{NOT_ADVICE}；想看某一类的前五名，说工具名，例如“{cited[0][0].abbreviation or cited[0][0].tool}”。"
    )
    tools = [{**as_data(row, n), "rank_of_vendor": rank} for row, rank, n in cited]
    return Outcome(text, {"asked": vendor, "vendor": vendor, "tools": tools}, book.rows, book.certainty, asks=("工具",))


def _names(row: ToolVendors) -> list[str]:
    short = (row.abbreviation or "").replace("或", "、").split("、")
    return [row.tool, *[s for s in short if s], *row.aliases]


def _nearest(words: str) -> list[str]:
    choices = {f"{row.abbreviation or row.tool}\n{n}": squeeze(n) for row in load_tables().vendors for n in _names(row)}
    found = process.extract(squeeze(words), choices, scorer=fuzz.WRatio, limit=8)
    return list(dict.fromkeys(key.split("\n")[0] for _, _, key in found))[:4]


def _name(row: ToolVendors) -> str:
    return f"{row.tool}（{row.abbreviation}）" if row.abbreviation else row.tool


def _ranks(row: ToolVendors) -> str:
    return "；".join(f"{r.rank}. {'、'.join(r.vendors)}" for r in row.ranks)


def _lead(cited: list[tuple[ToolVendors, int]]) -> str:
    first = "；".join(f"**{_name(row)}**用得最多的是{'、'.join(row.ranks[0].vendors)} [{n}]" for row, n in cited)
    return f"{first}（9400余家受访专精特新中小企业，2024年，按用量排）。"


def _table(cited: list[tuple[ToolVendors, int]]) -> str:
    lines = ["| 名次 | " + " | ".join(row.tool for row, _ in cited) + " |", "| --- |" + " --- |" * len(cited)]
    ranks = sorted({r.rank for row, _ in cited for r in row.ranks})
    for rank in ranks:
        cells = ["、".join(v for r in row.ranks if r.rank == rank for v in r.vendors) for row, _ in cited]
        tied = "（并列）" if any("、" in c for c in cells) else ""
        lines.append(f"| {rank}{tied} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _quirks(cited: list[tuple[ToolVendors, int]]) -> list[str]:
    notes = [f"{row.tool}：{row.quirk} [{n}]。" for row, n in cited if row.quirk]
    if any("自研" in r.vendors for row, _ in cited for r in row.ranks):
        notes.append("“自研”指企业自己开发。")
    return ["注意：" + "".join(notes)] if notes else []


def as_data(row: ToolVendors, n: int) -> dict[str, Any]:
    """What of a row goes into results."""
    return {
        "id": row.id,
        "tool": row.tool,
        "abbreviation": row.abbreviation,
        "group": row.group,
        "ranks": [{"rank": r.rank, "vendors": list(r.vendors)} for r in row.ranks],
        "quirk": row.quirk,
        "reading": row.reading,
        "n": n,
    }
