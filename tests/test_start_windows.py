"""What Windows runs: start.cmd, start.ps1 and the installer's script. They are read here; only makensis is run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from core.errors import NotAvailable
from installer import nsis
from installer.target import PYTHON, TARGETS

ROOT = Path(__file__).resolve().parents[1]
BOM = b"\xef\xbb\xbf"
CMD = (ROOT / "start.cmd").read_bytes()
PS1 = (ROOT / "start.ps1").read_bytes()
NSI = nsis.SCRIPT.read_bytes()


def script(raw: bytes) -> str:
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


# --- encodings: what cmd and Windows PowerShell 5.1 can read ----------------------------------------------------------


def test_start_cmd_is_ascii_since_cmd_reads_it_in_the_machines_code_page() -> None:
    assert CMD.isascii()


def test_start_ps1_begins_with_the_mark_that_powershell_5_needs_for_chinese() -> None:
    assert PS1.startswith(BOM) and not PS1.isascii()


def test_the_installers_script_begins_with_the_mark_that_makensis_needs_for_chinese() -> None:
    assert NSI.startswith(BOM)


@pytest.mark.parametrize("raw", [CMD, PS1])
def test_every_line_ends_as_on_windows(raw: bytes) -> None:
    assert raw.endswith(b"\r\n") and raw.count(b"\n") == raw.count(b"\r\n") > 5 and raw.count(b"\r") == raw.count(b"\n")


# --- start.cmd --------------------------------------------------------------------------------------------------------


def unquoted(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


@pytest.mark.parametrize(
    "line", [line for line in script(CMD).splitlines() if "%" in line and not line.startswith("rem")]
)
def test_every_path_in_start_cmd_is_quoted(line: str) -> None:
    """Only a number may stand outside quotes, and %* which keeps its own."""
    assert line.count('"') % 2 == 0
    assert set(re.findall(r"%[^%\s]+%?|%\*", unquoted(line))) <= {"%*", "%STATUS%"}


def test_start_cmd_runs_start_ps1_beside_it_with_every_argument_and_its_exit_status() -> None:
    (call,) = [line for line in script(CMD).splitlines() if "-File" in line]
    assert call.endswith('-File "%~dp0start.ps1" %*') and "-NoProfile" in call and "-ExecutionPolicy Bypass" in call
    assert script(CMD).splitlines()[-1] == "exit /b %STATUS%"


# --- start.ps1 --------------------------------------------------------------------------------------------------------

CLOSES = {")": "(", "]": "[", "}": "{"}


def read_powershell(text: str) -> tuple[list[str], list[str]]:
    """The strings of a script, and what is wrong with its quotes and brackets."""
    strings: list[str] = []
    open_brackets: list[str] = []
    wrong: list[str] = []
    token = re.compile(r"""'(?:[^'\n]|'')*'|"(?:[^"`\n]|`.|"")*"|\#[^\n]*|[()\[\]{}]|['"]|.""", re.DOTALL)
    for match in token.finditer(text):
        part = match[0]
        if len(part) > 1 and part[0] in "'\"":
            strings.append(part)
        elif part in ("'", '"'):
            wrong.append(f"a quote that is not closed at {text[: match.start()].count(chr(10)) + 1}")
        elif part in CLOSES.values():
            open_brackets.append(part)
        elif part in CLOSES and (not open_brackets or open_brackets.pop() != CLOSES[part]):
            wrong.append(f"{part} at line {text[: match.start()].count(chr(10)) + 1}")
    return strings, wrong + open_brackets


@pytest.mark.parametrize("broken", ["if ($a { }", "'a", '"a', "@{ a = 1", "f(1))", "[int)"])
def test_the_reading_of_powershell_finds_what_is_broken(broken: str) -> None:
    assert read_powershell(broken)[1]


def test_the_quotes_and_brackets_of_start_ps1_are_closed() -> None:
    strings, wrong = read_powershell(script(PS1))
    assert not wrong and len(strings) > 40


def test_no_string_of_start_ps1_holds_a_curly_quote_which_powershell_takes_for_its_end() -> None:
    assert not re.findall("[‘’‚‛“”„]", script(PS1))


def test_no_argument_for_a_program_holds_a_double_quote_which_powershell_5_loses() -> None:
    (check,) = re.findall(r"\$fits = (.*?)\n(?=#|\$)", script(PS1), re.DOTALL)
    assert '"' not in check and "ensurepip" in check


def test_every_file_that_start_ps1_names_is_there() -> None:
    named = re.findall(r"Join-Path \$here '([^']+)'", script(PS1))
    own = {name for name in named if (ROOT / name.replace("\\", "/")).is_file()}
    assert own == {"installer\\downloads.txt", "installer\\xiangdao.ico", "start.cmd", "start.py"}
    assert set(named) - own == {".xiangdao-python", "python\\python.exe", "wheels\\python-version.txt"}


