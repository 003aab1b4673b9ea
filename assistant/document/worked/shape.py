"""The one JSON shape in which a model says how an amount is reckoned: steps over figures that are called by name."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

MOST_STEPS = 8
WHY_CHARACTERS, CANNOT_CHARACTERS = 12, 40
ANSWER_TOKENS = 960
"""More than the longest answer in this shape takes in a vocabulary of bytes."""
Op = Literal["照", "乘", "除", "加", "减", "取小", "取大", "取整"]
"""照 takes a figure as it stands, 取整 leaves off what is no whole; both look at the left figure alone."""
ALONE = frozenset({"照", "取整"})
Name = Annotated[str, StringConstraints(pattern=r"^[abcs0-9]{2,3}$")]
"""a: of the question, b: of the notice, c: what holds anywhere, s: what an earlier step came to."""


def _words(most: int) -> str:
    return rf"^[一-鿿0-9A-Za-z ，、。（）×%·-]{{0,{most}}}$"


class Step(BaseModel):
    """One sum over two figures."""

    op: Op
    left: Name
    right: Name
    why: Annotated[str, StringConstraints(pattern=_words(WHY_CHARACTERS))]


class Proposal(BaseModel):
    """The steps, of which the last is the amount; or, in cannot, what is missing."""

    steps: list[Step] = Field(max_length=MOST_STEPS)
    cannot: Annotated[str, StringConstraints(pattern=_words(CANNOT_CHARACTERS))]
