"""The dispatcher by itself: order, places in the queue, stopping, time-outs, crashes between two steps."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bots import wording
from bots.dispatcher import Dispatcher
from bots.mailbox import Letter, Mailbox
from bots.message import Attach, Gone, Incoming, Part, Relabel, Say, TryLater, Undeliverable
from bots.progress import Progress

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Chats:
    """A channel that keeps what it is given. fails: errors of the next calls."""

    def __init__(self) -> None:
        self.messages: dict[str, list[str]] = {}
        self.of: dict[str, list[str]] = {}
        self.fails: list[Exception] = []

    def pace_s(self, message: Incoming) -> float:
        return 0.0

    def split(self, say: Say) -> list[Say]:
        return [Say(text) for text in say.text.split("¶")]

    async def send(self, message: Incoming, part: Say | Attach) -> str:
        if self.fails:
            raise self.fails.pop(0)
        id = str(len(self.messages) + 1)
        self.messages[id] = [part.text if isinstance(part, Say) else part.name]
        self.of.setdefault(message.conversation, []).append(id)
        return id

    async def edit(self, message: Incoming, id: str, part: Say | Relabel) -> None:
        if self.fails:
            raise self.fails.pop(0)
        if isinstance(part, Say):
            self.messages[id].append(part.text)

    async def fetch(self, ref: str) -> bytes:
        return b""

    def seen(self, user: str) -> list[str]:
        return [self.messages[id][-1] for id in self.of.get(f"app:{user}:{user}", [])]


class Echo:
    """A responder that says what it hears, after whatever it is told to do first."""

    def __init__(self, first: Callable[[Letter, Progress], object] = lambda letter, progress: None) -> None:
        self.first = first
        self.asked: list[str] = []

    def holds(self, letter: Letter) -> bool:
        return True

    def earlier(self, letter: Letter) -> str:
        return ""

    def halt(self, message: Incoming) -> None:
        return None

    def waiting_text(self, letter: Letter) -> str:
        return wording.WAIT

    def reply(self, letter: Letter, progress: Progress) -> list[Part]:
        if letter.stopped:
            return [Say(wording.SKIPPED)]
        self.asked.append(letter.message.text)
        self.first(letter, progress)
        return [Say(wording.SKIPPED if progress.stop.is_set() else f"答{letter.message.text}")]


def fails_once_the_placeholder_stands(world: World, fault: Exception) -> Callable[[Letter, Progress], None]:
    def first(letter: Letter, progress: Progress) -> None:
        while not world.chats.messages:
            time.sleep(0.01)
        world.chats.fails.append(fault)

    return first


class World:
    def __init__(self, folder: Path) -> None:
        self.mailbox, self.chats, self.reported = Mailbox(folder / "bots.db"), Chats(), list[BaseException]()
        self.count = 0

    def dispatcher(self, responder: object, **more: float) -> Dispatcher:
        def report(exc: BaseException) -> str:
            self.reported.append(exc)
            return "号码"

        return Dispatcher(self.mailbox, responder, self.chats, report, workers=2, **more)  # type: ignore[arg-type]

    def message(self, user: str, text: str) -> Incoming:
        self.count += 1
        return Incoming("app", str(self.count), user, user, text)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_of_many_users_each_gets_his_answers_in_order(world: World) -> None:
    dispatcher = world.dispatcher(Echo())
    dispatcher.accept([world.message(str(user), str(n)) for n in range(4) for user in range(30)])
    await dispatcher.idle()
    assert all(world.chats.seen(str(user)) == ["答0", "答1", "答2", "答3"] for user in range(30))
    assert world.mailbox.waiting() == 0


async def test_who_waits_is_told_how_many_are_before_him(world: World) -> None:
    go = threading.Event()
    dispatcher = world.dispatcher(Echo(lambda letter, progress: go.wait(20)))
    for user in "abcde":
        dispatcher.accept([world.message(user, "问")])
        await asyncio.sleep(0.05)
    assert [world.chats.seen(user)[0] for user in "abcde"] == [
        wording.WAIT, wording.WAIT, wording.WAIT, wording.IN_LINE.format(count=1), wording.IN_LINE.format(count=2),
    ]  # fmt: skip
    go.set()
    await dispatcher.idle()
    assert [world.chats.seen(user) for user in "abcde"] == [["答问"]] * 5


async def test_stop_ends_what_runs_and_what_waits_before_it(world: World) -> None:
    running = threading.Event()

    def first(letter: Letter, progress: Progress) -> None:
        running.set()
        if letter.message.text == "一":
            progress.stop.wait(20)

    echo = Echo(first)
    dispatcher = world.dispatcher(echo)
    dispatcher.accept([world.message("a", "一"), world.message("a", "二")])
    await asyncio.to_thread(running.wait, 20)
    dispatcher.accept([world.message("a", "停"), world.message("a", "三")])
    await dispatcher.idle()
    assert world.chats.seen("a") == [wording.SKIPPED, wording.SKIPPED, "答停", "答三"]
    assert "二" not in echo.asked


async def test_an_answer_that_takes_too_long_is_given_without_the_model(world: World) -> None:
    def slow(letter: Letter, progress: Progress) -> None:
        progress.brief = "短答" if letter.message.text == "一" else ""
        progress.stop.wait(20)

    dispatcher = world.dispatcher(Echo(slow), patience_s=0.2)
    dispatcher.accept([world.message("a", "一"), world.message("b", "二")])
    await dispatcher.idle()
    assert world.chats.seen("a") == [f"短答\n\n{wording.TOO_SLOW_BRIEF}"]
    assert world.chats.seen("b") == [wording.TOO_SLOW]


async def test_a_bug_ends_as_an_apology_with_a_number_and_the_next_message_is_answered(world: World) -> None:
    def bug(letter: Letter, progress: Progress) -> None:
        if letter.message.text == "一":
            raise RuntimeError("bug")

    dispatcher = world.dispatcher(Echo(bug))
    dispatcher.accept([world.message("a", "一"), world.message("a", "二")])
    await dispatcher.idle()
    assert world.chats.seen("a") == [wording.BUG.format(reference="号码"), "答二"]
    assert isinstance(world.reported[0], RuntimeError)


async def test_an_answer_in_several_parts_is_sent_in_order(world: World) -> None:
    dispatcher = world.dispatcher(Echo())
    dispatcher.accept([world.message("a", "甲¶乙¶丙")])
    await dispatcher.idle()
    assert world.chats.seen("a") == ["答甲", "乙", "丙"]


@pytest.mark.parametrize("fault", [TryLater("flood", 0.01), TryLater("network", 0.0)])
async def test_what_cannot_be_sent_now_is_sent_later(world: World, fault: Exception) -> None:
    world.chats.fails = [fault] * 3
    dispatcher = world.dispatcher(Echo())
    dispatcher.accept([world.message("a", "一")])
    await dispatcher.idle()
    assert world.chats.seen("a") == ["答一"]


async def test_what_can_never_be_sent_is_given_up(world: World) -> None:
    world.chats.fails = [Undeliverable("blocked")]
    dispatcher = world.dispatcher(Echo())
    dispatcher.accept([world.message("a", "一")])
    await dispatcher.idle()
    assert world.mailbox.waiting() == 0 and world.chats.seen("a") == []


async def test_an_unexpected_error_of_the_app_leaves_out_that_part_only(world: World) -> None:
    dispatcher = world.dispatcher(Echo(fails_once_the_placeholder_stands(world, ValueError("odd"))))
    dispatcher.accept([world.message("a", "甲¶乙")])
    await dispatcher.idle()
    assert world.mailbox.waiting() == 0 and isinstance(world.reported[0], ValueError)
    assert world.chats.seen("a") == [wording.WAIT, "乙"]


class Killed(BaseException):
    """The process ends here."""


STEPS = ["begin", "set_holder", "answer", "sent", "done"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
async def test_a_process_that_dies_at_any_step_leaves_one_answer_to_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    kept = getattr(Mailbox, step)

    def dies(self: Mailbox, *given: object) -> None:
        if after:
            kept(self, *given)
        raise Killed

    dispatcher = world.dispatcher(Echo())
    with monkeypatch.context() as patch:
        patch.setattr(Mailbox, step, dies)
        dispatcher.accept([world.message("a", "一")])
        tasks = list(dispatcher._tasks.values())
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(found[0], Killed)
    second = world.dispatcher(Echo())
    second.resume()
    await second.idle()
    assert world.chats.seen("a").count("答一") == 1
    assert set(world.chats.seen("a")) <= {"答一", wording.WAIT}
    assert world.mailbox.waiting() == 0


async def test_a_message_that_kills_the_process_again_and_again_is_given_up(world: World) -> None:
    world.mailbox.accept([(world.message("a", "一"), False)])
    letter = world.mailbox.next("app:a:a")
    assert letter
    for _ in range(3):
        world.mailbox.begin(letter)
    echo = Echo()
    dispatcher = world.dispatcher(echo)
    dispatcher.resume()
    await dispatcher.idle()
    assert world.chats.seen("a") == [wording.CRASHED] and echo.asked == []


async def test_a_growing_answer_is_shown_and_the_final_one_comes_last(world: World) -> None:
    def grow(letter: Letter, progress: Progress) -> None:
        for text in ("甲", "甲乙", "甲乙丙"):
            progress.show(text)
            threading.Event().wait(0.05)

    dispatcher = world.dispatcher(Echo(grow))
    dispatcher.accept([world.message("a", "一")])
    await dispatcher.idle()
    versions = world.chats.messages["1"]
    assert versions[0] == wording.WAIT and versions[-1] == "答一" and "甲" in versions[1]


async def test_a_deleted_placeholder_is_replaced_by_a_new_message(world: World) -> None:
    dispatcher = world.dispatcher(Echo(fails_once_the_placeholder_stands(world, Gone())))
    dispatcher.accept([world.message("a", "一")])
    await dispatcher.idle()
    assert "答一" in world.chats.seen("a")
