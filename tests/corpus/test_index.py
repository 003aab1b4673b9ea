"""The index: built atomically, repaired when damaged, shared by processes, in step with the ledger."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

import corpus.index as index_module
from assistant.build import build_assistant, open_index
from core.errors import BadKnowledge
from core.settings import Settings
from corpus.cards import CORPUS, knowledge_hash
from corpus.embed import NgramEmbeddings
from corpus.encoder.encoder import Encoder
from corpus.index import Index
from corpus.retrieve import Retriever
from ingest.pipeline import Ingestor

ROOT = CORPUS.parent
TOPICS = ("上云", "贷款贴息", "人才培训", "机床联网", "仓库扫码")
KILL = """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, {root!r})
    from core.settings import Settings
    from corpus import dense, embedder, index, ledger, own_questions, sound, vectors

    def die_at(owner, name, before=True, nth=1, when=None):
        real, seen = getattr(owner, name), [0]
        def dying(*args, **kwargs):
            if when and when not in args:
                return real(*args, **kwargs)
            seen[0] += 1
            if before and seen[0] == nth:
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*args, **kwargs)
            if seen[0] == nth:
                os.kill(os.getpid(), signal.SIGKILL)
            return result
        setattr(owner, name, dying)

    die_at({point})
    index.Index(Settings(home=Path({home!r})), Path({corpus!r}))
"""
POINTS = {
    "in the middle of the ledger's transaction": "sound, 'rebuild'",
    "after the cards are in": "dense.Dense, '_built'",
    "while the embedder is saved": "embedder, 'save', False",
    "before the cards' questions are kept": "own_questions, '_write'",
    "before any vector is in": "vectors.Vectors, 'add'",
    "after the vectors are in": "vectors.Vectors, 'add', False",
    "before the vectors are named": "ledger.Ledger, 'set_metas'",
    "after the vectors are named": "ledger.Ledger, 'set_metas', False",
    "before the generation is noted": "ledger.Ledger, 'set_meta', when='vectors_generation'",
}


def card(number: int, topic: str) -> dict[str, object]:
    text = f"这是第{number}张样例卡片的正文，说的是{topic}怎样推进，以及由谁来做。"
    questions = [f"{topic}怎么做", f"谁管{topic}", f"{topic}是什么"]
    return {"id": f"sample/card{number}", "kind": "policy", "title": f"样例{topic}", "source": "sample", "section": ["一、"],
            "text": text, "questions": questions}  # fmt: skip


def write_corpus(folder: Path, topics: tuple[str, ...] = TOPICS) -> Path:
    """A knowledge base of a few cards."""
    (folder / "cards").mkdir(parents=True, exist_ok=True)
    (folder / "lexicon").mkdir(exist_ok=True)
    (folder / "sources.yaml").write_text("- {id: sample, title: 样例方案, published: 2030-01-01}\n", "utf-8")
    cards = [card(n, topic) for n, topic in enumerate(topics, 1)]
    (folder / "cards" / "cards.yaml").write_text(yaml.safe_dump(cards, allow_unicode=True, sort_keys=False), "utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small corpus and the data folder built from it, with one document taken in."""
    base = tmp_path_factory.mktemp("small")
    write_corpus(base / "corpus")
    (base / "手册.md").write_text("# 车间改造手册\n\n先停机，再接线，最后试运行三天。\n", "utf-8")
    index = Index(Settings(home=base / "home"), base / "corpus")
    Ingestor(index).ingest([base / "手册.md"])
    assert index.vectors is not None
    index.vectors.close()
    index.ledger.close()
    return base


@pytest.fixture
def small(built: Path, tmp_path: Path) -> Path:
    """A copy of the small folder, to be damaged."""
    shutil.copytree(built, tmp_path / "small")
    return tmp_path / "small"


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Chroma forgets its open folders after each test, as it does when a process ends."""
    yield
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()


def opened(folder: Path) -> Index:
    return Index(Settings(home=folder / "home"), folder / "corpus")


def first(index: Index, text: str) -> str:
    return Retriever(index).search(text, 1)[0].passage.passage_id


def check_whole(index: Index) -> None:
    """Every passage has its vector, dense search works, and only the folder in use is left."""
    assert index.vectors is not None
    assert index.vectors.rows() == index.ledger.rows() != set()
    assert index.vectors.search("谁管贷款贴息", 3, ("public",))
    assert [p.name for p in index.settings.vectors_path.iterdir()] == [index.ledger.meta("vectors")]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A data folder for each point at which a process building it was killed."""
    base = tmp_path_factory.mktemp("killed")
    corpus = write_corpus(base / "corpus")
    folders: dict[str, Path] = {}
    waiting: list[tuple[str, subprocess.Popen[bytes]]] = []
    for number, (name, point) in enumerate(POINTS.items()):
        folders[name] = base / str(number) / "home"
        code = textwrap.dedent(KILL).format(root=str(ROOT), home=str(folders[name]), corpus=str(corpus), point=point)
        waiting.append((name, subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)))
        if len(waiting) == 2:
            wait_for(waiting)
    wait_for(waiting)
    return folders


