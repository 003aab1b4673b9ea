"""Benchmark of the tools: python -m eval.bench_tools. Milliseconds of the first call, of a later one, and of each report file."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from eval.metrics import percentile
from tools import registry
from tools.report import files
from tools.spec import specs

REPEAT = 20


def _ms(work: Any) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def main() -> int:
    for name, spec in specs().items():
        first = _ms(lambda n=name, a=spec.sample: registry.run(n, a))
        later = [_ms(lambda n=name, a=spec.sample: registry.run(n, a)) for _ in range(REPEAT)]
        print(f"{name}：第一次 {first:.0f} 毫秒，以后中位 {percentile(later, 0.5):.1f}，最慢 {max(later):.1f}")
    outcome = registry.run("roadmap", specs()["roadmap"].sample)
    with tempfile.TemporaryDirectory(prefix="xiangdao-bench-") as folder:
        for ending in (".docx", ".pdf", ".xlsx"):
            print(
                f"路线图{ending}：{_ms(lambda e=ending: files.write('roadmap', outcome, Path(folder) / f'路线图{e}')):.0f} 毫秒"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
