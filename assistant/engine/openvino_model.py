"""OpenVINO GenAI over one model on one device, for the child process: loading, reading in steps, writing.

Sources: openvino_genai 2026.4's stubs; docs.openvino.ai, "Run GGUF models" and "OpenVINO GenAI on NPU".
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.engine.child import LEAST_STEP, MOST_STEP, STEP_S
from assistant.engine.json_grammar import json_grammar
from assistant.engine.read_prompts import common

ORDER = ("GPU", "NPU", "CPU")
"""auto: a GPU reads a prompt fastest and keeps what it read; an NPU reads every prompt anew."""
BLOCK = 32
"""Tokens in a block of the KV cache on a CPU (16 on a GPU): what is reused of a prompt, and what the cache is sized in."""
KEPT = 1.5
"""The cache holds this many contexts, so that a short call between two turns does not push the conversation out."""
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SAMPLE = [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]
FILES = ("openvino_model.xml", "openvino_tokenizer.xml", "openvino_detokenizer.xml")


class TooLong(Exception):
    """A prompt that does not fit into the context, with its number of tokens."""


def wanted_devices(device: str, there: list[str]) -> list[str]:
    """The devices to try, in order. Raises LookupError where one is named that is not there."""
    kinds = ORDER if device == "auto" else (device.upper(),)
    found = [name for kind in kinds for name in there if name.split(".")[0] == kind]
    if not found:
        raise LookupError(f"no device {device}; there are {','.join(there)}")
    return found


def prepared(model: Path, converted: str) -> tuple[Path, bool]:
    """What to load, and whether it is a GGUF file's conversion: that loads faster, in a third of the memory.

    converted: where conversions of this file are kept, empty for none. It appears whole or not at all.
    """
    if model.is_dir() or not converted:
        return model, False
    target = Path(converted)
    if all((target / name).is_file() for name in FILES):
        return target, True
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        part.mkdir(parents=True)
        link = part / "model.gguf"
        try:
            link.symlink_to(model)
        except OSError:
            link.hardlink_to(model)
        convert(link)
        link.unlink()
        part.rename(target)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        return (target, True) if all((target / name).is_file() for name in FILES) else (model, False)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return target, True


def convert(link: Path) -> None:
    """Let OpenVINO GenAI write a GGUF file's model and tokenizer beside it."""
    import openvino_genai

    openvino_genai.Tokenizer(link, enable_save_ov_model=True)
    openvino_genai.LLMPipeline(link, "CPU", enable_save_ov_model=True)
    mend(link.with_name(FILES[0]))


def mend(model: Path) -> None:
    """Put right what keeps a conversion by 2026.4 from an NPU: values named as keys, and a target of 0 in a broadcast, where a
    fixed shape needs 1. What the model computes stays the same."""
    import numpy
    import openvino
    from openvino import opset13

    loaded = openvino.Core().read_model(model)
    for node in loaded.get_ops():
        source = node.input_value(1).get_node() if node.get_type_name() == "Broadcast" else None
        for target in source.inputs() if source and source.get_type_name() == "Concat" else []:
            value = target.get_source_output().get_node()
            if value.get_type_name() == "Constant" and value.get_data().tolist() == [0]:
                target.replace_source_output(opset13.constant(numpy.array([1], numpy.int64)).output(0))
    mended = model.with_name("mended.xml")
    openvino.save_model(loaded, mended, compress_to_fp16=False)
    del loaded
    text = re.sub(r"(past_key_values\.(\d+)\.valuepresent\.\2\.)key", r"\1value", mended.read_text("utf-8"))
    model.write_text(text, encoding="utf-8")
    mended.with_suffix(".bin").replace(model.with_suffix(".bin"))
    mended.unlink()


