"""What one gets by one notice: made-up notices, each with a question and the right amount, or none where it must not be computed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from core.types import Passage
from corpus.encoder.encoder import built_in
from corpus.typed_tables import TypedTable
from tools.notice_amount.answer import amount
from tools.notice_amount.result import Amount


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGDAO_DATE", "2026-11-30")


def notice(*lines: str, heading: str = "二、补助标准") -> list[Passage]:
    return [Passage(f"d#{n:04}", "d", heading, text, "document", (heading,)) for n, text in enumerate(lines)]


def table(
    names: Sequence[str], rows: Sequence[Sequence[str]], units: Sequence[str] = (), labels: Sequence[int] = (0,)
) -> TypedTable:
    return TypedTable(
        "补助标准", tuple(names), tuple(units or [""] * len(names)), tuple(labels), tuple(map(tuple, rows))
    )


def told(lines: Sequence[str], question: str, tables: Sequence[TypedTable] = ()) -> Amount | None:
    passages = [
        *notice(*lines),
        *(
            Passage(f"t#{n}", "d", "", " | ".join(row), "document", ("二、补助标准",))
            for t in tables
            for n, row in enumerate(t.rows)
        ),
    ]
    return amount(passages, tables, question, None, built_in())


RATIO = ["对完成数字化改造的企业，按核定投入的30%给予补助，单户最高50万元。"]
SOFT_HARD = ["软件投入按30%给予补助，硬件投入按20%给予补助。"]
LEVELS = ["达到二级的企业，按核定投入的20%给予补助，最高30万元；达到三级的企业，按核定投入的30%给予补助，最高60万元。"]
WHOLE = [
    "设备投资200万元（含）以上不足500万元的，按设备投资的10%给予补助；设备投资500万元（含）以上的，按设备投资的15%给予补助，最高200万元。"
]
GRADES = ["对新认定的国家级、省级、市级智能工厂，分别一次性奖励100万元、50万元、20万元。"]
INTEREST = ["按实际支付利息的50%给予贴息，且不超过贷款平均余额的2%，单户最高60万元。"]
POINTS = ["对技改贷款，按贷款余额给予年利率2%的贴息，单户最高100万元。"]
MACHINES = ["购买工业机器人的，每台补助2万元，单户最高30万元。"]
DIFFERENCE = [*GRADES, "低等级晋升为高等级的，按差额补足奖励。"]
TOPPED = [*RATIO, "同一项目已获得省级资金支持的，按就高原则由市级补足差额。"]
BONUS = [*RATIO, "企业接入“云枢”公共平台并连续上传数据满6个月的，在上述金额基础上上浮10%，上浮后不得超过最高限额。"]
LEVEL_TABLE = table(
    ["改造后等级", "企业类型", "补助比例", "单户上限"],
    [["二级", "规上企业", "25%", "30"], ["二级", "规下企业", "30%", "24"], ["三级", "规上企业", "30%", "60"], ["三级", "规下企业", "35%", "48"]],
    ["", "", "", "万元"], (0, 1),
)  # fmt: skip
AWARD_TABLE = table(
    ["类别", "层级", "奖励金额·首次认定", "奖励金额·复核通过", "备注"],
    [["专精特新", "省级专精特新中小企业", "20", "5", ""], ["专精特新", "国家级专精特新小巨人企业", "80", "20", ""],
     ["单项冠军", "省级", "50", "10", ""], ["智能制造", "市级智能车间", "15", "", "按车间计，单户累计不超过30万元"]],
    ["", "", "万元", "万元", ""], (0, 1),
)  # fmt: skip
BY_LEVEL = ["按照改造后达到的等级，以核定投入为基数，按下表比例给予补助。"]

BOOTHS = [
    "境外展会。展位费按实际支出的60%补助，每个展位最高2.5万元，每次展会最多支持4个展位。人员费用定额补助：赴亚洲国家和地区每人5000元，赴其他地区每人1万元，每次展会最多支持2人。"
]
CHANGED = [
    "对省级首台套装备，按销售价格的20%给予奖励，最高150万元。",
    "2026年10月1日（含）以后签订销售合同的，按修改后的标准执行；2026年10月1日以前签订销售合同的，仍按原标准执行。",
]
MOVED = ["在外地已获得国家级小巨人称号、整体迁入本市满一年的，按首次认定标准的50%奖励。"]

RIGHT: list[tuple[str, Sequence[str], Sequence[TypedTable], str, str]] = [
    ("ratio under its cap", RATIO, (), "我们投了160万，能补多少", "48"),
    ("ratio over its cap", RATIO, (), "核定投入200万元，能拿多少钱？", "50"),
    ("a said sum", RATIO, (), "我们一共投了八十万，能补多少", "24"),
    ("a long said sum", RATIO, (), "投入一百二十万，能补几个钱", "36"),
    ("yuan in the question", RATIO, (), "核定投入850000元，补多少？", "25.5"),
    ("thousands of yuan in the rule", ["按核定投入的30%给予补助，最高300千元。"], (), "投入200万，能补多少", "30"),
    ("a hundred million", ["按实际投资的5%给予补助，最高500万元。"], (), "实际投资0.8亿元，能补多少", "400"),
    ("a share of hundred said", ["按核定投入的百分之二十给予补助，最高不超过40万元。"], (), "投了150万能补多少", "30"),
    ("a cap that is written after the sum", ["按实际支出的50%给予补贴，20万元封顶。"], (), "实际支出60万元能补多少", "20"),
    ("one of two bases", SOFT_HARD, (), "软件投了100万，能补多少", "30"),
    ("a tier in a sentence", LEVELS, (), "我们达到三级，投入150万，能补多少", "45"),
    ("the other tier, over its cap", LEVELS, (), "做到二级，投入200万，能补多少", "30"),
    ("a level before does not count", LEVELS, (), "做到三级（原来一级），投入100万，能补多少", "30"),
    ("whole brackets, low", WHOLE, (), "设备投资300万，补多少", "30"),
    ("whole brackets, on the line", WHOLE, (), "设备投资500万，补多少", "75"),
    ("a fixed reward by grade", GRADES, (), "今年评上省级智能工厂，奖多少", "50"),
    ("a number of items", MACHINES, (), "买了8台机器人，能补多少", "16"),
    ("a number of items over the cap", MACHINES, (), "买了20台机器人，能补多少", "30"),
    ("for each ton", ["按年节能量每吨标准煤300元给予奖励，最高60万元。"], (), "年节能850吨标煤，能奖多少", "25.5"),
    ("a tier lower had already", DIFFERENCE, (), "之前拿过市级智能工厂20万，今年评上省级智能工厂，能奖多少", "30"),
    ("a bonus said not to be met", BONUS, (), "投了100万，没接云枢平台，能补多少", "30"),
    ("a row by two tiers", BY_LEVEL, (LEVEL_TABLE,), "规上企业，做到三级，核定投入170万，能补多少", "51"),
    ("a row over its cap", BY_LEVEL, (LEVEL_TABLE,), "规下，三级，投入200万，能补多少", "48"),
    ("a reward in a row", (), (AWARD_TABLE,), "首次认定国家小巨人，奖多少", "80"),
    ("a reward for passing again", (), (AWARD_TABLE,), "省级单项冠军复核过了奖多少", "10"),
    ("a purchase", ["企业首次购买首台套装备的，按实际采购价格的10%给予奖励，最高80万元。"], (), "第一次买首台套，采购价480万，能奖多少", "48"),
    ("a sale by grade", ["对国家级首台套，按销售价格的30%给予奖励，最高300万元；对省级首台套，按20%给予奖励，最高150万元。"], (), "省级首台套，卖了600万，能奖多少", "120"),
    ("growth of revenue reached", ["对年营业收入首次突破1亿元、5亿元的企业，分别奖励10万元、30万元。"], (), "去年营业收入首次达到6亿元，能奖多少", "30"),
    ("rent for square metres and months", ["租用标准厂房的，按每平方米每月10元给予租金补贴，每年最高20万元。"], (), "租了1000平方米，租了12个月，能补多少", "12"),
    ("a grade and all above it", ["对获得省级以上质量奖的企业，给予50万元奖励。"], (), "拿了国家级质量奖，奖多少", "50"),
]  # fmt: skip

DECLINED: list[tuple[str, Sequence[str], Sequence[TypedTable], str, str]] = [
    ("no base told", RATIO, (), "我们能补多少", "核定投入"),
    ("revenue is no investment", RATIO, (), "去年营收480万，能补多少", "30%"),
    ("a sum that nothing uses", RATIO, (), "营收3000万，投了160万，能补多少", "3000万"),
    ("whole investment is no equipment", ["按设备投资的10%给予补助，最高100万元。"], (), "我们总投资800万，能补多少", "设备投资"),
    ("with tax where the rule is without", ["按不含税设备投资的10%给予补助，最高100万元。"], (), "设备含税花了226万，能补多少", "10%"),
    ("rough sum", RATIO, (), "投了一百多万，能补多少", "准数"),
    ("no tier told", LEVELS, (), "投入150万，能补多少", "三级"),
    ("a tier that is not there", LEVELS, (), "做到五级，投入150万，能补多少", ""),
    ("no number of items", MACHINES, (), "买了一批机器人，能补多少", "台"),
    ("other items", MACHINES, (), "买了5台注塑机和3台机器人，能补多少", ""),
    ("what does not count", [*RATIO, "办公电脑、数控机床等生产设备不计入核定投入。"], (), "买数控机床投了160万，能补多少", "数控机床"),
    ("support had already and no rule for it", RATIO, (), "投了160万，市里已经给了15万，还能补多少", ""),
    ("support of another level than the clause's", TOPPED, (), "投了160万，国家已经给了15万，还能补多少", "15万"),
    ("another series had already", [*DIFFERENCE, "对新认定的国家级绿色工厂，一次性奖励60万元。"], (), "之前拿过绿色工厂60万，今年评上省级智能工厂，能奖多少", ""),
    ("a bonus whose time is not told", BONUS, (), "投了100万，接入了云枢平台，数据也上传了，能补多少", "上浮"),
    ("a range of ratios", ["按核定投入的15%-20%给予补助，最高50万元。"], (), "投了100万，能补多少", ""),
    ("by more than one", ["每节电100度补助20元，最高10万元。"], (), "节电5000度，能补多少", ""),
    ("paid over years", ["按核定投入的30%给予补助，分两年拨付。"], (), "投了100万，今年能补多少", ""),
    ("under the least", [*RATIO, "核定投入不低于60万元的项目方可申报。"], (), "投了40万，能补多少", "不低于60万元"),
    ("under the least amount", [*INTEREST, "计算贴息额不足1万元的，不予受理。"], (), "贷款平均余额60万，付了1.5万利息，能贴多少", "60万"),
    ("no months told", POINTS, (), "贷款余额1200万，能贴息多少", "月"),
    ("half of the lower of two", INTEREST, (), "付了40万利息，能贴多少", "余额"),
    ("no unit in the table", BY_LEVEL, (table(["等级", "奖励金额"], [["二级", "10"], ["三级", "20"]]),), "做到三级，奖多少", ""),
    ("first or again not told", (), (AWARD_TABLE,), "省级单项冠军奖多少", "50"),
    ("outside the days of the rule", ["对2026年1月1日以后新认定的省级智能工厂，一次性奖励50万元。"], (), "2025年8月评上省级智能工厂，能奖多少", "2026年1月1日以后"),
    ("dollars", RATIO, (), "投了20万美元，能补多少", ""),
    ("a cap of each or of both", ["软件投入按30%给予补助，硬件投入按20%给予补助，最高40万元。"], (), "软件投了100万，硬件投了100万，一共能补多少", ""),
    ("a part of another sum", RATIO, (), "投了120万，其中30万买了MES，能补多少", ""),
    ("with tax where another clause says without", [*RATIO, "均以不含税发票金额为准。"], (), "投了113万（含税），能补多少", "不含税"),
    ("interest support had already", INTEREST, (), "贷款余额1000万，利息40万，省里已经贴了10万，还能贴多少", ""),
    ("a thing that only ends alike", (), (AWARD_TABLE,), "市级绿色车间奖多少", ""),
    ("a base that nobody tells", ["按照贷款合同签订日一年期LPR的50%给予贴息，每户最高50万元。"], (), "贷款1000万，能贴息多少", ""),
    ("a cap that is not told", [*RATIO, "补助资金不超过企业上年度纳税额。"], (), "投了100万，能补多少", "纳税额"),
    ("a lower cap for some", [*RATIO, "2025年营业收入低于2000万元的企业，补助上限为30万元。"], (), "投了150万，能补多少", "30万元"),
    ("outside the days of another clause", [*GRADES, "认定文件落款日期须在2025年9月1日至2026年8月31日之间。"], (), "2025年5月评上省级智能工厂，奖多少", "落款日期"),
    ("before the change and no old standard", CHANGED, (), "省级首台套，今年8月签的合同，卖了800万，奖多少", "修改后的标准"),
    ("a cap of the base", ["贷款贴息按年利率1.5%计算，每户贷款额度不超过300万元，单户最高10万元。"], (), "贷款500万，用了12个月，贴多少", ""),
    ("a cap for one of the things", ["按照实际投入的20%给予补助，软件不超过50万元，硬件不超过30万元。"], (), "软件投了300万，补多少", ""),
    ("longer than the interest is paid for", ["按贷款余额的1.5%给予贴息，贴息期限不超过1年。"], (), "贷款余额500万，用了24个月，贴多少", ""),
    ("more for each further step", ["对年销售额首次达到1亿元的企业，奖励20万元；每增加1亿元，再奖励10万元。"], (), "销售额首次达到3亿元，奖多少", "每增加"),
    ("first or again in one sentence", ["对首次认定的高新技术企业，奖励20万元；重新认定的，奖励10万元。"], (), "高新技术企业奖多少", "重新认定"),
    ("half a year for a whole one", MOVED, (AWARD_TABLE,), "从外市整体搬过来半年了，搬来前就是国家小巨人，给多少", ""),
    ("more booths than count, without persons", BOOTHS, (), "去德国参展，展位费15万，能补多少", ""),
    ("two sums for the same", RATIO, (), "去年投了50万，今年投了60万，能补多少", ""),
    ("another thing altogether", GRADES, (), "高新技术企业认定奖多少", ""),
]  # fmt: skip

NOTHING: list[tuple[str, Sequence[str], str]] = [
    ("no amount asked", RATIO, "什么企业能报？"),
    ("how many firms", RATIO, "全市能报多少家"),
    ("the least investment", RATIO, "最低投入多少才能补"),
    ("no rule", ["诊断费用由市财政承担，企业无需支付任何费用。"], "诊断完给发多少补贴"),
]


@pytest.mark.parametrize(
    ("lines", "tables", "question", "wan"), [case[1:] for case in RIGHT], ids=[case[0] for case in RIGHT]
)
def test_computes(lines: Sequence[str], tables: Sequence[TypedTable], question: str, wan: str) -> None:
    found = told(lines, question, tables)
    assert found is not None
    assert found.value_yuan == Decimal(wan) * 10000, found.text
    assert found.passages
    assert found.text.startswith("**")


@pytest.mark.parametrize(
    ("lines", "tables", "question", "words"), [case[1:] for case in DECLINED], ids=[case[0] for case in DECLINED]
)
def test_declines_and_gives_the_rule(
    lines: Sequence[str], tables: Sequence[TypedTable], question: str, words: str
) -> None:
    found = told(lines, question, tables)
    assert found is None or found.value_yuan is None, found
    assert not words or (found is not None and words in found.text), found


@pytest.mark.parametrize(("lines", "question"), [case[1:] for case in NOTHING], ids=[case[0] for case in NOTHING])
def test_says_nothing(lines: Sequence[str], question: str) -> None:
    assert told(lines, question) is None


def test_words_the_amount_with_its_working() -> None:
    found = told(RATIO, "我们投了160万，能补多少")
    assert found is not None
    assert found.text == "**能补48万元**：160万元 × 30% ＝ 48万元，没有超过单户最高50万元。"


def test_notes_the_clauses_that_may_change_it() -> None:
    found = told([*RATIO, "资金额满即止。", "同一项目不得重复享受其他市级补助。"], "投了160万，能补多少")
    assert found is not None
    assert found.value_yuan == 480000
    assert found.notes == ("资金额满即止", "同一项目不得重复享受其他市级补助")
