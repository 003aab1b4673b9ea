"""What of a model's stream is meant for the reader: without its thoughts, and only up to the mark that ends its turn."""

from __future__ import annotations

import re

THOUGHTS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "[THINK]": "[/THINK]",
    "<|channel>thought": "<channel|>",
    "<|channel|>analysis<|message|>": "<|end|>",
}
"""How thoughts begin and end in a text. Source: the chat templates of Qwen and DeepSeek, Claude-like ones, Magistral, Gemma 4, gpt-oss."""
ENDS = ("<|im_end|>", "<|endoftext|>", "<end_of_turn>", "<|eot_id|>", "<|end|>", "</s>")
"""Marks that end a turn. They stand in a text where the model has no template of its own and knows them only as letters."""
START = "<|im_start|>"
_MARKS = (*THOUGHTS, *THOUGHTS.values(), *ENDS, START)
_MARK = re.compile("|".join(re.escape(mark) for mark in sorted(_MARKS, key=len, reverse=True)))
_LONGEST = max(map(len, _MARKS))


class ThoughtAloud(Exception):
    """A thought ended that had not been seen to begin: all that was said before belonged to it."""


class Speech:
    """One answer as it comes. thinks_first: its template begins the thought in the prompt, so that only the end is seen.

    thought: something was kept back as a thought; marks: it wrote marks of turns as text; ended: nothing more is meant.
    """

    def __init__(self, thinks_first: bool = False) -> None:
        self.thought = self.marks = self.ended = False
        self._assumed = thinks_first
        self._until = THOUGHTS["<think>"] if thinks_first else ""
        self._role: str | None = None
        self._held = ""
        self._said = False

    def heard(self, piece: str) -> str:
        """What may be shown after one more piece. Raises ThoughtAloud."""
        self._held += piece
        shown = ""
        while not self.ended:
            before = self._held
            shown += self._step()
            if self._held == before:
                break
        return shown

    def rest(self) -> str:
        """What may be shown at the end: what was kept back because it might have become a mark."""
        if self.ended or self._role is not None or (self._until and not self._assumed):
            return ""
        return self._tell(self._held)

    def _tell(self, text: str) -> str:
        text = text if self._said else text.lstrip()
        self._said = self._said or bool(text)
        return text

    def _step(self) -> str:
        """Take one stretch off what is held."""
        if self._role is not None:
            return self._after_role()
        if self._until:
            return self._thinking()
        mark = _MARK.search(self._held)
        if mark is None:
            sure = len(self._held) - _unsure(self._held)
            told, self._held = self._held[:sure], self._held[sure:]
            return self._tell(told)
        told, self._held = self._tell(self._held[: mark.start()]), self._held[mark.end() :]
        self._met(mark[0])
        return told

    def _met(self, mark: str) -> None:
        if mark in THOUGHTS:
            self.thought, self._until = True, THOUGHTS[mark]
        elif mark in ENDS or self._said:
            if mark in THOUGHTS.values() and mark not in ENDS:
                raise ThoughtAloud
            self.marks = self.ended = True
        elif mark == START:
            self.marks, self._role = True, ""
        else:
            self.thought = True

    def _thinking(self) -> str:
        thought, end, after = self._held.partition(self._until)
        if end:
            self.thought, self._until, self._held, self._assumed = True, "", after, False
        elif not self._assumed:
            self._held = thought[-len(self._until) + 1 :]
        return ""

    def _after_role(self) -> str:
        """The rest of the line after a mark that begins a turn: the answer's own may follow, another's is not waited for."""
        role, end, after = self._held.partition("\n")
        if end:
            self._role, self._held = None, after
            self.ended = role.strip() not in {"", "assistant"}
        return ""


def _unsure(text: str) -> int:
    """How many characters at the end of a text may be the beginning of a mark."""
    for length in range(min(len(text), _LONGEST - 1), 0, -1):
        tail = text[-length:]
        if tail[0] in "<[" and any(mark.startswith(tail) for mark in _MARKS):
            return length
    return 0
