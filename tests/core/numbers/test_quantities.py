"""Quantities in texts: value, range, unit; rough ones are told as such, unclear ones are never sure, look-alikes are none."""

import math
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import Quantity, quantities


def only(text: str) -> Quantity:
    """The one quantity of a text."""
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("said", "wan"),
    [
        ("3000万", 3000), ("3000万元", 3000), ("3,000万元", 3000), ("3000 万元", 3000), ("3000万人民币", 3000), ("人民币3000万", 3000), ("人民币3,000万元", 3000), ("RMB 3000万", 3000),
        ("RMB 30,000,000", 3000), ("RMB30,000,000", 3000), ("30,000,000元", 3000), ("30000000元", 3000), ("30 000 000元", 3000), ("￥30,000,000", 3000), ("¥3000万", 3000), ("¥ 3000万", 3000),
        ("CNY 30 million", 3000), ("30 million RMB", 3000), ("30 million yuan", 3000), ("30m RMB", 3000), ("RMB 30m", 3000), ("2.5bn yuan", 250_000), ("0.3亿", 3000), ("0.3亿元", 3000),
        ("三千万", 3000), ("三千万元", 3000), ("叁仟万元", 3000), ("叁仟万元整", 3000), ("叁仟万圓整", 3000), ("人民币叁仟万元整", 3000), ("3千万", 3000), ("3千w", 3000), ("三千w", 3000),
        ("3000w", 3000), ("3000W", 3000), ("3000w元", 3000), ("3000W块", 3000), ("３０００万", 3000), ("１,９００万", 1900), ("50 000万元", 50_000), ("3w", 3), ("3w块钱", 3), ("3w5", 3.5),
        ("3.5w", 3.5), ("三万五", 3.5), ("三万五千", 3.5), ("3万5", 3.5), ("3万5千", 3.5), ("叁万伍仟元整", 3.5), ("一亿", 10_000), ("1个亿", 10_000), ("一个亿", 10_000), ("1.9亿", 19_000),
        ("1.9个亿", 19_000), ("一点九亿", 19_000), ("一点九个亿", 19_000), ("一点二亿", 12_000), ("一亿九", 19_000), ("一亿九千万", 19_000), ("1亿9千万", 19_000), ("1亿9000万", 19_000), ("1亿9", 19_000),
        ("一個億", 10_000), ("1.9億", 19_000), ("一億九千萬", 19_000), ("貳仟萬元", 2000), ("兩千萬", 2000), ("两亿半", 25_000), ("一个半亿", 15_000), ("半个亿", 5000), ("半亿", 5000), ("1.05亿", 10_500),
        ("一亿零五百万", 10_500), ("一百二十万", 120), ("2千5百万", 2500), ("2千5百w", 2500), ("3千2百50万", 3250), ("1234.56万元", 1234.56), ("12345678.90元", 1234.56789), ("五百万元整", 500),
        ("壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元整", 1234.5678), ("壹佰贰拾叁元肆角伍分", 0.012345), ("三千块", 0.3), ("3k元", 0.3), ("500块", 0.05), ("五百元", 0.05), ("9.9元", 0.00099), ("一块钱", 0.0001),
        ("十万", 10), ("3 万", 3), ("3 亿元", 30_000), ("1.234亿", 12_340), ("六千二百万", 6200), ("两百五十万", 250), ("一亿二", 12_000), ("1亿2", 12_000), ("1亿2千万", 12_000),
    ],
)  # fmt: skip
def test_a_sum_is_read_in_wan(said: str, wan: float) -> None:
    found = only(said)
    assert (found.kind, found.sure, found.low, found.high) == (
        "money",
        True,
        pytest.approx(wan, abs=1e-6),
        pytest.approx(wan, abs=1e-6),
    )
    assert found.words == said


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("280人", 280), ("２８０人", 280), ("280 人", 280), ("280名员工", 280), ("280个人", 280), ("280号人", 280), ("280口人", 280), ("280位职工", 280), ("二百八十人", 280), ("两百八十个人", 280),
        ("贰佰捌拾人", 280), ("壹佰贰拾人", 120), ("廿人", 20), ("廿八人", 28), ("卅人", 30), ("俩人", 2), ("仨人", 3), ("五口人", 5), ("1,200人", 1200), ("1 200人", 1200), ("1.2千人", 1200),
        ("1.2k人", 1200), ("二十一人", 21), ("一百一十人", 110), ("三万一千人", 31_000), ("一百零一人", 101), ("3百人", 300), ("3百5十人", 350), ("3百50人", 350), ("3百零5人", 305), ("1千2百人", 1200), ("1.2万人", 12_000), ("1万2千人", 12_000), ("12000人", 12_000),
        ("一百零五人", 105), ("一千二百人", 1200), ("15 staff", 15), ("15 employees", 15), ("100w人", 1_000_000), ("300員工", 300), ("三百個人", 300), ("300工人", 300),
    ],
)  # fmt: skip
def test_people_are_counted(said: str, people: int) -> None:
    found = only(said)
    assert (found.kind, found.low, found.high, found.sure) == ("people", people, people, True)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("290~310人", 290, 310), ("300-400人", 300, 400), ("300—400人", 300, 400), ("300至400人", 300, 400), ("300人到400人", 300, 400), ("三百到四百人", 300, 400), ("300到四百人", 300, 400),
        ("三四百人", 300, 400), ("三百四五十人", 340, 350), ("二三十人", 20, 30), ("一二十人", 10, 20), ("十七八个人", 17, 18), ("三十五六个人", 35, 36), ("三五个人", 3, 5), ("三五百人", 300, 500),
        ("五六十号人", 50, 60), ("3、4百人", 300, 400), ("300、400人", 300, 400), ("3到4百人", 300, 400), ("五十到一百人", 50, 100), ("50-100人", 50, 100), ("1~2人", 1, 2), ("３００～４００人", 300, 400),
        ("3000到5000万", 3000, 5000), ("3000万到5000万", 3000, 5000), ("3000-5000万元", 3000, 5000), ("3000万-5000万元", 3000, 5000), ("3000~5000万", 3000, 5000), ("三到五千万", 3000, 5000),
        ("三千到五千万", 3000, 5000), ("3-5千万", 3000, 5000), ("3至5亿", 30_000, 50_000), ("5000万到1亿", 5000, 10_000), ("5000到1亿", 5000, 10_000), ("五千万到一个亿", 5000, 10_000),
        ("八千万到一亿二", 8000, 12_000), ("一千五到两千五百万", 1500, 2500), ("1500万到2500万", 1500, 2500), ("800到1千万", 800, 1000), ("50万元-100万元", 50, 100), ("50-100万", 50, 100),
        ("¥50-100万", 50, 100), ("八九千万", 8000, 9000), ("七八百万", 700, 800), ("三五百万", 300, 500), ("一两百万", 100, 200), ("一两个亿", 10_000, 20_000), ("两三亿", 20_000, 30_000),
        ("一百二三十万", 120, 130), ("10%-20%", 10, 20), ("10到20%", 10, 20), ("三四成", 30, 40), ("百分之七十到八十", 70, 80), ("3-5年", 3, 5), ("三五年", 3, 5), ("两三年", 2, 3), ("20到30万", 20, 30),
    ],
)  # fmt: skip
def test_a_range_is_kept_as_a_range(said: str, low: float, high: float) -> None:
    found = only(said)
    assert (found.low, found.high, found.sure, found.ranged, found.approximate) == (low, high, True, True, True)


