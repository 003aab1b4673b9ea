"""What each command of the terminal does; the larger ones have modules of their own."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import XiangdaoError
from core.settings import load_settings
from core.types import Done, Notice
from tools.firm.profile import Profile, from_json
from ui.batch import batch
from ui.docs_commands import chosen, docs
from ui.files import text_of
from ui.machine import open_assistant, settings, warm_up
from ui.screen import plain, show_events, tell
from ui.shapes import hit_json
from ui.tool_command import tool

if TYPE_CHECKING:
    from assistant.chat import Assistant

__all__ = ["ask", "batch", "chat", "docs", "doctor", "evaluate", "search", "tool", "train"]


def ask(args: argparse.Namespace) -> int:
    profile = _profile(args.profile)
    assistant = open_assistant(bool(args.session), profile, args.engine)
    heard = tell if args.explain else lambda line: None
    document = _document(assistant, args.document, args.space)
    events = assistant.ask(args.question, args.session, args.space, document=document, day=args.date, tell=heard)
    if not args.json:
        show_events(events)
        return 0
    for event in events:
        if isinstance(event, Notice):
            tell(event.text)
        if isinstance(event, Done):
            print(json.dumps(event.answer.as_json(), ensure_ascii=False))
    return 0


def _document(assistant: Assistant, wanted: str | None, space: str | None) -> str | None:
    """The source id of the one ingested document that is asked; None where none is named."""
    if not wanted:
        return None
    documents = assistant.retriever.index.ledger.documents(assistant.filters(space).spaces, "document")
    return chosen(documents, wanted).source_id


def _profile(path: Path | None) -> Profile | None:
    return from_json(text_of(path, "企业档案")) if path else None


def chat(args: argparse.Namespace) -> int:
    assistant = open_assistant()
    warm_up(assistant)
    session = args.session or uuid.uuid4().hex
    document = _document(assistant, args.document, args.space)
    tell("向导在听。直接问；输入 /new 开始新对话，/quit 退出。")
    while True:
        try:
            line = input("\n您：" if sys.stdin.isatty() else "").strip()
        except EOFError:
            return 0
        if line in {"/quit", "/exit", "退出"}:
            return 0
        if line == "/new":
            session = uuid.uuid4().hex
            tell("好，重新开始。")
            continue
        if not line:
            continue
        if line.startswith("/"):
            tell("能用的命令：/new 开始新对话，/quit 退出。别的直接问，例如：我们厂第一步该做什么？")
            continue
        try:
            show_events(assistant.ask(line, session, args.space, document=document, day=args.date))
        except XiangdaoError as exc:
            tell(f"{exc.message} {exc.terminal_hint}".strip())


def search(args: argparse.Namespace) -> int:
    from assistant.cite import source_of

    assistant = open_assistant(remember=False)
    text = assistant.checked(args.query)
    hits = assistant.retriever.search(text, args.k, assistant.filters(args.space))
    if args.json:
        print(json.dumps({"hits": [hit_json(h) for h in hits]}, ensure_ascii=False))
        return 0
    if not hits:
        print("没有查到相关的段落。")
    sources = assistant.retriever.index.sources(assistant.filters(args.space).spaces)
    for number, hit in enumerate(hits, 1):
        p = hit.passage
        source = source_of(sources, p.passage_id, p.source_id)
        where = plain(" › ".join((f"《{source.title}》" if source else p.source_id, *p.section)))
        print(f"{number}. {plain(p.title)}  〔{where}〕\n   {plain(p.text)}\n")
    return 0


def evaluate(args: argparse.Namespace) -> int:
    from eval.command import run

    settings()
    return run(args.files, out=args.out, compare=args.compare, misses=args.misses)


def train(args: argparse.Namespace) -> int:
    """Learn anew what messages mean, into the data folder."""
    from eval.train.heads import train_for

    path = train_for(settings().home, args.folders, tell)
    print(f"学好了，从现在起用它：{path}\n想回到自带的，删掉这个文件就行。")
    return 0


def doctor(args: argparse.Namespace) -> int:
    from itertools import chain

    from ui.doctor import report
    from ui.doctor_model import findings

    found, facts, lines = load_settings(), dict[str, Any](), []
    for good, line in chain(report(found), findings(found, facts)):
        lines.append({"ok": good, "text": line})
        if not args.json:
            print({True: "✓ ", False: "✗ ", None: "→ "}[good] + line, flush=True)
    ok = all(line["ok"] is not False for line in lines)
    if args.json:
        print(json.dumps({"ok": ok, "findings": lines, **facts}, ensure_ascii=False))
    return 0 if ok else 1
