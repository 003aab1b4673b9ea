"""A digest of what each row says, written with it: SQLite notices damage to its own structure, not to a digit in a row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Column, DateTime, event
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from assistant.store.tables import Table

COLUMN = "digest"


def covered(table: Any) -> list[Column[Any]]:
    """The columns that the digest is of: what people wrote and are told, without numbers of rows and times."""
    return [c for c in table.columns if c.name not in (COLUMN, "id") and not isinstance(c.type, DateTime)]


def of_stored(columns: Sequence[Column[Any]], values: Sequence[Any]) -> str:
    """The digest of a row as it lies in the file. Raises ValueError or TypeError where JSON is none."""
    plain = [  # SQLite keeps a number that JSON is written as as a number
        json.loads(value) if isinstance(column.type, JSON) and isinstance(value, str) else value
        for column, value in zip(columns, values, strict=True)
    ]
    return _digest(plain)


def _of_given(row: Table) -> str:
    """The digest of a row that is about to be written."""
    values = []
    for column in covered(row.__table__):
        value, default = getattr(row, column.key), column.default
        if value is None and isinstance(default, ScalarElementColumnDefault):
            value = default.arg
        values.append(json.loads(json.dumps(value)) if isinstance(column.type, JSON) else value)
    return _digest(values)


def _digest(values: Sequence[Any]) -> str:
    said = json.dumps([_as_number(value) for value in values], ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _as_number(value: Any) -> Any:
    """A truth value, and a number without a fraction, as SQLite gives them back."""
    whole = isinstance(value, bool) or (isinstance(value, float) and value.is_integer())
    return int(value) if whole else value


@event.listens_for(Table, "before_insert", propagate=True)
@event.listens_for(Table, "before_update", propagate=True)
def _written(_mapper: Any, _connection: Any, row: Table) -> None:
    row.digest = _of_given(row)
