"""Whether a worded sentence gives back what the model was given: the prompt's own words, its marks, or the question."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import prompts
from assistant.wording import limits
from assistant.wording.likeness import plain, run, share, words_of
from assistant.wording.stated import stated

_MARKUP = re.compile(r"[<〈＜][/|]?\s*[\w|]{1,20}\s*[|/]?[>〉＞]|\{\{|\}\}|\[/?INST\]|```")
_ROLE = re.compile(r"(?im)^\s*(?:system|user|assistant|human|ai)\s*[:：]")
_SLOT = re.compile(r"\{\{\w+\}\}|<[^<>]*>")


@lru_cache
def own_words() -> str:
    """Every prompt's own words, a line each, without their slots and marks."""
    files = sorted(Path(prompts.__file__).parent.glob("*.md"))
    return "\n".join(_SLOT.sub("\n", prompts.load(file.stem)) for file in files)


def of_prompt(sentence: str, given: str) -> bool:
    """Whether a sentence shows marks or words of a prompt that are not words of what it was about (given)."""
    if any(mark[0] not in given for mark in _MARKUP.finditer(sentence)) or _ROLE.search(sentence):
        return True
    text, told = plain(sentence), plain(given)
    size = limits.ECHOED
    return any(
        (piece := text[at : at + size]) in line and piece not in told
        for line in _lines()
        for at in range(len(text) - size + 1)
    )


@lru_cache
def _lines() -> tuple[str, ...]:
    return tuple(filter(lambda line: len(line) >= limits.ECHOED, map(plain, own_words().split("\n"))))


def of_question(sentence: str, question: str, told: str) -> bool:
    """Whether a sentence is the question given back, with nothing of the answer in it."""
    asks = sentence.rstrip("”」）) ").endswith(("?", "？"))
    if asks and plain(sentence) not in plain(told):
        return True
    if run(sentence, told) >= limits.ASKED_BACK:
        return False
    asked = {value.value for value in stated(question)}
    if any(value.value not in asked for value in stated(sentence)):
        return False
    if run(sentence, question, 3) >= limits.ASKED_BACK:
        return True
    only_asked = bool(words_of(sentence)) and share(sentence, question) >= limits.ONLY_ASKED
    return only_asked and share(sentence, told) < limits.HELD
