"""Telegram as a channel: sending, editing and fetching through python-telegram-bot, with its errors as ours."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bots.library import LARGEST_MB, too_large
from bots.message import Attach, Gone, Incoming, Part, Relabel, Rows, Say, TryLater, Undeliverable
from bots.telegram_text import html, pieces, plain
from core.cut import shorten
from core.errors import BadFile
from ingest.load import MEGABYTE

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup
    from telegram.ext import ExtBot

PACE_S = 1.5
PACE_IN_GROUP_S = 5.0
"""Telegram lets a bot send about one message a second to a chat and twenty a minute to a group: core.telegram.org/bots/faq"""
PER_SECOND = 30
CAPTION = 1000
FETCH_S = 90.0
"""How long a file may take to come, and how often it is asked for within that."""
FETCHES = 3


class TelegramChannel:
    """Sends through one bot. After Telegram has asked for a pause, nothing is sent before it is over."""

    def __init__(self, bot: ExtBot[Any]) -> None:
        from aiolimiter import AsyncLimiter

        self.bot = bot
        self._quiet_until = 0.0
        self._rate = AsyncLimiter(PER_SECOND, 1)
        self._turn = asyncio.Lock()

    def pace_s(self, message: Incoming) -> float:
        return PACE_IN_GROUP_S if message.group else PACE_S

    def split(self, say: Say) -> list[Say]:
        *others, last = pieces(say.text)
        return [*map(Say, others), Say(last, say.buttons)]

    async def send(self, message: Incoming, part: Say | Attach) -> str:
        from telegram import ReplyParameters

        chat = int(message.chat)
        reply = None
        if (message.group or message.edited) and message.reply_to:
            reply = ReplyParameters(int(message.reply_to), allow_sending_without_reply=True)
        async with self._errors(part):
            if isinstance(part, Say):
                sent = await self._text(chat, part, reply)
            elif part.picture:
                sent = await self.bot.send_photo(
                    chat, part.data, shorten(part.caption, CAPTION - 1) or None, filename=part.name
                )
            else:
                caption = shorten(part.caption, CAPTION - 1) or None
                sent = await self.bot.send_document(chat, part.data, caption=caption, filename=part.name)
        return str(sent.message_id)

    async def _text(self, chat: int, part: Say, reply: Any) -> Any:
        """Send a text; as it is without any marks, should Telegram not understand ours."""
        from telegram.error import BadRequest

        more: dict[str, Any] = {"reply_markup": keyboard(part.buttons), "reply_parameters": reply}
        try:
            return await self.bot.send_message(chat, html(part.text), parse_mode="HTML", **more, **_no_preview())
        except BadRequest as exc:
            if "parse entities" not in exc.message.lower():
                raise
            return await self.bot.send_message(chat, plain(part.text), **more, **_no_preview())

    async def edit(self, message: Incoming, id: str, part: Say | Relabel) -> None:
        from telegram.error import BadRequest

        where: dict[str, Any] = {"chat_id": int(message.chat), "message_id": int(id)}
        markup = keyboard(part.buttons)
        async with self._errors(part):
            if isinstance(part, Relabel):
                await self.bot.edit_message_reply_markup(**where, reply_markup=markup)
                return
            try:
                await self.bot.edit_message_text(
                    html(part.text), **where, parse_mode="HTML", reply_markup=markup, **_no_preview()
                )
            except BadRequest as exc:
                if "parse entities" not in exc.message.lower():
                    raise
                await self.bot.edit_message_text(plain(part.text), **where, reply_markup=markup, **_no_preview())

    async def fetch(self, ref: str) -> bytes:
        from telegram import error

        try:
            data = await asyncio.wait_for(self._fetched(ref), FETCH_S)
        except (asyncio.TimeoutError, error.TimedOut) as exc:
            raise BadFile("文件下载得太慢，没收到。", "请再发一次。") from exc
        except error.TelegramError as exc:
            if "too big" in exc.message.lower():
                raise too_large() from exc
            raise BadFile("文件没下载下来。", "请再发一次。") from exc
        if len(data) > LARGEST_MB * MEGABYTE:
            raise too_large()
        return data

    async def _fetched(self, ref: str) -> bytes:
        """A file's content; what the network spoils is tried again."""
        from telegram import error

        for left in reversed(range(FETCHES)):
            try:
                file = await self.bot.get_file(ref)
                if (file.file_size or 0) > LARGEST_MB * MEGABYTE:
                    raise too_large()
                return bytes(await file.download_as_bytearray())
            except error.BadRequest:
                raise
            except error.NetworkError:
                if not left:
                    raise
                await asyncio.sleep(1)
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def _errors(self, part: Part) -> AsyncIterator[None]:
        """Telegram's errors as ours; a message that already reads so is as good as edited."""
        from telegram import error

        async with self._turn:  # the limiter alone lets newcomers pass those who wait
            await asyncio.sleep(max(0.0, self._quiet_until - time.monotonic()))
            await self._rate.acquire()
        try:
            yield
        except error.RetryAfter as exc:
            after = exc.retry_after
            after_s = (after if isinstance(after, (int, float)) else after.total_seconds()) + 0.1
            self._quiet_until = max(self._quiet_until, time.monotonic() + after_s)
            raise TryLater("flood control", after_s) from exc
        except error.Forbidden as exc:
            raise Undeliverable(exc.message) from exc
        except error.ChatMigrated as exc:
            raise Undeliverable("the group has become a supergroup") from exc
        except error.BadRequest as exc:
            said = exc.message.lower()
            if "not modified" in said:
                return
            if "message to edit not found" in said or "message can't be edited" in said or "message_id_invalid" in said:
                raise Gone(exc.message) from exc
            if "chat not found" in said or "user is deactivated" in said or "not enough rights" in said:
                raise Undeliverable(exc.message) from exc
            raise
        except error.InvalidToken as exc:
            raise TryLater("token refused", 30.0) from exc
        except error.NetworkError as exc:
            raise TryLater(type(exc).__name__) from exc


def _no_preview() -> dict[str, Any]:
    from telegram import LinkPreviewOptions

    return {"link_preview_options": LinkPreviewOptions(is_disabled=True)}


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Buttons as Telegram's."""
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.label, url=button.url)
                if button.url
                else InlineKeyboardButton(button.label, callback_data=button.press)
                for button in row
            ]
            for row in rows
        ]
    )
