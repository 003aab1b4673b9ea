"""What a machine elsewhere is not told, and how an answer gets it back."""

from __future__ import annotations

import pytest

from assistant.engine.mask import Mask
from tools.firm.profile import Profile, extract

FIRM = Profile(name="王氏五金", employees=280, revenue_wan=19000)


@pytest.mark.parametrize("secret", [
    "13812345678", "138 1234 5678", "0512-87654321", "wang@example.com", "91320508MA1ABCDE2X", "320508198001011234",
    "苏州王氏五金制品有限公司", "王氏五金", "280人", "1.9亿", "19000万元",
])  # fmt: skip
def test_what_identifies_the_asker_is_not_sent_and_comes_back(secret: str) -> None:
    mask = Mask(FIRM)
    sent = mask.hide(f"我们是{secret}，想上云")
    assert secret not in sent and "想上云" in sent
    assert "".join(mask.show(sent)) == f"我们是{secret}，想上云"


def test_figures_of_the_law_stay() -> None:
    text = "到2027年上云率超过40%，中型企业要300人、2000万元，补助最高30万元"
    assert Mask(FIRM).hide(text) == text
    assert Mask(Profile()).hide("我们280人，1.9亿") == "我们280人，1.9亿"


def test_what_a_question_tells_of_the_firm_is_known_from_it() -> None:
    question = "我们厂120人，去年营收3000万，能申请什么"
    sent = Mask(extract(question)).hide(question)
    assert "120" not in sent and "3000" not in sent


def test_signs_that_come_in_pieces_or_are_none_are_shown_whole() -> None:
    mask = Mask(FIRM)
    sign = mask.hide("280人")
    pieces = ["您有", sign[0], sign[1:-1], sign[-1], "，〔注〕", "〔这不是代号而是很长的话"]
    assert "".join(mask.show(pieces)) == "您有280人，〔注〕〔这不是代号而是很长的话"
