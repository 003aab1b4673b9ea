"""The page's HTML: made here from plain text, with everything that comes from outside escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from core.types import Citation, Passage, Source
from tools.spec import in_menus
from ui import web_text as say
from ui.web_chat import Exchange

EARLIER_SHOWN = 20
_CITE = re.compile(r"\[(\d{1,3})\]")
_REFERENCES = re.compile(r"\n\s*(?:\*\*)?(?:出处|Source)(?:\*\*)?[:：]?\s*(?=\[\d+\])(?:(?!\n\n).)*\Z", re.DOTALL)
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,2}[.)])\s")
_NOT_MEANT = re.compile(r"^(\s*)(?:(\d{3,9})([.)])(?=\s|$)|(>)(?=[^\s>]))")
"""What begins a line and is no list (2024. 年底) or quotation (>30%) of ours."""
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)")
_BLOCK = re.compile(r"\s*(?:[-*+>#]\s|[-*>#]{2}|\||\d{1,2}[.)]\s|```|\Z)")


# ---- the answer's Markdown


@cache
def _markdown() -> MarkdownIt:
    """Paragraphs, lists, tables, emphasis and code. No HTML, links or images: an answer points at passages only."""
    md = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    md.disable(["html_block", "html_inline", "link", "image", "autolink", "reference", "code", "lheading"])
    md.disable(["emphasis", "entity"])  # 300*400*500 has no emphasis
    md.inline.ruler.before("emphasis", "strong_chinese", _strong_chinese)
    md.core.ruler.push("citations", _split_citations)
    md.core.ruler.push("to_do", _mark_to_do)
    md.core.ruler.push("item_numbers", _keep_item_numbers)
    md.add_render_rule("citation", _citation_button)
    md.add_render_rule("table_open", lambda *_: '<div class="table"><table>')
    md.add_render_rule("table_close", lambda *_: "</table></div>")
    return md


def _keep_item_numbers(state: StateCore) -> None:
    """Each item of a list keeps the number that stands before it, also where a list leaves some out."""
    for token in state.tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)


def _strong_chinese(state: StateInline, silent: bool) -> bool:
    """**…** beside Chinese punctuation, which CommonMark's rule for words between spaces leaves as stars."""
    found = _STRONG.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("strong_open", "strong", 1)
        start, end = state.pos, state.posMax
        state.pos, state.posMax = start + 2, found.end() - 2
        state.md.inline.tokenize(state)
        state.pos, state.posMax = start, end
        state.push("strong_close", "strong", -1)
    state.pos = found.end()
    return True


def _split_citations(state: StateCore) -> None:
    """Turn each [n] that the answer has a citation for into a token of its own."""
    known = {c.n: c for c in state.env["citations"]}
    for block in state.tokens:
        children: list[Token] = []
        for token in block.children or []:
            if token.type != "text":
                children.append(token)
                continue
            for position, part in enumerate(_CITE.split(token.content)):
                cited = known.get(int(part)) if position % 2 else None
                if cited:
                    children.append(Token("citation", "", 0, content=part, meta={"citation": cited}))
                elif part:
                    children.append(Token("text", "", 0, content=f"[{part}]" if position % 2 else part))
        if block.children is not None:
            block.children = children


def _mark_to_do(state: StateCore) -> None:
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "paragraph_open" and inline.content.startswith(say.TO_DO):
            opening.attrSet("class", "to-do")


def _citation_button(self: object, tokens: Sequence[Token], at: int, options: object, env: dict) -> str:
    return cite_button(env["exchange"], tokens[at].meta["citation"])


def cite_button(exchange: int, citation: Citation) -> str:
    """The small numbered button that opens a passage."""
    label = say.CITE_LABEL.format(n=citation.n, title=citation.title)
    return (
        f'<button type="button" class="cite" data-exchange="{exchange}" data-n="{citation.n}"'
        f' aria-label="{escape(label)}" title="{escape(label)}">{citation.n}</button>'
    )


@lru_cache(maxsize=500)
def answer_html(text: str, citations: tuple[Citation, ...], exchange: int) -> str:
    """An answer's Markdown as HTML, without its closing list of references (shown separately)."""
    body = _REFERENCES.sub("", "\n" + text).strip() if citations else text.strip()
    return _markdown().render(spread(body), {"citations": citations, "exchange": exchange})


