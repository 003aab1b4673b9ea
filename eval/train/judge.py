"""Fit the judge of passages: `python -m eval.train.judge [--keep] [--rate R] [FILE…]`; run eval/train/ranker.py before.

A logistic model whose signs are fixed beforehand, so that nothing may count against what it stands for. It learns from one
question of every third card, which answers, and from one near question that such a card says it does not answer, both left out
of the index as they are left out of the encoder's training (eval/train/examples.py); from the question sets of ours and FILEs;
and from messages that no knowledge answers. It prints what it would do with questions held out (five-fold cross-validation,
the questions of a card together): right refusals at each rate of wrong ones.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from assistant import years
from assistant.compose import without_doubles, without_replaced
from assistant.guard import without_other_firms
from assistant.judging.features import SAID, Asked, features
from assistant.judging.weights import FILE, Weighing, write_weighing
from assistant.question import read
from assistant.stages.resolve import MOST_BEFORE
from assistant.understand.understander import read_together
from core.clock import today
from core.settings import load_settings
from core.types import Hit
from corpus.encoder.encoder import FOLDER, Encoder
from corpus.index import Index
from corpus.retrieve import Retriever
from corpus.utterances import Looked, load_looked, load_utterances
from eval.metrics import facts_found
from eval.questions import Need, Qa, Row, Unanswerable, bundled_files, read_questions
from eval.train.examples import load_examples, split
from eval.train.left_out import knowledge_without
from eval.train.looking import whole_of
from eval.train.unseen import load_unseen

SEED = 20261129
FOLDS = 5
RIDGE = 3e-4
LOOKED_AT = 3
LEARNT = 4
"""So many of the first hits of a question are learnt from."""
FOR = frozenset(
    {"score", "ahead", "passage", "concepts", "named", "held", "text", "dense", "nearer", "asked", "rather", "likeliest", "both"}
)  # fmt: skip
MOST = {"concepts": 2.0, "ahead": 0.5, "nearer": 0.5, "near_miss": 0.3}
"""No sign counts more: 中山补多少 is short, of two cards on one thing either may answer it, and a near question that a card does not
answer tells most by how much nearer it is than those that it does (`rather`).
"""
AGAINST = frozenset({"lost", "unknown", "year", "name", "value", "near_miss", "english", "outside", "unknowable"})
"""Features whose weight is not below 0, and not above."""
OF_OWN = frozenset({"asked", "near_miss", "rather", "likeliest", "both"})
OF_VECTORS = OF_OWN | {"dense", "nearer", "text", "value", "held", "outside", "unknowable", "keyword"}
"""Features that need the cards' own questions, and the encoder or the heads on it."""
UNSEEN = {"questions": frozenset({SAID}), "conversation": frozenset({SAID}), "words": OF_VECTORS | {SAID}}
"""Of each sight that is fitted the features that it lacks."""
IN_CONVERSATION = 3
"""How many times as many answers to what is said in conversations are told only as the nearest to it: which card is meant is less sure there."""
FEWEST = 50
"""With fewer questions of a side it is not told how sure an answer is."""
OF_DOCUMENTS = {"one": -4.6, "passage": 6.6, "dense": 2.0, "year": -4.0, "name": -3.0, "value": -2.0}
"""The weights for passages that have no questions of their own: set by hand, there are no questions on documents to learn from."""
RATES = (0.01, 0.02, 0.03, 0.05)
OTHER_CARD, OF_A_SET, NOT_FIRST = 0.2, 2.5, 0.5
"""How much counts that another card than its own is no answer to a question, which it may be; an item of a set; a later hit."""
MESSAGES = 170
"""So many messages of each label that no knowledge answers."""
NO_ANSWER = ("out", "unknowable")
ASKED = "asked"
"""Messages in conversations: what their own card is not, answers them less."""
OF_PEOPLE = frozenset({"to answer", "to refuse", "needs to answer", "needs to refuse"})
"""Groups of whole questions, by which it is told how sure an answer is."""


