"""The Telegram bot as its users and Telegram see it: the real library against a Bot API server on this machine."""

from __future__ import annotations

import io
import logging
import zipfile

import pytest

from assistant.chat import Assistant
from bots import wording
from eval.bot_api import TOKEN, Refused
from tests.bots.conftest import Chatting, Start, document

QUESTION = "到2027年中小企业上云率要达到多少？"


def test_a_question_is_answered_with_its_source_in_place_of_the_placeholder(chat: Chatting) -> None:
    sent = chat.ask(7, QUESTION)
    assert sent.texts[0] == wording.WAIT
    assert "40%" in sent.text and "出处 [1]" in sent.text and "**" not in sent.text
    assert len(chat.api.chat(7)) == 1


def test_several_messages_are_answered_in_order_each_once(chat: Chatting) -> None:
    for text in (QUESTION, "APS是啥", "/help", "谢谢"):
        chat.api.say(7, text)
    texts = [sent.text for sent in chat.until(7, 4)]
    assert ["40%" in texts[0], "APS" in texts[1], "怎么用" in texts[2], "不客气" in texts[3]] == [True] * 4
    assert len(chat.api.chat(7)) == 4


def test_a_message_delivered_again_is_answered_once(chat: Chatting) -> None:
    number = chat.api.say(7, QUESTION)
    chat.until(7, 1)
    chat.api.repeats.append(chat.api.updates[number].raw)
    chat.api.wait(lambda: not chat.api.repeats)
    chat.ask(7, "谢谢")
    assert [len(chat.api.chat(7)), "不客气" in chat.answers(7)[-1].text] == [2, True]


def test_a_conversation_goes_on_and_new_ends_it(chat: Chatting) -> None:
    chat.ask(7, "我们做注塑，60人，在东莞")
    assert "60人" in chat.ask(7, "/profile").text
    chat.ask(7, "新对话")
    assert chat.ask(7, "/profile").text == wording.NOTHING_KNOWN


def test_a_profile_outlives_the_conversation_only_where_the_user_says_so(chat: Chatting) -> None:
    chat.ask(7, "我们做注塑，60人，在东莞")
    shown = chat.ask(7, "/profile")
    assert "只在这次对话里用" in shown.text
    assert chat.press(7, shown, "以后都记着").text == wording.PROFILE_ALLOWED
    chat.ask(7, "/new")
    kept = chat.ask(7, "/profile")
    assert "60人" in kept.text and "保存的企业档案" in kept.text
    assert chat.press(7, kept, "删掉档案").text == wording.PROFILE_GONE
    assert chat.ask(7, "/profile").text == wording.NOTHING_KNOWN


def test_what_one_user_tells_another_does_not_get(chat: Chatting) -> None:
    chat.ask(7, "我们做注塑，60人，在东莞")
    assert chat.ask(8, "/profile").text == wording.NOTHING_KNOWN


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sticker": {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "type": "regular",
                      "is_animated": False, "is_video": False}}, "看不懂贴纸"),
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, "看不懂语音"),
        ({"location": {"longitude": 1.0, "latitude": 2.0}}, "看不懂位置"),
        ({"text": " "}, "没看到文字"),
        ({"text": "\u202e\x07\x00"}, "没看到文字"),
        ({"text": "😀😀"}, "问题是空的"),
        ({"text": "补" * 100_000}, "太长了"),
        ({"text": "/start@xiangdao_test_bot 来"}, "您好"),
        ({"text": "/nonsense"}, "怎么用"),
    ],
)  # fmt: skip
def test_whatever_comes_gets_one_clear_sentence(chat: Chatting, more: dict, said: str) -> None:
    chat.api.say(7, **more)
    assert said in chat.until(7, 1)[0].text
    assert len(chat.api.chat(7)) == 1


def test_html_in_a_question_is_shown_as_text(chat: Chatting) -> None:
    sent = chat.ask(7, "<b>注塑</b><script>alert(1)</script> & <a href='x'>点我</a> 是什么意思")
    assert sent.text and not chat.api.faults
    assert all("parse entities" not in said for said in chat.told)


# ---- groups


def mention(text: str) -> dict:
    name = "@xiangdao_test_bot"
    return {"entities": [{"type": "mention", "offset": text.index(name), "length": len(name)}]}


def test_in_a_group_only_what_names_the_bot_is_answered_and_nothing_is_kept(chat: Chatting) -> None:
    chat.api.say(7, "大家好", chat=-100)
    text = f"@xiangdao_test_bot {QUESTION}"
    chat.api.say(7, text, chat=-100, **mention(text))
    sent = chat.until(-100, 1)[0]
    assert "40%" in sent.text and sent.reply_to and not sent.buttons
    assert len(chat.api.chat(-100)) == 1
    assert chat.bot.assistant.history.of("telegram-7").sessions() == []
    assert chat.bot.assistant.history.of("telegram-group").sessions() == []


