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

CALLS: dict[str, dict[str, Any]] = {
    "maturity": {"行业": "注塑", "已用系统": ["金蝶ERP"], "生产制造": "纸质"},
    "size_class": {"行业": "注塑", "从业人员": 280, "营业收入万元": 19000},
    "subsidy": {"行业": "注塑", "从业人员": 280, "营业收入万元": 19000, "地区": "苏州"},
    "roadmap": {"行业": "汽车零部件", "从业人员": 280, "当前等级": 2, "预算万元": 300, "地区": "苏州"},
    "sector_path": {"行业": "装备制造"},
    "scenarios": {"行业": "注塑"},
    "cases": {"行业": "汽车零部件"},
    "tool_vendors": {"工具": "MES"},
    "glossary": {"术语": "MES"},
    "benchmark": {"行业": "注塑", "营业收入万元": 5000, "投入万元": 40},
}
REPEAT = 20


def _ms(work: Any) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def main() -> int:
    for name, arguments in CALLS.items():
        first = _ms(lambda n=name, a=arguments: registry.run(n, a))
        later = [_ms(lambda n=name, a=arguments: registry.run(n, a)) for _ in range(REPEAT)]
        print(f"{name}：第一次 {first:.0f} 毫秒，以后中位 {percentile(later, 0.5):.1f}，最慢 {max(later):.1f}")
    outcome = registry.run("roadmap", CALLS["roadmap"])
    with tempfile.TemporaryDirectory(prefix="xiangdao-bench-") as folder:
        for ending in (".docx", ".pdf", ".xlsx"):
            print(
                f"路线图{ending}：{_ms(lambda e=ending: files.write('roadmap', outcome, Path(folder) / f'路线图{e}')):.0f} 毫秒"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
