"""The documents say what the code does: commands, settings, dependencies, examples, links."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from core.settings import Settings
from core.types import Source
from corpus import rows
from corpus.cards import Card, load_cards
from tools import registry
from tools.spec import specs
from ui.terminal import parser

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
START = ROOT / "start.py"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fenced(document: Path, *languages: str) -> list[str]:
    return [body for language, body in FENCE.findall(document.read_text(encoding="utf-8")) if language in languages]


def subcommands(given: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with its full name, `xiangdao docs list`, and those that only hold others."""
    for action in given._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield inner.prog.replace(" [-h]", ""), inner
                yield from subcommands(inner)


def names_of(command: argparse.ArgumentParser) -> set[str]:
    """The names of a command's arguments as its help shows them."""
    names: set[str] = set()
    for action in command._actions:
        if not isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
            names |= set(action.option_strings) or {str(action.metavar or action.dest)}
    return names


COMMANDS = dict(subcommands(parser()))


# ---- commands


def sections_of(document: str) -> dict[str, str]:
    """The text below each heading of docs/commands.md that names a command."""
    parts = re.split(r"^#+ (.+)$", document, flags=re.MULTILINE)
    return {title.strip("` "): body for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def documented(section: str) -> set[str]:
    """What the first column of a section's table names: `-o OUT`、`--out OUT` are -o and --out."""
    cells = re.findall(r"^\| (.+?) \|", section, flags=re.MULTILINE)
    return {code.split()[0] for cell in cells for code in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_reference_lists_every_argument_and_no_other(name: str) -> None:
    section = sections_of(text_of("docs/commands.md")).get(name)
    assert section is not None, f"docs/commands.md has no section `{name}`"
    assert documented(section) == names_of(COMMANDS[name])


def test_the_command_reference_names_no_command_that_is_gone() -> None:
    named = {title for title in sections_of(text_of("docs/commands.md")) if title.startswith("xiangdao")}
    assert named == set(COMMANDS)


def test_the_readme_names_every_command() -> None:
    missing = [name for name in COMMANDS if name.count(" ") == 1 and not re.search(rf"`{name}\b", text_of("README.md"))]
    assert not missing


def shell_lines() -> list[tuple[str, str]]:
    """(document, line) of every xiangdao or start.py line in a shell block or after a $ in a shown answer."""
    found = []
    for document in DOCS:
        name = str(document.relative_to(ROOT))
        lines = [line for body in fenced(document, "sh", "bash") for line in body.splitlines()]
        lines += [line[2:] for body in fenced(document, "text") for line in body.splitlines() if line.startswith("$ ")]
        found += [(name, line) for line in lines if line.startswith(("xiangdao ", "python3 start.py"))]
    return found


def test_there_are_shell_lines_to_check() -> None:
    assert len(shell_lines()) > 15


@pytest.mark.parametrize(("document", "line"), shell_lines())
def test_a_shell_line_of_the_documents_is_understood(document: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    words = words[1:] if words[0] == "xiangdao" else words[2:]
    if line.startswith("python3 start.py") and (not words or words[0] in {"setup", "test", "bundle"}):
        assert not words or f'command == "{words[0]}"' in START.read_text(encoding="utf-8")
        return
    parser().parse_args(words)


def test_the_command_reference_lists_every_tool_with_arguments_that_it_has() -> None:
    section = sections_of(text_of("docs/commands.md"))["xiangdao tool"]
    told = dict(re.findall(r"^- `(\w+)` .+?：(.+)$", section, flags=re.MULTILINE))
    assert list(told) == list(specs())
    for name, listed in told.items():
        given = set(re.sub("（[^）]*）", "", listed).split("、"))
        assert given <= registry.arguments_of(name).keys(), name


# ---- settings


def table_rows(document: str) -> dict[str, list[str]]:
    """Table rows by what stands first in backticks."""
    found = {}
    for line in document.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("| `") else []
        if cells:
            found[cells[0].split("`")[1]] = [cell.strip("` |") for cell in cells]
    return found


def test_the_settings_reference_lists_every_setting_with_its_variable_and_meaning() -> None:
    listed = table_rows(text_of("docs/settings.md").split("## 安装和测试")[0])
    assert set(listed) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        _, variable, default, meaning = listed[name]
        assert variable == f"XIANGDAO_{name.upper()}"
        assert str(field.description) in meaning
        if name != "home":
            assert default == (str(field.default) or "空")


def test_every_environment_variable_that_the_code_reads_is_described() -> None:
    code = [START, *(path for part in ("core", "corpus", "ingest", "tools", "assistant", "ui", "eval", "bots")
                     for path in (ROOT / part).rglob("*.py"))]  # fmt: skip
    read = {name for path in code for name in re.findall(r"XIANGDAO_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))}
    assert {"XIANGDAO_HOME", "XIANGDAO_WHEELS"} <= read
    assert not {name for name in read if f"`{name}`" not in text_of("docs/settings.md")}


# ---- dependencies


def direct_dependencies() -> set[str]:
    names = set()
    for path in (ROOT / "requirements").glob("*.in"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if (words := line.split("#")[0].strip()) and not words.startswith("-"):
                names.add(re.split(r"[<>=;\[ ]", words)[0])
    return names


def test_every_direct_dependency_has_a_reason_and_a_licence() -> None:
    listed = table_rows(text_of("docs/dependencies.md"))
    assert set(listed) == direct_dependencies()
    assert all(len(cells) == 3 and all(cells) for cells in listed.values())


# ---- knowledge


KNOWLEDGE = text_of("docs/knowledge.md")
MODELS: dict[str, type[BaseModel]] = {"questions": Card, "gives": rows.Programme, "company": rows.Case}


def test_the_examples_of_the_knowledge_guide_are_valid() -> None:
    seen: set[str] = set()
    for block in fenced(ROOT / "docs/knowledge.md", "yaml"):
        for row in yaml.safe_load(block):
            kind = next((key for key in MODELS if key in row), "issuer")
            seen.add(kind)
            if kind == "issuer":
                Source(**row)
            else:
                MODELS[kind].model_validate(row)
    assert seen == {*MODELS, "issuer"}


@pytest.mark.parametrize("model", [Card, rows.Programme, rows.Case])
def test_the_knowledge_guide_explains_every_field(model: type[BaseModel]) -> None:
    assert not [name for name in model.model_fields if f"`{name}`" not in KNOWLEDGE]


def test_the_knowledge_guide_explains_every_field_of_a_source() -> None:
    assert not [field.name for field in fields(Source) if f"`{field.name}`" not in KNOWLEDGE]


def test_the_answer_shown_in_the_readme_still_stands_in_a_card() -> None:
    shown = next(body for body in fenced(ROOT / "README.md", "text") if "出处 [1]" in body)
    told = shown.splitlines()[1].removesuffix(" [1]")
    assert any(told == card.short or told in card.text for card in load_cards())


@pytest.mark.parametrize(
    ("document", "told"), [("README.md", r"自带 (\d+) 余张"), ("README.en.md", r"About ([\d,]+) cards")]
)
def test_a_readme_tells_the_number_of_cards_in_round_hundreds(document: str, told: str) -> None:
    number = re.search(told, text_of(document))
    assert number and int(number[1].replace(",", "")) == len(load_cards()) // 100 * 100


# ---- links, and what must not be there


def links() -> list[tuple[Path, str]]:
    found = []
    for document in DOCS:
        prose = FENCE.sub("", document.read_text(encoding="utf-8"))
        found += [(document, target) for target in re.findall(r"\]\(([^)\s]+)\)", prose)]
    return found


def test_every_relative_link_leads_to_a_file() -> None:
    relative = [(document, target) for document, target in links() if not re.match(r"[a-z]+:|#", target)]
    assert relative
    broken = [f"{d.name}: {t}" for d, t in relative if not (d.parent / t.split("#")[0]).exists()]
    assert not broken


def test_every_file_that_a_document_names_exists() -> None:
    tops = "|".join(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("."))
    named = {
        (document.name, name)
        for document in DOCS
        for name in re.findall(rf"`((?:{tops})/[\w./-]+)`", document.read_text(encoding="utf-8"))
    }
    assert named
    assert not [pair for pair in named if not (ROOT / pair[1]).exists()]


def test_the_changelog_has_an_entry_for_this_version() -> None:
    version = re.search(r'^version = "(.+)"', text_of("pyproject.toml"), re.MULTILINE)
    assert version and re.search(rf"^## {re.escape(version[1])}\b", text_of("CHANGELOG.md"), re.MULTILINE)


def test_no_tracked_file_names_a_place_outside_the_repository() -> None:
    """A newcomer has only the repository: no path of a machine that it was written on, no folder beside it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    outside = re.compile(r"\.\./" + r"shared\b|(?<![\w.:/])/(?:work|home/\w+|Users/\w+)/")
    wrong = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path == Path(__file__) or not path.is_file() or path.suffix in {".png", ".ico", ".svg"}:
            continue
        if found := outside.search(path.read_text(encoding="utf-8", errors="replace")):
            wrong.append(f"{name}: {found[0]}")
    assert not wrong
