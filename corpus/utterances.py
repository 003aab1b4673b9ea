"""The labelled messages and turns that understanding is learnt from: corpus/utterances/messages/*.yaml and turns.yaml.

Written by hand by people who play users; no message is made from a pattern. What each label means stands in its file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from core.errors import BadKnowledge
from core.text import squeeze
from corpus.cards import CORPUS, read_yaml_list
from corpus.tables import field_of, said

LEAST_EXAMPLES = 40
"""A label with fewer is not learnt; a label is learnt well from a few hundred on."""
ACTS = ("knowledge", "tell", "chat", "complain", "distress", "meta", "out", "dishonest", "unknowable", "unclear")
"""The labels that are no tool's: what the knowledge answers, and everything else that people say."""
Follows = Literal["alone", "slot", "detail", "revise", "reply", "meta", "ack", "return", "switch"]
Label = Annotated[str, Field(pattern="^[a-z]+(_[a-z]+)*$")]
"""A tool's name, or one of ACTS."""
Text = Annotated[str, Field(min_length=1, max_length=500)]
_Model = TypeVar("_Model", bound=BaseModel)


class Utterances(BaseModel):
    """One label, what it means, and messages that mean it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: Label
    means: Text
    examples: tuple[Text, ...]


class Before(BaseModel):
    """A turn that went before: what was said, and what the answer was about."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    user: Text
    about: str = ""


class Turn(BaseModel):
    """A message in its conversation. follows: how it goes on; changes: what gets a new value; resolved: the whole question."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    before: Annotated[tuple[Before, ...], Field(min_length=1)]
    turn: Text
    follows: Follows
    changes: dict[str, Any] = Field(default_factory=dict)
    resolved: str = ""
    intent: Label


class Asked(BaseModel):
    """A message, with those before it where it goes on from them, that a card answers. card: its id."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    card: Text
    before: tuple[Text, ...] = ()
    turn: Text


class Looked(BaseModel):
    """A message with what people said of cards that were found for it, by their ids: those that answer, that tell a part, that do not."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    message: Text
    answered_by: tuple[Text, ...] = ()
    partly: tuple[Text, ...] = ()
    not_by: tuple[Text, ...] = ()


class NoticeAsked(BaseModel):
    """A question about a notice. at: which of its lines answer, from 1 on, none where it says nothing to it; part: the stretch of
    such a line that does, where a line sets several days; says: yes, no or open.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    q: Text
    kind: Label
    at: tuple[int, ...]
    part: str = ""
    says: Literal["", "yes", "no", "open"] = ""


class Notice(BaseModel):
    """A made-up notice by its lines, and questions about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: Text
    issuer: str = ""
    published: date
    lines: tuple[str, ...]
    asked: tuple[NoticeAsked, ...]

    @model_validator(mode="after")
    def _lines_are_there(self) -> Notice:
        if wrong := [one.q for one in self.asked if not all(1 <= at <= len(self.lines) for at in one.at)]:
            raise ValueError(f"“{wrong[0]}”指的行没有")
        for one in self.asked:
            if one.part and not any(one.part in self.lines[at - 1] for at in one.at):
                raise ValueError(f"“{one.q}”的 part 不在它指的行里")
        return self


def load_utterances(corpus: Path = CORPUS) -> list[Utterances]:
    """Every label's messages, those of tools first; BadKnowledge at the first file that is wrong."""
    found = [
        _checked(Utterances, raw, path, line) for path in message_files(corpus) for line, raw in read_yaml_list(path)
    ]
    return sorted(found, key=lambda kind: (kind.label in ACTS, kind.label))


def load_turns(corpus: Path = CORPUS) -> list[Turn]:
    """Every labelled turn; BadKnowledge at the first that is wrong."""
    path = _folder(corpus) / "turns.yaml"
    return [_checked(Turn, raw, path, line) for line, raw in read_yaml_list(path)]


def load_asked(corpus: Path = CORPUS) -> list[Asked]:
    """Every message in its conversation that a card answers, none where there is no file; BadKnowledge at the first that is wrong."""
    return _rows(Asked, _folder(corpus) / "asked.yaml")


def load_looked(corpus: Path = CORPUS) -> list[Looked]:
    """Every message with what was said of the cards found for it, none where there is no file; BadKnowledge at the first that is wrong."""
    return _rows(Looked, _folder(corpus) / "looked.yaml")


def _rows(model: type[_Model], path: Path) -> list[_Model]:
    return [_checked(model, raw, path, line) for line, raw in read_yaml_list(path)] if path.is_file() else []


