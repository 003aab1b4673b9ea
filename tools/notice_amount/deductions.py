"""Parts of a told sum that do not count by the notice: 其中4万是专线费, where 专线费 is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.text import bare
from tools.notice_amount.asked import Asked, Fact
from tools.notice_amount.likeness import content, named, with_aliases
from tools.notice_amount.rules import Effect, Rulebook
from tools.notice_amount.vocabulary import any_of, group, has

_AND = re.compile(r"[、和及与]|以及")
_LEAD = re.compile(r"^(?:是|为|买|用于|用来|花在|付|支付|属于|卖给|给|了|的|我们|自己|自家)+")
SHORTEST = 2


@dataclass(frozen=True)
class Cut:
    """A part and the clause that leaves it out."""

    fact: Fact
    effect: Effect


def cuts(asked: Asked, book: Rulebook) -> list[Cut]:
    """The parts of the question's sums that clauses of the notice leave out; a part of several things only where all are."""
    found = []
    for fact in asked.facts:
        if not fact.part:
            continue
        effects = [left_out(piece, book.effects) for piece in _things(fact.label)]
        if effects and all(effect is not None for effect in effects):
            found += [Cut(fact, effect) for effect in effects if effect is not None]
    return found


def _things(label: str) -> list[str]:
    return [piece for piece in (_LEAD.sub("", part.strip("， ")) for part in _AND.split(label)) if len(piece) > 1]


def left_out(thing: str, effects: Sequence[Effect]) -> Effect | None:
    """The clause that says that a thing does not count."""
    for effect in effects:
        if effect.kind == "refusal" and any(same(thing, item) for item in items(effect.words)):
            return effect
    return None


def items(words: str) -> list[str]:
    """The things that a refusing clause names, one by one."""
    text = re.sub(any_of("refuses"), "，", words)
    return [
        item
        for item in (part.strip("：:；; 。的") for part in re.split(r"[、，,：:；;]|以及|或者|[和及与或]|等", text))
        if len(item) > 1
    ]


def same(thing: str, item: str) -> bool:
    """Whether a thing that the question names is one that a clause names: 维保费 and 售后维保费, 办公电脑 and 办公设备."""
    one, other = with_aliases(bare(thing)), with_aliases(bare(item))
    core = _core(other)
    if len(core) >= SHORTEST and core in one:
        return True
    mine = _core(one)
    if len(mine) >= SHORTEST and mine in other:
        return True
    objects = named(one)[0] - {"设备", "软件"}
    if objects and objects & named(other)[0]:
        return True
    return any(len(run) > SHORTEST and run in other for run in content(one))


def _core(item: str) -> str:
    return re.sub(
        r"(?:费用|支出|费|款|投入|部分|内容|的?销售|收入|建筑|改造)+$",
        "",
        re.sub(r"^(?:用于|购买|向|对|企业自有|自有|企业)+", "", item),
    )


def less_cuts(value: Decimal, asked: Asked, book: Rulebook) -> tuple[Decimal, list[Cut]]:
    """A told sum without its parts that do not count."""
    rows = cuts(asked, book)
    parts = {cut.fact.place: cut.fact.sum for cut in rows}
    return value - sum(parts.values(), Decimal(0)), rows


def speaks_of(asked: Asked, effect: Effect, runs: Sequence[str]) -> bool:
    """Whether the question names what a refusing clause is about, beyond a word that stands in many things."""
    named_items = items(effect.words)
    for said in asked.segments:
        if said.denied:
            continue
        text = with_aliases(bare(said.text))
        for item in named_items:
            whole = with_aliases(bare(item))
            core = _core(whole)
            if len(core) >= SHORTEST and core in text and any(run in core or core in run for run in runs):
                return True
            if any(
                run in text
                and run not in group("broad")
                and (whole.endswith(run) or core.startswith(run) or core.endswith(run))
                for run in runs
            ):
                return True
    return any(len(run) > SHORTEST + 1 for run in runs) or (len(runs) > 1 and has(effect.words, "changes"))
