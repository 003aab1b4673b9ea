"""The doctor on models, with the machine, the build and the measurement given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.engine.machine import Device, Machine
from assistant.engine.trial import Trial
from core.settings import Settings
from tests.assistant.engine.test_machine import like
from tests.engine_doubles.tiny_model import write_tiny_model
from ui import doctor_model

WELL = Trial(True, prefill=120.0, decode=15.0, load_s=0.5, first_token_s=0.6, prompt_tokens=512)


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the doctor; returns its lines with their marks, and the facts."""
    monkeypatch.setattr(doctor_model, "RECORD", tmp_path / "record.json")

    def examine(
        here: Machine, trial: Trial = WELL, **settings: object
    ) -> tuple[list[tuple[bool | None, str]], dict[str, Any]]:
        monkeypatch.setattr(doctor_model, "machine", lambda: here)
        monkeypatch.setattr(doctor_model, "run_trial", lambda *_: trial)
        facts: dict[str, Any] = {}
        return list(doctor_model.findings(Settings(home=tmp_path, **settings), facts)), facts  # type: ignore[arg-type]

    return examine


def said(lines: list[tuple[bool | None, str]], mark: bool | None) -> str:
    return "\n".join(line for good, line in lines if good is mark)


def model_in(home: Path) -> None:
    (home / "models/tiny").mkdir(parents=True)
    from assistant.engine.model_folder import bring
    from assistant.engine.own_models import own_file

    file = write_tiny_model(home / "tiny.gguf")
    bring(own_file(file), file, home / "models", lambda *_: None)


def test_a_bare_machine_gets_a_recommendation_with_the_commands(doctor: Any) -> None:
    lines, facts = doctor(like())
    assert not said(lines, False)
    assert "setup llm" in said(lines, None) and "model pull qwen3-1.7b" in said(lines, None)
    assert facts["recommendation"]["model"] == "qwen3-1.7b" and "benchmark" not in facts


def test_without_a_model_no_speed_is_claimed(doctor: Any) -> None:
    lines, facts = doctor(like(packages=("llama_cpp",)))
    assert "没有测速" in said(lines, True) and facts["recommendation"]["passages"] is None


def test_a_build_that_dies_is_a_problem_with_what_to_do(doctor: Any) -> None:
    lines, _ = doctor(like(packages=("llama_cpp",)), Trial(False, "处理器不支持程序用到的指令"))
    assert "处理器不支持" in said(lines, False) and "setup llm" in said(lines, False)


def test_an_installed_model_is_measured_and_its_passages_follow(
    doctor: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engine.choose.find_spec", lambda name: name == "llama_cpp" or None)
    model_in(tmp_path)
    lines, facts = doctor(like(packages=("llama_cpp",)))
    assert "每秒读 120 个词元、写 15 个" in said(lines, True) and "tiny.gguf" in said(lines, True)
    assert facts["engine"]["name"] == "local" and facts["benchmark"]["model"] == "tiny"
    assert facts["recommendation"]["passages"] == 1


def test_a_model_without_its_program_is_a_problem_with_the_command(
    doctor: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engine.choose.find_spec", lambda name: None)
    model_in(tmp_path)
    lines, _ = doctor(like())
    assert "python3 start.py setup llm" in said(lines, False)


def test_cards_npus_and_doubtful_instructions_are_told(doctor: Any, tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text('{"plan": "native"}', "utf-8")
    card = Device("NVIDIA GeForce RTX 4060", 8 * 2**30, 7 * 2**30)
    here = like(
        gpus=(card,), npus=(Device("Intel NPU"),), virtual=True, features=("amx_int8",), packages=("llama_cpp",)
    )
    lines, _ = doctor(here)
    assert "显存 8 GB" in said(lines, True) and "AMX" in said(lines, True)
    assert "XIANGDAO_LLM_BACKEND=cuda" in said(lines, None) and "setup npu" in said(lines, None)


def test_a_remote_engine_says_where_text_goes(doctor: Any) -> None:
    lines, facts = doctor(like(), engine="remote", remote_url="http://192.168.1.20:8000/v1")
    assert "192.168.1.20" in said(lines, True) and "离开本机" in said(lines, True)
    assert facts["engine"]["leaves_machine"]
