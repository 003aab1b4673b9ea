"""Damage to the state of the data folder, at random: what is recovered, what is lost, and what `doctor` says.

`python -m eval.bench_damage --tries 50 --kills 10 --seed 1`. A data folder with a small knowledge and some documents is built once;
each try damages one state file of a copy, opens it in a process of its own, asks, and compares the documents with those of before.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.state import STATE, state_files

LIMIT_S = 180.0


@dataclass(frozen=True)
class Try:
    """One damage. lost: documents or passages that are gone or changed; told: whether anything was said of it."""

    file: str
    how: str
    code: int
    lost: int
    told: bool
    doctor_fine: bool
    seconds: float


def flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 8, 200)) if data else 0):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut(path: Path, chance: random.Random) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(chance.randrange(size) if size else 0)


def empty(path: Path, chance: random.Random) -> None:
    path.write_bytes(b"")


def gone(path: Path, chance: random.Random) -> None:
    path.unlink()


def overwrite(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data)) if data else 0
    data[at : at + 4096] = chance.randbytes(min(4096, len(data) - at))
    path.write_bytes(data)


def as_folder(path: Path, chance: random.Random) -> None:
    path.unlink()
    path.mkdir()


def swap(path: Path, chance: random.Random) -> None:
    home = next(folder for folder in path.parents if folder.name == "home")
    other = chance.choice(sorted(state_files(home)))
    data = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(data)


DAMAGES: tuple[Callable[[Path, random.Random], None], ...] = (flip, cut, empty, gone, overwrite, as_folder, swap)

LOOK = """
import json, sys
from pathlib import Path
from core.settings import Settings
from assistant import build
from corpus import index as index_module
real, corpus = index_module.Index, Path(sys.argv[2])
index_module.Index = lambda settings, **more: real(settings, corpus, **more)
settings = Settings(home=Path(sys.argv[1]))
from ui.doctor import report
if sys.argv[3] == "doctor":
    print(json.dumps([line for fine, line in report(settings) if fine is False]))
    sys.exit(0)
