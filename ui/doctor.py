"""What this machine has and whether the data folder is sound, in plain words."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator

from core.errors import XiangdaoError
from core.settings import Settings, writable_home
from core.spaces import visible_spaces


def report(settings: Settings) -> Iterator[tuple[bool, str]]:
    """(fine, line) for each thing looked at."""
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


def _fts() -> bool:
    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
    except sqlite3.Error:
        return False
    return True


def _index(settings: Settings) -> Iterator[tuple[bool, str]]:
    from assistant.build import open_index
    from corpus import soundness
    from corpus.index import is_built

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


def _conversations(settings: Settings) -> Iterator[tuple[bool, str]]:
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
    for notice in database.notices:
        yield False, notice
