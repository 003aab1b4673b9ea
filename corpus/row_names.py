"""Rows of tables and the names in a question: which row a question means, and when it means none of those found.

A row's passage says in each of its lines whose it is (ingest.tables): name | header | value.
"""

from __future__ import annotations

import re
from itertools import takewhile

from core.text import bare

SEPARATOR = " | "
ENOUGH = 0.5
"""The share of a name that must stand together in a question for the question to mean it: 白沙戊模具 of 白沙戊模具有限公司."""
FIRM_CHARACTERS = 3
"""A shorter stem is too little to tell a firm by one character."""
_FIRM_END = r"(?:有限责任公司|股份有限公司|有限公司|公司|集团|总厂|工厂|厂|合作社)"
_ENDING = re.compile(_FIRM_END + "$")
_FIRM = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9（）()]{{2,20}}?{_FIRM_END}(?![房商区里内子址])")
_ASKING = re.compile(r"^(?:请问|问一下|查一下|查查|帮我查|帮我看看|我想知道|想知道|那么|那)+")
_NO_NAME = re.compile(
    r"[我你您他她咱俺贵本该这那哪几每各某两家个些的做开]|什么|怎样|小微|中小|[大中小微]型|上市|国有|民营|所有|多少"
)
_PLACE_END = "市县区省镇乡州的"


def row_name(text: str) -> tuple[str, ...]:
    """The parts of the name that every line of a row's passage begins with; empty where the passage is no row."""
    rows = [line.split(SEPARATOR)[:-2] for line in text.split("\n") if SEPARATOR in line]
    shortest = min(map(len, rows), default=0)
    same = takewhile(lambda at: len({row[at] for row in rows}) == 1, range(shortest))
    return tuple(rows[0][at] for at in same)


def named(question: str, name: tuple[str, ...]) -> int:
    """How many characters of a row's name stand together in a squeezed question, part by part."""
    return sum(size for part in name if 2 <= (size := _together(question, bare(part))) >= ENOUGH * len(bare(part)))


def _together(question: str, part: str) -> int:
    """The length of the longest run of a part that stands in a question."""
    return next(
        (
            size
            for size in range(len(part), 1, -1)
            if any(part[at : at + size] in question for at in range(len(part) - size + 1))
        ),
        0,
    )


def stem(firm: str) -> str:
    """What tells a firm from others: 白沙戊模具 of 白沙戊模具有限公司; of what is no firm nothing."""
    cut = _ENDING.sub("", firm)
    return cut if cut != firm and len(cut) >= FIRM_CHARACTERS else ""


def firms(question: str) -> list[str]:
    """The firms that a question calls by name: 白沙戊模具有限公司; not 我们公司, 哪家公司."""
    told = (_ASKING.sub("", found[0]) for found in _FIRM.finditer(question))
    return [firm for firm in told if stem(firm) and not _NO_NAME.search(firm)]


def is_table(text: str) -> bool:
    """Whether a passage is a table of several rows, or the beginning of one."""
    return SEPARATOR in text and not row_name(text)


def told(text: str) -> str:
    """A passage with its rows of tables as sentences: 乙镇 | 企业数 | 7 → 乙镇：企业数7。

    One row is one sentence, so that whoever shows a part of the text never shows the figures of one row under another's name.
    """
    out, block = list[str](), list[str]()
    for line in (*text.split("\n"), ""):
        if SEPARATOR in line:
            block.append(line)
            continue
        out += _block_told(block)
        block = []
        out.append(line)
    return "\n".join(out[:-1])


def _block_told(lines: list[str]) -> list[str]:
    """The lines of one row, or a header and its rows, as sentences; as they are where they are neither."""
    name = row_name("\n".join(lines))
    cells = [line.split(SEPARATOR) for line in lines]
    if name and len(lines) == len([row for row in cells if len(row) == len(name) + 2]):
        return [f"{'，'.join(name)}：{'，'.join(_cell(header, value) for *_, header, value in cells)}。"]
    header, *rows = cells or [[]]
    if not rows or any(len(row) != len(header) for row in rows) or any(c.isdigit() for c in "".join(header)):
        return lines
    return [
        f"{row[0]}：{'，'.join(_cell(head, value) for head, value in zip(header[1:], row[1:], strict=True) if value.strip())}。"
        for row in rows
    ]


def _cell(header: str, value: str) -> str:
    """补助（万元） and 94万元 as 补助94万元; a unit that the value lacks is put behind it."""
    bare_header, _, unit = header.strip().rstrip("）)").replace("(", "（").partition("（")
    value = value.strip()
    if unit and value.endswith(unit):
        return f"{bare_header}{value}"
    if unit and value.replace(".", "").replace(",", "").isdigit():
        return f"{bare_header}{value}{unit}"
    return f"{header.strip()}{value}"


def firms_of(text: str) -> list[str]:
    """The firms whose row or rows a passage of a table is."""
    lines = [row_name(text)] if row_name(text) else [line.split(SEPARATOR) for line in text.split("\n")]
    return [firm for cells in lines if len(cells) > 1 or len(lines) == 1 for c in cells if stem(firm := bare(c))]


def other_firm(question: str, text: str) -> str | None:
    """The firm that a question names where a table's rows are other firms'; None where one may be the same."""
    asked = bare(question)
    others = [_other(asked, firm) for firm in firms_of(text)]
    return next(iter(others), None) if all(others) else None


def _other(asked: str, firm: str) -> str | None:
    """The firm that a squeezed question names where it is not this one."""
    own = stem(firm)
    if own in asked:
        return None
    for at in range(len(asked) - len(own) + 1):
        span = asked[at : at + len(own)]
        changed = [b for a, b in zip(own, span, strict=True) if a != b]
        if span[0] == own[0] and span[-1] == own[-1] and len(changed) == 1 and changed[0] not in _PLACE_END:
            ending = _FIRM.match(asked[at:])
            return ending[0] if ending and len(ending[0]) <= len(firm) + 4 else span
    if _together(asked, own) >= ENOUGH * len(own):
        return None
    return next(iter(firms(asked)), None)
