"""资料库, 案例与工具 and 设置 in a real browser; files, names and texts that would be markup; losing the connection."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="缺 playwright：python3 start.py test 会装")
from playwright.sync_api import Browser, BrowserContext, expect

from tests.ui.web.browser import Server, Tab, opened, overflow, serving

NOTICE = """关于组织申报2026年某某市中小企业数字化改造补助的通知
某经信〔2026〕18号
一、申报条件
（一）在本市注册的制造业中小企业；<img src=x onerror=alert(1)>
（二）项目投入不少于50万元。
二、补助标准
按投入的20%给予补助，最高100万元。
某某市经济和信息化局
2026年6月18日
"""


def put(tab: Tab, name: str, data: bytes) -> None:
    tab.go("/library")
    tab.page.set_input_files("#f-files", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    tab.press("text=放进资料库")


def test_a_file_is_sent_taken_in_read_asked_alone_and_removed(laptop: Tab) -> None:
    page = laptop.page
    put(laptop, "通知<b>x.txt", NOTICE.encode())
    expect(page.locator(".good")).to_contain_text("收到 1 个文件")
    expect(page.locator(".entry")).to_have_count(1, timeout=60_000)
    laptop.press(".row-main")
    expect(page.locator(".reading-text")).to_contain_text("<img src=x onerror=alert(1)>")
    laptop.press("text=看要点")
    expect(page.locator(".card .answer")).to_contain_text("最高100万元")
    page.click("text=只问这份资料")
    expect(page.locator(".about")).to_contain_text("数字化改造补助")
    laptop.ask("补助标准是多少？")
    expect(page.locator("#live .answer")).to_contain_text("20%")
    page.locator("#live .cite").first.click()
    expect(page.locator("#panel .origin")).to_have_text("您录入的资料，原文")
    with laptop.arriving():
        page.click("#panel .open")
    expect(page.locator(".reading-text mark")).to_contain_text("20%")
    page.evaluate("window.confirm = () => true")
    laptop.press("form[data-act=remove] button")
    expect(page.locator(".entry")).to_have_count(0)


def test_a_file_of_a_wrong_kind_is_refused_in_a_sentence(laptop: Tab) -> None:
    page = laptop.go("/library")
    page.set_input_files("#f-files", {"name": "x.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    page.evaluate("console.error = () => {}")
    page.click("text=放进资料库")
    expect(page.locator(".upload-state")).to_contain_text("不认识的文件类型")
    laptop.faults[:] = [fault for fault in laptop.faults if "422" not in fault]


def test_what_one_user_puts_in_another_does_not_see(browser: Browser, server: Server, laptop: Tab) -> None:
    put(laptop, "私密.txt", "只有一个人知道的暗号是蓝色的海豚。\n".encode() * 3)
    expect(laptop.page.locator(".entry")).to_have_count(1, timeout=60_000)
    laptop.press(".row-main")
    address = laptop.page.url
    other = browser.new_context()
    other.add_cookies([{"name": "xiangdao_user", "value": "someone-else", "url": server.url}])
    with opened(other, address) as tab:
        expect(tab.page.locator(".error")).to_contain_text("没有这份资料")
        expect(tab.go("/library").locator(".entry")).to_have_count(0)
        tab.page.goto(server.url)
        tab.ask("暗号是什么海豚？")
        expect(tab.page.locator("#live")).not_to_contain_text("蓝色")


def test_cases_are_filtered_and_their_source_opens(laptop: Tab) -> None:
    page = laptop.go("/cases")
    whole = page.locator(".cards .card").count()
    page.select_option("#f-subsector", "金属加工")
    laptop.press("text=筛选")
    assert 0 < page.locator(".cards .card").count() < whole
    page.locator(".cards .cite").first.click()
    expect(page.locator("#panel .passage")).to_be_visible()
    page.keyboard.press("Escape")
    page.fill("#f-words", "没有这样的词<script>")
    laptop.press("text=筛选")
    expect(page.locator(".empty")).to_be_visible()
    for tab in ("场景", "行业各级要求", "工具用量", "术语"):
        laptop.press(f".tabs a:has-text('{tab}')")
        expect(page.locator(".tabs a[aria-current]")).to_have_text(tab)
    page.fill("#f-words", "MES")
    laptop.press("button:has-text('查')")
    expect(page.locator(".cards")).to_contain_text("MES")


def test_settings_change_the_user_export_and_delete_everything(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    with opened(context, server.url) as tab:
        page = tab.go("/settings")
        page.fill("#f-name", "../x")
        tab.press("text=添加并换过去")
        expect(page.locator(".error")).to_contain_text("名字不能用")
        page.fill("#f-name", "小李")
        page.click("text=添加并换过去")
        expect(page.locator("#who")).to_have_text("小李")
        tab.ask("APS是啥？")
        page = tab.go("/settings")
        expect(page.locator("#view")).to_contain_text("对话 1 个")
        with page.expect_download() as download:
            page.click("text=导出我的全部数据")
        assert "APS是啥" in Path(download.value.path()).read_text("utf-8")
        page.fill("#f-sure", "小王")
        tab.press("button.danger")
        expect(page.locator(".error")).to_contain_text("没有删")
        page.fill("#f-sure", "小李")
        tab.press("button.danger")
        expect(page.locator("#view")).to_contain_text("对话 0 个")


def test_a_server_that_goes_away_is_told_and_nothing_that_was_said_is_lost(
    context: BrowserContext, home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "home"
    shutil.copytree(home, folder)
    with serving(folder) as first, opened(context, first.url, quiet=False) as tab:
        tab.ask("APS是啥？")
        address = tab.page.url
        first.process.kill()
        first.process.wait()
        tab.page.fill("#box textarea", "MES是啥？")
        tab.page.press("#box textarea", "Enter")
        expect(tab.page.locator(".toast-title").first).to_have_text("连接断开", timeout=20_000)
        with serving(folder, first.port), opened(context, address) as again:
            expect(again.page.locator("#past .question")).to_contain_text("APS是啥")
            again.ask("MES是啥？")
            expect(again.page.locator(".exchange")).to_have_count(2)


@pytest.mark.parametrize("path", ["/library", "/cases", "/cases/levels", "/cases/terms", "/settings"])
def test_the_pages_fit_a_phone_and_speak_chinese(phone: Tab, path: str) -> None:
    page = phone.go(path)
    assert overflow(page) <= 0
    shown = page.locator("#view").inner_text()
    assert not re.findall(r"(?i)\b(?:submit|loading|error|choose file|none|undefined|null|true|false)\b", shown)


def test_a_whole_folder_is_sent_with_a_report_to_fetch(laptop: Tab, tmp_path: Path) -> None:
    folder = tmp_path / "资料"
    (folder / "二级").mkdir(parents=True)
    for at in range(3):
        (folder / "二级" / f"第{at}份.txt").write_text(f"{at}号车间每周{at + 1}盘点备件，由仓库班长签字。", "utf-8")
    (folder / ".隐藏.txt").write_text("x", "utf-8")
    (folder / "程序.exe").write_bytes(b"MZ")
    page = laptop.go("/library")
    page.set_input_files("#f-folder", folder)
    expect(page.locator(".chosen")).to_contain_text("第0份.txt")
    laptop.press("text=放进资料库")
    expect(page.locator(".good")).to_contain_text("收到 3 个文件")
    expect(page.locator(".report")).to_contain_text("录入 3 份", timeout=60_000)
    expect(page.locator(".report")).to_contain_text("不认识的文件类型：.exe")
    page.click("text=每个文件的结果")
    expect(page.locator(".outcomes")).to_contain_text("资料/二级/第2份.txt：已录入")
    with page.expect_download() as fetched:
        page.click("text=下载结果")
    text = fetched.value.path().read_bytes().decode("utf-8-sig")
    assert text.startswith("文件,结果") and text.count("录入") >= 3 and ".exe" in text
    laptop.faults[:] = [fault for fault in laptop.faults if "422" not in fault]
