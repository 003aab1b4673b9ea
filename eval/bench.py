"""Benchmarks of whole processes and of the warm assistant: python -m eval.bench [--documents FOLDER] [--json FILE]

Everything runs in a data folder of its own that is removed afterwards. Whole processes are timed from start to exit,
as a user waits for them; their memory is the peak that the operating system reports (Linux and macOS).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.errors import XiangdaoError
from core.settings import load_settings
from core.types import Brief, Done
from eval.metrics import percentile
from eval.questions import SETS, read_questions

ASKED = 150
CLI = (sys.executable, "-c", "import sys; from ui.terminal import main; sys.exit(main())")
QUESTION = "到2027年中小企业上云率要达到多少？"
SYNTHETIC_CHARACTERS = 200_000


@dataclass(frozen=True)
class Measure:
    """One measured value; note says how, or why there is none."""

    name: str
    value: float | None
    unit: str
    note: str = ""


@dataclass(frozen=True)
class Process:
    """One finished child process. cpu_s, peak_mb: its processor time and largest memory, None where nobody says."""

    seconds: float
    cpu_s: float | None
    peak_mb: float | None


def run_process(arguments: Sequence[str], home: Path) -> Process:
    """Run the command line in a data folder and time it. A failure is a XiangdaoError with its last line."""
    environment = {**os.environ, "XIANGDAO_HOME": str(home)}
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        child = subprocess.Popen([*CLI, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=said)
        cpu_s = peak_mb = None
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            cpu_s, peak_mb = usage.ru_utime + usage.ru_stime, _megabytes(usage.ru_maxrss)
        seconds = time.perf_counter() - started if child.wait() == 0 else 0.0
        if child.returncode:
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines()
            raise XiangdaoError(lines[-1] if lines else f"退出码 {child.returncode}")
    return Process(seconds, cpu_s, peak_mb)


def _megabytes(ru_maxrss: int) -> float:
    """ru_maxrss is in bytes on macOS, in kibibytes elsewhere."""
    return ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def processes(home: Path) -> list[Measure]:
    """Whole processes: help, the very first question (it builds the index), a later question."""
    rows = _process("启动（--help）", ["--help"], home, repeat=5)
    rows += _process("第一次提问（含建索引）", ["ask", QUESTION], home, repeat=1)
    return rows + _process("再次提问", ["ask", QUESTION], home, repeat=5)


def _process(name: str, arguments: Sequence[str], home: Path, repeat: int) -> list[Measure]:
    try:
        runs = [run_process(arguments, home) for _ in range(repeat)]
    except (XiangdaoError, OSError) as exc:
        return [Measure(name, None, "秒", f"没跑成：{exc}")]
    peaks = [r.peak_mb for r in runs if r.peak_mb is not None]
    cpu_s = percentile((r.cpu_s for r in runs if r.cpu_s is not None), 0.5)
    note = (
        "整个进程"
        + (f"，{repeat} 次的中位数" if repeat > 1 else "")
        + (f"，其中处理器 {cpu_s:.2f} 秒" if cpu_s else "")
    )
    rows = [Measure(name, percentile((r.seconds for r in runs), 0.5), "秒", note)]
    return rows + ([Measure(f"{name}：内存峰值", max(peaks), "MB")] if peaks else [])


def ingestion(home: Path, documents: Path | None) -> list[Measure]:
    """Recording documents: those given, else one made-up text of 200,000 characters."""
    with tempfile.TemporaryDirectory(prefix="xiangdao-bench-") as scratch:
        source = documents or _synthetic(Path(scratch))
        characters = sum(len(p.read_text("utf-8", "replace")) for p in _texts(source))
        rows = _process("录入资料", ["ingest", str(source)], home, repeat=1)
    if rows[0].value and characters:
        rows.append(Measure("录入速度", characters / rows[0].value, "字/秒", f"{characters} 字"))
    return rows


def _synthetic(folder: Path) -> Path:
    """A text with headings and distinct sentences."""
    parts, size = ["某地中小企业数字化转型工作手册"], 0
    for n in range(1, 10_000):
        sentence = f"第 {n} 家企业在 {2000 + n % 25} 年上线第 {n % 17} 套系统，设备联网 {n * 7 % 991} 台。"
        parts.append(f"（{n}）第 {n} 项工作\n" + sentence * 4)
        size += len(parts[-1])
        if size > SYNTHETIC_CHARACTERS:
            break
    path = folder / "bench.txt"
    path.write_text("\n\n".join(parts), encoding="utf-8")
    return path


def _texts(source: Path) -> list[Path]:
    found = [source] if source.is_file() else sorted(source.rglob("*"))
    return [p for p in found if p.suffix.lower() in {".txt", ".md"}]


def warm(home: Path) -> list[Measure]:
    """The assistant in this process: opening it, retrieval, answers, memory."""
    started = time.perf_counter()
    assistant = build_assistant(load_settings().model_copy(update={"home": home}), remember=False)
    assistant.answer(QUESTION)
    rows = [Measure("打开并答第一题（本进程）", time.perf_counter() - started, "秒", "索引已建好")]
    questions = [row.question for row in read_questions(SETS / "qa.jsonl")][:ASKED]
    note = f"{len(questions)} 题"
    found = [_timed(lambda q=question: assistant.retriever.search(q)) for question in questions]  # type: ignore[misc]
    firsts, totals = zip(*(_answered(assistant, question) for question in questions), strict=True)
    for name, values in (("检索", found), ("答案出现", firsts), ("答完", totals)):
        rows.append(Measure(f"{name}：中位", percentile(values, 0.5), "毫秒", note))
        rows.append(Measure(f"{name}：P95", percentile(values, 0.95), "毫秒", note))
    return [*rows, Measure("常驻内存", resident_mb(), "MB", f"答完 {note}后")]


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _answered(assistant: Assistant, question: str) -> tuple[float, float]:
    """Milliseconds until an answer is shown, and until it is final."""
    started, first = time.perf_counter(), 0.0
    for event in assistant.ask(question):
        if isinstance(event, (Brief, Done)) and not first:
            first = (time.perf_counter() - started) * 1000
    return first, (time.perf_counter() - started) * 1000


def resident_mb() -> float | None:
    """This process's resident memory now; its peak where the system tells only that; None on Windows."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
    try:
        import resource
    except ImportError:
        return None
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def run(documents: Path | None = None) -> list[Measure]:
    """All benchmarks, in a data folder of their own."""
    with tempfile.TemporaryDirectory(prefix="xiangdao-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        return processes(home) + warm(home) + ingestion(home, documents)


def main(argv: Sequence[str] | None = None) -> int:
    description = "测速：启动、首答、检索、回答、录入、内存"
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=description)
    parser.add_argument("--documents", type=Path, help="用来测录入的文件或文件夹；不给就用一份 20 万字的假资料")
    parser.add_argument("--json", type=Path, help="把结果写进这个文件")
    chosen = parser.parse_args(argv)
    measures = run(chosen.documents)
    print(f"{platform.system()} {platform.machine()}，{os.cpu_count()} 核，Python {platform.python_version()}")
    for m in measures:
        value = f"{m.value:,.2f} {m.unit}" if m.value is not None else "–"
        print(f"{m.name}：{value}" + (f"（{m.note}）" if m.note else ""))
    if chosen.json:
        rows = json.dumps([asdict(m) for m in measures], ensure_ascii=False, indent=1)
        chosen.json.write_text(rows + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
