"""An offline bundle: the project, the wheels of its exact pins and a Python, for one kind of machine.

    python3 start.py bundle --platform win_amd64 [--extra NAME …] [--out FOLDER] [--dry-run] [--installer]

On the machine that it is for, start.cmd or start.sh of the bundle installs from its wheels/ folder, without a network.
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from packaging.requirements import Requirement

from core.errors import BadInput, NotAvailable, XiangdaoError
from installer import nsis, registry
from installer.registry import File, Found
from installer.target import PYTHON, TARGETS, Target

ROOT = Path(__file__).resolve().parents[1]
DOWNLOADS = ROOT / "installer/downloads.txt"
RELEASES = "https://github.com/astral-sh/python-build-standalone/releases/download"
EXTRAS = ("bots", "embed", "llm", "npu", "ocr")
TAKEN = (
    *("assistant", "bots", "core", "corpus", "docs", "eval", "ingest", "installer", "prompts", "requirements"),
    *("tools", "ui", "start.py", "start.cmd", "start.ps1", "start.sh", "pyproject.toml"),
    *("README.md", "README.en.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
)
"""What of the project goes into a bundle: all but the tests and what only developers' tools read."""
LOOKING_AT_ONCE = 8
WITH_UNPACKING = 1.3  # room for the Python that is unpacked and what the file system rounds up


@dataclass(frozen=True)
class Contents:
    """The files that a bundle needs from the registry."""

    wheels: tuple[File, ...]
    sources: tuple[Found, ...]
    """Pins that have no wheel anywhere: a compiler is needed where they are installed."""

    def files(self) -> list[File]:
        return [*self.wheels, *(found.source for found in self.sources if found.source)]


def main(argv: list[str]) -> int:
    """Make a bundle, or only tell what it would hold; every expected failure is a sentence and status 1."""
    given = parser().parse_args(argv)
    try:
        target = target_of(given.platform, given.extra)
        index = find_index()
        contents = resolve(given.extra, index, target)
        tell(contents, target)
        if not given.dry_run:
            make(contents, target, given)
    except XiangdaoError as error:
        say(f"{error.message}\n  {error.hint}")
        return 1
    except KeyboardInterrupt:
        say("已中断。\n  再次运行同一条命令即可接着做，下过的不会再下。")
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    made = _ChineseParser(prog="start.py bundle", description="做一个离线安装包。")
    made.add_argument("--platform", required=True, metavar="PLATFORM", help=f"给哪种电脑：{known_targets()}")
    extras = "、".join(EXTRAS)
    made.add_argument("--extra", action="append", default=[], metavar="NAME", help=f"再放进一个附加组件：{extras}")
    made.add_argument("--out", type=Path, default=Path("dist"), metavar="FOLDER", help="做在哪个文件夹里，默认 dist")
    made.add_argument("--dry-run", action="store_true", help="只看要放进什么、多大，不下载")
    made.add_argument("--python", type=Path, metavar="FILE", help="已经下载好的 Python（downloads.txt 里的那个文件）")
    made.add_argument("--without-python", action="store_true", help="不放进 Python，目标电脑上要有")
    made.add_argument("--installer", action="store_true", help="再用 makensis 做成 Windows 安装程序")
    return made


class _ChineseParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        say(
            "看不懂这条命令的参数。\n  写法：start.py bundle --platform win_amd64 [--extra npu] [--out 文件夹] [--dry-run]。"
        )
        sys.exit(2)


def target_of(name: str, extras: list[str]) -> Target:
    """The machine of this name, where these extras can go. Raises BadInput."""
    if name not in TARGETS:
        raise BadInput(f"没有叫 {name} 的电脑种类。", f"可选：{known_targets()}。")
    if unknown := [extra for extra in extras if extra not in EXTRAS]:
        raise BadInput(f"离线安装包里没有叫 {unknown[0]} 的附加组件。", f"可选：{'、'.join(EXTRAS)}。")
    if "embed" in extras and TARGETS[name].system == "Linux":
        hint = "Linux 的 torch 要从另一个下载源装；请在目标电脑上联网运行 python3 start.py setup embed。"
        raise BadInput("Linux 的离线安装包里不放 embed。", hint)
    return TARGETS[name]


