"""What a question without an answer asked for, as a noun phrase of its own words: 注塑机联网的价格."""

from __future__ import annotations

import re

from assistant.question import QUESTION_WORD
from corpus.words import lexicon

SHORTEST, LONGEST = 4, 24
"""Characters of a phrase that somebody would recognise and read at a glance."""
_CLAUSE = re.compile(r"[，,。；;：:？?！!\n]")
_NOUNS = ("n", "vn", "j", "eng", "b", "l")
"""How tags of what can stand in a noun phrase and be its last word begin."""
_WITHIN = (*_NOUNS, "t", "m", "q", "s", "c", "a", "x")
_STRIPPED = ("d", "t", "m", "q", "u", "a", "c")
"""Tags of what may stand between the phrase and the question word: 现在, 大概, 一套."""
Token = tuple[str, str]


def gap(text: str, attribute: str = "") -> str:
    """The phrase, contiguous but for the attribute put after it; "" where the question has none that is sure.

    The clause must open with the phrase and end with the question word, so that nothing but its asking stands beside it.
    attribute: the kind of value asked for, where “多少钱” is all that the question says of it.
    """
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    for at, clause in enumerate(clauses):
        asked = QUESTION_WORD.search(clause)
        if asked is None:
            continue
        tokens, copula = _opening(lexicon().tagged(clause[: asked.start()]))
        kind = _kind(lexicon().tagged(clause[asked.end() :]), asked[0], attribute)
        if not _asks_for_a_thing(asked[0]) or kind is None or (kind and (at or (copula and kind != attribute))):
            return ""
        phrase = _phrase(clause, tokens)
        return f"{phrase}的{kind}" if phrase and kind and not copula else phrase
    return ""


def _asks_for_a_thing(word: str) -> bool:
    """Whether a question word stands for a thing or a number, not for a way, a reason or yes and no."""
    tags = [tag for _, tag in lexicon().tagged(word)]
    return tags[0][0] in "rm" and not word.startswith(("怎", "咋", "如", "为", "是", "有", "能", "可", "行"))


def _opening(tokens: list[Token]) -> tuple[list[Token], bool]:
    """The words before the question word without what only leads to it, and whether 是, 有 or 为 was among that.

    Nothing is left where another verb leads to it (占多少), or where the word before 是 may be an adverb of time or what is
    asked for (周期是多久).
    """
    kept, copula = list(tokens), False
    while kept:
        word, tag = kept[-1]
        if tag[0] in "vp" and len(word) == 1:
            if word not in "是有要为":
                return [], copula
            copula = copula or word != "要"
        elif tag[0] not in _STRIPPED or word.startswith("第"):
            break
        elif copula and tag[0] == "t":
            return [], copula
        kept.pop()
    return kept, copula


def _kind(after: list[Token], asked: str, attribute: str) -> str | None:
    """What the words after the question word add to the phrase: a kind of value, nothing, or None where they ask on."""
    rest = [(word, tag) for word, tag in after if tag[0] not in "uyqmxa" or len(word) > 1]
    if not rest:
        return ""
    if len(rest) > 1 or not rest[0][1].startswith("n"):
        return None
    return attribute or None if len(rest[0][0]) == 1 else rest[0][0] if "么" in asked or "啥" in asked else None


def _phrase(clause: str, tokens: list[Token]) -> str:
    """The words as written, where they make up one noun phrase of at least two words of substance; else ""."""
    tokens = _without_owner(tokens)
    if not tokens or not (tokens[-1][1].startswith(_NOUNS) and _is_word(tokens[-1][0])):
        return ""
    for (word, tag), (_, next_tag) in zip(tokens, [*tokens[1:], ("", "")], strict=True):
        named = tag[0] == "v" and len(word) > 1 and next_tag.startswith(_NOUNS)
        if not (named or word == "的" or tag.startswith(_WITHIN)):
            return ""
    if sum(tag.startswith(_NOUNS) and len(word) > 1 for word, tag in tokens) < 2:
        return ""
    joined = r"\W*?".join(re.escape(word) for word, _ in tokens)
    found = re.search(joined, clause, re.IGNORECASE)
    phrase = found[0].strip() if found else ""
    return phrase if SHORTEST <= len(phrase) <= LONGEST else ""


def _without_owner(tokens: list[Token]) -> list[Token]:
    """Without a leading pronoun or whose thing it is: 我们的, 我们厂的, 我爸的."""
    if not tokens or lexicon().tagged(tokens[0][0][0])[0][1][0] != "r":
        return tokens
    de = next((at for at, (word, _) in enumerate(tokens[:3]) if word == "的"), None)
    return tokens[de + 1 :] if de else tokens[1:] if tokens[0][1][0] == "r" else tokens


def _is_word(word: str) -> bool:
    """Whether a last word is one, and not what the segmenter made of several: 授权费差, 最高能贷."""
    return word.isascii() or lexicon().knows(word)
