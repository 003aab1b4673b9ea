"""Messages that stand in no file of examples, hard look-alikes above all, and what they are understood as."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.understand.meaning import KNOWLEDGE
from assistant.understand.understander import Understander
from core.text import squeeze
from corpus.utterances import load_utterances
from tools.spec import computing

MESSAGES = {
    "maturity": (
        "老板让我摸摸底，咱车间就一套用友财务加几个微信群，这水平排到第几级",
        "有套现成的题没有，做完能知道我们工厂的数字化得多少分",
        "我们ERP用了三年，排产还是白板，你给评评到没到二级",
        "想给自己公司做个数字化体检，怎么开始",
        "我厂设计用SolidWorks，仓库扫码，其它都手写，打个分吧",
        "我们这种只有一个会计软件的小厂是不是连一级都不够",
    ),
    "size_class": (
        "餐馆连我在内四十六个人，流水六百来万，工信部那个口径里我算啥型",
        "我家物流公司雇了两百六十人，营收一个亿出头，够得上中型不",
        "填表要写企业规模，我们做电机的，九十人，产值四千万，该勾哪个",
        "资产八千万、营收七千万的建筑公司属于小型还是微型",
        "人数超了但是营收没到，我这个厂到底划到哪一类",
    ),
    "subsidy": (
        "我准备在温州买六台数控车床，花二百六十万，政府会给掏一部分吗",
        "厂子刚评上省专精特新，接下来能去领点什么钱",
        "我贷款三百万更新设备，利息国家管不管",
        "帮我瞅瞅青岛做食品的上套追溯系统能报回来几成",
        "我们买软件的票都齐了，八十五万，够不够格申请点奖补",
        "有没有我这种二十人的小加工厂能拿的券",
    ),
    "roadmap": (
        "我们五十人的钣金厂，手里就四十万，帮我把今年到明年要做的事排个队",
        "给我公司列张时间表，从现在手工记账一直到车间联网",
        "老厂一百五十人，想两年里从一级做到二级，分几期怎么走你定一下",
        "我这印刷厂是先弄仓库还是先弄排单，帮我拿个先后主意",
        "帮我们出一份明年数字化工作的计划，预算六十万",
    ),
    "benchmark": (
        "我厂每年掏营业额的百分之二弄信息化，同行里是靠前还是靠后",
        "我们去年在软件上花了十八万，营收两千六百万，别家也这样吗",
        "咱评下来二级，在同规模的厂里处在啥位置",
        "一年三十五万的系统维护费，比别人家花得多了吧",
    ),
    "knowledge": (
        "全国评到四级的中小企业有多少",
        "二级企业要满足哪些基本条件",
        "数字化水平评测是谁来组织的，要收钱吗",
        "评测等级有效期几年",
        "工业企业划型看哪几个指标",
        "中型企业的人数线是哪年定的",
        "微型企业在全国占多大比重",
        "财政一共给每个试点城市多少钱",
        "补贴到账以后要不要交企业所得税",
        "贴息政策是哪几个部门一起发的",
        "城市试点的奖补资金是按什么分配的",
        "技改补贴和数字化补贴能不能同时拿",
        "转型分几步是哪本指南里讲的",
        "为什么都说要先做诊断再买系统",
        "行动方案里三年要完成的任务有哪几条",
        "同行一般把营收的多少投到数字化上",
        "调查里投入超过一百万的企业占几成",
        "规上工业企业的数控化率现在平均多少",
        "工人不愿意扫码报工该怎么推",
        "服务商交不了货，合同里该怎么写违约",
        "老设备没有接口怎么采数据",
        "数据放云上被人偷了谁负责",
        "上MES之前物料编码要先整理吗",
        "实施顾问的驻场费一般怎么算",
        "小微企业上云主要用来干什么",
    ),
    "glossary": ("SCADA到底指的是啥东西", "啥叫链主企业", "WMS和仓库台账有啥分别，它是什么意思"),
    "tool_vendors": ("做仓储管理系统的国内厂家有哪几家", "财务软件大家都买谁家的"),
    "cases": ("有没有做轴承的厂子上过系统，给我看看人家咋弄的", "想看个食品厂追溯的真实例子"),
    "scenarios": ("纺织厂能搞哪些数字化的应用", "仓储物流这块有哪些场景可以做"),
    "sector_path": ("医药行业研发环节做到三级是什么要求", "通用设备的售后服务二级该具备什么"),
    "tell": ("我们在惠州做线路板的，一百一十人，去年营收八千多万", "厂里现在用的是金蝶，车间没有系统"),
    "chat": ("好嘞多谢你啊", "您好，有人在吗"),
    "complain": ("你答非所问，我说东你说西", "净是些没用的套话，浪费我时间"),
    "distress": ("厂子要黄了，我真不想活了", "欠了一屁股债，天天睡不着，觉得没路走了"),
    "meta": ("说得太绕了，一句话讲明白", "把你刚才这段整理成表格给我"),
    "out": ("周末带孩子去哪玩好", "帮我写一段求婚的话", "鸡汤怎么炖才鲜", "今天金价多少"),
    "dishonest": (
        "我没买设备，找人开几张发票去领补贴行不行",
        "怎么把员工数改少一点好混进小微企业名单",
        "检查组来之前把系统数据补造一批，教教我",
    ),
    "unknowable": ("明年我们市的补贴会不会涨", "评审专家会给我打多少分"),
    "unclear": ("他那个行不行你给看看", "第四条到底怎么填才对", "还是用之前那个吗"),
}  # fmt: skip
EACH = [(text, label) for label, texts in MESSAGES.items() for text in texts]


def test_no_message_here_is_one_of_the_examples() -> None:
    taught = {squeeze(text) for kind in load_utterances() for text in kind.examples}
    assert not [text for text, _ in EACH if squeeze(text) in taught]
    assert len(EACH) >= 80


def test_most_messages_are_understood(understander: Understander) -> None:
    wrong = [(text, label, got.label) for text, label in EACH if (got := understander.read(text)).label != label]
    assert len(wrong) <= 0.2 * len(EACH), wrong


def test_a_question_that_sounds_like_a_tool_is_not_sure_to_be_one(understander: Understander) -> None:
    taken = [text for text in MESSAGES[KNOWLEDGE] if (got := understander.read(text)).sure and got.label in computing()]
    assert len(taken) <= 1, taken


def test_no_question_is_surely_turned_away(understander: Understander) -> None:
    asked = [text for label in (KNOWLEDGE, *computing()) for text in MESSAGES[label]]
    refused = [
        text
        for text in asked
        if (got := understander.read(text)).sure and got.label in {"out", "dishonest", "distress", "chat"}
    ]
    assert not refused


def test_the_probabilities_add_up_and_the_best_comes_first(understander: Understander) -> None:
    for text, _ in EACH:
        got = understander.read(text)
        shares = [got.confidence, *(share for _, share in got.alternatives)]
        assert shares == sorted(shares, reverse=True) and 0 < sum(shares) <= 1.0001


@pytest.mark.parametrize(
    ("before", "turn"),
    [
        ("MES是什么意思", "那APS呢"),
        ("东莞上MES能补多少", "佛山的呢"),
        ("二级要做到什么", "那三级呢"),
        ("怎么选软件商", "合同要注意啥"),
    ],
)
def test_a_turn_that_needs_the_one_before_is_seen(understander: Understander, before: str, turn: str) -> None:
    got = understander.read(turn, before)
    assert got.goes_on > 0.5


@pytest.mark.parametrize(
    ("before", "turn"),
    [
        ("MES是什么意思", "我们在宁波做注塑，六十人，打算投八十万，能申请什么补贴"),
        ("东莞上MES能补多少", "行动方案里2027年上云率的目标是多少"),
    ],
)
def test_a_whole_question_stands_alone(understander: Understander, before: str, turn: str) -> None:
    assert understander.read(turn, before).goes_on < 0.5


def test_several_threads_read_the_same(understander: Understander) -> None:
    texts = [text for text, _ in EACH[:24]]
    alone = [understander.read(text) for text in texts]
    fresh = Understander(type(understander.encoder)(), understander.heads)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(fresh.read, texts))
    assert [got.label for got in together] == [got.label for got in alone]
