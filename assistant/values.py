"""Which kind of value a question asks for, and whether the evidence holds one of that kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.cut import mark_end, sentences
from core.text import bare
from core.types import Hit
from corpus.query import Concept, Query

PARTLY = 0.45
RARE = 3.0
_N = r"(?:\d[\d.,]*|[一二两三四五六七八九十百千几半]+)"
_MONEY = r"\d[\d.,]*\s*[多余]?\s*[千百]?[万亿]*\s*[多余]?\s*(?:元|块|美元|欧元|日元|英镑|雷亚尔|韩元|林吉特|令吉)"
_SAME = (
    dict.fromkeys("家个户座所", "家个户座所")
    | {"个": "家个户座所人名位"}
    | dict.fromkeys("名人位", "名人位")
    | dict.fromkeys("项条款", "项条款")
    | dict.fromkeys("次回", "次回")
    | dict.fromkeys("套种", "套个种")
)
_MEASURES = "家个户座所名人位台张副条项款次套份批类种级层步天亩吨度本页辆栋颗片件届场"


@dataclass(frozen=True)
class Value:
    """A kind of value: how it is asked for, and what gives it."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


def _value(name: str, asked: str, given: str) -> Value:
    return Value(name, re.compile(asked, re.I), re.compile(given, re.I))


VALUES = (
    _value("价格", r"(?<!怎么)(?<!咋)(?<!如何)(?<!收不)收费(?![吗么])|年费|会费|成本(大概|大约)?(要)?多少|单价|报价|售价|租金|人工费|费用区间|什么价|啥价|价格|授权费|许可费|押金|(licen[cs]e|annual|monthly|subscription) fee|多少钱|多少(电费|押金|报酬|费用)|fee\b|price|how much does .* cost", _MONEY),
    _value("收费方式", r"(怎么|咋|如何|收不)收费|收费[吗么]|免费[吗么]|要不要钱", r"收费|付费|免费|不要钱|订阅|年费|" + _MONEY),
    _value("欧元金额", r"多少(万|亿)?欧元", r"\d[\d.,]*\s*[万亿]*欧元"),
    _value("美元金额", r"多少(万|亿)?美元", r"\d[\d.,]*\s*[万亿]*美元"),
    _value("日元金额", r"多少(万|亿)?日元", r"\d[\d.,]*\s*[万亿]*日元"),
    _value("名次", r"(哪个|哪家|哪几家|哪五家|谁).{0,10}(最多|第一|最高|最低|最少|倒数|排名)|(第一|倒数第一|排名第).{0,6}(哪|谁)", r"最多|第一|最高|最低|最少|排名|居首|首位|TOP|依次|领先|前[一二三四五]"),
    _value("金额", r"多少(资金|万元|元|亿)|补多少|奖多少|贷多少|额度|损失多少|赚多少|额(有|是)?多少|亏损金额", _MONEY + r"|\d[\d.,]*\s*[万亿]|\d+%"),
    _value("联系方式", r"电话|地址|在哪条路|联系方式|官网是|网址|邮箱|二维码", r"电话|\d{3,4}-\d{7}|\w\.cn|\w\.com|https?:|路\d+号|网址"),
    _value("人名", r"(董事长|总经理|负责人|创始人|部长|局长|市长|厂长|院长|会长|主编|作者|法人|联系人).{0,4}(是谁|叫什么|叫啥|姓什么|名字|是哪位)|谁写的", r"(董事长|总经理|负责人|创始人|部长|局长|市长|厂长|院长|会长|主编|作者|法人)[是为：:、 ]?[\u4e00-\u9fff]{2,3}(?=[，。、； ]|$)"),
    _value("利率", r"利率|利息(是)?多少|年息|几个点", r"利率|\d+(\.\d+)?\s*(个百分点|%)|基点|贴息"),
    _value("日期", r"几月几号|几号|截止|哪一天|最后(期限|一天)|deadline|什么时候(申报|开始报|验收|开会)|申报时间|哪天(截止|开始|开会|报名|发)", r"\d{1,2}月(\d{1,2}日|底|初|前)|截止|截至|\d{4}-\d{2}-\d{2}"),
    _value("时长", r"多久|几个月|多长时间|要几天|几周|跑多久|合同期|周期是?多(长|少)", _N + r"\s*[多余来]?个?(天|日|周|月|年|小时|分钟|工作日)"),
    _value("比例", r"百分之几|几成|占比?(是|为|了|各)?多少|比例(是|各|为|有)*多|比重(是|各)*多|[\u4e00-\u9fff]率(是|有|大概|为)*多", r"%|[一二两三四五六七八九十]成|分之|一半|百分点|\d倍"),
    _value("法律规定", r"法律|犯法|违法|官司|罚多少|罚款|律师|律所|起诉|侵犯|侵权|赔多少|legal|lawsuit", r"法》|法律|罚款|处罚|条例"),
    _value("记账办法", r"分录|入账科目|怎么记账|怎么做账|怎么入账", r"分录|科目"),
    _value("操作步骤", r"(程序|代码|脚本|公式|宏|报文)怎么写|点哪|怎么设置|快捷键|怎么安装|报错|how do i (install|configure|code)", r"代码|点击|菜单|安装"),
    _value("配置", r"显卡|内存多大|什么配置|几张卡|服务器配置", r"显卡|GPU|内存|显存"),
)  # fmt: skip

