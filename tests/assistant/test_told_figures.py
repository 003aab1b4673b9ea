"""A score told goes to the rules of levels, and figures told with a title go to its conditions, also turns later."""

import json

import pytest

from tests.assistant.conftest import Talk


def test_a_score_with_its_scenes_is_held_against_the_rules_and_gone_on_from(talk: Talk) -> None:
    first, second, third = talk("评测72分，9个场景到三级，约束性6个，是几级", "我们在合肥", "离四级还差几分")
    assert first.text.startswith("**三级（集成级）**") and third.text.startswith("**三级（集成级）**")
    assert "差8分" in third.text and not second.text.startswith("**三级")


@pytest.mark.parametrize("said", ["专精特新评分要60分吗", "二级和三级差在哪", "我们厂60人", "满分100分是几级"])
def test_what_tells_no_score_of_ones_own_goes_its_usual_way(talk: Talk, said: str) -> None:
    (answer,) = talk(said)
    assert answer.tool is None or "得分" not in answer.tool.arguments


def test_figures_told_are_held_against_the_title_asked_about_and_so_is_what_follows(talk: Talk) -> None:
    first, second = talk("我们营收3000万，资产负债率82%，够不够条件报专精特新", "研发每年70万")
    assert first.text.startswith("**有1条对不上") and "资产负债率82%" in first.text
    assert second.text.startswith("**有3条对不上") and "每年70万元" in second.text


def test_a_title_asked_about_without_figures_is_answered_from_the_knowledge(talk: Talk) -> None:
    (answer,) = talk("报小巨人够条件的标准是什么")
    assert "对不上" not in answer.text


def test_a_firm_spoken_of_right_before_is_the_one_asked_about(talk: Talk) -> None:
    *_, last = talk(
        "我们有个五金厂，320人，营收2600万", "算什么型", "还有一家批发公司，18人，营收9000万", "这家算什么型"
    )
    assert "按批发业" in last.text


def test_several_firms_are_each_sized_by_their_own_trade(talk: Talk) -> None:
    (answer,) = talk("老厂在苏州做五金320人营收2600万，新公司在无锡做批发18人营收9000万，分别是什么型")
    assert "**中型**（按工业）" in answer.text and "**小型**（按批发业）" in answer.text


def test_arguments_without_an_upper_end_are_plain_json(talk: Talk) -> None:
    (answer,) = talk("注塑厂超过400人，营收超过5000万，算什么型")
    assert answer.tool is not None
    json.dumps(answer.tool.arguments, allow_nan=False)
    assert answer.text.startswith("**大型还是中型")
