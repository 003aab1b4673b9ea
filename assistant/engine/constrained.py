"""One short answer of a model as JSON that fits a pydantic model: held to its grammar while it is written, checked afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.engine.contract import Engine
from core.errors import EngineFailed

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

Shape = TypeVar("Shape", bound=BaseModel)
ANSWER_TOKENS = 480
"""More than the longest answer that a shape here allows in a vocabulary of bytes, so that none is cut off."""


def constrained(
    engine: Engine,
    messages: Sequence[BaseMessage],
    shape: type[Shape],
    seconds: float = 0.0,
    owner: str = "",
    tokens: int = ANSWER_TOKENS,
) -> Shape | None:
    """A model's answer in a shape; None where it did not come in time or does not fit. Raises EngineFailed.

    shape: its texts and lists have a greatest length. seconds: longest wait, none where 0; owner: who may stop it;
    tokens: the most that the answer may take.
    """
    late = threading.Event()

    def stop() -> None:
        late.set()
        engine.interrupt(owner)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    if seconds:
        timer.start()
    try:
        return parsed(_said(engine, messages, shape, owner, tokens), shape)
    except EngineFailed:
        if late.is_set():
            return None
        raise
    finally:
        timer.cancel()


def _said(engine: Engine, messages: Sequence[BaseMessage], shape: type[BaseModel], owner: str, tokens: int) -> str:
    """The model's text; an endpoint that knows no response_format is asked without it."""
    asked: dict[str, Any] = {"max_tokens": tokens, "temperature": 0.0, "owner": owner}
    try:
        return _streamed(engine, messages, {**asked, "response_format": response_format(engine.name, shape)})
    except EngineFailed as exc:
        if engine.name != "remote" or "不接受" not in exc.message:
            raise
        return _streamed(engine, messages, asked)


def _streamed(engine: Engine, messages: Sequence[BaseMessage], extra: dict[str, Any]) -> str:
    return "".join(str(chunk.content) for chunk in engine.chat.stream(list(messages), **extra))


def response_format(engine: str, shape: type[BaseModel]) -> dict[str, Any]:
    """How a shape is asked for: llama-cpp-python's server has its own way, the others OpenAI's."""
    schema = plain_schema(shape)
    if engine == "local":
        return {"type": "json_object", "schema": schema}
    return {"type": "json_schema", "json_schema": {"name": shape.__name__, "strict": True, "schema": schema}}


def plain_schema(shape: type[BaseModel]) -> dict[str, Any]:
    """A shape's JSON schema without references, titles and defaults; every field required, no other allowed."""
    whole = shape.model_json_schema()
    named = whole.pop("$defs", {})

    def plain(part: Any) -> Any:
        if isinstance(part, list):
            return [plain(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return plain(named[part["$ref"].rpartition("/")[2]])
        kept = {key: plain(value) for key, value in part.items() if key not in {"title", "default", "description"}}
        if "const" in kept:
            kept = {"enum": [kept["const"]]}
        if "properties" in kept:
            kept |= {"required": list(kept["properties"]), "additionalProperties": False}
        return kept

    return plain(whole)


def parsed(text: str, shape: type[Shape]) -> Shape | None:
    """The first JSON object in a text, in a shape; None where there is none that fits."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(text[start:])
        return shape.model_validate(found)
    except (ValueError, ValidationError, RecursionError):
        return None
