"""What a question asks of a table: an operation, the rows it is about, and the column that is reckoned with.

The words for counting, ranking and summing are few and regular; which rows and columns are meant is read off the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from assistant.tables.limits import Bound, Span, bound_of, change_of, named_day, span_of, spelled
from assistant.tables.named import SHORTEST, by_column, rows_named, values, without
from assistant.tables.table import Table, likeness
from core.numbers import read_number
from core.text import bare
from corpus.row_names import firms, stem

Operation = Literal[
    "count", "list", "most", "least", "first", "last", "sum", "average", "number", "member", "difference", "share", "cell",
    "by_most", "by_least",
]  # fmt: skip

_MONEY = re.compile(r"元|金额|资金|补|奖|贴|[价费款税]|收入|产值|投[入资]|贷|额|原值|预算|决算|支出")
_OF_MONEY = re.compile(r"[多少几][万亿元]|钱|金额|资金|[补奖贴贷]|万元|花|费|价|投")
_UNITS = "家|户|个|台|套|条|项|人|名|位|行|笔|种|款|批|辆|门|场|次|处|间|单|张|件|份|期|只|科目|门课|项目|企业"
_SAID = r"[\d一二两三四五六七八九十百]+"
_HOW_MANY = re.compile(
    rf"(?:(?:一共|总共|共|合计)有?)?(?:多少|几)\s*(?P<unit>{_UNITS})(?!钱|元|月(?:份)?[^有]?$)"
    r"|(?:一共|总共|共|合计)有?(?:多少|几)(?![万亿元块钱])|有多少[?？]?$|数量"
)
_LISTS = re.compile(r"哪些|哪几|都?有谁|列(?:出|一下|个|给)|分别是|名字|名单给|清单给|都是谁")
_MOST = re.compile(
    rf"最[高多大贵长重好快强](?!能|可|只|给|补|不|拿|领|申|报|支持|抵|奖|为|到|有)|第一名|排(?:在)?第一|榜首|(?:前|头)\s*(?P<n>{_SAID})\s*(?:名|家|个|位|大|台|笔|单)?"
)
_LEAST = re.compile(rf"最[低少小短便轻差慢弱]|垫底|倒数(?!第)前?(?P<n>{_SAID})?|倒数")
_COUNTED = re.compile(rf"最[高多大贵长低少小短便]的?.{{0,3}}?(?P<n>{_SAID})\s*(?:{_UNITS})")
_FIRST = re.compile(r"最[早先老旧]")
_LAST = re.compile(r"最[晚迟近新后]")
_SUM = re.compile(
    r"合计|总计|总共|一共|总额|总和|总数|加起来|加一起|累计|总(?:的)?(?:[补投金资产价用预支]|营收)|共(?:[补发拨花投计用])|全部.{0,8}多少"
)
_AVERAGE = re.compile(r"平均|均值|人均|每家大概")
_SHARE = re.compile(r"占(?:比|了|到)?.{0,10}(?:多少|几成|百分之|比例|比重|几)|占比|比重|百分之几|百分之多少")
_DIFFERENCE = re.compile(
    r"(?:比|跟|和|与|同).{1,30}?[多少高低大小贵便长短](?:出|了|用)?(?:多少|几)|(?:差|多|少)(?:了|着|出)?(?:多少|几)|相差"
)
_NUMBER = re.compile(
    r"(?:第|序号(?:是|为|第)?|编号(?:是|为)?)\s*(?P<n>\d{1,5}|[一二三四五六七八九十百]{1,4})\s*(?:号|个|行|名|家|项|条|位|笔|台)?"
)
_MEMBER = re.compile(
    r"有没有|在不在|是否在|是不是在|有(?!多少|几|哪).{0,24}[吗么嘛]|在(?:不在)?.{0,12}(?:里|上|中|内)[吗么]|包(?:不包)?括|入选|上榜"
)
_EACH = re.compile(r"哪(?:个|一个|家|台|位|种|类)?|谁")
_OFTEN = re.compile(
    r"(?:次数?|人数?|单数?|笔数?|个数|家数|户数|台数|项目)?最[多少]|(?:总|合计|加起来|累计).{0,8}最[高多大低少]"
)
_NOT_BEFORE = re.compile(
    r"(?:(?:除了?|不含|不包括|不算|去掉|排除|扣除|刨去)(?:掉|开)?|(?<!有)没有?|(?<!是)不是|(?<!在)不在)$"
)
_NOT_BEHIND = re.compile(r"^(?:的)?(?:都)?(?:不算|除外|以外|之外|不计|不含|去掉)")
_UNDONE = re.compile(r"(?:还)?没(?:有)?(?=交|完|开|拨|付|到|验|报|上|发|做|还)")
_THINGS = {"台": "设备|机|编号", "家": "企业|单位|公司|客户|厂|商", "谁": "姓名|人", "位": "姓名|人", "个": ""}
"""What people count so, by words of the columns that name such things."""
_IN = re.compile(r"(?:多少|几)(亿|万)")
"""In which money is asked."""
_SHARES = re.compile(r"同比|环比|增长率|占比|比例|比重|[\u4e00-\u9fff]率")
_WORDS = (
    _HOW_MANY, _LISTS, _MOST, _LEAST, _FIRST, _LAST, _SUM, _AVERAGE, _SHARE, _DIFFERENCE, _NUMBER, _MEMBER,
)  # fmt: skip
MOST_RANKED = 20
SURE = 2.0
"""From this likeness on a column is surely meant."""
MOST_GROUPS = 0.7
"""A column with more different values than this share of the rows groups nothing."""


@dataclass(frozen=True)
class Query:
    """What is asked. chosen: columns with the values of which a row has one; refused: with those that it has not; -1: any column.

    column: what is reckoned with; limited: the column of the bound; span: with the column of days that it holds for;
    ranks: how many rows a ranking tells; unit: in which a sum is asked (万元, 人), empty where in none;
    by: how the rows are counted (家, 台); group: the column whose values are compared; rows: those called by name;
    named: the length of the longest cell that the question gives; like: how much of the column's name it gives;
    missing: firms that it calls by name and the table does not hold.
    """

    operation: Operation
    chosen: tuple[tuple[int, tuple[str, ...]], ...] = ()
    refused: tuple[tuple[int, tuple[str, ...]], ...] = ()
    bound: Bound | None = None
    span: tuple[int, Span] | None = None
    column: int | None = None
    limited: int | None = None
    ranks: int = 1
    unit: str = ""
    number: int = 0
    by: str = ""
    group: int | None = None
    rows: tuple[int, ...] = ()
    named: int = 0
    like: float = 0.0
    missing: tuple[str, ...] = ()


def reckons(text: str) -> bool:
    """Whether a question has a word for counting, ranking, choosing or summing."""
    asked = bare(text)
    return any(pattern.search(asked) for pattern in _WORDS)


def read(text: str, table: Table, day: date) -> Query | None:
    """What a question asks of a table; None where it asks nothing that can be reckoned over its rows. day: today."""
    asked = _UNDONE.sub("未", spelled(bare(text))).replace("的", "")
    given = sorted(values(asked, table), key=lambda one: asked.find(one[2]))
    kept: list[tuple[int, str]] = []
    refused: list[tuple[int, str]] = []
    for at, value, said in given:
        place = asked.find(said)
        negated = _NOT_BEFORE.search(asked[:place]) or _NOT_BEHIND.match(asked[place + len(said) :])
        (refused if negated else kept).append((at, value))
    rest = without(asked, [said for _, _, said in given])
    span = span_of(rest, table, day)
    rest = rest.replace(span[1].said, "｜") if span else rest
    reckoned = _reckoned(rest, table)
    held = {bare(value) for _, value, _ in given}
    called = (re.split(r"[里中上内]?(?:有没有|是不是有)|[里中上内]有|在不在", firm)[-1] for firm in firms(text))
    missing = tuple(f for f in called if stem(f) and not any(bare(stem(f)) in one or one in bare(f) for one in held))
    query = Query(
        "cell", by_column(kept, table), by_column(refused, table), reckoned.bound, span, reckoned.column, reckoned.limited,
        rows=rows_named(kept, table), named=max((len(said) for _, _, said in given), default=0), like=reckoned.like,
        missing=missing, unit=f"{asks[1]}元" if (asks := _IN.search(asked)) else "",
    )  # fmt: skip
    return _operation(rest, query, table)


@dataclass(frozen=True)
class _Figures:
    """The column that is reckoned with, how surely it is meant, and the bound with its column."""

    column: int | None
    like: float
    bound: Bound | None = None
    limited: int | None = None


def _reckoned(asked: str, table: Table) -> _Figures:
    """Which figures a question is about: 营收超过5亿的一共多少员工 bounds one column and reckons with another."""
    found = bound_of(asked)
    bound = found.bound if found else None
    column, like = _column(asked, table, bound)
    if column is None:
        return _Figures(None, like)
    if found is None or bound is None:
        change = change_of(asked, table, column)
        return _Figures(column, like, change, column if change else None)
    limited, sure = _column(asked[: found.end], table, bound)
    behind, then = _column(asked[found.end :], table, None)
    of_money = bound.unit == "元" and behind is not None and not _of_money(behind, table)
    if behind is not None and then >= SURE and behind != limited and (sure >= SURE or of_money):
        return _Figures(behind, then, bound, limited)
    return _Figures(column, like, bound, column)


def _operation(asked: str, query: Query, table: Table) -> Query | None:
    """The query with what is done; None where nothing is."""
    how_many = _how_many(asked, table)
    by = how_many or ""
    lists = _LISTS.search(asked) and (query.bound or query.chosen or query.refused or query.span)
    other = _less(asked, table.typed.names[query.column]) if query.column is not None else asked
    sums = _SUM.search(asked) and not (lists and not _SUM.search(other))
    if (
        query.chosen
        and all(at < 0 or at in table.numeric for at, _ in query.chosen)
        and (how_many is not None or lists)
    ):
        return replace(query, operation="count", by=by)
    ranked = _COUNTED.search(asked) or _MOST.search(asked)
    if query.missing and _MEMBER.search(asked):
        return replace(query, operation="member")
    if (group := _group(asked, query, table)) is not None:
        least = bool(_LEAST.search(asked))
        whole = query.column if query.like >= SURE or _OF_MONEY.search(asked) else None
        return replace(query, operation="by_least" if least else "by_most", group=group, column=whole)
    if len(query.rows) >= 2 and _DIFFERENCE.search(asked) and query.column is not None:
        return replace(query, operation="difference")
    if _SHARE.search(other) and query.column is not None:
        return replace(query, operation="share")
    if _AVERAGE.search(asked) and query.column is not None:
        return replace(query, operation="average")
    if table.dated and (_FIRST.search(asked) or _LAST.search(asked)):
        column = named_day(asked, table.dated, table)
        return replace(query, operation="first" if _FIRST.search(asked) else "last", column=column)
    lowest = _LEAST.search(asked)
    if (lowest or ranked) and query.column is not None:
        n = _whole((lowest and lowest["n"]) or (ranked and ranked["n"]) or "1")
        return replace(query, operation="least" if lowest else "most", ranks=min(n or 1, MOST_RANKED), by=by)
    if (number := _NUMBER.search(asked)) and (n := _whole(number["n"])) and not query.bound:
        return replace(query, operation="number", number=n)
    if (
        sums
        and not by
        and query.like >= SURE
        and query.column is not None
        and _of_money(query.column, table)
        and not query.rows
    ):
        return replace(query, operation="sum", by=by)
    if len(query.rows) == 1 and query.like >= SURE and not query.bound:
        return query
    number_of = _numbers(by, asked, table) if by and not query.rows else None
    if number_of is not None and not (query.bound and query.limited == number_of):
        return replace(query, operation="sum", column=number_of, by="", unit=by)
    if by and not (
        by in {"台", "套", "个", "人", "件", "次"}
        and query.like >= SURE
        and not query.bound
        and _counts_things(query, table)
    ):
        return replace(query, operation="list" if lists else "count", by=by)
    if sums and query.column is not None and len(query.rows) != 1:
        return replace(query, operation="sum") if _fits_money(asked, query, table) else None
    if how_many is not None and not query.rows and not _OF_MONEY.search(asked):
        return replace(query, operation="count", by=by)
    if lists or (query.span and query.span[1].first == query.span[1].last and _EACH.search(asked)):
        return replace(query, operation="list")
    if _MEMBER.search(asked) and query.rows and query.named > SHORTEST:
        return replace(query, operation="member")
    if len(query.rows) == 1:
        return query
    meant = query.like or _OF_MONEY.search(asked)
    if (
        query.column is not None
        and meant
        and (query.chosen or query.span)
        and (how_many is not None or "多少" in asked)
        and not _OF_A_RULE.search(table.typed.names[query.column])
    ):
        return replace(query, operation="sum")
    return None


def _how_many(asked: str, table: Table) -> str | None:
    """The unit of what is counted, empty where it is told without one; None where nothing is counted."""
    if "月" in table.typed.names[table.name_column] and re.search(r"(?:几|多少)个?月", asked):
        return "个月"
    found = list(_HOW_MANY.finditer(asked))
    return next((one["unit"] for one in found if one["unit"]), "") if found else None


def _numbers(by: str, asked: str, table: Table) -> int | None:
    """The column that tells how many of the things each row has, so that they are summed: 数量（件）, 人数."""
    fit = [at for at in table.numeric if table.typed.units[at] == by or table.title(at).endswith(f"{by}数")]
    if len(fit) > 1:
        fit = [at for at in fit if likeness(asked, table.typed.names[at]) >= SURE]
    return fit[0] if len(fit) == 1 else None


def _less(asked: str, name: str) -> str:
    """The question without what it gives of a column's name, so that 占比 or 总投资 there is not taken for what is asked."""
    for part in sorted(bare(name).split("·"), key=len, reverse=True):
        for size in range(len(part), 1, -1):
            for at in range(len(part) - size + 1):
                asked = asked.replace(part[at : at + size], "｜")
    return asked


