"""What a firm says of itself that notices ask for: when it was founded, and what it answers by yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.conditions.bounds import fits
from tools.conditions.changes import GROWTH, changed
from tools.conditions.tokens import RANKS, Day, Token, tokens
from tools.conditions.vocabulary import vocabulary
from tools.firm.amounts import wan_text

FIELDS = frozenset({"employees", "revenue_wan", "assets_wan", "level", "level_after", "spend_wan", "age_years"})
"""Attributes for which a profile has a field of its own, read from a message elsewhere."""
TITLE = "title:"
"""How the key of a title that is not held begins."""
_ENDS = {"comma", "stop"}
_DENIES = ("不是", "没有", "没", "不", "未", "非", "并非", "还没", "无")
_ROUGH = re.compile(r"约|左右|上下|大概|将近|接近|差不多|来(?:年|个)|快")
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
                if _of_this_firm(clause, at):
                    found[token.value] = not denied
            elif token.kind == "title" and denied:
                found[f"{TITLE}{token.value}"] = False
    return found


_PLAIN = {
    "place",
    "trade",
    "title",
    "size",
    "size_part",
    "statement",
    "date",
    "quantity",
    "glue",
    "last_year",
    "attribute",
    "listing",
    "scaled",
    "registered",
    "without",
}
_SELF = frozenset("我们咱俺公司厂是一家个的也还了去上年度都有点没不家单位企业本")


def _of_this_firm(clause: list[Token], at: int) -> bool:
    """Whether a statement that also others are told by (国企, 亏损) is told of the speaker's firm and of the last year."""
    token = clause[at]
    entry = vocabulary().data["statements"][token.value]
    if entry.get("of_last_year") and any(t.kind == "shifts" or "今年" in t.text for t in clause):
        return False
    if not entry.get("of_itself"):
        return True
    before = [t for t in clause[:at] if t.kind not in _PLAIN]
    after = "".join(t.text for t in clause[at + 1 :])
    whole = token.text.endswith(("国企", "企业"))
    return all(set(t.text) <= _SELF for t in before) and not (whole and after.startswith("的"))


def read_growth(text: str) -> dict[str, float]:
    """By how many per cent revenue or exports rose or fell in the last year: told as such, or by the figures of both years."""
    found: dict[str, float] = {}
    for clause in _clauses(text):
        turned = changed(clause)
        amounts = [t.value.value for t in turned if t.kind == "quantity" and t.value.unit == "percent"]
        names = [str(t.value) for t in turned if t.kind == "attribute" and t.value in GROWTH.values()]
        rough = any(t.kind in {"before", "after", "to", "inclusive"} or _ROUGH.search(t.text) for t in clause)
        if turned is not clause and len(names) == len(amounts) == 1 and not rough and not _asks(clause):
            found[names[0]] = amounts[0]
    by_year = _revenue_by_year(text)
    if "growth_share" not in found and len(by_year) == 2 and by_year["前年"] > 0:
        found["growth_share"] = round((by_year["去年"] / by_year["前年"] - 1) * 100, 2)
    return found


def _revenue_by_year(text: str) -> dict[str, float]:
    """The revenue of the last year and of the one before, where both are told: 营收前年1.2亿，去年1亿."""
    found: dict[str, float] = {}
    year, speaks, said = "", False, ""
    for token in tokens(text):
        said += token.text
        if token.kind == "stop":
            year, speaks = "", False
        elif token.kind == "attribute":
            speaks = token.value == "revenue_wan"
        elif name := next((name for name in ("去年", "前年") if said.endswith(name)), ""):
            year = name
        elif token.kind == "quantity" and speaks and year and token.value.unit in {"money", "scaled"}:
            if year in found or _ROUGH.search(token.text):
                return {}
            found[year], year = token.value.value, ""
    return found


def read_other_figures(text: str) -> dict[str, float]:
    """Figures that notices ask for and a profile has no field for: attribute of words.yaml → value in its unit."""
    found: dict[str, float] = {}
    for clause in _listed(text):
        if _asks(clause) or _limits(clause):
            continue
        names = [t.value for t in clause if t.kind == "attribute"]
        amounts = [t.value for t in clause if t.kind == "quantity"]
        if not names and (age := _age(clause)) is not None:
            found["age_years"] = age
        if len(amounts) != 1 or not names or any(t.kind in {"before", "after", "to", "shifts"} for t in clause):
            continue
        shared = len(names) == 2 and any(t.kind == "share_of" for t in clause)
        if amounts[0].unit == "usd" and names == ["export_wan"]:
            names = ["export_usd_wan"]
        name = f"{names[0]}/{names[1]}" if shared else names[0] if len(names) == 1 else ""
        if name and name not in FIELDS and fits(name, amounts[0].unit):
            found[name] = amounts[0].value
    return found | read_growth(text)


def _listed(text: str) -> Iterator[list[Token]]:
    """The parts of a message; 软件15万、设备100万 are two where each has a name and a figure of its own."""
    for clause in _clauses(text):
        parts: list[list[Token]] = [[]]
        for token in clause:
            if token.kind == "listing":
                parts.append([])
            else:
                parts[-1].append(token)
        named = [any(t.kind in {"attribute", "other", "trade"} for t in part) for part in parts]
        own = all(named) and all(any(t.kind == "quantity" for t in part) for part in parts)
        yield from parts if own else [clause]


def _age(clause: list[Token]) -> float | None:
    """The whole years since a firm was founded, told in years: 成立5年."""
    at = next((n for n, token in enumerate(clause) if token.kind == "registered"), len(clause))
    row = [t for t in clause[at + 1 :] if t.kind != "glue" and t.text not in {"了", "有"}]
    if not row or row[0].kind != "quantity" or row[0].value.unit != "years" or "月" in row[0].text:
        return None
    rough = any(t.kind in {"before", "after", "to"} or _ROUGH.search(t.text) for t in clause)
    return None if rough or row[0].value.value % 1 else row[0].value.value


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
        "usd": f"{value:g}万美元",
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
