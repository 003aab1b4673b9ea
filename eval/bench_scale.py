"""Benchmark of a large index: python -m eval.bench_scale [--passages N] [--json FILE]

Made-up notices (eval/many_notices.py) are ingested beside the bundled cards, without a model, in a data folder that is removed
afterwards. Everything is measured in child processes: ingestion with vectors, opening, searching, memory, and the same
files again. Ratios compare with an index of 1,000 passages of notices made in the same run.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from eval.bench import Measure, _megabytes, resident_mb
from eval.many_notices import Notice, notices
from eval.metrics import percentile
from eval.questions import SETS, read_questions

SMALL = 1_000
UNCHANGED = 1_000
ASKED = 100
DEPTH = 5
LIMITS = {
    "录入速度": ">= 1000",
    "打开索引": "< 3",
    "检索 P95": "< 150",
    "内存峰值": "< 1500",
    "每题的代价": "< 3",
    "重录": "< 5",
}


def ingest(home: Path, folder: Path) -> dict[str, Any]:
    """Child: take a folder in. seconds and cpu_s are of the ingestion alone, the bundled index being there."""
    from assistant.build import open_index
    from core.settings import load_settings
    from ingest.pipeline import Ingestor

    index = open_index(load_settings().model_copy(update={"home": home}))
    before, started, cpu = index.ledger.count("passage"), time.perf_counter(), _cpu_s()
    outcomes = Ingestor(index).ingest([folder])
    seconds, cpu = time.perf_counter() - started, _cpu_s() - cpu
    kinds = {status: sum(o.status == status for o in outcomes) for status in ("added", "unchanged", "failed")}
    return {"seconds": seconds, "cpu_s": cpu, "passages": index.ledger.count("passage") - before, **kinds, **_memory()}


def search(home: Path, questions: Path) -> dict[str, Any]:
    """Child: open the index as a command does, then search. found: how often the notice asked about is in the first five."""
    started, cpu = time.perf_counter(), _cpu_s()
    from assistant.build import open_index
    from core.settings import load_settings
    from corpus.retrieve import Retriever

    index = open_index(load_settings().model_copy(update={"home": home}))
    opened = time.perf_counter() - started
    retriever = Retriever(index)
    retriever.search("数字化转型从哪里开始")
    first, opened_cpu = time.perf_counter() - started, _cpu_s() - cpu
    asked = json.loads(questions.read_text("utf-8"))
    for question, _ in asked[:10]:
        retriever.search(question)
    took, cost, found = [], [], []
    for question, mark in asked:
        began, cpu = time.perf_counter(), _cpu_s()
        hits = retriever.search(question)
        took.append((time.perf_counter() - began) * 1000)
        cost.append((_cpu_s() - cpu) * 1000)
        if mark:
            found.append(any(mark in hit.passage.title for hit in hits[:DEPTH]))
    return {
        "opened_s": opened, "first_s": first, "opened_cpu_s": opened_cpu, "median_ms": percentile(took, 0.5), "p95_ms": percentile(took, 0.95),
        "cpu_ms": sum(cost) / len(cost), "found": sum(found) / max(len(found), 1), "passages": index.ledger.count("passage"), **_memory(),
    }  # fmt: skip


def _cpu_s() -> float:
    """Processor time of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _memory() -> dict[str, float | None]:
    try:
        import resource
    except ImportError:
        return {"peak_mb": None, "resident_mb": resident_mb()}
    return {"peak_mb": _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss), "resident_mb": resident_mb()}


def child(work: str, home: Path, argument: Path) -> dict[str, Any]:
    """Run one of the above in a process of its own."""
    script = "import sys; from eval.bench_scale import inside; inside(*sys.argv[1:])"
    command = [sys.executable, "-c", script, work, str(home), str(argument)]
    environment = {**os.environ, "XIANGDAO_HOME": str(home)}
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def inside(work: str, home: str, argument: str) -> None:
    gc.set_threshold(100_000, 50, 50)  # as a command of the terminal runs
    print(json.dumps({"ingest": ingest, "search": search}[work](Path(home), Path(argument))))


