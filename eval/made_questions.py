"""Questions made at random, the same for the same seed: of the cards and of made-up notices, for trying many answers.

Of the cards: their questions, titles, mixtures of two, follow-ups, and questions with another year or place, which are to
be refused. Of the notices: their questions and their clauses. Nobody says whether the answers are right; what is tried is
what must hold of every answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from core.cut import sentences
from core.figures import figures
from core.types import Passage

Turns = tuple[str, ...]
_FOLLOW_UPS = (
    "那三级呢",
    "说简单点",
    "为什么",
    "那苏州呢",
    "有没有例子",
    "多少钱",
    "什么时候",
    "还有呢",
    "谢谢",
    "那30人的厂呢",
    "怎么报",
)
_FIRMS = (
    "我们是{n}人的五金厂",
    "我们厂{n}人，去年营收{m}万元",
    "我在佛山，{n}人",
    "营收1.{n}亿元的塑料厂",
    "我们做电子的，营收{m}万",
)
_YEARS = ("2019年", "2023年", "2029年", "2031年", "去年", "后年")
_SHARES = ("{n}%", "{n}家", "{m}万元", "{n}个百分点", "二级", "-{n}%")


def made_questions(passages: Sequence[Passage], count: int, seed: int) -> Iterator[Turns]:
    """So many conversations of one or two messages about these passages."""
    rng = random.Random(seed)
    ways: tuple[Callable[[random.Random, Sequence[Passage]], Turns], ...] = (
        _asked, _asked, _asked, _titled, _mixed, _followed, _premised, _of_another_year, _of_a_firm, _quoted,
    )  # fmt: skip
    for _ in range(count):
        yield rng.choice(ways)(rng, passages)


def _question(rng: random.Random, passages: Sequence[Passage]) -> str:
    passage = rng.choice(passages)
    return rng.choice(passage.questions) if passage.questions else passage.title


def _asked(rng: random.Random, passages: Sequence[Passage]) -> Turns:
    return (_question(rng, passages),)


def _titled(rng: random.Random, passages: Sequence[Passage]) -> Turns:
    return (rng.choice(passages).title,)


def _mixed(rng: random.Random, passages: Sequence[Passage]) -> Turns:
    return (f"{_question(rng, passages).rstrip('？?')}，{_question(rng, passages)}",)


def _followed(rng: random.Random, passages: Sequence[Passage]) -> Turns:
    return _question(rng, passages), rng.choice(_FOLLOW_UPS)


def _premised(rng: random.Random, passages: Sequence[Passage]) -> Turns:
    said = rng.choice(_SHARES).format(n=rng.randint(2, 99), m=rng.randint(100, 9000))
    return (f"{rng.choice(passages).title}不是说{said}吗",)


def _of_another_year(rng: random.Random, passages: Sequence[Passage]) -> Turns:
    return (f"{rng.choice(_YEARS)}{rng.choice(passages).title}是多少",)


def _of_a_firm(rng: random.Random, passages: Sequence[Passage]) -> Turns:
    firm = rng.choice(_FIRMS).format(n=rng.randint(5, 900), m=rng.randint(50, 60_000))
    return (f"{firm}，{_question(rng, passages)}",)


def _quoted(rng: random.Random, passages: Sequence[Passage]) -> Turns:
    """A sentence with a figure, its figure left open."""
    told = [(s, found) for s in sentences(rng.choice(passages).text) if (found := figures(s))]
    if not told:
        return _asked(rng, passages)
    sentence, found = rng.choice(told)
    left_open = rng.choice(found)
    return (f"{sentence[: left_open.start]}多少{sentence[left_open.end :]}"[:120],)
