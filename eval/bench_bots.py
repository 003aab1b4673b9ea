"""The Telegram bot under load: python -m eval.bench_bots [--users N] [--messages N] [--kills N] [--json FILE]

The bot runs as a process of its own, as a user starts it, with the real library, against eval.bot_api on this machine. First a
burst: every user sends all his messages at once. Then another one, during which the process is killed (SIGKILL) again and again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from eval.bench import CLI, Measure
from eval.bot_api import TOKEN, BotApi, Sent
from eval.metrics import percentile

ASKED = (
    ("到2027年中小企业上云率要达到多少？", "40%"),
    ("APS是啥，跟MES啥区别？", "APS"),
    ("谢谢", "不客气"),
    ("WMS是什么意思", "WMS"),
    ("你好", "向导"),
)
"""What each user asks, in this order over and over, and what stands in its answer alone of the five."""
PLACEHOLDER = "收到，"
LONGEST_S = 1800.0


class Bench:
    """One server, one data folder, one bot process at a time."""

    def __init__(self, api: BotApi, home: Path, users: int, messages: int) -> None:
        self.api, self.home = api, home
        self.users, self.messages = users, messages
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {**os.environ, "XIANGDAO_HOME": str(self.home), "XIANGDAO_TELEGRAM_TOKEN": TOKEN,
                       "XIANGDAO_TELEGRAM_API": self.api.url, "XIANGDAO_ENGINE": "extractive"}  # fmt: skip
        self._process = subprocess.Popen([*CLI, "bot", "telegram"], env=environment, stderr=subprocess.DEVNULL)

    def ready(self) -> None:
        """Wait for an answer: everything is loaded then."""
        self.api.say(1, "谢谢")
        self.api.wait(lambda: any("不客气" in s.text for s in self.api.chat(1)), 300)

    def kill(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
            self._process.kill()

    def peak_mb(self) -> float | None:
        """The bot's largest memory so far (Linux)."""
        status = Path(f"/proc/{self._process.pid if self._process else 0}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), None)

    def burst(self, first: int) -> tuple[list[int], range]:
        """Every user sends all his messages at once: the numbers of the updates, and the users."""
        people = range(first, first + self.users)
        numbers = [self.api.say(user, ASKED[n % len(ASKED)][0]) for n in range(self.messages) for user in people]
        return numbers, people

    def answers(self, user: int) -> list[Sent]:
        return [sent for sent in self.api.chat(user) if not sent.text.startswith(PLACEHOLDER)]

    def count(self, people: range) -> int:
        with self.api._lock:
            return sum(s.chat in people and not s.text.startswith(PLACEHOLDER) for s in self.api.sent.values())

    def finished(self, people: range, tell: Callable[[str], None]) -> None:
        """Wait until as many answers are there as questions, and a while longer for any that should not come."""
        wanted, until, told = self.users * self.messages, time.monotonic() + LONGEST_S, 0.0
        while (count := self.count(people)) < wanted and time.monotonic() < until:
            if time.monotonic() - told > 15:
                told = time.monotonic()
                tell(f"  已答 {count}/{wanted}")
            time.sleep(0.2)
        time.sleep(3)

    def faults(self, people: range) -> dict[str, int]:
        """How many questions were left without an answer, answered twice, or answered out of order; and what is left over."""
        lost = twice = order = over = 0
        for user in people:
            found = [s.text for s in self.answers(user)]
            lost += max(0, self.messages - len(found))
            twice += max(0, len(found) - self.messages)
            order += sum(ASKED[n % len(ASKED)][1] not in text for n, text in enumerate(found[: self.messages]))
            over += len(self.api.chat(user)) - len(found)
        return {"漏答": lost, "多答": twice, "次序或内容不对": order, "多出的占位消息": over}


def under_burst(bench: Bench, tell: Callable[[str], None]) -> list[Measure]:
    """All at once: how soon each message is kept for good, how soon its user sees something, how long it takes to answer all."""
    began = time.monotonic()
    numbers, people = bench.burst(100_000)
    bench.finished(people, tell)
    updates = [bench.api.updates[number] for number in numbers]
    kept = [(u.confirmed_at - u.at) * 1000 for u in updates if u.confirmed_at]
    shown = [min(s.at for s in bench.api.chat(user)) - began for user in people if bench.api.chat(user)]
    took = max(s.changed_at or s.at for user in people for s in bench.answers(user)) - began
    note = f"{bench.users} 人同时各发 {bench.messages} 条"
    rows = [Measure(f"同时来：{name}", value, "条", note) for name, value in bench.faults(people).items()]
    rows += [
        Measure("同时来：没有确认收下", len(updates) - len(kept), "条", note),
        Measure("收下（写进磁盘并告诉 Telegram）：中位", percentile(kept, 0.5), "毫秒", note),
        Measure("收下：P99", percentile(kept, 0.99), "毫秒", note),
        Measure("收下：最长", max(kept, default=None), "毫秒", note),
        Measure("每人看到第一条回音：P99", percentile(shown, 0.99), "秒", "受每秒 30 条的限速"),
        Measure("全部答完", took, "秒", f"每条发一次、改一次，限速下最快 {2 * len(numbers) / 30:.0f} 秒"),
        Measure("机器人内存峰值", bench.peak_mb(), "MB"),
    ]
    return rows


def under_kills(bench: Bench, kills: int, tell: Callable[[str], None]) -> list[Measure]:
    """The same burst with the process killed and started again at random moments."""
    chance = random.Random(7)
    numbers, people = bench.burst(200_000)
    total = bench.users * bench.messages
    moments = sorted(chance.sample(range(1, max(kills + 1, int(total * 0.9))), kills))
    for moment in moments:
        until = time.monotonic() + LONGEST_S
        while bench.count(people) < moment and time.monotonic() < until:
            time.sleep(chance.random() * 0.05)
        bench.kill()
        tell(f"  已答 {bench.count(people)} 条时强行结束")
        bench.start()
    bench.finished(people, tell)
    kept = sum(bench.api.updates[number].confirmed_at is not None for number in numbers)
    note = f"{bench.users} 人各 {bench.messages} 条，中间强行结束 {kills} 次"
    rows = [Measure(f"强行结束：{name}", value, "条", note) for name, value in bench.faults(people).items()]
    return [*rows, Measure("强行结束：确认收下", kept, "条", note)]


def run(users: int, messages: int, kills: int, tell: Callable[[str], None]) -> list[Measure]:
    """Both loads, in a data folder of its own."""
    api = BotApi()
    api.keeps_calls = False
    with tempfile.TemporaryDirectory(prefix="xiangdao-bench-", ignore_cleanup_errors=True) as folder, api.running():
        bench = Bench(api, Path(folder), users, messages)
        try:
            tell("启动机器人（第一次要建索引）…")
            bench.start()
            bench.ready()
            tell("同时来…")
            rows = under_burst(bench, tell)
            if kills:
                tell("强行结束…")
                rows += under_kills(bench, kills, tell)
        finally:
            bench.stop()
    return rows


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench_bots", description="Telegram 机器人在忙的时候怎么样")
    parser.add_argument("--users", type=int, default=200, help="多少人同时发（默认 200）")
    parser.add_argument("--messages", type=int, default=5, help="每人几条（默认 5）")
    parser.add_argument("--kills", type=int, default=5, help="第二轮强行结束几次（默认 5，0 不测）")
    parser.add_argument("--json", type=Path, help="把结果写进这个文件")
    chosen = parser.parse_args(argv)
    rows = run(chosen.users, chosen.messages, chosen.kills, lambda text: print(text, file=sys.stderr, flush=True))
    print(f"{platform.system()} {platform.machine()}，{os.cpu_count()} 核，Python {platform.python_version()}")
    for m in rows:
        value = "–" if m.value is None else f"{m.value:,.0f}" if m.unit == "条" else f"{m.value:,.2f}"
        print(f"{m.name}：{value} {m.unit}" + (f"（{m.note}）" if m.note else ""))
    if chosen.json:
        rows_json = json.dumps([asdict(m) for m in rows], ensure_ascii=False, indent=1)
        chosen.json.write_text(rows_json + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
