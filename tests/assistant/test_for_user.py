"""Several people with one assistant: whose conversation and whose firm an answer is about."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.chat import Assistant
from assistant.history import History
from assistant.store.profiles import Profiles


@pytest.fixture
def shared(guide: Assistant, tmp_path: Path) -> Assistant:
    history = History(tmp_path / "conversations.db", "li")
    return Assistant(guide.settings, guide.retriever, history, understander=guide.understander)


def test_each_person_goes_on_from_their_own_conversation(shared: Assistant) -> None:
    li, wang = shared.for_user("li"), shared.for_user("wang")
    li.answer("APS是啥", "a")
    assert wang.history.turns("a") == [] and [t.question for t in li.history.turns("a")] == ["APS是啥"]
    assert wang.filters(None).spaces != li.filters(None).spaces


def test_without_consent_a_new_conversation_knows_nothing_of_the_firm(shared: Assistant) -> None:
    shared.answer("我们做注塑，280人", "a")
    assert not Profiles(shared.history.database, "li").kept().facts  # type: ignore[arg-type]
    assert "280" not in shared.answer("我们厂算中型吗？", "b").text


def test_with_consent_the_next_conversation_knows_the_firm_and_a_correction_holds(shared: Assistant) -> None:
    shared.answer("我们做注塑，280人，去年营收1.9亿", "a")
    shared.allow_profile("a")
    assert "280" in shared.answer("我们厂算中型吗？", "b").text
    shared.answer("不是280人，是320人", "b")
    profiles = Profiles(shared.history.database, "li")  # type: ignore[arg-type]
    assert profiles.kept().profile.employees == 320
    assert "320" in profiles.kept().facts["employees"].quote
    assert "320" in shared.answer("我们厂算中型吗？", "c").text
    assert "320" not in shared.for_user("wang").answer("我们厂算中型吗？", "c").text


def test_a_question_outside_a_conversation_does_not_load_the_store() -> None:
    script = (
        "import sys; from assistant.history import History; from pathlib import Path; h = History(Path('x.db'));"
        " h.turns(None); h.add(None, None); import assistant.chat, assistant.build;"
        " print([m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'alembic')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
