"""What each command of the terminal does."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from assistant.build import build_assistant, open_index
from assistant.chat import Assistant
from core.errors import BadFile, BadInput, XiangdaoError
from core.settings import load_settings
from core.types import PUBLIC_SPACE, Done, Hit, Notice
from ui.screen import ProgressBar, plain, show_answer, tell


def _assistant(remember: bool = True) -> Assistant:
    assistant = build_assistant(load_settings(), progress=tell, remember=remember)
    for notice in assistant.retriever.index.notices:
        tell(notice)
    return assistant


def ask(args: argparse.Namespace) -> int:
    assistant = _assistant(remember=bool(args.session))
    for event in assistant.ask(args.question, args.session, args.space):
        if isinstance(event, Notice):
            tell(event.text)
        if isinstance(event, Done):
            if args.json:
                print(json.dumps(event.answer.as_json(), ensure_ascii=False))
            else:
                show_answer(event.answer)
    return 0


def chat(args: argparse.Namespace) -> int:
    assistant = _assistant()
    session = args.session or uuid.uuid4().hex
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
        try:
            show_answer(assistant.answer(line, session, args.space))
        except XiangdaoError as exc:
            tell(str(exc))


def search(args: argparse.Namespace) -> int:
    assistant = _assistant(remember=False)
    text = assistant.checked(args.query)
    hits = assistant.retriever.search(text, max(1, min(args.k, 100)), assistant.filters(args.space))
    if args.json:
        print(json.dumps({"hits": [hit_json(h) for h in hits]}, ensure_ascii=False))
        return 0
    if not hits:
        print("没有查到相关的段落。")
    for number, hit in enumerate(hits, 1):
        p = hit.passage
        print(f"{number}. {p.title}  〔{p.source_id}｜{' › '.join(p.section)}〕\n   {plain(p.text)}\n")
    return 0


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit in the shape of `search --json`."""
    p = hit.passage
    return {
        "passage_id": p.passage_id,
        "source_id": p.source_id,
        "title": p.title,
        "section": " › ".join(p.section),
        "text": p.text,
        "origin": p.origin,
        "score": round(hit.score, 4),
    }


def batch(args: argparse.Namespace) -> int:
    rows = list(_batch_rows(args.file))
    assistant = _assistant(remember=False)
    bar = ProgressBar("作答", len(rows))
    with _out(args.out) as out:
        for number, row in enumerate(rows, 1):
            out.write(json.dumps(_batch_row(assistant, row, args), ensure_ascii=False) + "\n")
            out.flush()
            bar(number, len(rows), str(row.get("id", number)))
    bar.close()
    return 0


def _batch_row(assistant: Assistant, row: dict[str, Any], args: argparse.Namespace) -> dict[str, Any]:
    turns = [str(t) for t in row.get("turns") or [row.get("question", "")]]
    session = uuid.uuid4().hex if len(turns) > 1 else None
    try:
        if args.search:
            text = assistant.checked(turns[-1])
            hits = assistant.retriever.search(text, args.k, assistant.filters(None))
            return {"id": row.get("id"), "question": turns[-1], "hits": [hit_json(h) for h in hits]}
        for turn in turns[:-1]:
            assistant.answer(turn, session)
        return assistant.answer(turns[-1], session).as_json(row.get("id"))
    except XiangdaoError as exc:
        return {"id": row.get("id"), "question": turns[-1], "error": exc.message, "hint": exc.hint}


def _batch_rows(path: Path) -> Iterator[dict[str, Any]]:
    from ingest.load import load

    if not path.is_file():
        raise BadFile(f"找不到文件：{path}", "检查路径；文件每行一个 JSON，含 id 和 question（或 turns）。")
    text = load(path).text if path.suffix in {".txt", ".md"} else path.read_text("utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise BadFile(
                f"{path.name} 第 {number} 行不是 JSON。", '每行写一个 JSON，例如 {"id": 1, "question": "…"}。'
            ) from exc
        if not isinstance(row, dict) or not (
            isinstance(row.get("question"), str) or (isinstance(row.get("turns"), list) and row["turns"])
        ):
            raise BadFile(
                f"{path.name} 第 {number} 行没有 question，也没有 turns。", "每行要有 question，或 turns（一串问题）。"
            )
        yield row


