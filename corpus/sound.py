"""Words that sound alike: typing errors of a Chinese input method are nearly always homophones."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping

from corpus.words import Lexicon

Counts = Callable[[Iterable[str]], Mapping[str, int]]
LONGEST = 4
COMMON = 3
PARTICLES = frozenset(
    "的了是个一上下在有里用给要讲部首几万收让把被对和与跟为到得着过吗么呢啥咋多少家能会想我你他它们年"
)
"""Characters that stand alone: joined to a neighbour they make no word."""
NEGATIONS = frozenset("不没")
"""Characters that go before nearly any word: to share only one of them is no likeness (不腻, 不理)."""
FREQUENT = 60
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
        "INSERT INTO sound VALUES (?, ?, ?)",
        ((key(r[0]), r[0], r[1]) for r in rows if _CHINESE.match(r[0]) and words.knows(r[0])),
    )


def suspects(words: Lexicon, text: str, counts: Counts) -> list[str]:
    """Stretches of two to four characters that no passage holds: words, single characters joined to their neighbours, and
    the halves of words that no dictionary holds."""
    tokens = words.cut(text)
    spans = [(i, j) for i in range(len(tokens)) for j in range(i + 1, min(i + LONGEST, len(tokens)) + 1)]
    stretches = {span: "".join(tokens[slice(*span)]) for span in spans}
    strange = [t for t in tokens if len(t) > 2 and _CHINESE.match(t) and not words.knows(t)]
    halves = {t[i : i + 2] for t in strange for i in range(len(t) - 1)}
    seen = counts({t for t in stretches.values() if len(t) <= LONGEST} | halves)
    odd = [(len(t) == 1 and "\u4e00" <= t <= "\u9fff") or bool(_CHINESE.match(t) and not seen.get(t)) for t in tokens]
    found = [s for (i, j), s in stretches.items() if _CHINESE.match(s) and any(odd[i:j]) and not seen.get(s)]
    return list(dict.fromkeys(found + sorted(h for h in halves if not seen.get(h))))


def alike(db: sqlite3.Connection, words: Lexicon, stretch: str, whole: bool) -> str | None:
    """The word of the knowledge that a stretch was meant to be: it sounds the same, or nearly, and shares a character.

    whole: the stretch is one word of the question; only then may the sound differ a little. Other stretches must have
    been a term of the domain; a word of the language is only taken for one of those, or for one with the same tones.
    """
    if not whole and set(stretch) & PARTICLES:
        return None
    from pypinyin import Style, lazy_pinyin
    from rapidfuzz.distance import Levenshtein

    sound = key(stretch)
    rows = db.execute("SELECT word FROM sound WHERE key = ? AND word != ? ORDER BY passages DESC", (sound, stretch))
    kept = set(stretch) - NEGATIONS
    same = [r[0] for r in rows if set(r[0]) & kept and r[0] not in words.stopwords]
    terms = words.words - words.names
    if words.knows(stretch):
        tones = lazy_pinyin(stretch, style=Style.TONE3)
        return next((w for w in same if whole and (w in terms or lazy_pinyin(w, style=Style.TONE3) == tones)), None)
    if not whole:
        return next((w for w in same if w in terms), None)
    if same or len(stretch) > 2:
        return same[0] if same else None
    near = db.execute(
        "SELECT word, key FROM sound WHERE (word LIKE ? OR word LIKE ?) AND passages >= ? ORDER BY passages DESC",
        (stretch[0] + "_", "_" + stretch[1], FREQUENT),
    )
    likely = (r for r in near if set(r[0]) & kept and r[0] not in words.stopwords)
    return next((word for word, heard in likely if Levenshtein.distance(heard, sound) == 1), None)
