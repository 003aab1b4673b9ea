"""The words of a maturity result: the level first, then why, what lacks, peers, and where the official test is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus.rows import LevelDistribution
from corpus.tables import load_tables
from tools.assessment import Evaluation, Span
from tools.industries import Match
from tools.next_level import Gap
from tools.outcome import Book
from tools.practice import LEVEL_WORDS, Reading
from tools.questionnaire import QUICK, Answers, options_text, questions, unanswered

SELF_TEST = "zjtx.miit.gov.cn"
INDICATORS = "maturity_2024"
STAGE_NAMES = ("", "（初始级）", "（规范级）", "（集成级）", "（协同级）")
UNOFFICIAL = (
    "定级规则里的达标场景数只见于第三方整理，未见官方原文",
    "没答的题按本项目的经验估范围",
    "省力程度（1到5）是本项目的估计，可在 corpus/data/maturity_2024.yaml 里改",
    "由用的系统、说的话推断场景等级，是本项目的归法",
)
STEPS_SHOWN = 5
OPTIONS_LISTED = 7
"""Up to so many options stand on lines of their own."""


@dataclass(frozen=True)
class Facts:
    """All that a result is worded from. shown: the evaluation to tell, exact or likely; mode: start quick partial full."""

    mode: str
    answers: Answers
    inferred: Mapping[str, Reading]
    exact: Evaluation
    shown: Evaluation
    lacking: Gap | None
    match: Match | None
    notes: list[str]


def parts(facts: Facts, book: Book) -> list[str]:
    """The paragraphs of the answer, in order."""
    if facts.mode == "start" and facts.answers.skipped:
        return ["好，这题先跳过，放到最后；答上一题就能估出范围。", *_notes(facts), _question(facts, book)]
    if facts.mode == "start":
        return [_start(facts, book), *_notes(facts), *_peers(facts, book), _question(facts, book)]
    found = [_lead(facts, book), *_why(facts, book)]
    if facts.mode in {"full", "partial"}:
        found.append(_dimensions(facts, book))
    found += [
        *(_lack(facts, book) if facts.lacking or facts.mode == "full" else _weak(facts)),
        *_peers(facts, book),
        *_notes(facts),
    ]
    return [*found, *([] if facts.mode == "full" else [_question(facts, book)]), _official(book)]


def _notes(facts: Facts) -> list[str]:
    return [f"注意：{'；'.join(facts.notes)}。"] if facts.notes else []


def level_name(level: float) -> str:
    """一级（初始级）; 还不到一级 for 0."""
    return f"{LEVEL_WORDS[int(level)]}{STAGE_NAMES[int(level)]}" if level else "还不到一级（无等级）"


def _lead(facts: Facts, book: Book) -> str:
    shown, rule = facts.shown, book.cite(load_tables().level_rules[0])
    if facts.mode == "full":
        return f"**{level_name(shown.level.low)}**，{points(shown.score.low)}分（满分100）[{rule}]。这是按你的回答算的，不是官方评定。"
    low, high = shown.level.low, shown.level.high
    span = (
        f"大约在{LEVEL_WORDS[int(low)]}到{LEVEL_WORDS[int(high)]}之间"
        if low
        else f"最多到{LEVEL_WORDS[int(high)]}，也可能还不到一级"
    )
    level = f"大约{level_name(low)}" if low == high else span
    if facts.mode == "partial":
        done = f"已答{len(facts.answers.keys)}题，共{len(questions())}题"
        basis = "没答的按你说的情况估" if shown is not facts.exact else "没答的从最低算到最高"
        return f"**{level}**（{done}；{basis}，分数{_span(shown.score)}分）[{rule}]。"
    return f"**{level}**。这是按你说的几句话粗估的，没问到的分数和场景都留了余地，不是官方评定 [{rule}]。"


def _why(facts: Facts, book: Book) -> list[str]:
    """What the words told of each scene, one line a level, with the main reason."""
    told = {id: reading for id, reading in facts.inferred.items() if id not in facts.answers.scenes}
    if not told:
        return []
    scenes = {scene.id: scene for scene in load_tables().scenes}
    grouped: dict[str, dict[str, list[str]]] = {}
    for id, reading in sorted(told.items(), key=lambda pair: -pair[1].high):
        grouped.setdefault(reading.reason, {}).setdefault(reading.words, []).append(id)
    lines = []
    for reason, levels in grouped.items():
        n = book.cite(scenes[next(iter(levels.values()))[0]])
        said = "；".join(f"{'、'.join(scenes[id].name for id in ids)}{words}" for words, ids in levels.items())
        lines.append(f"- {said}。{reason} [{n}]。")
    return ["怎么看出来的：\n" + "\n".join(lines[:8])]


def _dimensions(facts: Facts, book: Book) -> str:
    n = book.cite(INDICATORS, "指标结构", f"{INDICATORS}/structure", certainty="third_party")
    rows = [f"| {name} | {_span(span)} | {points(full)} |" for name, (span, full) in facts.shown.dimensions.items()]
    counts = []
    if facts.shown.complete:
        for level in (4, 3, 2, 1):
            names = [s for s in load_tables().scenes if facts.shown.scenes[s.id].low == level]
            if names:
                counts.append(f"{LEVEL_WORDS[level]}{len(names)}个")
        none = sum(span.low == 0 for span in facts.shown.scenes.values())
        counts += [f"还没到一级{none}个"] if none else []
    table = "\n".join([f"| 维度 | 得分 | 满分 [{n}] |", "| --- | --- | --- |", *rows])
    return table + (f"\n\n16个场景：{'、'.join(counts)}。" if counts else "")


def _weak(facts: Facts) -> list[str]:
    """Of the scenes told of, those below the level that the range starts to reach; and how many are not known yet."""
    level = min(4, int(facts.shown.level.low) + 1)
    known = {**facts.inferred, **facts.answers.scenes}
    scenes = load_tables().scenes
    weak = [scene for scene in scenes if scene.id in known and known[scene.id].low < level]
    unknown = [scene.name for scene in scenes if scene.id not in known]
    lines = [f"- {s.name}：做到“{s.levels[level - 1].text}”才算{LEVEL_WORDS[level]}" for s in weak[:3]]
    lead = [f"说到的里面，先补这{'几处' if len(lines) > 1 else '处'}：\n" + "\n".join(lines)] if lines else []
    more = f"、{unknown[3]}等" if len(unknown) > 4 else ""
    return (
        [*lead, f"还有{len(unknown)}个场景没说到（{'、'.join(unknown[:3])}{more}），说清了范围就窄。"]
        if unknown
        else lead
    )


def _lack(facts: Facts, book: Book) -> list[str]:
    gap = facts.lacking
    if gap is None:
        return ["已经是最高的四级。"]
    n = book.cite(next(rule for rule in load_tables().level_rules if rule.level == gap.level))
    missing = [f"{points(gap.points)}分"] if gap.points else []
    need = f"{gap.scenes}个到{LEVEL_WORDS[gap.level]}的场景" if gap.scenes else ""
    need += (
        f"（其中约束性场景，就是官方重点看的，至少{gap.constraint_scenes}个）" if need and gap.constraint_scenes else ""
    )
    if not need and gap.constraint_scenes:
        need = f"{gap.constraint_scenes}个到{LEVEL_WORDS[gap.level]}的约束性场景（官方重点看的）"
    missing += [need] if need else []
    known = "" if facts.mode == "full" else "就已知的情况，"
    lead = (
        f"{known}离{level_name(gap.level)}还差{'、'.join(missing)} [{n}]。"
        if missing
        else f"{known}{level_name(gap.level)}的场景够了，看分数 [{n}]。"
    )
    if not gap.steps:
        return [lead]
    steps = [
        f"{number}. {step.name}：{step.before} → {step.after}（力气{step.effort}{f'，+{points(step.points)}分' if step.points else ''}{'；这是结果，改好了才会有' if step.result else ''}）"
        for number, step in enumerate(gap.steps[:STEPS_SHOWN], 1)
    ]
    rest = f"\n还有{len(gap.steps) - STEPS_SHOWN}步在详细结果里。" if len(gap.steps) > STEPS_SHOWN else ""
    return [f"{lead}最省力的补法（力气1最小5最大，逐级相加，是本项目的估计）：\n" + "\n".join(steps) + rest]


def _peers(facts: Facts, book: Book) -> list[str]:
    rows = [row for row in peer_rows(facts.match) if _shares(row)]
    lines = [f"{row.label}：{_shares(row)} [{book.cite(row)}]" for row in rows]
    stages = _stages(facts, book)
    if lines:
        lines = [f"同行对照（信通院2024年，9400余家受访专精特新企业，和一般小企业不完全可比）：{'；'.join(lines)}。"]
    return ["\n\n".join([*lines, *stages])] if lines or stages else []


def peer_rows(match: Match | None) -> list[LevelDistribution]:
    """The survey rows to stand beside: the industry's where it has figures, and all firms."""
    table = load_tables().distributions
    own = [match.peers] if match and match.peers else []
    return [row for row in own if _shares(row)] + [row for row in table if row.id == "all"]


