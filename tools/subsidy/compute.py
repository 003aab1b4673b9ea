"""Which support a firm can apply for on a day, how much it may be at most, what to check and whom to ask."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.clock import today
from core.cut import shorten
from core.errors import BadInput
from corpus.rows import PilotCity, Programme
from tools.arguments import LEVEL_NAMES, Day, Level, Words, level_span
from tools.firm.amounts import People, Wan, wan_text
from tools.firm.applicant import (
    Applicant,
    denied_titles,
    read_interest_rate,
    read_kind,
    read_parts,
    read_purposes,
    read_sizes,
)
from tools.firm.region import Place, batch_name, find_place, pilot_city
from tools.outcome import Book, Outcome
from tools.subsidy.caveats import caveat, hoped_note, open_trade, received_note, too_late
from tools.subsidy.deadlines import tell, within
from tools.subsidy.grant import terms_words
from tools.subsidy.programme import PILOT_ENDS, district_of
from tools.subsidy.support import GROUPS, Match, best_of, is_old, match_all

LEAST, MOST = 3, 5
"""How many programmes the text tells in full; all are in the data."""
_ASK_ORDER = ("地区", "投入万元", "贷款万元", "目标等级", "企业类型", "行业", "用途")
_DOUBLE = "national_sme_loan_2026/faq-double"
_FAQ = "pilot_cities_2023/faq-which-office"


class Arguments(BaseModel):
    """What subsidy is asked with; everything may be missing."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    region: Words = Field(default="", alias="地区", max_length=60, description="省、市、区县：苏州、广东中山、上海松江")
    kind: Words = Field(
        default="", alias="企业类型", max_length=100, description="小微、省级专精特新、小巨人、试点企业、国企…"
    )
    spend_wan: Wan | None = Field(default=None, alias="投入万元", gt=0, description="项目总投入，万元")
    loan_wan: Wan | None = Field(default=None, alias="贷款万元", gt=0, description="打算贷或已贷的款，万元")
    purpose: Words = Field(default="", alias="用途", max_length=200, description="钱花在哪：MES 50万，设备30万；换设备")
    industry: Words = Field(default="", alias="行业", max_length=60, description="行业，日常说法即可")
    employees: People | None = Field(default=None, alias="从业人员", description="人数")
    revenue_wan: Wan | None = Field(default=None, alias="营业收入万元", description="上一年营业收入，万元")
    level: Level | None = Field(default=None, alias="等级", description="现在的数字化水平等级，一级到四级")
    target_level: Level | None = Field(default=None, alias="目标等级", description="改造后要做到的等级")
    highest_level: Level | None = Field(
        default=None,
        alias="目标等级到",
        description="目标是一段时高的一头：三级或四级 → 目标等级 三级，目标等级到 四级",
    )
    done_from: Day | None = Field(default=None, alias="完工起", description="项目哪天完工；只知道月份、年份写头一天")
    done_until: Day | None = Field(default=None, alias="完工止", description="只知道完工的月份、年份时写最后一天")
    received_wan: Wan | None = Field(default=None, alias="已得补助万元", description="这个项目已经拿到的补助，万元")
    asked: Words = Field(default="", alias="问的项目", max_length=60, description="点名问的那一项，写它的编号")
    hoped_wan: Wan | None = Field(default=None, alias="问的金额万元", description="问能不能拿到的那个数，万元")
    day: Day | None = Field(default=None, alias="日期", description="按哪一天算，例如 2026-11-20；不写按今天")
    part: Literal["期限", "办法", "截止清单"] | None = Field(
        default=None,
        alias="只看",
        description="只要一部分：期限（各项到哪天）、办法（先后、材料、问谁）、截止清单（按到期先后列出）",
    )
    due_from: Day | None = Field(default=None, alias="截止起", description="只列从这天起到期的，例如 2026-12-01")
    due_until: Day | None = Field(default=None, alias="截止止", description="只列到这天为止到期的，例如 2026-12-31")

    @model_validator(mode="before")
    @classmethod
    def _both_ends(cls, given: Any) -> Any:
        """A target said as a range is its lower end, with the upper one beside it: 三级或四级."""
        name = next(
            (n for n in ("目标等级", "target_level") if isinstance(given, dict) and isinstance(given.get(n), str)), ""
        )
        span = level_span(given[name]) if name else None
        return {**given, name: span[0], "目标等级到": span[1]} if span else given


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Match every programme; BadInput where the arguments contradict each other."""
    firm = applicant(args, args.day or day or today())
    matches = match_all(firm)
    if args.part == "截止清单" or args.due_from or args.due_until:
        return _deadlines(args, matches, firm)
    shown, book = _asked_first(best_of(matches, LEAST, MOST), matches, args.asked), Book()
    if args.part and shown:
        text = _until(shown, book) if args.part == "期限" else _how(shown, book)
        return Outcome(text, _data(matches, shown, firm, args), book.rows, book.certainty, _next(shown, firm)[1:2])
    parts = [_lead(shown, matches, firm, book), _entries(shown, firm, book), _what_if(shown, firm, book)]
    parts += [_rest(matches, shown, book), _care(shown, book), received_note(firm)]
    text = "\n\n".join(part for part in parts if part)
    data = _data(matches, shown, firm, args)
    return Outcome(text, data, book.rows, book.certainty, _next(shown, firm), _asks(shown, firm, args))


def _asked_first(shown: list[Match], matches: list[Match], asked: str) -> list[Match]:
    """What is shown with the programme asked for by name at the head, where it can be had."""
    named = [m for m in matches if asked and m.row.id == asked and m.group in {"fits", "maybe"}]
    return [*named, *(m for m in shown if m not in named)]


def _deadlines(args: Arguments, matches: list[Match], firm: Applicant) -> Outcome:
    """The programmes that end within the days asked for."""
    if args.due_from and args.due_until and args.due_from > args.due_until:
        raise BadInput("“截止起”比“截止止”还晚，请核对。", "例如 截止起: 2026-12-01，截止止: 2026-12-31。")
    found, book = within(matches, firm.day, args.due_from, args.due_until, firm.place), Book()
    text = tell(found, firm.place, book)
    data = _data(matches, list(found.dated), firm, args) | {"deadlines": found.as_json()}
    return Outcome(text, data, book.rows, book.certainty, (), () if firm.place else ("地区",))


def applicant(args: Arguments, day: date) -> Applicant:
    """The arguments in the programmes' terms."""
    if args.level and args.target_level and args.target_level < args.level:
        names = LEVEL_NAMES[args.target_level], LEVEL_NAMES[args.level]
        raise BadInput(f"想做到的{names[0]}比现在的{names[1]}还低，请核对。")
    if args.highest_level and args.highest_level < (args.target_level or 1):
        raise BadInput("最高想做到的等级比最低的还低，请核对。", "例如 三级或四级。")
    sizes, titles, pilot, private = read_kind(args.kind)
    hardware, staff, software = read_parts(args.purpose, args.spend_wan)
    machines = read_parts(args.purpose, args.loan_wan)[0] if args.spend_wan is None and args.loan_wan else 0.0
    return Applicant(
        day=day,
        place=find_place(args.region),
        industry=args.industry,
        kind=args.kind,
        sizes=read_sizes(sizes, args.industry, args.employees, args.revenue_wan),
        titles=titles,
        denied=denied_titles(args.kind),
        is_pilot_firm=pilot,
        private=private,
        current_level=args.level,
        target_level=args.target_level,
        spend_wan=args.spend_wan,
        loan_wan=args.loan_wan,
        rate_percent=read_interest_rate(args.purpose),
        purpose=args.purpose,
        purposes=read_purposes(args.purpose),
        hardware_wan=hardware,
        staff_wan=staff,
        software_wan=software,
        loan_machines_wan=machines,
        hoped_wan=args.hoped_wan,
        highest_level=args.highest_level if args.target_level else None,
        completed=_completed(args),
        received_wan=args.received_wan,
    )


