"""The web page's figures: python -m eval.bench_web [--users 50] [--questions 10]

Start of the process to a page that can be used, page weight, first words after sending (in a headless Chromium: the one that
XIANGDAO_CHROMIUM names, else chromium on the path), then many users at once over HTTP: errors, seconds for an answer, memory.
Without a model, over loopback, in a data folder of its own whose index is built first and not counted. Memory is that of the
server's processes: before, with every user's session open, and a minute after they have left.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from eval.questions import read_questions

RUN = "import sys; from ui.terminal import main; sys.exit(main(sys.argv[1:]))"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
STARTS = 5


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """The page's server: its address, its process, and when that was started."""
    log = home.parent / "server.log"
    env = {**os.environ, "XIANGDAO_HOME": str(home), "XIANGDAO_ENGINE": "extractive", "PYTHONUTF8": "1"}
    with log.open("w") as out:
        started = time.perf_counter()
        command = [sys.executable, "-I", "-c", RUN, "ui", "--port", "0", "--no-browser"]
        process = subprocess.Popen(command, env=env, stdout=out, stderr=out)
    try:
        while not (found := re.search(r"http://[\w.:]+/", log.read_text("utf-8"))):
            if process.poll() is not None:
                raise SystemExit(log.read_text("utf-8"))
            time.sleep(0.01)
        yield found[0], process, started
    finally:
        process.terminate()
        process.wait(20)


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    """The resident memory of the server's processes together; 0 where the system does not tell it this way."""
    try:
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in family(process.pid))
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def family(pid: int) -> list[int]:
    """A process and all that it has started."""
    children = [
        int(child) for told in Path(f"/proc/{pid}/task").glob("*/children") for child in told.read_text().split()
    ]
    return [pid, *(one for child in children for one in family(child))]


# ---- in a browser


