"""Taking documents in through the queue: progress, failures, cancelling, several programs, and kill -9 at any moment."""

from __future__ import annotations

import multiprocessing
import random
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from core.errors import BadInput
from core.settings import Settings
from corpus.index import Index
from ingest.jobs import Jobs
from ingest.pipeline import Ingestor, Outcome
from ingest.queue import Job
from tests.ingest import job_killed

KILLS = 30


@pytest.fixture
def jobs(index: Index) -> Jobs:
    return Jobs(index)


def note(folder: Path, number: int, text: str = "") -> Path:
    path = folder / f"通知{number}.txt"
    path.write_text(
        f"第{number}号通知\n\n一、时间\n{text or f'{number}号厂每月{number}日盘库，由仓库班长签字。'}\n", "utf-8"
    )
    return path


def states(jobs: Jobs, job_id: str, user: str = "li") -> dict[str, int]:
    return Counter(task.state for task in jobs.tasks(job_id, user))


def test_what_is_handed_in_is_taken_in_and_the_job_tells_how_far_it_is(jobs: Jobs, tmp_path: Path) -> None:
    job_id = jobs.submit([note(tmp_path, 1), note(tmp_path, 2)], "public", "li")
    assert jobs.job(job_id, "li").state == "queued"
    assert jobs.work()
    job = jobs.job(job_id, "li")
    assert (job.state, job.finished, job.total) == ("done", 2, 2)
    assert states(jobs, job_id) == {"added": 2}
    assert {d.source_id for d in jobs.index.ledger.documents(origin="document")} == {"通知1", "通知2"}
    assert jobs.index.vectors is not None and jobs.index.vectors.rows() == jobs.index.ledger.rows()


def test_what_failed_stays_listed_with_its_reason_and_can_be_tried_again(jobs: Jobs, tmp_path: Path) -> None:
    bad = tmp_path / "坏.txt"
    bad.write_bytes(b"\x00\x01\x02")
    job_id = jobs.submit([bad, tmp_path / "没有.txt", note(tmp_path, 1)], "public", "li")
    jobs.work()
    assert states(jobs, job_id) == {"failed": 2, "added": 1}
    assert all(task.message for task in jobs.tasks(job_id, "li", "failed"))
    bad.write_text("修好了：每天下班前关总闸。", "utf-8")
    assert jobs.retry(job_id, "li") == 2
    jobs.work()
    assert states(jobs, job_id) == {"failed": 1, "added": 2}


def test_an_unchanged_file_is_skipped_and_a_changed_one_replaced(jobs: Jobs, tmp_path: Path) -> None:
    files = [note(tmp_path, 1), note(tmp_path, 2)]
    jobs.submit(files, "public", "li")
    jobs.work()
    generation = jobs.index.ledger.generation
    again = jobs.submit(files, "public", "li")
    jobs.work()
    assert states(jobs, again) == {"unchanged": 2} and jobs.index.ledger.generation == generation
    note(tmp_path, 2, "改为每月9日盘库。")
    third = jobs.submit([tmp_path], "public", "li")
    jobs.work()
    assert states(jobs, third)["unchanged"] == 1 and states(jobs, third)["replaced"] == 1


def test_two_files_of_one_name_in_one_job_do_not_overwrite_each_other(jobs: Jobs, tmp_path: Path) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        note(tmp_path / folder, 1, f"{folder}厂的说明。")
    job_id = jobs.submit([tmp_path / "甲", tmp_path / "乙"], "public", "li")
    jobs.work()
    one, other = jobs.tasks(job_id, "li")
    assert (one.state, other.state) == ("added", "added") and other.document_id == f"{one.document_id}-2"


