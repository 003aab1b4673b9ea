"""The Windows installer of a bundle, built by makensis; unsigned, for one user, without administrator rights."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from core.errors import BadInput, NotAvailable

SCRIPT = Path(__file__).with_name("xiangdao.nsi")
FOLDERS_MADE_LATER = (".venv", ".venv-old", ".xiangdao-python")
FILES_MADE_LATER = (".xiangdao-setup.log", ".xiangdao-setup.lock")
"""What start.py and start.ps1 write beside the program; removed with it. The user's data lies elsewhere and stays."""


def check(system: str) -> None:
    """Raise BadInput or NotAvailable where no installer can be made."""
    if system != "Windows":
        raise BadInput("只有 Windows 的离线安装包能做成安装程序。", "请用 --platform win_amd64，或去掉 --installer。")
    if not shutil.which("makensis"):
        hint = (
            "Debian、Ubuntu：sudo apt install nsis；Mac：brew install makensis；Windows：https://nsis.sourceforge.io。"
        )
        raise NotAvailable("没有 makensis，做不成安装程序。", hint)


def build(bundle: Path, out: Path, version: str, *options: str) -> Path:
    """Build the installer beside the bundle. options: more of makensis's own. Raises NotAvailable."""
    made = (out / f"{bundle.name}-setup.exe").resolve()
    parts = out / f"{bundle.name}-parts.nsh"
    parts.write_text(removal_of(bundle), encoding="utf-8-sig")
    kilobytes = sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()) // 1024
    defines = {
        "BUNDLE": bundle.resolve(),
        "PARTS": parts.resolve(),
        "OUT": made,
        "VERSION": version,
        "SIZE_KB": kilobytes,
    }
    command = ["makensis", "-V2", "-NOCD", *(f"-D{name}={value}" for name, value in defines.items()), *options]
    done = subprocess.run([*command, str(SCRIPT)], capture_output=True, text=True, errors="replace", check=False)
    parts.unlink()
    if done.returncode:
        why = re.findall(r"^(?:Error|!include|Internal).*$", done.stdout + done.stderr, re.MULTILINE)
        raise NotAvailable("makensis 没有做成安装程序。", f"它说：{' '.join(why[:2]) or done.stdout[-300:].strip()}")
    return made


def removal_of(bundle: Path) -> str:
    """Two macros that remove what the installer put there and what start.py made later.

    Name by name, never the whole folder: the user may have chosen one that holds other things.
    """
    folders = sorted(path.name for path in bundle.iterdir() if path.is_dir())
    files = sorted(path.name for path in bundle.iterdir() if path.is_file())
    return _macro("RemoveProgram", folders, files) + _macro("RemoveEnvironment", FOLDERS_MADE_LATER, FILES_MADE_LATER)


def _macro(name: str, folders: Iterable[str], files: Iterable[str]) -> str:
    lines = [f'  RMDir /r "$INSTDIR\\{folder}"' for folder in folders]
    lines += [f'  Delete "$INSTDIR\\{file}"' for file in files]
    return "\n".join([f"!macro {name}", *lines, "!macroend", ""])
