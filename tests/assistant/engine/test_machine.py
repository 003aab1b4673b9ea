"""What is found out about the machine, from the texts that systems give, and which models fit it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.engine import machine as found
from assistant.engine.catalogue import by_name, catalogue
from assistant.engine.machine import (
    Device,
    Machine,
    fit,
    machine,
    read_cpuinfo,
    read_meminfo,
    read_nvidia_smi,
    recommended,
)

GB = 10**9
PLAIN = Machine("Linux", "x86_64", "", 4, ("avx2",), False, 16 * GB, 12 * GB, (), (), ())


def like(**changed: object) -> Machine:
    return dataclasses.replace(PLAIN, **changed)  # type: ignore[arg-type]


def test_this_machine_has_processors_and_memory() -> None:
    here = machine()
    assert here.cores >= 1
    assert here.memory_bytes and here.available_bytes and here.available_bytes <= here.memory_bytes


def test_nothing_heavy_is_imported_to_look() -> None:
    code = "import sys; from assistant.engine.machine import machine; machine(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"torch", "openvino", "llama_cpp", "sentence_transformers", "numpy", "langchain_core", "httpx"}
    assert not heavy & set(done.stdout.split())


def test_a_virtual_machine_that_announces_amx_is_doubted() -> None:
    flags, name, virtual = read_cpuinfo("model name\t: Xeon\nflags\t\t: fpu avx2 amx_int8 hypervisor\n")
    assert (name, virtual) == ("Xeon", True) and {"avx2", "amx_int8"} <= flags
    assert like(features=("amx_int8",), virtual=True).amx_doubtful
    assert not like(features=("amx_int8",)).amx_doubtful


def test_an_arm_processor_has_neon() -> None:
    assert read_cpuinfo("Features\t: fp asimd asimddp\n")[0] >= {"neon", "asimddp"}
    assert read_cpuinfo("") == (set(), "", False)


def test_a_container_has_what_its_limit_leaves() -> None:
    text = "MemTotal:  16000000 kB\nMemFree: 1 kB\nMemAvailable:  12000000 kB\n"
    assert read_meminfo(text) == (16_384_000_000, 12_288_000_000)
    assert read_meminfo(text, (4 * GB, 1 * GB)) == (4 * GB, 3 * GB)
    assert read_meminfo(text, (10**18, 0)) == (16_384_000_000, 12_288_000_000)
    assert read_meminfo("") == (None, None)


def test_nvidia_cards_come_with_their_memory() -> None:
    cards = read_nvidia_smi("NVIDIA GeForce RTX 4060, 8188, 7000\nNVIDIA, A, B\n[N/A]\n")
    assert cards == (Device("NVIDIA GeForce RTX 4060", 8188 * 2**20, 7000 * 2**20),)


def test_cards_and_npus_of_other_makers_are_seen_by_their_drivers(tmp_path: Path) -> None:
    for place, files in {
        "drm/card0/device": {"vendor": "0x1002", "mem_info_vram_total": "8000", "mem_info_vram_used": "3000"},
        "drm/card1/device": {"vendor": "0x8086"},
        "drm/card1-HDMI-A-1/device": {"vendor": "0x8086"},
        "drm/card2/device": {"vendor": "0x1234"},
        "accel/accel0/device": {"vendor": "0x8086"},
    }.items():
        (tmp_path / place).mkdir(parents=True)
        for name, text in files.items():
            (tmp_path / place / name).write_text(f"{text}\n", "utf-8")
    assert found._linux_cards(tmp_path / "drm") == (Device("AMD GPU", 8000, 5000), Device("Intel GPU"))
    assert found._linux_npus(tmp_path / "accel") == (Device("Intel NPU"),)
    assert found._linux_npus(tmp_path / "none") == ()


@pytest.mark.parametrize("command", [["no-such-program"], [sys.executable, "-c", "raise SystemExit(1)"]])
def test_a_tool_that_is_missing_or_fails_tells_nothing(command: list[str]) -> None:
    assert found._output(command) == ""


def test_a_model_fits_by_what_is_free_now() -> None:
    model = by_name("qwen3-4b")
    assert model and model.memory_bytes() == pytest.approx(3.7 * GB, rel=0.02)
    assert fit(model, like(available_bytes=4 * GB)) == "fits"
    assert fit(model, like(available_bytes=3 * GB)) == "tight"
    assert fit(model, like(memory_bytes=4 * GB, available_bytes=4 * GB)) == "too_large"
    assert fit(model, like(memory_bytes=None, available_bytes=None)) == "unknown"


def test_a_card_with_room_makes_up_for_little_memory() -> None:
    model = by_name("qwen3-8b")
    assert model
    assert fit(model, like(memory_bytes=4 * GB, gpus=(Device("x", 8 * GB, 7 * GB),))) == "fits"
    assert fit(model, like(memory_bytes=4 * GB, gpus=(Device("x", 8 * GB, 1 * GB),))) == "too_large"


@pytest.mark.parametrize(
    ("here", "name"),
    [
        (like(), "qwen3-1.7b"),
        (like(cores=12), "qwen3-4b"),
        (like(gpus=(Device("x", 12 * GB, 11 * GB),)), "qwen3-8b"),
        (like(cores=12, available_bytes=3 * GB), "qwen3-1.7b"),
        (like(available_bytes=2 * GB), "qwen2.5-1.5b"),
        (like(available_bytes=int(1.55 * GB)), "minicpm5-1b"),
        (like(available_bytes=1 * GB), None),
    ],
)
def test_the_model_recommended_is_the_largest_that_answers_at_a_bearable_speed(here: Machine, name: str | None) -> None:
    best = recommended(catalogue(), here)
    assert (best and best.name) == name