@pytest.mark.parametrize(
    ("said", "about", "low", "high"),
    [
        ("三百来人", 300, 270, 330), ("十来个人", 10, 9, 11), ("二十来号工人", 20, 18, 22), ("百来人", 100, 90, 110), ("百把人", 100, 90, 110), ("百十来号人", 110, 99, 121), ("千把人", 1000, 900, 1100),
        ("约300人", 300, 270, 330), ("大约三百人", 300, 270, 330), ("差不多300人", 300, 270, 330), ("300人左右", 300, 270, 330), ("三百人上下", 300, 270, 330), ("around 300 people", 300, 270, 330),
        ("300多人", 300, 300, 399), ("三百多个人", 300, 300, 399), ("300余人", 300, 300, 399), ("三百余名员工", 300, 300, 399), ("300+人", 300, 300, 399), ("300+员工", 300, 300, 399),
        ("over 300 employees", 300, 300, inf), ("二百八十多号人", 280, 280, 289.9), ("1200多人", 1200, 1200, 1299), ("千余人", 1000, 1000, 1990), ("十几个人", 15, 11, 19), ("二十几号人", 25, 21, 29),
        ("卅几人", 35, 31, 39), ("三十幾個人", 35, 31, 39), ("一百零几个人", 105, 101, 109), ("三百几十人", 350, 310, 390), ("8十几人", 85, 81, 89), ("小三十人", 29, 24, 29), ("小两百人", 199, 160, 199),
        ("近百人", 99, 80, 99), ("上百号人", 100, 100, 990), ("上千人", 1000, 1000, 9900), ("过百人", 100, 100, 990), ("不到300人", 299, 1, 299), ("不足20人", 19, 1, 19), ("将近300人", 299, 240, 299),
        ("接近三百人", 299, 240, 299), ("六十来个", 60, 54, 66), ("六十出头", 60, 60, 66), ("不到300", 299, 1, 299), ("三千万出头", 3000, 3000, 3300), ("五千万开外", 5000, 5000, 5500),
        ("两千万上下", 2000, 1800, 2200), ("近两千万", 1999, 1600, 1999), ("小两千万", 1999, 1600, 1999), ("不到两千万", 1999, 0, 1999.9999), ("两千万不到", 1999, 0, 1999.9999), ("不足2000万元", 1999, 0, 1999.9999),
        ("近两个亿", 19_999, 16_000, 19_999), ("两个亿不到", 19_999, 0, 19_999.9999), ("两个多亿", 20_000, 20_000, 29_900), ("2亿+", 20_000, 20_000, 29_900), ("2个亿出头", 20_000, 20_000, 22_000),
        ("一亿九千多万", 19_000, 19_000, 19_990), ("2000多万", 2000, 2000, 2990), ("二千余万元", 2000, 2000, 2990), ("3千多万", 3000, 3000, 3990), ("超过5000万", 5000, 5000, inf), ("120来万", 120, 108, 132),
        ("120多万", 120, 120, 129.9), ("百把万", 100, 90, 110), ("千把万", 1000, 900, 1100), ("万把块", 1, 0.9, 1.1), ("上千万", 1000, 1000, 9900), ("十几亿", 150_000, 110_000, 190_000), ("三十几万", 35, 31, 39),
        ("一千几百万", 1500, 1100, 1900), ("三万多块", 3, 3, 3.99), ("两个来亿", 20_000, 18_000, 22_000), ("5百来万", 500, 450, 550), ("10w+", 10, 10, 19.9), ("近四成", 39.9, 32, 39.9), ("四成多", 40, 40, 49.9),
        ("约四成", 40, 36, 44), ("百分之十几", 15, 11, 19), ("3倍多", 3, 3, 3.9),
    ],
)  # fmt: skip
def test_what_is_said_roughly_is_kept_rough(said: str, about: float, low: float, high: float) -> None:
    found = only(said)
    assert (found.nominal, found.low, found.high) == (about, pytest.approx(low), pytest.approx(high))
    assert found.approximate and found.sure


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("300人以上", 300, math.inf), ("至少50人", 50, math.inf), ("5000万元以上", 5000, math.inf), ("5000万元（含）以上", 5000, math.inf), ("20人及以下", 0, 20), ("20人以下", 0, 20), ("不超过500万", 0, 500),
        ("最多100万", 0, 100), ("5000万以内", 0, 5000), ("七成以上", 70, math.inf),
    ],
)  # fmt: skip
def test_a_bound_is_open_on_one_side(said: str, low: float, high: float) -> None:
    found = only(said)
    assert (found.low, found.high, found.approximate) == (low, high, True)


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("73.8%", "share", 73.8), ("７３．８％", "share", 73.8), ("百分之七十三点八", "share", 73.8), ("百分之百", "share", 100), ("-5.2%", "share", -5.2), ("−5.2%", "share", -5.2), ("负百分之五", "share", -5),
        ("七成", "share", 70), ("七成半", "share", 75), ("一半", "share", 50), ("千分之五", "share", 0.5), ("5‰", "share", 0.5), ("万分之三", "share", 0.03), ("三分之一", "share", 33.3333), ("四分之三", "share", 75),
        ("3.85个点", "points", 3.85), ("3个百分点", "points", 3), ("两倍", "times", 2), ("1.5倍", "times", 1.5), ("一倍半", "times", 1.5), ("18个月", "duration", 18), ("一个半月", "duration", 1.5),
        ("一年半", "duration", 1.5), ("半年", "duration", 0.5), ("3个工作日", "duration", 3), ("2027年", "date", 2027), ("二〇二七年", "date", 2027), ("50kw变压器", "power", 50), ("500千瓦", "power", 500),
        ("3kw电机", "power", 3), ("18800元/台", "price", 18_800), ("18800元每台", "price", 18_800), ("8000元/月", "price", 8000), ("500元/人", "price", 500), ("单价3万元", "price", 30_000),
        ("每台18800元", "price", 18_800), ("人均500元", "price", 500), ("10万件", "count", 100_000), ("500万台", "count", 5_000_000), ("280人次", "count", 280), ("280人天", "count", 280), ("12人月的", "count", 12), ("两万一台", "price", 20_000), ("100万一套", "price", 1_000_000), ("500吨", "count", 500),
        ("2.5万平方米", "count", 25_000), ("120平米", "count", 120), ("三个系统", "count", 3), ("300万欧元", "foreign", 300), ("4000万美金", "foreign", 4000), ("3千万円", "foreign", 3000), ("3000万日元", "foreign", 3000),
        ("US$300万", "foreign", 300), ("USD 3 million", "foreign", 300), ("$3 million", "foreign", 300), ("€300万", "foreign", 300), ("HK$3000万", "foreign", 3000), ("港币3000万", "foreign", 3000),
        ("3000万港元", "foreign", 3000), ("新台幣3000萬", "foreign", 3000), ("新台币三千万", "foreign", 3000), ("5000", "number", 5000), ("两百五", "number", 250), ("工业4.0", "number", 4),
    ],
)  # fmt: skip
def test_each_kind_of_quantity_is_told_apart(said: str, kind: str, value: float) -> None:
    found = only(said)
    assert (found.kind, found.nominal, found.sure) == (kind, pytest.approx(value), True)


