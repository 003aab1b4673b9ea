"""Whether a folder of vectors is as its last writer left it, found without Chroma: a damaged one can end the process.

A writer breaks the seal before it writes and sets it again when all is on the disk; it holds a digest of each file, and of
what stands in the database, since opening that writes to it. Without a seal, as after a kill, a child process tries first.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

log = logging.getLogger(__name__)
Standing = Literal["whole", "unknown", "damaged"]
STORE, DATABASE = "chroma", "chroma.sqlite3"
_ROWS = "index_metadata.pickle"
_SEAL, _TRIED, _OPENING = "seal.json", "tried", "opening-"
_OF_OPENING = frozenset({"acquire_write", "maintenance_log", "sqlite_sequence"})
"""Tables that Chroma writes to whenever it opens or tidies the database."""
TRIES = 2
"""So many processes may end while they open a store that is as it was left; then it is not opened any more."""
PROBES = 200
PART = 2**20
PROBE_S = 120.0


def write(folder: Path) -> None:
    """Seal a folder whose store has just been written and searched in."""
    store = folder / STORE
    if not store.is_dir():
        return
    files = {_name(path, store): [*_stat(path), _digest(path)] for path in _files(store)}
    record = {"version": _version(), "files": files}
    part = folder / f"{_SEAL}.part"
    part.write_text(json.dumps(record), "utf-8")
    part.replace(folder / _SEAL)


def is_sealed(folder: Path) -> bool:
    return (folder / _SEAL).is_file()


def break_(folder: Path) -> None:
    """Before the store is written to."""
    (folder / _SEAL).unlink(missing_ok=True)


def note_opening(folder: Path) -> None:
    """After a sound store was opened, which changed its database: remember how the file looks now."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        record = json.loads((folder / _SEAL).read_text("utf-8"))
        size, changed, _ = record["files"][DATABASE]
        now = _stat(folder / STORE / DATABASE)
        if [size, changed] != now:
            record["files"][DATABASE][:2] = now
            part = folder / f"{_SEAL}.{uuid.uuid4().hex[:8]}.part"
            part.write_text(json.dumps(record), "utf-8")
            part.replace(folder / _SEAL)


def look(folder: Path, thorough: bool = False) -> Standing:
    """How a folder stands. thorough: files that look unchanged are read all the same.

    Unknown: without a seal, or sealed by another version of Chroma.
    """
    store = folder / STORE
    if not store.is_dir() or not (store / DATABASE).is_file():
        return "damaged"
    try:
        record = json.loads((folder / _SEAL).read_text("utf-8"))
        files: dict[str, list[Any]] = dict(record["files"])
        if record["version"] != _version():
            return "unknown"
    except FileNotFoundError:
        return "unknown"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "damaged" if (folder / _SEAL).is_dir() else "unknown"
    try:
        there = {_name(path, store): path for path in _files(store)}
        if there.keys() != files.keys():
            return "damaged"
        for name, path in there.items():
            size, changed, digest = files[name]
            if (thorough or [size, changed] != _stat(path)) and _digest(path) != digest:
                log.warning("%s is not as it was left", path)
                return "damaged"
    except (OSError, ValueError, TypeError, sqlite3.Error) as exc:
        log.warning("%s cannot be read: %s", store, exc)
        return "damaged"
    return "whole"


def _files(store: Path) -> Iterator[Path]:
    """The database and the graphs that are read back; before a graph has its list of rows it is made from the database."""
    yield store / DATABASE
    for rows in sorted(store.glob(f"*/{_ROWS}")):
        yield from sorted(path for path in rows.parent.iterdir() if path.is_file())


def _name(path: Path, store: Path) -> str:
    return path.relative_to(store).as_posix()


