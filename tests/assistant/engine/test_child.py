"""What the child process does to llama-cpp-python's server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.engine import child


def chunk(text: str | None, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": text} if text is not None else {}, "finish_reason": finish}]}


def told(chunks: Iterator[dict[str, Any]]) -> list[str | None]:
    return [c["choices"][0]["delta"].get("content") for c in chunks]


@pytest.mark.parametrize(("gulp_s", "pieces"), [(0.0, ["上", "云", "率"]), (60.0, ["上", "云率"])])
def test_the_first_word_comes_at_once_and_the_rest_together(
    monkeypatch: pytest.MonkeyPatch, gulp_s: float, pieces: list[str]
) -> None:
    monkeypatch.setattr(child, "GULP_S", gulp_s)
    chunks = iter([chunk(None), chunk("上"), chunk("云"), chunk("率"), chunk(None, "stop")])
    assert told(child.gulps(chunks)) == [None, *pieces, None]


def test_no_word_is_lost_where_the_stream_just_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "GULP_S", 60.0)
    assert told(child.gulps(iter([chunk("上"), chunk("云"), chunk("率")]))) == ["上", "云率"]


def test_a_stop_raises_the_flag_that_native_code_sees() -> None:
    stops = child.Stops()
    assert stops.flag.value == b""
    stops.append(None)
    assert stops.flag.value == b"1" and len(stops) == 1
