"""Tools in a conversation: chosen by what is said, fed over several turns, corrected, left and taken up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.types import Answer
from tools.spec import specs

Talk = Callable[..., list[Answer]]
Ask = Callable[[str], Answer]


def tool(answer: Answer) -> str:
    return answer.tool.name if answer.tool else "none"


def given(answer: Answer) -> dict[str, Any]:
    return answer.tool.arguments if answer.tool else {}


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("我厂280人，去年1.9个亿，算中型吗？", "size_class"),
        ("我们用了金蝶ERP和钉钉，车间还靠纸质单子流转，帮我看看数字化算几级？", "maturity"),
        ("我们在东莞，专精特新，打算投200万做数字化改造，能补多少？", "subsidy"),
        ("我们做服装的，80人，给我一个三年的转型路线图", "roadmap"),
        ("汽车零部件，生产制造环节，三级要做到啥", "sector_path"),
        ("注塑厂能做哪些数字化场景", "scenarios"),
        ("有没有服装厂做过数字化的案例", "cases"),
        ("MES哪家用得多", "tool_vendors"),
        ("质检软件用哪家的最多，前三是谁？", "tool_vendors"),
        ("我们是2级，跟专精特新同行比在什么水平", "benchmark"),
        ("低代码是什么", "glossary"),
        ("我们一年营收3000万，花60万搞数字化，算正常吗", "benchmark"),
    ],
)
def test_a_message_about_ones_own_firm_or_a_table_goes_to_its_tool(ask: Ask, message: str, name: str) -> None:
    answer = ask(message)
    assert tool(answer) == name
    assert answer.text and not answer.refused


@pytest.mark.parametrize(
    "message",
    [
        "成熟度是什么意思",
        "企业规模是按什么划分的",
        "补贴和贴息有什么区别",
        "路线图一般包括哪些内容",
        "行动方案对小巨人有什么要求",
        "政府到2027年打算让多少小企业上云",
        "德图的仿真集群是谁家的，中断过没有",
        "我做模具加工的，二三十人，设备联网、程序下发有人干过没",
    ],
)
def test_a_question_about_the_subject_stays_with_the_knowledge(ask: Ask, message: str) -> None:
    assert tool(ask(message)) == "none"


def test_every_tool_that_is_chosen_is_one_that_exists(ask: Ask) -> None:
    assert tool(ask("我厂280人，去年1.9个亿，算中型吗？")) in specs()


def test_the_size_class_is_found_over_two_turns(talk: Talk) -> None:
    first, second = talk("我们厂280人，做五金的，算中型吗？", "去年营收1.9亿")
    assert tool(first) == tool(second) == "size_class"
    assert "营业收入" in first.text
    assert given(second) == {"行业": "五金", "从业人员": 280, "营业收入万元": 19000}
    assert "小型" in second.text.splitlines()[0]


def test_what_was_told_before_the_question_counts(talk: Talk) -> None:
    told, asked = talk("我厂做塑料件，60人，营收800万", "我们算中型还是小型")
    assert told.tool is None and "60" in told.text and "800" in told.text
    assert tool(asked) == "size_class" and given(asked)["从业人员"] == 60
    assert "小型" in asked.text.splitlines()[0]


def test_a_correction_changes_the_result(talk: Talk) -> None:
    *_, before, after = talk("我厂380人，营收1.9亿，算什么型企业", "不是380人，是180人")
    assert "中型" in before.text.splitlines()[0] and "小型" in after.text.splitlines()[0]
    assert given(after)["从业人员"] == 180 and given(after)["营业收入万元"] == 19000


def test_a_correction_of_what_was_only_told_is_shown_back(talk: Talk) -> None:
    _, corrected, asked = talk("我厂280人，做五金", "不是280人，是180人", "营收5000万，我们算中型还是小型")
    assert "180" in corrected.text
    assert given(asked)["从业人员"] == 180


def test_another_topic_in_between_is_answered_and_the_tool_taken_up_again(talk: Talk) -> None:
    _, between, after = talk("我们厂280人，做五金的，算中型吗？", "2027年上云率目标是多少", "去年营收1.9亿")
    assert tool(between) == "none" and "40%" in between.text
    assert tool(after) == "size_class" and given(after)["从业人员"] == 280
    assert "小型" in after.text.splitlines()[0]


def test_an_assessment_goes_on_after_another_question(talk: Talk) -> None:
    start, one, between, two = talk("我们厂做注塑，120人，帮我测测几级", "B", "WMS是什么意思", "A")
    assert tool(start) == tool(one) == tool(two) == "maturity"
    assert "仓" in between.text
    assert len(given(one)["答案"]) == 1 and len(given(two)["答案"]) == 2


def test_an_assessment_moves_from_question_to_question(talk: Talk) -> None:
    answers = talk("帮我测一下我们厂数字化几级", *"BCBA")
    assert {tool(a) for a in answers} == {"maturity"}
    assert len(given(answers[-1])["答案"]) == 4
    assert len({a.text for a in answers}) == 5


def test_calling_it_off_ends_it(talk: Talk) -> None:
    *_, off, after = talk("我们厂能申请什么补贴？", "算了，不查了", "2027年上云率目标是多少")
    assert tool(off) == "none" and "还想知道" not in off.text
    assert "40%" in after.text


@pytest.mark.parametrize("start", ["我们厂能申请什么补贴？", "给我一个路线图，我们做服装", "我们厂280人，算中型吗？"])
def test_no_more_than_three_questions_are_asked_back(talk: Talk, start: str) -> None:
    answers = talk(start, "不知道", "不清楚", "说不上来", "不知道", "不好说")
    assert sum("还想知道" in a.text for a in answers) <= 3


def test_one_thing_at_a_time_is_asked(talk: Talk) -> None:
    (answer,) = talk("我们在宁波，做汽车零件，能申请什么补贴？")
    assert tool(answer) == "subsidy"
    assert answer.text.count("还想知道") == 1


def test_the_product_made_is_not_what_the_money_is_for(talk: Talk) -> None:
    (answer,) = talk("我们在宁波，做汽车零件，想投200万换设备，能申请什么补贴？")
    assert given(answer)["地区"].startswith("宁波") and given(answer)["投入万元"] == 200
    assert "汽车零件" not in given(answer).get("用途", "")


def test_a_budget_added_later_changes_the_plan(talk: Talk) -> None:
    first, second = talk("给我一个路线图，我们做服装的，80人，想两年做完", "预算50万")
    assert tool(first) == tool(second) == "roadmap"
    assert given(second).items() >= (given(first) | {"预算万元": 50}).items()
    assert first.text != second.text


def test_a_plan_can_be_asked_for_in_the_words_that_the_assistant_offers(talk: Talk) -> None:
    (bare,) = talk("给我一个路线图")
    assert not bare.refused and ("行业" in bare.text or "产品" in bare.text)
    told, plan = talk("我们做服装的，80人", "给我一个路线图")
    assert "路线图" in told.text
    assert tool(plan) == "roadmap" and given(plan)["从业人员"] == 80


def test_what_if_asks_the_same_with_one_thing_changed(talk: Talk) -> None:
    _, second = talk("我们在东莞，专精特新，打算投200万做数字化改造，现在二级，能补多少？", "如果做到三级呢？")
    assert tool(second) == "subsidy"
    assert given(second)["目标等级"] == "三级" and given(second)["投入万元"] == 200


def test_after_a_tool_any_question_can_be_asked(talk: Talk) -> None:
    for start in ("汽车行业二级的研发设计要做到什么", "注塑厂能做哪些数字化场景", "有没有服装厂做过数字化的案例", "MES哪家用得多", "低代码是什么",
                  "我们一年营收3000万，花60万搞数字化，算正常吗", "我厂280人，去年1.9个亿，算中型吗？"):  # fmt: skip
        answers = talk(start, "那呢？", "到2027年中小企业上云率目标是多少")
        assert tool(answers[0]) != "none", start
        assert "40%" in answers[-1].text, start


@pytest.mark.parametrize(
    "message",
    [
        "我厂-5人，算中型吗？",
        "我厂99999999999人，算中型吗？",
        "我厂280人，营收0元，算什么型？",
        "我们做隐形飞毯的，30人，给我一个路线图",
        "我厂280.5人，算中型吗",
    ],
)
def test_absurd_figures_are_met_with_a_sentence_not_with_an_error(talk: Talk, message: str) -> None:
    (answer,) = talk(message)
    assert answer.text


def test_a_tools_result_is_cited_and_complete_in_json(ask: Ask) -> None:
    raw = ask("我厂280人，去年1.9个亿，算中型吗？").as_json()
    assert raw["citations"][0]["source_id"] == "size_classes_2017"
    assert raw["tool"]["name"] == "size_class" and raw["tool"]["arguments"]["从业人员"] == 280
    assert isinstance(raw["tool"]["result"], dict) and raw["tool"]["result"]


def test_a_bare_level_answers_what_was_asked_back(talk: Talk) -> None:
    first, second = talk("给我一个路线图，我们做注塑的，80人", "二级")
    assert "当前等级" not in given(first) and given(second)["当前等级"] == 2


def test_a_reply_that_leaves_the_question_open_ends_the_asking(talk: Talk) -> None:
    first, second = talk("给我一个路线图，我们做注塑的，80人", "没测过")
    assert "还想知道" in first.text and "还想知道" not in second.text and tool(second) == "roadmap"


@pytest.mark.parametrize("correction", ["不对，是180人", "打错了，180人", "其实是180人"])
def test_a_correction_runs_the_same_tool_again(talk: Talk, correction: str) -> None:
    last = talk("我厂280人，去年1.9个亿，算中型吗？", correction)[-1]
    assert tool(last) == "size_class"
    assert (given(last)["从业人员"], given(last)["营业收入万元"]) == (180, 19000)


def test_a_tool_taken_up_again_uses_what_was_told_last(talk: Talk) -> None:
    last = talk("我厂280人，去年1.9个亿，算中型吗？", "我们后来是180人", "资产8000万呢")[-1]
    assert given(last)["从业人员"] == 180
    assert "280人" not in last.text


def test_a_lone_sum_after_a_plan_is_its_budget(talk: Talk) -> None:
    answers = talk("我们做服装的，60人，给个路线图，预算50万", "太贵了，20万呢", "在宁波", "能补多少")
    assert [given(a).get("预算万元") for a in answers[:3]] == [50, 20, 20]
    assert given(answers[3]) | {"地区": "宁波", "投入万元": 20} == given(answers[3])


def test_how_much_support_is_matched_for_the_firm_already_known(talk: Talk) -> None:
    assert tool(talk("我们做注塑的，50人", "能补多少")[-1]) == "subsidy"
    assert tool(talk("能补多少")[-1]) == "subsidy"


def test_several_things_asked_back_are_told_at_once(talk: Talk) -> None:
    last = talk("能补多少", "苏州，专精特新，投80万买软件")[-1]
    assert given(last) | {"地区": "苏州", "企业类型": "专精特新", "投入万元": 80} == given(last)


def test_a_smaller_project_is_matched_anew(talk: Talk) -> None:
    last = talk("我们在佛山，60人，想投150万上MES和机械手，能补多少", "只上MES呢，50万")[-1]
    assert given(last) | {"地区": "佛山", "投入万元": 50} == given(last)


def test_a_lone_sum_after_a_size_is_its_revenue(talk: Talk) -> None:
    last = talk("我们70人，一年3亿，算什么规模", "不对，4000万")[-1]
    assert (tool(last), given(last)["营业收入万元"]) == ("size_class", 4000)


def test_the_one_sum_of_a_question_on_size_is_its_revenue(ask: Ask) -> None:
    assert given(ask("餐饮80人1500万什么型"))["营业收入万元"] == 1500


def test_a_place_with_a_thing_is_looked_up_and_not_noted(ask: Ask) -> None:
    assert "我记下的" not in ask("深圳训力券").text and "我记下的" not in ask("江苏苏州补贴").text


def test_amount_place_and_date_asked_at_once_is_matched(ask: Ask) -> None:
    answer = ask("我们在苏州做电子元器件，120人，打算投200万上MES，能拿多少补贴，找谁申请，几时截止")
    assert tool(answer) == "subsidy"


def test_a_question_is_no_answer_to_where_the_firm_is(talk: Talk) -> None:
    last = talk("我们做注塑的，50人", "能补多少", "这个有用不")[-1]
    assert given(last).get("地区") is None
    assert "这个有用不的" not in last.text


def test_of_a_known_city_its_district_is_asked(talk: Talk) -> None:
    last = talk("我们做注塑的，50人", "能补多少", "宁波")[-1]
    assert "厂子在哪个市" not in last.text and "在宁波的哪个区、县？" in last.text


def test_a_trade_told_in_an_assessment_is_the_industry(talk: Talk) -> None:
    last = talk("帮我测一下几级", "做五金冲压的")[-1]
    assert given(last)["行业"] == "五金冲压"
    assert "没认出" not in last.text


@pytest.mark.parametrize(
    ("message", "name", "arguments"),
    [
        ("我是做阀门的，手底下90个人，一年两个来亿，算大企业不", "size_class", {"从业人员": 90, "营业收入万元": 20000}),
        ("服务商报价80万，我们一年营收2000万，投这么多在同行里算多吗", "benchmark", {"投入万元": 80}),
        ("我这40人的厂先上哪个系统，给排个先后", "roadmap", {"从业人员": 40}),
    ],
)
def test_plain_words_reach_the_tool_with_their_figures(
    ask: Ask, message: str, name: str, arguments: dict[str, Any]
) -> None:
    answer = ask(message)
    assert tool(answer) == name
    assert given(answer) | arguments == given(answer)


@pytest.mark.parametrize("words", ["跳过", "不清楚，跳过", "这题不知道，下一题", "不太清楚"])
def test_a_question_of_the_assessment_that_is_passed_over_gives_way_to_the_next(talk: Talk, words: str) -> None:
    first, second, answered, last = talk("帮我评一下数字化水平", words, "B", words)
    assert first.tool and second.tool and answered.tool and last.tool
    keys = [t.tool.result["data"]["next_question"]["key"] for t in (first, second, answered, last) if t.tool]
    assert len(set(keys)) == 4
    assert "先跳过" in second.text and "没认出" not in second.text and "看不出几级" not in last.text
    assert [t.tool.result["data"]["answered"] for t in (answered, last)] == [1, 1]
    kept = last.tool.result["data"]["answers"]
    assert {key for key, value in kept.items() if isinstance(value, int)} == {keys[1]}


def test_what_is_no_skip_is_not_taken_for_one(talk: Talk) -> None:
    asked, told = talk("帮我评一下数字化水平", "不清楚补贴怎么申请")
    assert "先跳过" not in told.text and asked.tool


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("怎么申请", "办法"), ("那具体怎么报？", "办法"), ("要准备什么材料", "办法"), ("找谁", "办法"), ("那申请流程呢？", "办法"),
        ("什么时候截止", "期限"), ("截止日期是哪天？", "期限"), ("还来得及吗", "期限"),
    ],
)  # fmt: skip
def test_after_a_match_of_support_its_end_and_its_way_are_told_of_the_same_programmes(
    talk: Talk, asked: str, part: str
) -> None:
    first, then, more = talk("我们在中山，做五金的，120人，打算投100万，能补多少", asked, "如果投200万呢")
    assert first.tool and then.tool and tool(then) == "subsidy"
    assert given(then) == {**given(first), "只看": part}
    assert then.tool.result["data"]["shown"] == first.tool.result["data"]["shown"]
    assert given(more)["投入万元"] == 200 and "只看" not in given(more)


def test_without_a_match_before_the_end_of_something_is_looked_up(ask: Ask) -> None:
    assert tool(ask("什么时候截止")) == "none"


def test_what_support_there_is_means_the_firm_that_was_told_of(talk: Talk) -> None:
    answer = talk("我厂在宁波，做阀门的，200人", "能拿什么补贴")[-1]
    assert tool(answer) == "subsidy" and given(answer)["地区"] == "宁波"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("做五金的，280人，去年营收3千2百50万，算小型吗", "“3千2百50万”按3250万元算，不对请告诉我。"),
        ("我们做模具，几百人，营收3000万，算什么型", "人数“几百人”说不准是多少，没有算进去"),
        ("我们120人，营收300万美元，做注塑，算什么型", "营收“300万美元”是外币，我没有换算"),
        ("注塑廠，三百來人，營收1.9億，算什麼型？", "**中型还是小型，要看准数**"),
        ("我们注塑厂290~310人，去年营收3000万，算中型还是小型？", "线是从业人员300人"),
    ],
)  # fmt: skip
def test_a_figure_of_an_unusual_form_is_repeated_back_and_an_unclear_one_is_asked(
    ask: Ask, message: str, told: str
) -> None:
    answer = ask(message)
    assert tool(answer) == "size_class" and told in answer.text


def test_a_range_told_earlier_is_kept_until_the_exact_figure_comes(talk: Talk) -> None:
    _, first, second = talk("我们注塑厂290~310人，去年营收3000万", "算中型还是小型？", "305人")
    assert "要看准数" in first.text
    assert "**中型**" in second.text and "范围" not in given(second)


def test_a_rough_headcount_that_is_only_told_is_noted(ask: Ask) -> None:
    assert "我记下的" in ask("我们几百人，做注塑的，营收300万美元").text


def test_ones_own_figures_are_not_mixed_with_another_firms(ask: Ask) -> None:
    answer = ask("我同学厂300人，我们80人，做注塑的，营收从5000万降到1800万，算什么规模")
    assert (given(answer)["从业人员"], given(answer)["营业收入万元"]) == (80, 1800)


def test_a_sum_that_only_the_tool_could_read_is_kept_for_the_next_question_of_it(talk: Talk) -> None:
    first, second = talk("零售，60人，一千八百万，划型", "那我们到底算不算中型")
    assert given(first)["营业收入万元"] == 1800
    assert tool(second) == "size_class" and given(second)["营业收入万元"] == 1800


def test_a_budget_that_is_said_twice_is_one_budget(talk: Talk) -> None:
    *_, last = talk("我们五金厂80人，预算50万，给我排个路线图", "现在只有12万了，按12万重排")
    assert tool(last) == "roadmap" and given(last)["预算万元"] == 12
