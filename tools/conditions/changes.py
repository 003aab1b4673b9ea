"""Rates of change in a row of tokens: 营业收入较上年下降10%以上 is a growth of −10% or less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.conditions.tokens import Token
from tools.conditions.vocabulary import vocabulary

GROWTH = {"revenue_wan": "growth_share", "export_wan": "export_growth_share"}
_LINKS = {"glue", "last_year"}
_AGAINST = {"较", "比", "同比", "相比", "与", "同期", "同期相比"}
_TURNED = {"at_least": "at_most", "at_most": "at_least", "more_than": "less_than", "less_than": "more_than"}


def changed(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens with a figure and its rise or fall against the year before as one attribute, falls below zero; else the same.

    Changes over several years (近三年, 复合) stay as they are, and are not read.
    """
    for at, token in enumerate(tokens):
        if token.kind == "attribute" and token.value in GROWTH:
            return _read(tokens, at) or tokens
    return tokens


def _read(tokens: Sequence[Token], at: int) -> list[Token] | None:
    ways = vocabulary().data["changes"]
    end = at + 1
    while end < len(tokens) and (tokens[end].kind in _LINKS or tokens[end].text in _AGAINST):
        end += 1
    way = ways.get(tokens[end].text) if end < len(tokens) else None
    rest = [*tokens[:at], *tokens[end + 1 :]]
    if way is None or any(token.kind == "shifts" for token in rest):
        return None
    if [t.value.unit for t in rest if t.kind == "quantity"] != ["percent"]:
        return None
    text = "".join(token.text for token in tokens[at : end + 1])
    named = Token("attribute", text, GROWTH[tokens[at].value])
    return [*tokens[:at], named, *(map(_fallen, tokens[end + 1 :]) if way < 0 else tokens[end + 1 :])]


def _fallen(token: Token) -> Token:
    """A figure of a fall as one of growth: its sign and its bounds turned."""
    if token.kind == "quantity":
        return replace(token, value=replace(token.value, value=-token.value.value))
    if token.kind in {"before", "after"}:
        return replace(token, value=_TURNED.get(token.value, token.value))
    return token
