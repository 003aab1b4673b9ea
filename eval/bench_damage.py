"""Damage to what the program keeps and ships, at random: what is recovered, what is lost, and what `doctor` says.

`python -m eval.bench_damage --tries 50 --kills 10 --seed 1`. A data folder with some documents, over a small knowledge in a copy of
the program, is built once. Each try damages one file of the kinds that core/state.py declares, opens the folder in a process of its
own, asks, and compares all that is kept, and the answers, with those of before. A kill ends the first process that mends.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Queue
from typing import Any

from core.state import kind_of, shipped_files, state_files
from eval.damaged_place import Place, made
from eval.damages import DAMAGES, own_


@dataclass(frozen=True)
class Try:
    """One damage. lost: what is gone or changed, also answers; told: whether anything was said of it, by_doctor: only there.

    refused: a sentence came in the place of everything; doctor_fine: `doctor`, run first, found nothing;
    cpu_s: what the process that mended took of a core.
    """

    number: int
    file: str
    how: str
    code: int = 0
    lost: tuple[str, ...] = ()
    told: bool = True
    by_doctor: bool = False
    refused: bool = False
    doctor_fine: bool = False
    cpu_s: float = 0.0
    notices: tuple[str, ...] = field(default=(), repr=False)

    @property
    def silent(self) -> bool:
        return bool(self.lost) and not self.told and not self.by_doctor


def tried(
    place: Place, built: Place, before: dict[str, Any], number: int, seed: int, kill_within_s: float, files: str
) -> Try:
    """Damage one file of a place and see what becomes of it. kill_within_s: 0 where nothing is killed."""
    chance = random.Random(f"{seed} {kill_within_s > 0} {number}")
    with tempfile.TemporaryDirectory() as temporary:
        place.refilled(built, Path(temporary) / "home")
        path, damage = chosen(place, chance, files), chance.choice(DAMAGES)
        root = place.home if path.is_relative_to(place.home) else place.program
        one = Try(number, f"{root.name}/{path.relative_to(root).as_posix()}", damage.__name__)
        own_(path)
        damage(path, chance)
        faults: list[str] = []
        if kill_within_s:
            one = replace(one, how=f"{one.how}, killed")
            code, told = place.looked("ask", limit_s=chance.uniform(0.05, kill_within_s))
            faults = [] if code or isinstance(told, str) else told.get("notices", [])  # it was through before its time
        elif number % 4 == 0:
            code, told = place.looked("doctor")
            if code or isinstance(told, str):
                return replace(one, how=f"{one.how} (doctor)", code=code, notices=(str(told)[-3000:],))
            faults = told.get("faults", [told.get("refused", "")])
            one = replace(one, doctor_fine=not faults)
        code, found = place.looked("ask")
        if code or isinstance(found, str):
            return replace(one, code=code, notices=(str(found)[-3000:],))
        if "refused" in found:
            return replace(one, refused=True, notices=(found["refused"],))
        lost, notices = tuple(differing(before, found)), (*found["notices"], *faults)
        by_doctor = bool(lost) and not notices and _doctor_tells(place)
        return replace(one, lost=lost, told=bool(notices), by_doctor=by_doctor, cpu_s=found["cpu_s"], notices=notices)


def chosen(place: Place, chance: random.Random, pattern: str = "*") -> Path:
    """A file of a kind, each kind as likely. pattern: of the files' names that may be chosen."""
    files: dict[str, list[Path]] = {}
    for root, found in (
        (place.home, state_files(place.home)),
        (place.program / "corpus", shipped_files(place.program / "corpus")),
    ):
        for path in (path for path in sorted(found) if path.match(pattern)):
            files.setdefault(kind_of(path.relative_to(root).as_posix()), []).append(path)
    return chance.choice(files[chance.choice(sorted(files))])


