"""What a segment of a clause is: a rule, a bonus, a cap of the whole, a least, a share of the base, or what may change an amount."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from core.cut import split_after
from tools.notice_amount.clauses import TOPIC_CHARACTERS, Clause
from tools.notice_amount.grammar import OF_RESULT, Line, limits_base, segment_rules
from tools.notice_amount.likeness import content, named
from tools.notice_amount.rules import Bonus, Cap, Effect, Floor, General, Rulebook, Share, Weight
from tools.notice_amount.segment import Mark, each_units, marks
from tools.notice_amount.tiers import tiers
from tools.notice_amount.vocabulary import any_of, group, has, refuses

_ASIDE = re.compile(r"(?<!第)[（(](?![^（()）]*[含均即])[^（()）]*[\d一二三四五六七八九十][^（()）]*[)）]")
"""Brackets with a figure that only explains the word before them: 标准展位（9平方米）."""
_SHARED = re.compile(
    r"^(?P<part>[^，。；\d]{2,30}?)(?:的?计入金额|的?计入部分|部分)?[，,]?(?:应|原则上|合计)?(?:不得?高于|不得?超过|不高于|不大于|最多按)(?P<whole>[^，。；\d]{2,30}?)(?:之和|总额|合计)?(?:的(?P<rate>\d+(?:\.\d+)?)%)?(?:，.*)?$"
)
_CAPPED_BY = re.compile(
    r"(?:[^，。]*(?:补助|补贴|奖励|贴息|资助|支持)[^，。]{0,8}?|且|同时|但)(?:不得?超过|不高于|不得高于)(?P<base>[^，。；\d]{2,24})$"
)
_SCOPES = re.compile(
    r"同一|累计|合计|总额|各类|各项|上述|每|单|当年|年度|年内|全年|一个|自然|内|所有|最高|可|享受|获得|的|为|本|其中|等|按|额|类|项|最终"
)


_HIGHEST = re.compile(
    r"^(?!.*(?:差额|补差|补足|扣除|扣减))(?=.*(?:多|两|各|几|先后|同时|不同))"
    r".*(?:就高|择高|取高|[按取][^，。]{0,6}最高[^，。]{0,4}(?:项|类|档|级|奖|补|享|执)|高的(?:执行|享受|奖|补|计)|最高一?[项级类])"
)
"""Of several awards only the highest is given."""


def read_segment(clause: Clause, whole: str, state: Line, book: Rulebook) -> Iterator[object]:
    segment = _ASIDE.sub("", whole)
    rows = marks(segment)
    roles = {mark.role for mark in rows}
    if _HIGHEST.search(segment) and not roles & {"rate", "fixed"}:
        yield _effect("highest", clause, segment)
        return
    if has(segment, "difference") and not roles & {"rate", "fixed"}:
        yield _effect("difference", clause, segment)
        return
    if not rows:
        yield from _wordy(clause, segment)
        return
    weights = list(_weights(clause, segment, rows))
    yield from weights
    rows = [mark for mark in rows if mark.role != "weight" and not (weights and limits_base(mark))]
    if weights and not {mark.role for mark in rows} & {"rate", "fixed"}:
        if left := [part for part in split_after(segment, "，,") if refuses(part)]:
            yield from (_effect("refusal", clause, part.strip("，, ；;")) for part in left)
        return
    yield from _floors(clause, segment, rows)
    if (
        _only_refuses(segment)
        and not roles & {"fixed", "cap", "floor", "floor_result", "raise", "lower", "extra", "of_standard"}
        and not clause.opening
    ):
        yield _effect("refusal", clause, segment)
        return
    yield from _bonuses(clause, segment, rows)
    bonus = roles & {"raise", "lower", "extra", "of_standard"}
    core = [mark for mark in rows if mark.role in {"rate", "fixed", "loose_rate", "rate_range"}]
    opened = clause.opening and has(clause.opening, "rewards")
    if opened and not core:
        core = [mark for mark in rows if mark.role == "loose_sum"]
        rows = [replace(mark, role="fixed") if mark.role == "loose_sum" else mark for mark in rows]
        core = [mark for mark in rows if mark.role == "fixed"]
    core = [mark for mark in core if mark.role != "loose_rate" or opened or has(segment, "rewards") or state.base]
    if core and not ({"of_standard"} & roles):
        yield from segment_rules(clause, segment, rows, core, state)
        yield from _tail(clause, segment, rows, core[0].at)
        return
    if shared := _share(clause, segment, rows):
        yield shared
        return
    caps = [mark for mark in rows if mark.role in {"cap", "cap_rate"}]
    if caps and not bonus:
        yield from _generals(clause, segment, caps, state)
        return
    refused = refuses(segment)
    if (
        roles & {"share_floor", "cap", "cap_rate", "loose_sum", "loose_rate", "raised_to", "rate_range", "bracket"}
        and has(segment, "rewards")
        and not bonus
        and not roles & {"floor", "floor_result"}
    ):
        yield _effect("figure", clause, segment)
    elif (
        not bonus
        and not roles & {"floor_result"}
        and ("budget" in roles or "raised_to" in roles or refused or has(segment, "changes"))
    ):
        yield _effect("refusal" if refused else "change", clause, segment)


def _only_refuses(segment: str) -> bool:
    """Whether a segment refuses and gives nothing beside it: 持股10%以上的股东不享受."""
    text = re.sub(r"不含(?:增值)?税|[（(]不含[)）]", "", segment)
    plain = re.sub(any_of("refuses"), "", text)
    return plain != text and not has(plain, "rewards")


def _weights(clause: Clause, segment: str, rows: Sequence[Mark]) -> Iterator[Weight]:
    """What counts with a share only, or up to a sum: 采集设备按80%计入; 推广费计入不超过10万元; 贴息的本金最高500万元."""
    for mark in rows:
        part = re.sub(r"(?:按照?|费率高于\S*)$", "", mark.before.strip("，, ")).removeprefix("其中")
        if mark.role == "weight" and mark.quantity.low == mark.quantity.high:
            after = segment[mark.at + len(mark.quantity.words) :]
            if "核定" in after[:3]:
                yield Weight(segment, mark.share, None, segment, clause.passage)
            elif named(part)[0] or content(part):
                yield Weight(part, mark.share, None, segment, clause.passage)
        elif mark.role == "cap" and re.search(
            r"计入[^，。]{0,4}(?:不超过|最高|不高于)|本金[^，。]{0,4}(?:最高|不超过|不高于)",
            mark.before + mark.quantity.words,
        ):
            yield Weight(re.split(r"计入|最高|不超过|不高于", part)[0], Decimal(1), mark.sum, segment, clause.passage)


def _tail(clause: Clause, segment: str, rows: Sequence[Mark], begin: int) -> Iterator[object]:
    """What the sentence of a rule says behind it: whom or what it refuses, what is taken off."""
    at = 0
    for piece in split_after(segment, "，,"):
        own = [mark for mark in rows if at <= mark.at < at + len(piece)]
        after, at = at > begin, at + len(piece)
        if not after or any(mark.role not in {"time", "count"} for mark in own):
            continue
        text = piece.strip("，, ")
        if has(text, "difference") or refuses(text) or has(text, "halves") or has(text, "always_noted"):
            yield _effect("difference" if has(text, "difference") else "refusal", clause, text)
        elif capped := _capped_by(clause, text):
            yield capped


def _capped_by(clause: Clause, text: str) -> General | None:
    """A cap without a figure: 补助资金不超过企业上年度纳税额."""
    found = _CAPPED_BY.match(text)
    if not found or not (named(found["base"])[1] or has(found["base"], "spending")):
        return None
    return General(Cap(text, rate=Decimal(1), base=found["base"]), text, clause.passage, clause.line, clause.heading)


def _effect(kind: str, clause: Clause, words: str) -> Effect:
    refused = clause.topic.rpartition("·")[2]
    topic = (
        f"{refused}："
        if kind == "refusal" and refuses(refused) and len(refused) < TOPIC_CHARACTERS and refused not in words
        else ""
    )
    return Effect(kind, topic + words, clause.passage, clause.line, clause.heading)


def _wordy(clause: Clause, segment: str) -> Iterator[object]:
    """A segment without figures: a share of the base, a bonus by half, a refusal, a change."""
    if shared := _share(clause, segment, []):
        yield shared
    elif capped := _capped_by(clause, segment):
        yield capped
    elif has(segment, "halves"):
        condition = segment[: min(segment.find(word) for word in group("halves") if word in segment)]
        yield Bonus("times", Decimal("0.5"), condition, segment, clause.passage, clause.line)
    elif refuses(segment) or (refuses(clause.topic) and len(clause.topic) < TOPIC_CHARACTERS):
        yield _effect("refusal", clause, segment)
    elif has(segment, "changes"):
        yield _effect("change", clause, segment)


def _share(clause: Clause, segment: str, rows: Sequence[Mark]) -> Share | None:
    if any(mark.role not in {"cap_rate", "share_floor", "other", "time"} for mark in rows):
        return None
    found = _SHARED.match(segment)
    if not found or any(word in found["part"] for word in OF_RESULT):
        return None
    part, whole = named(found["part"])[0], named(found["whole"])
    if not part or not (whole[0] or has(found["whole"], "spending")):
        return None
    rate = Decimal(found["rate"]) / 100 if found["rate"] else Decimal(1)
    return Share(found["part"], found["whole"], rate, clause.text, clause.passage)


def _floors(clause: Clause, segment: str, rows: Sequence[Mark]) -> Iterator[Floor]:
    core = any(mark.role in {"rate", "fixed"} for mark in rows)
    for mark in rows:
        q = mark.quantity
        if mark.role in {"floor", "floor_result"}:
            least = (
                mark.limits[0]
                if mark.limits[1] is None
                else mark.limits[1]
                if mark.limits[0] != mark.limits[1]
                else mark.limits[0]
            )
            yield Floor(
                mark.lead[-20:] + mark.before if not mark.before.strip() else mark.before,
                least or Decimal(0),
                "元",
                mark.opened and "不" not in q.words[:1],
                mark.role == "floor_result",
                segment,
                clause.passage,
            )
        elif (
            mark.role == "count"
            and q.unit != "级"
            and (q.high == float("inf") or re.search(r"(?:不低于|不少于|达到|至少)$", mark.before))
            and (core or has(mark.before, "floors"))
        ):
            yield Floor(mark.before, Decimal(str(q.low)), q.unit, False, False, segment, clause.passage)


def _bonuses(clause: Clause, segment: str, rows: Sequence[Mark]) -> Iterator[Bonus | Effect]:
    before = ""
    for mark in rows:
        text = segment[: mark.at]
        if mark.role in {"raise", "lower", "extra", "of_standard"}:
            condition = text[len(before) :]
            sign = -1 if mark.role == "lower" else 1
            if mark.role == "extra" and "每" in condition:
                yield _effect("figure", clause, segment)
            elif mark.role == "extra":
                yield Bonus("add", mark.sum, condition, segment, clause.passage, clause.line)
            elif mark.role == "of_standard":
                yield Bonus("times", mark.share, condition, segment, clause.passage, clause.line)
            elif mark.quantity.kind == "points":
                yield Bonus("points", sign * mark.share, condition, segment, clause.passage, clause.line)
            else:
                yield Bonus("times", 1 + sign * mark.share, condition, segment, clause.passage, clause.line)
        elif mark.role in {"rate", "fixed", "cap"}:
            before = text + mark.quantity.words


def _generals(clause: Clause, segment: str, caps: Sequence[Mark], state: Line) -> Iterator[object]:
    """Caps that stand apart: of the firm, of the year, of one part."""
    several = len(caps) > 1 and len({mark.before for mark in caps}) == len(caps)
    if has(segment, "over_years") and not has(segment, "year"):
        return
    for mark in caps:
        if limits_base(mark) and not several:
            yield _effect("figure", clause, segment)
            continue
        text = segment[max((c.at + len(c.quantity.words) for c in caps if c.at < mark.at), default=0) : mark.at]
        each = each_units(mark.before)
        condition = _condition(re.split(any_of("caps"), text)[0] if mark.role == "cap_rate" else text, each)
        year = has(mark.before + mark.lead[-12:], "year")
        base = re.split(any_of("caps", "floors"), mark.before)[-1].removesuffix("的")
        cap = Cap(
            segment if len(caps) == 1 else mark.piece.strip("，, "), mark.sum if mark.role == "cap" else None,
            mark.share if mark.role == "cap_rate" else None, base, each[0] if each else "", year, condition, tiers(text),
        )  # fmt: skip
        yield General(cap, segment, clause.passage, clause.line, clause.heading)


def _condition(text: str, each: Sequence[str] = ()) -> str:
    """The words of a cap that say whom or what alone it holds for; empty where it holds for all."""
    rest = re.sub(r"^(?:上述|以上|前款)[^，。]*，|^.*，但", "", text.strip("，, ；")).replace("同一", "")
    for unit in each:
        rest = rest.replace(f"每{unit}", "")
    for name in ("caps", "firm", "year", "rewards"):
        rest = re.sub(any_of(name), "", rest)
    rest = _SCOPES.sub("", rest)
    return text.strip("，, ；") if content(rest) or tiers(text) or any(c.isdigit() for c in rest) else ""
