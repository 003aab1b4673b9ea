"""What an answer without a model says: the fact, its source, its limits."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assistant.chat import Assistant
from assistant.wording.bind import body_of
from core.types import Answer

Ask = Callable[[str], Answer]
PLAN = "action_plan_2025_2027"


def numbers_cited(answer: Answer) -> set[int]:
    """The [n] that stand in the words of an answer, before its list of sources."""
    body = re.split(r"\n\n(?:出处|Sources?) ", answer.text)[0]
    return {int(n) for n in re.findall(r"\[(\d+)\]", body)}


def sources(answer: Answer) -> set[str]:
    return {c.source_id for c in answer.citations}


def first_line(answer: Answer) -> str:
    return answer.text.strip().splitlines()[0]


def test_how_many_small_firms_are_to_use_the_cloud_is_answered_with_the_plan(ask: Ask) -> None:
    answer = ask("政府到2027年打算让多少小企业上云")
    assert not answer.refused and answer.confidence > 0.5
    assert "40%" in first_line(answer)
    assert answer.citations[0].source_id == PLAN
    assert "工信部联企业〔2024〕239号" in answer.text


def test_a_target_for_2035_is_not_in_the_documents_and_the_one_for_2027_is_given(ask: Ask) -> None:
    answer = ask("到2035年规上工业中小企业关键工序数控化率要达到多少")
    assert answer.refused
    assert "2035" in answer.text and "2027" in answer.text and "75%" in answer.text
    assert answer.citations[0].source_id == PLAN


@pytest.mark.parametrize(
    ("question", "fact", "source"),
    [
        ("到2027年关键工序数控化率要做到多少？", "75%", PLAN),
        ("行动方案有多少项任务", "18", PLAN),
        ("行动方案是哪几个部门发的", "金融监管总局", PLAN),
        ("链式转型有哪两种带法", "配套", "aii_report_2023"),
        ("联想报告调查了多少家企业", "500", "lenovo_36kr_2024"),
        ("专精特新企业ERP用的比例是多少", "73.8%", "caict_specialized_2024"),
        ("工业企业多少人算中型", "300", "size_classes_2017"),
        ("数字化水平评测满分多少分", "100", "maturity_2024"),
    ],
)
def test_a_fact_comes_from_the_document_that_states_it(ask: Ask, question: str, fact: str, source: str) -> None:
    answer = ask(question)
    assert not answer.refused
    assert fact in answer.text
    assert source in sources(answer)


@pytest.mark.parametrize(
    "question",
    ["政府到2027年打算让多少小企业上云", "方案里有哪些重点任务", "WMS是什么意思", "链式转型", "没有IT人员怎么转型", "合肥数字化改造补贴多少",
     "What is MES?", "我们厂280人，去年营收1.9亿，算中型吗？"],
)  # fmt: skip
def test_every_number_in_brackets_has_its_source_and_every_source_is_used(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert numbers_cited(answer) == {c.n for c in answer.citations} != set()
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_a_citation_quotes_words_of_its_passage(ask: Ask, guide: object) -> None:
    answer = ask("政府到2027年打算让多少小企业上云")
    for citation in answer.citations:
        passage = guide.retriever.index.ledger.passage(citation.passage_id)  # type: ignore[attr-defined]
        assert citation.quote.rstrip("…") in passage.text
        assert citation.section == " › ".join(passage.section)


def test_a_list_is_complete(ask: Ask) -> None:
    text = ask("方案里有哪些重点任务").text
    assert all(
        word in text
        for word in ("城市试点", "工业大县", "小巨人", "链", "集群", "人工智能", "数据", "小快轻准", "标准", "安全")
    )
    areas = ask("42个场景分成哪14个领域").text
    assert all(word in areas for word in ("产品研发", "工艺设计", "生产作业", "计划调度", "设备管理", "能源管理", "环保管理", "安全管理",
                                          "质量管理", "仓储管理", "供应链管理", "产品营销", "产品服务", "经营管理"))  # fmt: skip


def test_steps_stand_in_their_order(ask: Ask) -> None:
    text = ask("指南给企业讲了哪几步").text
    places = [text.index(word) for word in ("评估", "管理数字化", "业务数字化", "生态", "优化")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("上云率目标是多少？数控化率目标是多少？", ("40%", "75%")),
        ("WMS管什么？APS又管什么？", ("仓", "排")),
        ("上云率目标是多少？一把手负责制是什么？", ("40%", "一把手")),
        ("城市试点要支持多少个城市，贷款贴息又是怎么回事", ("100个", "贴息")),
    ],
)
def test_each_part_of_a_question_is_answered(ask: Ask, question: str, words: tuple[str, ...]) -> None:
    answer = ask(question)
    assert not answer.refused
    assert all(word in answer.text for word in words), answer.text


def test_a_comparison_tells_of_both_sides(ask: Ask) -> None:
    text = ask("汽车和医药行业二级的研发设计差在哪").text
    assert "汽车" in text and "医药" in text and "二级" in text and "PDM" in text
    text = ask("APS是啥，跟MES有什么区别").text
    assert "APS" in text and "MES" in text and "排" in text


def test_an_english_question_gets_an_english_frame_over_the_chinese_evidence(ask: Ask) -> None:
    answer = ask("What share of SMEs should use the cloud by 2027?")
    assert not answer.refused and "40%" in answer.text
    assert len(re.findall(r"[A-Za-z]{3,}", answer.text)) >= 3 and "Source" in answer.text
    assert "出处" not in answer.text
    assert PLAN in sources(answer)


def test_a_chinese_question_with_latin_abbreviations_stays_chinese(ask: Ask) -> None:
    for question in ("MES、ERP、WMS先上哪个", "APS", "ERP和MES区别"):
        assert "Source" not in ask(question).text and "From the documents" not in ask(question).text, question


@pytest.mark.parametrize(
    "question", ["申报“小巨人”还看数字化等级吗？", "小巨人2022年的认定标准还有效吗", "专精特新认定现在按哪个办法"]
)
def test_superseded_criteria_are_said_to_be_superseded(ask: Ask, question: str) -> None:
    text = ask(question).text
    assert re.search(r"替代|被新|新办法|不再|梯度培育", text)
    assert "2026" in text


def test_an_expired_programme_is_said_to_have_expired(ask: Ask) -> None:
    text = ask("合肥数字化改造补贴多少").text
    assert re.search(r"过期|到期|已结束|2025年", text) and "40%" in text


def test_what_was_not_seen_in_the_official_text_says_so(ask: Ask) -> None:
    answer = ask("合肥数字化改造补贴多少")
    assert any(c.certainty != "full" for c in answer.citations)
    assert re.search(r"未见官方|核对|为准|第三方", answer.text)


def test_a_keyword_alone_gets_an_overview_and_next_questions(ask: Ask) -> None:
    answer = ask("链式转型")
    assert not answer.refused and "上下游" in answer.text
    assert answer.suggestions and all(isinstance(s, str) and s for s in answer.suggestions)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＭＥＳ是什么", "MES是什么"),
        ("M E S是什么", "MES是什么"),
        ("中⼩企业上云率⽬标", "中小企业上云率目标"),
        ("上\u200b云率目\u202e标是多少", "上云率目标是多少"),
        ("上云率 目标 是多少", "上云率目标是多少"),
    ],
)
def test_broken_or_wide_characters_make_no_difference(ask: Ask, typed: str, meant: str) -> None:
    assert [c.passage_id for c in ask(typed).citations] == [c.passage_id for c in ask(meant).citations] != []


@pytest.mark.parametrize(
    ("question", "fact"),
    [("企页数字化转型第一步", "评估"), ("中小起业上云目标", "40%"), ("数子化转型第一步是什么", "评估")],
)
def test_a_typing_error_still_hits(ask: Ask, question: str, fact: str) -> None:
    answer = ask(question)
    assert not answer.refused and fact in answer.text


def test_the_same_question_gets_the_same_answer(ask: Ask) -> None:
    assert ask("链式转型").text == ask("链式转型").text


def test_most_answers_are_short_enough_to_be_read(ask: Ask) -> None:
    questions = ["政府到2027年打算让多少小企业上云", "链式转型", "没有IT人员怎么转型", "指南给企业讲了哪几步", "小企业上云有补贴吗", "MES是什么",
                 "老插单排不过来咋整", "仓库老对不上账该上啥系统", "链主会要求我们上什么系统"]  # fmt: skip
    lengths = sorted(len(re.split(r"\n\n(?:出处|Source) ", ask(q).text)[0]) for q in questions)
    assert lengths[len(lengths) // 2] <= 280
    assert lengths[-1] <= 400


@pytest.mark.parametrize(
    "question",
    ["方案里有哪些重点任务", "WMS是什么意思", "老插单排不过来咋整", "链主会要求我们上什么系统", "没有IT人员怎么转型"],
)
def test_a_card_is_told_whole_or_by_its_short_form(ask: Ask, guide: Assistant, question: str) -> None:
    answer = ask(question)
    for citation in answer.citations:
        passage = guide.retriever.index.ledger.passage(citation.passage_id)
        assert passage and (passage.text.strip() in answer.text or passage.short in answer.text)


def test_a_question_for_one_value_is_answered_in_a_sentence_before_anything_else(ask: Ask, guide: Assistant) -> None:
    answer = ask("政府到2027年打算让多少小企业上云")
    passage = guide.retriever.index.ledger.passage(answer.citations[0].passage_id)
    assert passage and first_line(answer).startswith(passage.short)


@pytest.mark.parametrize("place", ["温州", "佛山"])
def test_of_a_place_that_is_left_out_nothing_is_told_as_the_answer(ask: Ask, guide: Assistant, place: str) -> None:
    answer = ask(f"除了{place}还有哪些城市有数字化改造补贴")
    passages = [guide.retriever.index.ledger.passage(c.passage_id) for c in answer.citations]
    assert answer.citations and not any(p and p.region.split("、")[0].endswith(place) for p in passages)
    assert place not in body_of(answer.text) or f"{place}以外" in first_line(answer)


@pytest.mark.parametrize("doubt", ["骗人的吧", "你说的靠谱吗", "你不会是骗人的吧"])
def test_a_doubt_is_answered_with_how_to_check(ask: Ask, doubt: str) -> None:
    answer = ask(doubt)
    assert not answer.refused and "原文" in answer.text


def test_the_name_of_a_customer_does_not_hide_what_is_asked(ask: Ask) -> None:
    answer = ask("企业给格力做配套，能不能跟着龙头一起转型")
    assert not answer.refused and "龙头" in answer.text


@pytest.mark.parametrize("question", ["数字化转型是啥意思", "什么叫数字化转型"])
def test_what_a_thing_is_comes_before_what_is_told_of_it(ask: Ask, question: str) -> None:
    assert ask(question).text.startswith("转型不只是装软件，是用数字技术改")


def test_a_replaced_rule_does_not_lead_where_nobody_asks_for_it(ask: Ask) -> None:
    assert "63号文" not in ask("什么是数字化水平二级").text.split("[1]")[0]
