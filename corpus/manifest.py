"""Which card files ship and how many cards each holds at least: a file that was emptied, cut off or deleted is noticed.

A change on purpose is written down with `python -m corpus.manifest`.
"""

from __future__ import annotations

import json
from pathlib import Path

from core.errors import BadKnowledge

FILE = "manifest.json"
WRITE = "python -m corpus.manifest"


def check(corpus: Path) -> None:
    """BadKnowledge where a file that the manifest names is not there or has fewer cards; a knowledge without one is not checked."""
    path = corpus / "cards" / FILE
    if not path.exists():
        return
    try:
        wanted = {str(name): int(count) for name, count in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise BadKnowledge(
            f"卡片清单 {FILE} 读不出来。", "重新安装本程序。", command=f"有意改的，运行：{WRITE}"
        ) from exc
    for name, count in wanted.items():
        held = _cards_in(corpus / "cards" / name)
        if held < count:
            what = f"应当有 {count} 张卡片，只剩 {held} 张" if held else "空了或不见了"
            raise BadKnowledge(f"{name} {what}。", "重新安装本程序。", command=f"有意删的，运行：{WRITE}")


def write(corpus: Path) -> int:
    """Write down what is there now; how many files."""
    cards = corpus / "cards"
    counts = {path.relative_to(cards).as_posix(): _cards_in(path) for path in sorted(cards.rglob("*.yaml"))}
    (cards / FILE).write_text(json.dumps(counts, ensure_ascii=False, indent=0) + "\n", "utf-8")
    return len(counts)


def _cards_in(path: Path) -> int:
    """How many items a list in YAML has, by the lines they begin with; 0 where there is no such file."""
    try:
        return sum(line.startswith(b"- ") for line in path.read_bytes().splitlines())
    except OSError:
        return 0


if __name__ == "__main__":
    print(write(Path(__file__).parent))
