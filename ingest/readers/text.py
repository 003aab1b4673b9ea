"""Plain text and Markdown: bytes in any usual encoding to paragraphs and tables."""

from __future__ import annotations

import unicodedata

from core.errors import BadFile
from ingest.clean import paragraphs
from ingest.parsed import Parsed
from ingest.structure import elements

GUESSED_BYTES = 1024 * 1024
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_RESAVE = "用记事本或 WPS 打开它，另存为 UTF-8 编码的 .txt 再录入。"


def decode(data: bytes) -> str:
    """Text from bytes in UTF-8, UTF-16 or UTF-32 with a mark, or GB18030; BadFile where it is none of them."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_strictly(data, encoding))
    if b"\x00" in data:
        raise BadFile("这不是文本文件，里面是二进制内容。", "请换成 .txt 或 .md 文本；表格和图片先另存为文本。")
    for encoding in ("utf-8", "gb18030"):
        text = _strictly(data, encoding)
        if text is not None and (encoding == "utf-8" or _reads_as_chinese(text)):
            return _checked(text)
    return _checked(_guessed(data))


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        return None


def _reads_as_chinese(text: str) -> bool:
    """Whether a GB18030 reading looks like writing: almost any byte pair is some rare character in that encoding."""
    wide = [c for c in text if ord(c) > 127]
    usual = sum(
        "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" or c in "“”‘’—…·"
        for c in wide
    )
    return usual >= 0.8 * len(wide)


def _guessed(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:GUESSED_BYTES], cp_isolation=["big5", "big5hkscs", "gb18030", "utf_8"]).best()
    return _strictly(data, best.encoding) if best else None


def _checked(text: str | None) -> str:
    if text is None:
        raise BadFile("文件的文字编码认不出来，或文件已损坏。", _RESAVE)
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in "\t\n\r\f\v" for c in text[:100_000])
    if odd > max(2, len(text[:100_000]) // 50):
        raise BadFile("文件里大半不是文字，可能是二进制文件或已损坏。", _RESAVE)
    if not any(c.isalnum() for c in text):
        raise BadFile("文件是空的，没有可以录入的文字。", "换一个有正文的文件；扫描件要先做文字识别（OCR）。")
    return text.lstrip("\ufeff")


def read_text(data: bytes) -> Parsed:
    return Parsed(tuple(elements(paragraphs(decode(data)))))


def read_markdown(data: bytes) -> Parsed:
    return Parsed(tuple(elements(paragraphs(decode(data), markdown=True))))
