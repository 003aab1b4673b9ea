"""Messages that are edited after they were sent: answered anew, once, with the answer before it replaced."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bots import telegram, wording
from bots.mailbox import Mailbox
from bots.message import Incoming
from tests.bots.conftest import Chatting, document, turns
from tests.bots.test_telegram import QUESTION, mention


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "PACE_S", 0.05)


def asked(chat: Chatting, text: str, user: int = 7, **more: Any) -> int:
    """A message that was answered; the number of its update."""
    count = len(chat.answers(user))
    number = chat.api.say(user, text, **more)
    chat.until(user, count + 1)
    chat.settled()
    return number


def test_the_last_answer_is_replaced_where_it_stands(chat: Chatting) -> None:
    number = asked(chat, "APS是啥")
    chat.api.edit(number, QUESTION)
    chat.api.wait(lambda: any("40%" in sent.text for sent in chat.api.chat(7)))
    chat.settled()
    (sent,) = chat.api.chat(7)
    assert sent.text.startswith(wording.EDITED_HERE) and wording.EDITED_AGAIN in sent.texts
    assert turns(chat) == [QUESTION]


def test_an_earlier_one_is_answered_below_with_a_word_that_it_replaces_the_former(chat: Chatting) -> None:
    number = asked(chat, "APS是啥")
    asked(chat, "谢谢")
    chat.api.edit(number, QUESTION)
    sent = chat.until(7, 3)[-1]
    chat.settled()
    assert sent.text.startswith(wording.EDITED_BELOW) and "40%" in sent.text and sent.reply_to
    assert not chat.answers(7)[0].buttons
    assert turns(chat) == ["APS是啥", "谢谢", QUESTION]


def test_it_may_be_edited_again_and_again(chat: Chatting) -> None:
    number = asked(chat, "APS是啥")
    for text, needle in ((QUESTION, "40%"), ("WMS是什么意思", "WMS"), (QUESTION, "40%")):
        number = chat.api.edit(number, text)
        chat.settled()
        (sent,) = chat.api.chat(7)
        assert needle in sent.text
    assert turns(chat) == [QUESTION]


def test_an_edit_that_changes_no_word_is_answered_by_nothing(chat: Chatting) -> None:
    number = asked(chat, QUESTION)
    calls = len([m for m, _ in chat.api.calls if m != "getUpdates"])
    chat.api.edit(number)
    chat.settled()
    asked_after = [m for m, _ in chat.api.calls if m != "getUpdates"][calls:]
    assert asked_after == [] and len(chat.api.chat(7)) == 1


def test_the_same_edit_delivered_again_is_answered_once(chat: Chatting) -> None:
    number = asked(chat, "APS是啥")
    edit = chat.api.edit(number, QUESTION)
    chat.settled()
    chat.api.repeats.append(chat.api.updates[edit].raw)
    chat.api.wait(lambda: not chat.api.repeats)
    chat.ask(7, "谢谢")
    assert len(chat.api.chat(7)) == 2 and turns(chat) == [QUESTION, "谢谢"]


def test_what_is_edited_long_after_is_not_answered_anew(chat: Chatting) -> None:
    raw = chat.api.message(7, QUESTION, date=int(time.time()) - 3 * 86400)
    chat.api.give({"edited_message": raw})
    assert chat.until(7, 1)[0].text == wording.EDITED_OLD


def test_a_message_that_the_bot_never_saw_is_answered_as_it_reads_now(chat: Chatting) -> None:
    chat.api.give({"edited_message": chat.api.message(7, QUESTION)})
    sent = chat.until(7, 1)[0]
    assert "40%" in sent.text and not sent.text.startswith("（")


def test_in_a_group_an_edit_that_names_the_bot_is_answered(chat: Chatting) -> None:
    number = chat.api.say(7, QUESTION, chat=-100)
    text = f"@xiangdao_test_bot {QUESTION}"
    number = chat.api.edit(number, text, **mention(text))
    assert "40%" in chat.until(-100, 1)[0].text
    chat.settled()
    again = "@xiangdao_test_bot APS是啥"
    chat.api.edit(number, again, **mention(again))
    chat.settled()
    (sent,) = chat.api.chat(-100)
    assert "APS" in sent.text


def test_a_waiting_message_is_replaced_and_answered_as_it_reads_now(tmp_path) -> None:
    mailbox = Mailbox(tmp_path / "bots.db")
    first, second = (Incoming("telegram", str(n), "7", "7", "旧", reply_to=str(n)) for n in (1, 2))
    edit = Incoming("telegram", "3", "7", "7", "新", reply_to="2", edited=True)
    mailbox.accept([(first, False), (second, False), (edit, False)])
    seen = []
    while letter := mailbox.next("telegram:7:7"):
        seen.append((letter.message.text, letter.message.edited))
        mailbox.done(letter)
    assert seen == [("旧", False), ("新", False)]
    assert mailbox.accept([(edit, False)]) == []


def test_what_is_being_answered_is_finished_and_then_answered_anew(tmp_path) -> None:
    mailbox = Mailbox(tmp_path / "bots.db")
    mailbox.accept([(Incoming("telegram", "1", "7", "7", "旧", reply_to="1"), False)])
    letter = mailbox.next("telegram:7:7")
    assert letter
    mailbox.begin(letter)
    mailbox.accept([(Incoming("telegram", "2", "7", "7", "新", reply_to="1", edited=True), False)])
    assert mailbox.next("telegram:7:7") and mailbox.waiting() == 2


def test_an_answer_of_an_assessment_is_taken_back_while_it_is_the_last(chat: Chatting) -> None:
    chat.ask(7, "/maturity")
    number = asked(chat, "B")
    chat.api.edit(number, "C")
    chat.settled()
    assert "已答1题" in chat.answers(7)[-1].text
    asked(chat, "B")
    chat.api.edit(number, "A")
    assert chat.until(7, 4)[-1].text.endswith(wording.EDITED_STEP)
    assert "已答3题" in chat.ask(7, "B").text


def test_a_new_caption_changes_the_question_about_its_file(own: Chatting) -> None:
    number = own.api.say(7, None, caption="旧的问题？", **document("智造贷.txt"))
    first = own.until(7, 1)[0]
    own.settled()
    press = first.buttons[0][0]["callback_data"]
    number = own.api.edit(number, "每家最高贴息多少？")
    own.settled()
    (sent,) = own.api.chat(7)
    assert "“每家最高贴息多少？”" in sent.text and "旧的" not in sent.text
    own.api.press_data(7, first, press)
    assert own.until(7, 2)[-1].text == wording.USED
    assert "37万元" in own.press(7, sent, "收下").text
    own.settled()
    own.api.edit(number, "什么时候截止？")
    again = own.until(7, 4)[-1]
    own.settled()
    assert again.text.startswith(wording.EDITED_BELOW) and "12月15日" in again.text
