"""Full-text search, one FTS5 table a space: no word of a space counts in another's statistics.

The public table ranks by FTS5's BM25. The passages of other spaces are ranked by the same formula with the statistics of
all spaces that the search may see, so that both lists can be merged and nobody's ranking depends on what others keep.
BM25 as in SQLite's FTS5 documentation, k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.types import PUBLIC_SPACE

FIELDS = {"head": 1.5, "body": 1.0, "questions": 1.0}
"""The columns with their weights."""
SMALL = 10_000
"""Up to so many passages every token is looked for."""
POSTINGS = 15_000
REMEMBERED = 50_000
K1, B = 1.2, 0.75
_OPTIONS = "tokenize = \"unicode61 remove_diacritics 0 tokenchars '.%+-/'\""
TABLES = f"""
CREATE TABLE space (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, passages INTEGER NOT NULL DEFAULT 0, tokens INTEGER NOT NULL DEFAULT 0);
INSERT INTO space (number, name) VALUES (0, '{PUBLIC_SPACE}');
CREATE VIRTUAL TABLE passage_fts USING fts5 ({", ".join(FIELDS)}, {_OPTIONS});
CREATE VIRTUAL TABLE passage_terms USING fts5vocab ('passage_fts', 'row');
"""


@dataclass(frozen=True)
class Filters:
    """Which passages a search may see. spaces: names; valid_on: ISO date that an expiry must not precede.

    day: for which it is asked what is in force, today where None; it orders and shuts nothing out.
    """

    spaces: tuple[str, ...] = (PUBLIC_SPACE,)
    origin: str | None = None
    region: str | None = None
    valid_on: str | None = None
    sources: tuple[str, ...] = ()
    day: date | None = None

    @property
    def only_spaces(self) -> bool:
        """Whether spaces are all that is asked for; each has tables of its own."""
        return not (self.origin or self.region or self.valid_on or self.sources)

    def sql(self) -> tuple[str, list[Any]]:
        """A condition on table alias p and its values."""
        parts, values = [f"p.space IN ({','.join('?' * len(self.spaces))})"], list[Any](self.spaces)
        if self.origin:
            parts.append("p.origin = ?")
            values.append(self.origin)
        if self.region:
            parts.append("(p.region = '' OR p.region LIKE '%' || ? || '%')")
            values.append(self.region)
        if self.valid_on:
            parts.append("(p.valid_until IS NULL OR p.valid_until >= ?)")
            values.append(self.valid_on)
        if self.sources:
            parts.append(f"p.source_id IN ({','.join('?' * len(self.sources))})")
            values += self.sources
        return " AND ".join(parts), values


@dataclass(frozen=True)
class _Table:
    """The tables of one space and what it holds."""

    number: int
    passages: int
    tokens: int

    @property
    def texts(self) -> str:
        return f"passage_fts_{self.number}" if self.number else "passage_fts"

    @property
    def terms(self) -> str:
        return f"passage_terms_{self.number}" if self.number else "passage_terms"


def _tables(db: sqlite3.Connection, spaces: Sequence[str]) -> list[_Table]:
    """The tables of the spaces that hold anything, the public one first."""
    marks = ",".join("?" * len(spaces))
    rows = db.execute(
        f"SELECT number, passages, tokens FROM space WHERE name IN ({marks}) AND passages > 0 ORDER BY number",
        tuple(spaces),
    )
    return [_Table(*row) for row in rows]


def _opened(db: sqlite3.Connection, space: str) -> _Table:
    """The tables of a space, made where there are none yet."""
    row = db.execute("SELECT number, passages, tokens FROM space WHERE name = ?", (space,)).fetchone()
    if row:
        return _Table(*row)
    number = db.execute("INSERT INTO space (name) VALUES (?)", (space,)).lastrowid
    table = _Table(number or 0, 0, 0)
    db.execute(f"CREATE VIRTUAL TABLE {table.texts} USING fts5 ({', '.join(FIELDS)}, {_OPTIONS})")
    db.execute(f"CREATE VIRTUAL TABLE {table.terms} USING fts5vocab ('{table.texts}', 'row')")
    return table


def add(db: sqlite3.Connection, space: str, rows: Iterable[tuple[int, str, str, str]]) -> None:
    """Index passages of a space: (row, head, body, questions), each field its tokens with blanks between."""
    table, given = _opened(db, space), list(rows)
    db.executemany(f"INSERT INTO {table.texts} (rowid, {', '.join(FIELDS)}) VALUES (?, ?, ?, ?)", given)
    _count(db, table, len(given), sum(_size(fields) for _, *fields in given))


def remove(db: sqlite3.Connection, space: str, rows: Sequence[int]) -> None:
    """Take passages of a space out; a private space that is empty then leaves nothing behind."""
    table = _opened(db, space)
    chosen = [(row,) for row in rows]
    texts = (db.execute(f"SELECT {', '.join(FIELDS)} FROM {table.texts} WHERE rowid = ?", row) for row in chosen)
    tokens = sum(_size(fields) for found in texts for fields in found)
    db.executemany(f"DELETE FROM {table.texts} WHERE rowid = ?", chosen)
    _count(db, table, -len(chosen), -tokens)
    if table.number and table.passages <= len(chosen):
        db.execute(f"DROP TABLE {table.terms}")
        db.execute(f"DROP TABLE {table.texts}")
        db.execute("DELETE FROM space WHERE number = ?", (table.number,))


def _count(db: sqlite3.Connection, table: _Table, passages: int, tokens: int) -> None:
    db.execute(
        "UPDATE space SET passages = passages + ?, tokens = tokens + ? WHERE number = ?",
        (passages, tokens, table.number),
    )


def _size(fields: Iterable[str]) -> int:
    return sum(len(field.split()) for field in fields)


def passages(db: sqlite3.Connection, spaces: Sequence[str]) -> int:
    """How many passages these spaces hold."""
    return sum(table.passages for table in _tables(db, spaces))


class Counts:
    """In how many passages of the public space each token stands, remembered: a question asks for a hundred of them.

    A number is kept until the space has changed, a large one by a fiftieth. Other spaces are counted anew each time.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._passages = self._tokens = 0

    def of(self, db: sqlite3.Connection, tokens: Iterable[str], table: _Table) -> dict[str, int]:
        """The count of each token that stands anywhere in a space."""
        if table.number:
            return _counted(db, tokens, table)
        small = table.passages <= SMALL and (table.passages, table.tokens) != (self._passages, self._tokens)
        if small or abs(table.passages - self._passages) > self._passages // 50 or len(self._known) > REMEMBERED:
            self._known, self._passages, self._tokens = {}, table.passages, table.tokens
        wanted, known = dict.fromkeys(tokens), self._known
        missing = [token for token in wanted if token not in known]
        known.update(dict.fromkeys(missing, 0) | _counted(db, missing, table))
        return {token: known[token] for token in wanted if known[token]}


