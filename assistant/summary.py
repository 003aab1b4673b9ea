"""A document summed up from its own clauses, and its conditions held against the firm; every line is cited."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from assistant.answer.caveats import changes
from assistant.cite import Citations, reference_list
from assistant.notices import place_of
from core.clock import today
from core.cut import quoted, shorten
from core.errors import BadInput
from core.text import bare, squeeze
from core.types import Citation, Hit, Source
from corpus.ledger import Document, Ledger
from corpus.row_names import SEPARATOR
from corpus.standing import standing_on
from corpus.typed_tables import TypedTable, tables_of
from tools.conditions.fit import Fit, Verdict, fit, verdict
from tools.conditions.places import is_unlisted, unlisted
from tools.firm.profile import Profile
from tools.firm.region import Place, find_place
from tools.notice import Part, Point, points

_TITLES: dict[Part, str] = {
    "dates": "什么时候", "amounts": "给多少", "conditions": "要什么条件", "materials": "要备哪些材料", "steps": "怎么办", "contact": "问谁",
}  # fmt: skip
_CHECKED = {"conditions", "materials"}
MARKS = {"met": "✓ 对得上", "not_met": "✗ 对不上", "unknown": "？要核对", "soft": "○ 只是优先，不是硬条件"}
_ORDER = ("not_met", "unknown", "met", "soft")
_COUNTED: dict[Part, str] = {"conditions": "{}条条件", "materials": "{}样材料"}
"""What of a notice is told by its number when it is handed in."""
_ASKED: dict[Part, str] = {
    "conditions": "我们够不够条件？", "amounts": "能补多少？", "dates": "什么时候截止？", "materials": "要什么材料？",
}  # fmt: skip
_ASKED_OF_ROWS = ("一共有多少行？", "{name}合计多少？")
_UNIT = re.compile(r"[（(][^（()）]*[）)]")
_ASKED_OF_ANY = "这份资料讲了什么？"
MOST_COLUMNS = 8
SHOWN_SECTIONS = 6
MOST_QUESTIONS = 5
MOST_ASKED = 6


@dataclass(frozen=True)
class Summary:
    """The text (Markdown with [n] and the lines that tell where it stands), its citations, and the same as data."""

    text: str
    citations: tuple[Citation, ...]
    data: dict[str, Any]


def summarise(ledger: Ledger, document: Document, sources: Mapping[str, Source], day: date | None = None) -> Summary:
    """A document at a glance: what it is, whether it is in force, then its points as checklists."""
    book, found = Citations(sources), points(ledger.passages_of(document.document_id))
    lines = [*standing(document, sources, day), *_changes(ledger, document), _headline(document, day)]
    for part, title in _TITLES.items():
        own = [point for point in found if point.part == part]
        if own:
            lines.append(f"\n**{title}**")
            box = "□ " if part in _CHECKED else ""
            lines += [f"- {box}{_cited(point, book)}" for point in own]
    if not found:
        lines += _outline(ledger, document, book)
    text = "\n".join(lines) + (f"\n\n出处 {reference_list(book.rows, sources)}" if book.rows else "")
    data: dict[str, Any] = {part: [p.text for p in found if p.part == part] for part in _TITLES}
    return Summary(text, book.rows, {"document_id": document.document_id, "title": document.title, **data})


def introduce(ledger: Ledger, document: Document, sources: Mapping[str, Source], day: date | None = None) -> Summary:
    """A document just handed in: what it is and is about, what of it was not read; data: the questions it can be asked."""
    book, passages = Citations(sources), ledger.passages_of(document.document_id)
    said = [point for point in points(passages) if SEPARATOR not in point.passage.text]
    lines = [*standing(document, sources, day), *_changes(ledger, document), _headline(document, day)]
    firsts: tuple[Part, ...] = ("amounts",) if last_day_of(document) else ("amounts", "dates")
    for part in firsts:
        first = next((point for point in said if point.part == part), None)
        lines += [f"- {_TITLES[part]}：{_cited(first, book)}"] if first else []
    counts = {part: sum(point.part == part for point in said) for part in _COUNTED}
    if told := "、".join(words.format(counts[part]) for part, words in _COUNTED.items() if counts[part]):
        lines.append(f"- 写了{told}")
    questions = [ask for part, ask in _ASKED.items() if any(point.part == part for point in said)]
    tables = tables_of(ledger.connection, document.document_id)
    if tables and not said:
        row = next((passage for passage in passages if SEPARATOR in passage.text), passages[0])
        mark = book.number(Hit(row, 1.0), row.text[:80])
        lines += [f"- {_described(table)} [{mark}]" for table in tables[:SHOWN_SECTIONS]]
        summed = (n for t in tables for n, unit in zip(t.names, t.units, strict=False) if unit and n)
        questions = [ask.format(name=_UNIT.sub("", name)) for name in islice(summed, 1) for ask in _ASKED_OF_ROWS]
    elif not said:
        lines += _outline(ledger, document, book)
    pages = f"{document.info['pages']}页、" if document.info.get("pages") else ""
    lines.append(f"\n读进来{pages}{document.passages}段。")
    lines += [f"> 要留意：{quoted(note)}" for note in document.info.get("notes", ())]
    text = "\n".join(lines) + (f"\n\n出处 {reference_list(book.rows, sources)}" if book.rows else "")
    data = {"document_id": document.document_id, "title": document.title, "questions": questions or [_ASKED_OF_ANY]}
    return Summary(text, book.rows, data)


def _described(table: TypedTable) -> str:
    """A table by its title, its rows and its columns."""
    title = f"表格“{quoted(shorten(table.title, 40))}”" if table.title else "表格"
    names = "、".join(quoted(shorten(name, 20)) for name in table.names[:MOST_COLUMNS])
    return f"{title}：{len(table.rows)}行；列有{names}{'等' if len(table.names) > MOST_COLUMNS else ''}"


def check_fit(
    ledger: Ledger, document: Document, sources: Mapping[str, Source], profile: Profile, day: date | None = None
) -> Summary:
    """Whether a firm meets a document's conditions, clause by clause."""
    if over := closed(ledger, document, sources, day or today()):
        return over
    book = Citations(sources)
    conditions = [p for p in points(ledger.passages_of(document.document_id)) if p.part == "conditions"]
    fits = fit(conditions, profile, day or today(), _home(document))
    lines = [*standing(document, sources, day), *_changes(ledger, document)]
    if not fits:
        lines.append(
            f"**《{document.title}》里没有读出申报条件**，我不猜。看全文：问“总结一下这份通知”，或直接问发文的部门。"
        )
    else:
        lines.append(f"{_verdict_line(fits)}（《{document.title}》）。批不批以主管部门审核为准。")
        lines += [_fit_line(one, book) for state in _ORDER for one in fits if one.state == state]
        if questions := _questions(fits):
            lines.append("\n**先说这几样，我接着对**：\n" + "\n".join(f"- {text}" for text in questions))
        if profile:
            lines.append(f"\n{profile.as_text()}")
    text = "\n".join(lines) + (f"\n\n出处 {reference_list(book.rows, sources)}" if book.rows else "")
    rows = [{"text": f.point.text, "state": f.state, "given": f.given, "ask": _question(f)} for f in fits]
    found = verdict(fits) if fits else "unknown"
    data = {"document_id": document.document_id, "title": document.title, "verdict": found, "conditions": rows}
    return Summary(text, book.rows, data)


