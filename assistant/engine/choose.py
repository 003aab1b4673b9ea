"""Which engine words the answers: the one asked for, or the best that is there."""

from __future__ import annotations

from dataclasses import fields
from importlib.util import find_spec
from typing import Any

from assistant.engine.contract import Engine, EngineSettings
from core.errors import NotAvailable


def engine_settings(settings: Any) -> EngineSettings:
    """The engines' part of the app's settings; a field that these do not have keeps its default."""
    known = {f.name: getattr(settings, f.name) for f in fields(EngineSettings) if hasattr(settings, f.name)}
    home = getattr(settings, "home", None)
    if home and not known.get("log_folder"):
        known["log_folder"] = home / "logs"
    return EngineSettings(**{name: value for name, value in known.items() if value is not None})


def open_engine(settings: Any) -> Engine | None:
    """The engine that the settings ask for; None is extractive. Starts nothing.

    auto: a configured remote, else local weights, else none. Raises NotAvailable where one is named that cannot be had.
    """
    s = settings if isinstance(settings, EngineSettings) else engine_settings(settings)
    if s.engine == "extractive":
        return None
    if s.engine == "openvino":
        raise NotAvailable("这个版本还没有 OpenVINO 引擎。", "用 --engine local 或 --engine extractive。")
    if s.engine == "remote" or (s.engine == "auto" and s.remote_url):
        return _remote(s)
    has_model = s.model_path is not None and s.model_path.is_file()
    if s.engine == "local" or (s.engine == "auto" and has_model and find_spec("llama_cpp")):
        return _local(s, has_model)
    return None


def _remote(s: EngineSettings) -> Engine:
    if not s.remote_url.startswith(("http://", "https://")):
        raise NotAvailable(
            "没有设置远程模型的地址。", "设环境变量 XIANGDAO_REMOTE_URL，例如 http://192.168.1.20:8000/v1。"
        )
    from assistant.engine.remote import RemoteEngine

    return RemoteEngine(s)


def _local(s: EngineSettings, has_model: bool) -> Engine:
    if not find_spec("llama_cpp"):
        raise NotAvailable(
            "没有安装本机模型组件。", "还不能一条命令装好；可先用 Ollama、LM Studio，并设 XIANGDAO_REMOTE_URL。"
        )
    if not has_model:
        raise NotAvailable("还没有模型文件。", "还没有下载命令；可先用 Ollama、LM Studio，并设 XIANGDAO_REMOTE_URL。")
    from assistant.engine.local import LocalEngine

    return LocalEngine(s)
