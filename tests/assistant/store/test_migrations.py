"""The store's file over the versions: what an older one wrote opens, what a newer one wrote is left alone."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from assistant.history import Call, History, Turn
from assistant.store.database import HEAD, MIGRATIONS, Database
from assistant.store.tables import Table
from core.errors import Busy, NotAvailable

OLD = Path(__file__).with_name("conversations_0001.sql")
"""Written by version 0.1.0 in two conversations, with `xiangdao ask --session`."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "conversations.db"
    db = sqlite3.connect(path)
    db.executescript(OLD.read_text(encoding="utf-8"))
    db.close()
    return path


def test_conversations_of_the_first_version_open_with_their_order_and_tools(old: Path) -> None:
    history = History(old, "li")
    assert history.sessions() == ["厂A", "b"]
    questions = [turn.question for turn in history.turns("厂A")]
    assert questions == ["我们做注塑，60人", "帮我测一下几级", "APS是啥"]
    assert history.turns("厂A")[1].call and history.turns("厂A")[1].call.tool == "maturity"
    assert history.turns("b")[0].answer.startswith("**") and "[1]" in history.turns("b")[0].answer
    assert History(old, "somebody else").sessions() == []


def test_a_conversation_of_the_first_version_goes_on(old: Path) -> None:
    history = History(old, "li")
    history.add("b", Turn("那贷款呢", "贷款呢", "……", Call("subsidy", {"地区": "宁波"})))
    assert len(history.turns("b")) == 3 and history.sessions() == ["厂A", "b"]


def test_the_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata

    History(tmp_path / "new.db").add("a", Turn("q", "q", "a"))
    with create_engine(f"sqlite:///{tmp_path / 'new.db'}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_the_version_named_in_the_code_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_migration_that_fails_leaves_the_old_file_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(sqlite3.connect(old).iterdump())

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("alembic.op.drop_table", die)  # the last step, when all else is done
    with pytest.raises(KeyboardInterrupt):
        History(old).sessions()
    monkeypatch.undo()
    assert list(sqlite3.connect(old).iterdump()) == before
    assert len(History(old).sessions()) == 2


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    with sqlite3.connect(path) as db:
        db.executescript("CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('9999')")
    with pytest.raises(NotAvailable, match="更新向导"):
        History(path).turns("a")
    assert sqlite3.connect(path).execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path) -> None:
    path, junk = tmp_path / "conversations.db", b"not a database, but long enough to be taken for one" * 100
    path.write_bytes(junk)
    history = History(path)
    history.add("a", Turn("q", "q", "a"))
    assert [turn.question for turn in history.turns("a")] == ["q"]
    assert history.database and "坏了" in history.database.notices[0]
    (aside,) = tmp_path.glob("conversations.damaged-*.db")
    assert aside.read_bytes() == junk


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE turn SET citations = '[{' WHERE id = 2",
        "UPDATE turn SET answer = 'b' WHERE id = 2",
        "DROP TABLE feedback",
    ],
)
def test_what_can_still_be_read_of_a_damaged_file_is_kept(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "conversations.db"
    for number in range(3):
        History(path).add(f"s{number}", Turn(f"q{number}", "q", "a"))
    with sqlite3.connect(path) as db:
        db.execute(damage)
    history = History(path)
    kept = [turn.question for number in range(3) for turn in history.turns(f"s{number}")]
    assert kept == (["q0", "q2"] if "UPDATE" in damage else ["q0", "q1", "q2"])
    assert history.database and history.database.notices
    assert History(path).turns("s0") and list(tmp_path.glob("conversations.damaged-*.db"))


def test_of_a_file_that_was_cut_off_the_rows_before_the_cut_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    for number in range(3):
        History(path).add(f"s{number}", Turn(f"q{number}", "q", "a"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    history = History(path)
    assert [turn.question for number in range(3) for turn in history.turns(f"s{number}")] == ["q0", "q1", "q2"]
    assert "救了出来" in history.told()[0]


def test_a_folder_in_place_of_the_file_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "conversations.db").mkdir()
    history = History(tmp_path / "conversations.db")
    history.add("a", Turn("q", "q", "a"))
    assert history.turns("a") and history.database and "坏了" in history.database.notices[0]


def test_a_file_that_another_program_holds_is_told_as_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "conversations.db"
    History(path).add("a", Turn("q", "q", "a"))
    monkeypatch.setattr("assistant.store.database.WAIT_S", 0.05)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        History(path).add("a", Turn("q", "q", "a"))
    holder.rollback()


def _add(path: Path, number: int) -> None:
    History(path).add(f"s{number}", Turn(f"q{number}", "q", "a"))


def test_processes_that_open_an_old_file_at_once_migrate_it_once(old: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add, args=(old, n)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(History(old).sessions()) == {"厂A", "b", "s0", "s1", "s2"}


def test_a_file_deleted_while_the_program_runs_is_made_anew(tmp_path: Path) -> None:
    database = Database(tmp_path / "conversations.db")
    history = History(tmp_path / "conversations.db", database=database)
    history.add("a", Turn("q", "q", "a"))
    for part in tmp_path.glob("conversations.db*"):
        part.unlink()
    history.add("b", Turn("q", "q", "a"))
    assert history.sessions() == ["b"]
