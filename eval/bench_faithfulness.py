"""Number faithfulness over many made-up questions: python -m eval.bench_faithfulness [--questions 2000] [--seed 7]

Of the questions three quarters are about the bundled cards and one quarter about made-up notices with figures of every
form, which are taken into a data folder of their own that is removed afterwards. Ends with 1 where a figure is unfounded.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.errors import BadQuestion
from core.settings import load_settings
from core.types import Answer
from eval.faithfulness import stated_figures
from eval.figured_notices import figured_notices
from eval.made_questions import Turns, made_questions
from eval.runner import Runner

QUESTIONS, SEED = 2000, 7
NOTICES = 12
OF_NOTICES = 4
"""One question in so many is about the notices."""


@dataclass(frozen=True)
class Tried:
    """One conversation, its last answer, how many figures that states and which of them stand nowhere."""

    turns: Turns
    answer: Answer
    figures: int
    unfounded: tuple[str, ...]


def assistant_with_notices(home: Path, seed: int = SEED) -> Assistant:
    """An assistant over the cards and made-up notices, in a data folder of its own."""
    from ingest.pipeline import Ingestor

    assistant = build_assistant(load_settings().model_copy(update={"home": home}), remember=False)
    folder = home / "notices"
    folder.mkdir()
    for number, text in enumerate(figured_notices(NOTICES, seed)):
        (folder / f"notice-{number}.md").write_text(text, encoding="utf-8")
    Ingestor(assistant.retriever.index).ingest(sorted(folder.glob("*.md")))
    return assistant


def tried(assistant: Assistant, count: int, seed: int = SEED) -> Iterator[Tried]:
    """Ask so many questions and hold each answer's figures against what it stands on."""
    runner = Runner(assistant)
    every = [passage for _, passage in assistant.retriever.index.ledger.all_passages()]
    of_cards = [p for p in every if p.origin == "card"]
    of_notices = [p for p in every if p.origin == "document"] or of_cards
    asked = [
        *made_questions(of_notices, count // OF_NOTICES, seed),
        *made_questions(of_cards, count - count // OF_NOTICES, seed),
    ]
    for turns in asked:
        session = f"made-{uuid.uuid4().hex[:12]}" if len(turns) > 1 else None
        try:
            answer = [assistant.answer(turn, session) for turn in turns][-1]
        except BadQuestion:
            continue
        finally:
            if session:
                assistant.history.forget(session)
        yield Tried(turns, answer, len([*stated_figures(answer.text)]), runner.unfounded(answer, turns))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="xiangdao-") as folder:
        every = list(tried(assistant_with_notices(Path(folder), given.seed), given.questions, given.seed))
    stated, bad = sum(t.figures for t in every), [t for t in every if t.unfounded]
    for t in bad[:50]:
        print(f"- {' ▸ '.join(t.turns)}：{'、'.join(t.unfounded)}")
    refused = sum(t.answer.refused for t in every)
    lost = sum(len(t.unfounded) for t in bad)
    print(f"{len(every)} 问（拒答 {refused}），答案里的数字 {stated} 个，找不到出处的 {lost} 个。")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
