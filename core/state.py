"""What the data folder holds, in one place: each kind of state, and from what it can be made again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path


@dataclass(frozen=True)
class State:
    """A kind of file. pattern: of the path below the data folder; made_from: the kinds that it can be made again from."""

    name: str
    pattern: str
    made_from: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        return fnmatch(path, self.pattern)


STATE = (
    State("ledger", "ledger.db*", ("originals", "knowledge")),
    State("vectors", "vectors/*", ("ledger",)),
    State("own questions", "own_questions.npz", ("knowledge",)),
    State("card vectors", "card_vectors.npz", ("knowledge",)),
    State("originals", "originals/*", ()),
    State("conversations", "conversations.db*", ()),
    State("locks", "*.lock", ("nothing",)),
)


def state_files(home: Path) -> Iterator[Path]:
    """Every file of the state that is there."""
    for path in home.rglob("*"):
        name = path.relative_to(home).as_posix()
        if path.is_file() and any(kind.holds(name) for kind in STATE):
            yield path