def in_a_browser(home: Path) -> None:
    """Start, weight and first words."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("browser              not measured: no playwright (python3 start.py setup dev)")
        return
    program = os.environ.get("XIANGDAO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    usable, words = [], []
    weight = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for _ in range(STARTS):
            with serving(home) as (url, _process, started):
                page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
                loaded: list[float] = []
                session = page.context.new_cdp_session(page)
                session.send("Network.enable")
                session.on("Network.loadingFinished", lambda e, into=loaded: into.append(e["encodedDataLength"]))
                page.goto(url, wait_until="commit")
                page.wait_for_selector(".ready #box textarea", state="visible")
                usable.append(time.perf_counter() - started)
                page.wait_for_load_state("load")
                page.wait_for_timeout(1500)
                weight = max(weight, int(sum(loaded)))
                words += [
                    _first_words(page, n, q)
                    for n, q in enumerate(("APS是啥？", "什么叫链式转型？", "上云有什么目标？"), 1)
                ]
                page.context.close()
        browser.close()
    _row(
        "first page usable",
        f"{statistics.median(usable):.2f} s",
        f"{min(usable):.2f}-{max(usable):.2f}, {STARTS} starts",
    )
    _row("page weight", f"{weight / 1e6:.2f} MB", "as transferred")
    later = sorted(words)
    _row("first words", f"{1000 * statistics.median(later):.0f} ms", f"worst {1000 * later[-1]:.0f} ms of {len(later)}")


def _first_words(page: Any, number: int, question: str) -> float:
    page.fill("#box textarea", question)
    begun = time.perf_counter()
    page.press("#box textarea", "Enter")
    page.wait_for_selector(f'#live .exchange[data-number="{number}"] .answer', state="visible")
    seconds = time.perf_counter() - begun
    page.wait_for_selector(f'#live .exchange[data-number="{number}"][data-state="done"]')
    return seconds


# ---- many users at once


class User:
    """One tab as the server sees it: the heartbeat that keeps its session, and questions through the queue."""

    def __init__(self, client: httpx.AsyncClient, ask: dict[str, Any]) -> None:
        self.client, self.session = client, uuid.uuid4().hex[:11]
        self.ask_fn, self.inputs, self.box = ask["id"], len(ask["inputs"]), ask["targets"][0][0]

    async def stay(self) -> None:
        async with self.client.stream("GET", f"/gradio_api/heartbeat/{self.session}", timeout=None) as beats:
            async for _ in beats.aiter_bytes():
                pass

    async def ask(self, question: str) -> float:
        """Seconds until the answer is complete; an error for a failed one."""
        begun = time.perf_counter()
        data = [question, *[None] * (self.inputs - 1)]
        body = {
            "data": data,
            "fn_index": self.ask_fn,
            "session_hash": self.session,
            "trigger_id": self.box,
            "event_data": None,
        }
        joined = await self.client.post("/gradio_api/queue/join", json=body)
        joined.raise_for_status()
        shown = ""
        async with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session}) as events:
            async for line in events.aiter_lines():
                event = json.loads(line[5:]) if line.startswith("data:") else {}
                shown += line if "process" in str(event.get("msg")) else ""
                if event.get("msg") == "process_completed":
                    if not event["success"]:
                        raise RuntimeError(line[:300])
                    break
        if "answer" not in shown:
            raise RuntimeError(f"no answer to {question}: {shown[-200:]}")
        return time.perf_counter() - begun


async def _one_by_one(user: User, questions: list[str]) -> None:
    for question in questions:
        await user.ask(question)


async def at_once(url: str, process: subprocess.Popen[bytes], users: int, questions: list[str], each: int) -> None:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits, trust_env=False) as client:
        config = (await client.get("/config")).json()
        ask = next(d for d in config["dependencies"] if any(t[1] == "submit" for t in d["targets"]))
        warm = [User(client, ask) for _ in range(4)]  # until every passage has been met once
        await asyncio.gather(*(_one_by_one(user, questions[n :: len(warm)]) for n, user in enumerate(warm)))
        before = memory_mb(process)
        people = [User(client, ask) for _ in range(users)]
        staying = [asyncio.create_task(person.stay()) for person in people]
        seconds: list[float] = []
        errors: list[str] = []

        async def talk(number: int, person: User) -> None:
            for turn in range(each):
                try:
                    seconds.append(await person.ask(questions[(number * each + turn) % len(questions)]))
                except Exception as exc:
                    errors.append(repr(exc)[:200])

        begun = time.perf_counter()
        await asyncio.gather(*(talk(n, person) for n, person in enumerate(people)))
        whole = time.perf_counter() - begun
        during = memory_mb(process)
        for beat in staying:
            beat.cancel()
        await asyncio.gather(*staying, return_exceptions=True)
    await asyncio.sleep(60)
    after = memory_mb(process)
    ordered = sorted(seconds)
    _row(
        f"{users} users × {each}",
        f"{len(errors)} errors",
        f"{len(seconds)} answers in {whole:.1f} s" + (f"; {errors[0]}" if errors else ""),
    )
    if ordered:
        p95 = ordered[int(0.95 * (len(ordered) - 1))]
        _row(
            "seconds for an answer",
            f"p95 {p95:.2f} s",
            f"median {statistics.median(ordered):.2f}, worst {ordered[-1]:.2f}",
        )
    _row(
        "memory for a session",
        f"{(during - before) / users:.2f} MB",
        f"{before:.0f} MB before, {during:.0f} with all, {after:.0f} a minute later",
    )


def _row(what: str, figure: str, more: str) -> None:
    print(f"{what:22} {figure:>14}   {more}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m eval.bench_web")
    options.add_argument("--users", type=int, default=50)
    options.add_argument("--questions", type=int, default=10, help="for each user")
    options.add_argument("--no-browser", action="store_true", help="only the users at once")
    given = options.parse_args()
    asked = [row.turns[-1] for row in read_questions(Path(__file__).parent / "sets" / "qa.jsonl")]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build = [sys.executable, "-I", "-c", RUN, "docs", "list"]
        subprocess.run(build, env={**os.environ, "XIANGDAO_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)
        if not given.no_browser:
            in_a_browser(home)
        with serving(home) as (url, process, _):
            asyncio.run(at_once(url, process, given.users, asked, given.questions))


if __name__ == "__main__":
    main()
