"""A tool that only its spec knows: it is routed to, asks back, goes on, and stands in menus, help, the page and the bots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from assistant import acts, asking_back
from assistant.compute import compute, noted
from assistant.history import Turn
from assistant.route import decide
from assistant.understand.meaning import Understanding
from bots import orders, wording
from core.errors import NeedsArgument
from tools import fields, registry
from tools.firm.amounts import Wan, amounts
from tools.firm.profile import Profile
from tools.outcome import Outcome
from tools.report.contents import title_of
from tools.spec import ToolSpec, Wording, specs
from tools.told import Told
from ui import tool_command, web_html

SAY = "算算这套软件多久回本"


class Arguments(BaseModel):
    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    price_wan: Wan | None = Field(default=None, alias="软件价万元", gt=0)
    saving_wan: Wan | None = Field(default=None, alias="每月省万元", gt=0)


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Months until what is saved has paid for the price."""
    for name, value in (("软件价万元", args.price_wan), ("每月省万元", args.saving_wan)):
        if value is None:
            raise NeedsArgument(name, fields.asked(name))
    months = (args.price_wan or 0) / (args.saving_wan or 1)
    return Outcome(f"**约{months:g}个月回本**。", {"months": months})


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """The price first, then what is saved in a month."""
    said = [amount.value for amount in amounts(told.text)]
    given = dict(zip(("软件价万元", "每月省万元"), said, strict=False))
    return {"每月省万元": said[0]} if "软件价万元" in told.before and len(said) == 1 else given


MADE_UP = ToolSpec(
    name="payback",
    title="回本测算",
    about="算买一套软件多少个月回本",
    when="按软件的价钱和每月省下的钱算多少个月回本。问“多久回本”时用。",
    own=True,
    compute=lambda: SimpleNamespace(Arguments=Arguments, run=run),
    arguments=arguments,
    sample={"软件价万元": 12, "每月省万元": 1},
    say=SAY,
    examples=("12万的MES，一个月省1万，多久回本",),
    button="算多久回本",
    called=("回本测算",),
    words={
        "软件价万元": Wording("软件多少钱", "这套软件一共多少钱？"),
        "每月省万元": Wording(
            "一个月省多少", "一个月能省多少钱？", choices=(("5千", "一个月省5千"), ("1万", "一个月省1万"))
        ),
    },
    parts={},
)


@pytest.fixture(autouse=True)
def payback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    found = specs()
    monkeypatch.setitem(found, "payback", MADE_UP)
    yield


def meant(share: float = 0.95, sure: bool = True) -> Understanding:
    return Understanding("payback", share, (("knowledge", 1 - share),), sure=sure, half=True)


def test_it_is_routed_to_by_what_is_meant_and_by_its_name() -> None:
    text = "12万的MES，一个月省1万，多久回本"
    route = decide(text, text, (), Profile(), understood=meant())
    assert (route.tool, route.arguments) == ("payback", {"软件价万元": 12.0, "每月省万元": 1.0})
    done = compute(route)
    assert done and "约12个月回本" in done.text
    assert decide("回本测算", "回本测算", (), Profile()).tool == "payback"


def test_it_asks_back_in_its_own_words_and_goes_on_with_the_answer() -> None:
    text = "12万的MES多久回本"
    first = compute(decide(text, text, (), Profile(), understood=meant()))
    assert first and first.text == "一个月能省多少钱？" and first.call.asks == ("每月省万元",)
    turns = (Turn(text, text, first.text, first.call),)
    means = Understanding("tell", 0.6, follows="reply", follows_confidence=0.9, goes_on=0.9)
    route = decide("一个月2万", "一个月2万", turns, Profile(), understood=means)
    assert (route.tool, route.arguments) == ("payback", {"软件价万元": 12.0, "每月省万元": 2.0})
    assert fields.choices("每月省万元")[1] == ("1万", "一个月省1万")


def test_it_is_offered_where_it_may_be_meant_and_where_facts_were_told() -> None:
    doubt = Understanding("payback", 0.4, (("knowledge", 0.3), ("benchmark", 0.2)))
    choices = asking_back.choices(doubt)
    assert choices and choices.suggestions[0] == SAY
    assert SAY in noted(Profile(employees=30), {"employees": 30})
    assert MADE_UP.examples[0] in acts.introduction()


def test_it_stands_in_the_menus_and_the_help_of_every_front_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert wording.commands()["payback"] == "算多久回本"
    assert "/payback 算多久回本" in wording.welcome() and "/payback 算多久回本" in wording.help_text("PDF")
    assert orders.order_of("/payback 12万") == ("payback", "12万")
    assert orders.order_of("回本测算！") == ("payback", "")
    assert MADE_UP.examples[0] in web_html.welcome_html()
    tool_command.tool(SimpleNamespace(name=None))  # type: ignore[arg-type]
    assert any(line.split() == ["payback", MADE_UP.about] for line in capsys.readouterr().out.splitlines())


def test_programs_and_reports_have_it_too() -> None:
    assert "payback" in {tool.name for tool in registry.structured_tools()}
    assert registry.run("payback", MADE_UP.sample).data == {"months": 12}
    assert title_of("payback") == "回本测算"
