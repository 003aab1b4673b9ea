"""Maturity assessments of one person: begun, taken up again, finished, compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assistant.store.database import Database, person
from assistant.store.tables import AssessmentRow, now
from core.errors import BadInput


@dataclass(frozen=True)
class Assessment:
    """One assessment. arguments: those of the maturity tool; result: its data once finished. Times are UTC."""

    id: int
    started_at: datetime
    changed_at: datetime
    finished: bool
    version: int
    arguments: dict[str, Any]
    result: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        times = {name: getattr(self, name).isoformat(timespec="seconds") for name in ("started_at", "changed_at")}
        return {**times, "finished": self.finished, "arguments": self.arguments, "result": self.result}


class Assessments:
    """The assessments of one person in the store."""

    def __init__(self, database: Database, user: str) -> None:
        self._database = database
        self._user = user

    def all(self) -> list[Assessment]:
        """Every assessment, newest first."""
        wanted = (
            select(AssessmentRow).where(AssessmentRow.person == self._user).order_by(AssessmentRow.changed_at.desc())
        )
        with self._database.reading() as db:
            return [_assessment(row) for row in db.scalars(wanted)]

    def get(self, id: int) -> Assessment:
        """One of this person's assessments; BadInput where there is none of that id."""
        with self._database.reading() as db:
            return _assessment(self._row(db, id))

    def begin(self, arguments: Mapping[str, Any]) -> Assessment:
        with self._database.writing() as db:
            person(db, self._user)
            row = AssessmentRow(person=self._user, arguments=dict(arguments))
            db.add(row)
            db.flush()
            return _assessment(row)

    def change(
        self, id: int, version: int, arguments: Mapping[str, Any], result: dict[str, Any] | None = None
    ) -> Assessment:
        """Keep new arguments; with a result the assessment is finished. BadInput where another tab was faster."""
        with self._database.writing() as db:
            row = self._row(db, id)
            if row.version != version:
                raise BadInput("这次评估刚在另一个窗口里改过，这一步没有保存。", "下面是最新的进度，请从这里接着答。")
            row.arguments, row.result, row.finished = dict(arguments), result, result is not None
            row.version, row.changed_at = row.version + 1, now()
            db.flush()
            return _assessment(row)

    def forget(self, id: int) -> None:
        with self._database.writing() as db:
            db.execute(delete(AssessmentRow).where(AssessmentRow.person == self._user, AssessmentRow.id == id))
        self._database.settle()

    def _row(self, db: Session, id: int) -> AssessmentRow:
        wanted = select(AssessmentRow).where(AssessmentRow.person == self._user, AssessmentRow.id == id)
        if row := db.scalar(wanted):
            return row
        raise BadInput("没有这次评估，可能已经删掉了。", "回到“数字化评估”，从列表里选，或重新开始。")


def _assessment(row: AssessmentRow) -> Assessment:
    return Assessment(
        row.id, row.started_at, row.changed_at, row.finished, row.version, dict(row.arguments), row.result
    )