def closed(ledger: Ledger, document: Document, sources: Mapping[str, Source], day: date) -> Summary | None:
    """That a notice takes no more applications, instead of its conditions; None while it does or where no last day is known."""
    last = last_day_of(document)
    return closing_days(ledger, [document], sources, day) if last and last < day else None


def last_day_of(document: Document) -> date | None:
    """Until when one may apply, by the document's own words."""
    told = document.info.get("deadline") or _read_deadline(document).get("value", "")
    return date.fromisoformat(told) if told else None


def _read_deadline(document: Document) -> dict[str, Any]:
    """The last day to apply as it was read in the document itself, with its words; empty where none was."""
    fields = (document.info.get("metadata") or {}).get("fields", {})
    return dict(fields.get("deadline", {}))


def closing_days(
    ledger: Ledger, documents: Sequence[Document], sources: Mapping[str, Source], day: date | None
) -> Summary | None:
    """Until when one may apply by each document, and whether that is over on a day; None where none of them tells."""
    book, lines, rows = Citations(sources), list[str](), list[dict[str, Any]]()
    for document in documents:
        last = last_day_of(document)
        if last is None:
            continue
        words = _read_deadline(document).get("words", "")
        left = (last - (day or today())).days
        state = (
            "已经截止，现在报不了；有没有下一批，问发文的部门"
            if left < 0
            else "就是今天"
            if not left
            else f"还有{left}天"
        )
        lines += [*standing(document, sources, day)] if left >= 0 else []
        lines.append(f"**《{document.title}》申报截止 {last}{_hour(words, last)}**：{state}。")
        passages = ledger.passages_of(document.document_id)
        where = next((p for p in passages if squeeze(words)[:12] in squeeze(p.text)), passages[0])
        lines.append(f"- {_cited(Point('dates', words or where.text, where), book)}")
        lines += [f"> {told}" for told in changes([Hit(where, 1.0)]) if document.info.get("deadline")]
        rows.append({"document_id": document.document_id, "title": document.title, "deadline": last.isoformat()})
    if not rows:
        return None
    text = "\n".join(lines) + f"\n\n出处 {reference_list(book.rows, sources)}"
    return Summary(text, book.rows, {"deadlines": rows, "verdict": "closed"})


