"""Points of an answer as a Markdown table, with the columns that their own words have."""

from __future__ import annotations

from collections.abc import Sequence

from core.cut import mark_end, sentences, split_after, unmarked
from core.figures import figures

LONGEST_NAME = 18
"""Characters of what may stand as the name of a row."""
_LEADS = ("：", ":", "——")
_JOINS = "占是为约有达"
"""What may stand between the name of a row and its figure."""


def table_of(points: Sequence[str], marks: Sequence[str] = ()) -> str:
    """The points as rows: name and content where most have both, else by number. marks: of citation, one a point."""
    items = [(item, marks[at] if marks else "") for at, point in enumerate(points) for item in _items(point)]
    pairs = [_pair(item) for item, _ in items]
    if sum(map(bool, pairs)) * 2 > len(items):
        head, rows = ("项目", "内容"), [pair or ("", item) for pair, (item, _) in zip(pairs, items, strict=True)]
    else:
        head, rows = ("序号", "内容"), [(str(n), item) for n, (item, _) in enumerate(items, 1)]
    told = [
        f"| {_cell(name)} | {_cell(text)}{f' {mark}' if mark else ''} |"
        for (name, text), (_, mark) in zip(rows, items, strict=True)
    ]
    return "\n".join([f"| {head[0]} | {head[1]} |", "| --- | --- |", *told])


def _items(point: str) -> list[str]:
    """The parts of a point that stand by themselves: the items of a list, those between semicolons, else the sentences."""
    text = point.strip()
    if mark_end(text):
        return [unmarked(text)]
    parts = [part.strip(" ；;") for part in split_after(text, "；;")]
    parts = parts if len(parts) > 1 else sentences(text)
    return [part for part in parts if part]


def _pair(item: str) -> tuple[str, str] | None:
    """The name and the content of an item: what stands before a colon or a dash, else before its only figure."""
    for lead in _LEADS:
        name, found, text = item.partition(lead)
        if found and text.strip() and 0 < len(name) <= LONGEST_NAME:
            return name.strip(), text.strip()
    told = figures(item)
    if len(told) == 1 and told[0].start <= LONGEST_NAME and len(item) <= 2 * LONGEST_NAME:
        name = item[: told[0].start].rstrip(_JOINS).strip()
        return (name, item[told[0].start :].rstrip("。")) if name else None
    return None


def _cell(text: str) -> str:
    return text.replace("|", "／").replace("\n", " ")
