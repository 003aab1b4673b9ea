"""The page without a browser: what its HTML, its conversation and its guard do."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadQuestion, NotAvailable
from core.types import Answer, Brief, Citation, Done, Event, Hit, Notice, Passage, Piece, Source, Sources, Wording
from ui.errors_log import ErrorsLog, keep_errors
from ui.web_chat import Conversation, Exchange, reply, take
from ui.web_html import answer_html, earlier_html, exchange_html, mark, passage_html
from ui.web_index import ASSETS, folders, index_page
from ui.web_server import Guard, bind

PAYLOADS = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '"><svg onload=alert(1)>',
    "[点我](javascript:alert(1))",
    "![x](https://example.com/a.png)",
    "<https://example.com>",
    "[1]: javascript:alert(1)",
    "${alert(1)}{{alert(1)}}",
)
CITATION = Citation(1, "guide", "指南", "一、总则", "guide/a", "先做评测。")
PASSAGE = Passage("guide/a", "guide", "指南", "不要急。\n先做评测。再选系统。", section=("一、总则",), as_of="2022-11")
SOURCE = Source("guide", "指南", issuer="某部", doc_no="某发〔2022〕33号", published="2022-11", status="in_force")


class Script:
    """An assistant that plays given events, or raises."""

    def __init__(self, *events: Event | Exception) -> None:
        self.events = events

    def ask(self, question: str, session: str | None = None, *, document: str | None = None) -> Iterator[Event]:
        for event in self.events:
            if isinstance(event, Exception):
                raise event
            yield event


def answer(text: str = "先做评测 [1]。", **more: object) -> Answer:
    return Answer("怎么做", text, citations=(CITATION,), **more)  # type: ignore[arg-type]


def play(*events: Event | Exception) -> Exchange:
    talk = Conversation()
    exchange = talk.begin("怎么做")
    for _ in reply(Script(*events), exchange, {"guide": SOURCE}):
        pass
    return exchange


def tags(html: str) -> set[str]:
    return set(re.findall(r"<\s*(\w+)", html))


# ---- Markdown


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_comes_from_outside_never_becomes_a_tag_or_a_link(payload: str) -> None:
    citation = Citation(1, payload, payload, payload, payload, payload)
    passage = Passage("p", "s", payload, payload, section=(payload,), region=payload, as_of=payload)
    exchange = Exchange(1, payload, "done", text=payload, draft=payload, citations=(citation,), notices=[payload])
    exchange.references = f"[1] 《{payload}》{payload}"
    exchange.answer = Answer(payload, payload, citations=(citation,), suggestions=(payload,), engine=payload)
    exchange.error = (payload, payload, payload)
    source = Source("s", payload, issuer=payload, doc_no=payload, published=payload)
    html = exchange_html(exchange) + passage_html(citation, passage, source)
    assert not tags(html) & {"script", "img", "svg", "a", "iframe", "style", "link"}
    assert "href" not in re.sub(r'"[^"]*"', "", html)
    assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', '""', html))


def test_citations_with_a_passage_become_buttons_and_others_stay_text() -> None:
    html = answer_html("先做评测 [1]，再选系统 [7]。", (CITATION,), 3)
    assert 'data-exchange="3" data-n="1"' in html and "[7]" in html and html.count("<button") == 1


def test_bold_next_to_chinese_punctuation_is_bold() -> None:
    assert "<strong>“应改尽改”</strong>是目标" in answer_html("**“应改尽改”**是目标", (), 1)


def test_a_line_after_a_list_is_not_swallowed_by_its_last_item() -> None:
    html = answer_html("已知：\n- 甲 [1]\n怎么办：问工信局。", (CITATION,), 1)
    assert '</ul>\n<p class="to-do">怎么办' in html


def test_tables_scroll_inside_their_own_box() -> None:
    assert '<div class="table"><table>' in answer_html("| 项 | 值 |\n| --- | --- |\n| 甲 | 1 |", (), 1)


def test_the_closing_reference_list_is_shown_once() -> None:
    exchange = play(Done(answer("先做评测 [1]。\n\n出处 [1] 《指南》一、总则")))
    html = exchange_html(exchange)
    assert html.count("《指南》（某发〔2022〕33号，2022-11）一、总则") == 1 and html.count(">出处<") == 1


# ---- the passage


def test_the_quoted_words_are_marked_although_white_space_differs() -> None:
    assert mark("甲。先做\n评测。乙", "先做评测。") == ("甲。<mark>先做\n评测。</mark>乙", True)
    assert mark("甲。先做评测，再选系统。", "先做评测…") == ("甲。<mark>先做评测</mark>，再选系统。", True)
    assert mark("<b>甲</b>", "乙") == ("&lt;b&gt;甲&lt;/b&gt;", False)


def test_the_panel_tells_document_number_section_date_certainty_and_origin() -> None:
    html = passage_html(CITATION, PASSAGE, SOURCE)
    for part in (
        "《指南》",
        "某发〔2022〕33号",
        "一、总则",
        "2022-11",
        "依据全文",
        "卡片：由本项目根据原文改写",
        "<mark>先做评测。</mark>",
    ):
        assert part in html
    original = Passage("d", "d", "通知", "全文", origin="document", page=3, certainty="user")
    assert ">您录入的资料<" in passage_html(CITATION, original, None)
    assert "已经不在资料库里" in passage_html(CITATION, None, None)


def test_only_what_was_cited_in_this_conversation_can_be_opened() -> None:
    talk = Conversation()
    exchange = talk.begin("怎么做")
    exchange.citations = (CITATION,)
    assert talk.citation(1, 1) is CITATION
    assert talk.citation(1, 2) is talk.citation(2, 1) is talk.citation(0, 1) is talk.citation(-1, 1) is None


# ---- the conversation


def test_the_brief_stands_while_the_model_words_and_the_final_answer_replaces_it() -> None:
    talk = Conversation()
    exchange = talk.begin("怎么做")
    events = (
        Sources((Hit(PASSAGE, 1.0),)),
        Brief("摘要 [1]", (CITATION,)),
        Notice("模型慢"),
        Piece("整理"),
        Done(answer("定稿 [1]")),
    )
    pages = [exchange_html(exchange) for _ in reply(Script(*events), exchange, {})]
    assert "找到 1 段资料" in pages[0]
    assert "摘要" in pages[1] and "摘要" in pages[2] and "模型慢" in pages[2]
    assert "定稿" in pages[-1] and "摘要" not in pages[-1] and 'data-state="done"' in pages[-1]


def test_a_refusal_looks_different_and_says_so_once() -> None:
    html = exchange_html(play(Done(answer("**没查到。** 资料里没有。\n怎么办：问工信局。", refused=True))))
    assert (
        'class="reply refused"' in html
        and html.count("没有查到") == 1
        and "没查到" not in html
        and 'class="to-do"' in html
    )


def test_an_expected_error_shows_its_message_and_hint() -> None:
    html = exchange_html(play(BadQuestion("问题是空的。", "说一句话。")))
    assert "问题是空的。" in html and "说一句话。" in html and 'role="alert"' in html


def test_a_bug_gives_the_user_a_number_and_the_log_the_traceback(caplog: pytest.LogCaptureFixture) -> None:
    exchange = play(RuntimeError("秘密"))
    html = exchange_html(exchange)
    number = re.search(r"编号 (\w{8})", html)
    assert number and number[1] in caplog.text and "RuntimeError" in caplog.text and "秘密" not in html


def test_a_stopped_question_takes_no_more_events() -> None:
    talk = Conversation()
    exchange = talk.begin("怎么做")
    for _ in reply(Script(Brief("摘要", ()), Done(answer())), exchange, {}):
        talk.stop()
    assert exchange.state == "stopped" and exchange.answer is None and "已停止" in exchange_html(exchange)


def test_each_conversation_has_its_own_session() -> None:
    one, two = Conversation(), Conversation()
    one.begin("甲"), two.begin("乙")
    assert one.session and two.session and one.session != two.session


# ---- the server


def test_importing_the_page_imports_neither_gradio_nor_uvicorn() -> None:
    code = (
        "import os, sys; before = dict(os.environ); import ui.web; assert before == dict(os.environ); "
        "print('gradio' in sys.modules, 'uvicorn' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.split() == ["False", "False"]


def test_a_taken_port_gives_the_next_free_one() -> None:
    first = bind("127.0.0.1", 0)
    port = first.getsockname()[1]
    second = bind("127.0.0.1", port)
    assert first.getsockname()[1] != second.getsockname()[1] > port
    first.close(), second.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.com", ""])
def test_without_accounts_only_this_machine_s_own_address_is_bound(host: str) -> None:
    with pytest.raises(NotAvailable, match="没有带密码的账号"):
        bind(host, 0)


def get(path: str, host: str = "127.0.0.1:7860", origin: str = "") -> tuple[int, dict[bytes, bytes]]:
    async def app(scope: dict, receive: object, send) -> None:  # type: ignore[no-untyped-def]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    scope: dict = {"type": "http", "method": "GET", "path": path, "headers": [(b"host", host.encode())]}
    scope["headers"] += [(b"origin", origin.encode())] if origin else []
    asyncio.run(Guard(app, ("127.0.0.1", "localhost", "::1"))(scope, None, send))  # type: ignore[arg-type]
    return sent[0]["status"], dict(sent[0]["headers"])


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://a.b",
        "/login",
        "/monitoring",
        "/gradio_api/runs",
        "/docs",
    ],
)
def test_what_the_page_does_not_need_is_not_served(path: str) -> None:
    assert get(path)[0] == 404


def test_another_site_cannot_ask_in_the_users_name() -> None:
    assert get("/gradio_api/queue/join", origin="https://evil.example")[0] == 404
    assert get("/gradio_api/queue/join", origin="null")[0] == 404
    assert get("/gradio_api/queue/join", origin="http://127.0.0.1:7860")[0] == 200


def test_a_foreign_host_name_gets_nothing_and_ours_get_the_policy() -> None:
    assert get("/", "evil.example")[0] == 404
    for host in ("127.0.0.1:7860", "localhost:1", "[::1]:7860"):
        status, headers = get("/", host)
        assert status == 200 and b"default-src 'self'" in headers[b"content-security-policy"]


def test_the_index_page_names_no_other_host_and_loads_gradios_front_end() -> None:
    html = index_page()
    assert not re.findall(r"https?://[^\s\"'<]+", html)
    assert 'lang="zh-CN"' in html and "xiangdao/style.css" in html and "正在打开向导" in html
    named = re.findall(r'(?:src|href)="(?:\./)?(assets|xiangdao)/([^"]+)"', html)
    assert {name.rsplit(".", 1)[1] for _, name in named} == {"js", "css", "svg"}
    assert all((folders()[folder] / name).is_file() for folder, name in named) and len(named) >= 5


# ---- the colours


def contrast(one: str, two: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((light(one), light(two)))
    return (high + 0.05) / (low + 0.05)


def test_text_colours_pass_wcag_aa_in_both_schemes() -> None:
    css = (ASSETS / "style.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([\w-]+): (#\w{6})", css.split("@media (prefers-color-scheme: dark)")[0]))
    dark = light | dict(
        re.findall(r"--([\w-]+): (#\w{6})", css.split("@media (prefers-color-scheme: dark)")[1].split("/*")[0])
    )
    pairs = "ink/paper ink/card ink/accent-soft ink/mark ink/error-soft soft/paper soft/card"
    pairs += " accent/card accent/accent-soft on-accent/accent warn/warn-soft warn/card error/error-soft"
    for scheme in (light, dark):
        for text, ground in (pair.split("/") for pair in pairs.split()):
            assert contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)
    assert light["paper"] != dark["paper"]


def test_the_style_sheet_and_script_load_nothing() -> None:
    for asset in ASSETS.iterdir():
        text = asset.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|@import|url\(|fetch\(", text), asset.name


def test_the_status_says_that_a_model_words_the_answer_and_where() -> None:
    exchange = Exchange(1, "问")
    take(exchange, Wording("local"), {})
    assert "正在用模型整理措辞" in exchange.status
    take(exchange, Wording("remote", leaves_machine=True), {})
    assert "远程模型" in exchange.status and "发过去" in exchange.status


def test_what_is_still_being_done_stands_above_the_answer() -> None:
    exchange = Exchange(1, "问", text="拼好的答案")
    take(exchange, Wording("local"), {})
    shown = exchange_html(exchange)
    assert shown.index(exchange.status) < shown.index("拼好的答案")


def test_a_bug_is_told_with_a_number_and_its_traceback_is_kept(tmp_path: Path) -> None:
    before = list(logging.getLogger().handlers)
    keep_errors(tmp_path)
    talk = Conversation()
    exchange = talk.begin("问")
    try:
        assert not list(tmp_path.iterdir())
        list(reply(Script(ZeroDivisionError("问")), exchange, {}))
    finally:
        for handler in set(logging.getLogger().handlers) - set(before):
            logging.getLogger().removeHandler(handler)
            handler.close()
    assert exchange.state == "failed" and exchange.error
    number = re.search(r"编号 (\w{8})", exchange.error[1])
    kept = (tmp_path / "errors.log").read_text("utf-8")
    assert number and number[1] in kept and "ZeroDivisionError: 问" in kept and "errors.log" in exchange.error[1]


def posted(path: str, parts: list[bytes], headers: list[tuple[bytes, bytes]] | None = None) -> tuple[int, int]:
    """Status, and how many bytes reached the application, for a request that comes in parts."""
    reached = 0

    async def app(scope: dict, receive: Any, send: Any) -> None:
        nonlocal reached
        while (message := await receive()).get("more_body"):
            reached += len(message["body"])
        reached += len(message["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    left, sent = list(parts), []

    async def receive() -> dict:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": [(b"host", b"localhost"), *(headers or [])]}
    asyncio.run(Guard(app, ("localhost",))(scope, receive, send))
    return sent[0]["status"], reached


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/cancel", "/config", "/files/" + "a" * 32])
def test_a_body_without_end_is_refused_on_every_route_before_it_is_held(path: str) -> None:
    assert posted(path, [b"ab", b"c"]) == (200, 3)
    assert posted(path, [b"x" * 2**20] * 4) == (413, 0)
    assert posted(path, [b""], [(b"content-length", b"150000000")]) == (413, 0)


def test_an_upload_has_limits_of_its_own() -> None:
    assert posted("/upload", [b"x" * 2**20] * 4) == (200, 4 * 2**20)


def test_where_no_file_can_be_opened_the_page_says_so_and_answers_again_later() -> None:
    async def app(scope: dict, receive: Any, send: Any) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/config", "headers": [(b"host", b"localhost")]}
    asyncio.run(Guard(app, ("localhost",))(scope, None, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 503 and (b"retry-after", b"2") in sent[0]["headers"]


def test_a_long_conversation_does_not_send_itself_again_with_each_answer() -> None:
    exchanges = [Exchange(n, f"问题{n}", "done", text="答") for n in range(1, 1001)]
    html = earlier_html(exchanges)
    assert len(html) < 2 * len(earlier_html(exchanges[:20])) and "前面还有 980 轮" in html
    assert "问题1000" in html and "问题980<" not in html


def test_the_log_of_errors_has_a_bound(tmp_path: Path) -> None:
    log = ErrorsLog(tmp_path)
    for n in range(60):
        log.emit(logging.LogRecord("x", logging.ERROR, "", 0, f"{n} " + "x" * 100_000, None, None))
    log.close()
    kept = list(tmp_path.iterdir())
    assert {path.name for path in kept} == {"errors.log", "errors.log.1"}
    assert sum(path.stat().st_size for path in kept) < 5 * 2**20
