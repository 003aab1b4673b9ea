"""Changing the embedder: the old index serves until the new one is whole, whatever happens in between."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from core.errors import Busy, NotAvailable
from core.settings import Settings
from corpus.embed import NgramEmbeddings
from corpus.embedder import BUILT_IN_NAME
from corpus.encoder.encoder import Encoder
from corpus.index import Index
from corpus.retrieve import Retriever
from corpus.sentence import SentenceEmbeddings
from corpus.vectors import Vectors, embedded_text
from ingest.pipeline import Ingestor
from tests.corpus.test_index import ROOT, check_whole, closed, first, write_corpus
from tests.engine_doubles.light_encoder import light
from tests.engine_doubles.tiny_sentence import embedding_model

__all__ = ["closed"]
TOPICS = tuple(f"{what}{how}" for what in ("上云", "贷款", "机床", "仓库", "电表") for how in ("补贴", "培训", "改造"))
MODEL = "tiny"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    embedding_model(folder / MODEL)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A data folder with the built-in vectors and a sentence model that is not in use."""
    base = tmp_path_factory.mktemp("built")
    write_corpus(base / "corpus", TOPICS)
    Index(Settings(home=base / "home"), base / "corpus").ledger.close()
    shutil.copytree(models / MODEL, base / "home" / "models" / MODEL)
    return base


@pytest.fixture(autouse=True)
def light_encoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No torch, except where a test is marked as the real thing."""
    if "real" not in request.keywords:
        monkeypatch.setattr("corpus.sentence._loaded", light)


@pytest.fixture
def base(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "base")
    return tmp_path / "base"


def opened(base: Path, model: str = MODEL) -> Index:
    return Index(Settings(home=base / "home", embedding_model=model, lock_timeout_s=5), base / "corpus")


def used(index: Index) -> type:
    assert index.vectors is not None
    return type(index.vectors.embeddings)


def test_the_settings_model_is_asked_for_and_the_old_vectors_serve_meanwhile(base: Path) -> None:
    index = opened(base)
    assert index.switching == MODEL and used(index) is Encoder and index.notices == []
    assert first(index, "谁管贷款培训") == "sample/card5"


def test_after_the_rebuild_the_model_is_in_use_and_nothing_is_left_to_do(base: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    index = opened(base)
    assert index.rebuild_vectors(progress=lambda *step: seen.append(step))
    assert used(index) is SentenceEmbeddings and index.switching == ""
    assert seen[0] == (0, len(TOPICS), MODEL) and seen[-1] == (len(TOPICS), len(TOPICS), MODEL)
    again = opened(base)
    assert used(again) is SentenceEmbeddings and again.switching == "" and again.notices == []
    assert first(again, "谁管贷款培训") == "sample/card5"
    check_whole(again)


def test_likeness_is_on_the_same_scale_for_every_embedder(base: Path) -> None:
    index = opened(base)
    index.rebuild_vectors()
    store = index.vectors
    assert store is not None and store.scale[0] > 1, "these cosines lie near together"
    scaled = store.search("谁管贷款培训", 15, ("public",))
    (factor, offset), store.scale = store.scale, (1.0, 0.0)
    plain = store.search("谁管贷款培训", 15, ("public",))
    assert scaled == [(row, pytest.approx(factor * cosine + offset)) for row, cosine in plain]


def test_what_is_ingested_while_it_goes_on_is_found_at_once_and_afterwards(base: Path, tmp_path: Path) -> None:
    index, other = opened(base), opened(base)
    (tmp_path / "阀门.md").write_text("# 阀门保养\n\n阀门每两年换一次垫圈。\n", "utf-8")
    found: list[str] = []

    def ingest_once(done: int, total: int, name: str) -> None:
        if not found:
            Ingestor(other).ingest([tmp_path / "阀门.md"])
            found.append(Retriever(other).search("阀门几年换一次", 1)[0].passage.text)

    assert index.rebuild_vectors(progress=ingest_once)
    assert "阀门" in found[0]
    check_whole(index)
    assert "阀门" in Retriever(index).search("阀门几年换一次", 1)[0].passage.text


def test_an_open_index_moves_to_the_new_vectors(base: Path) -> None:
    reader = opened(base)
    opened(base).rebuild_vectors()
    assert used(reader) is SentenceEmbeddings and first(reader, "谁管贷款培训") == "sample/card5"


def test_back_to_the_built_in_embedder(base: Path) -> None:
    opened(base).rebuild_vectors()
    index = opened(base, "")
    assert index.switching and used(index) is SentenceEmbeddings
    assert index.rebuild_vectors() and used(index) is Encoder and index.switching == ""
    check_whole(index)


def test_stopped_in_the_middle_it_goes_on_from_there(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.rebuild.PORTION", 4)
    index, steps = opened(base), list[int]()
    assert not index.rebuild_vectors(stop=lambda: len(steps) >= 2, progress=lambda done, *_: steps.append(done))
    assert used(index) is Encoder and index.switching == MODEL
    again, later = opened(base), list[int]()
    assert again.rebuild_vectors(progress=lambda done, *_: later.append(done))
    assert later[0] == steps[-1] > 0
    check_whole(again)


def test_one_at_a_time(base: Path) -> None:
    index, other = opened(base), opened(base)

    def start_another(*_: object) -> None:
        with pytest.raises(Busy, match="另一个向导程序正在换向量模型"):
            other.rebuild_vectors()

    assert index.rebuild_vectors(progress=start_another)


KILL = """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, {root!r})
    from core.settings import Settings
    from corpus import dense, embedder, index, ledger, rebuild, sentence, vectors
    from tests.engine_doubles.light_encoder import light
    sentence._loaded = light
    rebuild.PORTION = 4

    def die_at(owner, name, before=True, nth=1):
        real, seen = getattr(owner, name), [0]
        def dying(*args, **kwargs):
            seen[0] += 1
            if before and seen[0] == nth:
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*args, **kwargs)
            if seen[0] == nth:
                os.kill(os.getpid(), signal.SIGKILL)
            return result
        setattr(owner, name, dying)

    opened = index.Index(Settings(home=Path({home!r}), embedding_model="tiny"), Path({corpus!r}))
    die_at({point})
    opened.rebuild_vectors()
