"""One visit to a page: who comes, where to, with which fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from assistant.chat import Assistant
from assistant.history import History
from assistant.store.database import Database
from assistant.store.profiles import Profiles
from assistant.topic import known_of
from ingest.jobs import Jobs
from tools.firm.profile import Profile
from ui.batches import Batches
from ui.downloads import Downloads
from ui.models import Models
from ui.shown import Shown
from ui.uploads import Uploads


@dataclass(frozen=True)
class Visit:
    """What a page gets. parts: the path after the page's name; fields: what a form holds, every value a string or a list."""

    assistant: Assistant
    downloads: Downloads
    uploads: Uploads
    jobs: Jobs
    models: Models
    user: str
    session: str = ""
    parts: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    kept_batches: Batches | None = None

    @property
    def batches(self) -> Batches:
        assert self.kept_batches
        return self.kept_batches

    @cached_property
    def own(self) -> Assistant:
        """The assistant as this person has it."""
        return self.assistant.for_user(self.user)

    @property
    def history(self) -> History:
        return self.own.history

    @property
    def database(self) -> Database:
        assert self.history.database
        return self.history.database

    @cached_property
    def profiles(self) -> Profiles:
        return Profiles(self.database, self.user)

    @cached_property
    def profile(self) -> Profile:
        """The firm as far as it may be known: the kept profile, else what this tab's conversation has told."""
        kept = self.profiles.kept()
        return kept.profile if kept.allowed else known_of(self.history.turns(self.session, 100))

    def at(self, *parts: str) -> Visit:
        """The same person at another path of the page."""
        return replace(self, parts=parts[1:], query={})

    def text(self, name: str) -> str:
        """A field as text, without white space around it; empty where it was not sent."""
        value = self.fields.get(name, "")
        return str(value[-1] if isinstance(value, list) and value else value or "").strip()

    def texts(self, name: str) -> list[str]:
        """A field that may be ticked several times."""
        value = self.fields.get(name, [])
        return [str(v) for v in value] if isinstance(value, list) else [str(value)]


Action = Callable[[Visit], Shown]
