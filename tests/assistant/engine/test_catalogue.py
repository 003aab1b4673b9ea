"""The catalogue of models, and what lies in the model folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.engine import catalogue as shelf
from assistant.engine.catalogue import (
    ModelFile,
    by_name,
    catalogue,
    checked_name,
    find_installed,
    folder_of,
    installed,
    write_receipt,
)
from core.errors import BadInput, BadKnowledge
from tests.engine_doubles.model_mirror import model_of


def test_every_role_has_a_model_and_every_model_both_mirrors() -> None:
    assert {model.role for model in catalogue()} == {"chat", "embedding", "reranker"}
    assert all(set(model.repositories) == {"modelscope", "huggingface"} for model in catalogue())
    assert all(model.licence and model.note and model.context_tokens for model in catalogue())


def test_weights_have_a_hash_or_are_marked_approximate() -> None:
    for model in catalogue():
        weights = max(model.files, key=lambda file: file.bytes)
        assert weights == model.files[0]
        assert weights.sha256 or weights.approximate


def test_a_chat_model_is_one_gguf_file_with_what_its_context_takes() -> None:
    for model in (m for m in catalogue() if m.role == "chat"):
        assert model.architecture and model.files[0].sha256
        assert [file.path.endswith(".gguf") for file in model.files] == [True]
        assert model.kv_bytes_per_token
        assert model.memory_bytes(8192) > model.memory_bytes(4096) > model.size_bytes


def test_keys_and_values_are_counted_from_the_published_shape() -> None:
    """Qwen3 config.json: 28 layers (0.6B, 1.7B) or 36 (4B, 8B), 8 KV heads of 128; Qwen2.5: 28 or 36, 2 KV heads of 128."""
    shapes = {"qwen3-0.6b": (28, 8), "qwen3-1.7b": (28, 8), "qwen3-4b": (36, 8), "qwen3-8b": (36, 8), "qwen2.5-1.5b": (28, 2), "qwen2.5-3b": (36, 2)}  # fmt: skip
    for name, (layers, heads) in shapes.items():
        model = by_name(name)
        assert model and model.kv_bytes_per_token == layers * heads * 128 * 2 * 2


def test_only_every_fourth_layer_of_qwen3_5_holds_keys_and_values() -> None:
    """Qwen3.5 model cards: 24 layers (0.8B, 2B) or 32 (4B), one of four with attention, 2 or 4 KV heads of 256."""
    for name, (layers, heads) in {"qwen3.5-0.8b": (6, 2), "qwen3.5-2b": (6, 2), "qwen3.5-4b": (8, 4)}.items():
        model = by_name(name)
        assert model and model.kv_bytes_per_token == layers * heads * 256 * 2 * 2


@pytest.mark.parametrize(
    ("name", "readers"),
    [
        ("qwen3-1.7b", ("local", "openvino")),
        ("qwen2.5-1.5b", ("local", "openvino")),
        ("minicpm5-1b", ("local", "openvino")),
        ("qwen3.5-2b", ("local",)),
        ("qwen3-embedding-0.6b", ()),
        ("qwen3-reranker-0.6b", ()),
    ],
)
def test_each_model_says_which_engines_read_it(name: str, readers: tuple[str, ...]) -> None:
    model = by_name(name)
    assert model and model.readers == readers


def test_what_openvino_does_not_read_says_so_where_models_are_chosen() -> None:
    for model in (m for m in catalogue() if m.role == "chat"):
        assert ("OpenVINO 读不了" in model.note) is ("openvino" not in model.readers)


def test_the_model_under_the_research_licence_is_not_for_business() -> None:
    assert {model.name for model in catalogue() if not model.commercial} == {"qwen2.5-3b"}


def test_a_model_is_found_by_name_in_any_case_and_by_its_file() -> None:
    found = by_name("QWEN3-0.6B")
    assert found and found.name == "qwen3-0.6b"
    assert by_name("qwen3-0.6b-q8_0.gguf") == found
    assert by_name("model.safetensors") is None


@pytest.mark.parametrize(
    "name", ["..", ".", "", "a/b", "../x", "a\\b", "c:", "CON", "nul.gguf", "a.", "模型", "x" * 81, "-rf", "a\n"]
)
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        checked_name(name)
    with pytest.raises(BadInput):
        folder_of(name, tmp_path)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "c:x", "a\\b", ""])
def test_a_file_path_that_leads_out_of_its_model_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        ModelFile(path=path, bytes=1)


def test_a_broken_catalogue_names_the_field(tmp_path: Path) -> None:
    broken = tmp_path / "catalogue.yaml"
    broken.write_text("- {name: a, title: b, role: poet, format: gguf, files: [{path: a.gguf, bytes: 1}]}", "utf-8")
    with pytest.raises(BadKnowledge, match="role"):
        catalogue(broken)


def test_a_model_is_installed_when_all_its_files_are_there(tmp_path: Path) -> None:
    model = model_of({"a.gguf": b"12345", "b.json": b"{}"})
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "a.gguf").write_bytes(b"12345")
    (folder / "b.json").write_bytes(b"{}")
    write_receipt(model, folder, "somewhere", {"a.gguf": "a" * 64}, "server")
    there = find_installed("TINY", tmp_path)
    assert there and there.complete and there.main_file == folder / "a.gguf"
    assert there.model.files[0].sha256 == "a" * 64 and there.compared == "server"
    (folder / "a.gguf").write_bytes(b"123")
    assert [i.complete for i in installed(tmp_path)] == [False]


def test_a_catalogue_model_copied_in_by_hand_counts_by_its_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of({"a.gguf": b"12345"})
    monkeypatch.setattr(shelf, "catalogue", lambda: (model,))
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "a.gguf").write_bytes(b"12345")
    assert [i.complete for i in installed(tmp_path)] == [True]


@pytest.mark.parametrize("receipt", ["", "{", "[]", '{"model": {"name": "other"}}', '{"model": {"name": "../x"}}'])
def test_a_damaged_receipt_is_no_model(receipt: str, tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / shelf.RECEIPT).write_text(receipt, "utf-8")
    assert installed(tmp_path) == ()


def test_a_missing_model_folder_holds_nothing(tmp_path: Path) -> None:
    assert installed(tmp_path / "none") == ()


def test_a_receipt_from_before_architectures_were_noted_learns_its_own(tmp_path: Path) -> None:
    known = by_name("qwen3.5-2b")
    assert known
    (tmp_path / known.name).mkdir()
    path = tmp_path / known.name / known.files[0].path
    path.write_bytes(b"x")
    old = known.model_copy(update={"architecture": "", "thinks": False})
    write_receipt(old, path.parent, "somewhere", {})
    there = find_installed(known.name, tmp_path)
    assert there and there.model.architecture == "qwen35" and there.model.thinks
