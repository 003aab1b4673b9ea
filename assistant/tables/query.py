"""What a question asks of a table: an operation, the rows it is about, and the column that is reckoned with.

The words for counting, ranking and summing are few and regular; which rows and columns are meant is read off the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from assistant.tables.table import Table, amount_of, likeness
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
_LEAST = re.compile(r"最[低少小短便轻差慢弱]|垫底|倒数")
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
_BOUND = re.compile(
    r"(?P<before>超过|大于|高于|多于|不低于|不少于|至少|达到|满|过|不超过|不高于|不多于|低于|小于|少于|不到|不足|未满|等于|刚好|正好)?"
    r"\s*(?P<figure>\d[\d,.]*\s*[十百千万亿]*(?:元|块|%|％|人|台|套|天|年|个月|分)?|百分之[一二三四五六七八九十百\d]+|[一二两三四五六七八九十百千]+万?(?:元|块)?)"
    r"\s*(?P<after>及以上|以上|往上|及以下|以下|以内|往下)?"
)
_LEAST_OF = {"超过": ">", "大于": ">", "高于": ">", "多于": ">", "过": ">", "不低于": ">=", "不少于": ">=", "至少": ">=", "达到": ">=", "满": ">=",
             "不超过": "<=", "不高于": "<=", "不多于": "<=", "低于": "<", "小于": "<", "少于": "<", "不到": "<", "不足": "<", "未满": "<",
             "等于": "=", "刚好": "=", "正好": "="}  # fmt: skip
_AFTER = {"及以上": ">=", "以上": ">=", "往上": ">=", "及以下": "<=", "以下": "<=", "以内": "<=", "往下": "<="}
_SIGNED = (
    (re.compile(r"下降|减少|降低|负增长|亏损"), "<"),
    (re.compile(r"上升|增长|增加|正增长"), ">"),
)
_WHEN = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2})\s*年?|(?P<same>今年|去年|明年|前年))?\s*(?P<part>上半年|下半年|[一二三四]季度|(?P<month>\d{1,2})\s*月份?(?:\s*(?P<day>\d{1,2})[日号])?)?"
    r"\s*(?P<side>以前|之前|前|以后|之后|后|起)?"
)
_QUARTERS = {
    "上半年": (1, 6),
    "下半年": (7, 12),
    "一季度": (1, 3),
    "二季度": (4, 6),
    "三季度": (7, 9),
    "四季度": (10, 12),
}
_NOT_BEFORE = re.compile(r"(?:除了?|不含|不包括|不算|去掉|排除|扣除|刨去)(?:掉|开)?$")
_NOT_BEHIND = re.compile(r"^(?:的)?(?:都)?(?:不算|除外|以外|之外|不计|不含|去掉)")
_UNDONE = re.compile(r"(?:还)?没(?:有)?(?=交|完|开|拨|付|到|验|报|上|发|做|还)")
_THINGS = {"台": "设备|机|编号", "家": "企业|单位|公司|客户|厂|商", "谁": "姓名|人", "位": "姓名|人", "个": ""}
"""What people count so, by words of the columns that name such things."""
_SHARES = re.compile(r"同比|环比|增长率|占比|比例|比重|[\u4e00-\u9fff]率")
_WORDS = (
    _HOW_MANY, _LISTS, _MOST, _LEAST, _FIRST, _LAST, _SUM, _AVERAGE, _SHARE, _DIFFERENCE, _NUMBER, _MEMBER,
)  # fmt: skip
SHORTEST = 2
"""A value of fewer characters is not looked for in a question."""
LONGEST = 40
LEAST_PART = 4
"""A part of a name is looked for from so many characters on."""
MOST_COMPARED = 2000
MOST_RANKED = 20
SURE = 2.0
"""From this likeness on a column is surely meant."""
MOST_GROUPS = 0.7
"""A column with more different values than this share of the rows groups nothing."""


@dataclass(frozen=True)
class Bound:
    """A limit on a column of figures. value: in the figure's own unit where it has none, else in the smallest (元, 人, %)."""

    relation: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Span:
    """The days that a column of days is held to, both included; said: as the question says them."""

    first: date
    last: date
    said: str


