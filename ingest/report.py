"""What became of the files of a job: how many of each outcome, why those that are not in are not, and the whole list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.sheets import csv_bytes
from ingest.queue import Task

OUTCOMES = {
    "added": "录入",
    "replaced": "更新",
    "unchanged": "没有变化",
    "failed": "没录进去",
    "skipped": "不用录",
    "cancelled": "停下了没录",
    "queued": "排着队",
    "running": "正在录",
}
HEADER = ("文件", "结果", "资料编号", "段数", "说明")
REASONS = 12
"""So many reasons are told one by one."""


@dataclass(frozen=True)
class Report:
    """counts: files by outcome, in the order of OUTCOMES; reasons: (outcome, why, how many), the most frequent first."""

    counts: dict[str, int]
    reasons: tuple[tuple[str, str, int], ...]

    @property
    def lines(self) -> list[str]:
        """The report in words: a line of counts, and one a reason."""
        told = [f"{OUTCOMES[state]} {count} 份" for state, count in self.counts.items()]
        shown = [f"  {OUTCOMES[state]}：{why}（{count} 份）" for state, why, count in self.reasons[:REASONS]]
        rest = sum(count for _, _, count in self.reasons[REASONS:])
        return ["，".join(told), *shown, *([f"  还有别的原因（{rest} 份）"] if rest else [])]


def report(counts: Mapping[str, int], told: Iterable[tuple[str, str, int]]) -> Report:
    """counts: files by state; told: of those that are not in: state, what was told of it, how many."""
    reasons = Counter[tuple[str, str]]()
    for state, message, count in told:
        reasons[state, _reason(message)] += count
    return Report(
        {state: counts[state] for state in OUTCOMES if counts.get(state)},
        tuple((state, why, count) for (state, why), count in reasons.most_common()),
    )


def _reason(message: str) -> str:
    """Why a file is not in, without what is to be done about it: the first sentence of what was told."""
    return message.partition("。")[0] or "原因没有记下"


def as_csv(tasks: Iterable[Task]) -> bytes:
    """The whole list as a .csv file without live formulas."""
    return csv_bytes([HEADER, *(_row(task) for task in tasks)])


def _row(task: Task) -> Sequence[str | int]:
    number = task.document_id.rpartition(":")[2]
    return (task.place, OUTCOMES[task.state], number, task.passages or "", " ".join(task.message.split()))
