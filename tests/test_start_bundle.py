"""Offline bundles: what they hold for each kind of machine, and an installation from one without a network."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import io
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from core.errors import BadInput, NotAvailable
from installer import bundle, registry
from installer.target import PYTHON, TARGETS
from tests.registry_double import Registry, make_wheel

ROOT = Path(__file__).resolve().parents[1]
HERE = "linux_x86_64"
FITS_HERE = f"py3-none-{'any' if sys.platform != 'linux' else 'manylinux_2_17_x86_64.manylinux2014_x86_64'}.whl"


@pytest.fixture(params=["json", "html"])
def packages(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry with wheels for several systems, one project that has only sources, and pip set to use it."""
    folder = tmp_path / "files"
    folder.mkdir()
    make_wheel(folder, "pure-1.0-py3-none-any.whl", "said = 'pure'")
    make_wheel(folder, "pure-2.0-py3-none-any.whl")
    for tags in ("cp311-cp311-win_amd64", "cp312-cp312-win_amd64", "cp39-abi3-win_amd64", "cp311-cp311-win32"):
        make_wheel(folder, f"native-1.0-{tags}.whl")
    for tags in ("manylinux_2_17_x86_64.manylinux2014_x86_64", "manylinux_2_39_x86_64", "macosx_11_0_arm64"):
        make_wheel(folder, f"native-1.0-cp311-cp311-{tags}.whl")
    (folder / "sources_only-1.0.tar.gz").write_bytes(b"x" * 2_000_000)
    (folder / "native-1.0.tar.gz").write_bytes(b"sources")
    made = Registry(folder, speaks_json=request.param == "json", links="../../files/{name}")
    monkeypatch.setenv("PIP_INDEX_URL", made.index)
    monkeypatch.setattr(registry, "TRIES", 1)
    yield made
    made.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project in the place of this one."""
    root = tmp_path / "project"
    for name in ("requirements", "core/__pycache__", "tests"):
        (root / name).mkdir(parents=True)
    (root / "core/text.py").write_text("said = '你好'", encoding="utf-8")
    (root / "core/__pycache__/text.pyc").write_text("")
    (root / "start.py").write_text("")
    (root / "requirements/base.txt").write_text(
        "pure==1.0\nnative==1.0 ; sys_platform == 'win32' or python_version < '3.11'\n"
    )
    (root / "requirements/llm.txt").write_text("# one without wheels\nsources-only==1.0\npure==1.0\n")
    monkeypatch.setattr(bundle, "ROOT", root)
    return root


def make(out: Path, *arguments: str, platform: str = "win_amd64") -> tuple[int, Path]:
    status = bundle.main(["--platform", platform, "--out", str(out), "--without-python", *arguments])
    return status, next(iter(out.glob(f"xiangdao-*-{platform}")), out)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- the target decides ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "marker", "wanted"),
    [
        ("win_amd64", "sys_platform == 'win32'", True),
        ("win_amd64", "sys_platform != 'win32'", False),
        ("win_amd64", "os_name == 'nt' and platform_machine == 'AMD64'", True),
        ("win_amd64", "python_full_version == '3.11.*'", True),
        ("win_amd64", "python_full_version < '3.11' or python_full_version >= '3.12'", False),
        ("linux_aarch64", "platform_machine == 'aarch64' and platform_system == 'Linux'", True),
        ("macos_x86_64", "platform_machine == 'x86_64' and sys_platform == 'darwin'", True),
        ("macos_arm64", "platform_machine == 'x86_64' and sys_platform == 'darwin'", False),
    ],
)
def test_a_marker_is_read_for_the_target_and_not_for_this_machine(target: str, marker: str, wanted: bool) -> None:
    assert TARGETS[target].meets(Requirement(f"x==1 ; {marker}").marker) is wanted


@pytest.mark.parametrize(
    ("target", "chosen"),
    [
        ("win_amd64", "native-1.0-cp311-cp311-win_amd64.whl"),
        ("linux_x86_64", "native-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
        ("macos_arm64", "native-1.0-cp311-cp311-macosx_11_0_arm64.whl"),
    ],
)
def test_the_wheel_that_fits_the_target_best_is_taken(packages: Registry, target: str, chosen: str) -> None:
    found = registry.look_up(Requirement("native==1.0"), packages.index, TARGETS[target].tags())
    assert found.wheel and found.wheel.name == chosen


def test_a_wheel_for_another_system_is_none(packages: Registry) -> None:
    found = registry.look_up(Requirement("native==1.0"), packages.index, TARGETS["linux_aarch64"].tags())
    assert found.wheel is None and found.source and found.source.name == "native-1.0.tar.gz"


def test_every_pin_of_every_target_is_one_exact_version() -> None:
    for target in TARGETS.values():
        pins = bundle.read_pins([extra for extra in bundle.EXTRAS if extra != "embed"], target)
        assert len({pin.name for pin in pins}) == len(pins) > 100
        assert all([part.operator for part in pin.specifier] == ["=="] for pin in pins)


# --- what a bundle holds --------------------------------------------------------------------------------------------


def test_a_dry_run_tells_the_size_and_downloads_nothing(
    packages: Registry, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (packages.folder / "pure-1.0-py3-none-any.whl").unlink()
    make_wheel(packages.folder, "pure-1.0-py3-none-any.whl", padding=3_000_000)
    status, _ = make(tmp_path / "out", "--dry-run")
    said = capsys.readouterr().err
    assert status == 0 and "2 个安装包，共 3 MB。" in said and "没有源码包" in said
    assert not (tmp_path / "out").exists()


def test_a_bundle_holds_the_project_without_tests_the_wheels_and_their_python_version(
    packages: Registry, project: Path, tmp_path: Path
) -> None:
    status, folder = make(tmp_path / "out")
    assert status == 0
    assert names(folder) == {"core", "requirements", "start.py", "wheels"}
    assert names(folder / "core") == {"text.py"}
    wheels = {"pure-1.0-py3-none-any.whl", "native-1.0-cp311-cp311-win_amd64.whl"}
    assert names(folder / "wheels") == {*wheels, "python-version.txt"}
    assert (folder / "wheels/python-version.txt").read_text() == f"{PYTHON[0]}.{PYTHON[1]}\n"


def test_what_has_only_sources_is_named_and_put_in(
    packages: Registry, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, folder = make(tmp_path / "out", "--extra", "llm")
    assert status == 0 and "只有源码包：sources-only==1.0（2 MB）" in capsys.readouterr().err
    assert "sources_only-1.0.tar.gz" in names(folder / "wheels")


def test_a_second_run_downloads_only_what_is_missing_and_drops_what_is_gone(
    packages: Registry, project: Path, tmp_path: Path
) -> None:
    _, folder = make(tmp_path / "out")
    (folder / "wheels/native-1.0-cp311-cp311-win_amd64.whl").write_bytes(b"half of it")
    (project / "requirements/base.txt").write_text("native==1.0\n")
    (project / "core/text.py").rename(project / "core/words.py")
    packages.asked.clear()
    assert make(tmp_path / "out")[0] == 0
    assert [Path(path).name for path in packages.asked if "files" in path] == ["native-1.0-cp311-cp311-win_amd64.whl"]
    assert names(folder / "wheels") == {"native-1.0-cp311-cp311-win_amd64.whl", "python-version.txt"}
    assert names(folder / "core") == {"words.py"}


def test_everything_of_the_project_but_its_tests_goes_into_a_bundle() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    entries = {name.split("/")[0] for name in listed.split("\0") if name and not name.startswith(".")}
    assert entries <= {*bundle.TAKEN, "tests"}
    assert {path.name for path in bundle.sources_of()} == set(bundle.TAKEN)


def test_it_installs_from_the_bundle_without_a_network(packages: Registry, project: Path, tmp_path: Path) -> None:
    make_wheel(packages.folder, f"fitting-1.0-{FITS_HERE}", "said = 'here'")
    (project / "requirements/base.txt").write_text("pure==1.0\nfitting==1.0\n")
    _, folder = make(tmp_path / "离线 包", platform=HERE)
    packages.close()
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-index", f"--find-links={folder / 'wheels'}"]
    command += [
        "--no-deps",
        "--only-binary=:all:",
        f"--target={tmp_path / 'site'}",
        "-r",
        str(folder / "requirements/base.txt"),
    ]
    subprocess.run(command, check=True, timeout=60)
    told = "import pure, fitting; print(pure.said, fitting.said)"
    ran = subprocess.run(
        [sys.executable, "-c", told], cwd=tmp_path / "site", capture_output=True, text=True, check=True
    )
    assert ran.stdout == "pure here\n"


# --- the Python that goes with it -----------------------------------------------------------------------------------


@pytest.fixture
def python(packages: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A packed Python in the registry's place, listed as the one for Windows; the mirror's variable points at it."""
    packed = packages.folder / "cpython.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        entry = tarfile.TarInfo("python/python.exe")
        entry.size = 3
        archive.addfile(entry, io.BytesIO(b"exe"))
    listed = tmp_path / "downloads.txt"
    sha256 = hashlib.sha256(packed.read_bytes()).hexdigest()
    listed.write_text(f"uv win_amd64 uv.whl 0\npython win_amd64 {bundle.RELEASES}/cpython.tar.gz {sha256}\n")
    monkeypatch.setattr(bundle, "DOWNLOADS", listed)
    monkeypatch.setenv("UV_PYTHON_INSTALL_MIRROR", f"{packages.root}/files")
    return packed