@dataclass(frozen=True)
class Query:
    """What is asked. chosen: columns with the values of which a row has one; refused: with those that it has not.

    column: what is reckoned with; span: with the column of days that it holds for; ranks: how many rows a ranking tells;
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
    ranks: int = 1
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
    asked = _UNDONE.sub("未", bare(text)).replace("的", "")
    values = list(_values(asked, table))
    kept: list[tuple[int, str]] = []
    refused: list[tuple[int, str]] = []
    for at, value, said in values:
        place = asked.find(said)
        negated = _NOT_BEFORE.search(asked[:place]) or _NOT_BEHIND.match(asked[place + len(said) :])
        (refused if negated else kept).append((at, value))
    rest = _without(asked, [said for _, _, said in values])
    span = _span(rest, table, day)
    rest = rest.replace(span[1].said, "｜") if span else rest
    bound = _bound(rest)
    column, like = _column(rest, table, bound)
    if bound is None and column is not None:
        sign = next((relation for pattern, relation in _SIGNED if pattern.search(rest)), "")
        bound = (
            Bound(sign, Decimal(0), table.amount(_first(table, column), column).unit)
            if sign and _falls(table, column)
            else None
        )  # type: ignore[union-attr]
    held = {bare(value) for _, value, _ in values}
    called = (re.split(r"有没有|是不是有|[里中上内]有|在不在", firm)[-1] for firm in firms(text))
    missing = tuple(f for f in called if stem(f) and not any(bare(stem(f)) in one or one in bare(f) for one in held))
    query = Query(
        "cell", _by_column(kept, table), _by_column(refused, table), bound, span, column,
        rows=_rows_named(kept, table), named=max((len(said) for _, _, said in values), default=0), like=like, missing=missing,
    )  # fmt: skip
    return _operation(rest, query, table)


def _first(table: Table, at: int) -> str:
    return next(row[at] for row in table.rows if table.amount(row[at], at))


def _of_name(asked: str, table: Table, at: int) -> tuple[float, float]:
    """How much of a column's own name, then of what stands above it, a question gives."""
    name = table.typed.names[at]
    return likeness(asked, name.rpartition("·")[2]), likeness(asked, name)


def _falls(table: Table, at: int) -> bool:
    """Whether a column holds changes: figures below nought too."""
    return any((amount := table.amount(row[at], at)) and amount.value < 0 for row in table.rows)


