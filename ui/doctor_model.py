"""The doctor on models: the processor and its helpers, which engine runs where, how fast, and what suits this machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.engine.advice import Advice, advise
from assistant.engine.catalogue import Model, installed
from assistant.engine.choose import LLAMAS, open_engine
from assistant.engine.contract import Engine
from assistant.engine.devices import openvino_devices
from assistant.engine.machine import Device, Machine, machine
from core.errors import XiangdaoError
from core.settings import Settings
from ui.doctor_speed import Finding, compared, in_use, installed_readers, measured, own_model, speed
from ui.model_entry import DOCTOR_S, finding
from ui.screen import plain

RECORD = Path(sys.prefix) / "xiangdao-llm.json"
_PLANS = {"native": "按本机处理器优化", "portable": "通用版", "wheel": "现成的 llama-cpp-python", "xllamacpp": "现成的 xllamacpp", "cuda": "显卡版（CUDA）", "vulkan": "显卡版（Vulkan）", "rocm": "显卡版（ROCm）"}  # fmt: skip


def findings(settings: Settings, facts: dict[str, Any]) -> Iterator[Finding]:
    """What is found, in plain words; `facts` is filled for --json."""
    here = machine()
    facts["machine"] = asdict(here)
    yield from _hardware(here, facts)
    engine: Engine | None = None
    try:
        engine = open_engine(settings)
    except XiangdaoError as exc:
        facts["engine"] = {"name": "extractive", "problem": exc.message}
        yield False, f"写答案：不用模型，因为：{exc.message}{exc.terminal_hint}"
    else:
        yield _engine(engine, facts)
        if engine and (said := finding(engine, settings.home, DOCTOR_S, facts)):
            yield said
    yield from _llama(here, facts)
    model = _model(engine, settings)
    own = own_model(engine)
    if trial := measured(engine, here):
        facts["benchmark"] = {**asdict(trial), "model": model.name if model and own else None}
        yield speed(trial, model, bool(own), in_use(engine, here))
        yield from compared(engine, here, trial, facts)
    advice = advise(here, trial if own else None, settings.first_token_target_s, model)
    facts["recommendation"] = {
        "model": advice.model and advice.model.name,
        "quantization": advice.model and advice.model.quantization,
        "context_tokens": advice.context_tokens,
        "passages": advice.passages,
        "reasons": advice.reasons,
    }
    yield from _advice(advice, model, here)


def _hardware(here: Machine, facts: dict[str, Any]) -> Iterator[Finding]:
    features = "、".join(f.upper().replace("4_", "4.").replace("_", "-") for f in here.features) or "没有查到加速指令"
    yield True, f"处理器 {plain(here.processor) or here.architecture}，{here.cores} 核，{features}"
    if here.amx_doubtful:
        yield True, "这台虚拟机说自己有 AMX 指令，但不一定真能用；装本机模型时不会用它"
    if here.memory_bytes:
        free = "" if here.available_bytes is None else f"，空着 {here.available_bytes / 2**30:.1f} GB"
        yield True, f"内存 {here.memory_bytes / 2**30:.0f} GB{free}"
    devices = openvino_devices() if "openvino" in here.packages else None
    facts["openvino_devices"] = devices
    if devices is not None:
        told = "、".join(f"{name}（{plain(title)}）" for name, title in devices.items()) or "一个也没有"
        yield bool(devices), f"OpenVINO 能用的设备：{told}"
    for what, found in (("显卡", here.gpus), ("NPU", here.npus)):
        yield True, f"{what}：{'、'.join(map(_device, found)) or '没有找到，用处理器'}"
    if here.npus and devices is None:
        yield None, '要用 NPU：python3 start.py setup npu，再设 engine = "openvino"'
    elif here.npus and devices is not None and "NPU" not in devices:
        yield False, "系统里有 NPU，OpenVINO 却看不到：请更新 NPU 驱动"


def _device(device: Device) -> str:
    memory = f"，显存 {device.memory_bytes / 2**30:.0f} GB" if device.memory_bytes else ""
    return plain(device.name) + memory


def _engine(engine: Engine | None, facts: dict[str, Any]) -> Finding:
    if engine is None:
        facts["engine"] = {"name": "extractive"}
        return True, "写答案：不用模型（extractive）"
    status = engine.status()
    facts["engine"] = asdict(status)
    return status.ready, f"写答案：{plain(status.summary)}"


def _llama(here: Machine, facts: dict[str, Any]) -> Iterator[Finding]:
    if not set(LLAMAS) & set(here.packages):
        return
    try:
        record = json.loads(RECORD.read_text("utf-8"))
    except (OSError, ValueError):
        record = {}
    facts["llama_cpp"] = record
    how = _PLANS.get(record.get("plan", ""), "不是用 start.py 装的")
    yield True, f"llama.cpp 已装：{how}"
    if record.get("plan") == "portable":
        yield (
            None,
            "通用版读得慢一些（约三分之二的速度）；想试本机优化版：XIANGDAO_LLM_BACKEND=cpu python3 start.py setup llm",
        )
    if any("NVIDIA" in gpu.name for gpu in here.gpus) and record.get("plan") in {"native", "portable"}:
        yield (
            None,
            "有 NVIDIA 显卡，装的却是处理器版：装好 CUDA Toolkit，再 XIANGDAO_LLM_BACKEND=cuda python3 start.py setup llm",
        )


def _model(engine: Engine | None, settings: Settings) -> Model | None:
    """The model in use on this machine."""
    path = engine.settings.model_path if engine and engine.name in {"local", "openvino"} else None
    return next((i.model for i in installed(settings.models_path) if path and i.main_file == path), None)


def _advice(advice: Advice, now: Model | None, here: Machine) -> Iterator[Finding]:
    for reason in advice.reasons if now else ():
        yield None, reason
    if advice.model is None:
        yield None, advice.reasons[0]
        return
    if now is None:
        setup = "" if installed_readers(here) else "python3 start.py setup llm；"
        yield (
            None,
            (
                f"想让模型把话说得更顺：这台机器适合 {advice.model.name}（{advice.model.quantization}，{advice.reasons[0]}）。"
                f"{setup}python3 start.py model pull {advice.model.name}"
            ),
        )
        return
    read = "" if advice.passages is None else f"，一次给它看 {max(advice.passages, 1)} 段资料（自动）"
    yield None, f"建议：{advice.model.name}（{advice.model.quantization}），上下文 {advice.context_tokens} 词元{read}"
