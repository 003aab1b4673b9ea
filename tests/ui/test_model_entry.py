"""What is said of the entry test of wording."""

from __future__ import annotations

from pathlib import Path

from assistant.engine.choose import open_engine
from assistant.engine.contract import Engine, EngineSettings
from assistant.wording.entry import QUESTIONS, Mark, keep, refused
from tests.engine_doubles.endpoint import ScriptedEndpoint
from ui.model_entry import finding


def engine(url: str) -> Engine:
    made = open_engine(EngineSettings(engine="remote", remote_url=url))
    assert made
    return made


def test_the_mark_is_told_with_its_figure_and_what_follows_from_it(tmp_path: Path) -> None:
    one = engine("http://127.0.0.1:9/v1")
    assert finding(one, tmp_path) is None, "a model elsewhere is not tried unasked"
    keep(tmp_path, one.settings, Mark(1, 6, 12.0))
    facts: dict[str, object] = {}
    told = finding(one, tmp_path, facts=facts)
    assert told and not told[0] and "6 题对 1 题" in told[1] and "不用它改写答案" in told[1] and refused(tmp_path, one)
    assert facts == {"wording": {"right": 1, "asked": 6, "passed": False}}
    keep(tmp_path, one.settings, Mark(9, 10, 12.0))
    told = finding(one, tmp_path)
    assert told and told[0] and "10 题对 9 题" in told[1] and not refused(tmp_path, one)


def test_a_model_that_says_each_answer_whole_passes_and_one_that_asks_back_fails_early() -> None:
    from assistant.wording.entry import sit

    with ScriptedEndpoint(*[[text] for _, text in QUESTIONS]) as double:
        mark = sit(engine(double.url))
    assert mark.passed and mark.right == mark.asked == len(QUESTIONS)
    with ScriptedEndpoint(["您想问什么呢？"]) as double:
        mark = sit(engine(double.url))
    assert not mark.passed and mark.right == 0 and mark.asked == 5
