"""A JSON schema as a grammar in the EBNF of xgrammar, which OpenVINO GenAI holds a model to: compact JSON, nothing else.

Its own reading of a schema allows any number of spaces between two signs, which a weak model fills the whole answer with.
"""

from __future__ import annotations

import json
import re
from typing import Any

_SIGN = r'([ -!#-Z^-~\u00a0-\u9fff\uac00-\ud7a3\uf900-\ufffd] | "\\" ["\\/bfnrt])'
"""A letter of a text. Ranges, since what is only excluded lets through bytes that are no letter."""
_INTEGER = '"-"? ("0" | [1-9] [0-9]{0,14})'
_SIMPLE = {
    "integer": _INTEGER,
    "number": rf'{_INTEGER} ("." [0-9]{{1,6}})?',
    "boolean": '"true" | "false"',
    "null": '"null"',
}
LONGEST = 200
"""Signs of a text, and items of a list, that sets no limit itself."""


def json_grammar(schema: dict[str, Any]) -> str | None:
    """The grammar; None where the schema says something that this does not know. Every property is written, in its order."""
    try:
        return f"root ::= {_rule(schema)}"
    except (KeyError, TypeError, AttributeError):
        return None


def _rule(schema: dict[str, Any]) -> str:
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return f"({' | '.join(map(_rule, alternatives))})"
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return f"({' | '.join(_text(json.dumps(value, ensure_ascii=False)) for value in values)})"
    kind = schema["type"]
    if kind == "object":
        members = [
            f"{_text(f'{json.dumps(name, ensure_ascii=False)}:')} {_rule(part)}"
            for name, part in schema["properties"].items()
        ]
        inside = ' "," '.join(members)
        return f'("{{" {inside} "}}")'
    if kind == "array":
        item, least, most = _rule(schema["items"]), schema.get("minItems", 0), schema.get("maxItems", LONGEST)
        filled = f'{item} ("," {item}){{{max(least - 1, 0)},{max(most - 1, 0)}}}'
        return f'("[" {filled} "]")' if least else f'("[" "]" | "[" {filled} "]")' if most else '("[" "]")'
    if kind == "string" and "pattern" in schema:
        return _patterned(schema["pattern"])
    if kind == "string":
        return f'("\\"" {_SIGN}{{{schema.get("minLength", 0)},{schema.get("maxLength", LONGEST)}}} "\\"")'
    return f"({_SIMPLE[kind]})"


def _patterned(pattern: str) -> str:
    """A text of one class of letters, `^[…]{1,9}$`; KeyError for any other pattern."""
    if not (letters := re.fullmatch(r"\^(\[[^\[\]\"\\]+\]\{\d+,\d+\})\$", pattern)):
        raise KeyError(pattern)
    return f'("\\"" {letters[1]} "\\"")'


def _text(text: str) -> str:
    """A text as it stands, quoted for the grammar."""
    return json.dumps(text, ensure_ascii=False)