def known_targets() -> str:
    return "、".join(f"{target.name}（{target.title}）" for target in TARGETS.values())


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# --- what it holds --------------------------------------------------------------------------------------------------


def find_index() -> str:
    """The registry that pip is set to use here: its variable, else its configuration files, else the public one."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else registry.DEFAULT_INDEX


def read_pins(extras: Iterable[str], target: Target) -> list[Requirement]:
    """The pins of the base and these extras whose markers hold on the target."""
    lines = [
        line.split("#")[0].strip()
        for name in dict.fromkeys(["base", *extras])
        for line in (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").splitlines()
    ]
    wanted = [pin for pin in map(Requirement, filter(None, lines)) if target.meets(pin.marker)]
    return list({f"{pin.name}{pin.specifier}": pin for pin in wanted}.values())


def resolve(extras: Iterable[str], index: str, target: Target) -> Contents:
    """Find the file of every pin. Raises NotAvailable, which names every pin that cannot be installed there.

    Only an extra may have a pin that is compiled where it is installed: the base must not need a compiler.
    """
    tags = target.tags()
    with ThreadPoolExecutor(LOOKING_AT_ONCE) as pool:
        found = list(pool.map(lambda pin: registry.look_up(pin, index, tags), read_pins(extras, target)))
        wheels = tuple(pool.map(registry.with_size, [entry.wheel for entry in found if entry.wheel]))
    base = {f"{pin.name}{pin.specifier}" for pin in read_pins([], target)}
    missing = [entry.pin for entry in found if not entry.wheel and (entry.pin in base or not entry.source)]
    if missing:
        hint = "请换一个更新及时的镜像（PIP_INDEX_URL），或换一个 --platform。"
        raise NotAvailable(f"下载源里没有适合 {target.title} 的 {'、'.join(missing)}。", hint)
    sources = [
        replace(entry, source=registry.with_size(entry.source)) for entry in found if entry.source and not entry.wheel
    ]
    return Contents(wheels, tuple(sources))


def tell(contents: Contents, target: Target) -> None:
    """Say how many files and how large, and name each source distribution."""
    wheels_mb = sum(wheel.size_bytes for wheel in contents.wheels) / 1e6
    version_text = f"{PYTHON[0]}.{PYTHON[1]}"
    say(f"{target.title}，Python {version_text}：{len(contents.wheels)} 个安装包，共 {wheels_mb:.0f} MB。")
    if not contents.sources:
        say("没有源码包，目标电脑不用编译。")
    for found in contents.sources:
        source_mb = found.source.size_bytes / 1e6 if found.source else 0
        say(f"只有源码包：{found.pin}（{source_mb:.0f} MB），也放进去，但目标电脑上要有 C++ 编译器才能装。")


# --- making it ------------------------------------------------------------------------------------------------------


def make(contents: Contents, target: Target, given: argparse.Namespace) -> None:
    """Write the bundle's folder, and the installer where it is asked for; told sizes are of the finished folder."""
    folder: Path = given.out / f"xiangdao-{version('xiangdao')}-{target.name}"
    if given.installer:
        nsis.check(target.system)
    try:
        (folder / "wheels").mkdir(parents=True, exist_ok=True)
        check_room(folder, contents)
        copy_project(folder)
        fetch_wheels(contents, folder / "wheels")
        if not given.without_python:
            add_python(folder, target, given.python)
    except OSError as error:
        raise translate(error, folder) from error
    say(f"做好了：{folder}，共 {size_mb(folder):.0f} MB。")
    if given.installer:
        made = nsis.build(folder, given.out, version("xiangdao"))
        say(f"安装程序：{made}，{made.stat().st_size / 1e6:.0f} MB，没有签名。")


