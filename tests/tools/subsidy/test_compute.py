import json
from datetime import date
from typing import Any

import pytest

from core.errors import BadInput
from corpus.tables import load_tables
from tools import registry
from tools.outcome import Outcome

DAY = date(2026, 11, 20)


def ask(day: date = DAY, **arguments: Any) -> Outcome:
    return registry.run("subsidy", arguments, day)


def found(outcome: Outcome, id: str) -> dict[str, Any]:
    return next(row for row in outcome.data["programmes"] if row["id"] == id)


def test_zhongshan_on_its_last_day_is_open_and_the_day_after_over() -> None:
    last = ask(date(2026, 12, 31), 地区="中山", 投入万元=100, 目标等级=3)
    status = found(last, "zhongshan-2024")["status"]
    assert (status["state"], status["days_left"]) == ("open", 0)
    assert "今天是最后一天" in last.text
    assert "zhongshan-2024" in last.data["shown"]
    after = ask(date(2027, 1, 1), 地区="中山", 投入万元=100, 目标等级=3)
    assert found(after, "zhongshan-2024")["group"] == "over"
    assert "zhongshan-2024" not in after.data["shown"]


def test_the_argument_sets_the_day() -> None:
    assert found(ask(地区="合肥", 日期="2024-06-30"), "hefei-2024")["status"]["state"] == "open"
    assert found(ask(地区="合肥"), "hefei-2024")["status"]["state"] == "expired"


def test_zhongshan_tells_the_cap_of_the_level_and_what_the_next_level_adds() -> None:
    outcome = ask(地区="中山", 投入万元=100, 等级=2, 目标等级=3)
    assert found(outcome, "zhongshan-2024")["estimate"]["cap_wan"] == 60
    assert "从二级做到三级，最多多30万元" in outcome.text
    assert outcome.text.startswith("**中山对得上的")


def test_hefei_pays_half_in_2024_and_forty_percent_in_2025() -> None:
    for day, high in ((date(2024, 7, 1), 35), (date(2025, 7, 1), 28)):
        outcome = ask(day, 地区="合肥", 投入万元=70, 目标等级="三级")
        assert found(outcome, "hefei-2024")["estimate"]["high_wan"] == high
        assert f"最多{high}万元" in outcome.text


def test_nanjing_adds_twenty_for_level_four() -> None:
    outcome = ask(date(2026, 2, 1), 地区="南京", 投入万元=80, 目标等级=4)
    assert found(outcome, "nanjing-2024")["estimate"]["high_wan"] == 52
    assert "从三级做到四级，最多多20万元" in outcome.text


def test_longyan_takes_the_machines_off() -> None:
    outcome = ask(地区="龙岩", 投入万元=100, 用途="ERP和MES，设备30万", 目标等级=3)
    assert found(outcome, "longyan-2025")["estimate"]["high_wan"] == 35
    assert "扣掉设备30万元" in outcome.text


def test_what_only_others_say_of_foshan_is_told_as_that_and_never_in_bold() -> None:
    outcome = ask(地区="佛山", 投入万元=500)
    assert found(outcome, "foshan-2026")["estimate"]["high_wan"] is None
    assert outcome.certainty == "third_party"
    assert all("万元" not in bold for bold in outcome.text.split("**")[1::2])
    assert "不能当真数用" in outcome.text.split("\n")[0] and "按文件算的上限" not in outcome.text


def test_what_a_programme_gave_that_is_over_is_told_for_the_level_and_the_finish_asked() -> None:
    wuhan = ask(地区="武汉", 投入万元=60, 目标等级="四级").text.split("\n")[0]
    assert "补40%、不超过40万元，按60万元算最多24万元" in wuhan and "30%" not in wuhan
    hefei = ask(地区="合肥", 投入万元=60, 目标等级="二级", 完工起="2025-05-01", 完工止="2025-05-31").text.split("\n")[0]
    assert "2025年完成，二级：补40%、不超过30万元，按60万元算最多24万元" in hefei and "50%" not in hefei


def test_without_a_level_no_case_of_what_was_given_stands_for_the_others() -> None:
    line = ask(地区="武汉", 投入万元=60).text.split("\n")[0]
    assert "补30%" in line and "补40%" in line


def test_a_finish_after_the_last_day_is_said_before_the_amount() -> None:
    outcome = ask(地区="龙岩", 投入万元=60, 目标等级="二级", 完工起="2027-05-01", 完工止="2027-05-31")
    assert "它只到2026-12-31，你说的完工时间在这之后" in outcome.text.split("**")[1]
    assert "万元" not in outcome.text.split("**")[1]


