"""What one document says to a question: a kind of question is told by examples, its clauses by meaning and words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.answer.caveats import changes
from assistant.cite import Citations, reference_list
from assistant.document.bounds import held
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
_ASKED_WITH = frozenset({
    "企业", "公司", "单位", "工厂", "厂子", "要求", "条件", "政策", "规定", "文件", "通知", "公告", "材料", "资料", "时候", "东西", "地方", "问题", "情况",
    "系统", "平台", "手续", "流程", "老板", "营收", "年营收", "人员", "时间", "方式", "内容", "部门", "标准", "金额", "全部", "名字", "类型",
})  # fmt: skip
"""Words that questions about any notice are asked with."""
FOUND = 0.5
"""A clause that is less near than this does not say what is asked."""
NEAR = 0.4
"""A clause that holds a limit for a figure of the question may be less near."""
NEAREST = 6
LEAST_REACHED = 0.27
"""A telephone number that is less near answers no question, though it be heard as one for a contact (有没有停车位)."""
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
_FITS = re.compile(r"够不够(?!用)|够(?:条件|门槛|资格|格)|符不符合|符合不符合|是否符合|满足(?:条件|要求)")
_STEPS = re.compile(r"(?:几|多少)\s*个?\s*(?:环节|阶段|步骤?|流程|道手续)")
_PAPERS = re.compile(r"[表证书单]|合同|发票|凭证|证明|承诺|报告|复印件|扫描件|名册|执照")
MANY_PAPERS = 2
_VERDICTS = frozenset({"eligible", "excluded", "counts", "who"})
_REFUSES = re.compile(r"不[可予得能计纳再给]|不支持|不受理|不核定|不包括|不享受|不在|除外|不属于|剔除|不接受")
_NEEDLESS = re.compile(r"无需|不需|不用|不必|不收|免费|不设|取消")
_YES_OR_NO = re.compile(
    r"[吗么不没嘛吧][？?。！]*$|能不能|可不可以|算不算|行不行|能(?:用|报|领|拿|算|抵|补|去)|要不要|可以"
)
_SPOKEN_OF = frozenset({"who", "eligible", "how", "contact", "materials", "excluded"})
"""Kinds that every notice speaks of, in whatever words."""
_REACHED = re.compile(r"\d{3,4}[-—]\d{7,8}|1\d{10}|@|电话|地址")
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
_OF_PROJECT = re.compile(r"完成|竣工|完工|建成|开工|投产|验收|期间|签订|放款|认定")
"""What a project or a firm did by a day."""
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
    kind = _kind(text, understander)
    if kind == "whole":
        return summarise(ledger, document, sources, day)
    encoder = understander.encoder if understander else None
    found = ranked(
        text,
        ledger,
        document.document_id,
        document.title,
        desk.state,
        encoder,
        _UNDER.get("deadline" if kind in _DAYS else kind),
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
    if kind in _VERDICTS and (judged := _held(text, found, desk)):
        return judged
    if kind in _DAYS and (dated := _dated(kind, text, found, desk)):
        return dated
    parts = read_question(text).parts
    kinds = [_kind(part, understander) for part in parts] if len(parts) > 1 else []
    if len(set(kinds)) > 1 and not set(kinds) & {"amount", "eligible", "late", "whole"}:
        return _each([(part, each) for part, each in zip(parts, kinds, strict=True)], desk, encoder)
    return _said(kind, text, found, desk)


def _kind(text: str, understander: Understander | None) -> str:
    """What of a notice a question is about; 够不够条件 and 几个环节 are told by these words alone."""
    if _FITS.search(text):
        return "eligible"
    if _STEPS.search(text):
        return "how"
    return understander.kind_of(NOTICE, text) if understander else ""


def _each(asked: Sequence[tuple[str, str]], desk: _Desk, encoder: Encoder | None) -> Summary:
    """The answers to the things that a message asks, one under the other, each clause once."""
    book, lines = Citations(desk.sources), list[str]()
    for text, kind in asked:
        under = _UNDER.get("deadline" if kind in _DAYS else kind)
        found = ranked(text, desk.ledger, desk.document.document_id, desk.document.title, desk.state, encoder, under)
        for line in _lines(kind, text, found, desk, book):
            if line not in lines:
                lines.append(line)
    absent = any(line.startswith(ABSENT) for line in lines)
    return _summary("\n".join(f"- {line}" for line in lines), book, desk, absent=absent)


def _amount(text: str, known: Profile, desk: _Desk) -> Summary | None:
    """What the document's own rule comes to on the question's figures."""
    from tools.notice_amount import amount

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


def _held(text: str, found: Sequence[Ranked], desk: _Desk) -> Summary | None:
    """A figure of the question against the limit of one of the clauses nearest to it."""
    for one in found[:NEAREST]:
        if one.score < NEAR or not (told := held(text, one.clause.whole)):
            continue
        book = Citations(desk.sources)
        quote = f"{quoted(one.clause.text)} [{book.number(Hit(one.clause.passage, 1.0), one.clause.text)}]"
        if told.within:
            lead = f"**这一条符合，够得上**：您说的是{told.said}，要求是{told.limit}；别的条件还要一条条核对。"
        else:
            lead = f"**不够，这一条不符合**：您说的是{told.said}，要求是{told.limit}。"
        return _summary(f"{lead}\n- {quote}", book, desk, absent=False)
    return None


def _dated(kind: str, text: str, found: Sequence[Ranked], desk: _Desk) -> Summary | None:
    """Until when, how many days are left, whether a later day is in time: by the dated clause nearest to the question."""
    source = desk.document.info.get("source") or {}
    told = str(source.get("published") or "")
    published = date.fromisoformat(told) if len(told) == 10 else None
    deadline = last_day_of(desk.document)
    from_day = asked_day(text, desk.day) if re.search(r"\d", text) else None
    dated = [
        (one, part, last)
        for one in found
        for part in _parts_of(one.clause.text)
        if (last := last_of(part, published, from_day))
    ]
    if not dated:
        return None
    best, part, last = max(dated, key=lambda row: row[0].score + _fitness(text, row[1], row[2].day == deadline))
    applies = _APPLIES.search(f"{best.clause.under} {part}") and not _OFFICES.search(part)
    if best.score < FOUND and last.day != deadline and not applies:
        return None
    book = Citations(desk.sources)
    quote = f"{quoted(best.clause.text)} [{book.number(Hit(best.clause.passage, 1.0), best.clause.text)}]"
    about = f"约{last.day}（{last.counted}）" if last.counted else f"{last.day}"
    wanted = asked_day(text, desk.day) if kind != "left" and not last.counted else None
    if kind == "late" and last.counted:
        wanted = asked_day(text, desk.day)
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


def _parts_of(clause: str) -> list[str]:
    """The parts of a clause between commas; each may set another day."""
    return [part for part in re.split(r"[，；,;]", clause) if part.strip()]


def _fitness(question: str, clause: str, is_deadline: bool) -> float:
    """What a dated clause is ahead: the day until which one may apply; what the office does by a day only where that is asked."""
    of_office = _OFFICES.search(clause) and not _APPLIES.search(clause)
    behind = 0.3 if of_office and not _OFFICES.search(question) else 0.0
    behind += 0.2 if _IN_FORCE.search(clause) and not _IN_FORCE.search(question) else 0.0
    shared = sum(question[at : at + 2] in clause for at in range(len(question) - 1))
    since = 0.2 * ("之日起" in clause and bool(re.search(r"\d", question)))
    of_project = bool(_OF_PROJECT.search(clause)) and not _OF_PROJECT.search(question)
    return (
        since
        + 0.03 * min(shared, 3)
        + 0.25 * is_deadline
        - 0.2 * of_project
        + 0.08 * bool(_APPLIES.search(clause))
        - behind
    )


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
    missing = _not_there(text, desk) if best.score < SURELY and kind not in _SPOKEN_OF else ()
    kept = [one.clause for one in found if one.score >= ALSO * best.score][:MOST_CLAUSES]
    if kind in _LISTS:
        beside = [c for one in found if _beside(c := one.clause, best.clause, heading)]
        beside = list({(c.under, c.text): c for c in beside}.values())
        if 1 < len(beside) <= MOST_ITEMS and sum(len(c.text) for c in beside) <= MOST_CHARACTERS:
            kept = beside
    passages = [p.passage_id for p in desk.ledger.passages_of(desk.document.document_id)]
    kept.sort(key=lambda c: (passages.index(c.passage.passage_id), c.passage.text.find(c.text)))
    lines = [f"{quoted(c.text)} [{book.number(Hit(c.passage, 1.0), c.text)}]" for c in kept]
    if verdict := _verdict(kind, text, best.clause):
        told = f"{quoted(best.clause.text)} [{book.number(Hit(best.clause.passage, 1.0), best.clause.text)}]"
        under = f"（{best.clause.under}）" if _REFUSES.search(best.clause.under) else ""
        return [f"**看这一条，{verdict}**{under}：{told}", *(line for line in lines if line != told)]
    return [f"{ABSENT}“{'”“'.join(missing)}”**。最接近的是：", *lines] if missing else lines


def _verdict(kind: str, text: str, clause: Clause) -> str:
    """What a clause that refuses, or spares, says to a question that may be answered with yes or no; empty where it does not."""
    if not _YES_OR_NO.search(text) or kind in {"materials", "whole", "amount", "most"}:
        return ""
    if _NEEDLESS.search(clause.text):
        return "不用"
    return "不可以" if _REFUSES.search(f"{clause.under} {clause.text}") else ""


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
