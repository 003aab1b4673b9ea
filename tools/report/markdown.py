"""The Markdown that tools and answers are written in, as blocks of a report."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tools.report.pages import Block, Bullets, Grid, Heading, Paragraph, plain

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode


_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s")
"""How an item of a list begins."""


@cache
def _reader() -> MarkdownIt:
    """Only blocks are read: what stands in a line stays as it is, so that 3*5*2 or a_b_c lose no sign."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    return reader.disable(["inline", "reference", "lheading", "code", "html_block"])


def blocks_of(text: str, table: str = "表") -> list[Block]:
    """Paragraphs (one a line), lists with the numbers that they have, tables and headings. table: the tables' name."""
    from markdown_it.tree import SyntaxTreeNode

    return [block for node in SyntaxTreeNode(_reader().parse(_parted(text))).children for block in _blocks(node, table)]


def _parted(text: str) -> str:
    """The text with a list ended by the line that does not belong to it: CommonMark takes such a line into the last item."""
    out: list[str] = []
    inside = False
    for line in text.split("\n"):
        item, hanging = bool(_ITEM.match(line)), line[:1] in {" ", "\t"}
        if inside and line.strip() and not item and not hanging:
            out.append("")
        inside = item or (inside and hanging)
        out.append(line)
    return "\n".join(out)


def _blocks(node: SyntaxTreeNode, table: str) -> list[Block]:
    if node.type in {"bullet_list", "ordered_list"}:
        return _list(node, table)
    if node.type == "heading":
        return [Heading(plain(_content(node)))]
    if node.type == "table":
        rows = [[cell.children[0].content for cell in row.children] for part in node.children for row in part.children]
        return [Grid(table, tuple(map(plain, rows[0])), tuple(map(tuple, rows[1:])))]
    if node.type in {"paragraph", "fence"}:
        return [Paragraph(line.strip()) for line in _content(node).splitlines() if line.strip()]
    return [block for child in node.children for block in _blocks(child, table)]


def _content(node: SyntaxTreeNode) -> str:
    return node.content if node.type == "fence" else "".join(child.content for child in node.children)


def _list(node: SyntaxTreeNode, table: str) -> list[Block]:
    """The items with their own numbers; what hangs below an item follows it, and the list goes on after it."""
    blocks: list[Block] = []
    for item in node.children:
        number = int(item.info) if node.type == "ordered_list" else None
        head = item.children[:1] if item.children and item.children[0].type == "paragraph" else []
        words = Paragraph(" ".join(_content(head[0]).split("\n")) if head else "")
        last = blocks[-1] if blocks else None
        if isinstance(last, Bullets) and last.first == (None if number is None else number - len(last.items)):
            blocks[-1] = Bullets((*last.items, words), last.first)
        else:
            blocks.append(Bullets((words,), number))
        blocks += [block for child in item.children[len(head) :] for block in _blocks(child, table)]
    return blocks
