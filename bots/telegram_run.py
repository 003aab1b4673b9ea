"""The Telegram bot as a process: connected, listening by long polling or at a webhook, going on after every loss of the network."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import os
import random
import secrets
import signal
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.chat import Assistant
from bots import wording
from bots.dispatcher import MOST_WAITING, Dispatcher
from bots.mailbox import Mailbox
from bots.message import Incoming
from bots.responder import Responder
from bots.secret import reporter
from bots.telegram import FETCH_S, TelegramChannel
from bots.telegram_read import KINDS, Me, read
from core.errors import BadInput, NotAvailable
from core.settings import Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from telegram.ext import ExtBot

POLL_S = 30
BATCH = 100
FULL_BATCHES = 20
"""While as many messages come as can come at once, so many times over are taken before their answering begins."""
LARGEST_UPDATE = 1_000_000
SWITCH_S = 0.001
"""How long a thread that works out an answer may keep the one that talks to Telegram waiting for Python's lock, at a time."""
LONGEST_PAUSE_S = 30.0
Tell = Callable[[str], None]


def to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def make_bot(token: str, api: str) -> ExtBot[Any]:
    """The library's bot. api: the address of the Bot API; https, or this machine's own."""
    try:
        from telegram.ext import AIORateLimiter, ExtBot
        from telegram.request import HTTPXRequest
    except ImportError as exc:
        raise NotAvailable("Telegram 机器人的组件还没装。", command="运行：python3 start.py setup bots") from exc
    parts = urlsplit(api)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise BadInput(f"Bot API 的地址要用 https：{api}。", "不加密的地址会泄露令牌；本机的地址除外。")
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")
    for name in ("httpx", "httpcore"):  # they log addresses, and the token is in them
        logging.getLogger(name).setLevel(logging.WARNING)
    api = api.rstrip("/")
    timeouts: dict[str, Any] = {"connect_timeout": 10.0, "read_timeout": 20.0, "pool_timeout": 60.0}
    return ExtBot(
        token, f"{api}/bot", f"{api}/file/bot", request=HTTPXRequest(64, **timeouts),
        get_updates_request=HTTPXRequest(2, **timeouts), rate_limiter=AIORateLimiter(overall_max_rate=0),
    )  # fmt: skip


async def check(token: str, api: str) -> str:
    """Ask Telegram who the bot is: its name. Raises NotAvailable or BadInput in one sentence."""
    bot = make_bot(token, api)
    async with _connected(bot, tries=1):
        return bot.username


@asynccontextmanager
async def _connected(bot: ExtBot[Any], tries: int = 3) -> AsyncIterator[None]:
    from telegram import error

    try:
        for left in reversed(range(tries)):
            try:
                await bot.initialize()
                break
            except error.InvalidToken as exc:
                raise BadInput(
                    "Telegram 不认这个令牌。", "在 @BotFather 里发 /token 重新看一遍，换过的旧令牌会失效。"
                ) from exc
            except error.TelegramError as exc:
                if not left:
                    raise NotAvailable(
                        "连不上 Telegram。",
                        "检查网络；中国大陆的网络通常连不上它，要在连得上的机器上运行，或设置 HTTPS_PROXY。",
                    ) from exc
                await asyncio.sleep(2)
        yield
    finally:
        await bot.shutdown()


