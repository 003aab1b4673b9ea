"""One support programme against one applicant on one day: which conditions are met, and whether it is still open."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from corpus.regions import MUNICIPALITIES
from corpus.rows import Condition, PilotCity, Programme
from tools.amounts import wan_text
from tools.applicant import Applicant
from tools.arguments import LEVEL_NAMES
from tools.region import Place, bare_name, batch_name, pilot_city

State = Literal["met", "not_met", "unknown"]
Validity = Literal["open", "open_no_end", "not_started", "expired", "closed", "unknown"]
STATUS_CHECKED = date(2026, 11, 20)
"""The day for which `status` in programmes.yaml was judged, as its head says."""
FRESH_DAYS = 60
"""For how long after that day a programme without an end date still counts as open."""
PILOT = "pilot-city"
"""The programme that cities run in batches."""
PILOT_ENDS = {1: date(2025, 12, 31), 2: date(2026, 12, 31), 3: date(2027, 12, 31)}
"""About when each batch ends, as the row's validity_note says."""
_INDUSTRY_WORDS = {
    "汽车零部件": (("汽配", "汽车零", "汽车部件", "车灯", "汽车电子"), ("汽车", "车", "零部件", "零件")),
    "生物医药": (("医药", "制药", "药厂", "生物药", "疫苗", "药品"), ("药", "医", "生物")),
    "通信设备": (("通信", "通讯", "基站", "光模块"), ("电子", "网络", "电路", "天线")),
}
"""Everyday words that mean an industry named in a condition, and words that leave it open."""


@dataclass(frozen=True)
class Check:
    """One condition (its clause is `text`), whether it is met, on what grounds, and the argument that would decide."""

    id: str
    text: str
    state: State
    given: str = ""
    ask: str = ""


@dataclass(frozen=True)
class Standing:
    """Whether a programme is open on a day; days_left counts to the last day, 0 on that day."""

    state: Validity
    text: str
    days_left: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state in {"open", "open_no_end"}

    @property
    def is_over(self) -> bool:
        return self.state in {"expired", "closed"}


def standing_on(row: Programme, day: date) -> Standing:
    """Judge a programme's dates anew for a day; the last day itself still counts as open."""
    if row.status in {"closed", "superseded"}:
        return Standing("closed", "申报已结束" if row.status == "closed" else "已被新办法替代")
    if (begins := row.valid_from or row.published or "") and day.isoformat()[: len(begins)] < begins:
        return Standing("not_started", f"到{day.isoformat()}还没开始（{begins}起）")
    if row.valid_until:
        left = (date.fromisoformat(row.valid_until) - day).days
        guessed = "（推断）" if re.search("推断|推算", row.validity_note or "") else ""
        if left < 0:
            return Standing("expired", f"{row.valid_until}已到期{guessed}")
        if row.status != "unknown":
            return Standing("open", _days_left(left, row.valid_until, guessed), left)
    if row.status == "expired":
        return Standing("expired", "已到期")
    if row.status == "unknown" or day > STATUS_CHECKED + timedelta(days=FRESH_DAYS):
        return Standing("unknown", "现在还有没有效没查到")
    return Standing("open_no_end", "有效，截止日没查到")


def _days_left(left: int, until: str, guessed: str) -> str:
    if left == 0:
        return f"今天是最后一天{guessed}"
    return f"有效，还有{left}天，到{until}{guessed}" if left <= 365 else f"有效，到{until}{guessed}"


def standing_for(row: Programme, firm: Applicant) -> Standing:
    """Judge a programme for the applicant's day and, where cities run it in batches, for the batch of the city."""
    standing = standing_on(row, firm.day)
    city = pilot_city(firm.place) if row.id == PILOT and firm.place else None
    if city and city.batch and standing.is_open and firm.day > PILOT_ENDS[city.batch]:
        return Standing("unknown", f"{batch_name(city)}试点期约到{PILOT_ENDS[city.batch]:%Y年%m月}，之后有没有要问当地")
    return standing


def is_local(row: Programme, place: Place | None) -> bool | None:
    """Whether a programme's region covers the place; None where the place is not known well enough."""
    if row.region.province is None and row.region.city is None:
        return True
    if place is None:
        return None
    if row.region.city is None:
        return None if place.province is None and not place.district else place.province == row.region.province
    wanted = bare_name(row.region.city)
    if wanted in {place.city, place.district}:
        return True
    if place.province != row.region.province:
        return False if place.province or place.district else None
    return None if not place.district and place.city in {None, row.region.province} else False


def district_of(row: Programme) -> str | None:
    """The district that gives a programme of a city's district, from its giver: 宁波市海曙区 → 海曙."""
    city = row.region.city or ""
    found = re.match(rf"(?:{city}市?)(海曙|鄞州|北仑)", row.giver) if city else None
    return found[1] if found else None


def check_all(row: Programme, firm: Applicant) -> tuple[Check, ...]:
    """Every condition of a programme against the applicant, with the district or pilot city that it implies."""
    checks = [check(condition, firm) for condition in row.conditions]
    if row.id == PILOT:
        seen = pilot_city(firm.place) if firm.place else None
        words = f"{firm.place.label}{_batch(seen)}" if firm.place and seen else ""
        checks.insert(
            0,
            Check(
                "pilot-city", "所在城市是试点城市", "met" if seen else "unknown", words, "" if firm.place else "地区"
            ),
        )
    if district := district_of(row):
        given = firm.place.district if firm.place else None
        state: State = "unknown" if given is None else "met" if given == district else "not_met"
        checks.append(Check("district", f"企业在{district}区", state, given or "", "地区"))
    return tuple(checks)


