"""A schema becomes a grammar of compact JSON, or nothing where it says something unknown."""

from __future__ import annotations

import pytest

from assistant.engine.json_grammar import json_grammar


def test_an_object_writes_its_properties_in_order_without_spaces() -> None:
    schema = {"type": "object", "properties": {"a": {"enum": ["x", '引"号']}, "b": {"type": "integer"}}}
    told = json_grammar(schema)
    assert told and told.startswith('root ::= ("{" "\\"a\\":" ')
    assert r'"\"引\\\"号\""' in told and told.index("a") < told.index("b")


def test_texts_and_lists_end_where_their_limits_say() -> None:
    texts = {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "string", "maxLength": 7}}
    told = json_grammar(texts)
    assert told and "{0,7}" in told and "{0,2}" in told
    assert "{0,200}" in (json_grammar({"type": "string"}) or "")


@pytest.mark.parametrize(
    "schema", [{"type": ["string", "null"]}, {"type": "tuple"}, {}, {"$ref": "#/x"}, {"type": "array"}]
)
def test_what_it_does_not_know_it_leaves_to_the_engine(schema: dict[str, object]) -> None:
    assert json_grammar(schema) is None