def wait_for(waiting: list[tuple[str, subprocess.Popen[bytes]]]) -> None:
    while waiting:
        name, process = waiting.pop()
        _, said = process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL, f"not killed {name}: {said.decode()}"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this platform")
@pytest.mark.parametrize("point", POINTS)
def test_after_a_kill_the_next_start_answers(killed: dict[str, Path], point: str) -> None:
    home = killed[point]
    index = Index(Settings(home=home, lock_timeout_s=5), home.parents[1] / "corpus")
    assert index.ledger.count("passage") == len(TOPICS)
    assert first(index, "谁管贷款贴息") == "sample/card2"
    check_whole(index)


def test_a_second_start_changes_nothing(small: Path) -> None:
    before = opened(small)
    state = (before.ledger.generation, before.ledger.meta("vectors"))
    after = opened(small)
    assert (after.ledger.generation, after.ledger.meta("vectors")) == state
    assert after.notices == [] and not after.recovered
    check_whole(after)


def test_changed_cards_replace_the_old_ones_and_keep_the_users_documents(small: Path) -> None:
    write_corpus(small / "corpus", ("电表安装", "上云"))
    index = opened(small)
    assert first(index, "电表安装怎么做") == "sample/card1"
    assert index.ledger.passage("sample/card5") is None
    assert first(index, "接线以后试运行几天").startswith("doc:")
    check_whole(index)


def test_changed_cards_do_not_have_everything_embedded_again(small: Path) -> None:
    before = opened(small).ledger.meta("vectors")
    write_corpus(small / "corpus", ("电表安装", "上云"))
    index = opened(small)
    assert index.ledger.meta("vectors") == before
    assert first(index, "电表安装怎么做") == "sample/card1"
    check_whole(index)


def overwrite_database(folder: Path) -> None:
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 5000)


def remove_all_vectors(folder: Path) -> None:
    shutil.rmtree(folder)


def remove_collection(folder: Path) -> None:
    shutil.rmtree(folder / "chroma")


def spoil_embedder(folder: Path) -> None:
    (folder / "embedder" / "embedder.json").write_text('{"name": ', "utf-8")


def name_another_encoder(folder: Path) -> None:
    record = {"name": "", "id": "xiangdao-encoder/of-before", "scale": [1, 0]}
    (folder / "embedder" / "embedder.json").write_text(json.dumps(record), "utf-8")


def empty_every_file(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_bytes(b"")


DAMAGE = (
    overwrite_database,
    remove_all_vectors,
    remove_collection,
    spoil_embedder,
    name_another_encoder,
    empty_every_file,
)


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda f: f.__name__)
def test_damaged_vectors_are_built_anew_from_the_ledger(small: Path, damage: Callable[[Path], None]) -> None:
    damage(next((small / "home" / "vectors").iterdir()))
    index = opened(small)
    check_whole(index)
    assert first(index, "谁管贷款贴息") == "sample/card2"
    assert first(index, "接线以后试运行几天").startswith("doc:")


def test_a_large_index_without_its_neighbour_graph_is_built_anew(copy_of_home: Path) -> None:
    graph = list((copy_of_home / "vectors").rglob("*.bin"))
    assert graph, "Chroma writes its graph to files from 1000 passages on"
    for path in graph:
        path.unlink()
    check_whole(Index(Settings(home=copy_of_home)))


@pytest.mark.parametrize("recorded", ["another-model/1 256", "ngram-svd/000000000000 7"])
def test_another_embedder_than_the_one_recorded_rebuilds_instead_of_mixing(small: Path, recorded: str) -> None:
    index = opened(small)
    name = index.ledger.meta("vectors")
    index.ledger.set_meta("embedder", recorded)
    index.ledger.close()
    again = opened(small)
    assert again.ledger.meta("vectors") != name
    assert again.vectors is not None and isinstance(used := again.vectors.embeddings, Encoder)
    assert again.ledger.meta("embedder") == f"{used.id} {used.dimension}" != recorded
    check_whole(again)


def test_vectors_of_another_dimension_are_not_mixed_with_the_present_ones(small: Path) -> None:
    folder = next((small / "home" / "vectors").iterdir())
    shutil.rmtree(folder / "embedder")
    NgramEmbeddings.fit(["别的文字在这里", "另外一段话"], dimension=1).save(folder / "embedder")
    check_whole(opened(small))


