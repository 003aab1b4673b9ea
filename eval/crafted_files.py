"""Files made to be trouble: bombs, cycles, endless nesting, impossible sizes, names that lie; each small, drawn by chance."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping

MEGABYTE = 1024 * 1024
_W = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
_W_END = b"</w:body></w:document>"
_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_MANY = (1_000, 20_000, 200_000)
Made = tuple[str, bytes]
"""A suffix and the bytes."""


def crafted(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """One file of trouble. whole: a well-formed file of each suffix, which some are made from."""
    return chance.choice(_KINDS)(whole, chance)


def _wrong_ending(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    return chance.choice(list(whole)), whole[chance.choice(list(whole))]


def _spliced(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """The beginning of one file and the end of another."""
    one, other = chance.choice(list(whole)), chance.choice(list(whole))
    first, last = whole[one], whole[other]
    return one, first[: chance.randrange(len(first))] + last[chance.randrange(len(last)) :]


def _noise(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    return chance.choice(list(whole)), chance.randbytes(chance.choice((1, 40, 5_000, 200_000)))


def _with_part(suffix: str, data: bytes, part: str, content: bytes) -> Made:
    """A package with one part put in the place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in source.infolist():
            if info.filename != part:
                made.writestr(info.filename, source.read(info))
        made.writestr(part, content)
    return suffix, out.getvalue()


_PARTS = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".pptx": "ppt/slides/slide1.xml",
}


