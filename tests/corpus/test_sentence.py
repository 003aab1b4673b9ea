"""Sentence models: loaded by sentence-transformers from a folder, offline, and a clear sentence where that fails."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import NotAvailable
from corpus.sentence import Reranker, SentenceEmbeddings
from tests.engine_doubles.tiny_sentence import HIDDEN, QUERY_PROMPT, embedding_model, reranker_model

STOCK, LOAN = "仓库账实不符，扫码出入库。", "银行贷款贴息，省利息。"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    embedding_model(folder / "tiny")
    reranker_model(folder / "tiny-reranker")
    return folder


@pytest.fixture(scope="module")
def embeddings(models: Path) -> SentenceEmbeddings:
    return SentenceEmbeddings(models / "tiny")


@pytest.fixture
def copy(models: Path, tmp_path: Path) -> Path:
    """A model folder to be damaged."""
    shutil.copytree(models / "tiny", tmp_path / "tiny")
    return tmp_path / "tiny"


def test_vectors_have_length_one_and_the_dimension_known_before_loading(models: Path) -> None:
    embeddings = SentenceEmbeddings(models / "tiny")
    assert embeddings.dimension == HIDDEN
    for vector in embeddings.embed_documents([STOCK, LOAN]):
        assert len(vector) == HIDDEN
        assert sum(x * x for x in vector) == pytest.approx(1, abs=1e-4)


def test_a_batch_gives_the_same_vectors_as_one_by_one(embeddings: SentenceEmbeddings) -> None:
    texts = [LOAN * n for n in range(1, 41)] + [STOCK]
    together = embeddings.vectors(texts)
    assert together.shape == (41, HIDDEN)
    assert together[-1] == pytest.approx(embeddings.vectors([STOCK])[0], abs=1e-4)


def test_the_models_own_prompt_stands_before_questions_only(embeddings: SentenceEmbeddings) -> None:
    question = embeddings.embed_query(STOCK)
    assert question == pytest.approx(embeddings.vectors([QUERY_PROMPT + STOCK])[0], abs=1e-4)
    assert question != pytest.approx(embeddings.vectors([STOCK])[0], abs=1e-3)


def test_a_family_known_to_want_an_instruction_gets_it_where_its_folder_names_none(tmp_path: Path) -> None:
    folder = embedding_model(tmp_path / "bge-small-zh-v1.5", prompt="")
    assert SentenceEmbeddings(folder).query_prompt == "为这个句子生成表示以用于检索相关文章："
    folder.rename(tmp_path / "other")
    assert SentenceEmbeddings(tmp_path / "other").query_prompt == ""


def test_a_folder_as_older_versions_wrote_it_is_read(copy: Path, embeddings: SentenceEmbeddings) -> None:
    """As BGE's are: module names of version 2, pooling by flags, and no folder for the normalisation."""
    names = ("Transformer", "Pooling", "Normalize")
    modules = json.loads((copy / "modules.json").read_text("utf-8"))
    old = [m | {"type": f"sentence_transformers.models.{name}"} for m, name in zip(modules, names, strict=True)]
    (copy / "modules.json").write_text(json.dumps(old), "utf-8")
    pooling = {"word_embedding_dimension": HIDDEN, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    (copy / "1_Pooling" / "config.json").write_text(json.dumps(pooling), "utf-8")
    (copy / "sentence_bert_config.json").write_text('{"max_seq_length": 512, "do_lower_case": true}', "utf-8")
    shutil.rmtree(copy / "2_Normalize")
    assert SentenceEmbeddings(copy).embed_query(STOCK) == pytest.approx(embeddings.embed_query(STOCK), abs=1e-4)


def test_other_weights_have_another_id_and_a_copy_the_same(models: Path, copy: Path, tmp_path: Path) -> None:
    first = SentenceEmbeddings(models / "tiny").id
    assert SentenceEmbeddings(copy).id == first
    embedding_model(tmp_path / "again" / "tiny", seed=2)
    assert SentenceEmbeddings(tmp_path / "again" / "tiny").id != first


def cut_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:5000])


def spoil_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"garbage" * 5000)


def remove_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def claim_another_architecture(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "no-such-model"}), "utf-8")


@pytest.mark.parametrize("damage", [cut_weights, spoil_weights, claim_another_architecture], ids=lambda f: f.__name__)
def test_damage_that_only_loading_finds_is_told_in_a_sentence(copy: Path, damage: Callable[[Path], None]) -> None:
    damage(copy)
    with pytest.raises(NotAvailable, match="tiny 打不开") as caught:
        SentenceEmbeddings(copy).embed_query(STOCK)
    assert "model pull tiny" in caught.value.terminal_hint


def remove_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def remove_all(folder: Path) -> None:
    shutil.rmtree(folder)


def spoil_config(folder: Path) -> None:
    (folder / "config.json").write_text("{", "utf-8")


def empty_modules(folder: Path) -> None:
    (folder / "modules.json").write_text("[]", "utf-8")


def name_a_foreign_module(folder: Path) -> None:
    text = (folder / "modules.json").read_text("utf-8")
    foreign = text.replace("sentence_transformers.base.modules.normalize.Normalize", "subprocess.Popen")
    assert foreign != text
    (folder / "modules.json").write_text(foreign, "utf-8")


@pytest.mark.parametrize(
    "damage",
    [remove_weights, remove_tokenizer, remove_all, spoil_config, empty_modules, name_a_foreign_module],
    ids=lambda f: f.__name__,
)
def test_damage_is_found_before_anything_is_loaded(copy: Path, damage: Callable[[Path], None]) -> None:
    damage(copy)
    with pytest.raises(NotAvailable, match="tiny 打不开") as caught:
        SentenceEmbeddings(copy)
    assert "model pull tiny" in caught.value.terminal_hint


def test_a_missing_library_names_the_command_that_installs_it(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if "sentence" in name else real(name, *a))
    with pytest.raises(NotAvailable) as caught:
        SentenceEmbeddings(models / "tiny").embed_query(STOCK)
    assert "start.py setup embed" in caught.value.terminal_hint


def test_a_device_that_is_not_there_is_told(models: Path) -> None:
    import torch

    if torch.cuda.is_available():
        assert SentenceEmbeddings(models / "tiny", "cuda").embed_query(STOCK)
        return
    with pytest.raises(NotAvailable, match="embedding_device"):
        SentenceEmbeddings(models / "tiny", "cuda").embed_query(STOCK)


def test_a_reranker_scores_each_text_and_the_same_text_alike(models: Path) -> None:
    scores = Reranker(models / "tiny-reranker").scores("仓库怎么管", [STOCK, LOAN] * 9, budget_s=60)
    assert len(scores) == 18
    assert scores[0] == pytest.approx(scores[2], abs=1e-5) and scores[0] != pytest.approx(scores[1], abs=1e-7)


def test_a_reranker_without_time_scores_only_the_first_texts(models: Path) -> None:
    assert len(Reranker(models / "tiny-reranker").scores("仓库怎么管", [STOCK] * 30, budget_s=0)) == 8
