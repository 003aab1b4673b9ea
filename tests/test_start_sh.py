"""start.sh in a folder whose name has blanks and Chinese, with and without a Python; the registry is on this machine."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.registry_double import Registry

ROOT = Path(__file__).resolve().parents[1]
WHEEL = "uv-0.0.1-py3-none-any.whl"
TOOLS = ("sh", "env", "uname", "dirname", "cat", "tr", "cut", "grep", "head", "sed", "rm", "chmod", "mkdir", "ln")
FAKE_UV = """#!/bin/sh
echo "$@" >> "$UV_PYTHON_INSTALL_DIR/called"
mkdir -p "$UV_PYTHON_INSTALL_DIR/cpython-3.11.17/bin"
cat > "$UV_PYTHON_INSTALL_DIR/cpython-3.11.17/bin/python3" <<END
#!/bin/sh
exec '{python}' "\\$@"
END
chmod +x "$UV_PYTHON_INSTALL_DIR/cpython-3.11.17/bin/python3"
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="start.sh is for Linux and macOS")


@dataclass
class Machine:
    """A machine of its own: what is on PATH, the registry that it reaches, and the folder with the program."""

    folder: Path
    path: Path
    home: Path
    registry: Registry
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def private(self) -> Path:
        return self.folder / ".xiangdao-python"

    def put(self, name: str, script: str) -> None:
        place = self.path / name
        place.unlink(missing_ok=True)
        place.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        place.chmod(0o755)

    def put_python(self, name: str = "python3") -> None:
        self.put(name, f'exec {shlex.quote(sys.executable)} "$@"')

    def offer_uv(self, script: str = FAKE_UV, sha256: str = "") -> None:
        """Put a wheel with this as uv into the registry, and its hash (or another) into the list of downloads."""
        wheel = self.registry.folder / WHEEL
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("uv-0.0.1.data/scripts/uv", script.replace("{python}", sys.executable))
        sha256 = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
        rows = [
            f"uv {name} {WHEEL} {sha256}\n" for name in ("linux_x86_64", "linux_aarch64", "macos_arm64", "macos_x86_64")
        ]
        (self.folder / "installer/downloads.txt").write_text("".join(rows), encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        variables = {
            "PATH": str(self.path),
            "HOME": str(self.home),
            "PIP_INDEX_URL": self.registry.index,
            "LC_ALL": "C.UTF-8",
        }
        command = [str(self.path / "sh"), str(self.folder / "start.sh"), *arguments]
        return subprocess.run(
            command, env=variables | self.variables, cwd="/", capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Without Python, with the usual tools."""
    folder, path, files = tmp_path / "我的 向导", tmp_path / "bin", tmp_path / "registry"
    for made in (folder / "installer", path, files, tmp_path / "home"):
        made.mkdir(parents=True)
    shutil.copy(ROOT / "start.sh", folder)
    (folder / "start.py").write_text("import sys\nprint('started', sys.argv[1:])\nsys.exit('fail' in sys.argv)\n")
    for tool in TOOLS:
        (path / tool).symlink_to(str(shutil.which(tool)))
    registry = Registry(files, speaks_json=False)
    made = Machine(folder, path, tmp_path / "home", registry)
    put_network_tools(made)
    made.offer_uv()
    yield made
    registry.close()


def put_network_tools(machine: Machine) -> None:
    """The machine's own curl and sha256sum; what it lacks, and unzip, by a script of a line."""
    python = shlex.quote(sys.executable)
    for tool in ("curl", "sha256sum"):
        if found := shutil.which(tool):
            (machine.path / tool).symlink_to(found)
    if not shutil.which("curl"):
        fetch = (
            "import sys, urllib.request; open(sys.argv[-3], 'wb').write(urllib.request.urlopen(sys.argv[-1]).read())"
        )
        machine.put("curl", f'exec {python} -c "{fetch}" "$@" 2>/dev/null')
    if not shutil.which("sha256sum"):
        digest = "import sys, hashlib; print(hashlib.sha256(open(sys.argv[-1], 'rb').read()).hexdigest())"
        machine.put("sha256sum", f'exec {python} -c "{digest}" "$@"')
    show = "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[2]).read(sys.argv[3]))"
    machine.put("unzip", f'exec {python} -c "{show}" "$@"')


def test_the_python_on_the_path_starts_the_program_with_every_argument_as_it_is(machine: Machine) -> None:
    machine.put_python()
    done = machine.start("ask", "你好 吗", 'a"b', "$HOME", "")
    assert done.stdout == f"started {['ask', '你好 吗', chr(97) + chr(34) + 'b', '$HOME', '']}\n"
    assert not machine.private.exists() and not machine.registry.asked


def test_the_programs_exit_status_is_passed_on(machine: Machine) -> None:
    machine.put_python()
    assert machine.start("fail").returncode == 1
    assert machine.start().returncode == 0


@pytest.mark.parametrize("links", ["/files/{name}", "../../files/{name}", "{root}/files/{name}"])
def test_without_python_one_is_brought_by_uv_from_the_registry(machine: Machine, links: str) -> None:
    machine.registry.links = links
    done = machine.start("ask", "你好")
    assert done.stdout == "started ['ask', '你好']\n", done.stderr
    assert "现在下载一个" in done.stderr
    assert (machine.private / "called").read_text() == "python install 3.11\n"


def test_the_second_start_asks_for_nothing(machine: Machine) -> None:
    machine.start()
    machine.registry.asked.clear()
    done = machine.start("ui")
    assert (done.stdout, done.stderr) == ("started ['ui']\n", "") and not machine.registry.asked


def test_a_python_that_is_too_old_or_cannot_make_an_environment_is_passed_over(machine: Machine) -> None:
    machine.put("python3", "exit 1")
    machine.put_python("python3.11")
    assert machine.start().stdout == "started []\n"
    assert not machine.private.exists()
    (machine.path / "python3.11").unlink()
    assert machine.start().stdout == "started []\n"
    assert machine.private.exists()


def test_the_python_of_a_bundle_comes_first(machine: Machine) -> None:
    machine.put("python3", "echo the wrong one")
    (machine.folder / "python/bin").mkdir(parents=True)
    (machine.folder / "python/bin/python3").symlink_to(sys.executable)
    assert machine.start().stdout == "started []\n"


def test_a_bundle_takes_no_python_of_another_version_than_its_wheels(machine: Machine) -> None:
    machine.put_python()
    (machine.folder / "wheels").mkdir()
    other = "3.10" if sys.version_info[:2] != (3, 10) else "3.11"
    (machine.folder / "wheels/python-version.txt").write_text(f"{other}\n")
    assert machine.start().returncode == 1, "the stand-in for uv brings the Python of the tests, which is another"
    assert (machine.private / "called").read_text() == f"python install {other}\n"


# --- what goes wrong is one sentence, and a hint --------------------------------------------------------------------


def sentence(done: subprocess.CompletedProcess[str]) -> tuple[str, str]:
    """The last two lines: what happened, what to do."""
    assert done.returncode == 1 and not done.stdout
    message, hint = done.stderr.splitlines()[-2:]
    assert message.endswith("。") and hint.startswith("  ") and hint.endswith(("。", "log。"))
    return message, hint


def test_a_wheel_with_another_hash_is_never_run(machine: Machine) -> None:
    machine.offer_uv(sha256="0" * 64)
    message, hint = sentence(machine.start())
    assert "校验值不符" in message and "PIP_INDEX_URL" in hint
    assert not (machine.private / "uv").exists() and not (machine.private / "uv.whl").exists()
    assert not (machine.private / "called").exists()


def test_without_a_network_it_says_what_to_do(machine: Machine) -> None:
    machine.registry.close()
    message, hint = sentence(machine.start())
    assert "连不上下载源" in message and "PIP_INDEX_URL" in hint and "安装 Python" in hint


def test_a_registry_without_the_wheel_is_told(machine: Machine) -> None:
    (machine.registry.folder / WHEEL).rename(machine.registry.folder / "uv-0.0.2-py3-none-any.whl")
    assert f"下载源里没有 {WHEEL}" in sentence(machine.start())[0]


def test_a_folder_that_cannot_be_written_is_told(machine: Machine) -> None:
    machine.private.write_text("a file where the folder should be")
    message, hint = sentence(machine.start())
    assert str(machine.folder) in message and "权限" in message and "移到" in hint


@pytest.mark.parametrize(
    ("uv_says", "message"),
    [("error: No space left on device (os error 28)", "磁盘满了"), ("error: dns error", "Python 没有下载成")],
)
def test_a_python_that_cannot_be_brought_is_told(machine: Machine, uv_says: str, message: str) -> None:
    machine.offer_uv(f"#!/bin/sh\necho '{uv_says}' >&2\nexit 2\n")
    assert message in sentence(machine.start())[0]
    assert uv_says in (machine.private / "log").read_text()


def test_a_kind_of_machine_that_nothing_is_listed_for_is_told(machine: Machine) -> None:
    machine.put("uname", "echo Haiku")
    message, hint = sentence(machine.start())
    assert "Haiku" in message and "安装 Python" in hint


def test_without_curl_and_wget_it_says_so(machine: Machine) -> None:
    (machine.path / "curl").unlink()
    assert "没有 curl 或 wget" in sentence(machine.start())[0]


# --- the shortcut ---------------------------------------------------------------------------------------------------


def exec_of(entry: str) -> list[str]:
    """The Exec key of a desktop entry as the specification has it read: string escapes, quoting, field codes."""
    (line,) = re.findall(r"^Exec=(.*)$", entry, re.MULTILINE)
    unescaped = re.sub(r"\\(.)", lambda match: {"s": " ", "n": "\n"}.get(match[1], match[1]), line)
    words = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', unescaped)
    return [re.sub(r'\\(["`$\\])', r"\1", quoted or plain).replace("%%", "%") for quoted, plain in words]


@pytest.mark.parametrize("name", ["我的 向导", 'a"b `c` $d 50% \\e', "it's"])
def test_a_shortcut_is_put_among_the_users_programs_only_when_asked_for(machine: Machine, name: str) -> None:
    machine.put_python()
    machine.folder = machine.folder.rename(machine.folder.with_name(name))
    entry = machine.home / ".local/share/applications/xiangdao.desktop"
    machine.put("uname", "echo Linux")
    machine.start()
    assert not entry.exists()
    done = machine.start("--shortcut")
    assert done.returncode == 0 and str(entry) in done.stderr and not done.stdout
    assert exec_of(entry.read_text(encoding="utf-8")) == ["sh", str(machine.folder / "start.sh")]


@pytest.mark.parametrize("name", ["我的 向导", "it's $5"])
def test_the_macs_shortcut_is_a_command_on_the_desktop_that_starts_the_program(machine: Machine, name: str) -> None:
    machine.put_python()
    machine.folder = machine.folder.rename(machine.folder.with_name(name))
    machine.put("uname", "echo Darwin")
    machine.start("--shortcut")
    command = machine.home / "Desktop/向导.command"
    variables = {"PATH": str(machine.path), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [str(machine.path / "sh"), str(command)], env=variables, capture_output=True, text=True, check=False
    )
    assert done.stdout == "started []\n", done.stderr


def test_a_shortcut_that_cannot_be_written_is_told(machine: Machine) -> None:
    machine.put_python()
    machine.put("uname", "echo Linux")
    (machine.home / ".local").write_text("a file where the folder should be")
    assert "没有写成快捷方式" in sentence(machine.start("--shortcut"))[0]
