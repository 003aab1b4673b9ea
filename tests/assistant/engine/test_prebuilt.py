"""Wheels of engines: real pip over a folder and a local server; the last step, which would change this environment, is only noted."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.engine import install
from assistant.engine.prebuilt import Lacking, Wheel, put_in, wheels, why_not_fetched
from assistant.engine.trial import Trial

NAME = "xllamacpp-1.0-py3-none-any.whl"


def write_wheel(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / NAME, "w") as made:
        made.writestr("xllamacpp/__init__.py", "speed = 'none'\n" * 500)
        made.writestr("xllamacpp-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: xllamacpp\nVersion: 1.0\n")
        made.writestr("xllamacpp-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr("xllamacpp-1.0.dist-info/RECORD", "")
    return folder / NAME


class Bench:
    """Runs pip, but not its last step; tells what the trial found apart."""

    def __init__(self, trial: Trial) -> None:
        self.trial, self.installed, self.seen = trial, False, False

    def run(self, command: list[str], environment: dict[str, str]) -> tuple[int, str]:
        if "--force-reinstall" in command:
            self.installed = True
            return 0, ""
        return install.run(command, environment)

    def tried(self, package: str, folder: Path) -> Trial:
        self.seen = (folder / package / "__init__.py").is_file()
        return self.trial


def put(index: tuple[str, ...]) -> Bench:
    bench = Bench(Trial(True))
    put_in(Wheel("xllamacpp", "现成的", "xllamacpp", "xllamacpp==1.0", index), bench.run, bench.tried)
    return bench


def folder_of(path: Path) -> tuple[str, ...]:
    return ("--no-index", f"--find-links={path}")


def test_a_wheel_from_a_folder_is_tried_apart_and_then_installed(tmp_path: Path) -> None:
    bench = put(folder_of(write_wheel(tmp_path / "wheels").parent))
    assert bench.seen and bench.installed


def test_one_that_does_not_run_here_replaces_nothing(tmp_path: Path) -> None:
    bench = Bench(Trial(False, "处理器不支持程序用到的指令"))
    wheel = Wheel("xllamacpp", "", "xllamacpp", "xllamacpp==1.0", folder_of(write_wheel(tmp_path / "w").parent))
    with pytest.raises(Lacking, match="跑不起来（处理器不支持"):
        put_in(wheel, bench.run, bench.tried)
    assert bench.seen and not bench.installed


def test_a_folder_or_mirror_without_it_and_a_truncated_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Lacking, match="没有适合这台电脑的"):
        put(folder_of(tmp_path / "empty"))
    whole = write_wheel(tmp_path / "wheels")
    whole.write_bytes(whole.read_bytes()[:-200])
    with pytest.raises(Lacking, match="不完整"):
        put(folder_of(whole.parent))


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    """A registry's simple pages whose hash of the wheel is wrong."""
    (tmp_path / "simple/xllamacpp").mkdir(parents=True)
    write_wheel(tmp_path / "files")
    link = f'<a href="/files/{NAME}#sha256={"0" * 64}">{NAME}</a>'
    (tmp_path / "simple/xllamacpp/index.html").write_text(f"<!DOCTYPE html><html><body>{link}</body></html>")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/simple/"
    server.shutdown()
    server.server_close()


def test_a_wrong_hash_is_told_and_nothing_is_installed(mirror: str) -> None:
    with pytest.raises(Lacking, match="校验码不对"):
        put((f"--index-url={mirror}", "--retries=0"))


def test_nobody_at_the_index_is_told() -> None:
    with pytest.raises(Lacking, match="连不上下载源"):
        put(("--index-url=http://127.0.0.1:9/simple/", "--retries=1", "--timeout=2"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Tunnel connection failed: 407 Proxy Authentication Required", "代理要登录"),
        ("OSError: [Errno 28] No space left on device", "磁盘满了"),
        ("something else", "没有下载成"),
    ],
)
def test_what_pip_says_becomes_a_clause(said: str, told: str) -> None:
    assert told in why_not_fetched(said)


PINS = "llama-cpp-python==0.1\nxllamacpp==1.0 ; sys_platform != 'x'\n"


def test_the_index_may_be_named_as_an_address_or_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XIANGDAO_LLM_INDEX", raising=False)
    first, second = wheels(PINS, [])
    assert first.index[0].startswith("--index-url=https://") and second.requirement == "xllamacpp==1.0"
    monkeypatch.setenv("XIANGDAO_LLM_INDEX", "https://mirror.example/whl")
    assert wheels(PINS, [])[0].index[0] == "--index-url=https://mirror.example/whl"
    monkeypatch.setenv("XIANGDAO_LLM_INDEX", str(tmp_path))
    assert wheels(PINS, [])[0].index == folder_of(tmp_path)


def test_offline_both_come_from_the_folder_of_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XIANGDAO_LLM_INDEX", raising=False)
    assert {wheel.index for wheel in wheels(PINS, ["--no-index", "--find-links=/w"])} == {
        ("--no-index", "--find-links=/w")
    }
