"""What a model proposes where the rules are unsure: a tool, arguments, a complete question. Code decides what of it counts.

Every proposal is short JSON in a fixed shape. An argument counts only in the user's own words, an amount only with its unit,
and a model that fails an entry test is not asked.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, create_model

from assistant.engine.constrained import Shape, constrained
from assistant.engine.contract import Engine
from assistant.history import Turn
from assistant.wording.generate import inert, opening
from assistant.wording.stated import names, stated
from core.errors import EngineFailed
from core.text import normalise, squeeze
from prompts import fill
from tools import registry
from tools.firm.amounts import money, people
from tools.spec import specs

KNOWLEDGE = "knowledge"
MOST_ARGUMENTS, VALUE_CHARACTERS, QUESTION_CHARACTERS = 3, 16, 48
ENTRY_TEST = (
    ("我们厂八十来个人，想添几台设备，国家能不能帮衬点钱？", ("subsidy", "maturity"), "subsidy"),
    ("就我们厂现在这个样子，数字化算到了哪一步，帮着评一评", ("size_class", "maturity"), "maturity"),
    ("上云率这个数是怎么统计出来的？", ("subsidy", "benchmark"), KNOWLEDGE),
    ("我们人手少，一步一步该怎么走，给排个次序", ("roadmap", "cases"), "roadmap"),
    ("想看看跟我们一样做阀门的，有谁弄成过", ("size_class", "cases"), "cases"),
)
"""Questions with the tools to choose from and the right choice; by chance alone one model in 243 passes."""


def _text(most: int) -> str:
    """A pattern of plain words: what has to be escaped, or is no character at all, cannot be written."""
    return rf"^[一-鿿0-9A-Za-z .,%，、？。（）《》〔〕·—-]{{1,{most}}}$"


SITTINGS = 3
"""How often the entry test may be cut off before the engine counts as too slow, or too broken, to be asked."""


class Said(BaseModel):
    """One argument in the user's words."""

    name: str
    value: Annotated[str, StringConstraints(pattern=_text(VALUE_CHARACTERS))]


class Complete(BaseModel):
    """A question that stands alone."""

    question: Annotated[str, StringConstraints(pattern=_text(QUESTION_CHARACTERS))]


class Choice(BaseModel):
    """One tool of some."""

    tool: str


class Arguments(BaseModel):
    """A few arguments."""

    said: list[Said] = Field(max_length=MOST_ARGUMENTS)


def choice_of(options: Sequence[str]) -> type[Choice]:
    """The shape of a choice of one tool."""
    names = (*options, KNOWLEDGE)
    tool: Any = (Literal[tuple(names)], ...)
    return create_model("Choice", __base__=Choice, tool=tool)


def arguments_of(fields: Sequence[str]) -> type[Arguments]:
    """The shape of a few arguments out of some."""
    name: Any = (Literal[tuple(fields)], ...)
    one: Any = create_model("Said", __base__=Said, name=name)
    said: Any = (list[one], Field(max_length=MOST_ARGUMENTS))
    return create_model("Arguments", __base__=Arguments, said=said)