def _operation(asked: str, query: Query, table: Table) -> Query | None:
    """The query with what is done; None where nothing is."""
    how_many = _HOW_MANY.search(asked)
    by = (how_many["unit"] or "") if how_many else ""
    ranked = _COUNTED.search(asked) or _MOST.search(asked)
    if query.missing and _MEMBER.search(asked):
        return replace(query, operation="member")
    if (group := _group(asked, query, table)) is not None:
        least = bool(_LEAST.search(asked))
        whole = query.column if query.like >= SURE or _OF_MONEY.search(asked) else None
        return replace(query, operation="by_least" if least else "by_most", group=group, column=whole)
    if len(query.rows) >= 2 and _DIFFERENCE.search(asked) and query.column is not None:
        return replace(query, operation="difference")
    if _SHARE.search(asked) and query.column is not None:
        return replace(query, operation="share")
    if _AVERAGE.search(asked) and query.column is not None:
        return replace(query, operation="average")
    if table.dated and (_FIRST.search(asked) or _LAST.search(asked)):
        column = max(table.dated, key=lambda at: _of_name(asked, table, at))
        return replace(query, operation="first" if _FIRST.search(asked) else "last", column=column)
    if (_LEAST.search(asked) or ranked) and query.column is not None:
        least = bool(_LEAST.search(asked)) and not (
            ranked and ranked.re is _MOST and ranked["n"] is None and not _LEAST.search(asked)
        )
        n = _whole(ranked["n"]) if ranked else 1
        return replace(query, operation="least" if least else "most", ranks=min(n or 1, MOST_RANKED), by=by)
    if (number := _NUMBER.search(asked)) and (n := _whole(number["n"])) and not query.bound:
        return replace(query, operation="number", number=n)
    if (
        _SUM.search(asked)
        and query.like >= SURE
        and query.column is not None
        and _of_money(query.column, table)
        and not query.rows
    ):
        return replace(query, operation="sum", by=by)
    if len(query.rows) == 1 and query.like >= SURE and not query.bound:
        return query
    if by and not (
        by in {"台", "套", "个", "人", "件", "次"}
        and query.like >= SURE
        and not query.bound
        and _counts_things(query, table)
    ):
        lists = _LISTS.search(asked) and (query.bound or query.chosen or query.span)
        return replace(query, operation="list" if lists else "count", by=by)
    if _SUM.search(asked) and query.column is not None and len(query.rows) != 1:
        return replace(query, operation="sum") if _fits_money(asked, query, table) else None
    if how_many and not query.rows and not _OF_MONEY.search(asked):
        return replace(query, operation="count", by=by)
    if _LISTS.search(asked) and (query.bound or query.chosen or query.span):
        return replace(query, operation="list")
    if _MEMBER.search(asked) and query.rows and query.named > SHORTEST:
        return replace(query, operation="member")
    if len(query.rows) == 1:
        return query
    if query.column is not None and query.like and (query.chosen or query.span) and (how_many or "多少" in asked):
        return replace(query, operation="sum")
    return None


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


def _values(asked: str, table: Table) -> Iterator[tuple[int, str, str]]:
    """The cells of the table that a question gives, the longest first, none inside another: (column, value, as it is said)."""
    found: dict[str, tuple[int, str]] = {}
    for at in table.texts:
        for cell in {row[at] for row in table.rows if SHORTEST <= len(row[at]) <= LONGEST}:
            for said in _ways(cell, at in table.firms):
                if said in asked:
                    known = found.get(said)
                    if known is None or (said != bare(known[1]) and len(cell) < len(known[1])):
                        found[said] = (at, cell)
    taken = asked
    for said in sorted(found, key=lambda said: (-len(said), said)):
        at = taken.find(said)
        if at < 0 or (said[0].isdigit() and taken[at - 1 : at].isdigit()):
            continue
        taken = taken.replace(said, "\0" * len(said))
        yield *found[said], said
    while part := _part_of_name(taken, table):
        taken = taken.replace(part[2], "\0" * len(part[2]))
        yield part


def _part_of_name(asked: str, table: Table) -> tuple[int, str, str] | None:
    """A row whose name the question gives in part: the only one that shares so long a run with it."""
    at = table.name_column
    if len(table.rows) > MOST_COMPARED or at not in table.texts:
        return None
    best: list[tuple[int, str, str]] = []
    for cell in {row[at] for row in table.rows if len(row[at]) > LEAST_PART}:
        told = bare(cell)
        size = next(
            (
                n
                for n in range(len(told), LEAST_PART - 1, -1)
                if any(told[k : k + n] in asked for k in range(len(told) - n + 1))
            ),
            0,
        )
        if size:
            said = next(told[k : k + size] for k in range(len(told) - size + 1) if told[k : k + size] in asked)
            best.append((size, cell, said))
    best.sort(reverse=True)
    if not best or (len(best) > 1 and best[1][0] == best[0][0]):
        return None
    return at, best[0][1], best[0][2]


