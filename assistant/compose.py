"""The grounded answer without a model: chosen from cards and passages, answer first, then points, then where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from assistant.cite import Citations, reference_list, source_of
from assistant.compute import Computed
from assistant.gap import gap
from assistant.guard import Verdict, nearest
from assistant.question import Question
from assistant.values import kind_asked
from assistant.years import asked_years, title_years
from core.clock import today
from core.cut import joined, mark_end, quoted, sentences, shorten, unmarked
from core.periods import periods
from core.text import bare
from core.types import Citation, Hit, Passage, Source
from corpus.query import Query
from corpus.row_names import firms_of, is_table, named, row_name, told
from corpus.standing import standing_on, window_on
from tools.spec import specs

LEAD_CHARACTERS = 330
EXTRA_CHARACTERS = 120
LIST_CHARACTERS = 110
"""How far over its limit a list may go before it loses items."""
MOST = 4
ENOUGH = 330
NEAR = 0.72
GAIN = 0.15
PLAIN = 0.6
PART = 0.3
ELSEWHERE = 0.5
SUBJECT = 4.0
ALONE = 0.1
_COMPARED = re.compile(
    r"(?P<a>[A-Za-z]{2,8}|[\u4e00-\u9fff]{2,8}?)(?:[\u4e00-\u9fff]{0,4})(?:和|跟|与|、|vs)\s*(?P<b>[A-Za-z]{2,8}|[\u4e00-\u9fff]{2,8}?)(?=[\u4e00-\u9fff]{0,4}(?:有|的|之间|到底|究竟)?(?:什么|啥|哪些)?(?:区别|差别|不同|差在|不一样|一不一样|一样[吗么不]|(?:是不是|是)?一(?:码|回)事))",
    re.I,
)
Search = Callable[[str, tuple[str, ...]], list[Hit]]


@dataclass(frozen=True)
class Composed:
    """A finished composed answer. evidence: the hits it stands on, best first. fixed: no model may word it anew."""

    text: str
    citations: tuple[Citation, ...]
    evidence: tuple[Hit, ...]
    refused: bool = False
    suggestions: tuple[str, ...] = ()
    fixed: bool = False


def compose(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    verdict: Verdict,
    sources: Mapping[str, Source],
    search: Search,
    computed: Computed | None = None,
    day: date | None = None,
    whose: str = "",
    start: int = 0,
) -> Composed:
    """Word the answer from the evidence; refuse or correct where the verdict says so. A tool's result comes first.

    whose: what is to be said first of whose rule it is; start: how many citations stand before it.
    """
    if computed:
        return _with_tool(question, query, hits, verdict, sources, computed)
    if verdict.reason == "firm":
        return _other_firms(hits, verdict, sources)
    if verdict.kind == "refuse":
        return _refusal(question, query, hits, verdict, sources, day or today())
    chosen = choose(question, query, hits, search)
    book = Citations(sources, start)
    lines = []
    day = day or today()
    if whose:
        lines.append(f"> 先说明：{whose}")
    if warning := _over(chosen[0], sources, day):
        lines.append(warning)
    elif beyond := _beyond(question, chosen[0].passage, day):
        lines.append(beyond)
    if verdict.absent:
        lines.append(f"**没查到{'、'.join(verdict.absent)}的数**，下面只是查到的那些年的。")
    if verdict.kind == "correct":
        lines.append(_correction(question, verdict))
    elif question.english:
        lines.append("From the documents (text in Chinese):")
    for position, hit in enumerate(chosen):
        limit = LEAD_CHARACTERS if position == 0 else EXTRA_CHARACTERS
        whole = told(hit.passage.text) if hit.passage.origin == "document" else hit.passage.text
        text = excerpt(query, whole, limit, figure=question.form == "figure")
        if not text:
            continue
        n = book.number(hit, _quote(query, hit.passage.text))
        over = _ended_mark(hit.passage, day) if position else ""
        lines.append(("- " if position and "\n" not in text else "") + f"{over}{text} [{n}]")
    body = "\n".join(lines)
    notes = _notes(chosen[1:] if warning else chosen, chosen, day)
    body += "".join(f"\n> {note}" for note in notes)
    text = f"{body}\n\n{'Source' if question.english else '出处'} {reference_list(book.rows, sources)}"
    return Composed(text, book.rows, tuple(chosen), suggestions=_suggestions(question, hits, chosen))


def _with_tool(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    verdict: Verdict,
    sources: Mapping[str, Source],
    computed: Computed,
) -> Composed:
    """A tool's result, with the best passage beside a look-up that does not rest on it already."""
    text, citations, evidence = computed.text, computed.citations, list[Hit]()
    best = hits[0] if hits else None
    spec = specs()[computed.tool.name]
    table = next((h for h in hits if h.passage.source_id == spec.source), None)
    if table and not citations:
        book = Citations(sources)
        told = excerpt(query, table.passage.text, EXTRA_CHARACTERS)
        text += f"\n\n{told} [{book.number(table, _quote(query, table.passage.text))}]"
        citations, evidence = book.rows, [table]
    alone = any(computed.tool.arguments.get(name) for name in spec.alone_with)
    joined_by = not spec.own and not alone  # a passage on cases speaks of every trade
    if best and joined_by and verdict.kind == "answer" and _says_more(best, text):
        cited = next((c.n for c in citations if c.passage_id == best.passage.passage_id), None)
        book = Citations(sources, start=len(citations))
        told = excerpt(query, best.passage.text, EXTRA_CHARACTERS, figure=question.form == "figure")
        text += f"\n\n资料里的说法：{told} [{cited or book.number(best, _quote(query, best.passage.text))}]"
        citations, evidence = (*citations, *book.rows), [best]
    if computed.steps:
        text += "\n\n接下来：" + "；".join(computed.steps[:2]) + "。"
    used = {int(n) for n in re.findall(r"\[(\d+)\]", text)}
    citations = tuple(c for c in citations if c.n in used)
    if citations:
        text += f"\n\n出处 {reference_list(citations, sources)}"
    return Composed(text, citations, tuple(evidence), suggestions=_suggestions(question, hits, evidence))