def test_a_trade_that_may_not_be_one_of_those_named_is_said_before_the_amount() -> None:
    outcome = ask(date(2025, 6, 1), 地区="杭州", 行业="水泵", 投入万元=50)
    assert "你做的水泵算不算没有写" in outcome.text.split("**")[1]
    assert "都对得上的话最多20万元" in outcome.text.split("\n")[0]


@pytest.mark.parametrize("said", ["二级或三级", "2-3级", "二级到三级", "三级、二级"])
def test_a_target_said_as_a_range_gives_both_ends(said: str) -> None:
    estimate = found(ask(地区="龙岩", 投入万元=400, 目标等级=said), "longyan-2025")["estimate"]
    assert (estimate["low_wan"], estimate["high_wan"]) == (25, 35)


@pytest.mark.parametrize(("asked", "words"), [(16, "你问的16万元超过了它的上限"), (15, "你问的15万元没超过它的上限")])
def test_a_sum_that_is_asked_about_is_held_against_the_bound(asked: float, words: str) -> None:
    assert words in ask(贷款万元=500, 用途="换设备", 问的金额万元=asked).text
    assert words in ask(地区="龙岩", 投入万元=30, 目标等级=2, 问的金额万元=asked).text


def test_the_interest_support_called_by_its_name_comes_first() -> None:
    lead = ask(贷款万元=7000, 问的项目="sme-loan-interest").text.split("\n")[0]
    assert "中小微企业贷款贴息最多150万元" in lead and "210" not in lead


def test_only_the_part_of_a_loan_that_is_for_machines_counts_for_machines() -> None:
    row = found(ask(贷款万元=900, 用途="其中买机床300万元"), "equipment-interest")
    assert row["estimate"]["high_wan"] == 9


def test_support_already_had_is_an_open_question() -> None:
    outcome = ask(地区="龙岩", 投入万元=60, 目标等级=2, 已得补助万元=12)
    assert "已经拿到补助12万元" in outcome.text and "收录的文件没有写" in outcome.text


def test_a_small_sum_is_told_in_yuan() -> None:
    text = ask(地区="龙岩", 投入万元="80元", 目标等级=2).text
    assert "最多40元（可补80元×50%" in text and "0万元×" not in text


def test_wuhan_is_over_and_the_district_notice_is_kept_in_the_data() -> None:
    row = found(ask(地区="武汉", 投入万元=100, 目标等级=2), "wuhan-2024")
    assert row["group"] == "over"
    assert row["estimate"]["high_wan"] == 30
    assert "江夏" in row["validity_note"]


def test_hangzhou_wants_one_of_three_industries() -> None:
    outcome = ask(date(2025, 6, 1), 地区="杭州", 行业="服装", 投入万元=50)
    assert found(outcome, "hangzhou-2024")["group"] == "no"
    assert found(ask(date(2025, 6, 1), 地区="杭州", 行业="汽配", 投入万元=50), "hangzhou-2024")["group"] == "maybe"


def test_a_loan_for_machines_finds_both_interest_programmes_and_warns_of_taking_both() -> None:
    outcome = ask(贷款万元=500, 用途="换设备")
    assert outcome.data["shown"][:2] == ["equipment-interest", "sme-loan-interest"]
    assert found(outcome, "equipment-interest")["estimate"]["high_wan"] == 15
    assert "别重复拿" in outcome.text
    assert outcome.asks[0] == "地区"


def test_interest_support_stops_at_a_loan_of_five_thousand() -> None:
    row = found(ask(贷款万元=9000, 用途="厂房", 企业类型="民营中型"), "sme-loan-interest")
    assert row["estimate"]["high_wan"] == 150


def test_little_giant_round_is_closed() -> None:
    assert found(ask(企业类型="小巨人", 投入万元=3000), "little-giant-2024")["status"]["state"] == "closed"


def test_compute_vouchers_are_offered_for_compute_only() -> None:
    outcome = ask(地区="杭州", 投入万元=100, 用途="租算力")
    assert found(outcome, "hangzhou-compute")["estimate"]["high_wan"] == 30
    assert "hangzhou-compute" in outcome.data["shown"]
    assert "hangzhou-compute" not in ask(地区="杭州", 投入万元=100, 用途="MES").data["shown"]


def test_guangdong_alone_names_its_cities_and_asks_for_one() -> None:
    outcome = ask(地区="广东")
    assert "中山" in outcome.text
    assert outcome.asks[0] == "地区"
    assert found(outcome, "guangdong-pilot")["local"] is True
    assert found(outcome, "zhongshan-2024")["local"] is None