def run(
    settings: Settings, assistant: Assistant, token: str, webhook: str = "", host: str = "127.0.0.1", port: int = 8443,
    tell: Tell = to_stderr,
) -> None:  # fmt: skip
    """Run until interrupted. webhook: the https address at which Telegram reaches host and port; empty for long polling."""
    from filelock import FileLock, Timeout

    if webhook and urlsplit(webhook).scheme != "https":
        raise BadInput(
            f"webhook 的地址要以 https:// 开头：{webhook}。", "在前面放一个带证书的反向代理，见 docs/bots.md。"
        )
    lock = FileLock(settings.home / "bot-telegram.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as exc:
        raise NotAvailable("这个数据文件夹已经有一个 Telegram 机器人在运行。", "先停掉那一个，再启动。") from exc
    sys.setswitchinterval(SWITCH_S)
    with lock, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(TelegramBot(settings, assistant, token, tell).run(webhook, host, port))


class TelegramBot:
    """One bot: its connection, its mailbox and its dispatcher."""

    def __init__(self, settings: Settings, assistant: Assistant, token: str, tell: Tell) -> None:
        self.settings, self.assistant, self.tell = settings, assistant, tell
        self.bot = make_bot(token, settings.telegram_api)
        self.report = reporter(settings.home)
        self.me = Me(0, "")
        self._lost = ""
        self._mailbox: Mailbox | None = None
        self.dispatcher: Dispatcher | None = None

    @property
    def working(self) -> bool:
        """Whether a message waits for its answer."""
        return bool(self._mailbox and self._mailbox.waiting())

    async def run(self, webhook: str, host: str, port: int) -> None:
        """Connect, take up what was left, listen, and close in order on an interrupt or SIGTERM."""
        async with _connected(self.bot), self._open() as dispatcher:
            self.me = Me(self.bot.id, self.bot.username)
            dispatcher.responder.address = f"https://t.me/{self.me.name}"
            dispatcher.resume()
            await self._introduce()
            listening = self._serve(dispatcher, webhook, host, port) if webhook else self._poll(dispatcher)
            self.tell(f"Telegram 机器人 @{self.me.name} 已在运行，按 Ctrl+C 结束。")
            await _until_told(listening)

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Dispatcher]:
        mailbox = self._mailbox = Mailbox(self.settings.home / "bots.db")
        for notice in mailbox.told():
            self.tell(notice)
        channel, loop = TelegramChannel(self.bot), asyncio.get_running_loop()

        def fetch(ref: str) -> bytes:
            return asyncio.run_coroutine_threadsafe(channel.fetch(ref), loop).result(FETCH_S + 10)

        allowed = frozenset(filter(None, self.settings.telegram_users.replace("，", ",").replace(" ", "").split(",")))
        responder = Responder(self.assistant, mailbox, fetch, allowed)
        dispatcher = self.dispatcher = Dispatcher(mailbox, responder, channel, self.report)
        await asyncio.to_thread(responder.open)
        try:
            yield dispatcher
        finally:
            await dispatcher.close()
            await asyncio.to_thread(responder.close)
            self._mailbox = None
            mailbox.close()

    async def _introduce(self) -> None:
        """Put the commands into Telegram's menu; the bot works without."""
        from telegram import BotCommand
        from telegram.error import TelegramError

        with contextlib.suppress(TelegramError):
            await self.bot.set_my_commands([BotCommand(name, what) for name, what in wording.commands().items()])

    # ---- in

    async def take(self, dispatcher: Dispatcher, updates: Sequence[Any], more: bool = False) -> None:
        """Keep updates for good; after this Telegram may forget them. more: others wait there already."""
        messages = list[Incoming]()
        for raw in updates:
            try:
                message = read(raw, self.bot, self.me)
            except ValueError as exc:
                self.report(exc)
                continue
            if message:
                messages.append(message)
        for message in dispatcher.accept(messages, more):
            if message.press:
                query = next(
                    u["callback_query"]["id"] for u in updates if message.id == f"{self.me.id}:{u['update_id']}"
                )
                self._answer_press(query)

    def _answer_press(self, query: str) -> None:
        """Let the pressed button stop turning; too late is as good."""
        from telegram.error import TelegramError

        async def answer() -> None:
            with contextlib.suppress(TelegramError):
                await self.bot.answer_callback_query(query)

        task = asyncio.create_task(answer())
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)

    async def _poll(self, dispatcher: Dispatcher) -> None:
        """Long polling. The next request confirms what the last one brought, so everything is kept before it is made."""
        from telegram import error

        offset, pause_s, full = 0, 1.0, 0
        await self._drop_webhook()
        while True:
            await dispatcher.room()
            wanted = {
                "offset": offset,
                "timeout": 0 if self._lost else POLL_S,
                "limit": BATCH,
                "allowed_updates": list(KINDS),
            }
            try:
                updates = await self.bot.do_api_request("getUpdates", wanted, read_timeout=POLL_S + 10)
                if not isinstance(updates, list):
                    raise error.TelegramError("no list of updates")
                known = [u for u in updates if isinstance(u, dict) and isinstance(u.get("update_id"), int)]
                if len(known) < len(updates):
                    raise error.TelegramError("an update without a number")
                full = full + 1 if len(known) == BATCH else 0
                await self.take(dispatcher, known, more=bool(full % FULL_BATCHES))
                offset = max([offset, *(u["update_id"] + 1 for u in known)])
                self._found_again()
                pause_s = 1.0
            except (error.InvalidToken, error.EndPointNotFound) as exc:
                raise NotAvailable("Telegram 不再认这个令牌。", "在 @BotFather 里看新的令牌，换上再启动。") from exc
            except error.RetryAfter as exc:
                after = exc.retry_after
                await asyncio.sleep(after if isinstance(after, (int, float)) else after.total_seconds())
            except Exception as exc:
                self._lost_it(exc)
                await asyncio.sleep(pause_s * random.uniform(0.8, 1.2))
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _drop_webhook(self) -> None:
        from telegram.error import TelegramError

        with contextlib.suppress(TelegramError):
            await self.bot.delete_webhook(drop_pending_updates=False)

    def _lost_it(self, exc: Exception) -> None:
        """Tell once what is wrong; a fault that is not the network's is kept in the log as well."""
        from telegram import error

        if isinstance(exc, error.Conflict):
            said = "这个令牌另有一个程序在收消息，这里收不到。停掉那一个；每隔一会儿再试。"
        elif isinstance(exc, error.TelegramError):
            said = "和 Telegram 的连接断了，正在重连；这期间的消息不会丢。"
        else:
            said = f"消息收下时出错（编号 {self.report(exc)}），过一会儿再收；消息还在 Telegram 那里，不会丢。"
        if said.partition("（")[0] != self._lost.partition("（")[0]:
            self.tell(said)
        self._lost = said

    def _found_again(self) -> None:
        if self._lost:
            self.tell("又连上了。")
        self._lost = ""

    # ---- webhook

    async def _serve(self, dispatcher: Dispatcher, webhook: str, host: str, port: int) -> None:
        import uvicorn

        secret = secrets.token_urlsafe(32)
        app = self.webhook_app(dispatcher, urlsplit(webhook).path or "/", secret)

        class Server(uvicorn.Server):
            @contextlib.contextmanager
            def capture_signals(self) -> Iterator[None]:
                yield  # they are ours

        await self.bot.set_webhook(webhook, allowed_updates=list(KINDS), secret_token=secret)
        await Server(uvicorn.Config(app, host=host, port=port, log_level="critical", access_log=False)).serve()

    def webhook_app(self, dispatcher: Dispatcher, path: str, secret: str) -> Starlette:
        """The web application that Telegram calls: one path, only with the secret, answered after the update is kept."""
        from starlette.applications import Starlette
        from starlette.responses import Response
        from starlette.routing import Route

        async def receive(request: Request) -> Response:
            given = request.headers.get("x-telegram-bot-api-secret-token", "")
            if not hmac.compare_digest(given.encode(), secret.encode()):
                return Response(status_code=403)
            if int(request.headers.get("content-length") or 0) > LARGEST_UPDATE:
                return Response(status_code=413)
            try:
                raw = json.loads(await request.body())
                if not isinstance(raw, dict):
                    raise ValueError
            except (ValueError, RecursionError):
                return Response(status_code=400)
            if dispatcher.mailbox.waiting() >= MOST_WAITING:
                return Response(status_code=503)
            await self.take(dispatcher, [raw])
            return Response(status_code=200)

        return Starlette(routes=[Route(path, receive, methods=["POST"])])


_tasks: set[asyncio.Task[None]] = set()
"""Tasks that nobody waits for, held so that they are not collected."""


async def _until_told(listening: Any) -> None:
    """Listen until SIGTERM or an interrupt."""
    task = asyncio.ensure_future(listening)
    if os.name == "posix" and threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
