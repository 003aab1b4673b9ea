"""The answer in words: the amount first, how it comes about, and else the rule with what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from core.cut import shorten
from tools.notice_amount.rules import Rule
from tools.notice_amount.sums import percent, shown
from tools.notice_amount.working import Working

QUOTED = 90
NOTED = 50
MOST_NOTES = 4
MOST_LISTED = 5


def verb(words: str) -> str:
    """What is done with the money, as the notice says it: 补, 奖, 贴, 抵."""
    for sign, told in (("抵扣", "抵"), ("贴息", "贴"), ("奖", "奖"), ("补", "补")):
        if sign in words:
            return told
    return "拿"


def told(work: Working, words: str) -> str:
    """**能补48万元**：160万元 × 30% ＝ 48万元，没有超过最高50万元。"""
    assert work.value is not None
    head = f"**能{verb(words)}{shown(work.value)}**" if work.value > 0 else f"**不再{verb(words)}**"
    steps = "，".join(work.steps)
    under = [text for _, text in work.limits if text not in work.capped]
    end = f"，没有超过{'、'.join(dict.fromkeys(under))}" if under and not work.capped else ""
    return f"{head}：{steps}{end}。"


def quoted(words: str) -> str:
    return shorten(words.strip("；。，, “”"), QUOTED)


def listed(rules: Sequence[Rule]) -> str:
    rows = list(dict.fromkeys(quoted(rule.words) for rule in rules))
    return "；".join(rows[:MOST_LISTED]) + ("……" if len(rows) > MOST_LISTED else "")


def not_computed(rules: Sequence[Rule], missing: Sequence[str], look: Sequence[str], unused: Sequence[str]) -> str:
    """The rule, and what is missing or must be looked at."""
    head = f"规定是：{listed(rules)}。" if rules else ""
    ends = []
    if missing:
        ends.append(f"要算出数，还缺：{'、'.join(dict.fromkeys(missing))}")
    if unused:
        ends.append(f"问题里的{'、'.join(f'“{one}”' for one in unused)}没法对到这条规定上")
    seen = [quoted(one) for one in dict.fromkeys(look)]
    seen = [one for one in seen if one not in head]
    if seen:
        ends.append(f"先要看这一条：{'；'.join(seen[:2])}")
    elif look and not ends:
        ends.append("这条规定要对着原文核算")
    return head + ("；".join(ends) + "。" if ends else "")


def limit_of(rule: Rule) -> tuple[str, object]:
    """The most that a rule gives: its lowest cap, else its sum; its words."""
    sums = [cap.amount for cap in rule.caps if cap.amount is not None and not cap.each]
    if sums:
        return shown(min(sums)), min(sums)
    if rule.fixed is not None and not rule.each:
        return shown(rule.fixed), rule.fixed
    return "", None


def ratio_of(rule: Rule) -> str:
    return percent(rule.rate) if rule.rate is not None else ""


def notes(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shorten(one.strip("；。，, "), NOTED) for one in words))[:MOST_NOTES]
