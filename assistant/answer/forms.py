"""The last answer in another form: shorter, longer, with its reason, as a table, as a message, with its source, once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answer.passages import brief
from assistant.answer.tabled import table_of
from assistant.cite import Citations, reference, reference_list, source_of
from assistant.history import Turn
from assistant.wording.bind import body_of
from core.cut import quoted, sentences, unmarked
from core.text import bare
from core.types import Citation, Hit, Passage, Source
from corpus.ledger import Ledger

MOST_SHORT = 2
"""So many passages are told in the short form of an answer."""
MOST_AROUND = 2
"""How many passages beside the cited ones the long form of an answer tells."""
LONG_CHARACTERS = 900
"""The length up to which the long form takes in what stands around."""
SHORT_SENTENCES = 2
ASKED_WHY = ("为什么", "为啥")
"""How a card's own questions ask for a reason, where it gives one."""
ABOUT = 0.35
"""The share of a question that a passage must hold to give the reason for its answer."""
Search = Callable[[str], Sequence[Hit]]


@dataclass(frozen=True)
class Shelf:
    """Where the passages of earlier answers stand. search: the passages for a text, best first."""

    ledger: Ledger
    sources: Mapping[str, Source]
    search: Search

    def cited(self, turn: Turn) -> list[Passage]:
        """The passages that an answer stands on, in its order."""
        found = (self.ledger.passage(citation.passage_id) for citation in turn.citations)
        return [passage for passage in found if passage]

    def around(self, passage: Passage) -> list[Passage]:
        """The other passages under the same heading, the nearest first."""
        beside = [p for p in self.ledger.passages_of(document_of(passage)) if p.section == passage.section]
        at = next((n for n, p in enumerate(beside) if p.passage_id == passage.passage_id), 0)
        order = sorted(range(len(beside)), key=lambda n: abs(n - at))
        return [beside[n] for n in order if n != at]


@dataclass(frozen=True)
class Said:
    """A reply with the citations that it stands on."""

    text: str
    refused: bool = False
    citations: tuple[Citation, ...] = ()


def document_of(passage: Passage) -> str:
    """The id of the document that a passage stands in."""
    return passage.source_id if passage.origin == "card" else passage.passage_id.rpartition("#")[0]


def changed(kind: str, last: Turn, shelf: Shelf) -> Said:
    """The last answer in another form; as it was where there is no such form."""
    return _FORMS.get(kind, _again)(last, shelf)


def _told(lines: Sequence[str], book: Citations, shelf: Shelf) -> Said:
    """Lines with the list of the sources that they stand on."""
    text = "\n".join(lines)
    return (
        Said(f"{text}\n\n出处 {reference_list(book.rows, shelf.sources)}", citations=book.rows)
        if book.rows
        else Said(text)
    )


def _number(book: Citations, passage: Passage) -> int:
    return book.number(Hit(passage, 1.0), next(iter(sentences(passage.text)), passage.text))


def _simpler(last: Turn, shelf: Shelf) -> Said:
    """The short forms of the first passages that the answer stands on; of a tool's answer the verdict that it opens with."""
    told = [(passage, text) for passage in shelf.cited(last) if (text := passage.short)] if last.call is None else []
    if not told or last.refused:
        return _kept(f"简单说：{_opening(last)}", last)
    book = Citations(shelf.sources)
    lines = [f"{quoted(text)} [{_number(book, passage)}]" for passage, text in told[:MOST_SHORT]]
    return _told([f"简单说：{lines[0]}", *(f"- {line}" for line in lines[1:])], book, shelf)


def _opening(last: Turn) -> str:
    """The first sentences of an answer, which hold what it comes to."""
    lines = _lines(last)
    short = "".join(sentences(unmarked(lines[0]))[:SHORT_SENTENCES]) if lines else ""
    return short + unmarked(lines[1]) if short.endswith(("：", ":")) and len(lines) > 1 else short


def _lines(last: Turn) -> list[str]:
    """The lines of an answer without its notes."""
    return [line for line in body_of(last.answer).splitlines() if line.strip() and not line.startswith(">")]


def _longer(last: Turn, shelf: Shelf) -> Said:
    """The passages that the answer stands on, whole, and what stands beside them under the same heading."""
    cited = shelf.cited(last)
    if not cited or last.call or last.refused:
        return _again(last, shelf)
    book, size = Citations(shelf.sources), 0
    lines = list[str]()
    for passage in cited:
        lines.append(f"{quoted(passage.text.strip())} [{_number(book, passage)}]")
        size += len(passage.text)
    known = {passage.passage_id for passage in cited}
    beside = [p for p in shelf.around(cited[0]) if p.passage_id not in known][:MOST_AROUND]
    for passage in beside:
        if size + len(passage.text) <= LONG_CHARACTERS:
            lines.append(f"{quoted(passage.text.strip())} [{_number(book, passage)}]")
            size += len(passage.text)
    return _told(["说细一点：", *lines], book, shelf)


