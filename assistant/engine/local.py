"""A quantized model on this machine: llama.cpp in a child process."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.engine.contract import EngineSettings
from assistant.engine.hosted import HostedEngine
from assistant.engine.machine import machine, usable_cores
from assistant.engine.weights import GgufHeader, read_gguf
from core.errors import BadFile, EngineFailed, NotAvailable

CARD_KEPT_BYTES = 700_000_000
"""Left on a graphics card for working memory and the screen."""
INSTALL = "python3 start.py setup llm"


class LocalEngine(HostedEngine):
    """One GGUF file, read by llama-cpp-python."""

    name = "local"
    title = "本机模型"
    package = "llama_cpp"
    script = Path(__file__).with_name("child.py")
    """What the child runs; it imports the package."""

    def __init__(self, settings: EngineSettings, command: tuple[str, ...] = ()) -> None:
        """command: what to run in place of the llama.cpp child, for tests."""
        super().__init__(settings, command or (sys.executable, "-I", str(self.script)))
        self._own = bool(command)

    def _options(self) -> dict[str, Any]:
        model = self._model_path()
        if not self._own and find_spec(self.package) is None:
            raise NotAvailable("没有安装本机模型组件。", command=f"运行：{INSTALL}")
        header = check_file(model)
        threads = self.settings.threads or usable_cores()
        return {
            "model": str(model), "model_alias": model.stem, "n_ctx": self.settings.context_tokens,
            "n_gpu_layers": self._gpu_layers(header, model), "n_threads": threads, "n_threads_batch": threads,
        }  # fmt: skip

    def _gpu_layers(self, header: GgufHeader, model: Path) -> int:
        if self.settings.gpu_layers >= 0:
            return self.settings.gpu_layers
        free = max((gpu.free_bytes or 0 for gpu in machine().gpus), default=0)
        return layers_that_fit(header, model.stat().st_size, self.settings.context_tokens, free)

    def _explain(self, error: str, log: str) -> EngineFailed:
        return EngineFailed(
            explain(error, log, self._model_path()),
            "换一个模型。",
            command=f"看有哪些：xiangdao model list；重装：{INSTALL}",
        )

    def _notes(self) -> list[str]:
        notes = []
        if not self._facts.get("template", True):
            notes.append("模型没有自带对话模板，按 ChatML 处理")
        if self.settings.gpu_layers > 0 and not self._facts.get("gpu"):
            notes.append("这个安装不支持显卡，用的是处理器")
        return notes


def layers_that_fit(header: GgufHeader, size: int, context_tokens: int, free: int) -> int:
    """How many layers a graphics card takes, -1 for all. size, free: bytes of the file, and free on the card; 0 where nobody knows.

    Layers count as equally large, the tables of words as one more; each takes its share of the context's keys and values.
    """
    if not free or not header.layers:
        return -1
    each = size / (header.layers + 1) + header.kv_bytes_per_token * context_tokens / header.layers
    fitting = int((free - CARD_KEPT_BYTES) / each)
    return -1 if fitting > header.layers else max(fitting, 0)


def check_file(model: Path) -> GgufHeader:
    """The header of a file that is a whole model and that this machine can hold, before a child tries. Raises EngineFailed."""
    try:
        header = read_gguf(model)
        size = model.stat().st_size
    except BadFile as exc:
        raise EngineFailed(exc.message, exc.hint, command=exc.command) from exc
    except OSError as exc:
        raise EngineFailed(f"模型文件读不了：{model.name}。", "检查文件权限。") from exc
    memory = machine().memory_bytes
    if memory and size > memory:
        raise EngineFailed(
            f"模型 {model.name} 有 {size / 1e9:.1f} GB，这台机器内存只有 {memory / 1e9:.1f} GB，装不下。",
            "换小一些的。",
            command="看有哪些：xiangdao model list",
        )
    return header


def explain(error: str, log: str, model: Path) -> str:
    """Why a model could not be loaded, in one sentence. error, log: what llama.cpp said."""
    told = f"{error}\n{log}".lower()
    if (
        "within the file bounds" in told
        or "incomplete" in told
        or "unexpectedly reached end of file" in told
        or "failed to read" in told
    ):
        return f"模型文件 {model.name} 不完整，多半没有下载完。"
    if "unknown model architecture" in told:
        return f"模型 {model.name} 的结构这个版本的 llama.cpp 不认识。"
    if "failed to allocate" in told or "out of memory" in told or "unable to allocate" in told or "memoryerror" in told:
        return f"内存不够，装不下模型 {model.name}。"
    if "no module named" in told:
        return "本机模型组件没有装全。"
    return f"模型 {model.name} 载入不了，文件可能坏了或不是对话模型。"
