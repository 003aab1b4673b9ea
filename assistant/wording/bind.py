"""A model's wording bound to the evidence: each sentence cited or struck, each figure, date and name checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

from assistant.answer.composed import Composed
from assistant.cite import Citations, reference_list, source_of
from assistant.wording.coherence import incoherent
from assistant.wording.ground import FEW, Ground, content, misplaced, stands
from assistant.wording.stated import Stated, names, stated
from core.cut import joined, mark_end, quoted, sentences, shorten, unmarked
from core.text import normalise, squeeze
from core.types import Citation, Hit, Source, ToolCall

CITED = 0.5
"""Share of a sentence's words that a passage must hold for the passage to be cited for it."""
MARKED = 0.34
"""Below this share nothing stands behind the sentence, and it is struck; between the two it is marked."""
HELD = 0.3
"""How much it speaks for a passage that it holds a sentence's figures and names."""
MOST_PASSAGES = 3
MARK = "（资料里没有直接写）"
_CITED_BY_MODEL = re.compile(
    r"\s*(?:[\[【［]\s*(?:资料|来源|出处)?\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]】］]|[（(](?:见)?(?:资料|来源|出处)[^（）()]{0,12}[）)])"
)
_PHRASE = re.compile(
    r"^(?:好的|您好|你好)[，。！!]?|^(?:根据|依据|按照|从)(?:以上|上述|所给|提供的|这些|现有)?(?:的)?资料(?:显示|来看|里说|可知|中)?[，,：:]?"
)
_SOURCE_LINE = re.compile(r"^\s*(?:出处|来源|参考资料|Source)[:：\s].*$", re.M)
_LIST_CITATION = re.compile(r"\[(\d+)\]")
_REFERENCES = re.compile(r"\n\n(?:出处|Source) \[", re.M)


@dataclass(frozen=True)
class Bound:
    """The checked wording. struck: sentences taken out; worded: whether the model's words remain (else the composed answer)."""

    text: str
    citations: tuple[Citation, ...]
    struck: tuple[str, ...] = ()
    worded: bool = True


@dataclass
class Binder:
    """Checks wording against the evidence of one answer; made once an answer."""

    composed: Composed
    hits: Sequence[Hit] = ()
    tool_result: ToolCall | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)

    @cached_property
    def grounds(self) -> list[Ground]:
        """What may be cited: the evidence of the composed answer first, then the other hits; a tool's result before both."""
        hits = {h.passage.passage_id: h for h in (*self.composed.evidence, *self.hits)}
        passages = [Ground(evidence_text(h, self.sources), h) for h in hits.values()]
        return [*self._of_tool(), *passages]

    def _of_tool(self) -> Iterator[Ground]:
        if self.tool_result is None:
            return
        by_number = {c.n: c for c in self.composed.citations}
        body = body_of(self.composed.text)
        every = tuple(by_number.values())
        for line in filter(str.strip, body.split("\n")):
            cited = tuple(by_number[n] for n in map(int, _LIST_CITATION.findall(line)) if n in by_number)
            yield Ground(_LIST_CITATION.sub("", line), cited=cited or every[:1])
        yield Ground(_LIST_CITATION.sub("", body), cited=every[:1])

    def held(self, sentence: str) -> list[Ground] | None:
        """The grounds that a sentence stands on, best first; none where it needs none; None where it must be struck."""
        words = content(sentence)
        said = [*stated(sentence), *(Stated("name", n) for n in names(sentence))]
        if not words and not said:
            return []
        if not said and re.search(r"[?？]\s*$", sentence):
            return []
        near = []
        for ground in self.grounds:
            share, values = ground.share(words), sum(stands(v, ground) for v in said)
            if share >= MARKED or (sum(words.values()) <= FEW and values == len(said) > 0):
                near.append((share + HELD * values / (len(said) or 1), ground))
        chosen: list[Ground] = []
        missing = said
        for _, ground in sorted(near, key=lambda rating: -rating[0]):
            if chosen and not any(stands(v, ground) for v in missing):
                continue
            chosen.append(ground)
            missing = [v for v in missing if not stands(v, ground)]
            if not missing or len(chosen) == MOST_PASSAGES:
                break
        if not chosen or missing:
            return None
        like = max(self.grounds, key=lambda g: g.share(words))
        beside = chosen if like in chosen else [*chosen, like]
        return None if misplaced(sentence, beside) or incoherent(sentence, beside) else chosen

    def checked(self, pieces: Iterable[str]) -> Iterator[str]:
        """Whole sentences of a stream that hold, as they are finished; what would be struck is never shown."""
        kept = ""
        for piece in pieces:
            kept += piece
            while end := re.search(r"[。！？!?；;](?![”’」』）)\]])|\n", kept):
                sentence, kept = kept[: end.end()], kept[end.end() :]
                if (clean := tidy(sentence).strip(" ")) and self.held(clean) is not None:
                    yield clean
        if (clean := tidy(kept).strip()) and self.held(clean) is not None:
            yield clean

    def bound(self, text: str) -> Bound:
        """The final answer from a model's whole text; the composed answer where nothing of it holds."""
        book = Citations(self.sources)
        lines: list[str] = []
        struck: list[str] = []
        seen: set[str] = set()
        for line in tidy(text).split("\n"):
            step = mark_end(line)
            told = reduce(joined, [self._sentence(s, book, struck, seen) for s in sentences(line[step:])], "")
            if told:
                lines.append(line[:step] + told)
        opening, notes = framing(self.composed)
        if not book.rows and not (self.tool_result and lines):
            return Bound(self.composed.text, self.composed.citations, tuple(struck), worded=False)
        if self.tool_result:
            return self._before_tool(lines, struck)
        body = "\n".join([*opening, *lines, *notes])
        return Bound(f"{body}\n\n出处 {reference_list(book.rows, self.sources)}", book.rows, tuple(struck))

    def _before_tool(self, lines: Sequence[str], struck: Sequence[str]) -> Bound:
        """A model's summary stands before a computed result, which stays as it is and carries the citations."""
        told = "\n".join(re.sub(r"\s*\[\d+\]", "", line) for line in lines)
        return Bound(f"{told}\n\n{self.composed.text}", self.composed.citations, tuple(struck))

    def _sentence(self, sentence: str, book: Citations, struck: list[str], seen: set[str]) -> str:
        """A sentence with its citations, or what replaces it, or nothing."""
        if (key := squeeze(sentence)) in seen:
            return ""
        seen.add(key)
        grounds = self.held(sentence)
        if grounds is None:
            struck.append(sentence)
            return self._replacement(sentence, book, seen)
        if not grounds:
            return sentence
        numbers = [n for g in grounds for n in self._numbers(g, sentence, book)]
        weak = not stated(sentence) and max(g.share(content(sentence)) for g in grounds) < CITED
        marks = MARK if weak else "".join(f"[{n}]" for n in dict.fromkeys(numbers))
        return _before_end(sentence, marks)

    def _numbers(self, ground: Ground, sentence: str, book: Citations) -> list[int]:
        if ground.hit:
            return [book.number(ground.hit, nearest_sentence(sentence, ground.hit.passage.text)[1])]
        return [c.n for c in ground.cited]

    def _replacement(self, sentence: str, book: Citations, seen: set[str]) -> str:
        """In place of a struck sentence, what the evidence says of the same thing, once."""
        words = content(sentence)
        best = max((g for g in self.grounds if g.hit), key=lambda g: g.share(words), default=None)
        if best is None or best.hit is None or best.share(words) < CITED:
            return ""
        share, told = nearest_sentence(sentence, best.hit.passage.text)
        if share < CITED or squeeze(told) in seen:
            return ""
        seen.add(squeeze(told))
        told = quoted(shorten(unmarked(told).rstrip("；;"), 120))
        return _before_end(told if told[-1] in "。！？" else f"{told}。", f"[{book.number(best.hit, told)}]")