def _completed(args: Arguments) -> tuple[date, date] | None:
    """The days between which the project is finished, where that was told."""
    first, last = args.done_from or args.done_until, args.done_until or args.done_from
    if first and last and first > last:
        raise BadInput("最早的完工日比最晚的还晚，请核对。", "例如 2026-03-01 到 2026-03-31。")
    return (first, last) if first and last else None


def amount_words(match: Match) -> str:
    """The amount of a match as an upper bound, or why there is none."""
    found = match.estimate
    if found.state == "computed" and found.high_wan is not None and found.low_wan is not None:
        span = wan_text(found.high_wan)
        if found.low_wan < found.high_wan:
            span = f"{wan_text(found.low_wan)}到{span}，看{found.varies_by}"
        return f"{'每年' if found.per_year else ''}最多{span}"
    if found.state in {"not_money", "unknown"}:
        return found.basis if match.row.interest else gist(match.row)
    if found.state == "hearsay":
        return found.basis
    return f"这笔用不上，{found.basis}" if found.state == "wrong_use" else found.basis


def gist(row: Programme) -> str:
    """What a programme gives, in its first clause."""
    return shorten(row.gives.partition("；")[0], 44).rstrip("。")


def _whole(row: Programme) -> str:
    """What a programme gives with all its cases, so that none stands for the others."""
    return shorten(row.gives, 90).rstrip("。")


