"""A follow-up becomes a question that stands alone, by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.history import Turn
from core.text import normalise
from corpus.places import places
from corpus.words import lexicon

_GROUPS: tuple[tuple[str, ...], ...] = (
    ("erp", "mes", "aps", "wms", "oms", "tms", "crm", "srm", "plm", "pdm", "cad", "cae", "cam", "capp", "eda", "oa", "agv", "amr", "saas",
     "低代码", "scada", "dcs", "qms", "ems", "bi", "rfid", "hrm"),
    ("汽车", "医药", "通用设备", "服装", "纺织", "水泥", "印刷电路板", "金属加工", "日用化工", "消费电子", "航空航天", "电子", "食品"),
    ("研发设计", "生产制造", "采购供应", "市场营销", "产品服务"),
    ("一级", "二级", "三级", "四级"),
    ("欧盟", "美国", "日本", "德国", "韩国", "巴西", "新加坡", "英国", "西班牙", "马来西亚"),
    ("小微企业", "小巨人", "专精特新", "规上", "微型企业", "中型企业"),
)  # fmt: skip


_CUSTOMER = re.compile(
    r"给(?!我|你|他|咱|俺|您|企业|大|客户|政府|整车|主机)[^，,。；;？?\s]{2,6}?(?:做|当|搞)?(配套|供货|供件|代工|供应商)"
)
"""A customer by name, of whom nothing is asked: 给格力做配套."""
LONGEST = 60
"""A longer question stands alone."""


def bare_of_subject(question: str) -> bool:
    """Whether a question has no noun of its own, so that it can only go on from the turn before."""
    words = lexicon()
    return not any(
        w not in words.stopwords and (len(w) > 1 or w.isascii()) and pos[0] in "nvjelbm"
        for w, pos in words.tagged(normalise(question).strip())
    )


def condense(question: str, turns: Sequence[Turn]) -> str:
    """The question with what it may leave out taken from the last turn; unchanged where there is nothing to take."""
    question = _CUSTOMER.sub(r"给大客户做\1", normalise(question).strip())
    if not turns or len(question) > LONGEST:
        return question
    words = lexicon()
    previous = turns[-1].standalone
    if swapped := _swap(question, previous):
        return swapped
    bare = re.sub(r"^(那么|那|还有|另外|再|然后|and|what about|how about)\s*", "", question, flags=re.I)
    topic = [
        w
        for w, pos in words.tagged(previous)
        if w not in words.stopwords and len(w) > 1 and pos[0] in "njelb" and w not in question.lower()
    ]
    if places(question):  # another place is asked about: the one before does not come along
        before = "".join(place.text for place in places(previous))
        topic = [w for w in topic if w not in before]
    topic = [w for w in dict.fromkeys(topic) if not _replaced(w, question.lower())]
    return " ".join(topic[:6]) + " " + bare if topic else question


def _replaced(word: str, question: str) -> bool:
    """Whether a question names another one of the things that a word is one of: 采购 for 市场营销."""
    words = lexicon()
    for group in _GROUPS:
        members = {w: name for name in group for w in (name, *words.same.get(name, ()))}
        if word in members and any(members[w] != members[word] for w in members if w in question):
            return True
    return False


def _swap(question: str, previous: str) -> str | None:
    """“那APS呢？” after “WMS是什么意思？”: the previous question about the newly named thing."""
    words, low, before = lexicon(), question.lower(), previous.lower()
    if len(question) > 16:
        return None
    for group in _GROUPS:
        new = next((w for g in group for w in (g, *words.same.get(g, ())) if w in low), None)
        old = next((w for g in group for w in (g, *words.same.get(g, ())) if w in before), None)
        if new and old and new != old:
            rest = re.sub(rf"那|呢|[？?。，]|{re.escape(new)}|行业|企业|厂", "", low).strip()
            if len(rest) <= 2:
                at = before.index(old)
                return previous[:at] + question[low.index(new) : low.index(new) + len(new)] + previous[at + len(old) :]
    return None
