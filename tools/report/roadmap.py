"""The tables of a roadmap's report, from the data of its result."""

from __future__ import annotations

from typing import Any

from tools.arguments import LEVEL_NAMES
from tools.report.findings import survey_blocks
from tools.report.pages import Block, Grid, Heading, Paragraph, filled


def roadmap_blocks(data: dict[str, Any]) -> list[Block]:
    """Path, tasks, scenarios, matrix cells, tools, money, measures, risks and programmes."""
    blocks: list[Block] = []
    for make in (_path, _tasks, _scenarios, _cells, _tools, _budget, _kpis, _risks, _programmes):
        blocks += make(data)
    return blocks


def _cited(text: str, n: int | None) -> str:
    return f"{text} [{n}]" if n else text


def _path(data: dict[str, Any]) -> list[Block]:
    path = data["path"]
    rows = (
        ("走哪条路", _cited(path["name"], path["n"])), ("为什么", "；".join(path["why"])), ("谁牵头", path["leader"]),
        ("你得到", path["gains"]), ("你付出", path["gives"]), ("第一个动作", path["first_move"]),
        ("备选", path["second"]), ("提醒", path["caution"]), ("按这些排的", "；".join(data["assumptions"])),
    )  # fmt: skip
    return [Heading("路径"), Grid("路径", ("项目", "内容"), tuple(row for row in rows if row[1]))]


def _tasks(data: dict[str, Any]) -> list[Block]:
    names = {t["id"]: t["name"].partition("：")[0] for t in data["tasks"]}
    rows = tuple(
        (t["phase"], t["name"], t["from"], t["until"], t["months"], "、".join(names.get(a, a) for a in t["after"]), t["what"], t["ceiling_wan"])
        for t in data["tasks"]
    )  # fmt: skip
    header = ("阶段", "任务", "开始", "结束", "月数", "要等谁做完", "做什么", "花费上限（万元）")
    blocks: list[Block] = [Heading("任务和先后"), filled("任务", header, rows)]
    if data["deferred"]:
        blocks.append(Paragraph(f"放到下一期：{'、'.join(data['deferred'])}。"))
    return [*blocks, Paragraph(f"{data['note']}。")]


def _scenarios(data: dict[str, Any]) -> list[Block]:
    evidence = {
        "case": "同行有案例",
        "near": "相近行业有案例",
        "named": "报告点名",
        "starter": "小微企业适合先做",
        "common": "通用",
    }
    rows = tuple(
        (s["name"], s["area"], _cited(s["what"], s["n"]), evidence[s["evidence"]], s["weight"], "、".join(s["tools"]))
        for s in data["scenarios"]
    )
    cases = tuple(
        (s["name"], "同行" if c["own_trade"] else "相近行业", f"{c['company']}（做{c['makes']}）", _cited(c["practice"], c["n"]), "；".join(c["effects"]))
        for s in data["scenarios"] for c in s["cases"]
    )  # fmt: skip
    blocks: list[Block] = [
        Heading("选中的场景"),
        filled("场景", ("场景", "领域", "做什么", "依据", "轻重", "用到的工具"), rows),
    ]
    if not cases:
        return [*blocks, Paragraph("收录的案例里，没有同行或相近行业做过这几项的。")]
    return [*blocks, Heading("做过的企业"), filled("案例", ("场景", "和你", "企业", "怎么做的", "效果"), cases)]


def _cells(data: dict[str, Any]) -> list[Block]:
    if not data["cells"]:
        return []
    sector = data["sector"]
    note = (
        ""
        if sector["covered"]
        else f"报告没有写你这一行，借的是{sector['name']}（{sector['near_because']}；非官方归法）。"
    )
    rows = tuple((c["area"], LEVEL_NAMES[c["level"]], _cited(c["text"], c["n"])) for c in data["cells"])
    blocks: list[Block] = [Heading("各环节要做到什么"), Grid("要求", ("环节", "等级", "要做到"), rows)]
    return [*blocks, *([Paragraph(note)] if note else [])]


def _tools(data: dict[str, Any]) -> list[Block]:
    if not data["tools"]:
        return []
    rows = tuple(
        (t["tool"], t["abbreviation"] or "", _cited("；".join(f"{r['rank']}. {'、'.join(r['vendors'])}" for r in t["ranks"]), t["n"]), t["quirk"] or "")
        for t in data["tools"]
    )  # fmt: skip
    return [
        Heading("工具和用量"),
        filled("工具", ("工具", "简称", "受访企业用量名次", "注意"), rows),
        Paragraph(f"{data['tools_note']}。"),
    ]


def _budget(data: dict[str, Any]) -> list[Block]:
    """Lines that add up to a budget that was given; the surveys where it was asked what this costs; else nothing."""
    budget = data["budget"]
    blocks: list[Block] = []
    if budget["lines"]:
        rows = tuple((line["name"], line["step"], line["wan"]) for line in budget["lines"])
        sums = (("其中系统", "实施的各步", budget["systems_wan"]), ("合计", "全部", budget["budget_wan"]))
        blocks.append(filled("预算", ("花在", "哪一步", "最多（万元）"), (*rows, *sums)))
    if blocks:
        blocks = [Heading("预算"), *blocks, Paragraph(f"{budget['note']}。")]
    return [*blocks, *(block for s in budget["survey"] for block in survey_blocks(s, s["n_asked"], s["n"]))]


def _kpis(data: dict[str, Any]) -> list[Block]:
    if not data["kpis"]:
        return []
    rows = tuple(
        (k["name"], k["scenario"], k["how"],
         _cited(f"{'同行' if k['own_trade'] else '相近的'}{k['case']}（做{k['makes']}）：{k['figure']}", k["n"]) if k["figure"] else "")
        for k in data["kpis"]
    )  # fmt: skip
    none = "" if any(row[-1] for row in rows) else "，收录的案例没有给这几项的数"
    table = filled("指标", ("指标", "看哪个场景", "怎么算", "做过的企业"), rows)
    return [Heading("看哪些数"), table, Paragraph(f"开工前先记下现在的数{none}。")]


def _risks(data: dict[str, Any]) -> list[Block]:
    rows = tuple((r["name"], _cited(r["fact"], r["n"]), r["remedy"]) for r in data["risks"])
    return [Heading("风险"), Grid("风险", ("风险", "情况", "怎么防"), rows)]


def _programmes(data: dict[str, Any]) -> list[Block]:
    missed = [
        f"{p['name']}只到{p['valid_until']}，这份计划{data['first_spending']}起才花钱，赶不上，没有列进来。"
        for p in data.get("programmes_missed", ())
    ]
    if not data["programmes"]:
        return [Heading("可以对的补贴"), *map(Paragraph, missed)] if missed else []
    words = {"met": "符合", "not_met": "不符合", "unknown": "待核对"}
    rows = tuple(
        (p["name"], _cited(p["gives"], p["n"]), p["status"]["text"],
         "；".join(f"{c['text']}（{words.get(c['state'], c['state'])}）" for c in p["conditions"]), p["ask"])
        for p in data["programmes"]
    )  # fmt: skip
    return [
        Heading("可以对的补贴"),
        filled("补贴", ("名称", "给什么", "现在能不能报", "条件", "问谁"), rows),
        Paragraph("能不能拿、拿多少以审核为准。"),
        *map(Paragraph, missed),
    ]
