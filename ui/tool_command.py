"""`xiangdao tool NAME`: one computing tool by itself."""

from __future__ import annotations

import argparse
import json
from typing import Any

from core.errors import BadInput, NeedsArgument
from core.strict_json import loads
from tools import registry
from tools.outcome import Outcome, source_line
from tools.spec import specs
from ui.screen import show_text, tell
from ui.usage import width

EXAMPLE = """例如 --args '{"行业": "注塑", "从业人员": 280}'。"""


def tool(args: argparse.Namespace) -> int:
    if not args.name:
        _list()
        return 0
    given = _arguments(args.args)
    try:
        outcome = registry.run(args.name, given, args.date)
    except NeedsArgument as exc:
        raise NeedsArgument(
            exc.argument, exc.message, exc.hint, command=exc.command or ("" if exc.hint else EXAMPLE)
        ) from exc
    written = None
    if args.out:
        from tools.report.files import write

        written = write(args.name, outcome, args.out, day=args.date)
    if args.json:
        shape = {"name": args.name, "arguments": registry.in_chinese(args.name, given), "result": outcome.as_json()}
        print(json.dumps(shape, ensure_ascii=False))
    else:
        show_text(_whole(outcome))
    if written:
        tell(f"报告已存到 {written}")
    return 0


def _arguments(text: str | None) -> dict[str, Any]:
    try:
        given = loads(text) if text and text.strip() else {}
    except (ValueError, RecursionError) as exc:
        raise BadInput("--args 后面不是 JSON，读不了。", "整段用引号包住，里面用英文双引号。", command=EXAMPLE) from exc
    if not isinstance(given, dict):
        raise BadInput("--args 要写成“名称: 值”的形式（JSON 对象）。", command=EXAMPLE)
    return given


def _whole(outcome: Outcome) -> str:
    """The text, what to do next, and where it stands."""
    parts = [outcome.text.rstrip()]
    if outcome.next_steps:
        parts.append("接下来：\n" + "\n".join(f"- {step}" for step in outcome.next_steps))
    if outcome.citations:
        parts.append(source_line(outcome.citations))
    return "\n\n".join(parts)


def _list() -> None:
    """One line a tool: its name and what it is for."""
    column = max(map(width, specs())) + 2
    for name, spec in specs().items():
        print(f"{name}{' ' * (column - width(name))}{spec.about}")
