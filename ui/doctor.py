"""What this machine has and whether the data folder is sound, in plain words."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from core.errors import XiangdaoError
from core.settings import Settings, writable_home
from core.spaces import visible_spaces

SHOWN = 5
"""So many names of files are told."""


def report(settings: Settings) -> Iterator[tuple[bool | None, str]]:
    """(fine, line) for each thing looked at; None is advice."""
    yield (
        sys.version_info >= (3, 10),
        f"Python {platform.python_version()}，{platform.system()} {platform.machine()}，{os.cpu_count()} 核",
    )
    yield (
        _fts(),
        f"SQLite {sqlite3.sqlite_version}" + ("，带全文检索" if _fts() else "，缺全文检索（FTS5）：请换一个 Python"),
    )
    try:
        home = writable_home(settings)
    except XiangdaoError as exc:
        yield False, f"{exc.message}{exc.terminal_hint}"
    else:
        free = shutil.disk_usage(home).free / 1e9
        yield free > 0.5, f"数据文件夹 {home}，还有 {free:.1f} GB 空间" + ("" if free > 0.5 else "：太少，请清理磁盘")
        yield from _index(settings)
        yield from _conversations(settings)
        yield from _mailbox(settings)


def _fts() -> bool:
    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
    except sqlite3.Error:
        return False
    return True


def _index(settings: Settings) -> Iterator[tuple[bool | None, str]]:
    from assistant.build import open_index
    from corpus import soundness
    from corpus.index import is_built
    from ingest.salvage import originals_at_fault

    soundness.doubt(settings.ledger_path)
    stood = settings.ledger_path.exists() or settings.vectors_path.exists() or settings.originals_path.exists()
    if not stood and not is_built(settings):
        yield True, "检索索引还没有建好或要更新，第一次提问时会建（半分钟上下）"
        return
    try:
        index = open_index(settings)
    except XiangdaoError as exc:
        yield False, f"资料库打不开：{exc.message}{exc.terminal_hint}"
        return
    ledger = index.ledger
    spaces = visible_spaces(settings.user)
    documents = ledger.documents(spaces)
    cards = sum(d.passages for d in documents if d.origin == "card")
    own = [d for d in documents if d.origin == "document"]
    yield cards > 0, f"自带知识 {cards} 条"
    yield True, f"录入的资料 {len(own)} 份，{sum(d.passages for d in own)} 段"
    yield (
        index.vectors is not None,
        f"检索索引 {ledger.size(spaces)} 段，向量模型 {ledger.meta('embedder') or '无'}",
    )
    if name := index.switching:
        yield True, f"检索要换成 {name}：{index.switch_state()}"
    for notice in index.notices:
        yield False, notice
    yield from _knowledge(index.corpus, settings)
    for name in originals_at_fault(index):
        yield False, f"保存的原件坏了或不见了：{name}。资料照常能查；台账再坏就救不回来，请找到文件重新录入。"


def _knowledge(corpus: Path, settings: Settings) -> Iterator[tuple[bool | None, str]]:
    """The files that ship, read whole; of those that are damaged the index has told already."""
    from corpus import shipped
    from corpus.manifest import WRITE

    if changed := shipped.look(corpus, settings.home, thorough=True).changed:
        names = "、".join(changed[:SHOWN]) + (f" 等 {len(changed)} 个文件" if len(changed) > SHOWN else "")
        yield None, f"自带的文件和发布时不一样：{names}。不是有意改的，就重新安装本程序；有意改的，运行：{WRITE}"


def _conversations(settings: Settings) -> Iterator[tuple[bool | None, str]]:
    """The file of conversations and profiles, mended where it is damaged."""
    if not settings.conversations_path.exists():
        return
    from assistant.store.database import Database
    from assistant.store.people import names

    try:
        database = Database(settings.conversations_path, settings.user)
        names(database)
    except XiangdaoError as exc:
        yield False, f"{exc.message}{exc.terminal_hint}"
        return
    for notice in database.told():
        yield False, notice


def _mailbox(settings: Settings) -> Iterator[tuple[bool | None, str]]:
    """The file of the chat apps' messages, mended where it is damaged."""
    path = settings.home / "bots.db"
    if not path.exists():
        return
    from bots.mailbox import Mailbox

    try:
        mailbox = Mailbox(path)
    except sqlite3.Error as exc:
        yield False, f"机器人存消息的文件打不开：{exc}。把 {path} 移到别处再试。"
        return
    mailbox.close()
    for notice in mailbox.told():
        yield False, notice