def _says_more(hit: Hit, text: str) -> bool:
    """Whether a passage says something that a text does not say already."""
    told, held = bare(hit.passage.text), bare(text)
    grams = {told[i : i + 3] for i in range(len(told) - 2)}
    return bool(grams) and sum(gram in held for gram in grams) / len(grams) < 0.6


def choose(question: Question, query: Query, hits: Sequence[Hit], search: Search) -> list[Hit]:
    """The passages an answer is made of: the best one, one for each part of the question, and what they leave open."""
    hits = _whole_table_first(question, hits)
    chosen = [hits[0]]
    for found in (*_of_named_sources(hits, query, search), *_of_parts(question, chosen, search)):
        if _is_new(found, chosen):
            chosen.append(found)
    sources = {c.passage.source_id for c in chosen}
    for hit in hits[1:6]:
        if hits[0].score >= PLAIN:
            break
        if len(chosen) >= MOST or sum(len(c.passage.text) for c in chosen) >= ENOUGH:
            break
        if row_name(hits[0].passage.text) and is_table(hit.passage.text):
            continue
        near = hit.score >= NEAR * hits[0].score and hit.passage.source_id in sources
        if (near or (_gain(query, hit, chosen) >= GAIN and hit.passage.source_id in sources)) and _is_new(hit, chosen):
            chosen.append(hit)
    return chosen[:MOST]


