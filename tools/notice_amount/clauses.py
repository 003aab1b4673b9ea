"""The sentences of a notice that may bear on an amount, each with the topic that it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.cut import split_after, unmarked
from core.text import normalise, squeeze
from core.types import Passage
from corpus.row_names import SEPARATOR

_ARTICLE = re.compile(r"^第[一二三四五六七八九十百\d]{1,4}条\s*")
_AMENDED = re.compile(r"^.*[“\"][^”\"]*[”\"](?:修改|调整|变更|改)为[：:]?[“\"]?(?=.*\d)")
"""What a clause that amends another one says of the old wording."""
_TITLE = re.compile(r"(?:通知|公告|办法|细则|意见|措施|指南|方案|通告|函)$")
_ELSEWHERE = re.compile(
    r"材料|时间|程序|流程|步骤|联系|咨询|电话|填写|填报|装订|监督|解释|封面|基本情况|工作要求|日程|安排$"
)
_OF_AMOUNTS = re.compile(r"标准|补助|补贴|奖励|贴息|支持|资助|额度|比例|范围|条件|方式")
_LABEL = re.compile(r"^[^，。；：\d%]{2,16}$")
TOPIC_CHARACTERS = 24


@dataclass(frozen=True)
class Clause:
    """A sentence. topic: the headings and labels that it stands under; opening: the line before it that ends in a colon.

    line: number of its line; elsewhere: under a heading of materials, dates, steps, contact.
    """

    text: str
    topic: str
    opening: str
    line: int
    heading: str
    elsewhere: bool
    passage: Passage

    @property
    def segments(self) -> list[str]:
        return [part.strip() for part in split_after(self.text, "；;") if part.strip("；; ")]


def clauses(passages: Sequence[Passage]) -> list[Clause]:
    """The sentences of a notice in order, each once; rows of tables are left out."""
    found: list[Clause] = []
    seen: set[str] = set()
    opening, opened, line = "", "", 0
    for passage in passages:
        headings = [unmarked(name) for name in passage.section if not _TITLE.search(name)]
        own = {squeeze(name) for name in passage.section}
        heading = "·".join(headings)
        elsewhere = _is_elsewhere(headings)
        for raw in normalise(passage.text).split("\n"):
            if not raw.strip() or SEPARATOR in raw or raw.startswith("单位："):
                continue
            line += 1
            body = _ARTICLE.sub("", unmarked(raw.strip()))
            if opened != heading or (unmarked(raw.strip()) == raw.strip() and not raw.startswith(tuple("(（"))):
                opening = ""
            if body.endswith(("：", ":")):
                opening, opened = body, heading
                continue
            if squeeze(raw) in own and len(body) <= TOPIC_CHARACTERS and not any(c.isdigit() or c == "%" for c in body):
                continue
            body = _AMENDED.sub("", body)
            for label, sentence in _sentences(body):
                key = squeeze(sentence)
                if key in seen:
                    continue
                seen.add(key)
                topic = "·".join(filter(None, (headings[-1] if headings else "", label)))
                found.append(Clause(sentence, topic, opening, line, heading, elsewhere, passage))
    return found


def _is_elsewhere(headings: Sequence[str]) -> bool:
    if any(re.match(r"附\s*件", name) for name in headings) and not any(
        _OF_AMOUNTS.search(name) for name in headings[1:]
    ):
        return True
    for name in reversed(headings):
        if _OF_AMOUNTS.search(name) and not re.search(r"材料|流程|程序|电话|填写", name):
            return False
        if _ELSEWHERE.search(name):
            return True
    return False


def _sentences(body: str) -> Iterator[tuple[str, str]]:
    """(label, sentence): the label is the short sentence, or the words before the colon, that the line begins with."""
    label = ""
    for n, part in enumerate(split_after(body.strip('“”"'), "。！", enclosed=False)):
        text = unmarked(part.strip('。！ “”"'))
        if not text:
            continue
        if n == 0 and _LABEL.match(text):
            label = text
            continue
        head, colon, rest = text.replace(":", "：").partition("：")
        if colon and rest and len(head) <= TOPIC_CHARACTERS and not any(c.isdigit() for c in head):
            text = rest.strip('“”"') or text
            if n == 0:
                label = head
            else:
                yield "·".join(filter(None, (label, head))), text
                continue
        yield label, text
    if label and body.strip('。！ “”"') == label:
        yield "", label
