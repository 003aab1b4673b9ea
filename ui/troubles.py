"""How a command that failed says so: a sentence on stderr, and for a program that reads along a JSON object on stdout."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress

from core.disk import SPARE, free, full, is_full, is_out_of_handles, is_shut, no_handles
from core.errors import BadFile, XiangdaoError
from core.settings import data_folder, not_writable
from ui.screen import tell
from ui.usage import Misused

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Unexpected(XiangdaoError):
    """A bug, as the user is told of it."""


def error_json(exc: XiangdaoError) -> dict[str, str]:
    """An error in the shape of `--json`. code: the kind of error, in lower case."""
    return {"message": exc.message, "hint": exc.terminal_hint, "code": _WORD.sub("_", type(exc).__name__).lower()}


def told(exc: XiangdaoError, as_json: bool) -> int:
    """Say what went wrong; the exit status."""
    tell(exc.message)
    if exc.terminal_hint:
        tell(f"→ {exc.terminal_hint}")
    if as_json:
        with suppress(OSError):
            print(json.dumps({"error": error_json(exc)}, ensure_ascii=False), flush=True)
    return 1


def misused(exc: Misused, as_json: bool) -> int:
    """Say that a command cannot be read; the exit status."""
    tell(f"{exc.message}\n→ {exc.hint}")
    if as_json:
        print(json.dumps({"error": {"message": exc.message, "hint": exc.hint, "code": "usage"}}, ensure_ascii=False))
    return 2


def expected(exc: BaseException) -> XiangdaoError | None:
    """What an error of the system means for a command, where it is no bug; None where it is one."""
    if isinstance(exc, OSError) and exc.filename is None and is_full(exc) and free(data_folder()) >= SPARE:
        _let_go()
        return output_full()
    return of_system(exc)


def of_system(exc: BaseException) -> XiangdaoError | None:
    """What an error of the system means where it is no bug, and nothing is written but to the data folder; None where it is one."""
    home = data_folder()
    if is_out_of_handles(exc):
        return no_handles()
    if is_full(exc, home):
        return full(home)
    return not_writable(home) if is_shut(exc, home) else None


def output_full() -> BadFile:
    """The error that says that stdout has no room for the results."""
    return BadFile("结果写不出去：输出到的地方满了。", "换一个有空间的位置再运行一次。")


def _let_go() -> None:
    """Drop what could not be shown, or Python would complain of it at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
