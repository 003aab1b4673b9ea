"""Small files as Word, Excel, PowerPoint and WPS write them, made part by part: what python-docx and openpyxl never write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ingest.parsed import Paragraph, Parsed
from ingest.readers import read
from ingest.structure import outline
from ingest.tables import row_texts

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_BY = 'w:id="1" w:author="张三" w:date="2026-03-01T08:00:00Z"'
GONE = f"<w:rPr><w:del {_BY}/></w:rPr>"
"""In a paragraph's properties: its end was deleted."""
MOVED = f"<w:rPr><w:moveFrom {_BY}/></w:rPr>"


def r(text: str, properties: str = "") -> str:
    """A run of Word."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def inserted(text: str) -> str:
    return f"<w:ins {_BY}>{r(text)}</w:ins>"


def deleted(text: str) -> str:
    return f"<w:del {_BY}><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def moved_from(text: str) -> str:
    return f'<w:moveFromRangeStart {_BY} w:name="m1"/><w:moveFrom {_BY}>{r(text)}</w:moveFrom><w:moveFromRangeEnd w:id="1"/>'


def moved_to(text: str) -> str:
    return f'<w:moveToRangeStart {_BY} w:name="m1"/><w:moveTo {_BY}>{r(text)}</w:moveTo><w:moveToRangeEnd w:id="1"/>'


def p(inner: str, properties: str = "") -> str:
    """A paragraph, of text or of runs."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner if inner.startswith('<') else r(inner)}</w:p>"


def listed(text: str, num: int = 1, level: int = 0) -> str:
    """A paragraph with an automatic number."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if inner.startswith(('<w:p>', '<w:tbl>', '<w:sdt>')) else p(inner)}</w:tc>"


def tr(cells: Iterable[str], properties: str = "") -> str:
    made = (cell if cell.startswith(("<w:tc>", "<w:sdt>")) else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(made)}</w:tr>"


def tbl(*rows: Sequence[str] | str) -> str:
    """A table; a row is its cells, or made before."""
    return f"<w:tbl><w:tblPr/>{''.join(row if isinstance(row, str) else tr(row) for row in rows)}</w:tbl>"


def sdt(inner: str, properties: str = "") -> str:
    """A content control."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def text_box(*paragraphs: str) -> str:
    """A run with a text box: as Word draws it, and once more for programs of before 2010."""
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic><a:graphicData>"
        f"<wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def note(number: int, kind: str = "footnote") -> str:
    """The sign in the text that refers to a footnote or endnote."""
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def notes(texts: Mapping[int, str], kind: str = "footnote") -> str:
    """The part that holds the footnotes or endnotes, with the rules that Word keeps in it."""
    made = "".join(f'<w:{kind} w:id="{n}">{t if t.startswith("<") else p(t)}</w:{kind}>' for n, t in texts.items())
    rule = f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
    return f"<w:{kind}s {SPACES}>{rule}{made}</w:{kind}s>"


def level(at: int, text: str, kind: str = "decimal", start: int = 1, more: str = "") -> str:
    """A level of a list."""
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(levels: str, *nums: str) -> str:
    """One pattern of lists and the lists of it, numbered from 1; each is what it overrides, empty where nothing."""
    made = "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="0"/>{num}</w:num>' for at, num in enumerate(nums or ("",), 1)
    )
    return f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{made}</w:numbering>'


def anew(at: int = 0, start: int = 1) -> str:
    """A list that begins anew."""
    return f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def word(*blocks: str, main: str = "word/document.xml", kind: str = "document", **parts: str) -> bytes:
    """A Word document of these blocks. parts: styles, numbering, footnotes and endnotes as XML; kind: document or template."""
    body = f"<w:document {SPACES}><w:body>{''.join(blocks)}<w:sectPr/></w:body></w:document>"
    folder = main.rpartition("/")[0]
    overrides = f'<Override PartName="/{main}" ContentType="{_KINDS}{kind}.main+xml"/>' + "".join(
        f'<Override PartName="/{folder}/{name}.xml" ContentType="{_KINDS}{name}+xml"/>' for name in parts
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_R}/{name}" Target="{name}.xml"/>' for at, name in enumerate(parts, 1)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_R}/officeDocument" Target="{main}"/></Relationships>',
        main: body,
        f"{folder}/_rels/{main.rpartition('/')[2]}.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
        ),
        **{f"{folder}/{name}.xml": part for name, part in parts.items()},
    }
    return packed((name, text.encode()) for name, text in files.items())


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts:
            file.writestr(name, data)
    return out.getvalue()


def renamed(data: bytes, old: str, new: str) -> bytes:
    """A package in which a part has another name, and so where it is named. old, new: without folders."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = [(i.filename, file.read(i)) for i in file.infolist()]
    naming = (".rels", "[Content_Types].xml")
    return packed(
        (name.replace(old, new), part.replace(old.encode(), new.encode()) if name.endswith(naming) else part)
        for name, part in parts
    )


def strict(data: bytes) -> bytes:
    """A package in the stricter variant of its format."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = [(i.filename, file.read(i)) for i in file.infolist()]
    usual, other = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    kinds = (b"officeDocument", b"wordprocessingml", b"spreadsheetml", b"presentationml", b"drawingml")
    out = []
    for name, part in parts:
        for kind in kinds:
            part = part.replace(usual + kind + b"/2006/", other + kind + b"/")
        out.append((name, part))
    return packed(out)


def saved(file: Any) -> bytes:
    """The bytes of a document, a workbook or a deck."""
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def book(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> Any:
    """A workbook of these sheets; what is None stays empty."""
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)
    for at, rows in enumerate(sheets):
        sheet = made.create_sheet(names[at] if names else f"Sheet{at + 1}")
        for row_at, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(row_at, column, value)
    return made


def html_table(rows: Sequence[Sequence[str]], more: str = "") -> str:
    made = "".join(
        "<tr>" + "".join(c if c.startswith("<td") else f"<td>{c}</td>" for c in row) + "</tr>" for row in rows
    )
    return f"<table>{more}{made}</table>"


def page(body: str, head: str = "") -> bytes:
    return f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()


def table_files(rows: Sequence[Sequence[str]], above: Sequence[str] = ()) -> dict[str, bytes]:
    """One table below its lines, as Word, Excel and a page."""
    return {
        ".docx": word(*(p(line) for line in above), tbl(*rows)),
        ".xlsx": saved(book([*([line] for line in above), *rows])),
        ".html": page("".join(f"<p>{line}</p>" for line in above) + html_table(rows)),
    }


def everything(parsed: Parsed) -> str:
    """All that was read, in its order."""
    return "\n".join(
        e.text if isinstance(e, Paragraph) else "\n".join(" | ".join(row) for row in ((e.caption,), *e.rows))
        for e in parsed.elements
    )


def told(data: bytes, suffix: str) -> list[str]:
    """What the rows of a file's tables say: label | column | value, figures with their units."""
    blocks = outline(read(data, suffix).elements)
    return [line for b in blocks if b.table for _, lines in row_texts(b.table) for line in lines]
