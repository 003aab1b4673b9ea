"""What firms spend on going digital, and where a spend falls among those that surveys asked."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from corpus.rows import SurveyFigure
from tools.benchmark.survey import Band, bands_of, figure, figures_json, place, sample
from tools.firm import industries
from tools.firm.amounts import wan_text
from tools.outcome import Book, Outcome, weakest

SHARES, AMOUNTS, BY_INDUSTRY = (
    "lenovo-investment-share-2023",
    "caict-investment-amount",
    "lenovo-investment-1-2-by-industry",
)
_PROCESS = frozenset({"C13", "C14", "C15", "C22", "C25", "C26", "C27", "C28", "C30", "C31", "C32"})
"""Classes that count as process industry (流程制造业): our own mapping, no document gives one."""
_SERVICES = {"software": "互联网与IT服务业", "it": "互联网与IT服务业", "retail": "零售业", "business": "专业服务业"}
_ORIENTATION = "问卷只问了一部分企业，给个方向，不是标准；该花多少看你要解决的事值多少钱。"


def compare(spend_wan: float | None, revenue_wan: float | None, industry: str) -> Outcome:
    """Place a yearly spend (万元) among the firms asked, by share of revenue and by amount; without figures, what is usual."""
    book = Book()
    shares, amounts = figure(SHARES), figure(AMOUNTS)
    n_shares = book.cite(shares, quote=shares.question)
    share = 100 * spend_wan / revenue_wan if spend_wan is not None and revenue_wan else None
    n_amounts = book.cite(amounts, quote=amounts.question)
    lead = _spend_lead(spend_wan, revenue_wan, n_amounts, n_shares)
    if share:
        lead = _share_lead(share, n_shares)
    parts = [lead, _table(bands_of(shares), revenue_wan, share)]
    if share and spend_wan:
        parts.append(f"按金额看：{_amount_line(spend_wan)} [{n_amounts}]。")
    peer = _peer_share(industry)
    if peer:
        row, label, value = peer
        parts.append(
            f"同行：{label}受访企业里{value:g}%落在1%到2%这一档（{sample(row)}；行业归法是本项目的）[{book.cite(row)}]。"
        )
    parts.append(_ORIENTATION)
    data = {
        "indicator": "investment",
        "share_percent": None if share is None else round(share, 4),
        "by_share": None if share is None else _position(shares, share),
        "by_amount": None if spend_wan is None else _position(amounts, spend_wan),
        "peers": peer and {"group": peer[1], "share_in_1_2_percent": peer[2], "n": peer[0].n, "year": peer[0].year},
        "bands_wan": [[band.low * revenue_wan / 100, band.high * revenue_wan / 100] for band in bands_of(shares)]
        if revenue_wan
        else [],
        "figures": figures_json([shares, amounts, *([peer[0]] if peer else [])]),
    }
    asks = ("营业收入万元",) if revenue_wan is None else ("投入万元",) if spend_wan is None else ()
    asks = (*asks, "行业") if not industry else asks
    certainty = weakest(book.certainty, "own") if peer else book.certainty
    steps = ("先写下最痛的一件事一年亏多少钱，再定花多少", "想知道补贴能抵多少，告诉我在哪个市")
    return Outcome("\n\n".join(p for p in parts if p), data, book.rows, certainty, steps, asks)


def _share_lead(share: float, n: int) -> str:
    row = figure(SHARES)
    at, bands = place(row, share), bands_of(row)
    shown = f"{math.floor(share * 100 + 1e-9) / 100:g}" if share >= 0.01 else "不到0.01"
    if at.band is None:
        last = bands[-1].label
        return f"**占营业收入{shown}%，比问卷最高的一档（{last}）还高**，先核对数字；受访中小企业里没有（{sample(row)}）[{n}]。"
    usual = max(bands, key=lambda band: band.share)
    word = (
        "和多数同行一样"
        if at.band == usual
        else "不算多，但这样的同行不少"
        if at.band.low < usual.low
        else "比多数同行多"
    )
    sides = ((at.above, "比你高"), (at.below, "比你低"))
    beside = "，".join([f"{at.band.share:g}%和你同档", *(f"{share:g}%{side}" for share, side in sides if share)])
    return f"**占营业收入{shown}%，{word}**：在“{at.band.label}”这一档，已开始转型的受访中小企业里{beside}（{sample(row)}）[{n}]。"


def _spend_lead(spend_wan: float | None, revenue_wan: float | None, n_amounts: int, n_shares: int) -> str:
    if spend_wan is not None:
        more = "" if revenue_wan else "知道营业收入，才能看占比高不高。"
        return f"{_amount_line(spend_wan)} [{n_amounts}]。{more}占比的分布 [{n_shares}]："
    row = figure(SHARES)
    usual = max(bands_of(row), key=lambda band: band.share)
    sums = f"，你营收{wan_text(revenue_wan)}，折合一年{_span(usual, revenue_wan)}" if revenue_wan else ""
    low = bands_of(row)[0]
    return (
        f"**多数是营业收入的{usual.label}**{sums}：受访中小企业里{usual.share:g}%在这一档，{low.share:g}%{low.label}"
        f"（已开始转型的，{sample(row)}）[{n_shares}]；金额上，受访专精特新中小企业{bands_of(figure(AMOUNTS))[1].share:g}%"
        f"一年花100万元及以下（{sample(figure(AMOUNTS))}）[{n_amounts}]。"
    )


def _amount_line(spend_wan: float) -> str:
    row = figure(AMOUNTS)
    at = place(row, spend_wan)
    assert at.band is not None
    sides = ((at.above, "比你多"), (at.below, "比你少"))
    beside = "，".join([f"约{at.band.share:g}%和你同档", *(f"约{share:g}%{side}" for share, side in sides if share)])
    asked = f"受访专精特新中小企业里{beside}（{sample(row)}）"
    return f"**{wan_text(spend_wan)}在“{at.band.label}”这一档**：{asked}" if spend_wan else f"**一年没投**：{asked}"


def _span(band: Band, revenue_wan: float) -> str:
    low, high = (wan_text(revenue_wan * bound / 100) for bound in (band.low, band.high))
    return f"{high}以下" if band.low == 0 else f"{low}到{high}"


def _table(bands: Iterable[Band], revenue_wan: float | None, share: float | None) -> str:
    mine = place(figure(SHARES), share).band if share is not None else None
    head = ["| 占营业收入 | 受访企业 |", "| --- | --- |"]
    if revenue_wan:
        head = [f"| 占营业收入 | 受访企业 | 营收{wan_text(revenue_wan)}折合 |", "| --- | --- | --- |"]
    rows = []
    for band in bands:
        here = "（你）" if mine and mine.index == band.index else ""
        rows.append(
            f"| {band.label}{here} | {band.share:g}% |" + (f" {_span(band, revenue_wan)} |" if revenue_wan else "")
        )
    return "\n".join([*head, *rows])


def _peer_share(industry: str) -> tuple[SurveyFigure, str, float] | None:
    """The figure of the industry group nearest to an industry, where the survey has one."""
    found = industries.find(industry, said=True) if industry else None
    if found is None:
        return None
    group = _SERVICES.get(found.size.id, "")
    if found.row and found.row.code.startswith("C"):
        group = "" if found.generic else "流程制造业" if found.row.code in _PROCESS else "离散制造业"
    row = figure(BY_INDUSTRY)
    value = next((option.value for option in row.options if option.name == group), None)
    return None if value is None else (row, group, value)


def _position(row: SurveyFigure, value: float) -> dict[str, Any]:
    at = place(row, value)
    band = at.band and {"label": at.band.label, "low": at.band.low, "share_percent": at.band.share}
    return {"figure": row.id, "band": band, "below_percent": at.below, "above_percent": at.above}
