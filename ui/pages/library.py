"""资料库: the user's own and the shared documents: sent, followed, corrected, read, summed up, removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.errors import BadFile, BadInput, XiangdaoError
from core.spaces import may_see, visible_spaces
from core.types import PUBLIC_SPACE
from corpus.ledger import Document
from corpus.standing import SHOWN, standing_on
from ingest.jobs import Jobs
from ingest.records import LABELS, STATUSES, fields_of
from ingest.report import as_csv
from ui.pages import render
from ui.pages.visit import Action, Visit
from ui.shown import Shown
from ui.uploads import endings

JOBS_SHOWN = 5
TASKS_SHOWN = 30
LISTED = 200
MANY = 1
REFUSED_SHOWN = 5
PASSAGES_SHOWN = 400
_STATES = {
    "queued": "排队中", "running": "正在处理", "added": "已录入", "replaced": "已更新", "unchanged": "没有变化",
    "failed": "没录进去", "cancelled": "已停下", "skipped": "不用录",
}  # fmt: skip


def show(visit: Visit, done: str = "", problem: XiangdaoError | None = None) -> Shown:
    if visit.parts and visit.parts[0]:
        return _document(visit, visit.parts[0], visit.query.get("p", ""), done, problem)
    jobs = visit.jobs.jobs(visit.user)[:JOBS_SHOWN]
    index = visit.assistant.retriever.index
    documents = sorted(_own(visit), key=lambda d: d.added_at, reverse=True)
    words = visit.query.get("words", "").strip()[:60]
    html = render.page(
        "library.html", jobs=[_job(visit.jobs, visit.user, job) for job in jobs], busy=any(not job.is_over for job in jobs),
        documents=[_row(d) for d in documents if words.casefold() in d.title.casefold()], words=words, total=len(documents),
        accept=",".join(sorted(endings())),
        bundled=sum(d.passages for d in index.ledger.documents((PUBLIC_SPACE,), "card")), done=done,
        problem=problem and render.problem(problem),
    )  # fmt: skip
    return Shown(html, path="/library" + (f"?words={quote(words)}" if words else ""))


def _own(visit: Visit) -> list[Document]:
    """The ingested documents that this person may see."""
    return visit.assistant.retriever.index.ledger.documents(visible_spaces(visit.user), "document")


def _chosen(visit: Visit, document_id: str) -> Document:
    """One document that this person may see; another's counts as one that does not exist."""
    found = visit.assistant.retriever.index.ledger.document(document_id)
    if found is None or not may_see(visit.user, found.space):
        raise BadInput("没有这份资料，可能已经删掉了。", "回到“资料库”看还有哪些。")
    return found


def _row(document: Document) -> dict[str, Any]:
    source = document.info.get("source") or {}
    standing = standing_on(source.get("status", "reference"), source.get("valid_until"))
    return {
        "id": document.document_id, "title": document.title, "passages": document.passages, "added": document.added_at[:10],
        "issuer": source.get("issuer", ""), "published": source.get("published", ""), "until": source.get("valid_until") or "",
        "standing": standing, "standing_name": SHOWN.get(standing, ""), "shared": document.space == PUBLIC_SPACE,
    }  # fmt: skip


def _job(jobs: Jobs, user: str, job: Any) -> dict[str, Any]:
    """A job as it is shown: what is wrong or not done first, and not more of a large one than can be read."""
    first = jobs.tasks(
        job.job_id, user, *(("failed",) if job.is_over else ("running", "failed", "queued")), most=TASKS_SHOWN
    )
    rest = jobs.tasks(job.job_id, user, most=LISTED) if job.is_over and sum(job.counts.values()) > 1 else []
    return {
        "report": jobs.report(job.job_id, user).lines if rest else [], "many": sum(job.counts.values()) > MANY,
        "all": [{"name": t.name, "state": _STATES[t.state], "message": t.message} for t in rest],
        "unlisted": max(0, sum(job.counts.values()) - len(rest)), "indexing": jobs.indexing,
        "id": job.job_id, "over": job.is_over, "finished": job.finished, "total": job.total, "state": job.state,
        "failed": job.counts.get("failed", 0), "cancelled": job.counts.get("cancelled", 0),
        "running": job.running, "tasks": [{"name": t.name, "state": _STATES[t.state], "failed": t.state == "failed",
        "stage": t.stage, "done": t.done, "total": t.total, "message": t.message} for t in first],
        "more": max(0, job.counts.get("failed", 0) + (0 if job.is_over else job.total - job.finished) - len(first)),
    }  # fmt: skip


def take(visit: Visit) -> Shown:
    """Hand in the files that the browser has sent: as a batch, or each under its token."""
    if batch := visit.text("batch"):
        space = "我的" if visit.text("space") != "shared" else PUBLIC_SPACE
        count, left = visit.batches.hand_in(batch, visit.jobs, space, visit.user)
        told = f"收到 {count} 个文件，正在录入。可以离开这一页，录好会在下面列出。"
        return show(visit, told + (f"另有 {left} 个没有收，原因见下面这一批的结果。" if left else ""))
    tokens = [token for token in visit.texts("token") if token]
    if not tokens:
        raise BadInput("还没有选文件。", "先点“选择文件”，或把文件拖进框里。")
    space = "我的" if visit.text("space") != "shared" else PUBLIC_SPACE
    visit.uploads.hand_in(tokens, visit.jobs, space, visit.user)
    refused = visit.texts("refused")
    problem = BadFile(f"有 {len(refused)} 个文件没收。", " ".join(refused)) if any(refused) else None
    return show(visit, f"收到 {len(tokens)} 个文件，正在录入。可以离开这一页，录好会在下面列出。", problem)


