"""数字化评估, 补贴匹配 and 路线图 in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="缺 playwright：python3 start.py test 会装")
from playwright.sync_api import BrowserContext, expect

from tests.ui.web.browser import Server, Tab, opened, overflow, serving


def choose(tab: Tab, option: int = 1) -> None:
    tab.page.locator(".option").nth(option).click()
    tab.press("button[value=next]")


def test_ten_answers_give_a_range_and_a_saved_assessment_is_listed(laptop: Tab) -> None:
    page = laptop.go("/maturity")
    page.fill("#f-industry", "注塑")
    laptop.press("text=开始答题")
    page.keyboard.press("Tab")  # reachable without a mouse
    for _ in range(10):
        choose(laptop)
    expect(page.locator(".verdict .big")).to_contain_text("到")
    expect(page.locator(".chart.bars").first).to_contain_text("数字化基础")
    assert page.locator(".chart.bars").nth(1).locator("li:not(.group)").count() == 16
    laptop.press("text=存为一次评估")
    expect(page.locator(".good")).to_contain_text("已存")
    with page.expect_download() as download:
        page.click("text=下载 Word")
    assert download.value.suggested_filename == "数字化水平自评.docx"
    laptop.go("/maturity")
    expect(page.locator("table")).to_contain_text("注塑")


def test_nothing_chosen_is_told_kindly_and_a_question_may_be_passed_over_and_come_back_to(laptop: Tab) -> None:
    page = laptop.go("/maturity")
    laptop.press("text=开始答题")
    laptop.press("button[value=next]")
    expect(page.locator(".note")).to_contain_text("还没选")
    assert page.locator(".error").count() == 0
    laptop.press("button[value=skip]")
    expect(page.locator(".steps-head")).to_contain_text("第 2 题")
    page.click("text=不知道，说不准")
    laptop.press("button[value=next]")
    page.click("text=不适用")
    laptop.press("button[value=next]")
    expect(page.locator(".steps-head")).to_contain_text("第 4 题")
    laptop.press("text=上一题")
    expect(page.locator("input[value=不适用]")).to_be_checked()
    laptop.press("text=看结果")
    expect(page.locator("ul.open")).to_contain_text("补答：生产管控")


def test_an_assessment_goes_on_after_the_server_was_killed(context: BrowserContext, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    shutil.copytree(home, folder)
    with serving(folder) as first, opened(context, first.url, quiet=False) as tab:
        tab.go("/maturity")
        tab.press("text=开始答题")
        choose(tab)
        choose(tab, 2)
        address = tab.page.url
        first.process.kill()
        first.process.wait()
        with serving(folder, first.port) as second:
            assert second.port == first.port
            with opened(context, address) as again:
                expect(again.page.locator(".steps-head")).to_contain_text("第 3 题", timeout=30_000)
                again.go("/maturity")
                expect(again.page.locator(".resume")).to_contain_text("已答 2")


def test_of_two_tabs_in_one_assessment_the_second_is_told(context: BrowserContext, server: Server) -> None:
    with opened(context, server.url) as one:
        one.go("/maturity")
        one.press("text=开始答题")
        with opened(context, one.page.url) as two:
            choose(one)
            choose(two, 3)
            expect(two.page.locator(".error")).to_contain_text("另一个窗口")


def test_support_is_told_with_conditions_and_a_wrong_figure_keeps_what_was_typed(laptop: Tab) -> None:
    page = laptop.go("/subsidy")
    page.fill("#f-地区", "苏州")
    page.fill("#f-投入万元", "很多")
    laptop.press("text=开始匹配")
    expect(page.locator(".error")).to_contain_text("打算投多少钱")
    expect(page.locator("#f-地区")).to_have_value("苏州")
    page.fill("#f-投入万元", "80")
    laptop.press("text=开始匹配")
    assert page.locator(".programme").count() >= 3
    expect(page.locator(".state").first).to_be_visible()
    page.locator(".programme .cite").first.click()
    expect(page.locator("#panel .passage")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator(".programme").first).to_be_visible()


def test_a_roadmap_is_drawn_changed_and_fetched(laptop: Tab) -> None:
    page = laptop.go("/roadmap")
    laptop.press("text=排路线图")
    expect(page.locator(".error")).to_be_visible()  # the industry decides
    page.fill("#f-行业", "注塑")
    page.fill("#f-预算万元", "50")
    laptop.press("button:has-text('排路线图')")
    expect(page.locator(".chart.phases svg")).to_be_visible()
    expect(page.locator("#view")).to_contain_text("万元")
    with page.expect_download() as download:
        page.click("text=下载 PDF")
    assert download.value.suggested_filename == "数字化转型路线图.pdf"


def test_the_tools_fit_a_phone(phone: Tab) -> None:
    page = phone.go("/roadmap")
    page.fill("#f-行业", "注塑")
    page.fill("#f-预算万元", "50")
    phone.press("button:has-text('排路线图')")
    assert overflow(page) <= 0
    expect(page.locator(".chart.phases svg")).to_be_hidden()
    expect(page.locator(".lanes li").first).to_contain_text("第 1 个月")
    wider = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent.slice(0, 40))"
    assert page.locator("#view .page > .card .table, #view .chart").evaluate_all(wider) == []
    phone.go("/subsidy")
    page.fill("#f-地区", "宁波")
    phone.press("text=开始匹配")
    assert overflow(page) <= 0
    phone.go("/maturity")
    phone.press("text=开始答题")
    choose(phone)
    assert overflow(page) <= 0