def differing(before: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    """The names of what is kept or answered otherwise than before."""
    for part in ("kept", "answers"):
        yield from (str(key) for key, value in before[part].items() if found[part].get(key) != value)


def _doctor_tells(place: Place) -> bool:
    code, told = place.looked("doctor")
    return code == 0 and not isinstance(told, str) and told.get("faults") != []


def run(
    tries: int,
    kills: int,
    seed: int,
    workers: int = 1,
    only: int | None = None,
    minutes: float = 1e6,
    files: str = "*",
) -> Iterator[Try]:
    """Every try, each fourth with `doctor` first, and among them those in which mending is killed; no more after so many minutes."""
    until = time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        built = made(folder / "built")
        before, lasts_s = _undamaged(built)
        places: Queue[Place] = Queue()
        for number in range(workers):
            places.put(built.copied(folder / f"worker{number}"))

        def one(what: tuple[int, bool]) -> Try | None:
            if time.monotonic() > until:
                return None
            number, kill = what
            place = places.get()
            try:
                return tried(place, built, before, number, seed, lasts_s if kill else 0, files)
            finally:
                places.put(place)

        wanted = sorted([(n, False) for n in range(tries)] + [(n, True) for n in range(kills)], key=_turn(tries, kills))
        with ThreadPoolExecutor(workers) as pool:
            found = pool.map(one, [w for w in wanted if only in (None, w[0])])
            yield from (each for each in found if each)
        for place in (built, *(places.get() for _ in range(workers))):
            place.close()


def _undamaged(built: Place) -> tuple[dict[str, Any], float]:
    """What is seen before there is any damage, and how many seconds that takes; what a killed program leaves beside its files stays."""
    built.looked("ask")  # as it is after a first start
    code, told = built.looked("doctor")
    assert code == 0 and told == {"faults": []}, told
    started = time.monotonic()
    code, before = built.looked("left")
    assert code == 0 and not isinstance(before, str) and not before["notices"] and before["dense"], before
    print(f"undamaged: {before['cpu_s']:.1f} s of a core", flush=True)
    return before, time.monotonic() - started


def _turn(tries: int, kills: int) -> Callable[[tuple[int, bool]], float]:
    """Spreads the kills among the other tries, so that an early end has some of both."""
    return lambda one: one[0] / max(1, kills if one[1] else tries)


def shown(found: list[Try]) -> str:
    """The figures in a few lines."""
    seconds = sorted(one.cpu_s for one in found if one.notices and one.cpu_s)
    at = Counter(kind_of(one.file.partition("/")[2].removeprefix("corpus/")) for one in found)
    whole = sum(not (one.code or one.refused or one.lost) for one in found)
    return (
        f"tries {len(found)}: whole again {whole}, refused with a sentence {sum(one.refused for one in found)},"
        f" something lost or answered otherwise {sum(bool(one.lost) for one in found)}"
        f" (told at once {sum(bool(one.lost) and one.told for one in found)}, by doctor {sum(one.by_doctor for one in found)},"
        f" silently {sum(one.silent for one in found)}), crashes {sum(one.code != 0 for one in found)},"
        f" doctor wrongly fine {sum(one.doctor_fine and bool(one.lost or one.code) for one in found)}\n"
        + (f"seconds of a core where something was told: median {seconds[len(seconds) // 2]:.1f}, P95 {seconds[len(seconds) * 95 // 100]:.1f},"
           f" worst {seconds[-1]:.1f}\n" if seconds else "")
        + f"by kind {dict(sorted(at.items()))}"
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=50)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e6, help="no further tries after so many")
    parser.add_argument("--files", default="*", help="damage only files of these names, as *-wal")
    parser.add_argument("--only", type=int, help="only the try of this number")
    args = parser.parse_args()
    found = []
    for one in run(args.tries, args.kills, args.seed, args.workers, args.only, args.minutes, args.files):
        found.append(one)
        words = (
            "SILENT"
            if one.silent
            else "crash"
            if one.code
            else "refused"
            if one.refused
            else "lost"
            if one.lost
            else "whole"
        )
        said = one.notices if one.code or one.lost or one.refused or args.only is not None else len(one.notices)
        print(f"{one.number} {one.file} {one.how}: {words} {one.lost or ''} {one.cpu_s:.1f} s {said}", flush=True)
    print(shown(found))


if __name__ == "__main__":
    main()
