"""One thing that a document does to another, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from core.types import Source
from corpus.naming import cited

Kind = Literal["replaces", "ends", "extends", "words", "text", "drop", "add", "unclear"]
CLAUSES = frozenset({"words", "text", "drop", "add", "unclear"})
"""The kinds that change what a document says; the others change how long it holds."""
DEADLINE = "申报截止"
DETAIL_CHARACTERS = 24
"""Longer words are not told beside a change; the passage holds the new ones."""

SAYS_CHARACTERS = 10


@dataclass(frozen=True)
class Amendment:
    """One thing that a document does to the document of this title and number, of which one may be empty.

    kind: replaces (its new edition), ends (new: the verb that says so), extends (new: the last day, or + and months, or empty
    where it holds without end), words (old becomes new in a clause), text (a clause reads new), drop (a clause goes; new: the
    verb), add (new stands as a clause), unclear (something changes that cannot be done mechanically).
    clause: 第五条第（二）项 as it is written, empty for all of the document; of an extension DEADLINE where it is of the last
    day to apply. since: ISO day, empty where the sentence names none. quoted: whether the words stand in quotation marks.
    """

    title: str
    number: str
    kind: Kind
    clause: str = ""
    old: str = ""
    new: str = ""
    since: str = ""
    quoted: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Amendment:
        return cls(**data)


@dataclass(frozen=True)
class Change:
    """An amendment with the document that makes it. since: the ISO day from which it holds, empty where none is known."""

    by: Source
    amendment: Amendment
    since: str = ""


def sentence(change: Change) -> str:
    """What a change does, in one sentence without its full stop: 第三条已由《…》（…）修改：30%改为45%."""
    one, by = change.amendment, cited(change.by)
    where = one.clause or "文中"
    from_when = f"，自{change.since}起" if change.since and change.since != change.by.published else ""
    match one.kind:
        case "ends":
            return f"已由{by}{from_when}{one.new}" if from_when else f"已由{by}宣布{one.new}"
        case "extends":
            what = DEADLINE if one.clause else "有效期"
            until = f"{one.new[1:]}个月" if one.new.startswith("+") else f"到{one.new}"
            return f"{what}已由{by}延长{until}" if one.new else f"{by}写明它继续有效"
        case "words":
            short = max(len(one.old), len(one.new)) <= DETAIL_CHARACTERS
            detail = f"：{one.old}改为{one.new}" if one.new else f"：删去“{one.old}”"
            return f"{where}已由{by}修改{from_when}{detail if short else ''}"
        case "text":
            return f"{where}已由{by}修改{from_when}"
        case "drop":
            return f"{where}已由{by}{from_when}{one.new}"
        case "add":
            return f"{where or '一条'}由{by}{from_when}增加"
    return f"该文件已被{by}修改，这一条是否改动要看修改文件"


def told(change: Change, state: str) -> dict[str, str]:
    """A change as a passage keeps it beside its text, under its tag `changed`.

    text: a sentence of its own; by, brief: who did it, and what, to stand after another of the same document; says: words by which
    it is known whether an answer shows what was changed, empty where it is to be told in any case; state: done, pending (from the
    day `since` on, later than that on which this was made) or unclear (its clause or words were not found).
    """
    one = change.amendment if state != "unclear" else replace(change.amendment, kind="unclear")
    says = {"words": one.new, "text": one.new[:SAYS_CHARACTERS], "add": one.new[:SAYS_CHARACTERS], "drop": one.clause}
    return {
        "text": sentence(replace(change, amendment=one)), "by": cited(change.by), "brief": _brief(one), "since": change.since,
        "says": says.get(one.kind, "") if state == "done" else "", "state": state,
    }  # fmt: skip


def _brief(one: Amendment) -> str:
    """What a change does, without who does it."""
    where = one.clause or "文中"
    match one.kind:
        case "words":
            if max(len(one.old), len(one.new)) > DETAIL_CHARACTERS:
                return f"{where}有修改"
            return f"{where}：{one.old}改为{one.new}" if one.new else f"{where}删去“{one.old}”"
        case "text":
            return f"{where}改写"
        case "drop":
            return f"{where}{one.new}"
        case "add":
            return f"增加{where}"
    return ""


def in_short(one: Amendment) -> str:
    """An amendment as it was read, for whoever looks at the document that makes it."""
    whom = f"《{one.title}》" if one.title else one.number
    match one.kind:
        case "replaces":
            return f"{whom}：由本文件替代"
        case "ends":
            return f"{whom}：{one.new}"
        case "extends":
            until = f"到{one.new}" if one.new and one.new[0] != "+" else f"{one.new[1:]}个月" if one.new else ""
            return f"{whom}：{DEADLINE if one.clause else '有效期'}{'延长' + until if until else '继续'}"
        case "words":
            return (
                f"{whom}{one.clause}：“{one.old}”改为“{one.new}”" if one.new else f"{whom}{one.clause}：删去“{one.old}”"
            )
        case "text":
            return f"{whom}{one.clause}：改写"
        case "drop":
            return f"{whom}{one.clause}：{one.new}"
        case "add":
            return f"{whom}：增加{one.clause}"
    return f"{whom}{one.clause}：有修改，没读出改成什么"
