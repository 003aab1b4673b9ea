"""What a person last filled in on the page of a tool, so that it is there again next time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from assistant.store.database import Database, person
from assistant.store.tables import PlanRow, now
from core.errors import BadInput


def plan(database: Database, user: str, kind: str) -> tuple[dict[str, Any], int]:
    """What was filled in for a tool, and its version; empty and 0 where nothing was."""
    with database.reading() as db:
        row = db.get(PlanRow, (user, kind))
        return (dict(row.arguments), row.version) if row else ({}, 0)


def keep(database: Database, user: str, kind: str, arguments: Mapping[str, Any], version: int) -> int:
    """Keep what was filled in and give the new version; BadInput where another tab was faster."""
    with database.writing() as db:
        person(db, user)
        row = db.get(PlanRow, (user, kind)) or PlanRow(person=user, kind=kind, version=0)
        if row.version != version:
            raise BadInput("这一页刚在另一个窗口里改过，这次没有保存。", "您填的还在表里；再点一次，就用这一页的。")
        row.arguments, row.version, row.changed_at = dict(arguments), version + 1, now()
        db.add(row)
        return row.version


def plans_of(database: Database, user: str) -> dict[str, dict[str, Any]]:
    """All that a person filled in, by tool."""
    with database.reading() as db:
        return {row.kind: dict(row.arguments) for row in db.scalars(select(PlanRow).where(PlanRow.person == user))}