def _batch(city: PilotCity) -> str:
    return f"是{batch_name(city)}" if city.batch else "在见到的名单里，批次没弄清"


def verdict(checks: tuple[Check, ...]) -> Literal["likely", "maybe", "no"]:
    """no: a condition is not met; likely: all are met as far as was told; maybe: some are not known."""
    states = {check.state for check in checks}
    return "no" if "not_met" in states else "maybe" if "unknown" in states else "likely"


def check(condition: Condition, firm: Applicant) -> Check:
    """One condition against the applicant."""
    judge = _JUDGES.get(condition.field or condition.id)
    state, given, ask = judge(condition, firm) if judge else ("unknown", "", "")
    return Check(condition.id, condition.text, state, given, ask if state == "unknown" else "")


_Judged = tuple[State, str, str]
_Judge = Callable[[Condition, Applicant], _Judged]


def _city(condition: Condition, firm: Applicant) -> _Judged:
    place, wanted = firm.place, {bare_name(value) for value in _values(condition)}
    if place is None or (place.city is None and place.district is None):
        return "unknown", place.text if place else "", "地区"
    if wanted & {place.city, place.district}:
        return "met", place.label, ""
    vague = place.city in MUNICIPALITIES and place.district is None
    return ("unknown", place.label, "地区") if vague else ("not_met", place.label, "")


def _province(condition: Condition, firm: Applicant) -> _Judged:
    province = firm.place.province if firm.place else None
    return ("unknown", "", "地区") if province is None else (_yes(province == condition.value), province, "")


def _size(condition: Condition, firm: Applicant) -> _Judged:
    wanted = {*condition.value} if isinstance(condition.value, tuple) else {condition.value}
    given = "或".join(size for size in ("大型", "中型", "小型", "微型") if size in firm.sizes)
    if not firm.sizes or (firm.sizes & wanted and firm.sizes - wanted):
        return "unknown", given, "企业类型"
    return _yes(firm.sizes <= wanted), given, ""


def _titles(condition: Condition, firm: Applicant) -> _Judged:
    wanted = _values(condition)
    if any(title in wanted for title in firm.titles):
        return "met", "、".join(firm.titles), ""
    return ("not_met", "、".join(firm.titles), "") if firm.titles else ("unknown", firm.kind, "企业类型")


def _industry(condition: Condition, firm: Applicant) -> _Judged:
    if not firm.industry:
        return "unknown", "", "行业"
    open_words: list[str] = []
    for name in _values(condition):
        means, leaves_open = _INDUSTRY_WORDS.get(name, ((), ()))
        if any(word in firm.industry for word in (name, *means)):
            return "met", firm.industry, ""
        open_words += leaves_open
    return "unknown" if any(word in firm.industry for word in open_words) else "not_met", firm.industry, "行业"


def _level(condition: Condition, firm: Applicant) -> _Judged:
    if firm.level is None:
        return "unknown", "", "目标等级"
    words = f"按做到{LEVEL_NAMES[firm.level]}算" if firm.target_level else f"现在{LEVEL_NAMES[firm.level]}"
    if firm.level >= _number(condition):
        return "met", words, ""
    return ("not_met", words, "") if firm.target_level else ("unknown", f"{words}，要看改造后", "目标等级")


def _amount(of: str, ask: str) -> _Judge:
    def judge(condition: Condition, firm: Applicant) -> _Judged:
        value: float | None = getattr(firm, of)
        if value is None:
            return "unknown", "", ask
        bound = _number(condition)
        return _yes(value >= bound if condition.op == "gte" else value <= bound), wan_text(value), ""

    return judge


def _purpose(condition: Condition, firm: Applicant) -> _Judged:
    if firm.purposes & {*_values(condition)}:
        return "met", firm.purpose, ""
    other = firm.purposes == {"流动资金"}
    return ("not_met", firm.purpose, "") if other else ("unknown", firm.purpose, "用途")


def _pilot(condition: Condition, firm: Applicant) -> _Judged:
    known = firm.is_pilot_firm
    return ("unknown", "", "企业类型") if known is None else (_yes(known), "在名单里" if known else "不在名单里", "")


def _private(condition: Condition, firm: Applicant) -> _Judged:
    known = firm.private
    return ("unknown", "", "企业类型") if known is None else (_yes(known), "民营" if known else "国有", "")


_JUDGES: dict[str, _Judge] = {
    "region_city": _city,
    "region_province": _province,
    "size_class": _size,
    "titles": _titles,
    "industry": _industry,
    "level": _level,
    "spend_wan": _amount("spend_wan", "投入万元"),
    "loan_wan": _amount("loan_wan", "贷款万元"),
    "purpose": _purpose,
    "is_pilot_firm": _pilot,
    "private": _private,
}
"""How a condition's field, or the id of one without field, is judged; the others have to be asked."""


def _yes(holds: bool) -> State:
    return "met" if holds else "not_met"


def _values(condition: Condition) -> tuple[str, ...]:
    return condition.value if isinstance(condition.value, tuple) else (str(condition.value),)


def _number(condition: Condition) -> float:
    return float(condition.value) if isinstance(condition.value, (int, float)) else 0.0
