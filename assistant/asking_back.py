"""What is said where a message was not surely understood, or where nobody can know: a choice, or what is known near it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant import acts
from assistant.answer.composed import Composed
from assistant.answer.passages import brief
from assistant.cite import reference_list
from assistant.understand.meaning import KNOWLEDGE, Understanding
from core.types import Source
from tools.spec import computing, specs

NEAR = 0.15
"""From this probability on a tool is offered."""
MOST = 3
UNKNOWABLE = "**这件事现在谁也说不准，我不猜。**"
NOT_SURE = "这句话我没听准，怕答偏，先问一句：{}"
"""What is asked in place of an answer that may not be what was meant."""
IF_MEANT = "要是想问的是下面这一条，看它说的对不对得上：\n"
MEANT_NOT = ("dishonest", "out", "unknowable")
"""Labels of what is not to be answered."""
LIKELY = 0.2
"""From this probability on one of them says why nothing is answered."""


def choices(means: Understanding, near: Sequence[str] = ()) -> Composed | None:
    """Asks which of two or three things is meant; None where no two are likely. near: questions that the knowledge does answer."""
    shares = dict(((means.label, means.confidence), *means.alternatives))
    tools = [
        name
        for name, share in sorted(shares.items(), key=lambda each: -each[1])
        if share >= NEAR and name in computing()
    ]
    if means.sure or means.act != "ask" or not tools or (len(tools) < 2 and shares.get(KNOWLEDGE, 0.0) < NEAR):
        return None
    offered = tuple(dict.fromkeys((*(specs()[name].say for name in tools), *near)))[:MOST]
    lines = ["资料里没有直接的答案。您要的是不是下面哪一样？回其中一句就行："]
    lines += [f"- 回“{one}”" for one in offered]
    lines.append("都不是的话，把想知道的那一点说具体些，我再查。")
    return Composed("\n".join(lines), (), (), refused=True, suggestions=offered)


def instead(means: Understanding, composed: Composed, text: str, sources: Mapping[str, Source]) -> Composed:
    """What is said to a message that is rather not to be answered: why not where that is likely, else what is meant, with what is nearest."""
    shares = dict(((means.label, means.confidence), *means.alternatives))
    label = max(MEANT_NOT, key=lambda name: shares.get(name, 0.0))
    if shares.get(label, 0.0) < LIKELY:
        unclear = replace(means, label="unclear", alternatives=tuple(shares.items()))
        asked = NOT_SURE.format(acts.talk(unclear, text).text)
        near = _nearest(composed, sources)
        return (
            replace(near, text=f"{asked}\n\n{IF_MEANT}{near.text}") if near else Composed(asked, (), (), refused=True)
        )
    if label == "unknowable":
        return unknowable(composed)
    kind = means.kind if means.label == label else ""
    return Composed(acts.talk(replace(means, label=label, kind=kind), text).text, (), (), refused=True)


def _nearest(composed: Composed, sources: Mapping[str, Source]) -> Composed | None:
    """The passage nearest to a message in one line, cited; None where it has no short form."""
    if not composed.evidence or not composed.citations:
        return None
    first = composed.citations[0]
    hit = next((hit for hit in composed.evidence if hit.passage.passage_id == first.passage_id), None)
    told = brief(hit.passage, hit.query) if hit else ""
    if not hit or not told:
        return None
    text = f"- {told} [{first.n}]\n\n出处 {reference_list([first], sources)}"
    return Composed(text, (first,), (hit,), refused=True, suggestions=composed.suggestions)


def unknowable(composed: Composed) -> Composed:
    """A refusal that says that nobody can know, before what is known near it, in a line each, and whom to ask."""
    if composed.refused:
        _, _, rest = composed.text.partition("\n")
        return replace(composed, text=f"{UNKNOWABLE}\n{rest}".strip())
    numbers = {citation.passage_id: citation.n for citation in composed.citations}
    told = [(brief(hit.passage, hit.query), numbers.get(hit.passage.passage_id)) for hit in composed.evidence]
    lines = [f"- {text} [{n}]" for text, n in told if text and n]
    if len(lines) < len(composed.citations):
        return replace(composed, text=f"{UNKNOWABLE}已经定下来、和它相近的是：\n{composed.text}", refused=True)
    _, mark, sources = composed.text.rpartition("\n\n出处 ")
    text = "\n".join((f"{UNKNOWABLE}已经定下来、和它相近的是：", *lines)) + mark + sources
    return replace(composed, text=text, refused=True)
