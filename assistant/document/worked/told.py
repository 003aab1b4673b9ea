"""A worked amount in words: what it comes to, each step with where its figures come from, and what is still to be looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.cite import Citations
from assistant.document.desk import Desk, summary_of
from assistant.document.worked.caps import within
from assistant.document.worked.reckoning import Taken, Worked
from assistant.document.worked.scope import marks, reaching
from assistant.document.worked.sheet import Line
from assistant.summary import Summary
from core.cut import quoted, shorten
from core.types import Hit
from tools.notice_amount.wording import verb

MADE = "列式的是语言模型，数由程序按上面写明的来处算出；请对着原文看一遍再用。"
SIGNS = {"乘": " × ", "除": " ÷ ", "加": " + ", "减": " − "}
MOST_NOTES, NOTED, ROLES = 4, 60, {"firm": "企业情况", "part": "其中一部分"}
_PIECES = re.compile(r"[，。；;]")


def told(worked: Worked, desk: Desk) -> Summary:
    """The amount with its steps, the lines cited that they stand on."""
    book, result = Citations(desk.sources), worked.result
    cited = {line.number: f"[{book.number(Hit(line.clause.passage, 1.0), line.clause.text)}]" for line in worked.lines}
    line, _ = worked.rules[0]
    rows = [f"**按它的规定，能{verb(f'{line.clause.under}{line.text}')}{result.told}**，是这样算的："]
    rows += [f"{n}. {_step(n, key, worked, cited)}" for n, key in enumerate(worked.steps, 1)]
    rows += ["", "用到的规定："]
    rows += [f"- {quoted(shorten(line.text.strip('；。 '), 120))} {cited[line.number]}" for line in worked.lines]
    rows += [f"- 还要看：{note}" for note in notes(worked)]
    rows += ["", f"> {MADE}"]
    return summary_of("\n".join(rows), book, desk, absent=False, value_yuan=result.value)


def _step(number: int, key: str, worked: Worked, cited: dict[int, str]) -> str:
    """One step in a line: 400万元（您说的“花掉四百万”） × 15%（规定 [1]） = 60万元."""
    step = worked.steps[key]
    values = [_value(name, value.told, worked, cited) for name, value in zip(step.names, step.values, strict=True)]
    return f"{_sum(step, values)} = {step.result.told}"


def _sum(step: Taken, values: list[str]) -> str:
    if step.op in SIGNS:
        return SIGNS[step.op].join(values)
    if step.op in {"取小", "取大"}:
        return f"{'、'.join(values)}，取{'小' if step.op == '取小' else '大'}的"
    return f"{values[0]}{'，去掉零头' if step.op == '取整' else ''}"


def _value(name: str, value: str, worked: Worked, cited: dict[int, str]) -> str:
    """A figure with where it comes from: her words, the line of the notice, an earlier step."""
    if name in worked.steps:
        return f"{value}（第{list(worked.steps).index(name) + 1}步）"
    one, line = worked.sheet.operands[name], worked.sheet.line_of(name)
    if line is None:
        return f"{value}（您说的“{one.around}”）" if one.around else f"{value}（{one.words}）"
    return f"{value}（规定{'的上限' if one.kind == 'cap' else ''} {cited[line.number]}）"


def notes(worked: Worked) -> list[str]:
    """What the lines name and the question does not speak of, and figures of the question that did not go in."""
    found = [*_conditions(worked), *_beside(worked)]
    unused = [one.around for one in worked.sheet.told if one.name not in worked.result.of]
    if unused:
        found.append(f"您说的{'、'.join(f'“{around}”' for around in unused[:2])}没有算进去")
    return list(dict.fromkeys(found))[:MOST_NOTES]


def _conditions(worked: Worked) -> Iterator[str]:
    """The pieces of the used lines that no figure came from and that the question shares no word with."""
    said = marks(worked.sheet.question)
    for line in worked.lines:
        at = 0
        for piece in _PIECES.split(line.text):
            end = at + len(piece)
            used = any(at <= one.start < end for one in line.operands if one.name in worked.result.of)
            if not used and len(piece) > 2 and not marks(piece) & said:
                yield f"这一条还写着“{shorten(piece, NOTED)}”，您没有说到"
            at = end + 1


def _beside(worked: Worked) -> Iterator[str]:
    """The lines beside them that take something away, but for thresholds that are known to be passed."""
    used = {_key(line) for line in worked.lines}
    own = marks("".join([worked.sheet.question, *(line.text for line in worked.lines)]))
    for line in reaching(worked):
        known = [within(worked, one.band) is False for one in line.operands if one.band]
        passed = bool(known) and all(known)
        near = worked.bases or marks(line.text) & own
        if line.refuses and near and not (line.gives or passed or _key(line) in used):
            yield f"“{shorten(line.text.strip('；。 '), NOTED)}”"


def _key(line: Line) -> tuple[str, str]:
    return line.clause.under, line.clause.text
