"""The tree of errors: one root, each told in its docstring, each with a message and a hint."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

from core import errors
from core.errors import BadFile, BadInput, NeedsArgument, XiangdaoError

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("core", "corpus", "ingest", "tools", "assistant", "ui", "eval")


def classes() -> dict[str, type]:
    return {n: c for n, c in vars(errors).items() if inspect.isclass(c) and issubclass(c, Exception)}


def test_every_error_stands_under_the_root() -> None:
    assert all(issubclass(c, XiangdaoError) for c in classes().values())


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    told = re.findall(r"^[│├└─ ]*([A-Z]\w+)  ", errors.__doc__ or "", re.MULTILINE)
    assert set(classes()) == set(told)


def test_a_file_that_cannot_be_read_is_bad_input() -> None:
    assert issubclass(BadFile, BadInput)


def test_an_error_reads_as_its_message_and_what_to_do() -> None:
    assert str(BadInput("文件是空的。", "换一个有内容的文件。")) == "文件是空的。 换一个有内容的文件。"
    assert str(BadInput("文件是空的。")) == "文件是空的。"


def test_a_missing_argument_names_itself() -> None:
    error = NeedsArgument("从业人员", "还差人数。")
    assert (error.argument, error.message) == ("从业人员", "还差人数。")


def raised() -> list[tuple[str, str]]:
    """Where an error of the tree is raised with fixed words, and the words."""
    found = []
    for path in (p for layer in LAYERS for p in (ROOT / layer).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
                continue
            error, given = node.exc.func, node.exc.args
            if isinstance(error, ast.Name) and error.id in classes() and given:
                parts = [n.value for n in ast.walk(given[-1]) if isinstance(n, ast.Constant)]
                if words := "".join(p for p in parts if isinstance(p, str)):
                    found.append((f"{path.relative_to(ROOT)}:{node.lineno}", words))
    return found


def test_what_users_are_told_when_something_fails_is_chinese() -> None:
    told = raised()
    assert len(told) > 30
    assert [where for where, words in told if not re.search("[\u4e00-\u9fff]", words)] == []
