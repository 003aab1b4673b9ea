"""The last answer in another form keeps to what that answer stood on."""

from __future__ import annotations

import re

import pytest

from assistant.answer.forms import Said, Shelf, changed
from assistant.chat import Assistant
from assistant.history import Call, Turn
from assistant.wording.bind import body_of
from core.types import Answer

QUESTION = "方案里有哪些重点任务"
KINDS = ("simpler", "longer", "why", "table", "message", "source", "again", "english")


@pytest.fixture(scope="module")
def shelf(guide: Assistant) -> Shelf:
    filters = guide.filters()
    index = guide.retriever.index
    return Shelf(index.ledger, index.sources(filters.spaces), lambda text: guide.retriever.search(text, 8, filters))


def turn_of(answer: Answer, call: Call | None = None) -> Turn:
    return Turn(answer.question, answer.question, answer.text, call, answer.refused, "extractive", answer.citations)


@pytest.fixture(scope="module")
def last(guide: Assistant) -> Turn:
    return turn_of(guide.answer(QUESTION))


def numbers(said: Said) -> list[int]:
    return sorted({int(n) for n in re.findall(r"\[(\d+)\]", body_of(said.text))})


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_cites_what_it_names_and_nothing_else(kind: str, last: Turn, shelf: Shelf) -> None:
    said = changed(kind, last, shelf)
    assert said.text and (not numbers(said) or numbers(said) == sorted(c.n for c in said.citations))


def test_the_simple_form_is_the_short_form_of_the_cited_card(last: Turn, shelf: Shelf) -> None:
    said = changed("simpler", last, shelf)
    assert shelf.cited(last)[0].short in said.text
    assert len(body_of(said.text)) < len(body_of(last.answer))


def test_the_long_form_holds_the_cited_cards_whole_and_what_stands_under_the_same_heading(
    last: Turn, shelf: Shelf
) -> None:
    said = changed("longer", last, shelf)
    cited = shelf.cited(last)
    assert all(passage.text.strip() in said.text for passage in cited)
    known = {passage.passage_id for passage in cited}
    others = [c for c in said.citations if c.passage_id not in known]
    assert {c.source_id for c in others} <= {cited[0].source_id}


def test_no_reason_is_made_up_where_the_sources_give_none(guide: Assistant, shelf: Shelf) -> None:
    said = changed("why", turn_of(guide.answer("行动方案是哪几个部门发的")), shelf)
    assert "理由" in said.text or "资料里是这么说的" in said.text
    assert said.citations


def test_the_reason_for_what_a_tool_reckoned_is_what_it_was_told(guide: Assistant, shelf: Shelf) -> None:
    answer = guide.answer("我厂280人，去年1.9个亿，算中型吗？")
    assert answer.tool
    said = changed("why", turn_of(answer, Call(answer.tool.name, answer.tool.arguments)), shelf)
    assert "280" in said.text and "重算" in said.text


def test_a_message_to_send_on_has_no_marks_and_names_the_document(last: Turn, shelf: Shelf) -> None:
    said = changed("message", last, shelf)
    assert not re.search(r"\[\d+\]|\*\*|^> ", said.text, re.M)
    assert all(c.title in said.text for c in last.citations)


def test_a_table_has_a_row_for_each_task(last: Turn, shelf: Shelf) -> None:
    rows = [line for line in changed("table", last, shelf).text.split("\n") if line.startswith("|")]
    assert len(rows) > 4 and len({row.count("|") for row in rows}) == 1


def test_the_source_is_told_with_the_number_of_the_document_and_its_words(last: Turn, shelf: Shelf) -> None:
    said = changed("source", last, shelf)
    assert "〔2024〕239号" in said.text and last.citations[0].quote in said.text


def test_where_the_passages_are_gone_the_form_is_made_of_the_answer_itself(last: Turn, shelf: Shelf) -> None:
    gone = Turn(QUESTION, QUESTION, "**75%**，指到2027年。这是全国的目标。还有别的。")
    assert changed("simpler", gone, shelf).text == "简单说：**75%**，指到2027年。这是全国的目标。"
    assert changed("longer", gone, shelf).text == gone.answer
