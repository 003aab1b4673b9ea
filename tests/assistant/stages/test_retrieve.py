"""A place that a question names may be what it is about, or only where the firm is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.chat import Assistant
from assistant.stages.retrieve import look, look_up
from assistant.state import Desk, Looked
from core.clock import today

OF_THE_PLACE, OF_ANY = "扬州的算力券怎么领", "工人不肯用自己手机报工怎么办"


@pytest.mark.parametrize(
    ("of_place", "of_any", "origin", "told"),
    [
        (0.6, 0.75, "card", OF_ANY),
        (0.6, 0.62, "card", OF_THE_PLACE),
        (0.85, 0.95, "card", OF_THE_PLACE),
        (0.6, 0.75, "document", OF_THE_PLACE),
    ],
)
def test_what_is_the_same_everywhere_goes_before_a_places_own_only_where_it_answers_surer(
    guide: Assistant, monkeypatch: pytest.MonkeyPatch, of_place: float, of_any: float, origin: str, told: str
) -> None:
    filters = guide.filters()
    desk = Desk(guide.settings, guide.retriever, filters, guide.retriever.index.sources(filters.spaces), today())

    def seen(text: str, sure: float, origin: str = "card") -> Looked:
        looked = look_up(desk, text, None, text)
        assert looked.verdict.kind == "answer"
        best = replace(looked.hits[0], passage=replace(looked.hits[0].passage, origin=origin))
        return replace(looked, hits=(best,), verdict=replace(looked.verdict, confidence=sure, best=0))

    own, free = seen(OF_THE_PLACE, of_place, origin), seen(OF_ANY, of_any)
    monkeypatch.setattr("assistant.stages.retrieve._nearer", lambda *asked: own)
    monkeypatch.setattr(
        "assistant.stages.retrieve.look",
        lambda desk, text, about, *more, **said: look(desk, text, about) if about.places else free,
    )
    text = "扬州的厂，工人不肯用自己手机报工怎么办"
    found = look_up(desk, text, None, text)
    assert found.hits[0].passage.title == (own if told == OF_THE_PLACE else free).hits[0].passage.title
