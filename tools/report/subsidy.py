"""The tables of a support match's report: one row a programme."""

from __future__ import annotations

from typing import Any

from corpus.cards import load_sources
from tools.arguments import LEVEL_NAMES
from tools.outcome import NOT_OFFICIAL, Outcome
from tools.report.pages import Block, Grid, Heading, Paragraph, filled
from tools.report.summary import amount_of

GROUP_WORDS = {"fits": "说到的都对得上", "maybe": "有条件要核对", "over": "现在不能报", "no": "条件对不上"}
"""How a programme fits; those of other places ("elsewhere") are not listed."""
STATES = {"met": "✓", "not_met": "✗", "unknown": "待核："}


def subsidy_blocks(outcome: Outcome) -> list[Block]:
    """All programmes of the place, those shown in the answer first; what each level brings; what may be spent on."""
    data = outcome.data
    listed = [p for p in data.get("programmes", ()) if p.get("group") in GROUP_WORDS]
    if not listed:
        return []
    first = list(data.get("shown", ()))
    listed.sort(key=lambda p: first.index(p["id"]) if p["id"] in first else len(first))
    numbers = {citation.passage_id: citation.n for citation in outcome.citations}
    header = ("名称", "对得上吗", "能拿多少", "到什么时候", "条件", "问谁", "出处")
    rows = tuple(_row(p, numbers.get(p.get("card") or "")) for p in listed)
    blocks: list[Block] = [Heading("逐项核对"), Grid("补贴", header, rows)]
    blocks.append(Paragraph("✓ 说到的条件符合，✗ 不符合，“待核”是还不知道。能不能拿、拿多少以审核为准。"))
    return [*blocks, *_levels(listed), *_spending([p for p in listed if p["id"] in first])]


def _row(p: dict[str, Any], n: int | None) -> tuple[str, ...]:
    amount = amount_of(p)
    conditions = "\n".join(map(_condition, p["conditions"]))
    until = "；".join(part for part in (p["status"]["text"], p.get("validity_note")) if part)
    full = "" if p["gives"] in amount else f"\n文件：{p['gives']}"
    note = f"\n{p['note']}" if p.get("note") else ""
    return (p["name"], GROUP_WORDS[p["group"]], amount + full + note, until, conditions, p["ask"], _source(p, n))


def _condition(c: dict[str, Any]) -> str:
    given = f"（{c['given']}）" if c.get("given") and c["given"] not in c["text"] else ""
    return f"{STATES.get(c['state'], '')}{c['text']}{given}"


def _source(p: dict[str, Any], n: int | None) -> str:
    source = load_sources().get(p["source"])
    title = f"《{source.title}》" if source else ""
    details = f"（{p['doc_no']}）" if p.get("doc_no") and p["doc_no"] not in title else ""
    doubt = f"〔{NOT_OFFICIAL}〕" if p.get("certainty") not in {"full", None} else ""
    return f"[{n}] {title}{details}{doubt}" if n else f"{title}{details}{doubt}"


def _levels(listed: list[dict[str, Any]]) -> list[Block]:
    rows = tuple(
        (p["name"], LEVEL_NAMES[row["level"]], row["amount_wan"], row["cap_wan"],
         None if row["rate"] is None else round(row["rate"] * 100, 4))
        for p in listed for row in p["estimate"]["by_level"]
    )  # fmt: skip
    if not rows:
        return []
    return [
        Heading("做到几级差多少"),
        filled("各级", ("名称", "做到", "最多（万元）", "封顶（万元）", "比例（%）"), rows),
    ]


def _spending(shown: list[dict[str, Any]]) -> list[Block]:
    """One row for each thing that is known of a programme, so that no cell is empty."""
    names = {"eligible": "能算的花费", "excluded": "不能算的", "materials": "备好的材料", "steps": "先后"}
    rows = tuple(
        (p["name"], name, (" → " if key == "steps" else "、").join(p[key]))
        for p in shown for key, name in names.items() if p.get(key)
    )  # fmt: skip
    return [Heading("花费、材料和先后"), Grid("材料和先后", ("名称", "哪一项", "内容"), rows)] if rows else []
