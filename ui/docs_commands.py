"""`xiangdao docs …`: the documents in the index, and the knowledge files that people edit."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path

from core.errors import BadFile, BadInput
from core.spaces import may_see
from corpus.cards import CORPUS
from corpus.ledger import Document, Ledger
from ui.machine import opened_index
from ui.screen import ProgressBar, plain, safe, tell
from ui.shapes import document_json

PROGRAMMES = CORPUS / "data" / "programmes.yaml"


def docs(args: argparse.Namespace) -> int:
    if args.action == "programmes":
        return _export(args) if args.direction == "export" else _import(args)
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _list,
        "show": _show,
        "remove": _remove,
        "check": _check,
        "reindex": _reindex,
    }
    return actions[args.action](args)


def _visible(ledger: Ledger, user: str) -> list[Document]:
    """Every document but those in other users' own spaces, the user's own ones first."""
    return sorted((d for d in ledger.documents() if may_see(user, d.space)), key=lambda d: d.origin == "card")


def _list(args: argparse.Namespace) -> int:
    index = opened_index()
    documents = _visible(index.ledger, index.settings.user)
    if args.json:
        print(json.dumps({"documents": [document_json(d) for d in documents]}, ensure_ascii=False))
        return 0
    own = [d for d in documents if d.origin == "document"]
    bundled = [d for d in documents if d.origin == "card"]
    for d in own:
        space = "" if d.space == "public" else f"  〔空间 {plain(d.space)}〕"
        print(f"录入资料  {d.passages:>4} 段  {plain(d.document_id)}  《{plain(d.title)}》{space}")
    if not own:
        print("还没有录入资料。录入：xiangdao ingest 文件或文件夹")
    if not args.all:
        print(f"自带知识  {sum(d.passages for d in bundled):>4} 条，{len(bundled)} 个来源（--all 逐个列出）")
        return 0
    for d in bundled:
        print(f"自带知识  {d.passages:>4} 条  {d.document_id}  《{plain(d.title)}》")
    return 0


def _show(args: argparse.Namespace) -> int:
    index = opened_index()
    document = _chosen(_visible(index.ledger, index.settings.user), args.id)
    what = "条" if document.origin == "card" else "段"
    added = document.added_at[:10]
    print(f"《{plain(document.title)}》  {plain(document.document_id)}  {document.passages} {what}  {added} 录入")
    for passage in index.ledger.passages_of(document.document_id):
        print(f"\n〔{plain(' › '.join(passage.section) or passage.title)}〕\n{safe(passage.text)}")
    return 0


def _remove(args: argparse.Namespace) -> int:
    from ingest.pipeline import Ingestor

    index = opened_index()
    document = _chosen(_visible(index.ledger, index.settings.user), args.id)
    if document.origin == "card":
        raise BadInput("自带知识不能删除。", "只能删除自己录入的资料；用 xiangdao docs list 查看。")
    gone = Ingestor(index).remove(document.document_id)
    print(f"已删除《{plain(document.title)}》，共 {gone} 段。")
    return 0


def _chosen(documents: list[Document], wanted: str) -> Document:
    """The document meant by its id, with or without what stands before its colons; the user's own before a bundled one."""
    exact = [d for d in documents if d.document_id == wanted]
    found = exact or [d for d in documents if wanted in {d.source_id, d.document_id.partition(":")[2]}]
    if not found:
        raise BadInput(f"没有编号为 {plain(wanted)[:60]} 的资料。", "用 xiangdao docs list --all 查看全部资料的编号。")
    same = [d for d in found if d.origin == found[0].origin]
    if len(same) > 1:
        raise BadInput(
            f"有 {len(same)} 份资料都叫 {plain(wanted)[:60]}。", f"写全编号：{'、'.join(d.document_id for d in same)}。"
        )
    return found[0]


def _check(args: argparse.Namespace) -> int:
    from corpus.check import check

    found = check()
    for error in found.errors:
        print(plain(error))
    result = f"{len(found.errors)} 处错误" if found.errors else "没有错误"
    print(f"检查了 {found.cards} 张卡片、{found.rows} 行数据，{result}。")
    return 1 if found.errors else 0


def _reindex(args: argparse.Namespace) -> int:
    index = opened_index()
    if not (index.switching or index.switch_refused):
        print("检索用的就是设置里的向量模型，不用换。")
        return 0
    bar = ProgressBar("换向量", 1)
    try:
        index.rebuild_vectors(progress=bar)
    finally:
        bar.close()
    print(f"检索已换成{index.settings.embedding_model or '内置的向量'}。")
    return 0


def _export(args: argparse.Namespace) -> int:
    from corpus.exchange import export_programmes

    count = export_programmes(args.file)
    print(f"已导出 {count} 项政策到 {args.file}。")
    return 0


def _import(args: argparse.Namespace) -> int:
    from corpus.exchange import import_programmes

    into = args.into or PROGRAMMES
    _writable(into)
    try:
        errors = import_programmes(args.file, into)
    except OSError as exc:
        raise _unwritable(into) from exc
    if errors:
        for error in errors:
            print(plain(str(error)))
        tell(f"有 {len(errors)} 处不对，什么都没有写入。改好再导入一次。")
        return 1
    print(f"已导入到 {into}。")
    tell("→ 检查一遍：xiangdao docs check")
    return 0


def _writable(into: Path) -> None:
    """BadFile where a programmes file cannot be replaced."""
    if into.suffix.lower() not in {".yaml", ".yml"}:
        raise BadFile(f"政策只能写进 .yaml 文件，不能写进 {into.name}。", "去掉 --into，或换成 .yaml 结尾的文件名。")
    if not into.parent.is_dir():
        raise BadFile(f"找不到文件夹：{into.parent}。", "先建好文件夹，或换一个位置。")
    if into.is_dir() or not os.access(into.parent, os.W_OK) or (into.exists() and not os.access(into, os.W_OK)):
        raise _unwritable(into)


def _unwritable(into: Path) -> BadFile:
    return BadFile(f"政策文件写不进去：{into}。", "改它的权限，或用 --into 写到另一个 .yaml 文件。")
