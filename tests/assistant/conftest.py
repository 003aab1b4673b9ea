"""An assistant over the bundled knowledge, and short ways to talk to it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.settings import Settings
from core.types import Answer

Ask = Callable[[str], Answer]
Talk = Callable[..., list[Answer]]


@pytest.fixture(scope="session")
def guide(home: Path) -> Assistant:
    return build_assistant(Settings(home=home), remember=False)


@pytest.fixture(scope="session")
def ask(guide: Assistant) -> Ask:
    """One question by itself."""
    return guide.answer


@pytest.fixture(scope="session")
def talk(guide: Assistant) -> Talk:
    """Several messages in one conversation of their own; all answers."""

    def conversation(*messages: str) -> list[Answer]:
        session = uuid.uuid4().hex
        return [guide.answer(message, session) for message in messages]

    return conversation
