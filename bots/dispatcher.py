"""Messages in, replies out, for any chat app: every accepted message is answered, once, and in the order of its conversation.

The reply's first part replaces a message that was sent to hold its place. Sending twice cannot be told from sending once when
the process dies in between; replacing can be done again without harm. So a crash may leave a placeholder over, never a second
answer. Only what follows the first part (the rest of a very long answer, files) can come twice, if the process dies within the
milliseconds between its being sent and that being noted.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bots import wording as say
from bots.mailbox import Letter, Mailbox
from bots.message import Channel, Gone, Incoming, Part, Relabel, Say, TryLater, Undeliverable
from bots.orders import is_stop
from bots.progress import Progress
from bots.responder import Responder

log = logging.getLogger(__name__)
MOST_WAITING = 5000
"""Messages without an answer; with more, none is taken from the app, which keeps them."""
ATTEMPTS = 3
"""How often an answer is begun; a message during which the process dies again and again is given up."""
PATIENCE_S = 180.0
LONGEST_PAUSE_S = 30.0
ALBUM_S = 1.0
"""How long the first file of an album waits for the others; they come as messages of their own."""
RETRY_S = 30.0
"""After how long a conversation is taken up again where the mailbox could not be used."""
Report = Callable[[BaseException], str]
T = TypeVar("T")


class Dispatcher:
    """One chat app's conversations over one mailbox. report: keeps a traceback and gives its reference number.

    workers: how many answers are worked out at once.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        responder: Responder,
        channel: Channel,
        report: Report,
        workers: int | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.mailbox, self.responder, self.channel, self.report = mailbox, responder, channel, report
        self.patience_s = patience_s
        workers = workers or max(2, min(4, os.cpu_count() or 2))
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._slots = asyncio.Semaphore(workers)
        self._line: dict[str, None] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._making: dict[str, Progress] = {}

    # ---- in

    def accept(self, messages: Sequence[Incoming], more: bool = False) -> list[Incoming]:
        """Keep messages for good and begin to answer those that are new. After this the app may forget them.

        more: others wait at the app already; they are kept first, and answering begins with a call without `more`.
        """
        fresh = self.mailbox.accept([(message, is_stop(message)) for message in messages])
        for message in fresh:
            if is_stop(message) and (making := self._making.get(message.conversation)):
                self._halt(making, message)
        if not more:
            self.resume()
        return fresh

    def resume(self) -> None:
        """Begin with whatever waits, be it from an earlier process."""
        for conversation in self.mailbox.conversations():
            self._wake(conversation)

    async def room(self) -> None:
        """Wait until another message can be taken."""
        while self.mailbox.waiting() >= MOST_WAITING:
            await asyncio.sleep(0.5)

    async def idle(self) -> None:
        """Wait until everything is answered."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def close(self, grace_s: float = 10.0) -> None:
        """Finish what can be finished soon; the rest is taken up by the next process."""
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=grace_s)
        for making in self._making.values():
            making.stop.set()
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _halt(self, making: Progress, message: Incoming) -> None:
        making.stop.set()
        self.responder.halt(message)

    def _wake(self, conversation: str) -> None:
        if conversation not in self._tasks:
            self._tasks[conversation] = asyncio.create_task(self._converse(conversation))

    # ---- one conversation

    async def _converse(self, conversation: str) -> None:
        try:
            while letter := self.mailbox.next(conversation):
                await self._deal_with(letter)
        except sqlite3.Error as exc:  # a full disk for one: the message stays in the mailbox
            self.report(exc)
            asyncio.get_running_loop().call_later(RETRY_S, self._wake, conversation)
        finally:
            self._tasks.pop(conversation, None)

    async def _deal_with(self, letter: Letter) -> None:
        if letter.joined:
            self.mailbox.done(letter)
            return
        try:
            if letter.state == "waiting":
                if letter.message.album:
                    await asyncio.sleep(ALBUM_S)
                    self.mailbox.join(letter)
                await self._work_out(letter)
                letter = self.mailbox.next(letter.message.conversation) or letter
            for ordinal, part in self.mailbox.parts(letter):
                sent = ""
                try:
                    sent = await self._deliver(letter, ordinal, part)
                except Undeliverable:
                    raise
                except Exception as exc:  # a bug: the part is left out, the rest goes on
                    self.report(exc)
                self.mailbox.sent(letter, ordinal, sent)
        except Undeliverable as exc:
            log.info("not delivered: %s", exc)
        self.mailbox.done(letter)

    async def _work_out(self, letter: Letter) -> None:
        """Find the reply, hold its place meanwhile, and write it down."""
        self.mailbox.begin(letter)
        holding = asyncio.create_task(self._hold(letter))
        try:
            parts = await self._parts(letter)
            await holding
        finally:
            holding.cancel()
        pieces = [piece for part in parts for piece in (self.channel.split(part) if isinstance(part, Say) else [part])]
        self.mailbox.answer(letter, pieces)

    async def _hold(self, letter: Letter) -> None:
        if letter.holder or not self.responder.holds(letter):
            return
        waiting = self._slots.locked() and len([c for c in self._line if c != letter.message.conversation])
        text = say.IN_LINE.format(count=waiting) if waiting else self.responder.waiting_text(letter)
        if earlier := self.responder.earlier(letter):
            self.mailbox.set_holder(letter, earlier)
            with contextlib.suppress(Gone, Undeliverable):  # what cannot be edited is sent anew in the end
                await self._persist(lambda: self.channel.edit(letter.message, earlier, Say(text)))
            return
        sent = await self._persist(lambda: self.channel.send(letter.message, Say(text)))
        self.mailbox.set_holder(letter, sent)

    async def _parts(self, letter: Letter) -> list[Part]:
        if letter.attempts >= ATTEMPTS:
            return [Say(say.CRASHED)]
        conversation = letter.message.conversation
        self._line[conversation] = None
        try:
            async with self._slots:
                self._line.pop(conversation, None)
                return await self._in_thread(letter)
        except sqlite3.Error:
            raise
        except Exception as exc:
            return [Say(say.BUG.format(reference=self.report(exc)))]
        finally:
            self._line.pop(conversation, None)

    async def _in_thread(self, letter: Letter) -> list[Part]:
        """The reply, worked out in a thread; where that takes too long, the answer that needs no model."""
        loop, stream = asyncio.get_running_loop(), Stream(self.channel, self.mailbox, letter)

        def show(text: str) -> None:
            loop.call_soon_threadsafe(stream.show, text)

        progress = Progress(show)
        self._making[letter.message.conversation] = progress
        # A stop may have come while this message waited for its turn.
        present = self.mailbox.next(letter.message.conversation) or letter
        work = loop.run_in_executor(self._pool, self.responder.reply, present, progress)
        try:
            return await asyncio.wait_for(asyncio.shield(work), self.patience_s)
        except asyncio.TimeoutError:
            progress.timed_out = True
            self._halt(progress, letter.message)
            return [Say(f"{progress.brief}\n\n{say.TOO_SLOW_BRIEF}") if progress.brief else progress.late]
        finally:
            self._making.pop(letter.message.conversation, None)
            await stream.close()

    # ---- out

    async def _deliver(self, letter: Letter, ordinal: int, part: Part) -> str:
        """Send a part, or put it in the placeholder's place; the id of the message that it now stands in."""
        message, holder = letter.message, letter.holder
        if isinstance(part, Relabel):
            try:
                await self._persist(lambda: self.channel.edit(message, part.message, part))
            except (Gone, Undeliverable):
                log.info("buttons could not be changed")
            return ""
        if ordinal == 0 and holder and isinstance(part, Say):
            try:
                await self._persist(lambda: self.channel.edit(message, holder, part))
                return holder
            except Gone:
                log.info("the placeholder is gone, sending anew")
        return await self._persist(lambda: self.channel.send(message, part))

    async def _persist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Repeat a call to the app until it takes it, with growing pauses; Undeliverable and Gone end it."""
        pause_s = 1.0
        while True:
            try:
                return await call()
            except TryLater as exc:
                await asyncio.sleep(exc.after_s if exc.after_s is not None else pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


class Stream:
    """Shows a growing text by replacing the placeholder, no oftener than the app likes; what cannot be shown is left out."""

    def __init__(self, channel: Channel, mailbox: Mailbox, letter: Letter) -> None:
        self._channel, self._mailbox, self._letter = channel, mailbox, letter
        self._task: asyncio.Task[None] | None = None
        self._next = ""
        self._shown_at = 0.0
        self._editing = False

    def show(self, text: str) -> None:
        self._next = text
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        message = self._letter.message
        while self._next:
            wait_s = self._shown_at + self._channel.pace_s(message) - time.monotonic()
            await asyncio.sleep(max(0.0, wait_s))
            present = self._mailbox.next(message.conversation)
            if present is None or present.id != self._letter.id or not present.holder:
                await asyncio.sleep(0.05)  # the placeholder is on its way
                continue
            text, self._next = self._next, ""
            self._shown_at, self._editing = time.monotonic(), True
            try:
                await self._channel.edit(message, present.holder, self._channel.split(Say(text))[0])
            except (TryLater, Gone, Undeliverable):
                return
            finally:
                self._editing = False

    async def close(self) -> None:
        """Show nothing more, so that nothing overtakes the answer."""
        self._next = ""
        if self._task:
            if not self._editing:
                self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
