"""The report of a run: figures by kind, style, document; what went wrong; the difference from an earlier run."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from core.errors import BadFile
from core.output import make_folder, write_whole
from eval.intervals import interval
from eval.metrics import answer_body, brier, percentile, ratio, recall_at, reliability
from eval.needs import NEEDS, counted, need_figures
from eval.outcome import Outcome, declines

Report = dict[str, Any]
Figures = dict[str, float | None]
SCHEMA = 1
MOST_UNFOUNDED = 20
"""How many figures without a source are listed."""

LABELS = {
    "questions": "题数",
    "recall@1": "召回@1",
    "recall@3": "召回@3",
    "recall@5": "召回@5",
    "recall@10": "召回@10",
    "fact_recall": "要点召回",
    "complete": "全对率",
    "citation_precision": "引用精确",
    "cited": "有引用",
    "false_refusal": "误拒率",
    "refusal_accuracy": "拒答准确",
    "refused_rightly": "该拒已拒",
    "premise_correction": "前提纠正",
    "tool_accuracy": "工具准确",
    "tool_false_alarm": "工具误触发",
    "tool_follow_up": "多轮工具",
    "argument_recall": "参数召回",
    **NEEDS,
    "faithfulness": "数字忠实",
    "brier": "Brier",
    "length_median": "字数中位",
    "length_p90": "字数P90",
    "first_ms_median": "首字毫秒",
    "latency_ms_median": "耗时中位",
    "latency_ms_p95": "耗时P95",
}
"""Every figure with its heading; the order is the order of the columns."""

LOWER_IS_BETTER = {"false_refusal", "tool_false_alarm", "taken_for_tool", "declined_wrongly", "brier"}
_RATIOS = [k for k in LABELS if k not in {"questions", "brier"} and not k.startswith(("length", "first", "latency"))]
_GROUPED = [k for k in LABELS if k in ("questions", *_RATIOS)]
_GROUPS: dict[str, Callable[[Outcome], Sequence[str]]] = {
    "file": lambda o: [o.file],
    "kind": lambda o: [o.kind] if o.kind else [],
    "intent": lambda o: [o.intent] if o.intent else [],
    "act": lambda o: [o.expect] if o.expect else [],
    "style": lambda o: [o.style] if o.style else [],
    "document": lambda o: o.sources,
    "turns": lambda o: ["多轮" if o.turns > 1 else "单轮"],
}
_GROUP_TITLES = {
    "file": "题库",
    "kind": "题型",
    "intent": "意图",
    "act": "该怎么应",
    "style": "问法",
    "document": "文档",
    "turns": "轮次",
}


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """All figures of some outcomes; None where none of them counts for a figure."""
    qa = [o for o in outcomes if o.sort == "qa"]
    negative = [o for o in outcomes if o.sort == "unanswerable"]
    tools = [o for o in outcomes if o.sort == "tools"]
    ranks = [o.rank for o in outcomes if o.searched]
    facts = [ok for o in qa for ok in o.facts]
    cited = [o for o in qa if o.cited]
    arguments = [ok for o in outcomes if _ran(o) for ok in o.arguments.values()]
    asked = [o for o in outcomes if o.sort != "tools"]
    lengths = [len(answer_body(o.answer)) for o in asked]
    pairs = confidence_pairs(asked)
    stated = sum(o.figures for o in outcomes)
    return {
        "questions": len(outcomes),
        **{f"recall@{k}": recall_at(k, ranks) for k in (1, 3, 5, 10)},
        "fact_recall": ratio(sum(facts), len(facts)),
        "complete": _share(o.correct for o in qa if o.facts),
        "citation_precision": _share(source in o.sources for o in cited for source in o.cited),
        "cited": _share(bool(o.cited) for o in qa),
        "false_refusal": _share(o.refused for o in qa),
        "refusal_accuracy": _share(o.correct for o in negative),
        "refused_rightly": _share(o.correct for o in negative if o.expect == "refuse"),
        "premise_correction": _share(o.correct for o in negative if o.expect == "correct_premise"),
        "tool_accuracy": _share(o.correct for o in tools),
        "tool_false_alarm": _share(o.tool_called != "none" for o in tools if o.tool_expected == "none"),
        "tool_follow_up": _share(o.correct for o in tools if o.turns > 1),
        "argument_recall": ratio(sum(arguments), len(arguments)),
        **need_figures(outcomes),
        "faithfulness": ratio(stated - sum(len(o.unfounded) for o in outcomes), stated),
        "brier": brier(pairs),
        "length_median": percentile(lengths, 0.5),
        "length_p90": percentile(lengths, 0.9),
        "first_ms_median": percentile((o.first_ms for o in outcomes), 0.5),
        "latency_ms_median": percentile((o.total_ms for o in outcomes), 0.5),
        "latency_ms_p95": percentile((o.total_ms for o in outcomes), 0.95),
    }


def _counted(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    """What the main figures are the means of, one number a question."""
    qa = [o for o in outcomes if o.sort == "qa"]
    return {
        "fact_recall": [sum(o.facts) / len(o.facts) for o in qa if o.facts],
        "false_refusal": [float(o.refused) for o in qa],
        "refusal_accuracy": [float(o.correct) for o in outcomes if o.sort == "unanswerable"],
        "tool_accuracy": [float(o.correct) for o in outcomes if o.sort == "tools"],
        **counted(outcomes),
    }


def _ran(outcome: Outcome) -> bool:
    """Whether the tool that was wanted ran."""
    return outcome.tool_expected not in {"", "none"} and outcome.tool_called == outcome.tool_expected


def confidence_pairs(outcomes: Iterable[Outcome]) -> list[tuple[float, bool]]:
    """(confidence, whether a right answer was given); to a question without an answer none can be right."""
    return [(o.confidence, o.correct and not declines(o.expect)) for o in outcomes if o.sort != "tools"]


def build_report(outcomes: Sequence[Outcome], about: Mapping[str, Any] | None = None) -> Report:
    """The whole report as plain data. about: how the run was made."""
    groups = {}
    for name, key in _GROUPS.items():
        members: dict[str, list[Outcome]] = {}
        for outcome in outcomes:
            for label in key(outcome):
                members.setdefault(label, []).append(outcome)
        groups[name] = {label: figures(members[label]) for label in sorted(members)}
    return {
        "schema": SCHEMA,
        "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "about": dict(about or {}),
        "overall": figures(outcomes),
        "intervals": {name: found for name, values in _counted(outcomes).items() if (found := interval(values))},
        "groups": groups,
        "reliability": [asdict(b) for b in reliability(confidence_pairs(outcomes))],
        "outcomes": [o.as_json() for o in outcomes],
    }


def render(report: Report, misses: int = 20) -> str:
    """The report as Markdown that reads as well in a terminal. misses: how many questions that went wrong to list."""
    about = "，".join(f"{k}：{v}" for k, v in report["about"].items())
    parts = [
        f"# 评测报告（{report['made_at']}）",
        about,
        "## 总体",
        _overall_table(report["overall"], report.get("intervals", {})),
    ]
    for name, title in _GROUP_TITLES.items():
        rows: dict[str, Figures] = report["groups"][name]
        if len(rows) > 1:
            parts += [f"## 按{title}", _group_table(title, rows)]
    if report["reliability"]:
        parts += ["## 置信度与正确率", _reliability_table(report["reliability"])]
    parts += [_faithfulness(report["outcomes"])]
    wrong = [o for o in report["outcomes"] if o["faults"]]
    parts += [f"## 没做好的题（{len(wrong)} 道，列出 {min(misses, len(wrong))} 道）", *map(_miss, wrong[:misses])]
    return "\n\n".join(p for p in parts if p) + "\n"


def write_report(report: Report, folder: Path, misses: int = 20) -> tuple[Path, Path]:
    """Write report.json and report.md into a folder; their paths."""
    try:
        make_folder(folder)
        as_json, as_text = folder / "report.json", folder / "report.md"
        write_whole(as_json, (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode())
        write_whole(as_text, render(report, misses).encode())
    except OSError as exc:
        raise BadFile(f"报告写不进 {folder}。", "换一个能写的文件夹：--out 文件夹") from exc
    return as_json, as_text


def load_report(path: Path) -> Report:
    """A report.json written earlier."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise BadFile(
            f"旧报告 {path} 读不出来。", "要用评测生成的 report.json。", command="生成：xiangdao eval --out 文件夹"
        ) from exc
    if not isinstance(report, dict) or report.get("schema") != SCHEMA:
        raise BadFile(
            f"{path} 不是这个版本的评测报告。", "要重新生成 report.json。", command="生成：xiangdao eval --out 文件夹"
        )
    return report


