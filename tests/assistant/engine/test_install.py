"""Building llama.cpp: what is tried in which order, and what the user is told; pip and the trial are scripted."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.engine import install
from assistant.engine.trial import Trial, ended_how

ROOT = Path(__file__).resolve().parents[3]
BUILT = "Building wheel for llama-cpp-python\n[83/83] Linking\nSuccessfully installed"
CACHED = "Using cached llama_cpp_python.whl\nSuccessfully installed"
BROKEN = "Building wheel for llama-cpp-python\nfoo.cpp:3:1: error: no such thing\nERROR: Failed building wheel"
GOOD, CRASH = Trial(True), Trial(False, "程序崩了（-4）")


@dataclass
class Workshop:
    """Scripted answers of pip and of the trial, and what was asked of them."""

    pip: list[str]
    trials: list[Trial]
    commands: list[list[str]] = field(default_factory=list)
    defines: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    """The pins of what compiling needs; pip has them."""

    def run(self, command: list[str], environment: dict[str, str]) -> tuple[int, str]:
        if tools := [part for part in command if part.startswith(("cmake==", "ninja==", "scikit-build-core=="))]:
            self.tools += tools
            assert not self.commands and "--only-binary=:all:" in command
            return 0, ""
        self.commands.append(command)
        self.defines.append(environment["CMAKE_ARGS"])
        said = self.pip.pop(0)
        return int("Successfully" not in said), said

    def trial(self, **_: object) -> Trial:
        return self.trials.pop(0)


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(install, "RECORD", tmp_path / "record.json")
    monkeypatch.setattr(install, "amx_flags", lambda: {"CMAKE_C_FLAGS": install.NO_AMX})
    monkeypatch.setattr(install, "version", lambda name: install.pinned(install.PINS.read_text("utf-8")))
    monkeypatch.setattr(install, "wheels", lambda *_: ())
    monkeypatch.delenv("CMAKE_ARGS", raising=False)
    return tmp_path / "record.json"


def build(
    monkeypatch: pytest.MonkeyPatch, pip: list[str], trials: list[Trial], backend: str = ""
) -> tuple[int, Workshop]:
    shop = Workshop(pip, trials)
    monkeypatch.setattr(install, "run", shop.run)
    monkeypatch.setattr(install, "run_trial", shop.trial)
    if backend:
        monkeypatch.setenv("XIANGDAO_LLM_BACKEND", backend)
    return install.main(["--no-index"]), shop


def test_the_first_build_is_native_without_amx_and_handed_the_registry(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, shop = build(monkeypatch, [BUILT], [GOOD])
    assert status == 0 and json.loads(record.read_text("utf-8"))["plan"] == "native"
    assert "-mno-amx-tile" in shop.defines[0] and "GGML_NATIVE" not in shop.defines[0]
    assert "--no-index" in shop.commands[0] and shop.commands[0][-1].startswith("llama-cpp-python==")
    assert len(shop.tools) == 3, "what compiles came first"


def test_one_that_is_there_and_runs_is_kept(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(monkeypatch, [BUILT], [GOOD])
    status, shop = build(monkeypatch, [], [GOOD])
    assert status == 0 and not shop.tools, "nothing is fetched to compile what is there"
    status, shop = build(monkeypatch, [BUILT], [CRASH, GOOD])
    assert status == 0 and len(shop.commands) == 1, "one that no longer runs is built anew"


def test_a_crash_of_what_pip_had_kept_leads_to_a_build_of_our_own(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, shop = build(monkeypatch, [CACHED, BUILT], [CRASH, GOOD])
    assert status == 0 and "--no-cache-dir" not in shop.commands[0] and "--no-cache-dir" in shop.commands[1]
    assert "GGML_NATIVE" not in shop.defines[1] and install.NOTE not in capsys.readouterr().out


@pytest.mark.parametrize(("pip", "trials", "told"), [
    ([BUILT, BUILT], [CRASH, GOOD], "跑不起来（程序崩了（-4））"),
    ([BROKEN, BUILT], [GOOD], "编译出错（foo.cpp:3:1: error: no such thing）"),
])  # fmt: skip
def test_a_failed_build_or_trial_ends_in_a_sentence_and_a_portable_build(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], pip: list[str],
    trials: list[Trial], told: str,
) -> None:  # fmt: skip
    status, shop = build(monkeypatch, pip, trials)
    assert status == 0 and "-DGGML_NATIVE=OFF" in shop.defines[1]
    notes = [line for line in capsys.readouterr().out.splitlines() if line.startswith(install.NOTE)]
    assert len(notes) == 1 and told in notes[0]
    assert json.loads(record.read_text("utf-8"))["plan"] == "portable"


def test_where_nothing_runs_there_is_one_clear_sentence_with_a_way_out(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(monkeypatch, [BUILT, BUILT], [CRASH, CRASH])[0] == 1
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith(install.FAILED)]
    assert len(told) == 1 and "没有装成" in told[0] and "XIANGDAO_REMOTE_URL" in told[0].split("\t")[1]
    assert not record.exists()


@pytest.mark.parametrize("said", [
    "CMake Error: CMAKE_CXX_COMPILER not set, after EnableLanguage",
    "CMake Error at CMakeLists.txt:3 (project):\n  No CMAKE_C_COMPILER could be found.",
    "CMake Error: could not find any instance of Visual Studio.",
])  # fmt: skip
def test_a_missing_compiler_is_said_at_once_with_what_to_install(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    status, shop = build(monkeypatch, [f"Building wheel for llama-cpp-python\n{said}"], [])
    assert status == 1 and len(shop.commands) == 1
    assert "没有找到 C++ 编译器" in capsys.readouterr().out


def test_an_unreachable_registry_is_left_to_start_to_explain(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, shop = build(monkeypatch, ["WARNING: Retrying … NewConnectionError"], [])
    assert status == 1 and len(shop.commands) == 1 and install.FAILED not in capsys.readouterr().out


def test_a_graphics_build_needs_its_tools_and_falls_back_to_the_processor(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/bin/{name}")
    status, shop = build(monkeypatch, [BROKEN, BUILT], [GOOD], "cuda")
    assert status == 0 and "-DGGML_CUDA=ON" in shop.defines[0] and "GGML_CUDA" not in shop.defines[1]
    monkeypatch.setattr(install.shutil, "which", lambda name: None)
    status, shop = build(monkeypatch, [BUILT], [GOOD], "vulkan")
    assert status == 0 and "没有找到 Vulkan SDK" in capsys.readouterr().out
    assert all("--no-cache-dir" in command for command in shop.commands)


def test_an_unknown_backend_is_a_sentence(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(monkeypatch, [], [], "abacus")[0] == 1
    assert "不认识的 XIANGDAO_LLM_BACKEND：abacus" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "told"), [(-4, "指令"), (-11, "崩了"), (-9, "内存"), (0xC000001D, "指令"), (1, "boom")]
)
def test_a_trial_that_died_says_how(status: int, told: str) -> None:
    assert told in ended_how(status, "Traceback\nboom")


def test_the_setup_leaves_out_what_is_put_in_here_and_nothing_else() -> None:
    told = re.search(r"^LATER = \((.+)\)$", (ROOT / "start.py").read_text("utf-8"), re.MULTILINE)
    assert told and set(re.findall(r'"([^"]+)=="', told[1])) == {install.PACKAGE, "xllamacpp", *install.TOOLS}
