"""Each engine as the app runs it against the same engine bare: python -m eval.bench_overhead MODEL [--engine NAME …] [--rounds 5]

Ours: a child process, its server and our client. Bare: the engine's own Python package in this process, with the same threads,
context and way of waiting. Real weights in a GGUF file; each engine in a process of its own; each round a prompt that neither side
has read, the side that begins changing from round to round. Medians, and the medians of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from assistant.engine.child import sleep_while_waiting
from assistant.engine.contract import EngineSettings
from assistant.engine.hosted import HostedEngine
from assistant.engine.machine import usable_cores
from core.errors import XiangdaoError

CONTEXT = 4096
WRITTEN = 64
LEAST_CHARACTERS = 2 * WRITTEN
"""Fewer, and the model has stopped before it wrote so many tokens."""
LINES = 44
WHO = ("Anna", "Boris", "Clara", "David", "Emma", "Felix", "Greta", "Henry", "Irene", "Jacob", "Karin")
WHERE = (
    "at the lathe",
    "in the office",
    "by the furnace",
    "on the night shift",
    "in the store",
    "at the gate",
    "in the yard",
)
WHAT = (
    "new machines",
    "late orders",
    "a lost invoice",
    "the old roof",
    "better wages",
    "a broken pump",
    "the harvest",
    "music",
)
WAITS: dict[str, Any] = dict.fromkeys(
    ("start_timeout_s", "first_token_timeout_s", "stall_timeout_s", "answer_timeout_s"), 600.0
)
FIRST_MOST, RATE_LEAST = 1.05, 0.97


@dataclass(frozen=True)
class Told:
    """One answer. first_s: seconds to the first piece; rate: tokens a second after it."""

    first_s: float
    rate: float


Side = Callable[[str], Told]


class Clock:
    """Takes the times of the pieces of one answer."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._at: list[float] = []
        self._characters = 0

    def heard(self, piece: str) -> None:
        if piece:
            self._at.append(time.perf_counter())
            self._characters += len(piece)

    def told(self) -> Told:
        """Raises XiangdaoError where the answer stopped short."""
        if self._characters < LEAST_CHARACTERS or len(self._at) < 2:
            raise XiangdaoError(f"模型停得太早（{self._characters} 个字符），换一个模型再测。")
        return Told(self._at[0] - self._began, (WRITTEN - 1) / (self._at[-1] - self._at[0]))


def prompt_of(seed: int) -> str:
    """About 570 tokens of SmolLM2 that share no beginning with those of another seed, and a task whose answer is long."""
    lines = (
        f"{WHO[(seed + n) % len(WHO)]} who works {WHERE[(seed * 3 + n * 5) % len(WHERE)]} spoke of {WHAT[(seed + n * 7) % len(WHAT)]}."
        for n in range(LINES)
    )
    return f"{WHO[seed % len(WHO)]} tells of a factory. {' '.join(lines)} Write a very long story about their lives, with many details."


@contextmanager
def ours(name: str, model: Path, folder: Path) -> Iterator[Side]:
    """The engine as the app runs it."""
    engine = engine_of(
        name, EngineSettings(model_path=model, context_tokens=CONTEXT, log_folder=folder, cache_folder=folder, **WAITS)
    )

    def side(prompt: str) -> Told:
        clock = Clock()
        for chunk in engine.chat.stream(prompt, max_tokens=WRITTEN, temperature=0.0):
            clock.heard(str(chunk.content))
        return clock.told()

    try:
        engine.started()
        yield side
    finally:
        engine.close()


def engine_of(name: str, settings: EngineSettings) -> HostedEngine:
    from assistant.engine.local import LocalEngine
    from assistant.engine.openvino import OpenVinoEngine
    from assistant.engine.xllama import XllamaEngine

    return {"llama_cpp": LocalEngine, "xllamacpp": XllamaEngine, "openvino_genai": OpenVinoEngine}[name](settings)


def bare_llama_cpp(model: Path, folder: Path) -> Side:
    import llama_cpp

    threads = usable_cores()
    llama = llama_cpp.Llama(str(model), n_ctx=CONTEXT, n_threads=threads, n_threads_batch=threads, verbose=False)

    def side(prompt: str) -> Told:
        clock = Clock()
        for chunk in llama.create_chat_completion(spoken(prompt), max_tokens=WRITTEN, temperature=0.0, stream=True):
            clock.heard(chunk["choices"][0]["delta"].get("content") or "")
        return clock.told()

    return side


