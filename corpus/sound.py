"""Words that sound alike: typing errors of a Chinese input method are nearly always homophones."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from corpus.words import Lexicon

LONGEST = 4
COMMON = 3
_CHINESE = re.compile(r"^[\u4e00-\u9fff]{2,4}$")


def key(word: str) -> str:
    """How a word sounds, without tones; sounds that speakers mix up (zh/z, ng/n, l/n) are one."""
    from pypinyin import lazy_pinyin

    syllables = []
    for s in lazy_pinyin(word):
        s = re.sub(r"^([zcs])h", r"\1", s)
        syllables.append(re.sub(r"^l", "n", re.sub(r"([aei])ng$", r"\1n", s)))
    return " ".join(syllables)


def rebuild(db: sqlite3.Connection, words: Lexicon) -> None:
    """Fill the table of sounds from the dictionary's words that stand in at least `COMMON` passages."""
    rows = db.execute("SELECT term, doc FROM passage_terms WHERE doc >= ?", (COMMON,)).fetchall()
    db.execute("DELETE FROM sound")
    db.executemany(
        "INSERT INTO sound VALUES (?, ?, ?)", ((key(r[0]), r[0], r[1]) for r in rows if _CHINESE.match(r[0]) and words.knows(r[0])),
    )


def suspects(words: Lexicon, text: str, counts: Mapping[str, int]) -> list[str]:
    """Stretches of two to four characters that no passage holds: single characters and unknown words, joined."""
    tokens = words.cut(text)
    odd = [
        (len(t) == 1 and "\u4e00" <= t <= "\u9fff") or (_CHINESE.match(t) is not None and not counts.get(t))
        for t in tokens
    ]
    found = []
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST, len(tokens)) + 1):
            joined = "".join(tokens[start:end])
            if len(joined) > LONGEST:
                break
            if _CHINESE.match(joined) and any(odd[start:end]) and not counts.get(joined):
                found.append(joined)
    return found


def alike(db: sqlite3.Connection, stretches: Iterable[str]) -> dict[str, Sequence[str]]:
    """For each stretch the words of the knowledge that sound like it and share a character with it or are frequent."""
    found: dict[str, Sequence[str]] = {}
    for stretch in stretches:
        rows = db.execute(
            "SELECT word FROM sound WHERE key = ? AND word != ? ORDER BY passages DESC LIMIT 3", (key(stretch), stretch)
        )
        words = [r[0] for r in rows if set(r[0]) & set(stretch)]
        if words:
            found[stretch] = words
    return found