_OF_A_RULE = re.compile(r"上限|限额|最高|最低|比例|标准|单价|门槛|系数|面额|额度")
"""Columns that set what each may get; their figures are not added up."""


def _fits_money(asked: str, query: Query, table: Table) -> bool:
    """Whether what would be summed is what is asked: no years or grades where money is."""
    assert query.column is not None
    return query.like >= SURE or _of_money(query.column, table) or not _OF_MONEY.search(asked)


def _counts_things(query: Query, table: Table) -> bool:
    """Whether a number of things is to be summed, not of rows: a column of it is named."""
    assert query.column is not None
    return not _of_money(query.column, table)


def _of_money(at: int, table: Table) -> bool:
    return bool(_MONEY.search(table.typed.names[at] + table.typed.units[at]))


def _group(asked: str, query: Query, table: Table) -> int | None:
    """The column whose values are compared: 哪个客户总金额最高, 哪台修的次数最多."""
    each = _EACH.search(asked)
    if not each or not _OFTEN.search(asked) or query.bound:
        return None
    in_all = re.search(r"总|合计|加起来|累计|次数|人数|单数|笔数", asked)
    if not in_all and (re.search(r"最[高大低小]", asked) or query.like >= SURE):
        return None
    thing = _THINGS.get(each[0][-1], "")
    found = [
        (likeness(asked, name) + 2 * bool(thing and re.search(thing, name)), -at)
        for at in table.texts
        if (name := table.typed.names[at]) and len({row[at] for row in table.rows}) <= MOST_GROUPS * len(table.rows)
    ]
    best = max(found, default=(0.0, 0))
    return -best[1] if best[0] >= 1 else None


