"""What this machine has for running a model, found without importing anything heavy.

Linux: /proc, /sys; macOS: sysctl; Windows: kernel32 and the registry; NVIDIA: nvidia-smi. What cannot be found out is None or empty.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from assistant.engine.catalogue import Model

Fit = Literal["fits", "tight", "too_large", "unknown"]
_FEATURES = ("sse4_2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "neon", "asimddp", "i8mm")  # fmt: skip
_VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}
_DISPLAY_CLASS = "{4d36e968-e325-11ce-bfc1-08002be10318}"
_NPU_CLASS = "{f01a9d53-3ff6-48d2-9f97-c8a7004be10c}"
_KEPT_FREE_BYTES = 1_000_000_000
"""Left to the system and other programs."""


@dataclass(frozen=True)
class Device:
    """A graphics card or NPU. memory_bytes: its own memory, None where unknown or shared with the processor."""

    name: str
    memory_bytes: int | None = None
    free_bytes: int | None = None


@dataclass(frozen=True)
class Machine:
    """Processor, memory in bytes, accelerators. packages: which engines' Python packages are installed."""

    system: str
    architecture: str
    processor: str
    cores: int
    features: tuple[str, ...]
    virtual: bool
    memory_bytes: int | None
    available_bytes: int | None
    gpus: tuple[Device, ...]
    npus: tuple[Device, ...]
    packages: tuple[str, ...]

    @property
    def amx_doubtful(self) -> bool:
        """AMX announced on a virtual machine: it may still fault, so builds leave it out."""
        return self.virtual and "amx_int8" in self.features


def machine() -> Machine:
    """This machine, as it is now."""
    flags, processor, virtual = _processor()
    total, available = _memory()
    return Machine(
        system=platform.system(),
        architecture=platform.machine(),
        processor=processor,
        cores=usable_cores(),
        features=tuple(name for name in _FEATURES if name in flags),
        virtual=virtual,
        memory_bytes=total,
        available_bytes=available,
        gpus=_gpus(total),
        npus=_npus(),
        packages=tuple(
            p
            for p in ("llama_cpp", "xllamacpp", "openvino", "openvino_genai", "sentence_transformers", "torch")
            if _has(p)
        ),
    )


def usable_cores() -> int:
    """The processors that this process may run on."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def fit(model: Model, on: Machine) -> Fit:
    """Whether a model runs here: in a graphics card's free memory, or in main memory; tight where other programs must close."""
    needed = model.memory_bytes()
    if any((gpu.free_bytes or gpu.memory_bytes or 0) >= needed for gpu in on.gpus):
        return "fits"
    if on.memory_bytes is None:
        return "unknown"
    if needed > on.memory_bytes - _KEPT_FREE_BYTES:
        return "too_large"
    available = on.memory_bytes if on.available_bytes is None else on.available_bytes
    return "fits" if needed <= available else "tight"


def recommended(models: tuple[Model, ...], on: Machine) -> Model | None:
    """The largest chat model that fits, may be used commercially, and answers at a bearable speed.

    Without a graphics card of 6 GB: up to 2 GB of weights on fewer than 8 processors, up to 3 GB on more. Only what every
    engine reads is recommended, so that the advice holds on whatever device it will run.
    """
    graphics = max((gpu.memory_bytes or 0 for gpu in on.gpus), default=0)
    most = 8_000_000_000 if graphics >= 6_000_000_000 else 3_000_000_000 if on.cores >= 8 else 2_000_000_000
    fitting = [
        model
        for model in models
        if "openvino" in model.readers and model.commercial and model.size_bytes <= most and fit(model, on) == "fits"
    ]
    return max(fitting, key=lambda model: float(model.parameters.rstrip("B") or 0), default=None)


