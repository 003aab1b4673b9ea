"""A Bot API server on this machine for tests and benchmarks: the protocol's methods and errors, and chats that can be read.

After https://core.telegram.org/bots/api. It holds updates until they are confirmed, like Telegram, and refuses what Telegram
refuses: texts too long, HTML that does not close, buttons that carry too much, two programs fetching at once.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

TOKEN = "1234567:Double-of-the-Bot-API-for-tests-000000000"
BOT = {"id": 1234567, "is_bot": True, "first_name": "向导", "username": "xiangdao_test_bot"}
TAGS = {"b", "i", "u", "s", "code", "pre", "blockquote", "a"}


class Refused(Exception):
    """An answer that says no: status, description and what the protocol adds."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass
class Sent:
    """A message of the bot as it stands in a chat. texts: how it read from the first to the last; file: its bytes."""

    id: int
    chat: int
    texts: list[str]
    at: float
    buttons: list[list[dict[str, Any]]] = field(default_factory=list)
    file: bytes | None = None
    name: str = ""
    reply_to: int | None = None
    changed_at: float = 0.0

    @property
    def text(self) -> str:
        return self.texts[-1]


@dataclass
class Given:
    """An update: when it was there to be fetched, and when the bot confirmed it."""

    raw: dict[str, Any]
    at: float
    confirmed_at: float | None = None


