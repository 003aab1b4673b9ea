"""Asks one engine how an amount is reckoned; code checks and reckons it, and gives back what is wrong with it once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from assistant.document.worked import entry
from assistant.document.worked.guards import check
from assistant.document.worked.quantity import Refused
from assistant.document.worked.reckoning import Worked, reckon
from assistant.document.worked.shape import ANSWER_TOKENS, Proposal
from assistant.document.worked.sheet import Sheet
from assistant.engine.constrained import constrained
from assistant.engine.contract import Engine
from assistant.wording.generate import inert, opening
from core.errors import EngineFailed
from prompts import fill

SECONDS = 60.0
"""Longest time that all a model does for one amount may take, the entry test with it; what stands is shown before."""
TRIES = 2
SITTINGS = 3
"""How often the entry test may be cut off before the engine counts as too slow to be asked."""


@dataclass
class Proposer:
    """Asks one engine. home: the data folder, where marks are kept; trusted: whether it passed the entry test, None where it has
    not sat it to the end.
    """

    engine: Engine
    home: Path
    trusted: bool | None = None
    _right: int = 0
    _cut_off: int = 0
    _looked: bool = False

    @property
    def failed(self) -> bool:
        """Whether the engine is known to have failed."""
        if self.trusted is None and not self._looked:
            self.trusted, self._looked = entry.known(self.home, self.engine.settings), True
        return self.trusted is False

    def worked(self, sheet: Sheet, owner: str, until: float) -> Worked | None:
        """The amount as the engine works it out and code holds it. until: time.monotonic() by which it must be there."""
        if not self._of_use(sheet) or not self.passes(owner, until):
            return None
        problem = ""
        for _ in range(TRIES):
            proposal = self._asked(sheet, problem, owner, until)
            if proposal is None or proposal.cannot:
                return None
            try:
                return held(sheet, proposal)
            except Refused as refused:
                problem = f"上次写的不行：{inert(refused.text)}。请改正；定不下来就在cannot里写缺什么。"
        return None

    def _of_use(self, sheet: Sheet) -> bool:
        """Whether there is anything by which something is given."""
        return any(line.gives for line in sheet.shown)

    def passes(self, owner: str, until: float) -> bool:
        """Whether the engine may be asked. The entry test is sat once; where time runs out, it goes on at the next question."""
        while not self.failed and self.trusted is None:
            problem = entry.PROBLEMS[self._right]
            proposal = self._asked(problem.sheet, "", owner, until)
            if proposal is None:
                self._cut_off += 1
                self.trusted = False if self._cut_off == SITTINGS else None
                return False
            right = _right(problem, proposal)
            self._right += right
            if not right or self._right == len(entry.PROBLEMS):
                self.trusted = right
                entry.keep(self.home, self.engine.settings, right)
        return bool(self.trusted)

    def _asked(self, sheet: Sheet, problem: str, owner: str, until: float) -> Proposal | None:
        from langchain_core.messages import HumanMessage

        left = until - time.monotonic()
        if left <= 0:
            return None
        prompt = fill(
            "worked",
            question=inert(sheet.question),
            figures=inert(sheet.figures_told),
            clauses=inert(sheet.lines_told),
            problem=problem,
        )
        try:
            return constrained(
                self.engine, [*opening(()), HumanMessage(prompt)], Proposal, left, owner, tokens=ANSWER_TOKENS
            )
        except EngineFailed:
            return None


def held(sheet: Sheet, proposal: Proposal) -> Worked:
    """A proposal reckoned and checked; raises Refused."""
    worked = reckon(sheet, proposal.steps)
    check(worked)
    return worked


def _right(problem: entry.Problem, proposal: Proposal) -> bool:
    """Whether a proposal solves a problem of the entry test, and would be taken."""
    if proposal.cannot:
        return False
    try:
        return held(problem.sheet, proposal).result.value == problem.value_yuan
    except Refused:
        return False
