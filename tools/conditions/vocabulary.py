"""The words of notices (words.yaml), as the reader looks them up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_GROUPS = (
    "inclusive", "exclusive", "to", "either", "both", "listing", "soft", "hazards", "without", "except_after", "one_of",
    "registered", "registered_at", "here", "after_project", "last_year", "shifts", "shares", "share_of", "glue",
    "scaled", "scaled_below", "until", "since",
    "refused_after", "refused_before", "exempt_after", "relaxed_to", "besides_end", "national", "level_names",
    "before_project", "sheet", "dated",
)  # fmt: skip
_STRONGER = ("glue", "hazards", "shifts", "listing", "level_names", "besides_end")
"""Groups that give way where another group has the same word, the weakest first."""


@dataclass(frozen=True)
class Word:
    """A word of a notice: its kind (a group of words.yaml, or `attribute`, `title` …) and what it stands for."""

    kind: str
    value: Any = None


@dataclass(frozen=True)
class Vocabulary:
    """words: every word by its text; longest: the longest word by its first character."""

    words: dict[str, Word]
    longest: dict[str, int]
    data: dict[str, Any]

    def at(self, text: str, start: int) -> tuple[str, Word] | None:
        """The longest word that starts at a place of a text."""
        for size in range(min(self.longest.get(text[start], 0), len(text) - start), 0, -1):
            word = self.words.get(text[start : start + size])
            if word is not None:
                return text[start : start + size], word
        return None

    def label(self, attribute: str) -> str:
        """What people call an attribute; a share by both of its figures: 软件投入占项目投入的比."""
        entry = self.data["attributes"].get(attribute)
        if entry:
            return str(entry["label"])
        part, _, whole = attribute.partition("/")
        return f"{self.label(part)}占{self.label(whole)}的比"

    def unit(self, attribute: str) -> str:
        entry = self.data["attributes"].get(attribute)
        return str(entry["unit"]) if entry else "percent"

    def ask(self, kind: str, key: str) -> str:
        """The question to the firm that settles an attribute or a statement."""
        entry = self.data[kind].get(key)
        return str(entry["ask"]) if entry else f"{self.label(key)}是百分之几？"


@cache
def vocabulary() -> Vocabulary:
    """The words, read once."""
    data = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8"))
    words: dict[str, Word] = {}
    for group in sorted(_GROUPS, key=lambda g: _STRONGER.index(g) if g in _STRONGER else len(_STRONGER)):
        words |= {word: Word(group, word) for word in data[group]}
    for side in ("before", "after"):
        for bound, forms in data[f"comparators_{side}"].items():
            words |= {form: Word(side, bound) for form in forms}
    for kind in ("attributes", "statements", "titles"):
        for key, entry in data[kind].items():
            words |= {form: Word(kind.removesuffix("s"), key) for form in entry["words"]}
    for classes, forms in data["sizes"].items():
        words |= {form: Word("size", frozenset(classes.split())) for form in forms}
    words |= {form: Word("size_part", frozenset({name})) for form, name in data["size_parts"].items()}
    for trade, forms in data["trades"].items():
        words |= {form: Word("trade", trade) for form in forms}
    words |= {form: Word("high_energy", form) for form in data["high_energy"]}
    for names in data["divisions"].values():
        words |= {name: Word("trade", name) for name in names}
    longest: dict[str, int] = {}
    for text in words:
        longest[text[0]] = max(longest.get(text[0], 0), len(text))
    return Vocabulary(words, longest, data)
