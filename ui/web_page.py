"""The Gradio page: its components and what their events do. Imports Gradio, so import it late."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import gradio as gr

from assistant.cite import source_of
from core.errors import XiangdaoError
from core.settings import Settings
from core.spaces import may_be_typed, visible_spaces
from ui import attachments
from ui import web_text as say
from ui.answering import Answering
from ui.desks import Desk, Desks
from ui.machine import give_back_soon
from ui.shown import Shown
from ui.web_chat import Conversation, Exchange, introduce, rate, reopened, reply
from ui.web_composer import attached_html, clip_html, sending_html
from ui.web_html import (
    about_html,
    earlier_html,
    exchange_html,
    exchanges_html,
    nav_html,
    passage_html,
    top_html,
    welcome_html,
)

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.engine.contract import Engine
    from corpus.index import Index
    from corpus.ledger import Document
    from ui.pages.site import Site

_CLICKS = """
element.addEventListener('click', (event) => {
  const ask = event.target.closest('[data-ask]');
  if (ask) return trigger('submit', {question: ask.dataset.ask, anywhere: 'anywhere' in ask.dataset});
  const cite = event.target.closest('[data-n]');
  if (cite) return trigger('select', {exchange: Number(cite.dataset.exchange), n: Number(cite.dataset.n)});
  const thumb = event.target.closest('[data-good]');
  if (thumb) return trigger('like', {exchange: Number(thumb.closest('.exchange').dataset.number), good: thumb.dataset.good === 'yes'});
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target, number = Number(form.closest('.exchange').dataset.number);
  trigger('like', {exchange: number, good: false, ...Object.fromEntries(new FormData(form))});
});
"""
_CLOSE = """
element.addEventListener('click', (event) => { if (event.target.closest('[data-close]')) trigger('clear'); });
"""
_VIEW = "window.xiangdao.view(element, trigger);"
_CLIP = "window.xiangdao.clip(element, trigger);"
USER_COOKIE = "xiangdao_user"
TURNS, MODEL_TURNS = 4, 8
"""How many answers are under way at once: so many that neither the process that answers nor a model waits for the next."""
STATUS_S = 10.0
"""How often those who wait are told their place: telling all at every answer costs many users at once the most."""


def build_blocks(settings: Settings, engine: Engine | None, answering: Answering, site: Future[Site]) -> gr.Blocks:
    """The page; each tab gets a desk of its own. answering, site: what answers, and the pages; both may still be loading."""
    with gr.Blocks(title=say.TITLE, analytics_enabled=False, fill_width=True) as page:
        _html(top_html(badge(settings, engine), settings.user), "top")
        _html(nav_html(), "nav")
        with gr.Column(elem_id="chat"):
            past = _html(welcome_html(), "past", _CLICKS)
            live = _html("", "live", _CLICKS)
            with gr.Column(elem_id="composer"):
                attached = _html("", "attached")
                _html(sending_html(), "sending")
                with gr.Row(elem_id="ask-row"):
                    clip = _html(clip_html(), "clip", _CLIP)
                    box = gr.Textbox(
                        label=say.ASK_LABEL, show_label=False, placeholder=say.ASK_PLACEHOLDER, lines=1, max_lines=6,
                        container=False, autofocus=True, elem_id="box", scale=1,
                    )  # fmt: skip
                    send = gr.Button(say.SEND, variant="primary", elem_id="send", min_width=0, scale=0)
                    stop = gr.Button(say.STOP, elem_id="stop", min_width=0, scale=0)
                _html(f"<p>{say.NOTE}</p>", "note")
        view = _html("", "view", _VIEW)
        panel = _html("", "panel", _CLOSE)
        _wire(
            settings.user, bool(engine), answering, site, page, past, live, view, panel, box, send, stop, clip, attached
        )
    return page


def badge(settings: Settings, engine: Engine | None) -> str:
    """Which engine words the answers, and whether text leaves this machine for it."""
    if engine is None:
        return say.LOCAL_BADGE
    if engine.status().leaves_machine:
        return say.REMOTE_BADGE.format(host=urlsplit(settings.remote_url).hostname)
    path = engine.settings.model_path
    return say.MODEL_BADGE.format(model=path.stem if path else settings.remote_model)


def _html(value: str, elem_id: str, clicks: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, js_on_load=clicks, apply_default_css=False)


def _sent(event: gr.EventData) -> dict[str, Any]:
    """What the browser sent with an event; nothing where it is not of the form that our page sends."""
    return event._data if isinstance(event._data, dict) else {}


def shown_html(shown: Shown) -> str:
    """A page with what the browser has to do about it, as attributes."""
    marks = {"number": uuid.uuid4().hex, "path": shown.path, "user": shown.user, "download": shown.download}
    told = "".join(f' data-{name}="{escape(value)}"' for name, value in marks.items() if value)
    return f"<div class='shown'{told}>{shown.html}</div>"


def _wire(
    default: str, engine: bool, answering: Answering, site: Future[Site], page: gr.Blocks, past: gr.HTML, live: gr.HTML, view: gr.HTML, panel: gr.HTML,
    box: gr.Textbox, send: gr.Button, stop: gr.Button, clip: gr.HTML, attached: gr.HTML,
) -> None:  # fmt: skip
    """Connect the components; the functions below are all that the browser can call."""
    desks = Desks()

    def assistant() -> Assistant:
        return site.result().assistant

    def index() -> Index:
        return assistant().retriever.index

    def desk(request: gr.Request) -> Desk:
        """The tab's desk, at its first event with the name that the browser goes by."""
        at, session = desks.at(str(request.session_hash))
        if not at.user:
            named = unquote(request.cookies.get(USER_COOKIE, ""))
            at.user = named if may_be_typed(named) else default
        if session:
            at.conversation = kept(at, session)
        elif at.conversation.document and not at.conversation.about:
            turn_to(at, at.conversation.document)
        return at

    def kept(at: Desk, session: str) -> Conversation:
        """A conversation of the person's own from the store; an empty one where there is none."""
        own = assistant().for_user(at.user)
        try:
            talk = reopened(own.history, session, index().sources(own.filters().spaces))
            if talk.exchanges:
                talk.kept = own.history.document(session)
                talk.turn_to(seen(at, talk.kept))
            return talk
        except XiangdaoError:
            return Conversation()

    def seen(at: Desk, document_id: str) -> Document | None:
        """An ingested document that this person may see."""
        document = index().ledger.document(document_id) if document_id else None
        own = document and document.origin == "document" and document.space in visible_spaces(at.user)
        return document if own else None

    def turn_to(at: Desk, document_id: str, fresh: bool = False) -> None:
        """Make a document the one that is asked, or none, and have that kept."""
        at.conversation.turn_to(seen(at, document_id), fresh)
        keep(at)

    def keep(at: Desk) -> None:
        """Have the store know which document is asked."""
        if at.conversation.document != at.conversation.kept:
            with suppress(XiangdaoError):  # not kept: the page goes on all the same
                at.conversation.keep_document(assistant().for_user(at.user).history)

    def above_box(at: Desk) -> str:
        """What stands above the question's box: the files attached, and the document that is asked."""
        talk = at.conversation
        if not (talk.document or talk.attached.jobs or talk.attached.refused):
            return ""
        files = attachments.files(talk.attached, site.result().jobs, index().ledger, at.user)
        if talk.attached.is_open and not any(file.state == "working" for file in files):
            talk.attached.is_open = talk.attached.is_told = False
            if read := [file.document_id for file in files if file.state == "in"]:
                turn_to(at, read[-1], fresh=True)
        return attached_html(talk, files)

    def attach(event: gr.EventData, request: gr.Request) -> str:
        """Files to be taken in, a look at how far they are, an end to reading or to the document that is asked."""
        wanted, at = _sent(event), desk(request)
        attached = at.conversation.attached
        match wanted.get("do"):
            case "take":
                pages, (tokens, refused) = site.result(), (wanted.get(name) for name in ("tokens", "refused"))
                attachments.hand_in(attached, pages.uploads, pages.jobs, at.user, tokens, refused)
            case "halt":
                attachments.halt(attached, site.result().jobs, at.user)
            case "clear":
                attachments.clear_over(attached, site.result().jobs, at.user)
            case "end":
                attachments.clear_over(attached, site.result().jobs, at.user)
                turn_to(at, "")
        return above_box(at)

    def ask(typed: str, event: gr.EventData, request: gr.Request) -> Iterator[list[Any]]:
        wanted, at = _sent(event), desk(request)
        talk = at.conversation
        question = "" if wanted.get("silent") else str(wanted.get("question") or typed or "").strip()
        if not question:
            if talk.fresh:
                yield introduced(at)
            return
        earlier = earlier_html(talk.exchanges)
        exchange = talk.begin(question)
        document = asked_of(at, exchange, bool(wanted.get("anywhere")))
        if answering.loading or (engine and not site.done()):
            exchange.status = say.LOADING
        yield [earlier, exchange_html(exchange), "", above_box(at)]
        try:
            if not answering.answer(at.user, exchange, document):
                own = assistant().for_user(at.user)
                sources = index().sources(own.filters().spaces)
                for _ in reply(own, exchange, sources, document, own.engine is not None):
                    yield [gr.skip(), exchange_html(exchange), *[gr.skip()] * 2]
            elif exchange.state != "stopped":
                yield [gr.skip(), exchange_html(exchange), *[gr.skip()] * 2]
        finally:
            keep(at)

    def asked_of(at: Desk, exchange: Exchange, anywhere: bool) -> str | None:
        """The id of the one document that a question goes to, None for all of them."""
        talk = at.conversation
        talk.fresh = False
        if talk.attached.jobs or talk.attached.refused:
            attachments.asked(talk.attached, site.result().jobs, at.user)
        if talk.document and seen(at, talk.document) is None:
            exchange.notices.append(say.TOPIC_GONE.format(title=talk.about))
            turn_to(at, "")
        exchange.of_document = bool(talk.document) and not anywhere
        return talk.document if exchange.of_document else None

    def introduced(at: Desk) -> list[Any]:
        """The attached document presents itself."""
        talk, own = at.conversation, assistant().for_user(at.user)
        talk.fresh = False
        document = seen(at, talk.document)
        if document is None:
            return [gr.skip()] * 4
        jobs, ledger = site.result().jobs, index().ledger
        files = attachments.files(talk.attached, jobs, ledger, at.user)
        plain = len(files) == 1 and files[0].is_plain
        (attachments.clear_over if plain else attachments.asked)(talk.attached, jobs, at.user)
        earlier = earlier_html(talk.exchanges)
        exchange = talk.begin(say.ATTACHED)
        introduce(own.history, exchange, ledger, document, index().sources(own.filters().spaces))
        keep(at)
        return [earlier, exchange_html(exchange), gr.skip(), above_box(at)]

    def halt(request: gr.Request) -> str:
        talk = desk(request).conversation
        talk.stop()
        assistant().stop(talk.session)
        return exchange_html(talk.exchanges[-1]) if talk.exchanges else ""

    def visit(event: gr.EventData, request: gr.Request) -> list[Any]:
        """A page, or the conversation that a path names."""
        wanted = _sent(event)
        path = str(wanted.get("where") or "/")
        at = desk(request)
        if path == "/new" or path.startswith("/chat/"):
            return chat(at, unquote(path[6:]))
        if path.startswith("/only/"):
            return only(at, unquote(path[6:]))
        shown = site.result().visit(at, path, str(wanted.get("action") or ""), wanted.get("fields") or {})
        return [shown_html(shown), gr.skip(), gr.skip(), "", gr.skip()]

    def chat(at: Desk, session: str) -> list[Any]:
        if session == at.conversation.session and session:  # it is there already
            return [gr.skip()] * 3 + ["", gr.skip()]
        at.conversation.stop()
        assistant().stop(at.conversation.session)
        at.conversation = kept(at, session) if session else Conversation()
        earlier = exchanges_html(at.conversation.exchanges) or welcome_html()
        path = f"/chat/{session}" if at.conversation.exchanges else "/"
        blank = shown_html(Shown("", path=path))
        return [blank, earlier, "", "", above_box(at)]

    def only(at: Desk, document_id: str) -> list[Any]:
        """A new conversation about one document."""
        document = seen(at, document_id)
        if document is None:
            return [shown_html(site.result().visit(at, f"/library/{document_id}")), *[gr.skip()] * 2, "", gr.skip()]
        shown = chat(at, "")
        at.conversation.turn_to(document)
        from assistant import summary

        questions = summary.introduce(index().ledger, document, {}).data["questions"]
        return [shown[0], about_html(document.title, questions), "", "", above_box(at)]

    def cite(event: gr.EventData, request: gr.Request) -> Any:
        wanted, at = _sent(event), desk(request)
        own = assistant().for_user(at.user)
        try:
            citation = at.citation(int(wanted["exchange"]), int(wanted["n"]))
        except (KeyError, TypeError, ValueError):
            return gr.skip()
        if citation is None:
            return gr.skip()
        spaces = own.filters().spaces
        passage = index().ledger.passage(citation.passage_id)
        if passage and passage.space not in spaces:
            passage = None
        return passage_html(
            citation, passage, source_of(index().sources(spaces), citation.passage_id, citation.source_id)
        )

    def like(event: gr.EventData, request: gr.Request) -> list[Any]:
        wanted, at = _sent(event), desk(request)
        talk = at.conversation
        try:
            exchange = talk.exchanges[int(wanted["exchange"]) - 1]
        except (KeyError, TypeError, ValueError, IndexError):
            return [gr.skip(), gr.skip()]
        rate(assistant().for_user(at.user).history, exchange, wanted)
        newest = exchange is talk.newest
        return [gr.skip() if newest else earlier_html(talk.earlier), exchange_html(exchange) if newest else gr.skip()]

    def leave(request: gr.Request) -> None:
        tab = str(request.session_hash)
        page.state_holder.session_data.pop(tab, None)  # Gradio would keep it until ten thousand others have come
        left = desks.leave(tab)
        if left:
            left.conversation.stop()
            assistant().stop(left.conversation.session)
        give_back_soon()

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    asked = gr.on(
        [box.submit, send.click, past.submit, live.submit, view.submit, clip.submit], ask, box, [past, live, box, attached],
        concurrency_limit=MODEL_TURNS if engine else TURNS, **quiet,
    )  # fmt: skip
    stop.click(halt, None, live, cancels=[asked], **quiet)
    view.apply(
        visit, None, [view, past, live, panel, attached], concurrency_limit=8, trigger_mode="multiple", **quiet
    )  # fmt: skip
    clip.apply(attach, None, attached, concurrency_limit=8, trigger_mode="multiple", **quiet)
    for shown in (past, live, view):
        shown.select(cite, None, panel, trigger_mode="multiple", **quiet)
    for shown in (past, live):
        shown.like(like, None, [past, live], trigger_mode="multiple", **quiet)
    panel.clear(None, None, panel, js="() => ''", **quiet)
    page.unload(leave)
    page.queue(status_update_rate=STATUS_S)
