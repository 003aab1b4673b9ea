"""What one document says to a question: a kind of question is told by examples, its clauses by meaning and words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.answer.caveats import changes
from assistant.cite import Citations, reference_list
from assistant.document.clauses import Clause, Ranked, ranked
from assistant.document.days import asked_day, last_of, left
from assistant.history import Turn
from assistant.question import read as read_question
from assistant.summary import Summary, check_fit, last_day_of, standing, summarise
from assistant.tables.answer import about_table
from assistant.understand.understander import Understander
from core.cut import quoted
from core.text import bare
from core.types import Hit, Source
from corpus.ledger import Document, Ledger
from corpus.row_names import SEPARATOR
from corpus.typed_tables import tables_of
from corpus.words import lexicon
from tools.firm.profile import Profile, extract

if TYPE_CHECKING:
    from corpus.encoder.encoder import Encoder

NOTICE = "notice"
"""The layer of the heads that tells the kinds of questions about a notice."""
ABSENT = "**这份资料里没有写"
SURELY = 0.8
"""A clause that is nearer than this answers, whatever words it uses."""
_ASKED_WITH = frozenset(
    "企业 公司 单位 工厂 厂子 要求 条件 政策 规定 文件 通知 公告 材料 资料 时候 东西 地方 问题 情况 系统 平台 手续 流程 老板 营收 年营收 人员 时间 方式 "
    "内容 部门 标准 金额 全部 名字 类型".split()
)
"""Words that questions about any notice are asked with."""
FOUND = 0.5
"""A clause that is less near than this does not say what is asked."""
ALSO = 0.88
"""From this share of the best clause's nearness on another one is told too."""
MOST_CLAUSES = 3
MOST_ITEMS = 14
MOST_CHARACTERS = 700
_UNDER: dict[str, re.Pattern[str]] = {
    "who": re.compile(r"条件|对象|范围|主体|要求"),
    "eligible": re.compile(r"条件|对象|范围|主体|要求|不予|不得"),
    "amount": re.compile(r"标准|额度|比例|方式|金额|奖|补"),
    "most": re.compile(r"标准|额度|比例|方式|金额|奖|补"),
    "counts": re.compile(r"标准|投入|费用|范围|核定"),
    "deadline": re.compile(r"时间|截止|期限|受理|安排|进度"),
    "materials": re.compile(r"材料|资料"),
    "how": re.compile(r"方式|流程|程序|途径|办理|报送|申请|步骤"),
    "contact": re.compile(r"联系|咨询|电话"),
    "excluded": re.compile(r"不予|不支持|不得|负面|除外|不包括"),
    "valid": re.compile(r"有效|施行|附则|实施"),
    "after": re.compile(r"监督|验收|拨付|公示|管理|绩效|责任"),
}
_LISTS = frozenset({"who", "materials", "how", "whole"})
_OF_PROSE = frozenset(
    {"amount", "eligible", "who", "deadline", "left", "late", "materials", "how", "contact", "valid", "after"}
)
"""What a notice says in sentences; its tables hold figures."""
LEAST_PROSE = 8
"""A document with fewer clauses outside of tables is a table, and any question is first asked of that."""
_HOW_MANY = re.compile(r"(?:几|多少)\s*(个|项|条|步|样|种|份)?")
_APPLIES = re.compile(r"申[报请领]|报名|受理|填报|提交|报送")
_OFFICES = re.compile(r"初审|复审|审核|核查|评审|公示|拨付|推荐|汇总|评定|认定|验收")
"""What an office does by a day."""
_IN_FORCE = re.compile(r"有效|施行|作废|失效|过期")
_DAYS = frozenset({"deadline", "left", "late"})


@dataclass(frozen=True)
class _Desk:
    document: Document
    ledger: Ledger
    sources: Mapping[str, Source]
    day: date

    @property
    def state(self) -> str:
        """When the document was taken in, and what has changed it since."""
        return f"{self.document.added_at}{self.document.info.get('changes') or ''}"


