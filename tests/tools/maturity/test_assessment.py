"""Scores, levels and the cheapest steps: known totals, monotone in every answer, exact against trying everything."""

from contextlib import suppress
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from corpus.rows import Item
from corpus.tables import load_tables
from tools.maturity.assessment import estimate, evaluate, item_points, level_of, scene_counts
from tools.maturity.next_level import DOUBTFUL, RESULTS, cheapest_points, cheapest_scenes, gap
from tools.maturity.practice import Reading
from tools.maturity.questionnaire import QUICK, Answers, as_data, options_of, questions, read_answers, unanswered

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine must not make a property fail; speed has tests of its own."""

TABLES = load_tables()
BEST: dict[str, Any] = {f"item-{i.id}": "全部" if i.type == "multi" else i.options[-1].id for i in TABLES.items}
BEST |= {f"scene-{s.id}": 4 for s in TABLES.scenes}
WORST: dict[str, Any] = {f"item-{i.id}": "都没有" if i.type == "multi" else i.options[0].id for i in TABLES.items}
WORST |= {f"scene-{s.id}": 0 for s in TABLES.scenes}


@st.composite
def complete_answers(draw: st.DrawFn) -> Answers:
    items = {}
    for item in TABLES.items:
        real = [option.id for option in item.options if option.points or item.type == "single"]
        chosen = draw(st.sets(st.sampled_from(real))) if item.type == "multi" else {draw(st.sampled_from(real))}
        items[item.id] = tuple(option.id for option in item.options if option.id in chosen)
    levels = draw(st.lists(st.integers(0, 4), min_size=16, max_size=16))
    return Answers(items, {s.id: Reading(n, n, "") for s, n in zip(TABLES.scenes, levels, strict=True)})


def better(answers: Answers, key: str) -> Answers | None:
    """The same answers with one of them a step higher."""
    kind, id = key.split("-", 1)
    if kind == "scene":
        level = answers.scenes[id].low
        return None if level == 4 else Answers(answers.items, {**answers.scenes, id: Reading(level + 1, level + 1, "")})
    item = next(item for item in TABLES.items if item.id == id)
    chosen = answers.items[id]
    if item.type == "single":
        at = [option.id for option in item.options].index(chosen[0])
        return (
            None
            if at + 1 == len(item.options)
            else Answers({**answers.items, id: (item.options[at + 1].id,)}, answers.scenes)
        )
    free = [option.id for option in item.options if option.points and option.id not in chosen]
    return Answers({**answers.items, id: (*chosen, free[0])}, answers.scenes) if free else None


def test_all_best_is_100_points_and_the_fourth_level() -> None:
    result = evaluate(read_answers(BEST))
    assert (result.score.low, result.score.high, result.level.low, result.complete) == (100, 100, 4, True)
    assert {name: span.low for name, (span, _) in result.dimensions.items()} == {
        "数字化基础": 50,
        "数字化管理": 30,
        "数字化成效": 20,
    }


def test_all_worst_is_0_points_and_no_level() -> None:
    result = evaluate(read_answers(WORST))
    assert (result.score.high, result.level.high, result.complete) == (0, 0, True)


@UNTIMED
@given(complete_answers(), st.sampled_from([q.key for q in questions()]))
def test_a_better_answer_never_lowers_score_or_level(answers: Answers, key: str) -> None:
    raised = better(answers, key)
    if raised is not None:
        before, after = evaluate(answers), evaluate(raised)
        assert after.score.low >= before.score.low and after.level.low >= before.level.low


@UNTIMED
@given(complete_answers(), st.sets(st.sampled_from([q.key for q in questions()])))
def test_what_is_not_answered_leaves_a_range_that_holds_the_full_result(answers: Answers, hidden: set[str]) -> None:
    part = Answers(
        {id: chosen for id, chosen in answers.items.items() if f"item-{id}" not in hidden},
        {id: reading for id, reading in answers.scenes.items() if f"scene-{id}" not in hidden},
    )
    full, span = evaluate(answers), evaluate(part)
    assert span.score.low - 1e-6 <= full.score.low <= span.score.high + 1e-6
    assert span.level.low <= full.level.low <= span.level.high
    likely = estimate(part, {}, None)
    if likely:
        assert span.score.low - 1e-6 <= likely.score.low <= likely.score.high <= span.score.high + 1e-6
        assert span.level.low <= likely.level.low <= likely.level.high <= span.level.high


@settings(UNTIMED, max_examples=60)
@given(complete_answers())
def test_the_steps_told_reach_the_next_level(answers: Answers) -> None:
    level = int(evaluate(answers).level.low) + 1
    if level > 4:
        return
    missing = gap(answers, level)
    assert missing.steps is not None
    rule = next(rule for rule in TABLES.level_rules if rule.level == level)
    score = evaluate(answers).score.low + sum(step.points for step in missing.steps)
    raised = {step.key.removeprefix("scene-") for step in missing.steps if step.key.startswith("scene-")}
    scenes = {id: rule.scene_level if id in raised else reading.low for id, reading in answers.scenes.items()}
    assert level_of(score, scenes) >= level


@settings(UNTIMED, max_examples=40)
@given(complete_answers(), st.sampled_from(TABLES.level_rules))
def test_no_other_set_of_scenes_takes_less_effort(answers: Answers, rule: Any) -> None:
    scenes: dict[str, float] = {id: reading.low for id, reading in answers.scenes.items()}
    counted, constraint = scene_counts(rule, scenes)
    more, must = max(0, rule.scenes - counted), max(0, rule.constraint_scenes - constraint)
    below = [s for s in TABLES.scenes if scenes[s.id] < rule.scene_level]
    cost = {s.id: sum(s.effort[int(scenes[s.id]) : rule.scene_level]) for s in below}
    size = max(more, must)
    tried = (
        [sum(cost[s.id] for s in pick) for pick in combinations(below, size) if sum(s.constraint for s in pick) >= must]
        if size <= 4
        else []
    )
    found = cheapest_scenes(scenes, rule, more, must)
    if tried:
        assert found is not None and sum(step.effort for step in found) == min(tried)


@settings(UNTIMED, max_examples=40)
@given(complete_answers(), st.floats(0.5, 12))
def test_no_other_set_of_items_takes_less_effort(answers: Answers, lacking: float) -> None:
    open_items = ("network_security", "mechanism", "talent", "systems", "planning")
    items = {
        i.id: answers.items[i.id]
        if i.id in open_items
        else tuple(o.id for o in i.options if o.points)[-99 if i.type == "multi" else -1 :]
        for i in TABLES.items
    }
    steps = cheapest_points(Answers(items, answers.scenes), lacking)
    options = [_ways(item, items[item.id]) for item in TABLES.items if item.id in open_items]
    totals = {(0, 0.0)}
    for ways in options:
        totals = {(e + de, round(p + dp, 4)) for e, p in totals for de, dp in ways}
    enough = [effort for effort, points in totals if points + 1e-9 >= lacking]
    if enough:
        assert steps is not None and sum(step.effort for step in steps) == min(enough)


def _ways(item: Item, chosen: tuple[str, ...]) -> set[tuple[int, float]]:
    """Every (effort, points) that one item can bring, by trying all."""
    if item.type == "single":
        at = [option.id for option in item.options].index(chosen[0])
        base = item.options[at].points
        return {
            (sum(o.effort for o in item.options[at + 1 : n + 1]), round(item.options[n].points - base, 4))
            for n in range(at, len(item.options))
        }
    free = [o for o in item.options if o.points and o.id not in chosen]
    picks = [pick for n in range(len(free) + 1) for pick in combinations(free, n)]
    return {(sum(o.effort for o in pick), round(sum(o.points for o in pick), 4)) for pick in picks}


def test_outcomes_and_the_doubted_item_are_no_steps_while_others_suffice() -> None:
    missing = gap(read_answers(WORST), 3)
    assert missing.steps and not {step.key.removeprefix("item-") for step in missing.steps} & {*RESULTS, *DOUBTFUL}


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("item-network", "BC", ("shopfloor", "application")), ("网络建设", ["B", "5g"], ("shopfloor", "5g")), ("q1", "无", ("none",)),
        ("设备数字化率", "35%", ("b2",)), ("q2", 40, ("b3",)), ("q2", 100, ("b4",)), ("q2", 10, ("b1",)), ("q5", "C", ("several",)), ("q5", 3, ("several",)),
        ("q12", "降低了", ("better",)), ("q6", "都没有", ()), ("q6", "全部", ("policy", "product", "assessment", "boundary")), ("q4", "财务管理、人力资源", ("finance", "hr")),
    ],
)  # fmt: skip
def test_items_are_answered_as_people_answer(key: str, value: object, expected: tuple[str, ...]) -> None:
    assert list(read_answers({key: value}).items.values()) == [expected]


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (2, (2, 2)),
        ("二级", (2, 2)),
        ("L3", (3, 3)),
        ("集成级", (3, 3)),
        ("没有", (0, 0)),
        ("A", (0, 0)),
        ("1到2", (1, 2)),
        ("用Excel记", (1, 1)),
    ],
)
def test_scenes_are_answered_by_level_letter_or_description(value: object, level: tuple[int, int]) -> None:
    reading = read_answers({"生产管控": value}).scenes["production"]
    assert (reading.low, reading.high) == level


def test_skipped_and_unknown_questions_stay_open() -> None:
    answers = read_answers({"q1": "不知道", "s6": None, "s7": "跳过"})
    assert not answers.keys and len(unanswered(answers)) == 31
    assert answers.unknown == ("item-network",) and answers.skipped == ("scene-production", "scene-quality")


@pytest.mark.parametrize(
    "given_answers",
    [
        {"没这题": 1}, {"q1": ["无", "车间有工控网络"]}, {"q2": 150}, {"q2": -1}, {"q5": 9}, {"q5": "AB"}, {"q2": [1, 2]}, {"s6": 7}, {"s6": -1}, {"s6": True}, {"s6": "啊"},
        {"q1": "Z"}, {"planning": 1}, {"s6": "9" * 5000}, {"q2": {"a": 1}}, {"名" * 10_000: 1},
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_in_one_sentence(given_answers: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        read_answers(given_answers)
    assert len(refused.value.message) < 90 and refused.value.message.endswith("。")


@UNTIMED
@given(
    st.dictionaries(
        st.sampled_from([q.key for q in questions()]),
        st.text(max_size=20) | st.integers() | st.booleans() | st.lists(st.text(max_size=5)),
        max_size=4,
    )
)
def test_any_answer_is_read_or_refused_never_a_crash(given_answers: dict[str, Any]) -> None:
    with suppress(BadInput):
        evaluate(read_answers(given_answers))


@UNTIMED
@given(complete_answers())
def test_answers_saved_are_read_back_the_same(answers: Answers) -> None:
    again = read_answers(answers.as_json())
    assert again.items == answers.items and evaluate(again) == evaluate(answers)


def test_each_question_tells_its_options_and_what_an_on_site_check_looks_at() -> None:
    assert len(questions()) == 31 and [q.key for q in questions()[:10]] == list(QUICK)
    for question in questions():
        shown = as_data(question)
        assert shown["evidence"] and shown["question"] and shown["explanation"] and len(shown["options"]) >= 3
        assert all("effort" in option for option in options_of(question.row))


def test_points_of_an_item_add_up() -> None:
    assert item_points(TABLES.items[3], tuple(option.id for option in TABLES.items[3].options)) == 10


def test_skipped_questions_come_last_the_longest_ago_first() -> None:
    first, second, third = (q.key for q in unanswered(read_answers({}))[:3])
    left = [q.key for q in unanswered(read_answers({second: "跳过", first: "不清楚"}))]
    assert left[0] == third and left[-2:] == [second, first] and len(left) == 31
    assert read_answers({first: "跳过"}).keys == set()