@dataclass
class Adviser:
    """Asks one engine. trusted: whether it passed the entry test; None where it has not sat it to the end."""

    engine: Engine
    trusted: bool | None = None
    _right: int = 0
    _cut_off: int = 0

    def tool(self, question: str, options: Sequence[str], turns: Sequence[Turn], owner: str, until: float) -> str:
        """One of the options, or nothing. until: time.monotonic() by which it must be there."""
        if not self.passes(owner, until):
            return ""
        told = self._choice(question, options, turns, owner, until)
        return told if told in options else ""

    def passes(self, owner: str, until: float) -> bool:
        """Whether the engine may be asked. The entry test is sat once; where time runs out, it goes on at the next question."""
        while self.trusted is None:
            question, options, right = ENTRY_TEST[self._right]
            told = self._choice(question, options, (), owner, until)
            if not told:
                self._cut_off += 1
                self.trusted = False if self._cut_off == SITTINGS else None
                return False
            self._right += told == right
            if told != right or self._right == len(ENTRY_TEST):
                self.trusted = told == right
        return self.trusted

    def _choice(self, question: str, options: Sequence[str], turns: Sequence[Turn], owner: str, until: float) -> str:
        lines = "\n".join(f"- {name}：{specs()[name].about}" for name in options)
        told = self._asked(
            fill("route", options=lines, question=inert(question)), choice_of(options), turns, owner, until
        )
        return told.tool if told else ""

    def arguments(
        self,
        tool: str,
        known: Mapping[str, Any],
        asks: Sequence[str],
        turns: Sequence[Turn],
        text: str,
        owner: str,
        until: float,
    ) -> dict[str, Any]:
        """More arguments for a tool in the user's words, by their Chinese names; one repair. asks: which are wanted."""
        wanted = {
            name: about for name, about in registry.arguments_of(tool).items() if name in asks and not known.get(name)
        }
        if not wanted or not self.passes(owner, until):
            return {}
        said = "\n".join([*(turn.question for turn in turns[-3:]), text])
        lines = "\n".join(f"- {name}：{about}" for name, about in wanted.items())
        found: dict[str, Any] = {}
        problem = ""
        for _ in range(2):
            prompt = fill("arguments", fields=lines, said=inert(said), problem=problem)
            told = self._asked(prompt, arguments_of(list(wanted)), turns, owner, until)
            given = [(row.name, row.value) for row in told.said] if told else []
            good, wrong = checked(given, said, known)
            found |= good
            if not wrong:
                break
            problem = f"这些值不是原话，或缺了单位，请重新抄：{'、'.join(inert(w) for w in wrong)}"
        return found

    def complete(self, question: str, turns: Sequence[Turn], owner: str, until: float) -> str:
        """A follow-up as a question that stands alone, in words of the conversation only; nothing where there is none."""
        if not turns or not self.passes(owner, until):
            return ""
        before = "\n".join(f"问：{turn.standalone}" for turn in turns[-2:])
        told = self._asked(
            fill("condense", before=inert(before), question=inert(question)), Complete, turns, owner, until
        )
        made = told.question.strip() if told else ""
        return made if made and made != question and spoken_of(made, f"{before}\n{question}") else ""

    def _asked(self, prompt: str, shape: type[Shape], turns: Sequence[Turn], owner: str, until: float) -> Shape | None:
        from langchain_core.messages import HumanMessage

        left = until - time.monotonic()
        if left <= 0:
            return None
        try:
            return constrained(self.engine, [*opening(turns), HumanMessage(prompt)], shape, left, owner)
        except EngineFailed:
            return None


def checked(given: Sequence[tuple[str, str]], said: str, known: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """The arguments that stand in the user's words, with their units and not as another argument; and what does not."""
    words, taken = squeeze(said), {squeeze(str(value)) for value in known.values()}
    amounts = [float(v) for v in known.values() if isinstance(v, int | float) and not isinstance(v, bool)]
    good: dict[str, str] = {}
    wrong = []
    for name, value in given:
        plain = squeeze(value)
        figure = _figure(name, value)
        if not plain or plain not in words or figure is None:
            wrong.append(value)
        elif plain not in taken and figure not in amounts:
            good.setdefault(name, value.strip())
            taken.add(plain)
            amounts += [figure] if figure else []
    return good, wrong


def _figure(name: str, value: str) -> float | None:
    """The amount in a value, 0 where the argument is words; None where the argument is an amount and the value is not."""
    text = normalise(value)
    if name.endswith("万元"):
        found = money(text)
    elif name == "从业人员":
        found = people(text)
    elif name == "周期年":
        return 0.0 if re.fullmatch(r".{1,6}(年半?|个?月|季度).{0,2}", text) else None
    elif name.endswith("等级"):
        return 0.0 if re.search(r"[一二三四1-4]级|初始|规范|集成|协同", text) else None
    else:
        return None if re.fullmatch(r"[\d.,%\s]+", text) else 0.0
    return found[0].value if len(found) == 1 else None


def spoken_of(made: str, conversation: str) -> bool:
    """Whether a rewritten question holds no figure, name or word of substance that the conversation does not."""
    from assistant.wording.ground import Ground, content, stands

    ground = Ground(conversation)
    return (
        all(stands(v, ground) for v in stated(made))
        and all(squeeze(name) in ground.squeezed for name in names(made))
        and ground.share(content(made)) >= 0.8
    )