def spread(text: str) -> str:
    """Give each line its own paragraph: answers break lines where a paragraph ends, Markdown would join them."""
    lines: list[str] = []
    for line in map(_as_meant, text.split("\n")):
        before = lines[-1] if lines else ""
        plain = not _BLOCK.match(line) and not line.startswith((" ", "\t"))
        if (
            plain
            and before.strip()
            and (not _BLOCK.match(before) or _LIST_ITEM.match(before) or before.startswith(">"))
        ):
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def _as_meant(line: str) -> str:
    """A line in which no backslash of a document escapes, and no figure at its start makes a list or a quotation."""
    pieces = line.split("`")
    pieces[::2] = [piece.replace("\\", "\\\\") for piece in pieces[::2]]
    return _NOT_MEANT.sub(lambda m: f"{m[1]}{m[2] or ''}\\{m[3] or m[4]}", "`".join(pieces))


# ---- the frame

_LOGO = (
    '<svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true"><circle cx="16" cy="16" r="14" class="ring"/>'
    '<path d="M22.5 9.5 18.6 18.6 9.5 22.5 13.4 13.4Z" class="needle"/>'
    '<circle cx="16" cy="16" r="1.9" class="hub"/></svg>'
)
_ICONS = {
    "chat": "M4 5h16v11H9l-5 4z", "profile": "M4 20V8l8-4 8 4v12zM9 20v-5h6v5M8 11h2M14 11h2",
    "maturity": "M4 19h16M6 19v-5h3v5M10.500 19V9h3v10M15 19V5h3v14", "subsidy": "M12 3v18M8 7h8M7 12h10M5 17h14",
    "roadmap": "M4 6h9M8 12h10M12 18h8", "library": "M5 4h10l4 4v12H5zM9 12h6M9 16h6",
    "cases": "M12 4a5 5 0 0 1 3 9v3H9v-3a5 5 0 0 1 3-9zM10 20h4", "history": "M12 7v5l3 2M12 4a8 8 0 1 1-7 4M5 4v4h4",
    "settings": "M5 8h14M5 16h14M9 5v6M15 13v6",
}  # fmt: skip


def top_html(badge: str, user: str) -> str:
    """The bar at the top: what this is, what runs where, who sits here."""
    return (
        f'<a class="skip" href="#main">{say.SKIP}</a><div class="bar"><a class="brand" href="#/">{_LOGO}<b>{say.NAME}</b>'
        f'<span class="tagline">{say.TAGLINE}</span></a><span class="badge">{escape(badge)}</span>'
        f'<a class="new" href="#/new">{say.NEW}</a><a class="who" href="#/profile" title="{say.WHO}"><span class="unseen">'
        f'{say.WHO}：</span><span id="who">{escape(user if user != "local" else say.LOCAL_USER)}</span></a></div>'
    )


def nav_html() -> str:
    """The pages; on a phone the first four stand at the foot, the others behind 更多."""
    links = "".join(
        f'<li><a href="#/{"" if page == "chat" else page}" data-page="{page}"><svg viewBox="0 0 24 24" width="20" height="20"'
        f' aria-hidden="true"><path d="{_ICONS[page]}"/></svg><span>{name}</span></a></li>'
        for page, name in say.PAGES.items()
    )
    more = f'<button type="button" data-menu><i aria-hidden="true">≡</i><span>{say.MORE}</span></button>'
    return f'<nav aria-label="{say.PAGES_LABEL}"><ul>{links}</ul>{more}</nav>'


# ---- the conversation


def welcome_html() -> str:
    """What stands on the page before the first question."""
    skills = "".join(f"<li><b>{escape(name)}</b><span>{escape(what)}</span></li>" for name, what in say.WELCOME_SKILLS)
    questions = (*say.EXAMPLES, *(spec.examples[0] for spec in in_menus()))
    return (
        f'<section class="welcome"><h1>{say.WELCOME_TITLE}</h1><p class="lead">{say.WELCOME_LEAD}</p>'
        f'<ul class="skills">{skills}</ul>{_questions(say.EXAMPLES_TITLE, questions, "examples")}</section>'
    )


def about_html(title: str, questions: Sequence[str]) -> str:
    """What stands before the first question to one document."""
    return (
        f'<section class="about"><h1>{escape(say.ONLY.format(title=title))}</h1>'
        f"{_questions(say.ONLY_ASK, questions, 'examples')}</section>"
    )


def exchanges_html(exchanges: Sequence[Exchange]) -> str:
    return "".join(exchange_html(e) for e in exchanges)


