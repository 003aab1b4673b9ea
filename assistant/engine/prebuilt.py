"""Engines that others have built: fetched as wheels, tried out apart from what is installed, and only then put in its place."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.engine.trial import Trial

INDEX = "https://abetlen.github.io/llama-cpp-python/whl/"
"""Where llama-cpp-python's project publishes wheels, by backend; the package registry has its source only."""
PIP = (sys.executable, "-I", "-m", "pip")
QUIET = ("--no-input", "--no-color", "--disable-pip-version-check", "--progress-bar=off")
IMPATIENT = ("--timeout=8", "--retries=1")
"""For an index that is out of reach for many: there are other ways."""
Run = Callable[[list[str], dict[str, str]], tuple[int, str]]
Try = Callable[[str, Path], Trial]


@dataclass(frozen=True)
class Wheel:
    """One engine as a wheel. title: what the user calls it; package: what is imported; index: pip's options for where it is."""

    name: str
    title: str
    package: str
    requirement: str
    index: tuple[str, ...]


class Lacking(Exception):
    """Why a wheel is not installed: one clause for the user."""


def wheels(pins: str, options: Sequence[str]) -> tuple[Wheel, ...]:
    """The wheels to try, best first. options: pip's, where start.py was told of a folder of wheels."""
    named = os.environ.get("XIANGDAO_LLM_INDEX", "")
    folder = any(option.startswith("--find-links") for option in options)
    own: tuple[str, ...] = (f"--index-url={INDEX}{'metal' if sys.platform == 'darwin' else 'cpu'}", *IMPATIENT)
    if named:
        own = ("--no-index", f"--find-links={named}") if Path(named).is_dir() else (f"--index-url={named}", *IMPATIENT)
    elif folder:
        own = tuple(options)
    return (
        Wheel("wheel", "现成的 llama-cpp-python", "llama_cpp", pin(pins, "llama-cpp-python"), own),
        Wheel("xllamacpp", "现成的 xllamacpp", "xllamacpp", pin(pins, "xllamacpp"), tuple(options)),
    )


def pin(pins: str, name: str) -> str:
    """The line of the pins that names a package. Raises ValueError."""
    found = re.search(rf"^{re.escape(name)}==[^\s;]+", pins, re.MULTILINE)
    if not found:
        raise ValueError(f"no pin of {name}")
    return found[0]


def put_in(wheel: Wheel, run: Run, trial: Try) -> None:
    """Fetch a wheel, try it out apart, install it. Raises Lacking; what was installed before then still is."""
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="xiangdao-engine-", ignore_cleanup_errors=True) as folder:
        there, apart = Path(folder) / "wheel", Path(folder) / "apart"
        fetch = [*PIP, "download", "--no-deps", "--only-binary=:all:", *QUIET, f"--dest={there}", *wheel.index]
        status, said = run([*fetch, wheel.requirement], environment)
        found = sorted(there.glob("*.whl"))
        if status or not found:
            raise Lacking(why_not_fetched(said))
        local = ["--no-deps", "--no-index", "--no-compile", *QUIET]
        status, said = run([*PIP, "install", *local, f"--target={apart}", str(found[0])], environment)
        if status:
            raise Lacking(why_not_installed(said))
        tried = trial(wheel.package, apart)
        if not tried.ok:
            raise Lacking(f"在这台电脑上跑不起来（{tried.failure}）")
        status, said = run([*PIP, "install", *local, "--no-user", "--force-reinstall", str(found[0])], environment)
        if status:
            raise Lacking(why_not_installed(said))


def why_not_fetched(said: str) -> str:
    """What pip's output means, in a clause."""
    if "407" in said or "Proxy Authentication" in said:
        return "代理要登录：设 HTTPS_PROXY=http://用户名:密码@代理地址 再试"
    if "DO NOT MATCH THE HASHES" in said or ("hash" in said.lower() and "mismatch" in said.lower()):
        return "下载的文件校验码不对，没有装"
    if re.search(r"No space left|Errno 28|WinError 112", said):
        return "磁盘满了"
    if re.search(
        r"NewConnectionError|ConnectTimeout|Read timed out|Max retries|ProxyError|SSLError|name resolution|Connection (refused|reset)",
        said,
    ):
        return "连不上下载源"
    if re.search(
        r"BadZipFile|incomplete|IncompleteRead|is invalid|has an invalid wheel|not a valid|Invalid wheel|zipfile", said
    ):
        return "下载的文件不完整"
    if "No matching distribution" in said:
        return "下载源里没有适合这台电脑的"
    return "没有下载成"


def why_not_installed(said: str) -> str:
    """What pip's output means where a wheel that was fetched cannot be unpacked."""
    if re.search(r"No space left|Errno 28|WinError 112", said):
        return "磁盘满了"
    if re.search(r"Permission denied|WinError (5|32)", said):
        return "文件正被占用或没有权限：关掉向导再试"
    return "下载的文件不完整"
