"""A Telegram bot over the bundled knowledge, talking to the Bot API server of eval.bot_api."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.history import History
from bots import wording
from bots.telegram_run import TelegramBot
from core.settings import Settings
from eval.bot_api import TOKEN, BotApi, Sent

UNANSWERED = (wording.WAIT, wording.WORKING, wording.IN_LINE[:6], "正在")


@pytest.fixture(scope="session")
def guide(home: Path) -> Assistant:
    return build_assistant(Settings(home=home), remember=False)


class Chatting:
    """A running bot, and what its users see."""

    def __init__(self, api: BotApi, bot: TelegramBot, told: list[str]) -> None:
        self.api, self.bot, self.told = api, bot, told

    def answers(self, chat: int) -> list[Sent]:
        """The bot's messages in a chat that are no mere placeholders."""
        return [sent for sent in self.api.chat(chat) if not sent.text.startswith(UNANSWERED)]

    def until(self, chat: int, count: int) -> list[Sent]:
        """The bot's messages in a chat, once there are so many."""
        self.api.wait(lambda: len(self.answers(chat)) >= count)
        return self.answers(chat)

    def ask(self, user: int, text: str, **more: Any) -> Sent:
        """A user's message and the last of what the bot says to it."""
        count = len(self.answers(user))
        self.api.say(user, text, **more)
        return self.until(user, count + 1)[-1]

    def press(self, user: int, sent: Sent, label: str) -> Sent:
        """A button pressed and the last of what the bot says to it."""
        count = len(self.answers(user))
        self.api.press(user, sent, label)
        return self.until(user, count + 1)[-1]

    def settled(self) -> None:
        """Wait until all that came is answered and the bot asks for more."""
        mailbox = self.bot.settings.home / "bots.db"
        assert mailbox.exists()
        self.api.wait(lambda: all(u.confirmed_at for u in self.api.updates.values()) or self.api.webhook)
        self.api.wait(lambda: not self.bot.working)


Start = Callable[..., Chatting]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts bots, each with a data folder of its own unless told otherwise; all end with the test."""
    with contextlib.ExitStack() as ends, warnings.catch_warnings():

        def run(assistant: Assistant, home: Path | None = None, api: BotApi | None = None, **settings: Any) -> Chatting:
            api = api or ends.enter_context(BotApi().running())
            folder, told = home or tmp_path / "bot", list[str]()
            folder.mkdir(exist_ok=True)
            bot = TelegramBot(Settings(home=folder, telegram_api=api.url, **settings), assistant, TOKEN, told.append)
            ends.enter_context(running(bot))
            return Chatting(api, bot, told)

        yield run


@contextlib.contextmanager
def running(bot: TelegramBot) -> Iterator[None]:
    """A bot in a thread of its own."""
    loop, started = asyncio.new_event_loop(), threading.Event()
    tasks: list[asyncio.Task[None]] = []

    async def work() -> None:
        tasks.append(asyncio.create_task(bot.run("", "127.0.0.1", 0)))
        started.set()
        with contextlib.suppress(asyncio.CancelledError):
            await tasks[0]

    thread = threading.Thread(target=lambda: loop.run_until_complete(work()), daemon=True)
    thread.start()
    started.wait()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(tasks[0].cancel)
        thread.join(20)
        loop.close()
        assert not thread.is_alive()


@pytest.fixture
def chat(start: Start, guide: Assistant, tmp_path: Path) -> Chatting:
    """A bot over the bundled knowledge, with a memory of its own."""
    guide.history = History(tmp_path / "conversations.db")
    return start(guide)


NOTICE = (
    "明水县智造贷通知\n\n一、支持对象\n明水县登记的小微制造企业，员工不超过99人。\n\n"
    "二、标准\n每家最高贴息37万元，2026年12月15日前申报。\n\n三、材料\n营业执照复印件、贷款合同、付息凭证。\n"
)
OTHER = "清河镇设备更新办法\n\n一、补助标准\n按设备投资的12%补助，每家最高补助88万元。\n\n二、申报时间\n2027年3月1日前申报。\n"


def document(name: str, size: int = 400, file: str = "notice") -> dict[str, Any]:
    """What a message carries that is a file."""
    return {"document": {"file_id": file, "file_unique_id": file[:1], "file_name": name, "file_size": size}}


@pytest.fixture
def own(start: Start, copy_of_home: Path) -> Chatting:
    """A bot with a data folder of its own to write to, and two notices to be sent to it."""
    own = start(build_assistant(Settings(home=copy_of_home)), home=copy_of_home)
    own.api.files |= {"notice": NOTICE.encode(), "other": OTHER.encode()}
    return own


def documents(chat: Chatting, user: int = 7) -> list[str]:
    """The titles of what a user has in his own space."""
    ledger = chat.bot.assistant.retriever.index.ledger
    return [d.title for d in ledger.documents((f"user:telegram-{user}",), "document")]


def turns(chat: Chatting, user: int = 7) -> list[str]:
    """The questions that are kept of a user's conversation."""
    history = chat.bot.assistant.history.of(f"telegram-{user}")
    return [turn.question for turn in history.turns(f"telegram:{user}:{user}:1", 100)]
