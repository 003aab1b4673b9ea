"""Questions about documents: python -m eval.asked_documents FOLDER [--misses N]

FOLDER: files/ and questions.jsonl, each line {"file", "id", "kind", "question", "must", "must_not", "truth"}: of each group
of `must` one string stands in a right answer, of `must_not` none; blanks, commas and asterisks do not count. Every file is
taken in alone, and its questions are asked of it on one day. The sets in eval/sets/documents were written by people who had
not seen the readers; those called open have been looked at, those called unread have not.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.build import build_assistant
from core.settings import Settings, load_settings
from core.types import Done
from eval.metrics import ratio
from ingest.pipeline import Ingestor

DAY = date(2026, 11, 30)
"""The day on which the sets were written."""
ALL = "合计"


@dataclass(frozen=True)
class Asked:
    """A question with its answer. missing: groups of which nothing stands in it; wrong: what stands in it and must not."""

    question: dict[str, Any]
    answer: str
    missing: tuple[tuple[str, ...], ...]
    wrong: tuple[str, ...]

    @property
    def right(self) -> bool:
        return not self.missing and not self.wrong


def ask_all(folder: Path, base: Path) -> Iterator[Asked]:
    """Every question of a set, answered. base: a data folder without documents, which is copied for each file."""
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines() if line.strip()]
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_file[row["file"]].append(row)
    for name, questions in sorted(by_file.items()):
        with tempfile.TemporaryDirectory() as made:
            home = Path(made) / "home"
            shutil.copytree(base, home)
            yield from _of_file(folder / "files" / name, questions, home)


def _of_file(path: Path, questions: list[dict[str, Any]], home: Path) -> Iterator[Asked]:
    guide = build_assistant(_at(home), remember=False)
    (outcome,) = Ingestor(guide.retriever.index).ingest([path])
    document = outcome.document_id.rpartition(":")[2]
    for question in questions:
        events = guide.ask(question["question"], document=document, day=DAY)
        yield judged(question, next(event.answer.text for event in events if isinstance(event, Done)))


def _at(home: Path) -> Settings:
    """The user's settings, without a model, on another data folder."""
    return load_settings().model_copy(update={"home": home, "engine": "extractive"})


def judged(question: dict[str, Any], answer: str) -> Asked:
    """An answer held against what it must and must not hold; the list of sources does not count."""
    body = _bare(answer.partition("\n\n出处")[0])
    missing = tuple(tuple(group) for group in question["must"] if not any(_bare(said) in body for said in group))
    wrong = tuple(said for said in question.get("must_not", ()) if _bare(said) in body)
    return Asked(question, answer, missing, wrong)


def _bare(text: str) -> str:
    return re.sub(r"[\s,，*]", "", text)


def figures(asked: list[Asked]) -> dict[str, tuple[int, int, int]]:
    """Of each kind of question and of all: how many are right, how many there are, how many hold something wrong."""
    rows: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        rows[one.question["kind"]].append(one)
        rows[ALL].append(one)
    return {
        kind: (sum(one.right for one in own), len(own), sum(bool(one.wrong) for one in own))
        for kind, own in sorted(rows.items())
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", type=int, default=0, help="how many of the answers that are not right are shown")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        base = Path(made) / "base"
        build_assistant(_at(base), remember=False).answer("数字化转型从哪里开始")
        asked = list(ask_all(args.folder, base))
    for kind, (right, count, wrong) in figures(asked).items():
        print(f"{kind}：{right}/{count} 对（{ratio(right, count):.1%}），{wrong} 个有错的数或日期")
    for one in [one for one in asked if not one.right][: args.misses]:
        print(f"\n{one.question['id']} {one.question['question']}\n  应为：{one.question['truth']}\n  {one.answer}")


if __name__ == "__main__":
    main()
