"""Which part of a page is its text: a container that official sites mark, else the one with most text and fewest links."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from ingest.readers.html_table import is_layout

_UNSEEN = (
    "script", "style", "noscript", "template", "iframe", "svg", "canvas", "button", "select", "input", "textarea", "object", "embed",
    "video", "audio", "link", "meta", "head",
)  # fmt: skip
_BESIDE = ("nav", "header", "footer", "aside", "form")
MOST = 0.5
"""A form that holds more than this share of a page's text is the page: some systems put all of it into one."""
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:ucap-?content|trs_editor|zoom(?:con)?|article-?(?:content|body|con|main|text)|news_?(?:content|con|text|body)|pages_content|"
    r"con_?text|content_?(?:body|text|detail|main)|detail-?(?:content|con|text)|main-?(?:text|content)|xxgk_?content|view|wp_articlecontent|"
    r"vsb_content\w*|post-?content|entry-?content|rich_media_content|js_content)(?:$|[\s_-])",
    re.I,
)
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|head(?:er)?|foot(?:er)?|bread\w*|crumbs?|share\w*|side(?:bar)?|copyright|recommend\w*|relate\w*|comment\w*|"
    r"search\w*|login|banner|toolbar|pagination|pager|print|qrcode|advert\w*|ads?|friend-?links?|position|weizhi|dqwz)(?:$|[\s_-])",
    re.I,
)
_REMARK = re.compile(r"mso-element\s*:\s*comment(?!-)", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|mso-element\s*:\s*comment", re.I)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.I)
ENOUGH = 80
"""A marked container with fewer characters is not taken for the text."""
DENSE_LINKS = 0.5


def main_part(page: Any) -> tuple[Any, int]:
    """The element that holds the text of a page, with what is not text taken out of it; how much text the page has.

    The page is changed. Text is counted in characters outside links.
    """
    body = page.find("body")
    body = page if body is None else body
    for node in list(body.iter(*_UNSEEN)):
        _drop(node)
    for node in list(body.iter()):
        if isinstance(node.tag, str) and (node.get("hidden") is not None or _HIDDEN.search(node.get("style") or "")):
            _drop(node)
    size = weight(body)
    for node in list(body.iter(*_BESIDE)):
        if node.tag != "form" or weight(node) < MOST * size:
            _drop(node)
    marked = [n for n in body.iter("div", "article", "section", "td", "main") if _MARKED.search(_names(n))]
    marked += list(body.iter("article", "main"))
    best = max(marked, key=weight, default=None)
    if best is not None and weight(best) >= ENOUGH:
        return _cleared(best), size
    return _cleared(_densest(body)), size


def remarks(page: Any) -> int:
    """How many comments of reviewers Word has put at the end of a page."""
    return sum(bool(_REMARK.search(node.get("style") or "")) for node in page.iter("div"))


def without_struck(page: Any) -> int:
    """Take out of a page what is crossed out; in how many places there was such."""
    struck = [n for n in page.iter("s", "strike", "del") if _bare(n)]
    struck += [n for n in page.iter("span", "font", "p", "td") if _STRUCK.search(n.get("style") or "") and _bare(n)]
    all_struck = set(struck)
    outermost = [n for n in all_struck if all_struck.isdisjoint(n.iterancestors())]
    for node in outermost:
        if node.tag == "td":
            _emptied(node)
        else:
            _drop(node)
    return len(outermost)


def _drop(node: Any) -> None:
    """Take an element out, leaving the text behind it; the page itself is never taken out."""
    parent = node.getparent()
    if parent is not None and node.tag not in {"html", "body"}:
        node.drop_tree()


def _emptied(cell: Any) -> None:
    """Take out what a cell holds; the cell keeps the others in their columns."""
    for child in list(cell):
        _drop(child)
    cell.text = None


def _names(node: Any) -> str:
    return f"{node.get('id') or ''} {node.get('class') or ''}"


def weight(node: Any) -> int:
    """Characters of text outside links."""
    return len(_bare(node)) - link_weight(node)


def link_weight(node: Any) -> int:
    """Characters of text of links."""
    return sum(len(_bare(a)) for a in node.iter("a"))


def _bare(node: Any) -> str:
    return re.sub(r"\s+", "", node.text_content())


def _cleared(node: Any) -> Any:
    """Without the parts that stand around a text: menus, shares, lists of links."""
    for child in list(node.iterdescendants()):
        if not isinstance(child.tag, str) or child.getparent() is None:
            continue
        around = _AROUND.search(_names(child)) and not _MARKED.search(_names(child)) and not _says_whom_to_ask(child)
        if (around and weight(child) < 0.3 * max(weight(node), 1)) or (
            child.tag in {"ul", "ol", "div", "dl"} and _is_link_list(child)
        ):
            _drop(child)
        elif child.tag == "td" and _is_link_list(child):
            _emptied(child)
    return node


def _says_whom_to_ask(node: Any) -> bool:
    """Whether the foot of a text tells who takes applications, rather than whose site it is."""
    text = _bare(node)
    return bool(re.search(r"受理|咨询电话|申报|联系人", text)) and not re.search(
        r"ICP|备案|版权|主办|网站标识|Copyright", text, re.I
    )


def _is_link_list(node: Any) -> bool:
    links = list(node.iter("a"))
    if len(links) < 4:
        return False
    whole = len(_bare(node))
    return whole > 0 and sum(len(_bare(a)) for a in links) / whole > 0.8


def _densest(body: Any) -> Any:
    """The element whose own paragraphs hold most text; each paragraph counts in full above itself, half one higher."""
    scores: defaultdict[Any, float] = defaultdict(float)
    for node in body.iter("p", "td", "pre", "div", "li"):
        if node.tag == "div" and any(c.tag in {"p", "div", "table", "ul"} for c in node):
            continue
        size = weight(node)
        if size < 15:
            continue
        parent = node.getparent()
        scores[parent] += size
        if parent is not None and parent.getparent() is not None:
            scores[parent.getparent()] += size / 2
    found = [n for n in scores if n is not None and weight(n) > DENSE_LINKS * len(_bare(n))]
    best = max(found, key=lambda n: scores[n], default=body)
    whole = weight(body)
    while best is not body and best.getparent() is not None and weight(best) < 0.4 * whole:
        best = best.getparent()
    return _around_tables(best)


def _has_rows(table: Any) -> bool:
    """Whether several rows of a table say something in several cells; one that places a menu beside a text has one."""
    rows = ([cell for cell in row if cell.tag in {"td", "th"} and _bare(cell)] for row in table.iter("tr"))
    return sum(len(row) > 1 for row in rows) > 1


def _around_tables(node: Any) -> Any:
    """The element itself; where it is a part of a table that holds data, what stands around that table."""
    for table in [t for t in (node, *node.iterancestors()) if t.tag == "table"]:
        if table.getparent() is not None and not is_layout(table) and _has_rows(table):
            node = table.getparent()
    return node
