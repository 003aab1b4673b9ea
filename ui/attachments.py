"""Files attached in a conversation: handed in as on the documents' page, followed, and what came of each."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from core.errors import BadInput, XiangdaoError
from ui import web_text as say

if TYPE_CHECKING:
    from corpus.ledger import Ledger
    from ingest.jobs import Jobs
    from ingest.queue import Task
    from ui.uploads import Uploads

MOST = 20
"""So many files are taken at once; the browser is told the same."""
DETAILED = 50
"""Of so many files it is looked up what else is known; an archive may hold thousands."""
LONGEST_REFUSAL = 300
SPACE = "我的"


@dataclass
class Attached:
    """What was attached in a conversation since its last question.

    jobs: what was handed in; refused: why files were not, a sentence each; is_open: whether it is still to be said which of them
    the conversation is about; is_told: whether a question was asked since that was said, so that the next one takes them from view.
    """

    jobs: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    is_open: bool = False
    is_told: bool = False


@dataclass(frozen=True)
class File:
    """One attached file. told: what is done with it or came of it; done, total: pages, 0 where not told.

    is_plain: whether the document, when it presents itself, says all of that too.
    """

    name: str
    state: Literal["working", "in", "out"]
    told: str
    done: int = 0
    total: int = 0
    document_id: str = ""
    is_plain: bool = False


def hand_in(attached: Attached, uploads: Uploads, jobs: Jobs, user: str, tokens: object, refused: object) -> None:
    """Have the files that the browser has sent taken into the user's own space.

    tokens: of what it has sent; refused: what it was told of the others. Lists of texts, if they are what they should be.
    """
    if attached.is_told:
        clear_over(attached, jobs, user)
    attached.refused += [text[:LONGEST_REFUSAL] for text in _texts(refused) if text]
    for token in _texts(tokens):
        try:
            attached.jobs.append(uploads.hand_in([token], jobs, SPACE, user))
        except XiangdaoError as exc:
            attached.refused.append(str(exc))
    attached.is_open, attached.is_told = True, False


def _texts(sent: object) -> list[str]:
    return [str(one) for one in sent[: MOST + 1]] if isinstance(sent, list) else []


def halt(attached: Attached, jobs: Jobs, user: str) -> None:
    """Take back what has not been read yet."""
    for job_id in attached.jobs:
        with suppress(BadInput):  # dropped on the documents' page
            jobs.cancel(job_id, user)


def clear_over(attached: Attached, jobs: Jobs, user: str) -> None:
    """Show no more the files that are read or refused.

    A job that brought all of its files in has nothing left to tell on the documents' page either.
    """
    attached.jobs = [job_id for job_id in attached.jobs if not _over(job_id, jobs, user)]
    attached.refused = []


def asked(attached: Attached, jobs: Jobs, user: str) -> None:
    """A question is asked: what came of the files is seen beside its answer, and no more beside the next."""
    if attached.is_told:
        clear_over(attached, jobs, user)
    attached.is_told = True


def _over(job_id: str, jobs: Jobs, user: str) -> bool:
    from ingest.queue import OPEN

    try:
        tasks = jobs.tasks(job_id, user)
        if any(task.state in OPEN for task in tasks):
            return False
        if all(task.document_id for task in tasks):
            jobs.drop(job_id, user)
    except BadInput:  # dropped on the documents' page
        pass
    return True


def files(attached: Attached, jobs: Jobs, ledger: Ledger, user: str) -> list[File]:
    """The attached files in order, those that could not be taken last."""
    tasks: list[Task] = []
    for job_id in attached.jobs:
        with suppress(BadInput):
            tasks += jobs.tasks(job_id, user)
    found = [_file(task, ledger if n < DETAILED else None) for n, task in enumerate(tasks)]
    return found + [File("", "out", text) for text in attached.refused]


def _file(task: Task, ledger: Ledger | None) -> File:
    """ledger: where the document is looked up for what else is known of it; None where nobody will read that."""
    match task.state:
        case "queued":
            return File(task.name, "working", say.WAITS)
        case "running":
            pages = say.OF_PAGES.format(done=task.done, total=task.total) if task.total else ""
            return File(task.name, "working", say.READING + pages, task.done, task.total)
        case "cancelled":
            return File(task.name, "out", say.HALTED)
        case "failed" | "skipped":
            return File(task.name, "out", task.message + _to_install(task))
        case "unchanged":
            return File(task.name, "in", say.KNOWN_ALREADY, document_id=task.document_id)
    if ledger is None:
        return File(task.name, "in", say.READ.format(pages="", passages=task.passages), document_id=task.document_id)
    document = ledger.document(task.document_id)
    if document is None:
        return File(task.name, "out", say.REMOVED_MEANWHILE)
    pages = say.PAGES_READ.format(pages=document.info["pages"]) if document.info.get("pages") else ""
    told = (say.READ if task.state == "added" else say.READ_ANEW).format(pages=pages, passages=task.passages)
    usual = f"《{document.title}》" + "".join(f"  {note}" for note in document.info.get("notes", ()))
    return File(task.name, "in", f"{told}{task.message}", document_id=task.document_id, is_plain=task.message == usual)


def _to_install(task: Task) -> str:
    """What to install, where a picture or a scan could not be read for want of it."""
    from ingest.readers import PICTURES, ocr

    scan = PurePath(task.name).suffix.lower() in PICTURES | {".pdf", ".ofd"}
    return say.INSTALL_OCR if scan and say.OCR in task.message and not ocr.installed() else ""
