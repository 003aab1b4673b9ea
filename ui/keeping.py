"""`xiangdao profile`, `export` and `forget`: what is kept of a person, shown, given out and deleted."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from core.settings import load_settings
from tools.fields import said
from tools.firm.profile import LABELS
from ui.files import write_text
from ui.machine import settings
from ui.screen import plain, tell

if TYPE_CHECKING:
    from assistant.store.database import Database

_ORIGINS = {"chat": "对话", "page": "自己填的", "assessment": "评估"}


def _database() -> tuple[Database, str]:
    from assistant.store.database import Database

    found = settings()
    return Database(found.conversations_path, found.user), found.user


def _file() -> Path:
    return load_settings().conversations_path


def profile(args: argparse.Namespace) -> int:
    """Show the kept profile of the firm, allow or stop keeping it, correct one field."""
    from assistant.store.profiles import Profiles

    database, user = _database()
    profiles = Profiles(database, args.user or user)
    if args.action == "allow":
        profiles.allow(True)
        print("好，以后对话里说到的企业情况会记下来，下次不用再说。随时可以看、改、删。")
    elif args.action == "forget":
        profiles.allow(False)
        print("企业档案已删掉，以后也不再记。对话里说过的话还在，要删用 xiangdao forget。")
    elif args.action == "set":
        name = next((key for key, label in LABELS.items() if args.field in (key, label, said(label))), None)
        if name is None:
            raise BadInput(f"档案里没有“{args.field}”这一项。", f"可用的有：{'、'.join(map(said, LABELS.values()))}。")
        kept = profiles.kept()
        values = {key: fact.value for key, fact in kept.facts.items()}
        profiles.correct({**values, name: _value(args.value)}, kept.version)
        print(f"已改：{said(LABELS[name])}。")
    else:
        _show(profiles.kept())
    return 0


def _value(given: str) -> Any:
    """A number, true, a list … where the words are JSON, else the words."""
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return given


_SHOWN = {name: label for name, label in LABELS.items() if name != "said"}
"""What is told line by line; the words of a rough figure are told with the figure."""


def _show(kept: Any) -> None:
    if not kept.allowed:
        print("没有保存企业档案。同意保存，以后不用重复说：xiangdao profile allow")
        return
    for name, label in _SHOWN.items():
        if fact := kept.facts.get(name):
            quoted = f"：“{fact.quote}”" if fact.quote else ""
            value = fact.value if isinstance(fact.value, str) else json.dumps(fact.value, ensure_ascii=False)
            print(plain(f"{said(label)}　{value}　（{_ORIGINS[fact.origin]}{quoted}，{fact.at[:10]}）"))
    if missing := [said(label) for name, label in _SHOWN.items() if name not in kept.facts]:
        print(f"还不知道：{'、'.join(missing)}")


def export(args: argparse.Namespace) -> int:
    """Write all that is kept of a person, or of everybody, as JSON."""
    from assistant.store import people

    if not _file().exists():
        data: dict[str, Any] = {"people": []}
    else:
        database, user = _database()
        names = people.names(database) if args.all_users else [args.user or user]
        data = {"people": [people.everything(database, name) for name in names]}
    text = json.dumps(data, ensure_ascii=False, indent=1)
    write_text(args.out, text + "\n")
    if args.out:
        count = sum(len(one["conversations"]) for one in data["people"])
        tell(f"已导出 {count} 个对话和企业档案、评估、意见：{args.out}")
    return 0


def _shown(name: str) -> str:
    return "本机用户" if name == "local" else plain(name)


def forget(args: argparse.Namespace) -> int:
    """Delete one conversation, all that is kept of a person, or all that is kept of everybody."""
    if not _file().exists():
        if args.session:
            raise _unknown(args.session)
        print("没有保存过什么，不用删。")
        return 0
    from assistant.history import History
    from assistant.store import people

    database, user = _database()
    user = args.user or user
    if args.session:
        return _forget_session(History(database.path, user, database), args.session, args.yes)
    names = [n for n in people.names(database) if args.all_users or n == user]
    if not names:
        print(f"没有保存过{_shown(user)}的东西，不用删。")
        return 0
    count = sum(len(History(database.path, name, database).sessions()) for name in names)
    if not args.yes:
        tell(f"会删掉{'、'.join(map(_shown, names))}的 {count} 个对话、企业档案、评估和意见，删了找不回来。")
        tell("→ 确定要删，就再加上 --yes。录入的资料不在内，用 xiangdao docs remove 删。")
        return 1
    for name in names:
        people.erase(database, name)
    print(f"已删掉 {count} 个对话，连同企业档案、评估和意见。")
    return 0


def _unknown(session: str) -> BadInput:
    return BadInput(
        f"没有编号为 {plain(session)} 的对话，什么也没删。", "核对编号。", command="看有哪些对话：xiangdao export"
    )


def _forget_session(history: Any, session: str, sure: bool) -> int:
    if session not in history.sessions():
        raise _unknown(session)
    if not sure:
        tell("会删掉 1 个对话，删了找不回来。")
        tell("→ 确定要删，就再加上 --yes。")
        return 1
    history.forget(session)
    print("已删掉 1 个对话。")
    return 0
