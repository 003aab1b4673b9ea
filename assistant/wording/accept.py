"""Whether a model's words may stand in place of the composed answer: only where they keep all of it and add nothing.

Sentences are heard one by one as they come. One that does not hold is struck, and what it lost is put back in the composed
answer's own words, as long as that is little; otherwise the composed answer stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.answer.composed import Composed
from assistant.cite import Citations, reference_list
from assistant.wording import echo, form, limits
from assistant.wording.answering import answers_as_well
from assistant.wording.bind import Binder, body_of, framing, tidy
from assistant.wording.likeness import plain, run, weight
from assistant.wording.points import Point, kept, lost, points_of
from assistant.wording.polarity import against, denials
from assistant.wording.sense import strange
from assistant.wording.stated import stated
from core.cut import mark_end, sentences, unmarked
from core.text import squeeze
from core.types import Citation, Source, ToolCall
from corpus.query import Query
from corpus.words import lexicon

FATAL = frozenset({"echo", "foreign"})
"""Reasons for which nothing that a model says is used."""
MOST_JOINING = 10
"""Characters that words may take which only lead from one sentence to the next."""
SAYING = frozenset("nemaj")
"""Kinds of words that say something: nouns, foreign words, numbers, adjectives, short names."""
_ENDED = re.compile(r"[。！？!?；;](?![”’」』）)\]])|\n")
_THOUGHT = "</think>"
_CITATION = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True)
class Worded:
    """What may be shown. text: "" where the composed answer stands; why: for what reason; struck: sentences with theirs."""

    text: str = ""
    citations: tuple[Citation, ...] = ()
    sentences: tuple[str, ...] = ()
    why: str = ""
    struck: tuple[tuple[str, str], ...] = ()


@dataclass
class Acceptance:
    """Holds one model's words for one composed answer. query: as the question was looked up."""

    question: str
    composed: Composed
    tool: ToolCall | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    query: Query | None = None
    _told: str = ""
    _heard: int = 0
    _struck: int = 0
    _hopeless: str = ""

    @cached_property
    def points(self) -> tuple[Point, ...]:
        return points_of(self.composed)

    @cached_property
    def body(self) -> str:
        """The composed answer without what code says around it; of a computed one all of it."""
        around = {line for part in framing(self.composed) for line in part}
        lines = body_of(self.composed.text).split("\n")
        told = lines if self.tool else [line for line in lines if line not in around]
        return "\n".join(_CITATION.sub("", line).replace("**", "") for line in told)

    @cached_property
    def told(self) -> list[str]:
        """The composed answer's sentences."""
        return [s for line in self.body.split("\n") for s in sentences(unmarked(line))]

    @cached_property
    def binder(self) -> Binder:
        return Binder(self.composed, (), self.tool, self.sources)

    @property
    def spared(self) -> int:
        """How many sentences may be struck or put back."""
        return max(1, int(limits.PUT_BACK * len(self.points)))

    def hear(self, piece: str) -> bool:
        """Take in what a model says next; False where nothing that follows can make it acceptable."""
        self._told += piece
        if _THOUGHT in self._told:
            self._told, self._heard = self._told.rpartition(_THOUGHT)[2], 0
        while ended := _ENDED.search(self._told, self._heard):
            sentence, self._heard = self._told[self._heard : ended.end()], ended.end()
            self._weigh(tidy(sentence).strip())
        return not self._hopeless

    def _weigh(self, sentence: str) -> None:
        """Whether a sentence, of which it is not yet known what follows, ends all hope."""
        if not weight(sentence):
            self._hopeless = self._hopeless or self._fatal(sentence)
            return
        why = self._wrong(unmarked(sentence))
        self._struck += bool(why)
        if why in FATAL or self._struck > self.spared:
            self._hopeless = self._hopeless or why

    def finished(self) -> Worded:
        """The verdict on all that was heard."""
        if self._hopeless:
            return Worded(why=self._hopeless)
        if why := self._fatal(self._told):
            return Worded(why=why)
        said, struck = self._sifted()
        if not any(said):
            return Worded(why="nothing", struck=tuple(struck))
        if len(struck) > self.spared:
            return Worded(why=struck[0][1], struck=tuple(struck))
        if self.tool:
            return self._before_tool(said, struck)
        return self._complete(said, struck)

    def _fatal(self, text: str) -> str:
        given = f"{self.composed.text}\n{self.question}"
        if echo.of_prompt(text, given):
            return "echo"
        return "foreign" if form.foreign(text, given) else ""

    def _wrong(self, sentence: str) -> str:
        """Why a sentence by itself may not be shown; "" where it may."""
        if why := self._fatal(sentence):
            return why
        if self._own(sentence):
            return ""
        if echo.of_question(sentence, self.question, self.body):
            return "question"
        if self.binder.held(sentence) is None and plain(sentence) not in plain(self.body):
            return "evidence"
        if self.tool and against(sentence, self.body):
            return "turned"
        return strange(sentence, self.told, self.question)

    def _own(self, sentence: str) -> bool:
        """Whether a sentence is one of the composed answer's, but for words that say nothing before or after it."""
        text = squeeze(sentence).rstrip("。；")
        owns = (own for own in (squeeze(told).rstrip("。；") for told in self.told) if own and own in text)
        return any(empty(text.replace(own, "，", 1)) for own in owns)

    def _sifted(self) -> tuple[list[list[str]], list[tuple[str, str]]]:
        """The sentences that hold, line by line, each line's mark before its first; and those struck with the reason."""
        lines = [line for line in tidy(self._told).split("\n") if line.strip()]
        every = [(mark_end(line), sentences(line[mark_end(line) :]), line) for line in lines]
        flat = [s for _, told, _ in every for s in told]
        out, struck, before = list[list[str]](), list[tuple[str, str]](), list[str]()
        for end, told, line in every:
            row = list[str]()
            for sentence in told:
                if not (weight(sentence) or re.search(r"\d", sentence) or any(sentence in own for own in self.told)):
                    before.append(sentence)
                    continue
                rest = "\n".join([*flat[len(before) + 1 :], "", *before])
                why = self._why(sentence, rest, before, sentence is flat[-1])
                if why:
                    struck.append((sentence, why))
                else:
                    row.append(sentence if row else line[:end] + sentence)
                before.append(sentence)
            out.append(row)
        return [row for row in out if row], struck

    def _why(self, sentence: str, rest: str, before: Sequence[str], last: bool) -> str:
        if form.repeated(sentence, before):
            return "repeated"
        if form.unfinished(sentence, rest, self.body, last):
            return "unfinished"
        return self._wrong(sentence)

    def _complete(self, said: list[list[str]], struck: list[tuple[str, str]]) -> Worded:
        """The wording with the few points that it lost, where it answers as well as what was composed."""
        for _ in range(2):  # once more without the pieces of what is put back whole
            gone = lost(self.points, [unmarked(sentence) for row in said for sentence in row])
            if len(gone) > self.spared or len(gone) == len(self.points):
                return Worded(why="lost", struck=tuple(struck))
            pieces = [s for row in said for s in row if any(piece_of(unmarked(s), point) for point in gone)]
            said = [kept_row for row in said if (kept_row := [s for s in row if s not in pieces])]
        rows = self._put_back(said, gone)
        plain_text = "\n".join("".join(row) for row in rows)
        if not answers_as_well(self.question, self.query, plain_text, self.body):
            return Worded(why="answers worse", struck=tuple(struck))
        book = Citations(self.sources)
        lines = ["".join(self._marked(sentence, book) for sentence in row) for row in rows]
        if not book.rows:
            return Worded(why="evidence", struck=tuple(struck))
        opening, notes = framing(self.composed)
        text = "\n".join([*opening, *lines, *notes])
        shown = tuple(sentence for row in rows for sentence in row)
        return Worded(
            f"{text}\n\n出处 {reference_list(book.rows, self.sources)}", book.rows, shown, struck=tuple(struck)
        )

    def _put_back(self, said: list[list[str]], gone: Sequence[Point]) -> list[list[str]]:
        """The lines with each lost point after the line that keeps the point before it."""
        rows = [list(row) for row in said]
        by_place = {point.at: point for point in self.points}
        for point in gone:
            before = by_place.get(point.at - 1)
            places = [n for n, row in enumerate(rows) if before and kept(before, [unmarked(s) for s in row])]
            told = point.text if re.search(r"[。！？；：…]$", point.text) else f"{point.text}。"
            at = (places[0] if places else len(rows) - 1) if before else -1
            mark = "- " if at >= 0 and mark_end(rows[at][0]) else ""
            if at >= 0 and not mark:
                rows[at].append(told)
            else:
                rows.insert(at + 1, [mark + told])
        return rows

    def _marked(self, sentence: str, book: Citations) -> str:
        end = mark_end(sentence)
        return sentence[:end] + self.binder.marked(sentence[end:], book)

    def _before_tool(self, said: list[list[str]], struck: list[tuple[str, str]]) -> Worded:
        """A model's summary before a computed result, which stays as it is and carries the citations."""
        told = "\n".join("".join(row) for row in said)
        shown = tuple(sentence for row in said for sentence in row)
        return Worded(f"{told}\n\n{self.composed.text}", self.composed.citations, shown, struck=tuple(struck))


def accepted(
    text: str,
    question: str,
    composed: Composed,
    tool: ToolCall | None = None,
    sources: Mapping[str, Source] | None = None,
    query: Query | None = None,
) -> Worded:
    """The verdict on a whole text."""
    one = Acceptance(question, composed, tool, sources or {}, query)
    for piece in text.splitlines(keepends=True):
        if not one.hear(piece):
            break
    return one.finished()


def piece_of(sentence: str, point: Point) -> bool:
    """Whether a sentence says a part of a point in the point's own words, and nothing else."""
    return run(sentence, point.text) >= limits.PIECE


def empty(text: str) -> bool:
    """Whether a text joins or leads in without saying anything: short, and without nouns, names, figures or denials."""
    kinds = {tag[0] for _, tag in lexicon().tagged(text)}
    return len(text) <= MOST_JOINING and not kinds & SAYING and not stated(text) and not denials(text)
