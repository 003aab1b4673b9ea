"""What an engine is to the conversation, and the settings that make one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from assistant.engine.budget import Reading

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Choice = Literal["auto", "extractive", "local", "openvino", "remote"]
Llama = Literal["auto", "llama_cpp", "xllamacpp"]
"""Which llama.cpp reads a GGUF file, by its Python package."""


@dataclass(frozen=True)
class EngineSettings:
    """The settings that engines are made from; core.settings holds the same fields.

    gpu_layers: -1 as many as fit, 0 none. cache_folder: for models made ready for a device. threads: 0 for one a core. Tokens and seconds as named.
    """

    engine: Choice = "auto"
    model_path: Path | None = None
    remote_url: str = ""
    remote_key: str = field(default="", repr=False)
    remote_model: str = ""
    device: Literal["auto", "cpu", "gpu", "npu"] = "auto"
    context_tokens: int = 4096
    answer_tokens: int = 400
    llama: Llama = "auto"
    gpu_layers: int = -1
    threads: int = 0
    first_token_target_s: float = 8.0
    start_timeout_s: float = 120.0
    first_token_timeout_s: float = 90.0
    stall_timeout_s: float = 20.0
    answer_timeout_s: float = 180.0
    idle_stop_s: float = 600.0
    log_folder: Path | None = None
    cache_folder: Path | None = None


@dataclass(frozen=True)
class Status:
    """How an engine stands. leaves_machine: text goes to another machine; details: whatever else the doctor may show."""

    name: str
    ready: bool
    summary: str
    leaves_machine: bool = False
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """Where an OpenAI-compatible server listens; url ends before /chat/completions."""

    url: str
    key: str = field(repr=False)
    model: str


class Engine(Protocol):
    """A language model behind LangChain's chat model.

    warm() makes the first answer come sooner, and raises EngineFailed; interrupt() ends the answers that were asked for with
    `owner=`, all of them where it is empty; close() ends whatever runs. warning() is what the user should know of where it
    runs (a device that could not be used), told once for each start and empty after that.
    """

    name: str
    settings: EngineSettings
    reading: Reading

    @property
    def chat(self) -> BaseChatModel: ...

    def status(self) -> Status: ...

    def warning(self) -> str: ...

    def warm(self) -> None: ...

    def interrupt(self, owner: str = "") -> None: ...

    def close(self) -> None: ...