def frequencies(db: sqlite3.Connection, tokens: Iterable[str], spaces: Sequence[str], counts: Counts) -> dict[str, int]:
    """In how many passages of these spaces each token stands; a token that stands nowhere is left out."""
    wanted, out = set(tokens), dict[str, int]()
    for table in _tables(db, spaces):
        for token, count in counts.of(db, wanted, table).items():
            out[token] = out.get(token, 0) + count
    return out


def _counted(db: sqlite3.Connection, tokens: Iterable[str], table: _Table) -> dict[str, int]:
    """In how many passages of one space each token stands."""
    out = {}
    for token in dict.fromkeys(tokens):
        row = db.execute(f"SELECT doc FROM {table.terms} WHERE term = ?", (token,)).fetchone()
        if row:
            out[token] = row[0]
    return out


def match(
    db: sqlite3.Connection, tokens: Sequence[str], limit: int, filters: Filters, counts: Counts
) -> list[tuple[int, float]]:
    """(row, BM25 score, higher is better) of the passages with any of the tokens, best first.

    In a large space the rarest tokens are looked for, as many as `POSTINGS` allows: what stands nearly everywhere tells
    nothing apart, and ranking all of it would take the most time.
    """
    tables = _tables(db, filters.spaces)
    found: list[tuple[int, float]] = []
    for table in tables:
        chosen = _telling(db, tokens, limit, table, counts)
        if not chosen:
            continue
        best = _best(db, table, " OR ".join('"' + t.replace('"', '""') + '"' for t in chosen), limit, filters)
        if table is tables[0]:
            found += best
            continue
        fields = ", ".join(FIELDS)
        marks = ",".join("?" * len(best))
        rows = db.execute(
            f"SELECT rowid, {fields} FROM {table.texts} WHERE rowid IN ({marks})", [row for row, _ in best]
        ).fetchall()
        found += _ranked(rows, frequencies(db, tokens, filters.spaces, counts), tables)
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]


