"""Runs in a process of its own: xllamacpp, whose native server listens on a free loopback port for one model.

Started as a file by `python -I`; the frame (one line of JSON in, one out, the end with the parent) is that of child.py. The server
speaks OpenAI's protocol itself, so no word passes through Python here. A reader that closes its connection ends its answer.
"""

from __future__ import annotations

import threading
from typing import Any

from assistant.engine.child import tell_port

BATCH = 128
"""Tokens read between two looks at whether the reader has gone: larger steps stop later. Not measured against others."""
PING_S = 5
OTHER_PROMPTS_MIB = 256
"""For the memory of prompts other than the last, so that a question about tools does not cost the next answer its beginning."""
ALL_LAYERS = 999


def serve(options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The port of the server, and what is known of the model. options: see XllamaEngine._options. Raises RuntimeError."""
    import xllamacpp

    server = xllamacpp.Server(parameters(options))
    _kept.append(server)
    return int(server.listening_address.rpartition(":")[2]), {
        "template": options["template"],
        "context_tokens": options["n_ctx"],
        "gpu": has_card(xllamacpp),
        "build": xllamacpp.get_system_info().strip(),
        "version": xllamacpp.__version__,
    }


_kept: list[Any] = []
"""The server ends when nothing refers to it."""


def parameters(options: dict[str, Any]) -> Any:
    """The server's own form of the options: one reader at a time, nothing served besides the model."""
    import xllamacpp

    made = xllamacpp.CommonParams()
    made.model.path, made.model_alias = options["model"], {options["model_alias"]}
    made.hostnames, made.port, made.api_keys = ["127.0.0.1"], 0, [options["key"]]
    made.n_ctx, made.n_parallel, made.n_batch, made.n_ubatch = options["n_ctx"], 1, BATCH, BATCH
    made.cpuparams.n_threads, made.cpuparams_batch.n_threads = options["n_threads"], options["n_threads_batch"]
    made.n_gpu_layers = ALL_LAYERS if options["n_gpu_layers"] < 0 else options["n_gpu_layers"]
    made.fit_params = False  # how many layers fit is reckoned by the parent; the context stays as it was asked for
    made.cache_ram_mib, made.sse_ping_interval = OTHER_PROMPTS_MIB, PING_S
    made.enable_reasoning, made.default_template_kwargs = 0, {"enable_thinking": "false"}
    made.ui = made.endpoint_slots = made.endpoint_props = made.endpoint_metrics = False
    return made


def has_card(xllamacpp: Any) -> bool:
    """Whether this build sees a graphics card."""
    processor = xllamacpp.ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_CPU
    return any(device["type"] != processor for device in xllamacpp.get_device_info())


if __name__ == "__main__":
    tell_port(serve)
    threading.Event().wait()
