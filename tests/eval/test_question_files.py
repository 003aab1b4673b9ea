import json
from pathlib import Path

import pytest

from core.errors import BadFile
from eval.command import run
from eval.metrics import fold_fact, has_fact
from eval.questions import Need, Qa, ToolCase, Unanswerable, bundled_files, read_questions


def write(folder: Path, *lines: object) -> Path:
    path = folder / "q.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def test_tells_the_three_sorts_apart_by_their_fields(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"id": "a", "question": "几成？", "kind": "figure", "style": "formal", "sources": ["s"], "facts": [["四成"]]},
        "",
        {"id": "b", "question": "天气？", "kind": "out_of_domain", "expect": "refuse", "facts": []},
        {"id": "c", "turns": ["我们厂80人", "算小型吗"], "tool": "size_class", "args": {"从业人员": 80}},
        {"id": "d", "turns": ["MES是啥", "那APS呢"], "facts": [["排程"]]},
    )
    qa, un, tool, follow = read_questions(path)
    assert isinstance(qa, Qa) and qa.facts == (("四成",),) and qa.sources == ("s",)
    assert isinstance(un, Unanswerable) and un.expect == "refuse"
    assert isinstance(tool, ToolCase) and tool.question == "算小型吗" and tool.args == {"从业人员": 80}
    assert isinstance(follow, Qa) and follow.turns == ("MES是啥", "那APS呢")


@pytest.mark.parametrize(
    "bad",
    [
        "{不是 JSON",
        "[1, 2]",
        {"question": "没有编号", "facts": []},
        {"id": "x", "question": "看不出种类"},
        {"id": "x", "facts": [["没有题面"]]},
        {"id": "x", "question": " ", "facts": []},
        {"id": "x", "question": "要点不是列表的列表", "facts": ["四成"]},
        {"id": "x", "question": "没有这种期待", "expect": "guess"},
        {"id": "x", "turns": "不是列表", "tool": "none"},
        {"id": "ok", "question": "编号重复", "facts": []},
    ],
)
def test_a_wrong_line_is_an_error_that_names_file_and_line(tmp_path: Path, bad: object) -> None:
    path = write(tmp_path, {"id": "ok", "question": "好的", "facts": []}, bad)
    with pytest.raises(BadFile, match=r"q\.jsonl 第 2 行"):
        read_questions(path)


def test_an_empty_or_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        read_questions(write(tmp_path, ""))
    with pytest.raises(BadFile):
        read_questions(tmp_path / "没有.jsonl")


def test_the_bundled_sets_are_large_enough_and_well_formed() -> None:
    sets = {path.stem: read_questions(path) for path in bundled_files()}
    assert len(sets["qa"]) >= 160 and len(sets["unanswerable"]) >= 160 and len(sets["followups"]) >= 25
    assert all(isinstance(row, Qa) and row.facts and row.sources for row in sets["qa"] + sets["followups"])
    premises = [row for row in sets["unanswerable"] if isinstance(row, Unanswerable) and row.facts]
    assert len(premises) >= 40 and all(row.expect == "correct_premise" and row.sources for row in premises)
    assert all(len(row.turns) > 1 for row in sets["followups"])


def test_no_bundled_question_is_asked_twice_or_gives_its_answer_away() -> None:
    rows = [row for path in bundled_files() for row in read_questions(path)]
    asked = [fold_fact("".join(row.turns)) for row in rows]
    assert len(set(asked)) == len(asked)
    for row in rows:
        assert not isinstance(row, ToolCase)
        if isinstance(row, Need):
            continue  # the points of a need may be its own words: 测一下几级 wants to hear of a 级
        question = fold_fact(row.question)
        assert not [fact for fact in row.facts if any(has_fact(wording, question) for wording in fact)], row.id


def test_a_file_that_is_missing_is_told_before_anything_is_opened(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="不存在"):
        run([tmp_path / "missing.jsonl"])
    assert list(tmp_path.iterdir()) == []
