"""Which engine reads a model: by what is installed, by the device asked for, by the kind of model."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.engine import choose
from assistant.engine.choose import open_engine
from assistant.engine.contract import EngineSettings
from core.errors import NotAvailable


@pytest.mark.parametrize(
    ("installed", "device", "folder", "engine"),
    [
        ("llama_cpp openvino_genai", "auto", False, "local"),
        ("llama_cpp openvino_genai", "cpu", False, "local"),
        ("llama_cpp openvino_genai", "npu", False, "openvino"),
        ("llama_cpp openvino_genai", "gpu", False, "openvino"),
        ("llama_cpp", "npu", False, "local"),
        ("openvino_genai", "auto", False, "openvino"),
        ("llama_cpp openvino_genai", "auto", True, "openvino"),
    ],
)
def test_auto_takes_what_can_read_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: str, device: str, folder: bool, engine: str
) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: name in installed.split() or None)
    model = tmp_path if folder else tmp_path / "m.gguf"
    if not folder:
        model.write_bytes(b"GGUF")
    opened = open_engine(EngineSettings(model_path=model, device=device))  # type: ignore[arg-type]
    assert opened and opened.name == engine


@pytest.mark.parametrize(("engine", "told"), [("openvino", "setup npu"), ("local", "setup llm")])
def test_an_engine_that_is_not_installed_is_named_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, told: str
) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: None)
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    with pytest.raises(NotAvailable, match=told):
        open_engine(EngineSettings(engine=engine, model_path=tmp_path / "m.gguf"))  # type: ignore[arg-type]


def test_without_a_model_the_next_command_is_named() -> None:
    with pytest.raises(NotAvailable, match="model pull"):
        open_engine(EngineSettings(engine="openvino"))
    assert open_engine(EngineSettings()) is None