def earlier_html(exchanges: Sequence[Exchange]) -> str:
    """What stands above the newest exchange: of a long conversation the last part, or every answer would send it all again."""
    left_out = len(exchanges) - EARLIER_SHOWN
    note = f'<p class="notice">{escape(say.EARLIER_LEFT_OUT.format(count=left_out))}</p>' if left_out > 0 else ""
    return note + exchanges_html(exchanges[-EARLIER_SHOWN:])


def exchange_html(exchange: Exchange) -> str:
    """One question with whatever there is of its answer."""
    parts = [_status(exchange), _body(exchange), _draft(exchange)]
    parts += [f'<p class="notice">{escape(n)}</p>' for n in exchange.notices]
    if exchange.state == "stopped":
        parts.append(f'<p class="notice">{say.STOPPED if exchange.text else say.STOPPED_EMPTY}</p>')
    if exchange.error:
        parts.append(_error(*exchange.error))
    look = (
        " refused"
        if exchange.answer and exchange.answer.refused
        else " bare"
        if exchange.error and not exchange.text
        else ""
    )
    return (
        f'<article class="exchange" data-number="{exchange.number}" data-state="{exchange.state}"'
        f' data-session="{escape(exchange.session)}">'
        f'<div class="question"><span class="unseen">{say.YOU}：</span>{escape(exchange.question)}</div>'
        f'<div class="reply{look}">{"".join(parts)}</div>{_meta(exchange)}{_follow_ups(exchange)}</article>'
    )


def _status(exchange: Exchange) -> str:
    if exchange.state != "working":
        return ""
    return f'<p class="status" role="status"><i aria-hidden="true"></i>{escape(exchange.status)}</p>'


def _body(exchange: Exchange) -> str:
    if not exchange.text:
        return ""
    text = exchange.text
    label = ""
    if exchange.answer and exchange.answer.refused:
        label = f'<p class="refused-label">{say.REFUSED}</p>'
        text = text.removeprefix(say.REFUSED_LEAD).lstrip()
    return (
        label
        + f'<div class="answer">{answer_html(text, exchange.citations, exchange.number)}</div>'
        + _references(exchange)
    )


def _references(exchange: Exchange) -> str:
    items = []
    for line in exchange.references.splitlines():
        numbers, _, text = line.partition(" ")
        cited = [exchange.citation(int(n)) for n in _CITE.findall(numbers)]
        buttons = "".join(cite_button(exchange.number, c) for c in cited if c)
        items.append(f"<li>{buttons}<span>{escape(text)}</span></li>")
    if not items:
        return ""
    return f'<div class="references"><h3>{say.REFERENCES}</h3><ul>{"".join(items)}</ul></div>'


def _draft(exchange: Exchange) -> str:
    if not exchange.draft:
        return ""
    return (
        f'<div class="draft"><h3>{say.DRAFT}</h3>'
        f'<div class="answer">{answer_html(exchange.draft, exchange.citations, exchange.number)}</div></div>'
    )


def _error(title: str, message: str, hint: str) -> str:
    rest = f"<p>{escape(hint)}</p>" if hint else ""
    return f'<div class="error" role="alert"><h3>{escape(title)}</h3><p>{escape(message)}</p>{rest}</div>'


def _meta(exchange: Exchange) -> str:
    answer = exchange.answer
    if exchange.state != "done" or not answer:
        return ""
    facts = (
        [say.META.format(count=exchange.found, seconds=f"{exchange.seconds:.1f}")]
        if exchange.seconds and exchange.found
        else []
    )
    if answer.tool:
        facts.append(say.META_TOOL)
    if answer.engine != "extractive":
        facts.append(say.META_MODEL.format(engine=answer.engine))
    copy = f'<button type="button" class="copy" data-copied="{say.COPIED}">{say.COPY}</button>'
    return (
        f'<div class="meta"><span>{escape("；".join(facts))}</span>{_thumbs(exchange)}{copy}</div>{_reasons(exchange)}'
    )


def _thumbs(exchange: Exchange) -> str:
    """有用 and 没用, where the turn is kept so that it can be told of."""
    if not exchange.turn_id:
        return ""
    buttons = (("yes", say.GOOD, exchange.good is True), ("no", say.BAD, exchange.good is False))
    return '<span class="thumbs">' + "".join(
        f'<button type="button" class="thumb" data-good="{value}" aria-pressed="{str(on).lower()}">{word}</button>'
        for value, word, on in buttons
    ) + "</span>"  # fmt: skip