@pytest.mark.parametrize(
    "said",
    [
        "几百万", "几千万", "好几千万", "数百万元", "几个亿", "几十人", "好几百人", "数十人", "几十号人", "1亿9000", "百八十人", "千八百块", "百八十万", "大半个亿", "小半个亿", "个把亿", "2kw", "2KW", "3kw",
        "3000w电机", "1/3", "24年", "3k", "1.2兆元", "从100人到300人", "千万元",
    ],
)  # fmt: skip
def test_what_may_mean_two_things_is_never_sure(said: str) -> None:
    assert [found for found in quantities(said) if found.sure] == []
    assert quantities(said)


@pytest.mark.parametrize(
    "said",
    [
        "13812345678", "138 1234 5678", "138-1234-5678", "0574-88888888", "400-820-8820", "330203199001011234", "91330200MA2XXXXX1X", "2026-11-29", "2026/11/29", "2026.11.29", "10:30", "1:10", "1：10",
        "财建〔2023〕117号", "工信部联企业〔2024〕239号", "GB/T 39116-2020", "ISO9001", "ISO 9001:2015", "MES2.0", "Q235", "45号钢", "M8螺丝", "M8×30", "5G", "4G", "3D打印", "C919", "A4纸", "B2B", "U8", "S7-1200",
        "i7-13700", "第3条", "第三条", "第3号", "3号楼", "12号线", "十堰市", "四川", "九江", "百度", "千万别买", "万一不行", "一起干", "统一管理", "十分满意", "一把手", "二维码", "三维", "四化", "一定", "八马茶业",
        "一一对应", "两化融合", "五险一金", "百强县", "千人计划", "千万级项目", "一二三产业", "若干人", "万元", "亿元以上企业", "1,23", "1.2.3", "3,00万", "1e5", "5-3", "10~20", "五金厂", "翻一番",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_quantity_is_none(said: str) -> None:
    assert quantities(said) == ()


def test_each_figure_of_a_message_stands_at_its_place() -> None:
    text = "我们280人，去年营收１,９００万，3kw电机18800元/台"
    found = quantities(text)
    assert [q.words for q in found] == ["280人", "１,９００万", "3kw", "18800元/台"]
    assert [text[q.start : q.end] for q in found] == [q.words for q in found]


@pytest.mark.parametrize(("said", "unusual"), [("280人", False), ("1.9亿", False), ("三千万", False), ("3千2百50万", True), ("3000w", True), ("1 200人", True), ("两百五", True), ("三四十人", True)])  # fmt: skip
def test_forms_that_are_easily_read_wrong_are_marked_to_be_repeated_back(said: str, unusual: bool) -> None:
    assert only(said).unusual == unusual


def test_a_wide_comma_inside_a_sum_leaves_it_unsure() -> None:
    assert not quantities("1，900万")[-1].sure


@given(st.integers(1, 90_000))
def test_a_sum_written_in_several_ways_is_the_same(wan: int) -> None:
    forms = (
        f"{wan}万元",
        f"{wan:,}万元",
        f"{wan}w",
        f"{wan * 10_000}元",
        f"{wan * 10_000:,}元",
        f"￥{wan * 10_000:,}",
        f"RMB {wan * 10_000:,}",
        f"人民币{wan}万元整",
    )
    assert {only(form).nominal for form in forms} == {wan}


@given(st.integers(1, 9000), st.integers(1, 999))
def test_a_range_written_in_several_ways_is_the_same(low: int, more: int) -> None:
    high = low + more
    forms = (f"{low}~{high}人", f"{low}-{high}人", f"{low}人到{high}人", f"{low}至{high}人")
    assert {(only(form).low, only(form).high) for form in forms} == {(low, high)}


@given(st.text(alphabet="0123456789,.，.一二三十百千万亿半几多来个点人元块wk%~-到年月日号约不到近RMB $", max_size=24))
def test_no_text_makes_the_reader_fail_and_no_place_is_read_twice(text: str) -> None:
    at = 0
    for found in quantities(text):
        assert at <= found.start < found.end <= len(text)
        assert math.isnan(found.low) or found.low <= found.high
        at = found.end


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("人数45到60", 45, 60), ("员工大概在190至210", 190, 210), ("人员：80~95", 80, 95), ("人数九十五到一百零五之间", 95, 105), ("人数介于18和25之间", 18, 25),
        ("人数十六到二十四人", 16, 24), ("营收在1800万和2200万之间", 1800, 2200), ("员工在260人与310人之间", 260, 310),
    ],
)  # fmt: skip
def test_the_ends_of_a_range_are_read_without_a_unit_and_with_between(said: str, low: float, high: float) -> None:
    assert (only(said).low, only(said).high) == (low, high)


