"""Which part of a page is its text: a container that official sites mark, else the one with most text and fewest links."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

_DROPPED = (
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "iframe", "svg", "canvas", "button", "select",
    "input", "textarea", "object", "embed", "video", "audio", "link", "meta", "head",
)  # fmt: skip
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
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
ENOUGH = 80
"""A marked container with fewer characters is not taken for the text."""
DENSE_LINKS = 0.5


def main_part(page: Any) -> Any:
    """The element that holds the text of a page, with what is not text taken out of it. The page is changed."""
    body = page.find("body")
    body = page if body is None else body
    for node in list(body.iter(*_DROPPED)):
        _drop(node)
    for node in list(body.iter()):
        if isinstance(node.tag, str) and (node.get("hidden") is not None or _HIDDEN.search(node.get("style") or "")):
            _drop(node)
    marked = [n for n in body.iter("div", "article", "section", "td", "main") if _MARKED.search(_names(n))]
    marked += list(body.iter("article", "main"))
    best = max(marked, key=_weight, default=None)
    if best is not None and _weight(best) >= ENOUGH:
        return _cleared(best)
    return _cleared(_densest(body))


def _drop(node: Any) -> None:
    """Take an element out, leaving the text behind it; the page itself is never taken out."""
    parent = node.getparent()
    if parent is not None and node.tag not in {"html", "body"}:
        node.drop_tree()


def _names(node: Any) -> str:
    return f"{node.get('id') or ''} {node.get('class') or ''}"


def _weight(node: Any) -> float:
    """Characters of text outside links."""
    linked = sum(len(_bare(a)) for a in node.iter("a"))
    return len(_bare(node)) - linked


def _bare(node: Any) -> str:
    return re.sub(r"\s+", "", node.text_content())


def _cleared(node: Any) -> Any:
    """Without the parts that stand around a text: menus, shares, lists of links."""
    for child in list(node.iterdescendants()):
        if not isinstance(child.tag, str) or child.getparent() is None:
            continue
        around = _AROUND.search(_names(child)) and not _MARKED.search(_names(child)) and not _says_whom_to_ask(child)
        if (around and _weight(child) < 0.3 * max(_weight(node), 1)) or (
            child.tag in {"ul", "ol", "div", "dl"} and _is_link_list(child)
        ):
            _drop(child)
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
        size = _weight(node)
        if size < 15:
            continue
        parent = node.getparent()
        scores[parent] += size
        if parent is not None and parent.getparent() is not None:
            scores[parent.getparent()] += size / 2
    found = [n for n in scores if n is not None and _weight(n) > DENSE_LINKS * len(_bare(n))]
    best = max(found, key=lambda n: scores[n], default=body)
    whole = _weight(body)
    while best is not body and best.getparent() is not None and _weight(best) < 0.4 * whole:
        best = best.getparent()
    return best
