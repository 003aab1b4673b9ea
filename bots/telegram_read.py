"""What Telegram delivers, as messages: only what is meant for the bot, whatever else is in it left aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bots.message import File, Incoming, Quoted
from bots.telegram_text import clean
from core.cut import shorten

if TYPE_CHECKING:
    from telegram import Bot, CallbackQuery, Message

APP = "telegram"
KINDS = ("message", "edited_message", "callback_query")
"""The updates that the bot asks for."""
QUOTED_CHARACTERS = 1000
"""Of a message that is replied to."""
_UNREAD = {
    "sticker": "贴纸", "voice": "语音", "audio": "音频", "video": "视频", "video_note": "视频", "animation": "动图",
    "location": "位置", "venue": "位置", "contact": "名片", "poll": "投票", "dice": "骰子", "game": "游戏", "story": "动态",
    "invoice": "账单", "paid_media": "付费内容", "checklist": "清单",
}  # fmt: skip


@dataclass(frozen=True)
class Me:
    """The bot itself: its number and its name without @."""

    id: int
    name: str


def read(raw: Mapping[str, Any], bot: Bot, me: Me) -> Incoming | None:
    """An update as a message; None where it is none for the bot. Raises ValueError where it is malformed."""
    from telegram import Update

    try:
        update = Update.de_json(dict(raw), bot)
        id = f"{me.id}:{int(raw['update_id'])}"
        if update.callback_query:
            return _press(update.callback_query, id)
        if update.edited_message:
            return _message(update.edited_message, id, me, edited=True)
        return _message(update.message, id, me) if update.message else None
    except (TypeError, KeyError, AttributeError, ValueError, OverflowError) as exc:
        raise ValueError(f"malformed update: {type(exc).__name__}") from exc


def _press(query: CallbackQuery, id: str) -> Incoming | None:
    if query.message is None or not query.data:
        return None
    chat = query.message.chat
    return Incoming(
        APP, id, str(chat.id), str(query.from_user.id), group=chat.type != "private", press=query.data,
        on=str(query.message.message_id),
    )  # fmt: skip


def _message(message: Message, id: str, me: Me, edited: bool = False) -> Incoming | None:
    if message.from_user is None or message.from_user.is_bot or message.chat.type == "channel":
        return None
    group = message.chat.type != "private"
    text = message.text or message.caption or ""
    if group:
        addressed, text = _addressed(message, text, me)
        if not addressed:
            return None
    file, other = _file(message), next((name for kind, name in _UNREAD.items() if getattr(message, kind, None)), "")
    if not text and file is None and not other and message.text is None:
        return None
    return Incoming(
        APP, id, str(message.chat.id), str(message.from_user.id), clean(text), group, file,
        reply_to=str(message.message_id), other=other, album=clean(message.media_group_id or ""), edited=edited,
        sent_at=message.date.timestamp(), quoted=_quoted(message, me),
    )  # fmt: skip


def _quoted(message: Message, me: Me) -> Quoted | None:
    """The message that one is a reply to, or the piece of it that was picked out; None where it says nothing."""
    replied = message.reply_to_message
    if replied is None:
        return None
    sender = replied.from_user.id if replied.from_user else 0
    by: Literal["us", "self", "other"] = "other"
    if sender == me.id:
        by = "us"
    elif message.from_user and sender == message.from_user.id and replied.forward_origin is None:
        by = "self"
    chosen = bool(message.quote and message.quote.is_manual)
    text = message.quote.text if message.quote and chosen else replied.text or replied.caption or ""
    file = _file(replied)
    if not text.strip() and file is None:
        return None
    return Quoted(str(replied.message_id), shorten(clean(text), QUOTED_CHARACTERS), by, chosen, file)


def _addressed(message: Message, text: str, me: Me) -> tuple[bool, str]:
    """Whether a message in a group speaks to the bot: names it, answers it or is a command of it; the text without its name."""
    replied = message.reply_to_message
    addressed = bool(replied and replied.from_user and replied.from_user.id == me.id)
    entities = message.parse_entities() if message.text else message.parse_caption_entities()
    for entity, part in entities.items():
        named = part.lower() == f"@{me.name}".lower()
        if (entity.type == "mention" and named) or (entity.user and entity.user.id == me.id):
            addressed, text = True, text.replace(part, " ", 1)
        if entity.type == "bot_command" and part.lower().endswith(f"@{me.name}".lower()):
            addressed = True
    return addressed, re.sub(r" {2,}", " ", text).strip()


def _file(message: Message) -> File | None:
    if document := message.document:
        return File(document.file_id, clean(document.file_name or "文件")[:120], document.file_size or 0)
    if message.photo:
        largest = message.photo[-1]
        return File(largest.file_id, f"图片{message.message_id}.jpg", largest.file_size or 0, photo=True)
    return None
