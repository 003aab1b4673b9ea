"""The files that a user of a chat app has given into his own space: which can be taken, counted, removed."""

from __future__ import annotations

from pathlib import Path

from assistant.chat import Assistant
from bots import wording as say
from bots.message import File
from core.cut import shorten_middle
from core.errors import BadFile
from core.spaces import private_space
from corpus.ledger import Document
from ingest.load import MEGABYTE
from ingest.readers import KINDS, suffixes

LARGEST_MB = 20
"""What Telegram lets a bot download: https://core.telegram.org/bots/api#getfile"""


def kinds() -> str:
    """The file kinds that can be read, for a sentence."""
    return KINDS


def refusal(file: File) -> str:
    """Why a file cannot be taken, before it is fetched; empty where it can."""
    name = shown(file.name)
    if Path(file.name).suffix.lower() not in suffixes():
        return say.FILE_KIND.format(name=name, kinds=kinds())
    if file.size > LARGEST_MB * MEGABYTE:
        return say.FILE_TOO_BIG.format(name=name, limit=LARGEST_MB)
    return ""


def too_large() -> BadFile:
    """What is said of a file that turns out too large while it is fetched."""
    return BadFile(f"文件超过 {LARGEST_MB} MB，聊天软件不给。", "请拆小再发，或请管理员在电脑上录入。")


def shown(name: str) -> str:
    """A file's name or title in a sentence: one line, without the marks of our Markdown, not too long."""
    flat = "".join(c for c in name if c.isprintable() and c not in "*`[]|<>《》")
    return shorten_middle(flat, 28, 10)


def documents(assistant: Assistant) -> list[Document]:
    """The documents in the user's own space, the newest first."""
    space = private_space(assistant.settings.user)
    rows = assistant.retriever.index.ledger.documents((space,), "document")
    return sorted(rows, key=lambda document: document.added_at, reverse=True)


def document(assistant: Assistant, id: str) -> Document | None:
    """A document of the user's own space; None where there is none of this id."""
    found = assistant.retriever.index.ledger.document(id) if id else None
    return found if found and found.space == private_space(assistant.settings.user) else None


def clear(assistant: Assistant) -> int:
    """Remove every document of the user's own space; how many there were."""
    from ingest.jobs import Jobs

    return Jobs(assistant.retriever.index).forget(assistant.settings.user)
