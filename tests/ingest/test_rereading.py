"""Documents that an earlier version took in lose their orders and advertisements in the background, and nothing else is lost."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.index import Index
from ingest import rereading
from ingest.jobs import Jobs
from ingest.pipeline import Ingestor
from tests.ingest.test_asides import ASIDES, HONEST

ID = "doc:public:通知"


@pytest.fixture
def jobs(index: Index) -> Jobs:
    return Jobs(index)


def taken_in_before(jobs: Jobs, path: Path, text: str) -> None:
    """A document as the version before the one that hears orders left it: with all its lines, and no word on how it was read."""
    path.write_text(text, "utf-8")
    ingestor = Ingestor(jobs.index)
    (outcome,) = ingestor.ingest([path])
    assert outcome.document_id == ID
    ledger = jobs.index.ledger
    document, passages = ledger.document(ID), ledger.passages_of(ID)
    assert document
    info = {k: v for k, v in document.info.items() if k not in {rereading.READING, "notes", "struck", "struck_count"}}
    with ledger.transaction() as db:
        body = json.loads(db.execute("SELECT body FROM passage WHERE document_id = ?", (ID,)).fetchone()[0])
        body.pop("_", None)
        body["text"] += "\n" + ASIDES[0]
        db.execute("UPDATE passage SET body = ?", (json.dumps(body, ensure_ascii=False),))
        db.execute("UPDATE document SET info = ?", (json.dumps(info, ensure_ascii=False),))
        db.execute("DELETE FROM meta WHERE key = ?", (rereading.READING,))
    assert passages and ASIDES[0] in ledger.passages_of(ID)[0].text


def text_of(jobs: Jobs) -> str:
    return "".join(p.text for p in jobs.index.ledger.passages_of(ID))


def test_a_document_of_an_earlier_version_is_read_again_once_and_keeps_what_its_owner_corrected(
    jobs: Jobs, tmp_path: Path
) -> None:
    taken_in_before(jobs, tmp_path / "通知.txt", "\n\n".join((HONEST[0], ASIDES[0], HONEST[1])))
    jobs.ingestor.correct(ID, {"issuer": "某市工信局"})
    before = jobs.index.ledger.document(ID)
    assert before and rereading.is_due(jobs.index.ledger) and jobs.work()
    after = jobs.index.ledger.document(ID)
    assert after and ASIDES[0] not in text_of(jobs) and HONEST[1] in text_of(jobs)
    assert (after.title, after.added_at, after.info["edits"]) == (before.title, before.added_at, before.info["edits"])
    assert after.info["struck"] == [ASIDES[0]]
    assert not rereading.is_due(jobs.index.ledger) and rereading.due(jobs.index.ledger) == []
    original = jobs.ingestor.originals.of(after.sha256, "public", "通知")
    assert original and ASIDES[0] in jobs.ingestor.originals.read(original).decode()


def test_a_document_of_nothing_but_orders_stays_listed_without_a_passage(jobs: Jobs, tmp_path: Path) -> None:
    taken_in_before(jobs, tmp_path / "通知.txt", HONEST[0])
    ledger = jobs.index.ledger
    document = ledger.document(ID)
    assert document
    original = jobs.ingestor.originals.of(document.sha256, "public", "通知")
    assert original
    only = "\n\n".join(ASIDES[:4]).encode()
    jobs.ingestor.originals.keep(original, only)  # its bytes as they would have been; their digest is put right next
    digest = hashlib.sha256(only).hexdigest()
    jobs.ingestor.originals.keep(replace(original, sha256=digest), only)
    with ledger.transaction() as db:
        db.execute("UPDATE document SET sha256 = ?", (digest,))
    assert jobs.work()
    after = ledger.document(ID)
    assert after and after.passages == 0 and len(after.info["struck"]) == 4 and rereading.EMPTIED in after.info["notes"]
    assert not rereading.is_due(ledger)


def test_one_whose_original_is_gone_stays_as_it_is_and_is_not_tried_for_ever(jobs: Jobs, tmp_path: Path) -> None:
    taken_in_before(jobs, tmp_path / "通知.txt", HONEST[0])
    for path in jobs.ingestor.originals.folder.iterdir():
        path.unlink()
    before = text_of(jobs)
    assert jobs.work() and text_of(jobs) == before and not rereading.is_due(jobs.index.ledger)


def test_whoever_ends_the_program_meanwhile_finds_the_rest_to_be_read_later(jobs: Jobs, tmp_path: Path) -> None:
    taken_in_before(jobs, tmp_path / "通知.txt", HONEST[0])
    jobs._ending.set()
    jobs.work()
    assert rereading.is_due(jobs.index.ledger) and ASIDES[0] in text_of(jobs)


def test_a_ledger_of_this_version_has_nothing_to_be_read_again(
    index: Index, ingestor: Ingestor, tmp_path: Path
) -> None:
    assert not rereading.is_due(index.ledger)
    path = tmp_path / "通知.txt"
    path.write_text(HONEST[0], "utf-8")
    ingestor.ingest([path])
    assert not rereading.is_due(index.ledger)
