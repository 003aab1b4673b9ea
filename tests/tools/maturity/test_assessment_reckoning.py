"""Points and levels of every kind of answers against a second, plain reckoning that reads the table's file itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools import registry
from tools.maturity.assessment import Evaluation, Span, evaluate, score_text
from tools.maturity.next_level import gap
from tools.maturity.questionnaire import NOT_APPLICABLE, SKIP, UNKNOWN, options_of, questions, read_answers

UNTIMED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
ROWS = yaml.safe_load((Path(__file__).parents[3] / "corpus/data/maturity_2024.yaml").read_text(encoding="utf-8"))
ITEMS = {row["id"]: row for row in ROWS if row["row"] == "item"}
SCENES = {row["id"]: row for row in ROWS if row["row"] == "scene"}
RULES = [row for row in ROWS if row["row"] == "level_rule"]
KEYS = [*(f"item-{id}" for id in ITEMS), *(f"scene-{id}" for id in SCENES)]


def is_open(value: Any) -> bool:
    return isinstance(value, str) and value in (UNKNOWN, SKIP)


def reckoned_level(score: float, levels: dict[str, int]) -> int:
    best = 0
    for rule in RULES:
        there = [id for id, level in levels.items() if level >= rule["scene_level"]]
        must = [id for id in there if SCENES[id]["constraint"]]
        if score >= rule["score"] - 1e-6 and len(there) >= rule["scenes"] and len(must) >= rule["constraint_scenes"]:
            best = max(best, rule["level"])
    return best


def reckoned(answers: dict[str, Any]) -> tuple[float, float, int, int]:
    """(least points, most points, least level, most level) of answers that are ids, levels, or a word instead of one."""
    low = high = 0.0
    full = 100.0
    for id, item in ITEMS.items():
        value = answers.get(f"item-{id}", SKIP)
        if value == NOT_APPLICABLE:
            full -= item["points"]
        elif is_open(value):
            high += item["points"]
        else:
            ids = value if isinstance(value, list) else [value]
            got = sum(option["points"] for option in item["options"] if option["id"] in ids)
            low, high = low + got, high + got
    high = min(100.0, high * 100 / full) if full > 1e-9 else 0.0
    least, most = dict[str, int](), dict[str, int]()
    for id in SCENES:
        value = answers.get(f"scene-{id}", SKIP)
        if value == NOT_APPLICABLE:
            least[id] = most[id] = 0
        elif is_open(value):
            least[id], most[id] = 0, 4
        else:
            least[id] = most[id] = value
    return low, high, reckoned_level(low, least), reckoned_level(high, most)


def agree(answers: dict[str, Any]) -> Evaluation:
    found = evaluate(read_answers(answers))
    low, high, level_low, level_high = reckoned(answers)
    assert found.score.low == pytest.approx(low, abs=1e-3) and found.score.high == pytest.approx(high, abs=1e-3)
    assert (found.level.low, found.level.high) == (level_low, level_high)
    return found


def any_choice(key: str) -> st.SearchStrategy[Any]:
    if key.startswith("scene-"):
        return st.integers(0, 4)
    item = ITEMS[key.removeprefix("item-")]
    ids = [option["id"] for option in item["options"]]
    if item["type"] == "single":
        return st.sampled_from(ids)
    return st.lists(st.sampled_from([id for id in ids if id != "none"]), unique=True)


COMPLETE = st.fixed_dictionaries({key: any_choice(key) for key in KEYS})
ANY = st.fixed_dictionaries(
    {key: st.one_of(any_choice(key), st.sampled_from([NOT_APPLICABLE, UNKNOWN, SKIP])) for key in KEYS}
)
TOP: dict[str, Any] = {
    f"item-{id}": [o["id"] for o in item["options"] if o["points"]]
    if item["type"] == "multi"
    else max(item["options"], key=lambda option: option["points"])["id"]
    for id, item in ITEMS.items()
} | {f"scene-{id}": 4 for id in SCENES}


@pytest.mark.parametrize(
    ("word", "score", "level"),
    [(NOT_APPLICABLE, (0, 0), (0, 0)), (UNKNOWN, (0, 100), (0, 4)), (SKIP, (0, 100), (0, 4))],
)
def test_all_questions_answered_by_one_word(word: str, score: tuple[int, int], level: tuple[int, int]) -> None:
    found = agree(dict.fromkeys(KEYS, word))
    assert (found.score.low, found.score.high) == score and (found.level.low, found.level.high) == level
    outcome = registry.run("maturity", {"答案": dict.fromkeys(KEYS, word)})
    assert outcome.text and outcome.data["next_question"] is None


def test_nothing_done_anywhere_is_no_level_and_everything_done_is_the_fourth() -> None:
    nothing = {key: "没有" for key in KEYS if key not in {f"item-{i}" for i in ("energy", "quality", "market", "cost")}}
    nothing |= {f"item-{id}": "worse" for id in ("energy", "quality", "market", "cost")}
    found = evaluate(read_answers(nothing))
    assert found.complete and (found.score.high, found.level.high) == (0, 0)
    assert agree(TOP).level == Span(4, 4)


@UNTIMED
@given(COMPLETE)
def test_31_answers_come_to_what_a_second_reckoning_says(answers: dict[str, Any]) -> None:
    found = agree(answers)
    assert found.complete and found.score.exact and found.level.exact


@UNTIMED
@given(ANY)
def test_answers_with_words_instead_come_to_what_a_second_reckoning_says(answers: dict[str, Any]) -> None:
    agree(answers)


@UNTIMED
@given(ANY, st.data())
def test_every_completion_lies_in_the_range(answers: dict[str, Any], data: st.DataObject) -> None:
    span = evaluate(read_answers(answers))
    filled = {
        key: data.draw(st.one_of(any_choice(key), st.just(NOT_APPLICABLE))) if is_open(value) else value
        for key, value in answers.items()
    }
    full = evaluate(read_answers(filled))
    assert span.score.low - 1e-3 <= full.score.low and full.score.high <= span.score.high + 1e-3
    assert span.level.low <= full.level.low and full.level.high <= span.level.high


@UNTIMED
@given(ANY, st.sampled_from(KEYS))
def test_a_better_answer_never_lowers(answers: dict[str, Any], key: str) -> None:
    if answers[key] in (NOT_APPLICABLE, UNKNOWN, SKIP):
        return
    before, after = evaluate(read_answers(answers)), evaluate(read_answers({**answers, key: TOP[key]}))
    assert after.score.low >= before.score.low and after.score.high >= before.score.high
    assert after.level.low >= before.level.low and after.level.high >= before.level.high


@UNTIMED
@given(COMPLETE, st.sampled_from(KEYS), st.sampled_from([UNKNOWN, SKIP]))
def test_30_of_31_answered_give_a_level_as_sure_as_can_be_and_advice(
    answers: dict[str, Any], key: str, word: str
) -> None:
    outcome = registry.run("maturity", {"答案": {**answers, key: word}})
    data = outcome.data
    _, _, low, high = reckoned({**answers, key: word})
    assert (data["level_low"], data["level_high"]) == (low, high)
    if low == high:
        assert "怎么答都是这一级" in outcome.text
    if data["level_low"] < 4:
        assert data["gap"]["words"] in outcome.text and data["gap"]["level"] == data["level_low"] + 1
        assert data["gap"]["steps"] or "没有能补的" in outcome.text
    assert data["open"] == [{"key": key, "name": data["open"][0]["name"], "passed": True}] and "补答" in outcome.text


@UNTIMED
@given(ANY)
def test_the_gap_names_the_points_and_scenes_of_the_rule(answers: dict[str, Any]) -> None:
    found = evaluate(read_answers(answers))
    level = int(found.level.low) + 1
    if level > 4:
        return
    rule, missing = RULES[level - 1], gap(read_answers(answers), level)
    low, high, *_ = reckoned(answers)
    assert missing.points.high == pytest.approx(max(0, rule["score"] - low), abs=1e-3)
    assert missing.points.low == pytest.approx(max(0, rule["score"] - high), abs=1e-3)
    sure = [f"scene-{id}" for id in SCENES if isinstance(answers[f"scene-{id}"], int)]
    there = [key for key in sure if answers[key] >= rule["scene_level"]]
    must = [key for key in there if SCENES[key.removeprefix("scene-")]["constraint"]]
    assert missing.scenes.high == max(0, rule["scenes"] - len(there))
    assert missing.constraint_scenes.high == max(0, rule["constraint_scenes"] - len(must))
    assert missing.points.high or missing.scenes.high or missing.constraint_scenes.high


def test_a_gap_of_points_is_told_as_the_range_it_is() -> None:
    """25 to 33 points are 7 to 15 short of 40, never 0."""
    answers: dict[str, Any] = {key: "没有" for key in KEYS if key.startswith("scene-")}
    answers |= {f"scene-{id}": 1 for id in list(SCENES)[:8]}
    answers |= {
        "item-network": ["shopfloor", "application", "5g", "full"],
        "item-systems": "several",
        "item-planning": "pilot",
    }
    answers |= {"item-talent": ["people", "post", "training", "pay", "ladder"], "item-network_security": UNKNOWN}
    answers |= {"item-data_security": "没有", "item-mechanism": "没有", "item-investment": "b0", "item-energy": "worse"}
    answers |= {"item-quality": "worse", "item-market": "worse", "item-cost": UNKNOWN, "item-digital_equipment": "b0"}
    answers |= {"item-connected_equipment": "b0", "item-data_collection": "没有"}
    outcome = registry.run("maturity", {"答案": answers})
    assert (outcome.data["score_low"], outcome.data["score_high"]) == (25, 33)
    assert gap(read_answers(answers), 2).points == Span(7, 15)
    assert "还缺6个做到二级的场景" in outcome.text


@UNTIMED
@given(st.floats(0, 100), st.floats(0, 100))
def test_a_range_of_points_is_told_in_whole_points_and_not_up_to_a_line_not_reached(a: float, b: float) -> None:
    low, high = sorted((round(a, 3), round(b, 3)))
    told = score_text(Span(low, high))
    if low == high:
        assert float(told) == low
        return
    ends = [int(end) for end in told.split("到")]
    assert ends[0] <= low + 1e-9 and all(end < line for end in ends for line in (20, 40, 60, 80) if high < line)
    assert ends[-1] >= high - 1


@pytest.mark.parametrize("question", questions(), ids=lambda q: q.key)
def test_every_question_takes_none_unknown_not_applicable_and_skip(question: Any) -> None:
    from tools.maturity.questionnaire import as_data

    assert read_answers({question.key: "不知道"}).unknown == (question.key,)
    assert read_answers({question.key: "不适用"}).not_applicable == (question.key,)
    assert read_answers({question.key: "跳过"}).skipped == (question.key,)
    shown = as_data(question)
    assert {row["id"] for row in shown["instead"]} == {UNKNOWN, NOT_APPLICABLE}
    if question.key.removeprefix("item-") not in {"energy", "quality", "market", "cost"} or not question.is_item:
        answers = read_answers({question.key: "都没有"})
        assert question.key in answers.keys and evaluate(answers).score.low == 0
    for option in options_of(question.row):
        assert question.key in read_answers({question.key: option["letter"]}).keys
        assert question.key in read_answers({question.key: option["text"]}).keys
        assert not any(word in option["text"] for word in ("存疑", "见上", "说明", "[", "指标"))