def with_python(out: Path, *arguments: str) -> tuple[int, Path]:
    status = bundle.main(["--platform", "win_amd64", "--out", str(out), *arguments])
    return status, next(iter(out.glob("xiangdao-*")), out)


def test_the_listed_python_is_unpacked_into_the_bundle(project: Path, python: Path, tmp_path: Path) -> None:
    status, folder = with_python(tmp_path / "out")
    assert status == 0 and (folder / "python/python.exe").read_bytes() == b"exe"


def test_a_python_that_cannot_be_had_is_told_and_the_bundle_stands(
    packages: Registry, project: Path, python: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    python.rename(tmp_path / "mine.tar.gz")
    status, folder = with_python(tmp_path / "out")
    assert status == 0 and "没有放进 Python" in capsys.readouterr().err and not (folder / "python").exists()
    status, folder = with_python(tmp_path / "out", "--python", str(tmp_path / "mine.tar.gz"))
    assert status == 0 and (folder / "python/python.exe").exists()


def test_another_file_than_the_listed_python_is_refused(
    project: Path, python: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.tar.gz").write_bytes(b"other")
    assert with_python(tmp_path / "out", "--python", str(tmp_path / "other.tar.gz"))[0] == 1
    assert "不是登记的那个 Python" in capsys.readouterr().err


# --- what goes wrong is one sentence, and a hint --------------------------------------------------------------------


def sentence(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    message, hint = capsys.readouterr().err.splitlines()[-2:]
    assert message.endswith("。") and hint.startswith("  ") and hint.endswith("。")
    return message, hint


def test_an_unknown_platform_names_those_that_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(tmp_path / "out", platform="win95")[0] == 1
    message, hint = sentence(capsys)
    assert "win95" in message and all(name in hint for name in TARGETS)


@pytest.mark.parametrize(("extra", "platform"), [("warp", "win_amd64"), ("embed", "linux_x86_64")])
def test_an_extra_that_cannot_go_in_is_told(
    extra: str, platform: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make(tmp_path / "out", "--extra", extra, platform=platform)[0] == 1
    assert extra in sentence(capsys)[0]


def test_a_command_that_is_not_understood_says_how_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bundle.main(["--dry-run"])
    assert ended.value.code == 2 and "--platform win_amd64" in sentence(capsys)[1]


def test_every_pin_without_a_file_is_named(
    packages: Registry, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "requirements/base.txt").write_text("pure==1.0\npure==9.9\nabsent==1.0\n")
    assert make(tmp_path / "out")[0] == 1
    assert "pure==9.9、absent==1.0" in sentence(capsys)[0]


def test_the_base_may_not_need_a_compiler(
    packages: Registry, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "requirements/base.txt").write_text("pure==1.0\nsources-only==1.0\n")
    assert make(tmp_path / "out", "--dry-run")[0] == 1
    assert "没有适合 64 位 Windows 的 sources-only==1.0。" in sentence(capsys)[0]


def test_without_a_network_it_says_what_to_do(
    packages: Registry, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packages.close()
    assert make(tmp_path / "out")[0] == 1
    message, hint = sentence(capsys)
    assert message == f"连不上 {packages.index}。" and "PIP_INDEX_URL" in hint


def test_a_wheel_with_another_hash_does_not_stay(
    packages: Registry, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packages.lies.add("pure-1.0-py3-none-any.whl")
    status, folder = make(tmp_path / "out")
    assert status == 1 and "pure-1.0-py3-none-any.whl 和登记的校验值不符" in sentence(capsys)[0]
    assert not [path for path in (folder / "wheels").iterdir() if path.name.startswith("pure")]


def test_a_place_that_cannot_be_written_is_told(
    packages: Registry, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file")
    assert make(tmp_path / "out")[0] == 1
    message, hint = sentence(capsys)
    assert str(tmp_path / "out") in message and "--out" in hint


def test_a_full_disk_is_told_before_anything_is_downloaded(
    packages: Registry,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=10))
    status, folder = make(tmp_path / "out")
    assert status == 1 and "磁盘空间不够" in sentence(capsys)[0] and not list((folder / "wheels").iterdir())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left"), "磁盘空间不够"),
        (PermissionError(13, "denied"), "权限"),
        (OSError(30, "read-only"), "权限"),
    ],
)
def test_a_failure_of_the_disk_is_a_sentence(error: OSError, words: str, tmp_path: Path) -> None:
    told = bundle.translate(error, tmp_path)
    assert words in told.message and "--out" in told.hint


def test_a_download_that_breaks_off_is_not_taken_for_whole(packages: Registry, tmp_path: Path) -> None:
    missing = registry.File(
        "gone-1.0-py3-none-any.whl", f"{packages.root}/files/gone-1.0-py3-none-any.whl", "0" * 64, 1
    )
    with pytest.raises(NotAvailable):
        registry.download(missing, tmp_path)
    assert not list(tmp_path.glob("gone*"))


def test_a_file_that_names_another_folder_is_not_the_pins(packages: Registry) -> None:
    assert not registry._is_source_of("../../pure-1.0.tar.gz", "pure", registry.Version("1.0"))


# --- start.py on the machine that the bundle is for -----------------------------------------------------------------


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """start.py in a bundle's folder."""
    monkeypatch.delenv("XIANGDAO_WHEELS", raising=False)
    (tmp_path / "wheels").mkdir()
    shutil.copy(ROOT / "start.py", tmp_path)
    spec = importlib.util.spec_from_file_location("start_of_a_bundle", tmp_path / "start.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_start_py_installs_from_the_bundles_wheels_and_another_folder_goes_before_it(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert start.registry_options() == ["--no-index", f"--find-links={tmp_path / 'wheels'}"]
    (tmp_path / "others").mkdir()
    monkeypatch.setenv("XIANGDAO_WHEELS", str(tmp_path / "others"))
    assert start.registry_options() == ["--no-index", f"--find-links={tmp_path / 'others'}"]


def test_a_bundle_for_another_system_says_so(start: Any) -> None:
    told = start.explain("安装依赖", "ERROR: No matching distribution found for onnxruntime==1.31.1\n")
    assert told.message == "离线安装包里没有适合本机的 onnxruntime==1.31.1。" and "start.cmd" in told.hint


def test_the_settings_of_a_bundle_are_those_that_the_documents_show() -> None:
    text = (ROOT / "docs/install.md").read_text(encoding="utf-8")
    options = [option for action in bundle.parser()._actions for option in action.option_strings if len(option) > 2]
    assert not [option for option in options if option != "--help" and f"`{option}" not in text]
    assert not [name for name in TARGETS if f"`{name}`" not in text]


def test_an_installer_is_only_made_for_windows(packages: Registry, project: Path, tmp_path: Path) -> None:
    given = argparse.Namespace(out=tmp_path / "out", installer=True, without_python=True, python=None)
    with pytest.raises(BadInput, match="只有 Windows"):
        bundle.make(bundle.Contents((), ()), TARGETS[HERE], given)
    assert not (tmp_path / "out").exists()
