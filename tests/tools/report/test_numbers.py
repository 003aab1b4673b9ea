"""No number of a result is lost in a report, whatever the tool, the arguments, the format and the machine's fonts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.types import Citation
from tests.tools.report.reading import ENDINGS, lost, numbered_docx_text, numbers, pdf_text, text_of, told, xlsx_text
from tools import registry
from tools.outcome import Outcome
from tools.report import files
from tools.report.contents import talk_pages
from tools.spec import specs

DAY = date(2026, 11, 29)
HOSTILE = (
    "=cmd|'/C calc'!A0 <b>7,654.5</b> -5.2% 1500~2500 &amp; " + "超长" * 40 + "Donaudampfschifffahrt" * 8 + " 3210"
)
_SAID: dict[str, tuple[str, dict[str, Any]]] = {
    "subsidy, only a place": ("subsidy", {"地区": "广东中山"}),
    "subsidy, a rich firm": (
        "subsidy",
        {"行业": "注塑", "从业人员": 280, "营业收入万元": 19000, "地区": "苏州", "投入万元": 1234.56, "贷款万元": 3000,
         "企业类型": "小巨人", "用途": "MES 50万，设备30万", "等级": "二级", "目标等级": "三级"},
    ),
    "subsidy, until when": ("subsidy", {"地区": "上海松江", "只看": "期限"}),
    "subsidy, nothing said": ("subsidy", {}),
    "roadmap, few facts": ("roadmap", {"行业": "注塑", "从业人员": 30, "当前等级": 1}),
    "roadmap, rich": (
        "roadmap",
        {"行业": "汽车零部件", "从业人员": 280, "当前等级": 1, "目标等级": 4, "周期年": 5, "预算万元": 1234.5, "地区": "宁波",
         "痛点": "交期、质量、库存、设备", "动因": "客户要求", "产品复杂度": "部件"},
    ),
    "roadmap, a huge budget": ("roadmap", {"行业": "服装", "从业人员": 999, "当前等级": 2, "预算万元": 98765}),
    "maturity, two words": ("maturity", {"行业": "注塑", "生产制造": "纸质"}),
    "maturity, rich": (
        "maturity",
        {"行业": "电子", "已用系统": ["金蝶ERP", "MES"], "采购供应": "表格记库存", "市场营销": "CRM", "研发设计": "CAD", "从业人员": 280},
    ),
    "size class": ("size_class", {"行业": "注塑", "从业人员": 280, "营业收入万元": 19000}),
    "size class, a figure missing": ("size_class", {"行业": "软件", "从业人员": 280}),
    "size class, no industry": ("size_class", {"从业人员": 1280, "营业收入万元": 4567.8}),
    "sector path": ("sector_path", {"行业": "汽车"}),
    "sector path, none": ("sector_path", {"行业": "装备制造"}),
    "scenarios": ("scenarios", {"行业": "注塑", "从业人员": 30}),
    "cases": ("cases", {"工具": "MES"}),
    "cases, a trade": ("cases", {"行业": "服装"}),
    "vendors": ("tool_vendors", {"工具": "ERP"}),
    "glossary": ("glossary", {"术语": "AGV、MES、小快轻准"}),
    "benchmark": ("benchmark", {"行业": "注塑", "营业收入万元": 5000, "投入万元": 40}),
    "benchmark, a level": ("benchmark", {"等级": "二级"}),
    "benchmark, hardships": ("benchmark", {"指标": "困难"}),
}  # fmt: skip
RESULTS = _SAID | {
    f"{name}, its sample": (name, dict(spec.sample))
    for name, spec in specs().items()
    if name not in {tool for tool, _ in _SAID.values()}
}
"""Every tool is tried, a new one with its sample."""
WRITTEN_OUT = frozenset(
    {"text", "name", "gives", "note", "what", "practice", "ask", "fact", "remedy", "how", "question"}
)
"""Values of a result that a report writes out; others are looked up in tables."""


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return {name: registry.run(tool, arguments, DAY) for name, (tool, arguments) in RESULTS.items()}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", RESULTS)
def test_every_number_of_the_result_stands_in_the_report(
    outcomes: dict[str, Outcome], name: str, ending: str, tmp_path: Path
) -> None:
    path = files.write(RESULTS[name][0], outcomes[name], tmp_path / f"a{ending}", day=DAY)
    assert not lost(outcomes[name], path)


@pytest.mark.usefixtures("other_fonts")
@pytest.mark.parametrize("name", ["subsidy, a rich firm", "roadmap, rich", "maturity, rich"])
def test_no_number_is_lost_where_a_font_without_digits_is_installed(
    outcomes: dict[str, Outcome], name: str, tmp_path: Path
) -> None:
    path = files.write(RESULTS[name][0], outcomes[name], tmp_path / "a.pdf", day=DAY)
    assert not lost(outcomes[name], path)


def _made_hostile(value: Any, key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {k: _made_hostile(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_made_hostile(v, key) for v in value]
    return f"{value}{HOSTILE}" if isinstance(value, str) and key in WRITTEN_OUT else value


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", ["subsidy, a rich firm", "roadmap, rich", "cases", "scenarios", "benchmark"])
def test_hostile_text_loses_no_number_and_runs_nothing(
    outcomes: dict[str, Outcome], name: str, ending: str, tmp_path: Path
) -> None:
    outcome = replace(
        outcomes[name], text=f"{HOSTILE}\n\n{outcomes[name].text}", data=_made_hostile(outcomes[name].data)
    )
    path = files.write(RESULTS[name][0], outcome, tmp_path / f"a{ending}", firm=HOSTILE, day=DAY)
    assert not lost(outcome, path)
    assert numbers(HOSTILE) == {"7,654.5", "-5.2", "1500", "2500", "3210"} <= numbers(text_of(path))
    if ending == ".xlsx":
        from openpyxl import load_workbook

        assert not [c for sheet in load_workbook(path) for row in sheet for c in row if c.data_type == "f"]


def test_a_list_goes_on_with_its_own_numbers(tmp_path: Path) -> None:
    outcome = Outcome("1. 先问\n2. 再报\n   - 备好材料\n3. 等公示\n\n说明\n\n1. 另一件\n2. 又一件")
    wanted = ["1. 先问", "2. 再报", "3. 等公示", "1. 另一件", "2. 又一件"]
    word = numbered_docx_text(files.write("glossary", outcome, tmp_path / "a.docx"))
    assert [line for line in word.splitlines() if re.match(r"\d", line)][1:] == wanted
    sheet = xlsx_text(files.write("glossary", outcome, tmp_path / "a.xlsx"))
    assert [line for line in sheet.splitlines() if re.match(r"\d\.", line)] == wanted
    page = pdf_text(files.write("glossary", outcome, tmp_path / "a.pdf"))
    assert [line.strip() for line in page.splitlines() if re.match(r"\d\.", line)] == wanted


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_conversation_keeps_its_numbers_tables_and_citations(ending: str, tmp_path: Path) -> None:
    from assistant.history import Turn

    cited = Citation(1, "action_plan_2025_2027", "行动方案", "一、总体要求", "p", "", "card", "full")
    answer = (
        "**75%** [1]。\n\n| 年 | 数 |\n| --- | --- |\n| 2027 | 3.85% |\n\n3. 三\n4. 四\n\n-5.2% 到 1,900万元，3*5*2"
    )
    turns = [Turn("关键工序数控化率<b>3000</b>？", "", answer, citations=(cited,)), Turn("*谢谢*\n2026", "", "不客气")]
    text = text_of(files.save(talk_pages(turns, "甲厂", DAY), tmp_path / f"a{ending}"))
    for part in (
        "甲厂：对话记录",
        "75%",
        "2027",
        "3.85%",
        "-5.2%",
        "1,900万元",
        "3*5*2",
        "<b>3000</b>",
        "〔2024〕239号",
        "一、总体要求",
    ):
        assert part in text.replace("\r\n", ""), part


def test_the_numbers_of_a_result_are_many(outcomes: dict[str, Outcome]) -> None:
    """The check above would be empty if it looked for nothing."""
    assert len({n for part in told(outcomes["roadmap, rich"]) for n in numbers(part)}) > 60
