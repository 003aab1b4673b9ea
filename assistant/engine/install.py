"""Installs a llama.cpp that runs on this machine; start.py runs it: python -m assistant.engine.install [--every] [PIP OPTION …]

In this order: a wheel of llama-cpp-python, a wheel of xllamacpp, llama-cpp-python compiled here. --every: the last two, both, for
the tests and for comparing. A named backend is compiled.
Lines that begin with NOTE or FAILED are for the user; start.py picks them out of the output. Exit status 1: see FAILED.
Plain native builds use AMX where the processor announces it; on virtual machines that may still fault with quantized models
(F16 is unaffected), so AMX is left out, and a quantized model is run before a build counts as good.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.engine.machine import machine, usable_cores
from assistant.engine.prebuilt import PIP, QUIET, Lacking, pin, put_in, wheels
from assistant.engine.trial import Trial, run_trial

PACKAGE = "llama-cpp-python"
PINS = Path(__file__).resolve().parents[2] / "requirements/llm.txt"
RECORD = Path(sys.prefix) / "xiangdao-llm.json"
INCLUDE = Path(__file__).with_name("llama.cmake")
NOTE, FAILED = "XIANGDAO-NOTE ", "XIANGDAO-FAILED "
NO_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
LEAN = {"LLAVA_BUILD": "OFF", "GGML_CCACHE": "ON", "CMAKE_PROJECT_INCLUDE": INCLUDE.as_posix()}
BACKENDS: dict[str, tuple[str, str, str]] = {
    "cuda": ("GGML_CUDA", "nvcc", "NVIDIA CUDA Toolkit（nvcc）"),
    "vulkan": ("GGML_VULKAN", "glslc", "Vulkan SDK（glslc）"),
    "rocm": ("GGML_HIP", "hipcc", "AMD ROCm（hipcc）"),
}
"""Name: (CMake switch, program that the build needs, what to install)."""
TOOLS = ("cmake", "ninja", "pathspec", "scikit-build-core")
"""What only compiling needs, of the pins: 30 MB that stay away where a wheel is used."""
NO_COMPILER = (
    r"CMAKE_C(?:XX)?_COMPILER(?: could be found| not set|.{0,40}is not a full path)|find any instance of Visual Studio"
)
_BYTES_A_JOB = 1_200_000_000


@dataclass(frozen=True)
class Plan:
    """One way to build. cached: pip may take what it built before."""

    name: str
    title: str
    defines: dict[str, str]
    cached: bool = False


class Failed(Exception):
    """Why a build was not made or does not run: one sentence. compiled: it was made here and now."""

    def __init__(self, sentence: str, compiled: bool = True) -> None:
        super().__init__(sentence)
        self.compiled = compiled


class Stop(Exception):
    """Why no way of building can work; for the user, with a hint, or empty where pip's output tells it."""

    def __init__(self, message: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def main(options: list[str] | None = None) -> int:
    """Install unless it is there and runs. options: handed on to pip."""
    options = list(sys.argv[1:] if options is None else options)
    every = "--every" in options
    options = [option for option in options if option != "--every"]
    backend = os.environ.get("XIANGDAO_LLM_BACKEND", "auto").lower()
    wanted = pinned(PINS.read_text("utf-8"))
    try:
        if every:
            put_in_every(options)
        if not is_there(wanted, backend, compiled=every) and (every or not put_in_first(backend, options)):
            install(backend, wanted, options)
    except Stop as exc:
        if exc.message:
            print(f"{FAILED}{exc.message}\t{exc.hint}", flush=True)
        return 1
    return 0


def put_in_first(backend: str, options: list[str]) -> bool:
    """Whether one of the wheels is installed and runs; only where no backend is named."""
    if backend != "auto":
        return False
    for wheel in wheels(PINS.read_text("utf-8"), options):
        try:
            put_in(wheel, run, tried_apart)
        except Lacking as exc:
            print(f"{NOTE}{wheel.title}没有装成：{exc}。", flush=True)
            continue
        name, _, there = wheel.requirement.partition("==")
        write_record({"distribution": name, "version": there, "backend": backend, "plan": wheel.name, "defines": {}})
        print(f"{NOTE}装的是{wheel.title}，不用编译。", flush=True)
        return True
    return False


def put_in_every(options: list[str]) -> None:
    """Install the wheel of xllamacpp beside what is compiled."""
    last = wheels(PINS.read_text("utf-8"), options)[-1]
    name, _, wanted = last.requirement.partition("==")
    try:
        if version(name) == wanted:
            return
    except PackageNotFoundError:
        pass
    try:
        put_in(last, run, tried_apart)
    except Lacking as exc:
        print(f"{NOTE}{last.title}没有装成：{exc}。", flush=True)


def tried_apart(package: str, folder: Path) -> Trial:
    """A trial of a package that lies in a folder of its own."""
    return run_trial(seconds=0.5, package=package, packages=folder)


def write_record(record: dict[str, object]) -> None:
    """Keep what was installed and how, for the next time and for the doctor."""
    RECORD.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def install(backend: str, wanted: str, options: list[str]) -> None:
    """Build in one way after the other until one runs. Raises Stop."""
    last = ""
    ways = list(plans(backend))
    put_in_tools(options)
    for plan in ways:
        for cached in (True, False) if plan.cached else (False,):
            try:
                compiled = build(plan, wanted, options, cached)
            except Failed as exc:
                last = str(exc)
                if not exc.compiled:
                    continue
                print(f"{NOTE}{plan.title}没有装成：{exc}。", flush=True)
                break
            record: dict[str, object] = {
                "version": wanted,
                "backend": backend,
                "plan": plan.name,
                "defines": plan.defines if compiled else {},
            }
            write_record(record)
            return
    raise Stop(
        f"本机模型组件没有装成：{last}。", "先用 Ollama、LM Studio 也行：设 XIANGDAO_REMOTE_URL，见 docs/models.md。"
    )


def put_in_tools(options: list[str]) -> None:
    """Install what compiling needs. Raises Stop: pip's output tells why."""
    lines = PINS.read_text("utf-8").splitlines()
    pins = [line for line in lines if line.partition("==")[0] in TOOLS]
    command = [*PIP, "install", "--no-deps", "--only-binary=:all:", "--no-user", *QUIET, *options, *pins]
    if run(command, dict(os.environ))[0]:
        raise Stop


def pinned(pins: str) -> str:
    """The version that the pins name."""
    found = re.search(rf"^{PACKAGE}==(\S+)", pins, re.MULTILINE)
    if not found:
        raise ValueError(f"{PINS} names no {PACKAGE}")
    return found[1]


def is_there(wanted: str, backend: str, compiled: bool = False) -> bool:
    """Whether this version was installed here for this backend, and runs. compiled: a wheel does not count."""
    try:
        record = json.loads(RECORD.read_text("utf-8"))
        name = record.get("distribution", PACKAGE)
        if compiled and "distribution" in record:
            return False
        wanted = wanted if name == PACKAGE else pin(PINS.read_text("utf-8"), name).partition("==")[2]
        there = version(name)
    except (OSError, ValueError, PackageNotFoundError):
        return False
    if not there == record.get("version") == wanted or backend not in {"auto", record.get("backend")}:
        return False
    if backend in BACKENDS and record.get("plan") != backend:
        return False
    return run_trial(seconds=0.2, package="llama_cpp" if name == PACKAGE else name).ok


def plans(backend: str) -> Iterator[Plan]:
    """The ways to build, best first. Raises Stop where the backend is none."""
    if backend not in {"auto", "cpu", "metal", *BACKENDS}:
        raise Stop(
            f"不认识的 XIANGDAO_LLM_BACKEND：{backend[:40]}。", f"可选 cpu、metal、{'、'.join(BACKENDS)}，或不设。"
        )
    without_amx = amx_flags()
    if backend in BACKENDS:
        switch, program, what = BACKENDS[backend]
        if shutil.which(program):
            yield Plan(backend, f"显卡版（{backend}）", {**LEAN, **without_amx, switch: "ON"})
        else:
            print(f"{NOTE}没有找到 {what}，改装处理器版。", flush=True)
    metal = {"GGML_METAL": "OFF"} if backend == "cpu" and sys.platform == "darwin" else {}
    yield Plan("native", "本机优化版", {**LEAN, **without_amx, **metal}, cached=backend == "auto")
    yield Plan("portable", "通用版", {**LEAN, **metal, **portable()})


def amx_flags() -> dict[str, str]:
    """Compiler flags that keep AMX out, where the compiler knows it."""
    if platform.machine().lower() not in {"x86_64", "amd64"} or sys.platform == "win32":
        return {}
    compiler = os.environ.get("CC") or next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        return {}
    check = [*shlex.split(compiler), *NO_AMX.split(), "-x", "c", "-fsyntax-only", os.devnull]
    try:
        knows = subprocess.run(check, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        knows = False
    return {"CMAKE_C_FLAGS": NO_AMX, "CMAKE_CXX_FLAGS": NO_AMX} if knows else {}


def portable() -> dict[str, str]:
    """A build for any processor of the last ten years; on an older one, for that."""
    here = machine()
    old = here.architecture.lower() in {"x86_64", "amd64"} and here.features and "avx2" not in here.features
    older = {f"GGML_{name}": "OFF" for name in ("AVX", "AVX2", "FMA", "F16C", "BMI2")} if old else {}
    return {"GGML_NATIVE": "OFF", **older}


def build(plan: Plan, wanted: str, options: list[str], cached: bool) -> bool:
    """Build, install and try out; whether it was compiled now. cached: pip may take what it built before.

    Raises Failed, or Stop where no other way helps.
    """
    command = [
        sys.executable,
        "-I",
        "-m",
        "pip",
        "install",
        "-v",
        "--no-deps",
        "--no-build-isolation",
        "--force-reinstall",
    ]
    command += ["--no-input", "--no-color", "--disable-pip-version-check", "--progress-bar=off", "--no-user"]
    command += [] if cached else ["--no-cache-dir"]
    print(f"# {plan.title}: {plan.defines}", flush=True)
    status, said = run([*command, *options, f"{PACKAGE}=={wanted}"], build_environment(plan))
    compiled = "Building wheel for" in said
    if status:
        if not compiled:
            raise Stop
        if re.search(NO_COMPILER, said):
            raise Stop("没有找到 C++ 编译器，本机模型组件装不了。", how_to_get_compiler())
        raise Failed(reason(said))
    tried = run_trial(seconds=0.5)
    print(f"# {tried}", flush=True)
    if not tried.ok:
        raise Failed(f"装好了，但跑不起来（{tried.failure}）", compiled)
    return compiled


def how_to_get_compiler() -> str:
    """Where this system's compiler comes from."""
    if sys.platform == "win32":
        return "装 Visual Studio Build Tools，勾选“使用 C++ 的桌面开发”，再运行一次。"
    if sys.platform == "darwin":
        return "运行 xcode-select --install，装好后再运行一次。"
    return "Debian、Ubuntu：sudo apt install g++；Fedora：sudo dnf install gcc-c++；装好后再运行一次。"


def build_environment(plan: Plan) -> dict[str, str]:
    """The environment of a build: its definitions, and as many jobs as memory and processors allow."""
    defined = " ".join(shlex.quote(f"-D{name}={value}") for name, value in plan.defines.items())
    memory = machine().available_bytes or 4 * _BYTES_A_JOB
    jobs = max(1, min(usable_cores(), memory // _BYTES_A_JOB))
    given = f"{os.environ.get('CMAKE_ARGS', '')} {defined}".strip()
    return {"CMAKE_BUILD_PARALLEL_LEVEL": str(jobs), **os.environ, "CMAKE_ARGS": given}


def run(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run pip with its output passed on; its status and the end of what it said."""
    tail: list[str] = []
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        assert child.stdout
        for line in child.stdout:
            text = line.decode("utf-8", "replace")
            print(text, end="", flush=True)
            tail = [*tail[-400:], text]
    return child.returncode, "".join(tail)


def reason(said: str) -> str:
    """Why a build failed, from pip's output."""
    if re.search(r"(?i)error: Killed|Killed signal terminated|out of memory|cannot allocate memory", said):
        return "编译时内存不够"
    errors = re.findall(r"^.*\b(?:error|Error)[: ].*$", said, re.MULTILINE)
    return f"编译出错（{errors[0].strip()[:160]}）" if errors else "编译没有成功"


if __name__ == "__main__":
    sys.exit(main())
