"""What a conversation is about, folded from its turns: each thing spoken of with the turn that set it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from assistant import spans
from assistant.history import Turn
from core.text import normalise
from tools.firm.profile import Profile, extract

FIRM, TOOL = "firm", "tool"
ARGUMENTS = {"地区": spans.PLACE, "行业": spans.TRADE, "等级": spans.LEVEL}
"""Arguments of a tool that tell what its answer was about."""
NAMES = {
    spans.PLACE: "地方", FIRM: "企业", spans.DOCUMENT: "文件", "title": "称号", spans.TERM: "名词", spans.LEVEL: "等级", spans.YEAR: "年份",
    spans.TRADE: "行业", "area": "环节", "size": "规模", spans.ABROAD: "国家", TOOL: "工具",
}  # fmt: skip
"""What is kept, as it is shown."""


@dataclass(frozen=True)
class Mention:
    """A thing spoken of. turn: the place in the conversation of the turn that set it, from 0."""

    text: str
    turn: int


@dataclass(frozen=True)
class Topic:
    """What is spoken of. question: the last complete question, "" where none was asked; turn: where it was asked, from 0.

    about: kind → the thing spoken of last. cited: the passages that its answer stood on, best first.
    """

    question: str = ""
    turn: int = -1
    about: Mapping[str, Mention] = field(default_factory=lambda: MappingProxyType({}))
    cited: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is spoken of."""
        return bool(self.question)

    def of(self, kind: str) -> str:
        """The thing of one kind that is spoken of; "" where none is."""
        mention = self.about.get(kind)
        return mention.text if mention else ""

    def as_text(self) -> str:
        """One line for people who look how a message was understood."""
        told = [f"{NAMES[k]}{self.about[k].text}（第{self.about[k].turn + 1}轮）" for k in NAMES if k in self.about]
        return "、".join(told) or "没有"


def topic_of(turns: Sequence[Turn]) -> Topic:
    """What a conversation is about after its turns.

    Thanks, and the last answer in another form, change nothing; a question that stands alone clears what was spoken of before;
    one that goes on keeps the rest and changes what it names.
    """
    topic = Topic()
    for at, turn in enumerate(turns):
        if changes_nothing(turn, topic):
            continue
        goes_on = normalise(turn.standalone) != normalise(turn.question) or bool(
            turn.call and turn.call.tool == topic.of(TOOL)
        )
        kept = dict(topic.about) if goes_on else {}
        kept |= {kind: Mention(text, at) for kind, text in _mentions(turn)}
        cited = tuple(citation.passage_id for citation in turn.citations)
        topic = Topic(turn.standalone, at, MappingProxyType(kept), cited)
    return topic


def changes_nothing(turn: Turn, topic: Topic) -> bool:
    """Whether a turn leaves the conversation where it was."""
    return not turn.standalone or (turn.standalone == topic.question and turn.question != turn.standalone)


def _mentions(turn: Turn) -> Iterator[tuple[str, str]]:
    """What a turn speaks of, by kind."""
    for span in spans.spans(turn.standalone):
        if span.kind in NAMES:
            yield span.kind, span.text
    if firm := _extracted(turn.question, Profile()).name:
        yield FIRM, firm
    if turn.call:
        yield TOOL, turn.call.tool
        for argument, kind in ARGUMENTS.items():
            if (value := turn.call.arguments.get(argument)) and isinstance(value, str):
                yield kind, value


def known_of(turns: Sequence[Turn], profile: Profile | None = None) -> Profile:
    """What the conversation so far has told of the firm, on top of a given profile."""
    known = profile or Profile()
    for turn in turns:
        known = _extracted(turn.question, known)
    return known


_extracted = lru_cache(maxsize=512)(extract)
"""A conversation is gone through again at each of its turns."""
