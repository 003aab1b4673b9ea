"""The conversation on the page, in a real browser."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="缺 playwright：python3 start.py test 会装")
from playwright.sync_api import BrowserContext, expect

from eval.bench_web import memory_mb
from tests.ui.web.browser import Server, Tab, opened, overflow, serving
from tools.spec import in_menus
from ui.web_text import EXAMPLES


def test_an_answer_comes_with_citations_that_open_the_passage_with_marked_words(laptop: Tab) -> None:
    laptop.ask("APS是啥，跟MES啥区别？")
    page = laptop.page
    expect(page.locator("#live .answer")).to_contain_text("APS")
    page.locator("#live .answer .cite").first.click()
    panel = page.locator("#panel .passage")
    expect(panel).to_contain_text("卡片：由本项目根据原文改写")
    expect(panel.locator("h2")).to_have_text(re.compile("《.+》"))
    expect(panel.locator("h2")).to_be_focused()
    assert panel.locator("mark").inner_text()
    assert panel.bounding_box()["x"] > page.locator("#live .reply").bounding_box()["x"]  # type: ignore[index]
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator("#live .answer .cite").first).to_be_focused()


def test_a_follow_up_suggestion_is_asked_when_clicked_and_the_earlier_answer_stays(laptop: Tab) -> None:
    laptop.ask("APS是啥，跟MES啥区别？")
    suggestion = laptop.page.locator("#live .follow-ups button").first
    words = suggestion.inner_text()
    suggestion.click()
    laptop.answered(2)
    expect(laptop.page.locator("#live .question")).to_contain_text(words)
    expect(laptop.page.locator("#past .exchange")).to_have_count(1)
    laptop.page.locator("#past .answer .cite").first.click()
    expect(laptop.page.locator("#panel mark").first).to_be_visible()


def test_an_example_question_is_answered_and_new_conversation_brings_the_welcome_back(laptop: Tab) -> None:
    page = laptop.page
    expect(page.locator(".examples button")).to_have_count(len(EXAMPLES) + len(in_menus()))
    page.locator(".examples button").nth(1).click()
    laptop.answered(1)
    expect(page.locator(".welcome")).to_have_count(0)
    page.click("a.new")
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".exchange")).to_have_count(0)


def test_what_is_not_in_the_knowledge_is_a_labelled_refusal(laptop: Tab) -> None:
    laptop.ask("我们市2026年改造补贴几号截止？")
    expect(laptop.page.locator("#live .refused .refused-label")).to_have_text("没有查到")


def test_a_question_that_cannot_be_asked_shows_what_to_do(laptop: Tab) -> None:
    laptop.ask("？？？")
    expect(laptop.page.locator("#live .error")).to_contain_text("问题是空的")


def test_markup_in_a_question_stays_text(laptop: Tab) -> None:
    payload = "<img src=x onerror=alert(1)><script>alert(2)</script> ${alert(3)} {{4}} 数字化转型第一步"
    laptop.ask(payload)
    expect(laptop.page.locator("#live .question")).to_contain_text(payload)
    laptop.ask("APS是啥？")
    expect(laptop.page.locator("#past .question")).to_contain_text(payload)
    assert laptop.page.locator(".exchange img, .exchange script").count() == 0


def test_each_tab_is_a_conversation_of_its_own(context: BrowserContext, server: Server, laptop: Tab) -> None:
    laptop.ask("APS是啥？")
    with opened(context, server.url, 1366, 768) as other:
        expect(other.page.locator(".welcome")).to_be_visible()
        other.ask("MES是啥？")
        expect(other.page.locator(".exchange")).to_have_count(1)


def test_on_a_phone_nothing_scrolls_sideways_and_the_passage_comes_from_below(phone: Tab) -> None:
    page = phone.page
    assert overflow(page) <= 0
    phone.ask("汽车和医药，二级在生产环节要求差在哪？")
    assert overflow(page) <= 0
    page.locator("#live .answer .cite").first.click()
    expect(page.locator("#panel mark").first).to_be_visible()
    box = page.locator("#panel .passage").bounding_box()
    assert box and box["x"] == 0 and box["width"] == 390 and box["y"] > 200
    assert overflow(page) <= 0


def test_the_page_speaks_chinese_to_a_browser_that_does_not(laptop: Tab) -> None:
    laptop.ask("转型最难的是什么，缺钱还是缺人？")
    page = laptop.page
    attributes = "[...document.querySelectorAll('[aria-label],[title],[placeholder]')]"
    labels = page.evaluate(attributes + ".flatMap(e => [e.ariaLabel, e.title, e.placeholder]).filter(Boolean)")
    shown = page.locator("body").inner_text() + "\n" + "\n".join(labels)
    assert not re.findall(
        r"(?i)\b(?:gradio|submit|loading|settings|api|share|clear|textbox|error|stop|built with|queue)\b", shown
    )
    assert page.evaluate("document.documentElement.lang") == "zh-CN" and page.title().startswith("向导")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="只在 Linux 上量内存")
def test_ten_questions_later_the_server_holds_under_700_mb_and_nothing_left_the_machine(
    home: Path, tmp_path: Path, context: BrowserContext
) -> None:
    shutil.copytree(home, tmp_path / "home")
    with serving(tmp_path / "home") as server, opened(context, server.url, 1366, 768) as laptop:
        for number in range(10):
            laptop.ask(f"企业数字化转型第{number + 1}步应该做什么？")
        memory = memory_mb(server.process)
        log = server.log.read_text(encoding="utf-8")
    assert 200 < memory < 700, memory
    assert "LEAVING" not in log and "Traceback" not in log
