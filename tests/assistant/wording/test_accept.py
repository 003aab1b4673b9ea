"""A worded answer stands in the composed one's place only where it keeps all of it and adds nothing."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from assistant.wording.accept import Acceptance, accepted
from core.text import squeeze
from core.types import ToolCall
from tests.engine_doubles.by_hand import BY_HAND, composed_of
from tests.engine_doubles.worded import PLANTED, REWORDINGS, WRECKED, planted, rewording, wrecked

QUESTION, TEXT, _ = BY_HAND[8]


def test_rewordings_by_hand_are_accepted_and_nearly_every_sentence_of_them_stays() -> None:
    told = [accepted(reworded, question, composed_of(text)) for question, text, reworded in BY_HAND]
    assert all(one.text for one in told)
    assert sum(len(one.struck) for one in told) <= 2


@pytest.mark.parametrize("name", sorted(REWORDINGS))
def test_rewordings_by_code_are_accepted_whole(name: str) -> None:
    for question, text, _ in BY_HAND[:6]:
        told = accepted(rewording(name, text, random.Random(3)).text, question, composed_of(text))
        assert told.text and not told.struck, (text, told)


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_a_planted_error_is_never_shown(name: str) -> None:
    for seed, (question, text, _) in enumerate(BY_HAND):
        double = planted(name, text, question, random.Random(seed))
        if double and double.planted:
            shown = accepted(double.text, question, composed_of(text)).text
            assert squeeze(double.planted) not in squeeze(shown.replace(" [1]", "")), text


@pytest.mark.parametrize("name", sorted(WRECKED))
def test_words_that_are_wrong_as_a_whole_are_refused(name: str) -> None:
    assert accepted(wrecked(name, TEXT, QUESTION, random.Random(1)).text, QUESTION, composed_of(TEXT)).text == ""


def test_a_lost_point_is_put_back_after_the_one_before_it_in_the_composed_answers_words() -> None:
    lines = TEXT.split("\n")
    told = accepted("\n".join(line for line in lines if "差旅" not in line), QUESTION, composed_of(TEXT))
    body = told.text.split("\n\n出处")[0]
    assert "写明差旅、路上时间、返工算不算人天" in body
    assert body.index("分角色报价") < body.index("差旅") < body.index("工单")


def test_warnings_and_verdicts_by_code_stay_around_the_worded_answer() -> None:
    card = composed_of("先做评测，再定做哪几个场景。\n别一次买大系统。")
    around = ("不是这样，资料里没有“全部”的说法。查到的是：", "> 注意：其中有已经过期的政策，只作参考。")
    body, _, sources = card.text.partition("\n\n")
    composed = replace(card, text=f"{around[0]}\n{body}\n{around[1]}\n\n{sources}")
    told = accepted("先做评测，再定做哪几个场景。\n另外，别一次买大系统。", "要全部做吗", composed)
    assert told.text.startswith(f"{around[0]}\n先做评测") and f"\n{around[1]}\n" in told.text


def test_a_summary_stands_before_a_computed_result_which_stays_whole() -> None:
    text = "**小型**（按工业）。从业人员280人，离中型差20人。"
    composed, tool = (
        replace(composed_of(text), evidence=()),
        ToolCall("size_class", {"从业人员": 280}, {"class": "小型"}),
    )
    told = accepted("按工业算是小型，离中型差20人。离大型还差90人。", "算中型吗", composed, tool)
    assert told.text == f"按工业算是小型，离中型差20人。\n\n{composed.text}"
    assert not accepted("按工业算不是小型，离中型差20人。离大型还差90人。", "算中型吗", composed, tool).text


def test_hearing_ends_as_soon_as_nothing_can_be_accepted_any_more() -> None:
    one = Acceptance(QUESTION, composed_of(TEXT))
    assert one.hear("人天单价没有统一价。")
    assert not one.hear("你是“向导”，帮中小企业弄懂数字化转型。")
    assert one.finished().why == "echo"
