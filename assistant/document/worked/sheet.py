"""A question and a notice as listed figures: a1, a2 … of the question, b1, b2 … of the lines nearest to it, each with what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.document.clauses import Clause
from assistant.document.worked.operand import GIVES, Operand, constants_of, named, of_line, of_question
from core.text import normalise
from tools.notice_amount.asking import Asking, asking
from tools.notice_amount.patterns import REFUSE

NEAREST, BESIDE, GENERAL = 8, 3, 4
"""How many lines are shown: with figures, without, and those that cap or refuse wherever they stand."""
MOST_FIGURES = 40
LONGEST = 300
"""A line of more characters is not shown: no step stands on it."""
_NET = re.compile(r"不含(?:增值)?税")
_NAMED = re.compile(r"〔(?=[abcs]\d)")


@dataclass(frozen=True)
class Line:
    """A clause of the notice. text: as its figures stand in it; number: by which it is told, 0 where it is not shown."""

    clause: Clause
    text: str
    operands: tuple[Operand, ...]
    number: int = 0

    @property
    def paragraph(self) -> str:
        """The paragraph that it stands in: 达到20台的，奖励5万元 says of what only with what stands before it."""
        rows = self.clause.passage.text.split("\n")
        return next((row for row in rows if self.clause.text in row), self.text)

    @property
    def gives(self) -> tuple[Operand, ...]:
        return tuple(one for one in self.operands if one.kind in GIVES)

    @property
    def caps(self) -> tuple[Operand, ...]:
        return tuple(one for one in self.operands if one.kind == "cap")

    @property
    def refuses(self) -> bool:
        """Whether it takes something away; 不含税 does not."""
        return bool(REFUSE.search(_NET.sub("", self.text)))

    def caps_of(self, gives: Operand) -> list[Operand]:
        """The caps of one figure that gives: behind it, before all, or behind the last where no other has one of its own."""
        rows = sorted((one for one in self.gives if one.kind in {"share", "sum"}), key=lambda one: one.start)
        later = [one.start for one in rows if one.start > gives.start]
        first, end = min((one.start for one in rows), default=0), min(later, default=len(self.text))
        own = [cap for cap in self.caps if gives.start < cap.start < end or cap.start < first]
        last = max((one.start for one in rows), default=0)
        shared = all(cap.start > last or cap.start < first for cap in self.caps)
        return own or ([cap for cap in self.caps if cap.start > last] if shared else [])


@dataclass(frozen=True)
class Sheet:
    """told: the figures of the question; constants: what holds anywhere; lines: every line of the notice, shown or not."""

    question: str
    asked: Asking
    told: tuple[Operand, ...]
    constants: tuple[Operand, ...]
    lines: tuple[Line, ...]

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines that a model reads, and steps may stand on."""
        return tuple(line for line in self.lines if line.number)

    @property
    def operands(self) -> dict[str, Operand]:
        """All listed figures by name."""
        rows = (*self.told, *self.constants, *(one for line in self.shown for one in line.operands))
        return {one.name: one for one in rows if one.name}

    def line_of(self, name: str) -> Line | None:
        """The line that a figure stands in; None for one of the question."""
        return next((line for line in self.shown if any(one.name == name for one in line.operands)), None)

    @property
    def figures_told(self) -> str:
        """The figures of the question, one a line, as a model reads them."""
        rows = [f"{one.name} = {one.quantity.told}（{one.around}）" for one in self.told]
        return "\n".join([*rows, *(f"{one.name} = {one.quantity.told}（{one.words}）" for one in self.constants)])

    @property
    def lines_told(self) -> str:
        """The lines that are shown, with the names behind their figures."""
        told, under = list[str](), ""
        for line in self.shown:
            if line.clause.under != under:
                under = line.clause.under
                told.append(f"{_plain(under).rstrip('：:')}：")
            told.append(f"[{line.number}] {_marked(line)}")
        return "\n".join(told)


def sheet_of(question: str, ordered: Sequence[Clause], near: Sequence[Clause]) -> Sheet:
    """A question over a notice. ordered: the clauses as they stand; near: the same, the nearest to the question first."""
    asked = asking(question)
    lines = [
        Line(clause, text, tuple(of_line(text, clause.under)))
        for clause in ordered
        for text in [normalise(clause.text)]
    ]
    chosen = _chosen(lines, near)
    numbered, count, number = list[Line](), 0, 0
    for line in lines:
        if _key(line.clause) not in chosen or count + len(line.operands) > MOST_FIGURES:
            numbered.append(line)
            continue
        listed = tuple(named(one, f"b{count + n}") for n, one in enumerate(line.operands, 1))
        count, number = count + len(listed), number + 1
        numbered.append(replace(line, operands=listed, number=number))
    told = tuple(named(one, f"a{n}") for n, one in enumerate(of_question(asked), 1))
    constants = constants_of((*told, *(one for line in numbered for one in line.operands)))
    return Sheet(question, asked, told, constants, tuple(numbered))


def _key(clause: Clause) -> tuple[str, str]:
    return clause.under, clause.text


def _chosen(lines: Sequence[Line], near: Sequence[Clause]) -> set[tuple[str, str]]:
    """The lines that are shown, by what they say."""
    by_key = {_key(line.clause): line for line in lines}
    rows = [by_key[key] for key in map(_key, near) if key in by_key and len(by_key[key].text) <= LONGEST]
    with_figures = [line for line in rows if line.operands]
    general = [line for line in with_figures[NEAREST:] if not line.gives and (line.caps or line.refuses)]
    plain = [line for line in rows if not line.operands]
    return {_key(line.clause) for line in (*with_figures[:NEAREST], *general[:GENERAL], *plain[:BESIDE])}


def _marked(line: Line) -> str:
    """A line with the names of its figures in it."""
    text, kinds = _plain(line.text), {"cap": "，上限", "band": "，门槛"}
    for one in sorted(line.operands, key=lambda one: -one.start):
        text = f"{text[: one.end]}〔{one.name}{kinds.get(one.kind, '')}〕{text[one.end :]}"
    return text


def _plain(text: str) -> str:
    """Text, as long as it was, in which nothing looks like a name of a figure."""
    return _NAMED.sub("（", text)
