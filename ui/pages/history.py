"""历史对话: the kept conversations, found again, exported and deleted."""

from __future__ import annotations

from core.clock import today
from core.cut import shorten
from core.errors import BadInput, XiangdaoError
from tools.report import files
from tools.report.contents import talk_pages
from ui.pages import render
from ui.pages.visit import Action, Visit
from ui.shown import Shown

LISTED = 60


def show(visit: Visit, done: str = "", problem: XiangdaoError | None = None) -> Shown:
    words = visit.query.get("words", "")[:80].strip()
    talks = visit.history.talks(words, LISTED + 1)
    html = render.page(
        "history.html", talks=talks[:LISTED], more=len(talks) > LISTED, words=words, done=done,
        problem=problem and render.problem(problem),
    )  # fmt: skip
    return Shown(html)


def forget(visit: Visit) -> Shown:
    visit.history.forget(visit.text("session"))
    return show(visit, "已删掉这个对话。")


def export(visit: Visit) -> Shown:
    """A conversation as a Word file."""
    turns = visit.history.turns(visit.text("session"), 1000)
    if not turns:
        raise BadInput("这个对话已经不在了，可能刚被删掉。", "回到“历史对话”看还有哪些。")
    name = f"对话-{safe_name(turns[0].question)}.docx"
    data = files.made(talk_pages(turns, visit.profile.name or "", today()), ".docx")
    shown = show(visit, "已导出，浏览器会存到下载文件夹。")
    return Shown(shown.html, download=visit.downloads.offer(name, data))


def safe_name(text: str) -> str:
    """Words that may stand in a file's name."""
    return "".join(c for c in shorten(text, 24) if c.isalnum() or c in "-_") or "导出"


ACTIONS: dict[str, Action] = {"forget": forget, "export": export}