def check_room(folder: Path, contents: Contents) -> None:
    needed = WITH_UNPACKING * (sum(file.size_bytes for file in contents.files()) + sum(map(_bytes_below, sources_of())))
    free = shutil.disk_usage(folder).free
    if free < needed:
        error = registry.disk_full()
        raise type(error)(f"磁盘空间不够：要 {needed / 1e6:.0f} MB，只剩 {free / 1e6:.0f} MB。", error.hint)


def sources_of() -> list[Path]:
    """What is there of the project's parts that go into a bundle."""
    return [ROOT / name for name in TAKEN if (ROOT / name).exists()]


def copy_project(folder: Path) -> None:
    """Copy the project anew, so that a module that is gone does not linger."""
    leave_out = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
    for source in sources_of():
        place = folder / source.name
        if source.is_dir():
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(source, place, ignore=leave_out)
        else:
            shutil.copy2(source, place)


def fetch_wheels(contents: Contents, wheels: Path) -> None:
    """Download what is missing, drop what an earlier run left, and say for which Python the folder is."""
    wanted = contents.files()
    for number, file in enumerate(wanted, start=1):
        say(f"  {number}/{len(wanted)} {file.name}")
        registry.download(file, wheels)
    for old in {path.name for path in wheels.iterdir()} - {file.name for file in wanted}:
        (wheels / old).unlink()
    (wheels / "python-version.txt").write_text(f"{PYTHON[0]}.{PYTHON[1]}\n", encoding="ascii")


def add_python(folder: Path, target: Target, archive: Path | None) -> None:
    """Unpack the pinned Python into the bundle; where it cannot be downloaded, the bundle stands without and says so."""
    file = python_for(target)
    if archive is not None and (not archive.is_file() or registry.digest(archive) != file.sha256):
        raise BadInput(f"{archive} 不是登记的那个 Python。", f"请下载 {file.url}，或去掉 --python。")
    try:
        packed = archive or registry.download(file, folder.parent)
    except NotAvailable:
        hint = "目标电脑上要有它；或者把它下载好，用 --python 文件 再运行一次（也可以设 UV_PYTHON_INSTALL_MIRROR）："
        say(f"没有放进 Python：连不上它的下载地址。\n  {hint}{file.url}")
        return
    shutil.rmtree(folder / "python", ignore_errors=True)
    with tarfile.open(packed) as opened:
        if hasattr(tarfile, "data_filter"):  # from Python 3.10.12 and 3.11.4 on
            opened.extraction_filter = tarfile.data_filter
        opened.extractall(folder)
    say(f"放进了 Python {'.'.join(map(str, PYTHON))}。")


def python_for(target: Target) -> File:
    """The Python of downloads.txt for a target, at the mirror where one is set as uv reads it."""
    rows = [line.split() for line in DOWNLOADS.read_text(encoding="utf-8").splitlines()]
    (url, sha256) = next(row[2:] for row in rows if row[:2] == ["python", target.name])
    mirror = os.environ.get("UV_PYTHON_INSTALL_MIRROR", "").rstrip("/")
    return File(url.rsplit("/", 1)[-1].replace("%2B", "+"), url.replace(RELEASES, mirror) if mirror else url, sha256)


def size_mb(folder: Path) -> float:
    return _bytes_below(folder) / 1e6


def _bytes_below(path: Path) -> int:
    below = path.rglob("*") if path.is_dir() else [path]
    return sum(entry.stat().st_size for entry in below if entry.is_file())


def translate(error: OSError, folder: Path) -> XiangdaoError:
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return registry.not_writable(folder)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return registry.disk_full()
    return BadInput(f"写不进 {folder}：{error.strerror or error}。", "请用 --out 换一个文件夹，再试。")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
