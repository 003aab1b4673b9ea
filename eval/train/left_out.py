"""The knowledge without some of its questions: what models are measured and fitted on must not stand in the index."""

from __future__ import annotations

import shutil
from collections.abc import Set
from pathlib import Path

import yaml

from corpus.cards import CORPUS, card_files, read_yaml_list


def knowledge_without(left_out: Set[str], made: Path, near: Set[tuple[str, str]] = frozenset()) -> Path:
    """A copy of the knowledge in the folder `made`. left_out: questions of cards; near: a card's id and one it does not answer."""
    shutil.copytree(CORPUS / "lexicon", made / "lexicon")
    shutil.copy(CORPUS / "sources.yaml", made)
    for path in card_files(CORPUS):
        kept = [
            {
                **row,
                "questions": [q for q in row["questions"] if q not in left_out],
                "not_answered": [q for q in row.get("not_answered", ()) if (row["id"], q) not in near],
            }
            for _, row in read_yaml_list(path)
        ]
        copy = made / "cards" / path.relative_to(CORPUS / "cards")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False), "utf-8")
    return made
