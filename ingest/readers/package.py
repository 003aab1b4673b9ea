"""The container of .docx, .xlsx and .pptx, checked before a library opens it: what it is, and how large it unpacks."""

from __future__ import annotations

import io
import zipfile

from core.errors import BadFile
from ingest.readers import damaged

MEGABYTE = 1024 * 1024
TOTAL = 400 * MEGABYTE
PART = 200 * MEGABYTE
RATIO = 300
SMALL = 20 * MEGABYTE
MOST = 10_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Where an encrypted document stands in, and what the formats before 2007 are."""


def check(data: bytes, what: str, part: str) -> None:
    """BadFile unless the data is a package that holds `part` and unpacks to a reasonable size. what: as the user calls it."""
    if data.startswith(_OLE):
        raise BadFile(
            f"文件有密码，或其实是旧版格式，不是 {what}。", "用 WPS 或 Office 打开，去掉密码，另存为新格式再录入。"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as exc:
        raise damaged(what) from exc
    if part not in {i.filename for i in infos}:
        raise damaged(what)
    if any(i.flag_bits & 1 for i in infos):
        raise BadFile("文件有密码，打不开。", "用 WPS 或 Office 打开，去掉密码后另存再录入。")
    largest = max(i.file_size for i in infos)
    packed = max(sum(i.compress_size for i in infos), 1)
    total = sum(i.file_size for i in infos)
    absurd = total > SMALL and total > RATIO * packed
    if len(infos) > MOST or total > TOTAL or largest > PART or absurd:
        raise BadFile("文件展开以后大得不正常（可能是压缩炸弹），没有录入。", "用原来的软件打开看看，另存一份再录入。")
