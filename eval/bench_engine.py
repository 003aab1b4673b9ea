"""Benchmarks of the model on this machine: python -m eval.bench_engine [--folder FOLDER] [--runs N] [--only turns,crash,…]

Our engine over llama-cpp-python and a random-weight model in the shape of Qwen2.5-1.5B: what a turn reads again, a crash, and what is
held to a shape. What our seam costs against each bare engine: eval/bench_overhead.py.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.engine.constrained import ANSWER_TOKENS, parsed, response_format
from assistant.engine.contract import EngineSettings
from assistant.engine.local import LocalEngine
from assistant.engine.machine import usable_cores
from assistant.proposals import Complete, arguments_of, choice_of
from core.errors import EngineFailed, XiangdaoError
from core.settings import load_settings
from core.types import Done, Wording
from eval.bench import Measure
from eval.bench_model import Shape, bench_model, write

CONTEXT = 4096
READ = 480
"""Characters of a prompt (about as many tokens)."""
SENTENCE = "企业在{n}年上线第{m}套系统，设备联网{k}台。"
TINY = Shape(layers=2, width=64, hidden=128, heads=4, kv_heads=4, vocabulary=22000, context=8192, rope_base=10000.0)
_READ = re.compile(r"prefix-match hit, remaining (\d+) prompt tokens")
TURNS = (
    "到2027年中小企业上云率要达到多少？",
    "那关键工序数控化率呢？",
    "数字化转型城市试点的钱怎么分？",
    "专精特新企业有什么要求？",
)
GENERATIONS = 500


def text_of(seed: int, characters: int = READ) -> str:
    """A prompt that shares no beginning with that of another seed."""
    parts = (
        SENTENCE.format(n=1990 + (seed * 31 + n) % 40, m=(seed * 17 + n * 7) % 97, k=n * 13 % 991) for n in range(999)
    )
    text = f"{seed * 7919}号："
    while len(text) < characters:
        text += next(parts)
    return text[:characters]


@contextmanager
def engine_over(model: Path, folder: Path, **more: Any) -> Iterator[LocalEngine]:
    """Our engine over a model file, ended afterwards."""
    settings = {
        "context_tokens": CONTEXT,
        "log_folder": folder,
        "first_token_timeout_s": 300.0,
        "stall_timeout_s": 120.0,
        **more,
    }
    engine = LocalEngine(EngineSettings(model_path=model, **settings))
    try:
        yield engine
    finally:
        engine.close()


def bare(model: Path, **more: Any) -> Any:
    """llama-cpp-python itself, with the settings that our child uses."""
    import llama_cpp

    threads = usable_cores()
    return llama_cpp.Llama(str(model), n_ctx=CONTEXT, n_threads=threads, n_threads_batch=threads, verbose=False, **more)


def our_pieces(engine: LocalEngine, text: str, tokens: int) -> Iterator[str]:
    return (str(c.content) for c in engine.chat.stream(text, max_tokens=tokens, temperature=0.0))


def turns(model: Path, folder: Path, runs: int) -> list[Measure]:
    """Tokens of the prompt that the engine really read in each turn of one conversation, from llama.cpp's own count."""
    rows: list[tuple[int, int]] = []
    with conversation(model, folder) as (guide, engine):
        heard = Heard(bare(model, vocab_only=True))
        engine.chat.callbacks = [heard]
        for question in TURNS:
            guide.answer(question, "bench")
            read = _READ.findall((folder / "engine.log").read_text("utf-8", "replace"))
            rows.append((int(read[-1]) if read else heard.whole, heard.last))
    first = rows[0][0]
    whole = Measure("第 1 轮读入", first, "词", "全部")
    return [whole] + [
        Measure(
            f"第 {number} 轮重读",
            max(0, read - new) / first,
            "",
            f"占第 1 轮；读入 {read} 词，其中新文字 {new}；要 ≤ 0.15",
        )
        for number, (read, new) in enumerate(rows[1:], 2)
    ]


class Heard(BaseCallbackHandler):
    """Keeps how many tokens the last prompt takes as a whole, and its last message, with the marks around it."""

    def __init__(self, llama: Any) -> None:
        self._llama = llama
        self.whole = self.last = 0

    def on_chat_model_start(self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **_: Any) -> None:
        def tokens(part: str) -> int:
            return len(self._llama.tokenize(part.encode(), False, True))

        rendered = [f"<|im_start|>user\n{m.content}<|im_end|>\n" for m in messages[0]]
        self.last = tokens(f"{rendered[-1]}<|im_start|>assistant\n")
        self.whole = sum(map(tokens, rendered[:-1])) + self.last


