"""Files that the user asked for: whole or not at all, with her own rights, while all else is private."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import DiskFull
from core.output import drop_half_line, make_folder, open_lines, private, write_whole
from tests.limits import files_of_at_most
from tests.permissions import bound_by_permissions

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")


@pytest.fixture(params=[0o022, 0o027])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """What the user's system takes from the rights of new files."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


@posix
def test_what_the_user_asked_for_has_her_rights_and_all_else_is_private(umask: int, tmp_path: Path) -> None:
    with private(), private():
        (tmp_path / "kept").write_text("x")
        make_folder(tmp_path / "a" / "b")
        write_whole(tmp_path / "whole", b"x")
        open_lines(tmp_path / "lines").close()
    assert rights(tmp_path / "kept") == 0o600
    assert rights(tmp_path / "a") == rights(tmp_path / "a" / "b") == 0o777 & ~umask
    assert rights(tmp_path / "whole") == rights(tmp_path / "lines") == 0o666 & ~umask


@posix
def test_the_users_own_way_comes_back(umask: int, tmp_path: Path) -> None:
    with pytest.raises(KeyError), private():
        raise KeyError
    (tmp_path / "a").write_text("x")
    assert rights(tmp_path / "a") == 0o666 & ~umask


@posix
def test_a_file_that_is_replaced_keeps_its_rights_and_a_link_leads_where_it_led(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    with private():
        write_whole(link, b"new")
    assert link.is_symlink() and target.read_text() == "new" and rights(target) == 0o640


def test_without_room_what_was_there_stays_and_nothing_else_does(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with files_of_at_most(1000), pytest.raises(DiskFull):
        write_whole(path, b"x" * 2000)
    assert [p.name for p in tmp_path.iterdir()] == ["a"] and path.read_text() == "old"
    write_whole(path, b"x" * 2000)
    assert path.stat().st_size == 2000


@bound_by_permissions
def test_a_file_in_a_folder_that_may_not_be_changed_is_written_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    tmp_path.chmod(0o500)
    try:
        write_whole(path, b"new")
    finally:
        tmp_path.chmod(0o700)
    assert path.read_text() == "new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_device_is_written_to_as_it_is() -> None:
    write_whole(Path("/dev/null"), b"x")
    with pytest.raises(DiskFull):
        write_whole(Path("/dev/full"), b"x")
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize(
    ("held", "left"),
    [(b"a\nb\nhal", b"a\nb\n"), (b"a\n", b"a\n"), (b"half", b""), (b"", b""), (b"a\n" + b"x" * 99999, b"a\n")],
)
def test_half_a_line_goes_and_the_whole_ones_stay(held: bytes, left: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(held)
    drop_half_line(path)
    assert path.read_bytes() == left