def test_an_upload_replaces_its_older_self_but_not_another_upload_of_its_name(jobs: Jobs, tmp_path: Path) -> None:
    text = "".join(f"第{n}条，本厂第{n}号设备每月保养一次，由机修班负责。" for n in range(9))
    folders = [tmp_path / name for name in ("甲", "乙")]
    for folder, told in zip(folders, (text, text + "另附一条。"), strict=True):
        folder.mkdir()
        note(folder, 1, told)

    def upload(*paths: Path) -> list[tuple[str, str]]:
        job_id = jobs.submit(paths, "public", "li", copy=True)
        jobs.work()
        return [(t.state, t.document_id.removeprefix("doc:public:")) for t in jobs.tasks(job_id, "li")]

    paths = [next(folder.iterdir()) for folder in folders]
    name = paths[0].stem
    assert upload(*paths) == [("added", name), ("added", f"{name}-2")]
    assert upload(*paths) == [("unchanged", name), ("unchanged", f"{name}-2")]
    note(folders[1], 1, text + "另附两条，自下月起执行。")
    assert upload(paths[1])[0][0] == "replaced"
    note(folders[1], 1, "食堂周三供应刀削面，请提前报名。")
    assert upload(paths[1]) == [("added", f"{name}-3")]


def test_a_cancelled_job_takes_in_no_more_and_can_be_taken_up_again(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = jobs.submit([note(tmp_path, n) for n in range(1, 5)], "public", "li")
    real = Ingestor.take

    def take(self: Ingestor, place: Path | str, *args: object, **kwargs: object) -> Outcome:
        if "通知2" in str(place):
            assert jobs.cancel(job_id, "li") == 3
        return real(self, place, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Ingestor, "take", take)
    jobs.work()
    assert states(jobs, job_id) == {"added": 1, "cancelled": 3}
    assert jobs.job(job_id, "li").state == "cancelled"
    monkeypatch.undo()
    assert jobs.retry(job_id, "li") == 3
    jobs.work()
    assert states(jobs, job_id) == {"added": 4}


def test_a_bug_over_one_file_does_not_hold_up_the_others(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Ingestor._store

    def store(self: Ingestor, path: Path, *args: object, **kwargs: object) -> Outcome:
        if "通知1" in str(path):
            raise ZeroDivisionError
        return real(self, path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Ingestor, "_store", store)
    job_id = jobs.submit([note(tmp_path, 1), note(tmp_path, 2)], "public", "li")
    jobs.work()
    assert states(jobs, job_id) == {"failed": 1, "added": 1}


def test_the_background_worker_takes_in_what_is_handed_in_and_its_progress_can_be_followed(
    jobs: Jobs, tmp_path: Path
) -> None:
    jobs.start()
    try:
        seen: list[Job] = list(jobs.follow(jobs.submit([note(tmp_path, 1)], "public", "li"), "li"))
    finally:
        jobs.stop()
    assert seen[-1].state == "done" and seen[-1].finished == 1


def test_only_one_program_works_and_the_other_is_told(
    jobs: Jobs, tmp_path: Path, settings: Settings, corpus: Path
) -> None:
    jobs.submit([note(tmp_path, 1)], "public", "li")
    inside, leave, told = threading.Event(), threading.Event(), list[bool]()
    real = jobs.ingestor.take

    def take(*args: object, **kwargs: object) -> Outcome:
        inside.set()
        leave.wait(20)
        return real(*args, **kwargs)  # type: ignore[arg-type]

    jobs.ingestor.take = take  # type: ignore[method-assign]
    worker = threading.Thread(target=jobs.work)
    worker.start()
    assert inside.wait(20)
    other = Jobs(Index(settings, corpus=corpus))
    told.append(other.work())
    second = other.submit([note(tmp_path, 2)], "public", "li")
    leave.set()
    worker.join()
    assert told == [False] and jobs.job(second, "li").state == "done"


def test_an_upload_is_kept_until_it_is_in_and_then_no_more(jobs: Jobs, tmp_path: Path, settings: Settings) -> None:
    good, bad = note(tmp_path, 1), tmp_path / "坏.txt"
    bad.write_bytes(b"\x00\x01")
    job_id = jobs.submit([good, bad], "我的", "li", copy=True)
    good.unlink()
    bad.unlink()
    jobs.work()
    assert states(jobs, job_id) == {"added": 1, "failed": 1}
    assert [p.name for p in (settings.home / "inbox").rglob("*.txt")] == ["坏.txt"]
    jobs.drop(job_id, "li")
    assert not list((settings.home / "inbox").iterdir())
    assert jobs.index.ledger.document("doc:user:li:通知1") is not None


def test_another_users_jobs_are_neither_listed_nor_touched(jobs: Jobs, tmp_path: Path) -> None:
    job_id = jobs.submit([note(tmp_path, 1)], "我的", "li")
    assert jobs.jobs("wang") == []
    for act in (jobs.job, jobs.tasks, jobs.cancel, jobs.retry, jobs.drop):
        with pytest.raises(BadInput) as caught:
            act(job_id, "wang")
        assert "通知" not in str(caught.value)
    with pytest.raises(BadInput):
        jobs.submit([note(tmp_path, 2)], "user:wang", "li")


def test_forgetting_a_user_removes_jobs_and_private_documents_only(
    jobs: Jobs, tmp_path: Path, settings: Settings
) -> None:
    jobs.submit([note(tmp_path, 1)], "我的", "li")
    jobs.submit([note(tmp_path, 2)], "我的", "wang")
    jobs.submit([note(tmp_path, 3)], "public", "li")
    jobs.work()
    assert jobs.forget("li") == 1
    assert {d.document_id for d in jobs.index.ledger.documents(origin="document")} == {
        "doc:user:wang:通知2",
        "doc:public:通知3",
    }
    assert jobs.jobs("li") == [] and len(jobs.jobs("wang")) == 1
    assert "盘库" not in "".join(
        p.read_text("utf-8") for p in settings.originals_path.iterdir() if "通知1" in p.read_text("utf-8")
    )


def test_an_original_goes_also_where_the_program_ended_right_after_the_removal(
    jobs: Jobs, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.submit([note(tmp_path, 1)], "public", "li")
    jobs.work()
    with monkeypatch.context() as patch:
        patch.setattr(Ingestor, "tidy", lambda self: None)
        jobs.ingestor.remove("doc:public:通知1")
    assert list(settings.originals_path.iterdir())
    jobs.work()
    assert not list(settings.originals_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")
def test_killed_at_thirty_moments_everything_handed_in_is_there_once(
    settings: Settings, corpus: Path, tmp_path: Path
) -> None:
    Index(settings, corpus=corpus).ledger.close()
    dice, handed_in = random.Random(20261121), tmp_path / "handed-in"
    (tmp_path / "in").mkdir()
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload(["ingest.jobs", "chromadb", "rjieba", "yaml", "filelock"])

    def run(files: list[str], die_after: int) -> int | None:
        child = start.Process(
            target=job_killed.run, args=(str(settings.home), str(corpus), files, str(handed_in), die_after)
        )
        child.start()
        child.join()
        return child.exitcode

    codes = []
    for n in range(KILLS):
        files = [str(note(tmp_path / "in", 2 * n + k)) for k in range(2)]
        codes.append(run(files, dice.randint(1, 120)))
    assert codes.count(-9) >= KILLS * 0.9 and set(codes) <= {-9, 0}
    assert run([], 0) == 0

    index = Index(settings, corpus=corpus)
    queue, ledger = Jobs(index).queue, index.ledger
    acknowledged = {Path(line).stem for line in handed_in.read_text("utf-8").split()}
    there = [d.source_id for d in ledger.documents(origin="document")]
    assert len(acknowledged) >= KILLS and acknowledged <= set(there) and len(there) == len(set(there))
    assert queue.waiting() == 0
    for name in there:
        whole = "".join(p.text for p in ledger.passages_of(f"doc:public:{name}"))
        assert whole.count(f"{name.removeprefix('通知')}号厂每月") == 1
    assert index.vectors is not None and index.vectors.rows() == ledger.rows()
    assert {o.source_id for o in Ingestor(index).originals.all()} == set(there)