def _lead(shown: list[Match], matches: list[Match], firm: Applicant, book: Book) -> str:
    place = firm.place
    own = [m for m in shown if m.is_regional and _tells_amount(m) and not is_old(m, firm)]
    best = min(own, key=lambda m: (not m.standing.is_open, m.estimate.high_wan is None), default=None)
    if place and best:
        return _lead_local(place, best, firm, book)
    if place:
        return f"{_local_gap(place, matches, firm, book)}{_best_national(shown, firm, book)}"
    here = "**补多少主要看在哪个市**，各市比例、封顶不一样，告诉我城市就能算。"
    return here + (_best_national(shown, firm, book) or "先说全国都能用的。")


def _tells_amount(m: Match) -> bool:
    """Whether an amount can be told of it for the use that was named; of a voucher for another or an unknown use none can."""
    found = m.estimate
    return found.state not in {"needs_use", "wrong_use"} and bool(
        found.high_wan or found.cap_wan or found.state == "hearsay"
    )


def _lead_local(place: Place, m: Match, firm: Applicant, book: Book) -> str:
    """The programme of the place to look at first, its amount as a bound only where nothing told speaks against it."""
    doubt = caveat(m, firm)
    name = f"{place.label}对得上的，先看{m.row.name}"
    if m.estimate.state == "hearsay":
        lead, close = f"**{name}** [{_cite(m, book)}]：{amount_words(m)}。", "先要到原文再算。"
    elif doubt:
        lead, close = f"**{place.label}先看{m.row.name}，但{doubt}** [{_cite(m, book)}]。", _CEILING
        lead += f"都对得上的话{amount_words(m)}。"
    else:
        lead, close = f"**{name}：{amount_words(m)}** [{_cite(m, book)}]。", _CEILING
    close += hoped_note(m, firm)
    unsure = "" if m.standing.is_open else f"但{m.standing.text}，先问{m.row.ask}。"
    return f"{lead}{unsure}{close}"


_CEILING = "这是按文件算的上限，批不批、批多少以审核为准。"


def _best_national(shown: list[Match], firm: Applicant, book: Book) -> str:
    best = next((m for m in shown if not m.is_regional and m.estimate.high_wan and m.standing.is_open), None)
    if best is None:
        return ""
    return (
        f"全国都能用的里，{best.row.name}{amount_words(best)} [{_cite(best, book)}]。{_CEILING}{hoped_note(best, firm)}"
    )


def _local_gap(place: Place, matches: list[Match], firm: Applicant, book: Book) -> str:
    """What is known of a place for which no amount can be told."""
    regional = [m for m in matches if m.is_regional and m.local and m.row.region.city] or [
        m for m in matches if m.is_regional and m.local
    ]
    city = pilot_city(place)
    if regional and all(m.group == "no" for m in regional):
        first = regional[0]
        why = first.not_met[0]
        return (
            f"**{place.label}的你对不上**：{first.row.name}要求{why.text}，你这边是{why.given} [{_cite(first, book)}]。"
        )
    if regional:
        main = max(regional, key=lambda m: (m.row.kind == "subsidy", district_of(m.row) is None, m.score))
        if main.standing.is_open and main.estimate.state in {"wrong_use", "needs_use"}:
            return (
                f"**{place.label}有{main.row.name}，{_unusable(main)}** [{_cite(main, book)}]"
                f"（{main.standing.text}；{terms_words(main.row, firm) or _whole(main.row)}）。拿不准算不算，问{main.row.ask}。"
            )
        trade = f"；{doubt}" if (doubt := open_trade(main, firm)) else ""
        return (
            f"**{place.label}眼下能算出钱的没查到**：{main.row.name}，{main.standing.text}"
            f"（{'当时' if main.standing.is_over else '写的'}：{terms_words(main.row, firm) or _whole(main.row)}{trade}） [{_cite(main, book)}]。"
            f"有没有新的，问{main.row.ask}。"
        )
    if city:
        batch = (
            f"{batch_name(city)}试点城市，试点期约到{PILOT_ENDS[city.batch]:%Y年}"
            if city.batch
            else "试点城市，哪一批没弄清"
        )
        known = f"只知道它是{batch} [{book.cite(city)}]"
    else:
        known = "见到的试点城市名单（不全）里也没有它"
    office = book.cite("pilot_cities_2023", "老板常问 › 找谁", _FAQ, certainty="snippet")
    return (
        f"**未收录{place.label}的补贴文件**，比例和封顶我不猜；{known}。"
        f"有没有、补多少，问当地工业和信息化局管中小企业的处室 [{office}]。"
    )


