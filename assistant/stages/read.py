"""Stage 1: the message on one line in simplified script, or why it cannot be read."""

from __future__ import annotations

import re

from assistant import assessing
from assistant.state import Reply, State
from core.cut import one_line
from core.errors import BadQuestion
from core.numbers import simplified

UNREADABLE = "没看懂要问什么。用一句话说说厂里的事，例如：我们厂第一步该做什么？"
SAME_AGAIN = 4
"""A long message of no more different characters says nothing."""
_MARKUP = re.compile(r"(?m)^\s*(?:#{1,6}|[-*>])\s+(?=\D)")
"""Marks of headings, lists and quotations at the beginning of a line; before a figure they may be a sign of it."""
_FIGURES_ONLY = re.compile(r"[\d\s+\-*/×÷=.()（）等于几多少是？?]+")


def read(state: State) -> State:
    """The message as it is read from here on; BadQuestion where it cannot be asked."""
    text = checked(state.question, state.desk.settings.question_characters)
    said = None
    if unreadable(text) and assessing.plain_reply(text, state.turns) is None:
        said = Reply(UNREADABLE, refused=True)
    return state.deciding("读", text if said is None else "看不懂", text=text, said=said)


def checked(question: str, most: int) -> str:
    """The question on one line, in simplified script; BadQuestion where it cannot be asked. most: how many characters it may have."""
    text = simplified(one_line(_MARKUP.sub("", question)))
    if not re.search(r"\w", text):
        raise BadQuestion("问题是空的，或只有符号和表情。", "用一句话说说想问什么，例如：我们厂第一步该做什么？")
    if len(text) > most:
        raise BadQuestion(
            f"问题太长（{len(text)} 字，最多 {most} 字）。",
            "把要问的事缩成一两句；长材料请存成文件，录进来再问。",
            command="录入：xiangdao ingest 文件",
        )
    if text.count("\ufffd") > len(text) // 10 or sum(c.isprintable() for c in text) < len(text) * 0.8:
        raise BadQuestion("问题里大半是乱码，看不懂。", "检查输入法或文件编码，用中文再问一次。")
    return text


def unreadable(text: str) -> bool:
    """Whether a message is nothing but figures, or the same few letters again and again, marks aside."""
    said = [character for character in text if character.isalnum()]
    return bool(_FIGURES_ONLY.fullmatch(text)) or (
        len(said) > 20 and len(set(said)) <= max(SAME_AGAIN, len(said) // 50)
    )
