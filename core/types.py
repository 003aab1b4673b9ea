"""The values that travel between the layers: passages, hits, citations, answers, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Origin = Literal["card", "document"]

PUBLIC_SPACE = "public"
"""The space of the bundled knowledge and of shared documents."""


@dataclass(frozen=True)
class Passage:
    """One answer unit of a card or a document, with what is known about it.

    section: headings from the outermost in. certainty: full | snippet | third_party | practice | user. short: the answer in one
    sentence, "" where nobody wrote one; not_answered: near questions that it does not answer.
    valid_from, valid_until: ISO dates or None. status: in_force | superseded | expired | reference.
    """

    passage_id: str
    source_id: str
    title: str
    text: str
    origin: Origin = "card"
    section: tuple[str, ...] = ()
    kind: str = ""
    page: int | None = None
    region: str = ""
    valid_from: str | None = None
    valid_until: str | None = None
    status: str = "reference"
    space: str = PUBLIC_SPACE
    certainty: str = "full"
    as_of: str = ""
    questions: tuple[str, ...] = ()
    tags: dict[str, Any] = field(default_factory=dict)
    sha256: str = ""
    short: str = ""
    not_answered: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where in its file it stands, in words (第3页, 第2–3页, 第5张幻灯片); empty where the file has no pages."""
        return str(self.tags.get("place") or (f"第{self.page}页" if self.page else ""))


@dataclass(frozen=True)
class Hit:
    """A retrieved passage with its score, the parts that the score is made of, and the corpus.query.Query it answers."""

    passage: Passage
    score: float
    parts: dict[str, float] = field(default_factory=dict)
    window: str = ""
    query: Any = None


@dataclass(frozen=True)
class Source:
    """A document that knowledge comes from, as listed in corpus/sources.yaml or met at ingestion.

    aliases: regular expressions by which a question names it. told: what another document says of its standing, in words:
    已由《…》宣布废止; empty where none does.
    """

    id: str
    title: str
    issuer: str = ""
    doc_no: str | None = None
    published: str = ""
    kind: str = "report"
    status: str = "reference"
    superseded_by: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    region: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()
    told: str = ""


@dataclass(frozen=True)
class Citation:
    """What a statement stands on; `n` is the number in the answer's [n]."""

    n: int
    source_id: str
    title: str
    section: str
    passage_id: str
    quote: str
    origin: Origin = "card"
    certainty: str = "full"

    def as_json(self) -> dict[str, Any]:
        """The citation as the command line and the HTTP API give it."""
        return {
            "n": self.n,
            "source_id": self.source_id,
            "title": self.title,
            "section": self.section,
            "passage_id": self.passage_id,
            "quote": self.quote,
            "origin": self.origin,
            "certainty": self.certainty,
        }


@dataclass(frozen=True)
class ToolCall:
    """A tool that ran: its name, its arguments and its result, all JSON-able."""

    name: str
    arguments: dict[str, Any]
    result: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """The finished answer to one question; `text` is Markdown with [n] citations."""

    question: str
    text: str
    refused: bool = False
    citations: tuple[Citation, ...] = ()
    tool: ToolCall | None = None
    engine: str = "extractive"
    confidence: float = 0.0
    suggestions: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    def as_json(self, id: object = None) -> dict[str, Any]:
        """The answer in the exact shape of `ask --json` and of each line of `batch`."""
        tool = self.tool and {"name": self.tool.name, "arguments": self.tool.arguments, "result": self.tool.result}
        return {
            "id": id,
            "question": self.question,
            "answer": self.text,
            "refused": self.refused,
            "citations": [c.as_json() for c in self.citations],
            "tool": tool,
            "engine": self.engine,
            "confidence": round(self.confidence, 3),
            "suggestions": list(self.suggestions),
            "timings_ms": {k: round(v, 1) for k, v in self.timings_ms.items()},
        }


@dataclass(frozen=True)
class Sources:
    """Event: the passages found, best first, before anything is worded."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Brief:
    """Event: the answer composed without a model; stands until Done."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Wording:
    """Event: a model begins to word the answer, which takes seconds. engine: its name; leaves_machine: text goes elsewhere."""

    engine: str
    leaves_machine: bool = False


@dataclass(frozen=True)
class Piece:
    """Event: the next piece of the worded answer, streamed by a model."""

    text: str


@dataclass(frozen=True)
class ToolResult:
    """Event: a tool has computed something."""

    call: ToolCall


@dataclass(frozen=True)
class Notice:
    """Event: something the user should know about how this answer is made (a model that failed, say)."""

    text: str


@dataclass(frozen=True)
class Done:
    """Event: the final answer; always the last one. turn_id: by which a kept conversation knows it, else 0."""

    answer: Answer
    turn_id: int = 0


Event = Sources | Brief | Wording | Piece | ToolResult | Notice | Done