def _unusable(m: Match) -> str:
    """Why no amount is told of an open programme: what the money is for."""
    return f"但这笔用不上：{m.estimate.basis}" if m.estimate.state == "wrong_use" else m.estimate.basis


def pilot_known(region: str, book: Book) -> str:
    """What is known of a place of which no document is kept: that it is a pilot city, and about until when; "" for any other."""
    place = find_place(region)
    city = pilot_city(place) if place else None
    if not place or not city:
        return ""
    return f"{place.label}是{_batch_of(city)}{'（推断）' if city.batch_inferred else ''} [{book.cite(city)}]。当地补多少、到哪天截止的文件未收录，问当地工业和信息化局。"


def _batch_of(city: PilotCity) -> str:
    """第三批试点城市, with about when its trial ends."""
    if not city.batch:
        return "试点城市，哪一批没弄清"
    return f"{batch_name(city)}试点城市，试点期约到{PILOT_ENDS[city.batch]:%Y年}"


def _cite(match: Match, book: Book) -> int:
    return book.cite(match.row, quote=match.row.gives)


def _entries(shown: list[Match], firm: Applicant, book: Book) -> str:
    if not shown:
        return "没有一项对得上。"
    return "\n".join(f"{n}. {_entry(m, firm, book)}" for n, m in enumerate(shown, 1))


def _entry(m: Match, firm: Applicant, book: Book) -> str:
    note = f"（{m.estimate.basis}；{m.estimate.notes[0]}）" if m.estimate.notes else f"（{m.estimate.basis}）"
    reckoned = note if m.estimate.state == "computed" else ""
    check = "；".join(c.text.partition("（")[0] for c in m.unknown[:3])
    checks = f"要核对：{check}。" if check else "说到的条件都对得上。"
    late = f"{doubt}。" if (doubt := too_late(m, firm)) else ""
    told = f"{amount_words(m)}{reckoned}；{m.standing.text}。"
    return f"**{m.row.name}** [{_cite(m, book)}]：{told}{late}{checks}问{m.row.ask}。"


def _what_if(shown: list[Match], firm: Applicant, book: Book) -> str:
    """What each level brings under the first programme that pays by level."""
    m = next((m for m in shown if any(la.cap_wan or la.amount_wan for la in m.estimate.by_level)), None)
    if m is None:
        return ""
    reckoned = all(la.amount_wan is not None for la in m.estimate.by_level)
    sums = {la.level: la.amount_wan if reckoned else la.cap_wan for la in m.estimate.by_level}
    word = "最多" if reckoned else "封顶"
    told = [f"{LEVEL_NAMES[level]}{wan_text(amount)}" for level, amount in sums.items() if amount is not None]
    line = f"做到几级差多少（{m.row.name}，{word}）：{'、'.join(told)} [{_cite(m, book)}]。"
    target = firm.target_level or 0
    present = firm.current_level or target - 1
    low, high = (0.0 if present < 2 else sums.get(present)), sums.get(target)
    if target > present and low is not None and high is not None:
        more = f"最多多{wan_text(high - low)}" if high > low else "一分不多"
        line += f"从{LEVEL_NAMES[present]}做到{LEVEL_NAMES[target]}，{more}。" if present else ""
    return line


def _left(matches: list[Match], shown: list[Match]) -> tuple[list[Match], Counter[str], list[str]]:
    """The programmes not shown that are near enough, how many of each kind, and the places of those elsewhere."""
    rest = [m for m in matches if m not in shown and m.group != "elsewhere"]
    near = [m for m in rest if m.local is not None]
    counts = Counter("other" if m.group in {"fits", "maybe"} else m.group for m in near)
    return (
        near,
        counts,
        list(dict.fromkeys(m.row.region.city or m.row.region.province or "" for m in rest if m.local is None)),
    )


def _rest(matches: list[Match], shown: list[Match], book: Book) -> str:
    """The other programmes, counted; those of the place that are over or do not fit are named."""
    near, counts, cities = _left(matches, shown)
    told = {citation.passage_id for citation in book.rows}
    over = [m for m in near if m.group == "over" and m.is_regional and m.row.card not in told]
    words = [f"{counts['other']}项没有固定金额、查不到金额或用途不对"] if counts["other"] else []
    if counts["over"]:
        named = (
            "：" + "、".join(f"{m.row.name}，{m.standing.text} [{_cite(m, book)}]" for m in over[:2]) if over else ""
        )
        words.append(f"{counts['over']}项已结束或没开始{named}")
    if counts["no"]:
        words.append(f"{counts['no']}项条件对不上")
    if cities:
        names = "、".join(cities[:6])
        words.append(f"{len(cities)}个省市收录了当地办法（{names}{'等' if len(cities) > 6 else ''}），说了城市才能对")
    return f"另有：{'；'.join(words)}。" if words else ""


