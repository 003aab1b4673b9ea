"""OpenVINO against llama.cpp on one GGUF file: python -m eval.bench_openvino MODEL [--device cpu] [--runs 3]

Both as the app runs them (a child process, loopback, our client), with the same prompts, taking turns; medians. A file whose
vocabulary OpenVINO cannot read (eval/bench_model.py writes one) is measured with a vocabulary of bytes of the same size.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Literal

from assistant.engine.contract import EngineSettings
from assistant.engine.hosted import HostedEngine
from assistant.engine.local import LocalEngine
from assistant.engine.openvino import OpenVinoEngine
from assistant.engine.tiny import TEMPLATE
from assistant.engine.weights import read_gguf
from core.errors import XiangdaoError

READ, WRITTEN = 480, 64
"""Letters of a prompt, each a token in a vocabulary of bytes, and tokens of an answer."""
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


def byte_letters() -> list[str]:
    """The letter that stands for each byte in a byte-level BPE vocabulary (GPT-2's table)."""
    shown = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = iter(range(0x100, 0x200))
    return [chr(byte) if byte in shown else chr(next(hidden)) for byte in range(256)]


def with_bytes(model: Path, target: Path) -> Path:
    """A copy of a GGUF file with a vocabulary of bytes, filled up to the same size; the tensors stay as they are."""
    import gguf

    reader = gguf.GGUFReader(model)
    size = len(reader.fields["tokenizer.ggml.tokens"].data)
    writer = gguf.GGUFWriter(target, str(reader.fields["general.architecture"].contents()))
    for name, field in reader.fields.items():
        if not name.startswith(("GGUF.", "tokenizer.")) and name != "general.architecture":
            writer.add_key_value(name, field.contents(), field.types[0])
    letters = byte_letters()
    tokens = [*letters, *SPECIAL, letters[0xE7] + letters[0x9A]]
    tokens += [f"<filling{number}>" for number in range(size - len(tokens))]
    kinds = [gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * len(SPECIAL)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds + [gguf.TokenType.NORMAL] * (size - len(kinds)))
    writer.add_token_merges([f"{letters[0xE7]} {letters[0x9A]}"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(258)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target


def told(engine: HostedEngine, prompt: str) -> tuple[float, float]:
    """(seconds to the first piece, tokens a second after it)"""
    began = time.perf_counter()
    at = [
        time.perf_counter()
        for chunk in engine.chat.stream(prompt, max_tokens=WRITTEN, temperature=0.8)
        if chunk.content
    ]
    if len(at) < 3:
        raise XiangdaoError("随机模型停得太早，再测一次。")
    return at[0] - began, (WRITTEN - 1) / (at[-1] - at[0])


def prompt_of(seed: int) -> str:
    """A prompt that shares no beginning with that of another seed."""
    return (f"{seed * 7919 % 10007} " + "workshop scheduling and stock counting " * 20)[:READ]


def peak_mb(engine: HostedEngine) -> float:
    """The child's largest memory so far; 0 where the system does not say."""
    path = Path(f"/proc/{engine.status().details['pid']}/status")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)


def measured(engine: HostedEngine) -> dict[str, Any]:
    """An engine started: its loading time, its measurements to come."""
    began = time.perf_counter()
    engine.started()
    return {"engine": engine, "load": time.perf_counter() - began, "first": [], "again": [], "rate": []}


def run(model: Path, device: Literal["auto", "cpu", "gpu", "npu"], runs: int, folder: Path) -> list[str]:
    """The lines of the report."""
    waits = dict.fromkeys(("first_token_timeout_s", "start_timeout_s", "stall_timeout_s", "answer_timeout_s"), 600.0)
    common: dict[str, Any] = {"model_path": model, "log_folder": folder, **waits}
    openvino = EngineSettings(**common, device=device, cache_folder=folder / "openvino")
    converting = measured(OpenVinoEngine(openvino))
    converted_mb = peak_mb(converting["engine"])
    converting["engine"].close()
    both = {
        "llama.cpp": measured(LocalEngine(EngineSettings(**common))),
        "OpenVINO": measured(OpenVinoEngine(openvino)),
    }
    try:
        for number in range(runs):
            for one in both.values():
                prompt = prompt_of(number)
                first, rate = told(one["engine"], prompt)
                one["first"].append(first)
                one["rate"].append(rate)
                one["again"].append(told(one["engine"], f"{prompt} and then?")[0])
                print(f"{number + 1}/{runs} {one['engine'].title}：{first:.2f} 秒，{rate:.1f} 词元/秒", file=sys.stderr)
        lines = [f"第一次（转换）：载入 {converting['load']:.1f} 秒，最多用内存 {converted_mb:.0f} MB"]
        for name, one in both.items():
            first = median(one["first"])
            lines.append(
                f"{name}：载入 {one['load']:.1f} 秒，第一个字 {first:.2f} 秒（读 {READ / first:.0f} 词元/秒），"
                f"接着问 {median(one['again']):.2f} 秒，写 {median(one['rate']):.1f} 词元/秒，内存最多 {peak_mb(one['engine']):.0f} MB"
            )
        return [*lines, both["OpenVINO"]["engine"].status().summary]
    finally:
        for one in both.values():
            one["engine"].close()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench_openvino", description="OpenVINO 和 llama.cpp 比速度")
    parser.add_argument("model", type=Path, help="GGUF 模型文件")
    parser.add_argument("--device", choices=("auto", "cpu", "gpu", "npu"), default="auto")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="xiangdao-bench-") as made:
        folder = Path(made)
        same = read_gguf(chosen.model).tokenizer == "gpt2"
        model = chosen.model if same else with_bytes(chosen.model, folder / "bytes.gguf")
        print("\n".join(run(model, chosen.device, chosen.runs, folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
