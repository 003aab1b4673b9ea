"""Plain text: encodings, and files that are none."""

from __future__ import annotations

import codecs
import os

import pytest

from core.errors import BadFile
from ingest.readers.text import decode

TEXT = "中小企业数字化转型，从评估开始。\n第二行：上云用数赋智。\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        TEXT.encode("gb18030"),
        TEXT.encode("gbk"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    ],
    ids=["utf-8", "utf-8-bom", "gb18030", "gbk", "utf-16-le", "utf-16-be", "utf-32-le"],
)
def test_reads_the_same_text_in_every_usual_encoding(data: bytes) -> None:
    assert decode(data) == TEXT


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        bytes(range(256)) * 8,
        b"PK\x03\x04" + os.urandom(4000),
        bytes(range(128, 256)) * 20,
    ],
    ids=["png", "all-bytes", "zip", "high-bytes"],
)
def test_refuses_binary_content(data: bytes) -> None:
    with pytest.raises(BadFile):
        decode(data)