@contextmanager
def conversation(model: Path, folder: Path, **more: Any) -> Iterator[tuple[Assistant, LocalEngine]]:
    """An assistant over the bundled knowledge whose answers our engine words."""
    settings = load_settings().model_copy(update={"home": folder, "engine": "extractive"})
    guide = build_assistant(settings, remember=False)
    patient = {"answer_tokens": 24, "stall_timeout_s": 120.0, "answer_timeout_s": 600.0}
    with engine_over(model, folder, **{**patient, **more}) as engine:
        guide.engine = engine
        yield guide, engine


def crash(model: Path, folder: Path, runs: int) -> list[Measure]:
    """kill -9 while a tiny model answers: until the composed answer is final, and until the engine speaks again."""
    tiny = folder / "tiny.gguf"
    write(tiny, TINY)
    finals: list[float] = []
    backs: list[float] = []
    with conversation(tiny, folder, answer_tokens=400) as (guide, engine):
        while len(finals) < min(runs, 3):
            next(iter(our_pieces(engine, "你好", 4)))
            killed = 0.0
            for event in guide.ask(TURNS[len(finals)]):
                if isinstance(event, Wording):
                    killed = time.perf_counter()
                    threading.Timer(0.05, os.kill, (engine.status().details["pid"], 9)).start()
                if isinstance(event, Done):
                    finals.append(time.perf_counter() - killed - 0.05)
            while True:
                try:
                    next(iter(our_pieces(engine, "你好", 4)))
                    break
                except EngineFailed:
                    time.sleep(0.1)
            backs.append(time.perf_counter() - killed - 0.05)
    return [
        Measure("崩溃到最终答案", max(finals), "秒", f"{len(finals)} 次里最长的；要 < 1"),
        Measure("崩溃到模型能再答", backs[0], "秒", f"第一次崩溃，要 < 10；再崩要歇 3、15 秒：{[round(b, 1) for b in backs]}"),
    ]  # fmt: skip


def constrained(model: Path, folder: Path, runs: int) -> list[Measure]:
    """Generations of a random-weight model held to the shapes of route, arguments and condensing."""
    tiny = folder / "tiny.gguf"
    write(tiny, TINY)
    shapes = (choice_of(("subsidy", "roadmap")), arguments_of(("地区", "投入万元", "用途")), Complete)
    valid = 0
    with engine_over(tiny, folder, threads=1, stall_timeout_s=120.0) as engine:
        for number in range(GENERATIONS):
            shape = shapes[number % len(shapes)]
            asked: dict[str, Any] = {
                "max_tokens": ANSWER_TOKENS,
                "temperature": 1.5,
                "response_format": response_format("local", shape),
            }
            text = "".join(str(c.content) for c in engine.chat.stream(f"{number}：{text_of(number, 60)}", **asked))
            valid += parsed(text, shape) is not None
    return [Measure("约束生成合格", valid / GENERATIONS, "", f"{GENERATIONS} 次随机权重，要 1.0")]


PARTS: dict[str, Callable[[Path, Path, int], list[Measure]]] = {
    "turns": turns,
    "crash": crash,
    "constrained": constrained,
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench_engine", description="测速：本机模型")
    cache = Path(tempfile.gettempdir()) / "xiangdao-bench-model"
    parser.add_argument(
        "--folder", type=Path, default=cache, help=f"放随机模型的文件夹（1 GB，只做一次），默认 {cache}"
    )
    parser.add_argument("--runs", type=int, default=5, help="每样测几次")
    parser.add_argument("--only", default=",".join(PARTS), help=f"只测其中几样：{'、'.join(PARTS)}")
    chosen = parser.parse_args(argv)
    parts = chosen.only.split(",")
    if unknown := [name for name in parts if name not in PARTS]:
        parser.error(f"没有“{unknown[0]}”这一样，可选：{'、'.join(PARTS)}")
    try:
        model = bench_model(chosen.folder)
        print(f"模型 {model.name}，{model.stat().st_size / 1e6:.0f} MB，{usable_cores()} 核", flush=True)
        for name in parts:
            with tempfile.TemporaryDirectory(prefix="xiangdao-bench-", ignore_cleanup_errors=True) as folder:
                for m in PARTS[name](model, Path(folder), chosen.runs):
                    value = f"{m.value:,.3f} {m.unit}" if m.value is not None else "–"
                    print(f"{m.name}：{value}" + (f"（{m.note}）" if m.note else ""), flush=True)
    except XiangdaoError as exc:
        print(f"{exc.message}{exc.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