def _hour(words: str, last: date) -> str:
    """The time of day that a last day ends at, as it is written."""
    found = re.search(rf"{last.day}日\s*(\d{{1,2}}(?:[:：]\d{{2}}|时(?:\d{{1,2}}分)?))", words)
    return f" {found[1]}" if found else ""


def which(documents: Sequence[Document]) -> Summary:
    """The question which of several documents is meant."""
    listed = "\n".join(f"- 《{document.title}》" for document in documents[:MOST_ASKED])
    text = f"**要对照哪一份？** 说出名字里的几个字就行：\n{listed}"
    return Summary(text, (), {"documents": [document.document_id for document in documents]})


def _verdict_line(fits: Sequence[Fit]) -> str:
    """The verdict of the whole: never that it fits while anything is left to check."""
    count = {state: sum(one.state == state for one in fits) for state in _ORDER}
    found: Verdict = verdict(fits)
    if found == "no":
        more = f"，另有{count['unknown']}条要核" if count["unknown"] else ""
        return f"**按说到的情况不够条件：有{count['not_met']}条对不上{more}**"
    if found == "likely":
        return f"**按说到的情况够条件：{count['met']}条都对得上**"
    if not count["unknown"]:
        return "**没有读出硬条件**，下面的只是优先"
    if count["met"] >= count["unknown"]:
        return f"**看来符合，还有{count['unknown']}条要核**"
    return f"**还不能确定**：没有对不上的，有{count['unknown']}条要核"


def _home(document: Document) -> Place | None:
    """Where the one who gives a notice is: what it means by 本市."""
    source = document.info.get("source") or {}
    if is_unlisted(own := place_of(document)):
        return unlisted(own[:-1], own[-1])
    try:
        return find_place(source.get("region") or "")
    except BadInput:
        return None


def _question(one: Fit) -> str:
    """The one question that settles a condition, in plain words; empty where nothing is open."""
    if one.state != "unknown":
        return ""
    ask = next((ask for ask in one.asks if ask.understood), next(iter(one.asks), None))
    if ask is None or (not ask.understood and len(ask.topic) >= len(bare(one.point.whole or one.point.text)) - 2):
        return "这条没读懂，对着材料自己看"
    return ask.text