def _care(shown: list[Match], book: Book) -> str:
    """Rules against double funding, then materials and order of steps of the first programme that has them."""
    lines = []
    rules = dict.fromkeys(m.row.double_funding for m in shown if m.row.double_funding)
    if rules or sum(m.estimate.state == "computed" for m in shown) > 1:
        n = book.cite("national_sme_loan_2026", "老板常问 › 重复享受", _DOUBLE, certainty="snippet")
        rule = "；".join(r for r in rules if r) or "同一笔支出通常不能重复报不同的财政补助，以当地办法为准"
        lines.append(f"别重复拿：{rule} [{n}]。各项不能简单相加。")
    first = next((m for m in shown if m.row.steps), None)
    if first:
        lines.append(f"先后：{' → '.join(first.row.steps)} [{_cite(first, book)}]。")
        lines.append(f"备好：{'、'.join(first.row.materials)}（以通知为准）。")
    return "\n".join(lines)


def _until(shown: list[Match], book: Book) -> str:
    """Until when each programme is open."""
    lines = [
        f"{n}. **{m.row.name}** [{_cite(m, book)}]：{m.standing.text}。问{m.row.ask}。" for n, m in enumerate(shown, 1)
    ]
    return "对得上的几项，期限分别是：\n" + "\n".join(lines) + "\n\n没写截止日的，以当年申报通知为准，先问再准备。"


def _how(shown: list[Match], book: Book) -> str:
    """Whom to ask about each programme, then order of steps and materials."""
    offices: dict[str, list[str]] = {}
    for m in shown:
        offices.setdefault(m.row.ask, []).append(f"{m.row.name} [{_cite(m, book)}]")
    lines = [f"{n}. 问**{office}**：{'；'.join(names)}。" for n, (office, names) in enumerate(offices.items(), 1)]
    care = _care(shown, book)
    return "先打电话问清今年收不收、报什么表：\n" + "\n".join(lines) + (f"\n\n{care}" if care else "")


def _data(matches: list[Match], shown: list[Match], firm: Applicant, args: Arguments) -> dict[str, Any]:
    groups, (_, left, places) = Counter(m.group for m in matches), _left(matches, shown)
    place = firm.place
    covered = any(m.is_regional and m.local for m in matches)
    city = pilot_city(place) if place else None
    return {
        "day": firm.day.isoformat(),
        "place": place
        and {"text": place.text, "province": place.province, "city": place.city, "district": place.district},
        "covered": covered if place else None,
        "pilot_city": city and {"city": city.city, "batch": city.batch, "inferred": city.batch_inferred},
        "applicant": firm.as_json(),
        "size_from": None
        if not firm.sizes
        else "words"
        if args.employees is None and args.revenue_wan is None
        else "figures",
        "shown": [m.row.id for m in shown],
        "counts": {group: groups[group] for group in GROUPS},
        "not_shown": dict(left),
        "places_elsewhere": places,
        "programmes": [
            {**m.as_json(), **({} if m.group == "elsewhere" else {"amount": amount_words(m)})} for m in matches
        ],
        "promise": False,
    }


def _next(shown: list[Match], firm: Applicant) -> tuple[str, ...]:
    steps = [f"先问{shown[0].row.ask}：现在还收不收、怎么报"] if shown else []
    steps.append("拿到通知（PDF、图片）发给我，我替你逐条核对")
    if not firm.target_level and any(m.estimate.by_level for m in shown):
        steps.append("想知道多做一级多拿多少，说“如果做到三级”")
    return tuple(steps)


def _asks(shown: list[Match], firm: Applicant, args: Arguments) -> tuple[str, ...]:
    given = {field.alias for name, field in Arguments.model_fields.items() if getattr(args, name) not in (None, "")}
    wanted = {ask for m in shown for ask in m.asks} | ({"地区"} if not firm.place or not firm.place.city else set())
    wanted |= {"投入万元"} if firm.spend_wan is None and firm.loan_wan is None else set()
    return tuple(ask for ask in _ASK_ORDER if ask in wanted and (ask not in given or ask in {"地区", "企业类型"}))
