"""How people reply to a question of the assessment, learnt from the examples in corpus/utterances/replies.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from core.text import squeeze
from corpus.examples import examples

ALIKE = 90
"""From this likeness (0 to 100) on a reply counts as one of the examples; shorter ones must be the same."""
SHORT = 4
_MARKS = "，。、；：！？,.;:!?~～…“”\"'（）() "
RANK = (
    "end",
    "restart",
    "again",
    "back",
    "result",
    "resume",
    "not_applicable",
    "unknown",
    "skip",
    "all",
    "none",
    "denied",
    "aside",
)
"""Where the parts of a reply mean different things, the first of these counts: 不清楚，跳过."""


def kind_of(text: str) -> str:
    """What a reply means whatever the question: a key of corpus/utterances/replies.yaml; empty where it is something else."""
    kinds = {_kind(part) for part in _parted(text)}
    kinds = kinds - {"aside"} or kinds
    return "" if not kinds or "" in kinds else min(kinds, key=RANK.index)


def bare(text: str) -> str:
    """A reply without marks and fillers at its ends: 应该是C吧 → c; what is nothing but fillers stays."""
    return min(_forms(squeeze(text).strip(_MARKS)), key=len)


def _parted(text: str) -> list[str]:
    said = squeeze(text)[:60]
    for mark in "，,。；;！!":
        said = said.replace(mark, "、")
    return [part for part in said.split("、") if part.strip(_MARKS)]


def _kind(part: str) -> str:
    known, forms = _examples(), _forms(part.strip(_MARKS))
    if forms & known.keys():
        return known[max(forms & known.keys(), key=len)]
    said = min(forms, key=len)
    if len(said) < SHORT:
        return ""
    from rapidfuzz import fuzz, process

    near = process.extractOne(said, known.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return known[near[0]] if near else ""


def _forms(said: str) -> set[str]:
    """The words with fewer and fewer of the fillers at their ends; what is nothing but fillers stays as it is."""
    forms, new = {said}, {said}
    while new:
        shorter = {form.removeprefix(word) for form in new for word in examples("replies")["fillers"]}
        shorter |= {form.removesuffix(word) for form in new for word in examples("replies")["fillers"]}
        new = {form.strip(_MARKS) for form in shorter if form.strip(_MARKS)} - forms
        forms |= new
    return forms


@cache
def _examples() -> Mapping[str, str]:
    """Example → what it means."""
    return {squeeze(one): kind for kind, said in examples("replies").items() if kind != "fillers" for one in said}
