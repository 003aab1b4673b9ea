"""`docs check`: every fault at once, in words that an editor understands; counts as the documents state them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from corpus.cards import CORPUS, card_files, load_sources
from corpus.check import Checked, check

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the knowledge."""
    folder = tmp_path / "corpus"
    for name in ("cards", "data"):
        shutil.copytree(CORPUS / name, folder / name)
    shutil.copy(CORPUS / "sources.yaml", folder)
    return folder


@pytest.fixture
def edit(corpus: Path) -> Edit:
    """Replace the first place where a text stands in one file."""

    def replace(name: str, old: str, new: str) -> Path:
        path = corpus / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return replace


@pytest.fixture(scope="module")
def bundled() -> Checked:
    return check()


def a_card_file(corpus: Path) -> str:
    return card_files(corpus)[0].relative_to(corpus).as_posix()


def doubled_row(path: Path, **changes: str) -> None:
    """Add a copy of a file's first row under another id, with fields changed."""
    text = path.read_text(encoding="utf-8")
    row = re.split(r"(?m)^(?=- )", text)[1]
    for field, value in changes.items():
        row, count = re.subn(rf"(?m)^([- ] {field}: ).*$", rf"\g<1>{value}", row, count=1)
        assert count, field
    path.write_text(f"{text.rstrip()}\n{row}", encoding="utf-8")


def test_the_bundled_knowledge_has_no_fault(bundled: Checked) -> None:
    assert bundled.errors == ()
    assert bundled.cards >= 1000 and bundled.rows >= 500


def test_all_faults_of_one_card_are_listed_with_folder_file_and_line(
    corpus: Path, edit: Edit, bundled: Checked
) -> None:
    name = a_card_file(corpus)
    edit(name, "  kind: ", "  kind: not-")
    edit(name, "  title: ", "  titel: ")
    path = edit(name, "  source: ", "  source: no_such_")
    found = check(corpus)
    assert found.cards == bundled.cards
    assert {re.search(r"字段 (\S+) 不对", error)[1] for error in found.errors} == {"kind", "title", "titel", "source"}  # type: ignore[index]
    assert all(error.startswith(f"{path.parent.name}/{path.name} 第 ") for error in found.errors)


def test_the_values_that_are_allowed_are_listed_as_chinese_lists_them(corpus: Path, edit: Edit) -> None:
    edit(a_card_file(corpus), "  certainty: full", "  certainty: sure")
    edit("data/programmes.yaml", 'level: "national"', 'level: "world"')
    card, row = check(corpus).errors
    assert "可选 full、snippet、third_party、practice。" in card
    assert "可选 national、province、city。" in row
    assert not re.search(r"'| or ", card + row)


def test_all_faults_of_one_row_are_listed_and_the_row_still_counts(corpus: Path, edit: Edit, bundled: Checked) -> None:
    edit("data/programmes.yaml", 'kind: "subsidy"', 'kind: "gift"')
    edit("data/programmes.yaml", 'level: "national"', "level: 3")
    edit("data/programmes.yaml", "as_of: ", "as_of: on ")
    edit("data/programmes.yaml", "source: ", "source: no_such_source # ")
    found = check(corpus)
    assert found.rows == bundled.rows
    assert {re.search(r"字段 (\S+) 不对", error)[1] for error in found.errors} == {"kind", "level", "as_of", "source"}  # type: ignore[index]
    assert "2026-11-20" in next(error for error in found.errors if "as_of" in error)


def test_no_fault_is_told_in_english(corpus: Path, edit: Edit) -> None:
    edit("data/programmes.yaml", "rate: ", "rate: [much] # ")
    edit("data/programmes.yaml", "amount_known: ", "amount_known: 大概 # ")
    edit("data/programmes.yaml", "eligible: ", "eligible: 5 # ")
    found = check(corpus)
    assert len(found.errors) == 3
    assert not [error for error in found.errors if re.search(r"should|valid|Input|must", error)]