@dataclass(frozen=True)
class Judged:
    """One question. hits: the features of its first hits; answers: of each whether it does, None unknown; weights: how much each counts.

    answerable: whether there is an answer; group: of questions; key: questions of one key are held out together.
    """

    group: str
    key: str
    hits: tuple[dict[str, float], ...]
    answers: tuple[bool | None, ...]
    weights: tuple[float, ...]
    answerable: bool

    @property
    def in_conversation(self) -> bool:
        return bool(self.hits[0].get(SAID))


def main(arguments: Sequence[str] | None = None) -> int:
    """Gather, fit, print, and write the file."""
    parser = argparse.ArgumentParser(prog="python -m eval.train.judge", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--keep", action="store_true", help="measure only, do not write the weights")
    parser.add_argument("--rate", type=float, default=0.05, help="wanted rate of wrong refusals")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        rows = gathered([*bundled_files(), *args.files], Path(folder))
    weighing, lines = fitted(rows, args.rate)
    for line in lines:
        print(line, flush=True)
    if not args.keep:
        write_weighing(FOLDER / FILE, weighing, {"questions": len(rows), "encoder": Encoder().id})
    return 0


def gathered(files: Sequence[Path], folder: Path) -> list[Judged]:
    """Every question with what is found for it, in an index of the cards without the held-out questions, made in a folder."""
    examples, draw = load_examples(), random.Random(SEED)
    held = split(examples)[1]
    cards = examples.cards
    near = {cards[at].id: draw.choice(cards[at].not_answered) for _, at in held.pairs if cards[at].not_answered}
    looked = [row for row in load_looked() if load_unseen().has(row.message)]
    left_out = {text for text, _ in (*held.pairs, *held.asked)} | {row.message for row in looked}
    corpus = knowledge_without(left_out, folder / "corpus", set(near.items()))
    retriever = Retriever(Index(load_settings().model_copy(update={"home": folder / "home"}), corpus))
    rows = [_of_card(retriever, q, cards[at].id, True) for q, at in held.pairs]
    rows += [_of_card(retriever, q, card, False) for card, q in near.items()]
    rows += [_of_card(retriever, text, cards[at].id, True, ASKED) for text, at in held.asked]
    rows += [_of_people(retriever, row) for row in looked]
    for path in files:
        rows += [row for item in read_questions(path) for row in _of_set(retriever, item)]
    for kind in load_utterances():
        if kind.label in NO_ANSWER:
            told = draw.sample(kind.examples, min(MESSAGES, len(kind.examples)))
            rows += [_judged(retriever, kind.label, text, _no_answer, False) for text in told]
    return [row for row in rows if row.hits]


def _of_people(retriever: Retriever, row: Looked) -> Judged:
    """A message with what people said of the cards found for it."""

    def right(hit: Hit) -> bool | None:
        card = hit.passage.passage_id
        return True if card in row.answered_by else False if card in row.not_by else None

    return _judged(retriever, "looked at", row.message, right, bool(row.answered_by))


def _of_card(retriever: Retriever, question: str, card: str, answers: bool, group: str = "") -> Judged:
    """A question that its card answers, or that it does not; another card rather does not."""

    def right(hit: Hit) -> bool | None:
        is_own = hit.passage.passage_id == card
        return answers if is_own else None if hit.passage.certainty == "practice" and group != ASKED else False

    row = _judged(retriever, group or ("answered" if answers else "not answered"), question, right, answers, card)
    own = [hit.passage.passage_id == card for hit in found(retriever, question)[: len(row.hits)]]
    return Judged(
        row.group, card, row.hits, row.answers, tuple(1.0 if is_own else OTHER_CARD for is_own in own), answers
    )


def _of_set(retriever: Retriever, item: Row) -> Iterator[Judged]:
    """An item of a question set that the knowledge answers, or that nothing does; of conversations those with points of their own."""
    if len(item.turns) > 1:
        if isinstance(item, Need) and item.expect == "answer" and item.must:
            said = read_together(*item.turns[-1 - MOST_BEFORE :])
            yield _judged(retriever, "conversations", said, lambda hit: bool(_tells(item.must, hit)), True)
    elif isinstance(item, Unanswerable) and item.expect == "refuse":
        yield _judged(retriever, "to refuse", item.question, _no_answer, False)
    elif isinstance(item, Need) and item.expect == "refuse":
        yield _judged(retriever, "needs to refuse", item.question, _no_answer, False)
    elif isinstance(item, Qa) and item.facts:
        yield _judged(retriever, "to answer", item.question, lambda hit: _tells(item.facts, hit), True)
    elif isinstance(item, Need) and item.expect == "answer" and item.must:
        yield _judged(retriever, "needs to answer", item.question, lambda hit: _tells(item.must, hit), True)


def _tells(facts: Sequence[tuple[str, ...]], hit: Hit) -> bool | None:
    """Whether a passage answers: it holds most of the facts; unknown where it holds none, for it may say it in other words."""
    held = facts_found(tuple(facts), hit.passage.text)
    return True if sum(held) >= 0.6 * len(held) else None


def _no_answer(hit: Hit) -> bool | None:
    """Whether a passage answers what nothing is said to: no; of advice from practice, which was written later, it is unknown."""
    return None if hit.passage.certainty == "practice" else False


def found(retriever: Retriever, question: str, day: date | None = None) -> list[Hit]:
    """The hits that are judged, as stage 5 finds them for a question of no place."""
    day, sources = day or today(), retriever.index.sources()
    question, said = whole_of(question)
    query = retriever.analyse(years.with_years(question, day), said=said)
    hits = without_doubles(retriever.search(query.text, 24, query=query))
    hits = without_other_firms(without_replaced(hits, sources, question), question)
    return years.of_years_first(read(question), query, hits[:8], sources, day)


def _judged(
    retriever: Retriever,
    group: str,
    question: str,
    answers: Callable[[Hit], bool | None],
    answerable: bool,
    key: str = "",
) -> Judged:
    """A question with the features of its first hits, and which of them answer."""
    day, sources = today(), retriever.index.sources()
    whole, said = whole_of(question)
    asked = Asked.of(read(whole), retriever.analyse(years.with_years(whole, day), said=said))
    hits = found(retriever, question, day) if asked.query.concepts else []
    made = []
    for at in range(min(LEARNT, len(hits))):
        when = years.check(asked.question, asked.query, hits[at : at + 2], sources, day)
        made.append(features(asked, hits, at, when.all_missing and years.decide(asked.question, when.lacking)))
    first = hits[: len(made)]
    weight = 1.0 if group in NO_ANSWER else OF_A_SET
    weights = tuple(weight * (NOT_FIRST if at and not answerable else 1.0) for at in range(len(made)))
    return Judged(group, key or question, tuple(made), tuple(answers(hit) for hit in first), weights, answerable)


def fitted(rows: Sequence[Judged], rate: float) -> tuple[Weighing, list[str]]:
    """The weighing, and what it would do with questions held out. rate: wanted, of wrong refusals."""
    lines, weights = [], {"meaning": OF_DOCUMENTS}
    every = list(dict.fromkeys(name for row in rows for hit in row.hits for name in hit))
    for sight in UNSEEN:
        own = rows if sight == "words" else [row for row in rows if row.in_conversation == (sight == "conversation")]
        if not own:  # where nothing was said in conversations, they are judged as single questions
            weights[sight] = dict(weights["questions"])
            continue
        names = [name for name in every if name not in UNSEEN[sight]]
        values = _held_out(names, own)
        lines += [f"{sight}:", *report(own, values)]
        wanted = rate * (IN_CONVERSATION if sight == "conversation" else 1)
        cut = float(np.quantile([values[id(row)] for row in own if row.answerable], wanted))
        linear = dict(zip(names, map(float, _fit(names, own)), strict=True))
        linear["one"] -= cut
        whole = [row for row in own if row.group in OF_PEOPLE] or own
        slope = _slope(np.array([values[id(row)] - cut for row in whole]), np.array([row.answerable for row in whole]))
        linear = {name: slope * weight for name, weight in linear.items()}
        weights[sight] = {name: round(weight, 3) for name, weight in linear.items() if abs(weight) >= 0.005}
    return Weighing(weights, looked_at=LOOKED_AT), lines


def _slope(values: np.ndarray, answerable: np.ndarray) -> float:
    """By what the values are multiplied so that they tell best how sure an answer is; what begins an answer stays."""
    if min(answerable.sum(), (~answerable).sum()) < FEWEST:
        return 1.0

    def loss(slope: float) -> float:
        return float(np.logaddexp(0, np.where(answerable, -slope * values, slope * values)).mean())

    return float(min(np.arange(0.5, 4.01, 0.1), key=loss))


def report(rows: Sequence[Judged], values: dict[int, float]) -> list[str]:
    """The area under the curve, and the refusals of each group of questions at each rate of wrong refusals."""
    groups = dict.fromkeys(row.group for row in rows)
    by_group = {group: np.array([values[id(row)] for row in rows if row.group == group]) for group in groups}
    yes, no = (np.array([values[id(row)] for row in rows if row.answerable == side]) for side in (True, False))
    apart = f"，分得开的程度（AUC）{area(yes, no):.3f}" if len(no) else ""
    lines = [f"  有答案 {len(yes)} 题，没有答案 {len(no)} 题{apart}"]
    for wanted in RATES:
        cut = np.quantile(yes, wanted)
        told = "  ".join(f"{group} {(own < cut).mean():.1%}" for group, own in by_group.items())
        lines.append(f"  误拒 {wanted:.0%}：{told}")
    return lines


def area(yes: np.ndarray, no: np.ndarray) -> float:
    """The chance that an answerable question is surer than one that is not, 0-1."""
    return float((np.greater.outer(yes, no) + np.equal.outer(yes, no) / 2).mean())


def _held_out(names: Sequence[str], rows: Sequence[Judged]) -> dict[int, float]:
    """By a row's id how sure its surest hit is, with weights fitted without the rows of its fold."""
    draw = random.Random(SEED)
    fold = {key: draw.randrange(FOLDS) for key in dict.fromkeys(row.key for row in rows)}
    values = {}
    for part in range(FOLDS):
        weights = _fit(names, [row for row in rows if fold[row.key] != part])
        for row in rows:
            if fold[row.key] == part:
                values[id(row)] = float((_matrix(names, row.hits[:LOOKED_AT]) @ weights).max())
    return values


def _matrix(names: Sequence[str], hits: Sequence[dict[str, float]]) -> np.ndarray:
    return np.array([[hit.get(name, 0.0) for name in names] for hit in hits], dtype=np.float64)


def _fit(names: Sequence[str], rows: Sequence[Judged]) -> np.ndarray:
    """The most likely weights, with a little ridge and the signs fixed beforehand.

    Messages that the heads were trained on tell nothing of how sure the heads are of others: those features are 0 there.
    """
    from scipy.optimize import minimize

    known = [name in {"outside", "unknowable"} for name in names]
    parts, labels, weights = [], list[bool](), list[float]()
    for row in rows:
        made = _matrix(names, row.hits)
        made[:, known] *= row.group not in NO_ANSWER
        for at, answers in enumerate(row.answers):
            if answers is not None:
                parts.append(made[at])
                labels.append(answers)
                weights.append(row.weights[at])
    table, right, weight = np.array(parts), np.array(labels), np.array(weights) / sum(weights)
    free = np.array([name != "one" for name in names])

    def loss(tried: np.ndarray) -> tuple[float, np.ndarray]:
        value = table @ tried
        chance = 1 / (1 + np.exp(-value))
        total = weight @ np.logaddexp(0, np.where(right, -value, value))
        slope = table.T @ (weight * (chance - right))
        return float(total + RIDGE * (tried[free] ** 2).sum() / 2), slope + RIDGE * np.where(free, tried, 0.0)

    bounds = [
        (0, MOST.get(name)) if name in FOR else (-MOST.get(name, np.inf), 0) if name in AGAINST else (None, None)
        for name in names
    ]
    best: Any = minimize(loss, np.zeros(len(names)), jac=True, bounds=bounds, method="L-BFGS-B")
    return best.x


if __name__ == "__main__":
    sys.exit(main())
