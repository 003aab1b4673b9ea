"""Screenshots of every page for the README: python3 start.py shots

A server over a data folder of its own, filled in like a firm of sixty people; the pictures go to docs/screens.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.ui.web.browser import CHROMIUM, FLAGS, Tab, opened, serving  # noqa: E402

OUT = ROOT / "docs" / "screens"
LAPTOP, PHONE = (1366, 768), (390, 844)
NOTICE = """关于组织申报2026年某某市中小企业数字化改造补助的通知
某经信〔2026〕18号
一、申报条件
（一）在本市注册的制造业中小企业；
（二）项目投入不少于50万元。
二、补助标准
按投入的20%给予补助，最高100万元。
三、申报时间
2026年12月31日前报送。
某某市经济和信息化局
2026年6月18日
"""


def save(tab: Tab, name: str) -> None:
    """A picture of what is shown, in 128 colours."""
    from PIL import Image

    tab.page.wait_for_timeout(400)
    path = OUT / f"{name}.png"
    tab.page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.relative_to(ROOT))


def fill(tab: Tab) -> None:
    """A conversation, a profile, an assessment, matched support, a plan and a document."""
    page = tab.page
    tab.ask("我们做注塑，60人，在苏州，去年营收3000万，用金蝶和钉钉，老是交期延误")
    tab.ask("APS是啥，跟MES啥区别？")
    page.locator("#live .cite").first.click()
    page.wait_for_selector("#panel mark")
    save(tab, "chat")
    page.keyboard.press("Escape")
    tab.go("/profile")
    tab.press("text=同意保存")
    tab.go("/maturity")
    tab.press("text=开始答题")
    save(tab, "question")
    for n in range(31):
        if not page.locator(".option").count():
            break  # what was told in the chat is not asked again
        page.locator(".option").nth(2 if n % 3 else 1).click()
        tab.press("button[value=next]")
        if n == 9:
            tab.press("a:has-text('接着答剩下的')")
    tab.press("text=存为一次评估")
    tab.go("/subsidy")
    page.fill("#f-投入万元", "80")
    page.fill("#f-用途", "MES 50万，设备30万")
    tab.press("text=开始匹配")
    tab.go("/roadmap")
    page.fill("#f-预算万元", "60")
    tab.press("button:has-text('排路线图')")
    page.evaluate("location.hash = '#/new'")
    page.wait_for_selector(".welcome")
    page.set_input_files(
        "#sending input", {"name": "申报通知.txt", "mimeType": "text/plain", "buffer": NOTICE.encode()}
    )
    tab.answered(1)
    tab.ask("我们投入80万，能补多少？")
    save(tab, "attach")
    tab.go("/library")
    page.wait_for_selector(".entry")


def main() -> None:
    if not CHROMIUM:
        raise SystemExit("没有找到 chromium：装上它，或用 XIANGDAO_CHROMIUM 指明位置。")
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(locale="zh-CN", reduced_motion="reduce")
        with opened(context, server.url, *LAPTOP) as tab:
            save(tab, "welcome")
            fill(tab)
            tab.go("/maturity")
            tab.press("a:has-text('看结果')")
            save(tab, "maturity")
            for name in ("profile", "subsidy", "roadmap", "library", "cases", "history", "settings"):
                tab.go(f"/{name}")
                save(tab, name)
        with opened(context, server.url, *PHONE) as tab:
            tab.page.emulate_media(color_scheme="dark")
            tab.ask("我们厂能申请什么补贴？")
            save(tab, "phone-chat")
            tab.go("/subsidy")
            save(tab, "phone-subsidy")
            tab.go("/roadmap")
            save(tab, "phone-roadmap")
        browser.close()


if __name__ == "__main__":
    main()
