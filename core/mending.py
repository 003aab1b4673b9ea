"""A SQLite file read whole: whether it is sound; set aside where it is not, and what can still be read of it taken over."""

from __future__ import annotations

import json
import logging
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)
ASIDE, UNTOLD = "damaged-", ".untold"
BESIDE = ("-wal", "-shm")
"""The ends of the names of the files that SQLite keeps beside a database."""
SINGLY = 100_000
"""Behind what is damaged, at most so many rows are looked for one by one."""
HEAD, MAGIC = 100, b"SQLite format 3\x00"
LARGEST = 2**36
"""Bytes of a database: a head that says more is itself damaged."""
_DAMAGED = ("malformed", "not a database", "no such", "is no JSON", "no table", "Could not decode")


def wrong(path: Path, tables: Mapping[str, Sequence[str]], wait_s: float) -> str:
    """What is wrong with a file, in English for the log; empty where nothing is, or where another program holds it.

    tables: the tables that there must be, each with its columns of JSON; "" in one of them counts as nothing.
    """
    free_beside(path)
    if path.is_dir():
        return "a folder stands in its place"
    if not path.exists() or not path.stat().st_size:
        return ""
    with suppress(OSError), path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:  # of less than a page SQLite makes a new database without a word
            return "not a database"
    try:
        with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as db:
            said = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            return str(said) if said != "ok" else next(_wrong(db, tables), "")
    except sqlite3.Error as exc:
        return str(exc) if any(words in str(exc) for words in _DAMAGED) else ""


def free_beside(path: Path) -> None:
    """Put aside folders that stand where SQLite keeps its files beside a database."""
    for end in BESIDE:
        beside = path.with_name(path.name + end)
        if beside.is_dir():
            with suppress(OSError):
                beside.replace(beside.with_name(f"{beside.name}.{ASIDE}{uuid.uuid4().hex[:8]}"))


def _wrong(db: sqlite3.Connection, tables: Mapping[str, Sequence[str]]) -> Iterator[str]:
    there = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for name, columns in tables.items():
        if name not in there:
            yield f"no table {name}"
        for _ in db.execute(f'SELECT * FROM "{name}"'):
            pass  # SQLite takes any bytes for text; Python, which reads them, does not
        for column in columns:
            filled = f"{column} IS NOT NULL AND {column} != ''"
            if db.execute(f"SELECT 1 FROM {name} WHERE {filled} AND NOT json_valid({column}) LIMIT 1").fetchone():
                yield f"{name}.{column} is no JSON"


def set_aside(path: Path) -> Path:
    """Move a damaged file out of the way, with what lies beside it; where it is now. `mended` does the rest."""
    aside = path.with_name(f"{path.stem}.{ASIDE}{uuid.uuid4().hex[:8]}{path.suffix}")
    aside.with_name(aside.name + UNTOLD).write_text("", "utf-8")
    for end in ("", *BESIDE):
        part = path.with_name(path.name + end)
        if part.exists():
            part.replace(aside.with_name(aside.name + end))
    return aside


def mended(path: Path, what: str, take: Callable[[Path], int]) -> list[str]:
    """A sentence about each file set aside of which nobody has been told, also where a process ended before it could.

    what: the file as users call it; take: takes over what can still be read of one set aside, and gives how many rows.
    """
    sentences = []
    for marker in sorted(path.parent.glob(f"{path.stem}.{ASIDE}*{path.suffix}{UNTOLD}")):
        aside = marker.with_name(marker.name.removesuffix(UNTOLD))
        if not aside.exists():  # ended before it was moved
            marker.unlink(missing_ok=True)
            continue
        if not (sentence := marker.read_text("utf-8")):
            sentence = f"{what}坏了，移到 {aside.name}；里面还读得出的 {take(aside)} 条救了出来。"
            marker.write_text(sentence, "utf-8")
        sentences.append(sentence)
    return sentences


def told(path: Path) -> None:
    """Whoever uses the file has been told of all that was set aside."""
    for marker in path.parent.glob(f"{path.stem}.{ASIDE}*{path.suffix}{UNTOLD}"):
        with suppress(OSError):
            marker.unlink()


def take_over(
    path: Path,
    aside: Path,
    tables: Mapping[str, Sequence[str]],
    columns: Mapping[str, Sequence[str]],
    fits: Callable[[str, Sequence[Any]], bool] = lambda table, row: True,
) -> int:
    """Copy into a new file every row of the old one that can be read and fits; how many they were.

    tables: in the order in which they refer to each other, as of `wrong`; columns: those of each table; fits: whether a row of
    a table says what was written.
    """
    count = 0
    if not aside.is_file():
        return 0
    lengthen(aside)
    with closing(sqlite3.connect(path, isolation_level=None)) as new, closing(sqlite3.connect(aside)) as old:
        old.execute("PRAGMA writable_schema = ON")  # a damaged description of one table shuts out no other
        new.execute("PRAGMA foreign_keys = ON")
        new.execute("BEGIN IMMEDIATE")
        for table, of_json in tables.items():
            names = columns[table]
            marks, listed = ",".join("?" * len(names)), ",".join(f'"{name}"' for name in names)
            for row in rows(old, table, listed):
                with suppress(sqlite3.Error, ValueError, TypeError):
                    for name, value in zip(names, row, strict=True):
                        if name in of_json and isinstance(value, str) and value:
                            json.loads(value)
                    if not fits(table, row):
                        continue
                    new.execute(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', row)
                    count += 1
        new.execute("COMMIT")
    return count


def lengthen(aside: Path) -> None:
    """Give a file that was cut off its length again: of a shorter one than its head says SQLite reads nothing at all."""
    with suppress(OSError), aside.open("r+b") as file:
        head = file.read(HEAD)
        page = int.from_bytes(head[16:18], "big")
        wanted = (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
        if head.startswith(MAGIC) and aside.stat().st_size < wanted <= LARGEST:
            file.truncate(wanted)


def rows(db: sqlite3.Connection, table: str, columns: str) -> Iterator[Any]:
    """The rows of a table that can be read, first in the order they lie in, then singly behind what is damaged."""
    last, most = 0, 0
    with suppress(sqlite3.Error):
        most = db.execute(f'SELECT max(rowid) FROM "{table}"').fetchone()[0] or 0
    try:
        for rowid, *row in db.execute(f'SELECT rowid, {columns} FROM "{table}" ORDER BY rowid'):
            last = rowid
            yield row
    except (sqlite3.Error, TypeError) as exc:
        log.warning("%s cannot be read whole: %s", table, exc)
        for rowid in range(last + 1, min(most, last + SINGLY) + 1):
            with suppress(sqlite3.Error):
                for row in db.execute(f'SELECT {columns} FROM "{table}" WHERE rowid = ?', (rowid,)).fetchall():
                    yield row
