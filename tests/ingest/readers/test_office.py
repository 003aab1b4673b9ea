"""Old formats through LibreOffice, a stand-in that the tests write; text tables; and what is done where it is missing."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadFile
from eval.made_documents import MAKERS
from ingest import load
from ingest.limited import Bounds
from ingest.parsed import Parsed
from ingest.readers import CONVERTED, SUFFIXES, office, read, suffixes
from ingest.sandbox import Stopped
from tests.ingest.readers.test_formats import NOTICE, lines_in, tables_in

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
STAND_IN = """
import json, os, pathlib, subprocess, sys, time
from tests_content import files
arguments = dict(a.lstrip("-").split("=", 1) for a in sys.argv if a.startswith("-") and "=" in a)
kind, out, source = sys.argv[sys.argv.index("--convert-to") + 1], sys.argv[sys.argv.index("--outdir") + 1], pathlib.Path(sys.argv[-1])
here = pathlib.Path(__file__).parent
profile = pathlib.Path(arguments["env:UserInstallation"].removeprefix("file://"))
settings = (profile / "user" / "registrymodifications.xcu").read_text("utf-8")
(here / "seen.json").write_text(json.dumps({
    "arguments": sys.argv[1:], "environment": dict(os.environ), "settings": settings, "folder": os.getcwd(), "source": source.name,
}))
data = source.read_bytes()
if b"SLOW" in data:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (here / "child").write_text(str(child.pid))
    time.sleep(60)
if b"FAIL" in data:
    sys.exit(0)
made = b"no package at all" if b"WRONG" in data else files(kind)
if b"LARGE" in data:
    made += bytes(3 * 1024 * 1024)
os.makedirs(out, exist_ok=True)
(pathlib.Path(out) / f"{source.stem}.{kind}").write_bytes(made)
"""


class Office:
    """A folder with a program of LibreOffice's name, which notes how it was called."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for kind in ("docx", "xlsx"):
            (folder / f"made.{kind}").write_bytes(MAKERS[f".{kind}"](NOTICE))
        (folder / "made.pptx").write_bytes(_slides())
        (folder / "tests_content.py").write_text(
            "import pathlib\ndef files(kind):\n    return (pathlib.Path(__file__).parent / f'made.{kind}').read_bytes()\n"
        )
        if os.name == "nt":
            (folder / "stand_in.py").write_text(STAND_IN)
            (folder / "soffice.bat").write_text(f'@"{sys.executable}" "{folder / "stand_in.py"}" %*\n')
        else:
            (folder / "soffice").write_text(f"#!{sys.executable}\n{textwrap.dedent(STAND_IN)}")
            (folder / "soffice").chmod(0o755)

    @property
    def seen(self) -> dict[str, Any]:
        return json.loads((self._folder / "seen.json").read_text())

    @property
    def was_called(self) -> bool:
        return (self._folder / "seen.json").exists()

    @property
    def child(self) -> int:
        return int((self._folder / "child").read_text())


def _slides() -> bytes:
    import io

    from pptx import Presentation

    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[1]).shapes.title.text = "补贴怎么领"
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


@pytest.fixture
def libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(office, "_PLACES", ())
    monkeypatch.setenv("PATH", str(folder))
    return Office(folder)


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))


def parsed(data: bytes, suffix: str, stop: threading.Event | None = None) -> Parsed:
    return load.parse(load.Loaded(data, suffix, f"旧文件{suffix}"), stop=stop)


@pytest.mark.parametrize("suffix", CONVERTED)
def test_an_old_file_is_converted_and_read_as_a_new_one(libreoffice: Office, suffix: str) -> None:
    found = parsed(b"{\\rtf1 text}" if suffix == ".rtf" else OLE, suffix)
    kind = CONVERTED[suffix].removeprefix(".")
    wanted = _slides() if kind == "pptx" else MAKERS[f".{kind}"](NOTICE)
    assert found.elements == read(wanted, f".{kind}").elements
    assert found.notes[0] == "由 LibreOffice 转换后录入。"
    called = libreoffice.seen["arguments"]
    assert called[called.index("--convert-to") + 1] == kind and "--headless" in called