def _reasons(exchange: Exchange) -> str:
    """What was wrong, asked for after 没用."""
    if exchange.good is not False:
        return ""
    if exchange.reasoned:
        return f'<p class="thanks" role="status">{say.THANKS}</p>'
    radios = "".join(
        f'<label><input type="radio" name="reason" value="{reason}"> {reason}</label>' for reason in say.REASONS
    )
    return (
        f'<form class="reasons"><fieldset><legend>{say.WHY_BAD}</legend>{radios}</fieldset>'
        f'<label class="unseen" for="why-{exchange.number}">{say.WHY_MORE}</label><input id="why-{exchange.number}" name="note"'
        f' type="text" maxlength="500" placeholder="{say.WHY_MORE}"><button>{say.SEND_WHY}</button></form>'
    )


def _follow_ups(exchange: Exchange) -> str:
    answer = exchange.answer
    if exchange.state != "done" or not answer:
        return ""
    title = say.REFUSED_ASK if answer.refused else say.NEXT_ASK
    return (_questions(title, answer.suggestions, "follow-ups") if answer.suggestions else "") + _anywhere(exchange)


def _anywhere(exchange: Exchange) -> str:
    """The way out of a document that does not have the answer."""
    if not exchange.of_document:
        return ""
    return (
        f'<div class="follow-ups"><button type="button" data-anywhere data-ask="{escape(exchange.question)}">{say.ANYWHERE}'
        "</button></div>"
    )


def _questions(title: str, questions: Sequence[str], name: str) -> str:
    buttons = "".join(f'<li><button type="button" data-ask="{escape(q)}">{escape(q)}</button></li>' for q in questions)
    return f'<div class="{name}"><h2>{escape(title)}</h2><ul>{buttons}</ul></div>'


# ---- the passage


def passage_html(citation: Citation, passage: Passage | None, source: Source | None) -> str:
    """The panel that shows what a citation stands on, with the quoted words marked."""
    close = f'<button type="button" class="close" data-close aria-label="{say.PANEL_CLOSE}">{say.PANEL_CLOSE}</button>'
    head = f'<header><h2 tabindex="-1">《{escape(citation.title)}》</h2>{close}</header>'
    if passage is None:
        body = f'<p class="notice">{say.PANEL_GONE}</p>'
    else:
        text, marked = mark(passage.text, citation.quote)
        hint = f'<p class="quoted">{say.QUOTED}</p>' if marked else ""
        body = (
            f'<p class="origin">{say.ORIGIN[passage.origin]}</p>'
            f'<div class="text">{text}</div>{hint}{_fields(passage, source)}{_original(passage)}'
        )
    return f'<aside class="passage" aria-label="{say.PANEL_LABEL}">{head}{body}</aside>'


def _original(passage: Passage) -> str:
    """The way to the whole document, with this passage marked."""
    document = passage.passage_id.rpartition("#")[0] if "#" in passage.passage_id else ""
    if passage.origin != "document" or not document:
        return ""
    where = f"#/library/{quote(document, safe='')}?p={quote(passage.passage_id, safe='')}"
    return f'<p><a class="open" href="{where}">{say.OPEN_ORIGINAL}</a></p>'


def _fields(passage: Passage, source: Source | None) -> str:
    dated = source.published if source else ""
    rows = {
        "doc_no": source.doc_no if source else "",
        "issuer": source.issuer if source else "",
        "published": dated,
        "as_of": passage.as_of if passage.as_of != dated else "",
        "section": " › ".join(passage.section),
        "page": passage.place,
        "region": passage.region,
        "valid_until": passage.valid_until,
        "status": say.STATUS.get(passage.status, ""),
        "certainty": say.CERTAINTY.get(passage.certainty, ""),
    }
    shown = "".join(
        f"<dt>{say.FIELDS[name]}</dt><dd>{escape(str(value))}</dd>" for name, value in rows.items() if value
    )
    return f"<dl>{shown}</dl>"


def mark(text: str, quote: str) -> tuple[str, bool]:
    """The text escaped, the quote in <mark>; white space may differ and a quote cut with … counts by its beginning."""
    wanted = "".join(quote.rstrip("… ").split())
    places = [i for i, c in enumerate(text) if not c.isspace()]
    at = "".join(text[i] for i in places).find(wanted) if wanted else -1
    if at < 0:
        return escape(text), False
    start, end = places[at], places[at + len(wanted) - 1] + 1
    return f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}", True
