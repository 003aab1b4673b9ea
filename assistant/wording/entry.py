"""The entry test of wording: ten short answers that a model has to reword; one that fails is not asked to word anything.

It is sat when a model is chosen (`xiangdao model use`), by the doctor, and when a program starts with a model, an application or
prompts that are new; the mark is kept in the data folder. What a model on another machine can do is not tried unasked.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from assistant.answer.composed import Composed
from assistant.engine.contract import Engine, EngineSettings
from assistant.wording.accept import Acceptance
from assistant.wording.echo import own_words
from assistant.wording.generate import generate
from core.types import Citation, Hit, Passage

QUESTIONS: tuple[tuple[str, str], ...] = (
    ("上云率到2027年要到多少？", "到2027年，中小企业上云率超过40%。这是全国的目标，不是对每一家企业的要求。"),
    ("每家最多补多少钱？", "试点企业改造按实际投入补助，最高不超过30%，每家不超过100万元，人员工资不算在内。"),
    ("MES和APS有什么区别？", "APS管排产，算出工序和物料的最优计划；MES管车间，记录生产的过程、质量和库存。"),
    ("小巨人称号管几年？", "专精特新“小巨人”企业称号有效期为3年，到期复核通过的，再延长3年。"),
    ("先建后补要自己先掏钱吗？", "要。先建后补是企业先建好、验收合格，再按花的钱补。"),
    ("申报要交哪些材料？", "要交四样：\n- 申报书\n- 营业执照\n- 上年度审计报告\n- 设备发票和付款凭证"),
    ("老师傅不肯扫码报工怎么办？", "先别罚。挑一条线试两周，让他少填一张纸，工资按扫的数算。"),
    ("挑服务商怎么看真假？", "1. 要五家同行客户的名单，你随机挑两家打电话。\n2. 电话从官网查，不用他给的手机号。\n3. 问现在谁在用、哪几块没用起来。"),
    ("云ERP和自己买服务器哪个便宜？", "看用几年。三年以内、没有专人管的，云的划算；用得久、有人管的，自己买服务器也行。"),
    ("规上是怎么算的？", "规上工业指年主营业务收入2000万元及以上的工业企业，看营收，不看人数。"),
)  # fmt: skip
ENOUGH = 6
"""How many of the ten must be accepted: of fewer most of the time that a model takes would be wasted."""
MOST_S = 150.0
"""Seconds after which a test ends with what has been sat, on a slow machine."""
LEAST_SAT = 3
FILE = "wording.json"
OWNER = "entry-test"
OWN = frozenset({"local", "openvino"})
"""Engines whose model runs in a child of this application."""


@dataclass(frozen=True)
class Mark:
    """How a model did: how many of the rewordings asked for were accepted, and in how many seconds."""

    right: int
    asked: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether enough were accepted, or as large a share of those that there was time for."""
        return self.asked >= LEAST_SAT and self.right * len(QUESTIONS) >= ENOUGH * self.asked

    @property
    def told(self) -> str:
        """The mark in words."""
        return f"说话测试 {self.asked} 题对 {self.right} 题（10题里要对 {ENOUGH} 题）"


def sit(engine: Engine, most_s: float = MOST_S) -> Mark:
    """Have a model word the ten answers; ends early once it can pass or fail no more. Raises EngineFailed."""
    started, right, asked = time.monotonic(), 0, 0
    for question, text in QUESTIONS:
        if asked and time.monotonic() - started > most_s:
            break
        right += worded_well(engine, question, text)
        asked += 1
        if asked - right > len(QUESTIONS) - ENOUGH:
            break
    return Mark(right, asked, round(time.monotonic() - started, 1))


def worded_well(engine: Engine, question: str, text: str) -> bool:
    """Whether a model rewords one answer so that it is accepted."""
    composed = Composed(
        f"{text} [1]", (Citation(1, "", "", "", "entry", text),), (Hit(Passage("entry", "", "", text), 1.0),)
    )
    heard = Acceptance(question, composed)
    words = generate(question, composed, (), engine, owner=OWNER)
    all(map(heard.hear, words))
    words.close()
    return bool(heard.finished().text)


def known(home: Path, settings: EngineSettings) -> Mark | None:
    """The kept mark of the model that the settings name; None where it has not sat the test as it is now."""
    row = _rows(home).get(paper(settings))
    try:
        return Mark(int(row["right"]), int(row["asked"]), float(row["seconds"])) if row else None
    except (KeyError, TypeError, ValueError):
        return None


def keep(home: Path, settings: EngineSettings, mark: Mark) -> None:
    """Keep a mark; where the data folder cannot be written to, the test is sat again another time."""
    rows = {**_rows(home), paper(settings): asdict(mark)}
    part = home / f"{FILE}.part"
    try:
        part.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(home / FILE)
    except OSError:
        return


def examined(home: Path, engine: Engine, most_s: float = MOST_S) -> Mark:
    """The mark of an engine's model, which sits the test where it has not. Raises EngineFailed."""
    mark = known(home, engine.settings)
    if mark is None:
        mark = sit(engine, most_s)
        keep(home, engine.settings, mark)
    return mark


def try_out(home: Path, engine: Engine) -> None:
    """Have a model of this application's own that is new sit the test. Raises EngineFailed."""
    if engine.name in OWN:
        examined(home, engine)


def refused(home: Path, engine: Engine) -> bool:
    """Whether an engine's model is known to have failed."""
    mark = known(home, engine.settings)
    return mark is not None and not mark.passed


def paper(settings: EngineSettings) -> str:
    """What a mark is good for: one model's weights or address, these questions, these prompts."""
    path = settings.model_path
    if settings.engine == "remote" or path is None:
        model = f"{settings.remote_url} {settings.remote_model}"
    else:
        files = sorted(path.iterdir()) if path.is_dir() else [path] if path.is_file() else []
        model = " ".join(
            [path.name, *(f"{f.name}:{f.stat().st_size}:{f.stat().st_mtime_ns}" for f in files if f.is_file())]
        )
    return hashlib.sha256(f"{model}\n{_test()}".encode()).hexdigest()[:24]


@lru_cache
def _test() -> str:
    return f"{QUESTIONS}\n{own_words()}"


def _rows(home: Path) -> dict[str, dict[str, float]]:
    try:
        rows = json.loads((home / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return rows if isinstance(rows, dict) else {}
