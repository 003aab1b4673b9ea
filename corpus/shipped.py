"""The files of the knowledge held against the manifest at each start: which are damaged, which changed; sound ones are kept as spares.

The tables and the lexicon are small and read every time; the encoder's files only where they do not look as they were last seen.
"""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import BadKnowledge
from corpus import manifest, regions, spare, tables
from corpus.manifest import DATA, ENCODER, LEXICON, SOURCES

SEEN = "encoder.seen"
"""Below the folder of the spares: size and time of each of the encoder's files that was found as it ships."""
CARDS = f"{manifest.CARDS}/"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """Names of files below the corpus folder. damaged: gone, cut off or not to be read; changed: sound, and others than ship.

    spared: those of the damaged that have a sound copy.
    """

    damaged: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What a user is told; empty where nothing is damaged."""
        if not self.damaged:
            return ""
        if self.damaged == (manifest.FILE,):
            return "自带知识的清单坏了或不见了，别的文件坏没坏认不出来；重新安装本程序就能修好。"
        names = "、".join(Path(name).name for name in self.damaged)
        without = [Path(name).name for name in self.damaged if name not in self.spared]
        used = "先用上一次的" if not without else f"{'、'.join(without)} 管的部分暂时不做或不准"
        return f"自带的文件坏了或不见了：{names}；{used}。重新安装本程序就能修好。"


def look(corpus: Path, home: Path, thorough: bool = False) -> Standing:
    """How the files stand. thorough: also the cards, and files of the encoder that look unchanged."""
    try:
        names = manifest.wanted(corpus)
    except BadKnowledge:
        return Standing(damaged=(manifest.FILE,))
    if not names and corpus == spare.CORPUS:
        return Standing(damaged=(manifest.FILE,))
    damaged, changed, spared = list[str](), list[str](), list[str]()
    known = {} if thorough else _seen(home)
    seen: dict[str, list[int]] = {}
    for name in names:
        path = corpus / name
        if name.startswith(CARDS):
            if thorough and path.is_file() and not manifest.is_as_shipped(corpus, name):
                changed.append(name)
            continue
        now = _stat(path)
        if name.startswith(f"{ENCODER}/") and now and known.get(name) == now:
            seen[name] = now
            continue
        if manifest.is_as_shipped(corpus, name):
            seen |= {name: now} if now and name.startswith(f"{ENCODER}/") else {}
        elif _is_sound(corpus, name):
            changed.append(name)
        else:
            damaged.append(name)
            spared += [name] if _has_spare(path, home) else []
            continue
        if not name.startswith(f"{ENCODER}/") and corpus == spare.CORPUS:
            spare.keep(path, home)
    if seen != known:
        _note(home, seen)
    return Standing(tuple(damaged), tuple(changed), tuple(spared))


def check(corpus: Path) -> None:
    """BadKnowledge where the list of sources or a file of the lexicon is damaged: what is made with them then stays as it is."""
    for name in manifest.wanted(corpus):
        if name == SOURCES or name.startswith(f"{LEXICON}/"):
            manifest.check_file(corpus, name)
            if not manifest.is_as_shipped(corpus, name):
                _read(corpus / name)


def _is_sound(corpus: Path, name: str) -> bool:
    try:
        manifest.check_file(corpus, name)
        _read(corpus / name)
    except BadKnowledge:
        return False
    return True


def _has_spare(path: Path, home: Path) -> bool:
    copy = spare.copy_of(path, home)
    with suppress(BadKnowledge):
        if copy is not None:
            _read(copy)
            return True
    return False


def _read(path: Path) -> Any:
    """Whatever a file holds, as its own reader takes it. Raises BadKnowledge."""
    try:
        return _reader(path)(path)
    except BadKnowledge:
        raise
    except Exception as exc:  # each reader fails in its own ways
        raise spare.unreadable(path) from exc


def _reader(path: Path) -> Callable[[Path], Any]:
    if path.suffix == ".tsv":
        return regions.read
    if path.parent.name == DATA:
        return tables.rows_of
    return {".yaml": _yaml, ".json": _json, ".npz": _npz, ".onnx": _other}.get(path.suffix, _text)


def _yaml(path: Path) -> Any:
    import yaml

    found = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(found, list | dict):
        raise ValueError(f"{path.name} holds neither a list nor names")
    return found


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _npz(path: Path) -> None:
    with zipfile.ZipFile(path) as file:
        if file.testzip():
            raise ValueError(f"{path.name} does not hold what it held")


def _other(path: Path) -> None:
    """A model's weights: the encoder's own manifest knows them, as its trainer wrote it."""
    import hashlib

    known = _json(path.with_name(manifest.FILE))["sha256"][path.name]
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while part := file.read(manifest.PART):
            digest.update(part)
    if digest.hexdigest() != known:
        raise ValueError(f"{path.name} is not what was trained")


def _stat(path: Path) -> list[int]:
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]


def _seen(home: Path) -> dict[str, list[int]]:
    try:
        seen = json.loads((home / spare.FOLDER / SEEN).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return seen if isinstance(seen, dict) else {}


def _note(home: Path, seen: dict[str, list[int]]) -> None:
    path = home / spare.FOLDER / SEEN
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{SEEN}.part")
        part.write_text(json.dumps(seen), "utf-8")
        part.replace(path)