class Model:
    """One model on one device. device: OpenVINO's name; context: tokens; template: whether the model brought its own."""

    def __init__(self, source: Path, device: str, options: dict[str, Any]) -> None:
        import openvino_genai

        self.device, self.context = device, int(options["context_tokens"])
        self._npu = device.startswith("NPU")
        self._most = self.context - int(options["answer_tokens"]) if self._npu else self.context
        self._tokenizer = openvino_genai.Tokenizer(source)
        self._pipeline = openvino_genai.LLMPipeline(source, self._tokenizer, device, **self._properties(options))
        self.template = self._own_template()
        self._lock = threading.Lock()
        self._held: list[list[int]] = []
        self._generate([*self._tokens("你好")], 1)

    def _properties(self, options: dict[str, Any]) -> dict[str, Any]:
        more: dict[str, Any] = dict(options.get("properties", {}))
        if options["cache"] and not self.device.startswith("CPU"):
            more["CACHE_DIR"] = options["cache"]
        if self._npu:
            kept = {"NPUW_LLM_ENABLE_PREFIX_CACHING": True}
            return {"MAX_PROMPT_LEN": self._most, "MIN_RESPONSE_LEN": int(options["answer_tokens"]), **kept, **more}
        if self.device.startswith("CPU"):
            more["INFERENCE_NUM_THREADS"] = int(options["threads"])
        return {"scheduler_config": scheduler(self.device, self.context), **more}

    def _own_template(self) -> bool:
        with suppress(Exception):
            if self._tokenizer.chat_template and self._prompt(SAMPLE):
                return True
        self._tokenizer.set_chat_template(CHATML)
        return False

    def _prompt(self, messages: list[dict[str, str]]) -> str:
        return str(self._tokenizer.apply_chat_template(messages, True, extra_context={"enable_thinking": False}))

    def _tokens(self, text: str) -> list[int]:
        encoded = self._tokenizer.encode(text, add_special_tokens=False, max_length=1 << 24)
        return [int(token) for token in encoded.input_ids.data[0]]

    def tokens(self, messages: list[dict[str, str]]) -> list[int]:
        """A conversation as the model reads it. Raises TooLong."""
        tokens = self._tokens(self._prompt(messages))
        if len(tokens) > self._most or len(tokens) >= self.context:
            raise TooLong(len(tokens))
        return tokens

    def answer(
        self, tokens: list[int], body: dict[str, Any], say: Callable[[str], None], stopped: Callable[[], bool]
    ) -> dict[str, Any]:
        """Answer one request, one at a time; say gets the text in pieces. Tokens read and written, and reading steps.

        cached_tokens: those of the prompt that the cache was known to hold; an NPU's own cache does not tell.
        """
        with self._lock:
            cached = self._cached(tokens)
            steps = 0 if self._npu else self._read(tokens, cached, stopped)
            most = min(most_tokens(body), self.context - len(tokens))
            written = 0 if stopped() else self._write(tokens, most, body, say, stopped)
        told = {"prompt_tokens": len(tokens), "completion_tokens": written, "steps": steps}
        return told if self._npu else {**told, "prompt_tokens_details": {"cached_tokens": cached}}

    def _cached(self, tokens: list[int]) -> int:
        """How many tokens at the beginning of a prompt the pipeline's cache holds, in whole blocks."""
        return max((common(held, tokens) for held in self._held), default=0) // BLOCK * BLOCK

    def _hold(self, tokens: list[int]) -> None:
        """Note that the cache holds these tokens; what was used longest ago is driven out where it is full."""
        others = [held for held in self._held if common(held, tokens) < len(held)]
        self._held = [tokens, *others]
        while sum(map(len, self._held)) > KEPT * self.context and len(self._held) > 1:
            self._held.pop()

    def _read(self, tokens: list[int], at: int, stopped: Callable[[], bool]) -> int:
        """Read a prompt in steps, so that it can be given up between two: the pipeline itself looks only between two tokens
        of the answer. What the cache holds already is not read again. at: how many tokens that is."""
        step, steps = LEAST_STEP, 0
        while len(tokens) - at > step and not stopped():
            began = time.perf_counter()
            self._generate(tokens[: at + step], 1)
            at, steps = at + step, steps + 1
            self._hold(tokens[:at])
            fits = int(STEP_S * step / (time.perf_counter() - began + 1e-6)) // LEAST_STEP * LEAST_STEP
            step = min(max(fits, LEAST_STEP), MOST_STEP)
        return steps + 1

    def _write(
        self,
        tokens: list[int],
        most: int,
        body: dict[str, Any],
        say: Callable[[str], None],
        stopped: Callable[[], bool],
    ) -> int:
        import openvino_genai

        status = openvino_genai.StreamingStatus

        spoken: list[None] = []

        def heard(text: str) -> Any:
            if text:
                spoken.append(None)
                say(text)
            return status.CANCEL if stopped() else status.RUNNING

        written = self._generate(tokens, most, body, heard)
        if written and not spoken:
            say("\N{REPLACEMENT CHARACTER}")
        self._hold([*tokens, *written])
        return len(written)

    def _generate(
        self, tokens: list[int], most: int, body: dict[str, Any] | None = None, heard: Any = None
    ) -> list[int]:
        import numpy
        import openvino
        import openvino_genai

        config = openvino_genai.GenerationConfig(max_new_tokens=most, apply_chat_template=False)
        eos = self._tokenizer.get_eos_token_id()
        if eos >= 0:
            config.set_eos_token_id(eos)
        shape_config(config, body or {}, self.template)
        ids = openvino.Tensor(numpy.array([tokens], numpy.int64))
        result = self._pipeline.generate(ids, config, heard) if heard else self._pipeline.generate(ids, config)
        return [int(token) for token in result.tokens[0]]


