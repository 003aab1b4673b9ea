"""An assessment talked through in a chat: replies in any words, going back, other questions between, the end, what was told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.assessing import GO_ON, INSTEAD
from core.types import Answer

Talk = Callable[..., list[Answer]]
START = "帮我测一下我们厂数字化几级"


def data(answer: Answer) -> dict[str, Any]:
    assert answer.tool and answer.tool.name == "maturity", answer.text
    found = answer.tool.result["data"]
    assert isinstance(found, dict)
    return found


def asked(answer: Answer) -> str:
    question = data(answer)["next_question"]
    return str(question["key"]) if question else ""


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("用excel", 1), ("就用Excel表格记", 1), ("B", 1), ("b", 1), ("选B", 1), ("第二个", 1), ("没有", 0), ("啥都没有", 0), ("都没有", 0),
        ("不知道", "不知道"), ("不太清楚", "不知道"), ("这题不知道，下一题", "不知道"), ("跳过", "跳过"), ("下一题", "跳过"),
        ("不适用", "不适用"), ("我们没有这块业务", "不适用"), ("二级", 2), ("应该是B吧", 1), ("工单在系统里录、能跟踪", 2),
    ],
)  # fmt: skip
def test_a_question_of_choices_is_answered_in_any_words(talk: Talk, reply: str, kept: object) -> None:
    first, second = talk(START, reply)
    assert data(second)["answers"] == {asked(first): kept}
    assert asked(second) not in {"", asked(first)}


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("B和C", ["shopfloor", "application"]), ("BC", ["shopfloor", "application"]), ("B、D", ["shopfloor", "5g"]),
        ("没有", ["none"]), ("都有", ["shopfloor", "application", "5g", "full"]), ("第四个", ["5g"]),
        ("车间有工控网络、自建或租用了5G工业网络", ["shopfloor", "5g"]), ("不知道", "不知道"), ("用不着", "不适用"),
    ],
)  # fmt: skip
def test_a_question_of_several_choices_is_answered_in_any_words(talk: Talk, reply: str, kept: object) -> None:
    *_, tenth, after = talk(START, *"BBBBBBBBB", reply)
    assert asked(tenth) == "item-network"
    assert data(after)["answers"]["item-network"] == kept


@pytest.mark.parametrize("reply", ["看情况", "不太行", "2"])
def test_a_reply_that_fits_no_choice_is_said_and_the_question_put_again(talk: Talk, reply: str) -> None:
    first, second, third = talk(START, reply, "B")
    assert f"“{reply}”没对上" in second.text and asked(second) == asked(first)
    assert data(third)["answers"] == {asked(first): 1}


def test_one_goes_back_and_changes_an_answer(talk: Talk) -> None:
    first, _, third, back, again, changed, last = talk(START, "B", "不知道", "上一题", "上一题", "C", "B")
    assert asked(back) == "scene-warehouse" and "现在记的是：不知道" in back.text and "先跳过" not in back.text
    assert asked(again) == asked(first) and "现在记的是：B" in again.text
    assert data(changed)["answers"][asked(first)] == 2 and asked(changed) == asked(third)
    assert data(last)["answered"] == 2


def test_a_vague_answer_is_asked_once_more_between_its_choices(talk: Talk) -> None:
    first, second, third = talk(START, "工单用MES管", "C")
    assert asked(second) == asked(first) and "像是C到D" in second.text
    assert data(third)["answers"][asked(first)] == 2


def test_another_question_is_answered_and_the_assessment_goes_on_when_the_user_wants(talk: Talk) -> None:
    _, one, between, more, on, two = talk(START, "B", "WMS是什么意思", "2027年上云率目标是多少", GO_ON, "A")
    assert between.tool and between.tool.name == "glossary" and between.suggestions[0] == GO_ON
    assert "40%" in more.text
    assert asked(on) == asked(one) and data(on)["answered"] == 1
    assert data(two)["answered"] == 2 and one.suggestions == INSTEAD


def test_one_goes_back_also_after_another_question(talk: Talk) -> None:
    *_, back, other = talk("帮我测几级", "B", "WMS是什么意思", "上一题", "选C")
    assert asked(back) == "scene-production" and data(other)["answers"] == {"scene-production": 2}


@pytest.mark.parametrize("words", ["先不做了", "算了，不测了", "不答了"])
def test_ending_it_gives_what_there_is_and_it_can_be_taken_up_again(talk: Talk, words: str) -> None:
    *_, end, other, again = talk(START, "B", "C", words, "2027年上云率目标是多少", "继续")
    assert data(end)["answered"] == 2 and asked(end) == "" and "下一题" not in end.text and "分" in end.text
    assert "40%" in other.text
    assert data(again)["answered"] == 2 and asked(again)


def test_asking_again_keeps_what_was_answered_and_beginning_anew_does_not(talk: Talk) -> None:
    *_, again, anew = talk(START, "B", "C", "再帮我测一下我们厂几级", "重新测")
    assert data(again)["answered"] == 2 and data(anew)["answered"] == 0


def test_ten_answers_bring_advice_and_the_gap(talk: Talk) -> None:
    *_, ninth, tenth = talk(START, *"BBBBBBBBBB")
    assert "先补这几处" not in ninth.text
    assert "先补这几处" in tenth.text and "好处：" in tenth.text and "离" in tenth.text and "还差" in tenth.text


def test_what_was_passed_over_is_offered_at_the_end_and_asked_when_wanted(talk: Talk) -> None:
    *_, end, again, done = talk(START, "跳过", *["没有"] * 16, *["B"] * 4, *["没有"] * 10, "补答", "B")
    assert asked(end) == "" and data(end)["answered"] == 30 and "补答" in end.text and "生产管控" in end.text
    assert asked(again) == "scene-production"
    assert data(done)["complete"] and data(done)["answered"] == 31


def test_what_was_told_before_counts_and_is_not_asked(talk: Talk) -> None:
    _, start, *answers = talk("我们ERP、MES都上了，仓库是表格，做注塑，60人", START, *"BBBBBBBBBBBB")
    told = {row["key"]: row["words"] for row in data(start)["told"]}
    assert "用表格记出入库" in told["scene-warehouse"] and "仓库是表格" in told["scene-warehouse"]
    assert "scene-purchase" in told and "您说过" in start.text
    assert not {asked(answer) for answer in answers} & set(told)
    assert all("先上ERP" not in answer.text for answer in answers)


def test_a_preset_answer_can_be_changed_by_its_name(talk: Talk) -> None:
    _, start, changed = talk("我们ERP上了，仓库是表格", START, "仓储物流选C")
    assert data(changed)["answers"] == {"scene-warehouse": 2}
    assert "scene-warehouse" not in {row["key"] for row in data(changed)["told"]} and data(start)["told"]


def test_what_is_told_in_the_middle_is_taken_over(talk: Talk) -> None:
    _, _, told = talk(START, "B", "对了，我们仓库是用表格记的，采购在ERP里走")
    assert {"scene-warehouse"} <= {row["key"] for row in data(told)["told"]} | set(data(told)["answers"])
    assert asked(told) not in {"scene-warehouse", ""}


@pytest.mark.parametrize("words", ["我们没有ERP", "我们ERP已经停用了", "我们打算上ERP", "我们ERP还没上线"])
def test_what_is_not_in_use_presets_nothing(talk: Talk, words: str) -> None:
    *_, start = talk("我们做注塑，60人", words, START)
    assert data(start)["told"] == [] and start.tool and "ERP" not in start.tool.arguments.get("已用系统", [])


def test_a_system_that_was_stopped_later_counts_no_more(talk: Talk) -> None:
    _, start, after = talk("我们上了ERP", START, "ERP停用了")
    assert {row["key"] for row in data(start)["told"]} >= {"scene-purchase"}
    assert data(after)["told"] == []


@pytest.mark.parametrize(
    ("said", "key", "level"),
    [
        ("库房那边用的是表格台账", "warehouse", 1), ("图档都在PLM里", "design", 2), ("工资是会计用Excel算的", "hr", 1), ("进料就打电话，没账", "purchase", 0),
        ("咱们接单都记在本子上", "sales", 0), ("另外请假报销走钉钉审批", "office", 2),
    ],
)  # fmt: skip
def test_what_is_said_of_another_question_goes_to_that_one(talk: Talk, said: str, key: str, level: int) -> None:
    first, after = talk(START, said)
    kept = data(after)["answers"]
    assert set(kept) == {f"scene-{key}"} and asked(first) == "scene-production"
    value = kept[f"scene-{key}"]
    assert (
        value == level
        or (isinstance(value, str) and value.startswith(f"{level}到"))
        or value == f"{level - 1}到{level}"
    )


def test_several_questions_are_answered_in_one_message_and_the_open_one_stays(talk: Talk) -> None:
    _, after, then = talk(START, "仓库和采购都用表格，图纸用CAD", "B")
    assert data(after)["answers"] == {"scene-warehouse": 1, "scene-purchase": 1, "scene-design": 1}
    assert asked(after) == "scene-production" and data(then)["answers"]["scene-production"] == 1


@pytest.mark.parametrize("said", ["库房乱得很", "财务那边我老婆在弄", "售后没啥好说的"])
def test_what_fits_no_choice_of_the_question_it_speaks_of_is_asked_and_not_put_under_another(
    talk: Talk, said: str
) -> None:
    *_, after = talk(START, said)
    assert not after.tool or data(after)["answers"] == {}
    assert not after.tool or asked(after) != "scene-production" or "没对上" in after.text


@pytest.mark.parametrize(
    ("said", "key", "level"),
    [
        ("说错了，仓储应该是A", "warehouse", 0), ("哦不对，库存那题是C", "warehouse", 2), ("第二题改成A", "warehouse", 0), ("上题应该选A", "purchase", 0),
        ("上上题不对，是D", "warehouse", 3), ("第1题我答错了，应该是D", "production", 3), ("车间那题选A", "production", 0),
    ],
)  # fmt: skip
def test_an_earlier_answer_is_corrected_by_its_place_or_its_name(talk: Talk, said: str, key: str, level: int) -> None:
    *_, before, after = talk(START, "B", "B", "C", said)
    assert data(after)["answers"] == {**data(before)["answers"], f"scene-{key}": level}
    assert asked(after) == asked(before)


def test_what_a_stopped_system_had_stood_for_is_asked_again(talk: Talk) -> None:
    first, _, stopped = talk(START, "工单用MES管", "说错了，MES去年就停了")
    assert data(stopped)["answers"] == {} and asked(stopped) == asked(first)
    *_, both = talk("我们上了WMS和SRM", START, "WMS没用起来，仓库还是用表格")
    assert (
        data(both)["answers"] == {"scene-warehouse": 1} and both.tool and "WMS" not in both.tool.arguments["已用系统"]
    )


@pytest.mark.parametrize("said", ["车间系统一套多少钱", "报工软件贵吗", "上MES要多久"])
def test_a_question_of_ones_own_is_no_answer(talk: Talk, said: str) -> None:
    *_, after = talk(START, said)
    assert not after.tool or after.tool.name != "maturity" or data(after)["answers"] == {}


@pytest.mark.parametrize("said", ["CD", "B跟D", "应该是A和B吧"])
def test_two_choices_where_one_is_wanted_are_asked_back(talk: Talk, said: str) -> None:
    first, after = talk(START, said)
    assert asked(after) == asked(first) and data(after)["answers"] == {}


@pytest.mark.parametrize(("reply", "kept"), [("没有", 0), ("第三个", 2), ("不知道", "不知道")])
def test_a_short_reply_after_a_question_between_goes_to_the_open_question(talk: Talk, reply: str, kept: object) -> None:
    *_, after = talk(START, "B", "WMS是什么意思", reply)
    assert data(after)["answers"] == {"scene-production": 1, "scene-warehouse": kept}


@pytest.mark.parametrize(
    ("said", "answers"), [("唉，给个结果吧", 2), ("还剩几题", 2), ("做到第几题了", 2), ("从头来", 0), ("退出评测", 2)]
)
def test_one_asks_where_it_stands_begins_anew_or_leaves(talk: Talk, said: str, answers: int) -> None:
    *_, after = talk(START, "B", "C", said)
    assert data(after)["answered"] == answers and ("已答2题，共31题" in after.text or not answers)


def test_leaving_before_any_answer_stops_and_going_back_says_nothing_of_skipping(talk: Talk) -> None:
    _, left = talk(START, "改天再做")
    assert left.text.startswith("好，先停在这里") and asked(left) == ""
    *_, back = talk(START, "不清楚", "跳过", "回上一题")
    assert "先跳过" not in back.text and asked(back) == "scene-warehouse"


def test_an_option_in_its_own_words_says_that_a_question_does_not_fit(talk: Talk) -> None:
    *_, design = talk(START, *"BBBBB", "不搞设计，按客户的图来加工")
    assert data(design)["answers"]["scene-design"] == "不适用"
    *_, other = talk(START, "B", "没有设计，照客户的图加工")
    assert data(other)["answers"] == {"scene-production": 1, "scene-design": "不适用"}


@pytest.mark.parametrize("replies", ["A", "E", "BB", "AEAE", "CCCDDDB"])
def test_the_range_never_excludes_what_later_answers_can_bring(talk: Talk, replies: str) -> None:
    *_, after = talk(START, *replies)
    low, high = data(after)["level_low"], data(after)["level_high"]
    best = [*replies, *["E"] * (31 - len(replies))]
    worst = [*replies, *["A"] * (31 - len(replies))]
    for rest in (best, worst):
        *_, done = talk(START, *rest)
        assert low <= data(done)["level_low"] and data(done)["level_high"] <= high