def _telling(db: sqlite3.Connection, tokens: Sequence[str], limit: int, table: _Table, known: Counts) -> list[str]:
    """The tokens to look for: all where all that is found can be listed, in a small space those that rank at all, else the
    rarest whose passages add up to `POSTINGS`.

    BM25 gives no weight to what stands in more than half of the passages.
    """
    if table.passages <= min(limit, SMALL):
        return list(tokens)
    counts = known.of(db, tokens, table)
    if table.passages <= SMALL:
        return [token for token in counts if 2 * counts[token] <= table.passages] or list(counts)
    chosen, total = list[str](), 0
    for token in sorted(counts, key=lambda t: (counts[t], t)):
        total += counts[token]
        if chosen and total > POSTINGS:
            break
        chosen.append(token)
    return chosen


def _best(db: sqlite3.Connection, table: _Table, query: str, limit: int, filters: Filters) -> list[tuple[int, float]]:
    """(row, BM25 score) of one space's passages, best first."""
    weights = ", ".join(str(weight) for weight in FIELDS.values())
    ranked = f"{table.texts} MATCH ? AND rank MATCH 'bm25({weights})'"
    if filters.only_spaces:
        sql = f"SELECT rowid, -rank FROM {table.texts} WHERE {ranked} ORDER BY rank LIMIT ?"
        return [(r[0], r[1]) for r in db.execute(sql, (query, limit))]
    where, values = filters.sql()
    sql = (
        f"SELECT p.row, -f.rank FROM {table.texts} AS f JOIN passage p ON p.row = f.rowid"
        f" WHERE {ranked.replace('rank MATCH', 'f.rank MATCH')} AND {where} ORDER BY f.rank LIMIT ?"
    )
    return [(r[0], r[1]) for r in db.execute(sql, (query, *values, limit))]


def _ranked(
    rows: Iterable[Sequence[Any]], seen: Mapping[str, int], tables: Sequence[_Table]
) -> Iterator[tuple[int, float]]:
    """(row, BM25 score) of passages with their fields, by the statistics of all tables together."""
    total, tokens = sum(t.passages for t in tables), sum(t.tokens for t in tables)
    mean = tokens / max(total, 1) or 1.0
    weights = tuple(FIELDS.values())
    idf = {token: max(1e-6, math.log((total - n + 0.5) / (n + 0.5))) for token, n in seen.items()}
    for row, *fields in rows:
        words = [field.split() for field in fields]
        long = K1 * (1 - B + B * sum(map(len, words)) / mean)
        score = 0.0
        for token, weight in idf.items():
            count = sum(w * field.count(token) for w, field in zip(weights, words, strict=True))
            score += weight * count * (K1 + 1) / (count + long)
        yield row, score
