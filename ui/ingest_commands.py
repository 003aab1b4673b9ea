"""`xiangdao ingest` and `xiangdao jobs`: documents handed in, taken in with progress, what failed and why."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import BadFile, BadInput, DiskFull
from core.output import write_whole
from core.spaces import space_for
from ingest.queue import OPEN
from ingest.rereading import is_due
from ui.machine import opened_index, settings
from ui.screen import ProgressBar, plain, tell

if TYPE_CHECKING:
    from ingest.jobs import Jobs
    from ingest.queue import Job, Task

STATES = {
    "added": "已录入",
    "replaced": "已更新",
    "unchanged": "没有变化",
    "failed": "没录进去",
    "cancelled": "没有录",
    "queued": "排着队",
    "running": "正在录",
    "would_add": "将会录入",
    "skipped": "不用录",
}
_JOB_STATES = {"queued": "排着队", "running": "正在录", "indexing": "正在建索引", "done": "完成", "cancelled": "已停下"}
_AGAIN = "xiangdao jobs retry"


def ingest(args: argparse.Namespace) -> int:
    """Take files in, in the foreground or the background, or keep watching a folder."""
    user = settings().user
    space = space_for(args.space, user)
    if args.dry_run:
        return _preview(args.paths, space)
    from ingest.jobs import Jobs

    _check_report(args.report)
    jobs = Jobs(opened_index())
    if args.watch:
        return _watch(jobs, args.paths, space, user)
    job_id = jobs.submit(args.paths, space, user)
    if args.background:
        work_apart()
        total = jobs.job(job_id, user).total
        print(f"已交给后台，共 {total} 份，编号 {job_id}。看进度：xiangdao jobs show {job_id}")
        return 0
    try:
        return _followed(jobs, job_id, user, set())
    finally:
        _write_report(jobs, job_id, user, args.report)


def _check_report(path: Path | None) -> None:
    """Before hours of work, not after: whether the report can be written."""
    if path is None:
        return
    if path.suffix.lower() != ".csv":
        raise BadInput("--report 写的是 .csv 表格。", f"文件名改成以 .csv 结尾，例如 {path.stem or '报告'}.csv。")
    if not path.absolute().parent.is_dir():
        raise BadInput(f"--report 的文件夹不存在：{plain(str(path.parent))}。", "先建好文件夹，或换一个位置。")


def _write_report(jobs: Jobs, job_id: str, user: str, path: Path | None) -> None:
    from ingest.report import as_csv

    if path is None:
        return
    try:
        write_whole(path, as_csv(jobs.tasks(job_id, user)))
    except OSError as exc:
        raise BadFile(
            f"报告写不进 {plain(str(path))}。",
            "换一个位置，再运行 xiangdao jobs show 编号 --report 文件.csv。",
        ) from exc
    tell(f"每个文件的结果写在 {plain(str(path))}")


def _preview(paths: Iterable[str], space: str) -> int:
    from ingest.pipeline import Ingestor

    bar = ProgressBar("查看", 1)
    outcomes = Ingestor(opened_index()).ingest(paths, space, dry_run=True, progress=bar)
    bar.close()
    for outcome in outcomes:
        _line(outcome.status, str(outcome.path), outcome.passages, outcome.message)
    return 1 if any(o.status == "failed" for o in outcomes) else 0


def _line(state: str, place: str, passages: int, message: str) -> None:
    size = f"{passages} 段" if passages and state != "failed" else ""
    said = message if state in {"failed", "skipped", "would_add", "added", "replaced"} else ""
    print("  ".join(filter(None, (STATES[state], plain(place), size, plain(said)))))


def _followed(jobs: Jobs, job_id: str, user: str, told: set[int]) -> int:
    """Work until a job is over, one line a file that is not yet told of; Ctrl+C leaves the rest queued."""
    before = jobs.queue.waiting() - jobs.job(job_id, user).total + jobs.job(job_id, user).finished
    if before > 0:
        tell(f"前面还有 {before} 份没录完，先录它们。")
    bar, pace = ProgressBar("录入", 1), Pace()
    jobs.start()
    try:
        for job in jobs.follow(job_id, user):
            ended = jobs.queue.ended_since(job_id, told)
            if ended:
                bar.close()
                _tell_ended(ended, told)
            bar(job.finished, job.total, _doing(job, jobs.indexing, pace.told(job.finished, job.total)))
    except KeyboardInterrupt:
        bar.close()
        left = jobs.job(job_id, user)
        tell(
            f"\n已停下，还有 {left.total - left.finished} 份排着队。接着录：xiangdao jobs run；不要了：xiangdao jobs cancel {job_id}"
        )
        return 1
    except DiskFull as exc:
        bar.close()
        _tell_ended(jobs.queue.ended_since(job_id, told), told)
        left = jobs.job(job_id, user)
        raise _left_queued(exc, left.total - left.finished) from exc
    finally:
        jobs.stop()
    bar.close()
    job = jobs.job(job_id, user)
    counts = job.counts
    if job.total > 1 or counts.get("skipped"):
        for line in jobs.report(job_id, user).lines:
            tell(plain(line) if not line.startswith(" ") else "  " + plain(line))
    if failed := counts.get("failed", 0):
        tell(f"{failed} 份没录进去，原因在上面，也记在 xiangdao jobs show {job_id}；改好后：{_AGAIN} {job_id}")
        from ingest.readers import ocr

        if not ocr.installed():
            tell("扫描件、图片要先装文字识别：python3 start.py setup ocr")
    return 1 if failed else 0


def _left_queued(exc: DiskFull, left: int) -> DiskFull:
    """The error with what became of the files that are not in yet."""
    return DiskFull(
        exc.message,
        f"没录的 {left} 份还排着队。{exc.hint}" if left else exc.hint,
        command="腾出空间后接着录：xiangdao jobs run" if left else exc.command,
    )


def _tell_ended(tasks: Iterable[Task], told: set[int]) -> None:
    """A line a file that came to an end; those that were not meant to be taken in are only counted in the report."""
    for task in tasks:
        told.add(task.task_id)
        if task.state == "skipped":
            continue
        _line(task.state, task.place, task.passages, task.message)


class Pace:
    """How fast files come to an end, from what was seen since the last `WINDOW` looks."""

    WINDOW = 150

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque(maxlen=self.WINDOW)

    def told(self, finished: int, total: int) -> str:
        """Files a second and the time that is left, in words; empty while that cannot be told."""
        self._seen.append((time.monotonic(), finished))
        seconds, files = self._seen[-1][0] - self._seen[0][0], finished - self._seen[0][1]
        if seconds < 2 or files < 5 or finished >= total:
            return ""
        rate = files / seconds
        left = (total - finished) / rate
        again = f"{left:.0f} 秒" if left < 90 else f"{left / 60:.0f} 分钟" if left < 5400 else f"{left / 3600:.1f} 小时"
        return f"{rate:.1f} 份/秒 还要约 {again} "


def _doing(job: Job, indexing: tuple[int, int], pace: str) -> str:
    done, total = indexing
    if total:
        return f"{pace}建索引 {done}/{total} 段"
    if job.state == "indexing":
        return "建索引"
    task = job.running
    if task is None:
        return pace
    pages = f" {task.done}/{task.total} 页" if task.total else ""
    return f"{pace}{task.stage}{pages} {task.name}"


def work_apart() -> None:
    """Work on the queue in a process of its own that goes on when this one ends."""
    script = "import sys; from ui.terminal import main; sys.exit(main(['jobs', 'run']))"
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if sys.platform == "win32":
        quiet["creationflags"] = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        quiet["start_new_session"] = True
    subprocess.Popen([sys.executable, "-c", script], **quiet)


def _watch(jobs: Jobs, paths: Iterable[str], space: str, user: str) -> int:
    from ingest.watch import Watcher

    folders = [Path(path) for path in paths]
    if wrong := next((folder for folder in folders if not folder.is_dir()), None):
        raise BadInput(
            f"--watch 后面要跟文件夹，{plain(str(wrong))} 不是。", "写上文件夹的路径；只录一次就去掉 --watch。"
        )
    told: set[int] = set()
    watcher = Watcher(jobs, folders, space, user)
    tell(f"正在看着：{'、'.join(plain(str(f)) for f in folders)}。放进去、改过的文件会自动录入；按 Ctrl+C 结束。")
    jobs.start()
    try:
        ending = threading.Event()
        for job_id in watcher.run(ending):
            for _ in jobs.follow(job_id, user):
                _tell_ended(jobs.queue.ended_since(job_id, told), told)
    except KeyboardInterrupt:
        tell("\n不看了。录过的都在。")
    finally:
        jobs.stop()
    return 0


# ---- xiangdao jobs


def run(args: argparse.Namespace) -> int:
    from ingest.jobs import Jobs

    jobs, user = Jobs(opened_index()), settings().user
    match args.action:
        case "list":
            return _list(jobs, user, args.json)
        case "show":
            return _show(jobs, args.id, user, args.report)
        case "run":
            return _run(jobs)
        case "cancel":
            count = jobs.cancel(args.id, user)
            print(f"已停下，{count} 份不录了。已经录进去的还在。" if count else "这个任务已经录完了，没有可停的。")
        case "retry":
            return _retry(jobs, args.id, user)
        case _:
            over = [job for job in jobs.jobs(user) if job.is_over]
            for job in over:
                jobs.drop(job.job_id, user)
            print(f"清掉了 {len(over)} 个已结束的任务记录。录进去的资料还在。")
    return 0


def _list(jobs: Jobs, user: str, as_json: bool) -> int:
    found = jobs.jobs(user)
    if as_json:
        rows = [
            {"id": j.job_id, "created_at": j.created_at, "space": j.space, "state": j.state, "counts": j.counts,
             "failed": [{"place": t.place, "message": t.message} for t in jobs.tasks(j.job_id, user, "failed")]}
            for j in found
        ]  # fmt: skip
        print(json.dumps({"jobs": rows}, ensure_ascii=False))
        return 0
    newer: set[str] = set()
    for job in found:
        _headline(job)
        tasks = jobs.tasks(job.job_id, user)
        for task in tasks:
            if task.state == "failed" and task.place not in newer:
                print("  ", end="")
                _line(task.state, task.place, 0, task.message)
        newer.update(task.place for task in tasks)
    if not found:
        print("没有录入任务。录入：xiangdao ingest 文件或文件夹")
    return 0


def _headline(job: Job) -> None:
    counts = "，".join(f"{STATES[state]} {n} 份" for state, n in job.counts.items())
    space = "" if job.space == "public" else f"  〔空间 {plain(job.space)}〕"
    begun = datetime.fromisoformat(job.created_at).astimezone()
    print(f"{job.job_id}  {begun:%Y-%m-%d %H:%M}  {_JOB_STATES[job.state]}  {counts}{space}")


def _show(jobs: Jobs, job_id: str, user: str, path: Path | None) -> int:
    _check_report(path)
    _headline(jobs.job(job_id, user))
    if path:
        _write_report(jobs, job_id, user, path)
        return 0
    for task in jobs.tasks(job_id, user):
        _line(task.state, task.place, task.passages, task.message or task.stage)
    return 0


def _run(jobs: Jobs) -> int:
    count = jobs.queue.waiting()
    if not count:
        if jobs.queue.unindexed() or is_due(jobs.index.ledger):
            jobs.work()
        print("没有排着队的文件。")
        return 0
    try:
        worked = jobs.work()
    except KeyboardInterrupt:
        tell(f"\n已停下，还有 {jobs.queue.waiting()} 份排着队。接着录：xiangdao jobs run")
        return 1
    except DiskFull as exc:
        raise _left_queued(exc, jobs.queue.waiting()) from exc
    if not worked:
        print("另一个向导程序正在录，排着队的会由它录完。")
    else:
        print(f"排着队的 {count} 份都处理完了。看结果：xiangdao jobs list")
    return 0


def _retry(jobs: Jobs, job_id: str | None, user: str) -> int:
    chosen = [job_id] if job_id else [job.job_id for job in reversed(jobs.jobs(user))]
    again = [name for name in chosen if jobs.retry(name, user)]
    if not again:
        print("没有要重试的：没有录失败或停下的文件。")
        return 0
    told = {name: {t.task_id for t in jobs.tasks(name, user) if t.state not in OPEN} for name in again}
    return max(_followed(jobs, name, user, told[name]) for name in again)
