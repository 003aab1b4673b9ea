"""Every page with axe-core in both schemes, by keyboard, and against texts that would be markup or code."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="缺 playwright：python3 start.py test 会装")
pytest.importorskip("axe_playwright_python", reason="缺 axe：python3 start.py test 会装")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.ui.web.browser import Tab

STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
PAYLOAD = "<img src=x onerror=alert(1)><script>alert(2)</script>${alert(3)}{{4*4}}'\"><svg onload=alert(5)>"


def serious(page: Page) -> list[str]:
    """The serious and critical issues that axe-core finds on what is shown, once no colour is on its way to another."""
    page.add_style_tag(content=STILL)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for v in found
        if v["impact"] in {"serious", "critical"}
        for node in v["nodes"]
    ]


def filled(tab: Tab) -> None:
    """Give the pages something to show."""
    tab.ask("我们做注塑，60人，在宁波")
    tab.ask("APS是啥？")
    tab.go("/profile")
    tab.press("text=同意保存")
    tab.go("/subsidy")
    tab.press("text=开始匹配")
    tab.go("/roadmap")
    tab.page.fill("#f-行业", "注塑")
    tab.press("button:has-text('排路线图')")
    tab.go("/maturity")
    tab.press("text=开始答题")
    tab.page.locator(".option").nth(1).click()
    tab.press("button[value=next]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_issue_on_any_page(laptop: Tab, scheme: str) -> None:
    page = laptop.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    issues = {"chat": serious(page)}
    filled(laptop)
    issues["question"] = serious(page)
    laptop.press("a:has-text('看结果')")
    issues["result"] = serious(page)
    paths = "/maturity /subsidy /roadmap /profile /library /cases /cases/levels /cases/vendors /cases/terms /history /settings"
    for path in paths.split():
        laptop.go(path)
        issues[path] = serious(page)
    page.evaluate("location.hash = '#/'")
    expect(page.locator("#live .exchange, #past .exchange").first).to_be_visible()
    page.locator(".cite").first.click()
    expect(page.locator("#panel .passage")).to_be_visible()
    issues["conversation"] = serious(page)
    assert {name: found for name, found in issues.items() if found} == {}


def test_axe_finds_no_serious_issue_on_a_phone(phone: Tab) -> None:
    phone.ask("APS是啥？")
    issues = {"chat": serious(phone.page)}
    for path in ("/maturity", "/subsidy", "/library", "/settings"):
        phone.go(path)
        issues[path] = serious(phone.page)
    phone.page.click("[data-menu]")
    issues["menu"] = serious(phone.page)
    assert {name: found for name, found in issues.items() if found} == {}


def test_the_pages_are_reached_and_filled_with_the_keyboard_alone(laptop: Tab) -> None:
    page = laptop.page
    page.focus("#nav a[data-page=maturity]")
    with laptop.arriving():
        page.keyboard.press("Enter")
    expect(page.locator("#view h1")).to_be_focused()
    page.focus("#f-industry")
    page.keyboard.type("注塑")
    with laptop.arriving():
        page.keyboard.press("Enter")
    page.focus(".option input >> nth=0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    with laptop.arriving():
        page.keyboard.press("Enter")
    expect(page.locator(".steps-head")).to_contain_text("第 2 题")


def test_markup_in_every_field_stays_text(laptop: Tab) -> None:
    page = laptop.page
    laptop.ask(f"我们做注塑 {PAYLOAD}")
    laptop.go("/profile")
    laptop.press("text=同意保存")
    for name in ("name", "chain", "titles", "systems", "pains", "practice-生产制造"):
        page.fill(f"[name={name}]", PAYLOAD[:60])
    laptop.press("form[data-act=save] button")
    laptop.go(f"/history?words={PAYLOAD}")
    laptop.go(f"/cases/cases?words={PAYLOAD}&subsector={PAYLOAD}")
    laptop.go(f"/cases/levels?sector={PAYLOAD}")
    laptop.go(f"/library/{PAYLOAD}?p={PAYLOAD}")
    laptop.go("/maturity")
    page.fill("#f-industry", PAYLOAD[:50])
    laptop.press("text=开始答题")
    laptop.go("/subsidy")
    page.fill("#f-地区", PAYLOAD[:50])
    laptop.press("text=开始匹配")
    laptop.go(f"/{PAYLOAD}")
    assert page.locator("#view img, #view script, #chat img, #chat script").count() == 0
    assert page.locator("svg[onload]").count() == 0  # and no dialog came, which closing the tab checks


def test_a_question_without_end_is_refused_and_can_be_shortened(laptop: Tab) -> None:
    laptop.ask("长" * 100_000)
    expect(laptop.page.locator("#live .error")).to_contain_text("问题太长")


def test_a_second_click_on_send_asks_once(laptop: Tab) -> None:
    page = laptop.page
    page.fill("#box textarea", "APS是啥？")
    page.dblclick("#send")
    laptop.answered(1)
    page.wait_for_timeout(500)
    expect(page.locator(".exchange")).to_have_count(1)
