"""A quantized model on this machine: xllamacpp, llama.cpp built by others, in a child process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk

from assistant.engine.contract import EngineSettings
from assistant.engine.json_grammar import json_grammar
from assistant.engine.local import LocalEngine
from assistant.engine.remote import EndpointChat
from assistant.engine.weights import read_gguf


class GrammarChat(EndpointChat):
    """Asks for JSON by a grammar: this server's own reading of a schema lets through a code fence and blanks without end,
    and fails on vocabularies that do not read their template's marks as it does.
    """

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        schema = (kwargs.get("response_format") or {}).get("schema")
        if schema and (grammar := json_grammar(schema)):
            del kwargs["response_format"]
            kwargs["grammar"] = grammar
        yield from super()._stream(messages, stop, run_manager, **kwargs)


class XllamaEngine(LocalEngine):
    """One GGUF file, read by xllamacpp's own server."""

    package = "xllamacpp"
    script = Path(__file__).with_name("xllama_child.py")
    chat_type = GrammarChat

    def __init__(self, settings: EngineSettings, command: tuple[str, ...] = ()) -> None:
        super().__init__(settings, command)
        self._chat.silence_s = settings.first_token_timeout_s  # this server sends nothing at all before the first word

    def _options(self) -> dict[str, Any]:
        options = super()._options()
        return {**options, "template": read_gguf(Path(options["model"])).chat_template}

    def _stop_reading(self) -> None:
        """Nothing more: the server gives up a prompt whose reader has closed the connection."""
