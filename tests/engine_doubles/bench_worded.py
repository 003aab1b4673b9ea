"""What stands in the end when models of every kind word the answers to open questions: nothing worse than what was composed.

python -m tests.engine_doubles.bench_worded [QUESTIONS] [SEED] asks so many open questions of eval/sets and has each answer worded by
every double of worded.py; it prints the facts of the answers, the rewordings refused and the errors shown.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.state import State
from assistant.wording.accept import Acceptance, Worded
from assistant.wording.echo import of_prompt
from assistant.wording.generate import wordable
from core.settings import Settings
from core.text import squeeze
from eval.metrics import facts_found
from eval.questions import read_questions
from tests.engine_doubles.worded import PLANTED, REWORDINGS, WRECKED, planted, rewording, wrecked

Facts = Sequence[Sequence[str]]
QUESTIONS, SEED = 100, 7


@dataclass
class Tally:
    """Sums over all answers. refused: good rewordings that were; struck: of those accepted, with a sentence struck; shown: planted errors that were."""

    facts: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    struck: list[tuple[str, str]] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    echoed: list[str] = field(default_factory=list)
    accepted: Counter[str] = field(default_factory=Counter)


def open_questions(guide: Assistant, count: int, seed: int) -> Iterator[tuple[State, Facts]]:
    """The state of so many open questions that a model may word, each with the facts that a good answer has."""
    folder = Path(str(files("eval"))) / "sets"
    rows = [row for name in ("qa", "needs") for row in read_questions(folder / f"{name}.jsonl")]
    random.Random(seed).shuffle(rows)
    for row in rows:
        facts = getattr(row, "facts", None) or getattr(row, "must", None)
        if not facts or len(row.turns) > 1 or count <= 0:
            continue
        states: list[State] = []
        list(guide.ask(row.turns[0], watch=states.append))
        state = states[-1]
        if state.composed and not state.computed and wordable(state.standalone, state.composed):
            count -= 1
            yield state, facts


def tally(states: Sequence[tuple[State, Facts]], seed: int) -> Tally:
    """Every double over every answer."""
    dice, out = random.Random(seed), Tally()
    for state, facts in states:
        assert state.composed
        own = Acceptance(state.standalone, state.composed)
        body, question = own.body, state.standalone
        for name in REWORDINGS:
            told = _told(state, rewording(name, body, dice).text)
            out.tried["rewordings"] += 1
            out.refused += [(name, told.why)] * (not told.text)
            out.struck += [(name, str(told.struck))] * bool(told.text and told.struck)
            _count(out, "rewordings", state, told, facts)
        for name in PLANTED:
            if (double := planted(name, body, question, dice)) and double.planted:
                told = _told(state, double.text)
                out.tried["planted"] += 1
                bare = squeeze(re.sub(r"\s*\[\d+\]", "", told.text))
                out.shown += [(name, double.planted)] * (squeeze(double.planted) in bare)
                _count(out, "planted", state, told, facts)
        for name in WRECKED:
            out.tried["wrecked"] += 1
            _count(out, "wrecked", state, _told(state, wrecked(name, body, question, dice).text), facts)
    return out


def _told(state: State, text: str) -> Worded:
    """The verdict on a model's words, heard in small pieces as they would stream."""
    assert state.composed
    looked = state.parts[0].looked
    one = Acceptance(state.standalone, state.composed, None, state.desk.sources, looked.query if looked else None)
    all(map(one.hear, (text[at : at + 7] for at in range(0, len(text), 7))))
    return one.finished()


def _count(out: Tally, kind: str, state: State, told: Worded, facts: Facts) -> None:
    """Count the facts of the composed answer and of what stands in its place."""
    assert state.composed
    out.accepted[kind] += bool(told.text)
    out.facts[f"{kind} of"] += len(facts)
    out.facts[f"{kind} composed"] += sum(facts_found(facts, state.composed.text))
    out.facts[f"{kind} told"] += sum(facts_found(facts, told.text or state.composed.text))
    given = f"{state.composed.text}\n{state.standalone}"
    out.echoed += [s for s in told.sentences if of_prompt(s, given)]


def main() -> None:
    count, seed = [*map(int, sys.argv[1:3]), QUESTIONS, SEED][:2] if len(sys.argv) > 2 else (QUESTIONS, SEED)
    with tempfile.TemporaryDirectory(prefix="xiangdao-") as folder:
        guide = build_assistant(Settings(home=Path(folder)), remember=False)
        out = tally(list(open_questions(guide, count, seed)), seed)
    for kind in ("rewordings", "planted", "wrecked"):
        of, composed, told = (out.facts[f"{kind} {name}"] for name in ("of", "composed", "told"))
        print(
            f"{kind}: {out.tried[kind]} tried, {out.accepted[kind]} accepted; facts {composed / of:.1%} composed, {told / of:.1%} told"
        )
    print(f"rewordings refused {len(out.refused)}: {Counter(out.refused)}")
    print(f"rewordings with a sentence struck {len(out.struck)}")
    print(f"planted errors shown {len(out.shown)} of {out.tried['planted']}: {Counter(name for name, _ in out.shown)}")
    print(f"sentences of the prompt shown {len(out.echoed)}")
    for name, text in (*out.shown[:20], *out.struck[:10]):
        print(f"- {name}: {text}")


if __name__ == "__main__":
    main()