def load_kinds(corpus: Path = CORPUS) -> dict[str, dict[str, list[str]]]:
    """Messages of a label by their finer kind: label → kind → examples; BadKnowledge where the file is wrong."""
    path = _folder(corpus) / "kinds.yaml"
    try:
        return TypeAdapter(dict[str, dict[str, list[str]]]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise BadKnowledge("utterances/kinds.yaml 读不了。", "每一类写成：名字: [说法, 说法]。") from exc


def load_notices(corpus: Path = CORPUS) -> list[Notice]:
    """Every notice with the questions about it, none where there is no folder; BadKnowledge at the first file that is wrong."""
    return [_notice(path) for path in sorted((_folder(corpus) / "notices").glob("*.yaml"))]


def _notice(path: Path) -> Notice:
    try:
        return Notice.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise BadKnowledge(
            f"utterances/notices/{path.name} 读不了。",
            "写成：title、published、lines（一行一句）、asked（q、kind、at）。",
        ) from exc


def message_files(corpus: Path = CORPUS) -> list[Path]:
    """The files of messages, one a label."""
    return sorted((_folder(corpus) / "messages").glob("*.yaml"))


def has_turns(corpus: Path) -> bool:
    """Whether a folder has labelled turns too."""
    return (_folder(corpus) / "turns.yaml").is_file()


def _folder(corpus: Path) -> Path:
    """The folder of utterances: inside a corpus, or given itself."""
    return corpus / "utterances" if (corpus / "utterances").is_dir() else corpus


def utterance_faults(corpus: Path = CORPUS, tools: Sequence[str] = (), cards: Set[str] = frozenset()) -> Iterator[str]:
    """What is wrong with the examples, a sentence each: files, labels, the same message twice, labels with too few.

    tools: the names of those there are; without them any name may be one; cards: the ids of those there are, likewise. Knowledge
    of one's own need not have any.
    """
    if not (_folder(corpus) / "messages").is_dir():
        return
    try:
        kinds, turns = load_utterances(corpus), load_turns(corpus)
        asked, looked, notices = load_asked(corpus), load_looked(corpus), load_notices(corpus)
    except BadKnowledge as exc:
        yield exc.message
        return
    first: dict[str, str] = {}
    for kind in kinds:
        for text in kind.examples:
            if other := first.get(squeeze(text)):
                yield f"说法“{text}”写了两次：{other} 和 {kind.label}。留一处。"
            first.setdefault(squeeze(text), kind.label)
        if len(kind.examples) < LEAST_EXAMPLES:
            yield f"{kind.label} 只有 {len(kind.examples)} 句，至少要 {LEAST_EXAMPLES} 句才学得会。"
    labels = {kind.label for kind in kinds}
    yield from (
        f"没有叫 {label} 的工具，它的说法学不了：文件里的 label 改成工具的名字。"
        for label in sorted(labels - {*tools, *ACTS})
        if tools
    )
    yield from (f"turns.yaml 里“{t.turn}”的 intent {t.intent} 没有说法。" for t in turns if t.intent not in labels)
    for label in sorted({*tools, *ACTS} - labels):
        yield f"少了 {label} 的说法：在 utterances/messages 里加 {label}.yaml。"
    seen = set[tuple[str, ...]]()
    for turn in turns:
        key = (*(squeeze(before.user) for before in turn.before), squeeze(turn.turn))
        if key in seen:
            yield f"turns.yaml 里“{turn.turn}”连同前文写了两次，留一处。"
        seen.add(key)
    yield from _unknown_cards("asked.yaml", ((row.turn, (row.card,)) for row in asked), cards)
    told = Counter(squeeze(one.q) for notice in notices for one in notice.asked)
    yield from (f"notices 里“{text}”问了 {times} 次，留一处。" for text, times in told.items() if times > 1)
    judged = ((row.message, (*row.answered_by, *row.partly, *row.not_by)) for row in looked)
    yield from _unknown_cards("looked.yaml", judged, cards)


def _unknown_cards(name: str, rows: Iterable[tuple[str, tuple[str, ...]]], cards: Set[str]) -> Iterator[str]:
    """Rows that name a card that there is not, and messages that stand twice with the same cards."""
    seen = set[tuple[str, ...]]()
    for message, named in rows:
        yield from (
            f"{name} 里“{message}”写的卡片 {card} 没有：改成有的。" for card in named if cards and card not in cards
        )
        key = (squeeze(message), *named)
        if key in seen:
            yield f"{name} 里“{message}”写了两次，留一处。"
        seen.add(key)


def _checked(model: type[_Model], raw: Any, path: Path, line: int) -> _Model:
    try:
        return model.model_validate(raw)
    except ValidationError as exc:
        error = exc.errors()[0]
        raise BadKnowledge(
            f"{path.name} 第 {line} 行起：字段 {field_of(error)} 不对：{said(error)}。", "改好再试。"
        ) from exc
