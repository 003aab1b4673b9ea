"""What Word marks in a document without showing it: switches, changes that were tracked, fields of forms, what is no text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSEEN = {FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:object")}
_PICTURE = "{urn:schemas-microsoft-com:vml}imagedata"


def switched(node: Any, name: str) -> bool | None:
    """Whether a property is on; None where it does not stand there."""
    found = node.find(qn(name))
    return None if found is None else found.get(qn("w:val"), "1") not in {"0", "false", "off"}


def mark_is_gone(p: Any) -> bool:
    """Whether the end of a paragraph was deleted or moved away in a tracked change."""
    properties = p.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    return properties is not None and any(properties.find(qn(name)) is not None for name in ("w:del", "w:moveFrom"))


def is_prompt(node: Any) -> bool:
    """Whether a content control still shows what to fill in."""
    return node.tag == qn("w:sdt") and node.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None


def is_ticked(box: Any) -> bool:
    told = switched(box, "w:checked")
    return bool(switched(box, "w:default") if told is None else told)


def chosen(choices: Any) -> str:
    """The entry that was chosen in a list of a form."""
    entries = [entry.get(qn("w:val"), "") for entry in choices.findall(qn("w:listEntry"))]
    for name in ("w:result", "w:default"):
        told = choices.find(qn(name))
        if told is not None and (at := told.get(qn("w:val"), "")).isdecimal() and int(at) < len(entries):
            return str(entries[int(at)])
    return str(entries[0]) if entries else ""


def is_hidden(run: Any, style: Any, styles: dict[str, Any]) -> bool:
    """Whether a run is hidden: by itself, its own style, or the style of its paragraph."""
    return _has(run, style, styles, "w:vanish")


def is_struck(run: Any, style: Any, styles: dict[str, Any]) -> bool:
    """Whether a run is crossed out: who does not track changes deletes so."""
    return any(_has(run, style, styles, name) for name in ("w:strike", "w:dstrike"))


def _has(run: Any, style: Any, styles: dict[str, Any], name: str) -> bool:
    properties = run.find(qn("w:rPr"))
    named = None
    if properties is not None:
        if (told := switched(properties, name)) is not None:
            return told
        named = properties.find(qn("w:rStyle"))
    own = styles.get(named.get(qn("w:val"))) if named is not None else None
    return next((told for of in (own, style) if (told := _of_style(of, name)) is not None), False)


def _of_style(style: Any, name: str) -> bool | None:
    for _ in range(10):
        if style is None:
            return None
        own = style.element.find(qn("w:rPr"))
        if own is not None and (told := switched(own, name)) is not None:
            return told
        style = style.base_style
    return None


def font(run: Any) -> str:
    """The font that a run names for its Latin signs; empty where it names none."""
    found = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    return "" if found is None else str(found.get(qn("w:ascii")) or found.get(qn("w:hAnsi")) or "")


def says_something(node: Any) -> bool:
    return any((text.text or "").strip() for text in node.iter(qn("w:t")))


def above(node: Any, ancestor: Any) -> Iterator[Any]:
    """What stands between a node and one around it."""
    node = node.getparent()
    while node is not None and node is not ancestor:
        yield node
        node = node.getparent()


def left_out(document: Any, hidden: int, struck: int) -> Iterator[str]:
    """What is to be told of a document's body that is no text. hidden, struck: in how many places text was left out."""
    body = document.element.body
    drawn = [d for d in body.iter(qn("w:drawing")) if next(d.iter(qn("w:txbxContent")), None) is None]
    pictures = sum(not _is_unseen(node, body) for node in (*drawn, *body.iter(_PICTURE)))
    if pictures:
        yield f"文中 {pictures} 张图片里的文字没有录入。"
    if objects := len(body.findall(f".//{qn('w:object')}")):
        yield f"文中嵌入的 {objects} 个对象没有录入。"
    if parts := len(body.findall(f".//{qn('w:altChunk')}")):
        yield f"文中夹带的 {parts} 段其他格式的内容没有录入。"
    if hidden:
        yield f"文中 {hidden} 处隐藏文字没有录入。"
    if struck:
        yield f"文中 {struck} 处划掉的文字没有录入。"
    if remarks := sum(
        relation.target_part.blob.count(b"<w:comment ")
        for relation in document.part.rels.values()
        if not relation.is_external and relation.reltype.endswith("/comments")
    ):
        yield f"文中 {remarks} 条批注没有录入。"


def _is_unseen(node: Any, body: Any) -> bool:
    return any(around.tag in _UNSEEN for around in above(node, body))
