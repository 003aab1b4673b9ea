"""Which kind of value a question asks for, and whether the evidence holds one of that kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.types import Hit

_N = r"(?:\d[\d.,]*|[一二两三四五六七八九十百千几半]+)"
_MONEY = r"\d[\d.,]*\s*[多余]?\s*[千百]?[万亿]*\s*[多余]?\s*(?:元|块|美元|欧元|日元|英镑|雷亚尔|韩元|林吉特|令吉)"
_SAME = (
    dict.fromkeys("家个户座所", "家个户座所")
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
    _value("价格", r"收费|年费|会费|单价|报价|售价|租金|人工费|费用区间|什么价|啥价|价格|授权费|多少钱|多少(电费|押金|报酬|费用)|fee\b|price|how much does .* cost", _MONEY + r"|免费|不收费"),
    _value("欧元金额", r"多少(万|亿)?欧元", r"\d[\d.,]*\s*[万亿]*欧元"),
    _value("美元金额", r"多少(万|亿)?美元", r"\d[\d.,]*\s*[万亿]*美元"),
    _value("日元金额", r"多少(万|亿)?日元", r"\d[\d.,]*\s*[万亿]*日元"),
    _value("名次", r"(哪个|哪家|哪几家|哪五家|谁).{0,10}(最多|第一|最高|最低|最少|倒数|排名)|(第一|倒数第一|排名第).{0,6}(哪|谁)", r"最多|第一|最高|最低|最少|排名|居首|首位|TOP|依次|领先|前[一二三四五]"),
    _value("金额", r"多少(资金|万元|元|亿)|补多少|奖多少|贷多少|额度|损失多少|赚多少|额(有|是)?多少|亏损金额", _MONEY + r"|\d[\d.,]*\s*[万亿]|\d+%"),
    _value("联系方式", r"电话|地址|在哪条路|联系方式|官网是|网址|邮箱|二维码", r"电话|\d{3,4}-\d{7}|\w\.cn|\w\.com|https?:|路\d+号|网址"),
    _value("人名", r"董事长|总经理是谁|主编|创始人|法人|联系人|局长|谁写的|作者是谁|叫什么名字的负责人", r"董事长|总经理|主编|创始人|编写组|作者|联合创始"),
    _value("利率", r"利率|利息(是)?多少|年息|几个点", r"利率|\d+(\.\d+)?\s*(个百分点|%)|基点|贴息"),
    _value("日期", r"几月几号|几号|截止|哪一?天|最后期限|什么时候(申报|开始报|验收|开会)|申报时间|哪天(截止|开始|开会|报名|发)", r"\d{1,2}月(\d{1,2}日|底|初|前)|截止|截至|\d{4}-\d{2}-\d{2}"),
    _value("时长", r"多久|几个月|多长时间|要几天|几周|跑多久|合同期|周期是?多(长|少)", _N + r"\s*[多余来]?个?(天|日|周|月|年|小时|分钟|工作日)"),
    _value("比例", r"百分之几|几成|占比?(是|为|了|各)?多少|比例(是|各|为|有)*多|比重(是|各)*多|[\u4e00-\u9fff]率(是|有|大概|为)*多", r"%|[一二两三四五六七八九十]成|分之|一半|百分点|\d倍"),
    _value("配置", r"显卡|内存多大|什么配置|几张卡|服务器配置", r"显卡|GPU|内存|显存"),
)  # fmt: skip

_HOW_MANY = re.compile(rf"(?:多少|(?<![哪好十])几)\s*(?:万|千|百|亿)?([{_MEASURES}])")
_RATE = re.compile(r"([\u4e00-\u9fff]{2}率)(?:是|有|大概|大约|为|更|多|到底|平均)")
_MATERIALS = re.compile(r"(准备|提交|交|带)(哪|几|什么|啥).{0,4}(材料|资料|表)|材料清单|哪些材料")


def missing_value(question: str, hits: Sequence[Hit]) -> str | None:
    """The kind of value that is asked for and that none of the passages holds, or None."""
    texts = [h.passage.title + "\n" + h.passage.text for h in hits]
    for value in VALUES:
        if value.asked.search(question) and not any(value.given.search(t) for t in texts):
            return value.name
    if measure := _HOW_MANY.search(question):
        units = _SAME.get(measure[1], measure[1])
        counted = re.compile(rf"{_N}\s*[多余来]?\s*[万亿千百]*\s*[多余来]?\s*个?[{units}]")
        if not any(counted.search(t) for t in texts):
            return f"数量（多少{measure[1]}）"
    if (rate := _RATE.search(question)) and not any(rate[1] in t or rate[1][:2] in t for t in texts):
        return rate[1]
    if _MATERIALS.search(question) and not any("材料" in t or "资料" in t for t in texts):
        return "材料清单"
    return None
