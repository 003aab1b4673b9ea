"""Many files at once: the next one is parsed and vectors are made meanwhile, and what comes out is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.settings import Settings
from corpus.index import Index
from corpus.retrieve import Retriever
from ingest import ahead, load, pipeline
from ingest.pipeline import Ingestor
from tests.corpus.test_index import write_corpus


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(Settings(home=tmp_path / "home"), write_corpus(tmp_path / "corpus"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty-five files, one of them empty, one no text."""
    folder = tmp_path / "files"
    folder.mkdir()
    for n in range(23):
        text = f"# 第{n}号车间规程\n\n第{n}号车间每隔{n + 2}个月检查一次阀门。\n"
        (folder / f"规程{n:02}.md").write_text(text, "utf-8")
    (folder / "空.md").write_text("", "utf-8")
    (folder / "坏.txt").write_bytes(bytes(range(256)) * 40)
    return folder


def test_every_file_is_taken_in_once_with_its_vector_and_the_bad_ones_are_told(index: Index, folder: Path) -> None:
    outcomes = Ingestor(index).ingest([folder])
    assert sorted(o.status for o in outcomes) == ["added"] * 23 + ["failed"] * 2
    assert index.vectors is not None and index.vectors.rows() == index.ledger.rows()
    assert "9个月" in Retriever(index).search("第7号车间几个月检查一次阀门", 1)[0].passage.text


def test_each_file_is_parsed_once_and_an_unchanged_one_not_at_all(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    real = load.parse

    def counting(loaded: load.Loaded, *rest: object) -> object:
        parsed.append(loaded.name)
        return real(loaded, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(load, "parse", counting)
    Ingestor(index).ingest([folder])
    good = [name for name in parsed if name.startswith("规程")]
    assert len(good) == len(set(good)) == 23
    parsed.clear()
    (folder / "规程03.md").write_text("# 第3号车间规程\n\n改成每年检查一次。\n", "utf-8")
    outcomes = Ingestor(index).ingest([folder])
    assert [name for name in parsed if name.startswith("规程")] == ["规程03.md"]
    assert [o.status for o in outcomes].count("unchanged") == 22
    assert index.vectors is not None and index.vectors.rows() == index.ledger.rows()


def test_a_file_that_changes_after_it_was_parsed_ahead_is_parsed_again(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 甲\n\n旧的内容在这里。\n", "utf-8")
    with ahead.Ahead(lambda place, sha256: False) as reading:
        reading.go_on(tmp_path / "a.md")
        reading.go_on(None)
        assert reading.parsed("another digest") is None


def test_a_few_files_need_no_second_process(index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(index, "vectors_following", fail)
    few = sorted(folder.iterdir())[: pipeline.MANY - 1]
    assert {o.status for o in Ingestor(index).ingest(few)} >= {"added"}
