"""Conversations: what was asked and answered, by session, of one person; in memory or in the store's file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import CannotWrite
from core.types import Citation

if TYPE_CHECKING:
    from assistant.store.database import Database


@dataclass(frozen=True)
class Call:
    """A tool that ran in a turn. asks: what it asked back for, most useful first; asked: how often the user was asked.

    pending: the question of an assessment that waits for its answer.
    """

    tool: str
    arguments: dict[str, Any]
    asks: tuple[str, ...] = ()
    asked: int = 0
    pending: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "asks": list(self.asks)}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Call:
        return cls(raw["tool"], raw["arguments"], tuple(raw["asks"]), raw["asked"], raw.get("pending", ""))


@dataclass(frozen=True)
class Turn:
    """One question and its answer. standalone: the question as it was understood; call: the tool that ran.

    id: by which the store knows it, 0 for one that is in memory only.
    """

    question: str
    standalone: str
    answer: str
    call: Call | None = None
    refused: bool = False
    engine: str = "extractive"
    citations: tuple[Citation, ...] = ()
    id: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Talk:
    """A kept conversation as a list shows it. last_at: UTC."""

    session: str
    title: str
    last_at: datetime
    turns: int


class History:
    """The turns of one person by session. Without a path they live in memory only."""

    def __init__(self, path: Path | None = None, user: str = "local", database: Database | None = None) -> None:
        self.user = user
        self._path = path
        self._database = database
        self.trouble = ""
        """Why what is said cannot be kept just now and lives in memory; empty where nothing stands in its way."""
        self._memory: dict[str, list[Turn]] = {}
        self._documents: dict[str, str] = {}

    @property
    def database(self) -> Database | None:
        """The store, made on first use so that an answer without a session does not load it; None in memory."""
        if self._database is None and self._path:
            from assistant.store.database import Database

            self._database = Database(self._path, self.user)
        return self._database

    def told(self) -> list[str]:
        """What is to be said of the store since the last time, as that it was damaged and mended."""
        return self._database.told() if self._database else []

    def of(self, user: str) -> History:
        """Another person's history in the same place."""
        return History(self._path, user, self.database)

    def turns(self, session: str | None, limit: int = 8) -> list[Turn]:
        """The last turns of a session, oldest first."""
        if not session:
            return []
        unkept = self._memory.get(session, [])[-limit:]
        if not self.database:
            return unkept
        from assistant.store import conversations

        try:
            kept = conversations.turns(self.database, self.user, session, limit)
        except CannotWrite as exc:
            self.trouble, kept = exc.message, []
        return [*kept, *unkept][-limit:]

    def add(self, session: str | None, turn: Turn, title: str = "") -> int:
        """Keep a turn and give its id; without a session nothing is kept, and the id is 0.

        title: of the conversation that begins with the turn, its question where empty.
        """
        if not session:
            return 0
        if not self.database:
            self._memory.setdefault(session, []).append(turn)
            return 0
        from assistant.store import conversations

        try:
            turn_id = conversations.add(self.database, self.user, session, turn, title)
        except CannotWrite as exc:
            self.trouble = exc.message
            self._memory.setdefault(session, []).append(turn)
            return 0
        self.trouble = ""
        return turn_id

    def take_back(self, session: str, turn_id: int) -> None:
        """Take a kept turn out of a session, as if it had not been said."""
        if not self.database:
            return
        from assistant.store import conversations

        conversations.take_back(self.database, self.user, session, turn_id)

    def document(self, session: str) -> str:
        """The id of the document that a session is about; "" where it is about none."""
        if not self.database:
            return self._documents.get(session, "")
        from assistant.store import conversations

        return conversations.document(self.database, self.user, session)

    def keep_document(self, session: str, document_id: str) -> None:
        """Note which document a session is about from now on, "" for none; a session without turns keeps nothing."""
        if not self.database:
            if session in self._memory:
                self._documents[session] = document_id
            return
        from assistant.store import conversations

        conversations.keep_document(self.database, self.user, session, document_id)

    def sessions(self) -> list[str]:
        """Every session that is kept, oldest first."""
        if not self._path:
            return list(self._memory)
        return [talk.session for talk in reversed(self.talks())]

    def talks(self, words: str = "", limit: int | None = None) -> list[Talk]:
        """The kept conversations in which the words stand, newest first."""
        if not self._path or not self._path.exists():
            return []
        from assistant.store import conversations

        assert self.database
        return conversations.talks(self.database, self.user, words, limit)

    def forget(self, session: str) -> None:
        """Delete a session's turns."""
        self._memory.pop(session, None)
        self._documents.pop(session, None)
        if self._path and self._path.exists():
            from assistant.store import conversations

            assert self.database
            conversations.forget(self.database, self.user, session)
