"""Loading: encodings, files that are none, folders."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from core.errors import BadFile
from ingest import load

TEXT = "中小企业数字化转型，从评估开始。\n第二行：上云用数赋智。\n"


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n", codecs.BOM_UTF8, "———\n。。。".encode()], ids=["none", "blank", "mark", "signs"]
)
def test_refuses_a_file_without_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "空.txt"
    path.write_bytes(data)
    with pytest.raises(BadFile, match="空的"):
        load.parse(load.load(path))


def test_refuses_what_it_has_no_loader_for_and_says_what_it_takes(tmp_path: Path) -> None:
    path = tmp_path / "表.xyz"
    path.write_text(TEXT, "utf-8")
    with pytest.raises(BadFile, match=r"\.xyz") as error:
        load.load(path)
    assert ".txt" in error.value.hint


def test_refuses_a_missing_file_and_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="找不到"):
        load.load(tmp_path / "没有.txt")
    with pytest.raises(BadFile, match="找不到"):
        list(load.find(tmp_path / "没有"))


def test_refuses_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "LARGEST", 10)
    path = tmp_path / "大.txt"
    path.write_text(TEXT, "utf-8")
    with pytest.raises(BadFile, match="太大"):
        load.load(path)


def test_refuses_a_file_and_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "密.txt"
    path.write_text(TEXT, "utf-8")

    def denied(*_: object, **__: object) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(BadFile, match="权限"):
        load.load(path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(BadFile, match="权限"):
        list(load.find(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_does_not_wait_on_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管.txt")
    with pytest.raises(BadFile, match="普通文件"):
        load.load(tmp_path / "管.txt")


def test_walks_a_folder_in_order_and_leaves_out_hidden_foreign_and_outside_files(tmp_path: Path) -> None:
    outside = tmp_path / "外面.txt"
    outside.write_text(TEXT, "utf-8")
    folder = tmp_path / "资料"
    for name in ("乙.txt", "甲.md", ".藏.txt", "~$乙.docx", "库.dll", "旧.doc", "子/丙.TXT", ".git/丁.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(TEXT, "utf-8")
    (folder / "链接.txt").symlink_to(outside)
    (folder / "断链.txt").symlink_to(tmp_path / "没有.txt")
    assert [str(p.relative_to(folder)) for p in load.find(folder)] == ["乙.txt", "子/丙.TXT", "旧.doc", "甲.md"]


def test_a_folder_with_nothing_to_take_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="没有能录入的文件"):
        list(load.find(tmp_path))
