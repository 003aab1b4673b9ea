"""数字化评估: begun, taken up again question by question, and read as a level with what lifts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.errors import BadInput, XiangdaoError
from tools import registry
from tools.maturity.choices import NONE
from tools.maturity.compute import ADVISED_FROM
from tools.maturity.practice import AREA_SCENES
from tools.maturity.questionnaire import (
    NOT_APPLICABLE,
    SKIP,
    UNKNOWN,
    Answers,
    Question,
    as_data,
    find,
    questions,
    read_answers,
)
from tools.outcome import Outcome
from tools.report.charts import charts_of
from tools.report.files import from_json
from ui.pages import drawing, render, reports
from ui.pages.visit import Action, Visit
from ui.shown import Shown

_SKIPPED = "_skipped"
"""Where assessments begun before 不知道 and 不适用 were answers keep the questions passed over."""


NOTHING_CHOSEN = "这题还没选。选一个最接近的就行；说不准选“不知道”，没有这块业务选“不适用”，想先放一放就点“先跳过”。"

TWO_WAYS = "“不知道”或“不适用”和别的选项一起选了，请只留一种，其余的点一下去掉。"


def _book(visit: Visit) -> Any:
    from assistant.store.assessments import Assessments

    return Assessments(visit.database, visit.user)


def show(visit: Visit, done: str = "", problem: XiangdaoError | None = None) -> Shown:
    """The list, or one assessment: /maturity, /maturity/3?q=scene-design, /maturity/3/result."""
    if visit.parts[:1] and visit.parts[0]:
        found = _book(visit).get(_id(visit.parts[0]))
        if visit.parts[1:] == ("result",):
            return _result(visit, found, done)
        return _question(visit, found, visit.query.get("q", ""), problem=problem)
    return _listed(visit, done, problem)


def _id(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else 0


def _listed(visit: Visit, done: str = "", problem: XiangdaoError | None = None) -> Shown:
    rows = _book(visit).all()
    finished = [(row, row.result["data"]) for row in rows if row.finished and row.result]
    waiting = [(row, _run(visit, row).data["answered"]) for row in rows if not row.finished]
    html = render.page(
        "maturity.html", finished=finished, waiting=waiting, total=len(questions()), industry=visit.profile.industry or "",
        done=done, problem=problem and render.problem(problem),
    )  # fmt: skip
    return Shown(html, path="/maturity")


def begin(visit: Visit) -> Shown:
    """Begin with what is known of the firm: what it told before is an answer already."""
    known = visit.profile
    told = {area: said for area, said in known.practices if area in AREA_SCENES}
    arguments: dict[str, Any] = {
        "行业": visit.text("industry"), "从业人员": known.employees, "已用系统": list(known.systems), **told, "答案": {},
    }  # fmt: skip
    arguments = {name: value for name, value in arguments.items() if value is not None}
    try:
        registry.run("maturity", arguments)
    except (BadInput, ValueError) as exc:
        wrong = exc if isinstance(exc, XiangdaoError) else BadInput("行业写得太长了。", "用几个字，如：注塑。")
        return _listed(visit, problem=wrong)
    return _question(visit, _book(visit).begin(arguments))


def _answers(found: Any) -> Answers:
    """The answers of an assessment; what was passed over in one begun long ago counts as skipped."""
    given = found.arguments.get("答案", {})
    return read_answers({**dict.fromkeys(found.arguments.get(_SKIPPED, []), SKIP), **given})


def _question(visit: Visit, found: Any, key: str = "", note: str = "", problem: XiangdaoError | None = None) -> Shown:
    """One question of an assessment; without a key the next open one, and the result where there is none."""
    data = _run(visit, found).data
    following = data["next_question"]
    if not key and following is None:
        return _result(visit, found)
    asked, order = find(key or following["key"]), list(questions())
    place, answers = order.index(asked), _answers(found)
    html = render.page(
        "maturity_question.html", id=found.id, version=found.version, question=as_data(asked), number=place + 1,
        total=len(order), answered=data["answered"], chosen=_chosen(answers, asked), back=order[place - 1].key if place else "",
        told=next((row["words"] for row in data["told"] if row["key"] == asked.key), ""), others=[] if answers.keys else data["told"],
        note=note, problem=problem and render.problem(problem), finished=found.finished,
    )  # fmt: skip
    return Shown(html, path=f"/maturity/{found.id}" + (f"?q={asked.key}" if key else ""))


def _chosen(answers: Answers, asked: Question) -> list[str]:
    """The ids of what is ticked: options, a level, 都没有, 不知道 or 不适用."""
    given = answers.as_json().get(asked.key)
    if given == []:
        return [NONE]
    return [str(one) for one in given] if isinstance(given, list) else [str(given)]


def answer(visit: Visit) -> Shown:
    """Keep one answer, or that it is passed over, and go on to the next question."""
    book = _book(visit)
    found = book.get(_id(visit.text("id")))
    asked, given = find(visit.text("key")), visit.texts("choice")
    skips = visit.text("do") == "skip"
    if not skips and not any(given):
        return _question(visit, found, asked.key, NOTHING_CHOSEN)
    if len(given) > 1 and {UNKNOWN, NOT_APPLICABLE} & set(given):
        return _question(visit, found, asked.key, TWO_WAYS)
    try:
        value: Any = SKIP if skips else given if as_data(asked)["multiple"] and len(given) > 1 else given[-1]
        read_answers({asked.key: value})
        answers = {k: v for k, v in _answers(found).as_json().items() if k != asked.key} | {asked.key: value}
        arguments = {name: kept for name, kept in found.arguments.items() if name != _SKIPPED} | {"答案": answers}
        earlier, found = found, book.change(found.id, _id(visit.text("version")), arguments)
    except BadInput as exc:
        return _question(visit, book.get(found.id), asked.key, problem=exc)
    data, before = _run(visit, found).data, _run(visit, earlier).data["answered"]
    if visit.text("do") == "result" or before < ADVISED_FROM <= data["answered"]:
        return _result(visit, found)
    settled, order = read_answers(answers), [q.key for q in questions()]
    done = settled.keys | set(settled.open) | {row["key"] for row in data["told"]}
    following = next((k for k in order[order.index(asked.key) + 1 :] if k not in done), "")
    return _question(visit, found, following)


def finish(visit: Visit) -> Shown:
    """Keep the result, to be compared with later ones; the level goes into the profile where that is kept."""
    book = _book(visit)
    found = book.get(_id(visit.text("id")))
    outcome = _run(visit, found)
    if not outcome.data["answered"]:
        raise BadInput("一题都还没答，没有结果可存。", "先答几题。")
    found = book.change(found.id, found.version, found.arguments, outcome.as_json())
    _tell_profile(visit, outcome)
    return _result(visit, found, "已存为一次评估。过一阵再测，就能看出进步。")


def _tell_profile(visit: Visit, outcome: Outcome) -> None:
    from dataclasses import replace

    level = outcome.data["level_low"]
    if outcome.data["complete"] and level:
        visit.profiles.learn(lambda known: replace(known, level=level), "assessment")


def _run(visit: Visit, found: Any) -> Outcome:
    """The result of an assessment as it stands, compared with the finished one before it."""
    arguments = {k: v for k, v in found.arguments.items() if not k.startswith("_") and v not in (None, "", [])}
    arguments["答案"] = _answers(found).as_json()
    earlier = next((r for r in _book(visit).all() if r.finished and r.id < found.id), None)
    if earlier and read_answers(arguments.get("答案", {})).keys:
        arguments["上次答案"] = earlier.arguments.get("答案", {})
    return registry.run("maturity", arguments)


def _result(visit: Visit, found: Any, done: str = "") -> Shown:
    outcome = from_json(found.result) if found.finished and found.result else _run(visit, found)
    data = _completed(outcome.data)
    charts = [drawing.figure(chart) for chart in charts_of(data)] if data["answered"] else []
    html = render.page(
        "maturity_result.html", id=found.id, found=found, data=data, charts=charts, text=render.answer(outcome.text, outcome.citations),
        steps=outcome.next_steps, done=done, peers=[_peer(row) for row in data["peers"]], rule=_rule(data),
    )  # fmt: skip
    return Shown(html, outcome.citations, f"/maturity/{found.id}/result")


def _completed(data: Mapping[str, Any]) -> dict[str, Any]:
    """A result with what those kept by earlier versions do not have."""
    gap = data.get("gap")
    if gap and "words" not in gap:
        words = f"还差{gap['points']:g}分、{gap['scenes']}个做到这一级的场景"
        steps = [{"brings": "", **step} for step in gap.get("steps") or ()]
        gap = {**gap, "words": words, "whole": True, "steps": steps}
    return {"told": [], "open": [], "narrowing": "", "score_shown": "", **data, "gap": gap}


def _rule(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The rule of the next level."""
    return next((rule for rule in data["rules"] if rule["level"] == data["level_low"] + 1), None)


def _peer(row: Mapping[str, Any]) -> dict[str, Any]:
    """A peer group's shares by level that are known, in percent."""
    shares = [("不到二级", row["below_level_2"])] + [(render.LEVELS[n], row[f"level_{n}"]) for n in (1, 2, 3, 4)]
    return {
        "label": row["label"],
        "note": row["note"],
        "n_note": row["n_note"],
        "shares": [s for s in shares if s[1] is not None],
    }


def forget(visit: Visit) -> Shown:
    _book(visit).forget(_id(visit.text("id")))
    return _listed(visit, "已删掉这次评估。")


def export(visit: Visit) -> Shown:
    found = _book(visit).get(_id(visit.text("id")))
    result = found.result if found.finished and found.result else _run(visit, found).as_json()
    path = reports.offer(visit, "maturity", result)
    shown = _result(visit, found, "报告已生成，浏览器会存到下载文件夹。")
    return Shown(shown.html, shown.citations, shown.path, download=path)


ACTIONS: dict[str, Action] = {
    "begin": begin, "answer": answer, "finish": finish, "forget": forget, "export": export,
}  # fmt: skip
