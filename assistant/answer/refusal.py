"""What is said where nothing answers: what is missing, what is known near it, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.answer.caveats import beyond, ended_mark
from assistant.answer.composed import Composed
from assistant.answer.gap import gap
from assistant.answer.passages import brief, quote
from assistant.answer.suggestions import question_of
from assistant.cite import Citations, reference_list
from assistant.guard import Verdict
from assistant.question import Question
from assistant.values import kind_asked
from core.cut import quoted, shorten, unmarked
from core.text import bare
from core.types import Hit, Passage, Source
from corpus.query import Query
from corpus.row_names import firms_of

MOST_NEAR = 2
NEAR_CHARACTERS = 100
"""How much may be told of what is known near a question; the first passage is told in any case."""
SENTENCE_CHARACTERS = 90
"""The longest sentence told of a passage without a short form."""
COVERED = 0.25
"""The share of the question that a passage must hold to be near it."""
FAINT, PLAIN = 0.12, 0.3
"""The confidence, and the score where it is known what is missing, from which on there is something near."""
MOST_NAMES = 4
LOOKED_AT = 5
"""So many passages are looked at for the last day of a programme that lies before the days asked about."""
_ASK_AROUND = "怎么办：多找几家服务商报价，写明包哪些功能。想知道同行花多少，说“我们一年营收2000万，该花多少”。"
_ASK_OFFICE = "怎么办：问当地工信局；有通知就发给我，我替您查。"
_ASK_LAWYER = "怎么办：这要问律师或当地司法局的法律援助，别按我的话签字或打官司。"
_ASK_MAKER = "怎么办：问软件或设备的厂家、服务商；有说明书就发给我，我替您查。"
_ASK_ACCOUNTANT = "怎么办：问会计或当地税务局。"
_ASKED_OF = {
    **dict.fromkeys(("价格", "收费方式"), _ASK_AROUND), "法律规定": _ASK_LAWYER, "记账办法": _ASK_ACCOUNTANT,
    **dict.fromkeys(("操作步骤", "配置"), _ASK_MAKER),
}  # fmt: skip
"""Whom to ask, by the kind of value that the question asks for; the office for any other."""
NATION = "全国"
_PRICES = {"价格", "收费方式"}
_ELSE = "我能帮的是：数字化水平评测、补贴政策、分行业怎么转、系统怎么选、同行案例。换个说法再问问？"


def refuse(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    verdict: Verdict,
    sources: Mapping[str, Source],
    day: date,
) -> Composed:
    """Says what was not found, tells the nearest in a line each, and whom to ask."""
    book = Citations(sources)
    known = verdict.confidence >= FAINT or (
        verdict.reason in {"year", "name", "slot", "place"} and bool(hits) and hits[0].score >= PLAIN
    )
    late = [(hit, said) for hit in hits[:LOOKED_AT] if (said := beyond(question, hit.passage, day))]
    ended = [hit for hit, _ in late[:1]] if verdict.reason == "year" and known else []
    near = nearest(query, [*ended, *(hit for hit in hits if hit not in ended)]) if known else []
    lines = [late[0][1] if ended and near and near[0][0] is ended[0] else _not_found(question, verdict)]
    if near:
        lines.append("已知的相近内容：")
        lines += [
            f"- {ended_mark(hit.passage, day)}{text} [{book.number(hit, quote(query, hit.passage.text))}]"
            for hit, text in near
        ]
        lines.append(_ASKED_OF.get(kind_asked(question.text), _ASK_OFFICE))
        lines.append(f"\n出处 {reference_list(book.rows, sources)}")
    else:
        lines.append(_ELSE)
    offered = (question_of(hit.passage) for hit, _ in near)
    suggestions = tuple(one for one in offered if one and bare(one) != bare(question.text))
    return Composed("\n".join(lines), book.rows, tuple(h for h, _ in near), refused=True, suggestions=suggestions)


def nearest(query: Query, hits: Sequence[Hit]) -> list[tuple[Hit, str]]:
    """What is known near a question that has no answer, in one line a passage."""
    rows: list[tuple[Hit, str]] = []
    room = NEAR_CHARACTERS
    for hit in hits[:6]:
        passage = hit.passage
        if _of_unnamed_place(passage, query.text) or query.coverage(bare(f"{passage.title} {passage.text}")) < COVERED:
            continue
        text = brief(passage, query, SENTENCE_CHARACTERS) if passage.short else ""
        text = text or shorten(quoted(unmarked(quote(query, passage.text))), SENTENCE_CHARACTERS)
        if not rows or len(text) <= room:
            rows.append((hit, text.rstrip("；;，,、")))
            room -= len(text)
        if len(rows) == MOST_NEAR:
            break
    return rows


def _of_unnamed_place(passage: Passage, asked: str) -> bool:
    """Whether a card is of a place that a question does not name: its figures are near to nothing but that place."""
    regions = [name for name in passage.region.split("、") if name not in {"", NATION}]
    return passage.origin == "card" and bool(regions) and not any(name in asked for name in regions)


def other_firms(hits: Sequence[Hit], verdict: Verdict, sources: Mapping[str, Source]) -> Composed:
    """No figure of another firm: only the names like the one asked for, to choose from."""
    book, rows, names = Citations(sources), list[Hit](), dict[str, str]()
    for hit in hits:
        for firm in firms_of(hit.passage.text) if hit.passage.origin == "document" and len(names) < MOST_NAMES else ():
            if firm not in names:
                names[firm] = f"{firm} [{book.number(hit, firm)}]"
                rows.append(hit)
    text = f"**没查到。**资料里没有“{verdict.missing[0]}”，别家的数字我不拿来顶替。\n"
    text += f"表里名字相近的有：{'、'.join([*names.values()][:MOST_NAMES])}。\n"
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
