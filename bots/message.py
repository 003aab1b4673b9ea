"""What travels between a chat app and the dispatcher: a message in, the parts of a reply out, and what an app must be able to do."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True)
class File:
    """A file that a user sent. ref: by what the app fetches it; size in bytes, 0 where the app does not tell.

    photo: a photograph, always JPEG.
    """

    ref: str
    name: str
    size: int = 0
    photo: bool = False


@dataclass(frozen=True)
class Quoted:
    """The message that another one is a reply to. id: in its chat; text: shortened, as untrusted as any; file: where it is one.

    by: us, self (the same user's own words) or other. chosen: the text is a piece of it that the user picked out.
    """

    id: str
    text: str = ""
    by: Literal["us", "self", "other"] = "other"
    chosen: bool = False
    file: File | None = None


@dataclass(frozen=True)
class Incoming:
    """A message or the press of a button. id: unique within the app, for ever the same when the app delivers it again.

    press: what the pressed button carries; on: the id of the message it stands under. reply_to: the id of this message
    in its chat. other: what kind of thing it is where it cannot be read (贴纸, 语音). album: the same for files sent together.
    edited: whether it is an earlier message as it reads now; sent_at: when it was sent first, 0 where the app does not tell.
    """

    app: str
    id: str
    chat: str
    user: str
    text: str = ""
    group: bool = False
    file: File | None = None
    press: str = ""
    on: str = ""
    reply_to: str = ""
    other: str = ""
    album: str = ""
    edited: bool = False
    sent_at: float = 0.0
    quoted: Quoted | None = None

    @property
    def conversation(self) -> str:
        """Messages of one conversation are answered in order; the same user in another chat is another one."""
        return f"{self.app}:{self.chat}:{self.user}"

    @property
    def digest(self) -> str:
        """By which it is seen whether an edit changed anything that is answered."""
        file = f"{self.file.name}:{self.file.size}" if self.file else ""
        said = f"{self.conversation}\n{self.reply_to}\n{self.text}\n{file}"
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def incoming_from_json(text: str) -> Incoming:
    """The message that `Incoming.as_json` gave."""
    raw = json.loads(text)
    file, quoted = raw.pop("file"), raw.pop("quoted", None)
    if quoted:
        quoted = Quoted(**{**quoted, "file": File(**quoted["file"]) if quoted["file"] else None})
    return Incoming(**raw, file=File(**file) if file else None, quoted=quoted)


@dataclass(frozen=True)
class Button:
    """A button under a message. press: what comes back, at most 40 ASCII characters; or url: an address to open."""

    label: str
    press: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Say:
    """A part of a reply: text in our Markdown, with buttons under it."""

    text: str
    buttons: Rows = ()


@dataclass(frozen=True)
class Attach:
    """A part of a reply: a file, or a picture to be shown."""

    name: str
    data: bytes
    caption: str = ""
    picture: bool = False


@dataclass(frozen=True)
class Relabel:
    """A part of a reply: other buttons (or none) under an earlier message."""

    message: str
    buttons: Rows = ()


Part = Say | Attach | Relabel


def part_to_row(part: Part) -> tuple[str, bytes | None]:
    """A part as JSON and the bytes beside it."""
    kind = type(part).__name__
    if isinstance(part, Attach):
        raw: dict[str, Any] = {"name": part.name, "caption": part.caption, "picture": part.picture}
        return json.dumps({"kind": kind, **raw}, ensure_ascii=False), part.data
    return json.dumps({"kind": kind, **asdict(part)}, ensure_ascii=False), None


def part_from_row(body: str, data: bytes | None) -> Part:
    """The part that `part_to_row` gave."""
    raw = json.loads(body)
    kind = raw.pop("kind")
    if kind == "Attach":
        return Attach(data=data or b"", **raw)
    raw["buttons"] = tuple(tuple(Button(**button) for button in row) for row in raw["buttons"])
    return Say(**raw) if kind == "Say" else Relabel(**raw)


class Undeliverable(Exception):
    """The app will never take this: blocked by the user, the chat is gone. Nothing more is sent for the message."""


class Gone(Exception):
    """The message to be changed is no longer there."""


class TryLater(Exception):
    """The app cannot take it now. after_s: how long it asks to wait, None where it does not say."""

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


class Channel(Protocol):
    """A chat app, as the dispatcher uses it. Every method may raise Undeliverable or TryLater, edit also Gone.

    pace_s: the least time between two edits of one message while an answer is being worded.
    """

    def pace_s(self, message: Incoming) -> float: ...

    def split(self, say: Say) -> list[Say]:
        """The text in pieces that the app takes, cut at paragraphs; buttons under the last."""
        ...

    async def send(self, message: Incoming, part: Say | Attach) -> str:
        """Send a part in reply to a message, visibly so in a group and to an edited one; the id of what was sent."""
        ...

    async def edit(self, message: Incoming, id: str, part: Say | Relabel) -> None:
        """Replace a message sent before; the same again does nothing."""
        ...

    async def fetch(self, ref: str) -> bytes:
        """The content of a file that a user sent; BadFile where it cannot be had, is too large or does not come in time."""
        ...
