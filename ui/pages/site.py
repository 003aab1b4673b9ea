"""The pages by name: showing one, doing what its forms ask for; every error ends up as a sentence on the page."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, unquote

from assistant.chat import Assistant
from core.errors import XiangdaoError
from ingest.jobs import Jobs
from ui import web_text as say
from ui.batches import Batches
from ui.desks import Desk
from ui.downloads import Downloads
from ui.models import Models
from ui.pages import render
from ui.pages.visit import Visit
from ui.shown import Shown
from ui.troubles import of_system
from ui.uploads import Uploads

log = logging.getLogger(__name__)
LONGEST_FIELD = 4000
NAMES = frozenset({"history", "profile", "maturity", "subsidy", "roadmap", "library", "cases", "settings"})


class Site:
    """Every page over one assistant."""

    def __init__(self, assistant: Assistant) -> None:
        home = assistant.settings.home
        self.assistant = assistant
        self.downloads = Downloads()
        self.uploads = Uploads(home / "incoming")
        self.batches = Batches(home / "incoming-batches")
        self.jobs = Jobs(assistant.retriever.index)
        self.models = Models(assistant.settings)

    def visit(self, desk: Desk, path: str, action: str = "", fields: Mapping[str, Any] | None = None) -> Shown:
        """Show the page at a path like /maturity/3?q=scene-design, after doing what a form asks for where one was sent."""
        try:
            name, parts, query = _parsed(path)
            page = _module(name)
            wanted = Visit(
                self.assistant, self.downloads, self.uploads, self.jobs, self.models,
                desk.user, desk.conversation.session, parts, query, _checked(fields or {}), self.batches,
            )  # fmt: skip
            shown = _done(page, action, wanted)
        except XiangdaoError as exc:
            shown = Shown(_trouble(exc.message, exc.hint))
        except Exception as exc:
            shown = Shown(_unforeseen(exc, path))
        desk.cited = shown.citations
        return shown


def _parsed(path: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    where, _, query = path[:2000].partition("?")
    name, *parts = [unquote(part) for part in where.strip("/").split("/")]
    return name, tuple(parts), dict(parse_qsl(query, max_num_fields=40))


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A form's fields as text or lists of text, none longer than LONGEST_FIELD."""
    checked: dict[str, Any] = {}
    for name, value in list(fields.items())[:200]:
        texts = [str(v)[:LONGEST_FIELD] for v in value[:100]] if isinstance(value, list) else str(value)[:LONGEST_FIELD]
        checked[str(name)[:80]] = texts
    return checked


def _module(name: str) -> ModuleType:
    if name in NAMES:
        return import_module(f"ui.pages.{name}")
    raise XiangdaoError(say.NO_PAGE, say.NO_PAGE_HINT)


def _done(page: ModuleType, action: str, wanted: Visit) -> Shown:
    """What an action shows; the page with a sentence where it could not be done."""
    if not action:
        return page.show(wanted)
    if action not in page.ACTIONS:
        return Shown(_trouble(say.NO_PAGE, say.NO_PAGE_HINT))
    try:
        return page.ACTIONS[action](wanted)
    except XiangdaoError as exc:
        return page.show(wanted, problem=exc)


def _unforeseen(exc: Exception, path: str) -> str:
    """What an error of the system means; of a bug the user gets a number to quote, and the log the traceback."""
    if trouble := of_system(exc):
        return _trouble(trouble.message, trouble.hint)
    reference = uuid.uuid4().hex[:8]
    log.error("page %s failed, reference %s", path[:80], reference, exc_info=exc)
    return _trouble(say.BUG_TITLE, say.BUG_TEXT.format(reference=reference))


def _trouble(message: str, hint: str) -> str:
    return render.page("trouble.html", problem={"message": message, "hint": hint})
