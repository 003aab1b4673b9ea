"""What suits this machine: which model, how much context, how many passages to read."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.engine.catalogue import Model, catalogue
from assistant.engine.machine import Machine, fit, recommended
from assistant.engine.trial import Trial

FIXED_TOKENS = 450
"""Tokens of a prompt besides its passages: rules, question, a turn or two."""
PASSAGE_TOKENS = 280
"""Tokens of a composed answer about as long as one that is worded gets (assistant.wording.limits.LONGEST characters at about 0.65)."""
SHARE = 0.9
MOST_PASSAGES = 8
SLOW_DECODE = 4.0
"""Tokens a second below which reading along is tiresome."""
CONTEXTS = (8192, 4096, 2048)


@dataclass(frozen=True)
class Advice:
    """model: the name and quantization to take, None where nothing fits; passages: read within the target time, None unmeasured."""

    model: Model | None
    context_tokens: int
    passages: int | None
    reasons: tuple[str, ...]


def advise(here: Machine, measured: Trial | None, target_s: float, now: Model | None = None) -> Advice:
    """Advice from the machine and from a measurement of the model in use. measured: of `now`, None where none was run."""
    model = recommended(catalogue(), here)
    reasons = []
    if model is None:
        reasons.append("空闲内存不够放最小的模型：关掉别的程序，或用远程模型；不用模型照样能答")
    elif not now:
        reasons.append(f"{model.note}；运行约要 {model.memory_bytes() / 1e9:.1f} GB 内存")
    if now and now.format == "gguf" and "openvino" not in now.readers and here.npus:
        reasons.append(f"{now.name} 是 {now.architecture} 结构，OpenVINO 读不了，这台机器的 NPU 用不上它")
    passages = passages_within(measured.prefill, target_s) if measured and measured.ok and now else None
    if measured and measured.ok and now:
        smaller = next_smaller(now, here)
        if (passages == 0 or measured.decode < SLOW_DECODE) and smaller:
            model = smaller
            reasons.append(f"{now.name} 在这台机器上偏慢，换小一点的")
        elif passages and now.role == "chat":
            model = now if fit(now, here) != "too_large" else model
    return Advice(model, context_for(model, here), passages, tuple(reasons))


def passages_within(prefill: float, target_s: float) -> int:
    """How many passages are read in the target time at so many tokens a second; 0 where not even one is."""
    return max(0, min(MOST_PASSAGES, int((prefill * target_s * SHARE - FIXED_TOKENS) / PASSAGE_TOKENS)))


def context_for(model: Model | None, here: Machine) -> int:
    """The largest usual context whose memory is there, in tokens."""
    free = max([here.available_bytes or 0, *(gpu.free_bytes or 0 for gpu in here.gpus)])
    fitting = (c for c in CONTEXTS if model and model.memory_bytes(c) <= 0.7 * free)
    return next(fitting, CONTEXTS[-1])


def next_smaller(model: Model, here: Machine) -> Model | None:
    """The largest chat model of the catalogue that is smaller than this one and fits."""
    smaller = [
        m
        for m in catalogue()
        if m.role == "chat" and m.commercial and m.size_bytes < 0.8 * model.size_bytes and fit(m, here) == "fits"
    ]
    return max(smaller, key=lambda m: m.size_bytes, default=None)
