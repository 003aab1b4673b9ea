"""What a figure of a sentence is, told by the words right beside it: a share, a sum, a cap, a band, what it is for each of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tools.notice_amount.model import Band, Figure, Limit
from tools.notice_amount.patterns import GIVES, MONEY

_CAP_BEFORE = re.compile(
    r"(?:最高|最多|不超过|不得超过|上限|封顶|限额?|至多|不高于|以内|为限|最多算|最多计)(?:为|是|补|奖|给|按|到|贴|奖励|补助|补贴|支持|发|给予|算|计|仍|均|都)*$"
)
_CAP_AFTER = re.compile(r"^[（(]?含?[)）]?(?:封顶|为限|为上限|以内|之内|为最高|打住|到顶)")
_CAP_WORDS = re.compile(r"^(?:不得超过|不超过|最高|最多|至多|不高于)|(?:以内|封顶|为限)$")
_BELOW = re.compile(r"不足|低于|不满|未达|未达到|小于|少于|不到|没到|以下")
_OPEN = re.compile(r"超过|高于|大于|多于|突破|不足|低于|不满|小于|少于|不到|不含")
_TO = re.compile(r"^(?:[（(]不?含[)）])?[至到~—–-]+$")
_RAISE = re.compile(r"(?:上浮|提高|上调|增加|再加|另加|加成|多补|多奖|加|高)$")
_LOWER = re.compile(r"(?:下浮|下调|降低|减少|扣减|核减)$")
_STANDARD = re.compile(
    r"(?:标准|上述|以上|上表|前[款项条]|应补|应得|额度|数额|封顶后|各项|奖励|补助|补贴|金额)[^，。；]{0,12}(?:的|按|为)?$"
)
_UNIT = re.compile(
    r"每(?:新|增|建|购|家)*(?:一|1)?([^，。；：\d每]{1,12}?)(?:每年|每月|一年)?(?:再|另|可|给予|定额|一次性|奖励?|补助?|补贴|贴息?|发放?|给|支持|资助|按|最高|不超过|最多|限|的|标准|为|企业|单位)*$"
)
_FIRM = re.compile(r"^(?:年|年度|户|企业|家企业|户企业|个企业|单位|家|家单位|个单位|企|次|季度|季|批|主体)$")
_PER_BEFORE = re.compile(
    r"每(?:新|再)?(?:招|满|增加?|新增|超过|吸纳|引进|培训|培养|节约?|减|存|产|销|收|发|上|购|买|建|装|用|出口|录用|聘)?$"
)


def _beside(text: str, rows: Sequence[Figure], n: int) -> tuple[str, str]:
    begin = rows[n - 1].end if n else 0
    end = rows[n + 1].start if n + 1 < len(rows) else len(text)
    return text[begin : rows[n].start], text[rows[n].end : end]


def role_of(text: str, rows: Sequence[Figure], n: int) -> str:
    """What a figure is: share, sum, cap, band, raise, times, per, or aside."""
    one = rows[n]
    before, after = _beside(text, rows, n)
    near = re.split(r"[，,。；：]", before)[-1]
    listed = text.find("分别")
    if one.measure == "money" and 0 <= one.start < listed:
        return "band"
    if one.measure == "share" and re.search(r"(?:不超过|不高于|不得超过|最高为?)[^，；。\d]{0,20}$", near):
        return "cap"
    if _PER_BEFORE.search(before) and one.measure in {"count", "money", "foreign"}:
        return "per"
    longest = re.compile(r"^(?:最长|最多|不超过|至多)|(?:最长|最多|不超过|至多)(?:补|给|享受)?$")
    if one.measure == "months" and (longest.search(before) or longest.match(one.words)):
        return "cap"
    if _CAP_AFTER.match(after) or (_CAP_BEFORE.search(before) and one.measure in {"money", "share", "count"}):
        return "cap"
    if _CAP_WORDS.search(one.words) and (one.measure == "money" or "部分" not in after[:4]):
        return (
            "band"
            if after.startswith(("的", "部分", "之间")) and GIVES.search(after) and one.measure != "count"
            else "cap"
        )
    if one.low != one.high:
        return "band"
    if _TO.match(after) or (n and _TO.match(before)):
        return "band"
    if re.match(r"^(?:[（(]不?含[)）])?(?:以上|以下|及以上|起步|起的)", after) or re.search(
        r"(?:不足|低于|高于|超过|不满|突破|达到|达|不低于|不少于|至少|起点|门槛|增长|增速|增幅|满)(?:了|为)?$", before
    ):
        return "band"
    if one.measure == "share":
        if after.startswith(("计入", "核定", "折算", "纳入")):
            return "weight"
        if (one.points and _RAISE.search(near)) or _RAISE.search(near.rstrip("了至到")):
            return "raise"
        if _LOWER.search(near):
            return "lower"
        if (
            _STANDARD.search(near)
            and re.match(r"^(?:奖|补|发|执行|计|享受|给|拨|贴|兑|支付|算|$)", after)
            and not re.search(r"投入|费|款|价|息|额的$|金额", near)
        ):
            return "times"
        return "share"
    if one.measure == "money" and re.search(r"(?:注册资本|投资总额|资金规模|预算|总盘子)[^，]{0,4}$", before):
        return "aside"
    if one.measure == "money":
        return "sum"
    return "aside"


def band_of(text: str, rows: Sequence[Figure], n: int) -> Band:
    one = rows[n]
    before, after = _beside(text, rows, n)
    noun = re.split(r"[，,。；：]", before)[-1]
    within = "部分" in after[:5]
    if n + 1 < len(rows) and _TO.match(after) and rows[n + 1].measure == one.measure:
        end = rows[n + 1]
        beyond = text[end.end : end.end + 4]
        return Band(
            one.measure,
            one.unit,
            one.value,
            end.value,
            "不含" in after,
            not beyond.startswith(("（含", "(含")),
            text[one.start : end.end],
            noun,
            "部分" in text[end.end : end.end + 5],
        )
    words = before[-5:] + one.words + after[:6]
    bounded = one.low is not None and one.high is not None and one.low != one.high
    if bounded and not (_CAP_WORDS.search(one.words) or _BELOW.search(one.words)):
        return Band(one.measure, one.unit, one.low, one.high, False, "含" not in after[:3], one.words, noun, within)
    least = re.search(r"不(?:低|少|小)于", words) or (one.low is not None and one.high is None)
    if not least and (_BELOW.search(words) or one.low is None or _CAP_WORDS.search(one.words)):
        opened = bool(_OPEN.search(words)) and "不超过" not in words and "不高于" not in words
        return Band(
            one.measure,
            one.unit,
            None,
            one.value,
            False,
            opened or ("以下" in words and "含" not in words),
            one.words,
            noun,
            within,
        )
    opened = bool(_OPEN.search(words)) and "不低于" not in words and "不少于" not in words
    return Band(one.measure, one.unit, one.value, None, opened, False, one.words, noun, within)


def unit_in(before: str, words: str) -> str:
    """For each of what a sum is: 个标准展位 in 每个标准展位; empty where for the whole."""
    if found := re.search(r"/(?:每)?([\u4e00-\u9fff]{1,6})$", words):
        return found[1]
    piece = re.sub(r"(?<=[\u4e00-\u9fff])每个?[月年]", "", re.split(r"[，；。：]", before)[-1] or before)
    every = list(_UNIT.finditer(piece))
    found = every[-1] if every else None
    if not found or _FIRM.match(found[1]):
        return ""
    return found[1]


def bands_between(text: str, rows: Sequence[Figure], roles: Sequence[str], first: int, last: int) -> list[Band]:
    """The bands told between two figures; the second end of one is no band of its own."""
    return [
        band_of(text, rows, k)
        for k in range(first, last)
        if roles[k] == "band"
        and not (k and roles[k - 1] == "band" and _TO.match(text[rows[k - 1].end : rows[k].start]))
    ]


def named_unit(text: str, one: Figure) -> str:
    """A unit with the noun behind it: 个毕业生 of 每招1个毕业生."""
    noun = re.match(r"[\u4e00-\u9fff]{0,4}", text[one.end :])
    return one.unit + (noun[0] if noun and one.unit != "人" else "")


def told_apart(
    text: str, rows: Sequence[Figure], roles: Sequence[str], gives: Sequence[int]
) -> list[tuple[str, list[Band]]]:
    """Heads and bands of sums that are told one after another for tiers told before: 三级、四级、五级的，分别奖励…."""
    at = text.find("分别")
    first = rows[gives[0]]
    if (
        at < 0
        or len(gives) < 2
        or at > first.start
        or any("，" in text[rows[a].end : rows[b].start] for a, b in pairwise(gives))
    ):
        return []
    lead = text[:at]
    bands = [
        k
        for k in range(gives[0])
        if roles[k] in {"band", "sum", "aside"} and rows[k].measure in {"money", "count", "share"}
    ]
    if len(bands) == len(gives):
        out = []
        for k in bands:
            band = band_of(text, rows, k)
            out.append(
                (
                    lead[: rows[bands[0]].start] + rows[k].words,
                    [replace(band, low=rows[k].value, high=None, noun=lead[: rows[bands[0]].start])],
                )
            )
        return out
    names = re.split(r"[、和及]", re.split(r"[，：]", lead.rstrip("，的"))[-1])
    if len(names) < len(gives):
        return []
    common = names[0]
    heads = [name if n == 0 else common[: -len(name)] + name for n, name in enumerate(names[-len(gives) :])]
    return [(head, []) for head in heads]


def limit_in(text: str, rows: Sequence[Figure], k: int) -> Limit:
    one = rows[k]
    before = text[rows[k - 1].end if k else 0 : one.start]
    piece = re.split(r"[，；。]", before)[-1]
    found = re.search(
        r"[每单](?:一)?(个?[^，。；每\d]{1,8}?)(?:奖|补|贴|给|合计|累计|最高|最多|不超过|不得|限|封顶|上限)",
        piece + "最高",
    )
    each = found[1] if found and not _FIRM.match(found[1]) else ""
    words = (piece + one.words).strip("，、 ")
    if one.measure == "money":
        of_base = bool(re.search(r"(?:贷款额|本金|基数|计入|合同额|投资额|贷款|保额|价款)[^，。；补奖贴]{0,6}$", piece))
        return Limit(words, amount=one.value, each=each, of_base=of_base)
    if one.measure == "months":
        return Limit(words, number=one.value, each="月")
    if one.measure == "share":
        return Limit(words, share=one.value, each=each)
    after = text[one.end : one.end + 6]
    return Limit(words, number=one.value, each=one.unit + re.match(r"[\u4e00-\u9fff]{0,4}", after)[0])  # type: ignore[index]


def base_in(head: str) -> str:
    """What a share is of: 投入 in 按投入的15%; where its own piece names no money, as the sentence says it before."""
    piece = re.split(r"[，,：]", head.rstrip("的 "))[-1]
    found = re.search(r"(?:按照?|以|对|依)([^按以]{2,24})$", piece)
    own = (found[1] if found else piece).strip("的、 ")
    if not MONEY.search(own) and (
        told := re.search(r"(?:按照?|以)([^，。；]{2,24}?)(?:计?算|为基数|为基础|计|为准)", head)
    ):
        return told[1]
    return own