def _shares(row: LevelDistribution) -> str:
    said = [f"平均{row.mean:g}级"] if row.mean else []
    said += [f"{LEVEL_WORDS[n]}{share:g}%" for n in (1, 2, 3, 4) if (share := getattr(row, f"level_{n}")) is not None]
    said += [f"不到二级{row.below_level_2:g}%"] if row.below_level_2 else []
    rough = next((note for note in (row.note or "").split("；") if "约数" in note), "")
    return "、".join(said) + (f"（{rough}）" if rough and said else "")


def peers_data(match: Match | None) -> list[dict[str, Any]]:
    """The peers' figures for a page or a chart."""
    keep = {"id", "label", "mean", "level_1", "level_2", "level_3", "level_4", "below_level_2", "n", "n_note", "note"}
    return [row.model_dump(include=keep) for row in peer_rows(match)]


def stages_data(shown: Evaluation) -> dict[str, Any]:
    """The stages of the four-stage and five-stage models for the range of levels; our own mapping."""
    levels = range(int(shown.level.low), int(shown.level.high) + 1)
    return {
        model: [
            {
                "order": row.order,
                "name": row.name,
                "meaning": row.meaning,
                "share": row.share,
                "mapping_note": row.mapping_note,
            }
            for row in load_tables().stages
            if row.row == model and set(row.official_levels) & set(levels)
        ]
        for model in ("caict_stage", "lenovo_stage")
    }