@pytest.mark.parametrize(("suffix", "source"), [(".wps", "file.doc"), (".et", "file.xls"), (".dps", "file.ppt")])
def test_the_formats_of_wps_are_given_the_names_that_libreoffice_knows(
    libreoffice: Office, suffix: str, source: str
) -> None:
    parsed(OLE, suffix)
    assert libreoffice.seen["source"] == source


def test_libreoffice_gets_a_profile_of_its_own_without_macros_and_nobody_s_home(
    libreoffice: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGDAO_SECRET", "geheim")
    parsed(OLE, ".doc")
    seen = libreoffice.seen
    assert 'MacroSecurityLevel" oor:op="fuse"><value>3' in seen["settings"]
    assert 'BlockUntrustedRefererLinks" oor:op="fuse"><value>true' in seen["settings"]
    assert "XIANGDAO_SECRET" not in seen["environment"] and "--infilter=MS Word 97" in seen["arguments"]
    home = seen["environment"]["HOME" if os.name == "posix" else "USERPROFILE"]
    assert home != str(Path.home()) and Path(home).name.startswith("xiangdao-office-")
    assert not Path(seen["folder"]).exists()


@pytest.mark.parametrize(
    ("data", "suffix", "name"),
    [
        (b"{\\rtf1 text}", ".doc", "Rich Text Format"),
        ("<html><body>正文</body></html>".encode(), ".doc", "HTML (StarWriter)"),
        ("\ufeff<table><tr><td>二级</td></tr></table>".encode(), ".xls", "HTML (StarCalc)"),
        ("\ufeff<html><table><tr><td>二级</td></tr></table></html>".encode("utf-16-le"), ".xls", "HTML (StarCalc)"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><W/>', ".xls", "MS Excel 2003 XML"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?><W/>', ".doc", "MS Word 2003 XML"),
        (OLE, ".et", "MS Excel 97"),
        (OLE, ".ppt", "MS PowerPoint 97"),
    ],
)
def test_what_a_file_is_decides_by_which_filter_it_is_read(
    libreoffice: Office, data: bytes, suffix: str, name: str
) -> None:
    parsed(data, suffix)
    assert f"--infilter={name}" in libreoffice.seen["arguments"]


@pytest.mark.usefixtures("nothing_installed")
def test_what_only_has_an_old_name_needs_no_libreoffice() -> None:
    found = parsed("等级\t比例\n二级\t40%\n".encode("gb18030"), ".xls")
    assert tables_in(found.elements)[0].rows == (("等级", "比例"), ("二级", "40%"))
    assert found.notes == ("文件里其实是 .csv 的内容，照此录入。",)
    assert parsed(MAKERS[".docx"](NOTICE), ".doc").elements == read(MAKERS[".docx"](NOTICE), ".docx").elements


@pytest.mark.parametrize(("data", "suffix"), [(b"x", ".doc"), (b"\x00\x01" * 500, ".xls"), (b"MZ\x90", ".ppt")])
def test_what_is_no_such_file_is_refused_before_anything_is_started(
    libreoffice: Office, data: bytes, suffix: str
) -> None:
    with pytest.raises(BadFile, match="不是真正的"):
        parsed(data, suffix)
    assert not libreoffice.was_called


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize("suffix", CONVERTED)
def test_without_libreoffice_the_refusal_says_what_to_do(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"旧文件{suffix}"
    path.write_bytes(b"{\\rtf1 text}" if suffix == ".rtf" else OLE)
    with pytest.raises(BadFile, match=r"这是") as error:
        load.parse(load.load(path))
    assert f"另存为 {CONVERTED[suffix]}" in error.value.hint and "LibreOffice" in error.value.hint
    assert not load.takes(path) and suffixes() == SUFFIXES


def test_with_libreoffice_the_old_formats_are_taken(libreoffice: Office) -> None:
    assert suffixes() == SUFFIXES | set(CONVERTED)
    assert load.takes(Path("旧.DOC"))


def test_a_file_that_it_cannot_open_or_makes_nothing_of_is_refused(libreoffice: Office) -> None:
    with pytest.raises(BadFile, match="打不开这个文件：可能有密码") as error:
        parsed(OLE + b"FAIL", ".doc")
    assert "另存为 .docx" in error.value.hint
    with pytest.raises(BadFile, match="不是真正的 Word"):
        parsed(OLE + b"WRONG", ".doc")


@pytest.mark.skipif(os.name != "posix", reason="Windows sets no such limits")
def test_a_converted_file_has_a_largest_size(libreoffice: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "BOUNDS", Bounds(file_mb=1))
    with pytest.raises(BadFile, match=r"打不开|不是真正的"):
        parsed(OLE + b"LARGE", ".doc")
    monkeypatch.setattr(office, "BOUNDS", Bounds())
    monkeypatch.setattr(office, "LARGEST", 1024 * 1024)
    with pytest.raises(BadFile, match="太大"):
        parsed(OLE + b"LARGE", ".doc")


def test_one_that_takes_too_long_is_ended_with_all_that_it_has_started(
    libreoffice: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "BOUNDS", Bounds(time_s=3))
    with pytest.raises(BadFile, match="超过 3 秒"):
        parsed(OLE + b"SLOW", ".doc")
    assert _ends(libreoffice.child)


def test_whoever_ordered_it_can_take_it_back(libreoffice: Office) -> None:
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        parsed(OLE + b"SLOW", ".doc", stop)
    assert time.monotonic() - started < 20


def _ends(process: int, within_s: float = 10.0) -> bool:
    """Whether a process ends soon; one that nobody has waited for yet has ended as well."""
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        state = Path(f"/proc/{process}/stat")
        try:
            os.kill(process, 0)
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_table_as_text_is_one_table(encoding: str, sign: str) -> None:
    text = "企业,补助比例,限额\n样例一厂,40%,50万元\n样例二厂,45%,80万元\n".replace(",", sign)
    (table,) = read(text.encode(encoding), ".csv").elements
    assert tables_in([table])[0].rows == (
        ("企业", "补助比例", "限额"),
        ("样例一厂", "40%", "50万元"),
        ("样例二厂", "45%", "80万元"),
    )


def test_quoted_cells_keep_their_commas_quotes_and_lines() -> None:
    text = '名称,说明\r\n甲,"1,200 家，\r\n其中 ""规上"" 300 家"\r\n'
    (table,) = tables_in(read(text.encode(), ".csv").elements)
    assert [cell.replace(" ", "") for cell in table.rows[1]] == ["甲", '1,200家，其中"规上"300家']


def test_a_line_for_excel_names_the_delimiter_and_a_title_is_no_row() -> None:
    found = read("sep=;\n样例清单;;\n序号;企业;金额\n1;样例一厂;3,5\n2;样例二厂;4,5\n".encode(), ".csv").elements
    (table,) = tables_in(found)
    assert table.caption == "样例清单" and table.rows[1] == ("1", "样例一厂", "3,5")
    assert lines_in(read("甲\n乙\n".encode(), ".csv").elements) == ["甲", "乙"]


def test_a_table_that_is_too_large_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.delimited.MOST_CELLS", 6)
    found = read("等级,比例\n二级,40%\n三级,45%\n四级,50%\n".encode(), ".csv")
    assert len(tables_in(found.elements)[0].rows) == 3 and found.notes == ("表格太大，只录入了前面的部分。",)


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b'a,"' + b"x" * 200_000 + b"\n"])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile):
        read(data, ".csv")