def opened(source: Path, devices: list[str], options: dict[str, Any]) -> tuple[Model, list[str]]:
    """A model on the first of the devices that loads it, and what the others said. Raises what the last one raised."""
    failures: list[str] = []
    for device in devices:
        try:
            return Model(source, device, options), failures
        except Exception as exc:
            failures.append(f"{device}: {str(exc).strip().splitlines()[-1]}")
            if device == devices[-1]:
                raise
    raise LookupError("no device")


def scheduler(device: str, context: int) -> Any:
    """How OpenVINO GenAI reads on a processor or GPU: one request at a time, what was read before kept."""
    import openvino_genai

    made = openvino_genai.SchedulerConfig()
    made.enable_prefix_caching = True
    made.max_num_batched_tokens = MOST_STEP
    made.max_num_seqs = 1
    made.num_kv_blocks = int(KEPT * context) // (BLOCK if device == "CPU" else BLOCK // 2) + 1
    return made


def most_tokens(body: dict[str, Any]) -> int:
    return max(1, int(body.get("max_tokens") or body.get("max_completion_tokens") or 400))


def shape_config(config: Any, body: dict[str, Any], template: bool) -> None:
    """Take over what a request says of sampling, stop words and the form of the answer."""
    temperature = float(body.get("temperature") or 0.0)
    config.ignore_eos = bool(body.get("ignore_eos"))
    if temperature > 0:
        config.do_sample, config.temperature = True, temperature
        config.top_p = float(body.get("top_p") or 0.95)
        config.rng_seed = int(body.get("seed") or secrets.randbits(31))
    stop = body.get("stop") or []
    stops = {stop} if isinstance(stop, str) else {str(word) for word in stop}
    if not template:
        stops.add("<|im_end|>")
    if stops:
        config.stop_strings = stops
    wanted = body.get("response_format") or {}
    schema = (wanted.get("json_schema") or {}).get("schema") or wanted.get("schema")
    if wanted.get("type") in {"json_object", "json_schema"}:
        config.structured_output_config = structured(schema or {"type": "object"})


def structured(schema: dict[str, Any]) -> Any:
    """The form of an answer that is JSON of a schema."""
    import openvino_genai

    if grammar := json_grammar(schema):
        return openvino_genai.StructuredOutputConfig(grammar=grammar)
    return openvino_genai.StructuredOutputConfig(json_schema=json.dumps(schema, ensure_ascii=False))
