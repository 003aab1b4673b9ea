"""`xiangdao docs …`: the documents in the index, and the knowledge files that people edit."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import BadFile, BadInput
from core.spaces import may_see, visible_spaces
from corpus.cards import CORPUS
from corpus.ledger import Document, Ledger
from corpus.standing import SHOWN, standing_on
from tools.spec import specs
from ui.document_fields import EDITS, STATUSES
from ui.machine import opened_index
from ui.screen import ProgressBar, plain, safe, show_text, tell
from ui.shapes import document_json

if TYPE_CHECKING:
    from ingest.records import Field

AMENDMENTS_SHOWN = 20
STRUCK_SHOWN = 20
PROGRAMMES = CORPUS / "data" / "programmes.yaml"


def docs(args: argparse.Namespace) -> int:
    if args.action == "programmes":
        return _export(args) if args.direction == "export" else _import(args)
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _list,
        "show": _show,
        "edit": _edit,
        "summary": _summary,
        "remove": _remove,
        "check": _check,
        "reindex": _reindex,
    }
    return actions[args.action](args)


def visible(ledger: Ledger, user: str) -> list[Document]:
    """Every document but those in other users' own spaces, the user's own ones first."""
    return sorted((d for d in ledger.documents() if may_see(user, d.space)), key=lambda d: d.origin == "card")


def _list(args: argparse.Namespace) -> int:
    index = opened_index()
    documents = visible(index.ledger, index.settings.user)
    if args.status:
        documents = [d for d in documents if _standing(d) == STATUSES[args.status]]
    if args.json:
        print(json.dumps({"documents": [document_json(d) for d in documents]}, ensure_ascii=False))
        return 0
    own = [d for d in documents if d.origin == "document"]
    bundled = [d for d in documents if d.origin == "card"]
    for d in own:
        space = "" if d.space == "public" else f"  〔空间 {plain(d.space)}〕"
        print(f"录入资料  {d.passages:>4} 段  {plain(d.document_id)}  《{plain(d.title)}》{_brief(d)}{space}")
    if not own:
        print("没有这样的资料。" if args.status else "还没有录入资料。录入：xiangdao ingest 文件或文件夹")
    if not args.all:
        print(f"自带知识  {sum(d.passages for d in bundled):>4} 条，{len(bundled)} 个来源（--all 逐个列出）")
        return 0
    for d in bundled:
        print(f"自带知识  {d.passages:>4} 条  {d.document_id}  《{plain(d.title)}》")
    return 0


def _standing(document: Document) -> str:
    source = document.info.get("source") or {}
    return standing_on(source.get("status", "reference"), source.get("valid_until"))


def _brief(document: Document) -> str:
    """Issuer, date and standing of an ingested document, as far as they are known."""
    source = document.info.get("source") or {}
    standing = _standing(document)
    until = f"到 {source['valid_until']}" if source.get("valid_until") and standing in {"in_force", "expired"} else ""
    said = "" if standing == "reference" else f"{SHOWN[standing]}{until}"
    told = [part for part in (source.get("issuer"), source.get("published"), said) if part]
    return f"  {plain('，'.join(told))}" if told else ""


def _show(args: argparse.Namespace) -> int:
    index = opened_index()
    document = chosen(visible(index.ledger, index.settings.user), args.id)
    what = "条" if document.origin == "card" else "段"
    added = document.added_at[:10]
    print(f"《{plain(document.title)}》  {plain(document.document_id)}  {document.passages} {what}  {added} 录入")
    if document.origin == "document":
        _show_fields(index.ledger, document)
    for passage in index.ledger.passages_of(document.document_id, gone=True):
        where = plain("，".join(filter(None, (" › ".join(passage.section) or passage.title, passage.place))))
        print(f"\n〔{where}〕\n{safe(passage.text)}")
        for change in passage.tags.get("changed", []):
            print(f"  ※ {plain(change['text'])}")
    return 0


def _show_fields(ledger: Ledger, document: Document) -> None:
    """What is known of a document, from what, and which versions of it there are."""
    from ingest import versions
    from ingest.records import LABELS, fields_of

    fields = fields_of(document)
    for name, label in LABELS.items():
        if (field := fields.get(name)) and field.value:
            value = SHOWN.get(_standing(document), field.value) if name == "status" else field.value
            print(f"  {label}：{plain(value)}{_grounds(field)}")
    if attached := (document.info.get("metadata") or {}).get("attachments"):
        print(f"  附件：{plain('；'.join(attached))}")
    if said := (document.info.get("source") or {}).get("told"):
        print(f"  {plain(said)}")
    for note in document.info.get("notes", ()):
        print(f"  {plain(note)}")
    for text in (struck := document.info.get("struck", ()))[:STRUCK_SHOWN]:
        print(f"  没有收进来：“{plain(text)}”")
    if (count := document.info.get("struck_count", len(struck))) > STRUCK_SHOWN:
        print(f"  ……没有收进来的一共 {count} 处")
    _show_amendments(document)
    versions.prepare(ledger.connection)
    for link in versions.links(ledger.connection, document.document_id):
        newer = link.document_id == document.document_id
        other = ledger.document(link.other_id if newer else link.document_id)
        if other:
            does = versions.DOES.get(link.kind, "")
            word = "像是同一份" if link.kind == "same" else f"{does}了" if newer else f"已被它{does}"
            print(
                f"  {word}：《{plain(other.title)}》  {plain(other.document_id)}（{plain(link.reason)}，把握 {link.confidence:.0%}）"
            )
    tell(f"→ 有不对的，这样改：xiangdao docs edit {plain(document.source_id)} --date 2026-06-18")


def _show_amendments(document: Document) -> None:
    """What the document does to others, as it was read."""
    from ingest.amendments.amendment import in_short
    from ingest.amendments.meant import amendments_of

    read = amendments_of(document.info)
    for one in read[:AMENDMENTS_SHOWN]:
        print(f"  对别的文件：{plain(in_short(one))}")
    if len(read) > AMENDMENTS_SHOWN:
        print(f"  ……一共 {len(read)} 处")


def _grounds(field: Field) -> str:
    if field.origin == "corrected":
        return "（改过）"
    if field.origin == "known":
        return ""
    words = f"：“{plain(field.words)[:40]}”" if field.words and field.words != field.value else ""
    return f"（读出，把握 {field.confidence:.0%}{words}）"


def _edit(args: argparse.Namespace) -> int:
    from ingest.pipeline import Ingestor

    given = {name: getattr(args, name) for name in EDITS}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise BadInput("没有说要改什么。", command="例如：xiangdao docs edit 编号 --date 2026-06-18 --status 过期。")
    index = opened_index()
    document = chosen(visible(index.ledger, index.settings.user), args.id)
    if document.origin == "card":
        raise BadInput("自带知识不能这样改。", "改自带知识看 docs/knowledge.md；这里只能改自己录入的资料。")
    changed = Ingestor(index).correct(document.document_id, changes)
    print(f"已改《{plain(changed.title)}》：")
    _show_fields(index.ledger, changed)
    return 0


def _summary(args: argparse.Namespace) -> int:
    from assistant.summary import check_fit, summarise
    from tools.firm.profile import from_json
    from ui.files import text_of

    index = opened_index()
    document = chosen(visible(index.ledger, index.settings.user), args.id)
    if document.origin == "card":
        raise BadInput(
            "自带知识是卡片，没有全文可总结。",
            "直接问就行；能总结的是自己录入的资料。",
            command="问：xiangdao ask 问题",
        )
    sources = index.sources((*visible_spaces(index.settings.user), document.space))
    if args.profile:
        profile = from_json(text_of(args.profile, "企业档案"))
        found = check_fit(index.ledger, document, sources, profile)
    else:
        found = summarise(index.ledger, document, sources)
    if args.json:
        data = {**found.data, "text": found.text, "citations": [c.as_json() for c in found.citations]}
        print(json.dumps(data, ensure_ascii=False))
    else:
        show_text(found.text)
    return 0


def _remove(args: argparse.Namespace) -> int:
    from ingest.pipeline import Ingestor

    index = opened_index()
    document = chosen(visible(index.ledger, index.settings.user), args.id)
    if document.origin == "card":
        raise BadInput("自带知识不能删除。", "只能删除自己录入的资料。", command="有哪些：xiangdao docs list")
    gone = Ingestor(index).remove(document.document_id)
    print(f"已删除《{plain(document.title)}》，共 {gone} 段。")
    return 0


def chosen(documents: list[Document], wanted: str) -> Document:
    """The document meant by its id, with or without what stands before its colons, or by its whole title.

    The user's own come before a bundled one.
    """
    wanted = wanted.strip("《》")
    exact = [d for d in documents if d.document_id == wanted]
    found = exact or [d for d in documents if wanted in {d.source_id, d.document_id.partition(":")[2]}]
    found = found or [d for d in documents if d.origin == "document" and d.title == wanted]
    if not found:
        raise BadInput(
            f"没有编号或标题是 {plain(wanted)[:60]} 的资料。",
            "核对一下编号或标题。",
            command="看编号：xiangdao docs list；自带知识的加 --all",
        )
    same = [d for d in found if d.origin == found[0].origin]
    if len(same) > 1:
        raise BadInput(
            f"有 {len(same)} 份资料都叫 {plain(wanted)[:60]}。", f"写全编号：{'、'.join(d.document_id for d in same)}。"
        )
    return found[0]


def _check(args: argparse.Namespace) -> int:
    from corpus.check import check

    found = check(tools=tuple(specs()))
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
    print(f"检索已换成{index.settings.embedding_model or '自带的语义模型'}。")
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
