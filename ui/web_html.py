"""The page's HTML: made here from plain text, with everything that comes from outside escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from core.types import Citation, Passage, Source
from ui import web_text as say
from ui.web_chat import Exchange

_CITE = re.compile(r"\[(\d{1,3})\]")
_REFERENCES = re.compile(r"\n\s*(?:\*\*)?(?:出处|Source)(?:\*\*)?[:：]?\s*(?=\[\d+\])(?:(?!\n\n).)*\Z", re.DOTALL)
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,2}[.)])\s")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)")
_BLOCK = re.compile(r"\s*(?:[-*+>|#]|\d{1,2}[.)]\s|```|\Z)")


# ---- the answer's Markdown


@cache
def _markdown() -> MarkdownIt:
    """Paragraphs, lists, tables, emphasis and code. No HTML, links or images: an answer points at passages only."""
    md = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    md.disable(["html_block", "html_inline", "link", "image", "autolink", "reference", "code", "lheading"])
    md.inline.ruler.before("emphasis", "strong_chinese", _strong_chinese)
    md.core.ruler.push("citations", _split_citations)
    md.core.ruler.push("to_do", _mark_to_do)
    md.add_render_rule("citation", _citation_button)
    md.add_render_rule("table_open", lambda *_: '<div class="table"><table>')
    md.add_render_rule("table_close", lambda *_: "</table></div>")
    return md


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


def answer_html(text: str, citations: Sequence[Citation], exchange: int) -> str:
    """An answer's Markdown as HTML, without its closing list of references (shown separately)."""
    body = _REFERENCES.sub("", "\n" + text).strip() if citations else text.strip()
    return _markdown().render(spread(body), {"citations": citations, "exchange": exchange})


def spread(text: str) -> str:
    """Give each line its own paragraph: answers break lines where a paragraph ends, Markdown would join them."""
    lines: list[str] = []
    for line in text.split("\n"):
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


# ---- the conversation


def welcome_html() -> str:
    """What stands on the page before the first question."""
    skills = "".join(f"<li><b>{escape(name)}</b><span>{escape(what)}</span></li>" for name, what in say.WELCOME_SKILLS)
    return (
        f'<section class="welcome"><h1>{say.WELCOME_TITLE}</h1><p class="lead">{say.WELCOME_LEAD}</p>'
        f'<ul class="skills">{skills}</ul>{_questions(say.EXAMPLES_TITLE, say.EXAMPLES, "examples")}</section>'
    )


def exchanges_html(exchanges: Sequence[Exchange]) -> str:
    return "".join(exchange_html(e) for e in exchanges)


def exchange_html(exchange: Exchange) -> str:
    """One question with whatever there is of its answer."""
    parts = [_body(exchange), _draft(exchange), _status(exchange)]
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
        f'<article class="exchange" data-number="{exchange.number}" data-state="{exchange.state}">'
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
    facts = [say.META.format(count=exchange.found, seconds=f"{exchange.seconds:.1f}")]
    if answer.tool:
        facts.append(say.META_TOOL)
    if answer.engine != "extractive":
        facts.append(say.META_MODEL.format(engine=answer.engine))
    copy = f'<button type="button" class="copy" data-copied="{say.COPIED}">{say.COPY}</button>'
    return f'<div class="meta"><span>{escape("；".join(facts))}</span>{copy}</div>'


def _follow_ups(exchange: Exchange) -> str:
    answer = exchange.answer
    if exchange.state != "done" or not answer or not answer.suggestions:
        return ""
    return _questions(say.REFUSED_ASK if answer.refused else say.NEXT_ASK, answer.suggestions, "follow-ups")


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
            f'<p class="origin {escape(passage.origin)}">{say.ORIGIN[passage.origin]}</p>'
            f'<div class="text">{text}</div>{hint}{_fields(passage, source)}'
        )
    return f'<aside class="passage" aria-label="{say.PANEL_LABEL}">{head}{body}</aside>'


def _fields(passage: Passage, source: Source | None) -> str:
    dated = source.published if source else ""
    rows = {
        "doc_no": source.doc_no if source else "",
        "issuer": source.issuer if source else "",
        "published": dated,
        "as_of": passage.as_of if passage.as_of != dated else "",
        "section": " › ".join(passage.section),
        "page": passage.page,
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