from corpus.retrieve import Retriever
index = build.open_index(settings)
hits = Retriever(index).search(sys.argv[4], 3)
texts = {d.document_id: [p.text for p in index.ledger.passages_of(d.document_id)] for d in index.ledger.documents()}
from assistant.history import History
history = History(settings.conversations_path)
texts["conversations"] = [turn.question for number in range(5) for turn in history.turns(f"s{number}")]
index.notices += history.database.notices
said = {"texts": texts, "first": hits[0].passage.passage_id if hits else "", "notices": index.notices, "dense": index.vectors is not None}
print(json.dumps(said))
"""


def made(folder: Path, documents: int = 4) -> None:
    """The folder to be damaged, with `corpus` and `home`."""
    import yaml

    from assistant.history import History, Turn
    from core.settings import load_settings
    from corpus.index import Index
    from ingest.pipeline import Ingestor

    (folder / "corpus" / "cards").mkdir(parents=True)
    (folder / "corpus" / "lexicon").mkdir()
    (folder / "corpus" / "sources.yaml").write_text("- {id: sample, title: 样例方案, published: 2030-01-01}\n", "utf-8")
    cards = [
        {"id": f"sample/card{n}", "kind": "policy", "title": f"样例{topic}", "source": "sample", "section": ["一、"],
         "text": f"这是第{n}张样例卡片的正文，说的是{topic}怎样推进，以及由谁来做。",
         "questions": [f"{topic}怎么做", f"谁管{topic}", f"{topic}是什么"]}
        for n, topic in enumerate(("上云", "贷款贴息", "人才培训", "机床联网", "仓库扫码"))
    ]  # fmt: skip
    (folder / "corpus" / "cards" / "cards.yaml").write_text(yaml.safe_dump(cards, allow_unicode=True), "utf-8")
    index = Index(load_settings().model_copy(update={"home": folder / "home"}), folder / "corpus")
    for n in range(documents):
        path = folder / f"规程{n}.md"
        path.write_text(f"# 第{n}号规程\n\n星海厂第{n}号设备每隔{n + 3}个月检查一次，由机修班长签字。\n", "utf-8")
        Ingestor(index).ingest([path])
    index.ledger.close()
    for number in range(5):
        History(folder / "home" / "conversations.db").add(f"s{number}", Turn(f"第{number}问", "", "答" * 200))


def looked(folder: Path, what: str) -> tuple[int, str]:
    """The exit code and the output of a process that opens the folder."""
    question = "第2号设备每隔几个月检查一次"
    command = [sys.executable, "-c", LOOK, str(folder / "home"), str(folder / "corpus"), what, question]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, cwd=Path(__file__).parents[1])
    except subprocess.TimeoutExpired:
        return 124, ""
    return ran.returncode, ran.stdout if ran.returncode == 0 else ran.stderr[-2000:]


def killed(folder: Path, after_s: float) -> None:
    """Open the folder in a process that is killed before it is through."""
    command = [sys.executable, "-c", LOOK, str(folder / "home"), str(folder / "corpus"), "ask", "上云"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=Path(__file__).parents[1])
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tried(
    built: Path, before: dict[str, list[str]], chance: random.Random, doctor_first: bool = False, kill_s: float = 0
) -> Try:
    """Damage one file of a copy and see what becomes of it. kill_s: when the first process that mends it is killed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "copy"
        shutil.copytree(built, folder)
        path = chance.choice(sorted(state_files(folder / "home")))
        name, damage = path.relative_to(folder / "home").as_posix(), chance.choice(DAMAGES)
        damage(path, chance)
        fine = not doctor_first
        if kill_s:
            killed(folder, kill_s)
        if doctor_first:
            code, said = looked(folder, "doctor")
            fine = code == 0 and said.strip().splitlines()[-1:] == ["[]"]
        started = time.monotonic()
        code, said = looked(folder, "ask")
        seconds = time.monotonic() - started
        if code:
            sys.stderr.write(f"{name} {damage.__name__}: {code} {said}\n")
            return Try(name, damage.__name__, code, 0, True, doctor_first and fine, seconds)
        found = json.loads(said.strip().splitlines()[-1])
        lost = sum(found["texts"].get(key) != texts for key, texts in before.items())
        told = bool(found["notices"]) or kill_s > 0 or (doctor_first and not fine)
        return Try(name, damage.__name__, 0, lost, told, doctor_first and fine, seconds)


def run(tries: int, kills: int, seed: int) -> Iterator[Try]:
    """Every try in its turn, each fourth with `doctor` first; then those in which mending is killed."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        built = Path(place) / "built"
        made(built)
        code, said = looked(built, "ask")
        assert code == 0, said
        before = json.loads(said.strip().splitlines()[-1])["texts"]
        for number in range(tries):
            yield tried(built, before, chance, doctor_first=number % 4 == 0)
        for _ in range(kills):
            yield tried(built, before, chance, kill_s=chance.uniform(0.3, 4.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=50)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found, at = [], Counter[str]()
    for one in run(args.tries, args.kills, args.seed):
        found.append(one)
        at[next((kind.name for kind in STATE if kind.holds(one.file)), one.file)] += 1
        if one.code or one.lost:
            print(f"{one.file} {one.how}: code {one.code}, lost {one.lost}, told {one.told}", flush=True)
    silent = sum(one.lost > 0 and not one.told for one in found)
    wrong = sum(one.doctor_fine and one.lost > 0 for one in found)
    slowest = sorted(one.seconds for one in found)
    print(
        f"tries {len(found)}, crashes {sum(one.code != 0 for one in found)}, recovered {sum(not one.code and not one.lost for one in found)},"
        f" lost {sum(one.lost > 0 for one in found)} (silently {silent}), doctor wrongly fine {wrong};"
        f" seconds median {slowest[len(slowest) // 2]:.1f}, worst {slowest[-1]:.1f}; by kind {dict(at)}"
    )


if __name__ == "__main__":
    main()
