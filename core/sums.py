"""JSON objects that carry a digest of themselves, so that a bit that changed in a row of a database is noticed.

SQLite notices damage to its pages' structure alone. What was written before there were digests has none, and counts as whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

KEY = "_"
_HEAD = f'{{"{KEY}": "'
_SIZE = 16


def summed(data: Mapping[str, Any], beside: str = "") -> str:
    """An object as JSON, its digest first. beside: what stands in the row besides, which the digest covers as well."""
    text = json.dumps(data, ensure_ascii=False)
    rest = "}" if text == "{}" else f", {text[1:]}"
    return f'{_HEAD}{_digest(text, beside)}"{rest}'


def opened(text: str) -> dict[str, Any]:
    """The object without its digest. Raises ValueError or TypeError where it is none."""
    data = dict(json.loads(text))
    data.pop(KEY, None)
    return data


def holds(text: str, beside: str = "") -> bool:
    """Whether an object is as it was written."""
    at = len(_HEAD) + _SIZE
    if not text.startswith(_HEAD) or text[at : at + 1] != '"':
        return KEY not in json.loads(text)
    rest = text[at + 1 :]
    return text[len(_HEAD) : at] == _digest("{}" if rest == "}" else f"{{{rest.removeprefix(', ')}", beside)


def _digest(text: str, beside: str) -> str:
    return hashlib.blake2b(f"{beside}\n{text}".encode("utf-8", "replace"), digest_size=_SIZE // 2).hexdigest()
