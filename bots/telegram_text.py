"""Our Markdown as Telegram's HTML, in pieces that Telegram takes; everything that comes from outside is escaped.

Telegram counts 4096 UTF-16 units after its entities are parsed and knows no tables, headings or lists:
https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import re
from html import escape

from core.cut import chunks, sentences

LIMIT = 4000
"""UTF-16 units of visible text in a message; a little below Telegram's 4096."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_CODE = re.compile(r"`([^`\n]+)`")
_QUOTATION = re.compile(r"(?:>(?: |$))+")
"""As our Markdown writes it; >30% at the start of a line is none."""
_RULE = re.compile(r"[\s:|-]+")
_REFERENCES = re.compile(r"\n+(?=(?:出处|Source:?) ?\[\d+\])")


def plain(markdown: str) -> str:
    """A line without its marks, as Telegram shows it."""
    return _CODE.sub(r"\1", _BOLD.sub(r"\1", markdown))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _inline(markdown: str) -> str:
    text = escape(_CONTROLS.sub("", markdown), quote=False)
    return _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<b>\1</b>", text))


def clean(text: str) -> str:
    """Text without characters that drive a terminal, turn the reading direction round or are no text at all."""
    return _CONTROLS.sub("", text)


def pieces(markdown: str, limit: int = LIMIT) -> list[str]:
    """The Markdown in pieces, each of which makes one message; cut between paragraphs, then lines, then sentences."""
    lines = [part for line in flat(markdown).split("\n") for part in _fitting(line, limit)]
    found, start = list[list[str]](), 0
    while start < len(lines):
        end = _end(lines, start, limit)
        found.append(lines[start:end])
        start = end
    return [text for piece in found if (text := "\n".join(piece).strip())] or ["…"]


def _end(lines: list[str], start: int, limit: int) -> int:
    """Where a piece that begins at a line ends: at the last paragraph that fits, if that leaves no mere stub."""
    used, end, paragraph = 0, start, start
    while end < len(lines) and used + _units(plain(lines[end])) + 1 <= limit:
        used += _units(plain(lines[end])) + 1
        end += 1
        if end < len(lines) and not lines[end].strip() and used > limit // 3:
            paragraph = end
    return end if end == len(lines) or paragraph == start else paragraph


def _fitting(line: str, limit: int) -> list[str]:
    """A line, cut into sentences and at last anywhere where it is longer than a message; then without its bold."""
    if _units(plain(line)) < limit:
        return [line]
    parts, size = [""], limit // 2 - 1
    for sentence in sentences(line.replace("**", "")):
        for chunk in chunks(sentence, size):
            if _units(parts[-1] + chunk) >= limit:
                parts.append("")
            parts[-1] += chunk
    return parts


def html(piece: str) -> str:
    """One piece as Telegram's HTML: quotations as such, the list of sources in one that opens."""
    found = list(_REFERENCES.finditer("\n" + piece))
    at = found[-1].end() - 1 if found else len(piece)
    shown, quoted = list[str](), list[str]()
    for line in [*piece[:at].split("\n"), ""]:
        if quotation := _QUOTATION.match(line):
            quoted.append(_inline(line[quotation.end() :]))
            continue
        if quoted:
            shown.append(f"<blockquote>{chr(10).join(quoted)}</blockquote>")
            quoted = []
        shown.append(_inline(line))
    text = "\n".join(shown).strip()
    return f"{text}\n<blockquote expandable>{_inline(piece[at:].strip())}</blockquote>".strip() if found else text


def flat(markdown: str) -> str:
    """Markdown without what Telegram does not know: headings become bold, list marks dots, each row of a table a line."""
    lines, heads = list[str](), list[str]()
    for line in clean(markdown).split("\n"):
        if not line.startswith("|"):
            heads = []
            lines.append(_line(line))
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not heads:
            heads = cells
        elif not _RULE.fullmatch(line.strip()):
            lines.append(_row(heads, cells))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _row(heads: list[str], cells: list[str]) -> str:
    """A row of a table: the first cell, then each other one with the head of its column."""
    rest = "；".join(
        f"{head}：{cell}" if head else cell for head, cell in zip(heads[1:], cells[1:], strict=False) if cell
    )
    first = plain(cells[0])
    return f"• **{first}** — {rest}" if first else f"• {rest}"


def _line(line: str) -> str:
    if heading := re.fullmatch(r"#{1,6}\s+(.+)", line):
        return f"**{plain(heading[1])}**"
    if re.fullmatch(r"\s*(-{3,}|\*{3,}|[>\s]+)\s*", line):
        return ""
    return re.sub(r"^(\s*)[-*+] ", r"\1• ", line)
