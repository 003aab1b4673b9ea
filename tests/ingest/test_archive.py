"""Archives: members are found and read in place; whatever their names say, nothing leads out."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from core.errors import BadFile
from ingest import archive, load
from ingest.pipeline import Ingestor

TEXT = "样例补助办法\n本办法适用于中小企业。\n".encode()


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    path.write_bytes(packed(parts))
    return path


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def test_members_are_taken_in_one_by_one_and_a_bad_one_does_not_stop_the_others(
    ingestor: Ingestor, tmp_path: Path
) -> None:
    parts = {
        "通知/甲.txt": TEXT,
        "乙.txt": TEXT + b"2",
        "坏.docx": b"PK",
        "旧.doc": b"x",
        "说明.exe": b"x",
        "__MACOSX/._甲.txt": b"x",
    }
    outcomes = ingestor.ingest([zipped(tmp_path / "资料.zip", parts)])
    assert {Path(o.path).name: o.status for o in outcomes} == {
        "甲.txt": "added",
        "乙.txt": "added",
        "坏.docx": "failed",
        "旧.doc": "failed",
    }
    assert all(o.message for o in outcomes if o.status == "failed")


@pytest.mark.parametrize("name", ["../../逃.txt", "/etc/逃.txt", "C:\\逃.txt", "..\\..\\逃.txt", "a/../../逃.txt"])
def test_a_name_that_leads_out_is_a_name_inside(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "资料.zip", {name: TEXT})
    (member,) = archive.members(path)
    assert member.resolve().is_relative_to(path.resolve())
    assert archive.read_member(member, 1000) == TEXT


def test_names_in_gbk_are_read(tmp_path: Path) -> None:
    data = packed({"abcdefgh.txt": TEXT}).replace(b"abcdefgh.txt", "申报通知.txt".encode("gbk"))
    path = tmp_path / "资料.zip"
    path.write_bytes(data)
    assert [m.name for m in archive.members(path)] == ["申报通知.txt"]


def test_a_link_in_an_archive_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "资料.zip"
    with zipfile.ZipFile(path, "w") as file:
        info = zipfile.ZipInfo("链接.txt")
        info.external_attr = 0o120777 << 16
        file.writestr(info, "/etc/passwd")
    assert list(archive.members(path)) == []


def test_an_archive_in_an_archive_is_opened_but_not_a_third(tmp_path: Path) -> None:
    third = packed({"深.txt": TEXT})
    path = zipped(tmp_path / "外.zip", {"中.zip": packed({"甲.txt": TEXT, "内.zip": third})})
    assert [m.relative_to(path).as_posix() for m in archive.members(path)] == ["中.zip/甲.txt", "中.zip/内.zip"]
    assert archive.read_member(path / "中.zip" / "甲.txt", 1000) == TEXT
    assert [p.name for p in load.find(path)] == ["甲.txt"]


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(tmp_path / "炸.zip", {"大.txt": b"0" * (60 * archive.MEGABYTE)})
    with pytest.raises(BadFile, match="不正常"):
        archive.read_member(bomb / "大.txt", load.LARGEST)
    with pytest.raises(BadFile, match="太大"):
        archive.read_member(bomb / "大.txt", 1000)
    monkeypatch.setattr(archive, "TOTAL", 1000)
    with pytest.raises(BadFile, match="展开以后太大"):
        list(archive.members(bomb))


def test_an_archive_of_too_many_members_is_refused_before_they_are_listed(tmp_path: Path) -> None:
    data = bytearray(packed({"甲.txt": TEXT}))
    at = data.rfind(b"PK\x05\x06")
    struct.pack_into("<H", data, at + 10, 60_000)
    path = tmp_path / "多.zip"
    path.write_bytes(bytes(data))
    with pytest.raises(BadFile, match="太多"):
        list(archive.members(path))


def test_a_password_and_a_damaged_archive_are_told(tmp_path: Path) -> None:
    data = bytearray(packed({"甲.txt": TEXT}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + offset] |= 1
    (tmp_path / "密.zip").write_bytes(bytes(data))
    with pytest.raises(BadFile, match="密码"):
        archive.read_member(tmp_path / "密.zip" / "甲.txt", 1000)
    (tmp_path / "坏.zip").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(BadFile, match="损坏"):
        list(load.find(tmp_path / "坏.zip"))


def test_a_broken_archive_in_a_folder_is_told_about_as_one_file(tmp_path: Path) -> None:
    (tmp_path / "坏.zip").write_bytes(b"PK\x03\x04 broken")
    zipped(tmp_path / "好.zip", {"甲.txt": TEXT})
    assert [p.name for p in load.find(tmp_path)] == ["坏.zip", "甲.txt"]
    with pytest.raises(BadFile):
        load.load(tmp_path / "坏.zip")


def test_an_archive_without_anything_to_take_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="没有能录入的文件"):
        list(load.find(zipped(tmp_path / "空.zip", {"程序.exe": b"x"})))