_HOW_MANY = re.compile(rf"(?:多少|(?<![哪好十])几)\s*(?:万|千|百|亿)?([{_MEASURES}])")
_RATE = re.compile(r"([\u4e00-\u9fff]{2}率)(?:是|有|大概|大约|为|更|多|到底|平均)")
_MATERIALS = re.compile(r"(准备|提交|交|带)(哪|几|什么|啥).{0,4}(材料|资料|表)|材料清单|哪些材料")


def value_held(question: str, query: Query, hits: Sequence[Hit]) -> tuple[str | None, float]:
    """The kind of value a question asks for, or None; and how much of the question stands around one in the passages, 0-1."""
    near = [h for h in hits[:4] if h.parts["window"] >= 0.5 * hits[0].parts["window"]]
    least: tuple[str | None, float] = (None, 1.0)
    for kind, given in _asked(question):
        counted = _counted(question, query) if kind.startswith("数量") else None
        held = max((_around(query, hit, given, counted) for hit in near), default=0.0)
        if held < least[1] or least[0] is None:
            least = (kind, held)
    return least


def _around(query: Query, hit: Hit, given: re.Pattern[str], counted: Concept | None = None) -> float:
    """How much of the question stands in the sentence, with its title and the words that open its list, that holds a value of a kind; 0 without one.

    counted: what is counted; it must stand there as well.
    """
    lead, told = "", []
    for sentence in sentences(hit.passage.text):
        told.append(f"{hit.passage.title} {lead} {sentence}")
        opens = sentence.endswith(("：", ":")) and not re.search("没|未", sentence)
        lead = sentence if opens else lead if mark_end(sentence) else ""
    holding = [bare(t) for t in told if given.search(t)]
    return max((query.coverage(t) for t in holding if counted is None or counted.found_in(t) >= PARTLY), default=0.0)


def _counted(question: str, query: Query) -> Concept | None:
    """What “多少个” counts: the last noun of the words right after it, where it is a rare one."""
    measure = _HOW_MANY.search(question)
    after = bare(re.split(r"[，,。？?；;]", question[measure.end() :])[0][:14]) if measure else ""
    nouns = [c for c in query.concepts if c.pos[0] in "njeb" and c.word in after and c.weight >= RARE]
    return max(nouns, key=lambda c: after.rindex(c.word), default=None)


def kind_asked(question: str) -> str:
    """The name of the kind of value that a question asks for; "" where it asks for none of those known."""
    return next((name for name, _ in _asked(question)), "")


def _asked(question: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    for value in VALUES:
        if value.asked.search(question):
            yield value.name, value.given
    if measure := _HOW_MANY.search(question):
        units = _SAME.get(measure[1], measure[1])
        yield f"数量（多少{measure[1]}）", re.compile(rf"{_N}\s*[多余来]?\s*[万亿千百]*\s*[多余来]?\s*个?[{units}]")
    if rate := _RATE.search(question):
        yield rate[1], re.compile(re.escape(rate[1][:2]))
    if _MATERIALS.search(question):
        yield "材料清单", re.compile("材料|资料")
