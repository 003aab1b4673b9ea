"""Runs a model in this process for a moment and prints a line of JSON: what the build can do, and how fast it reads and writes.

Meant for a process of its own, since a build that does not suit the machine dies here: python -m assistant.engine.trial [MODEL] …
Without a model it takes a tiny quantized one of its own. Also run by start.py after llama.cpp was built.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.engine.child import sleep_while_waiting
from assistant.engine.tiny import write_tiny_model

STEP = 64
"""Tokens read between two looks at the clock."""


@dataclass(frozen=True)
class Trial:
    """How a trial went. ok: it came to its end; failure: how it ended otherwise; speeds in tokens a second, times in seconds."""

    ok: bool
    failure: str = ""
    version: str = ""
    build: str = ""
    gpu: bool = False
    load_s: float = 0.0
    prefill: float = 0.0
    decode: float = 0.0
    first_token_s: float = 0.0
    prompt_tokens: int = 0
    details: dict[str, Any] = field(default_factory=dict)


def run_trial(
    model: Path | None = None,
    seconds: float = 2.0,
    timeout_s: float = 60.0,
    threads: int = 0,
    package: str = "llama_cpp",
    packages: Path | None = None,
    device: str = "auto",
    converted: str = "",
) -> Trial:
    """Try a model out in a child process. seconds: about how long it may read and write; packages: a folder that holds the package.

    device, converted: OpenVINO's device, and where its conversion of the model is; it converts none itself where that is empty.
    """
    command = [sys.executable, "-I", "-m", "assistant.engine.trial", f"--seconds={seconds}", f"--threads={threads}"]
    command += [f"--package={package}", f"--device={device}", f"--converted={converted}"]
    if packages:
        command.append(f"--packages={packages}")
    if model:
        command.append(f"--model={model}")
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=timeout_s, stdin=subprocess.DEVNULL, check=False, cwd=os.path.sep
        )
    except subprocess.TimeoutExpired:
        return Trial(False, f"{timeout_s:.0f} 秒还没有跑完")
    except OSError as exc:
        return Trial(False, f"启动不了：{exc}")
    try:
        told = json.loads(done.stdout.decode("utf-8", "replace").strip().splitlines()[-1])
        return Trial(**told)
    except (ValueError, IndexError, TypeError):
        return Trial(False, ended_how(done.returncode, done.stderr.decode("utf-8", "replace")))


def ended_how(status: int, said: str) -> str:
    """Why a process ended early, in a few words."""
    if status == -4 or status == 0xC000001D:
        return "处理器不支持程序用到的指令"
    if status == -9:
        return "被系统结束，多半是内存不够"
    if status < 0 or status > 0x80000000:
        return f"程序崩了（{status if status < 0 else hex(status)}）"
    last = said.strip().splitlines()[-1:] or [f"退出码 {status}"]
    return last[0][:200]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--gpu-layers", type=int, default=-1)
    parser.add_argument("--package", choices=(*MEASURES, "openvino_genai"), default="llama_cpp")
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--converted", default="")
    args = parser.parse_args(argv)
    if args.packages:
        sys.path.insert(0, str(args.packages))
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sleep_while_waiting()
    with tempfile.TemporaryDirectory() as folder:
        model = args.model or write_tiny_model(Path(folder) / "tiny.gguf", width=256, quantized=True)
        if args.package == "openvino_genai":
            told = measure_openvino(model, args.seconds, args.threads, args.device, args.converted)
        else:
            told = MEASURES[args.package](model, args.seconds, args.threads, args.gpu_layers)
    print(json.dumps(told), file=answer, flush=True)
    os._exit(0)  # native threads of a server would have this process wait


def measure(model: Path, seconds: float, threads: int, gpu_layers: int) -> dict[str, Any]:
    """Read for half of the time, write for the other half. Returns the fields of Trial."""
    import llama_cpp

    from assistant.engine.machine import usable_cores

    threads = threads or usable_cores()
    began = time.perf_counter()
    llama = llama_cpp.Llama(
        str(model), n_ctx=2048, n_batch=512, n_threads=threads, n_threads_batch=threads, n_gpu_layers=gpu_layers, verbose=False
    )  # fmt: skip
    loaded = time.perf_counter()
    tokens = llama.tokenize(("数字化转型第一步做什么？" * 400).encode("utf-8"))[:1024]
    read, first = 0, 0.0
    while read < len(tokens) and (not read or time.perf_counter() - loaded < seconds / 2):
        llama.eval(tokens[read : read + STEP])
        read += len(tokens[read : read + STEP])
        first = first or time.perf_counter()
    reading = time.perf_counter() - loaded
    wrote, started = 0, time.perf_counter()
    while not wrote or (time.perf_counter() - started < seconds / 2 and wrote < 256):
        llama.eval([llama.sample(temp=0.0)])
        wrote += 1
    return {
        "ok": True, "version": llama_cpp.__version__, "gpu": bool(llama_cpp.llama_supports_gpu_offload()),
        "build": llama_cpp.llama_print_system_info().decode("utf-8", "replace").strip(),
        "load_s": loaded - began, "prefill": read / reading, "decode": wrote / (time.perf_counter() - started),
        "first_token_s": first - loaded, "prompt_tokens": read,
    }  # fmt: skip


def measure_xllamacpp(model: Path, seconds: float, threads: int, gpu_layers: int) -> dict[str, Any]:
    """The same by xllamacpp's own clock: a short answer to tell the speed, then one that fills the time."""
    import xllamacpp

    from assistant.engine.machine import usable_cores
    from assistant.engine.xllama_child import has_card, parameters

    threads = threads or usable_cores()
    began = time.perf_counter()
    server = xllamacpp.Server(parameters({
        "model": str(model), "model_alias": "trial", "key": "trial", "n_ctx": 2048, "n_threads": threads,
        "n_threads_batch": threads, "n_gpu_layers": gpu_layers,
    }))  # fmt: skip
    load_s = time.perf_counter() - began

    def asked(words: int, tokens: int) -> dict[str, Any]:
        prompt = "数字化转型第一步做什么？"[:12] * words
        told = server.handle_completions(
            {"prompt": prompt, "max_tokens": tokens, "temperature": 0, "ignore_eos": True, "cache_prompt": False}
        )
        return dict(told["timings"])

    first = asked(2, 4)
    read = int(min(max(first["prompt_per_second"] * seconds / 2 / 40, 2), 20))
    wrote = int(min(max(first["predicted_per_second"] * seconds / 2, 4), 256))
    full = asked(read, wrote)
    return {
        "ok": True, "version": xllamacpp.__version__, "gpu": has_card(xllamacpp), "build": xllamacpp.get_system_info().strip(),
        "load_s": load_s, "prefill": full["prompt_per_second"], "decode": full["predicted_per_second"],
        "first_token_s": first["prompt_ms"] / 1000, "prompt_tokens": full["prompt_n"],
    }  # fmt: skip


