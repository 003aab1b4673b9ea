"""Dates in official documents: when one was issued, from when to when it is in force, until when one may apply."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import DATE, SHORT, later, read_date, small_number

_SPAN = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_UNTIL = re.compile(
    rf"(?:有效期限?|有效期为|执行期限?|实施期限?|有效|执行|实施)\s*(?:截至|截止到?|至|到)\s*({DATE})"
    rf"|(?:有效期限?|执行期限?|失效日期|废止日期)\s*[:：|为]?\s*(?:截至|截止到?|至|到)?\s*({DATE})(?!\s*(?:起|[-—–至到]))"
    rf"|({DATE})\s*(?:起)?\s*(?:废止|失效|停止执行)"
    rf"|(?:执行|施行|实施|有效)[，,]?\s*至\s*({DATE})\s*(?:止|失效|废止|有效)?"
)
_PERIOD = re.compile(
    rf"(?:有效|执行|实施|适用|试行|政策)(?:期限?|时间|期为)?[^。；\d二一]{{0,8}}({DATE})\s*(?:起)?\s*(?:至|到|[-—–~～]+)\s*({DATE})"
)
_BETWEEN = re.compile(rf"自\s*({DATE})\s*起?\s*(?:至|到)\s*({DATE})\s*(?:止|期间|，对|，)")
_FOR = re.compile(rf"(?:有效期限?|试行期限?|执行期限?|有效)\s*(?:为|是|：|:)?\s*({_SPAN})\s*(个月|年)")
_FROM = re.compile(
    rf"自\s*({DATE})\s*起\s*(?:正式|开始)?\s*(?:施行|实施|执行|生效|试行)|(?:施行|生效|实施)日期\s*[:：|]?\s*({DATE})"
)
_AT_ONCE = re.compile(r"自(?:印发|发布|公布|下发|发文|颁布)之日起\s*(?:(\d{1,3})\s*日后)?")
_DEADLINE = (
    re.compile(
        rf"(?:截止|截至)(?:时间|日期|日)?\s*(?:为|是|到|至|[:：|])?\s*({SHORT})|(?:于|在|须|请)?({SHORT})\s*(?:\d{{1,2}}[:：时]\d{{0,2}}分?)?\s*(?:之前|以前|前|截止|止)"
    ),
    re.compile(
        rf"(?:申报|报名|受理|征集|申请)(?:时间|期限|日期)?[^。；\n]{{0,12}}?{SHORT}\s*(?:\d{{1,2}}[:：时]\d{{0,2}}分?)?\s*(?:起)?\s*(?:至|到|[-—–~～]+)\s*({SHORT})"
    ),
)
HEADING_CHARACTERS = 20
_APPLIES_HEADING = re.compile(r"申报|受理|申请|报名|时间安排")
_SINCE_NOTICE = re.compile(rf"自[^，。；]{{0,10}}之日起\s*(?:至|到)\s*({SHORT})\s*止?(?!.{{0,6}}(?:有效|施行|执行))")
_OFFICES_OWN = re.compile(
    r"补正|补齐|初审|复审|复核|核查|评审|审核|审定|汇总|公示|公布|拨付|兑现|成文|发布(?:日期|时间)|印发日期"
)
"""What an office does by a day, which is no day until which a firm may apply."""
_APPLIES = re.compile(r"申报|报名|报送|受理|征集|申请|提交|材料|截止|推荐")


@dataclass(frozen=True)
class Found:
    """A date with how sure it is (0-1) and the words that say so."""

    day: date
    confidence: float
    words: str


_OWN = re.compile(
    r"本[^，。；]{0,10}(?:办法|通知|细则|规定|意见|指南|政策|方案|文件|规程|措施|条例|公告|标准|规范)|起\s*(?:正式|开始)?(?:施行|实施|执行|试行|生效)"
    r"|(?:印发|发布|公布|下发)之日|^\W*(?:有效|执行|实施)(?:期限?|时间)|(?:失效|废止|有效期)(?:日期|限)?\s*[:：|]|执行至"
)
_OTHERS = re.compile(r"认定|称号|资质|证书|执照|合同|资格|报告的?有效|公示期|公告期")
"""A sentence about how long a title or a certificate is valid says nothing of the document."""


def _own_sentences(text: str) -> Iterator[str]:
    """The sentences that say how long the document itself is in force."""
    for sentence in re.split(r"[。；\n]", text):
        if _OWN.search(sentence) and not _OTHERS.search(sentence):
            yield sentence


def valid_from(text: str, published: date | None) -> Found | None:
    """From when a document is in force, by its own words."""
    for sentence in _own_sentences(text):
        for pattern, confidence in ((_PERIOD, 0.9), (_FROM, 0.95)):
            found = pattern.search(sentence)
            if found and (day := read_date(next(group for group in found.groups() if group))):
                return Found(day, confidence, found[0])
        if published and (found := _AT_ONCE.search(sentence)):
            return Found(published + timedelta(days=int(found[1] or 0)), 0.9, found[0])
    if (found := _BETWEEN.search(text)) and (day := read_date(found[1])):
        return Found(day, 0.7, found[0])
    return None


def valid_until(text: str, begins: date | None) -> Found | None:
    """Until when a document is in force: a date, or a term that is counted from when it begins.

    A term of two years from 2026-07-01 ends on 2028-06-30.
    """
    own = list(_own_sentences(text))
    for sentence in own:
        if (found := _PERIOD.search(sentence)) and (day := read_date(found[2])):
            return Found(day, 0.9, found[0])
        for found in _UNTIL.finditer(sentence):
            if day := read_date(next(group for group in found.groups() if group)):
                return Found(day, 0.95, found[0])
    for sentence in own:
        if begins and (found := _FOR.search(sentence)) and (count := small_number(found[1])):
            months = count * (12 if found[2] == "年" else 1)
            return Found(later(begins, months) - timedelta(days=1), 0.85, found[0])
    if (found := _BETWEEN.search(text)) and (day := read_date(found[2])):
        return Found(day, 0.7, found[0])
    return None


def _clause_at(sentence: str, at: int) -> str:
    """What stands between commas around a place of a sentence."""
    start = max(sentence.rfind(mark, 0, at) for mark in "，,；; 　") + 1
    ends = [end for mark in "，,；; 　" if (end := sentence.find(mark, at)) >= 0]
    return sentence[start : min(ends, default=len(sentence))]


def deadline(text: str, published: date | None) -> Found | None:
    """Until when one may apply: the latest date that a sentence about applying sets."""
    best: Found | None = None
    heading = ""
    for sentence in re.split(r"[。；\n]", text):
        if len(sentence) <= HEADING_CHARACTERS and not re.search(r"\d", sentence):
            heading = sentence or heading
        set_by_heading = _APPLIES_HEADING.search(heading) and _SINCE_NOTICE.search(sentence)
        if not _APPLIES.search(sentence) and not set_by_heading:
            continue
        for pattern in (*_DEADLINE, *((_SINCE_NOTICE,) if set_by_heading else ())):
            for found in pattern.finditer(sentence):
                if _OFFICES_OWN.search(_clause_at(sentence, found.start(found.lastindex or 0))):
                    continue
                words = next(group for group in found.groups() if group)
                day = read_date(words, published)
                if day and (published is None or day >= published) and (best is None or day > best.day):
                    best = Found(day, 0.8 if re.search(DATE, words) else 0.7, sentence.strip()[:80])
    return best
