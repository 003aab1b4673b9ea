"""What one user keeps in private leaves no trace for another, through any interface: answers, scores, lists, errors, counts.

Everything a user can see is taken down before and after another user has put documents in and talked about them; both must
be the same, letter for letter.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chromadb.api.models.Collection import Collection

from assistant.build import build_assistant
from core.settings import load_settings
from corpus.sound import COMMON
from ingest.jobs import Jobs
from ui.terminal import main

SECRET = (
    "璇玑泵阀厂内部资料\n\n一、底价\n璇玑泵阀的海蓝色离心泵底价是7654321元，上云率目标定为61.7%，由柒捌玖班组报价。\n"
)
QUESTIONS = (
    "璇玑泵阀的海蓝色离心泵底价是多少",
    "政府到2027年打算让多少小企业上云",
    "总结一下璇玑泵阀厂内部资料",
    "我够不够条件",
    "旋机泵法的底价",
)
KEYWORDS = ("离心泵底价", "上云率目标", "柒捌玖班组")
TRACES = re.compile(r"7654321|61\.7|秘密坏")


def run(*argv: str | Path) -> str:
    """A command's status and all that it says, without the times taken."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in argv])
    said = f"{code}\n{out.getvalue()}\n{err.getvalue()}"
    return re.sub(r'"timings_ms": \{[^}]*\}', "", said)


@pytest.fixture
def user(copy_of_home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Says who is at the keyboard."""
    monkeypatch.setenv("XIANGDAO_HOME", str(copy_of_home))
    return lambda name: monkeypatch.setenv("XIANGDAO_USER", name)


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chroma's graph of neighbours is built by several threads and finds a little else each time it is opened."""
    read: dict[tuple[object, int], Any] = {}  # the whole store takes a second to read, and only grows here

    def nearest(store: Collection, query_embeddings: list[list[float]], n_results: int, **_: object) -> object:
        state = (store.id, store.count())
        kept = read[state] = read.get(state) or store.get(include=["embeddings"])
        vectors, asked = np.asarray(kept["embeddings"]), np.asarray(query_embeddings[0])
        far = 1 - vectors @ asked / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(asked) + 1e-12)
        order = sorted(range(len(far)), key=lambda at: (round(float(far[at]), 6), kept["ids"][at]))[:n_results]
        return {"ids": [[kept["ids"][at] for at in order]], "distances": [[float(far[at]) for at in order]]}

    monkeypatch.setattr(Collection, "query", nearest)


def seen_in_the_terminal(tmp_path: Path) -> dict[str, str]:
    """What every command of the terminal shows that could show a document."""
    batch = tmp_path / "batch.jsonl"
    batch.write_text("".join(json.dumps({"id": n, "question": q}) + "\n" for n, q in enumerate(QUESTIONS)), "utf-8")
    commands: list[tuple[str | Path, ...]] = [("ask", q, "--json") for q in QUESTIONS]
    commands += [("search", k, "--json", "-k", "20") for k in KEYWORDS]
    commands += [
        ("batch", batch),
        ("batch", batch, "--search"),
        ("docs", "list", "--all", "--json"),
        ("docs", "list", "--status", "参考"),
    ]
    commands += [
        ("docs", what, name) for what in ("show", "summary", "remove") for name in ("秘密", "doc:user:li:秘密")
    ]
    commands += [
        ("docs", "edit", "秘密", "--title", "x"),
        ("jobs", "list", "--json"),
        ("jobs", "run"),
        ("jobs", "retry"),
        ("export",),
    ]
    commands += [
        ("ask", QUESTIONS[0], "--space", "user:li"),
        ("search", "底价", "--space", "user:li"),
        ("ingest", batch, "--space", "user:li"),
    ]
    return {" ".join(map(str, c)): run(*c) for c in commands}


def seen_by_the_page_and_the_bots() -> dict[str, str]:
    """What the assistant gives them, who name the user with each question."""
    assistant = build_assistant(load_settings().model_copy(update={"user": "local"}), remember=False)
    shown = {}
    for question in QUESTIONS:
        answer = assistant.answer(question, "s", user="wang")
        shown[question] = f"{answer.text} {answer.citations} {answer.confidence} {answer.suggestions}"
    index, spaces = assistant.retriever.index, assistant.filters(user="wang").spaces
    shown["sources"] = str(sorted(index.sources(spaces)))
    shown["jobs"] = str(Jobs(index).jobs("wang"))
    shown["words"] = str(
        (index.ledger.size(spaces), index.ledger.frequencies(["泵阀", "底价", "离心泵", "上云"], spaces))
    )
    shown["sounds"] = str(index.ledger.connection.execute("SELECT count(*), sum(passages) FROM sound").fetchone()[:])
    return shown


def test_nobody_sees_a_trace_of_what_another_keeps(user: Callable[[str], None], exact: None, tmp_path: Path) -> None:
    user("wang")
    assert run("ask", "你好", "--session", "wang-s").startswith("0")
    before = seen_in_the_terminal(tmp_path) | seen_by_the_page_and_the_bots()

    user("li")
    files = [tmp_path / "秘密.txt", *(tmp_path / f"秘密{n}.txt" for n in range(COMMON + 1)), tmp_path / "秘密坏.txt"]
    for path in files:
        path.write_text(f"{SECRET}\n二、编号\n{path.stem}\n", "utf-8")
    files[-1].write_bytes(b"\x00\x01\x02")
    assert "没录进去" in run("ingest", *files, "--space", "我的")
    assert "7654321" in run("ask", QUESTIONS[0], "--session", "li-s")
    assert "7654321" in run("search", KEYWORDS[0]) and "秘密坏" in run("jobs", "list")

    user("wang")
    after = seen_in_the_terminal(tmp_path) | seen_by_the_page_and_the_bots()
    changed = [name for name, said in after.items() if said != before[name]]
    assert changed == [], (before[changed[0]], after[changed[0]])
    assert not [name for name, said in after.items() if TRACES.search(said)]
