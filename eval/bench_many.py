"""Many files, a long book, a long text: python -m eval.bench_many [--files N] [--pages N] [--characters N] [--only files book text]

Each is handed in to `xiangdao ingest` in a process of its own with a data folder of its own (the bundled index is built before,
not counted): seconds on the clock, and the most memory that it and its parser have together (Linux; resident, maps of the
database included). The folder is handed in twice; the second time nothing has changed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from eval.made_folder import book, long_text, make_folder

SCRIPT = "import sys; from ui.terminal import main; sys.exit(main())"
EACH_S = 0.2
LIMIT_MB = 1500


def tree_mb(process: int) -> float:
    """Resident memory of a process and all that it has started, in megabytes."""
    total = 0.0
    try:
        total = int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2
        for thread in Path(f"/proc/{process}/task").iterdir():
            total += sum(tree_mb(int(child)) for child in (thread / "children").read_text().split())
    except OSError:  # it ended meanwhile, or the system has no /proc
        pass
    return total


def command(home: Path, *given: str) -> tuple[float, float, str]:
    """Run the terminal program; seconds, the most memory in MB, and the last line but one of what it told."""
    environment = {**os.environ, "XIANGDAO_HOME": str(home)}
    with tempfile.TemporaryFile("w+") as told:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *given], env=environment, stdout=subprocess.DEVNULL, stderr=told
        )
        most = 0.0
        while process.poll() is None:
            most = max(most, tree_mb(process.pid))
            time.sleep(EACH_S)
        seconds = time.perf_counter() - started
        told.seek(0)
        lines = [line.strip() for line in told if "份" in line]
    return seconds, most, lines[0] if lines else f"ended with {process.returncode}"


def runs(folder: Path, files: int, pages: int, characters: int, only: list[str]) -> Iterator[tuple[str, list[Path]]]:
    """What is handed in, under its name; the files are made when they are asked for."""
    if "files" in only:
        make_folder(folder / "files", files)
        yield f"{files} files of all kinds", [folder / "files"]
        yield "the same again", [folder / "files"]
    if "book" in only:
        (folder / "book.pdf").write_bytes(book(pages))
        yield f"a PDF of {pages} pages", [folder / "book.pdf"]
    if "text" in only:
        for paragraph, what in ((0, "one paragraph"), (200, "paragraphs of 200")):
            path = folder / f"text{paragraph}.txt"
            path.write_text(long_text(characters, paragraph), "utf-8")
            yield f"a text of {characters} characters, {what}", [path]


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m eval.bench_many")
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--pages", type=int, default=5_000)
    options.add_argument("--characters", type=int, default=200_000)
    options.add_argument("--only", nargs="*", default=["files", "book", "text"])
    args = options.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        command(home, "docs", "list")
        for name, paths in runs(Path(folder), args.files, args.pages, args.characters, args.only):
            seconds, most, told = command(home, "ingest", *map(str, paths))
            worst = max(worst, most)
            print(f"{name:48} {seconds:8.1f} s  {most:6.0f} MB  {told}", flush=True)
    sys.exit(1 if worst > LIMIT_MB else 0)


if __name__ == "__main__":
    main()
