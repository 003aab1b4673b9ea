"""Runs the assistant over question files in one process, through the same events that users get."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.chat import Assistant
from core.clock import today
from core.types import Answer, Brief, Done, Hit, Origin
from corpus.ledger import Filters
from corpus.query import Query
from corpus.retrieve import Retriever
from eval.faithfulness import stated_figures, unfounded
from eval.metrics import evidence_rank
from eval.outcome import Outcome, Reply, score
from eval.questions import Qa, Row, read_questions

DEPTH = 10
Progress = Callable[[str], None]


class OneOrigin(Retriever):
    """A retriever that sees only the cards, or only the ingested originals."""

    def __init__(self, retriever: Retriever, origin: Origin) -> None:
        super().__init__(retriever.index, retriever.weights, retriever.reranking)
        self.origin = origin

    def search(self, text: str, k: int = 8, filters: Filters | None = None, query: Query | None = None) -> list[Hit]:
        return super().search(text, k, replace(filters or Filters(), origin=self.origin), query)


class Runner:
    """Asks every question of every file. cards_only: leave ingested originals out of the answers."""

    def __init__(self, assistant: Assistant, cards_only: bool = False) -> None:
        self.assistant = assistant
        self.documents = OneOrigin(assistant.retriever, "document")
        self.has_documents = bool(assistant.retriever.index.ledger.documents(origin="document"))
        if cards_only:
            assistant.retriever = OneOrigin(assistant.retriever, "card")

    def run(self, files: Sequence[Path], progress: Progress = lambda message: None) -> list[Outcome]:
        """The outcomes of all rows, in order. Every file is read before the first question is asked."""
        rows = [(path.stem, row) for path in files for row in read_questions(path)]
        outcomes = []
        for number, (file, row) in enumerate(rows, 1):
            outcomes.append(self.ask(row, file))
            if number % 25 == 0 or number == len(rows):
                progress(f"已测 {number}/{len(rows)} 题")
        return outcomes

    def ask(self, row: Row, file: str = "") -> Outcome:
        """Ask one row, its turns in one conversation of their own, and score the last reply."""
        session = f"eval-{uuid.uuid4().hex[:12]}" if len(row.turns) > 1 else None
        reply = [self._reply(turn, session) for turn in row.turns][-1]
        if session:
            self.assistant.history.forget(session)
        rank, searched = self._rank(row)
        outcome = score(row, reply, file, searched, rank)
        wrong = self.unfounded(reply.answer, row.turns)
        faults = (*outcome.faults, *(f"数字“{figure}”没有出处" for figure in wrong))
        return replace(outcome, faults=faults, figures=len([*stated_figures(reply.answer.text)]), unfounded=wrong)

    def unfounded(self, answer: Answer, asked: Sequence[str]) -> tuple[str, ...]:
        """The figures of an answer that stand in nothing that it stands on."""
        index = self.assistant.retriever.index
        passages = {c.passage_id: p for c in answer.citations if (p := index.ledger.passage(c.passage_id))}
        return unfounded(answer, asked, passages, index.sources(self.assistant.filters().spaces), today())

    def _reply(self, question: str, session: str | None) -> Reply:
        started = time.perf_counter()
        first: float | None = None
        answer: Answer | None = None
        for event in self.assistant.ask(question, session):
            if isinstance(event, (Brief, Done)) and first is None:
                first = time.perf_counter()
            if isinstance(event, Done):
                answer = event.answer
        ended = time.perf_counter()
        assert answer is not None, "the last event is Done"
        return Reply(answer, ((first or ended) - started) * 1000, (ended - started) * 1000)

    def _rank(self, row: Row) -> tuple[int | None, bool]:
        """Where the evidence stands among the retrieved originals, and whether that was looked for."""
        if not self.has_documents or not isinstance(row, Qa) or not row.evidence or len(row.turns) > 1:
            return None, False
        filters = self.assistant.filters(None)
        texts = [hit.passage.text for hit in self.documents.search(row.question, DEPTH, filters)]
        return evidence_rank(row.evidence, texts, every=row.kind == "multi_hop"), True
