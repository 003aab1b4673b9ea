"""The entry test of working out amounts: five short notices; a model that gets one wrong is never asked.

It is sat when a question first needs it, within the time of that question, and goes on at the next one; the mark is kept in the
data folder, for this model, these problems and these prompts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assistant.document.clauses import Clause
from assistant.document.worked.sheet import Sheet, sheet_of
from assistant.engine.contract import EngineSettings
from assistant.wording.entry import paper as model_paper
from core.types import Passage

FILE = "amounts.json"


@dataclass(frozen=True)
class Problem:
    """A question about a notice, and what it comes to in 元; None where that cannot be told."""

    question: str
    lines: tuple[str, ...]
    value_yuan: Decimal | None

    @property
    def sheet(self) -> Sheet:
        passage = Passage("entry", "", "", "\n".join(self.lines))
        found = [Clause(line, "支持标准", passage) for line in self.lines]
        return sheet_of(self.question, found, found)


PROBLEMS = (
    Problem(
        "我们是大型冷库，制冷机组花了90万，能补多少",
        ("小型冷库，按制冷设备投入的30%补助，单户最高8万元；", "大型冷库，按制冷设备投入的20%补助，单户最高15万元。"),
        Decimal(150000),
    ),
    Problem(
        "窑炉改造一共花了260万，其中厂房粉刷60万，能补多少",
        ("窑炉改造，按实际投入的12%补助。", "厂房粉刷费不计入投入。"),
        Decimal(240000),
    ),
    Problem(
        "前年评上铜牌茶园领过6万，今年升到金牌茶园，还能领多少",
        ("评为金牌茶园的，奖励20万元；", "评为铜牌茶园的，奖励6万元；", "由低一级升到高一级的，只补差额。"),
        Decimal(140000),
    ),
    Problem(
        "今年派了14个绣娘去进修，补多少",
        ("派绣娘进修的，每人补助700元；", "派染匠进修的，每人补助400元。"),
        Decimal(9800),
    ),
    Problem(
        "渔船贷款用了400万，一共用了9个月，能贴多少",
        ("渔船贷款，按贷款本金的年利率1.5%贴息，按实际用款月数折算，每户最高10万元。", "网箱贷款，按贷款本金的年利率1%贴息，按实际用款月数折算。"),
        Decimal(45000),
    ),
)  # fmt: skip
"""None is of a set; each wants another kind of sum: a cap, what does not count, a difference, a number of people, a part of a year."""


def known(home: Path, settings: EngineSettings) -> bool | None:
    """Whether the model that the settings name has passed; None where it has not sat the test to the end."""
    passed = _rows(home).get(paper(settings))
    return passed if isinstance(passed, bool) else None


def keep(home: Path, settings: EngineSettings, passed: bool) -> None:
    """Keep a mark; where the data folder cannot be written to, the test is sat again another time."""
    rows, part = {**_rows(home), paper(settings): passed}, home / f"{FILE}.part"
    try:
        part.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        part.replace(home / FILE)
    except OSError:
        return


def paper(settings: EngineSettings, problems: Sequence[Problem] = PROBLEMS) -> str:
    """What a mark is good for."""
    return hashlib.sha256(f"{model_paper(settings)}\n{problems}".encode()).hexdigest()[:24]


def _rows(home: Path) -> dict[str, object]:
    try:
        rows = json.loads((home / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return rows if isinstance(rows, dict) else {}
