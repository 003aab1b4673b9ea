"""The encoder in the package: vectors of length one, kept ones reused, and one clear sentence where it cannot be used."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.errors import NotAvailable
from core.settings import Settings
from corpus.encoder import encoder as module
from corpus.encoder.encoder import FOLDER, MANIFEST, MEANING, PARTS, READING, TRUNK, Encoder, built_in, read_as
from corpus.encoder.kept import Kept, hashes_of, read_kept, write_kept
from corpus.index import Index
from corpus.retrieve import Retriever
from tests.corpus.test_index import closed, first, write_corpus

__all__ = ["closed"]
STOCK, LOAN = "仓库账实不符，扫码出入库。", "银行贷款贴息，省利息。"
FILES = (*PARTS, READING, "tokenizer.json", MANIFEST)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The encoder's files, to be damaged."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    for name in FILES:
        shutil.copy(FOLDER / name, folder)
    return folder


def test_one_encoder_serves_the_whole_process() -> None:
    assert built_in() is built_in()


def test_a_question_lies_nearer_to_the_text_about_the_same_thing() -> None:
    stock, loan = built_in().vectors([STOCK, LOAN])
    asked = built_in().query("库存对不上账怎么办")
    assert asked @ stock > asked @ loan + 0.02


def test_what_is_wanted_is_read_by_other_layers_than_what_is_searched_for() -> None:
    told, asked = "我们厂46个人，你看算几级", "照我们这样能评到几级"
    alike = built_in().meaning(told) @ built_in().meaning(asked)
    assert alike > built_in().meaning(told) @ built_in().meaning("MES和ERP有什么区别")
    together = built_in().meanings([told, asked])
    assert np.abs(together[0] - built_in().meaning(told)).max() < 0.05
    assert not np.allclose(together[0], built_in().query(told), atol=0.01)


def test_half_a_character_is_no_error() -> None:
    assert np.isfinite(built_in().query("上云\ud800")).all() and np.isfinite(built_in().vectors(["\udc00"])).all()


def test_a_passage_is_read_as_title_and_one_line_of_text() -> None:
    assert read_as("仓库", "第一行\n 第二行 ") == "仓库\n第一行 第二行"
    assert read_as("仓库", "正文", ("一、", "（二）入库")) == "仓库\n（二）入库 正文"


def test_kept_vectors_are_those_of_their_texts_within_a_hundredth(tmp_path: Path, copy: Path) -> None:
    encoder, texts = Encoder(copy), [STOCK, LOAN, STOCK]
    computed = encoder.vectors(texts)
    write_kept(tmp_path / "kept.npz", encoder.kept([], texts))
    kept = read_kept(tmp_path / "kept.npz", encoder.id)
    assert kept is not None and len(kept.hashes) == 2
    at, found = kept.find(hashes_of([f"passage: {text}" for text in (LOAN, "没有", STOCK)]))
    assert at.tolist() == [0, 2]
    assert np.abs((found * computed[[1, 0]]).sum(axis=1) - 1).max() < 0.01


def test_a_text_that_is_kept_is_not_computed_again(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Encoder(copy)
    write_kept(tmp_path / "kept.npz", before.kept([], [STOCK]))
    again, computed = Encoder(copy), list[str]()
    again.know(tmp_path / "kept.npz")
    real = Encoder._run
    monkeypatch.setattr(
        Encoder, "_run", lambda self, texts, *part: (computed.extend(texts), real(self, texts, *part))[1]
    )
    again.vectors([STOCK, LOAN])
    assert computed == [f"passage: {LOAN}"]


def of_another_encoder(path: Path) -> None:
    write_kept(path, Kept.of("another/1", ["x"], np.ones((1, 4), dtype=np.float32)))


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def remove(path: Path) -> None:
    path.unlink()


def garbage(path: Path) -> None:
    path.write_bytes(b"garbage" * 50)


@pytest.mark.parametrize("damage", [of_another_encoder, cut_off, remove, garbage])
def test_kept_vectors_that_cannot_be_used_are_left_aside(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "kept.npz"
    write_kept(path, Kept.of("ours/1", ["x"], np.ones((1, 4), dtype=np.float32)))
    assert read_kept(path, "ours/1") is not None
    damage(path)
    assert read_kept(path, "ours/1") is None


def another_models_manifest(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**manifest, "bytes": {TRUNK: 1}}), "utf-8")


def no_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def no_weights(folder: Path) -> None:
    (folder / MEANING).unlink()


def weights_cut_off(folder: Path) -> None:
    path = folder / TRUNK
    path.write_bytes(path.read_bytes()[:1000])


def weights_overwritten(folder: Path) -> None:
    path = folder / TRUNK
    path.write_bytes(b"\x00" * path.stat().st_size)


def a_bit_of_the_weights_flipped(folder: Path) -> None:
    path = folder / TRUNK
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def tokenizer_overwritten(folder: Path) -> None:
    path = folder / "tokenizer.json"
    path.write_bytes(b"{" * path.stat().st_size)


DAMAGE = (
    another_models_manifest,
    no_manifest,
    no_weights,
    weights_cut_off,
    weights_overwritten,
    a_bit_of_the_weights_flipped,
    tokenizer_overwritten,
)


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda f: f.__name__)
def test_without_a_usable_encoder_the_words_find_and_a_notice_says_so(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    damage(copy)
    monkeypatch.setattr(module, "FOLDER", copy)
    write_corpus(tmp_path / "corpus")
    index = Index(Settings(home=tmp_path / "home"), tmp_path / "corpus")
    assert index.vectors is None and index.own_questions is None
    assert first(index, "谁管贷款贴息") == "sample/card2"
    assert len(index.notices) == 1 and "自带的语义模型打不开" in index.notices[0]
    monkeypatch.setattr(module, "FOLDER", FOLDER)
    whole = Index(Settings(home=tmp_path / "home"), tmp_path / "corpus")
    assert whole.notices == [] and whole.vectors is not None and whole.own_questions is not None


def test_an_encoder_that_breaks_later_leaves_the_words(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "corpus")
    Index(Settings(home=tmp_path / "home"), tmp_path / "corpus").ledger.close()
    weights_overwritten(copy)
    monkeypatch.setattr(module, "FOLDER", copy)
    index = Index(Settings(home=tmp_path / "home"), tmp_path / "corpus")
    hits = Retriever(index).search("谁管贷款贴息", 3)
    assert hits[0].passage.passage_id == "sample/card2" and hits[0].parts["asked"] == 0


def test_without_onnxruntime_it_says_so(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(NotAvailable, match="自带的语义模型打不开"):
        Encoder(copy).query("上云")