def _stat(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _version() -> str:
    return importlib.metadata.version("chromadb")


def _digest(path: Path) -> str:
    if path.name == DATABASE:
        return _digest_of_database(path)
    digest = hashlib.blake2b()
    with path.open("rb") as file:
        while part := file.read(PART):
            digest.update(part)
    return digest.hexdigest()


def _digest_of_database(path: Path) -> str:
    """Of what stands in its tables, and whether its pages hang together. Raises sqlite3.Error where they do not."""
    digest = hashlib.blake2b()
    with closing(sqlite3.connect(path, timeout=30)) as db:
        db.text_factory = bytes
        if db.execute("PRAGMA quick_check").fetchone()[0] != b"ok":
            raise sqlite3.DatabaseError(f"{path.name} is damaged")
        tables = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        for name, sql in tables:
            told = name.decode("utf-8", "replace")
            digest.update(name + sql)
            if told in _OF_OPENING or not sql.upper().startswith(b"CREATE TABLE"):
                continue
            for row in db.execute('SELECT * FROM "{}"'.format(told.replace('"', '""'))):
                digest.update(repr(row).encode())
    return digest.hexdigest()


# ---- processes that ended while they opened a store


@contextmanager
def opening(folder: Path) -> Iterator[None]:
    """While this lasts, a process that ends leaves a mark behind: opening and the first search."""
    from filelock import FileLock

    mark = folder / f"{_OPENING}{uuid.uuid4().hex[:8]}"
    lock = FileLock(str(mark))
    with suppress(OSError):
        lock.acquire(timeout=0)
    try:
        yield
    finally:
        lock.release()
        with suppress(OSError):
            mark.unlink(missing_ok=True)


def ended(folder: Path) -> int:
    """How many processes have ended while they opened this store, one after the other."""
    from filelock import FileLock, Timeout

    found = 0
    for mark in folder.glob(f"{_OPENING}*"):
        with suppress(Timeout, OSError):
            with FileLock(str(mark), timeout=0):
                found += 1
            mark.unlink(missing_ok=True)
    tried = folder / _TRIED
    if found:
        with suppress(OSError):
            found += len(tried.read_text("utf-8")) if tried.is_file() else 0
            tried.write_text("x" * min(found, TRIES), "utf-8")
        return found
    return len(tried.read_text("utf-8")) if tried.is_file() else 0


def opened_well(folder: Path) -> None:
    """After the first search."""
    with suppress(OSError):
        (folder / _TRIED).unlink(missing_ok=True)


# ---- tried in a child


def holds(folder: Path) -> bool:
    """Whether a store that bears no seal can be opened and searched in, tried in a process that it may end."""
    command = [sys.executable, "-I", "-c", "from corpus.seal import main; main()", str(folder / STORE)]
    try:
        ran = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PROBE_S
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        log.warning("%s could not be tried: %s", folder, exc)
        return False
    return ran.returncode == 0


def main() -> None:
    """The child: open everything, read everything, search for what is there."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb
    from chromadb.config import Settings

    store = Path(sys.argv[1])
    _digest_of_database(store / DATABASE)
    client = chromadb.PersistentClient(path=str(store), settings=Settings(anonymized_telemetry=False))
    for one in client.list_collections():
        collection = client.get_collection(one.name, embedding_function=None)
        ids = collection.get(include=[])["ids"]
        if not ids:
            continue
        some = ids[:: max(1, len(ids) // PROBES)]
        kept = collection.get(ids=some, include=["embeddings"])
        for vector in kept["embeddings"] if kept["embeddings"] is not None else ():
            near = collection.query(query_embeddings=[vector], n_results=min(10, len(ids)), include=["distances"])
            if not near["ids"][0]:
                sys.exit(1)
    sys.stdout.flush()
    os._exit(0)


def make_way(path: Path) -> None:
    """Put aside a folder that stands where a file is to be, or a file where a folder is to be."""
    if path.exists():
        path.replace(path.with_name(f"{path.name}.damaged-{uuid.uuid4().hex[:8]}"))


def remove(path: Path) -> None:
    """Remove a folder with all that is in it, or the file that stands in its place."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)