class _Checker(HTMLParser):
    """Telegram's HTML: known tags, properly closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in TAGS:
            raise Refused(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused(400, f"Bad Request: can't parse entities: unexpected end tag {tag}")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_entityref(self, name: str) -> None:
        self.text += unescape(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.text += unescape(f"&#{name};")


def visible(text: str, html: bool) -> str:
    """What the user reads. Raises Refused as Telegram would."""
    if html:
        checker = _Checker()
        checker.feed(text)
        checker.close()
        if checker.open:
            raise Refused(
                400, f"Bad Request: can't parse entities: Can't find end tag corresponding to {checker.open[-1]}"
            )
        text = checker.text
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refused(400, "Bad Request: message is too long")
    return text.strip()


class BotApi:
    """The server and what it knows. Use `running()`; then `url` is what the bot is given as its address."""

    def __init__(self) -> None:
        self.updates: dict[int, Given] = {}
        self.sent: dict[int, Sent] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, deque[Refused | float]] = {}
        self.files: dict[str, bytes] = {}
        self.answered_presses: list[str] = []
        self.commands: list[dict[str, str]] = []
        self.webhook: dict[str, Any] = {}
        self.gone: set[int] = set()
        self.repeats: list[dict[str, Any]] = []
        self.down = False
        self.keeps_calls = True
        self._numbers, self._ids = itertools.count(1000), itertools.count(1)
        self._fetching = 0
        self._lock = threading.RLock()
        self.url = ""

    # ---- the users' side

    def give(self, update: Mapping[str, Any]) -> int:
        """Put an update where the bot fetches it; its number."""
        with self._lock:
            number = next(self._numbers)
            self.updates[number] = Given({"update_id": number, **update}, time.monotonic())
            return number

    def say(self, user: int, text: str | None = None, chat: int | None = None, **more: Any) -> int:
        """A user writes; in a group where chat is another number than the user's."""
        return self.give({"message": self.message(user, text, chat, **more)})

    def message(self, user: int, text: str | None = None, chat: int | None = None, **more: Any) -> dict[str, Any]:
        chat = user if chat is None else chat
        kind = {"type": "private", "first_name": "张"} if chat == user else {"type": "supergroup", "title": "群"}
        said = {} if text is None else {"text": text}
        return {
            "message_id": next(self._ids), "date": int(time.time()), "chat": {"id": chat, **kind},
            "from": {"id": user, "is_bot": False, "first_name": "张"}, **said, **more,
        }  # fmt: skip

    def edit(self, number: int, text: str | None = None, **more: Any) -> int:
        """A user edits what he wrote in an update."""
        given = self.updates[number].raw
        message = dict(given.get("message") or given["edited_message"])
        said = {} if text is None else {"caption" if "caption" in message else "text": text}
        return self.give({"edited_message": {**message, **said, "edit_date": int(time.time()), **more}})

    def press(self, user: int, sent: Sent, label: str) -> int:
        """A user presses the button whose label begins so."""
        data = next(b["callback_data"] for row in sent.buttons for b in row if b["text"].startswith(label))
        return self.press_data(user, sent, data)

    def press_data(self, user: int, sent: Sent, data: str) -> int:
        query = {"id": f"q{next(self._ids)}", "chat_instance": "1", "data": data}
        query["from"] = {"id": user, "is_bot": False, "first_name": "张"}  # type: ignore[assignment]
        query["message"] = self.raw(sent)  # type: ignore[assignment]
        return self.give({"callback_query": query})

    def chat(self, chat: int) -> list[Sent]:
        """What the bot has said in a chat, as it reads now."""
        with self._lock:
            return [sent for sent in self.sent.values() if sent.chat == chat]

    def fail(self, method: str, *faults: Refused | float) -> None:
        """The next calls of a method are refused so, or answered only after so many seconds."""
        self.faults.setdefault(method, deque()).extend(faults)

    def wait(self, condition: Any, timeout_s: float = 30.0) -> None:
        """Wait until something holds."""
        until = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > until:
                raise TimeoutError("the bot did not do it in time")
            time.sleep(0.01)

    def raw(self, sent: Sent) -> dict[str, Any]:
        kind = {"type": "private", "first_name": "张"} if sent.chat > 0 else {"type": "supergroup", "title": "群"}
        said: dict[str, Any] = {"text": sent.text} if sent.file is None else {}
        return {"message_id": sent.id, "date": int(time.time()), "chat": {"id": sent.chat, **kind}, "from": BOT, **said}

    # ---- the bot's side

    async def call(self, method: str, given: dict[str, Any]) -> Any:
        """One call of the protocol. Raises Refused."""
        if self.keeps_calls:
            self.calls.append((method, {k: v for k, v in given.items() if not isinstance(v, bytes)}))
        faults = self.faults.get(method)
        if faults:
            fault = faults.popleft()
            if isinstance(fault, Refused):
                raise fault
            await asyncio.sleep(fault)
        work = getattr(self, "_" + re.sub(r"[A-Z]", lambda m: "_" + m[0].lower(), method), None)
        if work is None:
            raise Refused(404, "Not Found")
        if method == "getUpdates":
            return await work(given)
        with self._lock:
            return work(given)

    def _get_me(self, given: dict[str, Any]) -> Any:
        more = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return {**BOT, **more}

    async def _get_updates(self, given: dict[str, Any]) -> Any:
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        if self._fetching:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        self._fetching += 1
        try:
            offset, until = int(given.get("offset") or 0), time.monotonic() + float(given.get("timeout") or 0)
            self._confirm(offset)
            while True:
                with self._lock:
                    ready = [g.raw for n, g in self.updates.items() if n >= offset and g.confirmed_at is None]
                    ready, self.repeats = [*self.repeats, *ready], []
                if ready or time.monotonic() >= until:
                    return ready[: int(given.get("limit") or 100)]
                await asyncio.sleep(0.01)
        finally:
            self._fetching -= 1

    def _confirm(self, offset: int) -> None:
        with self._lock:
            for number, update in self.updates.items():
                if number < offset and update.confirmed_at is None:
                    update.confirmed_at = time.monotonic()

    def _send_message(self, given: dict[str, Any]) -> Any:
        return self._put(given, visible(given.get("text", ""), given.get("parse_mode") == "HTML"))

    def _send_document(self, given: dict[str, Any]) -> Any:
        return self._put(given, given.get("caption", ""), given.get("document"))

    def _send_photo(self, given: dict[str, Any]) -> Any:
        return self._put(given, given.get("caption", ""), given.get("photo"))

    def _put(self, given: dict[str, Any], text: str, file: Any = None) -> Any:
        chat = int(given["chat_id"])
        if chat in self.gone:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        name, data = file or ("", None)
        reply = (given.get("reply_parameters") or {}).get("message_id")
        sent = Sent(next(self._ids), chat, [text], time.monotonic(), _buttons(given), data, name, reply)
        self.sent[sent.id] = sent
        return self.raw(sent)

    def _edit_message_text(self, given: dict[str, Any]) -> Any:
        text, sent = visible(given.get("text", ""), given.get("parse_mode") == "HTML"), self._of(given)
        buttons = _buttons(given)
        if text == sent.text and [[b["text"] for b in r] for r in buttons] == [
            [b["text"] for b in r] for r in sent.buttons
        ]:
            raise Refused(400, "Bad Request: message is not modified: specified new message content and reply markup are"
                               " exactly the same as a current content and reply markup of the message")  # fmt: skip
        sent.texts.append(text)
        sent.buttons, sent.changed_at = buttons, time.monotonic()
        return self.raw(sent)

    def _edit_message_reply_markup(self, given: dict[str, Any]) -> Any:
        sent, buttons = self._of(given), _buttons(given)
        if buttons == sent.buttons:
            raise Refused(400, "Bad Request: message is not modified")
        sent.buttons = buttons
        return self.raw(sent)

    def _of(self, given: dict[str, Any]) -> Sent:
        if int(given["chat_id"]) in self.gone:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        sent = self.sent.get(int(given["message_id"]))
        if sent is None or sent.chat != int(given["chat_id"]):
            raise Refused(400, "Bad Request: message to edit not found")
        return sent

    def _answer_callback_query(self, given: dict[str, Any]) -> Any:
        self.answered_presses.append(given["callback_query_id"])
        return True

    def _get_file(self, given: dict[str, Any]) -> Any:
        if given["file_id"] not in self.files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return {
            "file_id": given["file_id"],
            "file_unique_id": given["file_id"],
            "file_path": f"documents/{given['file_id']}",
            "file_size": len(self.files[given["file_id"]]),
        }

    def _set_my_commands(self, given: dict[str, Any]) -> Any:
        self.commands = given["commands"]
        return True

    def _set_webhook(self, given: dict[str, Any]) -> Any:
        if not str(given["url"]).startswith("https://"):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = dict(given)
        return True

    def _delete_webhook(self, given: dict[str, Any]) -> Any:
        self.webhook = {}
        return True

    # ---- as a server

    @contextmanager
    def running(self) -> Iterator[BotApi]:
        """Serve on a free port of this machine."""
        import uvicorn

        server = uvicorn.Server(
            uvicorn.Config(self._app(), host="127.0.0.1", port=0, log_level="critical", lifespan="off")
        )
        thread = threading.Thread(target=server.run, name="bot-api", daemon=True)
        thread.start()
        self.wait(lambda: server.started)
        self.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)

    def _app(self) -> Any:
        from starlette.applications import Starlette
        from starlette.requests import Request
        from starlette.responses import JSONResponse, Response
        from starlette.routing import Route

        async def method(request: Request) -> Response:
            if self.down:
                return Response("<html>bad gateway</html>", status_code=502)
            if request.path_params["token"] != TOKEN:
                return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
            try:
                result = await self.call(request.path_params["method"], await _given(request))
            except Refused as no:
                body = {"ok": False, "error_code": no.status, "description": no.description}
                return JSONResponse({**body, **({"parameters": no.parameters} if no.parameters else {})}, no.status)
            return JSONResponse({"ok": True, "result": result})

        async def download(request: Request) -> Response:
            if faults := self.faults.get("download"):
                fault = faults.popleft()
                if isinstance(fault, Refused):
                    return Response(status_code=fault.status)
                await asyncio.sleep(fault)
            content = self.files.get(request.path_params["path"].removeprefix("documents/"))
            return Response(content) if content is not None else Response(status_code=404)

        return Starlette(
            routes=[
                Route("/bot{token}/{method}", method, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", download),
            ]
        )


async def _given(request: Any) -> dict[str, Any]:
    """The arguments of a call, from a form or from JSON; a file as (name, bytes)."""
    if "json" in request.headers.get("content-type", ""):
        return dict(await request.json())
    given: dict[str, Any] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for key, value in (await request.form()).multi_items():
        if isinstance(value, str):
            given[key] = _decoded(value) if key not in {"text", "caption", "callback_query_id"} else value
        else:
            files[key] = (value.filename or "", await value.read())
    for key, value in list(given.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            given[key] = files.pop(value.removeprefix("attach://"))
    return {**given, **files}


def _decoded(value: str) -> Any:
    if not re.match(r"[\[{\d-]|true$|false$", value):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _buttons(given: dict[str, Any]) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = (given.get("reply_markup") or {}).get("inline_keyboard", [])
    for button in itertools.chain(*rows):
        if len(str(button.get("callback_data", "")).encode()) > 64:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return rows
