"""start.py in a temporary folder, with stand-ins for pip and venv: nothing is installed here."""

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "start.py"
posix_only = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A copy of start.py in a folder of its own, where each step is recorded instead of run."""
    root = tmp_path / "向导 folder"
    (root / "requirements").mkdir(parents=True)
    for name in (
        "requirements/base.txt",
        "requirements/dev.txt",
        "requirements/llm.txt",
        "requirements/npu.txt",
        "requirements/bots.txt",
        "requirements/ocr.txt",
        "requirements/train.txt",
        "pyproject.toml",
    ):
        (root / name).write_text("")
    (root / "requirements/embed.txt").write_text("torch==1.2.3\n")
    for name in ("XIANGDAO_TORCH_INDEX", "XIANGDAO_WHEELS", "XIANGDAO_CHROMIUM", "XIANGDAO_LLM_BACKEND"):
        monkeypatch.delenv(name, raising=False)
    return load(root, monkeypatch)


def load(root: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (root / "start.py").write_text(SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("start_under_test", root / "start.py")
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.real_run_step = module.run_step
    module.steps = []
    module.fail_at = {}

    def run_step(title: str, command: list[str], lock_fds: tuple[int, ...], must_succeed: bool = True) -> None:
        module.steps.append((title, command))
        if title in module.fail_at:
            raise module.fail_at[title]
        if title == "建立虚拟环境":
            module.BIN.mkdir(parents=True)
            module.VENV_PYTHON.write_text("")
        if title == "安装向导":
            module.APP.write_text("")

    monkeypatch.setattr(module, "run_step", run_step)
    monkeypatch.setattr(module, "venv_runs", lambda: module.VENV_PYTHON.exists())
    monkeypatch.setattr(module, "launch", lambda arguments: module.steps.append(("launch", arguments)) or 0)
    monkeypatch.setattr(module, "NEEDED_BYTES", 0)
    monkeypatch.setattr(module, "install_from_debian", lambda *packages: module.steps.append(("apt", packages)))
    return module


def titles(start: Any) -> list[str]:
    done = [title for title, _ in start.steps]
    start.steps.clear()
    return done


FULL = ["建立虚拟环境", "安装依赖", "安装向导", "预编译", "launch"]


# --- when to install ------------------------------------------------------------------------------------------------


def test_first_run_installs_and_the_second_starts_at_once(start: Any) -> None:
    assert start.main(["ask", "你好"]) == 0
    assert start.steps[-1] == ("launch", ["ask", "你好"])
    assert titles(start) == FULL
    assert start.main(["ask", "你好"]) == 0
    assert titles(start) == ["launch"]


def test_without_arguments_the_web_page_is_started(start: Any) -> None:
    start.main([])
    assert start.steps[-1] == ("launch", ["ui"])


def test_changed_pins_are_installed_into_the_same_environment(start: Any) -> None:
    start.main(["setup"])
    titles(start)
    (start.ROOT / "requirements/base.txt").write_text("gradio==0\n")
    start.main(["ask"])
    assert titles(start) == FULL[1:]


def test_an_extra_is_added_once_and_stays(start: Any) -> None:
    start.main(["setup"])
    titles(start)
    start.main(["setup", "dev"])
    pip = start.steps[0][1]
    assert [Path(part).name for part in pip if part.startswith("--requirement=")] == ["base.txt", "dev.txt"]
    titles(start)
    start.main(["setup"])
    start.main(["setup", "dev"])
    assert titles(start) == []
    assert start.read_stamp()["extras"] == ["dev"]


def torch_steps(start: Any) -> list[tuple[str, list[str]]]:
    return [(title, command) for title, command in start.steps if "torch" in title]


def test_on_linux_torch_comes_without_cuda_and_from_its_own_place_where_the_registry_lacks_it(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.sys, "platform", "linux")
    start.fail_at["安装 torch"] = start.SetupError("没有", "")
    assert start.main(["setup", "embed"]) == 0
    (_, first), (_, second) = torch_steps(start)
    assert first[-1] == "torch==1.2.3+cpu" and "--no-deps" in first
    assert second == [*first, "--extra-index-url=https://download.pytorch.org/whl/cpu"]
    assert [title for title, _ in start.steps].index("下载 torch") < [title for title, _ in start.steps].index(
        "安装依赖"
    )


def test_what_an_extra_builds_on_is_installed_with_it(start: Any) -> None:
    assert start.main(["setup", "train"]) == 0
    assert {"embed", "train"} <= set(start.read_stamp()["extras"])


def test_elsewhere_torch_is_one_of_the_pins(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.sys, "platform", "darwin")
    assert start.main(["setup", "embed"]) == 0
    assert torch_steps(start) == []


def test_a_build_of_torch_for_a_graphics_card_comes_with_what_it_needs(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGDAO_TORCH_INDEX", "https://example.org/cuda")
    assert start.main(["setup", "embed"]) == 0
    ((_, command),) = torch_steps(start)
    assert command[-2:] == ["--extra-index-url=https://example.org/cuda", "torch==1.2.3"] and "--no-deps" not in command


def test_changed_pins_of_an_extra_do_not_delay_the_app(start: Any) -> None:
    start.main(["setup", "dev"])
    titles(start)
    (start.ROOT / "requirements/dev.txt").write_text("ruff==0\n")
    start.main(["ask"])
    assert titles(start) == ["launch"]


LLM = "cmake==4\nllama-cpp-python==9\nninja==1 ; sys_platform != 'win32'\nsse==2\nstarlette==3 ; python_full_version < '3.11'\nxllamacpp==3\n"
COMPILE = "安装本机模型组件"


def test_what_has_no_wheel_is_compiled_by_its_module_after_the_rest(start: Any) -> None:
    (start.ROOT / "requirements/llm.txt").write_text(LLM)
    assert start.main(["setup", "llm"]) == 0
    steps = dict(start.steps)
    assert steps["安装依赖"][-2:] == ["sse==2", "starlette==3 ; python_full_version < '3.11'"], "no compiler's tools"
    assert steps[COMPILE][-1] == "assistant.engine.install"
    assert titles(start) == [*FULL[:4], COMPILE]
    assert start.read_stamp()["extras"] == ["llm"]
    start.main(["setup", "llm"])
    assert titles(start) == []


def test_a_failed_compilation_leaves_the_app_usable(start: Any, capsys: pytest.CaptureFixture[str]) -> None:
    start.fail_at = {COMPILE: start.SetupError("没有找到 C++ 编译器。", "装一个。")}
    assert start.main(["setup", "llm"]) == 1
    assert capsys.readouterr().err.endswith("没有找到 C++ 编译器。\n  装一个。\n")
    titles(start)
    assert start.main(["ask"]) == 0
    assert titles(start) == ["launch"]


def test_an_update_whose_compilation_fails_says_so_and_goes_on(start: Any, capsys: pytest.CaptureFixture[str]) -> None:
    start.main(["setup", "llm"])
    (start.ROOT / "requirements/base.txt").write_text("gradio==0\n")
    start.fail_at = {COMPILE: start.SetupError("没有编译成。", "")}
    assert start.main(["ask"]) == 0
    assert "没有编译成。其余照常。" in capsys.readouterr().err and start.steps[-1][0] == "launch"
    assert start.read_stamp()["extras"] == []


def test_asking_for_a_backend_asks_the_module_again(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    start.main(["setup", "llm"])
    titles(start)
    monkeypatch.setenv("XIANGDAO_LLM_BACKEND", "cuda")
    start.main(["setup", "llm"])
    assert COMPILE in titles(start)
    start.main(["ask"])
    assert titles(start) == ["launch"]


@posix_only
def test_what_the_module_has_to_say_reaches_the_user(
    start: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start.main(["setup"])
    said = "XIANGDAO-NOTE 改装通用版。\nXIANGDAO-FAILED 没有装成。\t换个办法。\n[3/83] CXX"
    shell(start.VENV_PYTHON, f"cat <<'END'\n{said}\nEND\ncase $* in *engine.install*) exit 1;; esac")
    monkeypatch.setattr(start, "run_step", start.real_run_step)
    assert start.main(["setup", "llm"]) == 1
    err = capsys.readouterr().err
    assert "  改装通用版。\n" in err and "没有装成。\n  换个办法。" in err
    assert start.step_detail(0) == "，3%"


def test_an_unknown_extra_is_a_sentence(start: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["setup", "warp"]) == 1
    assert "没有叫 warp 的附加组件。\n  可选：dev" in capsys.readouterr().err
    assert not start.VENV.exists()


def test_a_newer_set_up_revision_makes_the_environment_anew(start: Any) -> None:
    start.main(["setup"])
    titles(start)
    start.REVISION += 1
    start.main(["ask"])
    assert titles(start) == FULL


# --- interrupted, broken, moved -------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", FULL[:4])
def test_an_interrupted_set_up_starts_over_by_itself(start: Any, step: str, capsys: pytest.CaptureFixture[str]) -> None:
    start.fail_at = {step: KeyboardInterrupt()}
    assert start.main(["ask"]) == 1
    assert "已中断。" in capsys.readouterr().err
    assert not start.read_stamp()["complete"]
    start.fail_at, start.steps = {}, []
    assert start.main(["ask"]) == 0
    assert titles(start) == FULL
    assert not start.OLD_VENV.exists()


def test_an_interrupted_update_keeps_the_extras(start: Any) -> None:
    start.main(["setup", "dev"])
    (start.ROOT / "requirements/base.txt").write_text("gradio==0\n")
    start.fail_at = {"安装依赖": KeyboardInterrupt()}
    start.main(["ask"])
    start.fail_at = {}
    start.main(["ask"])
    assert start.read_stamp()["extras"] == ["dev"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"complete": true}', '{"complete": true, "files": 1}'])
def test_an_unreadable_stamp_means_starting_over(start: Any, content: str) -> None:
    start.main(["setup"])
    titles(start)
    start.STAMP.write_text(content)
    start.main(["ask"])
    assert titles(start) == FULL


def test_a_moved_folder_is_noticed(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    start.main(["setup"])
    moved = start.ROOT.rename(start.ROOT.with_name("moved"))
    again = load(moved, monkeypatch)
    again.main(["ask"])
    assert titles(again) == FULL
    assert again.read_stamp()["root"] == str(moved)


def test_an_environment_whose_python_is_gone_is_made_anew(start: Any) -> None:
    start.main(["setup"])
    titles(start)
    start.VENV_PYTHON.unlink()
    start.main(["ask"])
    assert titles(start) == FULL


def test_an_environment_whose_base_python_was_uninstalled_is_made_anew(start: Any) -> None:
    start.main(["setup"])
    titles(start)
    start.STAMP.write_text(json.dumps({**start.read_stamp(), "base": str(start.ROOT / "python3.9")}))
    start.main(["ask"])
    assert titles(start) == FULL


def test_somebody_elses_environment_is_kept_under_another_name(start: Any) -> None:
    start.VENV.mkdir()
    (start.VENV / "mine.txt").write_text("keep")
    start.main(["ask"])
    kept = [path for path in start.ROOT.glob(".venv-*") if (path / "mine.txt").exists()]
    assert len(kept) == 1
    assert start.is_current(start.read_stamp(), [])


@posix_only
def test_a_python_that_does_not_run_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("start_plain", SOURCE)
    assert spec and spec.loader
    plain: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plain)
    monkeypatch.setattr(plain, "VENV_PYTHON", tmp_path / "python")
    assert not plain.venv_runs()
    shell(tmp_path / "python", "exit 1")
    assert not plain.venv_runs()
    shell(tmp_path / "python", "echo \"'/elsewhere/.venv'\"")
    assert not plain.venv_runs()
    shell(tmp_path / "python", f"echo \"'{plain.VENV}'\"")
    assert plain.venv_runs() == str(plain.ROOT).isascii()


@posix_only
def test_a_second_start_waits_for_the_first(start: Any) -> None:
    hold = (
        "import sys, time, fcntl; f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_EX);"
        "print('held', flush=True); time.sleep(1)"
    )
    with subprocess.Popen([sys.executable, "-c", hold, str(start.LOCK)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        said: list[str] = []
        start.say = said.append
        assert start.main(["setup"]) == 0
        assert holder.poll() is not None or holder.wait(5) == 0
    assert said[0].startswith("另一个 start.py 正在安装")


# --- sentences ------------------------------------------------------------------------------------------------------

UNREACHABLE = """WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError(
'<pip._vendor.urllib3.connection.HTTPSConnection object>: Failed to establish a new connection: [Errno 111]')'
ERROR: Could not find a version that satisfies the requirement gradio==6.31.0 (from versions: none)
ERROR: No matching distribution found for gradio==6.31.0
"""
TIMED_OUT = (
    "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='h', port=443): Read timed out.\n"
)
NO_WHEEL = "ERROR: No matching distribution found for onnxruntime==1.31.1\n"


@posix_only
@pytest.mark.parametrize(
    ("pip_says", "sentence", "hint"),
    [
        (UNREACHABLE, "连不上 Python 包的下载源。", "PIP_INDEX_URL"),
        (UNREACHABLE, "连不上 Python 包的下载源。", "XIANGDAO_WHEELS"),
        (TIMED_OUT, "连不上 Python 包的下载源。", ".xiangdao-setup.log"),
        (NO_WHEEL, "下载源里没有适合本机（", "3.10–3.14"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "磁盘空间不够。", "GB"),
        ("ERROR: [Errno 13] Permission denied: '/x'", "没有写入 ", "有权限的文件夹"),
        ("ERROR: [WinError 5] Access is denied: 'x'", "没有写入 ", "关闭正在使用"),
        ("HINT: ... Windows Long Path support enabled.", "文件夹的路径太长", "C:\\xiangdao"),
        ("Segmentation fault", "“安装依赖”这一步没有成功。", ".xiangdao-setup.log"),
    ],
)
def test_a_failing_pip_becomes_one_sentence_and_a_hint(
    start: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pip_says: str,
    sentence: str,
    hint: str,
) -> None:
    start.main(["setup"])
    (start.ROOT / "pyproject.toml").write_text("# changed")
    shell(start.VENV_PYTHON, f"cat <<'END'\n{pip_says}\nEND\nexit 1")
    monkeypatch.setattr(start, "run_step", start.real_run_step)
    capsys.readouterr()
    assert start.main(["ask"]) == 1
    said = [line for line in capsys.readouterr().err.splitlines() if line != "  安装依赖…"]
    assert len(said) == 2 and said[0].startswith(sentence) and said[0].endswith("。") and hint in said[1]
    assert pip_says.strip() in start.LOG.read_text(encoding="utf-8")


@posix_only
def test_a_wheel_that_the_offline_folder_lacks_is_named(
    start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XIANGDAO_WHEELS", str(tmp_path))
    error = start.explain("安装依赖", NO_WHEEL)
    assert error.message == f"文件夹 {tmp_path} 里没有适合本机的 onnxruntime==1.31.1。"
    assert "pip download" in error.hint


def test_the_offline_folder_replaces_the_registry(start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XIANGDAO_WHEELS", str(tmp_path))
    start.main(["setup"])
    pip = dict(start.steps)["安装依赖"]
    assert "--no-index" in pip and f"--find-links={tmp_path}" in pip


def test_an_offline_folder_that_does_not_exist_is_a_sentence(
    start: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIANGDAO_WHEELS", "/no/such/folder")
    assert start.main(["ask"]) == 1
    assert "XIANGDAO_WHEELS 指向的文件夹不存在：/no/such/folder" in capsys.readouterr().err


def test_a_python_without_venv_names_the_package(
    start: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert start.main(["ask"]) == 1
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert f"sudo apt install {version}" in capsys.readouterr().err


def test_a_nearly_full_disk_is_told_before_anything_is_made(
    start: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "NEEDED_BYTES", 10**18)
    assert start.main(["ask"]) == 1
    assert "磁盘空间不够，现在只剩" in capsys.readouterr().err
    assert not start.VENV.exists()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "Permission denied", "x"), "没有写入 "),
        (OSError(30, "Read-only file system"), "没有写入 "),
        (OSError(28, "No space left on device"), "磁盘空间不够。"),
        (FileNotFoundError(2, "No such file", "requirements/base.txt"), "系统报错："),
    ],
)
def test_an_error_of_the_system_is_a_sentence(
    start: Any, capsys: pytest.CaptureFixture[str], error: OSError, sentence: str
) -> None:
    start.fail_at = {"安装依赖": error}
    assert start.main(["ask"]) == 1
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith(sentence)]
    assert len(said) == 1


def test_an_old_python_is_told_so() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 6, 15, 'final', 0); runpy.run_path(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", pretend, str(SOURCE)], capture_output=True, check=False)
    assert done.returncode == 1
    lines = done.stderr.decode("utf-8").splitlines()
    assert lines[0] == "需要 Python 3.10 或更新的版本，这里是 3.6。" and len(lines) == 2


def test_an_old_python_can_read_the_file() -> None:
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6))


# --- running --------------------------------------------------------------------------------------------------------


@posix_only
def test_every_check_runs_and_one_failure_fails_the_whole(
    start: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIANGDAO_CHROMIUM", sys.executable)
    start.main(["setup", *start.TESTED])
    shell(start.VENV_PYTHON, 'echo ran $2 $3 $5; test "$2" != mypy')
    shell(start.BIN / "lint-imports", 'echo "ran lint-imports"')
    assert start.main(["test", "-k", "name"]) == 1
    out = capfd.readouterr().out
    ran = [line for line in out.splitlines() if line.startswith("ran")]
    in_two = "ran pytest --numprocesses=2 -k"
    assert ran == ["ran ruff check", "ran ruff format .", "ran mypy", "ran lint-imports", in_two]
    assert out.splitlines()[-1] == in_two
    verdicts = dict(line.rsplit(maxsplit=3)[:2] for line in out.splitlines() if line.endswith(" 秒"))
    assert verdicts == {"ruff check": "通过", "ruff format": "通过", "mypy": "失败", "lint-imports": "通过"}
    shell(start.VENV_PYTHON, "exit 0")
    assert start.main(["test"]) == 0


@posix_only
def test_the_app_is_run_with_its_arguments_and_exit_status(tmp_path: Path) -> None:
    app = tmp_path / ".venv/bin/xiangdao"
    app.parent.mkdir(parents=True)
    app.write_text("import sys; print(sys.argv[1:]); sys.exit(7)")
    (app.parent / "python").symlink_to(sys.executable)
    (tmp_path / "start.py").write_text(SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
    code = "import sys; sys.path.insert(0, sys.argv[1]); import start; start.launch(['ask', '你好 世界'])"
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (7, "['ask', '你好 世界']\n")


def shell(path: Path, script: str) -> None:
    """Write an executable shell script."""
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
