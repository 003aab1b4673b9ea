"""The index page: our own, around Gradio's front end, so that a browser has it before Gradio itself is loaded."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

from core.errors import NotAvailable
from ui import web_text as say

ASSETS = Path(__file__).parent / "assets"
_FRONT_END = re.compile(r'(?:<script type="module"|<link rel="stylesheet")[^>]*\./assets/[^>]*>(?:</script>)?')
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="xiangdao/icon.svg">
<script>
for (const [name, value] of [["language", "zh-CN"], ["languages", ["zh-CN", "zh"]]])
  Object.defineProperty(navigator, name, {{ get: () => value }});
window.__gradio_mode__ = "app";
window.gradio_api_info = {{ named_endpoints: {{}}, unnamed_endpoints: {{}} }};
</script>
{front_end}
<link rel="stylesheet" href="xiangdao/style.css">
<script defer src="xiangdao/page.js"></script>
<script defer src="xiangdao/attach.js"></script>
</head>
<body>
<div id="splash" data-lost-title="{lost_title}" data-lost="{lost}" data-name="{name}" data-title="{title}"><span>{opening}</span><noscript>{no_script}</noscript></div>
<gradio-app control_page_title="true" embed="false" eager="true"></gradio-app>
</body>
</html>
"""
"""Gradio's own is in English, names other hosts and holds the configuration, which its front end else asks for."""


@cache
def _gradio() -> Path:
    """Gradio's front end, found without importing Gradio."""
    spec = find_spec("gradio")
    if spec is None or spec.origin is None:
        raise NotAvailable("网页组件没有装好。", command="运行：python3 start.py setup")
    return Path(spec.origin).parent / "templates" / "frontend"


def folders() -> dict[str, Path]:
    """The folders whose files are served, by the first part of the path."""
    return {"xiangdao": ASSETS, "assets": _gradio() / "assets", "static": _gradio() / "static"}


def index_page() -> str:
    """The page that the browser opens; our style sheet comes after Gradio's, whose reset is otherwise as strong."""
    front_end = _FRONT_END.findall((_gradio() / "index.html").read_text(encoding="utf-8"))
    words = {
        "title": say.TITLE, "name": say.NAME, "opening": say.OPENING, "lost": say.LOST, "lost_title": say.LOST_TITLE,
    }  # fmt: skip
    escaped = {name: escape(text) for name, text in words.items()}
    return _PAGE.format(front_end="\n".join(front_end), no_script=say.NO_SCRIPT, **escaped)
