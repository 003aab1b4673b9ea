"""Terms in plain language: found by any of their names, unknown ones answered with the nearest."""

import pytest

from core.errors import BadInput, NeedsArgument
from corpus.tables import load_tables
from tools import registry
from tools.glossary.compute import find


@pytest.mark.parametrize("term", load_tables().glossary, ids=lambda term: term.id)
def test_every_term_is_found_by_all_its_names_and_says_what_it_means_for_you(term: object) -> None:
    for name in (term.term, term.full, *term.aliases):  # type: ignore[attr-defined]
        assert find(name) == term
    outcome = registry.run("glossary", {"术语": term.term})  # type: ignore[attr-defined]
    assert "对你意味着什么" in outcome.text and "[1]" in outcome.text
    assert len(outcome.text) < 300


def test_the_guide_s_twelve_and_the_reports_terms_are_there() -> None:
    table = load_tables().glossary
    assert sum(term.source == "guide_2022" and term.certainty == "full" for term in table) >= 12
    assert len(table) >= 69


@pytest.mark.parametrize(
    ("asked", "term"),
    [("AGV 是个啥东西？", "AGV"), ("那APS呢", "APS"), ("what is an ERP", "ERP"), ("warehouse management system", "WMS"), ("mes", "MES"),
     ("MES系统", "MES"), ("仓储系统是什么意思", "WMS"), ("智改数转", "智改数转网联")],
)  # fmt: skip
def test_is_found_as_people_ask(asked: str, term: str) -> None:
    assert registry.run("glossary", {"术语": asked}).data["terms"][0]["term"] == term


def test_several_terms_are_explained_at_once() -> None:
    outcome = registry.run("glossary", {"术语": "MES、APS和WMS都是啥"})
    assert [term["term"] for term in outcome.data["terms"]] == ["MES", "APS", "WMS"]


def test_an_unknown_term_is_offered_the_nearest() -> None:
    with pytest.raises(BadInput) as refused:
        registry.run("glossary", {"术语": "小快轻"})
    assert "小快轻准" in refused.value.hint
    assert "脑机接口" in registry.run("glossary", {"术语": "MES、脑机接口"}).text


def test_a_short_name_inside_another_word_is_not_taken_for_a_term() -> None:
    with pytest.raises(BadInput):
        registry.run("glossary", {"术语": "Obama"})


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(NeedsArgument):
        registry.run("glossary", {"术语": " "})
    with pytest.raises(BadInput):
        registry.run("glossary", {"术语": "词" * 10_000})
