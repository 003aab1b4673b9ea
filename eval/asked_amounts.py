"""What a firm would get by a notice: python -m eval.asked_amounts FOLDER... [--misses N] [--engine NAME]

FOLDER: *.yaml, each a notice (`title`, `lines`; a line in bars is the row of a table) with `asked`: `q`, the question, and
`value`, what she gets in 元, 0 where nothing, null where it cannot be told. The notices are written as .docx and taken in;
the amount is then computed from the passages and tables that the ledger holds. A wrong sum is worse than none. The files of
open/ have been looked at, those of unread/ have not.

--engine: what is not told without a model is then put together by the one that the settings name for that engine, as in a
conversation; whether it passes the entry test is told, and it is asked even where it does not.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import docx
import yaml

from assistant.build import build_assistant
from assistant.document.desk import Desk
from assistant.document.worked.entry import PROBLEMS
from assistant.document.worked.proposer import SECONDS, Proposer
from assistant.document.worked.reading import sheet_on
from assistant.document.worked.told import told
from assistant.engine.choose import open_engine
from core.clock import today
from core.errors import NotAvailable
from core.settings import Settings, load_settings
from corpus.encoder.encoder import Encoder, built_in
from corpus.typed_tables import tables_of
from eval.metrics import ratio
from ingest.pipeline import Ingestor
from tools.notice_amount.answer import amount

Verdict = Literal["right", "wrong", "declined"]


@dataclass(frozen=True)
class Judged:
    """A question and what came of it. told: the sum in 元, None where none was told."""

    file: str
    question: str
    value: float | None
    told: Decimal | None
    text: str
    by_model: bool = False

    @property
    def verdict(self) -> Verdict:
        if self.told is None:
            return "right" if self.value is None else "declined"
        if self.value is None:
            return "wrong"
        return "right" if abs(self.told - Decimal(str(self.value))) <= 1 else "wrong"


def judged(folder: Path, home: Path, proposer: Proposer | None = None) -> Iterator[Judged]:
    """Every question of a folder's notices, worked out. home: a data folder, into which the notices are taken.

    proposer: asks a model about what is not told without one.
    """
    index = build_assistant(_at(home), remember=False).retriever.index
    encoder = built_in()
    for path in sorted(folder.glob("*.yaml")):
        notice = yaml.safe_load(path.read_text("utf-8"))
        file = home.parent / f"{path.stem}.docx"
        write(notice, file)
        (outcome,) = Ingestor(index).ingest([file])
        passages = index.ledger.passages_of(outcome.document_id)
        tables = tables_of(index.ledger.connection, outcome.document_id)
        for asked in notice["asked"]:
            found = amount(passages, tables, str(asked["q"]), None, encoder)
            value = found.value_yuan if found else None
            row = Judged(path.stem, str(asked["q"]), asked["value"], value, found.text if found else "")
            document = index.ledger.document(outcome.document_id)
            desk = Desk(document, index.ledger, {}, today()) if document else None
            better = _worked(row, desk, proposer, encoder) if proposer and desk and value is None else None
            yield better or row


def _worked(row: Judged, desk: Desk, proposer: Proposer, encoder: Encoder | None) -> Judged | None:
    """What a model and code make of a question; None where no amount comes of it."""
    worked = proposer.worked(sheet_on(row.question, desk, encoder), "", time.monotonic() + SECONDS)
    if worked is None:
        return None
    return replace(row, told=worked.result.value, text=told(worked, desk).text, by_model=True)


def write(notice: dict[str, Any], path: Path) -> None:
    """The notice as a .docx; lines in bars that follow one another are one table."""
    made, rows = docx.Document(), list[list[str]]()
    made.add_paragraph(notice["title"])
    for line in [*map(str, notice["lines"]), ""]:
        if line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            rows += [] if all(set(cell) <= set(":-") and cell for cell in cells) else [cells]
            continue
        if rows:
            table = made.add_table(len(rows), max(map(len, rows)))
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    table.cell(at, column).text = cell
            rows = []
        made.add_paragraph(line)
    if published := str(notice.get("published", "")):
        year, month, day = map(int, published.split("-"))
        made.add_paragraph(f"{year}年{month}月{day}日")
    made.save(str(path))


def _at(home: Path) -> Settings:
    return load_settings().model_copy(update={"home": home, "engine": "extractive"})


def figures(rows: Sequence[Judged]) -> str:
    counts = Counter(row.verdict for row in rows)
    return (
        f"{counts['right']}/{len(rows)} 对（{ratio(counts['right'], len(rows)):.1%}），"
        f"错 {counts['wrong']}，没有算 {counts['declined']}{_of_model(rows)}"
    )


def _of_model(rows: Sequence[Judged]) -> str:
    """How often a model's steps were taken, and how often they were right; empty where none were."""
    counts = Counter(row.verdict for row in rows if row.by_model)
    return f"；其中模型列式 {counts.total()}：对 {counts['right']}，错 {counts['wrong']}" if counts else ""


def proposer_of(name: str, home: Path) -> Proposer:
    """Asks the model that the settings name for an engine. Raises NotAvailable where there is none."""
    engine = open_engine(load_settings().model_copy(update={"engine": name}))
    if engine is None:
        raise NotAvailable("没有可用的模型。", "先运行 python3 start.py model list 看看。")
    proposer = Proposer(engine, home)
    passed = proposer.passes("", time.monotonic() + SECONDS * len(PROBLEMS))
    print(f"入门测试{'过了' if passed else '没过（对话里不会用它）'}")
    proposer.trusted = True
    return proposer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--misses", type=int, default=0, help="how many of the answers that are not right are shown")
    parser.add_argument("--engine", choices=("auto", "local", "openvino", "remote"), help="which model is asked too")
    args = parser.parse_args()
    for folder in args.folders:
        with tempfile.TemporaryDirectory() as made:
            proposer = proposer_of(args.engine, Path(made)) if args.engine else None
            rows = list(judged(folder, Path(made) / "home", proposer))
        print(f"{folder}：{figures(rows)}")
        for row in [row for row in rows if row.verdict != "right"][: args.misses]:
            print(f"\n{row.file} {row.question}\n  应为 {row.value}，{row.verdict}\n  {row.text}")


if __name__ == "__main__":
    main()