def cancel(visit: Visit) -> Shown:
    count = visit.jobs.cancel(visit.text("job"), visit.user)
    return show(visit, f"已停下，{count} 个文件没有录入。")


def retry(visit: Visit) -> Shown:
    count = visit.jobs.retry(visit.text("job"), visit.user)
    return show(visit, f"{count} 个文件重新排队了。")


def report(visit: Visit) -> Shown:
    """What became of every file of a job, as a table to fetch."""
    job = visit.jobs.job(visit.text("job"), visit.user)
    data = as_csv(visit.jobs.tasks(job.job_id, visit.user))
    shown = show(visit, "结果已取出，浏览器会存到下载文件夹。")
    return Shown(shown.html, path=shown.path, download=visit.downloads.offer(f"录入结果-{job.job_id}.csv", data))


def drop(visit: Visit) -> Shown:
    visit.jobs.drop(visit.text("job"), visit.user)
    return show(visit)


def remove(visit: Visit) -> Shown:
    document = _editable(visit, visit.text("id"))
    visit.jobs.ingestor.remove(document.document_id)
    return show(visit.at("library"), f"已删除《{document.title}》。")


def edit(visit: Visit) -> Shown:
    """Correct what is known of a document; fields that were not changed are left as they are."""
    document = _editable(visit, visit.text("id"))
    before = {name: field.value for name, field in fields_of(document).items()}
    typed = {name: visit.text(name) for name in LABELS}
    names = {value: name for name, value in STATUSES.items()}
    changes = {
        name: value for name, value in typed.items()
        if value != (names.get(before.get(name, ""), "") if name == "status" else before.get(name, ""))
    }  # fmt: skip
    try:
        if changes:
            visit.jobs.ingestor.correct(document.document_id, changes)
    except BadInput as exc:
        return _document(visit, document.document_id, "", "", exc, typed)
    return _document(visit, document.document_id, "", "已改。" if changes else "没有改动。")


def summary(visit: Visit) -> Shown:
    """What a document says that matters, or how its conditions stand with the firm."""
    from assistant.summary import check_fit, summarise

    index = visit.assistant.retriever.index
    document = _editable(visit, visit.text("id"))
    sources = index.sources(visible_spaces(visit.user))
    fits = visit.text("do") == "fit"
    found = (
        check_fit(index.ledger, document, sources, visit.profile)
        if fits
        else summarise(index.ledger, document, sources)
    )
    text = render.answer(found.text, found.citations)
    shown = _document(visit, document.document_id, summary=text, what="条件对照" if fits else "要点")
    return Shown(shown.html, found.citations, shown.path)


def original(visit: Visit) -> Shown:
    """The file itself, as it was taken in."""
    document = _editable(visit, visit.text("id"))
    originals = visit.jobs.ingestor.originals
    kept = next((o for o in originals.all() if o.sha256 == document.sha256 and o.space == document.space), None)
    if kept is None:
        raise BadFile("原件没有留在资料库里。", "下面的正文还在；要原件请到当初的文件夹找。")
    shown = _document(visit, document.document_id, done="原件已取出，浏览器会存到下载文件夹。")
    return Shown(
        shown.html, path=shown.path, download=visit.downloads.offer(Path(kept.name).name, originals.read(kept))
    )


def _editable(visit: Visit, document_id: str) -> Document:
    document = _chosen(visit, document_id)
    if document.origin == "card":
        raise BadInput("自带知识是卡片，没有原件，也不能这样改。", "这里能改的是自己录入的资料。")
    return document


def _document(
    visit: Visit, document_id: str, passage_id: str = "", done: str = "", problem: XiangdaoError | None = None,
    typed: dict[str, str] | None = None, summary: Any = "", what: str = "",
) -> Shown:  # fmt: skip
    """A document to read, with what is known of it. passage_id: the passage to show marked."""
    document = _chosen(visit, document_id)
    passages = visit.assistant.retriever.index.ledger.passages_of(document.document_id, gone=True)
    first = next((n for n, p in enumerate(passages) if p.passage_id == passage_id), 0)
    begin = max(0, first - PASSAGES_SHOWN // 2)
    own = document.origin == "document"
    fields = fields_of(document) if own else {}
    html = render.page(
        "document.html", row=_row(document), own=own, fields=fields, labels=LABELS, typed=typed or {}, statuses=STATUSES,
        passages=passages[begin : begin + PASSAGES_SHOWN], more=len(passages) > PASSAGES_SHOWN, marked=passage_id,
        summary=summary, what=what, done=done, problem=problem and render.problem(problem),
        names={value: name for name, value in STATUSES.items()}, source_id=document.source_id,
        struck=document.info.get("struck", ()), struck_count=document.info.get("struck_count", 0),
    )  # fmt: skip
    return Shown(
        html,
        path=f"/library/{quote(document_id, safe='')}" + (f"?p={quote(passage_id, safe='')}" if passage_id else ""),
    )


ACTIONS: dict[str, Action] = {
    "take": take, "cancel": cancel, "retry": retry, "drop": drop, "remove": remove, "edit": edit, "summary": summary,
    "original": original, "report": report,
}  # fmt: skip
