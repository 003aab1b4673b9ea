"""The ledger: full-text search, filters, writing twice, and readers beside a writer."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from core.errors import Busy, IndexDamaged
from core.types import Passage, Source
from corpus.ledger import Document, Filters, Ledger, now

SOURCE = Source("plan", "样例方案", issuer="样例部", doc_no="样〔2030〕1号", aliases=("样例方案",))


def passage(name: str, text: str, **more: object) -> Passage:
    return Passage(**{"passage_id": f"plan/{name}", "source_id": "plan", "title": name, "text": text, **more})  # type: ignore[arg-type]


def document(name: str = "doc:plan", space: str = "public", origin: str = "document") -> Document:
    return Document(name, "plan", origin, space, "样例方案", "sha", "plan.txt", 100, now(), {})


def put(ledger: Ledger, *passages: Passage, of: Document | None = None) -> None:
    with ledger.transaction() as db:
        ledger.put(db, of or document(), passages, SOURCE)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.db", lock_timeout_s=0.2)


def found(ledger: Ledger, *tokens: str, filters: Filters | None = None) -> set[str]:
    rows = [row for row, _ in ledger.match(tokens, 10, filters or Filters())]
    return {p.passage_id for p in ledger.passages(rows).values()}


def test_a_passage_is_found_by_the_words_of_its_title_section_text_and_questions(ledger: Ledger) -> None:
    put(
        ledger,
        passage("上云", "小厂用云软件。", section=("二、重点任务",), questions=("机床怎么联网",)),
        passage("贴息", "银行贷款贴息。"),
    )
    for word in ("上云", "任务", "软件", "机床"):
        assert found(ledger, word) == {"plan/上云"}
    assert found(ledger, "贷款") == {"plan/贴息"}
    assert found(ledger, "天气") == found(ledger) == set()


def test_one_of_several_words_is_enough_and_more_of_them_rank_higher(ledger: Ledger) -> None:
    put(ledger, passage("a", "银行贷款。"), passage("b", "银行贷款可以贴息。"), passage("c", "机床联网。"))
    rows = ledger.match(("贷款", "贴息"), 10, Filters())
    assert [ledger.passages([row])[row].passage_id for row, _ in rows] == ["plan/b", "plan/a"]
    assert rows[0][1] > rows[1][1]


@pytest.mark.parametrize("token", ['"', "a OR b", "NEAR(", "*", "上云'; DROP TABLE passage; --", "%"])
def test_signs_of_the_search_language_are_only_words(ledger: Ledger, token: str) -> None:
    put(ledger, passage("上云", "小厂用云软件。"))
    assert found(ledger, token) == set()
    assert ledger.count("passage") == 1


def test_a_passage_comes_back_as_it_was_put(ledger: Ledger) -> None:
    before = passage(
        "上云", "正文。", section=("一、", "（一）"), page=3, region="宁波", valid_from="2030-01-01", valid_until="2031-12-31",
        status="expired", certainty="snippet", as_of="2030", questions=("问",), tags={"level": 2}, kind="policy", sha256="x",
    )  # fmt: skip
    put(ledger, before)
    assert ledger.passage("plan/上云") == before
    assert ledger.passages_of("doc:plan") == [before]
    assert ledger.passage("nothing") is None


def test_a_search_sees_only_the_spaces_it_may(ledger: Ledger) -> None:
    put(ledger, passage("open", "贷款贴息。"))
    put(ledger, passage("mine", "贷款贴息。", space="user:li"), of=document("doc:li", "user:li"))
    assert found(ledger, "贷款") == {"plan/open"}
    assert found(ledger, "贷款", filters=Filters(spaces=("public", "user:li"))) == {"plan/open", "plan/mine"}
    assert found(ledger, "贷款", filters=Filters(spaces=("user:wang",))) == set()


def test_what_one_space_holds_changes_neither_counts_nor_scores_in_another(ledger: Ledger) -> None:
    put(ledger, passage("open", "贷款贴息。"), passage("other", "机床联网，贷款。"))
    put(ledger, passage("mine", "贷款买机床。", space="user:li"), of=document("doc:li", "user:li"))
    seen = Filters(spaces=("public", "user:li"))

    def told() -> tuple[object, ...]:
        words = ("贷款", "机床", "食堂")
        return ledger.match(words, 9, seen), ledger.frequencies(words, seen.spaces), ledger.size(seen.spaces)

    before = told()
    more = [passage(f"wang{n}", "食堂的贷款。" * n, space="user:wang") for n in range(1, 30)]
    put(ledger, *more, of=document("doc:wang", "user:wang"))
    assert told() == before and ledger.frequencies(["食堂"]) == {}
    assert ledger.frequencies(["贷款"], seen.spaces) == {"贷款": 3} and ledger.size(seen.spaces) == 3


def test_a_private_passage_is_ranked_with_the_public_ones(ledger: Ledger) -> None:
    put(ledger, *(passage(f"p{n}", f"第{n}条讲仓库。") for n in range(20)), passage("half", "贷款。"))
    put(ledger, passage("both", "贷款可以贴息。", space="user:li"), of=document("doc:li", "user:li"))
    rows = ledger.match(("贷款", "贴息"), 9, Filters(spaces=("public", "user:li")))
    assert [ledger.passages([row])[row].passage_id for row, _ in rows] == ["plan/both", "plan/half"]


def test_an_emptied_private_space_leaves_no_tables(ledger: Ledger, tmp_path: Path) -> None:
    put(ledger, passage("mine", "贷款。", space="user:li"), of=document("doc:li", "user:li"))
    with ledger.transaction() as db:
        ledger.remove(db, "doc:li")
    with sqlite3.connect(tmp_path / "ledger.db") as plain:
        assert not plain.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'passage\\__%\\_1%' ESCAPE '\\'"
        ).fetchall()
        assert plain.execute("SELECT name FROM space").fetchall() == [("public",)]


def test_a_ledger_of_the_version_before_is_brought_up_with_its_private_passages(tmp_path: Path, ledger: Ledger) -> None:
    put(ledger, passage("open", "贷款贴息。"))
    put(ledger, passage("mine", "机床。", space="user:li"), of=document("doc:li", "user:li"))
    ledger.close()
    with sqlite3.connect(tmp_path / "ledger.db") as plain:
        texts = plain.execute("SELECT rowid, head, body, questions FROM passage_fts_1").fetchall()
        for name in ("passage_terms_1", "passage_fts_1", "space"):
            plain.execute(f"DROP TABLE {name}")
        plain.executemany("INSERT INTO passage_fts (rowid, head, body, questions) VALUES (?, ?, ?, ?)", texts)
        plain.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    plain.close()
    again = Ledger(tmp_path / "ledger.db")
    assert found(again, "机床") == set() and found(again, "贷款") == {"plan/open"}
    assert found(again, "机床", filters=Filters(spaces=("user:li",))) == {"plan/mine"}
    assert (again.size(), again.size(("user:li",)), again.meta("schema")) == (1, 1, "2")


def test_a_region_keeps_its_own_and_the_national_passages(ledger: Ledger) -> None:
    put(
        ledger,
        passage("all", "贷款。"),
        passage("nb", "贷款。", region="宁波、杭州"),
        passage("dg", "贷款。", region="东莞"),
    )
    assert found(ledger, "贷款", filters=Filters(region="宁波")) == {"plan/all", "plan/nb"}
    assert found(ledger, "贷款") == {"plan/all", "plan/nb", "plan/dg"}


def test_what_expires_on_the_day_is_still_valid_and_the_day_after_no_more(ledger: Ledger) -> None:
    put(ledger, passage("ever", "贷款。"), passage("till", "贷款。", valid_until="2026-12-31"))
    assert found(ledger, "贷款", filters=Filters(valid_on="2026-12-31")) == {"plan/ever", "plan/till"}
    assert found(ledger, "贷款", filters=Filters(valid_on="2027-01-01")) == {"plan/ever"}


def test_filters_by_origin_and_source_hold_for_given_rows_too(ledger: Ledger) -> None:
    put(ledger, passage("card", "贷款。"), of=document("card:plan", origin="card"))
    put(ledger, passage("other", "贷款。", origin="document", source_id="guide"))
    rows = ledger.rows()
    assert len(rows) == 2
    assert (
        len(ledger.allowed(rows, Filters(origin="document")))
        == len(ledger.allowed(rows, Filters(sources=("plan",))))
        == 1
    )
    assert ledger.allowed([], Filters()) == set()


def test_putting_a_document_again_replaces_it(ledger: Ledger) -> None:
    put(ledger, passage("a", "旧的贷款。"), passage("b", "旧的贴息。"))
    put(ledger, passage("a", "新的机床。"))
    put(ledger, passage("a", "新的机床。"))
    assert [p.text for p in ledger.passages_of("doc:plan")] == ["新的机床。"]
    assert found(ledger, "贷款", "贴息") == set()
    assert found(ledger, "机床") == {"plan/a"}
    assert (ledger.count("document"), ledger.count("passage")) == (1, 1)


def test_removing_a_document_leaves_nothing_of_it_and_can_be_done_twice(ledger: Ledger) -> None:
    put(ledger, passage("a", "贷款。"))
    with ledger.transaction() as db:
        assert ledger.remove(db, "doc:plan") == 1
        assert ledger.remove(db, "doc:plan") == 0
    assert found(ledger, "贷款") == set() and ledger.documents() == []
    assert ledger.frequencies(["贷款"]) == {}


def test_words_are_counted_by_passage(ledger: Ledger) -> None:
    put(ledger, passage("a", "贷款，贷款，还是贷款。"), passage("b", "贷款贴息。"))
    assert ledger.frequencies(["贷款", "贴息", "天气"]) == {"贷款": 2, "贴息": 1}


def test_a_failed_transaction_leaves_ledger_and_generation_as_they_were(ledger: Ledger) -> None:
    put(ledger, passage("a", "贷款。"))
    generation = ledger.generation
    with pytest.raises(RuntimeError), ledger.transaction() as db:
        ledger.put(db, document("doc:other"), [passage("b", "贴息。")])
        raise RuntimeError
    assert (ledger.generation, ledger.count("passage")) == (generation, 1)
    put(ledger, passage("a", "贷款。"))
    assert ledger.generation == generation + 1


def test_a_reader_never_waits_for_the_writer_and_sees_the_state_before(tmp_path: Path, ledger: Ledger) -> None:
    put(ledger, passage("a", "贷款。"))
    reader = Ledger(tmp_path / "ledger.db", lock_timeout_s=0.2)
    with ledger.transaction() as db:
        ledger.put(db, document("doc:b"), [passage("b", "贴息。")])
        assert found(reader, "贷款") == {"plan/a"} and found(reader, "贴息") == set()
    assert found(reader, "贴息") == {"plan/b"}
    with sqlite3.connect(tmp_path / "ledger.db") as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_second_writer_gives_up_with_a_sentence(tmp_path: Path, ledger: Ledger) -> None:
    caught: list[Exception] = []

    def second() -> None:
        try:
            put(Ledger(tmp_path / "ledger.db", lock_timeout_s=0.2), passage("b", "贴息。"))
        except Busy as exc:
            caught.append(exc)

    with ledger.writing():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(caught) == 1 and "写入" in str(caught[0])


@pytest.mark.parametrize("content", [b"not a database" * 1000, b"SQLite format 3\x00" + b"\x00" * 5000])
def test_a_file_that_is_no_ledger_is_told_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.db").write_bytes(content)
    with pytest.raises(IndexDamaged) as caught:
        Ledger(tmp_path / "bad.db")
    assert "bad.db" in str(caught.value)


def test_a_ledger_of_another_version_is_not_touched(tmp_path: Path, ledger: Ledger) -> None:
    ledger.set_meta("schema", "999")
    ledger.close()
    with pytest.raises(IndexDamaged) as caught:
        Ledger(tmp_path / "ledger.db")
    assert "版本" in caught.value.message
