"""The words of a maturity result: the level first, then why, what lacks, peers, and where the official test is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.cut import shorten
from core.errors import BadInput
from corpus.rows import LevelDistribution
from corpus.tables import load_tables
from tools.firm.industries import Match
from tools.maturity.advice import gap_words, narrowing, offer, steps_words
from tools.maturity.assessment import Evaluation, Span, score_text
from tools.maturity.choices import LETTERS, ONLY_ONE, choices, chosen
from tools.maturity.next_level import Gap
from tools.maturity.practice import LEVEL_WORDS, Reading
from tools.maturity.questionnaire import QUICK, Answers, Question, questions
from tools.outcome import Book

SELF_TEST = "zjtx.miit.gov.cn"
INDICATORS = "maturity_2024"
STAGE_NAMES = ("", "（初始级）", "（规范级）", "（集成级）", "（协同级）")
UNOFFICIAL = (
    "定级规则里的达标场景数只见于第三方整理，未见官方原文",
    "粗估时没答的题按本项目的经验算，只作参考",
    "省力程度（1到5）是本项目的估计，可在 corpus/data/maturity_2024.yaml 里改",
    "由用的系统、说的话推断场景等级，是本项目的归法",
)
ONE_BY_ONE, ENDED = "题", "结束"
SHORT_UNTIL = 10
"""After so many answers, and again after as many more, the whole result is told; between them only where it stands."""


@dataclass(frozen=True)
class Facts:
    """All that a result is worded from. exact: the bounds of what was answered; likely: an estimate; mode: start quick partial full.

    answers: what was answered, with what was told before where that settles a question; given: what was answered alone.
    passed: the last reply left its question open. told: question key → how what was said before was taken. owned: scene id → a system in use. asked: the next question.
    view: 题 for the next question with little else, 结束 for the whole result and no more questions, else the whole result. unread: a reply not understood.
    """

    mode: str
    answers: Answers
    given: Answers
    inferred: Mapping[str, Reading]
    exact: Evaluation
    likely: Evaluation | None
    lacking: Gap | None
    match: Match | None
    notes: list[str]
    told: Mapping[str, str]
    owned: Mapping[str, str]
    asked: Question | None
    passed: bool = False
    view: str = ""
    unread: str = ""


def parts(facts: Facts, book: Book) -> list[str]:
    """The paragraphs of the answer, in order."""
    question = [_question(facts, book)] if facts.asked else []
    if facts.unread and question:
        if facts.asked and _too_many(facts.asked, facts.unread):
            return [f"“{shorten(facts.unread, 30)}”不止一个，这题只能选一个，选最接近的。", *question]
        if facts.unread.isdecimal():
            return [f"“{shorten(facts.unread, 30)}”没对上：分不清是第几个选项还是级数、百分数，说字母就行。", *question]
        return [
            f"“{shorten(facts.unread, 30)}”没对上这题的选项。选一个字母最省事；说不准就说“不知道”，没有这块业务就说“不适用”；想问别的，说成一句问话就行。",
            *question,
        ]
    if facts.mode == "start" and facts.view == ENDED:
        return [f"好，先停在这里。一题都还没答出来，估不出几级。{offer(facts.answers)}想接着做，说“继续评测”。"]
    if facts.mode == "start" and facts.answers.open:
        last = ["好，这题先跳过，范围会宽一点，后面随时能补。"] if facts.passed else []
        nothing = [] if question else ["一题都还没答出来，估不出几级。" + offer(facts.answers)]
        return [*(last if question else nothing), *_notes(facts), *question]
    if facts.mode == "start":
        nothing = ["一题都还没答，现在还说不出几级。"] if facts.view == "结果" else []
        return [*nothing, _start(facts, book), *_notes(facts), *_peers(facts, book), *question]
    if is_short(facts):
        return [_lead(facts, book), *_passed(facts), *_told(facts), *question]
    found = [_lead(facts, book), *_told(facts), *_why(facts, book)]
    if facts.mode in {"full", "partial"}:
        found.append(_dimensions(facts, book))
    found += _lack(facts, book) if facts.lacking or facts.mode == "full" else _weak(facts)
    found += [*_open(facts), *_peers(facts, book), *_notes(facts)]
    return [*found, *question, _official(book)]


def _too_many(asked: Question, said: str) -> bool:
    """Whether an answer names several choices of a question that takes one."""
    try:
        return len(chosen(asked.row, said)) > 1
    except BadInput as exc:
        return ONLY_ONE in exc.message


def is_short(facts: Facts) -> bool:
    """Whether only where it stands and the next question are told: between one tenth answer and the next."""
    tenth = len(facts.answers.keys) and len(facts.answers.keys) % SHORT_UNTIL == 0
    again = facts.asked is not None and (facts.passed or facts.asked.key in facts.given.as_json())
    return facts.mode == "partial" and facts.asked is not None and facts.view == ONE_BY_ONE and (again or not tenth)


def _passed(facts: Facts) -> list[str]:
    """What the reply to the last question came to, where it was no answer."""
    return ["好，这题先跳过，后面随时能补。"] if facts.passed else []


def _told(facts: Facts) -> list[str]:
    """What was said before and stands for an answer now; once, with the first question."""
    if not facts.told or (facts.given.keys and facts.view == ONE_BY_ONE and facts.mode != "full"):
        return []
    lines = "\n".join(f"- {words}" for words in facts.told.values())
    return [f"您说过的，这几题不再问（不对就说，例如“采购管理选B”）：\n{lines}"]


def _open(facts: Facts) -> list[str]:
    """Which open answers would narrow the range, and the offer to take up what was passed over."""
    if facts.mode != "partial":
        return []
    said = narrowing(facts.answers, facts.exact)
    return [said + ("" if facts.asked else offer(facts.answers))] if said else []


def _notes(facts: Facts) -> list[str]:
    return [f"注意：{'；'.join(facts.notes)}。"] if facts.notes else []


def said_of(reading: Reading) -> str:
    """What was said that a reading comes from, in short: “仓库是表格”, 用ERP."""
    told, dash, _ = reading.reason.partition("——")
    return told.strip("“”") if dash else reading.reason.partition("：")[0]


def level_name(level: float) -> str:
    """一级（初始级）; 还不到一级 for 0."""
    return f"{LEVEL_WORDS[int(level)]}{STAGE_NAMES[int(level)]}" if level else "还不到一级（无等级）"


def _lead(facts: Facts, book: Book) -> str:
    exact, rule = facts.exact, book.cite(load_tables().level_rules[0])
    if facts.mode == "full":
        level = level_name(exact.level.low) if exact.level.exact else levels_text(exact.level)
        return f"**{level}**，{score_text(exact.score)}分（满分100）[{rule}]。这是按你的回答算的，不是官方评定。"
    done = f"已答{len(facts.answers.keys)}题，共{len(questions())}题"
    if facts.mode == "partial" and exact.level.exact:
        return f"**{level_name(exact.level.low)}**（{done}；没答的怎么答都是这一级，分数{score_text(exact.score)}分）[{rule}]。"
    likely = likely_text(facts.likely)
    bounds = f"{levels_text(exact.level)}都有可能"
    if facts.mode == "partial":
        said = "没答的、只是您说过的" if facts.told else "没答的"
        lead = f"**{bounds}**（{done}；{said}从最低算到最高，分数{score_text(exact.score)}分）[{rule}]。"
        return lead + (f"照答过的粗估：{likely}；只是估计，接着答会变。" if likely else "")
    return f"**粗估{likely}**。只是按你说的几句话估的，题还没答，{bounds} [{rule}]；不是官方评定。"


def levels_text(level: Span) -> str:
    """还不到一级到四级, 一级或二级; one level where it is certain."""
    low, high = ("还不到一级" if n == 0 else LEVEL_WORDS[int(n)] for n in (level.low, level.high))
    if level.exact:
        return low
    return f"{low}{'或' if level.high - level.low == 1 else '到'}{high}"


def likely_text(likely: Evaluation | None) -> str:
    """大约一级到二级、25到47分; empty without an estimate."""
    return f"大约{levels_text(likely.level)}、{score_text(likely.score)}分" if likely else ""


def likely_data(likely: Evaluation | None) -> dict[str, Any] | None:
    """The estimate beside the bounds, for a page; None without one."""
    if likely is None:
        return None
    return {
        "score_low": likely.score.low, "score_high": likely.score.high, "level_low": int(likely.level.low),
        "level_high": int(likely.level.high), "words": likely_text(likely),
    }  # fmt: skip


def _why(facts: Facts, book: Book) -> list[str]:
    """What the words told of each scene, one line a level, with the main reason."""
    told = {id: reading for id, reading in facts.inferred.items() if id not in facts.given.scenes}
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
    rows = [f"| {name} | {_span(span)} | {points(full)} |" for name, (span, full) in facts.exact.dimensions.items()]
    counts = []
    if facts.exact.complete:
        for level in (4, 3, 2, 1):
            names = [s for s in load_tables().scenes if facts.exact.scenes[s.id].low == level]
            if names:
                counts.append(f"{LEVEL_WORDS[level]}{len(names)}个")
        none = sum(span.low == 0 for span in facts.exact.scenes.values())
        counts += [f"还没到一级{none}个"] if none else []
    table = "\n".join([f"| 维度 | 得分 | 满分 [{n}] |", "| --- | --- | --- |", *rows])
    return table + (f"\n\n16个场景：{'、'.join(counts)}。" if counts else "")


def _weak(facts: Facts) -> list[str]:
    """Of the scenes told of, those below the level that the range starts to reach; and how many are not known yet."""
    level = min(4, int((facts.likely or facts.exact).level.low) + 1)
    known = {**facts.inferred, **facts.answers.scenes}
    scenes = load_tables().scenes
    weak = [scene for scene in scenes if scene.id in known and known[scene.id].low < level]
    unknown = [scene.name for scene in scenes if scene.id not in known]
    lines = [f"- {s.name}：做到“{s.levels[level - 1].plain}”才算{LEVEL_WORDS[level]}" for s in weak[:3]]
    lead = [f"说到的里面，先补这{'几处' if len(lines) > 1 else '处'}：\n" + "\n".join(lines)] if lines else []
    more = f"、{unknown[3]}等" if len(unknown) > 4 else ""
    return (
        [*lead, f"还有{len(unknown)}个场景没说到（{'、'.join(unknown[:3])}{more}），说清了范围就窄。"]
        if unknown and facts.mode == "quick"
        else lead
    )


def _lack(facts: Facts, book: Book) -> list[str]:
    """What lacks for the next level, and what to do first."""
    gap = facts.lacking
    if gap is None:
        return ["已经是最高的四级。"]
    n = book.cite(next(rule for rule in load_tables().level_rules if rule.level == gap.level))
    known = "" if facts.mode == "full" else "就已知的情况，"
    lead = f"{known}{gap_words(gap, level_name(gap.level))} [{n}]。"
    if gap.steps is None:
        return [f"{lead}除去不适用的，剩下的题全做到也够不着，请在官方系统里核对不适用怎么算。"]
    if not gap.steps:
        return [f"{lead}答过的题里没有能补的，先把没答的答了。"]
    what = "最省力的补法" if gap.whole else "从答过的看，先补这几处"
    return [
        f"{lead}{what}（力气1最小5最大，逐级相加，是本项目的估计）：\n"
        + steps_words(gap, facts.owned, facts.view == ONE_BY_ONE)
    ]


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


def stages_data(exact: Evaluation) -> dict[str, Any]:
    """The stages of the four-stage and five-stage models for the range of levels; our own mapping."""
    levels = range(int(exact.level.low), int(exact.level.high) + 1)
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
    level = facts.exact.level
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
    assert facts.asked is not None
    row, key = facts.asked.row, facts.asked.key
    left = len(questions()) - len(facts.answers.keys) - len(facts.answers.open)
    many = "（可多选）" if getattr(row, "type", "") == "multi" else ""
    lines = "\n".join(f"- {choice.letter}. {choice.text}" for choice in choices(row))
    head = "回到这题" if key in facts.given.as_json() else f"下一题（还剩{left}题）"
    return (
        f"{head}：{row.question}{many} [{book.cite(row)}]\n{_heard(facts, key)}{lines}\n\n"
        f"答字母或用自己的话都行；也可以说“不知道”“不适用”（{row.not_applicable}）“跳过”“上一题”“看结果”。"
    )


def _heard(facts: Facts, key: str) -> str:
    """What is known that bears on a question: its answer so far, or what was said without settling it."""
    kept = facts.given.as_json().get(key)
    if kept is not None and not (isinstance(kept, str) and "到" in kept):
        return f"现在记的是：{answer_text(facts.asked, kept) if facts.asked else kept}。\n"
    if key == "item-systems" and facts.owned:
        return f"您说过在用{'、'.join(dict.fromkeys(facts.owned.values()))}。\n"
    known = (
        {**facts.inferred, **facts.answers.scenes}.get(key.removeprefix("scene-")) if key.startswith("scene-") else None
    )
    if known is None or known.low == known.high:
        return ""
    said = "" if said_of(known) == "自己选的" else f"（{said_of(known)[:40]}）"
    return f"您说的{said}像是{LETTERS[known.low]}到{LETTERS[known.high]}，是哪个？\n"


def answer_text(question: Question, kept: object) -> str:
    """An answer as kept, in the words of its choices: B. 用表格记出入库; 不知道."""
    if isinstance(kept, str):
        return kept
    ids = [str(one) for one in kept] if isinstance(kept, list) else [str(kept)]
    return "、".join(f"{c.letter}. {c.text}" for c in choices(question.row) if c.id in ids) or "都没有"


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
    """What to do with the result; nothing between one question and the next."""
    if is_short(facts):
        return ()
    if facts.mode == "full":
        return (
            "想排先后步骤和预算，说“路线图”",
            "想知道做到下一级能补多少，说在哪个市",
            f"到 {SELF_TEST} 做一次官方自测",
        )
    if facts.view == ENDED:
        return ("想接着答，说“继续”", f"到 {SELF_TEST} 做一次官方自测")
    return ("接着答题，范围会越来越窄", f"到 {SELF_TEST} 做一次官方自测")


def points(value: float) -> str:
    """70, 61.3 or 1.875 without trailing zeros."""
    return f"{round(value, 3):g}"


def _span(span: Span) -> str:
    """5.25, or 5到10: as fine as the points of the items, whole points for a range."""
    return points(span.low) if span.exact else f"{math.floor(span.low)}到{math.ceil(round(span.high, 4))}"
