"""Many files, long books, odd folders: what is left out is told, work goes on where it stopped, nothing grows with the square."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest

from core.cut import split_after
from core.settings import Settings
from corpus.index import Index
from eval.crafted_files import crafted
from eval.fuzz_documents import whole_files
from eval.made_folder import book, long_text, make_folder, odd_things
from ingest import load, versions
from ingest.jobs import Jobs
from ingest.queue import Entry
from ingest.readers import pdf, read
from ingest.readers.layout import Glyph, Line, Packed
from ingest.report import as_csv, report
from ingest.split import ChineseStructureSplitter

KINDS = {".txt", ".html", ".docx", ".csv", ".md", ".xlsx", ".pdf", ".pptx"}


@pytest.fixture
def jobs(index: Index) -> Jobs:
    return Jobs(index)


def test_a_folder_of_every_kind_goes_in_and_the_second_time_nothing_is_done_again(jobs: Jobs, tmp_path: Path) -> None:
    made = make_folder(tmp_path / "in", 14, seed=4)
    assert len(made.keys() & KINDS) >= 5
    first = jobs.submit([tmp_path / "in"], "public", "li")
    jobs.work()
    assert jobs.report(first, "li").counts == {"added": 14}
    again = jobs.submit([tmp_path / "in"], "public", "li")
    jobs.work()
    assert jobs.report(again, "li").counts == {"unchanged": 14}


def test_what_else_stands_in_a_folder_is_told_with_its_reason(jobs: Jobs, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    odd_things(folder)
    job_id = jobs.submit([folder], "public", "li")
    jobs.work()
    told = jobs.report(job_id, "li")
    assert told.counts == {"added": 2, "failed": 2, "skipped": 8} and jobs.job(job_id, "li").total == 4
    reasons = {task.name: task.message for task in jobs.tasks(job_id, "li", "skipped")}
    assert set(reasons) == {
        ".git",
        ".DS_Store",
        "~$通知.docx",
        ".隐藏.txt",
        "Thumbs.db",
        "照片.heic",
        "绕回来",
        "外面.txt",
    }
    assert "链接" in reasons["绕回来"] and "外面" in reasons["外面.txt"] and "临时" in reasons["~$通知.docx"]
    assert told.lines[0] == "录入 2 份，没录进去 2 份，不用录 8 份"
    assert sum(count for _, _, count in told.reasons) == 10


def test_a_name_that_is_no_unicode_and_a_folder_without_end_are_left_out(tmp_path: Path) -> None:
    told: dict[str, str] = {}
    deep = tmp_path.joinpath(*["层"] * (load.DEEPEST + 2))
    deep.mkdir(parents=True)
    (deep / "底.txt").write_text("底", "utf-8")
    (tmp_path / "面.txt").write_text("面", "utf-8")
    try:
        (tmp_path / "\udcd5\udcfd.txt").write_text("x", "utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system keeps only Unicode names")
    found = list(load.find(tmp_path, lambda path, reason: told.update({reason: path.name})))
    assert [path.name for path in found] == ["面.txt"]
    assert any("太深" in reason for reason in told) and any("认不出" in reason for reason in told)


def test_the_list_of_outcomes_holds_no_live_formula(jobs: Jobs, tmp_path: Path) -> None:
    jobs.queue.add(
        [Entry("=1+1.txt", "x", "", "=HYPERLINK(1)。"), Entry("@a", "y", "", "坏", skipped=True)], "li", "public", "j"
    )
    text = as_csv(jobs.tasks("j", "li")).decode("utf-8-sig")
    assert "\r\n'=1+1.txt,没录进去,,,'=HYPERLINK(1)。\r\n'@a,不用录" in text


def test_reasons_are_counted_by_their_first_sentence() -> None:
    told = report({"failed": 3, "added": 1}, [("failed", "太大。拆开。", 2), ("failed", "太大。分次。", 1)])
    assert told.reasons == (("failed", "太大", 3),) and told.counts == {"added": 1, "failed": 3}


def test_of_a_large_queue_each_step_looks_at_few_rows(jobs: Jobs) -> None:
    jobs.queue.add([Entry(f"/x/{n}.txt", f"{n}", f"{n}") for n in range(3000)], "li", "public", "j")
    db = jobs.index.ledger.connection
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    db.set_progress_handler(count, 100)
    for _ in range(20):
        task = jobs.queue.claim()
        assert task
        jobs.queue.end(task.task_id, "added")
        jobs.queue.needs("j", "/inbox/j-1")
    db.set_progress_handler(None, 100)
    assert steps < 100
    assert len(jobs.queue.ended_since("j", set())) == 20


def test_links_of_a_document_are_looked_up_by_index(jobs: Jobs) -> None:
    db = jobs.index.ledger.connection
    db.execute("DROP INDEX link_other")  # as an older program left it
    versions.prepare(db)
    plan = str(
        [
            tuple(row)
            for row in db.execute("EXPLAIN QUERY PLAN SELECT * FROM link WHERE document_id = 1 OR other_id = 1")
        ]
    )
    assert "SCAN" not in plan


def test_stopped_while_vectors_are_made_it_goes_on_with_those_that_lack(
    jobs: Jobs, tmp_path: Path, settings: Settings, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.dense.FEW", 4)
    path = tmp_path / "长.txt"
    path.write_text(long_text(6000, 200), "utf-8")
    job_id = jobs.submit([path], "public", "li")
    seen: list[tuple[int, int]] = []
    real = jobs.index.sync_vectors

    def stopping(steps: object, stop: object) -> bool:
        def told(done: int, total: int, what: str) -> None:
            seen.append((done, total))

        return real(told, lambda: len(seen) >= 2)

    monkeypatch.setattr(jobs.index, "sync_vectors", stopping)
    jobs.work()
    assert len(seen) == 2 and jobs.job(job_id, "li").state == "indexing" and jobs.queue.unindexed()
    vectors = jobs.index.vectors
    assert vectors and len(vectors.rows()) == 3 + seen[-1][0]
    later = Jobs(Index(settings, corpus=corpus))
    assert later.work() and later.job(job_id, "li").state == "done"
    assert later.index.vectors and later.index.vectors.rows() == later.index.ledger.rows()


def test_the_words_of_a_large_queue_are_not_embedded_before_its_space_is_large(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.jobs.INDEX_EACH_S", 0.0)
    monkeypatch.setattr("ingest.jobs.MANY_WAITING", 3)
    waited: list[int] = []
    real = jobs.index.sync_vectors
    monkeypatch.setattr(jobs.index, "sync_vectors", lambda *given: waited.append(jobs.queue.waiting()) or real(*given))
    make_folder(tmp_path / "in", 8)
    jobs.submit([tmp_path / "in"], "public", "li")
    jobs.work()
    assert waited and max(waited) <= 3


def test_a_long_book_is_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    data, told = book(30), list[tuple[int, int]]()
    kept: list[object] = []
    real = pdf.sheet_of

    def sheet_of(page: object, number: int) -> object:
        kept.append(number)
        assert len(kept) - len(told) == 1  # no page is read before the one before it is told of
        return real(page, number)

    monkeypatch.setattr(pdf, "sheet_of", sheet_of)
    parsed = read(data, ".pdf", "x", lambda done, total: told.append((done, total)))
    assert parsed.pages == 30 and told[-1] == (30, 30) and parsed.characters > 25_000
    assert "设备管理汇编" not in "".join(parsed.lines)


def test_packed_glyphs_are_the_same_glyphs() -> None:
    glyphs = [
        Glyph("数", 1.5, 2.25, 3.0, 4.0, 12.0, spaced=True),
        Glyph("据", 4.0, 2.25, 6.0, 4.0, 12.0, recognised=True),
    ]
    assert list(Packed(glyphs)) == glyphs and Packed(glyphs)[-1] == glyphs[1] and Packed(glyphs)[:1] == glyphs[:1]
    recognised = [Glyph("一行\n文字", 0, 0, 9, 9, 9.0, recognised=True)]
    assert list(Packed(recognised)) == recognised
    assert Line.of(glyphs).packed().text == Line.of(glyphs).text


@pytest.mark.parametrize("text", ["一、", "1,", "“a,", "（", "（》", "第一条 ", "《〔2026〕"])
def test_a_paragraph_of_two_hundred_thousand_characters_takes_no_more_than_its_share(text: str) -> None:
    def seconds(size: int) -> float:
        whole = text * (size // len(text))
        started = time.process_time()
        ChineseStructureSplitter().pieces(whole)
        split_after(whole, "。；，、 ")
        return time.process_time() - started

    assert seconds(200_000) < 8.0


def test_a_long_text_loses_nothing() -> None:
    for paragraph in (0, 300):
        text = long_text(40_000, paragraph)
        pieces = ChineseStructureSplitter(chunk_overlap=0).pieces(text)
        assert "".join("".join(p.text for p in pieces).split()) == "".join(text.split())


def test_files_made_to_be_trouble_are_the_same_for_the_same_seed() -> None:
    whole = whole_files()
    made = [[crafted(whole, random.Random(seed))[0] for seed in range(12)] for _ in range(2)]
    assert made[0] == made[1] and len(set(made[0])) > 3


def test_ending_the_worker_does_not_wait_for_the_vectors_of_a_large_queue(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = threading.Event()

    def endless(steps: object, stop: object) -> bool:
        reached.set()
        while not stop():  # type: ignore[operator]
            time.sleep(0.01)
        return False

    monkeypatch.setattr(jobs.index, "sync_vectors", endless)
    path = tmp_path / "a.txt"
    path.write_text("每周五下班前清点备件。", "utf-8")
    jobs.submit([path], "public", "li")
    jobs.start()
    assert reached.wait(20)
    jobs.stop()
    assert jobs.queue.unindexed()
