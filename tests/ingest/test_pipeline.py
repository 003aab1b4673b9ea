"""Taking documents in: added, unchanged, replaced, removed, restored."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from core.errors import BadInput, DiskFull
from core.settings import Settings
from corpus.index import Index
from corpus.ledger import Filters
from corpus.retrieve import Retriever
from ingest.pipeline import Ingestor, restore, safe_id

DOCUMENT = Filters(origin="document")


def kept(settings: Settings) -> list[Path]:
    folder = settings.originals_path
    return sorted(folder.iterdir()) if folder.exists() else []


def test_what_was_taken_in_is_found_with_its_section(index: Index, ingestor: Ingestor, policy: Path) -> None:
    (outcome,) = ingestor.ingest([policy])
    assert (outcome.status, outcome.document_id) == ("added", "doc:public:sample")
    hit = Retriever(index).search("分批支持多少个样例城市", 1, DOCUMENT)[0].passage
    assert "分批支持十个样例城市" in hit.text
    assert hit.section == ("二、重点任务", "（一）开展试点", "1. 推进城市试点")
    assert hit.passage_id.startswith("doc:public:sample#") and hit.origin == "document"


def test_a_bundled_source_lends_its_title_dates_and_status(index: Index, ingestor: Ingestor, policy: Path) -> None:
    ingestor.ingest([policy])
    document = index.ledger.document("doc:public:sample")
    assert document is not None and document.title == "样例方案"
    passage = index.ledger.passages_of("doc:public:sample")[0]
    assert (passage.status, passage.valid_until, passage.certainty, passage.region) == (
        "in_force",
        "2035-12-31",
        "full",
        "",
    )


def test_another_file_takes_its_title_from_its_first_heading(index: Index, ingestor: Ingestor, tmp_path: Path) -> None:
    path = tmp_path / "内部资料.md"
    path.write_text("# 车间改造手册\n\n先停机，再接线，最后试运行三天。\n", "utf-8")
    ingestor.ingest([path])
    document = index.ledger.document("doc:public:内部资料")
    assert document is not None and document.title == "车间改造手册"
    assert index.ledger.passages_of(document.document_id)[0].certainty == "user"


def test_the_same_bytes_are_not_taken_in_twice(index: Index, ingestor: Ingestor, policy: Path) -> None:
    ingestor.ingest([policy])
    generation = index.ledger.generation
    (outcome,) = ingestor.ingest([policy])
    assert outcome.status == "unchanged" and outcome.passages > 0
    assert index.ledger.generation == generation


def test_a_changed_file_replaces_its_passages_vectors_and_original(
    index: Index, ingestor: Ingestor, policy: Path, settings: Settings
) -> None:
    ingestor.ingest([policy])
    policy.write_text("一、新的要求\n新版只有这一句话，说的是样例工厂要装电表。\n", "utf-8")
    assert [o.status for o in ingestor.ingest([policy])] == ["replaced"]
    assert [p.text for p in index.ledger.passages_of("doc:public:sample")] == [
        "一、新的要求\n新版只有这一句话，说的是样例工厂要装电表。"
    ]
    assert len(kept(settings)) == 2
    assert index.vectors is not None and index.vectors.rows() == index.ledger.rows()


def test_a_dry_run_writes_nothing(index: Index, ingestor: Ingestor, policy: Path, settings: Settings) -> None:
    (outcome,) = ingestor.ingest([policy], dry_run=True)
    assert outcome.status == "would_add" and outcome.passages > 0
    assert index.ledger.documents(origin="document") == [] and kept(settings) == []


def test_one_bad_file_does_not_stop_the_others(index: Index, ingestor: Ingestor, policy: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏.txt"
    bad.write_bytes(b"\x00\x01\x02")
    seen: list[tuple[int, int, str]] = []
    outcomes = ingestor.ingest([bad, tmp_path / "没有.txt", policy], progress=lambda *step: seen.append(step))
    assert sorted(o.status for o in outcomes) == ["added", "failed", "failed"]
    assert all(o.message for o in outcomes)
    assert seen[-1] == (2, 2, "")
    assert index.vectors is not None and index.vectors.rows() == index.ledger.rows()


def test_files_of_one_name_from_two_folders_are_two_documents_each_replaced_by_its_own_newer_self(
    index: Index, ingestor: Ingestor, tmp_path: Path
) -> None:
    paths = [tmp_path / folder / "说明.txt" for folder in ("甲", "乙")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"{path.parent.name}厂的说明，只有这一句话。", "utf-8")
    first, second = ingestor.ingest([tmp_path / "甲", tmp_path / "乙"])
    assert (first.status, second.status) == ("added", "added")
    assert (first.document_id, second.document_id) == ("doc:public:说明", "doc:public:说明-2")
    assert "文件同名，两份都留着" in second.message
    paths[1].write_text("乙厂换了说明，写的是另外一件事情。", "utf-8")
    assert [(o.status, o.document_id) for o in ingestor.ingest(paths)] == [
        ("unchanged", "doc:public:说明"),
        ("replaced", "doc:public:说明-2"),
    ]
    assert "甲厂的说明" in index.ledger.passages_of("doc:public:说明")[0].text
    assert "另外一件事情" in index.ledger.passages_of("doc:public:说明-2")[0].text


def test_files_that_differ_in_their_kind_alone_are_two_documents(
    index: Index, ingestor: Ingestor, tmp_path: Path
) -> None:
    (tmp_path / "通知.txt").write_text("关于申报补贴的通知，三月截止。", "utf-8")
    ingestor.ingest([tmp_path / "通知.txt"])
    (tmp_path / "通知.md").write_text("# 关于停电的通知\n\n周五下午检修线路。", "utf-8")
    (later,) = ingestor.ingest([tmp_path / "通知.md"])
    assert (later.status, later.document_id) == ("added", "doc:public:通知-2")
    assert {d.name for d in index.ledger.documents(("public",), "document")} == {"通知.txt", "通知.md"}
    ingestor.remove("doc:public:通知")
    assert [d.name for d in index.ledger.documents(("public",), "document")] == ["通知.md"]
    (again,) = ingestor.ingest([tmp_path / "通知.md"])
    assert (again.status, again.document_id) == ("unchanged", "doc:public:通知-2")


def test_files_of_one_name_in_an_archive_are_two_documents(index: Index, ingestor: Ingestor, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "各县.zip", "w") as packed:
        for county in ("东县", "西县"):
            packed.writestr(f"{county}/补贴.txt", f"{county}补贴办法：按投入的一成给补贴。")
    outcomes = ingestor.ingest([tmp_path / "各县.zip"])
    assert [o.document_id for o in outcomes] == ["doc:public:补贴", "doc:public:补贴-2"]
    assert [o.status for o in ingestor.ingest([tmp_path / "各县.zip"])] == ["unchanged", "unchanged"]


def test_a_file_that_was_moved_and_changed_replaces_its_older_self(ingestor: Ingestor, tmp_path: Path) -> None:
    text = "".join(f"第{n}条，本厂第{n}号设备每月保养一次，由机修班负责。" for n in range(9))
    (tmp_path / "旧处").mkdir()
    (tmp_path / "旧处" / "规程.txt").write_text(text, "utf-8")
    ingestor.ingest([tmp_path / "旧处" / "规程.txt"])
    (tmp_path / "旧处").rename(tmp_path / "新处")
    (tmp_path / "新处" / "规程.txt").write_text(text + "第九条，另行通知。", "utf-8")
    (outcome,) = ingestor.ingest([tmp_path / "新处" / "规程.txt"])
    assert (outcome.status, outcome.document_id) == ("replaced", "doc:public:规程")


def test_namesakes_come_back_as_they_were_after_the_loss_of_the_ledger(
    index: Index, ingestor: Ingestor, settings: Settings, corpus: Path, tmp_path: Path
) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "说明.txt").write_text(f"{folder}厂的说明，只有这一句话。", "utf-8")
    ingestor.ingest([tmp_path / "甲", tmp_path / "乙"])
    index.ledger.close()
    for path in settings.home.glob("ledger.db*"):
        path.unlink()
    fresh = Index(settings, corpus=corpus)
    assert restore(fresh) == 2
    kept = {d.source_id: d.info["place"] for d in fresh.ledger.documents(("public",), "document")}
    assert kept == {"说明": str(tmp_path / "甲" / "说明.txt"), "说明-2": str(tmp_path / "乙" / "说明.txt")}


def test_one_space_does_not_see_another(index: Index, ingestor: Ingestor, policy: Path) -> None:
    ingestor.ingest([policy], space="user:张三")
    assert Retriever(index).search("样例城市", 3, DOCUMENT) == []
    assert Retriever(index).search("样例城市", 3, Filters(spaces=("user:张三",), origin="document"))


@pytest.mark.parametrize("space", ["", "a b", "../x", "x" * 81, "a/b"])
def test_refuses_a_bad_space_name(ingestor: Ingestor, policy: Path, space: str) -> None:
    with pytest.raises(BadInput):
        ingestor.ingest([policy], space=space)


def test_removing_takes_passages_vectors_and_original_away(
    index: Index, ingestor: Ingestor, policy: Path, settings: Settings
) -> None:
    ingestor.ingest([policy])
    assert ingestor.remove("doc:public:sample") > 0
    assert index.ledger.documents(origin="document") == [] and kept(settings) == []
    assert index.vectors is not None and index.vectors.rows() == index.ledger.rows()
    for name in ("doc:public:sample", "card:sample"):
        with pytest.raises(BadInput):
            ingestor.remove(name)


def test_removing_from_one_space_keeps_the_original_for_the_other(
    ingestor: Ingestor, policy: Path, settings: Settings
) -> None:
    ingestor.ingest([policy])
    ingestor.ingest([policy], space="team")
    ingestor.remove("doc:public:sample")
    assert len(kept(settings)) == 2
    assert [o.space for o in ingestor.originals.all()] == ["team"]


def test_a_lost_ledger_is_made_again_from_the_originals(
    index: Index, ingestor: Ingestor, policy: Path, settings: Settings, corpus: Path
) -> None:
    ingestor.ingest([policy])
    ingestor.ingest([policy], space="team")
    before = [p.text for p in index.ledger.passages_of("doc:public:sample")]
    index.ledger.close()
    for path in settings.home.glob("ledger.db*"):
        path.unlink()
    again = Index(settings, corpus=corpus)
    assert again.ledger.documents(origin="document") == []
    assert restore(again) == 2
    assert [p.text for p in again.ledger.passages_of("doc:public:sample")] == before
    assert restore(again) == 0


def test_a_damaged_original_is_left_out_of_the_restoration(
    index: Index, ingestor: Ingestor, policy: Path, settings: Settings
) -> None:
    ingestor.ingest([policy])
    with index.ledger.transaction() as db:
        index.ledger.remove(db, "doc:public:sample")
    next(p for p in kept(settings) if p.suffix == ".txt").write_text("改过了", "utf-8")
    assert restore(index) == 0


def test_a_failed_transaction_leaves_no_original_behind(
    index: Index, ingestor: Ingestor, policy: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "磁盘已满")

    monkeypatch.setattr(index.ledger, "put", full)
    with pytest.raises(DiskFull, match="磁盘满了"):
        ingestor.ingest([policy])
    assert kept(settings) == [] and index.ledger.documents(origin="document") == []


@pytest.mark.parametrize(
    "stem", ["..", "../../etc/passwd", "a/b\\c", "\x00\x1b[31m红", "con\n行", " . ", "长" * 300, "", "a'; DROP TABLE--"]
)
def test_hostile_names_become_safe_ones(stem: str) -> None:
    name = safe_id(stem)
    assert 0 < len(name) <= 90 and name not in {".", ".."} and not name.startswith(".")
    assert not set(name) & set("/\\\n\x00\x1b'\"; ") and name.isprintable()


def test_a_file_with_a_hostile_name_stays_in_the_folder_of_originals(
    ingestor: Ingestor, tmp_path: Path, settings: Settings
) -> None:
    path = tmp_path / "..\\..\\逃 \x07走.txt"
    path.write_text("样例工厂每月报一次用电量。", "utf-8")
    (outcome,) = ingestor.ingest([path])
    assert outcome.status == "added" and outcome.document_id.isprintable()
    rows = json.loads(next(p for p in kept(settings) if p.suffix == ".json").read_text("utf-8"))
    assert rows[0]["source_id"] == outcome.document_id.removeprefix("doc:public:")
