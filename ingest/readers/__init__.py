"""One reader a format: the bytes of a file become ingest.parsed.Parsed. They run in the parser's process only; what must
be converted before, `office` has converted outside it.

Every one raises BadFile for what it cannot read; what else it raises is told as a damaged file.
"""

from __future__ import annotations

from collections.abc import Callable

from core.errors import BadFile
from ingest.parsed import Parsed

Told = Callable[[int, int], None]
"""Called with the pages done and the pages there are."""

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})
SUFFIXES = PICTURES | frozenset(
    {".txt", ".md", ".csv", ".pdf", ".ofd", ".docx", ".xlsx", ".xlsm", ".pptx", ".html", ".htm"}
)
"""What can be read; `.zip` is opened before, and its members are read one by one."""

KINDS = "PDF、OFD、Word（.docx）、Excel（.xlsx、.csv）、PPT（.pptx）、网页（.html）、图片、.txt、.md"
CONVERTED = {
    **dict.fromkeys((".doc", ".wps", ".rtf"), ".docx"),
    **dict.fromkeys((".xls", ".et"), ".xlsx"),
    **dict.fromkeys((".ppt", ".dps"), ".pptx"),
}
"""What can be read where LibreOffice is installed, and the format that it is made."""

_SAVED = "用 WPS 或 Office 打开，另存为 {} 再录入。"
_OLD = "用 WPS 或 Office 打开，另存为 {} 再录入；装向导的电脑上有 LibreOffice（免费）的话，可以直接录入。"
REFUSED = {
    ".doc": ("这是旧版 Word 文件（.doc）。", _OLD.format(".docx")),
    ".wps": ("这是 WPS 文字文件（.wps）。", _OLD.format(".docx")),
    ".rtf": ("这是 .rtf 文件。", _OLD.format(".docx")),
    ".docm": ("这是带宏的 Word 文件（.docm），宏不安全。", _SAVED.format(".docx")),
    ".xls": ("这是旧版 Excel 文件（.xls）。", _OLD.format(".xlsx")),
    ".et": ("这是 WPS 表格文件（.et）。", _OLD.format(".xlsx")),
    ".ppt": ("这是旧版 PPT 文件（.ppt）。", _OLD.format(".pptx")),
    ".dps": ("这是 WPS 演示文件（.dps）。", _OLD.format(".pptx")),
    ".caj": ("这是知网的 .caj 文件。", "在知网改下载 PDF 版再录入。"),
    ".rar": ("这是 .rar 压缩包。", "解压以后录入整个文件夹，或重新压成 .zip。"),
    ".7z": ("这是 .7z 压缩包。", "解压以后录入整个文件夹，或重新压成 .zip。"),
    ".gz": ("这是 .gz 压缩包。", "解压以后再录入。"),
    ".tar": ("这是 .tar 包。", "解压以后录入整个文件夹。"),
}
"""Kinds of file that people have and that cannot be read, those in CONVERTED not everywhere: what it is, and what to do."""


def suffixes() -> frozenset[str]:
    """What can be read on this machine."""
    from ingest.readers import office

    return SUFFIXES | CONVERTED.keys() if office.program() else SUFFIXES


def read(data: bytes, suffix: str, name: str = "", told: Told | None = None) -> Parsed:
    """Read one file. suffix: lower case with its dot, one of SUFFIXES; name: of the file, or the address of a page."""
    return _reader(suffix)(data, name, told or (lambda done, total: None))


def _reader(suffix: str) -> Callable[[bytes, str, Told], Parsed]:
    """The reader of a format, imported when first needed; called with the data, the name and what to tell pages to."""
    if suffix in {".txt", ".md"}:
        from ingest.readers.text import read_markdown, read_text

        return lambda data, name, told: read_markdown(data) if suffix == ".md" else read_text(data)
    if suffix == ".pdf":
        from ingest.readers.pdf import read as read_pdf

        return lambda data, name, told: read_pdf(data, told)
    if suffix == ".ofd":
        from ingest.readers.ofd import read as read_ofd

        return lambda data, name, told: read_ofd(data, told)
    if suffix == ".docx":
        from ingest.readers.docx import read as read_docx

        return lambda data, name, told: read_docx(data)
    if suffix in {".xlsx", ".xlsm"}:
        from ingest.readers.xlsx import read as read_xlsx

        return lambda data, name, told: read_xlsx(data)
    if suffix == ".csv":
        from ingest.readers.delimited import read as read_delimited

        return lambda data, name, told: read_delimited(data)
    if suffix == ".pptx":
        from ingest.readers.pptx import read as read_pptx

        return lambda data, name, told: read_pptx(data)
    if suffix in {".html", ".htm"}:
        from ingest.readers.html import read as read_html

        return lambda data, name, told: read_html(data, name)
    if suffix in PICTURES:
        from ingest.readers.picture import read as read_picture

        return lambda data, name, told: read_picture(data, told)
    raise refusal(suffix)


def refusal(suffix: str) -> BadFile:
    """Why a kind of file is not taken in, and what to do."""
    if suffix in REFUSED:
        return BadFile(*REFUSED[suffix])
    return BadFile(
        f"不认识的文件类型：{suffix or '没有扩展名'}。",
        f"能录入的是 {KINDS} 和它们的 .zip。",
    )


def damaged(what: str) -> BadFile:
    """A file whose inside is not what its name says."""
    return BadFile(f"文件已损坏，或不是真正的 {what} 文件。", "重新下载，或用原来的软件打开后另存一份再录入。")
