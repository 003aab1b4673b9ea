"""The tokens of bots: from the environment or the system's keyring, and kept out of every log."""

from __future__ import annotations

import os
import re
import traceback
import uuid
from collections.abc import Callable
from pathlib import Path

from core.errors import BadInput, NotAvailable

SERVICE = "xiangdao"
_VARIABLES = {"telegram": "XIANGDAO_TELEGRAM_TOKEN"}
_TOKEN = {"telegram": re.compile(r"\d{5,20}:[A-Za-z0-9_-]{30,80}")}
_HIDDEN = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{30,80}")


def token_of(app: str) -> str:
    """The token of an app's bot. Raises NotAvailable where none is set, BadInput where it cannot be one."""
    variable = _VARIABLES[app]
    token = (os.environ.get(variable) or _from_keyring(app)).strip()
    if not token:
        raise NotAvailable(
            "还没有机器人的令牌（token）。",
            f"存进系统钥匙串，或设置环境变量 {variable}；怎么领见 docs/bots.md。",
            command=f"存进钥匙串：xiangdao bot {app} --save-token",
        )
    return checked(app, token)


def checked(app: str, token: str) -> str:
    """The token, if it can be one."""
    if not _TOKEN[app].fullmatch(token):
        raise BadInput(
            "机器人的令牌不对：应是“一串数字:一串字母数字”的样子。",
            "从 @BotFather 的消息里整段复制，不要带空格和引号。",
        )
    return token


def save(app: str, token: str) -> None:
    """Keep a token in the system's keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, app, checked(app, token.strip()))
    except KeyringError as exc:
        raise NotAvailable("这台电脑没有能用的系统钥匙串，令牌没存成。", f"改用环境变量 {_VARIABLES[app]}。") from exc


def _from_keyring(app: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, app) or ""
    except KeyringError:
        return ""


def hidden(text: str) -> str:
    """Text without anything that looks like a token."""
    return _HIDDEN.sub("***", text)


def reporter(home: Path) -> Callable[[BaseException], str]:
    """The one error handler of the bots: the traceback goes to errors.log, without tokens; the number is for the user."""

    def report(exc: BaseException) -> str:
        number = uuid.uuid4().hex[:8]
        trace = "".join(traceback.format_exception(type(exc), exc, exc.__traceback__))
        try:
            with (home / "errors.log").open("a", encoding="utf-8") as file:
                file.write(f"--- {number}\n{hidden(trace)}\n")
        except OSError:
            pass
        return number

    return report
