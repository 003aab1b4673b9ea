"""`xiangdao bot telegram` as it is typed."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from eval.bot_api import TOKEN, BotApi
from ui.terminal import main


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own and a keyring that keeps in memory."""
    import keyring
    from keyring.backend import KeyringBackend

    class InMemory(KeyringBackend):
        priority = 1
        kept: dict[tuple[str, str], str] = {}  # noqa: RUF012

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

    monkeypatch.setenv("XIANGDAO_HOME", str(tmp_path))
    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())
    InMemory.kept.clear()
    yield
    keyring.set_keyring(before)


def test_without_a_token_it_says_how_to_get_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bot", "telegram"]) == 1
    said = capsys.readouterr().err
    assert "还没有机器人的令牌" in said and "--save-token" in said and "docs/bots.md" in said


def test_a_token_is_kept_in_the_keyring_and_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f" {TOKEN}\n"))
    assert main(["bot", "telegram", "--save-token"]) == 0
    with BotApi().running() as api:
        monkeypatch.setenv("XIANGDAO_TELEGRAM_API", api.url)
        assert main(["bot", "telegram", "--check"]) == 0
    said = capsys.readouterr()
    assert "令牌能用：@xiangdao_test_bot" in said.out and TOKEN not in said.out + said.err


@pytest.mark.parametrize("token", ["", "abc", "123:456", f"{TOKEN} x"])
def test_what_is_no_token_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], token: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(token + "\n"))
    assert main(["bot", "telegram", "--save-token"]) == 1
    assert "令牌" in capsys.readouterr().err


def test_a_token_that_telegram_refuses_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with BotApi().running() as api:
        monkeypatch.setenv("XIANGDAO_TELEGRAM_API", api.url)
        monkeypatch.setenv("XIANGDAO_TELEGRAM_TOKEN", "7654321:" + "x" * 35)
        assert main(["bot", "telegram", "--check"]) == 1
    assert "Telegram 不认这个令牌" in capsys.readouterr().err


def test_no_way_to_telegram_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XIANGDAO_TELEGRAM_API", "http://127.0.0.1:9")
    monkeypatch.setenv("XIANGDAO_TELEGRAM_TOKEN", TOKEN)
    assert main(["bot", "telegram", "--check"]) == 1
    assert "连不上 Telegram" in capsys.readouterr().err


def test_an_address_that_would_give_the_token_away_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIANGDAO_TELEGRAM_API", "http://example.com")
    monkeypatch.setenv("XIANGDAO_TELEGRAM_TOKEN", TOKEN)
    assert main(["bot", "telegram", "--check"]) == 1
    assert "https" in capsys.readouterr().err


def test_another_app_is_a_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bot", "wechat"]) == 2
    assert "telegram" in capsys.readouterr().err
