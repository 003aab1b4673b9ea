"""Web pages: the main text without what stands around it, the date of publication, and the files attached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
from lxml import etree

from core.cut import unbroken
from core.errors import BadFile
from ingest.clean import readable
from ingest.parsed import Attachment, Element, Paragraph, Parsed, Table
from ingest.readers import damaged, grid
from ingest.readers.html_date import published
from ingest.readers.html_main import ENOUGH, link_weight, main_part, remarks, weight, without_struck
from ingest.readers.html_table import is_layout, marked_head, span
from ingest.readers.text import decode

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.I)
_ATTACHED = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|wps|et|ofd|txt|jpe?g|png)$", re.I)
_FILES = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|wps|et|ofd)$", re.I)
_SITE = re.compile(r"\s*(?:[_|]|-{1,2}|—{1,2}|–)\s*[^_|—–-]{2,30}$")
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {
    "p", "div", "section", "article", "main", "ul", "ol", "li", "dl", "dt", "dd", "table", "pre", "blockquote", "figure",
    "figcaption", "center", "hr", "tbody", "tr", "td", "th", "details", "summary", "address", "fieldset", "body",
}  # fmt: skip
_DEEPEST = 200
MOST_ATTACHMENTS = 100
MUCH = 300
"""Characters that may be left out without a word, whatever the page's size."""


def read(data: bytes, address: str = "") -> Parsed:
    """address: where the page came from, to complete the addresses in it."""
    text = _decoded(data)
    try:
        page = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as exc:
        raise damaged("网页（.html）") from exc
    title = _title(page)
    date = published(page)
    attachments = _attachments(page, address)
    struck, said = without_struck(page), remarks(page)
    linked = link_weight(page)
    main, size = main_part(page)
    elements = list(_walk(main, title))
    if not any(isinstance(e, Table) or len(e.text) > 1 for e in elements):
        raise BadFile(
            "网页里没有找到正文，可能要登录，或内容由脚本生成。", "在浏览器里打开，把正文存成 .txt 或 .docx 再录入。"
        )
    if title and not any(isinstance(e, Paragraph) and title in e.text for e in elements[:5]):
        elements.insert(0, Paragraph(title))
    told = "".join(e.text for e in elements if isinstance(e, Paragraph))
    notes = [
        *_left_out(size, main, linked - link_weight(main)),
        *[f"网页里 {struck} 处划掉的文字没有录入。"] * bool(struck),
    ]
    notes += [f"网页里 {said} 条批注没有录入。"] * bool(said)
    elements += [Paragraph(f"附件：{a.name}") for a in attachments if a.name not in told]
    return Parsed(tuple(elements), title, date, _meta(page, "contentsource", "author"), None, attachments, tuple(notes))


def _left_out(size: int, main: Any, links: int) -> Iterator[str]:
    """What is to be told where much of a page's text, `size` characters outside links, is not in its main part.

    links: characters of links that are not in it, which are told where there is little else.
    """
    missing = size - weight(main)
    if missing > MUCH and missing > size / 3:
        yield f"网页里导航、侧栏等 {missing} 字没有录入。"
    elif links > MUCH and weight(main) < ENOUGH:
        yield f"网页里链接上的 {links} 字没有录入；要录入就打开链接，把那些页面一个个录入。"


def _decoded(data: bytes) -> str:
    """Text in the encoding that the page names, where it fits; else as any text."""
    if found := _CHARSET.search(data[:4096]):
        name = found[1].decode("ascii").lower()
        encoding = "gb18030" if name.startswith("gb") else name
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _meta(page: Any, *names: str) -> str:
    """The content of the first meta element with one of these names."""
    for name in names:
        for meta in page.iter("meta"):
            if (meta.get("name") or meta.get("property") or "").lower() == name and meta.get("content", "").strip():
                return " ".join(readable(meta.get("content")).split())
    return ""


