"""Settings: a variable beats the file, the file beats the default; a wrong value is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadInput
from core.settings import Settings, data_folder, load_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XIANGDAO_HOME", str(tmp_path))
    monkeypatch.delenv("XIANGDAO_PASSAGES", raising=False)
    return tmp_path


def test_the_default_stands_where_nothing_is_set(folder: Path) -> None:
    settings = load_settings()
    assert (settings.passages, settings.host, settings.engine) == (8, "127.0.0.1", "auto")


def test_the_file_beats_the_default(folder: Path) -> None:
    (folder / "config.toml").write_text('passages = 5\nengine = "extractive"\n', "utf-8")
    assert (load_settings().passages, load_settings().engine) == (5, "extractive")


def test_a_variable_beats_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "config.toml").write_text("passages = 5\n", "utf-8")
    monkeypatch.setenv("XIANGDAO_PASSAGES", "3")
    assert load_settings().passages == 3


def test_what_the_file_does_not_know_is_passed_over(folder: Path) -> None:
    (folder / "config.toml").write_text('colour = "red"\n', "utf-8")
    assert load_settings().passages == 8


@pytest.mark.parametrize(
    ("name", "value"), [("passages", "很多"), ("passages", "0"), ("port", "99999"), ("engine", "gpt"), ("user", "a/b")]
)
def test_a_wrong_value_is_a_sentence_that_names_setting_value_and_variable(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"XIANGDAO_{name.upper()}", value)
    with pytest.raises(BadInput) as caught:
        load_settings()
    assert name in caught.value.message and value in caught.value.message
    assert f"XIANGDAO_{name.upper()}" in caught.value.hint


@pytest.mark.parametrize("content", [b"passages = = 3", "passages = 三".encode("gb18030"), b"\x00\xff\xfe"])
def test_a_file_that_is_not_toml_is_a_sentence_that_names_the_file(folder: Path, content: bytes) -> None:
    (folder / "config.toml").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        load_settings()
    assert "config.toml" in str(caught.value)


def test_the_data_folder_is_where_the_variable_says_and_reading_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGDAO_HOME", str(tmp_path / "not there"))
    assert data_folder() == load_settings().home == tmp_path / "not there"
    assert not (tmp_path / "not there").exists()


def test_without_the_variable_the_data_folder_lies_outside_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XIANGDAO_HOME", raising=False)
    repository = Path(__file__).resolve().parents[2]
    assert repository not in (data_folder(), *data_folder().parents)


def test_every_setting_describes_itself_in_chinese() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert any("\u4e00" <= c <= "\u9fff" for c in field.description), name


def test_ledger_vectors_and_originals_lie_in_the_data_folder(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    for path in (settings.ledger_path, settings.vectors_path, settings.originals_path):
        assert path.parent == tmp_path
