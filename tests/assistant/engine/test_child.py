"""What the child process does to llama-cpp-python's server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from assistant.engine import child, llama_answers


def chunk(text: str | None, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": text} if text is not None else {}, "finish_reason": finish}]}


def told(chunks: Iterator[dict[str, Any]]) -> list[str | None]:
    return [c["choices"][0]["delta"].get("content") for c in chunks]


@pytest.mark.parametrize(("gulp_s", "pieces"), [(0.0, ["上", "云", "率"]), (60.0, ["上", "云率"])])
def test_the_first_word_comes_at_once_and_the_rest_together(
    monkeypatch: pytest.MonkeyPatch, gulp_s: float, pieces: list[str]
) -> None:
    monkeypatch.setattr(llama_answers, "GULP_S", gulp_s)
    chunks = iter([chunk(None), chunk("上"), chunk("云"), chunk("率"), chunk(None, "stop")])
    assert told(llama_answers.gulps(chunks)) == [None, *pieces, None]


def test_no_word_is_lost_where_the_stream_just_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama_answers, "GULP_S", 60.0)
    assert told(llama_answers.gulps(iter([chunk("上"), chunk("云"), chunk("率")]))) == ["上", "云率"]


def test_a_stop_raises_the_flag_that_native_code_sees() -> None:
    stops = child.Stops()
    assert stops.flag.value == b""
    stops.append(None)
    assert stops.flag.value == b"1" and len(stops) == 1


class Talker:
    """A chat handler that tells in which thread each piece was made."""

    def __call__(self, stream: bool = True) -> Any:
        def pieces() -> Iterator[dict[str, Any]]:
            try:
                for _ in range(3):
                    yield chunk(threading.current_thread().name)
            finally:
                self.closed_in = threading.current_thread().name

        return pieces() if stream else chunk(threading.current_thread().name)


def test_one_thread_computes_whoever_asks_for_the_next_piece() -> None:
    talker = Talker()
    answered = llama_answers.on_one_thread(talker)
    answer = answered()
    made_in = set()
    for _ in range(2):
        with ThreadPoolExecutor(1) as another:
            made_in.add(another.submit(next, answer).result()["choices"][0]["delta"]["content"])
    whole = answered(stream=False)
    made_in.add(whole["choices"][0]["delta"]["content"])
    answer.close()
    answered(stream=False)
    assert len(made_in) == 1 and made_in == {talker.closed_in}


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        ("Requested tokens (9053) exceed context window of 4096", "context_length_exceeded"),
        ("llama_decode returned -1", "failed"),
    ],
)
def test_an_answer_that_fails_ends_with_the_reason(failure: str, code: str) -> None:
    def fails(**_: Any) -> Iterator[dict[str, Any]]:
        yield chunk("上")
        raise ValueError(failure)

    *said, last = llama_answers.ended_by_failures(fails)()
    assert told(iter(said)) == ["上"] and last["error"] == {"message": failure, "code": code}