def _ways(cell: str, is_firm: bool) -> set[str]:
    """How a cell may be called in a question: whole, a firm without its legal form, a group without its number."""
    ways = {bare(cell), bare(re.sub(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．]+", "", cell))}
    if is_firm:
        ways.add(bare(stem(cell)))
    if re.fullmatch(r"[\u4e00-\u9fff]{3,5}[市县区镇乡]", cell):
        ways.add(cell[:-1])
    return {way for way in ways if len(way) >= SHORTEST and not way.isdigit()}


def _without(asked: str, said: Sequence[str]) -> str:
    """The question without the cells it gives, so that their words are not taken for what is asked."""
    for words in sorted(said, key=len, reverse=True):
        asked = asked.replace(words, "｜")
    return asked


def _by_column(values: Sequence[tuple[int, str]], table: Table) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The columns on which rows are chosen, by values that are no names of single rows."""
    out: dict[int, list[str]] = {}
    for at, value in values:
        if at != table.name_column or sum(row[at] == value for row in table.rows) > 1:
            out.setdefault(at, []).append(value)
    return tuple((at, tuple(told)) for at, told in out.items())


def _rows_named(values: Sequence[tuple[int, str]], table: Table) -> tuple[int, ...]:
    """The rows that are called by their names, in the order of the question's values; of one name only the chosen ones."""
    out = []
    chosen = _by_column(values, table)
    for at, value in values:
        if at == table.name_column or sum(row[at] == value for row in table.rows) == 1:
            out += [n for n, row in enumerate(table.rows) if row[at] == value and fits(row, chosen, ())]
    return tuple(dict.fromkeys(out))


def fits(
    row: Sequence[str],
    chosen: Sequence[tuple[int, tuple[str, ...]]],
    refused: Sequence[tuple[int, tuple[str, ...]]],
) -> bool:
    """Whether a row has one of the values of each chosen column, and none that is refused."""
    return all(row[at] in told for at, told in chosen) and not any(row[at] in told for at, told in refused)


def _span(asked: str, table: Table, day: date) -> tuple[int, Span] | None:
    """The days that the question holds a column of days to, and that column."""
    if not table.dated:
        return None
    column = max(table.dated, key=lambda at: _of_name(asked, table, at))
    years = {found.year for row in table.rows if (found := table.day(row[column]))}
    for match in _WHEN.finditer(asked):
        span = _days(match, day, years)
        if span:
            return column, span
    return None


def _days(found: re.Match[str], day: date, years: set[int]) -> Span | None:
    if not found[0].strip() or not (found["year"] or found["same"] or found["part"]) or not years:
        return None
    same = {"今年": 0, "去年": -1, "明年": 1, "前年": -2}
    year = int(found["year"]) if found["year"] else day.year + same[found["same"]] if found["same"] else max(years)
    if not found["year"] and not found["same"] and len(years) > 1:
        return None
    first, last = (int(found["month"]),) * 2 if found["month"] else _QUARTERS.get(found["part"] or "", (1, 12))
    if not 1 <= first <= 12 or not 1900 < year < 2200 or (found["same"] and not found["part"] and years == {year}):
        return None
    of_day = int(found["day"]) if found["day"] else 0
    try:
        begins = date(year, first, of_day or 1)
        ends = begins if of_day else date(year + last // 12, last % 12 + 1, 1).replace(day=1)
    except ValueError:
        return None
    ends = ends if of_day else date.fromordinal(ends.toordinal() - 1)
    if found["side"] in {"以前", "之前", "前"}:
        return Span(date.min, date.fromordinal(begins.toordinal() - 1), found[0])
    if found["side"] in {"以后", "之后", "后"}:
        return Span(date.fromordinal(ends.toordinal() + 1), date.max, found[0])
    if found["side"] == "起":
        return Span(begins, date.max, found[0])
    return Span(begins, ends, found[0])


def _bound(asked: str) -> Bound | None:
    for found in _BOUND.finditer(asked):
        relation = _AFTER.get(found["after"] or "") or _LEAST_OF.get(found["before"] or "")
        if relation is None:
            continue
        told = found["figure"]
        amount = amount_of(told)
        value = amount.value if amount else Decimal(str(said)) if (said := read_number(told)) is not None else None
        if value is None:
            continue
        scaled = bool(re.search(r"[万亿千]", told))
        return Bound(relation, value, (amount.unit if amount else "") or ("元" if scaled else ""))
    return None


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
