"""The classes of several firms, or of one firm by each of its trades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from corpus.rows import SizeNotCovered
from corpus.tables import load_tables
from tools.firm.amounts import People, Wan
from tools.firm.industries import Match, find
from tools.outcome import Book, Outcome
from tools.size_class.rule import (
    ASKED,
    Ends,
    Size,
    bounds_text,
    class_words,
    classify,
    figure_words,
    reason,
    said_words,
)


class Firm(BaseModel):
    """One of several firms."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    industry: str = Field(default="", alias="行业", max_length=60)
    employees: People = Field(alias="从业人员")
    revenue_wan: Wan = Field(alias="营业收入万元")


def each(firms: Sequence[Firm]) -> Outcome:
    """The class of each of several firms by its own trade."""
    book, lines, found = Book(), list[str](), list[dict[str, Any]]()
    for number, firm in enumerate(firms, 1):
        figures = {"employees": float(firm.employees), "revenue_wan": firm.revenue_wan}
        match = find(firm.industry, said=True) if firm.industry.strip() else None
        told = "、".join(figure_words(name, value) for name, value in figures.items())
        head = f"- 第{number}家（{f'{match.word}，' if match else ''}{told}）："
        name = None
        if match is None:
            lines.append(f"{head}还差行业，说做什么的就能定。")
        elif isinstance(match.size, SizeNotCovered):
            lines.append(f"{head}{match.name}不在这张划型表里 [{book.cite(match.size)}]。")
        else:
            size = classify(match.size, figures)
            row, gaps = book.cite(match.size, quote=bounds_text(match.size)), size.gaps(figures)
            name = size.name if size.certain else None
            lines.append(
                f"{head}**{class_words(size)}**（按{match.size_name}）。{reason(size, gaps, gaps, row, (figures, figures))}"
            )
        found.append({"industry": firm.industry, "size_class": name})
    rule = book.cite(load_tables().size_rule)
    text = "\n".join(
        (f"**{len(firms)}家分开算**：", *lines, f"规则：各项都要到线，有一项不到就降一档 [{rule}]。数字不对就告诉我。")
    )
    return Outcome(text, {"size_class": None, "firms": found}, book.rows, book.certainty)


def of_trades(trades: Sequence[Match], ends: Ends) -> Outcome:
    """The class by each trade of a firm with several; which one is the main one is asked where it matters."""
    book, lines, found = Book(), list[str](), dict[str, str]()
    for match in trades:
        if isinstance(match.size, SizeNotCovered):
            row, words = book.cite(match.size), "不在这张划型表里"
        else:
            row = book.cite(match.size, quote=bounds_text(match.size))
            words = _span_words(classify(match.size, ends[0]), classify(match.size, ends[1]))
        found[match.size_name] = words
        lines.append(f"- 按{match.size_name}算：{words} [{row}]")
    rule = book.cite(load_tables().size_rule)
    same = len(set(found.values())) == 1
    head = (
        f"**按哪一行算都是{next(iter(found.values()))}**。"
        if same
        else "**要先定主业**：同样的数，按哪一行算，结果不一样。"
    )
    used = "、".join(said_words(name, ends[0], ends) for name in ends[0])
    lines = [head, *lines, f"所用数据：{used}。规则：各项都要到线，有一项不到就降一档 [{rule}]。" if used else ""]
    if not same:
        lines.append(f"主要做的是哪一样？说一句，例如“主业是{trades[0].word}”。")
    data = {"size_class": None, "by_sector": found, "figures": {ASKED[k]: v for k, v in ends[0].items()}}
    return Outcome("\n".join(filter(None, lines)), data, book.rows, book.certainty, (), () if same else ("行业",))


def _span_words(least: Size, most: Size) -> str:
    low, high = class_words(least), class_words(most)
    return low if low == high else f"{high}还是{low}要看准数"