def test_in_a_group_nothing_about_ones_own_firm_is_said(chat: Chatting) -> None:
    chat.ask(7, "我们做注塑，60人，在东莞")
    text = "/profile@xiangdao_test_bot"
    chat.api.say(7, text, chat=-100, entities=[{"type": "bot_command", "offset": 0, "length": len(text)}])
    sent = chat.until(-100, 1)[0]
    assert sent.text == wording.PRIVATE_ONLY
    assert sent.buttons[0][0]["url"] == "https://t.me/xiangdao_test_bot"


def test_an_answer_to_the_bot_in_a_group_speaks_to_it(chat: Chatting) -> None:
    text = f"@xiangdao_test_bot {QUESTION}"
    chat.api.say(7, text, chat=-100, **mention(text))
    earlier = chat.until(-100, 1)[0]
    chat.api.say(8, "APS是啥", chat=-100, reply_to_message=chat.api.raw(earlier))
    assert "APS" in chat.until(-100, 2)[1].text


# ---- buttons


def test_an_assessment_is_answered_with_buttons_each_of_which_works_once(chat: Chatting) -> None:
    first = chat.ask(7, "/maturity")
    second = chat.press(7, first, "B")
    assert second.text.startswith("您选的：B") and "已答1题" in second.text
    chat.settled()
    assert first.buttons == []
    chat.api.press_data(7, first, chat.api.calls[0][1].get("data", "1.1"))
    assert chat.until(7, 3)[-1].text == wording.USED
    assert "已答2题" in chat.ask(7, "A").text
    chat.settled()
    assert len(chat.api.answered_presses) == 2


def test_the_button_of_a_question_answered_by_typing_is_used_up(chat: Chatting) -> None:
    first = chat.ask(7, "/maturity")
    chat.ask(7, "B")
    assert chat.press(7, first, "C").text == wording.USED


def test_choices_of_which_several_hold_are_ticked_and_then_sent(chat: Chatting) -> None:
    sent = chat.ask(7, "/maturity")
    while "选好了" not in [b["text"] for row in sent.buttons for b in row]:
        sent = chat.ask(7, "B")
    before = len(chat.answers(7))
    labels = [b["text"] for row in sent.buttons for b in row]
    for label in labels[:2]:
        chat.api.press(7, sent, label)
        chat.settled()
    assert [b["text"].startswith("✓") for row in sent.buttons for b in row][:3] == [True, True, False]
    answer = chat.press(7, sent, "选好了")
    assert answer.text.startswith(f"您选的：{labels[0]}、{labels[1]}")
    assert len(chat.answers(7)) == before + 1


def test_a_button_of_another_chat_is_worth_nothing(chat: Chatting) -> None:
    first = chat.ask(7, "/maturity")
    data = first.buttons[0][0]["callback_data"]
    other = chat.ask(8, QUESTION)
    chat.api.press_data(8, other, data)
    assert chat.until(8, 2)[-1].text == wording.EXPIRED


@pytest.mark.parametrize("data", ["", "x", "1", "9999.0", "1.99", "1.ok.zz", "'; DROP TABLE menu; --", "1.-1", "⚙️"])
def test_what_a_button_cannot_carry_is_refused(chat: Chatting, data: str) -> None:
    first = chat.ask(7, "/maturity")
    chat.api.press_data(7, first, data or " ")
    assert chat.until(7, 2)[-1].text == wording.EXPIRED


# ---- files


def test_a_roadmap_comes_as_word_pdf_sheet_and_charts(chat: Chatting) -> None:
    sent = chat.ask(7, "我们做注塑，60人，给我一个路线图")
    for label, name, starts in (
        ("Word", ".docx", b"PK"),
        ("PDF", ".pdf", b"%PDF"),
        ("表格", ".xlsx", b"PK"),
        ("图", ".png", b"\x89PNG"),
    ):
        chat.api.press(7, sent, label)
        chat.settled()
        file = [s for s in chat.api.chat(7) if s.file][-1]
        assert file.name.endswith(name) and file.file and file.file.startswith(starts)
    document = next(s.file for s in chat.api.chat(7) if s.name.endswith(".docx"))
    assert document and "word/document.xml" in zipfile.ZipFile(io.BytesIO(document)).namelist()


def test_a_report_is_had_by_plain_words_too(chat: Chatting) -> None:
    assert chat.ask(7, "导出PDF").text == wording.no_report()
    chat.ask(7, "我们做注塑，60人，给我一个路线图")
    chat.api.say(7, "导出PDF")
    chat.api.wait(lambda: any(s.name == "数字化转型路线图.pdf" for s in chat.api.chat(7)))