def of_document(
    text: str,
    turns: Sequence[Turn],
    document: Document,
    known: Profile,
    ledger: Ledger,
    spaces: Sequence[str],
    sources: Mapping[str, Source],
    day: date,
    understander: Understander | None,
) -> Summary:
    """The answer from one document; that it does not say so where none of its clauses does."""
    desk = _Desk(document, ledger, sources, day)
    kind = understander.kind_of(NOTICE, text) if understander else ""
    if kind == "whole":
        return summarise(ledger, document, sources, day)
    encoder = understander.encoder if understander else None
    found = ranked(
        text, ledger, document.document_id, desk.state, encoder, _UNDER.get("deadline" if kind in _DAYS else kind)
    )
    prose = sum(SEPARATOR not in one.clause.passage.text for one in found)
    if (kind not in _OF_PROSE or prose < LEAST_PROSE) and (
        counted := about_table(text, turns, ledger, spaces, sources, day, document.source_id, prose >= LEAST_PROSE)
    ):
        return counted
    if kind == "amount" and (computed := _amount(text, known, desk)):
        return computed
    if kind == "eligible" and (fit := _fit(text, known, desk, found)):
        return fit
    if kind in _DAYS and (dated := _dated(kind, text, found, desk)):
        return dated
    parts = read_question(text).parts
    kinds = [understander.kind_of(NOTICE, part) for part in parts] if understander and len(parts) > 1 else []
    if len(set(kinds)) > 1 and not set(kinds) & {"amount", "eligible", "late", "whole"}:
        return _each([(part, each) for part, each in zip(parts, kinds, strict=True)], desk, encoder)
    return _said(kind, text, found, desk)


def _each(asked: Sequence[tuple[str, str]], desk: _Desk, encoder: Encoder | None) -> Summary:
    """The answers to the things that a message asks, one under the other, each clause once."""
    book, lines = Citations(desk.sources), list[str]()
    for text, kind in asked:
        under = _UNDER.get("deadline" if kind in _DAYS else kind)
        found = ranked(text, desk.ledger, desk.document.document_id, desk.state, encoder, under)
        for line in _lines(kind, text, found, desk, book):
            if line not in lines:
                lines.append(line)
    absent = any(line.startswith(ABSENT) for line in lines)
    return _summary("\n".join(f"- {line}" for line in lines), book, desk, absent=absent)


def _amount(text: str, known: Profile, desk: _Desk) -> Summary | None:
    """What the document's own rule comes to on the question's figures."""
    try:
        from tools.notice_amount import amount
    except ImportError:
        return None

    passages = desk.ledger.passages_of(desk.document.document_id)
    tables = tables_of(desk.ledger.connection, desk.document.document_id)
    found = amount(passages, tables, text, known)
    if found is None:
        return None
    book = Citations(desk.sources)
    marks = "".join(f"[{book.number(Hit(passage, 1.0), passage.text[:80])}]" for passage in found.passages)
    notes = "".join(f"\n- 还要看：{quoted(note)}" for note in found.notes)
    return _summary(f"{found.text} {marks}{notes}", book, desk, absent=found.value_yuan is None)


def _fit(text: str, known: Profile, desk: _Desk, found: Sequence[Ranked]) -> Summary | None:
    """The firm held against the conditions, where it tells something of itself; first what the question is nearest to."""
    told = extract(text, known)
    if not told:
        return None
    checked = check_fit(desk.ledger, desk.document, desk.sources, told, desk.day)
    if checked.data.get("verdict") in {"no", "closed"} or not found or found[0].score < FOUND:
        return checked
    near = found[0].clause
    if near.text[:20] in checked.text:
        return checked
    beside = Citations(desk.sources, len(checked.citations))
    line = f"和您问的最近的一条：{quoted(near.text)} [{beside.number(Hit(near.passage, 1.0), near.text)}]"
    body, _, _ = checked.text.partition("\n\n出处")
    rows = (*checked.citations, *beside.rows)
    return Summary(f"{body}\n\n{line}\n\n出处 {reference_list(rows, desk.sources)}", rows, checked.data)


def _dated(kind: str, text: str, found: Sequence[Ranked], desk: _Desk) -> Summary | None:
    """Until when, how many days are left, whether a later day is in time: by the dated clause nearest to the question."""
    source = desk.document.info.get("source") or {}
    told = str(source.get("published") or "")
    published = date.fromisoformat(told) if len(told) == 10 else None
    deadline = last_day_of(desk.document)
    dated = [(one, last) for one in found if (last := last_of(one.clause.text, published))]
    if not dated:
        return None
    best, last = max(
        dated, key=lambda pair: pair[0].score + _fitness(text, pair[0].clause.text, pair[1].day == deadline)
    )
    if best.score < FOUND and last.day != deadline:
        return None
    book = Citations(desk.sources)
    quote = f"{quoted(best.clause.text)} [{book.number(Hit(best.clause.passage, 1.0), best.clause.text)}]"
    about = f"约{last.day}（{last.counted}）" if last.counted else f"{last.day}"
    wanted = asked_day(text, desk.day) if kind != "left" else None
    if wanted and last.first and wanted < last.first:
        return _summary(
            f"**不行，不在这个期间里**：从{_said_day(last.first)}起算，您说的是{_said_day(wanted)}。\n- {quote}",
            book,
            desk,
            absent=False,
        )
    if wanted and (kind == "late" or wanted > last.day):
        in_time = "来得及" if wanted <= last.day else "来不及"
        return _summary(
            f"**{in_time}**：{_said_day(last.day)}为止，您说的是{_said_day(wanted)}。\n- {quote}",
            book,
            desk,
            absent=False,
        )
    return _summary(
        f"**{_said_day(last.day)}**（{about}），{left(last.day, desk.day)}。\n- {quote}", book, desk, absent=False
    )