def _questions(fits: Sequence[Fit]) -> list[str]:
    """The first questions whose answers can be held against the conditions, each thing once."""
    asked = [next((ask for ask in one.asks if ask.understood), None) for one in fits if one.state == "unknown"]
    known = {ask.topic: ask.text for ask in asked if ask}
    if known.keys() & {"employees", "revenue_wan"}:
        known.pop("size", None)
    return [*known.values()][:MOST_QUESTIONS]


def is_fit(answer: str) -> bool:
    """Whether an answer is one of those that hold conditions against a firm."""
    return any(f"- {mark}" in answer for mark in MARKS.values())


def _fit_line(one: Fit, book: Citations) -> str:
    if one.state == "unknown":
        given = f"（已知{one.given}）" if one.given else ""
        return f"- {MARKS[one.state]}{given}：{_cited(one.point, book)} → {_question(one)}"
    given = f"（{one.given}）" if one.given else ""
    return f"- {MARKS[one.state]}{given}：{_cited(one.point, book)}"


def _cited(point: Point, book: Citations) -> str:
    """A clause with its citation; what looks like one of ours in it is not shown as one."""
    return f"{quoted(point.text)} [{book.number(Hit(point.passage, 1.0), point.text)}]"


def _headline(document: Document, day: date | None) -> str:
    source = document.info.get("source") or {}
    facts = [part for part in (source.get("issuer"), source.get("doc_no"), source.get("published")) if part]
    line = f"**《{document.title}》**" + (f"：{'，'.join(facts)}。" if facts else "")
    if last := last_day_of(document):
        left = (last - (day or today())).days
        line += f"申报截止 {last}" + (
            f"，还有 {left} 天。" if left > 0 else "，就是今天。" if left == 0 else "，已经截止。"
        )
    if source.get("valid_until") and source["valid_until"] != (last.isoformat() if last else ""):
        line += f"有效期到 {source['valid_until']}。"
    return line


def standing(document: Document, sources: Mapping[str, Source], day: date | None) -> list[str]:
    """What must be said first of a document that is over or replaced."""
    source = document.info.get("source") or {}
    state = standing_on(source.get("status", "reference"), source.get("valid_until"), day)
    if state == "superseded":
        newer = sources.get(source.get("superseded_by") or "")
        return [f"> 先说明：这份资料已被{f'《{newer.title}》' if newer else '新的文件'}替代，申报前以新的为准。"]
    if state == "expired":
        if source.get("told"):
            return [f"> 先说明：这份资料{source['told']}，下面的只作参考；现在有没有新的规定，问发文的部门。"]
        until = f"（到 {source['valid_until']}）" if source.get("valid_until") else ""
        return [f"> 先说明：这份资料已经过期{until}，下面的只作参考；现在还有没有，问发文的部门。"]
    return []


def _changes(ledger: Ledger, document: Document) -> list[str]:
    """Which documents changed this one, and what."""
    if not document.info.get("changes"):
        return []
    passages = ledger.passages_of(document.document_id, gone=True)
    return [f"> {told}" for told in changes([Hit(p, 1.0) for p in passages])]


def _outline(ledger: Ledger, document: Document, book: Citations) -> list[str]:
    """The headings with their first words, for a document that is no notice."""
    lines, seen = ["\n**讲了这些**"], set[str]()
    for passage in ledger.passages_of(document.document_id):
        heading = passage.section[0] if passage.section else passage.title
        if heading in seen or len(seen) >= SHOWN_SECTIONS:
            continue
        seen.add(heading)
        body = [line for line in passage.text.split("\n") if line.strip() and line.strip() not in passage.section]
        if body:
            lines.append(f"- {_cited(Point('steps', f'{heading}：{shorten(body[0], 100)}', passage), book)}")
    return lines