def test_a_file_goes_into_the_users_own_space_once_he_says_so(own: Chatting) -> None:
    own.api.say(7, None, **document("明水县<b>智造贷</b>通知.txt"))
    asked = own.until(7, 1)[0]
    assert "要收进您的私有资料吗" in asked.text
    before = own.ask(7, "明水县智造贷最高贴息多少").text
    assert "没有查到" in before and "37万元" not in before
    assert "已收下《明水县b智造贷/b通知.txt》" in own.press(7, asked, "收下").text
    assert "37万元" in own.ask(7, "明水县智造贷最高贴息多少").text
    assert "37万元" not in own.ask(8, "明水县智造贷最高贴息多少").text
    sure = own.ask(7, "/forget")
    assert "1 份" in sure.text
    assert "1 份私有资料" in own.press(7, sure, "全部删掉").text
    assert "37万元" not in own.ask(7, "明水县智造贷最高贴息多少").text
    assert len(own.bot.assistant.history.of("telegram-7").turns("telegram:7:7:1", 100)) == 1


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("恶意.exe", 400, "还读不了"),
        ("大.txt", 30_000_000, "太大了"),
        ("没有后缀", 400, "还读不了"),
        ("../../a.txt", 400, "要收进您的"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_before_it_is_fetched(
    chat: Chatting, name: str, size: int, said: str
) -> None:
    chat.api.say(7, None, **document(name, size))
    assert said in chat.until(7, 1)[0].text
    assert "getFile" not in [method for method, _ in chat.api.calls]


def test_a_file_that_telegram_no_longer_has_is_told(own: Chatting) -> None:
    own.api.say(7, None, **document("通知.txt"))
    asked = own.until(7, 1)[0]
    del own.api.files["notice"]
    assert "没下载下来" in own.press(7, asked, "收下").text


# ---- Telegram's errors


def test_flood_control_delays_and_loses_nothing(chat: Chatting) -> None:
    chat.api.fail("sendMessage", Refused(429, "Too Many Requests: retry after 1", retry_after=1))
    chat.api.fail("editMessageText", Refused(429, "Too Many Requests: retry after 1", retry_after=1))
    assert "40%" in chat.ask(7, QUESTION).text
    assert len(chat.api.chat(7)) == 1


def test_a_user_who_blocked_the_bot_holds_nobody_up(chat: Chatting) -> None:
    chat.api.gone.add(7)
    chat.api.say(7, QUESTION)
    assert "40%" in chat.ask(8, QUESTION).text
    chat.settled()


def test_an_answer_whose_placeholder_was_deleted_is_sent_anew(chat: Chatting) -> None:
    chat.api.fail("editMessageText", Refused(400, "Bad Request: message to edit not found"))
    chat.api.say(7, QUESTION)
    chat.api.wait(lambda: any("40%" in sent.text for sent in chat.api.chat(7)))


@pytest.mark.parametrize(
    "raw",
    [
        {"message": {"message_id": "x"}},
        {"message": "text"},
        {"callback_query": {"id": 3}},
        {"message": {"message_id": 1, "date": "never", "chat": {"id": 1, "type": "private"}, "from": {}, "text": 5}},
        {"message": None},
        {"nothing_known": {"a": 1}},
    ],
)
def test_a_malformed_update_is_passed_over(chat: Chatting, raw: dict) -> None:
    chat.api.give(raw)
    assert "40%" in chat.ask(7, QUESTION).text


def test_another_program_with_the_same_token_is_told_and_waited_for(chat: Chatting) -> None:
    chat.api.fail("getUpdates", Refused(409, "Conflict: terminated by other getUpdates request"))
    assert "40%" in chat.ask(7, QUESTION).text
    assert any("另有一个程序" in said for said in chat.told)


def test_a_lost_connection_comes_back_and_loses_nothing(chat: Chatting) -> None:
    chat.ask(7, "谢谢")
    chat.api.down = True
    chat.api.say(7, QUESTION)
    chat.api.wait(lambda: any("连接断了" in said for said in chat.told))
    chat.api.down = False
    assert "40%" in chat.until(7, 2)[-1].text
    chat.api.wait(lambda: "又连上了。" in chat.told)


def test_the_token_reaches_no_log(chat: Chatting, caplog: pytest.LogCaptureFixture) -> None:
    chat.api.give({"message": {"message_id": "x"}})
    chat.api.fail("getUpdates", Refused(500, f"Internal Server Error {TOKEN}"))
    with caplog.at_level(logging.INFO):
        chat.ask(7, QUESTION)
    log = chat.bot.settings.home / "errors.log"
    assert log.exists() and TOKEN not in log.read_text(encoding="utf-8")
    assert TOKEN not in caplog.text and not any(TOKEN in said for said in chat.told)


def test_who_is_not_on_the_list_is_told_his_number(start: Start, guide: Assistant) -> None:
    chat = start(guide, telegram_users="8, 9")
    assert chat.ask(7, QUESTION).text == wording.NOT_ALLOWED.format(user=7)
    assert "40%" in chat.ask(8, QUESTION).text


def test_the_commands_stand_in_telegrams_menu(chat: Chatting) -> None:
    chat.api.wait(lambda: bool(chat.api.commands))
    assert [c["command"] for c in chat.api.commands] == list(wording.commands())


def test_the_next_process_answers_what_the_last_one_left(start: Start, guide: Assistant, tmp_path) -> None:
    from bots.mailbox import Mailbox
    from bots.message import Incoming

    mailbox = Mailbox(tmp_path / "bots.db")
    mailbox.accept([(Incoming("telegram", "1234567:1", "7", "7", QUESTION), False)])
    mailbox.close()
    chat = start(guide, home=tmp_path)
    assert "40%" in chat.until(7, 1)[0].text