def test_every_function_that_start_ps1_calls_is_defined_before_it_runs() -> None:
    text = script(PS1)
    defined = re.findall(r"^function ([\w-]+)", text, re.MULTILINE)
    own = {"Stop-WithHint", "Test-Python", "Get-Inside", "Find-Python", "Get-Uv", "Get-Python", "New-Shortcut"}
    assert set(defined) == own
    assert all(len(re.findall(rf"\b{name}\b", text)) > 1 for name in own)
    assert text.rindex("\nfunction ") < text.index("\n$python = @(Find-Python)")


@pytest.mark.parametrize("name", ["start.ps1", "start.sh"])
def test_both_scripts_take_the_pythons_that_start_py_takes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8-sig")
    assert "(3, 10) <= version <= (3, 14)" in text
    assert "(3, 10)" in (ROOT / "start.py").read_text(encoding="utf-8")
    for hint in ("PIP_INDEX_URL", "UV_PYTHON_INSTALL_MIRROR", "3.10–3.14", "校验值不符", "磁盘满了", "权限"):
        assert hint in text, hint


# --- the list of downloads --------------------------------------------------------------------------------------------


def test_the_list_of_downloads_has_uv_and_the_bundles_python_for_every_target_with_a_hash() -> None:
    lines = (ROOT / "installer/downloads.txt").read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    assert {(kind, target) for kind, target, _, _ in rows} == {
        (kind, name) for kind in ("uv", "python") for name in TARGETS
    }
    assert all(re.fullmatch("[0-9a-f]{64}", sha256) for *_, sha256 in rows)
    assert len({re.split("-", name)[1] for kind, _, name, _ in rows if kind == "uv"}) == 1
    version = f"cpython-{'.'.join(map(str, PYTHON))}%2B"
    assert all(version in name and name.startswith("https://") for kind, _, name, _ in rows if kind == "python")


# --- the installer ----------------------------------------------------------------------------------------------------


@pytest.fixture
def small_bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "我的 包" / "xiangdao-9.9-win_amd64"
    for name in ("core", "wheels", "python"):
        (folder / name).mkdir(parents=True)
        (folder / name / f"{name}.bin").write_bytes(f"the content of {name}, as it stands in {name}".encode() * 9)
    (folder / "start.cmd").write_bytes(CMD)
    (folder / "LICENSE").write_text("free")
    return folder


def test_the_installer_is_for_one_user_and_asks_for_no_administrator() -> None:
    text = script(NSI)
    assert "\nRequestExecutionLevel user\n" in text and '\nInstallDir "$LOCALAPPDATA\\' in text
    assert "HKLM" not in text and "SetShellVarContext all" not in text
    assert set(re.findall(r"^\s*(?:Write|Delete)Reg\w+ (\w+)", text, re.MULTILINE)) == {"HKCU"}


def test_the_uninstaller_removes_by_name_and_never_the_whole_folder(small_bundle: Path) -> None:
    text = script(NSI) + nsis.removal_of(small_bundle)
    assert not re.search(r'RMDir\s+/r\s+"?\$INSTDIR\\?"?\s*$', text, re.MULTILINE)
    for name in ("core", "wheels", "python", ".venv", ".xiangdao-python"):
        assert f'RMDir /r "$INSTDIR\\{name}"' in text
    for name in ("start.cmd", "LICENSE", ".xiangdao-setup.log"):
        assert f'Delete "$INSTDIR\\{name}"' in text


def test_what_an_update_removes_leaves_the_environment(small_bundle: Path) -> None:
    program, environment = nsis.removal_of(small_bundle).split("!macroend\n")[:2]
    assert ".venv" not in program and ".venv" in environment and "core" not in environment
    install, uninstall = script(NSI).split('Section "Uninstall"')
    assert "RemoveProgram" in install and "RemoveEnvironment" not in install
    assert "RemoveProgram" in uninstall and "RemoveEnvironment" in uninstall


needs_makensis = pytest.mark.skipif(not shutil.which("makensis"), reason="缺 makensis：python3 start.py test 会装")


@needs_makensis
def test_makensis_builds_an_installer_that_holds_the_bundle(small_bundle: Path, tmp_path: Path) -> None:
    made = nsis.build(small_bundle, tmp_path, "9.9")
    content = made.read_bytes()
    assert made.name == "xiangdao-9.9-win_amd64-setup.exe" and content.startswith(b"MZ")
    assert (small_bundle / "wheels/wheels.bin").read_bytes() in content, "wheels are stored as they are"
    assert (small_bundle / "core/core.bin").read_bytes() not in content, "the program is compressed"
    assert not list(tmp_path.glob("*.nsh"))


@needs_makensis
def test_a_makensis_that_fails_is_a_sentence(small_bundle: Path, tmp_path: Path) -> None:
    shutil.rmtree(small_bundle / "wheels")
    with pytest.raises(NotAvailable, match="makensis 没有做成安装程序"):
        nsis.build(small_bundle, tmp_path, "9.9")


def test_without_makensis_it_says_where_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotAvailable) as told:
        nsis.check("Windows")
    assert "没有 makensis" in told.value.message and "apt install nsis" in told.value.hint
