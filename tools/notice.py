"""A notice at a glance, taken from its own words: dates, amounts, conditions, materials, steps, whom to ask.

Extractive: every point is a clause of a passage, with the passage that it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from core.cut import sentences, shorten, unmarked
from core.text import squeeze
from core.types import Passage
from corpus.row_names import SEPARATOR
from tools.conditions.parse import belongs_together, refuses, refuses_firms

Part = Literal["conditions", "amounts", "materials", "dates", "steps", "contact"]
POINT_CHARACTERS = 160
LABEL_CHARACTERS = 12
"""A longer beginning before a colon is no label of what follows."""
_ARTICLE = re.compile(r"^第[一二三四五六七八九十\d]{1,4}条\s*")
_ADDRESSED = re.compile(
    r"^(?:本[^，。；：]{1,6}?(?=面向|的?(?:支持|贴息|补|奖|资|扶|对象)))?的?"
    r"(?:[^，。；：\d]{0,4}(?:对象|主体)(?:为|是|包括)|面向)(?=[^。]*(?:企业|单位|公司|工厂|机构|合作社)$)"
)
"""The words before those whom a notice is for: 支持对象为…企业, 本办法面向…企业."""
BEGINNING = 12
"""By how many of its first characters a clause is found in its passage."""
MOST: dict[Part, int] = {"conditions": 40, "amounts": 6, "materials": 20, "dates": 4, "steps": 6, "contact": 3}
_HEADINGS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("contact", re.compile(r"联系|咨询|电话")),
    ("materials", re.compile(r"材料|资料清单|提交的?文件")),
    (
        "conditions",
        re.compile(
            r"条件|(?:支持|申报|适用|补助|奖励|资助|贴息|扶持)(?:对象|主体|范围)|对象\s*$|申报单位|申报要求|基本要求|准入"
        ),
    ),
    (
        "amounts",
        re.compile(r"(?:支持|补助|奖励|扶持|补贴|资助|奖补|贴息)(?:标准|方式|内容|政策|比例|额度)|资金(?:安排|标准)"),
    ),
    ("dates", re.compile(r"时间|期限|截止|有效期")),
    ("steps", re.compile(r"程序|流程|步骤|方式|办理|审核|申报途径|工作要求")),
)
_SAYS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("contact", re.compile(r"(?:联系人|咨询电话|联系电话|电话)\s*[:：]")),
    ("dates", re.compile(r"(?:截止|截至|之前|日前|前将|逾期|有效期|施行|实施).{0,40}|\d{4}年\d{1,2}月\d{1,2}日.{0,12}(?:前|止|起)")),
    ("amounts", re.compile(r"(?:补助|补贴|奖励|资助|贴息)[^。；]{0,6}(?:减半|减按|上浮|下浮)|(?:补助|补贴|奖励|资助|贴息|支持|给予|最高|不超过)[^。；]{0,40}?(?:\d|[一二三四五六七八九十百])[^。；]{0,6}?(?:元|%|个百分点)")),
    ("conditions", re.compile(r"本(?:办法|细则|政策|措施|指南)适用于|除外$|不予(?:支持|受理|补助)|(?:须|应当|应|需|必须)(?:具备|具有|符合|满足|为|是)|不得|具有独立法人|(?:不低于|不少于|达到|超过)\d|注册(?:登记)?[^。；]{0,20}企业")),
)  # fmt: skip
_UNIT_LINE = re.compile(r"[（(]?(?:金额)?单位[:：]\S{1,8}")
_REACHED = re.compile(r"\d{5}|联系|咨询|地址|邮箱|@|电话|[科处室]")
_DATED = re.compile(r"\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|[〇零一二三四五六七八九十]+月|起施行|有效期")


@dataclass(frozen=True)
class Point:
    """One thing that a notice says, in its own words, and where. whole: all of it, where the text is shortened."""

    part: Part
    text: str
    passage: Passage
    whole: str = ""


def points(passages: Sequence[Passage]) -> list[Point]:
    """What a document says of each part, in its order, each thing once."""
    found: dict[Part, list[Point]] = {part: [] for part in MOST}
    seen: set[str] = set()
    for section, run in groupby(passages, key=lambda passage: passage.section):
        if section == ("文件信息",):
            continue
        rows = list(run)
        for text, heading in _clauses(section, "\n".join(passage.text for passage in rows)):
            for part, own in _parts(heading, text):
                key = squeeze(own)
                if key not in seen and len(found[part]) < MOST[part]:
                    seen.add(key)
                    where = next((p for p in rows if key[:BEGINNING] in squeeze(p.text)), rows[0])
                    found[part].append(Point(part, shorten(own, POINT_CHARACTERS), where, own))
    return [point for rows in found.values() for point in rows]


def _parts(heading: str, text: str) -> Iterator[tuple[Part, str]]:
    """What a clause says with the part that it belongs to; what it says of whom it is for or refuses is a condition."""
    head, colon, listed = text.partition("：")
    part: Part | None = "conditions" if colon and listed and refuses(head) else _part(heading, text)
    first, *others = [_trimmed(one) for one in sentences(text)] or [text]
    if hit := _ADDRESSED.match(first):
        yield "conditions", first[hit.end() :]
        for one in others:
            yield from _parts(heading, one)
        return
    refused = [] if part == "conditions" else [one for one in (first, *others) if refuses_firms(one)]
    if part and refused != [first, *others]:
        yield part, text
    for one in refused:
        yield "conditions", one


def _part(heading: str, text: str) -> Part | None:
    """Which part a clause belongs to: that of its heading, else that of its own words."""
    if refuses(heading):
        return "conditions"
    for part, pattern in _HEADINGS:
        if pattern.search(heading):
            if part == "conditions" and (_UNIT_LINE.fullmatch(text) or SEPARATOR in text):
                break  # a table under such a heading says what it says by its own words
            if (part == "dates" and not _DATED.search(text)) or (part == "contact" and not _REACHED.search(text)):
                break
            return part
    return next((part for part, pattern in _SAYS if pattern.search(text)), None)


def _clauses(section: tuple[str, ...], whole: str) -> Iterator[tuple[str, str]]:
    """(clause, the headings above it): list items stay whole, running text is cut at sentences.

    Items of which one is enough, or which are refused, stay with the line that says so.
    """
    headings = [name for name in section if len(name) <= 30]
    heading = headings[0] if headings else ""
    titles = {squeeze(name) for name in section}
    opening, last = "", headings[-1] if headings else ""
    alternatives = belongs_together(last) and not refuses(last)
    group = _Group(f"{unmarked(last)}：", _style(last, unmarked(last))) if alternatives else _Group()
    for line in whole.split("\n"):
        text = line.strip()
        if not text or (squeeze(text) in titles and len(text) <= 30):
            continue
        body = _ARTICLE.sub("", unmarked(text))
        label, colon, rest = body.partition("：")
        if colon and rest and len(label) <= LABEL_CHARACTERS and dict(_HEADINGS)["conditions"].search(label):
            opening, body = label, rest
        if refused := _refused(last, body):
            yield from ((item, f"{heading} {last}") for item in refused)
            continue
        if group.takes(_style(text, body)):
            group.items.append(_trimmed(body))
            continue
        if group.items:
            yield group.text, f"{heading} {opening}"
        group = _Group()
        if text.endswith(("：", ":")) and len(text) <= 40:
            if belongs_together(body):
                group = _Group(_trimmed(body), _style(text, body))
            else:
                opening = text
            continue
        if body != text or "。" not in body[:-1]:
            yield _trimmed(body), f"{heading} {opening}"
            continue
        for sentence in sentences(body):
            yield _trimmed(sentence), f"{heading} {opening}"
    if group.items:
        yield group.text, f"{heading} {opening}"


def _refused(heading: str, body: str) -> list[str]:
    """The clauses of a line under a heading such as 不予支持, each with the words that refuse it; none under another."""
    if not refuses(heading):
        return []
    head = _trimmed(unmarked(heading)).rstrip("：:")
    if body.endswith(("：", ":")) or refuses(body):
        return [] if body.endswith(("：", ":")) else [_trimmed(body)]
    return [f"{head}：{_trimmed(piece)}" for piece in re.split(r"[；;。]", body) if _trimmed(piece)]


@dataclass
class _Group:
    """Items under a line such as 符合下列条件之一, which are one condition. own_style: the numbering of that line itself."""

    opening: str = ""
    own_style: str = ""
    style: str = ""
    items: list[str] = field(default_factory=list)

    def takes(self, style: str) -> bool:
        """Whether the next line is an item of the group: numbered as its first one, and not as its opening line."""
        if not self.opening or not style or style == self.own_style or (self.style and style != self.style):
            return False
        self.style = style
        return True

    @property
    def text(self) -> str:
        return f"{self.opening}{'；'.join(self.items)}"


def _style(text: str, body: str) -> str:
    """How a line is numbered, without its number: （一）, 1. and ① are three styles; empty where it is not."""
    if text == body:
        return ""
    return (
        "".join(
            "1" if c.isdecimal() else "①" if c.isdigit() else "一" if c in "一二三四五六七八九十" else c
            for c in text.removesuffix(body).strip()
        )
        .replace("11", "1")
        .replace("一一", "一")
    )


def _trimmed(text: str) -> str:
    return text.strip().rstrip("；;。，, ")
