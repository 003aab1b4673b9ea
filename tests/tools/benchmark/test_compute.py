import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from corpus.tables import load_tables
from tools import registry
from tools.benchmark.survey import bands_of, figure, place, sample, told
from tools.outcome import Outcome

SHARES, AMOUNTS = "lenovo-investment-share-2023", "caict-investment-amount"


def ask(**arguments: Any) -> Outcome:
    return registry.run("benchmark", arguments)


@pytest.mark.parametrize(
    ("share", "label", "below", "above"),
    [
        (0.0, "不到1%", 0, 59.7),
        (0.999, "不到1%", 0, 59.7),
        (1.0, "1%到2%", 40.3, 9.3),
        (2.0, "2%到3%", 90.7, 1.8),
        (4.99, "3%到5%", 98.2, 1.0),
        (5.0, "5%到7%", 99.0, 0),
    ],
)
def test_a_share_on_the_bound_belongs_to_the_higher_band(share: float, label: str, below: float, above: float) -> None:
    at = place(figure(SHARES), share)
    assert at.band is not None
    assert (at.band.label, at.below, at.above) == (label, below, above)


@pytest.mark.parametrize(
    ("spend", "label", "below"),
    [
        (0, "没投", 0),
        (0.5, "100万元及以下", 20),
        (100, "100万元及以下", 20),
        (100.01, "100到300万元", 60.1),
        (500.1, "500万元以上", 85.8),
    ],
)
def test_an_amount_on_the_bound_belongs_to_the_lower_band(spend: float, label: str, below: float) -> None:
    at = place(figure(AMOUNTS), spend)
    assert at.band is not None
    assert (at.band.label, at.below) == (label, below)


def test_a_share_above_all_bands_is_said_to_be_that() -> None:
    assert "比问卷最高的一档" in ask(投入万元=9, 营业收入万元=100).text


@pytest.mark.parametrize(
    ("share", "label"),
    [(0.0, "不到1%"), (0.99, "不到1%"), (1.0, "1%到2%"), (2.0, "2%到3%"), (3.0, "3%到5%"), (5.0, "5%到7%"), (7.0, "5%到7%"), (7.01, None), (40.0, None)],
)  # fmt: skip
def test_each_end_of_a_band_of_shares_lies_in_one_band(share: float, label: str | None) -> None:
    band = place(figure(SHARES), share).band
    assert (band and band.label) == label


@pytest.mark.parametrize(
    ("wan", "label"),
    [(0.0, "没投"), (0.5, "100万元及以下"), (100.0, "100万元及以下"), (100.01, "100到300万元"), (300.0, "100到300万元"), (500.0, "300到500万元"), (501.0, "500万元以上")],
)  # fmt: skip
def test_each_end_of_a_band_of_sums_lies_in_one_band(wan: float, label: str) -> None:
    band = place(figure(AMOUNTS), wan).band
    assert band and band.label == label


@given(st.sampled_from([SHARES, AMOUNTS]), st.floats(0, 1e5, allow_nan=False))
def test_the_bands_below_beside_and_above_make_the_whole(id: str, value: float) -> None:
    row = figure(id)
    at = place(row, value)
    whole = at.below + (at.band.share if at.band else 0) + at.above
    assert whole == pytest.approx(sum(option.value for option in row.options), abs=0.11)


def test_a_question_without_ranges_has_no_bands() -> None:
    assert bands_of(figure("lenovo-stage-2024")) == ()


def test_what_is_normal_is_told_with_the_sample_and_the_year() -> None:
    outcome = ask()
    assert outcome.text.startswith("**多数是营业收入的1%到2%**")
    assert "N=494，2023年" in outcome.text
    assert "9400余家，2024年" in outcome.text
    assert "不是标准" in outcome.text
    assert outcome.asks == ("营业收入万元", "行业")


