"""Which files of the knowledge ship, how much each holds at least, and its digest: what was emptied, cut off or deleted is noticed.

One that is only changed is used, since anybody may correct a card; `doctor` tells of it. A change on purpose is written down with
`python -m corpus.manifest`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import BadKnowledge

FILE = "manifest.json"
WRITE = "python -m corpus.manifest"
CARDS, DATA, LEXICON, ENCODER, SOURCES = "cards", "data", "lexicon", "encoder", "sources.yaml"
_KINDS = (
    SOURCES, f"{CARDS}/**/*.yaml", f"{DATA}/*.yaml", f"{DATA}/*.tsv", f"{LEXICON}/*.yaml", f"{LEXICON}/*.txt",
    f"{ENCODER}/*.json", f"{ENCODER}/*.npz", f"{ENCODER}/*.onnx",
)  # fmt: skip
_WRITTEN = frozenset({".yaml", ".tsv", ".txt", ".json"})
"""Files of text, whose lines may end as the system likes."""
PART = 2**20


@dataclass(frozen=True)
class Shipped:
    """A file as it ships. count: its items, of a list, or its lines; 1 of a file that is no text."""

    count: int
    digest: str


def wanted(corpus: Path) -> dict[str, Shipped]:
    """What ships, by the path below the corpus folder; empty of a knowledge without a manifest. Raises BadKnowledge."""
    path = corpus / FILE
    try:
        found = path.stat()
    except OSError:
        return {}
    return _read(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, size: int, changed: int) -> dict[str, Shipped]:
    try:
        return {str(name): Shipped(int(n), str(digest)) for name, (n, digest) in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise BadKnowledge(
            f"自带知识的清单 {FILE} 读不出来。", "重新安装本程序。", command=f"有意改的，运行：{WRITE}"
        ) from exc


def check(corpus: Path) -> None:
    """BadKnowledge where a card file or the list of sources is not there or holds less; a knowledge without a manifest is not checked."""
    for name in wanted(corpus):
        if name == SOURCES or name.startswith(f"{CARDS}/"):
            check_file(corpus, name)


def check_file(corpus: Path, name: str) -> None:
    """BadKnowledge where a file that the manifest names is not there or holds less; without a manifest that can be read, nothing."""
    known = None
    with suppress(BadKnowledge):
        known = wanted(corpus).get(name)
    if known is None or (held := _count(corpus / name)) >= known.count:
        return
    what = f"应当有 {known.count} 条，只剩 {held} 条" if held else "空了或不见了"
    raise BadKnowledge(f"{name} {what}。", "重新安装本程序。", command=f"有意删的，运行：{WRITE}")


def is_as_shipped(corpus: Path, name: str) -> bool:
    """Whether a file is, to the byte, the one that the manifest names, line ends aside."""
    known = wanted(corpus).get(name)
    return known is not None and _digest(corpus / name) == known.digest


def write(corpus: Path) -> int:
    """Write down what is there now; how many files."""
    rows = [
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps([_count(corpus / name), _digest(corpus / name)])}"
        for name in sorted(set(_names(corpus)))
    ]
    (corpus / FILE).write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")
    return len(rows)


def _names(corpus: Path) -> Iterator[str]:
    for kind in _KINDS:
        yield from (path.relative_to(corpus).as_posix() for path in corpus.glob(kind) if path.is_file())


def _count(path: Path) -> int:
    """How many items a list in YAML has, by the lines they begin with, or lines that are not empty; 0 where there is no such file."""
    try:
        if path.suffix not in _WRITTEN:
            return int(path.stat().st_size > 0 and path.is_file())
        lines = path.read_bytes().splitlines()
    except OSError:
        return 0
    return sum(line.startswith(b"- ") for line in lines) or sum(bool(line.strip()) for line in lines)


def _digest(path: Path) -> str:
    """Of what is in a file; "" where it cannot be read."""
    digest = hashlib.blake2b(digest_size=8)
    try:
        if path.suffix in _WRITTEN:
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
            return digest.hexdigest()
        with path.open("rb") as file:
            while part := file.read(PART):
                digest.update(part)
    except OSError:
        return ""
    return digest.hexdigest()


if __name__ == "__main__":
    print(write(Path(__file__).parent))
