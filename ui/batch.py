"""`xiangdao batch`: many questions from one file, one JSON line each."""

from __future__ import annotations

import argparse
import json
import logging
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.chat import Assistant
from core.errors import BadFile, XiangdaoError
from core.strict_json import loads
from ui.errors_log import keep_errors
from ui.files import Output, text_of
from ui.machine import open_assistant
from ui.screen import ProgressBar
from ui.shapes import hit_json
from ui.troubles import Unexpected, error_json, expected

FORM = '每行写一个 JSON，例如 {"id": 1, "question": "…"} 或 {"id": 2, "turns": ["…", "…"]}。'
LONGEST_LINE = 1_000_000
"""Characters of one row; the longest conversation is far from it."""
BUG = "程序出了意料之外的错（编号 {}），这一题没有答成。"
BUG_HINT = "换个说法再试；还不行，把编号和数据文件夹里的 errors.log 发给维护人员。"


def batch(args: argparse.Namespace) -> int:
    rows = list(_rows(args.file))
    if not rows:
        raise BadFile(f"问题文件里一个问题也没有：{args.file}。", FORM)
    if all(isinstance(row, BadFile) for row in rows):
        raise next(row for row in rows if isinstance(row, BadFile))
    if args.out and args.out.exists() and args.out.samefile(args.file):
        raise BadFile("结果不能写进问题文件本身。", "用 -o 给结果另起一个文件名。")
    assistant = open_assistant(remember=False)
    keep_errors(assistant.settings.home)
    bar = ProgressBar("作答", len(rows))
    with Output(args.out) as out:
        for number, row in enumerate(rows, 1):
            told = _refused(None, "", row) if isinstance(row, BadFile) else _answered(assistant, row, args)
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
            out.flush()
            bar(number, len(rows), str(told.get("id") or number))
    bar.close()
    return 0


def _rows(path: Path) -> Iterator[dict[str, Any] | BadFile]:
    """The rows of a question file, or what is wrong with a line that is none."""
    for number, line in enumerate(text_of(path, "问题文件").split("\n"), 1):
        if not line.strip():
            continue
        try:
            if len(line) > LONGEST_LINE:
                yield BadFile(f"{path.name} 第 {number} 行太长（最多 {LONGEST_LINE} 字）。", FORM)
                continue
            row = loads(line)
        except (ValueError, RecursionError):
            yield BadFile(f"{path.name} 第 {number} 行不是 JSON。", FORM)
            continue
        asks = isinstance(row, dict) and _asks(row)
        yield row if asks else BadFile(f"{path.name} 第 {number} 行没有 question，也没有 turns。", FORM)


def _asks(row: dict[str, Any]) -> bool:
    turns = row.get("turns")
    if isinstance(turns, list) and turns:
        return all(isinstance(turn, str) for turn in turns)
    return isinstance(row.get("question"), str)


def _answered(assistant: Assistant, row: dict[str, Any], args: argparse.Namespace) -> dict[str, Any]:
    """A row's answer in the shape of `ask --json`, its hits in that of `search --json`, or what is wrong with it."""
    turns: list[str] = row.get("turns") or [row["question"]]
    session = uuid.uuid4().hex if len(turns) > 1 else None
    try:
        if args.search:
            text = _understood(assistant, turns, session)
            hits = assistant.retriever.search(text, args.k, assistant.filters(None))
            return {"id": row.get("id"), "question": turns[-1], "hits": [hit_json(hit) for hit in hits]}
        for turn in turns[:-1]:
            assistant.answer(turn, session)
        return assistant.answer(turns[-1], session).as_json(row.get("id"))
    except XiangdaoError as exc:
        return _refused(row.get("id"), turns[-1], exc)
    except Exception as exc:
        if trouble := expected(exc):
            raise trouble from exc
        number = uuid.uuid4().hex[:8]
        logging.getLogger(__name__).exception(number)
        return _refused(row.get("id"), turns[-1], Unexpected(BUG.format(number), BUG_HINT))
    finally:
        if session:
            assistant.history.forget(session)


def _refused(id: Any, question: str, exc: XiangdaoError) -> dict[str, Any]:
    """What stands in place of an answer: the reason as text, and the error in the shape of `--json`."""
    return {"id": id, "question": question, "answer": exc.message, "refused": True, "error": error_json(exc)}


def _understood(assistant: Assistant, turns: list[str], session: str | None) -> str:
    """The last turn as a question that stands alone, as a conversation of these turns understands it."""
    if session is None:
        return assistant.checked(turns[-1])
    for turn in turns:
        assistant.answer(turn, session)
    return assistant.history.turns(session)[-1].standalone
