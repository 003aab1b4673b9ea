"""What the data folder holds, in one place: each kind of state, and from what it can be made again; and what ships with the program.

What nothing can be made again from is noted when it was last seen, so that its loss is told, once.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path


@dataclass(frozen=True)
class State:
    """A kind of file. pattern: of the path below the folder; made_from: the kinds that it can be made again from.

    file: its one name, where nothing else would show that it is gone; missed: what a user calls it; changed: whether a change of it
    is told as well.
    """

    name: str
    pattern: str
    made_from: tuple[str, ...] = ()
    file: str = ""
    missed: str = ""
    changed: bool = False

    def holds(self, path: str) -> bool:
        return fnmatch(path, self.pattern)


STATE = (
    State("ledger", "ledger.*", ("originals", "knowledge")),
    State("vectors", "vectors/*", ("ledger",)),
    State("own questions", "own_questions.npz", ("knowledge",)),
    State("card vectors", "card_vectors.npz", ("knowledge",)),
    State("originals", "originals/*", ()),
    State("conversations", "conversations.*", (), "conversations.db", "对话和档案"),
    State("mailbox", "bots.*", (), "bots.db", "机器人没答完的消息"),
    State("settings", "config.toml*", (), "config.toml", "设置", changed=True),
    State("heads", "heads.npz*", ("examples",), "heads.npz", "在本机学的理解"),
    State("entrance marks", "wording.json", ("models",)),
    State("marks of amounts", "amounts.json", ("models",)),
    State("spares", "knowledge/*", ("shipped",)),
    State("uploads", "inbox/*", ()),
    State("arriving uploads", "incoming*/*", ("nothing",)),
    State("models", "models/*", ("download",)),
    State("converted models", "openvino/*", ("models",)),
    State("logs", "logs/*", ("nothing",)),
    State("errors", "errors.log*", ("nothing",)),
    State("what was seen", "state.seen*", ("nothing",)),
    State("locks", "*.lock", ("nothing",)),
)
SHIPPED = (
    State("cards", "cards/*.yaml", ("ledger",)),
    State("sources", "sources.yaml", ("spares",)),
    State("tables", "data/*", ("spares",)),
    State("lexicon", "lexicon/*", ("spares",)),
    State("encoder", "encoder/*", ("words alone",)),
    State("manifest", "manifest.json", ("nothing",)),
)
"""Below the folder of the knowledge."""
SEEN = "state.seen"
_CODE = ("*.py", "*.pyc", "*.md")


def state_files(home: Path) -> Iterator[Path]:
    """Every file of the state that is there."""
    return _files(home, STATE)


def shipped_files(corpus: Path) -> Iterator[Path]:
    """Every file of the knowledge that ships."""
    return (path for path in _files(corpus, SHIPPED) if not any(fnmatch(path.name, code) for code in _CODE))


def kind_of(path: str) -> str:
    """The name of the kind that a file is of, by its path below the folder; "" where it is none."""
    return next((kind.name for kind in (*STATE, *SHIPPED) if kind.holds(path)), "")


def _files(folder: Path, kinds: tuple[State, ...]) -> Iterator[Path]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and any(kind.holds(name) for kind in kinds):
            yield path


# ---- what is there no more


def missed(home: Path) -> list[str]:
    """A sentence for each file that was there the last time and is no more, or was changed. Who has told them calls `note`."""
    before, now = _noted(home), _there(home)
    told = []
    for kind in STATE:
        if kind.file in before and kind.file not in now:
            told.append(
                f"{kind.missed}不见了：上次还在的文件 {kind.file} 没有了或空了，从空的重新开始；有备份就放回来。"
            )
        elif kind.changed and kind.file in before and before[kind.file] != now[kind.file]:
            told.append(f"{kind.missed}文件 {kind.file} 和上次不一样了；不是您改的，就检查一遍。")
    if now != before and not told:
        _note(home, now)
    return told


def note(home: Path) -> None:
    """Note what is there, after a change of one's own or when all has been told."""
    _note(home, _there(home))


def _there(home: Path) -> dict[str, str]:
    """The files that hold something, each with a digest where a change of it is told, too."""
    found: dict[str, str] = {}
    for kind in STATE:
        path = home / kind.file
        with suppress(OSError):
            if kind.file and path.is_file() and path.stat().st_size:
                digest = hashlib.blake2b(path.read_bytes(), digest_size=8) if kind.changed else None
                found[kind.file] = digest.hexdigest() if digest else ""
    return found


def _noted(home: Path) -> dict[str, str]:
    try:
        noted = json.loads((home / SEEN).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _note(home: Path, now: dict[str, str]) -> None:
    path = home / SEEN
    with suppress(OSError):
        if path.is_dir():
            path.replace(path.with_name(f"{SEEN}.{uuid.uuid4().hex[:8]}"))
        part = path.with_name(f"{SEEN}.part")
        part.write_text(json.dumps(now), "utf-8")
        part.replace(path)
