"""The Gradio page: its components and what their events do. Imports Gradio, so import it late."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import gradio as gr

from assistant.cite import source_of
from core.errors import XiangdaoError
from core.settings import Settings
from core.spaces import USER_NAME, may_see
from ui import web_text as say
from ui.answering import Answering
from ui.desks import Desk, Desks
from ui.machine import give_back_soon
from ui.shown import Shown
from ui.web_chat import Conversation, rate, reopened, reply
from ui.web_html import about_html, exchange_html, exchanges_html, nav_html, passage_html, top_html, welcome_html

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.engine.contract import Engine
    from corpus.index import Index
    from ui.pages.site import Site

_CLICKS = """
element.addEventListener('click', (event) => {
  const ask = event.target.closest('[data-ask]');
  if (ask) return trigger('submit', {question: ask.dataset.ask});
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
                with gr.Row(elem_id="ask-row"):
                    box = gr.Textbox(
                        label=say.ASK_LABEL, show_label=False, placeholder=say.ASK_PLACEHOLDER, lines=1, max_lines=6,
                        container=False, autofocus=True, elem_id="box", scale=1,
                    )  # fmt: skip
                    send = gr.Button(say.SEND, variant="primary", elem_id="send", min_width=0, scale=0)
                    stop = gr.Button(say.STOP, elem_id="stop", min_width=0, scale=0)
                _html(f"<p>{say.NOTE}</p>", "note")
        view = _html("", "view", _VIEW)
        panel = _html("", "panel", _CLOSE)
        _wire(settings.user, bool(engine), answering, site, page, past, live, view, panel, box, send, stop)
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


def shown_html(shown: Shown) -> str:
    """A page with what the browser has to do about it, as attributes."""
    marks = {"number": uuid.uuid4().hex, "path": shown.path, "user": shown.user, "download": shown.download}
    told = "".join(f' data-{name}="{escape(value)}"' for name, value in marks.items() if value)
    return f"<div class='shown'{told}>{shown.html}</div>"


def _wire(
    default: str, engine: bool, answering: Answering, site: Future[Site], page: gr.Blocks, past: gr.HTML, live: gr.HTML, view: gr.HTML, panel: gr.HTML,
    box: gr.Textbox, send: gr.Button, stop: gr.Button,
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
            at.user = named if USER_NAME.fullmatch(named) else default
        if session:
            at.conversation = kept(at, session)
        return at

    def kept(at: Desk, session: str) -> Conversation:
        """A conversation of the person's own from the store; an empty one where there is none."""
        own = assistant().for_user(at.user)
        try:
            return reopened(own.history, session, index().sources(own.filters().spaces))
        except XiangdaoError:
            return Conversation()

    def ask(typed: str, event: gr.EventData, request: gr.Request) -> Iterator[list[Any]]:
        question = str((event._data or {}).get("question") or typed or "").strip()
        if not question:
            return
        at = desk(request)
        talk = at.conversation
        earlier = (about_html(talk.about) if talk.about else "") + exchanges_html(talk.exchanges)
        exchange = talk.begin(question)
        if answering.loading or (engine and not site.done()):
            exchange.status = say.LOADING
        yield [earlier, exchange_html(exchange), ""]
        if not answering.answer(at.user, exchange, talk.document):
            own = assistant().for_user(at.user)
            sources = index().sources(own.filters().spaces)
            for _ in reply(own, exchange, sources, talk.document, own.engine is not None):
                yield [gr.skip(), exchange_html(exchange), gr.skip()]
        elif exchange.state != "stopped":
            yield [gr.skip(), exchange_html(exchange), gr.skip()]

    def halt(request: gr.Request) -> str:
        talk = desk(request).conversation
        talk.stop()
        assistant().stop(talk.session)
        return exchange_html(talk.exchanges[-1]) if talk.exchanges else ""

    def visit(event: gr.EventData, request: gr.Request) -> list[Any]:
        """A page, or the conversation that a path names."""
        wanted = event._data or {}
        path = str(wanted.get("where") or "/")
        at = desk(request)
        if path == "/new" or path.startswith("/chat/"):
            return chat(at, unquote(path[6:]))
        if path.startswith("/only/"):
            return only(at, unquote(path[6:]))
        shown = site.result().visit(at, path, str(wanted.get("action") or ""), wanted.get("fields") or {})
        return [shown_html(shown), gr.skip(), gr.skip(), ""]

    def chat(at: Desk, session: str) -> list[Any]:
        if session == at.conversation.session and session:  # it is there already
            return [gr.skip()] * 3 + [""]
        at.conversation.stop()
        assistant().stop(at.conversation.session)
        at.conversation = kept(at, session) if session else Conversation()
        earlier = exchanges_html(at.conversation.exchanges) or welcome_html()
        path = f"/chat/{session}" if at.conversation.exchanges else "/"
        blank = shown_html(Shown("", path=path))
        return [blank, earlier, "", ""]

    def only(at: Desk, document_id: str) -> list[Any]:
        """A new conversation about one document."""
        document = index().ledger.document(document_id)
        if document is None or not may_see(at.user, document.space):
            return [shown_html(site.result().visit(at, f"/library/{document_id}")), *[gr.skip()] * 2, ""]
        shown = chat(at, "")
        at.conversation.document, at.conversation.about = document.source_id, document.title
        return [shown[0], about_html(document.title), *shown[2:]]

    def cite(event: gr.EventData, request: gr.Request) -> Any:
        wanted, at = event._data or {}, desk(request)
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
        wanted, at = event._data or {}, desk(request)
        talk = at.conversation
        try:
            exchange = talk.exchanges[int(wanted["exchange"]) - 1]
        except (KeyError, TypeError, ValueError, IndexError):
            return [gr.skip(), gr.skip()]
        rate(assistant().for_user(at.user).history, exchange, wanted)
        newest = exchange is talk.newest
        return [gr.skip() if newest else exchanges_html(talk.earlier), exchange_html(exchange) if newest else gr.skip()]

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
        [box.submit, send.click, past.submit, live.submit, view.submit], ask, box, [past, live, box],
        concurrency_limit=MODEL_TURNS if engine else TURNS, **quiet,
    )  # fmt: skip
    stop.click(halt, None, live, cancels=[asked], **quiet)
    view.apply(
        visit, None, [view, past, live, panel], concurrency_limit=8, trigger_mode="multiple", **quiet
    )  # fmt: skip
    for shown in (past, live, view):
        shown.select(cite, None, panel, trigger_mode="multiple", **quiet)
    for shown in (past, live):
        shown.like(like, None, [past, live], trigger_mode="multiple", **quiet)
    panel.clear(None, None, panel, js="() => ''", **quiet)
    page.unload(leave)
    page.queue(status_update_rate=STATUS_S)
