"""Updates that Telegram pushes: only with the secret, answered once they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.chat import Assistant
from bots.dispatcher import MOST_WAITING
from bots.message import Incoming
from bots.telegram_read import Me
from bots.telegram_run import TelegramBot, run
from core.errors import BadInput
from core.settings import Settings
from eval.bot_api import TOKEN, BotApi

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "the-secret"}


class Kept:
    """A dispatcher that only keeps; full: it has no room."""

    def __init__(self) -> None:
        self.messages: list[Incoming] = []
        self.full = False
        self.mailbox = self

    def waiting(self) -> int:
        return MOST_WAITING if self.full else 0

    def accept(self, messages: list[Incoming], more: bool = False) -> list[Incoming]:
        self.messages += messages
        return messages


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def telegram(kept: Kept, tmp_path: Path) -> Iterator[TestClient]:
    bot = TelegramBot(Settings(home=tmp_path), None, TOKEN, lambda text: None)  # type: ignore[arg-type]
    bot.me = Me(1234567, "xiangdao_test_bot")
    with TestClient(bot.webhook_app(kept, "/telegram", "the-secret")) as client:  # type: ignore[arg-type]
        yield client


def update(number: int = 5) -> dict:
    return {"update_id": number, "message": BotApi().message(7, "问")}


def test_an_update_with_the_secret_is_kept_before_it_is_confirmed(telegram: TestClient, kept: Kept) -> None:
    assert telegram.post("/telegram", json=update(), headers=SECRET).status_code == 200
    assert [(m.id, m.text) for m in kept.messages] == [("1234567:5", "问")]


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}])
def test_without_the_secret_nothing_is_taken(telegram: TestClient, kept: Kept, headers: dict) -> None:
    assert telegram.post("/telegram", json=update(), headers=headers).status_code == 403
    assert telegram.get("/telegram", headers=headers).status_code == 405
    assert telegram.post("/", json=update(), headers=SECRET).status_code == 404
    assert kept.messages == []


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'"text"', b"[" * 100_000])
def test_what_is_no_update_is_refused(telegram: TestClient, kept: Kept, body: bytes) -> None:
    assert telegram.post("/telegram", content=body, headers=SECRET).status_code == 400
    assert kept.messages == []


def test_a_malformed_update_is_confirmed_so_that_it_does_not_come_for_ever(telegram: TestClient, kept: Kept) -> None:
    assert telegram.post("/telegram", json={"update_id": 5, "message": {"message_id": "x"}}, headers=SECRET).is_success
    assert kept.messages == []


def test_a_body_that_is_too_large_is_refused(telegram: TestClient) -> None:
    assert telegram.post("/telegram", content=b"x" * 1_000_001, headers=SECRET).status_code == 413


def test_with_too_many_waiting_telegram_keeps_the_rest(telegram: TestClient, kept: Kept) -> None:
    kept.full = True
    assert telegram.post("/telegram", json=update(), headers=SECRET).status_code == 503
    assert kept.messages == []


def test_a_webhook_needs_an_encrypted_address(guide: Assistant, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="https"):
        run(Settings(home=tmp_path), guide, TOKEN, "http://example.com/telegram")
