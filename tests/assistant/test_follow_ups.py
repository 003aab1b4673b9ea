"""A conversation: what a follow-up leaves out is taken from what was said before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.chat import Assistant
from core.types import Answer

Talk = Callable[..., list[Answer]]


def test_and_the_other_system_asks_the_same_of_it(talk: Talk) -> None:
    first, second = talk("WMS是什么意思", "那APS呢？")
    assert "仓" in first.text
    assert "APS" in second.text and "排" in second.text and not second.refused


def test_and_japan_asks_the_same_of_another_country(talk: Talk) -> None:
    _, second = talk("欧盟怎么支持中小企业数字化", "那日本呢？")
    assert "日本" in second.text.splitlines()[0] and not second.refused


def test_another_level_asks_the_same_of_it(talk: Talk) -> None:
    _, second = talk("汽车行业二级的研发设计要做到什么", "三级呢？")
    assert "三级" in second.text and "标准库" in second.text


def test_why_asks_for_the_reason_of_what_was_said(talk: Talk) -> None:
    _, second = talk("五十人的小厂先做哪个场景，是不是现场透明化", "为什么？")
    assert not second.refused and second.citations


def test_a_question_that_stands_alone_is_not_bent_by_the_one_before(talk: Talk) -> None:
    for before in (
        "汽车行业二级的研发设计要做到什么",
        "欧盟怎么支持中小企业数字化",
        "给我一个路线图，我们做服装的，80人",
    ):
        _, second = talk(before, "到2027年中小企业上云率目标是多少")
        assert "40%" in second.text.splitlines()[0], before
        _, second = talk(before, "WMS是什么意思")
        assert not second.refused and "仓" in second.text, before


def test_a_follow_up_without_a_conversation_is_answered_or_refused_but_no_error(talk: Talk) -> None:
    for question in ("那补贴呢？", "呢", "为什么？", "它多少钱", "继续"):
        (answer,) = talk(question)
        assert answer.text


def test_conversations_do_not_mix(guide: Assistant) -> None:
    guide.answer("WMS是什么意思", "test-one")
    guide.answer("欧盟怎么支持中小企业数字化", "test-two")
    assert "日本" in guide.answer("那日本呢？", "test-two").text
    assert "APS" in guide.answer("那APS呢？", "test-one").text
    guide.history.forget("test-one")
    assert guide.history.turns("test-one") == []
    assert len(guide.history.turns("test-two")) == 2
    guide.history.forget("test-two")


def test_without_a_session_nothing_is_remembered(guide: Assistant) -> None:
    guide.answer("WMS是什么意思")
    assert guide.history.turns(None) == []


@pytest.mark.parametrize("depth", [25])
def test_a_long_conversation_still_answers(talk: Talk, depth: int) -> None:
    *_, last = talk(*(["WMS是什么意思", "那APS呢？"] * (depth // 2)), "到2027年中小企业上云率目标是多少")
    assert "40%" in last.text


@pytest.mark.parametrize(
    "off_topic",
    [
        "考驾照科目二怎么过？",
        "婆媳关系不好怎么处理？",
        "高血压早上吃药还是晚上吃药？",
        "养老院的护理床位平均多少张？",
    ],
)
def test_what_has_nothing_to_do_with_the_conversation_is_refused_as_it_would_be_alone(
    talk: Talk, off_topic: str
) -> None:
    first, second = talk("到2027年中小企业上云率要达到多少？", off_topic)
    assert not first.refused and second.refused


def test_another_place_asks_the_same_of_it_and_nothing_else(talk: Talk) -> None:
    _, zhongshan, zunyi = talk("佛山的数字化改造补多少", "中山呢", "那遵义呢？")
    assert {c.source_id for c in zhongshan.citations} == {"local_zhongshan_2024"} and "60万元" in zhongshan.text
    assert zunyi.refused and "60万" not in zunyi.text and "70万" not in zunyi.text


@pytest.mark.parametrize("before", ["佛山的数字化改造补多少", "中山的数字化改造补多少"])
@pytest.mark.parametrize("follow_up", ["那省里呢", "省里的呢？", "广东省呢"])
def test_and_the_province_asks_the_same_of_the_province_around(talk: Talk, before: str, follow_up: str) -> None:
    _, second = talk(before, follow_up)
    assert any(c.source_id.startswith("local_guangdong") for c in second.citations)
    assert "70万" not in second.text and "60万" not in second.text


def test_another_place_changes_only_the_place_of_a_tool(talk: Talk) -> None:
    first, ningbo, province = talk("我们厂在佛山，120人，做五金，准备投200万换设备，能补多少", "那宁波呢", "省里的呢")
    assert first.tool and ningbo.tool and province.tool
    assert [t.tool.arguments["地区"] for t in (first, ningbo, province)] == ["佛山", "宁波", "浙江"]  # type: ignore[union-attr]
    for answer in (ningbo, province):
        assert answer.tool and first.tool
        assert {**answer.tool.arguments, "地区": "佛山"} == first.tool.arguments


def test_asking_after_another_place_does_not_move_the_firm(talk: Talk) -> None:
    *_, last = talk(
        "我们厂在佛山，做五金的，120人", "城市试点的数字化改造最高补多少", "宁波呢", "城市试点的数字化改造最高补多少"
    )
    assert "按佛山算" in last.text


def test_the_place_asked_for_is_taken_as_the_answer_to_what_was_asked_back(talk: Talk) -> None:
    first, second = talk("我们市的数字化改造最高补多少？", "龍巖")
    assert first.text != second.text and "50%" in second.text


def test_several_places_may_follow(talk: Talk) -> None:
    _, second = talk("佛山的数字化改造补多少", "那中山和龙岩呢")
    assert "中山" in second.text and "龙岩" in second.text
    assert "合肥" not in second.text and "70万" not in second.text


def test_a_new_subject_does_not_bring_the_place_along(talk: Talk) -> None:
    _, second = talk("佛山的数字化改造补多少", "MES是什么意思")
    assert "佛山" not in second.text


def test_the_place_asked_back_is_kept_with_its_city(talk: Talk) -> None:
    _, second = talk("鼓楼区的改造补多少", "南京的鼓楼区")
    assert "local_nanjing_2024" in {c.source_id for c in second.citations}


@pytest.mark.parametrize(("here", "until"), [("省里", "2026-12-31"), ("市里", "2027年"), ("我们省", "2026-12-31")])
def test_the_province_and_the_city_are_those_of_the_firm(talk: Talk, here: str, until: str) -> None:
    _, second = talk("我们厂在佛山，做五金的，120人", f"{here}的数字化转型试点补贴有效到几时")
    own = {"local_guangdong_2026", "local_foshan_2026", "pilot_cities_2023"}
    assert until in second.text and {c.source_id for c in second.citations} <= own
    assert ("佛山" if here == "市里" else "广东") in second.text


def test_the_city_around_the_firm_is_found_also_after_its_province(talk: Talk) -> None:
    *_, last = talk("做注塑的，在昆山，280人", "省里有什么补贴", "市里呢")
    assert "local_suzhou_2020" in {c.source_id for c in last.citations}
