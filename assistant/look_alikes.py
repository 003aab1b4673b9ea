"""Uploads that bear the number or the title of a bundled document, or ask for money: what is said of that before their words.

Nobody can look a number up offline, so an upload is never taken for the document whose number it bears: where the two differ, both
are told with their marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer.passages import brief, whole
from assistant.cite import Citations, reference_list
from assistant.state import Desk
from assistant.wording.bind import body_of
from core.figures import figures
from core.types import Citation, Hit, Source
from corpus.ledger import Document
from corpus.naming import is_named, names, number_key

LURED = "> 当心：《{title}》里有要先交钱、转账或给账号密码的话；政府补贴申报不收费，先打主管部门公开的电话核对。"
_DIFFERS = (
    "> 先说明：您录入的《{title}》和自带的《{other}》{same}，{differs}对不上，没法核对真假，不能当官方文件用；"
    "自带的写法列在后面。"
)
_UNKNOWN = "> 先说明：下面是您录入的《{title}》写的，自带资料里没有{number}这个文号，没有核对过，先到发文机关网站核对。"
_BESIDE = "自带的《{other}》写的是：{text} [{n}]"


@dataclass(frozen=True)
class Standing:
    """An answer with what must be said of the uploads that it stands on. fixed: nobody may word it anew."""

    text: str
    citations: tuple[Citation, ...]
    fixed: bool = False
    evidence: tuple[Hit, ...] = ()


def with_standing(text: str, citations: Sequence[Citation], question: str, desk: Desk) -> Standing:
    """An answer with the conflicts between the uploads that it cites and the bundled documents they look like."""
    ledger = desk.retriever.index.ledger
    ids = dict.fromkeys(c.passage_id.rpartition("#")[0] for c in citations if c.origin == "document")
    uploads = [document for id in ids if (document := ledger.document(id))]
    if not uploads:
        return Standing(text, tuple(citations))
    first = [LURED.format(title=one.title) for one in uploads if one.info.get("lures")]
    bundled = [source for document, source in ledger.sources(desk.filters.spaces) if document.origin == "card"]
    lines, evidence, rows, conflict = list[str](), list[Hit](), list[Citation](citations), False
    for document in uploads:
        twin = _twin(document, bundled)
        card = _best_card(desk, question, twin) if twin else None
        differs = (
            _differences(document, twin, [c.quote for c in citations if _is_of(c, document)], card) if twin else ""
        )
        if not twin and (number := _national_number(document)):
            first.append(_UNKNOWN.format(title=document.title, number=number))
        if not twin or not differs:
            continue
        conflict = True
        same = "文号相同" if _same_number(document, twin) else "标题相同"
        first.append(
            _DIFFERS.format(
                title=_read(document, "title") or document.title, other=twin.title, same=same, differs=differs
            )
        )
        if card and card.passage.passage_id not in {c.passage_id for c in rows}:
            book = Citations(desk.sources, max((c.n for c in rows), default=0))
            told = brief(card.passage, card.query) or whole(card)
            lines.append(_BESIDE.format(other=twin.title, text=told, n=book.number(card, told)))
            evidence.append(card)
            rows += book.rows
    if not first and not lines:
        return Standing(text, tuple(citations))
    said = "\n".join([*first, body_of(text), *lines]) + f"\n\n出处 {reference_list(rows, desk.sources)}"
    return Standing(said, tuple(rows), conflict, tuple(evidence))


def _is_of(citation: Citation, document: Document) -> bool:
    return citation.passage_id.rpartition("#")[0] == document.document_id


def _read(document: Document, field: str) -> str:
    """A field as it was read in the upload itself, whatever entry it was given."""
    fields = (document.info.get("metadata") or {}).get("fields", {})
    return str(fields.get(field, {}).get("value", ""))


def _twin(document: Document, bundled: Sequence[Source]) -> Source | None:
    """The bundled document whose number, title or id an upload bears."""
    title = _read(document, "title") or document.title
    alike = [s for s in bundled if _same_number(document, s) or s.id == document.source_id]
    alike += [s for s in bundled if is_named(title, _read(document, "doc_no"), s)]
    return alike[0] if alike else None


def _same_number(document: Document, source: Source) -> bool:
    number = number_key(_read(document, "doc_no"))
    return bool(number) and number == number_key(source.doc_no or "")


def _national_number(document: Document) -> str:
    """The number of an upload that speaks for the whole country; empty where it has none or is of a place."""
    return _read(document, "doc_no") if (document.info.get("source") or {}).get("region") == "全国" else ""


def _best_card(desk: Desk, question: str, twin: Source) -> Hit | None:
    """What the bundled document says that is nearest to a question."""
    narrowed = replace(desk.filters, sources=(twin.id,), origin="card")
    return next(iter(desk.retriever.search(question, 1, narrowed)), None)


def _differences(document: Document, twin: Source, told: Sequence[str], card: Hit | None) -> str:
    """In what an upload differs from the bundled document, in words; empty where nothing differs."""
    title, issuer, day = (_read(document, name) for name in ("title", "issuer", "published"))
    found = []
    if title and set(names(title)).isdisjoint(names(twin.title)):
        found.append("标题")
    number = _read(document, "doc_no")
    if number and twin.doc_no and not _same_number(document, twin):
        found.append("文号")
    if issuer and twin.issuer and issuer not in twin.issuer and twin.issuer not in issuer:
        found.append("发文机关")
    if day and twin.published and not day.startswith(twin.published) and not twin.published.startswith(day):
        found.append("日期")
    if card and _other_figures("".join(told), card.passage.text):
        found.append("数字")
    return "、".join(found)


def _other_figures(told: str, bundled: str) -> bool:
    """Whether what an upload says has figures of which the bundled text holds none, though it has figures as well."""
    own, other = ({f.key for f in figures(text)} for text in (told, bundled))
    return bool(own) and bool(other) and own.isdisjoint(other)
