"""Labelled examples of what people say, one file a subject: what it means → how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from core.errors import BadKnowledge
from corpus.cards import CORPUS

FOLDER = CORPUS / "utterances"


@cache
def examples(subject: str) -> Mapping[str, tuple[str, ...]]:
    """The examples of corpus/utterances/<subject>.yaml by meaning; BadKnowledge where the file is not such a list."""
    import yaml

    path = FOLDER / f"{subject}.yaml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as exc:
        raise BadKnowledge(f"读不了 {path.name}。", "每行写成“意思: [说法, 说法]”。") from exc
    if not isinstance(raw, dict) or not all(isinstance(said, list) for said in raw.values()):
        raise BadKnowledge(f"{path.name} 的写法不对。", "每行写成“意思: [说法, 说法]”。")
    return {str(meaning): tuple(str(one) for one in said) for meaning, said in raw.items()}