def _title(page: Any) -> str:
    """The article's title: as it is marked for search engines, else the only h1, else the window's without the site."""
    if marked := _meta(page, "articletitle", "og:title"):
        return marked[:120]
    heads = [" ".join(readable(h.text_content()).split()) for h in page.iter("h1")]
    if len(heads) == 1 and 4 <= len(heads[0]) <= 120:
        return heads[0]
    whole = " ".join(readable(page.findtext(".//title") or "").split())
    shorter = _SITE.sub("", whole)
    return (shorter if len(shorter) >= 4 else whole)[:120]


def _attachments(page: Any, address: str) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for link in page.iter("a"):
        target = (link.get("href") or "").strip()
        try:
            path = unquote(urlsplit(target).path)
            whole = urljoin(address, target) if address else target
        except ValueError:
            continue
        name = " ".join(readable(link.text_content()).split()) or " ".join((link.get("title") or "").split())
        if _FILES.search(path) or _ATTACHED.search(name):
            safe = whole if urlsplit(whole).scheme in {"http", "https"} else ""
            found.setdefault(whole, Attachment((name or path.rpartition("/")[2])[:120], safe))
    return tuple(found.values())[:MOST_ATTACHMENTS]


def _walk(node: Any, title: str, depth: int = 0) -> Iterator[Element]:
    """The elements of a part of the page, in reading order."""
    line: list[str] = [node.text or ""]
    for child in node:
        if child.tag in _BLOCKS:
            yield from _lines(line)
            line = []
            yield from _block(child, title, depth)
        elif child.tag == "br":
            line.append("\n")
        elif isinstance(child.tag, str) and depth < _DEEPEST:
            if any(c.tag in _BLOCKS for c in child.iterdescendants()):
                yield from _lines(line)
                line = []
                yield from _walk(child, title, depth + 1)
            else:
                line.append(_text(child))
        line.append(child.tail or "")
    yield from _lines(line)


def _block(node: Any, title: str, depth: int) -> Iterator[Element]:
    if node.tag in _HEADINGS:
        text = unbroken(readable(node.text_content()))
        if text:
            yield Paragraph(text, 0 if text == title else int(node.tag[1]))
    elif node.tag == "table" and not is_layout(node):
        if text := unbroken(readable(_text(caption))) if (caption := node.find("caption")) is not None else "":
            yield Paragraph(text)
        yield from grid.elements(_cells(node), marked_head(node))
    elif node.tag == "pre":
        for text in node.text_content().split("\n"):
            yield from _lines([text])
    elif depth < _DEEPEST:
        yield from _walk(node, title, depth + 1)


def _lines(parts: list[str]) -> Iterator[Paragraph]:
    # Source line ends are white space in HTML; only <br>, given as a part of its own, ends a line.
    text = "".join("\n" if part == "\n" else re.sub(r"[ \t\r\n\f\xa0\u3000]+", " ", part) for part in parts)
    for line in readable(text).split("\n"):
        if line.strip():
            yield Paragraph(unbroken(line))


def _text(node: Any) -> str:
    """The text of an inline element; a line separator, which no page uses for white space, stands for its line breaks."""
    for br in node.iter("br"):
        br.tail = "\u2028" + (br.tail or "")
    return str(node.text_content())


def _cells(table: Any) -> Iterator[grid.Cell]:
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(table.iter("tr")):
        column = 0
        for cell in row:
            if cell.tag not in {"td", "th"} or column >= grid.MOST_COLUMNS:
                continue
            while (at, column) in taken:
                column += 1
            high, wide = span(cell, "rowspan"), span(cell, "colspan")
            taken.update((at + i, column + j) for i in range(high) for j in range(wide))
            yield grid.Cell(readable(_cell_text(cell)), at, column, high, wide)
            column += wide


def _cell_text(cell: Any) -> str:
    return "\n".join(e.text for e in _walk(cell, "", 1) if isinstance(e, Paragraph))
