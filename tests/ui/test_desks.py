"""Tabs, files to fetch and files that were sent: what each may reach, and what is given back."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import BadFile
from core.types import Citation
from ui.desks import Desks
from ui.downloads import KEPT, Downloads
from ui.uploads import KEPT_S, LARGEST, Uploads
from ui.web_chat import Conversation, Exchange


def test_a_closed_tab_gives_back_what_it_held_and_is_known_when_it_comes_back() -> None:
    desks = Desks()
    desk, session = desks.at("tab")
    desk.user, desk.conversation = "li", Conversation("s1", [Exchange(1, "问")])
    assert session == "" and desks.at("tab")[0] is desk
    desks.leave("tab")
    again, session = desks.at("tab")
    assert (again.user, session) == ("li", "s1") and again.conversation.exchanges == []
    assert desks.at("tab")[1] == ""
    assert desks.leave("never was") is None


def test_only_what_a_tab_was_shown_can_be_opened() -> None:
    desk, _ = Desks().at("tab")
    desk.cited = (Citation(3, "s", "题", "", "p", ""),)
    assert desk.citation(0, 3) and not desk.citation(0, 1) and not desk.citation(1, 3) and not desk.citation(-1, 3)


def test_a_file_to_fetch_has_a_name_nobody_guesses_and_the_oldest_makes_room() -> None:
    downloads = Downloads()
    paths = [downloads.offer(f"{n}.docx", b"x") for n in range(KEPT + 1)]
    assert len(set(paths)) == KEPT + 1
    assert downloads.get(paths[0].removeprefix("files/")) is None and downloads.get("1.docx") is None
    kept = downloads.get(paths[-1].removeprefix("files/"))
    assert kept and kept.name == f"{KEPT}.docx" and "wordprocessingml" in kept.media


def sent(uploads: Uploads, name: str, *pieces: bytes) -> str:
    async def stream() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return asyncio.run(uploads.receive(name, stream()))


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "C:\\x\\y.txt", "/tmp/a.txt", "..\\..\\b.TXT", "正 常.txt"])
def test_a_file_that_is_sent_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    uploads = Uploads(tmp_path / "incoming")
    path = uploads.path(sent(uploads, name, b"a", b"b"))
    assert path.parent.parent == tmp_path / "incoming" and path.read_bytes() == b"ab"
    assert [p.name for p in tmp_path.iterdir()] == ["incoming"]


@pytest.mark.parametrize("name", ["x.exe", "", "..", ".txt", "a\nb.txt", "\x00.txt"])
def test_a_name_or_kind_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadFile):
        sent(Uploads(tmp_path / "incoming"), name, b"x")


def test_an_empty_file_and_one_that_is_too_large_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.uploads.LARGEST", 10)
    uploads = Uploads(tmp_path / "incoming")
    with pytest.raises(BadFile, match="太大"):
        sent(uploads, "a.txt", b"x" * 8, b"x" * 8)
    with pytest.raises(BadFile, match="是空的"):
        sent(uploads, "a.txt")
    assert not list((tmp_path / "incoming").iterdir()) and LARGEST > 10


def test_a_second_page_leaves_the_first_one_s_files_and_clears_old_ones(tmp_path: Path) -> None:
    first = Uploads(tmp_path / "incoming")
    young, old = (sent(first, name, b"x") for name in ("甲.txt", "乙.txt"))
    hours_ago = time.time() - 2 * KEPT_S
    os.utime(first.path(old).parent, (hours_ago, hours_ago))
    Uploads(tmp_path / "incoming")
    assert first.path(young).exists() and not first.path(old).exists()
    first.drop(old)
    with pytest.raises(BadFile, match="过期"):
        first.path(old)


def test_a_tab_that_comes_back_before_anything_was_said_still_knows_its_document() -> None:
    desks = Desks()
    desk, _ = desks.at("tab")
    desk.user, desk.conversation = "li", Conversation(document="doc:user:li:通知", about="通知")
    desks.leave("tab")
    again, session = desks.at("tab")
    assert (again.user, session, again.conversation.document) == ("li", "", "doc:user:li:通知")


def test_a_long_name_is_cut_and_keeps_its_ending_and_marks_that_turn_letters_go(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "incoming")
    path = uploads.path(sent(uploads, "长" * 250 + ".txt", b"x"))
    assert path.suffix == ".txt" and 150 < len(path.name.encode()) <= 200
    assert uploads.path(sent(uploads, "通知\u202etxt.\u200btxt", b"x")).name == "通知txt.txt"
