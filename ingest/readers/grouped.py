"""Rows that head the rows below them (一、江北片区), and forms, whose labels stand beside what is filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from ingest.tables import is_figure

PATH = "·"
LONGEST_GROUP = 30
LONGEST_LABEL = 16
ENOUGH = 0.4
"""The share of a table's labels that must be ones of forms for it to be one."""
_TOTAL = re.compile(r"(?:总\s*计|合\s*计|总\s*数|共\s*计)")
_NOTE = re.compile(r"(?:备?注|说明|填表说明)\s*[:：]|.*[。；]$")
_NUMBERED = re.compile(
    r"(?:[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]|[一二三四五六七八九十]{1,3}\s*[、.．])\s*(?P<name>.*)"
)
_COUNTED = re.compile(r"[一二三四五六七八九十]{1,3}")
SUBTOTAL = "小计"
_DEEPER = re.compile(r"[（(]\s*[一二三四五六七八九十\d]+\s*[）)]|\d+\s*[.、．]")
_FIELD = re.compile(
    r"(?:(?:申报|申请|推荐|承担|项目|参评|投保|用人|填报)?(?:单位|企业|项目|公司|机构|产品|工厂|车间)(?:全称|名称|简称|地址|性质|类型|类别|规模|简介|基本情况)"
    r"|姓\s*名|性\s*别|出生年月|学\s*历|职\s*[务称]|身份证号码?|法定代表人|(?:项目|技术)?负责人|联\s*系\s*人|经办人|填表人"
    r"|(?:联系|办公|移动|固定)?电\s*话|手\s*机(?:号码?)?|传\s*真|(?:电子)?邮\s*箱|邮\s*编|(?:注册|通讯|通信|详细|联系|生产)?地\s*址"
    r"|(?:统一)?社会信用代码|组织机构代码|(?:注册|成立)(?:时间|日期|资本|资金)|所属(?:行业|区域|地区|县区)|行业(?:类别|代码)?|主营(?:业务|产品)"
    r"|(?:职工|员工|从业)(?:人数|总数|人员)?|(?:上年度?|年)?(?:营业|销售)收入|资产总额|纳税(?:总?额)?|开户(?:银)?行|(?:银行)?账\s*号|户\s*名"
    r"|申[报请](?:类别|事项|金额|日期|时间|理由|内容|补助金额)|项目(?:总?投资|起止时间|内容|概况)|(?:建设|起止|开工|完工)(?:期|时间|日期)"
    r"|(?:所在地|县区|区级|市级|主管|推荐)?(?:部门|单位)?(?:审核|推荐|审批)?意见|(?:单位)?盖\s*章|签\s*[字章名]|承诺|填报日期|备\s*注)"
    r"(?:[（(][^（）()]{1,12}[）)])?[:：]?"
)


class Placed(Protocol):
    """A cell: its text, and how many rows it covers."""

    @property
    def text(self) -> str: ...

    @property
    def rows(self) -> int: ...


def with_groups(rows: Sequence[Sequence[str]], alone: Sequence[str], depth: int) -> list[list[str]]:
    """The rows of a table, each under the rows that head it: those become a first column.

    alone: of each row its text where it says only one thing; depth: how many rows are the header. Without such rows the
    table stays as it is.
    """
    heads = {
        at: name
        for at in range(depth, len(rows) - 1)
        if (name := alone[at] if _heads(alone[at]) else _in_two_cells(rows[at], rows[at + 1]))
    }
    totals = {at: name for at in range(depth, len(rows) - 1) if (name := _with_total(rows[at], rows[at + 1]))}
    if not heads and not totals:
        return [list(row) for row in rows]
    out: list[list[str]] = [["", *row] for row in rows[:depth]]
    path: list[str] = []
    for at in range(depth, len(rows)):
        name = heads.get(at) or totals.get(at) or ""
        if name:
            deeper = bool(_DEEPER.match(name))
            path = [*path[:1], name] if deeper and path and not _DEEPER.match(path[0]) else [name]
        if at in totals:
            out.append([PATH.join(path), *_subtotal(rows[at])])
            continue
        if at in heads:
            continue
        total = any(_TOTAL.match(cell.strip()) for cell in rows[at][:2])
        out.append(["" if total else PATH.join(path), *rows[at]])
    return out


