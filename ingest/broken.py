"""Lines that break a figure: 奖励⏎30⏎万元, 不低于⏎-5.5%. Which line is the rest of the one before."""

from __future__ import annotations

import re

from core.cut import unmarked

SHORT_HEADING = 6
"""A numbered line of no more characters is a heading, whatever it ends in."""
_UNIT = r"(?:[万亿]?元(?![器件素宵旦])|[%％]|个百分点)"
_OPEN = re.compile(
    r"(?:不[低少高多大小]于|不超过|不足|超过|达到?|[高低少多大小]于|至少|最[高低多少]|至多|同比|环比|增长|下降|减少|增加"
    r"|奖励|补助|补贴|贴息|给予|拨付|合计|[为按的])$"
)
_FIGURE = re.compile(rf"[-−－]?\d[\d,]*(?:\.\d+)?\s*(?:{_UNIT}|[万亿人家级倍]|$)")
_NEGATIVE = re.compile(r"[-−－]\d[\d.]*\s*[%％]")
_ALONE = re.compile(r"[-–—·\s]*\d{1,3}[-–—·\s]*")


def breaks_figure(last: str, line: str) -> bool:
    """Whether a line is the rest of a figure that the line before begins, or the figure that its last words limit."""
    if re.search(r"\d$", last):
        return bool(re.match(_UNIT, line)) and not re.fullmatch(r"[\d\s./-]+", last)
    words = unmarked(last)
    if words != last and len(words) <= SHORT_HEADING:
        return False
    if _NEGATIVE.match(line):
        return bool(re.search(r"[\u4e00-\u9fff]$", last))
    return bool(_OPEN.search(last) and _FIGURE.match(line))


def is_figure_alone(last: str, line: str, following: str) -> bool:
    """Whether a line of nothing but a number is a figure, not a page's number: its unit begins the next line."""
    own = _ALONE.fullmatch(line) and re.match(_UNIT, following)
    return bool(own) and not re.search(r"[\d。；;：:]$", last)
