"""What a project costs as told: sums added, a part taken as a part, what was paid before what was planned, nothing guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import normalise
from tools.firm.outlay import Outlay, read_outlay


def read(said: str, before_wan: float | None = None) -> Outlay:
    return read_outlay(normalise(said), before_wan)


@pytest.mark.parametrize(
    ("said", "wan"),
    [
        ("WMS花了18万、OA花了7万", 25), ("PLM 15万+CRM 9万+数控机床60万，能补多少", 84), ("投12万买云平台，又投8万上WMS", 20), ("先投了25万，后来又追加15万", 40),
        ("前年投了10万，去年投了30万", 40), ("一共花了66万，MES 40万，网关6万", 66), ("打算投90万，实际付了35万", 35), ("合同报价70万，打七折", 49), ("投入100万，打九五折", 95),
        ("投了40万", 40), ("预算25万上ERP", 25), ("投了100万，折后88万", 88), ("我们投了30万，客户投了200万", 30), ("研发投入400万，MES花了30万", 30), ("CRM12万，扫码枪3万，打印机1万", 16), ("MES30万，净利60万", 30), ("MES30万，人均产值80万", 30), ("上MES30万，多亏了20万", 30),
        ("合同额40万，软件25万硬件15万", 40), ("合同40万，软件25万，培训9万", 74),
    ],
)  # fmt: skip
def test_the_whole_of_a_project_is_reckoned(said: str, wan: float) -> None:
    assert read(said).spend_wan == pytest.approx(wan)


@pytest.mark.parametrize("said", ["投30万还是60万，能补多少", "投20万或者90万分别补多少", "总投入80万，总预算100万"])
def test_sums_that_may_be_a_choice_are_neither_added_nor_chosen(said: str) -> None:
    found = read(said)
    assert found.spend_wan is None and "请说按哪一个算" in found.open


@pytest.mark.parametrize("said", ["贷款600万", "营收5000万，资产2000万", "利息12万", "280人", ""])
def test_what_is_no_cost_is_none(said: str) -> None:
    assert read(said) == Outlay()


@pytest.mark.parametrize(
    ("said", "before", "wan"),
    [("再加15万", 50, 65), ("打九折呢", 50, 45), ("又追加5万", 50, 55), ("投30万呢", 50, 30), ("打八折呢", None, None)],
)
def test_a_change_goes_on_from_what_was_told_before(said: str, before: float | None, wan: float | None) -> None:
    assert read(said, before).spend_wan == wan


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("总投入90万，其中软件25万", ["25万元"]), ("投了200万，软件占两成", ["软件40万元"]), ("投60万，其中设备35万", ["35万元"]),
        ("ERP花了20万，机床花了80万", ["20万元", "80万元"]), ("投了60万", []), ("计划投100万，MES 80万，实际付了30万", []),
    ],
)  # fmt: skip
def test_the_parts_of_the_whole_are_kept_with_what_they_are_for(said: str, parts: list[str]) -> None:
    found = read(said).parts
    assert len(found) == len(parts) and all(part.endswith(end) for part, end in zip(found, parts, strict=True))


@pytest.mark.parametrize(
    ("said", "wan"),
    [
        ("投50万，区里已经补了8万", 8),
        ("花了90万，之前拿过12万补贴", 12),
        ("投50万，能补8万吗", None),
        ("投50万，补8万够不够", None),
    ],
)
def test_support_that_was_had_is_told_from_support_that_is_asked_for(said: str, wan: float | None) -> None:
    found = read(said)
    assert found.received_wan == wan and found.spend_wan in {50, 90}


def test_the_part_of_a_loan_that_goes_for_machines_is_kept_apart() -> None:
    found = read("想贷900万，其中300万买机床")
    assert found.spend_wan is None and found.loan_part.endswith("300万元")


@pytest.mark.parametrize("said", ["能补40万吗", "贴息40万够不够"])
def test_support_that_is_asked_about_is_kept_apart(said: str) -> None:
    assert read(said) == Outlay(hoped_wan=40)


@given(st.lists(st.integers(1, 500), min_size=2, max_size=4, unique=True))
def test_any_sums_spent_on_things_are_added(sums: list[int]) -> None:
    things = ("MES", "ERP", "WMS", "机床")
    said = "，".join(f"{thing}花了{wan}万" for thing, wan in zip(things, sums, strict=False))
    assert read(said).spend_wan == sum(sums)


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found = read_outlay(normalise(text), 10.0)
    assert found.spend_wan is None or found.spend_wan >= 0
