"""The tables of the store; migrations/ makes them, a test holds the two together. Times are UTC without a zone."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def now() -> datetime:
    """The time as it is stored."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class Table(DeclarativeBase):
    """The root of the tables. digest: of what a row says, "" where it was written before there were any; see digests.py."""

    digest: Mapped[str] = mapped_column(default="", server_default="", sort_order=99)


def _owner(**more: Any) -> Mapped[str]:
    return mapped_column(ForeignKey("person.name", ondelete="CASCADE"), **more)


class Person(Table):
    """Someone with a user name on this machine. keeps_profile: whether facts about the firm may be kept."""

    __tablename__ = "person"
    name: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    keeps_profile: Mapped[bool] = mapped_column(default=False)
    profile_version: Mapped[int] = mapped_column(default=0)


class ConversationRow(Table):
    """A conversation of one person; `session` is the id that front ends know it by.

    document: the id of the ingested document that it is about, "" where it is about none.
    """

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("person", "session"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = _owner()
    session: Mapped[str]
    title: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(default=now)
    last_at: Mapped[datetime] = mapped_column(default=now)
    document: Mapped[str] = mapped_column(default="")


class TurnRow(Table):
    """One question and its answer."""

    __tablename__ = "turn"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    question: Mapped[str] = mapped_column(Text)
    standalone: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    call: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    refused: Mapped[bool] = mapped_column(default=False)
    engine: Mapped[str] = mapped_column(default="extractive")
    citations: Mapped[list[Any]] = mapped_column(JSON, default=list)


class FactRow(Table):
    """One field of the firm's profile. origin: chat | page | assessment; quote: the words it was taken from."""

    __tablename__ = "fact"
    person: Mapped[str] = _owner(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    origin: Mapped[str]
    quote: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class AssessmentRow(Table):
    """A maturity assessment, unfinished or finished; version counts the changes, so that two tabs notice each other."""

    __tablename__ = "assessment"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = _owner(index=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    finished: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class PlanRow(Table):
    """What a person last filled in on a tool's page. kind: the tool's name."""

    __tablename__ = "plan"
    person: Mapped[str] = _owner(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=0)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)


class FeedbackRow(Table):
    """A thumb for one turn, with a reason."""

    __tablename__ = "feedback"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = _owner(index=True)
    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), unique=True)
    good: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)
