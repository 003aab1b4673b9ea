"""A model's sentences are held only where the evidence holds them."""

from __future__ import annotations

import pytest

from assistant.answer.composed import Composed
from assistant.cite import Citations
from assistant.wording.accept import accepted
from assistant.wording.bind import Binder, framing
from assistant.wording.stated import names, stated
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


BINDER = Binder(COMPOSED, HITS, None, SOURCES)


def cited(sentence: str) -> list[str]:
    """The passages that a sentence stands on."""
    return [ground.hit.passage.passage_id for ground in BINDER.held(sentence) or [] if ground.hit]


def test_a_sentence_that_the_evidence_holds_gets_its_citation() -> None:
    book = Citations(SOURCES)
    assert BINDER.marked("2027年中小企业上云率要超过40%。", book) == "2027年中小企业上云率要超过40% [1]。"
    assert BINDER.marked("每家最多补100万元。", book) == "每家最多补100万元 [2]。"
    assert [c.passage_id for c in book.rows] == ["a", "b"]


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
        "下班以后大家应该去公园散步。",
    ],
)
def test_a_sentence_with_a_wrong_figure_date_number_or_name_stands_on_nothing(wrong: str) -> None:
    assert BINDER.held(wrong) is None


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
def test_the_same_figure_written_another_way_is_held(right: str) -> None:
    assert cited(right)


def test_a_computed_results_own_lines_are_evidence_for_its_figures_only() -> None:
    composed = Composed("**小型**（按工业）。人数差20人 [1]。\n\n出处 [1] 划型办法", CITATIONS, ())
    binder = Binder(composed, (), ToolCall("size_class", {"从业人员": 280}, {"class": "小型"}), SOURCES)
    assert binder.held("按工业算是小型，人数差20人。") and binder.held("人数还差90人。") is None


def test_what_code_says_before_and_under_an_answer_is_told_from_the_answer() -> None:
    lines = ["**资料里没有正好说这一条。**最接近的是：", TARGETS + " [1]", "> 注意：其中有已经过期的政策，只作参考。"]
    assert framing(Composed("\n".join(lines), CITATIONS, HITS[:1])) == (lines[:1], lines[2:])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("再贷款就是人民银行把钱给银行", "人民银行"),
        ("由深圳大学牵头", "深圳大学"),
        ("韶音科技有限公司做耳机", "韶音科技有限公司"),
    ],
)
def test_a_name_is_read_without_the_words_before_it(text: str, found: str) -> None:
    assert found in set(names(text)) and not any(len(name) > len(found) for name in names(text))


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
def test_any_text_is_refused_without_an_error(text: str) -> None:
    assert accepted(text, "上云率要到多少？", COMPOSED, None, SOURCES).text == ""