def bare_xllamacpp(model: Path, folder: Path) -> Side:
    """The server of the package without a port, its steps of reading as the package sets them."""
    import xllamacpp

    given = xllamacpp.CommonParams()
    given.model.path, given.n_ctx, given.n_parallel, given.fit_params = str(model), CONTEXT, 1, False
    given.cpuparams.n_threads = given.cpuparams_batch.n_threads = usable_cores()
    given.n_gpu_layers, given.port = 0, 0
    server = xllamacpp.Server(given)

    def side(prompt: str) -> Told:
        clock = Clock()

        def heard(chunk: Any) -> bool:
            choices = chunk.get("choices") or [{}]
            clock.heard((choices[0].get("delta") or {}).get("content") or "")
            return False

        body = {"messages": spoken(prompt), "max_tokens": WRITTEN, "temperature": 0, "stream": True}
        server.handle_chat_completions(body, heard)
        return clock.told()

    return side


def bare_openvino(model: Path, folder: Path) -> Side:
    """The package's pipeline over the conversion that our side has made, a prompt in one go."""
    import openvino_genai

    from assistant.engine.openvino import caches
    from assistant.engine.openvino_model import prepared, scheduler

    source, _ = prepared(model, caches(model, folder)["converted"])
    pipeline = openvino_genai.LLMPipeline(
        source, "CPU", scheduler_config=scheduler("CPU", CONTEXT), INFERENCE_NUM_THREADS=usable_cores()
    )
    tokenizer = pipeline.get_tokenizer()
    config = openvino_genai.GenerationConfig(max_new_tokens=WRITTEN, apply_chat_template=False)
    config.set_eos_token_id(tokenizer.get_eos_token_id())

    def side(prompt: str) -> Told:
        clock = Clock()

        def heard(text: str) -> Any:
            clock.heard(text)
            return openvino_genai.StreamingStatus.RUNNING

        pipeline.generate(tokenizer.apply_chat_template(spoken(prompt), True), config, heard)
        return clock.told()

    return side


BARE: dict[str, Callable[[Path, Path], Side]] = {
    "llama_cpp": bare_llama_cpp,
    "xllamacpp": bare_xllamacpp,
    "openvino_genai": bare_openvino,
}
"""By package."""


def spoken(prompt: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": prompt}]


def measured(name: str, model: Path, rounds: int) -> list[str]:
    """The lines of the report on one engine; the first round is not counted."""
    with tempfile.TemporaryDirectory(prefix="xiangdao-bench-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        with ours(name, model, folder) as our_side:
            bare_side = BARE[name](model, folder)
            pairs: list[tuple[Told, Told]] = []
            for number in range(rounds + 1):
                prompt = prompt_of(number)
                if number % 2:
                    one, other = our_side(prompt), bare_side(prompt)
                else:
                    other, one = bare_side(prompt), our_side(prompt)
                pairs.append((one, other))
    return report(name, pairs[1:])


def report(name: str, pairs: Sequence[tuple[Told, Told]]) -> list[str]:
    """Medians of both sides and of the ratios of the pairs (ours, bare)."""
    first = median(ours.first_s / bare.first_s for ours, bare in pairs)
    rate = median(ours.rate / bare.rate for ours, bare in pairs)
    firsts = [median(told.first_s for told in side) for side in zip(*pairs, strict=True)]
    rates = [median(told.rate for told in side) for side in zip(*pairs, strict=True)]
    return [
        f"{name}：首字 {firsts[0]:.3f} 秒，直接用 {firsts[1]:.3f} 秒；比值 {first:.3f}（要 ≤ {FIRST_MOST}）",
        f"{name}：写出 {rates[0]:.1f} 词元/秒，直接用 {rates[1]:.1f}；比值 {rate:.3f}（要 ≥ {RATE_LEAST}）",
    ]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench_overhead", description="各种引擎和直接用它们比快慢")
    parser.add_argument("model", type=Path, help="GGUF 模型文件，真的权重")
    parser.add_argument("--engine", action="append", choices=tuple(BARE), help="只量这一种，可以写几次")
    parser.add_argument("--rounds", type=int, default=5, help="每边量几次，默认 5")
    chosen = parser.parse_args(argv)
    names = chosen.engine or [name for name in BARE if find_spec(name)]
    if len(names) != 1:
        command = [sys.executable, "-m", "eval.bench_overhead", str(chosen.model), f"--rounds={chosen.rounds}"]
        return max([subprocess.call([*command, f"--engine={name}"]) for name in names], default=0)
    sleep_while_waiting()
    try:
        load = f"，负载 {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""
        print(f"{usable_cores()} 核{load}", flush=True)
        print("\n".join(measured(names[0], chosen.model, chosen.rounds)), flush=True)
    except XiangdaoError as exc:
        print(f"{exc.message}{exc.hint}", file=sys.stderr)
        return 1
    sys.stdout.flush()
    os._exit(0)  # the native threads of a bare server would have this process wait


if __name__ == "__main__":
    sys.exit(main())
