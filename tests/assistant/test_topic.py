"""What a conversation is about is folded from its turns."""

from __future__ import annotations

from assistant.history import Call, Turn
from assistant.topic import topic_of
from core.types import Citation

ASKED = Turn("佛山的数字化改造补多少", "佛山的数字化改造补多少", "30%。", citations=(
    Citation(1, "local_foshan_2026", "细则", "", "local_foshan_2026/rate", "补30%"),
))  # fmt: skip
THANKED = Turn("谢谢", ASKED.standalone, "不客气。")
MOVED = Turn("中山呢", "中山的数字化改造补多少", "60万元。")
NEW = Turn("MES是什么意思", "MES是什么意思", "制造执行系统。")


def test_each_thing_is_kept_with_the_turn_that_set_it() -> None:
    topic = topic_of([NEW, ASKED])
    assert topic.question == ASKED.standalone and topic.of("place") == "佛山" and topic.about["place"].turn == 1
    assert topic.cited == ("local_foshan_2026/rate",)


def test_thanks_change_nothing() -> None:
    assert topic_of([ASKED, THANKED]) == topic_of([ASKED])


def test_another_place_changes_the_place_and_keeps_the_question() -> None:
    topic = topic_of([ASKED, MOVED])
    assert topic.of("place") == "中山" and topic.about["place"].turn == 1


def test_a_new_subject_clears_what_was_spoken_of() -> None:
    topic = topic_of([ASKED, NEW])
    assert topic.of("place") == "" and topic.of("term") == "MES"


def test_a_tool_and_its_arguments_are_spoken_of_as_long_as_it_goes_on() -> None:
    call = Call("subsidy", {"地区": "佛山", "投入万元": 200})
    first = Turn("我们厂在佛山，投200万能补多少", "我们厂在佛山，投200万能补多少", "…", call)
    more = Turn("再加50万", "再加50万", "…", Call("subsidy", {"地区": "佛山", "投入万元": 250}))
    topic = topic_of([first, more])
    assert topic.of("tool") == "subsidy" and topic.of("place") == "佛山"


def test_before_anything_is_asked_nothing_is_spoken_of() -> None:
    assert not topic_of([]) and not topic_of([Turn("你好", "", "您好！")])
