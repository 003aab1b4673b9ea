"""The conditions of the bundled programmes, rows of programmes.yaml, as the same predicates that a notice's clauses become."""

from __future__ import annotations

from datetime import date

from core.errors import BadInput
from corpus.rows import Condition
from tools.conditions.parse import parse
from tools.conditions.predicates import InTrade, Located, Node, Not, Range, Sized, Stated, Titled, Unknown, Used, either
from tools.conditions.vocabulary import vocabulary
from tools.firm.region import Place, find_place

_FIGURES = {"level": "level_after", "spend_wan": "spend_wan", "loan_wan": "loan_wan"}


def condition_of(row: Condition, day: date) -> Node:
    """A row's predicate; one without a field is read from its text, as a clause of a notice is."""
    if row.field is None or row.value is None:
        return parse(row.text, day)
    values = row.value if isinstance(row.value, tuple) else (row.value,)
    if row.field in _FIGURES:
        low, high = (float(values[0]), None) if row.op == "gte" else (None, float(values[0]))
        return Range(_FIGURES[row.field], row.text, low, high)
    if row.field == "size_class":
        return Sized(frozenset(map(str, values)), row.text)
    if row.field == "purpose":
        return Used(frozenset(map(str, values)), row.text)
    if row.field == "is_pilot_firm":
        stated = Stated("pilot_firm", row.text)
        return stated if row.value else Not(stated)
    return either([_named(row, str(value)) for value in values])


def _named(row: Condition, value: str) -> Node:
    """A place, trade or title by its name."""
    if row.field == "region_province":
        return Located(Place(value, value), row.text)
    if row.field == "region_city":
        try:
            place = find_place(value)
        except BadInput:
            place = None
        return Located(place, row.text) if place else Unknown(row.text)
    if row.field == "industry":
        return InTrade(value, row.text)
    word = vocabulary().words.get(value)
    return Titled(str(word.value) if word and word.kind == "title" else value, row.text)
