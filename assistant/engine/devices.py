"""Whether the device that the settings name is in this machine: a wish that cannot be met is told, never passed over."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

from core.errors import DeviceAbsent

TIMEOUT_S = 6.0
NAMES = {"CPU": "处理器", "GPU": "显卡", "NPU": "NPU"}
ANY = "装好它的驱动，或设 XIANGDAO_DEVICE=auto（有什么用什么）。"
_LIST = (
    "import json, openvino; core = openvino.Core();"
    "print(json.dumps({d: core.get_property(d, 'FULL_DEVICE_NAME') for d in core.available_devices}))"
)


def openvino_devices() -> dict[str, str] | None:
    """OpenVINO's devices with their names, asked in a child since a driver may crash; None where it is not installed.

    Empty where it does not answer.
    """
    if not find_spec("openvino"):
        return None
    try:
        done = subprocess.run([sys.executable, "-I", "-c", _LIST], capture_output=True, timeout=TIMEOUT_S, check=False)
        return dict(json.loads(done.stdout.splitlines()[-1]))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return {}


def check_openvino(device: str) -> None:
    """DeviceAbsent where OpenVINO does not find the device asked for (cpu, gpu, npu); auto is always there."""
    if device in {"auto", "cpu"}:
        return
    there = openvino_devices()
    if there and not any(name.split(".")[0] == device.upper() for name in there):
        told = "、".join(NAMES.get(kind, kind) for kind in dict.fromkeys(name.split(".")[0] for name in there))
        asked = "显卡" if device == "gpu" else " NPU"
        raise DeviceAbsent(f"设置里指定了{asked}，OpenVINO 在这台机器上没有找到它，只有：{told}。", ANY)


def check_llama(device: str) -> None:
    """DeviceAbsent where llama.cpp is asked for a device that it cannot use: an NPU, or a graphics card that is not there."""
    from assistant.engine.machine import machine

    if device == "npu":
        raise DeviceAbsent(
            "设置里指定了 NPU，NPU 要用 OpenVINO，它没有装（或引擎选了 local）。",
            "要先装上；不用 NPU，就把设置里的设备改成自动。",
            command="运行：python3 start.py setup npu；或设 XIANGDAO_DEVICE=auto。",
        )
    if device == "gpu" and not machine().gpus:
        raise DeviceAbsent("设置里指定了显卡，这台机器上没有找到。", ANY)
