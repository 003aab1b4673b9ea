"""What a file says to an assistant instead of its reader, and advertisements in the imperative, are left out before anything is kept.

So no search, no answer, no table and no model ever reads them. What asks for money or passwords stays, for it must be found and
warned of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from core.cut import SENTENCE_ENDS, split_after
from core.errors import BadFile
from corpus.asides import NOTHING, SHORTEST, Aside, asides
from ingest.parsed import Element, Paragraph, Parsed, Table

STRUCK = 0.5
"""From this probability on a line is left out: 1 or 2 in 1000 of the sentences of notices that it was not trained on."""
BESIDE = 0.15
"""From this one on, where another sentence of its paragraph is."""
SURELY = 0.9
"""A file of which nothing would be left is left out only where one of its sentences is an order or an advertisement for sure."""
LURES = 0.3
"""From this one on a sentence asks for money or passwords."""
STRUCK_KEPT, STRUCK_CHARACTERS = 50, 200
"""How much of what was left out is kept, to be shown to whoever looks at the document."""
_BETWEEN = re.compile(r"[_\-·.]+")


@dataclass(frozen=True)
class Heard:
    """A file without its asides, and its name without them. struck: what was left out; lures: how many sentences are to be warned of."""

    parsed: Parsed
    stem: str
    struck: tuple[str, ...] = ()
    lures: int = 0


class OnlyAsides(BadFile):
    """A file in which nothing but orders to an assistant and advertisements stands."""

    def __init__(self, struck: tuple[str, ...]) -> None:
        super().__init__("文件里只有写给助手的指令或推销，没有可以录入的正文。", "换一个有正文的文件。")
        self.struck = struck


def struck_facts(struck: tuple[str, ...]) -> dict[str, Any]:
    """What the ledger keeps of what was left out: it is shown with the document, and nothing searches or reads it."""
    kept = [text[:STRUCK_CHARACTERS] for text in struck[:STRUCK_KEPT]]
    return {"struck": kept, "struck_count": len(struck)} if kept else {}


def without_asides(parsed: Parsed, stem: str) -> Heard:
    """A file without orders and advertisements, in its text, tables, title and name; with notes on what was found."""
    name = _BETWEEN.sub(" ", stem)
    known = _known([parsed.title, parsed.author, name, *(a.name for a in parsed.attachments)], parsed.elements)
    struck = [text for text in (parsed.title, parsed.author, name) if known[text].told >= STRUCK]
    told = list[str]()
    elements = [kept for element in parsed.elements if (kept := _kept(element, known, told)) is not None]
    if not elements and max((known[text].told for text in told), default=0.0) < SURELY:
        elements, told = list(parsed.elements), []
    struck += told
    lures = sum(one.lure >= LURES for one in known.values())
    notes = [f"有{len(struck)}处是写给助手的指令或推销，没有收进来；要看就打开原件。"] * bool(struck)
    notes += [f"有{lures}句要先交钱、转账或给账号密码：政府补贴申报不收费，先打主管部门公开的电话核对。"] * bool(lures)
    heard = replace(
        parsed,
        elements=tuple(elements),
        title="" if parsed.title in struck else parsed.title,
        author="" if parsed.author in struck else parsed.author,
        attachments=tuple(a for a in parsed.attachments if known[a.name].told < STRUCK),
        notes=(*parsed.notes, *notes),
    )
    return Heard(heard, "" if name in struck else stem, tuple(filter(None, struck)), lures)


def _known(names: list[str], elements: tuple[Element, ...]) -> dict[str, Aside]:
    """What each name, sentence and cell of a file is."""
    texts = dict.fromkeys(names)
    for element in elements:
        if isinstance(element, Paragraph):
            texts |= dict.fromkeys((element.text, *split_after(element.text, SENTENCE_ENDS)))
        else:
            texts |= dict.fromkeys((element.caption, *(cell for row in element.rows for cell in row)))
    said = [text for text in texts if len(text.strip()) >= SHORTEST]
    return dict.fromkeys(texts, NOTHING) | dict(zip(said, asides(said), strict=True))


def _kept(element: Element, known: dict[str, Aside], struck: list[str]) -> Element | None:
    """An element without what is struck; None where nothing is left."""
    if isinstance(element, Table):
        return _of_table(element, known, struck)
    parts = split_after(element.text, SENTENCE_ENDS)
    told = [known[part].told for part in parts]
    if max(*told, known[element.text].told) < STRUCK:
        return element
    if max(told) < STRUCK:  # only the whole of it is an order
        struck.append(element.text)
        return None
    struck += [part for part, one in zip(parts, told, strict=True) if one >= BESIDE]
    left = "".join(part for part, one in zip(parts, told, strict=True) if one < BESIDE).strip()
    return replace(element, text=left) if left else None


def _of_table(table: Table, known: dict[str, Aside], struck: list[str]) -> Table:
    """A table with empty cells in place of what is struck."""
    found = {cell for row in table.rows for cell in row if known[cell].told >= STRUCK}
    struck += found
    rows = tuple(tuple("" if cell in found else cell for cell in row) for row in table.rows)
    if known[table.caption].told < STRUCK:
        return replace(table, rows=rows) if found else table
    struck.append(table.caption)
    return replace(table, rows=rows, caption="")
