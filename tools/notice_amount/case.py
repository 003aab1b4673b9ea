"""A question put to a notice, while it is worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tools.notice_amount.asking import Asking, Told
from tools.notice_amount.choosing import Family
from tools.notice_amount.closeness import Closeness
from tools.notice_amount.model import Clause, Limit, Notice, Rule


class Unclear(Exception):
    """Why there is no amount. text: what the question must tell, or what must be looked at; rules: those that may be meant."""

    def __init__(self, text: str, rules: Sequence[Rule] = ()) -> None:
        super().__init__(text)
        self.text, self.rules = text, rules


@dataclass
class Item:
    """A rule with the figures of the question that go into it. limits: those that it was held to, or was under."""

    rule: Rule
    family: Family
    told: list[Told]
    value: Decimal = Decimal(0)
    steps: list[str] = field(default_factory=list)
    under: list[Limit] = field(default_factory=list)
    capped: bool = False
    nothing: str = ""
    factor: Decimal = Decimal(1)
    points: Decimal = Decimal(0)
    cap_factor: Decimal = Decimal(1)
    last_factor: Decimal = Decimal(1)
    extras: list[tuple[Told, Clause]] = field(default_factory=list)


@dataclass
class Case:
    """used: places of the figures that went in or were left out; cited: clauses that counted."""

    notice: Notice
    asked: Asking
    near: Closeness
    rows: list[Family]
    items: list[Item] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    cited: list[Clause] = field(default_factory=list)
    out: list[Told] = field(default_factory=list)

    @property
    def rules(self) -> list[Rule]:
        return [item.rule for item in self.items]
