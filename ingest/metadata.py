"""What an official document says of itself: title, number, issuer, date, validity, region, attachments.

Rules over the layout of GB/T 9704-2012 (letterhead, number, title, addressee, text, signature, date, attachments) and of
government web pages (labels such as 发文机关：…). Every field has a confidence 0-1 and the words that it rests on; the
owner of a document may correct each (corpus.ledger keeps both).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core.dates import DATE, read_date
from core.text import normalise
from ingest import dates
from ingest.letterhead import (
    Reading,
    doc_number,
    issuer,
    labelled,
    place_of,
    signature,
    title,
)
from ingest.parsed import Paragraph, Parsed, Table

HEAD_LINES = 40
MOST_ATTACHMENTS = 30
_KINDS = (
    ("notice", r"(?:通知|公告|通告|通报|公示|函|名单|批复|申报指南|征集)$"),
    ("policy", r"(?:办法|规定|细则|意见|方案|措施|规划|条例|决定|计划|政策|要点|若干.{0,6})$"),
    ("guide", r"(?:指南|指引|手册|说明|解读|问答|目录)$"),
    ("standard", r"(?:标准|规范|规程|要求)$"),
    ("report", r"(?:报告|白皮书|蓝皮书|年报|分析)$"),
)
_ENDED = re.compile(r"(?:有效性|效力状态|文件状态|时效性?)\s*[:：|]\s*(失效|废止|已废止|已失效|无效)")
_LISTED = re.compile(
    r"(?:^|\s|\n|[：:])\s*(?:附件)?\s*(\d{1,2})\s*[.．、:：]\s*([^\n]{2,60}?)(?=\s+(?:附件)?\d{1,2}\s*[.．、:：]|\n|$)"
)
_LETTERS = re.compile(r"(?<![^ ])[\u4e00-\u9fff](?: [\u4e00-\u9fff](?![^ ]))+")
_ATTACHED = re.compile(r"^附\s*件\s*[:：]\s*(.+)", re.DOTALL)


@dataclass(frozen=True)
class Metadata:
    """The fields by name, as far as they were found; dates are ISO."""

    fields: dict[str, Reading]
    kind: str
    ended: bool = False
    attachments: tuple[str, ...] = ()

    def value(self, name: str) -> str:
        """A field's value; empty where it was not found."""
        return self.fields[name].value if name in self.fields else ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_metadata(parsed: Parsed, name: str = "") -> Metadata:
    """What a document says of itself. name: its file's stem, for a title where the text has none."""
    lines = lines_of(parsed)
    text = "\n".join(lines)
    head = lines[:HEAD_LINES]
    labels = labelled(head)
    found: dict[str, Reading | None] = {
        "title": title(head, labels, parsed.title or _marked(parsed), name),
        "doc_no": doc_number(head, labels),
    }
    signed = signature(lines)
    found["issuer"] = issuer(head, labels, signed, found["title"])
    found["published"] = _published(labels, signed, head, parsed, found["doc_no"])
    kind = _kind(found["title"].value if found["title"] else "")
    if found["doc_no"] or kind == "notice" or (found["issuer"] and kind in {"notice", "policy", "guide"}):
        _in_force(text, found)
    found["region"] = place_of(found["issuer"], found["title"])
    fields = {key: reading for key, reading in found.items() if reading and reading.value}
    return Metadata(fields, kind, bool(_ENDED.search(text[:3000])), _attachments(parsed, lines))


def _in_force(text: str, found: dict[str, Reading | None]) -> None:
    """Add from when and until when an official document is in force, and until when one may apply."""
    day = _as_day(found["published"])
    begins = dates.valid_from(text, day)
    until = dates.valid_until(text, begins.day if begins else day)
    last = dates.deadline(text, day)
    for field, dated in (("valid_from", begins), ("valid_until", until), ("deadline", last)):
        found[field] = Reading(dated.day.isoformat(), dated.confidence, dated.words.strip()[:80]) if dated else None


def _marked(parsed: Parsed) -> str:
    """The outermost heading that the file itself marks, where it stands at the beginning."""
    first = (e for e in parsed.elements[:8] if isinstance(e, Paragraph) and e.level == 1)
    return normalise(next((e.text for e in first), "")).lstrip("# ").strip()


def lines_of(parsed: Parsed) -> list[str]:
    """Paragraphs and table rows in order, one line each, look-alike characters made plain."""
    out: list[str] = []
    for element in parsed.elements:
        if isinstance(element, Table):
            out += [_spaced(" | ".join(dict.fromkeys(filter(None, row)))) for row in element.rows]
        else:
            out += [_spaced(line) for line in element.text.split("\n")]
    return [line for line in out if line]


def _spaced(line: str) -> str:
    """A line made plain whose blanks stay, since they part two organs; letter-spaced words lose theirs."""
    words = " ".join(normalise(word) for word in line.split())
    return _LETTERS.sub(lambda m: m[0].replace(" ", ""), words).strip()


def _as_day(reading: Reading | None) -> date | None:
    return date.fromisoformat(reading.value) if reading and len(reading.value) == 10 else None


def _published(
    labels: dict[str, str],
    signed: tuple[tuple[str, ...], date, str] | None,
    head: Sequence[str],
    parsed: Parsed,
    number: Reading | None,
) -> Reading | None:
    """The date of signing; else what a web page, the print line, the line under the title or the file says."""
    for label, confidence in (("成文日期", 0.97), ("发文日期", 0.95), ("印发日期", 0.93)):
        if label in labels and (day := read_date(labels[label])):
            return Reading(day.isoformat(), confidence, f"{label}：{labels[label]}")
    if signed:
        return Reading(signed[1].isoformat(), 0.95 if signed[0] else 0.85, signed[2])
    for label in ("发布日期", "公布日期", "发布时间", "公开日期", "日期", "时间"):
        if label in labels and (day := read_date(labels[label])):
            return Reading(day.isoformat(), 0.85, f"{label}：{labels[label]}")
    for line in head[:12]:
        told = re.match(rf"[（(]?\s*({DATE})(?!\s*(?:之前|以前|前|截?止|起|至|到|[-—–~～]))", line)
        if told and (day := read_date(told[1])):
            return Reading(day.isoformat(), 0.75, line[:80])
    if parsed.published:
        return Reading(parsed.published, 0.7, "网页或文件自带的日期")
    year = re.search(r"[〔\[【（(]((?:19|20)\d{2})[〕\]】）)]", number.value) if number else None
    return Reading(year[1], 0.5, number.value) if year and number else None


def _kind(name: str) -> str:
    bare = re.sub(r"[（(《].{0,30}[）)》]$", "", name)
    return next((kind for kind, ends in _KINDS if re.search(ends, bare)), "report")


def _attachments(parsed: Parsed, lines: Sequence[str]) -> tuple[str, ...]:
    """The names of what is attached: what the reader found, and the list after 附件：."""
    names = [a.name for a in parsed.attachments]
    for at, line in enumerate(lines):
        if opening := _ATTACHED.match(line):
            listed = [opening[1]]
            for following in lines[at + 1 : at + 20]:
                if not re.match(r"\d{1,2}\s*[.．、]", following):
                    break
                listed.append(following)
            whole = "\n".join(listed)
            found = [m[2].strip() for m in _LISTED.finditer(whole)]
            names += found or [opening[1].strip()[:60]]
            break
    return tuple(dict.fromkeys(n.rstrip("。；;") for n in names))[:MOST_ATTACHMENTS]
