"""Every fault of the cards and the data tables at once, for whoever edits them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import BadKnowledge
from corpus.cards import CORPUS, card_files, check_card, load_sources, read_yaml_list
from corpus.tables import KINDS, check_tables, load_tables, read_table


@dataclass(frozen=True)
class Checked:
    """How many cards and rows were read, and what is wrong with them, one sentence a fault."""

    cards: int
    rows: int
    errors: tuple[str, ...]


def check(corpus: Path = CORPUS) -> Checked:
    """Check all cards and tables; never raises."""
    errors: list[str] = []
    cards = _check_cards(corpus, errors)
    rows = 0
    tables = load_tables(corpus)
    for name in KINDS:
        try:
            rows += len(read_table(tables.path(name)))
        except BadKnowledge as exc:
            errors.append(exc.message)
    if not errors:
        try:
            check_tables(tables)
        except BadKnowledge as exc:
            errors.append(exc.message)
    return Checked(cards, rows, tuple(errors))


def _check_cards(corpus: Path, errors: list[str]) -> int:
    count = 0
    first: dict[str, str] = {}
    try:
        sources = load_sources(corpus)
    except BadKnowledge as exc:
        errors.append(exc.message)
        return 0
    for path in card_files(corpus):
        try:
            rows = read_yaml_list(path)
        except BadKnowledge as exc:
            errors.append(exc.message)
            continue
        for line, row in rows:
            count += 1
            try:
                card = check_card(path, line, row, sources)
            except BadKnowledge as exc:
                errors.append(exc.message)
                continue
            if card.id in first:
                errors.append(f"{path.name} 第 {line} 行：卡片 {card.id} 和 {first[card.id]} 的重复。")
            first.setdefault(card.id, f"{path.name} 第 {line} 行")
    return count
