"""The settings page tells why no model answers."""

from __future__ import annotations

from pathlib import Path

from assistant.build import build_assistant
from core.settings import Settings
from ui.pages import settings as page
from ui.pages.site import Site
from ui.pages.visit import Visit


def shown(home: Path, trouble: str) -> str:
    guide = build_assistant(Settings(home=home))
    guide.trouble = trouble
    site = Site(guide)
    return page.show(Visit(guide, site.downloads, site.uploads, site.jobs, site.models, "local")).html


def test_why_there_is_no_model_stands_on_the_page_as_text(copy_of_home: Path) -> None:
    html = shown(copy_of_home, "设置里指定了 NPU，没有找到。<b>")
    assert "设置里指定了 NPU，没有找到。&lt;b&gt;" in html and "不用模型：答案由规则" not in html
    assert "不用模型：答案由规则" in shown(copy_of_home, "")