def bound(
    text: str,
    composed: Composed,
    hits: Sequence[Hit],
    tool_result: ToolCall | None = None,
    sources: Mapping[str, Source] | None = None,
) -> Bound:
    """Bind a model's whole text to the evidence of an answer. sources: for the lines under the answer."""
    return Binder(composed, hits, tool_result, sources or {}).bound(text)


def evidence_text(hit: Hit, sources: Mapping[str, Source]) -> str:
    """All that a passage vouches for: its source's name and number, its headings and its text."""
    p = hit.passage
    source = source_of(sources, p.passage_id, p.source_id)
    about = [f"《{source.title}》", source.doc_no or "", source.published, source.issuer] if source else []
    return "\n".join(filter(None, [*about, *p.section, p.title, p.text]))


FIRST = "> 先说明"
"""How the line begins that must stand before the answer: what it is from is over."""


def body_of(text: str) -> str:
    """A composed answer without the lines that tell where it stands."""
    cut = _REFERENCES.search(text)
    return text[: cut.start()] if cut else text


def framing(composed: Composed) -> tuple[list[str], list[str]]:
    """What code itself says in a composed answer, and no model may change: the opening verdict, and the warnings."""
    lines = body_of(composed.text).split("\n")
    opening = [line for line in lines[:2] if line.startswith(("不是这样", FIRST))]
    return opening, [line for line in lines if line.startswith("> ") and line not in opening]


def tidy(text: str) -> str:
    """A model's text without its own citations, source lines, headings and stock phrases."""
    text = _SOURCE_LINE.sub("", _CITED_BY_MODEL.sub("", normalise(text)))
    text = re.sub(r"^#+\s*|\*\*", "", text, flags=re.M)
    return "\n".join(_PHRASE.sub("", line) for line in text.split("\n"))


def nearest_sentence(sentence: str, text: str) -> tuple[float, str]:
    """The sentence of a passage that says most of what a sentence says, and how much of it."""
    words = content(sentence)
    return max(((Ground(s).share(words), s) for s in sentences(text)), default=(0.0, text))


def _before_end(sentence: str, mark: str) -> str:
    """A mark set before a sentence's closing punctuation."""
    end = re.search(r"[。！？!?；;：:]*$", sentence)
    return f"{sentence[: end.start()]} {mark}{end[0]}" if end and mark else sentence
