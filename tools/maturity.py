"""How digital a firm is under the 2024 indicators: a quick range from what was told, or the full assessment from answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.errors import BadInput
from corpus.tables import load_tables
from tools import assessment, maturity_text
from tools.amounts import People
from tools.industries import Match, industry
from tools.next_level import Gap, gap
from tools.outcome import Book, Outcome, structured, weakest
from tools.practice import AREA_SCENES, Reading, combine, read_area, read_systems
from tools.questionnaire import QUICK, Answers, as_data, questions, read_answers, unanswered

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

    from tools.assessment import Evaluation


class Arguments(BaseModel):
    """What maturity is asked with; everything may be left out."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    industry: str = Field(default="", alias="行业", max_length=60, description="行业，日常说法即可")
    systems: list[str] = Field(default=[], alias="已用系统", max_length=40, description="在用的系统：金蝶ERP、钉钉")
    design: str = Field(default="", alias="研发设计", max_length=300, description="设计、工艺现在怎么做")
    production: str = Field(default="", alias="生产制造", max_length=300, description="车间、质量、设备现在怎么管")
    supply: str = Field(default="", alias="采购供应", max_length=300, description="采购、仓库现在怎么管")
    sales: str = Field(default="", alias="市场营销", max_length=300, description="订单、客户、售后现在怎么管")
    answers: dict[str, Any] = Field(
        default={}, alias="答案", max_length=60, description="评测题的答案：题号或题名 → 选项"
    )
    earlier: dict[str, Any] = Field(default={}, alias="上次答案", max_length=60, description="上次的答案，用来看进步")
    employees: People | None = Field(default=None, alias="从业人员", description="从业人员，人")

    @field_validator("systems", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        parts = value.replace("，", "、").split("、") if isinstance(value, str) else value
        return [p.strip() if isinstance(p, str) else p for p in parts] if isinstance(parts, (list, tuple)) else parts

    @field_validator("design", "production", "supply", "sales", mode="before")
    @classmethod
    def _joined(cls, value: object) -> object:
        return "，".join(map(str, value)) if isinstance(value, (list, tuple)) else value

    @property
    def told(self) -> dict[str, str]:
        """Business area → what was said of it."""
        words = (self.design, self.production, self.supply, self.sales)
        return {area: text for area, text in zip(AREA_SCENES, words, strict=True) if text.strip()}


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Assess as far as the arguments go: nothing told → the first question; described → a range; answered → points and level."""
    match = industry(args.industry) if args.industry.strip() else None
    answers, earlier = read_answers(args.answers), read_answers(args.earlier)
    inferred, notes, names = _inferred(args)
    exact = assessment.evaluate(answers)
    likely = None if exact.complete else assessment.estimate(answers, inferred, names)
    shown = likely or exact
    book = Book()
    mode = (
        "full" if exact.complete else "partial" if answers.items or answers.scenes else "quick" if inferred else "start"
    )
    lacking = _gap(answers, inferred, shown, exact.complete)
    notes += _fit(match, args.employees)
    facts = maturity_text.Facts(mode, answers, inferred, exact, shown, lacking, match, notes)
    parts = [*maturity_text.parts(facts, book), *_progress_text(earlier, answers)]
    data = {
        "mode": mode, "industry": match.label if match else None, "employees": args.employees, **assessment.as_data(shown),
        "certain": {"score_low": exact.score.low, "score_high": exact.score.high, "level_low": int(exact.level.low), "level_high": int(exact.level.high)},
        "answered": len(answers.keys), "total": len(questions()), "answers": answers.as_json(), "readings": _readings(answers, inferred),
        "gap": lacking.as_json() if lacking else None, "peers": maturity_text.peers_data(match),
        "stages": maturity_text.stages_data(shown), "progress": _progress(earlier, answers), "notes": notes,
        **_open_questions(answers, inferred), "conflicts": {row.name: row.conflict for q in questions() if (row := q.row).conflict},
        "unofficial": list(maturity_text.UNOFFICIAL), "official_self_test": maturity_text.SELF_TEST,
        "rules": [rule.model_dump(exclude={"source", "card", "section"}) for rule in load_tables().level_rules],
    }  # fmt: skip
    certainty = book.certainty if mode == "start" else weakest(book.certainty, "own")
    asks = () if exact.complete else _asks(args, answers)
    return Outcome("\n\n".join(parts), data, book.rows, certainty, maturity_text.next_steps(facts), asks)


def _inferred(args: Arguments) -> tuple[dict[str, Reading], list[str], list[str] | None]:
    """(readings of scenes from words and systems, notes, names of the systems in use or None where not told)."""
    told: dict[str, Reading] = {}
    notes: list[str] = []
    for area, text in args.told.items():
        found = read_area(area, text)
        told |= found
        if not found:
            notes.append(f"{area}说的“{text[:20]}”看不出几级，没有计入")
    systems = [name for name in args.systems if name]
    by_system, names, unknown = read_systems(systems)
    if unknown:
        notes.append(f"没认出{'、'.join(f'“{word[:20]}”' for word in unknown)}是哪类系统，没有计入")
    inferred, contradictions = combine(told, by_system)
    return inferred, [*notes, *contradictions], names if systems else None


def _gap(answers: Answers, inferred: dict[str, Reading], shown: Evaluation, complete: bool) -> Gap | None:
    """What lacks for the next level, once all 16 scenes are known; points only where all items were asked."""
    level, scenes = int(shown.level.low) + 1, {**inferred, **answers.scenes}
    if level > 4 or len(scenes) < len(load_tables().scenes):
        return None
    items_asked = len(answers.items) == len(load_tables().items)
    return gap(Answers(answers.items, scenes), level, ask_points=complete or items_asked)


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


def _open_questions(answers: Answers, told: Mapping[str, Reading]) -> dict[str, Any]:
    """The next question and the ones after it: the rest of the ten of the quick screen, then ten at a time."""
    left = unanswered(answers, told)
    quick = [question for question in left if question.key in QUICK and question.key not in answers.skipped]
    return {
        "next_question": as_data(left[0]) if left else None,
        "questions": [as_data(q) for q in (quick or left[:10])],
    }


def _asks(args: Arguments, answers: Answers) -> tuple[str, ...]:
    if answers.keys:
        return ("答案",)
    words = {"已用系统": args.systems, "行业": args.industry, **{area: args.told.get(area) for area in AREA_SCENES}}
    order = ("已用系统", "生产制造", "采购供应", "市场营销", "研发设计", "行业")
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


def tool() -> StructuredTool:
    """The LangChain tool."""
    text = "按2024年版评测指标估企业的数字化水平几级、差在哪、怎么补最省力；可以一题题答，也可以凭用了什么系统粗估。"
    return structured("maturity", text, Arguments, run)
