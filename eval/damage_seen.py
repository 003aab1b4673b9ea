"""What a process sees of a data folder: everything kept in it, some answers, and what it was told of damage, as one line of JSON.

`python damage_seen.py ask|left|doctor|serve`, with XIANGDAO_HOME set, in a folder with the program's packages; eval/bench_damage.py starts it.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
import time
import traceback
import uuid
from dataclasses import asdict
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from assistant.build import build_assistant
from core.errors import XiangdaoError
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.chat import Assistant

SESSIONS = 5
QUESTIONS = ("第2号设备每隔几个月检查一次", "机械厂，80人，年营收3000万，算什么型企业", "佛山的厂能拿什么补贴")


HEAVY = (
    "alembic.command", "alembic.config", "assistant.chat", "assistant.store.database", "assistant.store.profiles", "bots.mailbox",
    "chromadb", "ingest.pipeline", "numpy", "onnxruntime", "pypinyin", "rjieba", "sqlalchemy.orm", "tokenizers", "ui.doctor",
)  # fmt: skip


def main() -> None:
    """Look once, or `serve`: for each line of input, {"what", "home", "out", "limit_s"}, in a fork that has everything imported."""
    if sys.argv[1] != "serve":
        look(sys.argv[1])
        return
    for name in HEAVY:
        import_module(name)
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        if (child := os.fork()) == 0:
            os.environ["XIANGDAO_HOME"] = order["home"]
            written = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(written, 1)
            os.dup2(written, 2)
            _look_and_end(order["what"])
        print(_ended(child, order["limit_s"]), flush=True)


def _look_and_end(what: str) -> NoReturn:
    """Native libraries that were loaded before the fork would fail at an orderly end, so only Python's own is run."""
    code = 1
    try:
        look(what)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stderr.flush()
        os._exit(code)


def _ended(child: int, limit_s: float) -> int:
    """The exit code of a process that may last so long; 124 where it was ended."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if (found := os.waitpid(child, os.WNOHANG))[0]:
            return os.waitstatus_to_exitcode(found[1])
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 124


def look(what: str) -> None:
    """Print what is seen. what: ask, doctor, or left: as ask, but ended as a program is that is killed."""
    try:
        settings = load_settings()
        said = doctored(settings) if what == "doctor" else seen(settings)
    except XiangdaoError as exc:
        said = {"refused": str(exc)}
    print(json.dumps(said, ensure_ascii=False, default=str), flush=True)
    if what == "left":
        os._exit(0)


def doctored(settings: Settings) -> dict[str, Any]:
    """What `doctor` finds fault with in the data folder."""
    report = import_module("ui.doctor").report  # a front end, which nothing in eval stands on
    return {"faults": [line for fine, line in report(settings) if fine is not True]}


def seen(settings: Settings) -> dict[str, Any]:
    """kept: by what it is, everything that is kept; answers: by question; notices: what was told; dense: whether there are vectors.

    cpu_s: what the process took of a core.
    """
    assistant = build_assistant(settings)
    index = assistant.retriever.index
    notices = [assistant.not_understood] if assistant.not_understood else []
    answers = {question: answered(assistant, question, notices) for question in QUESTIONS}
    kept = {
        **documents(assistant),
        **talks(assistant),
        "mailbox": letters(settings, notices),
        "passages": settings.passages,
    }
    notices += [*index.notices, *assistant.history.told()]
    said = {"kept": kept, "answers": answers, "notices": notices, "dense": index.vectors is not None}
    return {**said, "cpu_s": time.process_time()}


def answered(assistant: Assistant, question: str, notices: list[str]) -> str:
    """The text of an answer, or of the error in its place; what was told beside it goes to the notices."""
    from core.types import Done, Notice

    text = ""
    try:
        for event in assistant.ask(question, session=uuid.uuid4().hex):
            if isinstance(event, Notice):
                notices.append(event.text)
            if isinstance(event, Done):
                text = event.answer.text
    except XiangdaoError as exc:
        notices.append(str(exc))
    return text


def documents(assistant: Assistant) -> dict[str, Any]:
    """Every document with its passages."""
    ledger = assistant.retriever.index.ledger
    return {
        d.document_id: {"document": {**asdict(d), "added_at": "", "sha256": ""}, "passages": [asdict(p) for p in ledger.passages_of(d.document_id)]}
        for d in ledger.documents()
    }  # fmt: skip


def talks(assistant: Assistant) -> dict[str, Any]:
    """Every turn of the conversations, and the firm's profile."""
    from assistant.store.profiles import Profiles

    history = assistant.history
    assert history.database
    found: dict[str, Any] = {f"talk {n}": [asdict(turn) for turn in history.turns(f"s{n}")] for n in range(SESSIONS)}
    kept = Profiles(history.database, history.user).kept()
    return {**found, "profile": {name: fact.value for name, fact in kept.facts.items()}}


def letters(settings: Settings, notices: list[str]) -> list[str]:
    """The messages in the mailbox that wait."""
    mailbox = import_module("bots.mailbox").Mailbox(settings.home / "bots.db")
    notices += mailbox.told()
    waiting = [letter.message.as_json() for c in mailbox.conversations() if (letter := mailbox.next(c))]
    mailbox.close()
    return waiting


if __name__ == "__main__":
    main()
