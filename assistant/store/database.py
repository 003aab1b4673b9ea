"""The store's file: opened, brought to this version's tables, read and written. Imports SQLAlchemy, so import it late."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from assistant.store import soundness
from assistant.store.tables import Person
from core.disk import is_full
from core.errors import Busy, CannotWrite, DiskFull, IndexDamaged, NotAvailable, XiangdaoError
from core.mending import mended, set_aside, told
from core.sqlite import opened

log = logging.getLogger(__name__)
HEAD = "0004"
"""The newest migration; a test compares it with migrations/versions."""
MIGRATIONS = Path(__file__).parent / "migrations"
WAIT_S = 30


class Database:
    """One SQLite file. `user` owns what a file of before there were users holds."""

    def __init__(self, path: Path, user: str = "local") -> None:
        self.path = path
        self.user = user
        self._opening = threading.Lock()
        # threads that write wait here in order, not in SQLite, which only looks now and then
        self._turn = threading.Lock()
        self._checked = False
        self.notices: list[str] = []

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; it sees one state of the file."""
        with self._session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are kept together when the block ends, or not at all."""
        with self._turn:
            with self._session(self._engine.execution_options(writes=True)) as session, session.begin():
                yield session
            self._into_file()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        with self._explained():
            self._ready()
            with Session(engine, expire_on_commit=False) as session:
                yield session

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine(f"sqlite:///{self.path}", creator=lambda: opened(self.path, WAIT_S)[0], max_overflow=-1)

        @event.listens_for(engine, "connect")
        def connected(db: sqlite3.Connection, _: object) -> None:
            db.isolation_level = None  # transactions begin below, so that migrations are undone whole
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA secure_delete = ON")

        @event.listens_for(engine, "begin")
        def begun(connection: Connection) -> None:
            writes = connection.get_execution_options().get("writes")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine

    def _ready(self) -> None:
        """Bring the file to this version, once a process and again where it has been deleted."""
        with self._opening:
            if self._checked and self.path.exists():
                return
            self._engine.dispose()  # connections to a file that has been deleted
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._set_aside()
            db, writes = opened(self.path, WAIT_S)
            with closing(db):
                current = _version(db)
            if current != HEAD:
                self._migrate(current)
            if writes:
                take = partial(soundness.take_over, self.path)
                self.notices += mended(self.path, "保存对话和档案的文件", take)
            self._checked = writes  # what only reads is looked at again the next time

    def _set_aside(self) -> None:
        """Move a damaged file out of the way."""
        if (said := soundness.wrong(self.path, WAIT_S, HEAD)) and os.access(self.path.parent, os.W_OK):
            log.warning("%s: %s", self.path, said)
            set_aside(self.path)

    def told(self) -> list[str]:
        """What is to be said of the file since the last time, as that it was damaged; who asks says it."""
        sentences, self.notices = self.notices, []
        if sentences:
            told(self.path)
        return sentences

    def _migrate(self, current: str | None) -> None:
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        if current and current not in {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}:
            raise NotAvailable(
                "对话和档案是更新版本的向导写的，这个版本打不开。", "请更新向导，再运行一次；数据没有动。"
            )
        with self._engine.execution_options(writes=True).begin() as connection:
            config.attributes.update(connection=connection, user=self.user)
            command.upgrade(config, "head")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """SQLite's errors as sentences."""
        try:
            yield
        except XiangdaoError:
            raise
        except (DatabaseError, sqlite3.DatabaseError) as exc:
            raise _explained(exc, self.path) from exc
        except OSError as exc:
            raise CannotWrite(f"保存对话的文件写不进去：{self.path}。", "检查磁盘空间和文件夹的权限。") from exc

    def _into_file(self) -> None:
        """What was written goes from the log beside the file into it, as far as nobody reads: a log may be lost or damaged alone."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(self.path, timeout=0)) as db:
            db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def settle(self) -> None:
        """After a deletion: nothing of what was deleted stays in the log beside the file."""
        with self._explained(), closing(sqlite3.connect(self.path, timeout=WAIT_S)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def person(session: Session, name: str) -> Person:
    """The person of that name, made where new."""
    found = session.get(Person, name)
    if found is None:
        found = Person(name=name)
        session.add(found)
        session.flush()
    return found


def _version(db: sqlite3.Connection) -> str | None:
    try:
        row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as exc:
        if "no such table" in str(exc):
            return None
        raise
    return row[0] if row else None


def _explained(exc: Any, path: Path) -> XiangdaoError:
    said = str(getattr(exc, "orig", exc))
    if "locked" in said or "busy" in said:
        return Busy("另一个程序正在写对话记录，等太久了。", "过一会儿再试；还不行，就关掉别的向导窗口。")
    if "full" in said:
        return DiskFull("磁盘满了，对话和档案没有保存。", "清理磁盘后再试一次。")
    if is_full(exc, path.parent) or is_full(getattr(exc, "orig", exc), path.parent):
        return DiskFull("磁盘满了，对话和档案没有保存。", "清理磁盘后再试一次。")
    if "readonly" in said or "unable to open" in said:
        return CannotWrite(f"保存对话的文件写不进去：{path}。", "检查磁盘空间和文件夹的权限。")
    if isinstance(exc, sqlite3.OperationalError) or "malformed" in said or "not a database" in said:
        return IndexDamaged(
            f"保存对话和档案的文件坏了：{path}。", "把它移到别处再试，会从空的重新开始；有备份就放回来。"
        )
    raise exc
