"""How far code alone holds a model that knows nothing: python -m eval.bench_steps FOLDER...

FOLDER: as for eval.asked_amounts. Every way to put one to three steps together out of the listed figures (照; 减; 乘; 乘 and 取小;
减, 乘 and 取小) is held to the checks as if a model had proposed it. Told is for how many questions a right amount can be reached so,
and for how many a wrong one would be let pass: a model is to be no worse than chance, which these figures bound from above.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from assistant.document.clauses import clauses, shared_words
from assistant.document.worked.guards import check
from assistant.document.worked.quantity import Refused
from assistant.document.worked.reckoning import reckon
from assistant.document.worked.shape import Op, Step
from assistant.document.worked.sheet import Sheet, sheet_of
from core.types import Passage
from corpus.row_names import SEPARATOR
from eval.metrics import ratio


@dataclass(frozen=True)
class Reached:
    """The amounts that the checks let pass for a question. value: the right one; None where it cannot be told."""

    question: str
    value: Decimal | None
    passed: frozenset[Decimal]

    @property
    def right(self) -> bool:
        return any(self._is_right(one) for one in self.passed)

    @property
    def wrong(self) -> bool:
        return any(not self._is_right(one) for one in self.passed)

    def _is_right(self, value: Decimal) -> bool:
        return self.value is not None and abs(value - self.value) <= 1


def reached(notice: dict[str, object]) -> Iterator[Reached]:
    """Every question of a notice with all amounts that pass; the notice's tables are read as lines."""
    found = clauses(_passages(str(notice["title"]), [str(line) for line in notice["lines"]]))  # type: ignore[attr-defined]
    for asked in notice["asked"]:  # type: ignore[attr-defined]
        near = shared_words(str(asked["q"]), found)
        order = sorted(range(len(found)), key=lambda at, near=near: -near[at])  # type: ignore[misc]
        sheet = sheet_of(str(asked["q"]), found, [found[at] for at in order])
        value = None if asked["value"] is None else Decimal(str(asked["value"]))
        yield Reached(str(asked["q"]), value, frozenset(_passing(sheet)))


def _passages(title: str, lines: Sequence[str]) -> list[Passage]:
    """A notice's lines as passages: each row of a table is one, as it is when a file is taken in."""
    texts, header = [""], list[str]()
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.lstrip().startswith("|") else []
        if not cells:
            texts[-1], header = f"{texts[-1]}\n{line}", []
        elif not header:
            header = cells
        elif not all(set(cell) <= set(":-") for cell in cells):
            row = zip(header[1:], cells[1:], strict=False)
            texts += ["\n".join(SEPARATOR.join((cells[0], head, cell)) for head, cell in row), ""]
    return [Passage(f"bench#{n}", "bench", title, text.strip()) for n, text in enumerate(texts) if text.strip()]


def _passing(sheet: Sheet) -> Iterator[Decimal]:
    for steps in short(sheet):
        try:
            worked = reckon(sheet, steps)
            check(worked)
            yield worked.result.value
        except Refused:
            continue


def short(sheet: Sheet) -> Iterator[list[Step]]:
    """One to three steps in every way that a subsidy is commonly reckoned."""
    told = [one.name for one in sheet.told]
    given = [one.name for line in sheet.shown for one in line.operands]
    for b in given:
        yield [_step("照", b, b)]
        yield from ([_step("减", b, other)] for other in (*told, *given) if other != b)
    bases = [(a, list[Step]()) for a in told]
    bases += [("s1", [_step("减", a, other)]) for a in told for other in told if a != other]
    for base, before in bases:
        for b in given:
            taken = [*before, _step("乘", base, b)]
            yield taken
            yield from ([*taken, _step("取小", f"s{len(taken)}", cap)] for cap in given if cap != b)


def _step(op: Op, left: str, right: str) -> Step:
    return Step.model_construct(op=op, left=left, right=right, why="")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    for folder in parser.parse_args().folders:
        rows = [
            row for path in sorted(folder.glob("*.yaml")) for row in reached(yaml.safe_load(path.read_text("utf-8")))
        ]
        counts = Counter(right=sum(row.right for row in rows), wrong=sum(row.wrong for row in rows))
        right, wrong = (f"{counts[key]}（{ratio(counts[key], len(rows)):.1%}）" for key in ("right", "wrong"))
        print(f"{folder}：{len(rows)} 题，列得出对的 {right}，放得过错的 {wrong}")


if __name__ == "__main__":
    main()