def _whole(text: str | None) -> int:
    if not text:
        return 0
    value = int(text) if text.isdecimal() else read_number(text)
    return int(value) if value else 0


def _of_share(asked: str, name: str) -> float:
    """What a column of shares or changes is behind, where none is asked for."""
    return 1.0 if (found := _SHARES.search(name)) and found[0] not in asked and "%" not in asked else 0.0


def _column(asked: str, table: Table, bound: Bound | None) -> tuple[int | None, float]:
    """The column that is reckoned with, and how much of its name the question gives.

    The one that it names, else the one of its unit, else of money, else the only one.
    """
    if not table.numeric:
        return None, 0.0
    like = {at: likeness(asked, name := table.typed.names[at]) - _of_share(asked, name) for at in table.numeric}
    best = max(table.numeric, key=lambda at: (like[at], bool(re.search(r"合计|总", table.typed.names[at]))))
    if like[best] >= SURE:
        return best, like[best]
    of_money = [at for at in table.numeric if _MONEY.search(table.typed.names[at] + table.typed.units[at])]
    if bound and bound.unit and bound.unit != "元":
        same = [at for at in table.numeric if table.typed.units[at].endswith(bound.unit)]
        return (same[0] if same else best), 0
    if like[best] > 0.5 and list(like.values()).count(like[best]) == 1:
        return best, like[best]
    asks_money = _OF_MONEY.search(asked) or (bound and bound.unit == "元")
    if of_money and (asks_money or len(of_money) == len(table.numeric)):
        return of_money[-1], 0
    return (table.numeric[0] if len(table.numeric) == 1 else (of_money or table.numeric)[-1]), 0
