"""Commands: what a message orders the bot to do, written with a slash or in plain words."""

from __future__ import annotations

import re

from bots.message import Incoming
from core.text import squeeze
from tools.spec import called, in_menus

_WORDS = {
    "start": r"开始",
    "help": r"帮助|怎么用|使用说明|help",
    "new": r"新对话|重新开始|从头开始|换个话题|new",
    "stop": r"停|停止|停下|停一下|别说了|别答了|stop",
    "profile": r"我的档案|企业档案|你?记(了|得|住了?)(我们?的?)?(什么|啥|哪些)",
    "document": r"我的(?:文件|资料)|(?P<off>不(?:看|问)这份(?:文件|资料)?了?)",
    "forget": r"忘掉我|忘了我|删除?我的(数据|资料|记录)|清除记录|注销",
    "report": r"(导出|发我|要|来一?份)\s*(?P<kind>word|docx|pdf|excel|xlsx|表格|报告|图)(版|文件|报告)?",
}
_KINDS = {"word": "docx", "excel": "xlsx", "表格": "xlsx", "报告": "docx", "图": "png"}
_SLASH = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s+(.*))?", re.I | re.DOTALL)


def order_of(text: str) -> tuple[str, str]:
    """(command, what follows it); ("", text) where the message is none.

    The kind of a report is docx, pdf, xlsx or png; what follows `document` is "off" where none is to be asked alone any more.
    """
    said = text.strip()
    if slash := _SLASH.fullmatch(said):
        name, rest = slash[1].lower(), (slash[2] or "").strip()
        return (name, rest) if name in _WORDS or name in menu_names() else ("help", "")
    bare = re.sub(r"[。.！!？?~～\s]+$", "", said)
    for name, words in _WORDS.items():
        if found := re.fullmatch(words, bare, re.I):
            kind = found.groupdict().get("kind") or ("off" if found.groupdict().get("off") else "")
            return name, _KINDS.get(kind.lower(), kind.lower())
    name = called(squeeze(bare))
    return (name, "") if name in menu_names() else ("", said)


def menu_names() -> tuple[str, ...]:
    """The tools that are commands."""
    return tuple(spec.name for spec in in_menus())


def is_stop(message: Incoming) -> bool:
    """Whether a message ends what its conversation is doing; such a one does not wait for its turn to do so."""
    return not message.press and message.file is None and order_of(message.text)[0] == "stop"
