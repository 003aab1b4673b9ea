"""Rules, figures and clauses of notices in everyday words, by kind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from core.types import Passage
from corpus.typed_tables import TypedTable
from tools.firm.profile import Profile
from tools.notice_amount.answer import amount
from tools.notice_amount.asking import asking
from tools.notice_amount.figures import figures
from tools.notice_amount.reading import read
from tools.notice_amount.result import Amount

SIZES = [
    "二、标准。按实际支付利息算，小微企业40%，中型企业25%，大型企业不贴。",
    "三、小微企业一年最多50万元，中型企业一年最多80万元。",
]
LEVELS = [
    "一、项目按实际投入（不含增值税）补助：",
    "（一）规上工业企业，按投入的15%补助，单个企业最高150万元；",
    "（二）规下工业企业，按投入的20%补助，单个企业最高30万元；",
    "（三）投入不足20万元的，不予补助；",
    "二、办公电脑、打印机和装修费用不计入投入。",
]
STANDS = [
    "展位补贴：省内展每个标准展位2000元，省外境内展每个5000元，境外展每个2万元。",
    "线上展会按平台服务费的40%补，一年不超过3万元。",
    "省外境内展特装搭建费补30%，每展不超过5万元。",
    "各项合计，一家企业一年最多30万元。",
]
PARTS = [
    "建设低温储粮仓的，按仓容每立方米100元补助，最高50万元。",
    "收购本县稻谷补助：",
    "（1）3000吨及以下的部分，每吨20元；",
    "（2）超过3000吨至1万吨的部分，每吨30元；",
    "（3）超过1万吨的部分，每吨40元。",
]
MONTHLY = ["企业接收大学生顶岗实习的，每人每月补企业800元，最长6个月。"]
SCENES = ["人工智能应用场景，按合同额的20%补助，每个场景最高30万元，一家企业一年最多3个场景。"]
GROWTH = ["产值净增额每满1000万元奖1万元，最高30万元。"]
RISEN = [
    "获省级智能工厂认定的一次性奖励80万元，获市级智能车间认定的一次性奖励20万元。",
    "先获市级智能车间、后获省级智能工厂的，奖励差额部分。",
]
GRADES = TypedTable(
    "奖励标准，单位万元",
    ("称号", "首次认定", "复核通过"),
    ("", "", ""),
    (0,),
    (("省级企业技术中心", "20", "5"), ("国家企业技术中心", "100", "10")),
)

COMPUTED = [
    ("a base in other words", SIZES, (), "小微，去年贷款一共付出去92万利息，能贴多少", 368000),
    ("the cap of the size that is told", SIZES, (), "我们小微，利息付了145万，贴多少", 500000),
    ("a line for each of two kinds of firms", LEVELS, (), "规下小厂，除税后投了120万，补多少", 240000),
    ("a part that does not count", LEVELS, (), "规上，不含税投入300万，里面有打印机10万，补多少", 435000),
    ("a sum with its tax told apart", LEVELS, (), "规上，投入连税339万，税39万，补多少", 450000),
    ("under the least", LEVELS, (), "规下，投入18万不含税，能不能补点", 0),
    ("a number of things in other words", STANDS, (), "去德国，境外展要了2个标准展位，展位补贴给多少", 40000),
    ("parts of a sum, each at its own rate", PARTS, (), "收购本县稻谷8500吨，能补多少", 225000),
    ("for each head and month", MONTHLY, (), "接了20个大学生顶岗实习，干了4个月，给多少", 64000),
    ("the longest that is paid for", MONTHLY, (), "接了10个大学生顶岗实习，干了8个月，给多少", 48000),
    ("each sum held to its own cap", SCENES, (), "今年三个场景，合同额200万、90万、60万，总共补多少", 600000),
    ("what grew from one sum to another", GROWTH, (), "产值从2亿做到2.9亿，净增额奖多少", 90000),
    ("less what the lower level brought", RISEN, (), "前年评了市级智能车间领过20万，这回省级智能工厂下来了，还能领多少", 600000),
    ("a cell by its row and its column", [], (GRADES,), "省级企业技术中心复核通过了，奖多少", 50000),
    ("what its own sentence leaves out", ["按核定投入的30%给予补助，设备购置不予补助，最高50万元。"], (), "设备购置投了100万，能补多少", 0),
]  # fmt: skip

DECLINED = [
    ("a size that is not told", SIZES, (), "去年付息55万，可以贴多少"),
    ("the kind of fair that is not told", STANDS, (), "参展订了4个标准展位，能补多少"),
    ("no exact sum", LEVELS, (), "规上，不含税投了两三百万，补多少"),
    ("with tax and the tax not told", LEVELS, (), "规上，连税投了300万，补多少"),
    ("a number for which nothing says how many months", MONTHLY, (), "接了20个大学生顶岗实习，给多少"),
    ("a condition beside the rule", [*STANDS, "展出数字化装备的企业，展位补贴上浮50%，特装另计。"], (), "数字化企业，境外展2个展位，机票8万，补多少"),
]  # fmt: skip


def told(lines: Sequence[str], tables: Sequence[TypedTable], question: str) -> Amount | None:
    rows = [*lines, *(" | ".join(row) for table in tables for row in table.rows)]
    return amount([Passage(f"d#{n}", "d", "", text, "document", ()) for n, text in enumerate(rows)], tables, question)


@pytest.mark.parametrize(
    ("lines", "tables", "question", "yuan"), [c[1:] for c in COMPUTED], ids=[c[0] for c in COMPUTED]
)
def test_computes(lines: Sequence[str], tables: Sequence[TypedTable], question: str, yuan: int) -> None:
    found = told(lines, tables, question)
    assert found is not None and found.value_yuan == Decimal(yuan), found and found.text


@pytest.mark.parametrize(("lines", "tables", "question"), [c[1:] for c in DECLINED], ids=[c[0] for c in DECLINED])
def test_declines(lines: Sequence[str], tables: Sequence[TypedTable], question: str) -> None:
    found = told(lines, tables, question)
    assert found is not None and found.value_yuan is None, found


def test_asks_back_for_what_tells_the_rules_apart() -> None:
    found = told(SIZES, (), "去年付息55万，可以贴多少")
    assert found is not None
    assert "没有说是哪一种" in found.text and "中型企业" in found.text


def test_shows_the_working() -> None:
    found = told(SIZES, (), "小微，利息付了145万，贴多少")
    assert found is not None
    assert "145万元 × 40% ＝ 58万元" in found.text and "按50万元" in found.text


def test_says_nothing_without_a_question_after_money() -> None:
    passages = [Passage("d#0", "d", "", LEVELS[1], "document", ())]
    assert amount(passages, (), "什么企业能报") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("不足20万元", 200000),
        ("3万8", 38000),
        ("1千2百万", 12000000),
        ("60w", 600000),
        ("3年以上", 36),
        ("15%", Decimal("0.15")),
    ],
)
def test_reads_a_figure_by_its_own_number(text: str, told: Decimal | int) -> None:
    (found,) = figures(text)
    assert found.value == Decimal(told)


def test_takes_the_tax_out_of_a_sum_told_with_it() -> None:
    (sum_,) = asking("发票价税合计113万，税额13万，能补多少").of("base")
    assert sum_.value == Decimal(1000000)


def test_reads_sums_that_are_told_respectively() -> None:
    passages = [Passage("d#0", "d", "", "税收首次突破500万元、1000万元的，分别奖5万元、10万元。", "document", ())]
    rules = read(passages, ()).rules
    assert [(rule.bands[0].low, rule.sum) for rule in rules] == [(5000000, 50000), (10000000, 100000)]


def test_counts_the_size_known_of_the_firm_where_the_question_names_none() -> None:
    passages = [Passage(f"d#{n}", "d", "", text, "document", ()) for n, text in enumerate(SIZES)]
    found = amount(passages, (), "去年付息55万，可以贴多少", Profile(size="小型"))
    assert found is not None and found.value_yuan == Decimal(220000), found and found.text


def test_a_cap_in_two_measures_at_once_is_not_reckoned() -> None:
    text = "对租用厂房的企业，按实际支付租金的30%补助，且每平方米每月不超过15元，每户最高50万元。"
    found = told([text], (), "我们付了60万租金，租了2600平，能补多少")
    assert found is not None and found.value_yuan is None