def write(found: Sequence[Notice], folder: Path) -> None:
    folder.mkdir(parents=True)
    for notice in found:
        (folder / f"{notice.name}.txt").write_text(notice.text, encoding="utf-8")


def asked(found: Sequence[Notice], path: Path) -> Path:
    """Half of the questions about the notices, evenly spread, half of the bundled question set."""
    spread = found[:: max(1, len(found) // ASKED)][:ASKED]
    own = [(n.question, n.mark) for n in spread]
    general = [(row.question, "") for row in read_questions(SETS / "qa.jsonl")][:ASKED]
    path.write_text(json.dumps(own + general, ensure_ascii=False), encoding="utf-8")
    return path


def run(passages: int, scratch: Path) -> list[Measure]:
    """All measures, the large index after the small one."""
    large = list(notices(passages))
    small = list(notices(SMALL, seed=8))
    write(large, scratch / "large-files")
    write(small, scratch / "small-files")
    write(list(islice(large, UNCHANGED)), scratch / "same-files")
    child("ingest", scratch / "small", scratch / "small-files")
    little = child("search", scratch / "small", asked(small, scratch / "small.json"))
    taken = child("ingest", scratch / "large", scratch / "large-files")
    much = child("search", scratch / "large", asked(large, scratch / "large.json"))
    again = child("ingest", scratch / "large", scratch / "same-files")
    return _measures(passages, taken, little, much, again)


def _measures(passages: int, taken: Any, little: Any, much: Any, again: Any) -> list[Measure]:
    count = f"{taken['added']} 份，{taken['passages']} 段"
    return [
        Measure("录入速度", taken["passages"] / taken["seconds"], "段/秒", f"{count}，含向量，处理器 {taken['cpu_s']:.0f} 秒"),
        Measure("录入：内存峰值", taken["peak_mb"], "MB"),
        Measure("打开索引", much["opened_s"], "秒", f"含引入程序，{much['passages']} 段；小的 {little['opened_s']:.2f} 秒"),
        Measure("打开并查第一次", much["first_s"], "秒", f"处理器 {much['opened_cpu_s']:.2f} 秒；小的 {little['first_s']:.2f} 秒"),
        Measure("检索：中位", much["median_ms"], "毫秒", f"小的 {little['median_ms']:.1f}"),
        Measure("检索 P95", much["p95_ms"], "毫秒", f"小的 {little['p95_ms']:.1f}"),
        Measure("检索：内存峰值", much["peak_mb"], "MB", f"小的 {little['peak_mb']:.0f}"),
        Measure("每题的代价", much["cpu_ms"] / little["cpu_ms"], "倍", f"处理器 {little['cpu_ms']:.1f} → {much['cpu_ms']:.1f} 毫秒"),
        Measure("问到的通知在前五段", much["found"] * 100, "%", f"小的 {little['found']:.0%}"),
        Measure("重录没有变的文件", again["seconds"], "秒", f"{again['unchanged']} 份没有变，处理器 {again['cpu_s']:.1f} 秒"),
    ]  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench_scale", description="大索引：录入、打开、检索、内存、重录"
    )
    parser.add_argument("--passages", type=int, default=100_000, metavar="N", help="约多少段（默认 100000）")
    parser.add_argument("--folder", type=Path, help="在这个空文件夹里做，做完不删")
    parser.add_argument("--json", type=Path, help="把结果写进这个文件")
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="xiangdao-scale-", ignore_cleanup_errors=True) as folder:
        measures = run(chosen.passages, chosen.folder or Path(folder))
    for m in measures:
        limit = next((f"  目标 {limit}" for name, limit in LIMITS.items() if name in m.name), "")
        value = f"{m.value:,.2f} {m.unit}" if m.value is not None else "–"
        print(f"{m.name}：{value}{limit}" + (f"（{m.note}）" if m.note else ""))
    if chosen.json:
        rows = json.dumps([m.__dict__ for m in measures], ensure_ascii=False, indent=1)
        chosen.json.write_text(rows + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
