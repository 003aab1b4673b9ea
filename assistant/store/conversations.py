"""Conversations in the store: turns added and read by session, listed and searched, deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from assistant.history import Call, Talk, Turn
from assistant.store.database import Database, person
from assistant.store.tables import ConversationRow, TurnRow, now
from core.cut import shorten
from core.types import Citation

TITLE_CHARACTERS = 60


def turns(database: Database, user: str, session: str, limit: int) -> list[Turn]:
    """The last turns of a session, oldest first."""
    wanted = (
        select(TurnRow)
        .join(ConversationRow)
        .where(ConversationRow.person == user, ConversationRow.session == session)
        .order_by(TurnRow.id.desc())
        .limit(limit)
    )
    with database.reading() as db:
        return [_turn(row) for row in reversed(db.scalars(wanted).all())]


def add(database: Database, user: str, session: str, turn: Turn, title: str = "") -> int:
    """Keep a turn and give its id. title: of the conversation that begins with it, the question where empty."""
    with database.writing() as db:
        talk = _conversation(db, user, session)
        if talk is None:
            person(db, user)
            talk = ConversationRow(
                person=user, session=session, title=shorten(title or turn.question, TITLE_CHARACTERS)
            )
            db.add(talk)
            db.flush()
        row = TurnRow(
            conversation_id=talk.id,
            question=turn.question,
            standalone=turn.standalone,
            answer=turn.answer,
            call=turn.call.as_json() if turn.call else None,
            refused=turn.refused,
            engine=turn.engine,
            citations=[c.as_json() for c in turn.citations],
        )
        talk.last_at = max(now(), talk.last_at + timedelta(microseconds=1))
        db.add(row)
        db.flush()
        return row.id


def take_back(database: Database, user: str, session: str, turn_id: int) -> None:
    """Delete one turn of a kept conversation, with what was said of it."""
    with database.writing() as db:
        if talk := _conversation(db, user, session):
            db.execute(delete(TurnRow).where(TurnRow.id == turn_id, TurnRow.conversation_id == talk.id))


def document(database: Database, user: str, session: str) -> str:
    """The id of the document that a conversation is about; "" where it is about none, or is not kept."""
    with database.reading() as db:
        talk = _conversation(db, user, session)
        return talk.document if talk else ""


def keep_document(database: Database, user: str, session: str, document_id: str) -> None:
    """Note which document a kept conversation is about from now on."""
    with database.writing() as db:
        if talk := _conversation(db, user, session):
            talk.document = document_id


def talks(database: Database, user: str, words: str = "", limit: int | None = None) -> list[Talk]:
    """A person's conversations in which every word stands, in the question or the answer of one turn; newest first."""
    count = func.count(TurnRow.id)
    wanted: Any = (
        select(ConversationRow, count)
        .join(TurnRow, TurnRow.conversation_id == ConversationRow.id)
        .where(ConversationRow.person == user)
        .group_by(ConversationRow.id)
        .order_by(ConversationRow.last_at.desc(), ConversationRow.id.desc())
        .limit(limit)
    )
    if parts := words.split()[:8]:
        matching = select(TurnRow.conversation_id)
        for part in parts:
            matching = matching.where(
                or_(TurnRow.question.contains(part, autoescape=True), TurnRow.answer.contains(part, autoescape=True))
            )
        wanted = wanted.where(ConversationRow.id.in_(matching))
    with database.reading() as db:
        return [Talk(row.session, row.title, row.last_at, number) for row, number in db.execute(wanted)]


def forget(database: Database, user: str, session: str) -> None:
    """Delete a conversation with its turns and what was said of them."""
    with database.writing() as db:
        db.execute(delete(ConversationRow).where(ConversationRow.person == user, ConversationRow.session == session))
    database.settle()


def _conversation(db: Session, user: str, session: str) -> ConversationRow | None:
    return db.scalar(select(ConversationRow).where(ConversationRow.person == user, ConversationRow.session == session))


def _turn(row: TurnRow) -> Turn:
    return Turn(
        question=row.question,
        standalone=row.standalone,
        answer=row.answer,
        call=Call.from_json(row.call) if row.call else None,
        refused=row.refused,
        engine=row.engine,
        citations=tuple(Citation(**citation) for citation in row.citations),
        id=row.id,
    )
