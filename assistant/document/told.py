"""The clauses that say what is asked, a list whole; that a document does not say so where none does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.cite import Citations
from assistant.document.clauses import Clause, Ranked
from assistant.document.desk import Desk, summary_of
from assistant.document.kinds import FOUND, LISTS, SPOKEN_OF, UNDER
from assistant.summary import Summary
from core.cut import quoted
from core.text import bare
from core.types import Hit
from corpus.words import lexicon

ABSENT = "**这份资料里没有写"
SURELY = 0.8
"""A clause that is nearer than this answers, whatever words it uses."""
_ASKED_WITH = frozenset({
    "企业", "公司", "单位", "工厂", "厂子", "要求", "条件", "政策", "规定", "文件", "通知", "公告", "材料", "资料", "时候", "东西", "地方", "问题", "情况",
    "系统", "平台", "手续", "流程", "老板", "营收", "年营收", "人员", "时间", "方式", "内容", "部门", "标准", "金额", "全部", "名字", "类型",
})  # fmt: skip
"""Words that questions about any notice are asked with."""
ALSO = 0.88
"""From this share of the best clause's nearness on another one is told too."""
MOST_CLAUSES = 3
MOST_ITEMS = 14
MOST_CHARACTERS = 700
_PAPERS = re.compile(r"[表证书单]|合同|发票|凭证|证明|承诺|报告|复印件|扫描件|名册|执照")
MANY_PAPERS = 2
_REACHED = re.compile(r"\d{3,4}[-—]\d{7,8}|1\d{10}|@|电话|地址")
LEAST_REACHED = 0.27
"""A telephone number that is less near answers no question, though it be heard as one for a contact (有没有停车位)."""
_HOW_MANY = re.compile(r"(?:几|多少)\s*(个|项|条|步|样|种|份)?")


def said(kind: str, text: str, found: Sequence[Ranked], desk: Desk) -> Summary:
    """The clauses that say what is asked, a list whole; that it does not say so where none does."""
    book = Citations(desk.sources)
    lines = lines_of(kind, text, found, desk, book)
    absent = not found or lines[0].startswith(ABSENT)
    if len(lines) == 1:
        return summary_of(lines[0], book, desk, absent=absent)
    counted = f"一共{len(lines)}{asks[1] or '条'}：\n" if (asks := _HOW_MANY.search(text)) and kind in LISTS else ""
    return summary_of(counted + "\n".join(f"- {line}" for line in lines), book, desk, absent=absent)


def lines_of(kind: str, text: str, found: Sequence[Ranked], desk: Desk, book: Citations) -> list[str]:
    """The clauses that say what is asked, cited; first what the document does not speak of."""
    fitting, heading = UNDER.get(kind), ""
    if kind in LISTS and fitting:
        headed = ((name, one) for one in found for name in _heads(one.clause) if fitting.search(name))
        heading, first = next(headed, ("", None))
        found = [replace(first, score=max(first.score, FOUND)), *found] if first else found
        listed = [one for one in found if len(_PAPERS.findall(one.clause.text)) >= MANY_PAPERS]
        if kind == "materials" and first is None and listed:
            found = [replace(listed[0], score=max(listed[0].score, FOUND)), *found]
    reached = [one for one in found if _REACHED.search(one.clause.text)] if kind == "contact" else []
    if reached and reached[0].score >= LEAST_REACHED:
        found = [replace(one, score=max(one.score, FOUND)) for one in reached]
    near = found[0].clause if found else None
    cited = f"最接近的是：{quoted(near.text)} [{book.number(Hit(near.passage, 1.0), near.text)}]" if near else ""
    if not found or found[0].score < FOUND:
        return [f"{ABSENT}这一点**（从头到尾找过）。{cited}"]
    best = found[0]
    missing = _not_there(text, desk) if best.score < SURELY and kind not in SPOKEN_OF else ()
    kept = [one.clause for one in found if one.score >= ALSO * best.score][:MOST_CLAUSES]
    if kind in LISTS:
        beside = [c for one in found if _beside(c := one.clause, best.clause, heading)]
        beside = list({(c.under, c.text): c for c in beside}.values())
        if 1 < len(beside) <= MOST_ITEMS and sum(len(c.text) for c in beside) <= MOST_CHARACTERS:
            kept = beside
    passages = [p.passage_id for p in desk.ledger.passages_of(desk.document.document_id)]
    kept.sort(key=lambda c: (passages.index(c.passage.passage_id), c.passage.text.find(c.text)))
    lines = [f"{quoted(c.text)} [{book.number(Hit(c.passage, 1.0), c.text)}]" for c in kept]
    return [f"{ABSENT}“{'”“'.join(missing)}”**。最接近的是：", *lines] if missing else lines


def _not_there(text: str, desk: Desk) -> tuple[str, ...]:
    """The things that a question names and the document does not, anywhere."""
    whole = bare("".join(f"{p.title}{p.text}" for p in desk.ledger.passages_of(desk.document.document_id)))
    words = lexicon()
    named = [
        word
        for word, tag in words.tagged(text)
        if (tag[:1] == "n" or tag == "vn") and len(word) > 1 and word not in words.stopwords
    ]
    return tuple(dict.fromkeys(word for word in named if bare(word) not in whole and word not in _ASKED_WITH))[:2]


def _heads(clause: Clause) -> tuple[str, ...]:
    """The headings that a clause stands under, and what it stands under in its paragraph."""
    return (*clause.passage.section, clause.under)


def _beside(clause: Clause, best: Clause, heading: str) -> bool:
    """Whether a clause stands in the same list as the best one: under the heading that is asked for, else under the same one."""
    return heading in _heads(clause) if heading else clause.passage.section == best.passage.section
