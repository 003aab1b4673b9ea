"""Running tools by name: what is wrong is said in one sentence; all are LangChain tools."""

import json
from datetime import date

import pytest

from core.errors import BadInput, NeedsArgument
from tools import registry
from tools.spec import computing, look_ups, specs


def test_the_tools_are_listed_with_those_first_that_compute_on_the_own_firm() -> None:
    assert list(specs()) == [*computing(), *look_ups()]
    assert len(specs()) >= 10


def test_an_unknown_tool_and_unknown_arguments_are_refused_with_what_there_is() -> None:
    with pytest.raises(BadInput) as refused:
        registry.run("sizes", {})
    assert "size_class" in refused.value.hint
    with pytest.raises(BadInput) as refused:
        registry.run("size_class", {"人数": 5})
    assert "从业人员" in refused.value.message
    with pytest.raises(BadInput):
        registry.run("size_class", ["行业"])  # type: ignore[arg-type]


def test_english_and_chinese_argument_names_mean_the_same() -> None:
    chinese = registry.run("size_class", {"行业": "注塑", "从业人员": 280, "营业收入万元": 19000})
    english = registry.run("size_class", {"industry": "注塑", "employees": 280, "revenue_wan": 19000})
    assert chinese == english


def test_an_outcome_is_plain_json_and_its_marks_have_citations() -> None:
    outcome = registry.run("maturity", {"已用系统": ["ERP"]}, date(2026, 11, 21))
    data = json.loads(json.dumps(outcome.as_json(), ensure_ascii=False))
    assert data["citations"][0]["n"] == 1
    assert all(f"[{row['n']}]" in data["text"] for row in data["citations"])


@pytest.mark.parametrize("name", specs())
def test_is_a_langchain_tool_with_a_description_and_typed_arguments(name: str) -> None:
    tool = registry.structured(specs()[name])
    assert tool.name == name and len(tool.description) > 10
    assert tool.args_schema is specs()[name].compute().Arguments


def test_a_langchain_call_gives_the_outcome_as_json() -> None:
    result = registry.structured(specs()["size_class"]).invoke(
        {"industry": "注塑", "employees": 280, "revenue_wan": 19000}
    )
    assert result["data"]["size_class"] == "小型"


@pytest.mark.parametrize("tool", ["sector_path", "roadmap", "glossary"])
@pytest.mark.parametrize("given", [{}, {"哪个行业呢": "纺织"}, {"随便": ["一", "二"]}])
def test_what_is_missing_or_unknown_is_told_without_the_text_of_a_program(tool: str, given: dict[str, object]) -> None:
    with pytest.raises((BadInput, NeedsArgument)) as refused:
        registry.run(tool, given)
    assert not set("{}[]'\"") & set(refused.value.message)
    assert ("可用的有" in refused.value.message) == bool(given)


@pytest.mark.parametrize("said", ["25-45", "25~45人", "25到45"])
def test_a_range_of_people_is_both_its_ends_or_refused_and_never_its_middle(said: str) -> None:
    told = registry.run("size_class", {"行业": "零售", "从业人员": said, "营业收入万元": 900})
    assert told.data["figures"]["从业人员"] == [25, 45]
    with pytest.raises(BadInput) as refused:
        registry.run("roadmap", {"行业": "零售", "从业人员": said})
    assert said in refused.value.message
    assert "准数" in refused.value.message
