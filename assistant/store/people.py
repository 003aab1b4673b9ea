"""The people of this machine: local user names, and everything that is kept of one of them, given out or deleted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select

from assistant.store import conversations
from assistant.store.assessments import Assessments
from assistant.store.database import Database, person
from assistant.store.feedback import given_by
from assistant.store.plans import plans_of
from assistant.store.profiles import Profiles
from assistant.store.tables import Person
from assistant.topic import known_of
from core.errors import BadInput
from core.spaces import USER_NAME


def names(database: Database) -> list[str]:
    """Everybody of whom something is kept, in the order in which they came."""
    with database.reading() as db:
        return list(db.scalars(select(Person.name).order_by(Person.created_at, Person.name)))


def add(database: Database, name: str) -> str:
    """Make a person known; BadInput where the name cannot be one."""
    checked = name.strip()
    if not USER_NAME.fullmatch(checked) or checked.startswith("."):
        raise BadInput("这个名字不能用。", "用 1–64 个汉字、字母、数字、点、下划线或连字符，不要空格。")
    with database.writing() as db:
        person(db, checked)
    return checked


def everything(database: Database, name: str) -> dict[str, Any]:
    """All that is kept of a person, JSON-able."""
    talks = []
    for talk in reversed(conversations.talks(database, name)):
        turns = conversations.turns(database, name, talk.session, 100_000)
        said = [{"question": t.question, "answer": t.answer, "tool": t.call.tool if t.call else None} for t in turns]
        talks.append({"session": talk.session, "told": known_of(turns).as_json(), "turns": said})
    kept = Profiles(database, name).kept()
    return {
        "user": name,
        "profile": {"allowed": kept.allowed, "facts": {k: asdict(fact) for k, fact in kept.facts.items()}},
        "conversations": talks,
        "assessments": [row.as_json() for row in Assessments(database, name).all()],
        "plans": plans_of(database, name),
        "feedback": given_by(database, name),
    }


def erase(database: Database, name: str) -> None:
    """Delete a person with everything that is kept of them."""
    with database.writing() as db:
        db.execute(delete(Person).where(Person.name == name))
    database.settle()
