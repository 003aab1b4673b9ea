"""A model's words keep only what the evidence holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answer.composed import Composed
from assistant.wording.bind import MARK, Binder, bound
from assistant.wording.stated import stated
from core.types import Citation, Hit, Passage, Source, ToolCall
from tests.engine_doubles.planted import guarded, planted_answers

SOURCES = {
    "plan": Source(
        "plan",
        "数字化赋能行动方案",
        issuer="工业和信息化部",
        doc_no="工信部联企业〔2024〕239号",
        published="2024-12-12",
    )
}
TARGETS = "到2027年，中小企业上云率超过40%，规模以上工业中小企业关键工序数控化率达到75%。分批支持100个左右城市，带动4万家以上中小企业转型。"
MONEY = "试点企业改造按实际投入补助，最高不超过30%，每家不超过100万元，人员工资不算在内。"


def hit(name: str, text: str) -> Hit:
    return Hit(Passage(name, "plan", "要达到的数字", text), 1.0)


HITS = (hit("a", TARGETS), hit("b", MONEY))
CITATIONS = (Citation(1, "plan", "数字化赋能行动方案", "", "a", TARGETS),)
COMPOSED = Composed(f"{TARGETS} [1]\n\n出处 [1] 《数字化赋能行动方案》", CITATIONS, HITS[:1])


def said(text: str) -> str:
    return bound(text, COMPOSED, HITS, sources=SOURCES).text


def test_a_sentence_that_the_evidence_holds_gets_its_citation() -> None:
    result = bound("2027年中小企业上云率要超过40%。每家最多补100万元。", COMPOSED, HITS, sources=SOURCES)
    assert result.text.startswith("2027年中小企业上云率要超过40% [1]。每家最多补100万元 [2]。")
    assert [c.passage_id for c in result.citations] == ["a", "b"]
    assert result.worded and not result.struck
    assert "《数字化赋能行动方案》（工信部联企业〔2024〕239号，2024-12-12）" in result.text


@pytest.mark.parametrize(
    "wrong",
    [
        "到2027年中小企业上云率超过60%。",
        "到2027年中小企业上云率超过75%。",
        "到2026年中小企业上云率超过40%。",
        "每家补助至少100万元。",
        "每家不超过100亿元。",
        "方案带动4万家以上中小企业转型，由国务院国资委和SAP负责。",
        "依据工信部联企业〔2024〕240号，上云率超过40%。",
        "这件事写在《企业上云三年计划》里，上云率超过40%。",
        "方案在2024年11月12日发布，上云率超过40%。",
    ],
)
def test_a_sentence_with_a_wrong_figure_date_number_or_name_is_struck(wrong: str) -> None:
    result = bound(f"分批支持100个左右城市。{wrong}", COMPOSED, HITS, sources=SOURCES)
    assert result.struck == (wrong,)
    assert wrong.rstrip("。") not in result.text


@pytest.mark.parametrize(
    "right",
    [
        "到2027年，上云率要超过百分之四十。",
        "带动40000家以上中小企业转型。",
        "带动4万多家中小企业转型。",
        "补助最高30%，每家100万元封顶。",
        "方案2024年12月12日发布，中小企业上云率要超过40%。",
        "工信部联企业〔2024〕239号定了：上云率超过40%。",
    ],
)
def test_the_same_figure_written_another_way_stays(right: str) -> None:
    assert not bound(right, COMPOSED, HITS, sources=SOURCES).struck


def test_what_is_struck_gives_way_to_what_the_evidence_says() -> None:
    text = said("到2027年中小企业上云率超过60%，规模以上工业中小企业关键工序数控化率达到75%。")
    assert "60%" not in text and "超过40%" in text


def test_where_nothing_holds_the_composed_answer_stands() -> None:
    result = bound("月球上有三百家工厂。今天天气不错，适合去公园散步。", COMPOSED, HITS, sources=SOURCES)
    assert result.text == COMPOSED.text and result.citations == COMPOSED.citations
    assert not result.worded and len(result.struck) == 2


def test_a_statement_that_no_passage_holds_is_struck_and_a_half_held_one_is_marked() -> None:
    assert "散步" not in said("上云率超过40%。下班以后大家应该去公园散步。")
    assert MARK in said("上云率超过40%。城市支持中小企业转型，员工培训也很要紧，老板要带头学习。")


def test_the_models_own_citations_source_lines_and_stock_phrases_are_taken_out() -> None:
    text = said("根据以上资料，上云率超过40%[7]。（资料3）\n来源：我的记忆")
    assert text.startswith("上云率超过40% [1]。") and "[7]" not in text and "记忆" not in text and "根据" not in text


def test_a_repeated_sentence_is_said_once() -> None:
    assert said("上云率超过40%。" * 5).count("上云率超过40%") == 1


def test_a_correction_and_warnings_by_code_stay() -> None:
    composed = Composed(
        f"不是这样，资料里没有“全部”的说法。查到的是：\n{TARGETS} [1]\n> 注意：其中有已经过期的政策，只作参考。",
        CITATIONS,
        HITS[:1],
    )
    text = bound("上云率超过40%。", composed, HITS, sources=SOURCES).text
    assert text.startswith("不是这样，资料里没有“全部”的说法。") and "> 注意：其中有已经过期的政策，只作参考。" in text


def test_a_computed_result_stays_whole_and_a_summary_may_use_its_figures_only() -> None:
    composed = Composed("**小型**（按工业）。人数差20人 [1]。\n\n出处 [1] 划型办法", CITATIONS, ())
    tool = ToolCall("size_class", {"从业人员": 280}, {"class": "小型"})
    result = bound("按工业算是小型，人数差20人。人数还差90人。", composed, (), tool, SOURCES)
    assert result.text == "按工业算是小型，人数差20人。\n\n" + composed.text
    assert result.struck == ("人数还差90人。",)


def test_a_stream_shows_whole_sentences_that_hold_and_no_other() -> None:
    binder = Binder(COMPOSED, HITS, None, SOURCES)
    shown = list(binder.checked(["上云率", "超过4", "0%。上云率超", "过90%。每家不超过", "100万元"]))
    assert shown == ["上云率超过40%。", "每家不超过100万元"]


@pytest.mark.parametrize("seed", [77, 90001])
def test_planted_errors_are_caught_and_true_sentences_stay(seed: int) -> None:
    answers = planted_answers(150, seed)
    missed, struck = guarded(answers)
    assert len(missed) <= 0.02 * len(answers), missed
    assert len(struck) <= 0.02 * sum(len(a.true) for a in answers), struck


@pytest.mark.parametrize(
    ("text", "value", "unit", "limit"),
    [
        ("不低于六千万元", 6e7, "元", 1),
        ("最多300多家", 300.0, "家", -1),
        ("百分之七十五", 75.0, "%", 0),
        ("七成五", 75.0, "%", 0),
        ("1,900万元以上", 1.9e7, "元", 1),
        ("2027年", 2027.0, "年度", 0),
        ("三级", 3.0, "级", 0),
    ],
)
def test_figures_are_read_with_their_unit_and_bound(text: str, value: float, unit: str, limit: int) -> None:
    (figure,) = stated(text)
    assert (figure.value, figure.unit, figure.bound) == (pytest.approx(value), unit, limit)


@pytest.mark.parametrize("text", ["统一规划", "第一步", "一个车间", "1. 先做评测", "进一步"])
def test_words_and_list_numbers_are_not_figures(text: str) -> None:
    assert stated(text) == ()


@pytest.mark.parametrize(
    "text", ["", "。", "[" * 5000, "9" * 5000, "《" * 200, "<script>alert(1)</script>", "\x00\ufffd" * 50]
)
def test_any_text_is_bound_without_an_error(text: str) -> None:
    check: Callable[[str], object] = said
    assert isinstance(check(text), str)
