"""Fit what tells which messages are better asked back about than answered: `python -m eval.train.declining [--keep] [FILE…]`.

What users want of our sets that were read, and of FILEs in the same format, goes through the assistant as it is; of each that it would
answer from the knowledge the signs are taken (assistant/judging/declining.py) and whether its author wanted an answer. Prints what
it would do with the questions of an author on whose other questions it was not fitted; run after the heads and the judge.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.judging.declining import FILE, Declining, features, write_declining
from assistant.state import State
from core.settings import load_settings
from core.types import Answer, Done
from corpus.encoder.encoder import FOLDER, Encoder
from eval.outcome import declines
from eval.questions import Need, Row, bundled_files, read_questions

PULL = 0.3
"""Inverse strength of the penalty on weights."""
BY_ONE = 120
"""So many of the questions that the older sets number through were written by one author."""
BOUNDS = (0.3, 0.4, 0.5, 0.6, 0.7)
BOUND = 0.5
"""Chosen by the questions held out: below it what is declined wrongly grows faster than what is declined rightly."""


@dataclass(frozen=True)
class Seen:
    """A question with what became of it. signs: None where it has several parts, goes to a tool or is small talk; wanted: whether it is to be answered."""

    author: str
    signs: dict[str, float] | None
    wanted: bool
    declined: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Gather, fit, print, and write the file."""
    parser = argparse.ArgumentParser(prog="python -m eval.train.declining", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--keep", action="store_true", help="measure only, do not write the weights")
    args = parser.parse_args(arguments)
    rows = [row for path in [*bundled_files(), *args.files] for row in read_questions(path)]
    with tempfile.TemporaryDirectory() as folder:
        seen = list(gathered(rows, Path(folder)))
    for line in report(seen):
        print(line, flush=True)
    if not args.keep:
        made = fitted([one for one in seen if one.signs])
        write_declining(FOLDER / FILE, made, {"questions": len(seen), "encoder": Encoder().id})
    return 0


def gathered(rows: Sequence[Row], home: Path) -> Iterator[Seen]:
    """Everything that a user wants, asked; without a model, and with nothing declined by what is fitted here."""
    settings = load_settings().model_copy(update={"home": home, "engine": "extractive"})
    guide = build_assistant(settings)
    assert guide.understander
    guide.understander.declining = None
    for at, row in enumerate(rows):
        if isinstance(row, Need):
            yield _seen(guide, row, f"fit-{at}")


def _seen(guide: Assistant, row: Need, session: str) -> Seen:
    last: list[State] = []
    answer = Answer(row.question, "")
    for turn in row.turns:
        last.clear()
        events = guide.ask(turn, session=session, watch=last.append)
        answer = next(event.answer for event in events if isinstance(event, Done))
    state = last[-1]
    part = state.parts[0] if len(state.parts) == 1 and not state.said else None
    signs = None
    if part and part.looked and part.means and not part.computed:
        score = part.looked.hits[0].score if part.looked.hits else 0.0
        signs = features(part.means, part.looked.verdict, score)
    return Seen(author_of(row.id), signs, not declines(row.expect), answer.refused)


def author_of(name: str) -> str:
    """Who wrote a question, by its id: blind7-012 → blind7, need-130 → need1."""
    author, _, number = name.rpartition("-")
    return f"{author}{int(number) // BY_ONE}" if author == "need" and re.fullmatch(r"\d+", number) else author


def fitted(seen: Sequence[Seen]) -> Declining:
    """The model on these questions, all of which have signs."""
    from sklearn.linear_model import LogisticRegression

    names = list(dict.fromkeys(name for one in seen for name in one.signs or {}))
    table = np.array([[(one.signs or {}).get(name, 0.0) for name in names] for one in seen])
    middle, spread = table.mean(0), table.std(0) + 1e-6
    model = LogisticRegression(C=PULL, max_iter=2000).fit((table - middle) / spread, [not one.wanted for one in seen])
    slopes = model.coef_[0] / spread
    weights = dict(zip(names, map(float, slopes), strict=True))
    return Declining({"": float(model.intercept_[0] - slopes @ middle), **weights}, BOUND)


def report(seen: Sequence[Seen]) -> list[str]:
    """What is declined of what is to be, and wrongly, as it is and with the model at each bound; an author's by the others'."""
    chance = np.zeros(len(seen))
    for author in {one.author for one in seen}:
        others = fitted([one for one in seen if one.signs and one.author != author])
        for at, one in enumerate(seen):
            if one.author == author and one.signs:
                chance[at] = others.chance(one.signs)
    wanted, declined = np.array([one.wanted for one in seen]), np.array([one.declined for one in seen])
    lines = [f"{len(seen)} 题，{int((~wanted).sum())} 题不该答。", _shares("不用它", declined, wanted)]
    return lines + [_shares(f"{bound} 起", declined | (chance >= bound), wanted) for bound in BOUNDS]


def _shares(name: str, declined: np.ndarray, wanted: np.ndarray) -> str:
    return f"{name}：该拒该问 {declined[~wanted].mean():.1%}，不该拒的拒了 {declined[wanted].mean():.1%}"


if __name__ == "__main__":
    sys.exit(main())
