"""What reads messages, opened once."""

from __future__ import annotations

import pytest

from assistant.chat import Assistant
from assistant.understand.understander import Understander


@pytest.fixture(scope="session")
def understander(guide: Assistant) -> Understander:
    assert guide.understander, guide.not_understood
    return guide.understander
