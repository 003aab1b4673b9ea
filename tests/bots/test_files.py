"""Files sent to the bot: one question, progress in one message, the document as the topic of the chat."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from bots import dispatcher, telegram, wording
from bots.files import ONCE
from bots.telegram_read import Me, read
from core.errors import NotAvailable
from eval.bot_api import BotApi, Refused
from tests.bots.conftest import Chatting, Start, document, documents, turns

MOST = "每家最高贴息多少？"
NAME = "智造贷.txt"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "PACE_S", 0.05)
    monkeypatch.setattr(dispatcher, "ALBUM_S", 0.3)


def kept(chat: Chatting, caption: str | None = MOST, user: int = 7, **file: Any) -> str:
    """A file that was sent and taken in: what was said to it."""
    more = {} if caption is None else {"caption": caption}
    count = len(chat.answers(user))
    chat.api.say(user, None, **(document(NAME) | more | file))
    return chat.press(user, chat.until(user, count + 1)[-1], "收下").text


def test_a_caption_is_asked_of_its_file_after_one_question(own: Chatting) -> None:
    own.api.say(7, None, caption=MOST, **document(NAME))
    asked = own.until(7, 1)[0]
    assert "《智造贷.txt》" in asked.text and f"“{MOST}”" in asked.text
    assert [b["text"] for row in asked.buttons for b in row] == ["收下并回答", "只问这一次", "不要"]
    assert documents(own) == [] and "getFile" not in [method for method, _ in own.api.calls]
    answer = own.press(7, asked, "收下")
    own.settled()
    assert "37万元" in answer.text and answer.text.startswith("已收下《智造贷.txt》")
    assert documents(own) == ["明水县智造贷通知"] and documents(own, 8) == []
    assert len(own.api.chat(7)) == 2 and not asked.buttons


def test_how_far_it_is_is_told_in_one_message(own: Chatting) -> None:
    own.api.fail("download", 0.5)
    kept(own)
    own.settled()
    answer = own.api.chat(7)[1]
    assert any(text.startswith("正在下载《智造贷.txt》") for text in answer.texts)
    assert any("录入" in text or "读取" in text or "整理" in text for text in answer.texts)
    assert "37万元" in answer.text


def test_without_a_caption_it_says_what_it_is_and_what_it_can_be_asked(own: Chatting) -> None:
    said = kept(own, None)
    own.settled()
    assert "《明水县智造贷通知》" in said and "2026-12-15" in said
    answer = own.answers(7)[-1]
    labels = [b["text"] for row in answer.buttons for b in row]
    assert "要什么材料？" in labels
    assert "营业执照" in own.press(7, answer, "要什么材料").text
    assert turns(own) == [wording.LOOKED_AT, "要什么材料？"]


def test_a_no_fetches_and_keeps_nothing(own: Chatting) -> None:
    own.api.say(7, None, caption=MOST, **document(NAME))
    assert own.press(7, own.until(7, 1)[0], "不要").text == wording.FILE_DROPPED_QUESTION
    own.settled()
    assert documents(own) == [] and turns(own) == [] and "getFile" not in [method for method, _ in own.api.calls]


def test_asked_once_it_leaves_neither_file_nor_conversation(own: Chatting) -> None:
    own.api.say(7, None, caption=MOST, **document(NAME))
    said = own.press(7, own.until(7, 1)[0], "只问").text
    assert "37万元" in said and said.endswith(wording.FILE_ONCE_DONE)
    own.settled()
    ledger = own.bot.assistant.retriever.index.ledger
    assert [d.space for d in ledger.documents(None, "document")] == []
    assert turns(own) == [] and not list((own.bot.settings.home / "inbox").iterdir())
    assert "37万元" not in own.ask(7, "明水县智造贷最高贴息多少").text


def test_asked_once_for_all_of_it_it_gives_the_points(own: Chatting) -> None:
    own.api.say(7, None, caption="解读一下", **document(NAME))
    said = own.press(7, own.until(7, 1)[0], "只问").text
    assert "37万元" in said and "营业执照" in said and turns(own) == []


def test_a_document_asked_once_by_a_process_that_died_is_gone_with_the_next(own: Chatting, start: Start) -> None:
    from ingest.jobs import Jobs

    home = own.bot.settings.home
    file = home / NAME
    file.write_bytes(own.api.files["notice"])
    user = f"telegram-7{ONCE}"
    jobs = Jobs(own.bot.assistant.retriever.index)
    jobs.submit([file], "我的", user)
    jobs.work()
    assert own.bot._mailbox
    own.bot._mailbox.set_passing(user, True)
    start(own.bot.assistant, home=home).ask(8, "谢谢")
    assert own.bot.assistant.retriever.index.ledger.documents((f"user:{user}",), "document") == []


def test_the_document_stays_the_topic_until_another_or_until_told(own: Chatting) -> None:
    kept(own)
    assert "12月15日" in own.ask(7, "什么时候截止").text
    assert "88万元" in kept(own, "最高补助多少", **document("设备更新.txt", file="other"))
    assert "3月1日" in own.ask(7, "什么时候截止").text
    shown = own.ask(7, "/document")
    assert "现在只问《清河镇设备更新办法》" in shown.text
    assert "只问《" in (back := own.press(7, shown, "明水县").text) or "都问《明水县智造贷通知》" in back
    assert "12月15日" in own.ask(7, "什么时候截止").text
    assert own.ask(7, "/document off").text == wording.DOCUMENT_OFF.format(name="明水县智造贷通知")
    assert "40%" in own.ask(7, "到2027年中小企业上云率要达到多少？").text
    assert own.ask(7, "不问这份了").text == wording.DOCUMENT_OFF_ALREADY


def test_new_ends_the_topic_and_a_tool_is_not_asked_of_it(own: Chatting) -> None:
    kept(own)
    assert own.ask(7, "/maturity").buttons
    assert "已答1题" in own.ask(7, "B").text
    own.ask(7, "/new")
    assert "40%" in own.ask(7, "到2027年中小企业上云率要达到多少？").text


def test_what_the_document_does_not_say_is_asked_of_all_by_a_button(own: Chatting) -> None:
    kept(own)
    absent = own.ask(7, "到2027年中小企业上云率要达到多少？")
    assert "没有写" in absent.text
    assert "40%" in own.press(7, absent, "不限这一份").text
    assert "12月15日" in own.ask(7, "什么时候截止").text


def test_a_topic_that_was_removed_is_told(own: Chatting) -> None:
    kept(own)
    from ingest.pipeline import Ingestor

    index = own.bot.assistant.retriever.index
    Ingestor(index).remove(index.ledger.documents(("user:telegram-7",), "document")[0].document_id)
    said = own.ask(7, "到2027年中小企业上云率要达到多少？").text
    assert said.startswith(wording.DOCUMENT_GONE) and "40%" in said


def test_the_users_own_document_is_asked_though_a_public_one_has_its_name(own: Chatting, tmp_path) -> None:
    from ingest.pipeline import Ingestor

    public = tmp_path / NAME
    public.write_bytes(own.api.files["other"])
    Ingestor(own.bot.assistant.retriever.index).ingest([public])
    assert "37万元" in kept(own)
    assert "12月15日" in own.ask(7, "什么时候截止").text


def test_the_label_typed_is_as_good_as_the_button(own: Chatting) -> None:
    own.api.say(7, None, caption=MOST, **document(NAME))
    asked = own.until(7, 1)[0]
    assert "37万元" in own.ask(7, "收下并回答").text
    assert own.press(7, asked, "收下").text == wording.USED


def test_a_caption_that_cannot_be_asked_still_gets_its_file_in(own: Chatting) -> None:
    said = kept(own, "\ufffd\ufffd\ufffd\ufffd怎么")
    assert "已收下" in said and "没法问" in said and "2026-12-15" in said


def test_what_asks_nothing_of_the_file_is_no_question(own: Chatting) -> None:
    own.api.say(7, None, caption="请查收", **document(NAME))
    asked = own.until(7, 1)[0]
    assert [b["text"] for row in asked.buttons for b in row] == ["收下", "不要"]
    assert "2026-12-15" in own.press(7, asked, "收下").text


def test_a_caption_that_asks_for_all_of_it_gets_the_points(own: Chatting) -> None:
    said = kept(own, "解读一下")
    assert "37万元" in said and "营业执照" in said
    assert turns(own) == ["解读一下"]
    assert "12月15日" in own.ask(7, "什么时候截止").text


# ---- albums


def album(chat: Chatting, *files: dict[str, Any], caption: str = "", user: int = 7) -> None:
    for at, file in enumerate(files):
        more = {"caption": caption} if caption and not at else {}
        chat.api.say(user, None, media_group_id="g1", **file, **more)


def test_several_files_get_one_question_and_then_which_of_them_is_asked(own: Chatting) -> None:
    album(own, document(NAME), document("设备更新.txt", file="other"), document("x.exe"), caption="什么时候截止")
    asked = own.until(7, 1)[0]
    assert "《智造贷.txt》、《设备更新.txt》" in asked.text and "《x.exe》这种文件还读不了" in asked.text
    choice = own.press(7, asked, "收下")
    own.settled()
    assert len(own.answers(7)) == 2 and documents(own) == ["明水县智造贷通知", "清河镇设备更新办法"]
    assert "“什么时候截止”问哪一份" in choice.text
    assert "3月1日" in own.press(7, choice, "清河镇").text
    assert "88万元" in own.ask(7, "最高补助多少").text


def photo(id: str) -> dict[str, Any]:
    return {"photo": [{"file_id": id, "file_unique_id": id, "width": 90, "height": 90, "file_size": 900}]}


def test_photographs_sent_together_are_the_pages_of_one_document(own: Chatting, monkeypatch) -> None:
    from ingest.jobs import Jobs

    handed: list[bytes] = []
    submit = Jobs.submit

    def seen(self: Jobs, places: Any, *more: Any, **named: Any) -> str:
        handed.extend(place.read_bytes() for place in places)
        return submit(self, places, *more, **named)

    monkeypatch.setattr(Jobs, "submit", seen)
    for name, colour in (("p1", "white"), ("p2", "grey")):
        out = io.BytesIO()
        Image.new("RGB", (90, 60), colour).save(out, "JPEG")
        own.api.files[name] = out.getvalue()
    album(own, photo("p1"), photo("p2"), caption=MOST)
    asked = own.until(7, 1)[0]
    assert "等2张.pdf》" in asked.text
    own.press(7, asked, "收下")
    own.settled()
    (pdf,) = handed
    assert pdf.startswith(b"%PDF") and pdf.count(b"/DCTDecode") == 2


# ---- what goes wrong


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(own: Chatting) -> None:
    own.api.files["notice"] = b"\x00\x01\x02"
    said = kept(own, **document("坏的.docx"))
    assert said.startswith("《坏的.docx》没收进去：") and "\n" not in said
    assert documents(own) == [] and turns(own) == []


def test_what_is_missing_on_the_machine_is_told_without_a_command(own: Chatting, monkeypatch) -> None:
    def absent(*given: Any, **named: Any) -> None:
        raise NotAvailable("认图片上的字要先装组件。", command="运行：python3 start.py setup ocr")

    monkeypatch.setattr("ingest.pipeline.load.parse", absent)
    said = kept(own)
    assert "认图片上的字要先装组件" in said and "start.py" not in said


def test_a_file_larger_than_it_said_is_not_taken(own: Chatting, monkeypatch) -> None:
    monkeypatch.setattr(telegram, "LARGEST_MB", 0)
    assert "超过" in kept(own)
    assert documents(own) == []


def test_a_download_that_takes_too_long_ends(own: Chatting, monkeypatch) -> None:
    monkeypatch.setattr(telegram, "FETCH_S", 0.3)
    own.api.fail("download", 5.0)
    assert "下载得太慢" in kept(own)


def test_what_the_network_spoils_is_fetched_again(own: Chatting) -> None:
    own.api.fail("getFile", Refused(502, "Bad Gateway"))
    assert "37万元" in kept(own)


def test_stop_takes_back_what_is_not_yet_in(own: Chatting, monkeypatch) -> None:
    held = hold_parsing(monkeypatch)
    own.api.say(7, None, caption=MOST, **document(NAME))
    own.api.press(7, own.until(7, 1)[0], "收下")
    held.begun.wait(20)
    own.api.say(7, "停")
    own.api.wait(lambda: any(s.text == wording.FILE_STOPPED.format(name=NAME) for s in own.api.chat(7)))
    own.settled()
    assert documents(own) == [] and turns(own) == []


class Held:
    """Parsing that waits until it may go on, or is told to stop."""

    def __init__(self) -> None:
        import threading

        self.begun, self.go = threading.Event(), threading.Event()


def hold_parsing(monkeypatch: pytest.MonkeyPatch) -> Held:
    from ingest import load

    held, parse = Held(), load.parse

    def waits(loaded: Any, progress: Any = None, stop: Any = None) -> Any:
        held.begun.set()
        while not held.go.wait(0.05):
            if progress:
                progress(1, 9)
        return parse(loaded, progress, stop)

    monkeypatch.setattr("ingest.pipeline.load.parse", waits)
    return held


def test_what_takes_longer_than_a_user_waits_goes_on_and_is_asked_by_a_button(own: Chatting, monkeypatch) -> None:
    held = hold_parsing(monkeypatch)
    own.ask(7, "谢谢")
    monkeypatch.setattr(own.bot.dispatcher, "patience_s", 1.0)
    own.api.say(7, None, caption=MOST, **document(NAME))
    asked = own.until(7, 2)[1]
    late = own.press(7, asked, "收下")
    assert late.text == wording.FILE_LATE.format(name=NAME) and turns(own) == ["谢谢"]
    assert own.press(7, late, "好了没有").text == late.text
    held.go.set()
    own.api.wait(lambda: documents(own) == ["明水县智造贷通知"])
    monkeypatch.setattr(own.bot.dispatcher, "patience_s", 30.0)
    assert "37万元" in own.press(7, late, "好了没有").text
    assert turns(own) == ["谢谢", MOST]


def test_a_download_that_outlasts_the_users_patience_can_be_gone_on_with(own: Chatting, monkeypatch) -> None:
    own.ask(7, "谢谢")
    monkeypatch.setattr(own.bot.dispatcher, "patience_s", 0.5)
    own.api.fail("download", 2.0)
    own.api.say(7, None, caption=MOST, **document(NAME))
    late = own.press(7, own.until(7, 2)[1], "收下")
    assert late.text == wording.FILE_LATE.format(name=NAME)
    own.api.wait(lambda: documents(own) == ["明水县智造贷通知"])
    monkeypatch.setattr(own.bot.dispatcher, "patience_s", 30.0)
    assert "37万元" in own.press(7, late, "好了没有").text
    assert documents(own) == ["明水县智造贷通知"] and turns(own) == ["谢谢", MOST]


# ---- groups


def test_in_a_group_a_file_is_no_matter_and_only_spoken_of_where_the_bot_is_addressed(own: Chatting) -> None:
    own.api.say(7, None, chat=-100, caption="大家看看", **document(NAME))
    name = "@xiangdao_test_bot"
    entities = [{"type": "mention", "offset": 0, "length": len(name)}]
    own.api.say(7, None, chat=-100, caption=f"{name} {MOST}", caption_entities=entities, **document(NAME))
    sent = own.until(-100, 1)
    own.settled()
    assert [s.text for s in own.api.chat(-100)] == [wording.PRIVATE_ONLY] and sent[0].buttons
    assert "getFile" not in [method for method, _ in own.api.calls]


def test_an_update_tells_album_quotation_and_edit() -> None:
    api = BotApi()
    earlier = api.message(7, "原来的话", reply_to_message=None)
    raw = api.message(7, "这个呢", media_group_id="g", reply_to_message=earlier)
    message = read({"update_id": 1, "edited_message": raw}, None, Me(1234567, "b"))  # type: ignore[arg-type]
    assert message and message.edited and message.album == "g" and message.sent_at > 0
    assert message.quoted and (message.quoted.text, message.quoted.by) == ("原来的话", "self")
