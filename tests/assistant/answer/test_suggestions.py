"""What is suggested to be asked next continues the conversation, and is answered when it is asked."""

from __future__ import annotations

import random

import pytest

from assistant.acts import introduction
from assistant.answer.refusal import _ASK_AROUND
from assistant.chat import Assistant
from assistant.compute import noted
from corpus.cards import load_cards
from tests.assistant.conftest import Ask
from tools.firm.profile import Profile
from tools.spec import computing, specs

SAMPLE = 40
ANSWERED = 0.95
"""The share of the suggestions that must be answered; a question that another card answers better counts as answered."""


def quoted_in(text: str) -> list[str]:
    return [part.split("”")[0] for part in text.split("“")[1:]]


def test_what_is_suggested_is_answered_when_it_is_asked(ask: Ask) -> None:
    cards = random.Random(7).sample([card for card in load_cards() if card.questions], SAMPLE)
    suggested = {text for card in cards for text in ask(card.questions[0]).suggestions}
    refused = [text for text in sorted(suggested) if ask(text).refused]
    assert len(suggested) > SAMPLE
    assert len(refused) <= (1 - ANSWERED) * len(suggested), refused


def test_suggestions_are_of_the_same_source_where_that_has_more_to_tell(ask: Ask) -> None:
    answer = ask("政府到2027年打算让多少小企业上云")
    owners = {question: card.source for card in load_cards() for question in card.questions}
    assert answer.suggestions and owners[answer.suggestions[0]] == answer.citations[0].source_id


@pytest.mark.parametrize(("tool", "said"), [(name, specs()[name].say) for name in computing()])
def test_what_is_offered_where_a_message_was_not_understood_is_read_as_that_tool(
    guide: Assistant, tool: str, said: str
) -> None:
    assert guide.understander
    assert guide.understander.read(said).label == tool


def test_what_a_reply_tells_to_say_gets_a_tool(guide: Assistant) -> None:
    assert guide.understander
    told = quoted_in(noted(Profile(employees=60), {"employees": 60})) + quoted_in(_ASK_AROUND)
    read = {said: guide.understander.read(said).label for said in told}
    assert len(told) >= 5 and set(read.values()) <= {*computing(), "tell"}, read


def test_the_examples_of_the_introduction_are_answered(ask: Ask) -> None:
    told = quoted_in(introduction())
    assert len(told) >= 5
    for said in told:
        assert not ask(said).refused, said
