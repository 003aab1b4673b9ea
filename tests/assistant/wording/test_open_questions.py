"""Over open questions no model makes an answer worse; all of them are measured with tests.engine_doubles.bench_worded."""

from __future__ import annotations

from assistant.chat import Assistant
from tests.engine_doubles.bench_worded import open_questions, tally


def test_whatever_words_them_answers_keep_their_facts_and_show_nothing_of_a_prompt(guide: Assistant) -> None:
    out = tally(list(open_questions(guide, 3, 5)), 5)
    for kind in ("rewordings", "planted", "wrecked"):
        assert out.facts[f"{kind} told"] >= out.facts[f"{kind} composed"] > 0
    assert not out.refused and not out.shown and not out.echoed
    assert out.accepted["rewordings"] == out.tried["rewordings"] == 30