def test_a_city_without_data_is_said_to_be_so_with_the_national_rules() -> None:
    outcome = ask(地区="曲靖", 投入万元=80)
    assert outcome.text.startswith("**未收录曲靖的补贴文件**")
    assert outcome.data["covered"] is False
    assert "工业和信息化局" in outcome.text
    assert {found(outcome, id)["level"] for id in outcome.data["shown"]} == {"national"}


def test_a_pilot_city_without_data_is_named_as_one() -> None:
    assert "第一批试点城市" in ask(地区="榆林", 投入万元=80).text


def test_old_and_expired_local_rules_are_not_told_as_present_ones() -> None:
    suzhou = ask(地区="苏州", 企业类型="省级专精特新", 投入万元=300, 用途="改产线")
    assert suzhou.text.startswith("**苏州眼下能算出钱的没查到**")
    ningbo = ask(地区="宁波", 企业类型="小微", 投入万元=80, 用途="MES")
    assert "2025-12-31已到期（推断）" in ningbo.text


def test_a_large_firm_is_told_which_clause_it_misses() -> None:
    outcome = ask(地区="龙岩", 企业类型="大型", 投入万元=500)
    assert "属于中小企业" in outcome.text.split("\n")[0]
    assert found(outcome, "longyan-2025")["group"] == "no"


def test_with_nothing_known_it_asks_for_the_city_and_promises_nothing() -> None:
    outcome = ask()
    assert outcome.asks[0] == "地区"
    assert outcome.data["promise"] is False
    assert len(outcome.data["programmes"]) == len(load_tables().programmes)
    assert sum(outcome.data["counts"].values()) == len(load_tables().programmes)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"等级": 3, "目标等级": 2}, "比现在的三级还低"),
        ({"等级": 7}, "只有一级、二级、三级、四级"),
        ({"投入万元": -5}, "不能是负数"),
        ({"投入万元": 0}, "要大于 0"),
        ({"日期": "明天"}, "2026-11-20"),
        ({"日期": "2026-02-30"}, "2026-11-20"),
        ({"地区": "广东苏州"}, "请核对地区"),
        ({"地区": "长" * 10_000}, "太长了"),
        ({"企业类型": "小微", "从业人员": 5000, "营业收入万元": 900_000}, "请核对"),
        ({"投入万元": 50, "用途": "设备80万"}, "还多"),
        ({"城市": "苏州"}, "没有“城市”这个参数"),
        ({"完工起": "2026-05-02", "完工止": "2026-05-01"}, "请核对"),
        ({"目标等级": 3, "目标等级到": 2}, "请核对"),
    ],
)
def test_bad_input_is_one_clear_sentence(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        ask(**arguments)
    assert sentence in refused.value.message
    assert "\n" not in refused.value.message
    assert len(refused.value.message) < 120


CASES: list[dict[str, Any]] = [
    {},
    {"地区": "中山", "投入万元": 100, "目标等级": 3},
    {"地区": "苏州", "企业类型": "省级专精特新", "投入万元": 300, "用途": "改产线"},
    {"贷款万元": 500, "用途": "换设备"},
    {"地区": "=1+1", "企业类型": "@SUM(A1)", "用途": "-5+3"},
    {"地区": "上海", "用途": "模型", "投入万元": 50},
]


@pytest.mark.parametrize("arguments", CASES)
def test_the_text_is_read_in_a_minute_and_every_mark_has_its_citation(arguments: dict[str, Any]) -> None:
    outcome = ask(**arguments)
    numbers = {citation.n for citation in outcome.citations}
    marks = {int(part.split("]")[0]) for part in outcome.text.split("[")[1:]}
    assert marks == numbers
    assert len(outcome.text) <= 900
    assert "保证" not in outcome.text
    assert json.loads(json.dumps(outcome.as_json(), ensure_ascii=False))["data"]["day"] == "2026-11-20"


@pytest.mark.parametrize("place", ["中山", "成都", ""])
def test_a_part_tells_only_until_when_or_how_with_the_same_programmes(place: str) -> None:
    whole, until, how = (ask(地区=place, 投入万元=100, 只看=part) for part in (None, "期限", "办法"))
    assert until.data["shown"] == how.data["shown"] == whole.data["shown"]
    names = [found(whole, id)["name"] for id in whole.data["shown"]]
    assert all(name in until.text and name in how.text for name in names)
    assert len(until.text) < len(whole.text) and "备好" not in until.text and "最多" not in until.text
    assert "备好" in how.text and all(found(whole, id)["status"]["text"] in until.text for id in whole.data["shown"])
    assert until.citations and how.citations and not until.asks and not how.asks
