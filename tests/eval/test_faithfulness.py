import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.chat import Assistant
from core.types import Answer, Citation, Passage, Source, ToolCall
from eval.bench_faithfulness import Tried, assistant_with_notices, tried
from eval.faithfulness import stated_figures, unfounded
from eval.runner import Runner

DAY = date(2026, 11, 29)
SOURCES = {
    "plan": Source("plan", "专项行动方案（2025—2027年）", doc_no="工信部联企业〔2024〕239号", published="2024-12-12")
}
PASSAGES = {
    "p1": Passage("p1", "plan", "目标", "到2027年，上云率超过40%，比上年-5.2%，补助10%—30%，最高200万元，建3批100个左右试点。", section=("一、总体要求",)),
    "p2": Passage("p2", "plan", "旧目标", "到2026年，上云率达到35%。"),
}  # fmt: skip
CITED = (Citation(1, "plan", "专项行动方案（2025—2027年）", "一、总体要求", "p1", "到2027年"),)


def wrong(text: str, asked: str = "上云率是多少", tool: ToolCall | None = None) -> tuple[str, ...]:
    return unfounded(Answer(asked, text, citations=CITED, tool=tool), (asked,), PASSAGES, SOURCES, DAY)


@pytest.mark.parametrize(
    "text",
    [
        "到2027年上云率超过**40%** [1]，同比-5.2% [1]。",
        "补助10%～30%，最高2,000,000元 [1]。",
        "百分之四十 [1]",
        "1. 上云率40% [1]\n2. 建100个试点 [1]\n\n出处 [1] 《专项行动方案（2025—2027年）》（工信部联企业〔2024〕239号，2024-12-12）一、总体要求",
        "想知道同行花多少，说“我们一年营收9000万，该花多少”。",
        "建3批 [1]",
    ],
)
def test_a_figure_of_the_passage_is_founded_however_it_is_written(text: str) -> None:
    assert wrong(text) == ()


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("上云率超过41% [1]", "41%"),
        ("上云率超过4% [1]", "4%"),
        ("同比5.2% [1]", "5.2%"),
        ("最高200元 [1]", "200元"),
        ("最高200万家 [1]。", "200万家"),
        ("上云率40家 [1]", "40家"),
        ("到2026年上云率40% [1]", "2026年"),
        ("上云率35% [1]", "35%"),
        ("补助20%—30% [1]", "20%—30%"),
        ("（工信部联企业〔2024〕293号）", "〔2024〕293号"),
        ("2024年12月21日发布", "2024年12月21日"),
        ("0%的企业上云", "0%"),
    ],
)
def test_a_wrong_digit_a_lost_minus_another_unit_and_a_borrowed_year_are_caught(text: str, figure: str) -> None:
    assert wrong(text) == (figure,)


def test_what_the_question_says_may_be_echoed_with_its_unit() -> None:
    assert wrong("你的280人，营收1.9亿元", "我厂280人，去年19000万元") == ()
    assert wrong("说的是30至40名，按35人算", "我们30至40名员工") == ()
    assert wrong("按36人算", "我们30至40名员工") == ("36人",)
    assert wrong("你的280家", "我厂280人") == ("280家",)
    assert wrong("没有关于去年（2025年）的内容", "去年上云率多少") == ()


def test_a_tools_numbers_may_be_formatted_and_nothing_else() -> None:
    tool = ToolCall(
        "t",
        {"营业收入万元": 19000},
        {"text": "77%", "data": {"share": 0.305, "rows": ["甲", "乙", "丙"], "wan": 12.345, "less": -5}},
    )
    assert wrong("营收1.9亿元，占30.5%，3项，约12.3万元，差-5", tool=tool) == ()
    assert wrong("营收1.8亿元", tool=tool) == ("1.8亿元",)
    assert wrong("占77%", tool=tool) == ("77%",)
    assert wrong("多5%", tool=tool) == ("5%",)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Iterator[Assistant]:
    import shutil

    folder = tmp_path_factory.mktemp("faithful") / "home"
    shutil.copytree(home, folder)
    yield assistant_with_notices(folder)


@pytest.fixture(scope="module")
def sample(assistant: Assistant) -> list[Tried]:
    return list(tried(assistant, 150, seed=11))


def test_every_figure_of_many_answers_is_founded(sample: list[Tried]) -> None:
    assert [(t.turns, t.unfounded) for t in sample if t.unfounded] == []
    assert len(sample) >= 145 and sum(t.figures for t in sample) > 1000


def test_a_digit_changed_in_an_answer_is_caught(assistant: Assistant, sample: list[Tried]) -> None:
    rng, runner, caught, planted = random.Random(3), Runner(assistant), 0, 0
    for t in sample:
        long = [f for f in stated_figures(t.answer.text) if len(f.text) >= 3 and f.text in t.answer.text]
        if not long:
            continue
        figure = rng.choice(long).text
        at = rng.choice([n for n, c in enumerate(figure) if c.isdigit()] or [-1])
        if at < 0:
            continue
        changed = figure[:at] + str((int(figure[at]) + rng.randint(1, 8)) % 10) + figure[at + 1 :]
        answer = replace(t.answer, text=t.answer.text.replace(figure, changed))
        planted += 1
        caught += bool(runner.unfounded(answer, t.turns))
    assert planted > 60 and caught >= 0.9 * planted, (caught, planted)


@pytest.mark.parametrize(
    ("text", "unfounded_figures"),
    [("甲档上限431万元 [1]", ()), ("甲档上限432万元 [1]", ("432万元",)), ("乙档比例27.6万元 [1]", ("27.6万元",)), ("丙镇7个 [1]", ())],
)  # fmt: skip
def test_the_unit_of_a_column_belongs_to_its_cells_and_to_no_others(
    text: str, unfounded_figures: tuple[str, ...]
) -> None:
    tables = "档次 | 比例（%） | 上限（万元）\n甲档 | 27.6 | 431\n\n丙镇 | 企业数（个） | 7"
    held = {"p1": Passage("p1", "plan", "标准", tables)}
    assert unfounded(Answer("问", text, citations=CITED), ("问",), held, SOURCES, DAY) == unfounded_figures
