"""What a firm says of itself that notices ask for: when it was founded, and what it answers by yes or no."""

from __future__ import annotations

from tools.amounts import wan_text
from tools.conditions.bounds import fits
from tools.conditions.tokens import RANKS, Day, Token, tokens
from tools.conditions.vocabulary import vocabulary

FIELDS = frozenset({"employees", "revenue_wan", "assets_wan", "level", "level_after", "spend_wan", "age_years"})
"""Attributes for which a profile has a field of its own, read from a message elsewhere."""
TITLE = "title:"
"""How the key of a title that is not held begins."""
_ENDS = {"comma", "stop"}
_DENIES = ("不是", "没有", "没", "不", "未", "非", "并非", "还没", "无")
_QUESTION = ("?", "？", "吗", "么", "呢", "是否", "是不是", "有没有", "怎么", "什么", "啥", "哪", "多少", "能不能")


def read_founded(text: str) -> str | None:
    """When a firm was founded, 2019 or 2019-03 or 2019-03-15; None where it is not said."""
    for clause in _clauses(text):
        dates = [t.value for t in clause if t.kind == "date"]
        if len(dates) == 1 and any(t.kind == "registered" for t in clause) and not _limits(clause):
            return _written(dates[0])
    return None


def read_statements(text: str) -> dict[str, bool]:
    """Keys of words.yaml's statements that a message affirms or denies; a question says nothing."""
    found: dict[str, bool] = {}
    for clause in _clauses(text):
        if _asks(clause) or _limits(clause):
            continue
        denied = False
        for at, token in enumerate(clause):
            listed = denied and token.kind in {"title", "listing", "either"}  # 不是高企和小巨人
            denied = listed or "".join(t.text for t in clause[:at]).endswith(_DENIES)
            if token.kind == "statement":
                found[token.value] = not denied
            elif token.kind == "title" and denied:
                found[f"{TITLE}{token.value}"] = False
    return found


def read_other_figures(text: str) -> dict[str, float]:
    """Figures that notices ask for and a profile has no field for: attribute of words.yaml → value in its unit."""
    found: dict[str, float] = {}
    for clause in _clauses(text):
        if _asks(clause) or _limits(clause):
            continue
        names = [t.value for t in clause if t.kind == "attribute"]
        amounts = [t.value for t in clause if t.kind == "quantity"]
        if len(amounts) != 1 or not names or any(t.kind in {"before", "after", "to", "shifts"} for t in clause):
            continue
        shared = len(names) == 2 and any(t.kind == "share_of" for t in clause)
        name = f"{names[0]}/{names[1]}" if shared else names[0] if len(names) == 1 else ""
        if name and name not in FIELDS and fits(name, amounts[0].unit):
            found[name] = amounts[0].value
    return found


def read_target(text: str) -> int | None:
    """The level that a firm means to reach: 改造后做到二级."""
    for clause in _clauses(text):
        levels = [t.value.value for t in clause if t.kind == "quantity" and t.value.unit == "level"]
        reach = any(t.kind == "after_project" or t.text.endswith("做到") for t in clause)
        if len(levels) == 1 and reach and not _asks(clause) and not any(t.kind == "after" for t in clause):
            return int(levels[0]) if 1 <= levels[0] <= 4 else None
    return None


def figure_words(attribute: str, value: float) -> str:
    """A figure as it is told back: 研发费用占营业收入的比4%."""
    unit, label = vocabulary().unit(attribute), vocabulary().label(attribute)
    shown = {
        "money": wan_text(value),
        "people": f"{value:g}人",
        "percent": f"{value:g}%",
        "count": f"{value:g}项",
        "years": f"{value:g}年",
    }
    grades = {number: letter for letter, number in RANKS.items()}
    return f"{label}{shown.get(unit) or grades.get(value) or f'{value:g}'}"


def known_keys(kind: str) -> frozenset[str]:
    """The keys of statements, or of figures with the shares of one in another, that conditions ask for."""
    data = vocabulary().data
    if kind == "statements":
        return frozenset((*data["statements"], *(f"{TITLE}{title}" for title in data["titles"])))
    names = [*data["attributes"]]
    return frozenset((*names, *(f"{part}/{whole}" for part in names for whole in names if "/" not in part + whole)))


def statement_words(key: str, holds: bool) -> str:
    """是独立法人; 不是独立法人 where it does not hold."""
    if key.startswith(TITLE):
        return f"不是{vocabulary().data['titles'][key.removeprefix(TITLE)]['label']}"
    label = str(vocabulary().data["statements"][key]["label"])
    if holds:
        return label
    return (
        label.replace("没有", "有", 1)
        if label.startswith("没有")
        else f"不{label}"
        if label.startswith("是")
        else f"没有做到{label}"
    )


def is_question(text: str) -> bool:
    """Whether a message, or a part of one, asks rather than tells."""
    return any(mark in text for mark in _QUESTION)


def _asks(clause: list[Token]) -> bool:
    return is_question("".join(token.text for token in clause))


def _limits(clause: list[Token]) -> bool:
    """Whether a clause sets a condition rather than telling of the firm."""
    return any(token.kind in {"until", "since", "soft"} for token in clause)


def _clauses(text: str) -> list[list[Token]]:
    out: list[list[Token]] = [[]]
    for token in tokens(text):
        if token.kind in _ENDS:
            out.append([])
        else:
            out[-1].append(token)
    return [clause for clause in out if clause]


def _written(day: Day) -> str:
    return "-".join([str(day.year), *(f"{n:02d}" for n in (day.month, day.day) if n)])
