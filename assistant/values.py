"""Which kind of value a question asks for, and whether the evidence holds one of that kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.understand.kinds import kind, shares
from core.cut import mark_end, sentences
from core.text import bare
from core.types import Hit
from corpus.query import Concept, Query

PARTLY = 0.45
"""From which share a word counts as standing in a sentence."""
RARE = 3.0
"""From which weight a word is a rare one."""
SURE = 0.7
"""From which probability a kind is told to people."""
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
COUNT, SHARE = "数量", "比例"
_OF_MONEY = frozenset({"价格", "金额"})
GIVEN = {name: re.compile(pattern, re.I) for name, pattern in (
    ("价格", _MONEY),
    ("金额", _MONEY + r"|\d[\d.,]*\s*[万亿]|\d+%"),
    ("联系方式", r"电话|\d{3,4}-\d{7}|\w\.cn|\w\.com|https?:|路\d+号|网址"),
    ("人名", r"(董事长|总经理|负责人|创始人|部长|局长|市长|厂长|院长|会长|主编|作者|法人)[是为：:、 ]?[\u4e00-\u9fff]{2,3}(?=[，。、； ]|$)"),
    ("利率", r"利率|\d+(\.\d+)?\s*(个百分点|%)|基点|贴息"),
    ("日期", r"\d{1,2}月(\d{1,2}日|底|初|前)|截止|截至|(周|星期)[一二三四五六日天]|\d{4}-\d{2}-\d{2}"),
    ("时长", _N + r"\s*[多余来]?个?(天|日|周|月|年|小时|分钟|工作日)"),
    ("比例", r"%|[一二两三四五六七八九十]成|分之|一半|百分点|\d倍"),
    ("数量", rf"{_N}\s*[多余来]?\s*[万亿千百]*\s*[多余来]?\s*个?[{_MEASURES}]"),
    ("记账办法", r"分录|科目"),
    ("配置", r"显卡|GPU|内存|显存"),
)}  # fmt: skip
"""What gives a value of each kind that a question may ask for (corpus/utterances/kinds.yaml, asks); the other kinds are told
in words."""
LAYER, A_TEXT = "kind.asks", "别的"
"""The layer of the heads that reads the kind, and its name for what is told in words, of no kind of value."""
_IN_YEARS = re.compile(r"\d{4}\s*年")
_WHICH_YEAR = re.compile(r"[哪几]一?年|年份|year", re.I)
_CURRENCY = re.compile(r"(美|欧|日|韩|港)元|英镑|林吉特|雷亚尔")
_COUNTED = re.compile(rf"(?:多少|(?<![哪好十])几)\s*(?:万|千|百|亿)?([{_MEASURES}])")


@dataclass(frozen=True)
class Wanted:
    """The kind of value that a question asks for: its name, how sure that is 0-1, and what gives one; "" for a text."""

    name: str
    chance: float
    given: re.Pattern[str] | None
    counted: Concept | None = None


def wanted(question: str, query: Query) -> Wanted:
    """The likeliest kind of value asked for; of a count the measure asked for, of money the currency."""
    by_kind = shares(LAYER, question)
    name, measure = max(by_kind, key=by_kind.__getitem__, default=A_TEXT), _COUNTED.search(question)
    chance = by_kind.get(name, 0.0)
    if measure and name in {COUNT, SHARE}:  # whoever names a measure asks for a number of it
        name, chance = COUNT, by_kind.get(COUNT, 0.0) + by_kind.get(SHARE, 0.0)
    if name not in GIVEN or chance < SURE:
        return Wanted("", sum(share for other, share in by_kind.items() if other not in GIVEN), None)
    given, currency = GIVEN[name], _CURRENCY.search(question)
    if name == COUNT and measure:
        units = _SAME.get(measure[1], measure[1])
        given = re.compile(rf"{_N}\s*[多余来]?\s*[万亿千百]*\s*[多余来]?\s*个?[{units}]")
    if name == "日期" and _WHICH_YEAR.search(question):
        given = _IN_YEARS
    if name in _OF_MONEY and currency:
        given = re.compile(rf"\d[\d.,]*\s*[万亿]*{currency[0]}")
    return Wanted(name, chance, given, _counted(question, query) if name == COUNT and measure else None)


def held(wanted: Wanted, query: Query, hit: Hit) -> float:
    """How much of a question stands around the best value of the kind asked for in a passage, 0-1; 1 where none is."""
    return _around(query, hit, wanted.given, wanted.counted) if wanted.given else 1.0


def kind_asked(question: str) -> str:
    """The name of the kind of value that a question asks for; "" where it asks for a text or that is not sure."""
    name = kind(LAYER, question, SURE)
    return "" if name == A_TEXT else name


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
    measure = _COUNTED.search(question)
    after = bare(re.split(r"[，,。？?；;]", question[measure.end() :])[0][:14]) if measure else ""
    nouns = [c for c in query.concepts if c.pos[0] in "njeb" and c.word in after and c.weight >= RARE]
    return max(nouns, key=lambda c: after.rindex(c.word), default=None)
