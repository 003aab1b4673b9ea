"""What an OpenAI-compatible endpoint says, line by line; every failure is EngineFailed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from core.errors import EngineFailed

STANDS = "上面的答案不受影响。"
LONGEST_LINE = 1_000_000
TOO_LONG = {"context_length_exceeded", "exceed_context_size_error"}
"""How OpenAI, and llama.cpp's own server, name a prompt that does not fit into the context."""


class NothingSaid(EngineFailed):
    """An answer came to its end with nothing in it for the reader."""


class Told(NamedTuple):
    """What one line of a stream says. thought: it is not meant for the reader; ended: it is the last."""

    text: str = ""
    thought: bool = False
    ended: bool = False


def read_line(line: str, where: str = "模型服务") -> Told:
    """What one line of an event stream says. Raises EngineFailed where it makes no sense.

    Thoughts come beside the text as reasoning_content (llama.cpp, LM Studio) or reasoning (Ollama).
    """
    if not line.startswith("data:"):
        if line and not line.startswith((":", "event:", "id:", "retry:")):
            raise EngineFailed(f"{where}返回的内容看不懂。", STANDS)
        return Told()
    data = line[5:].strip()
    if data in {"", "[DONE]"}:
        return Told(ended=bool(data))
    return _read(data, where, "delta")


def read_whole(text: str, where: str = "模型服务") -> Told:
    """An answer that came in one piece although it was asked for as a stream. Raises EngineFailed where it makes no sense."""
    return _read(text, where, "message")._replace(ended=True)


def _read(data: str, where: str, part: str) -> Told:
    try:
        chunk = json.loads(data)
        if chunk.get("error"):
            raise told_too_long(chunk, where) or EngineFailed(f"{where}中途报错。", STANDS)
        choice = (chunk.get("choices") or [{}])[0]
        said = choice.get(part) or {}
        text, thought = said.get("content") or "", said.get("reasoning_content") or said.get("reasoning") or ""
        if not isinstance(text, str):
            raise TypeError
        ended = bool(choice.get("finish_reason"))
        return Told(text, False, ended) if text or not thought else Told(str(thought), True, ended)
    except (ValueError, AttributeError, TypeError, KeyError, IndexError, RecursionError) as exc:
        raise EngineFailed(f"{where}返回的内容看不懂。", STANDS) from exc


def told_too_long(told: object, where: str) -> EngineFailed | None:
    """The failure where an endpoint's answer names a prompt that does not fit into the context; None for any other answer."""
    error = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict) or not {str(error.get("code")), str(error.get("type"))} & TOO_LONG:
        return None
    return EngineFailed(f"{where}说内容太长，一次读不下。", f"{STANDS}问得短一些，或调大 context_tokens。")


def bounded(texts: Iterator[str]) -> Iterator[str]:
    """Lines of a stream; one without an end is EngineFailed instead of filling the memory."""
    rest = ""
    for text in texts:
        *whole, rest = (rest + text).split("\n")
        yield from (line.rstrip("\r") for line in whole)
        if len(rest) > LONGEST_LINE:
            raise EngineFailed("模型服务返回的内容看不懂。", STANDS)
    yield rest.rstrip("\r")


def refused(status: int) -> str:
    """What a status means, as the end of a sentence."""
    if status in {401, 403}:
        return "不认这个密钥（检查 remote_key）"
    if status == 404:
        return "没有这个地址或模型（检查 remote_url 和 remote_model）"
    if status == 429:
        return "说请求太多，稍后再试"
    if status in {400, 413, 422}:
        return f"不接受这个请求（{status}），可能是内容太长"
    return f"出错了（{status}）"
