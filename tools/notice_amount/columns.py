"""The rows of a table as rules: what a column holds is told by its name and its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.text import squeeze
from core.types import Passage
from corpus.typed_tables import TypedTable
from tools.notice_amount.figures import figures
from tools.notice_amount.model import Band, Limit, Rule

_CAP = re.compile(r"最高|上限|封顶|限额|不超过|至多|最多")
_LEAST = re.compile(r"起点|门槛|最低|起补|不低于")
_NUMBER = re.compile(r"[\d.,]+")
_NOTHING = frozenset({"", "—", "-", "/", "——", "无", "不限", "－"})
_MONTHLY = re.compile(r"[·/／每]\s*(?:人)?个?月")
_TITLE_UNIT = re.compile(r"(?:单位[：:为是]?|[（(])\s*(万元|元|亿元)(?:/([\u4e00-\u9fff]{1,4}))?")


def table_rules(number: int, table: TypedTable, passages: Sequence[Passage]) -> Iterator[Rule]:
    """The rules of a table, one for each cell that gives something."""
    kinds = [_kind(table, at) for at in range(len(table.names))]
    values = [at for at, kind in enumerate(kinds) if kind == "value"]
    if not values:
        return
    for row in table.rows:
        where = _passage_of(row, passages)
        labels = [row[at] for at, kind in enumerate(kinds) if kind == "label" and row[at]]
        for at in values:
            rule = _rule(number, table, row, at, kinds, labels, len(values) > 1, where)
            if rule:
                yield rule


def _kind(table: TypedTable, at: int) -> str:
    """label, value, cap, least, note: what a column holds."""
    cells = [row[at] for row in table.rows if row[at] not in _NOTHING]
    name = table.names[at]
    if not cells:
        return "label"
    numeric = [cell for cell in cells if _NUMBER.fullmatch(cell) or re.search(r"\d\s*(?:%|％|元|万|亿)", cell)]
    ranged = [
        cell
        for cell in cells
        if (rows := figures(_spelled(table, at, cell))) and (rows[0].low != rows[0].high or len(rows) > 1)
    ]
    if len(numeric) * 2 < len(cells) or re.search(r"序号|编号", name):
        counted = _CAP.search(name) and any(figures(cell) for cell in cells)
        return "cap" if counted else "label"
    if _CAP.search(name):
        return "cap"
    if _LEAST.search(name):
        return "least"
    if len(ranged) * 2 > len(cells):
        return "label"
    return "value"


def _unit_of_table(table: TypedTable, at: int) -> tuple[str, str]:
    """万元 or 元, and of one what, as the column, the title or the cell's column say it."""
    for text in (table.names[at], table.units[at], table.title):
        if found := _TITLE_UNIT.search(text) or re.search(r"(万元|元|亿元)(?:/(?:每)?([\u4e00-\u9fff]{1,4}))?", text):
            return found[1], found[2] or ""
    return "", ""


def _spelled(table: TypedTable, at: int, cell: str) -> str:
    if _NUMBER.fullmatch(cell):
        name = table.names[at]
        unit = "%" if re.search(r"[%％]", name + table.units[at]) else _unit_of_table(table, at)[0]
        return cell + unit
    return cell


def _rule(
    number: int,
    table: TypedTable,
    row: Sequence[str],
    at: int,
    kinds: Sequence[str],
    labels: Sequence[str],
    several: bool,
    where: Passage,
) -> Rule | None:
    """The rule of one cell. several: whether the row has more cells that give."""
    cell, name = row[at], re.split(r"·(?!月)", table.names[at])[-1]
    rows = figures(_spelled(table, at, cell)) if cell not in _NOTHING else []
    gives = [one for one in rows if one.measure in {"money", "share"} and one.low == one.high]
    if not gives:
        return None
    one = gives[0]
    most = [one for one in gives[1:] if re.search(r"(?:最高|不超过|封顶|上限)[^，]{0,4}$", cell[: one.start])]
    caps = [Limit(limit.words, amount=limit.value) for limit in rows if limit.low is None and limit.measure == "money"]
    caps += [Limit(f"最高{limit.words}", amount=limit.value) for limit in most]
    beside, more, bands = _beside(table, row, at, kinds)
    bands += _ranges(name, table.title) if several else []
    head = "，".join([*labels, *([name] if several else [])])
    unread = "一格里有几个数" if len(gives) - len(most) > 1 else ""
    if re.search(r"上浮|提高|减半|加\d|再[加奖补]|下浮", "".join(labels)):
        unread = "是在别的行上加减的"
    elif _MONTHLY.search(f"{table.names[at]}{table.units[at]}{cell}"):
        unread = "按月给，还缺算几个月、最长几个月"
    return Rule(
        f"{'，'.join(labels)}：{name}{cell}{beside}", head, table.title, where, -1,
        share=one.value if one.measure == "share" else None, sum=one.value if one.measure == "money" else None,
        base=name if one.measure == "share" else "", unit=_each(table, at, cell),
        bands=tuple(bands), limits=(*caps, *more), table=number, unread=unread,
    )  # fmt: skip


