"""The mailbox: nothing lost, nothing twice, whatever process looks at it."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bots.mailbox import DOCUMENT, PER_CONVERSATION, REMEMBERED_S, TURN, Mailbox
from bots.message import Attach, Button, File, Incoming, Relabel, Say
from core.mending import set_aside


def message(id: int, user: str = "7", text: str = "问") -> Incoming:
    return Incoming("telegram", str(id), user, user, text, file=File("ref", "a.txt", 3))


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "bots.db")


def test_what_was_accepted_is_there_for_the_next_process(mailbox: Mailbox, tmp_path: Path) -> None:
    given = message(1)
    mailbox.accept([(given, False)])
    letter = Mailbox(tmp_path / "bots.db").next(given.conversation)
    assert letter and letter.message == given and letter.attempts == 0


def test_a_message_is_accepted_once_also_after_it_was_answered(mailbox: Mailbox) -> None:
    assert mailbox.accept([(message(1), False), (message(1), False)]) == [message(1)]
    letter = mailbox.next(message(1).conversation)
    assert letter
    mailbox.done(letter)
    assert mailbox.accept([(message(1), False)]) == [] and mailbox.waiting() == 0


def test_parts_come_back_as_they_were_without_those_sent(mailbox: Mailbox) -> None:
    parts = [Say("**答**", ((Button("一级", "1.0"), Button("群", url="https://t.me/x")),)),
             Attach("图.png", b"\x89PNG", "标题", True), Relabel("12")]  # fmt: skip
    mailbox.accept([(message(1), False)])
    letter = mailbox.next(message(1).conversation)
    assert letter
    mailbox.answer(letter, parts)
    assert [part for _, part in mailbox.parts(letter)] == parts
    mailbox.sent(letter, 0)
    assert [part for _, part in mailbox.parts(letter)] == parts[1:]


def test_nothing_of_an_answered_message_stays_but_its_id(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.accept([(message(1, text="我厂的秘密"), False)])
    letter = mailbox.next(message(1).conversation)
    assert letter
    mailbox.answer(letter, [Say("秘密的答案")])
    mailbox.done(letter)
    mailbox.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "秘密".encode() not in kept


def test_the_words_of_a_button_go_with_the_message_that_pressed_it(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.accept([(message(1, text=""), False)])
    letter = mailbox.next(message(1).conversation)
    menu = mailbox.menu("c", mailbox.offer("c", [("收下", "!keep 我厂的秘密")], "once"))
    assert letter and menu and mailbox.use(menu, letter)
    mailbox.done(letter)
    mailbox.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "秘密".encode() not in kept


def test_what_belongs_together_is_known_by_ids(mailbox: Mailbox) -> None:
    given = Incoming("telegram", "1", "7", "7", "问", reply_to="51")
    mailbox.accept([(given, False)])
    letter = mailbox.next(given.conversation)
    assert letter
    mailbox.answer(letter, [Say("一"), Say("二")])
    for ordinal, sent in enumerate(("52", "53")):
        mailbox.sent(letter, ordinal, sent)
    mailbox.set_step(letter, TURN, "8")
    mailbox.set_step(letter, DOCUMENT, "doc:a")
    mailbox.done(letter)
    asked, told = (mailbox.traces.of(given.conversation, id) for id in ("51", "53"))
    assert asked and (asked.answer, asked.turn, asked.documents) == (("52", "53"), 8, ("doc:a",))
    assert asked.digest == given.digest and told and (told.turn, told.documents) == (8, ("doc:a",))
    assert mailbox.traces.of("other", "51") is None and mailbox.traces.is_last(given.conversation, asked)
    mailbox.forget(given.conversation)
    assert mailbox.traces.of(given.conversation, "51") is None


def test_a_mailbox_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "bots.db") as db:
        db.execute(
            "CREATE TABLE letter (id INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, message TEXT NOT NULL,"
            " conversation TEXT NOT NULL, body TEXT NOT NULL, received REAL NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',"
            " attempts INTEGER NOT NULL DEFAULT 0, holder TEXT, before TEXT, ends INTEGER NOT NULL DEFAULT 0,"
            " beyond INTEGER NOT NULL DEFAULT 0, UNIQUE (app, message))"
        )
        body = (
            '{"app": "telegram", "id": "1", "chat": "7", "user": "7", "text": "问", "group": false,'
            ' "file": {"ref": "r", "name": "a.txt", "size": 3}, "press": "", "on": "", "reply_to": "5", "other": ""}'
        )
        row = ("telegram", "1", "telegram:7:7", body, time.time())
        db.execute("INSERT INTO letter (app, message, conversation, body, received) VALUES (?, ?, ?, ?, ?)", row)
    letter = Mailbox(tmp_path / "bots.db").next("telegram:7:7")
    assert letter and letter.message.file == File("r", "a.txt", 3) and not letter.joined


def test_a_later_stop_is_seen_by_what_waits_before_it(mailbox: Mailbox) -> None:
    mailbox.accept([(message(1), False), (message(2, text="停"), True), (message(3), False)])
    first = mailbox.next(message(1).conversation)
    assert first and first.stopped
    mailbox.done(first)
    second = mailbox.next(message(1).conversation)
    assert second and not second.stopped


def test_one_conversation_cannot_fill_the_queue(mailbox: Mailbox) -> None:
    mailbox.accept([(message(n), False) for n in range(PER_CONVERSATION + 1)])
    letters = []
    while letter := mailbox.next(message(0).conversation):
        letters.append(letter)
        mailbox.done(letter)
    assert [letter.beyond for letter in letters] == [False] * PER_CONVERSATION + [True]


def test_a_menu_that_works_once_is_taken_by_one_press(mailbox: Mailbox) -> None:
    mailbox.accept([(message(1), False), (message(2, "8"), False)])
    one, other = (mailbox.next(message(1, user).conversation) for user in ("7", "8"))
    assert one and other
    menu = mailbox.menu("c", mailbox.offer("c", [("一级", "我们一级")], "once"))
    assert menu and menu.entries == (("一级", "我们一级"),)
    assert mailbox.use(menu, one) and not mailbox.use(menu, other) and mailbox.use(menu, one)
    assert mailbox.menu("other", menu.id) is None


def test_ids_are_forgotten_after_some_days(mailbox: Mailbox) -> None:
    mailbox.accept([(message(1), False)])
    letter = mailbox.next(message(1).conversation)
    assert letter
    mailbox.done(letter)
    mailbox._run("UPDATE letter SET received = received - ?", REMEMBERED_S + 1)
    mailbox.prune()
    assert mailbox.accept([(message(1), False)])


def test_a_failed_transaction_leaves_nothing_half(mailbox: Mailbox) -> None:
    mailbox.accept([(message(1), False)])
    letter = mailbox.next(message(1).conversation)
    assert letter
    mailbox.answer(letter, [Say("一")])
    with pytest.raises(sqlite3.IntegrityError):
        mailbox.answer(letter, [Relabel("1"), Say("二")])
    assert [part for _, part in mailbox.parts(letter)] == [Say("一")]


# ---- damage


def overwritten(path: Path) -> None:
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)


def of_another_file(path: Path) -> None:
    path.write_text('{"conversations.db": ""}', "utf-8")


def table_dropped(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TABLE menu")


def word_changed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE letter SET body = replace(body, '问2', '问3') WHERE message = '2'")


def half_a_character(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE letter SET body = replace(body, '问2', CAST(x'E997' AS TEXT)) WHERE message = '2'")


def entries_cut_off(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO menu (conversation, key, kind, entries, made) VALUES ('c', '', 'again', '[[', 0)")


@pytest.mark.parametrize(
    ("damage", "left"),
    [(overwritten, []), (of_another_file, []), (Path.mkdir, []), (table_dropped, [1, 2, 3]), (entries_cut_off, [1, 2, 3]), (word_changed, [1, 3]),
     (half_a_character, [1, 3])],
)  # fmt: skip
def test_a_damaged_mailbox_is_set_aside_and_what_can_be_read_of_it_waits_on(
    mailbox: Mailbox, tmp_path: Path, damage: Callable[[Path], None], left: list[int]
) -> None:
    path = tmp_path / "bots.db"
    mailbox.accept([(message(n, user=str(n), text=f"问{n}"), False) for n in (1, 2, 3)])
    mailbox.close()
    if damage is Path.mkdir:
        path.unlink()
    damage(path)
    after = Mailbox(path)
    found = [after.next(conversation) for conversation in after.conversations()]
    assert [letter.message for letter in found if letter] == [message(n, user=str(n), text=f"问{n}") for n in left]
    (aside,) = tmp_path.glob("bots.damaged-*.db")
    after.close()
    assert any(aside.name in sentence for sentence in Mailbox(path).told()), "nobody had been told"
    assert Mailbox(path).told() == []


def test_a_log_beside_the_mailbox_that_is_lost_takes_no_message_along(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.accept([(message(1), False)])
    shutil.copy2(tmp_path / "bots.db", tmp_path / "copy.db")
    assert Mailbox(tmp_path / "copy.db").waiting() == 1


def test_what_was_set_aside_is_taken_over_by_the_next_process_where_one_ended_before_it_had(tmp_path: Path) -> None:
    path = tmp_path / "bots.db"
    Mailbox(path).accept([(message(1), False)])
    set_aside(path)
    after = Mailbox(path)
    assert after.waiting() == 1 and "救了出来" in after.told()[0]
