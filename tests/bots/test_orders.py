"""Commands, with a slash and in plain words."""

from __future__ import annotations

import pytest

from bots.message import Incoming
from bots.orders import is_stop, order_of


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("/start", ("start", "")),
        ("/NEW", ("new", "")),
        ("/roadmap@any_bot 我们做注塑", ("roadmap", "我们做注塑")),
        ("/what", ("help", "")),
        ("停", ("stop", "")),
        ("停一下。", ("stop", "")),
        ("新对话！", ("new", "")),
        ("测几级？", ("maturity", "")),
        ("找补贴", ("subsidy", "")),
        ("给我一个路线图", ("roadmap", "")),
        ("忘掉我", ("forget", "")),
        ("你记得我们什么", ("profile", "")),
        ("导出PDF", ("report", "pdf")),
        ("发我word版", ("report", "docx")),
        ("/document off", ("document", "off")),
        ("我的文件", ("document", "")),
        ("不看这份了。", ("document", "off")),
        ("停产的设备怎么联网", ("", "停产的设备怎么联网")),
        ("补贴", ("", "补贴")),
        ("路线图一般包括哪些内容", ("", "路线图一般包括哪些内容")),
        ("", ("", "")),
    ],
)
def test_a_command_is_known_and_a_question_is_none(text: str, order: tuple[str, str]) -> None:
    assert order_of(text) == order


def test_only_a_written_stop_stops() -> None:
    assert is_stop(Incoming("telegram", "1", "7", "7", "/stop"))
    assert not is_stop(Incoming("telegram", "1", "7", "7", "停", press="1.0"))
