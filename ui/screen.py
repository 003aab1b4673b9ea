"""Showing things in a terminal: an answer, a line of progress, a bar."""

from __future__ import annotations

import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

from core.cut import cut_before
from core.types import Answer, Brief, Done, Event, Notice, Wording

RULE = "─" * 8
LIST_INDENT = 4
"""Columns that the renderer may put before the items of a list."""


def tell(message: str) -> None:
    """A line for the user that is not part of the answer; where it cannot be written, the answer still can."""
    with suppress(OSError, ValueError):
        print(message, file=sys.stderr, flush=True)


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What can drive a terminal or turn the reading direction round; line ends and tabs may stay."""
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_MEANS_MORE = re.compile(r"(?<!\*)\*(?!\*)|[\\`_<~&\[\]]")
_BEGINS_MORE = re.compile(r"^(\s*(?:\d+(?=[.)]))?)([.)](?=\s|$)|[>+](?=\S)|=(?==*\s*$))")
"""What would make a list, counted anew, of numbers with a dot, or a quotation of >30%."""
_EDGE = re.compile(r"^([^\w\s]*)(.*?)([^\w\s]*)$", re.DOTALL)


def plain(text: str) -> str:
    """One line without control characters: what a document holds must not drive the terminal."""
    return " ".join(safe(_CONTROLS.sub(" ", text)).split())


def safe(text: str) -> str:
    """Text without control characters other than line ends and tabs."""
    return _CONTROLS.sub("", text.encode("utf-8", "replace").decode("utf-8"))


def show_text(markdown: str) -> None:
    """Print our Markdown: laid out where stdout is a terminal, as plain text without bold marks elsewhere."""
    text = safe(markdown)
    if not sys.stdout.isatty():
        print(_BOLD.sub(r"\1", text))
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(file=sys.stdout, highlight=False)
    lines = [part for line in text.split("\n") for part in _fitting(line, console.width - LIST_INDENT)]
    console.print(Markdown(literal("\n".join(lines)), hyperlinks=False))


def _fitting(line: str, columns: int) -> list[str]:
    """A line in parts that fit the screen, broken between figures: the renderer would break inside one. Tables stay."""
    from rich.cells import cell_len

    parts = []
    while not line.startswith("|") and cell_len(line) > columns > 0:
        most, width = 0, 0
        while most < len(line) and (width := width + cell_len(line[most])) <= columns:
            most += 1
        at = cut_before(line, most) or most
        if not at or not line[:at].strip():
            break
        parts.append(line[:at])
        line = line[at:].lstrip(" ")
    return [*parts, line]


def literal(text: str) -> str:
    """Our Markdown for a renderer of the whole language: lines stay lines, and only bold, lists, quotes and tables mean more."""
    lines = []
    for line in text.split("\n"):
        line = _MEANS_MORE.sub(lambda m: "\\" + m[0], line)
        line = _BEGINS_MORE.sub(r"\1\\\2", line)
        line = _BOLD.sub(_bold, line)
        lines.append(line if line.startswith("|") or not line.strip() else line + "  ")
    return "\n".join(lines)


def _bold(found: re.Match[str]) -> str:
    """Bold that starts or ends with a stop next to a word is not seen as bold: the stops move out of it."""
    before, inner, after = _EDGE.fullmatch(found[1]).groups()  # type: ignore[union-attr]
    whole = found.string
    follows, precedes = whole[found.end() : found.end() + 1], whole[: found.start()][-1:]
    head, tail = ("", before) if not re.match(r"\w", precedes) else (before, "")
    if after and re.match(r"\w", follows):
        return f"{head}**{tail}{inner}**{after}"
    return f"{head}**{tail}{inner}{after}**"


def show_answer(answer: Answer) -> None:
    """Print an answer as an owner reads it, with what else could be asked."""
    show_text(answer.text)
    show_suggestions(answer)


def show_suggestions(answer: Answer) -> None:
    """Print what else could be asked."""
    if answer.suggestions:
        print("\n您可能还想问：" + "　".join(plain(s) for s in answer.suggestions))


def show_events(events: Iterator[Event]) -> None:
    """Print an answer as it comes: on a terminal the composed one at once, then a model's where there is one; else the last alone.

    Ctrl-C while a model words it keeps the composed one.
    """
    brief = shown = ""
    try:
        for event in events:
            if isinstance(event, Brief):
                brief = event.text
            elif isinstance(event, Notice):
                tell(event.text)
            elif isinstance(event, Wording) and sys.stdout.isatty():
                show_text(shown := brief)
                where = "远程模型" if event.leaves_machine else "模型"
                tell(f"\n{where}正在整理措辞，上面的答案已经可以用；不想等就按 Ctrl+C。")
            elif isinstance(event, Done):
                _show_last(event.answer, shown)
    except KeyboardInterrupt:
        if not brief:
            raise
        if not shown:
            show_text(brief)
        tell("已停下，就用不靠模型的答案。")


def _show_last(answer: Answer, shown: str) -> None:
    """The final answer, of which `shown` stands on the screen already."""
    if answer.text == shown:
        show_suggestions(answer)
        return
    if shown:
        print(f"\n{RULE}模型整理后{RULE}")
    show_answer(answer)


def _columns(text: str) -> int:
    """How wide a text is on a terminal; a Chinese character takes two columns."""
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _within(text: str, columns: int) -> str:
    """The beginning of a text that fits so many columns: a longer line would wrap, and could not be drawn over."""
    while text and _columns(text) > columns:
        text = text[:-1]
    return text


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
        bar = f"{self._label} [{'█' * filled}{'·' * (24 - filled)}] {done}/{total} "
        room = shutil.get_terminal_size().columns - 1 - _columns(bar)
        sys.stderr.write(f"\r{bar}{_within(plain(name), room)}\033[K")
        sys.stderr.flush()

    def close(self) -> None:
        if self._live and self._shown:
            sys.stderr.write("\r\033[K")
