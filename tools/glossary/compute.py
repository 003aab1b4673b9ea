"""Words of the field in plain language, each with what it means for the owner of a small firm."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.cut import shorten
from core.errors import BadInput, NeedsArgument
from core.text import squeeze
from corpus.rows import Term
from corpus.tables import load_tables
from tools.outcome import Book, Outcome

MOST_TERMS = 6
_AND = re.compile(r"[、,，;；]|\s+(?:和|跟|与|and|&)\s+|(?<=[A-Za-z])(?:和|跟|与)(?=[A-Za-z])")
_ASKING = re.compile(
    r"^(?:请问|问下|什么叫|什么是|啥是|啥叫|何为|解释一?下|说说|那个|那|what\s+is\s|what's\s|an?\s)+|"
    r"(?:到底|究竟)?(?:是|都是|是个|指)?(?:什么|啥|嘛)?(?:个)?(?:意思|东西|玩意儿?|含义|概念|呢|啊|呀)*[?？。!！]*$"
)


class Arguments(BaseModel):
    """What glossary is asked with."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    term: str = Field(default="", alias="术语", max_length=100, description="名词或缩写，可以几个：AGV、MES、小快轻准")

    @field_validator("term", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Explain each term; BadInput with the nearest where none is known, NeedsArgument where none is given."""
    asked = list(dict.fromkeys(word for part in _AND.split(args.term) if (word := _bare(part))))
    if not asked:
        raise NeedsArgument("术语", "想弄清哪个词？", "例如：MES、SaaS、小快轻准、链主。")
    found = {word: find(word) for word in asked[:MOST_TERMS]}
    unknown = [word for word, term in found.items() if term is None]
    terms = list(dict.fromkeys(term for term in found.values() if term is not None))
    if not terms:
        raise BadInput(f"词表里没有“{unknown[0][:20]}”。", f"{_offer(unknown[0])}换个说法，或直接问，我去资料里找。")
    book = Book()
    cited = [(term, book.cite(term, quote=term.plain)) for term in terms]
    parts = [_entry(term, n) for term, n in cited]
    parts += [f"词表里没有“{shorten(word, 20)}”。{_offer(word)}" for word in unknown]
    if len(asked) > MOST_TERMS:
        parts.append(f"一次最多说{MOST_TERMS}个，其余的再问一遍。")
    data = {"asked": asked, "terms": [as_data(t, n) for t, n in cited], "unknown": {w: nearest(w) for w in unknown}}
    return Outcome("\n\n".join(parts), data, book.rows, book.certainty, _next(terms))


@cache
def find(word: str) -> Term | None:
    """The term that a word names, by its term, full name or alias, else the longest of these inside the word."""
    names = _names()
    if squeeze(word) in names:
        return names[squeeze(word)]
    inside = [name for name in names if len(name) > 1 and _within(name, word.lower())]
    return names[max(inside, key=len)] if inside else None


def exact(question: str) -> Term | None:
    """The term that a question asks the meaning of and nothing else, by its full name: AGV是个啥东西？"""
    return _names().get(squeeze(_bare(question)))


def nearest(word: str, count: int = 3) -> list[str]:
    """The terms most like an unknown word, best first; empty where none is alike."""
    from rapidfuzz import fuzz, process

    found = process.extract(squeeze(word)[:40], list(_names()), scorer=fuzz.ratio, limit=count * 3, score_cutoff=45)
    return list(dict.fromkeys(_names()[name].term for name, _, _ in found))[:count]


@cache
def _names() -> dict[str, Term]:
    """Every name, squeezed; terms win over full names, and those over aliases."""
    table, names = load_tables().glossary, dict[str, Term]()
    for pick in (lambda t: [t.term], lambda t: [t.full], lambda t: list(t.aliases)):
        for term in table:
            for name in pick(term):
                names.setdefault(squeeze(name), term)
    return names


def _within(name: str, said: str) -> bool:
    """Whether a name stands in a word; Latin names only as whole words."""
    if re.search(r"[a-z]", name):
        return re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", said) is not None
    return name in said


def _bare(text: str) -> str:
    """What is asked about, without 是什么意思 and the like."""
    text = text.strip()[:100]
    return _ASKING.sub("", text).strip() or text


def _offer(word: str) -> str:
    near = nearest(word)
    return f"最接近的有：{'、'.join(near)}。" if near else ""


def _entry(term: Term, n: int) -> str:
    full = f"（{term.full}）" if term.full not in {term.term, ""} else ""
    return f"**{term.term}**{full}：{term.plain.rstrip('。')} [{n}]。\n\n对你意味着什么：{term.meaning_for_you}（本项目的建议）"


def _next(terms: list[Term]) -> tuple[str, ...]:
    known = {term.term for term in terms}
    related = [name for term in terms for name in term.related if name not in known]
    steps = [f"接着看：{'、'.join(list(dict.fromkeys(related))[:3])}"] if related else []
    systems = [term.term for term in terms if term.category == "系统"]
    return (*steps, *([f"想知道同行用谁家的，说“{systems[0]}哪家用得多”"] if systems else []))


def as_data(term: Term, n: int) -> dict[str, Any]:
    """What of a term goes into results."""
    return {
        "id": term.id, "term": term.term, "full": term.full, "aliases": list(term.aliases), "category": term.category,
        "plain": term.plain, "meaning_for_you": term.meaning_for_you, "related": list(term.related), "n": n,
    }  # fmt: skip
