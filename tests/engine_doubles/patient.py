"""Waits for engines over real children: a machine with other work may take its time, and no test is about that."""

from __future__ import annotations

from typing import Any, TypeVar

from assistant.engine.hosted import HostedEngine

PATIENCE_S = 240.0
"""Less than a test may take."""
WAITS: dict[str, Any] = dict.fromkeys(
    ("start_timeout_s", "first_token_timeout_s", "stall_timeout_s", "answer_timeout_s"), PATIENCE_S
)
"""Fields of EngineSettings."""
Hosted = TypeVar("Hosted", bound=HostedEngine)


def patient(engine: Hosted) -> Hosted:
    """An engine whose child may also give no sign of life for long."""
    engine.chat.silence_s = PATIENCE_S  # type: ignore[attr-defined]
    return engine
