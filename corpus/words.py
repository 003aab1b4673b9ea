"""Segmentation and synonyms: how text becomes tokens, and how an owner's words become the documents' words.

The segmenter is rjieba (jieba's algorithm in Rust): it starts in 0.2 s instead of jieba's 0.8 s, cuts about ten times as
fast, ships wheels for every platform and takes user words.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.text import normalise
from corpus import spare

if TYPE_CHECKING:
    from rjieba import Jieba

LEXICON = Path(__file__).parent / "lexicon"
_WORD = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z0-9+\-/.]*[a-z0-9+]|[a-z]|\d+(?:\.\d+)?%?")
_LATIN = re.compile(r"[a-z0-9]")
_BREAK = "，"
"""Between runs of Chinese that are cut in one call; it is never part of a run."""
FREE = 3
"""Everyday expressions longer than this are found wherever they stand."""
A_WORD, REMEMBERED = 16, 8192
"""Up to how many characters a text's tokens are remembered, and of how many texts: a question asks for the same words again."""


class Lexicon:
    """The dictionary, the groups of equal words, everyday ways of speaking and English words."""

    def __init__(self, folder: Path = LEXICON, extra_words: Iterable[str] = ()) -> None:
        raw = spare.read(folder / "synonyms.yaml", _groups)
        self.stopwords = frozenset(spare.read(folder / "stopwords.txt", _text).split())
        self.same: dict[str, tuple[str, ...]] = {}
        for group in raw["same"]:
            words = tuple(str(w).lower() for w in group)
            for word in words:
                others = self.same.get(word, ()) + tuple(w for w in words if w != word)
                self.same[word] = tuple(dict.fromkeys(others))
        self.formal_of: dict[str, tuple[str, ...]] = {}
        for formal, sayings in raw["everyday"].items():
            for saying in sayings:
                self.formal_of[str(saying).lower()] = (
                    *self.formal_of.get(str(saying).lower(), ()),
                    str(formal).lower(),
                )
        self.chinese_of: dict[str, tuple[str, ...]] = {}
        for chinese, sayings in raw["english"].items():
            for saying in sayings:
                self.chinese_of[str(saying).lower()] = (
                    *self.chinese_of.get(str(saying).lower(), ()),
                    str(chinese).lower(),
                )
        self.names = frozenset(spare.read(folder / "names.txt", _text).split("\n")) - {""}
        vocabulary = self.names | set(spare.read(folder / "domain.txt", _text).split()) | set(extra_words)
        vocabulary |= (
            set(self.same) | {str(k) for k in raw["everyday"]} | set(self.formal_of) | {str(k) for k in raw["english"]}
        )
        self.words = frozenset(w.lower() for w in vocabulary if 2 <= len(w) <= 16 and not w.isascii())
        self._longest = max(map(len, self.formal_of))
        self._tokens_of = lru_cache(maxsize=REMEMBERED)(self._cut_apart)
        self._jieba: Jieba | None = None
        self._loading = threading.Lock()

    @property
    def jieba(self) -> Jieba:
        if self._jieba is None:
            with self._loading:
                self._jieba = self._jieba or self._loaded()
        return self._jieba

    def _loaded(self) -> Jieba:
        import rjieba

        jieba = rjieba.Jieba()
        for word in self.words:
            jieba.add_word(word, 20000, "n")
        return jieba

    def knows(self, word: str) -> bool:
        """Whether the segmenter's dictionary, or ours, holds a word."""
        return word in self.words or self.jieba.has_word(word)

    def cut(self, text: str) -> list[str]:
        """The words of a text in reading order, lower case, punctuation left out."""
        out: list[str] = []
        for run in _WORD.findall(normalise(text).lower()):
            out += [run] if _LATIN.match(run) else self.jieba.cut(run)
        return out

    def tokens(self, text: str) -> list[str]:
        """The tokens under which a text is indexed: its words and the shorter words inside them."""
        return list(self._tokens_of(text)) if len(text) <= A_WORD else self._cut_apart(text)

    def _cut_apart(self, text: str) -> list[str]:
        runs = _WORD.findall(normalise(text).lower())
        chinese = [run for run in runs if not run.isascii()]
        cut = iter(self.jieba.cut_for_search(_BREAK.join(chinese)) if chinese else ())
        out: list[str] = []
        for run in runs:
            if not run.isascii():
                out += takewhile(_BREAK.__ne__, cut)
                continue
            out.append(run)
            out += [part for part in re.split(r"[^a-z0-9]+", run) if part and part != run and not part.isdigit()]
            if run.endswith("%"):
                out.append(run[:-1])
        return out

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """The words of a text with jieba's part-of-speech tags (n noun, v verb, ns place …)."""
        out: list[tuple[str, str]] = []
        for run in _WORD.findall(normalise(text).lower()):
            if _LATIN.match(run):
                out.append((run, "eng" if run[0].isalpha() else "m"))
            else:
                tags = self.jieba.tag(run)
                out += [(word, "n" if pos[0] in "dcpu" and word in self.words else pos) for word, pos in tags]
        return out

    def everyday_in(self, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """Everyday expressions that stand in a text, longest first, each with its official words.

        A short one must begin and end where words do, so that 能快 is not read out of 智能快递.
        """
        text, found, at = normalise(text).lower(), [], 0
        edges = self._edges(text)
        while at < len(text):
            for size in range(min(self._longest, len(text) - at), 1, -1):
                saying = text[at : at + size]
                if saying in self.formal_of and (size > FREE or {at, at + size} <= edges):
                    found.append((saying, self.formal_of[saying]))
                    at += size - 1
                    break
            at += 1
        return found

    def _edges(self, text: str) -> set[int]:
        """Where words begin and end in a normalised text."""
        edges = {0, len(text)}
        for run in _WORD.finditer(text):
            at = run.start()
            edges |= {at, run.end()}
            for word in [] if _LATIN.match(run[0]) else self.jieba.cut(run[0]):
                at += len(word)
                edges.add(at)
        return edges

    def _singular(self, phrase: str) -> tuple[str, ...] | None:
        """The Chinese words of an English plural; a word of the grammar (does) is none."""
        return None if phrase in self.stopwords else self.chinese_of.get(phrase.removesuffix("s"))

    def english_in(self, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """English expressions of up to four words that stand in a text, each with its Chinese words."""
        words = re.findall(r"[a-z][a-z&.\-]*[a-z]|[a-z]|\d+(?:-\d+)?", normalise(text).lower())
        found, at = [], 0
        while at < len(words):
            for size in range(min(4, len(words) - at), 0, -1):
                phrase = " ".join(words[at : at + size])
                match = self.chinese_of.get(phrase) or self._singular(phrase)
                if match:
                    found.append((phrase, match))
                    at += size - 1
                    break
            at += 1
        return found


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _groups(path: Path) -> dict[str, Any]:
    """The groups of a file of synonyms. Raises ValueError where they are not those that a lexicon has."""
    import yaml

    raw = yaml.load(_text(path), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(raw["same"], list) or not all(isinstance(raw[name], dict) for name in ("everyday", "english")):
        raise ValueError(f"{path.name} has other groups")
    lists = [*raw["same"], *raw["everyday"].values(), *raw["english"].values()]
    if not raw["everyday"] or not all(isinstance(group, list) for group in lists):
        raise ValueError(f"a group of {path.name} is no list")
    return dict(raw)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shared lexicon; reading it and starting the segmenter takes about 0.3 s once."""
    return Lexicon()