def _fitness(question: str, clause: str, is_deadline: bool) -> float:
    """What a dated clause is ahead: the day until which one may apply; what the office does by a day only where that is asked."""
    of_office = _OFFICES.search(clause) and not _APPLIES.search(clause)
    behind = 0.3 if of_office and not _OFFICES.search(question) else 0.0
    behind += 0.2 if _IN_FORCE.search(clause) and not _IN_FORCE.search(question) else 0.0
    return 0.1 * is_deadline + 0.08 * bool(_APPLIES.search(clause)) - behind


def _said_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _said(kind: str, text: str, found: Sequence[Ranked], desk: _Desk) -> Summary:
    """The clauses that say what is asked, a list whole; that it does not say so where none does."""
    book = Citations(desk.sources)
    lines = _lines(kind, text, found, desk, book)
    absent = not found or lines[0].startswith(ABSENT)
    if len(lines) == 1:
        return _summary(lines[0], book, desk, absent=absent)
    counted = f"一共{len(lines)}{asks[1] or '条'}：\n" if (asks := _HOW_MANY.search(text)) and kind in _LISTS else ""
    return _summary(counted + "\n".join(f"- {line}" for line in lines), book, desk, absent=absent)


def _lines(kind: str, text: str, found: Sequence[Ranked], desk: _Desk, book: Citations) -> list[str]:
    """The clauses that say what is asked, cited; first what the document does not speak of."""
    fitting, heading = _UNDER.get(kind), ""
    if kind in _LISTS and fitting:
        headed = ((name, one) for one in found for name in _heads(one.clause) if fitting.search(name))
        heading, first = next(headed, ("", None))
        found = [replace(first, score=max(first.score, FOUND)), *found] if first else found
    near = found[0].clause if found else None
    cited = f"最接近的是：{quoted(near.text)} [{book.number(Hit(near.passage, 1.0), near.text)}]" if near else ""
    if not found or found[0].score < FOUND:
        return [f"{ABSENT}这一点**（从头到尾找过）。{cited}"]
    best = found[0]
    missing = _not_there(text, desk) if best.score < SURELY else ()
    kept = [one.clause for one in found if one.score >= ALSO * best.score][:MOST_CLAUSES]
    if kind in _LISTS:
        beside = [c for one in found if _beside(c := one.clause, best.clause, heading)]
        beside = list({(c.under, c.text): c for c in beside}.values())
        if 1 < len(beside) <= MOST_ITEMS and sum(len(c.text) for c in beside) <= MOST_CHARACTERS:
            kept = beside
    passages = [p.passage_id for p in desk.ledger.passages_of(desk.document.document_id)]
    kept.sort(key=lambda c: (passages.index(c.passage.passage_id), c.passage.text.find(c.text)))
    lines = [f"{quoted(c.text)} [{book.number(Hit(c.passage, 1.0), c.text)}]" for c in kept]
    return [f"{ABSENT}“{'”“'.join(missing)}”**。最接近的是：", *lines] if missing else lines


def _not_there(text: str, desk: _Desk) -> tuple[str, ...]:
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


def _summary(text: str, book: Citations, desk: _Desk, **data: Any) -> Summary:
    """An answer with what must be said first of the document, and which others changed the clauses it stands on."""
    cited = [p for row in book.rows if (p := desk.ledger.passage(row.passage_id))]
    first = standing(desk.document, desk.sources, desk.day)
    changed = [f"> {told}" for told in changes([Hit(passage, 1.0) for passage in cited])]
    whole = "\n".join([*first, text, *changed])
    whole += f"\n\n出处 {reference_list(book.rows, desk.sources)}" if book.rows else ""
    told = {"document_id": desk.document.document_id, "title": desk.document.title, **data}
    return Summary(whole, book.rows, told)
