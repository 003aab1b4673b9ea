"""The tree of errors: one root, each told in its docstring, each with a message and a hint."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

from core import errors
from core.errors import BadFile, BadInput, NeedsArgument, NotAvailable, XiangdaoError

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


def test_a_command_is_told_in_the_terminal_alone() -> None:
    error = NotAvailable("还没有模型。", "先下载一个。", command="运行：xiangdao model pull 模型名")
    assert str(error) == "还没有模型。 先下载一个。"
    assert error.terminal_hint == "先下载一个。运行：xiangdao model pull 模型名"


def test_where_only_a_command_helps_others_are_sent_to_who_can_type_it() -> None:
    error = NotAvailable("没有安装 OpenVINO。", command="运行：python3 start.py setup npu")
    assert error.hint == errors.ON_ITS_MACHINE
    assert error.terminal_hint == "运行：python3 start.py setup npu"


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


COMMAND = re.compile(r"xiangdao [a-z]|start\.py|pip install|--[a-z]")
"""What is typed in a terminal."""


def told_to_everybody() -> list[tuple[str, str]]:
    """Messages and hints of every error made anywhere, raised or returned; names that stand for words are followed.

    The modules of the terminal's own commands speak to nobody else.
    """
    found = []
    for path in (p for layer in (*LAYERS, "bots") for p in (ROOT / layer).rglob("*.py")):
        if "command" in path.stem or path.parent.name == "eval":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes()):
                continue
            for given in node.args:
                given = named.get(given.id, given) if isinstance(given, ast.Name) else given
                parts = [n.value for n in ast.walk(given) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", "".join(parts)))
    return found


def test_no_error_tells_everybody_to_type_a_command() -> None:
    told = told_to_everybody()
    assert len(told) > 300
    assert [(where, words) for where, words in told if COMMAND.search(words)] == []


TEXTS_OF_PAGES_AND_BOTS = (
    *sorted((ROOT / "ui" / "templates").glob("*.html")),
    ROOT / "ui" / "web_html.py",
    ROOT / "ui" / "web_page.py",
    ROOT / "ui" / "web_chat.py",
    ROOT / "ui" / "web_text.py",
    *sorted((ROOT / "ui" / "pages").glob("*.py")),
    *sorted((ROOT / "bots").glob("*.py")),
    *sorted((ROOT / "assistant").glob("*.py")),
    *sorted((ROOT / "tools").rglob("*.py")),
)
"""Where the words of the page, of the bots, of answers and of tools stand."""


def test_no_text_of_the_page_the_bots_or_an_answer_has_a_command() -> None:
    told = []
    for path in TEXTS_OF_PAGES_AND_BOTS:
        text = path.read_text("utf-8")
        if path.suffix == ".py":
            tree = ast.parse(text)
            apart = {
                id(n) for k in ast.walk(tree) if isinstance(k, ast.keyword) and k.arg == "command" for n in ast.walk(k)
            }
            apart |= {
                id(n.value)
                for n in ast.walk(tree)
                if isinstance(n, ast.Assign) and all(getattr(t, "id", "").endswith("_COMMAND") for t in n.targets)
            }
            words = [
                n.value
                for n in ast.walk(tree)
                if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in apart
            ]
            text = "\n".join(w for w in words if re.search("[\u4e00-\u9fff]", w))
        told += [
            (path.name, line.strip()) for line in text.splitlines() if re.search(r"xiangdao [a-z]+ |start\.py", line)
        ]
    assert told == []