def compare(old: Report, new: Report) -> str:
    """What changed from one run to the next: figures, and the questions that turned right or wrong."""
    rows = []
    for key, label in LABELS.items():
        before, after = old["overall"].get(key), new["overall"].get(key)
        if before is not None and after is not None:
            rows.append([label, _show(key, before), _show(key, after), _difference(key, before, after)])
    was, now = ({(o["file"], o["id"]): o for o in r["outcomes"]} for r in (old, new))
    both = [key for key in now if key in was]
    fixed = [now[k] for k in both if now[k]["correct"] and not was[k]["correct"]]
    broken = [now[k] for k in both if was[k]["correct"] and not now[k]["correct"]]
    parts = [f"# 与 {old['made_at']} 的评测相比", _table(["指标", "原来", "现在", "变化"], rows)]
    if len(both) < max(len(was), len(now)):
        parts.append(f"两次的题不全相同：共有 {len(both)} 题，原来 {len(was)} 题，现在 {len(now)} 题。")
    parts += [f"## 变对的题（{len(fixed)}）", *(_line(o) for o in fixed)]
    parts += [f"## 变错的题（{len(broken)}）", *map(_miss, broken)]
    return "\n\n".join(parts) + "\n"


def _faithfulness(outcomes: Sequence[Mapping[str, Any]]) -> str:
    """How many figures were stated, and the first that stand in nothing that their answers stand on."""
    stated = sum(o.get("figures", 0) for o in outcomes)
    bad = [(o, figure) for o in outcomes for figure in o.get("unfounded", ())]
    lines = [f"- `{o['id']}` {o['question']}：“{figure}”" for o, figure in bad[:MOST_UNFOUNDED]]
    told = "\n".join([f"答案里的数字 {stated} 个，在出处里找不到的 {len(bad)} 个。", *lines])
    return f"## 数字忠实\n\n{told}" if stated else ""


