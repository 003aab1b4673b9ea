"""Files as other programs pack and encode them are read the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import archive
from ingest.readers import read
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, everything, page, saved, tbl, word
from tests.ingest.readers.reading import FILES, deck
from tests.ingest.readers.test_formats import lines_in

# Packages of other programs


@pytest.mark.parametrize("main", ["word/document2.xml", "doc/main.xml", "document.xml"])
def test_the_main_part_may_have_any_name(main: str) -> None:
    assert lines_in(read(word(made.p("补助20万元。"), main=main), ".docx").elements) == ["补助20万元。"]


def test_a_document_saved_from_a_template_is_read() -> None:
    assert lines_in(read(word(made.p("补助20万元。"), kind="template"), ".docx").elements) == ["补助20万元。"]


@pytest.mark.parametrize("suffix", FILES)
def test_the_stricter_variant_of_a_format_reads_the_same(suffix: str) -> None:
    data = FILES[suffix]()
    assert read(made.strict(data), suffix).elements == read(data, suffix).elements != ()


@pytest.mark.parametrize(
    ("suffix", "old", "new"),
    [
        (".xlsx", "workbook.xml", "book1.xml"),
        (".xlsx", "sheet1.xml", "tab9.xml"),
        (".pptx", "presentation.xml", "deck.xml"),
    ],
)
def test_parts_of_workbooks_and_slides_may_have_any_name(suffix: str, old: str, new: str) -> None:
    data = FILES[suffix]()
    assert read(made.renamed(data, old, new), suffix).elements == read(data, suffix).elements != ()


# Radicals


WRITTEN, MEANT = "⻘⻄市⻩⻰⻆产业园⻥塘⽚区⼯业⻓⻔路", "青西市黄龙角产业园鱼塘片区工业长门路"
WITH_RADICALS: dict[str, Callable[[str], bytes]] = {
    ".txt": lambda text: f"通知\n{text}的企业加奖5万元。\n".encode(),
    ".docx": lambda text: word(made.p(text), tbl(["地点", "奖励"], [text, "5万元"], ["其他", "3万元"])),
    ".xlsx": lambda text: saved(book([["地点", "奖励"], [text, "5万元"], ["其他", "3万元"]])),
    ".html": lambda text: page(f"<title>{text}</title><p>{text}的企业加奖5万元。</p>"),
    ".pptx": lambda text: saved(deck((text, f"{text}的企业加奖5万元。"))),
    ".csv": lambda text: f"地点,奖励\n{text},5万元\n其他,3万元\n".encode(),
}


@pytest.mark.parametrize("suffix", WITH_RADICALS)
def test_radicals_are_read_as_the_characters_they_stand_for(suffix: str) -> None:
    parsed = read(WITH_RADICALS[suffix](WRITTEN), suffix)
    assert MEANT in everything(parsed) and not set(WRITTEN) - set(MEANT) & set(everything(parsed) + parsed.title)


# Archives


def test_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "资料.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        path.write_bytes(
            made.packed([("通知.txt", "甲".encode()), ("通知.txt", "乙".encode()), ("附件/通知.txt", "丙".encode())])
        )
    found = list(archive.members(path))
    assert sorted(archive.read_member(member, 100).decode() for member in found) == sorted("甲乙丙")
    assert len({str(member) for member in found}) == 3 and all(member.suffix == ".txt" for member in found)


def test_names_that_become_one_when_made_harmless_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "资料.zip"
    path.write_bytes(made.packed([("a/通知.txt", "甲".encode()), ("../a/通知.txt", "乙".encode())]))
    assert {archive.read_member(member, 100).decode() for member in archive.members(path)} == set("甲乙")