def _whole_table_first(question: Question, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The whole of a short table before one row of it that the question does not name."""
    lead = hits[0].passage
    name = row_name(lead.text) if lead.origin == "document" else ()
    if not name or named(bare(question.text), name):
        return hits
    whole = [h for h in hits if h.passage.source_id == lead.source_id and is_table(h.passage.text)][:1]
    return (*whole, *(h for h in hits if h not in whole)) if whole else hits


def _of_named_sources(hits: Sequence[Hit], query: Query, search: Search) -> list[Hit]:
    """Where a question names several documents, the best passage of each."""
    named = [s for s in query.sources if s != hits[0].passage.source_id]
    if len(query.sources) < 2:
        return []
    return [found[0] for source in named if (found := search(query.text, (source,)))]


def _of_parts(question: Question, chosen: Sequence[Hit], search: Search) -> list[Hit]:
    """For each part of the question that the chosen passages hold badly, the passage that holds it well."""
    extra: list[Hit] = []
    if question.form == "comparison" and (compared := _COMPARED.search(question.text)):
        found = [hit for name in compared.group("a", "b") for hit in search(f"{name}是什么", ())[:1]]
        extra += [hit for hit in found if hit.passage.kind == "term"]
    if len(question.parts) < 2:
        return extra
    for position, part in enumerate(question.parts):
        ways = [search(part, ())]
        if position and ways[0] and ways[0][0].query:
            if _subject(ways[0][0].query) < SUBJECT:
                continue
            ways = _nearer(ways[0], search(f"{part} {question.topic}", ()))
        extra += [found[0] for found in ways if found and _belongs(found[0], chosen[0])][:1]
    return extra


def _belongs(hit: Hit, lead: Hit) -> bool:
    """Whether a part's best passage is good enough to stand beside the lead: better where it is from elsewhere."""
    named = lead.query.sources if lead.query else ()
    if hit.query is None or (named and hit.passage.source_id not in named):
        return False
    enough = PART if hit.passage.source_id == lead.passage.source_id else ELSEWHERE
    return hit.query.coverage(bare(_told(hit))) >= enough


def _subject(query: Query) -> float:
    """How much of a subject of its own a part has: “占多少” has none, and is answered where the part before it is."""
    return sum(c.weight for c in query.concepts if (c.pos[0] in "njeb" or len(c.variants) > 1) and c.weight >= 1.5)


def _nearer(alone: list[Hit], with_topic: list[Hit]) -> list[list[Hit]]:
    """What a later part finds by itself and with the topic of the first one: first whichever holds more of its own words."""
    asked = alone[0].query
    held = [asked.coverage(bare(_told(found[0]))) if found else 0.0 for found in (alone, with_topic)]
    return [alone, with_topic] if held[0] > held[1] + ALONE else [with_topic, alone]


def _gain(query: Query, hit: Hit, chosen: Sequence[Hit]) -> float:
    """The weighted share of the question that a passage holds and the chosen ones do not."""
    held, text = bare("\n".join(map(_told, chosen))), bare(_told(hit))
    return sum(c.weight for c in query.concepts if c.found_in(text) - c.found_in(held) > 0.4) / query.weight


def _told(hit: Hit) -> str:
    return f"{hit.passage.title}\n{hit.passage.text}"


def excerpt(query: Query, text: str, limit: int, figure: bool = False) -> str:
    """The sentences of a text that answer, in their order, within about `limit` characters; lists stay whole.

    What looks like one of our citations in the text is not shown as one.
    """
    text = quoted(text.strip())
    if len(text) <= limit or (
        sum(map(bool, map(mark_end, text.split("\n")))) > 2 and len(text) <= limit + LIST_CHARACTERS
    ):
        return text
    parts = sentences(text)
    rated = [
        (query.coverage(bare(s)) + (0.2 if figure and re.search(r"\d", s) else 0) + (0.25 if i == 0 else 0), i)
        for i, s in enumerate(parts)
    ]
    kept: set[int] = set()
    size = 0
    for _, i in sorted(rated, reverse=True):
        if size + len(parts[i]) > limit and kept:
            continue
        kept.add(i)
        size += len(parts[i])
    shown = [parts[i] for i in sorted(kept)]
    told = "\n".join(_whole_lists(shown, parts)) if "\n" in text else reduce(joined, shown)
    return shorten(told, limit + 80)


def _whole_lists(shown: list[str], every: list[str]) -> list[str]:
    """Lines of which a list that lost items says so: dots for its numbers, an ellipsis for a colon that opens nothing."""
    lost = [line for line in every if mark_end(line, numbered=True) and line not in shown]
    lines = []
    for line, after in zip(shown, [*shown[1:], ""], strict=True):
        item, follows = bool(mark_end(line, numbered=True)), bool(mark_end(after, numbered=True))
        if lost and item:
            line = f"- {unmarked(line)}"
        if lost and line.endswith(("：", ":")) and not follows:
            line = line[:-1] + "……"
        lines.append(line)
        if lost and item and not follows:
            lines.append("- 其余的看原文")
    return lines


def without_doubles(hits: Sequence[Hit]) -> list[Hit]:
    """Cards before the originals they were written from: an original's passage gives way to a card of the same source."""
    carded = {h.passage.source_id for h in hits if h.passage.origin == "card"}
    kept = [h for h in hits if h.passage.origin == "card" or h.passage.source_id not in carded]
    return kept or list(hits)


def without_replaced(hits: Sequence[Hit], sources: Mapping[str, Source], question: str) -> list[Hit]:
    """The version in force before the one it replaced: that one stays only where the question names its year."""
    named = {year for period in asked_years(question, today()) for year in period.years}
    there = {h.passage.passage_id.rpartition("#")[0] for h in hits}
    kept = []
    for hit in hits:
        source = source_of(sources, hit.passage.passage_id, hit.passage.source_id)
        newer = sources.get(source.superseded_by or "") if source and hit.passage.origin == "document" else None
        if source and newer and source.superseded_by in there and not title_years(source) & named - title_years(newer):
            continue
        kept.append(hit)
    return kept


def _is_new(hit: Hit, chosen: Sequence[Hit]) -> bool:
    """Not already chosen, nor saying the same as a chosen passage."""
    if any(hit.passage.passage_id == c.passage.passage_id for c in chosen):
        return False
    return all(_says_more(hit, c.passage.text) for c in chosen)


def _quote(query: Query, text: str) -> str:
    return max(sentences(text), key=lambda s: query.coverage(bare(s)), default=text)


def _over(lead: Hit, sources: Mapping[str, Source], day: date) -> str:
    """What must be said first where the passage that answers is of a programme that is over or has not begun, or of a
    document of one's own that is over or replaced: no amount stands before it."""
    p = lead.passage
    if p.origin != "document":
        return _window(p, day) if p.kind == "programme" else ""
    source = source_of(sources, p.passage_id, p.source_id)
    name = f"《{source.title}》" if source else "这份资料"
    match standing_on(p.status, p.valid_until, day):
        case "superseded":
            newer = sources.get(source.superseded_by or "") if source else None
            return f"> 先说明：{name}已被{f'《{newer.title}》' if newer else '新的文件'}替代，下面是旧文件里的说法，申报前以新的为准。"
        case "expired":
            ended = f"到{p.valid_until}为止，现在已经" if p.valid_until else "已经"
            return f"> 先说明：{name}{ended}过期，下面的只作参考；现在还有没有，问发文的部门。"
    return ""


def _window(p: Passage, day: date) -> str:
    """Whether the programme that a card tells of can be had on the day of asking."""
    ask = "有没有新的，问当地主管部门。"
    match window_on(p.status, p.valid_from, p.valid_until, day):
        case "ended":
            since = f"有效期到{p.valid_until}，" if p.valid_until else ""
            return f"**这项政策{since}已经结束**，下面说的是当时的规定，不能照着算钱；{ask}"
        case "not_yet":
            return f"**这项政策从{p.valid_from}起才有**，{day.isoformat()}还没开始；下面说的是开始以后的规定。"
    return ""


def _beyond(question: Question, p: Passage, day: date) -> str:
    """What must be said first where a programme's last known day lies before the days asked about."""
    asked = [named for named in periods(question.text, day) if named.first and p.valid_until]
    later = next((named for named in asked if named.first and named.first.isoformat() > str(p.valid_until)), None)
    if p.kind != "programme" or later is None or p.origin != "card":
        return ""
    return f"**查到的有效期只到{p.valid_until}**，您问的{later.words}在那以后，那时还有没有，没查到，要看新的通知。"


def _ended_mark(p: Passage, day: date) -> str:
    """What stands before the words of a programme that is over, where it does not answer alone."""
    if p.kind != "programme" or window_on(p.status, p.valid_from, p.valid_until, day) != "ended":
        return ""
    return f"（{f'{p.valid_until}到期，' if p.valid_until else ''}已结束，当时的规定）"


def nearest_told(hits: Sequence[Hit], query: Query, sources: Mapping[str, Source], day: date, start: int) -> Composed:
    """What passages tell that do not answer a question but are of the place asked about; start: of how many citations before."""
    book, lines = Citations(sources, start), list[str]()
    for at, hit in enumerate(hits):
        if not _is_new(hit, hits[:at]):
            continue
        whole = told(hit.passage.text) if hit.passage.origin == "document" else hit.passage.text
        text = excerpt(query, whole, 2 * EXTRA_CHARACTERS)
        n = book.number(hit, _quote(query, hit.passage.text))
        lines.append(f"- {_ended_mark(hit.passage, day)}{text} [{n}]")
    return Composed("\n".join(lines), book.rows, tuple(hits), refused=True)


def _notes(chosen: Sequence[Hit], every: Sequence[Hit], day: date) -> list[str]:
    """What is to be known of the passages of an answer; `every` holds also those of which enough was said before it."""
    notes = []
    if any(h.passage.status == "superseded" for h in chosen):
        notes.append("注意：其中有已被新规定替代的内容，申报前请以现行规定为准。")
    ended = [h.passage.valid_until for h in chosen if h.passage.valid_until and h.passage.valid_until < day.isoformat()]
    if ended:
        notes.append(f"注意：其中有已经到期的政策（{max(ended)}），现在还有没有要问主管部门。")
    elif any(h.passage.status == "expired" for h in chosen):
        notes.append("注意：其中有已经过期的政策，只作参考。")
    if any(h.passage.certainty in {"snippet", "third_party"} for h in every):
        notes.append("其中部分内容未见官方原文，请以主管部门发布为准。")
    return notes


def _suggestions(question: Question, hits: Sequence[Hit], chosen: Sequence[Hit]) -> tuple[str, ...]:
    """Questions the user may ask next: those of neighbouring cards."""
    taken = {h.passage.passage_id for h in chosen}
    rest = [h.passage.questions[0] for h in hits[:8] if h.passage.passage_id not in taken and h.passage.questions]
    return tuple(dict.fromkeys(rest))[:3]


def _correction(question: Question, verdict: Verdict) -> str:
    said = "、".join(f"“{c}”" for c in verdict.claims)
    return f"不是这样，资料里没有{said}的说法。查到的是："


_ASK_AROUND = (
    "怎么办：报价多找几家服务商比，写明包哪些功能、哪年起收维护费。想知道同行花多少，说“我们一年营收2000万，该花多少”。"
)
_ASK_OFFICE = "怎么办：可向当地中小企业主管部门（工信局）核实；有通知或文件就发给我，我替您查。"
_ASK_LAWYER = "怎么办：这要问律师或当地司法局的法律援助，别按我的话签字或打官司。"
_ASK_MAKER = "怎么办：问软件或设备的厂家、服务商；有说明书就发给我，我替您查。"
_ASK_ACCOUNTANT = "怎么办：问会计或当地税务局。"
_ASKED_OF = {
    **dict.fromkeys(("价格", "收费方式"), _ASK_AROUND), "法律规定": _ASK_LAWYER, "记账办法": _ASK_ACCOUNTANT,
    **dict.fromkeys(("操作步骤", "配置"), _ASK_MAKER),
}  # fmt: skip
"""Whom to ask, by the kind of value that the question asks for; the office for any other."""
_PRICES = {"价格", "收费方式"}


def _other_firms(hits: Sequence[Hit], verdict: Verdict, sources: Mapping[str, Source]) -> Composed:
    """No figure of another firm: only the names like the one asked for, to choose from."""
    book, rows, names = Citations(sources), list[Hit](), dict[str, str]()
    for hit in hits:
        for firm in firms_of(hit.passage.text) if hit.passage.origin == "document" and len(names) < MOST else ():
            if firm not in names:
                names[firm] = f"{firm} [{book.number(hit, firm)}]"
                rows.append(hit)
    text = f"**没查到。**资料里没有“{verdict.missing[0]}”，别家的数字我不拿来顶替。\n表里名字相近的有：{'、'.join([*names.values()][:MOST])}。\n"
    text += "怎么办：问的是其中哪一家，就把名称写全再问一次；都不是，就把有这家的名单发给我。"
    text += f"\n\n出处 {reference_list(book.rows, sources)}"
    return Composed(text, book.rows, tuple(rows), refused=True)


def _not_found(question: Question, verdict: Verdict) -> str:
    """The first sentence of a refusal: what is missing, as far as the question names it."""
    what = verdict.missing[0].removeprefix("的") if verdict.missing else ""
    if question.english:
        return "**Not found.** The documents (in Chinese) do not answer this, and I will not guess."
    if verdict.reason == "nothing":
        return "**没查到。**这个问题和中小企业数字化转型的资料对不上，我不乱说。"
    if verdict.reason == "place":
        return f"**没查到。**现有资料里没有{'、'.join(verdict.missing)}自己的这项规定，别处的不能照搬，我不猜。"
    price = "价格" if kind_asked(question.text) in _PRICES else ""
    if phrase := gap(question.text, price):
        return f"**没查到。**资料里没有“{_inner(phrase)}”这一项，我不猜。"
    if verdict.reason == "year":
        return f"**没查到。**资料里没有{what}的这一项，我不猜。"
    if verdict.reason == "slot" and what in question.text:
        return f"**没查到。**资料里没有您问的{what}，我不猜。"
    return "**没查到。**现有资料没有直接回答这个问题，我不猜。"


def _inner(phrase: str) -> str:
    """A phrase as it stands within quotation marks."""
    return phrase.replace("“", "‘").replace("”", "’")


def _refusal(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    verdict: Verdict,
    sources: Mapping[str, Source],
    day: date,
) -> Composed:
    book = Citations(sources)
    lines = [_not_found(question, verdict)]
    known = verdict.confidence >= 0.12 or (verdict.reason in {"year", "name", "slot", "place"} and hits[0].score >= 0.3)
    near = nearest(query, hits) if known else []
    for position, (hit, sentence) in enumerate(near):
        n = book.number(hit, sentence)
        lines.append(
            ("已知的相近内容：\n" if position == 0 else "") + f"- {_ended_mark(hit.passage, day)}{sentence} [{n}]"
        )
    if near:
        lines.append(_ASKED_OF.get(kind_asked(question.text), _ASK_OFFICE))
    else:
        lines.append("我能帮的是：数字化水平评测、补贴政策、分行业怎么转、系统怎么选、同行案例。换个说法再问问？")
    text = "\n".join(lines)
    if near:
        text += f"\n\n出处 {reference_list(book.rows, sources)}"
    suggestions = tuple(h.passage.questions[0] for h in hits[:3] if h.passage.questions) if near else ()
    return Composed(text, book.rows, tuple(h for h, _ in near), refused=True, suggestions=suggestions)
