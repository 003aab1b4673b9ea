"""A model's sentences bound to the evidence: what each stands on, its figures, dates and names checked, its citations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

from assistant.answer.composed import Composed
from assistant.cite import Citations, source_of
from assistant.wording.coherence import incoherent
from assistant.wording.ground import FEW, Ground, content, misplaced, stands
from assistant.wording.stated import Stated, names, stated
from core.cut import sentences
from core.text import normalise, squeeze
from core.types import Hit, Source, ToolCall

MARKED = 0.34
"""Below this share of its words no passage stands behind a sentence."""
HELD = 0.3
"""How much it speaks for a passage that it holds a sentence's figures and names."""
MOST_PASSAGES = 3
_CITED_BY_MODEL = re.compile(
    r"\s*(?:[\[【［]\s*(?:资料|来源|出处)?\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]】］]|[（(](?:见)?(?:资料|来源|出处)[^（）()]{0,12}[）)])"
)
_PHRASE = re.compile(
    r"^(?:好的|您好|你好)[，。！!]?|^(?:根据|依据|按照|从)(?:以上|上述|所给|提供的|这些|现有)?(?:的)?资料(?:显示|来看|里说|可知|中)?[，,：:]?"
)
_SOURCE_LINE = re.compile(r"^\s*(?:出处|来源|参考资料|Source)[:：\s].*$", re.M)
_LIST_CITATION = re.compile(r"\[(\d+)\]")
_REFERENCES = re.compile(r"\n\n(?:出处|Source) \[", re.M)


@dataclass
class Binder:
    """Holds sentences against the evidence of one answer; made once an answer."""

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

    def marked(self, sentence: str, book: Citations) -> str:
        """A sentence that was accepted, with the citations of what it stands on before its end."""
        grounds = self.held(sentence) or []
        if not grounds and (words := content(sentence)):
            grounds = [max(self.grounds, key=lambda g: g.share(words))] if self.grounds else []
        numbers = [n for g in grounds for n in self._numbers(g, sentence, book)]
        return _before_end(sentence, "".join(f"[{n}]" for n in dict.fromkeys(numbers)))

    def _numbers(self, ground: Ground, sentence: str, book: Citations) -> list[int]:
        if ground.hit:
            return [book.number(ground.hit, nearest_sentence(sentence, ground.hit.passage.text)[1])]
        return [c.n for c in ground.cited]


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
    """What code itself says in a composed answer, and no model may change: the lines before the answer, and the warnings."""
    lines = body_of(composed.text).split("\n")
    evidence = squeeze("\n".join(hit.passage.text for hit in composed.evidence))
    opening = list(takewhile(lambda line: _is_opening(line, evidence), lines))
    return opening, [line for line in lines[len(opening) :] if line.startswith("> ")]


def _is_opening(line: str, evidence: str) -> bool:
    """Whether a line stands before the answer and is no passage's: a verdict, a caveat, a word to who asks."""
    said = line.startswith(("不是这样", FIRST, "**")) or line.endswith(("：", ":")) or not line.strip()
    return said and (not line.strip() or squeeze(line.replace("**", "")) not in evidence)


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
