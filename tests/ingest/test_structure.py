"""The heading tree."""

from __future__ import annotations

import pytest

from ingest.structure import is_caption, is_heading, outline


@pytest.mark.parametrize(
    "line",
    [
        "第一章 总则",
        "第二节 适用范围",
        "一、总体要求",
        "（一）适用对象",
        "(五) 总结：三大因素",
        "1. 场景需求",
        "3.2.2.1 对产品和服务的需求",
        "2.1 意愿积极，企业投入稳定提升",
        "附件：名词解释",
        "附录 1.2 一站式平台",
        "前 言",
        "专栏 1：县域实践案例",
        "# 标题",
        "9. 日用化工领域",
    ],
)
def test_knows_a_heading(line: str) -> None:
    assert is_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "2.3 个百分点，高于上年",
        "35.8% 的企业认为",
        "1.2 万家企业参与",
        "2024 年，样例部发布方案",
        "一是样例先行",
        "近年来，政策不断完善。",
        "（31.7%）。这表明",
        "1. 提交申请表；",
        "甲\t乙",
        "15分钟内能够响应",
    ],
)
def test_knows_what_is_no_heading(line: str) -> None:
    assert not is_heading(line)


def test_knows_a_caption() -> None:
    assert (
        is_caption("图 2.1.3 样例分布（N=494）")
        and is_caption("表 1 用量前五的工具")
        and is_caption("图 1-5 “小快轻准”支撑的转型")
    )
    assert not is_caption("图 2 显示，近三成企业已经开始。")


def test_gives_every_paragraph_its_section() -> None:
    blocks = outline(["一、总则", "说明。", "（一）对象", "对象是样例企业。", "二、任务", "任务有三项。"])
    assert [b.section for b in blocks if b.kind == "text"] == [("一、总则",), ("一、总则", "（一）对象"), ("二、任务",)]


def test_a_lead_is_a_heading_and_stays_in_its_paragraph() -> None:
    text = "1. 推进城市试点。分批支持十个样例城市，带动四百家企业改造，各城市编制方案。"
    block = outline(["二、任务", "（一）试点", text])[-1]
    assert block.section == ("二、任务", "（一）试点", "1. 推进城市试点")
    assert block.text == text


def test_the_path_is_at_most_four_deep() -> None:
    lines = ["第一章 甲", "第一节 乙", "一、丙", "（一）丁", "1. 戊", "正文。"]
    assert len(outline(lines)[-1].section) == 4


def test_a_decimal_number_closes_a_neighbour_that_it_does_not_belong_to() -> None:
    blocks = outline(["第四章 实践", "4.5 甲公司", "甲的正文。", "4.6.2 做法", "乙的正文。"])
    assert blocks[-1].section == ("第四章 实践", "4.6.2 做法")
    assert outline(["第一章 背景", "2.1 现状", "正文。"])[-1].section == ("2.1 现状",)


def test_numbered_lines_without_text_are_items_of_a_list() -> None:
    blocks = outline(["一、材料", "1. 营业执照", "2. 审计报告", "3. 申请表", "二、流程", "先申请。"])
    assert [b.kind for b in blocks] == ["heading", "text", "text", "text", "heading", "text"]


def test_a_preface_ends_with_the_first_chapter() -> None:
    assert outline(["前 言", "写在前面。", "一、意义", "意义重大。"])[-1].section == ("一、意义",)


def test_markdown_headings_nest() -> None:
    blocks = outline(["# 甲", "## 乙", "正文。", "## 丙", "正文。"])
    assert [b.section for b in blocks if b.kind == "text"] == [("甲", "乙"), ("甲", "丙")]