def _why(last: Turn, shelf: Shelf) -> Said:
    """The reason as another passage of the same source gives it; of a tool's answer how it was reckoned; else that none is given."""
    if last.call:
        return _reckoned(last)
    cited = shelf.cited(last)
    if not cited or last.refused:
        return _again(last, shelf)
    book, sources = Citations(shelf.sources), {passage.source_id for passage in cited}
    for hit in shelf.search(f"为什么{last.standalone}"):
        passage = hit.passage
        why = any(word in question for word in ASKED_WHY for question in passage.questions)
        about = hit.query is None or hit.query.coverage(bare(f"{passage.title} {passage.text}")) >= ABOUT
        if why and about and passage.source_id in sources:
            return _told([f"资料里是这么说的：{quoted(passage.text.strip())} [{_number(book, passage)}]"], book, shelf)
    text = brief(cited[0]) or next(iter(sentences(cited[0].text)), "")
    return _told([f"资料里只写了这一条，没有另外讲理由，我不替它编：{text} [{_number(book, cited[0])}]"], book, shelf)


def _reckoned(last: Turn) -> Said:
    """How a tool came to its answer: what it was told, and what it says after its verdict."""
    assert last.call
    given = "、".join(
        f"{name}：{value}" for name, value in last.call.arguments.items() if isinstance(value, str | int | float)
    )
    lines = _lines(last)
    told = [f"是按规则和您给的情况算出来的（{given}）。" if given else "是按规则算出来的。", *lines[1:]]
    return _kept("\n".join([*told, "哪个数不对，直接告诉我，我重算。"]), last)


def _table(last: Turn, shelf: Shelf) -> Said:
    """What the answer says as a table, with columns where the content has them."""
    lines = _lines(last)
    if any("---" in line for line in lines):
        return _again(last, shelf)
    cited = shelf.cited(last) if last.call is None and not last.refused else []
    if not cited:
        return _kept(table_of([unmarked(line) for line in lines]), last)
    book = Citations(shelf.sources)
    rows = [
        (f"{quoted(item)}", f"[{_number(book, passage)}]") for passage in cited for item in passage.text.split("\n")
    ]
    return _told([table_of([text for text, _ in rows], [mark for _, mark in rows])], book, shelf)


def _message(last: Turn, shelf: Shelf) -> Said:
    """The last answer to be sent on: the points without marks of citation, where it stands, and nothing else."""
    plain = body_of(last.answer).replace("**", "").strip()
    for citation in last.citations:
        plain = plain.replace(f" [{citation.n}]", "").replace(f"[{citation.n}]", "")
    lines = [_spoken(line) for line in plain.splitlines() if line.strip() and "| --- |" not in line]
    named = dict.fromkeys(_named(citation, shelf) for citation in last.citations)
    closing = [f"（依据：{'、'.join(named)}）"] if named else []
    return Said("\n".join(["您好，您问的事查到了：", *lines, *closing, "有不清楚的随时联系我。"]))


def _spoken(line: str) -> str:
    """A line as it is written in a message: without marks, a row of a table as its cells."""
    if line.startswith("|"):
        return "：".join(filter(None, (cell.strip() for cell in line.strip("|").split("|"))))
    return line.removeprefix("> ").removeprefix("- ")


def _named(citation: Citation, shelf: Shelf) -> str:
    """A document by its title and number, as a message names it."""
    source = source_of(shelf.sources, citation.passage_id, citation.source_id)
    return f"《{citation.title}》" + (f"（{source.doc_no}）" if source and source.doc_no else "")


def _source(last: Turn, shelf: Shelf) -> Said:
    """Where the last answer stands, with the words that it rests on."""
    if not last.citations:
        return Said("上一个回答没有引用资料，是按您说的情况算出来的或者只是应答。")
    lines = []
    for citation in last.citations:
        source = source_of(shelf.sources, citation.passage_id, citation.source_id)
        lines.append(f"{reference(citation, source)}：“{citation.quote}”")
    return Said("上一个回答的出处：\n" + "\n".join(lines), citations=last.citations)


def _again(last: Turn, shelf: Shelf) -> Said:
    return Said(last.answer, last.refused, last.citations)


def _english(last: Turn, shelf: Shelf) -> Said:
    return Said("我不做翻译，资料和回答都是中文的。要英文回答，用英文把问题再问一遍，我会标明出处。")


def _kept(text: str, last: Turn) -> Said:
    """A text with the list of the citations that it names, as the last answer had it."""
    kept = tuple(citation for citation in last.citations if f"[{citation.n}]" in text)
    at = last.answer.rfind("\n\n出处")
    return Said(text + (last.answer[at:] if kept and at >= 0 else ""), last.refused, kept)


_FORMS: dict[str, Callable[[Turn, Shelf], Said]] = {
    "simpler": _simpler, "longer": _longer, "why": _why, "table": _table, "message": _message,
    "source": _source, "again": _again, "english": _english,
}  # fmt: skip