def damaged_ledger(small: Path, content: bytes) -> Path:
    path = small / "home" / "ledger.db"
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content", [b"garbage" * 5000, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_damaged_ledger_is_moved_aside_and_the_documents_come_back_from_their_originals(
    small: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    damaged_ledger(small, content)
    real = Index
    monkeypatch.setattr(index_module, "Index", lambda settings, **_: real(settings, small / "corpus"))
    index = open_index(Settings(home=small / "home"))
    assert index.recovered and any("台账" in notice and "移到" in notice for notice in index.notices)
    aside = list((small / "home").glob("ledger.damaged-*.db"))
    assert [p.read_bytes() for p in aside] == [content]
    assert [d.title for d in index.ledger.documents(origin="document")] == ["车间改造手册"]
    assert first(index, "接线以后试运行几天").startswith("doc:")
    assert first(index, "谁管贷款贴息") == "sample/card2"
    check_whole(index)


def test_an_empty_ledger_file_is_filled_again(small: Path) -> None:
    damaged_ledger(small, b"")
    assert first(opened(small), "谁管贷款贴息") == "sample/card2"


def test_a_broken_card_leaves_the_last_good_knowledge_in_use_and_says_where(small: Path) -> None:
    path = small / "corpus" / "cards" / "cards.yaml"
    good = path.read_text("utf-8")
    path.write_text(good.replace("kind: policy", "kind: rumour", 1), "utf-8")
    index = opened(small)
    assert first(index, "谁管贷款贴息") == "sample/card2"
    told = " ".join(index.notices)
    assert "cards.yaml" in told and "第 1 行" in told and "kind" in told
    assert " ".join(opened(small).notices) == told, "the second start says it as well"
    path.write_text(good, "utf-8")
    assert opened(small).notices == []


def test_a_broken_card_without_any_knowledge_before_is_an_error_that_says_where(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    path = corpus / "cards" / "cards.yaml"
    path.write_text(path.read_text("utf-8").replace("kind: policy", "kind: rumour", 1), "utf-8")
    with pytest.raises(BadKnowledge) as caught:
        Index(Settings(home=tmp_path / "home"), corpus)
    assert "cards.yaml" in caught.value.message and "kind" in caught.value.message


def test_a_repaired_card_comes_into_use(small: Path) -> None:
    path = small / "corpus" / "cards" / "cards.yaml"
    good = path.read_text("utf-8")
    path.write_text("- id: [", "utf-8")
    assert opened(small).notices
    path.write_text(good.replace("贷款贴息", "电表安装"), "utf-8")
    index = opened(small)
    assert index.notices == []
    assert first(index, "谁管电表安装") == "sample/card2"


def test_compiled_files_in_the_lexicon_do_not_change_the_knowledge(small: Path) -> None:
    lexicon = small / "corpus" / "lexicon"
    (lexicon / "words.txt").write_text("上云", "utf-8")
    before = knowledge_hash(small / "corpus")
    (lexicon / "__pycache__").mkdir()
    (lexicon / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"\x00")
    assert knowledge_hash(small / "corpus") == before
    (lexicon / "words.txt").write_text("上云 贴息", "utf-8")
    assert knowledge_hash(small / "corpus") != before


def test_an_open_index_follows_what_another_one_writes(small: Path, tmp_path: Path) -> None:
    reader, writer = opened(small), opened(small)
    retriever = Retriever(reader)
    assert not any("阀门" in h.passage.text for h in retriever.search("阀门几年换一次", 5))
    (tmp_path / "阀门.md").write_text("# 阀门保养\n\n阀门每两年换一次垫圈。\n", "utf-8")
    Ingestor(writer).ingest([tmp_path / "阀门.md"])
    assert "阀门" in retriever.search("阀门几年换一次", 1)[0].passage.text


TAKE_IN = """
    import sys
    sys.path.insert(0, {root!r})
    from pathlib import Path
    from core.settings import Settings
    from corpus.index import Index
    from ingest.pipeline import Ingestor

    ingestor = Ingestor(Index(Settings(home=Path({home!r}))))
    for path in sorted(Path({folder!r}).glob("*.md")):
        outcome, = ingestor.ingest([path])
        assert outcome.status == "added", outcome
"""


def test_one_process_answers_while_another_takes_documents_in(copy_of_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    for n, part in enumerate(("阀门", "轴承", "皮带", "油泵", "模具")):
        text = f"# {part}保养规程\n\n星海厂规定：{part}每隔{n + 3}个月检查一次，由机修班长签字。\n"
        (folder / f"{part}.md").write_text(text, "utf-8")
    reader = build_assistant(Settings(home=copy_of_home), remember=False)
    code = textwrap.dedent(TAKE_IN).format(root=str(ROOT), home=str(copy_of_home), folder=str(folder))
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)
    answers = 0
    while process.poll() is None:
        assert "40%" in reader.answer("到2027年中小企业上云率目标是多少").text
        answers += 1
    assert process.returncode == 0, process.stderr and process.stderr.read().decode()
    assert answers > 3
    answer = reader.answer("星海厂的轴承每隔几个月检查一次")
    assert not answer.refused and "4个月" in answer.text
    assert [c.origin for c in answer.citations][:1] == ["document"]
