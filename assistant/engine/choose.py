"""Which engine words the answers: the one asked for, or the best that is there."""

from __future__ import annotations

from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.engine.catalogue import OPENVINO_ARCHITECTURES, ROLE_NAMES, Installed, find_installed, installed
from assistant.engine.contract import Engine, EngineSettings, Llama
from core.errors import BadFile, NotAvailable

LLAMAS = ("llama_cpp", "xllamacpp")
"""The first is asked for first: where it is there, it was most often compiled for this very processor."""
SETUP = "运行：python3 start.py setup llm"
SETUP_OPENVINO = "运行：python3 start.py setup npu"
PULL = "看哪些能用：xiangdao model list；下载：xiangdao model pull 模型名"


def engine_settings(settings: Any) -> EngineSettings:
    """The engines' part of the app's settings; a field that these do not have keeps its default."""
    known = {f.name: getattr(settings, f.name) for f in fields(EngineSettings) if hasattr(settings, f.name)}
    if home := getattr(settings, "home", None):
        known.setdefault("log_folder", home / "logs")
        known.setdefault("cache_folder", home / "openvino")
        known.setdefault("model_path", model_path(settings.model, home / "models"))
    return EngineSettings(**{name: value for name, value in known.items() if value is not None})


def model_path(name: str, models_folder: Path) -> Path | None:
    """The file of the model that words answers: the named one, else the largest of those here that fits.

    Raises NotAvailable where the named one is not there or not whole.
    """
    there = chosen(name, models_folder)
    return there.main_file if there else None


def chosen(name: str, models_folder: Path) -> Installed | None:
    """The installed model of that name, else the largest chat model here that fits. Raises NotAvailable."""
    if name:
        there = find_installed(name, models_folder)
        if there is None or not there.complete:
            lacking = "不在了" if there is None else "不完整"
            raise NotAvailable(
                f"选用的模型 {name} {lacking}。", "要重新下载它。", command=f"运行：xiangdao model pull {name}"
            )
        if there.model.role != "chat":
            raise NotAvailable(
                f"{name} 是{ROLE_NAMES[there.model.role]}模型，不能写答案。", "换一个写答案的。", command=PULL
            )
        return there
    found = [i for i in installed(models_folder) if i.model.role == "chat" and i.complete]
    if len(found) > 1:
        from assistant.engine.machine import fit, machine

        here = machine()
        found = [i for i in found if fit(i.model, here) != "too_large"] or found[:1]
    return max(found, key=lambda i: i.model.size_bytes, default=None)


def open_engine(settings: Any) -> Engine | None:
    """The engine that the settings ask for; None is extractive. Starts nothing.

    auto: a configured remote, else local weights, else none. A GGUF file is read by llama.cpp, by OpenVINO where only that is
    installed or a GPU or NPU is asked for; an exported folder by OpenVINO. Raises NotAvailable where one is named that cannot
    be had, DeviceAbsent where the device named is not there.
    """
    if settings.engine == "extractive":
        return None
    if settings.engine == "remote" or (settings.engine == "auto" and settings.remote_url):
        return _remote(settings)
    s = settings if isinstance(settings, EngineSettings) else engine_settings(settings)
    has_model = s.model_path is not None and s.model_path.exists()
    if s.engine == "openvino" or (s.engine == "auto" and has_model and _suits_openvino(s)):
        return _openvino(s, has_model)
    if s.engine == "local" or (s.engine == "auto" and has_model):
        return _local(s, has_model)
    return None


def _suits_openvino(s: EngineSettings) -> bool:
    """Whether auto means OpenVINO: by the model, by the device asked for, or because nothing else is installed."""
    if s.model_path and s.model_path.is_dir():
        return True
    return bool(find_spec("openvino_genai")) and (s.device in {"gpu", "npu"} or not llama_package(s.llama))


def _remote(settings: Any) -> Engine:
    if not settings.remote_url.startswith(("http://", "https://")):
        raise NotAvailable(
            "没有设置远程模型的地址。", "设环境变量 XIANGDAO_REMOTE_URL，例如 http://192.168.1.20:8000/v1。"
        )
    from assistant.engine.remote import RemoteEngine

    known = {f.name: getattr(settings, f.name) for f in fields(EngineSettings) if hasattr(settings, f.name)}
    return RemoteEngine(EngineSettings(**known))


def _openvino(s: EngineSettings, has_model: bool) -> Engine:
    if not has_model:
        raise NotAvailable("还没有本机模型。", "先下载一个；没有模型也照样能问。", command=PULL)
    if not find_spec("openvino_genai"):
        raise NotAvailable("没有安装 OpenVINO。", command=SETUP_OPENVINO)
    from assistant.engine.devices import check_openvino
    from assistant.engine.openvino import OpenVinoEngine

    assert s.model_path
    check_openvino(s.device)
    check_architecture(s.model_path)
    return OpenVinoEngine(s)


def check_architecture(model: Path) -> None:
    """NotAvailable where OpenVINO's GGUF reader does not take a file: said before it is tried, and no other device is taken instead.

    What else may be wrong with the file, the engine tells when it starts.
    """
    from assistant.engine.weights import read_gguf

    try:
        architecture = read_gguf(model).architecture if model.is_file() else ""
    except (BadFile, OSError):
        return
    if architecture and architecture not in OPENVINO_ARCHITECTURES:
        raise NotAvailable(
            f"OpenVINO 读不了 {model.name}：它是 {architecture} 结构，OpenVINO 的 GGUF 读取器只认 llama、qwen2、qwen3。",
            "换一个它读得了的模型，换成导出好的 OpenVINO 文件夹，或用 llama.cpp（处理器和多数显卡，用不了 NPU）。",
            command="看哪些能用：xiangdao model list；装 llama.cpp：python3 start.py setup llm，再设 XIANGDAO_DEVICE=auto",
        )


def _local(s: EngineSettings, has_model: bool) -> Engine:
    if not has_model:
        raise NotAvailable("还没有本机模型。", "先下载一个；没有模型也照样能问。", command=PULL)
    package = llama_package(s.llama)
    if not package:
        assert s.model_path
        named = "" if s.llama == "auto" else f"（设置里指定了 {s.llama}）"
        raise NotAvailable(f"有模型 {s.model_path.name}，还没有装运行它的程序{named}。", command=SETUP)
    if s.device in {"gpu", "npu"}:
        from assistant.engine.devices import check_llama

        check_llama(s.device)
    if package == "xllamacpp":
        from assistant.engine.xllama import XllamaEngine

        return XllamaEngine(s)
    from assistant.engine.local import LocalEngine

    return LocalEngine(s)


def llama_package(asked: Llama = "auto") -> str:
    """The package whose llama.cpp reads GGUF files: the one asked for, else the first that is installed; empty where none is."""
    return next((name for name in LLAMAS if asked in {"auto", name} and find_spec(name)), "")
