"""The doctor on speed: the engine in use is measured with the model in use, and so is every other one that is installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.engine.catalogue import Model
from assistant.engine.choose import LLAMAS
from assistant.engine.contract import Engine
from assistant.engine.machine import Machine
from assistant.engine.openvino import caches, check_model
from assistant.engine.trial import Trial, run_trial
from core.errors import EngineFailed
from ui.screen import plain

Finding = tuple[bool | None, str]
"""(fine, line); None is advice."""
BENCHMARK_S, BENCHMARK_TIMEOUT_S = 4.0, 9.0
CONVERTING_TIMEOUT_S = 60.0
"""OpenVINO reads a GGUF file slowly where it has not been converted yet."""
CONVERTING_BYTES = 4
"""Memory that it takes then, in sizes of the file."""
MUCH_FASTER = 0.9
"""Of two engines the other is worth a change of settings where it takes at most this share of the time."""
OPENVINO = "openvino_genai"
READERS = (*LLAMAS, OPENVINO)
"""The packages that run a model on this machine."""
SETUPS = dict.fromkeys(LLAMAS, "python3 start.py setup llm") | {OPENVINO: "python3 start.py setup npu"}


def installed_readers(here: Machine) -> tuple[str, ...]:
    return tuple(name for name in READERS if name in here.packages)


def own_model(engine: Engine | None) -> Path | None:
    """The file or folder that an engine on this machine uses."""
    path = engine.settings.model_path if engine and engine.name in {"local", "openvino"} else None
    return path if path and path.exists() else None


def in_use(engine: Engine | None, here: Machine) -> str:
    """The package that answers, or would if there were a model; empty where none is installed or the model runs elsewhere."""
    if engine and engine.name == "remote":
        return ""
    if engine and engine.name == "openvino":
        return OPENVINO
    return getattr(engine, "package", "") or next((name for name in LLAMAS if name in here.packages), "")


def measured(engine: Engine | None, here: Machine) -> Trial | None:
    """A run of the model in use, else of a tiny one that only shows whether the build works; None where nothing is to be run."""
    package, path = in_use(engine, here), own_model(engine)
    if not package or (package == OPENVINO and not path):
        return None
    return _run(package, path, engine)


def _run(package: str, path: Path | None, engine: Engine | None) -> Trial:
    settings = engine.settings if engine and path else None
    if package != OPENVINO or not settings or not path:
        threads = settings.threads if settings else 0
        return run_trial(path, BENCHMARK_S if path else 1.0, BENCHMARK_TIMEOUT_S, threads, package)
    converted = Path(caches(path, settings.cache_folder)["converted"])
    there = str(converted) if converted.is_dir() and converted.name else ""
    return run_trial(
        path, BENCHMARK_S, CONVERTING_TIMEOUT_S, settings.threads, package, device=settings.device, converted=there
    )


def compared(engine: Engine | None, here: Machine, trial: Trial, facts: dict[str, Any]) -> Iterator[Finding]:
    """The other engines that are installed, where there is a model to measure: the fastest is recommended."""
    path, used = own_model(engine), in_use(engine, here)
    if not path or not engine:
        return
    runs = {used: trial}
    for name in (name for name in installed_readers(here) if name != used):
        if reason := _unreadable(name, path, here):
            yield True, f"也装了 {title(name)}，没有比：{reason}"
            continue
        runs[name] = _run(name, path, engine)
        facts.setdefault("compared", {})[name] = asdict(runs[name])
        yield _told(name, used, runs[name])
    fastest = min(runs, key=lambda name: answer_s(runs[name]))
    if fastest != used and answer_s(runs[fastest]) < MUCH_FASTER * answer_s(trial):
        facts["fastest"] = fastest
        yield None, f"{title(fastest)} 比现在用的 {title(used)} 快；换成它：{_switch(fastest)}"


def _told(name: str, used: str, run: Trial) -> Finding:
    if not run.ok:
        return None, f"也装了 {title(name)}，它没有跑成：{plain(run.failure)}。不影响现在用的 {title(used)}"
    return True, f"也装了 {title(name)}：每秒读 {run.prefill:.0f} 个词元、写 {run.decode:.0f} 个"


def _unreadable(package: str, path: Path, here: Machine) -> str:
    """Why an engine is not tried with a model; empty where it is."""
    if package != OPENVINO:
        return "导出的文件夹只有 OpenVINO 能读" if path.is_dir() else ""
    try:
        check_model(path)
    except EngineFailed as exc:
        return plain(exc.message)
    size = path.stat().st_size if path.is_file() else 0
    if here.available_bytes is not None and here.available_bytes < CONVERTING_BYTES * size:
        return "空着的内存不够它读这个文件"
    return ""


def _switch(package: str) -> str:
    """The settings that choose an engine."""
    return (
        "设 XIANGDAO_ENGINE=openvino" if package == OPENVINO else f"设 XIANGDAO_ENGINE=local、XIANGDAO_LLAMA={package}"
    )


def title(package: str) -> str:
    return "OpenVINO" if package == OPENVINO else package


def answer_s(trial: Trial) -> float:
    """Seconds for a typical answer: 900 tokens read, 200 written; without end where the run failed."""
    return 900 / max(trial.prefill, 1e-6) + 200 / max(trial.decode, 1e-6) if trial.ok else float("inf")


def speed(trial: Trial, model: Model | None, own: bool, package: str) -> Finding:
    """What a run of the engine in use says. own: it ran the model in use."""
    if not trial.ok:
        name = model.name if model and own else "试运行用的小模型"
        again = SETUPS.get(package, SETUPS[LLAMAS[0]])
        return (
            False,
            f"{name}没有跑成：{plain(trial.failure)}。换一个模型（xiangdao model list），或重装：{again}",
        )
    if not own:
        return True, "没有下载模型，所以没有测速；用随机的小模型试过，程序能跑"
    read = f"每秒读 {trial.prefill:.0f} 个词元、写 {trial.decode:.0f} 个"
    return (
        True,
        f"测速：{read}；载入 {trial.load_s:.1f} 秒，{min(trial.prompt_tokens, 64)} 个词元的问题 {trial.first_token_s:.1f} 秒后开始写",
    )