def _in_two_cells(row: Sequence[str], below: Sequence[str]) -> str:
    """The name of a row that says a Chinese number, a name and nothing more, where the row below is none such."""
    told, under = ([cell.strip() for cell in cells if cell.strip()] for cells in (row, below))
    if len(row) < 3 or len(told) != 2 or not _COUNTED.fullmatch(told[0]) or is_figure(told[1]):
        return ""
    return "、".join(told) if under and not _COUNTED.fullmatch(under[0]) and _heads(told[1]) else ""


def _subtotal(row: Sequence[str]) -> list[str]:
    """A row that heads others without its words: what it says in figures is their subtotal."""
    words = [cell for cell in row if cell.strip() and not is_figure(cell)]
    name = row.index(words[-1]) if words else 0
    return [SUBTOTAL if at == name else "" if cell in words else cell for at, cell in enumerate(row)]


def _with_total(row: Sequence[str], below: Sequence[str]) -> str:
    """The name of a row that heads those below it and gives their total; empty where it is another row.

    Its words are a Chinese number and a name; everything else in it is a figure, and the row below says more: as many
    words, its own number counted as one, and no Chinese number.
    """
    told = [cell.strip() for cell in row if cell.strip()]
    words = [cell for cell in dict.fromkeys(told) if not is_figure(cell)]
    under = [cell.strip() for cell in below if cell.strip()]
    more = sum(not is_figure(cell) or (at == 0 and cell.isdecimal()) for at, cell in enumerate(under))
    if (
        not 1 <= len(words) <= 2
        or not any(map(is_figure, told))
        or more < len(words)
        or len("".join(words)) > LONGEST_GROUP
        or _COUNTED.fullmatch(under[0])
    ):
        return ""
    numbered = _COUNTED.fullmatch(words[0]) and len(words) == 2
    found = _NUMBERED.fullmatch(f"{words[0]}、{words[1]}" if numbered else "".join(words))
    return found[0] if found and found["name"] and not _TOTAL.match(found["name"]) else ""


def is_note(text: str) -> bool:
    return bool(_NOTE.match(text))


def is_numbered(text: str) -> bool:
    """Whether a text begins as headings do: 一、 or （二）."""
    return bool(_NUMBERED.match(text))


def _heads(text: str) -> bool:
    return bool(text) and len(text) <= LONGEST_GROUP and not _NOTE.match(text) and not _TOTAL.match(text.strip())


def pairs_of(rows: Sequence[Sequence[Placed]]) -> list[tuple[str, str]]:
    """The labels of a form, each with what is filled in beside it; empty where the rows are no form."""
    found: list[tuple[str, str]] = []
    for row in rows:
        cells = list(row)
        if len(cells) % 2 and len(cells) > 1 and cells[0].rows > 1:
            cells = cells[1:]
        cells = _with_one_blank(cells)
        if len(cells) == 1 and cells[0].text.strip():
            found.append((cells[0].text.strip(), "")) if _is_label(cells[0].text) else None
            continue
        texts = [" ".join(cell.text.split()) for cell in cells]
        if len(texts) % 2 and _is_label(texts[-1]):
            texts.append("")
        found += zip(texts[::2], texts[1::2], strict=False)
    labels = [label for label, _ in found]
    known = sum(_is_label(label) for label in labels)
    values = [value for _, value in found if value]
    blank = not any(value.strip("□☐ 　") for value in values)
    if known < (2 if blank else 3) or known < ENOUGH * len(labels) or len(set(labels)) < 0.8 * len(labels):
        return []
    if sum(map(_is_label, values)) > 0.15 * len(values) + 0.5:
        return []
    return found


def _with_one_blank(cells: Sequence[Placed]) -> list[Placed]:
    """The cells of a row, one blank where several stand between labels: the place of a value may be wider than a cell."""
    kept: list[Placed] = []
    for at, cell in enumerate(cells):
        begins = cell.text.strip() or not kept or kept[-1].text.strip()
        told = next((other.text for other in cells[at:] if other.text.strip()), "")
        if begins or (told and not _is_label(told)):
            kept.append(cell)
    return kept


def _is_label(text: str) -> bool:
    bare = "".join(text.split())
    parts = re.split(r"及|和|[/／、]", bare)
    return len(bare) <= LONGEST_LABEL and (bool(_FIELD.fullmatch(bare)) or all(map(_FIELD.fullmatch, parts)))
