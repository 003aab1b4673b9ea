"""What to do with a result in words: what lacks for the next level, what to do first, which open answers would narrow it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from corpus.rows import Scene
from tools.maturity.assessment import Evaluation, Span
from tools.maturity.next_level import Gap, Step
from tools.maturity.practice import LEVEL_WORDS
from tools.maturity.questionnaire import Answers, Question, questions

STEPS_SHOWN = 5
"""How many steps are told between questions."""
NAMES_SHOWN = 5


def gap_words(gap: Gap, target: str) -> str:
    """离二级（规范级）还差7到15分，还缺2到5个做到二级的场景（其中…）. target: the level with its name."""
    points = _points(gap.points)
    name = LEVEL_WORDS[gap.level]
    scenes, must = _count(gap.scenes), _count(gap.constraint_scenes)
    lacking = ""
    if scenes:
        inside = f"（其中约束性场景，就是官方重点看的，{must}）" if must else ""
        lacking = f"还缺{scenes}做到{name}的场景{inside}"
    elif must:
        lacking = f"还缺{must}做到{name}的约束性场景（官方重点看的）"
    said = f"离{target}{points}" if points else f"离{target}分数够了"
    return "，".join(filter(None, (said, lacking)))


def _points(span: Span) -> str:
    """还差6.625分, 还差7到15分, or 最多还差8分: as fine as the points for what is known, whole points for a range."""
    if span.exact:
        return f"还差{round(span.high, 3):g}分" if span.high else ""
    low, high = math.floor(span.low), math.ceil(round(span.high, 4))
    return f"还差{low}到{high}分" if low else f"最多还差{high}分"


def _count(span: Span) -> str:
    if not span.high:
        return ""
    low, high = int(span.low), int(span.high)
    return f"{high}个" if low == high else f"{low}到{high}个" if low else f"最多{high}个"


def steps_words(gap: Gap, owned: Mapping[str, str], few: bool = False) -> str:
    """The steps as a list. owned: scene id → the system in use that may cover it, so that none is bought twice.

    few: only the first, between questions.
    """
    steps = gap.steps or ()
    most = STEPS_SHOWN if few else len(steps)
    lines = [f"{number}. {step_words(step, owned)}" for number, step in enumerate(steps[:most], 1)]
    rest = f"\n后面还有{len(steps) - most}步，说“看结果”看全。" if len(steps) > most else ""
    return "\n".join(lines) + rest


def step_words(step: Step, owned: Mapping[str, str]) -> str:
    system = owned.get(step.key.removeprefix("scene-")) if step.key.startswith("scene-") else None
    use = f"；您已有{system}，先把它的这一块用起来，不急着另买" if system else ""
    gain = f"，加{round(step.points, 3):g}分" if step.points else ""
    own = "；这是结果，前面做好了才会有" if step.result else ""
    what_for = f"。好处：{step.brings}" if step.brings else ""
    return f"{step.name}：{step.before} → {step.after}（力气{step.effort}{gain}{use}{own}）{what_for}"


def open_questions(answers: Answers) -> list[Question]:
    """The questions not settled, those that weigh most for the level first: scenes that count, then many points."""
    left = [question for question in questions() if question.key not in answers.keys]
    return sorted(left, key=_weight)


def _weight(question: Question) -> tuple[int, float]:
    row = question.row
    if isinstance(row, Scene):
        return (0 if row.constraint else 1, row.number)
    return (2, -row.points)


def narrowing(answers: Answers, exact: Evaluation) -> str:
    """Which open answers would narrow the range; empty where none is open."""
    left = open_questions(answers)
    if not left:
        return ""
    if exact.level.exact:
        return f"还有{len(left)}题没定，不过怎么答都不会改变这个级别，只影响分数。"
    names = "、".join(question.row.name for question in left[:NAMES_SHOWN])
    more = "等" if len(left) > NAMES_SHOWN else ""
    return f"还有{len(left)}题没定，最能把范围变窄的是：{names}{more}。"


def offer(answers: Answers) -> str:
    """At the end: what was passed over and can be taken up again; empty where nothing was."""
    names = [question.row.name for question in questions() if question.key in answers.open]
    return f"您跳过或说不知道的有{len(names)}题：{'、'.join(names)}。问清楚了就说“补答”，我再问一遍。" if names else ""


def not_applicable_note(answers: Answers) -> Sequence[str]:
    """How what does not fit the firm was treated; nothing where all fits."""
    if not answers.not_applicable:
        return ()
    names = "、".join(question.row.name for question in questions() if question.key in answers.not_applicable)
    return (
        f"您说不适用的：{names}。官方对不适用怎么算没见到原文，这里两种都算：计分题最少按0分，最多是去掉这题、其余折成百分；"
        "场景不计入达标个数",
    )
