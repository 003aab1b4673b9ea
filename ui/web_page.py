"""The Gradio page: its components and what their events do. Imports Gradio, so import it late."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlsplit

import gradio as gr

from assistant.chat import Assistant
from assistant.cite import source_of
from ui import web_text as say
from ui.web_chat import Conversation, reply
from ui.web_html import exchange_html, exchanges_html, passage_html, welcome_html

_CLICKS = """
element.addEventListener('click', (event) => {
  const ask = event.target.closest('[data-ask]');
  if (ask) return trigger('submit', {question: ask.dataset.ask});
  const cite = event.target.closest('[data-n]');
  if (cite) return trigger('select', {exchange: Number(cite.dataset.exchange), n: Number(cite.dataset.n)});
});
"""
_CLOSE = """
element.addEventListener('click', (event) => { if (event.target.closest('[data-close]')) trigger('clear'); });
"""
_LOGO = (
    '<svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true"><circle cx="16" cy="16" r="14" class="ring"/>'
    '<path d="M22.5 9.5 18.6 18.6 9.5 22.5 13.4 13.4Z" class="needle"/>'
    '<circle cx="16" cy="16" r="1.9" class="hub"/></svg>'
)


def build_blocks(assistant: Assistant) -> gr.Blocks:
    """The page over one assistant; each tab gets a conversation of its own."""
    with gr.Blocks(title=say.TITLE, analytics_enabled=False, fill_width=True) as page:
        conversation = gr.State(Conversation())
        with gr.Row(elem_id="top"):
            brand = f'<div class="brand">{_LOGO}<b>{say.NAME}</b><span class="tagline">{say.TAGLINE}</span>'
            _html(f'{brand}<span class="badge">{escape(badge(assistant))}</span></div>', "brand")
            new = gr.Button(say.NEW, elem_id="new", size="sm", min_width=0)
        past = _html(welcome_html(), "past", _CLICKS)
        live = _html("", "live", _CLICKS)
        panel = _html("", "panel", _CLOSE)
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="ask-row"):
                box = gr.Textbox(
                    label=say.ASK_LABEL, show_label=False, placeholder=say.ASK_PLACEHOLDER, lines=1, max_lines=6,
                    container=False, autofocus=True, elem_id="box", scale=1,
                )  # fmt: skip
                send = gr.Button(say.SEND, variant="primary", elem_id="send", min_width=0, scale=0)
                stop = gr.Button(say.STOP, elem_id="stop", visible=False, min_width=0, scale=0)
            _html(f"<p>{say.NOTE}</p>", "note")
        _wire(assistant, conversation, past, live, panel, box, send, stop, new)
    return page


def badge(assistant: Assistant) -> str:
    """Which engine words the answers, and whether text leaves this machine for it."""
    if assistant.engine is None:
        return say.LOCAL_BADGE
    status = assistant.engine.status()
    if status.leaves_machine:
        return say.REMOTE_BADGE.format(host=urlsplit(assistant.settings.remote_url).hostname)
    path = assistant.engine.settings.model_path
    return say.MODEL_BADGE.format(model=path.stem if path else assistant.settings.remote_model)


def _html(value: str, elem_id: str, clicks: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, js_on_load=clicks, apply_default_css=False)


def _wire(
    assistant: Assistant, conversation: gr.State, past: gr.HTML, live: gr.HTML, panel: gr.HTML,
    box: gr.Textbox, send: gr.Button, stop: gr.Button, new: gr.Button,
) -> None:  # fmt: skip
    """Connect the components; the functions below are all that the browser can call."""
    index = assistant.retriever.index

    def ask(typed: str, talk: Conversation, event: gr.EventData) -> Iterator[list[Any]]:
        question = str((event._data or {}).get("question") or typed or "").strip()
        if not question:
            return
        earlier = exchanges_html(talk.exchanges)
        exchange = talk.begin(question)
        yield [earlier, exchange_html(exchange), "", gr.update(visible=False), gr.update(visible=True), talk]
        for _ in reply(assistant, talk, exchange, index.sources(assistant.filters().spaces)):
            yield [gr.skip(), exchange_html(exchange), gr.skip(), gr.skip(), gr.skip(), talk]
        yield [gr.skip(), gr.skip(), gr.skip(), gr.update(visible=True), gr.update(visible=False), talk]

    def halt(talk: Conversation) -> list[Any]:
        talk.stop()
        assistant.stop(talk.session)
        shown = exchange_html(talk.exchanges[-1]) if talk.exchanges else ""
        return [shown, gr.update(visible=True), gr.update(visible=False), talk]

    def restart(talk: Conversation) -> list[Any]:
        talk.stop()
        assistant.stop(talk.session)
        return [welcome_html(), "", "", "", gr.update(visible=True), gr.update(visible=False), Conversation()]

    def cite(talk: Conversation, event: gr.EventData) -> Any:
        wanted = event._data or {}
        try:
            citation = talk.citation(int(wanted["exchange"]), int(wanted["n"]))
        except (KeyError, TypeError, ValueError):
            return gr.skip()
        if citation is None:
            return gr.skip()
        source = source_of(index.sources(assistant.filters().spaces), citation.passage_id, citation.source_id)
        return passage_html(citation, index.ledger.passage(citation.passage_id), source)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    asked = gr.on(
        [box.submit, send.click, past.submit, live.submit], ask, [box, conversation],
        [past, live, box, send, stop, conversation], concurrency_limit=8, **quiet,
    )  # fmt: skip
    stop.click(halt, conversation, [live, send, stop, conversation], cancels=[asked], **quiet)
    new.click(restart, conversation, [past, live, panel, box, send, stop, conversation], cancels=[asked], **quiet)
    for shown in (past, live):
        shown.select(cite, conversation, panel, **quiet)
    panel.clear(None, None, panel, js="() => ''", **quiet)
