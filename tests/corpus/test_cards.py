"""The bundled cards as a whole, and what is said of a card that is wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.errors import BadKnowledge
from corpus.cards import Card, as_passage, iter_cards, load_cards, load_sources

LONG = ("caict_specialized_2024", "aii_report_2023", "lenovo_36kr_2024")
DOCUMENTS = (*LONG, "action_plan_2025_2027", "guide_2022")


@pytest.fixture(scope="module")
def cards() -> list[Card]:
    return load_cards()


@pytest.fixture(scope="module")
def raw() -> list[dict[str, Any]]:
    return [row for _, _, row in iter_cards()]


def test_there_are_enough_cards_for_each_document(cards: list[Card]) -> None:
    count = Counter(card.source for card in cards)
    assert len(cards) >= 620
    assert {source: count[source] for source in LONG if count[source] < 140} == {}
    assert count["action_plan_2025_2027"] + count["guide_2022"] >= 110


def test_ids_are_unique_and_every_source_is_known(cards: list[Card]) -> None:
    assert [i for i, n in Counter(card.id for card in cards).items() if n > 1] == []
    assert {card.source for card in cards} <= set(load_sources())


def test_every_source_has_cards_a_title_and_a_date_or_says_that_none_was_found(cards: list[Card]) -> None:
    used = {card.source for card in cards}
    for source in load_sources().values():
        assert source.id in used, f"{source.id} has no card"
        assert source.title and (source.published or "查到" in source.note), source.id


def test_a_superseded_source_names_its_successor(cards: list[Card]) -> None:
    sources = load_sources()
    replaced = [s for s in sources.values() if s.status == "superseded"]
    assert replaced
    assert [s.id for s in replaced if s.superseded_by not in sources] == []


def test_facts_from_outside_the_documents_tell_their_certainty_and_date(raw: list[dict[str, Any]]) -> None:
    outside = [row for row in raw if row["source"] not in DOCUMENTS]
    assert len(outside) > 50
    assert [row["id"] for row in outside if not row.get("certainty") or not row.get("as_of")] == []


def test_each_card_is_short_and_has_at_least_three_questions_of_its_own(cards: list[Card]) -> None:
    for card in cards:
        assert len(card.text.strip()) <= 600, f"{card.id}: {len(card.text)}"
        assert len(set(card.questions)) == len(card.questions) >= 3, card.id


def test_hardly_any_question_stands_on_two_cards_as_its_first(cards: list[Card]) -> None:
    firsts = Counter(card.questions[0] for card in cards)
    assert [q for q, n in firsts.items() if n > 1] == []


def test_the_flaws_of_the_documents_have_cards(cards: list[Card]) -> None:
    assert len([card for card in cards if card.kind == "caveat"]) >= 3


def test_a_card_becomes_a_passage_with_the_validity_of_its_source_unless_it_has_its_own(cards: list[Card]) -> None:
    sources = load_sources()
    for card in cards:
        passage = as_passage(card, sources[card.source])
        assert (passage.passage_id, passage.origin, passage.questions) == (card.id, "card", tuple(card.questions))
        assert passage.status == (card.tags.get("status") or sources[card.source].status)
        assert passage.valid_until == (card.tags.get("valid_until") or sources[card.source].valid_until)


GOOD: dict[str, Any] = {
    "id": "sample/one", "kind": "policy", "title": "样例标题", "source": "sample", "section": ["一、"],
    "text": "这是一张样例卡片的正文，说的是上云怎样推进。", "questions": ["上云怎么做", "谁管上云", "上云是什么"],
}  # fmt: skip


def corpus_of(folder: Path, *rows: object) -> Path:
    (folder / "cards").mkdir()
    (folder / "sources.yaml").write_text("- {id: sample, title: 样例方案}\n", "utf-8")
    (folder / "cards" / "my.yaml").write_text(yaml.safe_dump(list(rows), allow_unicode=True, sort_keys=False), "utf-8")
    return folder


def complaint(corpus: Path) -> str:
    with pytest.raises(BadKnowledge) as caught:
        load_cards(corpus)
    return caught.value.message


def test_a_good_card_is_read(tmp_path: Path) -> None:
    assert [card.title for card in load_cards(corpus_of(tmp_path, GOOD))] == ["样例标题"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "rumour"),
        ("title", ""),
        ("title", 7),
        ("text", "短"),
        ("text", None),
        ("questions", ["只有一个"]),
        ("questions", "上云怎么做"),
        ("section", []),
        ("tags", ["x"]),
        ("certainty", "maybe"),
        ("id", "没有 斜线"),
        ("colour", "red"),
    ],
)
def test_a_wrong_field_is_told_with_file_line_card_and_field(tmp_path: Path, field: str, value: object) -> None:
    second = GOOD | {"id": "sample/two"} | {field: value}
    told = complaint(corpus_of(tmp_path, GOOD, second))
    line = yaml.safe_dump([GOOD], allow_unicode=True, sort_keys=False).count("\n") + 1
    assert "my.yaml" in told and f"第 {line} 行" in told and field in told
    assert str(second["id"]) in told
    assert "Input should" not in told, "in Chinese"


@pytest.mark.parametrize("field", ["id", "kind", "title", "source", "section", "text", "questions"])
def test_a_missing_field_is_told_by_name(tmp_path: Path, field: str) -> None:
    told = complaint(corpus_of(tmp_path, {k: v for k, v in GOOD.items() if k != field}))
    assert "my.yaml" in told and "第 1 行" in told and field in told and "缺少" in told


def test_a_card_of_an_unknown_source_is_told(tmp_path: Path) -> None:
    told = complaint(corpus_of(tmp_path, GOOD | {"source": "nowhere"}))
    assert "sample/one" in told and "nowhere" in told and "第 1 行" in told


def test_an_id_that_stands_twice_is_told(tmp_path: Path) -> None:
    told = complaint(corpus_of(tmp_path, GOOD, GOOD))
    assert "sample/one" in told and "重复" in told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- id: [", "第 2 行"),
        ("- id: a\n  title: 'open\n", "行"),
        ("\t- id: a\n", "第 1 行"),
        ("- 只有文字\n", "第 1 行"),
    ],
)
def test_a_file_that_cannot_be_parsed_is_told_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    corpus = corpus_of(tmp_path)
    (corpus / "cards" / "my.yaml").write_text(text, "utf-8")
    told = complaint(corpus)
    assert "my.yaml" in told and line in told


@pytest.mark.parametrize("data", [b"id: not a list", "- id: 中文".encode("gb18030"), b"\x00\x01"])
def test_a_file_that_is_no_list_of_cards_is_told(tmp_path: Path, data: bytes) -> None:
    corpus = corpus_of(tmp_path)
    (corpus / "cards" / "my.yaml").write_bytes(data)
    assert "my.yaml" in complaint(corpus)


def test_an_empty_file_holds_no_cards(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, GOOD)
    (corpus / "cards" / "empty.yaml").write_text("", "utf-8")
    assert len(load_cards(corpus)) == 1


@pytest.mark.parametrize(
    "source", ["- {id: sample}", "- {id: sample, title: 甲, colour: red}", "- {id: s, title: 甲}\n- {id: s, title: 乙}"]
)
def test_a_wrong_source_is_told_with_its_line(tmp_path: Path, source: str) -> None:
    corpus = corpus_of(tmp_path, GOOD)
    (corpus / "sources.yaml").write_text(source, "utf-8")
    told = complaint(corpus)
    assert "sources.yaml" in told and "行" in told