def _has(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _processor() -> tuple[set[str], str, bool]:
    """(features, name, whether virtual)"""
    if sys.platform.startswith("linux"):
        return read_cpuinfo(_text(Path("/proc/cpuinfo")))
    if sys.platform == "darwin":
        words = (_sysctl("machdep.cpu.features") + " " + _sysctl("machdep.cpu.leaf7_features")).lower()
        flags = set(words.replace(".", "_").split()) | ({"avx"} if "avx1.0" in words else set())
        if platform.machine() == "arm64":
            flags |= {"neon", "asimddp"} | ({"i8mm"} if _sysctl("hw.optional.arm.FEAT_I8MM") == "1" else set())
        return flags, _sysctl("machdep.cpu.brand_string"), _sysctl("kern.hv_vmm_present") == "1"
    return _windows_features(), platform.processor(), False


def read_cpuinfo(text: str) -> tuple[set[str], str, bool]:
    """(features, name, whether virtual) of the text of /proc/cpuinfo, of x86 or ARM."""
    flags: set[str] = set()
    name = ""
    for line in text.splitlines():
        key, _, value = (part.strip() for part in line.partition(":"))
        if key in {"flags", "Features"}:
            flags |= set(value.split())
        elif key in {"model name", "Model"} and not name:
            name = value
    return flags | ({"neon"} if "asimd" in flags else set()), name, "hypervisor" in flags


def _windows_features() -> set[str]:
    """Numbers of IsProcessorFeaturePresent (winnt.h)."""
    numbers = {"sse4_2": 38, "avx": 39, "avx2": 40, "avx512f": 41, "neon": 19, "asimddp": 43}
    kernel = getattr(getattr(ctypes, "windll", None), "kernel32", None)
    return {name for name, number in numbers.items() if kernel and kernel.IsProcessorFeaturePresent(number)}


def _memory() -> tuple[int | None, int | None]:
    """(all, available now) in bytes; a container's limit counts where it is lower."""
    if sys.platform.startswith("linux"):
        return read_meminfo(_text(Path("/proc/meminfo")), _container_limit())
    if sys.platform == "darwin":
        total = _sysctl("hw.memsize")
        free = re.findall(r"Pages (?:free|inactive|speculative|purgeable):\s+(\d+)", _output(["vm_stat"]))
        page = _sysctl("hw.pagesize")
        available = sum(map(int, free)) * int(page) if free and page.isdecimal() else None
        return (int(total) if total.isdecimal() else None), available
    return _windows_memory()


def read_meminfo(text: str, limit: tuple[int, int] | None = None) -> tuple[int | None, int | None]:
    """(all, available) in bytes of the text of /proc/meminfo. limit: a container's (limit, used)."""
    values = {m[1]: int(m[2]) * 1024 for m in re.finditer(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)}
    total, available = values.get("MemTotal"), values.get("MemAvailable")
    if limit and (total is None or limit[0] < total):
        left = max(limit[0] - limit[1], 0)
        return limit[0], left if available is None else min(left, available)
    return total, available


def _container_limit() -> tuple[int, int] | None:
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        most = _text(Path(limit)).strip()
        if most.isdecimal():
            now = _text(Path(used)).strip()
            return int(most), int(now) if now.isdecimal() else 0
    return None


def _windows_memory() -> tuple[int | None, int | None]:
    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong)
            for name in ("total", "available", "page", "page_free", "virtual", "virtual_free", "extended")
        ]

    kernel = getattr(getattr(ctypes, "windll", None), "kernel32", None)
    status = Status(length=ctypes.sizeof(Status))
    if not kernel or not kernel.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None, None
    return status.total, status.available


def _gpus(memory_bytes: int | None) -> tuple[Device, ...]:
    """NVIDIA through its driver's tool; Apple's share of main memory; others from the system's list of devices."""
    if sys.platform == "darwin":
        if platform.machine() == "arm64":
            return (Device(f"{_sysctl('machdep.cpu.brand_string') or 'Apple'} GPU（Metal，与内存共用）"),)
        return ()
    found = read_nvidia_smi(_nvidia_smi())
    if sys.platform == "win32":
        others = _windows_class(_DISPLAY_CLASS)
    else:
        others = _linux_cards(Path("/sys/class/drm"))
    return found + tuple(d for d in others if not (found and "NVIDIA" in d.name) and "Basic" not in d.name)


def read_nvidia_smi(text: str) -> tuple[Device, ...]:
    """Cards of the lines `name, total MiB, free MiB`."""
    rows = (line.rsplit(",", 2) for line in text.splitlines() if line.count(",") >= 2)
    return tuple(
        Device(name.strip(), int(total) * 2**20, int(free) * 2**20)
        for name, total, free in rows
        if total.strip().isdecimal() and free.strip().isdecimal()
    )


def _nvidia_smi() -> str:
    program = shutil.which("nvidia-smi")
    query = ["--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]
    return _output([program, *query]) if program else ""


def _linux_cards(folder: Path) -> tuple[Device, ...]:
    """Graphics cards by vendor under /sys/class/drm; AMD's driver tells the memory."""
    cards = []
    for card in sorted(folder.glob("card[0-9]*")):
        vendor = _VENDORS.get(_text(card / "device/vendor").strip())
        if vendor and "-" not in card.name:
            total = _text(card / "device/mem_info_vram_total").strip()
            used = _text(card / "device/mem_info_vram_used").strip()
            memory = int(total) if total.isdecimal() else None
            free = memory - int(used) if memory is not None and used.isdecimal() else None
            cards.append(Device(f"{vendor} GPU", memory, free))
    return tuple(cards)


def _npus() -> tuple[Device, ...]:
    if sys.platform == "win32":
        return _windows_class(_NPU_CLASS)
    if sys.platform == "darwin":
        return ()
    return _linux_npus(Path("/sys/class/accel"))


def _linux_npus(folder: Path) -> tuple[Device, ...]:
    """The NPUs whose driver is loaded, by vendor under /sys/class/accel."""
    found = (_VENDORS.get(_text(entry / "device/vendor").strip(), "") for entry in sorted(folder.glob("accel*")))
    return tuple(Device(f"{vendor} NPU".strip()) for vendor in found)


def _windows_class(guid: str) -> tuple[Device, ...]:
    """The devices of one class of the registry, with their memory where it is recorded."""
    if sys.platform != "win32":
        return ()
    import winreg

    found = []
    for number in range(16):
        path = rf"SYSTEM\CurrentControlSet\Control\Class\{guid}\{number:04}"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
                name = str(winreg.QueryValueEx(key, "DriverDesc")[0])
                try:
                    memory = int(winreg.QueryValueEx(key, "HardwareInformation.qwMemorySize")[0])
                except (OSError, TypeError, ValueError):
                    memory = None
        except OSError:
            continue
        found.append(Device(name, memory))
    return tuple(found)


def _sysctl(name: str) -> str:
    return _output(["sysctl", "-n", name]).strip()


def _output(command: list[str]) -> str:
    """What a program prints; nothing where it is missing, fails or takes over 5 seconds."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=5, stdin=subprocess.DEVNULL, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
