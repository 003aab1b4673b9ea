"""Files attached in the conversation, without a browser: what is told of each, whose they are, what the page shows."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.history import History
from core.errors import NotAvailable
from core.settings import Settings
from ingest.jobs import Jobs
from ingest.queue import Task
from ui import attachments, web_text
from ui.attachments import Attached, File
from ui.uploads import Uploads
from ui.web_chat import Conversation, introduce, reopened
from ui.web_composer import attached_html, clip_html, sending_html
from ui.web_html import exchange_html

NOTICE = """关于组织申报2026年某某市中小企业数字化改造补助的通知
某经信〔2026〕18号
一、申报条件
（一）在本市注册的制造业中小企业；
二、补助标准
按投入的20%给予补助，最高100万元。
某某市经济和信息化局
2026年6月18日
"""
PAYLOAD = "<img src=x onerror=alert(1)>${alert(2)}{{3*3}}'\"><script>alert(4)</script>"


class Tab:
    """A tab's files over one data folder."""

    def __init__(self, assistant: Assistant, folder: Path, user: str = "li") -> None:
        self.assistant, self.user = assistant, user
        self.ledger = assistant.retriever.index.ledger
        self.uploads, self.jobs = Uploads(folder / "incoming"), Jobs(assistant.retriever.index)
        self.attached = Attached()

    def send(self, name: str, data: bytes) -> str:
        async def stream() -> AsyncIterator[bytes]:
            yield data

        return asyncio.run(self.uploads.receive(name, stream()))

    def attach(self, *files: tuple[str, bytes], refused: Sequence[str] = ()) -> list[File]:
        """Hand files in and have them read."""
        tokens = [self.send(*file) for file in files]
        attachments.hand_in(self.attached, self.uploads, self.jobs, self.user, tokens, list(refused))
        self.jobs.work()
        return self.files()

    def files(self) -> list[File]:
        return attachments.files(self.attached, self.jobs, self.ledger, self.user)


@pytest.fixture
def assistant(copy_of_home: Path) -> Assistant:
    return build_assistant(Settings(home=copy_of_home, user="li"))


@pytest.fixture
def tab(assistant: Assistant, tmp_path: Path) -> Tab:
    return Tab(assistant, tmp_path)


def test_a_file_is_told_with_its_passages_and_lands_in_its_users_own_space(tab: Tab) -> None:
    (file,) = tab.attach(("通知.txt", NOTICE.encode()))
    assert file.state == "in" and file.document_id == "doc:user:li:通知"
    assert re.search(r"读好了：\d+段。《关于组织申报2026年", file.told)
    document = tab.ledger.document(file.document_id)
    assert document and document.space == "user:li"


def test_while_it_waits_and_is_read_that_is_told_and_it_can_be_taken_back(tab: Tab) -> None:
    attachments.hand_in(tab.attached, tab.uploads, tab.jobs, "li", [tab.send("通知.txt", NOTICE.encode())], ())
    assert [(f.name, f.state, f.told) for f in tab.files()] == [("通知.txt", "working", web_text.WAITS)]
    task = tab.jobs.queue.claim()
    assert task and tab.jobs.queue.advance(task.task_id, "读取", 2, 9)
    assert tab.files() == [File("通知.txt", "working", "正在读…（第2／9页）", 2, 9)]
    tab.jobs.queue.resume()
    attachments.halt(tab.attached, tab.jobs, "li")
    assert [(f.state, f.told) for f in tab.files()] == [("out", web_text.HALTED)]


def test_what_cannot_be_read_is_one_sentence_and_holds_up_no_other(tab: Tab) -> None:
    good, bad, refused = tab.attach(
        ("通知.txt", NOTICE.encode()), ("坏.pdf", b"%PDF-1.4 broken"), refused=("x.exe：不认识的文件类型：.exe。",)
    )
    assert (good.state, bad.state, refused.state) == ("in", "out", "out")
    assert "已损坏" in bad.told and "Traceback" not in bad.told and "不认识的文件类型" in refused.told


def test_the_same_file_again_is_told_and_is_still_the_one_that_is_asked(tab: Tab) -> None:
    tab.attach(("通知.txt", NOTICE.encode()))
    tab.attached = Attached()
    (again,) = tab.attach(("通知.txt", NOTICE.encode()))
    assert again.state == "in" and again.document_id == "doc:user:li:通知" and "已经有了" in again.told
    tab.attached = Attached()
    (renamed,) = tab.attach(("另一个名字.txt", NOTICE.encode()))
    assert renamed.state == "in" and "像是同一份" in renamed.told


def test_an_upload_that_is_gone_is_told_and_the_others_get_in(tab: Tab) -> None:
    tokens = ["gone", tab.send("通知.txt", NOTICE.encode())]
    attachments.hand_in(tab.attached, tab.uploads, tab.jobs, "li", tokens, ())
    tab.jobs.work()
    assert [file.state for file in tab.files()] == ["in", "out"] and "过期" in tab.files()[1].told


def test_nobody_follows_another_ones_files(tab: Tab, tmp_path: Path) -> None:
    tab.attach(("私密.txt", NOTICE.encode()))
    other = Tab(tab.assistant, tmp_path / "other", "wang")
    other.attached.jobs = list(tab.attached.jobs)
    assert other.files() == []
    attachments.clear_over(other.attached, other.jobs, "wang")
    assert tab.files()[0].state == "in"


