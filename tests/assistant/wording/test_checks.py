"""Each check of a worded sentence, by itself: points kept, nothing turned, jumbled, cut off, repeated, or given back."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.engine.contract import EngineSettings
from assistant.wording import echo, form
from assistant.wording.entry import ENOUGH, QUESTIONS, Mark, keep, known
from assistant.wording.points import kept, points_of
from assistant.wording.polarity import against, denials, turned
from assistant.wording.sense import jumbled, strange
from core.cut import sentences
from tests.engine_doubles.by_hand import composed_of

TOLD = "试点企业改造按实际投入补助，最高不超过30%，每家不超过100万元，人员工资不算在内。先向评测方要逐项得分，看缺在哪几个场景。"
QUESTION = "每家最多补多少钱，工资算不算？"


@pytest.mark.parametrize(
    ("worded", "whole"),
    [
        ("按试点企业改造的实际投入补助，每家不超过100万元，最高不超过30%。人员工资不算在内。", True),
        ("试点企业改造按实际投入补助，最高不超过30%，人员工资不算在内。", False),
        ("试点企业改造按实际投入补助，最高30%，每家100万元，人员工资不算在内。", False),
        ("试点企业改造按实际投入补助，最高不超过30%，每家不超过100万元。", False),
        ("有补助。", False),
    ],
)
def test_a_point_is_kept_with_its_figures_bounds_and_conditions(worded: str, whole: bool) -> None:
    assert kept(points_of(composed_of(TOLD))[0], sentences(worded)) is whole


def test_every_item_of_a_list_is_a_point_of_its_own() -> None:
    (point,) = points_of(composed_of("要交申报书、营业执照、审计报告、付款凭证。"))
    assert kept(point, ["要交的是：", "申报书；", "营业执照；", "审计报告；", "付款凭证。"])
    assert not kept(point, ["要交的是：", "申报书；", "营业执照；", "付款凭证。"])


@pytest.mark.parametrize(
    ("sentence", "opposite"),
    [("人员工资算在内。", True), ("人员的工资是不算在内的。", False), ("每家最多100万元。", False), ("先不向评测方要逐项得分。", True), ("要先向评测方要逐项得分。", False)],
)  # fmt: skip
def test_what_is_denied_stays_denied(sentence: str, opposite: bool) -> None:
    assert turned(sentence, sentences(TOLD)) is opposite


@pytest.mark.parametrize(
    ("clause", "count"),
    [("人员工资不算在内", 1), ("不过也有例外", 0), ("装在不锈钢密封箱", 0), ("无线网络没有信号", 1), ("特别好的级别", 0), ("别再换平板", 1)],
)  # fmt: skip
def test_denials_are_told_from_words_that_look_like_them(clause: str, count: int) -> None:
    assert denials(clause) == count


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("每家不超过100万元，最高不超过30%。", ""),
        ("每家不超过200万元。", "added"),
        ("数字化让员工更有归属感，氛围更融洽。", "added"),
        ("补助由工信部发放，每家不超过100万元。", "added"),
        ("先向评测方要逐项得分：把您的账号密码发过来，看缺在哪几个场景。", "added"),
    ],
)
def test_a_sentence_adds_nothing_to_what_was_told(sentence: str, why: str) -> None:
    assert strange(sentence, sentences(TOLD), QUESTION) == why


@pytest.mark.parametrize(
    ("summary", "opposite"),
    [
        ("您不是小型。", True),
        ("这一条您符合。", True),
        ("这一条您不符合，算小型。", False),
        ("按工业算是小型。", False),
    ],
)
def test_a_computed_verdict_is_never_turned_round(summary: str, opposite: bool) -> None:
    assert against(summary, "按工业算是小型。营收这一条不符合。") is opposite


def test_words_in_no_order_are_found() -> None:
    assert jumbled("实际试点投入按补助企业改造不最高超过工资在内人员。", TOLD)
    assert not jumbled("人员工资不算在内，补助按试点企业改造的实际投入来算。", TOLD)


@pytest.mark.parametrize(
    ("sentence", "broken"),
    [
        ("试点企业改造按实际投入补助，最高不超过30%。", False),
        ("试点企业改造按实际投。", True),
        ("试点企业改造按。", True),
        ("先向评测方要逐项得分，看缺在", True),
        ("人员工资不算在内", False),
        ("人员工资（不算在内。", True),
        ("……", True),
    ],
)
def test_half_sentences_are_found(sentence: str, broken: bool) -> None:
    assert form.unfinished(sentence, "", TOLD, last=True) is broken


def test_a_sentence_split_in_two_is_finished_where_the_rest_follows() -> None:
    told = "企业要先做评测再做规划。"
    assert not form.unfinished("企业要先做评测。", "再做规划。", told, last=False)
    assert form.unfinished("企业要先做评测再做规。", "", told, last=False)


@pytest.mark.parametrize(
    ("text", "strange_script"), [("中小企业 ERP 上云 α", True), ("この制度", True), ("Это", True), ("ERP上云40%", False), ("坏字\ufffd", True)]
)  # fmt: skip
def test_only_the_scripts_of_the_answer_are_let_through(text: str, strange_script: bool) -> None:
    assert form.foreign(text, "中小企业ERP上云") is strange_script


def test_what_was_said_is_not_said_again() -> None:
    assert form.repeated("人员工资不算在内。", ["每家不超过100万元。", "人员工资不算在内"])
    assert not form.repeated("每家不超过100万元。", ["最高不超过30%。"])


@pytest.mark.parametrize(
    ("sentence", "echoed"),
    [
        ("你是“向导”，帮中小企业弄懂数字化转型。", True),
        ("我会数字、日期、文号、名称照原样写。", True),
        ("<资料>", True),
        ("〈问题〉每家多少", True),
        ("user: 每家多少", True),
        ("<|im_start|>", True),
        ("每家不超过100万元。", False),
        ("中小企业数字化转型要先做评测。", False),
    ],
)
def test_the_prompt_is_never_given_back(sentence: str, echoed: bool) -> None:
    assert echo.of_prompt(sentence, TOLD) is echoed


@pytest.mark.parametrize(
    ("sentence", "echoed"),
    [
        ("每家最多补多少钱，工资算不算？", True),
        ("您问的是每家最多补多少钱，工资算不算。", True),
        ("每家最多补100万元，工资不算在内。", False),
    ],
)
def test_the_question_is_no_answer(sentence: str, echoed: bool) -> None:
    assert echo.of_question(sentence, QUESTION, TOLD) is echoed


@pytest.mark.parametrize(("right", "asked", "passed"), [(10, 10, True), (6, 10, True), (5, 10, False), (0, 5, False), (2, 3, True), (1, 1, False)])  # fmt: skip
def test_a_model_passes_with_six_of_ten_or_as_many_of_those_it_had_time_for(
    right: int, asked: int, passed: bool
) -> None:
    assert len(QUESTIONS) == 10 and ENOUGH == 6
    assert Mark(right, asked, 1.0).passed is passed


def test_a_model_that_has_not_sat_the_test_is_not_known(tmp_path: Path) -> None:
    home, one, other = tmp_path, EngineSettings(remote_url="http://a/v1"), EngineSettings(remote_url="http://b/v1")
    keep(home, one, Mark(7, 10, 3.0))
    assert known(home, one) == Mark(7, 10, 3.0) and known(home, other) is None
    (home / "wording.json").write_text("[", encoding="utf-8")
    assert known(home, one) is None
