"""Which messages belong together: what a user sent, what answered it, the turn of the conversation, the document asked.

Only ids and a digest are kept, no words; by them an edited message finds its answer, and a reply what it is a reply to.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bots.message import Incoming

_TABLE = """
CREATE TABLE IF NOT EXISTS trace (
    conversation TEXT NOT NULL, message TEXT NOT NULL, letter INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '',
    turn INTEGER NOT NULL DEFAULT 0, documents TEXT NOT NULL DEFAULT '[]', answer TEXT NOT NULL DEFAULT '[]',
    made REAL NOT NULL, PRIMARY KEY (conversation, message))
"""


@dataclass(frozen=True)
class Trace:
    """What is known of a message. letter: its place in the mailbox, or that of the message it answers.

    digest: of a user's message; turn: of the conversation, 0 where it has none; documents: ids of those that it was about or
    became; answer: the ids of the messages that answered it.
    """

    letter: int
    digest: str
    turn: int
    documents: tuple[str, ...]
    answer: tuple[str, ...]


class Traces:
    """The traces of one mailbox. run: runs one statement there."""

    def __init__(self, run: Callable[..., list[Any]]) -> None:
        self._run = run
        run(_TABLE)

    def of(self, conversation: str, message: str) -> Trace | None:
        """What is known of a message."""
        query = "SELECT letter, digest, turn, documents, answer FROM trace WHERE conversation = ? AND message = ?"
        for letter, digest, turn, documents, answer in self._run(query, conversation, message):
            return Trace(letter, digest, turn, tuple(json.loads(documents)), tuple(json.loads(answer)))
        return None

    def is_last(self, conversation: str, trace: Trace) -> bool:
        """Whether nothing was answered in a conversation after a message."""
        return bool(
            self._run("SELECT max(letter) = ? FROM trace WHERE conversation = ?", trace.letter, conversation)[0][0]
        )

    def answered(self, letter: int, message: Incoming, answer: Sequence[str], turn: int, document: str) -> None:
        """Note what became of a message; what it became or was about before stays where nothing new is told."""
        about = json.dumps([document] if document else [])
        if message.reply_to:
            self._put(
                message.conversation, message.reply_to, letter, message.digest, turn, about, json.dumps([*answer])
            )
        for sent in answer:
            self._put(message.conversation, sent, letter, "", turn, about, "[]")

    def became(self, conversation: str, message: str, documents: Sequence[str]) -> None:
        """Note the documents that a file became."""
        self._put(conversation, message, 0, "", 0, json.dumps([*documents]), "[]")

    def _put(
        self, conversation: str, message: str, letter: int, digest: str, turn: int, documents: str, answer: str
    ) -> None:
        self._run(
            "INSERT INTO trace VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation, message) DO UPDATE SET"
            " letter = max(letter, excluded.letter), digest = iif(excluded.digest = '', digest, excluded.digest),"
            " turn = iif(excluded.turn = 0, turn, excluded.turn),"
            " documents = iif(excluded.documents = '[]', documents, excluded.documents),"
            " answer = iif(excluded.answer = '[]', answer, excluded.answer), made = excluded.made",
            conversation, message, letter, digest, turn, documents, answer, time.time(),
        )  # fmt: skip

    def forget(self, conversation: str) -> None:
        """Delete the traces of a conversation."""
        self._run("DELETE FROM trace WHERE conversation = ?", conversation)

    def prune(self, before: float) -> None:
        """Delete what is older than a time."""
        self._run("DELETE FROM trace WHERE made < ?", before)