def _share(values: Iterable[bool]) -> float | None:
    listed = list(values)
    return ratio(sum(listed), len(listed))


def _overall_table(overall: Figures, intervals: Mapping[str, Sequence[float]]) -> str:
    rows = [
        [label, _show(key, overall[key]), _between(intervals.get(key))]
        for key, label in LABELS.items()
        if overall.get(key) is not None
    ]
    return _table(["指标", "值", "95% 区间"], rows)


def _between(found: Sequence[float] | None) -> str:
    return f"{found[0]:.1%}–{found[1]:.1%}" if found else ""


def _group_table(title: str, rows: Mapping[str, Figures]) -> str:
    keys = [k for k in _GROUPED if any(row.get(k) is not None for row in rows.values())]
    lines = [[name, *(_show(k, row.get(k)) for k in keys)] for name, row in rows.items()]
    return _table([title, *(LABELS[k] for k in keys)], lines)


def _reliability_table(bins: Sequence[Mapping[str, float]]) -> str:
    rows = [
        [f"{b['low']:.1f}–{b['high']:.1f}", str(b["count"]), f"{b['confidence']:.2f}", f"{b['correct']:.1%}"]
        for b in bins
    ]
    return _table(["置信度", "题数", "平均置信", "实际全对"], rows)


def _show(key: str, value: float | None) -> str:
    if value is None:
        return "–"
    if key in _RATIOS:
        return f"{value:.1%}"
    return f"{value:.3f}" if key == "brier" else f"{value:.0f}"


def _difference(key: str, before: float, after: float) -> str:
    change = after - before
    if abs(change) < 1e-9:
        return "="
    text = f"{change * 100:+.1f} 点" if key in _RATIOS else f"{change:+.3f}" if key == "brier" else f"{change:+.0f}"
    if key not in _RATIOS and key != "brier":
        return text
    return text + (" 好" if (change < 0) == (key in LOWER_IS_BETTER) else " 差")


def _line(outcome: Mapping[str, Any]) -> str:
    return f"- `{outcome['id']}` {outcome['question']}"


def _miss(outcome: Mapping[str, Any]) -> str:
    said = " ".join(answer_body(outcome["answer"]).split())
    return f"{_line(outcome)}\n  {'；'.join(outcome['faults'])}\n  > {said[:90]}{'…' if len(said) > 90 else ''}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns also line up in a terminal."""
    widths = [max(_width(line[n]) for line in (head, *rows)) for n in range(len(head))]
    ruled = [head, ["-" * width for width in widths], *rows]
    padded = ([_pad(cell, width) for cell, width in zip(line, widths, strict=True)] for line in ruled)
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
