import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadFile
from corpus.cards import CORPUS, read_yaml_list
from corpus.exchange import COLUMNS, export_programmes, import_programmes
from corpus.programme_text import read_condition, read_tier, write_condition, write_tier
from corpus.rows import Programme
from corpus.tables import load_tables

SUFFIXES = (".xlsx", ".csv")
LIVE = ['=HYPERLINK("http://x","点我")', "+86 10 1234", "-1+2", "@SUM(A1:A9)", "\t=1+1", "'=1+1", "''@a"]


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """A corpus folder of its own; its programmes.yaml."""
    corpus = tmp_path / "corpus"
    (corpus / "data").mkdir(parents=True)
    shutil.copy(CORPUS / "data" / "programmes.yaml", corpus / "data")
    shutil.copy(CORPUS / "sources.yaml", corpus)
    shutil.copytree(CORPUS / "cards" / "external", corpus / "cards" / "external")
    for source in ("action_plan_2025_2027", "guide_2022", "caict_specialized_2024", "lenovo_36kr_2024"):
        shutil.copytree(CORPUS / "cards" / source, corpus / "cards" / source)
    return corpus / "data" / "programmes.yaml"


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """A .csv of the first bundled programme in which cells of the named columns are changed."""

    def make(**changes: Any) -> Path:
        path = tmp_path / "政策.csv"
        export_programmes(path, load_tables().programmes[:1])
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, row = list(csv.reader(file))
        for name, value in changes.items():
            row[header.index(name)] = str(value)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([header, row])
        return path

    return make


def programme(into: Path, id: str) -> Programme:
    return next(Programme.model_validate(raw) for _, raw in read_yaml_list(into) if raw["id"] == id)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_all_programmes_come_back_the_same_and_the_file_is_not_touched(suffix: str, into: Path, tmp_path: Path) -> None:
    path, before = tmp_path / f"全部{suffix}", into.read_text(encoding="utf-8")
    assert export_programmes(path) == len(load_tables().programmes)
    assert import_programmes(path, into) == []
    assert into.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("text", LIVE)
def test_what_looks_like_a_formula_is_text_and_comes_back_the_same(
    suffix: str, text: str, into: Path, tmp_path: Path
) -> None:
    path = tmp_path / f"a{suffix}"
    row = load_tables().programmes[0].model_copy(update={"name": text, "note": text})
    export_programmes(path, [row])
    assert import_programmes(path, into) == []
    assert programme(into, row.id).name == text
    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not any(cell[:1] in ("=", "+", "-", "@", "\t") for cells in csv.reader(file) for cell in cells)
    else:
        from openpyxl import load_workbook

        assert not any(cell.data_type == "f" for cells in load_workbook(path).worksheets[0] for cell in cells)


def test_a_live_formula_in_a_workbook_is_refused(into: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "a.xlsx"
    export_programmes(path, load_tables().programmes[:2])
    book = load_workbook(path)
    book.worksheets[0].cell(3, list(COLUMNS).index("cap_wan") + 1).value = "=10*3"
    book.save(path)
    assert [str(error) for error in import_programmes(path, into)] == [
        "a.xlsx 第 3 行“封顶万元”：是公式，请改成它的值。"
    ]


def test_a_new_programme_is_added_and_a_known_one_replaced_in_its_place(into: Path, tmp_path: Path) -> None:
    first, second = load_tables().programmes[:2]
    new = second.model_copy(update={"id": "kunshan-2027", "name": "昆山：“新办法”\\测试", "cap_wan": 12.5})
    path = tmp_path / "a.xlsx"
    export_programmes(path, [first.model_copy(update={"giver": "改过的发放方"}), new])
    before = [raw["id"] for _, raw in read_yaml_list(into)]
    head = into.read_text(encoding="utf-8").splitlines()[:4]
    assert import_programmes(path, into) == []
    assert [raw["id"] for _, raw in read_yaml_list(into)] == [*before, "kunshan-2027"]
    assert programme(into, first.id).giver == "改过的发放方"
    assert programme(into, "kunshan-2027").model_dump() == new.model_dump()
    assert into.read_text(encoding="utf-8").splitlines()[:4] == head


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("补助比例", "很多", "要填数字，现在是“很多”"),
        ("补助比例", "250%", "太大了"),
        ("封顶万元", "-3", "要填数字"),
        ("类别", "红包", "只能是补助、券、贴息"),
        ("金额查到了", "大概", "要填“是”或“否”"),
        ("截止日", "明年", "日期要写成 2026-11-20 这样"),
        ("名称", "", "这一格不能空"),
        ("来源编号", "mirror_site", "sources.yaml 里没有“mirror_site”"),
        ("卡片", "nix/nix", "没有“nix/nix”这张卡片"),
        ("条件", "属于中小企业", "每行写成“编号 | 条件 | 字段 | 关系 | 值”"),
        ("条件", "size | 属于中小企业 | size_class | |", "要么都写，要么都空"),
        ("分档", "二级 | 2 | | | 三成 | 30 |", "不是数字"),
        ("补助比例", "0.3", "写了比例或封顶"),
    ],
)
def test_an_error_names_file_row_and_column_and_nothing_is_written(
    column: str, value: str, what: str, into: Path, sheet: Callable[..., Path]
) -> None:
    before = into.read_text(encoding="utf-8")
    errors = import_programmes(sheet(**{column: value}), into)
    assert len(errors) == 1
    assert (errors[0].file, errors[0].row) == ("政策.csv", 2)
    assert what in errors[0].what
    assert str(errors[0]).startswith("政策.csv 第 2 行")
    assert into.read_text(encoding="utf-8") == before


def test_people_may_write_percent_dates_and_the_encoding_of_excel(into: Path, sheet: Callable[..., Path]) -> None:
    path = sheet(补助比例="30%", 封顶万元="30万", 金额查到了="是", 发布时间="2024")
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("gb18030"))
    assert import_programmes(path, into) == []
    assert (programme(into, "pilot-city").rate, programme(into, "pilot-city").cap_wan) == (0.3, 30)


def test_a_missing_and_an_unknown_column_are_named(into: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join([*list(COLUMNS.values())[1:], "心情"]) + "\n", encoding="utf-8")
    assert [str(error) for error in import_programmes(path, into)] == [
        "a.csv 第 1 行“编号”：缺少这一列。",
        "a.csv 第 1 行“心情”：没有这一列。",
    ]


def test_the_same_id_twice_is_an_error(into: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    export_programmes(path, load_tables().programmes[:1] * 2)
    assert [(error.row, error.column) for error in import_programmes(path, into)] == [(3, "编号")]


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"not a zip"), ("a.pdf", b"%PDF"), ("a.csv", b"\xff\xfe\xff\x81")]
)
def test_a_file_that_is_no_table_is_refused(name: str, content: bytes, into: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadFile):
        import_programmes(path, into)


def test_a_file_that_is_not_there_is_refused(into: Path, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="打不开"):
        import_programmes(tmp_path / "nix.csv", into)


def test_an_empty_table_says_so(into: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    export_programmes(path, [])
    assert "一行政策也没有" in str(import_programmes(path, into)[0])


def test_conditions_and_tiers_keep_their_meaning_as_text() -> None:
    for row in load_tables().programmes:
        for condition in row.conditions:
            assert type(condition).model_validate(read_condition(write_condition(condition))) == condition
        for tier in row.tiers:
            assert type(tier).model_validate(read_tier(write_tier(tier))) == tier