def test_a_broken_row_is_not_told_again_by_the_rows_that_name_it(corpus: Path, edit: Edit) -> None:
    edit("data/scenarios.yaml", "  area: ", "  aera: ")
    assert {error.partition(" ")[0] for error in check(corpus).errors} == {"scenarios.yaml"}


def test_faults_in_several_files_are_found_at_once(corpus: Path, edit: Edit) -> None:
    edit("data/cases.yaml", "scenario: ", "scenario: 没有的")
    edit("data/vendors.yaml", "card: ", "card: no/such-card # ")
    edit("data/programmes.yaml", 'kind: "subsidy"', 'kind: "gift"')
    (corpus / "data" / "glossary.yaml").write_text("- term: [", encoding="utf-8")
    files = {error.partition(" ")[0] for error in check(corpus).errors}
    assert files == {"cases.yaml", "vendors.yaml", "programmes.yaml", "glossary.yaml"}


def test_the_same_id_twice_is_a_fault(corpus: Path) -> None:
    path = corpus / "data" / "cases.yaml"
    doubled_row(path)
    (error,) = check(corpus).errors
    assert "和前面的重复" in error
    card = card_files(corpus)[0]
    doubled_row(card)
    assert any(f"和 {card.parent.name}/{card.name} 第 " in error for error in check(corpus).errors)


@pytest.mark.parametrize("name", ["cases", "vendors", "subsectors", "programmes", "scenarios"])
def test_users_may_add_to_the_lists_of_which_the_documents_name_a_least_number(corpus: Path, name: str) -> None:
    named = {"vendors": {"id": "own-added", "tool": "自加的工具"}, "subsectors": {"id": "own-added", "name": "自加的领域"},
             "scenarios": {"id": "own-added", "name": "自加的场景"}}  # fmt: skip
    doubled_row(corpus / "data" / f"{name}.yaml", **named.get(name, {"id": "own-added"}))
    assert check(corpus).errors == ()


def test_fewer_than_the_documents_name_is_a_fault(corpus: Path) -> None:
    path = corpus / "data" / "cases.yaml"
    blocks = re.split(r"(?m)^(?=- )", path.read_text(encoding="utf-8"))
    path.write_text("".join(blocks[:54]), encoding="utf-8")
    assert "cases.yaml 的案例至少要有 54，现在是 53。" in check(corpus).errors


def test_one_cell_more_in_the_sector_matrix_is_a_fault(corpus: Path) -> None:
    doubled_row(corpus / "data" / "sector_path.yaml", sector="自加的行业")
    assert "sector_path.yaml 的格应当是 60，现在是 61。" in check(corpus).errors


def test_what_is_wrong_with_a_short_form_a_near_question_and_advice_from_practice_is_told(corpus: Path) -> None:
    path = corpus / "cards" / "practice" / "fees.yaml"
    source = next(iter(load_sources(corpus)))
    card = {
        "id": "practice/fee-made-up", "kind": "practice", "title": "每年的服务费", "source": source, "section": ["经验"],
        "short": "服务费一年常收合同价的18%。", "text": "软件买断之后，每年的服务费常见是合同价的15%上下，先写进合同。",
        "questions": ["服务费一年多少", "软件买断后还要交钱吗", "维护费占几成"], "not_answered": ["维护费占几成", "服务费能还价吗"],
        "rests_on": ["一份招标文件"], "figures": [], "certainty": "practice", "as_of": "2026-05-01",
    }  # fmt: skip
    path.write_text(yaml.safe_dump([card], allow_unicode=True), encoding="utf-8")
    errors = "".join(check(corpus).errors)
    for told in ("short 里的 18", "“维护费占几成”也在 questions", "rests_on 不对", "正文里的 15 在 figures 里没有"):
        assert told in errors
    card |= {
        "short": "服务费常见是合同价的15%。", "not_answered": ["服务费能还价吗"], "rests_on": ["一份招标文件", "一份合同范本"],
        "figures": [{"value": "15%", "source": "合同范本", "year": 2024, "scope": "管理软件"}],
    }  # fmt: skip
    path.write_text(yaml.safe_dump([card], allow_unicode=True), encoding="utf-8")
    assert check(corpus).errors == ()
