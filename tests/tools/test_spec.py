"""Specs: each tool has one, complete, and no other module keeps a list of the tools."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from core.text import squeeze
from tools import fields, registry
from tools.spec import called, computing, look_ups, specs

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", specs())
def test_a_spec_is_its_package_s_and_tells_what_people_and_programs_need(name: str) -> None:
    spec = specs()[name]
    assert spec.name == name and (ROOT / "tools" / name / "spec.py").is_file()
    assert spec.title and spec.about and spec.when.endswith("。") and spec.examples
    assert bool(spec.say) == spec.own
    assert spec.examples or not spec.button
    assert (
        set(spec.free) | set(spec.for_once) | set(spec.alone_with) | set(spec.lone_sum)
        <= registry.arguments_of(name).keys()
    )


@pytest.mark.parametrize("name", specs())
def test_a_trial_run_gives_a_result_and_every_argument_has_words(name: str) -> None:
    assert registry.run(name, specs()[name].sample).text
    assert specs()[name].words.keys() <= registry.arguments_of(name).keys()
    assert all(fields.asked(argument) for argument in registry.arguments_of(name))


def test_a_tool_computes_on_the_own_firm_or_looks_up() -> None:
    assert not set(computing()) & set(look_ups()) and {*computing(), *look_ups()} == set(specs())


def test_a_name_by_which_a_tool_runs_is_no_other_s() -> None:
    names = Counter(squeeze(word) for name, spec in specs().items() for word in (name, *spec.called))
    assert max(names.values()) == 1
    assert all(called(squeeze(word)) == name for name, spec in specs().items() for word in spec.called)


def test_no_other_module_lists_the_tools() -> None:
    """A collection with half of their names would have to be extended with every tool; the pages are named like three or four."""
    listing = []
    for part in ("assistant", "bots", "corpus", "eval", "ui"):
        for path in (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Dict | ast.Tuple | ast.List | ast.Set):
                    items = [*(node.keys if isinstance(node, ast.Dict) else node.elts)]
                    named = {item.value for item in items if isinstance(item, ast.Constant)} & set(specs())
                    if 2 * len(named) >= len(specs()):
                        listing.append((str(path.relative_to(ROOT)), sorted(named)))
    assert listing == []
