"""How a message of corpus/utterances/asked.yaml is looked up: as the assistant does where it goes on from those before it."""

from __future__ import annotations

from assistant.stages.resolve import folded
from assistant.understand.understander import ARROW
from corpus.query import Query
from corpus.retrieve import Retriever


def whole_of(text: str) -> tuple[str, str]:
    """A message that `asked` holds as it is looked up: as a whole question, and with what was said before it, "" where nothing was."""
    said = text.split(ARROW)
    return folded(said), text if len(said) > 1 else ""


def asked_of(retriever: Retriever, text: str) -> Query:
    """A message that `asked` holds, as it is looked up."""
    whole, said = whole_of(text)
    return retriever.analyse(whole, said=said)
