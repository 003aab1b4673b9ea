"""The container of .docx, .xlsx and .pptx, checked before a library opens it: what it is, and how large it unpacks."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib

from lxml import etree

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
_UNREADABLE = (NotImplementedError, ValueError, EOFError, RuntimeError, OSError)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_TYPES = "[Content_Types].xml"
_OTHER_MAIN = re.compile(rb"(wordprocessingml|spreadsheetml|presentationml)\.(?:template|slideshow)\.main\+xml")
_MAIN = {b"wordprocessingml": b".document", b"spreadsheetml": b".sheet", b"presentationml": b".presentation"}
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")


def opened(data: bytes, what: str, kind: str) -> bytes:
    """The package, made one that the libraries read; BadFile where it is none of its kind or unpacks unreasonably.

    what: as the user calls it; kind: how the content type of its main part names it, wordprocessingml for one. Which
    part is the main one the package's relationships say, whatever its name. The stricter variant of the format, which
    differs in the names of its vocabularies, is given the usual ones, and so are templates and shows saved as documents.
    """
    if data.startswith(_OLE):
        raise BadFile(
            f"文件有密码，或其实是旧版格式，不是 {what}。", "用 WPS 或 Office 打开，去掉密码，另存为新格式再录入。"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            checked(package)
            main = _main_part(package)
            if main is None or kind not in _content_type(package, main):
                raise damaged(what)
            usual = not _is_strict(package) and not _OTHER_MAIN.search(package.read(_TYPES))
            return data if usual else _with_usual_names(package)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, *_UNREADABLE) as exc:
        raise damaged(what) from exc


def checked(package: zipfile.ZipFile, program: str = " WPS 或 Office ") -> None:
    """Raise BadFile for a package with a password, or one that unpacks unreasonably. program: what people open it with."""
    infos = package.infolist()
    if any(i.flag_bits & 1 for i in infos):
        raise BadFile("文件有密码，打不开。", f"用{program}打开，去掉密码后另存再录入。")
    largest = max((i.file_size for i in infos), default=0)
    packed = max(sum(i.compress_size for i in infos), 1)
    total = sum(i.file_size for i in infos)
    absurd = total > SMALL and total > RATIO * packed
    if len(infos) > MOST or total > TOTAL or largest > PART or absurd:
        raise BadFile("文件展开以后大得不正常（可能是压缩炸弹），没有录入。", "用原来的软件打开看看，另存一份再录入。")


def _main_part(package: zipfile.ZipFile) -> str | None:
    """The name of the part that the package's own relationships name as its document."""
    root = etree.fromstring(package.read("_rels/.rels"), _PARSER)
    for relation in root.iterfind("{*}Relationship"):
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            name = posixpath.normpath(str(relation.get("Target", "")).lstrip("/"))
            return name if name in package.namelist() else None
    return None


def _content_type(package: zipfile.ZipFile, part: str) -> str:
    root = etree.fromstring(package.read(_TYPES), _PARSER)
    for override in root.iterfind("{*}Override"):
        if str(override.get("PartName", "")).lstrip("/").lower() == part.lower():
            return str(override.get("ContentType", ""))
    ending = part.rpartition(".")[2].lower()
    found = (d for d in root.iterfind("{*}Default") if str(d.get("Extension", "")).lower() == ending)
    return next((str(d.get("ContentType", "")) for d in found), "")


def _is_strict(package: zipfile.ZipFile) -> bool:
    return b"http://purl.oclc.org/ooxml/" in package.read("_rels/.rels")


def _with_usual_names(package: zipfile.ZipFile) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as usual:
        for info in package.infolist():
            part = package.read(info)
            if info.filename.endswith((".xml", ".rels")):
                part = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", part)
            if info.filename == _TYPES:
                part = _OTHER_MAIN.sub(lambda m: m[1] + _MAIN[m[1]] + b".main+xml", part)
            usual.writestr(info.filename, part)
    return out.getvalue()
