"""`xiangdao bot NAME`: a bot of a chat app, its token checked or kept."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import sys
import threading

from assistant.chat import Assistant
from core.errors import BadInput, XiangdaoError
from ui.machine import build_apart, open_assistant, settings
from ui.screen import tell


def bot(args: argparse.Namespace) -> int:
    from bots import secret

    if args.save_token:
        secret.save(args.name, _asked())
        print("令牌已存进系统钥匙串。试一试：xiangdao bot telegram --check")
        return 0
    chosen, token = settings(), secret.token_of(args.name)
    if args.check:
        import asyncio

        from bots.telegram_run import check

        print(f"令牌能用：@{asyncio.run(check(token, chosen.telegram_api))}")
        return 0
    from bots.telegram_run import run

    build_apart(chosen)
    assistant = open_assistant(strict=False)
    if assistant.engine and assistant.engine.status().leaves_machine:
        tell("注意：设置了远程模型，用户的问题和查到的段落会发到那个地址。")
    if not chosen.telegram_users.strip():
        tell("谁都能用这个机器人。只给自己人用，请设 XIANGDAO_TELEGRAM_USERS。")
    threading.Thread(target=_warm_up, args=(assistant,), name="warm-up", daemon=True).start()
    run(chosen, assistant, token, args.webhook or "", args.host, args.port, tell)
    return 0


def _warm_up(assistant: Assistant) -> None:
    """Load dictionaries and vectors before the first question comes."""
    with contextlib.suppress(XiangdaoError):
        assistant.retriever.search("数字化转型第一步做什么")


def _asked() -> str:
    """The token, typed without being shown; piped in where there is no terminal."""
    token = (
        getpass.getpass("把 @BotFather 给的令牌粘贴在这里（不会显示），回车：")
        if sys.stdin.isatty()
        else sys.stdin.readline()
    )
    if not token.strip():
        raise BadInput("没有收到令牌。", "再运行一次，粘贴后按回车。")
    return token.strip()