def _stages(facts: Facts, book: Book) -> list[str]:
    """Where a single level stands in the two other models."""
    level = facts.shown.level
    if facts.mode == "start" or level.low != level.high or not level.low:
        return []
    rows = [row for row in load_tables().stages if int(level.low) in row.official_levels]
    four = [f"“{row.name}” [{book.cite(row)}]" for row in rows if row.row == "caict_stage"]
    five = [f"“{row.name}” [{book.cite(row)}]" for row in rows if row.row == "lenovo_stage"]
    return [
        f"放到别的模型里：信通院四阶段相当于{'、'.join(four)}，联想五阶段相当于{'到'.join(five)}（本项目的对应，口径不同）。"
    ]


def _start(facts: Facts, book: Book) -> str:
    n = book.cite(INDICATORS, "指标结构", f"{INDICATORS}/structure", certainty="third_party")
    who = f"{facts.match.label}，" if facts.match else ""
    return (
        f"**可以，{who}先答{len(QUICK)}个问题就有个范围**；想要准的，一共{len(questions())}题，随时能停、能接着答 [{n}]。"
        f"也可以一句话说说用了什么系统、车间和仓库怎么管。官方的免费自测在 {SELF_TEST} 的数字化转型板块 [{_self_test(book)}]。"
    )


def _question(facts: Facts, book: Book) -> str:
    left = unanswered(facts.answers, facts.inferred)
    row = left[0].row
    hint = f"现场会看：{'、'.join(row.evidence[:3])}（常见佐证，本项目整理）。"
    many = "（可多选）" if getattr(row, "type", "") == "multi" else ""
    options = options_text(row)
    shown = options.replace("；", "\n- ") if options.count("；") < OPTIONS_LISTED else options
    return f"下一题（还剩{len(left)}题）：{row.question}{many} [{book.cite(row)}]\n- {shown}\n\n{hint}"


def _official(book: Book) -> str:
    n = book.cite(INDICATORS, "等级判定 › 可信程度", f"{INDICATORS}/level-rule-uncertain", certainty="third_party")
    return (
        f"有多准：各级的分数线（20、40、60、80分）较可信，场景个数只见于第三方整理 [{n}]。"
        f"要正式结果，上 {SELF_TEST} 的数字化转型板块免费自测 [{_self_test(book)}]。"
    )


def _self_test(book: Book) -> int:
    return book.cite(INDICATORS, "使用方式 › 免费系统", f"{INDICATORS}/self-test", certainty="snippet")


def progress(change: Mapping[str, Any]) -> str:
    """What changed since last time, in one paragraph."""
    if not change["compared"]:
        return "和上次没有相同的题，没法比。"
    moved = [f"{row['name']} {LEVEL_WORDS[row['before']]}→{LEVEL_WORDS[row['now']]}" for row in change["scenes"]]
    moved += [f"{row['name']} {points(row['before'])}→{points(row['now'])}分" for row in change["items"]]
    before, now = change["level_before"], change["level_now"]
    level = f"，等级{LEVEL_WORDS[before]}→{LEVEL_WORDS[now]}" if before is not None and before != now else ""
    shown = f"：{'；'.join(moved[:6])}" if moved else "，没有变化"
    return f"和上次比（两次都答了的{change['compared']}题）：分数{change['points']:+g}{level}{shown}。"


def next_steps(facts: Facts) -> tuple[str, ...]:
    """What to do with the result."""
    if facts.mode == "full":
        return (
            "想排先后步骤和预算，说“路线图”",
            "想知道做到下一级能补多少，说在哪个市",
            f"到 {SELF_TEST} 做一次官方自测",
        )
    return ("接着答题，范围会越来越窄", f"到 {SELF_TEST} 做一次官方自测")


def points(value: float) -> str:
    """70, 61.3 or 1.875 without trailing zeros."""
    return f"{round(value, 3):g}"


def _span(span: Span) -> str:
    return points(span.low) if span.exact else f"{points(round(span.low, 1))}到{points(round(span.high, 1))}"