def _beside(
    table: TypedTable, row: Sequence[str], at: int, kinds: Sequence[str]
) -> tuple[str, list[Limit], list[Band]]:
    """What the other cells of a row add: words, caps, and the bands for which it holds."""
    words, caps, bands = "", list[Limit](), list[Band]()
    for other, kind in enumerate(kinds):
        text, name = row[other], table.names[other]
        if other == at or text in _NOTHING:
            continue
        if kind == "cap":
            words += f"，{name}{text}"
            caps += _caps(table, other, text)
        elif kind == "least":
            least = figures(_spelled(table, other, text))[:1]
            bands += [
                Band(f.measure, f.unit, f.value, None, False, False, f"{name}{text}", name, least=True) for f in least
            ]
        elif kind == "label":
            bands += _ranges(_spelled(table, other, text), name)
    return words, caps, bands


def _each(table: TypedTable, at: int, cell: str) -> str:
    for text in (cell, table.names[at], table.units[at]):
        if found := re.search(
            r"元[/／每](?:每)?([\u4e00-\u9fff]{1,4})|每([个台套件人辆吨]?[\u4e00-\u9fff]{0,4}?)(?:补|奖|\d|$)", text
        ):
            each = found[1] or found[2]
            return "" if each in {"户", "家", "企业", "年", "家企业"} else each
    return _unit_of_table(table, at)[1]


def _caps(table: TypedTable, at: int, cell: str) -> list[Limit]:
    found, name = [], table.names[at]
    for one in figures(_spelled(table, at, cell)):
        each = re.search(
            r"[每单]([台套件个人次项家辆吨场]?[\u4e00-\u9fff]{0,4}?)(?:最高|上限|限|封顶|不|$|（|\()",
            name + cell[: one.start],
        )
        unit = each[1] if each and each[1] not in {"户", "家", "企业", "家企业", "年", "个企业"} else ""
        if one.measure == "money":
            found.append(Limit(f"{name}{cell}", amount=one.value, each=unit))
        elif one.measure == "share":
            found.append(Limit(f"{name}{cell}", share=one.value, each=unit))
        elif one.measure == "count":
            found.append(Limit(f"{name}{cell}", number=one.value, each=one.unit))
    return found


def _ranges(text: str, noun: str) -> list[Band]:
    """The one band that a label tells: 1年以上不足3年, 500万元以下."""
    rows = figures(text)
    if not rows or len(rows) > 2 or len({(row.measure, row.unit) for row in rows}) != 1:
        return []
    if len(rows) == 1 and rows[0].low == rows[0].high:
        return []
    opened = bool(re.search(r"超过|不足|低于|高于|不满|小于|大于|不含", text))
    one, within = rows[0], "部分" in text
    low, high = one.low, one.high
    if len(rows) == 2:
        tail = text[rows[1].start :]
        low, high, within = one.value, rows[1].value, False
        open_low = bool(re.search("超过|高于|大于", text[: one.end]))
        open_high = "含" not in tail or "不含" in tail
    elif low is None or one.words.startswith(("不足", "低于", "不满", "小于", "少于")):
        low, high, open_low = None, one.value, False
        open_high = (opened and "不超过" not in text) or ("以下" in text and "含" not in text)
    elif high is None:
        low, open_low, open_high = one.value, opened and "不低于" not in text, False
    else:
        open_low, open_high = False, "含" not in text[one.end :]
    return [Band(one.measure, one.unit, low, high, open_low, open_high, text, noun, within)]


def _passage_of(row: Sequence[str], passages: Sequence[Passage]) -> Passage:
    cells = [squeeze(cell) for cell in row if cell not in _NOTHING]
    return min(passages, key=lambda p: (-sum(cell in squeeze(p.text) for cell in cells), len(p.text)))
