"""The doctor on models, with the machine, the build and the measurement given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.engine.machine import Device, Machine
from assistant.engine.trial import Trial
from core.settings import Settings
from tests.assistant.engine.test_machine import like
from tests.engine_doubles.byte_model import write_byte_model
from tests.engine_doubles.tiny_model import write_tiny_model
from ui import doctor_model, doctor_speed

WELL = Trial(True, prefill=120.0, decode=15.0, load_s=0.5, first_token_s=0.6, prompt_tokens=512)


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the doctor; returns its lines with their marks, and the facts."""
    monkeypatch.setattr(doctor_model, "RECORD", tmp_path / "record.json")

    def examine(
        here: Machine, trial: Trial = WELL, others: dict[str, Trial] | None = None, **settings: object
    ) -> tuple[list[tuple[bool | None, str]], dict[str, Any]]:
        monkeypatch.setattr(doctor_model, "machine", lambda: here)
        monkeypatch.setattr(doctor_speed, "run_trial", lambda *asked, **_: (others or {}).get(asked[4], trial))
        facts: dict[str, Any] = {}
        return list(doctor_model.findings(Settings(home=tmp_path, **settings), facts)), facts  # type: ignore[arg-type]

    return examine


def said(lines: list[tuple[bool | None, str]], mark: bool | None) -> str:
    return "\n".join(line for good, line in lines if good is mark)


def model_in(home: Path, write: Callable[[Path], Path] = write_tiny_model) -> None:
    (home / "models/tiny").mkdir(parents=True)
    from assistant.engine.model_folder import bring
    from assistant.engine.own_models import own_file

    file = write(home / "tiny.gguf")
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


@pytest.fixture
def compare(doctor: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The doctor's lines and facts where these packages are installed and a model is there that all of them read."""

    def run(trials: dict[str, Trial], write: Callable[[Path], Path] = write_byte_model) -> Any:
        monkeypatch.setattr("assistant.engine.choose.find_spec", lambda name: name in trials or None)
        monkeypatch.setattr(doctor_model, "finding", lambda *_: None)
        model_in(tmp_path, write)
        return doctor(like(packages=tuple(trials)), others=trials)

    return run


SLOW, FAST = Trial(True, prefill=60.0, decode=5.0), Trial(True, prefill=240.0, decode=30.0)


def test_of_two_engines_the_faster_is_recommended_with_the_setting(compare: Any) -> None:
    lines, facts = compare({"llama_cpp": SLOW, "xllamacpp": FAST})
    assert "每秒读 60 个词元、写 5 个" in said(lines, True)
    assert "也装了 xllamacpp：每秒读 240 个词元、写 30 个" in said(lines, True)
    assert "xllamacpp 比现在用的 llama_cpp 快；换成它：设 XIANGDAO_ENGINE=local、XIANGDAO_LLAMA=xllamacpp" in said(
        lines, None
    )
    assert facts["fastest"] == "xllamacpp" and facts["compared"]["xllamacpp"]["decode"] == 30.0


def test_a_slower_or_as_fast_engine_is_told_and_nothing_recommended(compare: Any) -> None:
    lines, facts = compare({"llama_cpp": FAST, "xllamacpp": SLOW, "openvino_genai": FAST})
    assert "也装了 xllamacpp：每秒读 60" in said(lines, True) and "也装了 OpenVINO：每秒读 240" in said(lines, True)
    assert "换成它" not in said(lines, None) and "fastest" not in facts


def test_the_fastest_of_three_may_be_openvino(compare: Any) -> None:
    lines, _ = compare({"llama_cpp": SLOW, "xllamacpp": WELL, "openvino_genai": FAST})
    [advice] = [line for good, line in lines if good is None and "换成它" in line]
    assert advice == "OpenVINO 比现在用的 llama_cpp 快；换成它：设 XIANGDAO_ENGINE=openvino"


def test_another_engine_that_fails_does_not_matter(compare: Any) -> None:
    lines, _ = compare({"llama_cpp": SLOW, "xllamacpp": Trial(False, "程序崩了（-4）")})
    assert "也装了 xllamacpp，它没有跑成：程序崩了（-4）。不影响现在用的 llama_cpp" in said(lines, None)
    assert "换成它" not in said(lines, None) and not said(lines, False)


def test_where_the_one_in_use_fails_the_other_is_recommended(compare: Any) -> None:
    lines, _ = compare({"llama_cpp": Trial(False, "程序崩了（-4）"), "xllamacpp": SLOW})
    assert "没有跑成" in said(lines, False) and "XIANGDAO_LLAMA=xllamacpp" in said(lines, None)


def test_a_model_that_openvino_cannot_read_is_not_compared(compare: Any) -> None:
    lines, facts = compare({"llama_cpp": SLOW, "openvino_genai": FAST}, write_tiny_model)
    assert "也装了 OpenVINO，没有比：OpenVINO 还读不了 tiny.gguf 的词表" in said(lines, True)
    assert "compared" not in facts


def test_openvino_alone_is_measured_and_no_llama_cpp_is_asked_for(compare: Any) -> None:
    lines, facts = compare({"openvino_genai": SLOW})
    assert facts["engine"]["name"] == "openvino" and "测速：每秒读 60" in said(lines, True)
    assert "setup llm" not in "\n".join(line for _, line in lines) and "compared" not in facts


def test_without_a_model_openvino_alone_is_enough_to_run_one(doctor: Any) -> None:
    lines, _ = doctor(like(packages=("openvino_genai",)))
    assert "model pull qwen3-1.7b" in said(lines, None) and "setup llm" not in said(lines, None)


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
