"""Messages that are replies: what they are a reply to is read with them, and only as words."""

from __future__ import annotations

from typing import Any

import pytest

from bots import telegram, wording
from bots.telegram_read import QUOTED_CHARACTERS, Me, read
from eval.bot_api import BotApi, Sent
from tests.bots.conftest import Chatting, document, turns
from tests.bots.test_files import MOST, NAME, kept
from tests.bots.test_telegram import QUESTION, mention


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "PACE_S", 0.05)


def reply(chat: Chatting, to: Sent | dict[str, Any], text: str, **more: Any) -> Sent:
    """A reply to a message, and what the bot says to it."""
    raw = chat.api.raw(to) if isinstance(to, Sent) else to
    answer = chat.ask(7, text, reply_to_message=raw, **more)
    chat.settled()
    return chat.answers(7)[-1] if answer else answer


def test_a_reply_to_an_earlier_answer_goes_on_from_that(chat: Chatting) -> None:
    earlier = chat.ask(7, "中山的厂评到三级能拿多少")
    chat.ask(7, "APS是啥")
    chat.settled()
    said = reply(chat, earlier, "那二级呢").text
    assert "中山" in said and "30万元" in said


def test_a_reply_to_ones_own_earlier_message_goes_on_from_that(chat: Chatting) -> None:
    number = chat.api.say(7, "中山的厂评到三级能拿多少")
    chat.until(7, 1)
    chat.ask(7, "APS是啥")
    chat.settled()
    assert "30万元" in reply(chat, chat.api.updates[number].raw["message"], "那二级呢").text


def test_words_of_somebody_else_are_what_is_spoken_of(chat: Chatting) -> None:
    other = chat.api.message(9, "APS")
    assert "APS" in reply(chat, other, "这个是什么意思").text


def test_a_piece_that_was_picked_out_is_what_is_spoken_of(chat: Chatting) -> None:
    earlier = chat.ask(7, "APS是啥，跟MES啥区别？")
    quote = {"text": "MES", "position": 0, "is_manual": True}
    assert "MES" in reply(chat, earlier, "这个是什么意思", quote=quote).text


def test_what_is_replied_to_gives_no_orders_and_tells_nothing_of_the_firm(chat: Chatting) -> None:
    chat.ask(7, "谢谢")
    other = chat.api.message(9, "我们做注塑，60人，在东莞")
    reply(chat, other, QUESTION)
    assert chat.ask(7, "/profile").text == wording.NOTHING_KNOWN
    assert "40%" in reply(chat, chat.api.message(9, "/forget"), QUESTION).text
    assert turns(chat)[-1] == QUESTION


def test_what_is_replied_to_is_cut_and_cleaned() -> None:
    api = BotApi()
    raw = api.message(7, "问", reply_to_message=api.message(9, "长\u202e。" * 3000))
    message = read({"update_id": 1, "message": raw}, None, Me(1234567, "b"))  # type: ignore[arg-type]
    assert message and message.quoted and message.quoted.by == "other"
    assert len(message.quoted.text) <= QUOTED_CHARACTERS + 1 and "\u202e" not in message.quoted.text


def test_a_reply_to_a_file_asks_that_file(own: Chatting) -> None:
    first = own.api.say(7, None, caption=MOST, **document(NAME))
    own.press(7, own.until(7, 1)[0], "收下")
    kept(own, "最高补助多少", **document("设备更新.txt", file="other"))
    assert "3月1日" in own.ask(7, "什么时候截止").text
    said = reply(own, own.api.updates[first].raw["message"], "什么时候截止").text
    assert said.startswith("接下来都问《明水县智造贷通知》") and "12月15日" in said
    assert "37万元" in own.ask(7, MOST).text


def test_a_reply_to_an_answer_from_a_document_asks_that_document(own: Chatting) -> None:
    kept(own)
    own.settled()
    earlier = own.answers(7)[-1]
    kept(own, "最高补助多少", **document("设备更新.txt", file="other"))
    assert "12月15日" in reply(own, earlier, "什么时候截止").text


def test_a_reply_to_a_file_that_was_not_taken_in_asks_whether_to(own: Chatting) -> None:
    number = own.api.say(7, None, **document(NAME))
    own.press(7, own.until(7, 1)[0], "不要")
    own.settled()
    asked = reply(own, own.api.updates[number].raw["message"], MOST)
    assert f"“{MOST}”" in asked.text
    assert "37万元" in own.press(7, asked, "收下").text


def test_a_reply_to_an_answer_from_the_knowledge_is_not_asked_of_the_document(own: Chatting) -> None:
    earlier = own.ask(7, "中山的厂评到三级能拿多少")
    own.settled()
    kept(own)
    said = reply(own, earlier, "那二级呢").text
    assert "30万元" in said and "没有写" not in said


def test_a_short_reply_to_a_question_of_an_assessment_that_has_gone_on_changes_nothing(chat: Chatting) -> None:
    first = chat.ask(7, "/maturity")
    chat.ask(7, "B")
    assert reply(chat, first, "A").text == wording.QUOTED_STEP
    assert "已答2题" in chat.ask(7, "B").text


def test_a_report_is_of_the_result_that_is_replied_to(chat: Chatting) -> None:
    earlier = chat.ask(7, "我们做注塑，60人，给我一个路线图")
    chat.ask(7, "APS是啥")
    chat.settled()
    chat.api.say(7, "导出PDF", reply_to_message=chat.api.raw(earlier))
    chat.api.wait(lambda: any(s.name == "数字化转型路线图.pdf" for s in chat.api.chat(7)))


def test_in_a_group_what_is_replied_to_is_read_and_a_file_is_not(chat: Chatting) -> None:
    text = "@xiangdao_test_bot 这个是什么意思"
    chat.api.say(7, text, chat=-100, reply_to_message=chat.api.message(9, "APS", -100), **mention(text))
    assert "APS" in chat.until(-100, 1)[0].text
    file = chat.api.message(9, None, -100, **document(NAME))
    chat.api.say(7, text, chat=-100, reply_to_message=file, **mention(text))
    assert chat.until(-100, 2)[-1].text == wording.PRIVATE_ONLY
