"""Which engine reads a model: by what is installed, by the device asked for, by the kind of model."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.engine import choose, devices
from assistant.engine import machine as machine_module
from assistant.engine.catalogue import write_receipt
from assistant.engine.choose import chosen, open_engine
from assistant.engine.contract import EngineSettings
from core.errors import DeviceAbsent, NotAvailable
from tests.engine_doubles.model_mirror import gguf_bytes, model_of


@pytest.mark.parametrize(
    ("installed", "device", "folder", "engine"),
    [
        ("llama_cpp openvino_genai", "auto", False, "local"),
        ("llama_cpp openvino_genai", "cpu", False, "local"),
        ("llama_cpp openvino_genai", "npu", False, "openvino"),
        ("llama_cpp openvino_genai", "gpu", False, "openvino"),
        ("llama_cpp", "gpu", False, "local"),
        ("openvino_genai", "auto", False, "openvino"),
        ("llama_cpp openvino_genai", "auto", True, "openvino"),
    ],
)
def test_auto_takes_what_can_read_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: str, device: str, folder: bool, engine: str
) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: name in installed.split() or None)
    monkeypatch.setattr(devices, "openvino_devices", lambda: {"CPU": "a", "GPU.0": "b", "NPU": "c"})
    monkeypatch.setattr(machine_module, "machine", lambda: SimpleNamespace(gpus=("a card",)))
    model = tmp_path if folder else tmp_path / "m.gguf"
    if not folder:
        model.write_bytes(b"GGUF")
    opened = open_engine(EngineSettings(model_path=model, device=device))  # type: ignore[arg-type]
    assert opened and opened.name == engine


@pytest.mark.parametrize(
    ("engine", "device", "installed", "told"),
    [
        ("openvino", "npu", "openvino_genai", "指定了 NPU，OpenVINO 在这台机器上没有找到它，只有：处理器"),
        ("openvino", "gpu", "openvino_genai", "指定了显卡，OpenVINO 在这台机器上没有找到它"),
        ("auto", "npu", "llama_cpp openvino_genai", "没有找到它"),
        ("auto", "npu", "llama_cpp", "setup npu"),
        ("local", "gpu", "llama_cpp", "指定了显卡，这台机器上没有找到"),
    ],
)
def test_a_device_that_is_named_and_absent_is_never_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, device: str, installed: str, told: str
) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: name in installed.split() or None)
    monkeypatch.setattr(devices, "openvino_devices", lambda: {"CPU": "a"})
    monkeypatch.setattr(machine_module, "machine", lambda: SimpleNamespace(gpus=()))
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    with pytest.raises(DeviceAbsent) as absent:
        open_engine(EngineSettings(engine=engine, device=device, model_path=tmp_path / "m.gguf"))  # type: ignore[arg-type]
    assert told in f"{absent.value.message}{absent.value.terminal_hint}"
    opened = open_engine(EngineSettings(engine=engine, device="auto", model_path=tmp_path / "m.gguf"))  # type: ignore[arg-type]
    assert opened is not None


def test_openvino_s_devices_are_asked_of_a_child_that_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "find_spec", lambda name: True)
    monkeypatch.setattr(devices, "_LIST", "import os; os.abort()")
    assert devices.openvino_devices() == {}
    devices.check_openvino("npu")
    monkeypatch.setattr(devices, "_LIST", "print('noise'); print('{\"CPU\": \"x\"}')")
    assert devices.openvino_devices() == {"CPU": "x"}
    with pytest.raises(DeviceAbsent):
        devices.check_openvino("npu")


@pytest.mark.parametrize(("engine", "told"), [("openvino", "setup npu"), ("local", "setup llm")])
def test_an_engine_that_is_not_installed_is_named_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, told: str
) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: None)
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    with pytest.raises(NotAvailable) as absent:
        open_engine(EngineSettings(engine=engine, model_path=tmp_path / "m.gguf"))  # type: ignore[arg-type]
    assert told in absent.value.terminal_hint


def test_without_a_model_the_next_command_is_named() -> None:
    with pytest.raises(NotAvailable) as absent:
        open_engine(EngineSettings(engine="openvino"))
    assert "model pull" in absent.value.terminal_hint
    assert open_engine(EngineSettings()) is None


@pytest.mark.parametrize("device", ["auto", "npu", "gpu"])
def test_a_model_that_openvino_does_not_read_is_told_before_it_is_tried_and_on_no_other_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: name == "openvino_genai" or None)
    monkeypatch.setattr(devices, "openvino_devices", lambda: {"CPU": "a", "GPU.0": "b", "NPU": "c"})
    for architecture in ("qwen35", "qwen3"):
        (tmp_path / f"{architecture}.gguf").write_bytes(gguf_bytes(64, architecture))
    with pytest.raises(NotAvailable, match="qwen35 结构") as told:
        open_engine(EngineSettings(engine="auto", device=device, model_path=tmp_path / "qwen35.gguf"))  # type: ignore[arg-type]
    assert "setup llm" in told.value.terminal_hint
    opened = open_engine(EngineSettings(device=device, model_path=tmp_path / "qwen3.gguf"))  # type: ignore[arg-type]
    assert opened and opened.name == "openvino"


@pytest.mark.parametrize("role", ["embedding", "reranker"])
def test_a_model_that_writes_no_answers_is_never_taken_for_them(tmp_path: Path, role: str) -> None:
    data = gguf_bytes(64)
    model = model_of({"tiny.gguf": data}, role=role)
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny/tiny.gguf").write_bytes(data)
    write_receipt(model, tmp_path / "tiny", "somewhere", {})
    assert chosen("", tmp_path) is None
    with pytest.raises(NotAvailable, match="不能写答案"):
        chosen("tiny", tmp_path)
