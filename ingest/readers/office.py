"""Formats of Office before 2007 and of WPS: made the present ones by LibreOffice, where it is installed.

Runs in the caller's process, before the parser's, which may start nothing. LibreOffice gets the file in a folder of its
own, a profile of its own that runs no macros and follows no links, limits of time and memory, and an environment that
names nobody's home.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from core.errors import BadFile
from ingest.limited import Bounds, OutOfTime, run
from ingest.readers import CONVERTED, damaged, refusal

BOUNDS = Bounds()
LARGEST = 200 * 1024 * 1024
"""Bytes of a converted file."""
NOTE = "由 LibreOffice 转换后录入。"
STARTS = 2000
"""Bytes in which a file shows what it is."""
_ZIP = b"PK\x03\x04"
_MARK = re.compile(rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff")
_KINDS = (
    (
        re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        {".docx": "MS Word 97", ".xlsx": "MS Excel 97", ".pptx": "MS PowerPoint 97"},
    ),
    (re.compile(rb"\{\\rtf"), {".docx": "Rich Text Format"}),
    (re.compile(rb'<\?xml.{,500}?progid="Word\.Document"', re.S), {".docx": "MS Word 2003 XML"}),
    (re.compile(rb'<\?xml.{,500}?progid="Excel\.Sheet"', re.S), {".xlsx": "MS Excel 2003 XML"}),
    (
        re.compile(rb"\s*<(?:!doctype html|html|head|meta|body|table)\b", re.I),
        {".docx": "HTML (StarWriter)", ".xlsx": "HTML (StarCalc)"},
    ),
)
"""How a file begins, and by which of LibreOffice's filters it is read for which format; none is tried beside that one."""
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_KEPT = ("PATH", "SYSTEMROOT", "WINDIR", "SYSTEMDRIVE", "PROGRAMFILES", "LANG", "LC_ALL", "LC_CTYPE")
_PLAIN = {".wps": ".doc", ".et": ".xls", ".dps": ".ppt"}
"""Endings by which LibreOffice knows the formats that WPS writes under its own."""
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetFTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetFTPProxyPort", "9"),
)
"""No macros; no links updated; whatever it may want to fetch all the same is asked of a proxy that is none."""
_one_at_a_time = threading.Lock()


def program() -> str | None:
    """Where LibreOffice is; None where it is not installed."""
    placed = next((place for place in _PLACES if Path(place).is_file()), None)
    return placed or shutil.which("soffice") or shutil.which("libreoffice")


def told_apart(data: bytes, suffix: str) -> str:
    """The suffix of what a file is: its own where it has to be converted, that of a reader where it only has a wrong name.

    Many systems give text the name of a workbook. Raises BadFile for what is none of it.
    """
    if _filter(data, CONVERTED[suffix]):
        return suffix
    if data.startswith(_ZIP):
        return CONVERTED[suffix]
    if CONVERTED[suffix] == ".xlsx" and (_MARK.match(data) or b"\x00" not in data[:STARTS]):
        return ".csv"
    raise damaged(suffix)


def _filter(data: bytes, kind: str) -> str:
    """The filter by which LibreOffice reads a file for a format; empty where there is none."""
    mark = _MARK.match(data)
    start = data[mark.end() if mark else 0 :][:STARTS]
    plain = start.replace(b"\x00", b"") if mark else start
    return next((filters.get(kind, "") for begins, filters in _KINDS if begins.match(plain)), "")


def converted(data: bytes, suffix: str, stop: threading.Event | None = None) -> bytes | None:
    """The file in the present format, CONVERTED[suffix]; None where `stop` was set before. Raises BadFile."""
    office = program()
    if office is None:
        raise refusal(suffix)
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="xiangdao-office-", ignore_cleanup_errors=True) as name:
        folder, kind = Path(name), CONVERTED[suffix]
        source = folder / f"file{_PLAIN.get(suffix, suffix)}"
        source.write_bytes(data)
        _write_settings(folder)
        command = [
            office, f"-env:UserInstallation={folder.as_uri()}/profile", "--headless", "--norestore", "--nolockcheck",
            f"--infilter={_filter(data, kind)}", "--convert-to", kind.removeprefix("."), "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        try:
            if run(command, BOUNDS, _environment(folder), folder, stop) is None:
                return None
        except OutOfTime as exc:
            raise BadFile(f"LibreOffice 转换这个文件超过 {BOUNDS.time_s:.0f} 秒，已停止。", _by_hand(kind)) from exc
        except OSError as exc:
            raise BadFile("LibreOffice 运行不起来，文件没有录入。", _by_hand(kind)) from exc
        return _made(folder / "out" / f"file{kind}", kind)


def _made(path: Path, kind: str) -> bytes:
    if not path.is_file() or path.stat().st_size == 0:
        raise BadFile("LibreOffice 打不开这个文件：可能有密码，或已损坏。", f"去掉密码；{_by_hand(kind)}")
    if path.stat().st_size > LARGEST:
        raise BadFile("文件转换以后太大，没有录入。", "拆成几个小文件，或把图片压小后再录入。")
    return path.read_bytes()


def _by_hand(kind: str) -> str:
    return f"用 WPS 或 Office 打开，另存为 {kind} 再录入。"


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    homes = (
        ("HOME", "TMPDIR", "XDG_CACHE_HOME") if sys.platform != "win32" else ("TEMP", "TMP", "USERPROFILE", "APPDATA")
    )
    return kept | dict.fromkeys(homes, str(folder)) | {"SAL_USE_VCLPLUGIN": "svp"}


def _write_settings(folder: Path) -> None:
    """A profile that begins with _SETTINGS."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        "utf-8",
    )