"""
POINTS = {
    "before the embedder is kept": "embedder, 'save'",
    "after the embedder is kept": "embedder, 'save', False",
    "before any vector is in": "vectors.Vectors, 'add'",
    "in the middle": "vectors.Vectors, 'add', False, 2",
    "before it changes over": "dense.Dense, 'use'",
    "before the new vectors are named": "ledger.Ledger, 'set_metas'",
    "after the new vectors are named": "ledger.Ledger, 'set_metas', False",
}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this platform")
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_moment_one_whole_index_serves_and_the_rest_is_gone_on_with(base: Path, point: str) -> None:
    code = KILL.format(root=str(ROOT), home=str(base / "home"), corpus=str(base / "corpus"), point=POINTS[point])
    process = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, timeout=120, check=False
    )
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()
    index = opened(base)
    assert index.notices == [] and first(index, "谁管贷款培训") == "sample/card5"
    if index.switching:
        assert used(index) is Encoder
        index.rebuild_vectors()
    assert used(index) is SentenceEmbeddings
    assert index.switching == ""
    check_whole(index)


def wait_until_switched(index: Index, child: subprocess.Popen[bytes]) -> None:
    """Wait for the child process; the deadline is only there to end a hang."""
    deadline = time.monotonic() + 280
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.mark.real
def test_in_the_background_a_process_of_its_own_does_it_with_a_real_model(base: Path) -> None:
    index = opened(base)
    told = index.switch_in_background()
    assert MODEL in told and index.background is not None
    assert used(index) is Encoder and first(index, "谁管贷款培训") == "sample/card5", "serves meanwhile"
    wait_until_switched(index, index.background)
    assert used(index) is SentenceEmbeddings and index.switching == "" and index.switch_in_background() == ""
    check_whole(index)


def test_without_its_parent_the_background_process_ends(base: Path) -> None:
    index = opened(base)
    index.switch_in_background()
    child = index.background
    assert child is not None and child.stdin is not None
    child.stdin.close()
    assert child.wait(280) == 0


@pytest.mark.parametrize("name", ["no-such-model", "../outside", "a/b"])
def test_a_model_that_is_not_there_is_told_and_the_present_vectors_stay(base: Path, name: str) -> None:
    index = opened(base, name)
    assert index.switching == "" and len(index.notices) == 1 and "model pull" in index.notices[0]
    assert first(index, "谁管贷款培训") == "sample/card5"
    with pytest.raises(NotAvailable):
        index.rebuild_vectors()
    check_whole(index)


def spoil_weights(base: Path) -> None:
    (base / "home" / "models" / MODEL / "model.safetensors").write_bytes(b"garbage" * 5000)


@pytest.mark.real
def test_damaged_weights_are_told_once_tried_and_not_tried_again_by_themselves(base: Path) -> None:
    spoil_weights(base)
    index = opened(base)
    with pytest.raises(NotAvailable, match="tiny 打不开"):
        index.rebuild_vectors()
    again = opened(base)
    assert again.switching == "" and "tiny 打不开" in again.notices[0] and "reindex" in again.notices[0]
    assert used(again) is Encoder and first(again, "谁管贷款培训") == "sample/card5"


def test_a_model_gone_or_damaged_later_gives_way_to_the_built_in_one(base: Path, models: Path) -> None:
    opened(base).rebuild_vectors()
    spoil_weights(base)
    damaged = opened(base)
    assert used(damaged) is Encoder and first(damaged, "谁管贷款培训") == "sample/card5"
    check_whole(damaged)
    shutil.rmtree(base / "home" / "models")
    gone = opened(base)
    assert used(gone) is Encoder and any("还没有下载" in n for n in gone.notices)
    shutil.copytree(models / MODEL, base / "home" / "models" / MODEL)
    back = opened(base)
    assert back.switching == MODEL and back.rebuild_vectors() and used(back) is SentenceEmbeddings


def test_a_model_that_tells_nothing_apart_is_not_taken_into_use(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.scale.LEAST", 2.0)
    index = opened(base)
    with pytest.raises(NotAvailable, match="分不出"):
        index.rebuild_vectors()
    assert used(index) is Encoder


def of_before(base: Path) -> None:
    """Give the data folder the vectors that versions before made: n-grams, fitted on the passages."""
    index = opened(base, "")
    passages = list(index.ledger.all_passages())
    folder = base / "home" / "vectors" / "before"
    embeddings = NgramEmbeddings.fit([embedded_text(passage) for _, passage in passages])
    embeddings.save(folder / "embedder")
    store = Vectors(folder / "chroma", embeddings, name="passages-before")
    store.add(passages)
    store.close()
    index.ledger.set_metas({"vectors": "before", "embedder": f"{embeddings.id} {embeddings.dimension}"})
    index.ledger.close()


def test_the_vectors_of_versions_before_serve_until_they_are_made_anew_once(base: Path) -> None:
    of_before(base)
    index = opened(base, "")
    assert used(index) is NgramEmbeddings and index.switching == BUILT_IN_NAME and index.notices == []
    assert first(index, "谁管贷款培训") == "sample/card5"
    told = index.switch_in_background()
    assert BUILT_IN_NAME in told and "doctor" in told and index.background is not None
    wait_until_switched(index, index.background)
    assert used(index) is Encoder and index.switching == "" and index.switch_in_background() == ""
    check_whole(index)


def test_much_that_another_encoder_has_embedded_is_left_to_the_background(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "阀门.md").write_text("# 阀门保养\n\n阀门每两年换一次垫圈。\n", "utf-8")
    index = opened(base, "")
    Ingestor(index).ingest([tmp_path / "阀门.md"])
    record = base / "home" / "vectors" / str(index.ledger.meta("vectors")) / "embedder" / "embedder.json"
    record.write_text(json.dumps({"name": "", "id": "xiangdao-encoder/of-before", "scale": [1, 0]}), "utf-8")
    index.ledger.set_meta("embedder", "xiangdao-encoder/of-before 384")
    index.ledger.close()
    monkeypatch.setattr("corpus.dense.AT_ONCE", 0)
    again = opened(base, "")
    assert again.vectors is None and again.switching == BUILT_IN_NAME
    assert "阀门" in Retriever(again).search("阀门几年换一次", 1)[0].passage.text, "the words find meanwhile"
    assert again.rebuild_vectors() and used(again) is Encoder
    check_whole(again)