@pytest.mark.parametrize("said", ["3月到5月", "营收5000万和60人", "1到3", "员工40和订单60"])
def test_two_figures_that_are_no_range_of_people_are_not_joined(said: str) -> None:
    assert not any(q.kind in {"number", "people"} and q.ranged for q in quantities(said))


@pytest.mark.parametrize(("said", "wan"), [("3，000万", 3000), ("营收12，050万元", 12_050), ("1，008万", 1008)])
def test_a_wide_comma_before_a_nought_sets_off_thousands(said: str, wan: float) -> None:
    assert only(said).nominal == wan and only(said).sure


@pytest.mark.parametrize(
    ("said", "wan"),
    [
        ("WMS18万+OA6万", [18, 6]), ("PLM 30万+机床60万，能补多少", [30, 60]), ("贷款800万三年", [800]), ("借两千万五年", [2000]), ("投40万二级", [40]), ("三万五千", [3.5]),
        ("SCADA12万", [12]), ("ISO9001认证", []), ("5G专网20万", [20]),
    ],
)  # fmt: skip
def test_sums_stand_apart_from_names_and_from_what_a_digit_behind_them_counts(said: str, wan: list[float]) -> None:
    assert [q.nominal for q in quantities(said) if q.kind == "money"] == pytest.approx(wan)


