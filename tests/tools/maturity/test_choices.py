"""What people say to a question of the assessment, and which of its choices that is; what is not sure is not taken."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from tools.firm.extraction import systems
from tools.maturity.questionnaire import NOT_APPLICABLE, UNKNOWN, Question, find, options_of, questions, read_answers
from tools.maturity.replies import kind_of

UNREAD = "unread"


@pytest.mark.parametrize(
    ("key", "said", "taken"),
    [
        ("scene-production", "B吧", 1), ("scene-production", "应该是C", 2), ("scene-production", "大概B", 1), ("scene-production", "可能是二级", 2),
        ("scene-production", "excel登记", 1), ("scene-production", "老师傅喊一声就开工", "0到1"), ("scene-production", "纸质流转卡", "0到1"),
        ("scene-production", "工单在系统里录，能跟踪", 2), ("scene-production", "工人手机扫码报工", "2到3"), ("scene-production", "黑板写", UNREAD),
        ("scene-warehouse", "excel台账", 1), ("scene-warehouse", "管家婆", "1到2"), ("scene-warehouse", "仓管员记本子", "0到1"),
        ("scene-warehouse", "心里有数", UNREAD), ("scene-purchase", "ERP里下采购单", 2), ("scene-purchase", "微信上跟供应商下单", "0到1"),
        ("scene-sales", "客户都在微信里", "0到1"), ("scene-sales", "CRM", 2), ("scene-finance", "会计用excel", 1), ("scene-finance", "代账公司", "1到2"),
        ("scene-design", "CAD", 1), ("scene-design", "手画草图", "0到1"), ("scene-service", "没售后", NOT_APPLICABLE),
        ("scene-office", "微信群", "0到1"), ("scene-office", "钉钉审批", 2), ("scene-hr", "考勤机", UNREAD), ("scene-hr", "Excel算工资", 1),
        ("scene-decision", "老板拍板", UNREAD), ("scene-decision", "BI看板", 2), ("scene-quality", "AOI", "3到4"), ("scene-equipment", "坏了再修", "0到1"),
        ("scene-planning", "excel排产", 1), ("scene-process", "CAM编程", 1), ("scene-energy", "还没联网", UNREAD),
        ("item-systems", "一个都没有", ["none"]), ("item-systems", "大部分", UNREAD), ("item-network", "只有办公室有网", UNREAD),
        ("item-data_collection", "采购、仓储、财务", ["purchase", "warehouse", "finance"]), ("item-data_collection", "A C E", ["design", "sales", "planning"]),
        ("item-data_collection", "A和C", ["design", "sales"]), ("item-data_collection", "一样都没有", []), ("item-data_collection", "第一个", ["design"]),
        ("item-digital_equipment", "三成左右", ["b2"]), ("item-digital_equipment", "大概20%", ["b2"]), ("item-digital_equipment", "百分之三十", ["b2"]),
        ("item-digital_equipment", "一半", ["b3"]), ("item-digital_equipment", "没有生产设备", NOT_APPLICABLE), ("item-digital_equipment", "有生产设备", UNREAD),
        ("item-connected_equipment", "没有生产设备联网", UNREAD), ("item-investment", "1%", ["b0"]), ("item-investment", "很少", UNREAD),
        ("item-network_security", "有防火墙", ["product"]), ("item-data_security", "没有备份", UNREAD), ("item-data_security", "有备份", ["product"]),
        ("item-planning", "没想过", ["none"]), ("item-planning", "见到效果了", ["changed"]), ("item-talent", "定期做培训", ["training"]),
        ("item-energy", "差不多", ["same"]), ("item-energy", "没统计过", UNKNOWN), ("item-energy", "没改造过", NOT_APPLICABLE), ("item-energy", "没有", UNREAD),
        ("item-quality", "合格率高了", ["better"]),
        ("scene-sales", "①", 0), ("scene-sales", "③吧", UNREAD), ("scene-sales", "⑤", 4), ("scene-sales", "⑥", UNREAD), ("scene-sales", "³", UNREAD), ("scene-sales", "❷", 1),
        ("scene-sales", "½", UNREAD), ("item-talent", "①③", ["people", "training"]), ("item-talent", "²", UNREAD), ("item-investment", "②", ["b1"]), ("scene-hr", "最后那项", 4),
        ("scene-hr", "倒数第二个", 3), ("scene-hr", "估计是第三种吧", 2), ("scene-hr", "最后一条", 4), ("item-mechanism", "前三项", ["process", "operation", "data"]),
        ("item-mechanism", "后两个", UNREAD), ("scene-hr", "差不多是D", 3), ("scene-hr", "D吧，我觉得", 3), ("scene-hr", "B不是，C也不行，D", 3), ("scene-hr", "应该、大概是B", 1),
        ("item-network", "A不符合，选B", ["shopfloor"]), ("item-data_collection", "都是自动采上来的", "all"), ("scene-office", "F", UNREAD), ("scene-office", "DD", 3),
    ],
)  # fmt: skip
def test_what_is_said_is_taken_for_the_choice_it_means_or_not_at_all(key: str, said: str, taken: object) -> None:
    if taken == UNREAD:
        with pytest.raises(BadInput):
            read_answers({key: said})
        return
    if taken == "all":
        taken = [option["id"] for option in options_of(find(key).row) if option["id"] != "none"]
    assert read_answers({key: said}).as_json() == {key: taken}


@pytest.mark.parametrize(
    ("key", "said"),
    [("item-network", "A和B"), ("item-data_collection", "A、O"), ("item-systems", "B和C"), ("scene-sales", "B、C"), ("item-network", "Z"), ("scene-office", "CD"), ("scene-office", "A和D"), ("scene-office", "B跟C"),
     ("scene-office", "②③"), ("scene-office", "前三个"), ("item-planning", "后两项")],
)  # fmt: skip
def test_a_contradiction_is_refused(key: str, said: str) -> None:
    with pytest.raises(BadInput):
        read_answers({key: said})


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("不知道", "unknown"), ("这个我真不清楚", "unknown"), ("没数，跳过", "unknown"), ("先跳过吧", "skip"), ("下一题", "skip"), ("都没有", "none"),
        ("我们还没有", "none"), ("还没有呢", "none"), ("都有", "all"), ("我们没有这块业务", "not_applicable"), ("不做这个", "not_applicable"),
        ("上一题", "back"), ("回上一题吧", "back"), ("先不做了", "end"), ("算了，不测了", "end"), ("继续评测", "resume"), ("看看结果", "result"),
        ("算了，题太多了，我有空再做", ""), ("唉，就说说我现在几级", ""), ("真烦，先给个结果吧", "result"), ("我答到第几题了", "resume"), ("全部重答", "restart"),
        ("今天先不做了", "end"), ("对了", "aside"), ("唉，跳过", "skip"), ("补答", "again"), ("重新测", "restart"), ("不清楚补贴怎么申请", ""), ("没有备份", ""), ("我们没有上系统", ""), ("用excel", ""), ("B", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_reply_means_what_its_examples_mean(said: str, kind: str) -> None:
    assert kind_of(said) == kind


@pytest.mark.parametrize(
    ("said", "used", "not_used"),
    [
        ("ERP、MES都上了，仓库是表格", ("ERP", "MES", "表格"), ()), ("没有ERP", (), ("ERP",)), ("MES停用了", (), ("MES",)), ("MES已经停用了", (), ("MES",)),
        ("打算上WMS", (), ("WMS",)), ("打算用ERP", (), ("ERP",)), ("还没用ERP", (), ("ERP",)), ("ERP还没上", (), ("ERP",)), ("MES明年上", (), ("MES",)),
        ("我们用金蝶ERP和钉钉", ("金蝶ERP", "钉钉"), ()), ("有ERP但没上MES", ("ERP",), ("MES",)), ("ERP停了MES还在用", ("MES",), ("ERP",)),
        ("ERP上了，后来停了", (), ("ERP",)), ("除了ERP没有别的系统", ("ERP",), ()), ("我们用的ERP不用了", (), ("ERP",)), ("用ERP，想上MES", ("ERP",), ("MES",)),
        ("MES没用起来", (), ("MES",)), ("ERP、MES、WMS都没有", (), ("ERP", "MES", "WMS")), ("上了黑湖MES", ("黑湖MES",), ()), ("ERP用哪家好？", (), ()),
    ],
)  # fmt: skip
def test_a_system_is_in_use_or_not_as_it_is_said(said: str, used: tuple[str, ...], not_used: tuple[str, ...]) -> None:
    assert systems(said) == (used, not_used)


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(categories=["Nd", "No", "Nl"]), min_size=1, max_size=4), st.sampled_from(questions()))
def test_any_kind_of_digit_is_read_or_refused(said: str, question: Question) -> None:
    with suppress(BadInput):
        read_answers({question.key: said})