def _bomb(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    suffix = chance.choice(list(_PARTS))
    blanks = b" " * (chance.choice((5, 25)) * MEGABYTE)
    return _with_part(suffix, whole[suffix], _PARTS[suffix], blanks)


def _deep(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """Elements within elements."""
    depth, suffix = chance.choice(_MANY), chance.choice((*_PARTS, ".html"))
    tag = {
        ".docx": b"w:tbl",
        ".xlsx": b"row",
        ".pptx": b"p:grpSp",
        ".html": chance.choice((b"div", b"table", b"ul", b"b")),
    }[suffix]
    nest = b"<" + tag + b">"
    close = (b"</" + tag + b">") * depth if chance.random() < 0.5 else b""
    if suffix == ".html":
        return suffix, b"<html><body>" + nest * depth + "正文".encode() + close + b"</body></html>"
    head, end = (_W, _W_END) if suffix == ".docx" else (_SHEET + b"<sheetData>", b"</sheetData></worksheet>")
    return _with_part(suffix, whole[suffix], _PARTS[suffix], head + nest * depth + close + end)


def _laughs(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """Entities that unfold to billions."""
    suffix = chance.choice(list(_PARTS))
    entities = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"lol") for n in range(12))
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE x ['
        + entities
        + b"]>"
        + _W
        + b"<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>"
        + _W_END
    )
    return _with_part(suffix, whole[suffix], _PARTS[suffix], xml)


def _huge_table(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """Cells at the end of the sheet, spans of billions."""
    size = chance.choice((70_000, 10**9, 2**63))
    if chance.random() < 0.4:
        cell = b'<td rowspan="%d" colspan="%d">1</td>' % (size, size)
        return ".html", b"<table><tr>" + cell * chance.choice((1, 50)) + b"</tr><tr><td>2</td></tr></table>"
    if chance.random() < 0.5:
        cell = b'<w:tc><w:tcPr><w:gridSpan w:val="%d"/></w:tcPr><w:p/></w:tc>' % size
        table = b"<w:tbl><w:tr>" + cell * 3 + b"</w:tr></w:tbl>"
        return _with_part(".docx", whole[".docx"], _PARTS[".docx"], _W + table + _W_END)
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>' * chance.choice((0, 1, 200))
    xml = _SHEET + b'<dimension ref="A1:XFD1048576"/><sheetData>' + rows + b"</sheetData>" + merged + b"</worksheet>"
    return _with_part(".xlsx", whole[".xlsx"], _PARTS[".xlsx"], xml)


def _formulas(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """Formulas that rest on themselves, on all cells, or within each other without end."""
    body = chance.choice(
        (
            b"A1",
            b"B1+1",
            b"SUM(A1:XFD1048576)",
            b"(" * 5000 + b"1" + b")" * 5000,
            b"9^9^9^9^9",
            b"REPT(&quot;a&quot;,9999999)",
        )
    )
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><f>%s</f></c><c r="B%d"><f>A%d</f></c></row>' % (n, n, body, n, n)
        for n in range(1, 40)
    )
    return _with_part(
        ".xlsx", whole[".xlsx"], _PARTS[".xlsx"], _SHEET + b"<sheetData>" + rows + b"</sheetData></worksheet>"
    )


def _pdf_cycle(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """Page trees, forms and outlines that lead back to themselves; pages of impossible size."""
    kids = chance.choice((b"2 0 R", b"2 0 R 3 0 R 2 0 R", b"3 0 R " * 3000))
    box = chance.choice((b"0 0 595 842", b"0 0 1e30 1e30", b"0 0 0 0", b"-9e9 -9e9 9e9 9e9", b"0 0 -5 nan"))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d/Parent 2 0 R>>" % chance.choice((1, -1, 2**31, 99999)),
        b"<</Type/Page/Parent 2 0 R/MediaBox["
        + box
        + b"]/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>/Font 3 0 R>>>>",
        b"<</Length 8>>stream\n/X Do /X Do\nendstream",
        b"<</First 5 0 R/Last 5 0 R/Next 5 0 R/Title(x)/Parent 5 0 R>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length 5>>stream\n/X Do\nendstream",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return ".pdf", body + b"trailer<</Root 1 0 R/Size 7>>\n%%EOF"


def _picture(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """A picture that says it is as large as a town."""
    data = bytearray(whole[".png"])
    data[16:24] = chance.choice((b"\x7f\xff\xff\xff\x7f\xff\xff\xff", b"\x00\x01\x86\xa0" * 2, b"\x00" * 8))
    return chance.choice((".png", ".jpg", ".webp", ".bmp", ".tif")), bytes(data)


def _odd_text(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """One endless line, unclosed brackets and quotes, runs of marks, columns without end."""
    count = chance.choice(_MANY)
    piece = chance.choice((
        "（", "《“【", "一、", "1.", "（一）", "第一条 ", "。", "附件：", "2026年", "1,", "\t", "| ", "- ", "#", "\u202e", "\u0301", "a", "9",
        "〔2026〕1号", "根据《办法》", "…", "\r", "“a,", "https://x.cn/", "0.", "有效期至", "\U0001f600", "==", "**", "第一章 ",
    ))  # fmt: skip
    ending = chance.choice(("", "\n", "\n\n"))
    size = min(count, 400_000 // len(piece + ending))
    return chance.choice((".txt", ".md", ".csv", ".html")), ("开头 " + (piece + ending) * size).encode(
        "utf-8", "replace"
    )


def _archive(whole: Mapping[str, bytes], chance: random.Random) -> Made:
    """Archives: names that lead out, archives in archives, bombs, files that say other sizes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for at in range(chance.choice((1, 3, 2500))):
            name = chance.choice(
                ("../../跑出去.txt", "/etc/x.txt", "C:\\x.txt", "好.txt", "a/" * 200 + "深.txt", "空.txt", "坏.docx")
            )
            made.writestr(f"{at}{name}" if at else name, b"" if "空" in name else "一、每周五盘点。".encode())
        match chance.randrange(3):
            case 0:
                made.writestr("炸.txt", b" " * (25 * MEGABYTE))
            case 1:
                made.writestr("里面.zip", out.getvalue()[:2000])
            case _:
                made.writestr("通知.docx", whole[".docx"])
    data = bytearray(out.getvalue())
    for _ in range(chance.choice((0, 0, 3, 20))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return ".zip", bytes(data)


_KINDS: tuple[Callable[[Mapping[str, bytes], random.Random], Made], ...] = (
    _wrong_ending, _spliced, _spliced, _noise, _bomb, _deep, _laughs, _huge_table, _formulas, _pdf_cycle, _picture, _odd_text, _odd_text,
    _archive,
)  # fmt: skip