@pytest.mark.parametrize("said", ["营收-800万", "投-20万", "：-30万", "负60万"])
def test_a_sum_that_may_be_negative_is_never_taken_for_a_positive_one(said: str) -> None:
    (found,) = [q for q in quantities(said) if q.kind == "money"]
    assert found.low < 0 or not found.sure


@pytest.mark.parametrize("said", ["我们-60人", "员工-15人"])
def test_a_number_of_people_that_may_be_negative_is_never_sure(said: str) -> None:
    assert not only(said).sure


@pytest.mark.parametrize(("said", "high"), [("300+人", True), ("500万+", True), ("营收2000万+的企业", True)])
def test_a_plus_that_joins_nothing_is_more_than(said: str, high: bool) -> None:
    assert (quantities(said)[0].high > quantities(said)[0].low) is high


@pytest.mark.parametrize(
    ("said", "wan", "years"),
    [("预算15万2年", 15, 2), ("准备30万3年到三级", 30, 3), ("投25万18个月做完", 25, 18), ("一共12万两年内", 12, 2), ("花1.5亿5年", 15_000, 5)],
)  # fmt: skip
def test_a_sum_and_the_time_behind_it_are_two_figures(said: str, wan: float, years: float) -> None:
    found = quantities(said)
    assert [(q.kind, q.nominal, q.sure) for q in found if q.kind in {"money", "duration"}] == [
        ("money", wan, True),
        ("duration", years, True),
    ]