def test_forty_of_five_thousand_is_below_one_percent() -> None:
    outcome = ask(指标="占比", 营业收入万元=5000, 投入万元=40, 行业="注塑")
    assert outcome.data["share_percent"] == 0.8
    assert outcome.data["by_share"]["band"]["label"] == "不到1%"
    assert outcome.data["by_share"]["above_percent"] == 59.7
    assert outcome.data["peers"] == {"group": "离散制造业", "share_in_1_2_percent": 49.3, "n": 249, "year": 2023}
    assert outcome.certainty == "own"
    assert "50万元到100万元" in outcome.text


def test_a_spend_alone_is_placed_by_amount_and_asks_for_revenue() -> None:
    outcome = ask(指标="投入", 投入万元=80)
    assert outcome.text.startswith("**80万元在“100万元及以下”这一档**")
    assert outcome.data["by_amount"]["above_percent"] == 39.9
    assert outcome.asks[0] == "营业收入万元"


def test_revenue_alone_is_turned_into_money() -> None:
    assert "一年30万元到60万元" in ask(营业收入万元=3000).text


def test_a_share_is_never_rounded_up_into_the_next_band() -> None:
    outcome = ask(营业收入万元=100_000, 投入万元=1999.9)
    assert "占营业收入1.99%" in outcome.text
    assert outcome.data["by_share"]["band"]["label"] == "1%到2%"


def test_no_spend_is_said_so() -> None:
    assert ask(投入万元=0, 营业收入万元=100).text.startswith("**一年没投**")


def test_process_industry_has_its_own_figure() -> None:
    assert ask(行业="制药", 营业收入万元=5000, 投入万元=60).data["peers"]["group"] == "流程制造业"
    assert ask(行业="工厂", 营业收入万元=5000, 投入万元=60).data["peers"] is None


def test_a_level_is_placed_among_all_and_among_the_industry() -> None:
    outcome = ask(指标="等级", 等级="二级", 行业="汽配")
    assert "约17%和你同级" in outcome.text
    assert outcome.data["peers"]["label"] == "汽车制造业"
    assert "41.7%" in outcome.text


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        ("ERP普及率", "ERP(企业资源计划)73.8%"),
        ("上云率", "中小微企业上云率超过30%"),
        ("困难", "缺乏专业人才50.8%"),
        ("成效", "提升产品和服务竞争力46%"),
        ("安全", "未采取任何安全防护约41%"),
        ("AI", "有所了解80.8%"),
        ("阶段", "单点尝试阶段32.4%"),
    ],
)
def test_other_indicators_lead_with_the_figure(indicator: str, words: str) -> None:
    outcome = ask(指标=indicator)
    assert words in outcome.text.split("\n")[0]
    assert outcome.citations


def test_a_small_firm_gets_the_stage_of_its_size_first() -> None:
    assert "38.1%" in ask(指标="阶段", 从业人员=80).text.split("\n")[0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"投入万元": 900, "营业收入万元": 100}, "比营业收入100万元还多"),
        ({"投入万元": -1}, "不能是负数"),
        ({"营业收入万元": 0}, "要大于 0"),
        ({"指标": "咖啡"}, "没有“咖啡”的同行数据"),
        ({"指标": "长" * 10_000}, "太长了"),
        ({"等级": "九级"}, "只有一级"),
    ],
)
def test_bad_input_is_one_clear_sentence(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as refused:
        ask(**arguments)
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    "arguments",
    [{}, {"投入万元": 80}, {"营业收入万元": 5000, "投入万元": 40, "行业": "注塑"}, {"等级": 2}, {"指标": "困难"}],
)
def test_every_mark_has_its_citation_and_the_data_is_json(arguments: dict[str, Any]) -> None:
    outcome = ask(**arguments)
    marks = {int(part.split("]")[0]) for part in outcome.text.split("[")[1:]}
    assert marks == {citation.n for citation in outcome.citations}
    assert json.dumps(outcome.as_json(), ensure_ascii=False)
    assert len(outcome.text) < 700


def test_every_survey_row_can_be_told() -> None:
    for row in load_tables().survey:
        assert sample(row)
        assert all(told(option, row.unit) for option in row.options)
