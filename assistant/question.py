"""What kind of answer a question asks for, read off its words by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.text import normalise
from corpus.words import lexicon

Form = Literal["figure", "date", "list", "definition", "howto", "comparison", "yesno", "case", "keyword", "other"]

QUESTION_WORD = re.compile(
    r"多[少大高长久重远快]|几|啥|什么|哪|谁|怎么|怎样|咋|如何|为何|为什么|是否|有没有|能不能|是不是|可不可以|行不行|吗|么|呢|\?|？"
    r"|\b(what|which|who|how|when|where|why|is|are|does|do|can|did)\b",
    re.IGNORECASE,
)
_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("comparison", re.compile(r"区别|差别|差在|差多少|不同|异同|一不一样|一样[吗么不]|一码事|一回事|相比|对比|比较|哪个好|还是.*(多|好|划算)|各有啥|跟.*比|\bvs\b|difference|compare", re.I)),
    ("date", re.compile(r"什么时候|啥时候|哪年|哪一年|几月|几号|何时|截止|哪天|多会儿|到期|when\b", re.I)),
    ("figure", re.compile(r"多少|几成|百分之几|比例|占比|比重|几个|几家|几级|多大|多高|多久|几年|百分比|how (much|many)|share|percentage|\brate\b", re.I)),
    ("definition", re.compile(r"是什么|什么是|啥是|是啥|什么意思|啥意思|含义|定义|全称|指什么|什么叫|叫什么|what (is|are|does)|meaning", re.I)),
    ("howto", re.compile(r"怎么|怎样|咋|如何|办法|法子|步骤|第一步|从哪|该(干|做|上|先)|流程|how (to|do|can|should)", re.I)),
    ("case", re.compile(r"案例|例子|有没有.*(做过|用过|搞过|企业|厂)|谁(家)?(做|用|搞)过|哪些企业|example|case", re.I)),
    ("list", re.compile(r"哪些|哪几|有哪|几类|几种|几个方面|分别|包括|列举|都有|清单|which|list", re.I)),
    ("yesno", re.compile(r"吗|么[？?]?$|是不是|能不能|有没有|是否|可不可以|行不行|算不算|\b(is|are|does|do|can)\b.*\?", re.I)),
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question as asked, its form, its parts, and the language it is in."""

    text: str
    form: Form
    parts: tuple[str, ...]
    english: bool

    @property
    def keyword(self) -> bool:
        return self.form == "keyword"


def read(text: str) -> Question:
    """Read a question's form and cut it into the parts that can be answered by themselves."""
    text = normalise(text).strip()
    words = re.sub(r"<[^<>]*>|\]\([^()]*\)", " ", text)  # the letters of markup tell no language
    letters, chinese = len(re.findall(r"[A-Za-z]", words)), len(re.findall(r"[\u4e00-\u9fff]", text))
    form: Form = "other"
    if not QUESTION_WORD.search(text) and len(text) <= 40:
        form = "keyword"
    else:
        form = next((name for name, pattern in _FORMS if pattern.search(text)), "other")
    parts = parts_of(text)
    return Question(text, form, parts, letters >= 8 and letters > 3 * max(chinese, 1))


def parts_of(text: str) -> tuple[str, ...]:
    """The clauses that ask something by themselves; the whole text where there is only one."""
    pieces = [p.strip() for p in re.split(r"[？?！!；;。\n]+", text) if p.strip()]
    out: list[str] = []
    for piece in pieces:
        clauses = re.split(r"[，,]\s*|(?<=[多少几何])、", piece)
        joined, asks = [clauses[0]], bool(QUESTION_WORD.search(clauses[0]))
        for clause in clauses[1:]:
            also = bool(QUESTION_WORD.search(clause))
            if asks and also and _content(clause):
                out.append("，".join(joined))
                joined = []
            joined.append(clause)
            asks = asks or also
        out.append("，".join(joined))
    out = [half for piece in out for half in _halves(piece)]
    asking = [p for p in out if QUESTION_WORD.search(p)]
    return tuple(asking) if len(asking) > 1 else (text,)


_EACH = re.compile(
    r"^(?P<lead>.*?)(?P<a>[^，,的]{2,16})(?:和|跟|与|同|、)(?P<b>[^，,]{2,20}?)(?P<each>各自?|分别)(?P<ask>.{2,})$"
)


def _halves(clause: str) -> list[str]:
    """“A和B各有多少” asks two things: “A有多少” and “B有多少”."""
    match = _EACH.match(clause)
    if not match or "、" in match["b"] or "和" in match["b"]:
        return [clause]
    return [f"{match['lead']}{match['a']}{match['ask']}", f"{match['b']}{match['ask']}"]


def _content(clause: str) -> bool:
    """True where a clause holds a word of its own to search for."""
    words = lexicon()
    return any(pos[0] in "njevmt" and w not in words.stopwords and len(w) > 1 for w, pos in words.tagged(clause))
