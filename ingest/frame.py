"""The frame of an official document, apart from what it says: letterhead, number, title, addressee, signature, date.

What the frame tells becomes one passage in plain words, so that a question about the text is not answered with a letterhead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.dates import DATE
from core.text import normalise, squeeze
from core.types import Source
from ingest.letterhead import is_addressee, is_furniture, organs
from ingest.metadata import Metadata
from ingest.parsed import Element, Paragraph

ABOUT = "文件信息"
HEAD_ELEMENTS = 15


def is_framed(metadata: Metadata) -> bool:
    """Whether this is a document of an authority."""
    return bool(metadata.value("doc_no") or metadata.value("issuer")) and "title" in metadata.fields


def without_frame(elements: Sequence[Element], metadata: Metadata) -> list[Element]:
    """The elements that say something; all of them where the document has no frame or nothing else."""
    if not is_framed(metadata):
        return list(elements)
    title = squeeze(metadata.value("title"))
    kept: list[Element] = []
    inside = True
    for at, element in enumerate(elements):
        if isinstance(element, Paragraph):
            lines = [
                line for line in element.text.split("\n") if not _is_frame(line, title, inside and at < HEAD_ELEMENTS)
            ]
            inside = inside and at < HEAD_ELEMENTS and not is_addressee(squeeze(normalise(element.text)))
            if lines:
                kept.append(
                    element
                    if len(lines) == element.text.count("\n") + 1
                    else Paragraph("\n".join(lines), element.level, element.page)
                )
        else:
            kept.append(element)
    return kept if any(isinstance(e, Paragraph) and len(e.text) > 15 for e in kept) else list(elements)


def _is_frame(line: str, title: str, head: bool) -> bool:
    text = squeeze(normalise(line.lstrip("# ")))
    if organs(" ".join(line.split())) or re.fullmatch(rf"{DATE}", text):
        return True
    return head and (is_furniture(text) or is_addressee(text) or (len(text) >= 4 and text in title))


def about(source: Source, metadata: Metadata) -> str:
    """What the frame tells, in a few plain sentences."""
    who = source.issuer or "发文机关没写明"
    day = f"，{source.published}发" if source.published else ""
    told = [f"《{source.title}》：{who}{day}" + (f"，发文字号{source.doc_no}" if source.doc_no else "")]
    if source.valid_from:
        told.append(f"自{source.valid_from}起生效")
    last = metadata.value("deadline")
    if source.valid_until and source.valid_until != last:
        told.append(f"有效期至{source.valid_until}")
    if last:
        told.append(f"申报截止日期{last}")
    if source.region:
        told.append(f"适用地区：{source.region}")
    if metadata.attachments:
        told.append(f"附件：{'、'.join(metadata.attachments[:8])}")
    return "。".join(told) + "。"
