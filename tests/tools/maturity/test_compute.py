"""The maturity tool as an owner meets it: a range from a few words, questions that resume, a level from all answers."""

from typing import Any

import pytest

from core.errors import BadInput
from corpus.tables import load_tables
from tools import registry
from tools.maturity.practice import read_area
from tools.outcome import Outcome

TABLES = load_tables()
WORST: dict[str, Any] = {f"item-{i.id}": "都没有" if i.type == "multi" else i.options[0].id for i in TABLES.items}
WORST |= {f"scene-{s.id}": 0 for s in TABLES.scenes}
BEST: dict[str, Any] = {f"item-{i.id}": "全部" if i.type == "multi" else i.options[-1].id for i in TABLES.items}
BEST |= {f"scene-{s.id}": 4 for s in TABLES.scenes}


def maturity(**arguments: Any) -> Outcome:
    return registry.run("maturity", arguments)


@pytest.mark.parametrize(
    ("area", "said", "scene", "levels"),
    [
        ("生产制造", "车间就靠Excel和微信群", "production", (1, 1)), ("生产制造", "纸质单子流转", "production", (0, 1)),
        ("生产制造", "没系统", "production", (0, 1)), ("研发设计", "CAD", "design", (1, 1)), ("采购供应", "仓库用管家婆进销存", "warehouse", (2, 2)),
        ("市场营销", "上了CRM", "sales", (2, 2)), ("生产制造", "MES扫码报工，但还没和ERP打通", "production", (2, 2)),
        ("生产制造", "质检用机器视觉", "quality", (3, 4)), ("生产制造", "MES有了，还是Excel多", "production", (1, 3)),
    ],
)  # fmt: skip
def test_free_text_becomes_a_scene_level_with_the_reason(
    area: str, said: str, scene: str, levels: tuple[int, int]
) -> None:
    reading = read_area(area, said)[scene]
    assert (reading.low, reading.high) == levels
    assert said[:6] in reading.reason and len(reading.reason) > len(said)


@pytest.mark.parametrize("said", ["准备上MES", "没有MES，也没想好", "阿巴阿巴"])
def test_what_is_only_planned_or_makes_no_sense_is_no_level(said: str) -> None:
    readings = read_area("生产制造", said)
    assert all(reading.high <= 1 for reading in readings.values())


def test_a_few_words_give_a_range_with_its_reasons_and_the_official_self_test() -> None:
    outcome = maturity(已用系统=["金蝶ERP", "钉钉"], 生产制造="纸质")
    assert outcome.data["mode"] == "quick" and outcome.certainty == "own"
    likely = outcome.data["estimate"]
    assert likely["level_low"] < likely["level_high"] <= 2
    assert (
        "金蝶ERP" in outcome.text
        and "纸质" in outcome.text
        and "zjtx.miit.gov.cn" in outcome.text
        and "不是官方评定" in outcome.text
    )
    assert "采购供应" in outcome.asks and "已用系统" not in outcome.asks
    assert (outcome.data["level_low"], outcome.data["level_high"]) == (
        0,
        4,
    ) and "还不到一级到四级都有可能" in outcome.text


def test_better_systems_do_not_lower_the_range() -> None:
    poor, rich = (
        maturity(生产制造="纸质"),
        maturity(生产制造="MES自动采集，和ERP打通", 已用系统=["SRM", "WMS", "QMS", "PLM"]),
    )
    more, less = rich.data["estimate"], poor.data["estimate"]
    assert more["level_high"] > less["level_high"] and more["score_high"] > less["score_high"]


def test_with_nothing_told_it_offers_the_first_question_and_no_level() -> None:
    outcome = maturity(行业="通用设备")
    assert outcome.data["mode"] == "start" and len(outcome.data["questions"]) == 10
    assert "还剩31题" in outcome.text and "一级（" not in outcome.text.partition("同行对照")[0]


def test_the_assessment_resumes_where_it_stopped() -> None:
    answers: dict[str, Any] = {}
    for number in range(31):
        outcome = maturity(答案=answers)
        assert outcome.data["answered"] == number
        question = outcome.data["next_question"]
        assert question["key"] not in answers and question["evidence"]
        answers = {**outcome.data["answers"], question["key"]: question["options"][0]["letter"]}
    done = maturity(答案=answers)
    assert done.data["mode"] == "full" and done.data["next_question"] is None and done.asks == ()


def test_a_vague_answer_is_kept_as_a_range_and_asked_again() -> None:
    outcome = maturity(答案={**BEST, "scene-design": "1到2"})
    assert outcome.data["mode"] == "partial" and outcome.data["next_question"]["key"] == "scene-design"


def test_all_best_and_all_worst() -> None:
    best, worst = maturity(答案=BEST), maturity(答案=WORST)
    assert best.text.startswith("**四级（协同级）**，100分") and best.data["gap"] is None
    assert worst.text.startswith("**还不到一级（无等级）**，0分") and worst.data["gap"]["points"] == 20


def test_the_gap_names_points_scenes_steps_and_their_effort() -> None:
    answers = {
        **WORST,
        "q1": "BC",
        "q5": "C",
        "q8": "D",
        "q9": "全部",
        "q12": "持平",
        "q13": "提高了",
        "q14": "B",
        "q15": 3,
    }
    answers |= {f"s{n}": 2 for n in (3, 6, 7, 11, 12)}
    outcome = maturity(答案=answers, 行业="汽配")
    missing = outcome.data["gap"]
    assert missing["level"] == outcome.data["level_low"] + 1
    assert missing["effort"] == sum(step["effort"] for step in missing["steps"]) > 0
    assert "最省力" in outcome.text and "本项目的估计" in outcome.text


def test_peers_and_both_stage_models_stand_beside_the_level() -> None:
    answers = {**BEST, **{f"scene-{s.id}": 3 for s in TABLES.scenes}}
    outcome = maturity(答案=answers, 行业="汽配")
    assert outcome.data["level_low"] == 3
    assert outcome.data["peers"][0]["label"] == "汽车制造业" and "41.7%" in outcome.text and "9400余家" in outcome.text
    assert "全面系统化" in outcome.text and "数字底座建设" in outcome.text


def test_a_second_assessment_shows_the_progress() -> None:
    outcome = maturity(答案={**WORST, "s6": 2, "q5": "B"}, 上次答案=WORST)
    assert outcome.data["progress"]["points"] == 2.5
    assert "生产管控 不到一级→二级" in outcome.text and "分数+2.5" in outcome.text


def test_contradictions_are_told_and_not_smoothed_over() -> None:
    outcome = maturity(已用系统=["MES"], 生产制造="没系统")
    assert "对不上" in outcome.text


def test_what_was_not_understood_is_said() -> None:
    outcome = maturity(已用系统=["自研平台", "ERP"], 采购供应="啊啊")
    assert "自研平台" in outcome.text and "啊啊" in outcome.text


@pytest.mark.parametrize(
    "arguments",
    [
        {"行业": "名" * 10_000},
        {"行业": "注素"},
        {"答案": [1]},
        {"生产制造": {"a": 1}},
        {"从业人员": -1},
        {"上次答案": WORST},
        {"已用系统": [1, 2]},
        {"答案": {"没这题": 1}},
    ],
)
def test_bad_input_gets_one_clear_sentence(arguments: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        registry.run("maturity", arguments)
    assert refused.value.message.endswith("。") and len(refused.value.message) < 90
