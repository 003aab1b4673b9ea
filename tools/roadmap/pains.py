"""What hurts, and the scenarios that answer it."""

from __future__ import annotations

import re

from corpus.rows import Scenario
from tools.cases.compute import scenario_of
from tools.firm.extraction import hurts
from tools.roadmap.plan import scenarios_by_id
from tools.scenarios.compute import areas_of


def pains(said: str) -> tuple[frozenset[Scenario], frozenset[str]]:
    """The scenarios and the areas that pain points in words call for."""
    areas: list[str] = []
    for word in _each(said):
        try:
            areas += areas_of(word)
        except ValueError:
            continue
    return frozenset(scenario for _, scenario in answered(said)), frozenset(areas)


def answered(said: str) -> list[tuple[str, Scenario]]:
    """Each pain point with the scenario that answers it, in its words; those that none answers are left out."""
    found = ((word, scenarios_by_id().get(hurts(word)) or scenario_of(word)) for word in _each(said))
    return [(word, scenarios_by_id()[scenario.id]) for word, scenario in found if scenario]


def _each(said: str) -> list[str]:
    return [word for word in re.split(r"[、，,；;。/\s]+", said) if word]
