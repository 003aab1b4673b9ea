"""The whole process, killed at its busiest and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bots import wording
from eval.bot_api import TOKEN, BotApi

CLI = (sys.executable, "-c", "import sys; from ui.terminal import main; sys.exit(main())")
ASKED = ("到2027年中小企业上云率要达到多少？", "APS是啥", "谢谢")
NEEDLES = ("40%", "APS", "不客气")


def start(home: Path, api: BotApi) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "XIANGDAO_HOME": str(home),
        "XIANGDAO_TELEGRAM_TOKEN": TOKEN,
        "XIANGDAO_TELEGRAM_API": api.url,
    }
    return subprocess.Popen([*CLI, "bot", "telegram"], env=environment, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a matter of POSIX")
def test_every_message_is_answered_exactly_once_though_the_process_is_killed(copy_of_home: Path) -> None:
    users = range(1, 9)

    def answered(user: int) -> list[str]:
        return [s.text for s in api.chat(user) if not s.text.startswith((wording.WAIT, wording.WORKING, "收到，前面"))]

    with BotApi().running() as api:
        bot = start(copy_of_home, api)
        for text in ASKED:
            for user in users:
                api.say(user, text)
        api.wait(lambda: sum(len(answered(user)) for user in users) >= 5, 60)
        bot.send_signal(signal.SIGKILL)
        bot.wait(20)
        bot = start(copy_of_home, api)
        try:
            api.wait(lambda: all(len(answered(user)) >= len(ASKED) for user in users), 90)
            told = answered(1)
            assert api.say(1, "再见") and not api.wait(lambda: len(answered(1)) > len(told), 20)
        finally:
            bot.terminate()
            _, said = bot.communicate(timeout=30)
        assert bot.returncode == 0 and TOKEN not in said
        for user in users:
            found = answered(user)[: len(ASKED) + (user == 1)]
            held = [needle in text for needle, text in zip(NEEDLES, found, strict=False)]
            assert held == [True] * len(ASKED), found
            assert len(answered(user)) == len(ASKED) + (user == 1)
