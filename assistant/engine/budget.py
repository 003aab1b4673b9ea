"""How much a model may be given to read: from the speed at which it was seen to read, and from its context."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

TOKENS_A_CHARACTER = 1.0
"""Most that a character of Chinese takes in the tokenizers of today's models (Qwen: about 0.65)."""
UNMEASURED = 150.0
"""Characters a second before anything was measured: a 1.5B model at 4 bits on two server cores reads about 110 tokens."""
LEAST_CHARACTERS = 80
"""A reading shorter than this tells the overhead, not the speed."""
WEIGHT = 0.4
"""How much the latest measurement counts against those before it."""
SHARE = 0.9
"""Share of the target time that reading may take."""


@dataclass
class Reading:
    """The measured reading speed of one engine, in characters a second; what stood in the last prompt is not read again."""

    speed: float = UNMEASURED
    measured: int = 0
    _last: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def unread(self, prompt: str) -> int:
        """Characters of a prompt after what it shares with the last one."""
        return len(prompt) - shared(self._last, prompt)

    def saw(self, prompt: str, first_token_s: float) -> None:
        """Take a measurement: a prompt was sent, and its first token came after so many seconds."""
        with self._lock:
            read = self.unread(prompt)
            self._last = prompt
            if read >= LEAST_CHARACTERS and first_token_s > 0:
                seen = read / first_token_s
                self.speed = seen if not self.measured else (1 - WEIGHT) * self.speed + WEIGHT * seen
                self.measured += 1

    def forgot(self) -> None:
        """The engine was started anew: nothing is in its memory."""
        with self._lock:
            self._last = ""

    def room(self, fixed: str, target_s: float, context_tokens: int, answer_tokens: int) -> int:
        """Characters of passages that fit: read within the target time, and with the rest of the prompt in the context.

        fixed: all of the prompt that stands before and around the passages.
        """
        in_time = self.speed * target_s * SHARE - self.unread(fixed)
        in_context = (context_tokens - answer_tokens) / TOKENS_A_CHARACTER - len(fixed)
        return max(0, int(min(in_time, in_context)))


def shared(a: str, b: str) -> int:
    """The length of the common beginning of two texts."""
    if b.startswith(a):
        return len(a)
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[:middle] == b[:middle] else (low, middle - 1)
    return low


def fitting(lengths: Sequence[int], room: int, least: int = 1) -> int:
    """How many passages, best first, fit into so many characters; the first `least` go in whatever the room."""
    count = total = 0
    for length in lengths:
        total += length
        if total > room and count >= least:
            break
        count += 1
    return count
