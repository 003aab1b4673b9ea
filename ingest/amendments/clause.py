"""Where in a document something stands: 第五条第（二）项 as a path of steps, and the marks that open lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from core.numbers import read_number

_N = r"[一二三四五六七八九十百零〇两\d]{1,4}"
_CN = r"[一二三四五六七八九十]{1,3}"
_DECIMAL = r"\d{1,2}(?:\.\d{1,2}){1,3}"
_STEP = (
    rf"(?:附[件表录]\s*{_N}?|第\s*[（(]?\s*{_N}\s*[)）]?\s*(?:大?点|大?部分|自然段|[章编篇节条款项目段])(?:之{_N})?|第\s*[（(]\s*{_N}\s*[)）](?=\s*[、和及])"
    rf"|第\s*{_DECIMAL}\s*[条款项节点]?|{_DECIMAL}\s*[条款节])"
)
_SUB = rf"[（(]\s*{_N}\s*[)）]\s*[项点目]?"
PATH = rf"{_STEP}(?:(?:中的|的|中|\s)?(?:{_STEP}|{_SUB}))*"
"""A clause as a sentence names it."""
PATHS = rf"{PATH}(?:\s*(?:、|，|和|及|以及|至|到)\s*(?:{PATH}|{_SUB}))*"
_ONE = re.compile(rf"({_STEP})|({_SUB})")
_UNITS = {
    "件": ("附件", 0.0), "表": ("附件", 0.0), "录": ("附件", 0.0), "章": ("章", 1.0), "编": ("章", 1.0), "篇": ("章", 1.0),
    "节": ("节", 1.5), "条": ("条", 2.0), "点": ("点", 3.0), "分": ("点", 3.0), "款": ("款", 3.5), "段": ("款", 3.5),
    "项": ("项", 4.0), "目": ("目", 5.0),
}  # fmt: skip
RANKS = dict(_UNITS.values()) | {"号": 5.2, "小": 6.0}
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("附件", re.compile(rf"附\s*[件录表]\s*({_N})?(?=[\s：:、.．]|$)")),
    ("章", re.compile(rf"第\s*({_N})\s*[章编篇](?!节)")),
    ("点", re.compile(rf"第\s*({_N})\s*部分")),
    ("节", re.compile(rf"第\s*({_N})\s*节")),
    ("条", re.compile(rf"第\s*({_N})\s*条(?:之({_N}))?(?!规定|所列|所述|第|中|的|之|至|、|和|及|或|，)")),
    ("点", re.compile(rf"({_CN})\s*[、.．](?=\s*\S)")),
    ("项", re.compile(rf"[（(]\s*({_CN})\s*[)）]")),
    ("号", re.compile(rf"({_DECIMAL})(?![\d.%％])\s*[、.．]?(?=\s*[\u4e00-\u9fffA-Za-z“《])")),
    ("目", re.compile(r"(\d{1,2})\s*[.．、](?![\d.])(?=\s*\S)")),
    ("小", re.compile(r"[（(]\s*(\d{1,2})\s*[)）]")),
)  # fmt: skip
_INLINE = re.compile(
    rf"(?<=[：:；;。])\s*(?=[（(]\s*{_CN}\s*[)）]|\d{{1,2}}\s*[.．、](?![\d.])|[（(]\d{{1,2}}[)）])|(?<=。)\s*(?=第\s*{_N}\s*条[\s　])"
)
"""Where within a paragraph an item begins."""


@dataclass(frozen=True)
class Step:
    """One step of a path. unit: 附件 章 节 条 点 款 项 目 号 小; number: in Western digits, 3之1 for 第三条之一, empty for 附件 alone."""

    unit: str
    number: str

    @property
    def rank(self) -> float:
        return RANKS[self.unit]


def steps(path: str) -> tuple[Step, ...]:
    """A path as it is written, as steps; empty where it is none."""
    found = []
    for step in _ONE.finditer(path):
        words = re.sub(r"\s+", "", step[0])
        if decimal := re.search(_DECIMAL, words):
            found.append(Step("号", decimal[0]))
        elif step[2]:
            unit = "点" if words[-1] == "点" else "目" if words[-1] == "目" else "项"
            found.append(Step(unit, _number(words.strip("（()）项点目"))))
        else:
            whole, _, more = words.partition("之")
            unit = "附件" if whole[0] == "附" else _UNITS.get(whole[-1], ("项", 0.0))[0]
            unit = "项" if unit == "款" and "（" in whole.replace("(", "（") else unit  # 第（三）款 is an item
            number = whole[2:] if whole[0] == "附" else re.sub(r"[第（()）大部分点自然段章编篇节条款项目]", "", whole)
            found.append(Step(unit, _number(number) + (f"之{_number(more)}" if more else "")))
    return tuple(found)


def each(paths: str) -> list[str]:
    """The paths of a list: 第三条、第五条第一款 or 第三条至第五条; one that only names an item goes on from the one before."""
    found: list[str] = []
    goes_to = False
    for words, join in re.findall(rf"((?:{PATH})|(?:{_SUB}))\s*(、|，|和|及|以及|至|到)?", paths):
        path = joined_to(found[-1], words) if found else words
        found += _between(found[-1], path) if goes_to else []
        found.append(path)
        goes_to = join in {"至", "到"}
    return found


def _between(first: str, last: str) -> list[str]:
    """The clauses between two of one kind: 第四条 between 第三条 and 第五条."""
    one, other = steps(first)[-1:], steps(last)[-1:]
    if not one or not other or one[0].unit != other[0].unit or not (one[0].number + other[0].number).isdecimal():
        return []
    return [f"第{n}{one[0].unit}" for n in range(int(one[0].number) + 1, min(int(other[0].number), 200))]


def joined_to(before: str, path: str) -> str:
    """A path that goes on from another: 第二款 after 第三条第一款 is 第三条第二款; a whole one stays, but for its annex."""
    own = steps(path)
    if not own or not before:
        return path
    dependent = own[0].rank > RANKS["点"]
    kept = ""
    for step in _ONE.finditer(before):
        of = steps(step[0])[0]
        if of.rank < own[0].rank and (dependent or of.unit == "附件"):
            kept += step[0]
    return kept + path


def mark(line: str) -> tuple[Step, int] | None:
    """The mark that a line begins with, and where it ends; None where it has none."""
    start = len(line) - len(line.lstrip("# \t　"))
    for unit, pattern in _MARKS:
        if found := pattern.match(line, start):
            number = found[1] or ""
            value = number if unit == "号" else _number(number)
            more = found[2] if unit == "条" else None
            return Step(unit, value + (f"之{_number(more)}" if more else "")), found.end()
    return None


def pieces(text: str) -> list[str]:
    """A text cut where its lines and the items within them begin; joined they are the text again."""
    cuts = sorted(
        {0, len(text), *(m.end() for m in re.finditer(r"\n", text)), *(m.end() for m in _INLINE.finditer(text))}
    )
    return [text[a:b] for a, b in pairwise(cuts)]


def _number(words: str) -> str:
    value = read_number(words) if words else None
    return str(int(value)) if value is not None else words
