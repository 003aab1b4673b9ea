"""Thumbs for answers, with a reason; one for each turn, the last one counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from assistant.store.database import Database
from assistant.store.tables import ConversationRow, FeedbackRow, TurnRow, now
from core.errors import BadInput

NOTE_CHARACTERS = 1000


def give(database: Database, user: str, turn_id: int, good: bool, reason: str = "", note: str = "") -> None:
    """Keep a thumb for one of the person's own turns; BadInput where there is no such turn."""
    own = select(TurnRow.id).join(ConversationRow).where(TurnRow.id == turn_id, ConversationRow.person == user)
    with database.writing() as db:
        if db.scalar(own) is None:
            raise BadInput("这条回答已经不在了，意见没有存上。", "重新问一次，再点。")
        row = db.scalar(select(FeedbackRow).where(FeedbackRow.turn_id == turn_id))
        row = row or FeedbackRow(person=user, turn_id=turn_id)
        row.good, row.reason, row.note, row.at = good, reason[:60], note.strip()[:NOTE_CHARACTERS], now()
        db.add(row)


def of_turns(database: Database, turn_ids: list[int]) -> dict[int, bool]:
    """Turn → thumb up, for those that have one."""
    wanted = select(FeedbackRow).where(FeedbackRow.turn_id.in_(turn_ids))
    with database.reading() as db:
        return {row.turn_id: row.good for row in db.scalars(wanted)}


def given_by(database: Database, user: str) -> list[dict[str, Any]]:
    """Everything a person said of answers, oldest first, with the question."""
    wanted = (
        select(FeedbackRow, TurnRow.question)
        .join(TurnRow, TurnRow.id == FeedbackRow.turn_id)
        .where(FeedbackRow.person == user)
        .order_by(FeedbackRow.id)
    )
    with database.reading() as db:
        return [
            {"question": question, "good": row.good, "reason": row.reason, "note": row.note}
            for row, question in db.execute(wanted)
        ]