class _out:  # noqa: N801 - reads as a verb where it is used
    """The output file of a command, or stdout."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __enter__(self) -> TextIO:
        if not self._path:
            return sys.stdout
        try:
            self._file = self._path.open("w", encoding="utf-8")
        except OSError as exc:
            raise BadInput(f"写不了文件：{self._path}（{exc.strerror}）。", "换一个有权限的位置。") from exc
        return self._file

    def __exit__(self, *_: object) -> None:
        if self._path:
            self._file.close()


def ingest(args: argparse.Namespace) -> int:
    from ingest.pipeline import Ingestor

    index = open_index(load_settings(), progress=tell)
    bar = ProgressBar("录入", 1)
    outcomes = Ingestor(index).ingest(args.paths, space=args.space, dry_run=args.dry_run, progress=bar)
    bar.close()
    words = {
        "added": "已录入",
        "replaced": "已更新",
        "unchanged": "没有变化",
        "failed": "没录进去",
        "would_add": "将会录入",
    }
    for outcome in outcomes:
        detail = outcome.message if outcome.status == "failed" else f"{outcome.passages} 段" if outcome.passages else ""
        print(f"{words.get(outcome.status, outcome.status)}  {outcome.path}  {detail}".rstrip())
    return 1 if outcomes and all(o.status == "failed" for o in outcomes) else 0


def docs(args: argparse.Namespace) -> int:
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _docs_list,
        "show": _docs_show,
        "remove": _docs_remove,
        "check": _docs_check,
    }
    return actions[args.action](args)


def _own_spaces() -> tuple[str, ...]:
    return (PUBLIC_SPACE, f"user:{load_settings().user}")


def _docs_list(args: argparse.Namespace) -> int:
    documents = open_index(load_settings(), progress=tell).ledger.documents(_own_spaces())
    if args.json:
        rows = [{"id": d.document_id, "source_id": d.source_id, "title": d.title, "origin": d.origin, "space": d.space,
                 "passages": d.passages, "added_at": d.added_at} for d in documents]  # fmt: skip
        print(json.dumps({"documents": rows}, ensure_ascii=False))
        return 0
    for d in documents:
        kind = "自带知识" if d.origin == "card" else "录入资料"
        print(f"{kind}  {d.passages:>4} 条  {d.document_id}  《{d.title}》")
    return 0


def _docs_show(args: argparse.Namespace) -> int:
    ledger = open_index(load_settings(), progress=tell).ledger
    document = _document(ledger, args.id)
    print(f"《{document.title}》  {document.document_id}  {document.passages} 段  录入于 {document.added_at}")
    for passage in ledger.passages_of(document.document_id):
        print(f"\n〔{' › '.join(passage.section) or passage.title}〕\n{passage.text}")
    return 0


def _docs_remove(args: argparse.Namespace) -> int:
    from ingest.pipeline import Ingestor

    index = open_index(load_settings(), progress=tell)
    document = _document(index.ledger, args.id)
    if document.origin == "card":
        raise BadInput("自带知识不能删除。", "只能删除自己录入的资料；用 xiangdao docs list 查看。")
    gone = Ingestor(index).remove(document.document_id)
    print(f"已删除《{document.title}》，共 {gone} 段。")
    return 0


def _document(ledger: Any, wanted: str) -> Any:
    found = [d for d in ledger.documents(_own_spaces()) if wanted in {d.document_id, d.source_id}]
    found.sort(key=lambda d: d.origin == "card")
    if not found:
        raise BadInput(f"没有编号为 {wanted} 的资料。", "用 xiangdao docs list 查看全部资料的编号。")
    return found[0]


def _docs_check(args: argparse.Namespace) -> int:
    from corpus.check import check

    found = check()
    for error in found.errors:
        print(error)
    result = f"{len(found.errors)} 处错误" if found.errors else "没有错误"
    print(f"检查了 {found.cards} 张卡片、{found.rows} 行数据，{result}。")
    return 1 if found.errors else 0


def evaluate(args: argparse.Namespace) -> int:
    from eval.command import run

    return run(args.files, out=args.out, compare=args.compare, misses=args.misses)


def doctor(args: argparse.Namespace) -> int:
    from ui.doctor import report

    ok = True
    for good, line in report(load_settings()):
        ok = ok and good
        print(("✓ " if good else "✗ ") + line)
    return 0 if ok else 1


def ui(args: argparse.Namespace) -> int:
    from ui.web import serve

    serve(load_settings(), host=args.host, port=args.port, open_browser=not args.no_browser)
    return 0
