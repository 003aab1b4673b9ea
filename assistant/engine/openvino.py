"""A model on this machine's NPU, GPU or processor: OpenVINO GenAI in a child process, over a GGUF file or an exported folder."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.engine.catalogue import OPENVINO_ARCHITECTURES
from assistant.engine.contract import EngineSettings
from assistant.engine.devices import NAMES
from assistant.engine.hosted import HostedEngine
from assistant.engine.local import check_file
from assistant.engine.machine import machine, usable_cores
from assistant.engine.openvino_model import FILES
from assistant.engine.weights import read_gguf
from core.errors import EngineFailed, NotAvailable

CHILD = Path(__file__).with_name("openvino_child.py")
SETUP = "运行：python3 start.py setup npu"
KINDS = {1: "F16", 2: "Q4_0", 3: "Q4_1", 8: "Q8_0", 12: "Q4_K", 14: "Q6_K"}
"""The ggml types of matrices that OpenVINO GenAI 2026.4 reads of a GGUF file. Seen by trying each."""
STALE_S = 3600.0


class OpenVinoEngine(HostedEngine):
    """One model, on the device asked for; auto goes to the processor where another device fails."""

    name = "openvino"
    title = "OpenVINO 模型"
    patience = 5.0
    """The first time, a GGUF file is converted and a GPU or NPU compiles."""

    def __init__(self, settings: EngineSettings, command: tuple[str, ...] = (), **properties: Any) -> None:
        """command: what to run in place of the child, for tests. properties: given to OpenVINO as they are."""
        super().__init__(settings, command or (sys.executable, "-I", str(CHILD)))
        self._own = bool(command)
        self._properties = properties

    def _options(self) -> dict[str, Any]:
        model = self._model_path()
        if not self._own and find_spec("openvino_genai") is None:
            raise NotAvailable("没有安装 OpenVINO。", command=SETUP)
        check_model(model)
        return {
            "model": str(model), "model_alias": model.stem, "device": "cpu" if self._distrusted() else self.settings.device,
            "context_tokens": self.settings.context_tokens, "answer_tokens": self.settings.answer_tokens,
            "threads": self.settings.threads or usable_cores(), "properties": self._properties,
            **caches(model, self.settings.cache_folder),
        }  # fmt: skip

    def _distrusted(self) -> bool:
        """A driver that crashed once is not asked again where the choice is ours."""
        return self.settings.device == "auto" and bool(self._crashes)

    def _explain(self, error: str, log: str) -> EngineFailed:
        return explain(error, log, self._model_path(), self.settings.device)

    def _notes(self) -> list[str]:
        device = str(self._facts.get("device", ""))
        notes = [f"用的是{NAMES.get(device.split('.')[0], device)}（{self._facts.get('device_name', '')}）"]
        if tried := self._failed_devices():
            notes.append(f"{tried}载入不了，退到了它")
        elif self._distrusted():
            notes.append("上次程序崩了，所以只用处理器")
        if not self._facts.get("template", True):
            notes.append("模型没有自带对话模板，按 ChatML 处理")
        return notes

    def _failed_devices(self) -> str:
        """The devices that were tried and could not load the model, in words."""
        failures: list[object] = self._facts.get("failures") or []  # type: ignore[assignment]
        return "、".join(NAMES.get(str(f).split(":")[0].split(".")[0], str(f)) for f in failures)

    def _fallen_back(self) -> str:
        tried, device = self._failed_devices(), str(self._facts.get("device", "")).split(".")[0]
        return f"{tried}载入不了这个模型，这次用的是{NAMES.get(device, device)}，会慢一些。" if tried else ""


def check_model(model: Path) -> None:
    """Whether OpenVINO can read a file or folder and this machine hold it, before a child tries. Raises EngineFailed."""
    if model.is_dir():
        check_folder(model)
        return
    check_file(model)
    header = read_gguf(model)
    if header.architecture not in OPENVINO_ARCHITECTURES:
        raise EngineFailed(
            f"OpenVINO 还读不了 {header.architecture} 结构的 GGUF 模型（{model.name}），只认 Qwen2、Qwen3、Llama。",
            "换一个引擎，或换成导出好的 OpenVINO 模型文件夹。",
            command="换引擎：--engine local",
        )
    if header.tokenizer != "gpt2":
        raise EngineFailed(
            f"OpenVINO 还读不了 {model.name} 的词表（{header.tokenizer or '没有'}）。",
            "换一个引擎，或换成导出好的 OpenVINO 模型文件夹。",
            command="换引擎：--engine local",
        )
    if unknown := header.kinds - KINDS.keys():
        raise EngineFailed(
            f"OpenVINO 还读不了 {model.name} 的量化格式（编号 {'、'.join(map(str, sorted(unknown)))}）。",
            "换 Q4_0、Q8_0 或 Q4_K_M 的文件，或换一个引擎。",
            command="换引擎：--engine local",
        )


def check_folder(model: Path) -> None:
    """Whether an exported folder has all its parts and fits into memory. Raises EngineFailed."""
    needed = [*FILES, *(name.replace(".xml", ".bin") for name in FILES)]
    if lacking := [name for name in needed if not (model / name).is_file()]:
        raise EngineFailed(
            f"{model.name} 不是完整的 OpenVINO 模型文件夹，缺 {lacking[0]}。",
            "重新导出或拷贝；要有 openvino_model、openvino_tokenizer、openvino_detokenizer 各两个文件。",
        )
    size, memory = (model / "openvino_model.bin").stat().st_size, machine().memory_bytes
    if memory and size > memory:
        raise EngineFailed(
            f"模型 {model.name} 有 {size / 1e9:.1f} GB，这台机器内存只有 {memory / 1e9:.1f} GB，装不下。",
            "换小一些的。",
            command="看有哪些：xiangdao model list",
        )


def caches(model: Path, folder: Path | None) -> dict[str, str]:
    """Where compiled models and a GGUF file's conversion go; empty where nothing can be written.

    A conversion is named by the file's path, size and time; those whose file is gone or has changed are deleted.
    """
    none = {"cache": "", "converted": ""}
    if folder is None:
        return none
    try:
        compiled, conversions = folder / "compiled", folder / "converted"
        compiled.mkdir(parents=True, exist_ok=True)
        conversions.mkdir(exist_ok=True)
        tidy(conversions)
        if model.is_dir():
            return {"cache": str(compiled), "converted": ""}
        stat = model.stat()
        source = {"path": str(model.resolve()), "bytes": stat.st_size, "changed": stat.st_mtime_ns}
        text = json.dumps(source, sort_keys=True)
        target = conversions / hashlib.sha256(text.encode()).hexdigest()[:16]
        room = shutil.disk_usage(conversions).free > 2 * stat.st_size or target.is_dir()
        if room:
            target.with_suffix(".json").write_text(text, encoding="utf-8")
        return {"cache": str(compiled), "converted": str(target) if room else ""}
    except OSError:
        return none


def tidy(conversions: Path) -> None:
    """Delete conversions whose file is gone or has changed, and what broken conversions left."""
    for note in conversions.glob("*.json"):
        with suppress(OSError, ValueError, KeyError):
            source = json.loads(note.read_text("utf-8"))
            path = Path(source["path"])
            if path.is_file() and [path.stat().st_size, path.stat().st_mtime_ns] == [
                source["bytes"],
                source["changed"],
            ]:
                continue
            shutil.rmtree(note.with_suffix(""), ignore_errors=True)
            note.unlink()
    for part in conversions.glob("*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > STALE_S:
                shutil.rmtree(part, ignore_errors=True)


def explain(error: str, log: str, model: Path, device: str) -> EngineFailed:
    """Why a model could not be loaded. error, log: what OpenVINO said."""
    told = f"{error}\n{log}".lower()
    if error.startswith("LookupError: no device"):
        there = "、".join(NAMES.get(d.split(".")[0], d) for d in error.rpartition(" ")[2].split(","))
        return EngineFailed(
            f"OpenVINO 在这台机器上没有找到 {NAMES[device.upper()]}，只有：{there}。",
            "装好它的驱动，或设 XIANGDAO_DEVICE=auto。",
        )
    other = "换一个模型，或换一个引擎。"
    list_them = "看有哪些模型：xiangdao model list；换引擎：--engine local"
    if "no module named" in told:
        return EngineFailed("OpenVINO 没有装全。", command=SETUP)
    if "allocate" in told or "out of memory" in told or "bad_alloc" in told or "memoryerror" in told:
        return EngineFailed(f"内存不够，装不下模型 {model.name}。", "换小一些的模型，或关掉别的程序。")
    if "unsupported" in told:
        return EngineFailed(f"OpenVINO 还读不了模型 {model.name} 的结构或量化格式。", other, command=list_them)
    if device == "npu":
        return EngineFailed(
            f"模型 {model.name} 在 NPU 上载入不了。", "NPU 要用对称 int4 导出的模型文件夹，或设 XIANGDAO_DEVICE=auto。"
        )
    return EngineFailed(f"模型 {model.name} 载入不了，文件可能坏了或不是对话模型。", other, command=list_them)
