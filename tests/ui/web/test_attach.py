"""Files attached in the conversation, in a real browser: chosen, dropped, pasted; asked, kept as the topic, put away."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("playwright", reason="缺 playwright：python3 start.py test 会装")
from playwright.sync_api import Browser, FileChooser, Page, expect

from ingest.readers import ocr
from tests.ui.web.browser import Server, Tab, opened, overflow
from tests.ui.web.test_access import serious

NOTICE = """关于组织申报2026年某某市中小企业数字化改造补助的通知
某经信〔2026〕18号
一、申报条件
（一）在本市注册的制造业中小企业；<img src=x onerror=alert(1)>
（二）项目投入不少于50万元。
二、补助标准
按投入的20%给予补助，最高100万元。
三、申报时间
2026年12月31日前报送。
某某市经济和信息化局
2026年6月18日
"""
OTHER = NOTICE.replace("数字化改造补助", "绿色工厂奖励").replace("18号", "19号").replace("20%", "35%")
CHIP = "#attached .topic"
READ = 60_000


def file(name: str, text: str | bytes) -> dict[str, Any]:
    data = text.encode() if isinstance(text, str) else text
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def attach(tab: Tab, *files: dict[str, Any]) -> None:
    """Choose files with the button."""
    with tab.page.expect_file_chooser() as chooser:
        tab.page.click("#clip button")
    chooser.value.set_files(list(files))


def carry(page: Page, kind: str, files: Sequence[tuple[str, bytes]], target: str, text: str = "") -> None:
    """Drop files on a place, or paste them."""
    page.evaluate(
        """([kind, files, target, text]) => {
        const data = new DataTransfer();
        for (const [name, bytes] of files)
          data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, {type: 'image/png'}));
        if (text) data.setData('text/plain', text);
        const place = document.querySelector(target), given = {bubbles: true, cancelable: true};
        if (kind === 'paste') return place.dispatchEvent(new ClipboardEvent('paste', {...given, clipboardData: data}));
        for (const step of ['dragover', 'drop']) place.dispatchEvent(new DragEvent(step, {...given, dataTransfer: data}));
    }""",
        [kind, [(name, base64.b64encode(data).decode()) for name, data in files], target, text],
    )


def test_a_file_without_a_word_presents_itself_and_what_is_offered_is_asked_of_it(laptop: Tab) -> None:
    page = laptop.page
    attach(laptop, file("通知.txt", NOTICE))
    laptop.answered(1)
    expect(page.locator("#live .question")).to_contain_text("看看这份资料")
    expect(page.locator("#live .answer")).to_contain_text("最高100万元")
    expect(page.locator("#live .answer")).to_contain_text("读进来")
    expect(page.locator(CHIP)).to_contain_text("数字化改造补助")
    expect(page.locator("#attached .files")).to_have_count(0)  # all that there is to tell of it stands in the answer
    page.click("#live .follow-ups button:has-text('什么时候截止')")
    laptop.answered(2)
    expect(page.locator("#live .answer")).to_contain_text("2026年12月31日")
    page.locator("#live .cite").first.click()
    expect(page.locator("#panel .origin")).to_have_text("您录入的资料，原文")


def test_a_question_sent_while_the_file_is_read_waits_and_is_asked_of_it(laptop: Tab) -> None:
    page = laptop.page
    page.fill("#box textarea", "我们投入80万，能补多少？")
    attach(laptop, file("通知.txt", NOTICE))
    page.press("#box textarea", "Enter")
    laptop.answered(1)
    expect(page.locator("#live .question")).to_contain_text("我们投入80万")
    expect(page.locator("#live .answer")).to_contain_text("16万元")
    expect(page.locator("#box textarea")).to_have_value("")
    expect(page.locator(".exchange")).to_have_count(1)
    expect(page.locator("#attached .files li")).to_contain_text("读好了")
    laptop.ask("什么时候截止？")
    expect(page.locator("#attached .files")).to_have_count(0)


def test_the_document_stays_the_topic_over_a_reload_until_it_is_put_away(laptop: Tab) -> None:
    page = laptop.page
    attach(laptop, file("通知.txt", NOTICE))
    laptop.answered(1)
    laptop.ask("补助标准是多少？")
    page.reload()
    expect(page.locator(CHIP)).to_contain_text("数字化改造补助")
    expect(page.locator("#past .exchange")).to_have_count(2)
    laptop.ask("APS是啥？")
    expect(page.locator("#live .answer")).to_contain_text("这份资料里没有写")
    page.click("#live [data-anywhere]")
    laptop.answered(4)
    expect(page.locator("#live .answer")).to_contain_text("排程")
    expect(page.locator(CHIP)).to_be_visible()
    page.click(f"{CHIP} button")
    expect(page.locator(CHIP)).to_have_count(0)
    expect(page.locator("#box textarea")).to_be_focused()
    laptop.ask("MES是啥？")
    expect(page.locator("#live .answer")).not_to_contain_text("这份资料里没有写")
    page.reload()
    expect(page.locator("#past .exchange")).to_have_count(5)
    expect(page.locator(CHIP)).to_have_count(0)


def test_another_file_takes_the_place_of_the_first_and_a_new_conversation_has_none(laptop: Tab) -> None:
    page = laptop.page
    attach(laptop, file("甲.txt", NOTICE))
    laptop.answered(1)
    attach(laptop, file("乙.txt", OTHER))
    laptop.answered(2)
    expect(page.locator(CHIP)).to_contain_text("绿色工厂奖励")
    laptop.ask("按百分之几补？")
    expect(page.locator("#live .answer")).to_contain_text("35%")
    page.click("a.new")
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(CHIP)).to_have_count(0)


def test_of_several_files_all_get_in_and_the_last_that_did_is_asked(laptop: Tab) -> None:
    page = laptop.page
    page.evaluate("console.error = () => {}")
    attach(
        laptop, file("甲.txt", NOTICE), file("乙.txt", OTHER), file("坏.pdf", b"%PDF-1.4 broken"), file("x.exe", b"MZ")
    )
    laptop.answered(1)
    expect(page.locator(CHIP)).to_contain_text("绿色工厂奖励")
    expect(page.locator("#attached .files")).to_contain_text("收了 2 份，问的是最后这份")
    expect(page.locator("#attached .files .in")).to_have_count(2)
    expect(page.locator("#attached .files .out")).to_have_count(2)
    expect(page.locator("#attached .files")).to_contain_text("不认识的文件类型：.exe")
    expect(page.locator("#attached .files")).to_contain_text(re.compile("坏.pdf.*已损坏"))
    laptop.go("/library")
    expect(page.locator(".entry")).to_have_count(2)
    laptop.faults[:] = [fault for fault in laptop.faults if "422" not in fault]


def test_a_file_that_cannot_be_read_leaves_the_question_unsent_and_says_why(laptop: Tab) -> None:
    page = laptop.page
    page.fill("#box textarea", "能补多少？")
    attach(laptop, file("坏.pdf", b"%PDF-1.4 broken"))
    page.press("#box textarea", "Enter")
    expect(page.locator("#attached .files .out")).to_contain_text("已损坏", timeout=READ)
    expect(page.locator("#sending .held")).to_contain_text("问题还没发")
    expect(page.locator("#box textarea")).to_have_value("能补多少？")
    expect(page.locator(".exchange")).to_have_count(0)
    page.click("#attached [data-do=clear]")
    expect(page.locator("#attached .files")).to_have_count(0)
    page.press("#box textarea", "Enter")
    laptop.answered(1)


def test_the_same_file_again_is_told_and_is_the_topic(laptop: Tab) -> None:
    page = laptop.page
    attach(laptop, file("通知.txt", NOTICE))
    laptop.answered(1)
    page.click("a.new")
    expect(page.locator(".welcome")).to_be_visible()
    attach(laptop, file("通知.txt", NOTICE))
    laptop.answered(1)
    expect(page.locator("#attached .files")).to_contain_text("已经有了")
    expect(page.locator(CHIP)).to_contain_text("数字化改造补助")


def test_a_file_is_dropped_anywhere_on_the_conversation_and_not_on_other_pages(laptop: Tab) -> None:
    page = laptop.page
    carry(page, "drop", [("通知.txt", NOTICE.encode())], "#past")
    laptop.answered(1)
    expect(page.locator(CHIP)).to_contain_text("数字化改造补助")
    laptop.go("/cases")
    carry(page, "drop", [("乙.txt", OTHER.encode())], "#view .page")
    page.wait_for_timeout(300)
    assert page.url.endswith("#/cases") and page.locator("#sending .files li").count() == 0


def test_words_copied_with_a_picture_of_them_are_pasted_as_words(laptop: Tab) -> None:
    page = laptop.page
    carry(page, "paste", [("image.png", b"\x89PNG")], "#box textarea", "甲\t12")
    page.wait_for_timeout(300)
    assert page.locator("#sending .files li").count() == 0 and page.locator("#attached .attached").count() == 0


@pytest.mark.skipif(not ocr.installed(), reason="缺文字识别：python3 start.py setup ocr")
def test_a_pasted_picture_is_read_and_asked(laptop: Tab) -> None:
    image = pytest.importorskip("PIL.Image")
    page = laptop.page
    png = laptop.page.context.new_page()
    png.set_viewport_size({"width": 900, "height": 420})
    png.set_content(f"<pre style='font: 26px sans-serif; margin: 30px'>{NOTICE.replace('<', '&lt;')}</pre>")
    data = png.screenshot()
    png.close()
    assert image.open(io.BytesIO(data)).width == 900
    carry(page, "paste", [("image.png", data)], "#box textarea")
    expect(page.locator("#live .answer")).to_contain_text("100万元", timeout=READ)
    laptop.go("/library")
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator("#live .answer")).to_contain_text("数字请核对原件")


def test_a_hostile_name_and_title_stay_text(laptop: Tab) -> None:
    page = laptop.page
    name = "<img src=x onerror=alert(1)>${alert(2)}{{7*7}}'\"\u202etxt.txt"
    attach(laptop, file(name, "# <script>alert(3)</script>${alert(4)}点检\n\n一、车间\n三号机漏油。\n"))
    laptop.answered(1)
    expect(page.locator(CHIP)).to_contain_text("<script>alert(3)</script>${alert(4)}")
    attach(laptop, file(name, "\x00"))
    expect(page.locator("#attached .files b")).to_contain_text("<img src=x onerror=alert(1)>${alert(2)}{{7*7}}")
    assert "\u202e" not in page.locator("#attached .files").inner_text()
    assert page.locator("#chat img, #chat script").count() == 0  # and no dialog came, which closing the tab checks


def test_what_one_user_attaches_another_neither_sees_nor_asks(browser: Browser, server: Server, laptop: Tab) -> None:
    attach(laptop, file("私密.txt", "只有一个人知道的暗号是蓝色的海豚。\n" * 3))
    laptop.answered(1)
    laptop.ask("暗号是什么海豚？")
    expect(laptop.page.locator("#live .answer")).to_contain_text("蓝色")
    address = laptop.page.url
    other = browser.new_context()
    other.add_cookies([{"name": "xiangdao_user", "value": "someone-else-still", "url": server.url}])
    with opened(other, address) as tab:
        expect(tab.page.locator(".exchange")).to_have_count(0)
        expect(tab.page.locator(CHIP)).to_have_count(0)
        tab.ask("暗号是什么海豚？")
        expect(tab.page.locator("#live")).not_to_contain_text("蓝色")


def test_a_document_that_was_removed_is_told_and_everything_is_asked_again(laptop: Tab) -> None:
    page = laptop.page
    attach(laptop, file("通知.txt", NOTICE))
    laptop.answered(1)
    with laptop.arriving():
        page.click(f"{CHIP} a")
    page.evaluate("window.confirm = () => true")
    laptop.press("form[data-act=remove] button")
    page.evaluate("location.hash = '#/'")
    laptop.ask("APS是啥？")
    expect(page.locator("#live .notice")).to_contain_text("已经不在资料库里")
    expect(page.locator("#live .answer")).to_contain_text("排程")
    expect(page.locator(CHIP)).to_have_count(0)


def test_by_keyboard_alone_a_file_is_chosen_and_put_away(laptop: Tab) -> None:
    page = laptop.page
    page.focus("#box textarea")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#clip button")).to_be_focused()
    chosen: list[FileChooser] = []
    page.on("filechooser", lambda chooser: chosen.append(chooser))
    for tenths in range(200):
        if chosen:
            break
        if (
            tenths % 50 == 0
        ):  # with other work a browser drops a chooser that comes seconds after its key: pressed again
            page.keyboard.press("Enter")
        page.wait_for_timeout(100)
    chosen[0].set_files([file("通知.txt", NOTICE)])
    laptop.answered(1)
    expect(page.locator("#sending .said")).to_contain_text("读好了")
    page.focus(f"{CHIP} button")
    page.keyboard.press("Enter")
    expect(page.locator(CHIP)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_fits_is_big_enough_to_touch_and_axe_finds_nothing(phone: Tab, scheme: str) -> None:
    page = phone.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    attach(phone, file("一个很长很长很长很长很长很长很长的名字.txt", NOTICE), file("坏.pdf", b"%PDF-1.4 broken"))
    phone.answered(1)
    expect(page.locator("#attached .files .out")).to_have_count(1)
    assert overflow(page) <= 0
    for control in ("#clip button", f"{CHIP} button"):
        box = page.locator(control).bounding_box()
        assert box and box["width"] >= 32 and box["height"] >= 32
    assert serious(page) == []


def test_asked_alone_from_the_documents_page_it_offers_questions_and_ends_where_it_is_put_away(laptop: Tab) -> None:
    page = laptop.page
    attach(laptop, file("通知.txt", NOTICE))
    laptop.answered(1)
    laptop.go("/library")
    page.click("text=只问这份")
    expect(page.locator(".about h1")).to_contain_text("数字化改造补助")
    expect(page.locator(CHIP)).to_be_visible()
    page.click(f"{CHIP} button")
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(CHIP)).to_have_count(0)
    laptop.go("/library")
    page.click("text=只问这份")
    page.click(".about button:has-text('能补多少')")
    laptop.answered(1)
    expect(page.locator("#live .answer")).to_contain_text("按投入的20%")
