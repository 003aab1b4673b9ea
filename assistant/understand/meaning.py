"""What a message was understood as: its label, how it goes on from the turn before, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from tools.spec import specs

KNOWLEDGE = "knowledge"
ALONE = "alone"
"""How a message follows that takes nothing from what was said before."""
REPLY = "reply"
"""How a message follows that tells what was asked back; what kind of question it is stands in the message before."""
GOES_ON = frozenset({"slot", "detail", "revise", REPLY, "meta", "return"})
"""Ways of following in which something is taken from what was said before."""


@dataclass(frozen=True)
class Understanding:
    """What a message means. confidence: calibrated, 0-1; alternatives: the labels that come next, each with its own.

    follows: how it goes on from the turn before, "alone" where there is none; goes_on: the probability that it needs that turn.
    kind: of small talk, of a change to the last answer, of a question about support. part: what of support told before is asked for. sure, half: whether the confidence reaches
    what the label needs to stand by itself, or with something else that speaks for it. tool_meant, row_found: the probability from
    which a tool may be meant though another label is surer, and a look-up that has a row. leans: whether it surely needs the turn
    before; None where that is unsure. tool_alone, row_alone: the probability from which a tool, and a look-up that has a row, runs
    whatever the knowledge holds.
    """

    label: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    follows: str = ALONE
    follows_confidence: float = 1.0
    goes_on: float = 0.0
    kind: str = ""
    part: str = ""
    sure: bool = False
    half: bool = False
    tool_meant: float = 0.3
    row_found: float = 0.2
    leans: bool | None = False
    tool_alone: float = 0.8
    row_alone: float = 0.7

    @property
    def intent(self) -> str:
        """A tool's name, else knowledge."""
        return self.label if self.label in specs() else KNOWLEDGE

    @property
    def act(self) -> str:
        """What is done with the message: ask, or what its label says: tell, chat, complain, …"""
        return "ask" if self.label in specs() or self.label == KNOWLEDGE else self.label

    @property
    def weary(self) -> bool:
        """Whether somebody sounds worn out, and no worse."""
        return self.label == "distress" and self.kind == "weary"

    def of(self, label: str) -> float:
        """The probability of a label."""
        return dict(((self.label, self.confidence), *self.alternatives)).get(label, 0.0)

    def as_text(self) -> str:
        """One line for people who look how a message was understood."""
        others = "、".join(f"{name} {p:.2f}" for name, p in self.alternatives[:3])
        kind = f"（{self.kind}）" if self.kind else ""
        on = f"；接上文：{self.follows} {self.follows_confidence:.2f}，要靠上文 {self.goes_on:.2f}"
        return f"理解：{self.label}{kind} {self.confidence:.2f}{'，有把握' if self.sure else ''}；其次：{others or '无'}{on}"
