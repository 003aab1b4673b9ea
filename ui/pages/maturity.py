"""数字化评估: begun, taken up again question by question, and read as a level with what lifts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.errors import BadInput, XiangdaoError
from tools import maturity, registry
from tools.outcome import Outcome
from tools.questionnaire import Question, as_data, find, questions, read_answers
from tools.report.charts import charts_of
from tools.report.files import from_json
from ui.pages import drawing, render, reports
from ui.pages.visit import Action, Visit
from ui.shown import Shown

SKIPPED = "_skipped"
"""Where an assessment's arguments keep the questions passed over; the tool does not get them."""


def _book(visit: Visit) -> Any:
    from assistant.store.assessments import Assessments

    return Assessments(visit.database, visit.user)


def show(visit: Visit, done: str = "", problem: XiangdaoError | None = None) -> Shown:
    """The list, or one assessment: /maturity, /maturity/3?q=scene-design, /maturity/3/result."""
    if visit.parts[:1] and visit.parts[0]:
        found = _book(visit).get(_id(visit.parts[0]))
        if visit.parts[1:] == ("result",):
            return _result(visit, found, done)
        return _question(visit, found, visit.query.get("q", ""), problem)
    return _listed(visit, done, problem)


def _id(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else 0


def _listed(visit: Visit, done: str = "", problem: XiangdaoError | None = None) -> Shown:
    rows = _book(visit).all()
    finished = [(row, row.result["data"]) for row in rows if row.finished and row.result]
    waiting = [(row, len(read_answers(row.arguments.get("答案", {})).keys)) for row in rows if not row.finished]
    html = render.page(
        "maturity.html", finished=finished, waiting=waiting, total=len(questions()), industry=visit.profile.industry or "",
        done=done, problem=problem and render.problem(problem),
    )  # fmt: skip
    return Shown(html, path="/maturity")


def begin(visit: Visit) -> Shown:
    industry = visit.text("industry")
    known = visit.profile
    arguments: dict[str, Any] = {"行业": industry, "从业人员": known.employees, "答案": {}}
    try:
        maturity.Arguments.model_validate({k: v for k, v in arguments.items() if v is not None})
        registry.run("maturity", {k: v for k, v in arguments.items() if v is not None})
    except (BadInput, ValueError) as exc:
        told = exc if isinstance(exc, XiangdaoError) else BadInput("行业写得太长了。", "用几个字，如：注塑。")
        return _listed(visit, problem=told)
    return _question(visit, _book(visit).begin(arguments))


def _question(visit: Visit, found: Any, key: str = "", problem: XiangdaoError | None = None) -> Shown:
    """One question of an assessment; without a key the next open one, and the result where there is none."""
    answers = read_answers(found.arguments.get("答案", {}))
    skipped = found.arguments.get(SKIPPED, [])
    order = list(questions())
    asked: Question | None = find(key) if key else next(
        (q for q in order if q.key not in answers.keys and q.key not in skipped), None
    )  # fmt: skip
    if asked is None:
        return _result(visit, found)
    place = order.index(asked)
    chosen = answers.as_json().get(asked.key)
    quick = sum(q.key in answers.keys for q in order[:10])
    html = render.page(
        "maturity_question.html", id=found.id, version=found.version, question=as_data(asked), number=place + 1,
        total=len(order), answered=len(answers.keys), quick=quick, chosen=[str(c) for c in chosen] if isinstance(chosen, list) else [str(chosen)],
        back=order[place - 1].key if place else "", problem=problem and render.problem(problem), finished=found.finished,
    )  # fmt: skip
    return Shown(html, path=f"/maturity/{found.id}" + (f"?q={asked.key}" if key else ""))


def answer(visit: Visit) -> Shown:
    """Keep one answer, or that it is passed over, and go on to the next question."""
    book = _book(visit)
    found = book.get(_id(visit.text("id")))
    asked = find(visit.text("key"))
    arguments = dict(found.arguments)
    answers, skipped = dict(arguments.get("答案", {})), [k for k in arguments.get(SKIPPED, []) if k != asked.key]
    given = visit.texts("choice")
    try:
        if visit.text("do") == "skip":
            answers.pop(asked.key, None)
            skipped.append(asked.key)
        elif not given or given == [""]:
            raise BadInput("还没有选。", "选一个最接近的；说不准就点“不清楚，跳过”。")
        else:
            answers[asked.key] = given if as_data(asked)["multiple"] else given[-1]
            read_answers({asked.key: answers[asked.key]})
        version = _id(visit.text("version"))
        found = book.change(found.id, version, {**arguments, "答案": answers, SKIPPED: skipped})
    except BadInput as exc:
        return _question(visit, book.get(found.id), asked.key, exc)
    order = [q.key for q in questions()]
    later = order[order.index(asked.key) + 1 :]
    known = read_answers(answers).keys
    following = next((k for k in later if k not in known and k not in skipped), "")
    if visit.text("do") == "result" or (asked.key == order[9] and len(known) <= 10):
        return _result(visit, found)
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
    arguments = {k: v for k, v in found.arguments.items() if not k.startswith("_") and v is not None}
    earlier = next((r for r in _book(visit).all() if r.finished and r.id < found.id), None)
    if earlier and read_answers(arguments.get("答案", {})).keys:
        arguments["上次答案"] = earlier.arguments.get("答案", {})
    return registry.run("maturity", arguments)


def _result(visit: Visit, found: Any, done: str = "") -> Shown:
    outcome = from_json(found.result) if found.finished and found.result else _run(visit, found)
    data = outcome.data
    charts = [drawing.figure(chart) for chart in charts_of(data)] if data["answered"] else []
    html = render.page(
        "maturity_result.html", id=found.id, found=found, data=data, charts=charts, text=render.answer(outcome.text, outcome.citations),
        steps=outcome.next_steps, done=done, peers=[_peer(row) for row in data["peers"]], rule=_rule(data),
    )  # fmt: skip
    return Shown(html, outcome.citations, f"/maturity/{found.id}/result")


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
    path = reports.offer(visit, "数字化水平自评", result)
    shown = _result(visit, found, "报告已生成，浏览器会存到下载文件夹。")
    return Shown(shown.html, shown.citations, shown.path, download=path)


ACTIONS: dict[str, Action] = {
    "begin": begin, "answer": answer, "finish": finish, "forget": forget, "export": export,
}  # fmt: skip
