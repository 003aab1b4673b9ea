"""The files that a user of a chat app has given into his own space: taken in, counted, removed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from assistant.chat import Assistant
from bots import wording as say
from bots.message import File
from core.cut import shorten_middle
from core.spaces import private_space
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


def shown(name: str) -> str:
    """A file's name in a sentence: one line, without the marks of our Markdown, not too long."""
    flat = "".join(c for c in name if c.isprintable() and c not in "*`[]|<>《》")
    return shorten_middle(flat, 28, 10)


def keep(assistant: Assistant, file: File, data: bytes) -> str:
    """Put a file into the user's own space; what came of it, in a sentence. Handed in, it gets in even if this is killed."""
    from ingest.jobs import Jobs
    from ingest.pipeline import safe_id

    user, name = assistant.settings.user, shown(file.name)
    jobs = Jobs(assistant.retriever.index)
    with tempfile.TemporaryDirectory(prefix="xiangdao-bot-") as folder:
        path = Path(folder) / (safe_id(Path(file.name).stem) + Path(file.name).suffix.lower())
        path.write_bytes(data)
        job = jobs.submit([path], private_space(user), user, copy=True)
    if not jobs.work(job):
        for _ in jobs.follow(job, user):  # another program takes in what is handed in
            pass
    task = jobs.tasks(job, user)[0]
    if task.state == "failed":
        return say.FILE_FAILED.format(name=name, reason=task.message)
    jobs.drop(job, user)
    if task.state == "unchanged":
        return say.FILE_SAME.format(name=name)
    return say.FILE_IN.format(name=name, passages=task.passages)


def documents(assistant: Assistant) -> list[str]:
    """The ids of the documents in the user's own space."""
    rows = assistant.retriever.index.ledger.documents((private_space(assistant.settings.user),), "document")
    return [row.document_id for row in rows]


def clear(assistant: Assistant) -> int:
    """Remove every document of the user's own space; how many there were."""
    from ingest.jobs import Jobs

    return Jobs(assistant.retriever.index).forget(assistant.settings.user)
