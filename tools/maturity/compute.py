"""How digital a firm is under the 2024 indicators: a quick range from what was told, or the full assessment from answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.cut import shorten
from core.errors import BadInput
from core.text import normalise
from corpus.tables import load_tables
from tools.firm.amounts import People
from tools.firm.extraction import system_words
from tools.firm.industries import Match, industry
from tools.firm.scenes import AREA_SCENES
from tools.maturity import advice as maturity_advice
from tools.maturity import assessment, scored
from tools.maturity import wording as maturity_text
from tools.maturity.choices import choices
from tools.maturity.next_level import Gap, gap
from tools.maturity.practice import Reading, combine, read_area, read_systems
from tools.maturity.questionnaire import QUICK, Answers, Question, as_data, find, questions, read_answers, unanswered
from tools.outcome import Book, Outcome, weakest

if TYPE_CHECKING:
    from tools.maturity.assessment import Evaluation

ADVISED_FROM = 10
"""From so many answers on it is told what lacks and what to do first."""
ESTIMATED_FROM = 4
"""From so many scenes known on it is told beside the bounds what is likely."""


class Arguments(BaseModel):
    """What maturity is asked with; everything may be left out."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    industry: str = Field(default="", alias="行业", max_length=60, description="行业，日常说法即可")
    systems: list[str] = Field(default=[], alias="已用系统", max_length=40, description="在用的系统：金蝶ERP、钉钉")
    design: str = Field(default="", alias="研发设计", max_length=300, description="设计、工艺现在怎么做")
    production: str = Field(default="", alias="生产制造", max_length=300, description="车间、质量、设备现在怎么管")
    supply: str = Field(default="", alias="采购供应", max_length=300, description="采购、仓库现在怎么管")
    sales: str = Field(default="", alias="市场营销", max_length=300, description="订单、客户、售后现在怎么管")
    management: str = Field(default="", alias="经营管理", max_length=300, description="财务、考勤、审批现在怎么管")
    answers: dict[str, Any] = Field(
        default={},
        alias="答案",
        max_length=60,
        description="评测题的答案：题号或题名 → 选项，或“都没有”“不适用”“不知道”“跳过”",
    )
    earlier: dict[str, Any] = Field(default={}, alias="上次答案", max_length=60, description="上次的答案，用来看进步")
    employees: People | None = Field(default=None, alias="从业人员", description="从业人员，人")
    view: Literal["", "题", "结果", "结束"] = Field(
        default="",
        alias="只看",
        description="题：一题题答，答满十题才给完整结果；结果：现在就给；结束：给完整结果，不再出题",
    )
    ask: str = Field(default="", alias="问", max_length=60, description="接下来问哪一题，题号或题名")
    score: float | None = Field(default=None, alias="得分", description="别处测得的分数，0到100")
    scenes: int | None = Field(default=None, alias="场景数", description="和得分一起：有几个场景到了“场景等级”")
    scene_level: int | None = Field(default=None, alias="场景等级", ge=1, le=4, description="这些场景到了几级")
    constraint: int | None = Field(default=None, alias="约束性场景数", description="其中约束性场景几个")
    unread: str = Field(default="", alias="没对上", max_length=300, description="对这一题说的、没认出是哪个选项的话")

    @field_validator("systems", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        parts = value.replace("，", "、").split("、") if isinstance(value, str) else value
        return [p.strip() if isinstance(p, str) else p for p in parts] if isinstance(parts, (list, tuple)) else parts

    @field_validator("design", "production", "supply", "sales", "management", mode="before")
    @classmethod
    def _joined(cls, value: object) -> object:
        return "，".join(map(str, value)) if isinstance(value, (list, tuple)) else value

    @property
    def told(self) -> dict[str, str]:
        """Business area → what was said of it."""
        words = (self.design, self.production, self.supply, self.sales, self.management)
        return {area: text for area, text in zip(AREA_SCENES, words, strict=True) if text.strip()}


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Assess as far as the arguments go: nothing told → the first question; described → a range; answered → points and level."""
    if args.score is not None:
        return scored.outcome(scored.Scored(args.score, args.scenes, args.scene_level, args.constraint))
    match = industry(args.industry) if args.industry.strip() else None
    given, earlier = read_answers(args.answers), read_answers(args.earlier)
    inferred, notes, names = _inferred(args)
    inferred = {
        id: reading for id, reading in inferred.items() if f"scene-{id}" not in (*given.open, *given.not_applicable)
    }
    answers, told = _with_told(given, inferred)
    complete = len(answers.keys) == len(questions())
    exact = assessment.evaluate(answers if complete else given)
    book = Book()
    answered = bool(given.items or given.scenes or given.not_applicable)
    mode = "full" if complete else "partial" if answered else "quick" if inferred else "start"
    likely = None if exact.level.exact or mode == "start" else _likely(answers, inferred, names, mode)
    lacking = _gap(answers, exact, likely, complete)
    notes += [*_fit(match, args.employees), *maturity_advice.not_applicable_note(given)]
    asked = _next(args, given, answers, inferred)
    facts = maturity_text.Facts(
        mode, answers, given, inferred, exact, likely, lacking, match, notes, told, _owned(args.systems), asked,
        _passed(args, given), args.view, args.unread,
    )  # fmt: skip
    parts = [*maturity_text.parts(facts, book), *_progress_text(earlier, answers)]
    data = {
        "mode": mode, "industry": match.label if match else None, "employees": args.employees, **assessment.as_data(exact, given.not_applicable),
        "complete": complete,
        "estimate": maturity_text.likely_data(likely),
        "answered": len(answers.keys), "total": len(questions()), "answers": given.as_json(), "readings": _readings(answers, inferred),
        "told": [{"key": key, "words": words} for key, words in told.items()],
        "gap": _gap_data(lacking, facts.owned), "peers": maturity_text.peers_data(match),
        "stages": maturity_text.stages_data(exact), "progress": _progress(earlier, answers), "notes": notes,
        "next_question": as_data(asked) if asked else None, "questions": _following(answers, inferred),
        "open": [{"key": q.key, "name": q.row.name, "passed": q.key in answers.open} for q in maturity_advice.open_questions(answers)],
        "narrowing": "" if mode == "start" else maturity_advice.narrowing(answers, exact),
        "conflicts": {row.name: row.conflict for q in questions() if (row := q.row).conflict},
        "unofficial": list(maturity_text.UNOFFICIAL), "official_self_test": maturity_text.SELF_TEST,
        "rules": [rule.model_dump(exclude={"source", "card", "section"}) for rule in load_tables().level_rules],
    }  # fmt: skip
    certainty = book.certainty if mode == "start" else weakest(book.certainty, "own")
    asks = () if complete or asked is None else _asks(args, given)
    steps = maturity_text.next_steps(facts)
    return Outcome(
        "\n\n".join(parts), data, book.rows, certainty, steps, asks, begins=mode == "start" and not args.answers
    )


def _with_told(given: Answers, inferred: Mapping[str, Reading]) -> tuple[Answers, dict[str, str]]:
    """(answers with what was told before where that names one level, how each of these was taken by its question's key)."""
    taken = {id: r for id, r in inferred.items() if r.low == r.high and id not in given.scenes}
    scenes = {scene.id: scene for scene in load_tables().scenes}
    told = {
        f"scene-{id}": f"{scenes[id].name}：{choices(scenes[id])[r.low].text}（您说过：{maturity_text.said_of(r)}）"
        for id, r in taken.items()
    }
    return replace(given, scenes={**taken, **given.scenes}), told


def _passed(args: Arguments, given: Answers) -> bool:
    """Whether the answer given last leaves its question open."""
    return bool(args.answers) and not args.ask and find(list(args.answers)[-1]).key in given.open


def _owned(systems: list[str]) -> dict[str, str]:
    """Scene id → a system in use that may cover it."""
    return {
        id: words
        for said in systems
        for words, rows in system_words(normalise(said)[:60])
        for row in rows
        for id in row.scenes
    }


def _inferred(args: Arguments) -> tuple[dict[str, Reading], list[str], list[str] | None]:
    """(readings of scenes from words and systems, notes, names of the systems in use or None where not told)."""
    told: dict[str, Reading] = {}
    notes: list[str] = []
    for area, text in args.told.items():
        found = read_area(area, text)
        told |= found
        if not found:
            notes.append(f"{area}说的“{shorten(text, 20)}”看不出几级，没有计入")
    systems = [name for name in args.systems if name]
    _, names, unknown = read_systems(systems)
    of_area = {name: area for name in systems for area, text in args.told.items() if name in text}
    by_system = read_systems([name for name in systems if name not in of_area])[0]
    for name, area in of_area.items():  # 财务用金蝶 tells nothing of what is bought
        own = {id: found for id, found in read_systems([name])[0].items() if id in AREA_SCENES[area]}
        by_system = own | by_system
    if unknown:
        notes.append(f"没认出{'、'.join(f'“{shorten(word, 20)}”' for word in unknown)}是哪类系统，没有计入")
    inferred, contradictions = combine(told, by_system)
    return inferred, [*notes, *contradictions], names if systems else None


def _likely(answers: Answers, inferred: Mapping[str, Reading], names: list[str] | None, mode: str) -> Evaluation | None:
    """What is likely, as far as there is enough to go by: a few words told to be judged, or several scenes answered."""
    enough = mode == "quick" or len({*answers.scenes, *inferred}) >= ESTIMATED_FROM
    return assessment.estimate(answers, inferred, names) if enough else None


def _gap(answers: Answers, exact: Evaluation, likely: Evaluation | None, complete: bool) -> Gap | None:
    """What lacks for the next level, once ten questions are answered: the one after the likely, while most are open."""
    mostly_open = 2 * len(answers.keys) < len(questions())
    level = int((likely if likely and mostly_open else exact).level.low) + 1
    return gap(answers, level, exact) if level <= 4 and (complete or len(answers.keys) >= ADVISED_FROM) else None


def _gap_data(lacking: Gap | None, owned: Mapping[str, str]) -> dict[str, Any] | None:
    if lacking is None:
        return None
    lines = [maturity_advice.step_words(step, owned) for step in lacking.steps or ()]
    target = maturity_text.level_name(lacking.level)
    return {**lacking.as_json(), "words": maturity_advice.gap_words(lacking, target), "lines": lines}


def _next(args: Arguments, given: Answers, answers: Answers, inferred: Mapping[str, Reading]) -> Question | None:
    """The question to put next: the one asked for, one answered vaguely, the first that is neither settled nor passed over."""
    if args.view == "结束":
        return None
    if args.ask:
        return find(args.ask)
    vague = [find(f"scene-{id}") for id, r in given.scenes.items() if r.low < r.high]
    left = [q for q in unanswered(answers, inferred) if q.key not in answers.open]
    return next(iter([*vague, *left]), None)


def _following(answers: Answers, inferred: Mapping[str, Reading]) -> list[dict[str, Any]]:
    """The questions after it: the rest of the ten of the quick screen, then ten at a time."""
    left = unanswered(answers, inferred)
    quick = [question for question in left if question.key in QUICK and question.key not in answers.open]
    return [as_data(q) for q in (quick or left[:10])]


def _fit(match: Match | None, employees: int | None) -> list[str]:
    """Where the indicators do not quite fit the firm."""
    notes = (
        ["题里有车间、设备的问题，非工业企业有些不适用，以官方系统里的题为准"] if match and match.row is None else []
    )
    large = next(sector.bounds["employees"][0] for sector in load_tables().size_sectors if sector.id == "industry")
    if employees and employees >= large:
        notes.append(f"这套指标是给中小企业用的，{large:g}人及以上先核对还算不算中小企业（说“算什么型企业”）")
    return notes


def _readings(answers: Answers, inferred: dict[str, Reading]) -> list[dict[str, Any]]:
    names = {scene.id: scene.name for scene in load_tables().scenes}
    known = {**inferred, **answers.scenes}
    return [{"id": id, "name": names[id], "low": r.low, "high": r.high, "reason": r.reason} for id, r in known.items()]


def _asks(args: Arguments, answers: Answers) -> tuple[str, ...]:
    if answers.keys:
        return ("答案",)
    words = {"已用系统": args.systems, "行业": args.industry, **{area: args.told.get(area) for area in AREA_SCENES}}
    order = ("已用系统", "生产制造", "采购供应", "市场营销", "研发设计", "经营管理", "行业")
    return (*(name for name in order if not words[name]), "答案")


def _progress(earlier: Answers, answers: Answers) -> dict[str, Any] | None:
    """What changed since the earlier answers, over the questions answered both times."""
    if not earlier.keys or not answers.keys:
        return None
    items = [item for item in load_tables().items if item.id in earlier.items and item.id in answers.items]
    scenes = [scene for scene in load_tables().scenes if scene.id in earlier.scenes and scene.id in answers.scenes]
    before, now = assessment.evaluate(earlier), assessment.evaluate(answers)
    both = before.complete and now.complete
    return {
        "compared": len(items) + len(scenes),
        "points": round(sum(now.points[i.id].low - before.points[i.id].low for i in items), 4),
        "level_before": int(before.level.low) if both else None, "level_now": int(now.level.low) if both else None,
        "items": [
            {"name": i.name, "before": before.points[i.id].low, "now": now.points[i.id].low}
            for i in items if before.points[i.id] != now.points[i.id]
        ],
        "scenes": [
            {"name": s.name, "before": int(before.scenes[s.id].low), "now": int(now.scenes[s.id].low)}
            for s in scenes if before.scenes[s.id] != now.scenes[s.id]
        ],
    }  # fmt: skip


def _progress_text(earlier: Answers, answers: Answers) -> list[str]:
    progress = _progress(earlier, answers)
    if progress is None:
        if earlier.keys:
            raise BadInput("只给了上次的答案，没有这次的，没法比。", "把这次的放在“答案”里。")
        return []
    return [maturity_text.progress(progress)]
