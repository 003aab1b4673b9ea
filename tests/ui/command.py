"""A command run in this process, and what every refusal looks like."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ui.terminal import main


@dataclass(frozen=True)
class Ran:
    """What a command left: exit status, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def xiangdao(*argv: str | Path) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(word) for word in argv])
        except SystemExit as exc:
            code = int(exc.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())


def assert_one_sentence(ran: Ran, *words: str, code: int = 1) -> None:
    """A sentence and what to do next, on stderr, in Chinese; no traceback and no apology."""
    said = ran.err.strip().splitlines()
    assert (ran.code, ran.out) == (code, "")
    assert len(said) == 2 and said[1].startswith("→ ")
    assert re.search(r"[\u4e00-\u9fff]", said[0]) and "Traceback" not in ran.err and "意料之外" not in ran.err
    assert not [word for word in words if word not in ran.err], ran.err
