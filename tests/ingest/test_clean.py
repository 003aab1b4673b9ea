"""Cleaning: wrapped lines, page furniture, contents, look-alike characters, tables."""

from __future__ import annotations

import re

from ingest.clean import paragraphs, readable

WRAPPED = """当前，样例经济的发展成为大势所趋。样例企业是

实体经济的重要组成部分，也是样例转型的重点和难

点。为加快样例发展，提高样例企业的综合实力和竞

争力，制定本样例指南，供各地样例部门在工作中加

以参考，并结合各地实际情况抓好样例工作的落实。



2

一、总则

样例企业转型遵循从易到难、由点及面、长期迭代的

思路，逐步推进样例工作，把样例做深做透做到位。
"""


def test_joins_lines_broken_inside_sentences_and_drops_page_numbers() -> None:
    found = paragraphs(WRAPPED)
    assert found[0].startswith("当前，样例经济的发展成为大势所趋。样例企业是实体经济的重要组成部分")
    assert found[1] == "一、总则"
    assert len(found) == 3
    assert "2" not in found


def test_joins_a_paragraph_cut_by_a_page_break_and_puts_the_caption_after_it() -> None:
    text = (
        "受访样例企业优先在经营管理和生产制造环节进行样例改造，其中有两成企业采用了样例工具优\n\n"
        "图 2 样例环节情况\n\n化管理流程，可以看出样例企业比较需要这些场景。\n\n下一段说别的事情，与上一段没有关系。\n"
    )
    found = paragraphs(text)
    assert "样例工具优化管理流程" in found[0]
    assert found[1] == "图 2 样例环节情况"


def test_short_lines_of_a_list_stay_apart() -> None:
    assert paragraphs("需要的材料\n营业执照\n上年度审计报告\n样例申请表\n") == [
        "需要的材料",
        "营业执照",
        "上年度审计报告",
        "样例申请表",
    ]


def test_leaves_out_the_table_of_contents() -> None:
    leaders = "目 录\n一、样例意义.....\t1\n（一）样例需要........3\n\n"
    tabs = "目录\n二、样例路径\t12\n\n"
    assert paragraphs(leaders + tabs + "一、样例意义\n正文从这里开始，讲样例的意义。\n") == [
        "一、样例意义",
        "正文从这里开始，讲样例的意义。",
    ]


def test_keeps_the_rows_of_a_table_even_where_they_end_in_numbers() -> None:
    text = "各季度情况如下。\n\n季度\t企业数\n一季度\t10\n二季度\t12\n三季度\t15\n"
    assert paragraphs(text)[1:] == ["季度\t企业数", "一季度\t10", "二季度\t12", "三季度\t15"]


def test_drops_running_heads_but_not_headings_that_come_back() -> None:
    page = "样例联盟白皮书\n1. 场景需求\n样例企业在这一环节的需求集中在四个方面，分别说明如下。\n"
    found = paragraphs(page * 3)
    assert found.count("样例联盟白皮书") == 1
    assert found.count("1. 场景需求") == 3


def test_repairs_numbers_printed_twice_unless_the_document_counts_that_far() -> None:
    assert paragraphs("2.12.1 意愿积极，投入提升\n正文在这里。")[0] == "2.1 意愿积极，投入提升"
    counted = "2.12 第十二节\n正文在这里。\n2.12.1 第一小节\n正文在这里。"
    assert "2.12.1 第一小节" in paragraphs(counted)


def test_maps_radicals_and_drops_invisible_characters_but_leaves_the_rest_as_it_was() -> None:
    assert readable("中⼩企业⽤⻓链\u200b，①“样例”１２％②\ufeff") == "中小企业用长链，①“样例”１２％②"


def test_every_sentence_survives_without_its_white_space() -> None:
    squeezed = re.sub(r"\s", "", "".join(paragraphs(WRAPPED)))
    assert "提高样例企业的综合实力和竞争力，制定本样例指南" in squeezed
    assert "逐步推进样例工作，把样例做深做透做到位。" in squeezed


def test_reads_markdown_tables_and_joins_its_soft_line_breaks() -> None:
    text = "# 样例\n\n一段**重要的**话，\n在第二行说完。\n\n| 名称 | 数 |\n| --- | --- |\n| 甲 | 1 |\n"
    assert paragraphs(text, markdown=True) == ["# 样例", "一段重要的话，在第二行说完。", "名称\t数", "甲\t1"]
