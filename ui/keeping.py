"""`xiangdao export` and `xiangdao forget`: what is kept of conversations, given out and deleted."""

from __future__ import annotations

import argparse
import json

from assistant.history import History
from assistant.route import known_of
from ui.files import Output
from ui.machine import settings
from ui.screen import tell


def _history() -> History:
    return History(settings().home / "conversations.db")


def export(args: argparse.Namespace) -> int:
    """Write every kept conversation with what it tells of the firm, as JSON."""
    history = _history()
    rows = []
    for session in history.sessions():
        turns = history.turns(session, limit=100_000)
        said = [{"question": t.question, "answer": t.answer, "tool": t.call.tool if t.call else None} for t in turns]
        rows.append({"session": session, "profile": known_of(turns).as_json(), "turns": said})
    text = json.dumps({"conversations": rows}, ensure_ascii=False, indent=1)
    with Output(args.out) as out:
        out.write(text + "\n")
    if args.out:
        tell(f"已导出 {len(rows)} 个对话：{args.out}")
    return 0


def forget(args: argparse.Namespace) -> int:
    """Delete one conversation, or all of them, with what they told of the firm."""
    history = _history()
    sessions = history.sessions()
    chosen = [s for s in sessions if s == args.session] if args.session else sessions
    if not chosen:
        print("没有可删的对话。" if not args.session else f"没有编号为 {args.session} 的对话。")
        return 0
    if not args.yes:
        tell(f"会删掉 {len(chosen)} 个对话和里面说过的企业情况，删了找不回来。")
        tell("→ 确定要删，就再加上 --yes。")
        return 1
    for session in chosen:
        history.forget(session)
    print(f"已删掉 {len(chosen)} 个对话。")
    return 0
