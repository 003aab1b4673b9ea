"""`xiangdao eval`: run the question files, print the report, write it, compare it with an earlier one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.errors import BadFile
from eval.questions import bundled_files
from eval.report import build_report, load_report, render, write_report
from eval.report import compare as compare_reports
from eval.runner import Runner


def run(
    files: Sequence[Path] = (),
    out: Path | None = None,
    compare: Path | None = None,
    misses: int = 20,
    cards_only: bool = False,
    assistant: Assistant | None = None,
) -> int:
    """Evaluate; the exit status. Without files, the bundled sets; a folder stands for the .jsonl files in it.

    out: folder for report.json and report.md. compare: an earlier report.json. misses: how many wrong answers to list.
    """
    earlier = load_report(compare) if compare else None
    chosen = question_files(files)
    assistant = assistant or build_assistant(progress=_say, remember=False)
    runner = Runner(assistant, cards_only)
    outcomes = runner.run(chosen, _say)
    about = {
        "题库": "、".join(path.name for path in chosen),
        "资料": "自带卡片" if cards_only or not runner.has_documents else "自带卡片和录入的原文",
    }
    report = build_report(outcomes, about)
    print(render(report, misses))
    if earlier:
        print(compare_reports(earlier, report))
    if out:
        for path in write_report(report, out, max(misses, 200)):
            _say(f"已写入 {path}")
    return 0


def question_files(paths: Sequence[Path]) -> list[Path]:
    """The files to run."""
    for path in paths:
        if not path.exists():
            raise BadFile(f"题库 {path} 不存在。", command="例如：xiangdao eval 题库.jsonl")
    chosen = [inner for path in paths for inner in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    if paths and not chosen:
        raise BadFile(f"{paths[0]} 里没有 .jsonl 题库。", command="例如：xiangdao eval 题库.jsonl")
    return chosen or bundled_files()


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
