"""Which table of one's own documents a question is about, and that the answer cites the rows it stands on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.settings import Settings
from core.types import Answer
from ingest.pipeline import Ingestor

DAY = date(2026, 11, 30)
Told = Callable[[str], Answer]


def grades(title: str, most: int) -> str:
    rows = "\n".join(
        f"| {grade} | {50 + n}-{200 + n} | {most + n} |" for n, grade in enumerate(("甲档", "乙档", "丙档"))
    )
    return f"# {title}\n\n| 档次 | 投入（万元） | 上限（万元） |\n| --- | --- | --- |\n{rows}\n"


@pytest.fixture(scope="module")
def told(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("tables")
    shutil.copytree(home, folder / "home")
    guide: Assistant = build_assistant(Settings(home=folder / "home"), remember=False)
    (folder / "云化.md").write_text(grades("榆坪区2026年云化软件补助档次表（第2号）", 103), "utf-8")
    (folder / "联网.md").write_text(grades("榆坪区2026年设备联网补助档次表（第9号）", 387), "utf-8")
    Ingestor(guide.retriever.index).ingest([folder / "云化.md", folder / "联网.md"])
    return lambda question: guide.answer(question, day=DAY)


@pytest.mark.parametrize(
    ("title", "said", "source"),
    [
        ("榆坪区2026年云化软件补助档次表（第2号）", "104万元", "云化"),
        ("榆坪区2026年设备联网补助档次表（第9号）", "388万元", "联网"),
    ],
)
def test_the_table_of_the_title_that_is_given_answers_alone(told: Told, title: str, said: str, source: str) -> None:
    answer = told(f"{title}里乙档的上限是多少")
    assert said in answer.text and {c.source_id for c in answer.citations} == {source}


def test_the_number_in_a_title_is_not_the_number_of_a_row(told: Told) -> None:
    answer = told("榆坪区2026年设备联网补助档次表（第9号）一共有几档")
    assert "没有第9号" not in answer.text
    answer = told("榆坪区2026年云化软件补助档次表（第2号）上限最高的是哪一档")
    assert "丙档" in answer.text and "第2号是" not in answer.text


def test_a_row_that_is_named_is_cited_by_its_own_passage(told: Told) -> None:
    answer = told("榆坪区2026年云化软件补助档次表（第2号）里丙档投入多少")
    assert "52-202万元" in answer.text and answer.citations and "丙档" in answer.citations[0].quote


@pytest.mark.parametrize("question", ["政府到2027年打算让多少小企业上云", "小微企业上云有什么优惠"])
def test_a_question_about_something_else_is_not_reckoned_over_a_table(told: Told, question: str) -> None:
    assert not {c.source_id for c in told(question).citations} & {"云化", "联网"}
