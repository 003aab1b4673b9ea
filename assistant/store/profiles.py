"""The firm's profile of one person: kept only with consent, each fact with where it is from; corrected, erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assistant.store.database import Database, person
from assistant.store.tables import FactRow, Person, now
from core.cut import shorten
from core.errors import BadInput
from tools.firm.profile import Profile, from_json

ORIGINS = ("chat", "page", "assessment")


@dataclass(frozen=True)
class Fact:
    """One thing known of the firm. origin: chat | page | assessment; quote: the words it came from; at: UTC, ISO."""

    value: Any
    origin: str
    quote: str
    at: str


@dataclass(frozen=True)
class Kept:
    """A profile as it is kept. version: grows with every change, so that two tabs notice each other."""

    allowed: bool = False
    version: int = 0
    facts: dict[str, Fact] = field(default_factory=dict)

    @property
    def profile(self) -> Profile:
        return from_json({name: fact.value for name, fact in self.facts.items()})


class Profiles:
    """The profile of one person in the store."""

    def __init__(self, database: Database, user: str) -> None:
        self._database = database
        self._user = user

    def kept(self) -> Kept:
        """What is kept; nothing of somebody who has not allowed it."""
        with self._database.reading() as db:
            state = select(Person.keeps_profile, Person.profile_version).where(Person.name == self._user)
            allowed, version = db.execute(state).one_or_none() or (False, 0)
            rows = db.scalars(select(FactRow).where(FactRow.person == self._user)).all() if allowed else []
            facts = {r.field: Fact(r.value, r.origin, r.quote, r.at.isoformat(timespec="seconds")) for r in rows}
            return Kept(allowed, version, facts)

    def allow(self, allowed: bool) -> None:
        """Keep facts from now on, or delete them and keep none."""
        with self._database.writing() as db:
            owner = person(db, self._user)
            owner.keeps_profile = allowed
            owner.profile_version += 1
            if not allowed:
                db.execute(delete(FactRow).where(FactRow.person == self._user))
        if not allowed:
            self._database.settle()

    def learn(self, told: Callable[[Profile], Profile], origin: str, quote: str = "") -> None:
        """Keep what `told` makes of the kept profile, where it may be kept; unchanged fields keep their origin."""
        with self._database.writing() as db:
            owner = db.get(Person, self._user)
            if owner and owner.keeps_profile:
                rows = db.scalars(select(FactRow).where(FactRow.person == self._user))
                known = from_json({row.field: row.value for row in rows})
                self._write(db, owner, told(known).as_json(), origin, quote)

    def correct(self, values: Mapping[str, Any], version: int) -> None:
        """Put the page's values in the place of what is kept; BadInput where they are wrong or somebody was faster."""
        profile = from_json({name: value for name, value in values.items() if value not in (None, "", [], {})})
        with self._database.writing() as db:
            owner = person(db, self._user)
            if not owner.keeps_profile:
                raise BadInput(
                    "还没有同意保存企业档案，什么都没有存。",
                    "先点“同意保存”再填。",
                    command="同意保存：xiangdao profile allow",
                )
            if owner.profile_version != version:
                raise BadInput(
                    "企业档案刚在别处改过，这次没有保存。", "下面是最新的内容；您刚填的还留在表里，核对后再保存一次。"
                )
            self._write(db, owner, profile.as_json(), "page", "")

    def _write(self, db: Session, owner: Person, values: Mapping[str, Any], origin: str, quote: str) -> None:
        rows = {row.field: row for row in db.scalars(select(FactRow).where(FactRow.person == self._user))}
        changed = {name: value for name, value in values.items() if name not in rows or rows[name].value != value}
        gone = rows.keys() - values.keys()
        for name in gone:
            db.delete(rows[name])
        for name, value in changed.items():
            row = rows.get(name) or FactRow(person=self._user, field=name)
            row.value, row.origin, row.quote, row.at = value, origin, shorten(quote, 120), now()
            db.add(row)
        if gone or changed:
            owner.profile_version += 1