def test_what_came_of_the_files_is_seen_beside_one_answer_and_no_longer(tab: Tab) -> None:
    tab.attach(("通知.txt", NOTICE.encode()), refused=("x.exe：不收。",))
    attachments.asked(tab.attached, tab.jobs, "li")
    assert len(tab.files()) == 2
    attachments.asked(tab.attached, tab.jobs, "li")
    assert tab.files() == [] and tab.jobs.jobs("li") == []


def test_a_failed_file_stays_on_the_documents_page_to_be_tried_again(tab: Tab) -> None:
    tab.attach(("坏.pdf", b"%PDF-1.4 broken"))
    attachments.clear_over(tab.attached, tab.jobs, "li")
    assert tab.files() == [] and tab.jobs.jobs("li")[0].counts == {"failed": 1}


@pytest.mark.parametrize("installed", [True, False])
def test_where_pictures_cannot_be_read_it_is_said_what_to_install(
    tab: Tab, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    from ingest.readers import ocr

    monkeypatch.setattr(ocr, "installed", lambda: False)
    with pytest.raises(NotAvailable) as told:
        ocr.Recogniser()
    monkeypatch.setattr(ocr, "installed", lambda: installed)
    task = Task(1, "j", "", "照片.JPG", "照片", "failed", "", 0, 0, str(told.value), "", 0, 1, "")
    file = attachments._file(task, tab.ledger)
    assert ("附加组件（setup ocr）" in file.told) is not installed
    other = attachments._file(replace(task, name="通知.docx", message="已损坏。"), tab.ledger)
    assert other.told == "已损坏。"


def test_an_archive_is_its_files_and_what_the_browser_should_not_send_is_passed_over(tab: Tab) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n in range(8):
            archive.writestr(f"通知{n}.txt", NOTICE.replace("数字化改造", f"第{n}种设备"))
        archive.writestr("坏.pdf", b"%PDF-1.4 broken")
    files = tab.attach(("全部.zip", packed.getvalue()))
    assert len(files) == 9 and [file.name for file in files if file.state == "out"] == ["坏.pdf"]
    html = attached_html(Conversation(), files)
    assert "坏.pdf" in html and "还有 3 个" in html
    attachments.hand_in(tab.attached, tab.uploads, tab.jobs, "li", "abc", {"x": 1})
    assert len(tab.files()) == 9


# ---- what the page shows of it


def test_names_and_titles_that_would_be_markup_stay_text() -> None:
    talk = Conversation(document=f"doc:user:li:{PAYLOAD}", about=PAYLOAD)
    files = [File(PAYLOAD, state, PAYLOAD, 1, 2) for state in ("working", "in", "out")]  # type: ignore[arg-type]
    for html in (attached_html(talk, files), attached_html(talk, files[1:])):
        assert not set(re.findall(r"<\s*(\w+)", html)) & {"img", "script", "svg"}
        assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', '""', html))


def test_the_button_and_the_chip_have_names_of_their_own() -> None:
    assert f'aria-label="{web_text.ATTACH}"' in clip_html() and "multiple" in sending_html()
    html = attached_html(Conversation(document="doc:public:a", about="某通知"), [])
    assert 'aria-label="不再只问《某通知》"' in html and "#/library/doc%3Apublic%3Aa" in html
    assert attached_html(Conversation(), []).count("<button") == 0


def test_several_files_tell_which_of_them_is_asked() -> None:
    talk = Conversation(document="doc:public:b", about="乙")
    files = [File("甲.txt", "in", "读好了"), File("坏.pdf", "out", "坏了"), File("乙.txt", "in", "读好了")]
    assert "收了 2 份，问的是最后这份" in attached_html(talk, files)
    assert "问的是最后这份" not in attached_html(talk, files[1:])
    assert "还有 3 个" in attached_html(talk, files * 3)


def test_an_attached_document_presents_itself_and_the_conversation_knows_it_after_a_reload(tab: Tab) -> None:
    (file,) = tab.attach(("通知.txt", NOTICE.encode()))
    document = tab.ledger.document(file.document_id)
    history = tab.assistant.history
    talk = Conversation()
    talk.turn_to(document, fresh=True)
    talk.keep_document(history)
    assert talk.fresh and talk.kept == ""  # there is no conversation to keep it with yet
    exchange = talk.begin(web_text.ATTACHED)
    assert document
    introduce(history, exchange, tab.ledger, document, tab.assistant.retriever.index.sources(("user:li",)))
    talk.keep_document(history)
    html = exchange_html(exchange)
    assert exchange.state == "done" and "最高100万元" in html and 'data-ask="我们够不够条件？"' in html
    assert history.document(talk.session) == file.document_id
    assert history.talks()[0].title == f"看看《{document.title}》"
    again = reopened(history, talk.session, {})
    assert again.exchanges[0].text == exchange.text
    assert History(history._path, "wang", history.database).document(talk.session) == ""


def test_a_document_that_cannot_be_presented_is_an_error_on_the_page_not_a_crash(tab: Tab) -> None:
    (file,) = tab.attach(("通知.txt", NOTICE.encode()))
    document = tab.ledger.document(file.document_id)
    assert document
    exchange = Conversation().begin(web_text.ATTACHED)
    introduce(History(), exchange, None, document, {})  # type: ignore[arg-type]
    assert exchange.state == "failed" and exchange.error
