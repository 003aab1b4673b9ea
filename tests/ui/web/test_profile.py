"""企业档案 and 历史对话 in a real browser: allowed, filled in, corrected, told apart by user."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="缺 playwright：python3 start.py test 会装")
from playwright.sync_api import Browser, expect

from tests.ui.web.browser import Server, Tab, opened, overflow


def as_user(browser: Browser, server: Server, name: str):  # type: ignore[no-untyped-def]
    context = browser.new_context(locale="en-US")
    context.add_cookies([{"name": "xiangdao_user", "value": name, "url": server.url}])
    return opened(context, server.url)


def test_a_profile_is_kept_after_consent_shows_its_origin_and_is_corrected(browser: Browser, server: Server) -> None:
    with as_user(browser, server, "profile-a") as tab:
        tab.ask("我们做注塑，60人，在宁波")
        page = tab.go("/profile")
        expect(page.locator(".consent")).to_contain_text("60人")
        tab.press("text=同意保存")
        expect(page.locator("#f-employees")).to_have_value("60")
        expect(page.locator(".origin-line").first).to_contain_text("我们做注塑，60人，在宁波")
        page.fill("#f-employees", "许多")
        page.click("form[data-act=save] button")
        expect(page.locator(".error")).to_contain_text("一共多少人")
        expect(page.locator("#f-employees")).to_have_value("许多")
        page.fill("#f-employees", "80")
        page.fill("#f-name", "<img src=x onerror=alert(1)>")
        page.click("form[data-act=save] button")
        expect(page.locator(".good")).to_contain_text("已保存")
        expect(page.locator("#f-name")).to_have_value("<img src=x onerror=alert(1)>")
        page.reload()
        expect(page.locator("#f-employees")).to_have_value("80")


def test_of_two_tabs_that_edit_the_profile_the_second_is_told_and_keeps_its_words(
    browser: Browser, server: Server
) -> None:
    with as_user(browser, server, "profile-b") as one:
        page = one.go("/profile")
        one.press("text=同意保存")
        with opened(page.context, server.url) as two:
            other = two.go("/profile")
            page.fill("#f-industry", "注塑")
            page.click("form[data-act=save] button")
            expect(page.locator(".good")).to_contain_text("已保存")
            other.fill("#f-industry", "阀门")
            other.click("form[data-act=save] button")
            expect(other.locator(".error")).to_contain_text("在别处改过")
            expect(other.locator("#f-industry")).to_have_value("阀门")
            other.click("form[data-act=save] button")
            expect(other.locator(".good")).to_contain_text("已保存")


def test_two_users_do_not_see_each_other_s_conversations_and_profile(browser: Browser, server: Server) -> None:
    with as_user(browser, server, "li") as li, as_user(browser, server, "wang") as wang:
        li.ask("我们做阀门，33人，APS是啥")
        address = li.page.url
        expect(li.go("/history").locator(".entry")).to_have_count(1)
        expect(wang.go("/history").locator(".empty")).to_contain_text("还没有对话")
        expect(wang.go("/profile").locator("#view")).to_contain_text("要不要")
        expect(wang.page.locator("#view")).not_to_contain_text("33")
        with opened(wang.page.context, address) as other:
            expect(other.page).to_have_url(server.url + "#/")
            expect(other.page.locator(".welcome")).to_be_visible()
            expect(other.page.locator(".exchange")).to_have_count(0)


def test_a_conversation_is_found_again_goes_on_and_comes_back_after_a_reload(browser: Browser, server: Server) -> None:
    with as_user(browser, server, "history-a") as tab:
        tab.ask("APS是啥，跟MES啥区别？")
        tab.page.click("a.new")
        expect(tab.page.locator(".welcome")).to_be_visible()
        page = tab.go("/history?words=MES")
        expect(page.locator(".entry")).to_have_count(1)
        page.click(".row-main")
        expect(page.locator("#past .exchange")).to_have_count(1)
        page.locator("#past .cite").first.click()
        expect(page.locator("#panel mark").first).to_be_visible()
        page.keyboard.press("Escape")
        tab.ask("那一般多少钱")
        expect(page.locator(".exchange")).to_have_count(2)
        page.reload()
        expect(page.locator("#past .exchange")).to_have_count(2)
        page.go_back()
        expect(page.locator("#view .entry")).to_have_count(1)


def test_a_thumb_down_asks_why_and_is_kept(browser: Browser, server: Server) -> None:
    with as_user(browser, server, "thumbs") as tab:
        tab.ask("APS是啥？")
        tab.page.click("#live .thumb[data-good=no]")
        tab.page.click("#live .reasons label:has-text('看不懂')")
        tab.page.click("#live .reasons button")
        expect(tab.page.locator("#live .thanks")).to_contain_text("记下了")
        tab.page.reload()
        expect(tab.page.locator(".thumb[data-good=no]")).to_have_attribute("aria-pressed", "true")


def test_a_conversation_is_exported_as_word_and_deleted(browser: Browser, server: Server) -> None:
    with as_user(browser, server, "export") as tab:
        tab.ask("APS是啥？")
        page = tab.go("/history")
        with page.expect_download() as download:
            page.click("form[data-act=export] button")
        assert download.value.suggested_filename == "对话-APS是啥.docx"
    with as_user(browser, server, "export") as tab:
        page = tab.go("/history")
        page.evaluate("window.confirm = () => true")
        page.click("form[data-act=forget] button")
        expect(page.locator(".empty")).to_be_visible()


def test_the_pages_fit_a_phone(phone: Tab) -> None:
    for path in ("/profile", "/history"):
        phone.go(path)
        assert overflow(phone.page) <= 0, path
    phone.page.click("[data-menu]")
    expect(phone.page.locator("#nav li").last).to_be_visible()
