"""Buttons under an answer: the choices of a question, what else to ask, reports; and what the press of one says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.assessing import INSTEAD
from assistant.history import Call
from bots import wording as say
from bots.mailbox import Mailbox, Menu
from bots.message import Button, Rows
from core.cut import shorten
from tools import fields
from tools.spec import specs

LABEL = 38


@dataclass(frozen=True)
class Press:
    """A pressed button. said: what it stands for, empty while choices are being ticked. rows: the buttons as they are then.

    marks: the ticked choices.
    """

    menu: Menu
    said: str
    rows: Rows = ()


def read_press(mailbox: Mailbox, conversation: str, press: str) -> Press | None:
    """What a press means; None where the button is not known in this conversation (any more)."""
    try:
        number, which, marks = ([*press.split("."), "0"])[:3]
        menu, ticked = mailbox.menu(conversation, int(number)), int(marks, 16)
    except ValueError:
        return None
    if menu is None:
        return None
    if which == "ok":
        chosen = [said for at, (_, said) in enumerate(menu.entries) if ticked >> at & 1]
        return Press(menu, "、".join(chosen) or say.NOTHING_TICKED)
    if not which.isdecimal() or int(which) >= len(menu.entries):
        return None
    if menu.kind != "several":
        return Press(menu, menu.entries[int(which)][1])
    return Press(menu, "", ticking(menu.id, menu.entries, ticked ^ (1 << int(which))))


def ticking(menu: int, entries: Sequence[tuple[str, str]], ticked: int) -> Rows:
    """Choices of which several hold: each press changes the marks, which the buttons carry themselves."""
    columns = 2 if len(entries) > 6 else 1
    buttons = [
        Button((say.TICK if ticked >> at & 1 else "") + label, f"{menu}.{at}.{ticked:x}")
        for at, (label, _) in enumerate(entries)
    ]
    rows = [tuple(buttons[at : at + columns]) for at in range(0, len(buttons), columns)]
    return (*rows, (Button(say.DONE_TICKING, f"{menu}.ok.{ticked:x}"),))


def offered(
    mailbox: Mailbox,
    conversation: str,
    entries: Sequence[tuple[str, str]],
    columns: int = 1,
    kind: str = "again",
    key: str = "",
) -> Rows:
    """A new menu as buttons; entries: (label, what it says)."""
    rows = [(_short(label), said) for label, said in entries]
    menu = mailbox.offer(conversation, rows, kind, key)
    if kind == "several":
        return ticking(menu, rows, 0)
    buttons = [Button(label, f"{menu}.{at}") for at, (label, _) in enumerate(rows)]
    return tuple(tuple(buttons[at : at + columns]) for at in range(0, len(buttons), columns))


def under(
    mailbox: Mailbox, conversation: str, call: Call | None, result: Mapping[str, Any], suggestions: Sequence[str]
) -> Rows:
    """The buttons under an answer. result: the JSON of the tool's outcome, empty where none ran."""
    question = (result.get("data") or {}).get("next_question")
    if call and call.pending and question:
        entries = [(f"{o['letter']}. {o['text']}", str(o["letter"])) for o in question["options"]]
        kind = "several" if question["multiple"] else "once"
        choices = offered(mailbox, conversation, entries, kind=kind, key=call.pending)
        return choices + offered(
            mailbox, conversation, [(word, word) for word in INSTEAD], columns=3, kind="once", key=call.pending
        )
    rows: Rows = ()
    if call and call.asks and (answers := fields.choices(call.asks[0])):
        rows += offered(mailbox, conversation, answers, columns=4, kind="once")
    if call and reported(call) and "error" not in result:
        arguments = json.dumps(call.arguments, ensure_ascii=False)
        kinds = [(label, f"!report {kind} {call.tool} {arguments}") for kind, label in say.REPORTS.items()
                 if kind != "png" or specs()[call.tool].charted]  # fmt: skip
        rows += offered(mailbox, conversation, kinds, columns=4)
    if not rows and suggestions:
        rows = offered(mailbox, conversation, [(text, text) for text in suggestions[:3]])
    return rows


def reported(call: Call) -> bool:
    """Whether the results of a call's tool are offered as files."""
    return call.tool in specs() and specs()[call.tool].reported


def _short(label: str) -> str:
    return shorten(label, LABEL - 1)