def measure_openvino(model: Path, seconds: float, threads: int, device: str, converted: str) -> dict[str, Any]:
    """The same through the model that the child runs; the first token comes with the reading."""
    import openvino
    import openvino_genai

    from assistant.engine.machine import usable_cores
    from assistant.engine.openvino_model import opened, prepared, wanted_devices

    began = time.perf_counter()
    source, _ = prepared(model, converted)
    options = {"context_tokens": 2048, "answer_tokens": 512, "threads": threads or usable_cores(), "cache": ""}
    one, _ = opened(source, wanted_devices(device, openvino.Core().available_devices), options)
    load_s = time.perf_counter() - began

    def asked(start: str, sentences: int, most: int) -> tuple[int, float]:
        """(tokens read and written, seconds)"""
        tokens = one.tokens([{"role": "user", "content": start + "数字化转型第一步做什么？" * sentences}])
        started = time.perf_counter()
        told = one.answer(tokens, {"max_tokens": most, "ignore_eos": True}, lambda text: None, lambda: False)
        read = told["prompt_tokens"] - told.get("prompt_tokens_details", {}).get("cached_tokens", 0)
        return read + told["completion_tokens"] - 1, time.perf_counter() - started

    few, first_s = asked("一", 2, 1)
    sentences = int(min(max(2 * few / first_s * seconds / 2 / few, 2), 20))
    read, reading_s = asked("二", sentences, 1)
    _, four_s = asked("三", 1, 4)
    wrote, writing_s = asked("三", 1, int(min(max(3 / four_s * seconds / 2, 4), 256)))
    return {
        "ok": True, "version": openvino_genai.__version__, "gpu": not one.device.startswith("CPU"), "load_s": load_s,
        "prefill": read / reading_s, "decode": wrote / writing_s, "first_token_s": first_s, "prompt_tokens": read,
        "details": {"device": one.device},
    }  # fmt: skip


MEASURES = {"llama_cpp": measure, "xllamacpp": measure_xllamacpp}
"""By package: the two that read the tiny model."""


if __name__ == "__main__":
    sys.exit(main())
