"""Showing things in a terminal: an answer, a line of progress, a bar."""

from __future__ import annotations

import re
import sys
import time

from core.types import Answer


def tell(message: str) -> None:
    """A line for the user that is not part of the answer."""
    print(message, file=sys.stderr, flush=True)


def plain(text: str) -> str:
    """One line without control characters: what a document holds must not drive the terminal."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text).strip()


def safe(text: str) -> str:
    """Text without control characters other than line ends and tabs."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text)


def show_answer(answer: Answer) -> None:
    """Print an answer as an owner reads it; bold marks become terminal bold where there is a terminal."""
    bold = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    text = re.sub(r"\*\*(.+?)\*\*", lambda m: f"{bold[0]}{m[1]}{bold[1]}", safe(answer.text))
    print(text)
    if answer.suggestions:
        print("\n您可能还想问：" + "　".join(safe(s) for s in answer.suggestions))


class ProgressBar:
    """A bar on stderr that redraws itself at most ten times a second; silent where stderr is not a terminal."""

    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self._shown = 0.0
        self._live = sys.stderr.isatty()

    def __call__(self, done: int, total: int, name: str) -> None:
        now = time.monotonic()
        if not self._live or (now - self._shown < 0.1 and done < total):
            return
        self._shown = now
        filled = 24 * done // max(total, 1)
        sys.stderr.write(
            f"\r{self._label} [{'█' * filled}{'·' * (24 - filled)}] {done}/{total} {plain(name)[:30]}\033[K"
        )
        sys.stderr.flush()

    def close(self) -> None:
        if self._live and self._shown:
            sys.stderr.write("\r\033[K")
