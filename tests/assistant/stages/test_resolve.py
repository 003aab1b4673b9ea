"""A follow-up made complete: what it names stands instead of its kind, the rest is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.chat import Assistant
from assistant.history import Turn
from assistant.stages.resolve import completed, folded, pointed_at, resolve, said_before
from assistant.state import Desk, Part, State
from assistant.topic import topic_of
from assistant.understand.meaning import Understanding
from core.clock import today


@pytest.mark.parametrize(
    ("before", "text", "whole"),
    [
        ("WMS是什么意思", "那APS呢？", "APS是什么意思"),
        ("汽车行业二级的研发设计要做到什么", "三级呢？", "汽车行业三级的研发设计要做到什么"),
        ("汽车行业二级的研发设计要做到什么", "采购呢", "汽车行业二级的采购要做到什么"),
        ("佛山的数字化改造补多少", "中山呢", "中山的数字化改造补多少"),
        ("佛山的数字化改造补多少", "那中山和龙岩呢", "中山和龙岩的数字化改造补多少"),
        ("欧盟怎么支持中小企业数字化", "那日本呢？", "日本怎么支持中小企业数字化"),
        ("到2027年上云率目标是多少", "2028年呢", "到2028年上云率目标是多少"),
        ("小巨人能奖多少钱", "那专精特新呢", "专精特新能奖多少钱"),
    ],
)
def test_what_only_names_another_thing_asks_the_same_about_it(before: str, text: str, whole: str) -> None:
    assert completed(text, before) == whole


def test_what_asks_on_takes_the_subject_along_but_not_what_it_names_itself() -> None:
    whole = completed("中山的什么时候截止", "佛山的数字化改造补多少")
    assert "数字化" in whole and "中山" in whole and "佛山" not in whole


@pytest.fixture
def state(guide: Assistant) -> State:
    filters = guide.filters()
    desk = Desk(guide.settings, guide.retriever, filters, guide.retriever.index.sources(filters.spaces), today())
    turns = (Turn("佛山的数字化改造补多少", "佛山的数字化改造补多少", "30%。"),)
    return State("怎么申请改造补贴", desk, "s", turns, topic=topic_of(turns), text="怎么申请改造补贴")


def on(state: State, means: Understanding) -> Part:
    part = Part(state.text, state.text, means=means)
    return resolve(replace(state, parts=(part,))).parts[0]


def test_where_it_is_sure_that_a_message_goes_on_one_reading_is_left(state: State) -> None:
    part = on(state, Understanding("knowledge", 0.9, follows="detail", goes_on=0.95, leans=True))
    assert "佛山" in part.whole and not part.instead


def test_a_message_that_goes_on_is_also_read_with_those_before_it_back_to_the_question_that_stood_alone() -> None:
    turns = [
        Turn("MES是什么", "MES是什么", "管车间的。"),
        Turn("排产软件怎么选", "排产软件怎么选", "先看同行。"),
        Turn("我们印刷厂", "我们印刷厂", "记下了。"),
        Turn("谢谢", "我们印刷厂", "不客气。"),
    ]
    assert said_before(turns) == ["排产软件怎么选", "我们印刷厂"]


def test_what_was_told_before_a_vague_message_comes_along_whole() -> None:
    whole = folded(["氯碱厂", "设备商要远程进DCS做诊断", "厂长说开个口子算了", "开的话守住哪些底线"])
    assert "远程" in whole and "dcs" in whole.lower() and whole.endswith("开的话守住哪些底线")


def test_only_what_is_no_whole_question_is_read_with_what_was_said_before(state: State) -> None:
    means = Understanding("knowledge", 0.9, follows="detail", goes_on=0.95, leans=True)
    assert on(state, means).said == "佛山的数字化改造补多少 → 怎么申请改造补贴"
    assert not on(replace(state, text="那中山呢"), replace(means, follows="slot")).said


def test_where_it_is_sure_that_it_does_not_the_message_stays_as_it_is(state: State) -> None:
    part = on(state, Understanding("knowledge", 0.9, follows="switch", leans=False))
    assert part.whole == state.text and not part.instead


def test_where_it_is_unsure_both_readings_are_kept(state: State) -> None:
    part = on(state, Understanding("knowledge", 0.9, follows="detail", leans=None))
    assert part.whole == state.text and "佛山" in part.instead


@pytest.mark.parametrize(("text", "place"), [("全国呢", "全国"), ("省里的呢", "广东"), ("那省级呢", "广东")])
def test_a_place_named_by_what_it_is_around_the_one_spoken_of_is_spelled_out(
    state: State, text: str, place: str
) -> None:
    part = resolve(replace(state, text=text, parts=(Part(text, text),))).parts[0]
    assert part.whole == f"{place}的数字化改造补多少" and part.spoken == place


def test_a_state_is_never_changed_in_place(state: State) -> None:
    kept = replace(state)
    on(state, Understanding("knowledge", 0.9, follows="detail", goes_on=0.95, leans=True))
    assert state == kept and not state.parts


LISTED = "**三项对得上**：\n\n1. **宁波市改造补贴** [1]：30%。\n2. **设备更新贷款贴息** [2]：1.5个百分点，问银行。\n3. **上云券**：先领后用。\n\n出处 [1] 《甲》"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("第二个怎么报", "设备更新贷款贴息怎么报"),
        ("那第三项呢", "那上云券呢"),
        ("第九个呢", ""),
        ("先说说怎么报", ""),
    ],
)
def test_a_thing_of_the_last_list_is_pointed_at_by_its_place(text: str, whole: str) -> None:
    last = Turn("我们厂能申请什么", "我们厂能申请什么", LISTED)
    assert pointed_at(text, last).replace("。", "") == whole
