"""What is kept of people: each sees their own; profiles only with consent; everything can be taken out and deleted."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from assistant.history import History, Turn
from assistant.store import feedback, people, plans, soundness
from assistant.store.assessments import Assessments
from assistant.store.database import HEAD, Database
from assistant.store.profiles import Profiles
from assistant.store.tables import Table
from core.errors import BadInput
from core.types import Citation
from tools.firm.profile import Profile, extract


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "conversations.db")


def history(database: Database, user: str) -> History:
    return History(database.path, user, database)


def test_the_same_session_name_of_two_people_is_two_conversations(database: Database) -> None:
    history(database, "li").add("a", Turn("李的问题", "", ""))
    history(database, "wang").add("a", Turn("王的问题", "", ""))
    assert [t.question for t in history(database, "li").turns("a")] == ["李的问题"]
    history(database, "li").forget("a")
    assert [t.question for t in history(database, "wang").turns("a")] == ["王的问题"]
    assert history(database, "li").talks() == []


def test_a_turn_comes_back_with_what_it_stood_on(database: Database) -> None:
    cited = Citation(1, "s", "题", "一", "s/1", "原话")
    turn_id = history(database, "li").add("a", Turn("q", "q", "答 [1]", None, True, "local", (cited,)))
    (turn,) = history(database, "li").turns("a")
    assert (turn.id, turn.refused, turn.engine, turn.citations) == (turn_id, True, "local", (cited,))


def test_conversations_are_found_by_every_word_in_question_or_answer_newest_first(database: Database) -> None:
    li = history(database, "li")
    li.add("a", Turn("注塑厂怎么上MES", "", "先做报工 100%"))
    li.add("b", Turn("补贴有哪些", "", "宁波有"))
    li.add("a", Turn("多少钱", "", "五万"))
    assert [t.session for t in li.talks()] == ["a", "b"]
    assert [t.session for t in li.talks("注塑 报工")] == ["a"]
    assert [t.session for t in li.talks("100%")] == ["a"] and li.talks("0_%") == []
    assert [t.session for t in li.talks("宁波")] == ["b"] and li.talks("王") == []


def test_nothing_of_the_firm_is_kept_without_consent(database: Database) -> None:
    profiles = Profiles(database, "li")
    profiles.learn(lambda known: extract("我们做注塑，60人", known), "chat", "我们做注塑，60人")
    assert not profiles.kept().facts
    with pytest.raises(BadInput, match="还没有同意"):
        profiles.correct({"employees": 60}, 0)
    profiles.allow(True)
    profiles.learn(lambda known: extract("我们做注塑，60人", known), "chat", "我们做注塑，60人")
    kept = profiles.kept()
    assert kept.profile.employees == 60 and kept.facts["employees"].quote == "我们做注塑，60人"
    profiles.allow(False)
    assert not profiles.kept().allowed and not profiles.kept().facts


def test_a_correction_stays_against_what_the_conversation_said_before(database: Database) -> None:
    profiles = Profiles(database, "li")
    profiles.allow(True)
    profiles.learn(lambda known: extract("我们做注塑，60人，在宁波", known), "chat", "…")
    profiles.correct({"行业": "注塑", "从业人员": 80}, profiles.kept().version)
    kept = profiles.kept()
    assert kept.profile == Profile(industry="注塑", employees=80)
    assert {name: fact.origin for name, fact in kept.facts.items()} == {"industry": "chat", "employees": "page"}


def test_the_second_of_two_tabs_is_told_and_nothing_is_lost(database: Database) -> None:
    profiles = Profiles(database, "li")
    profiles.allow(True)
    version = profiles.kept().version
    profiles.correct({"employees": 60}, version)
    with pytest.raises(BadInput, match="在别处改过"):
        profiles.correct({"employees": 90}, version)
    assert profiles.kept().profile.employees == 60


def test_a_wrong_value_changes_nothing(database: Database) -> None:
    profiles = Profiles(database, "li")
    profiles.allow(True)
    with pytest.raises(BadInput, match="一共多少人"):
        profiles.correct({"employees": "很多"}, profiles.kept().version)
    assert not profiles.kept().facts


def test_an_assessment_is_taken_up_again_and_belongs_to_one_person(database: Database) -> None:
    begun = Assessments(database, "li").begin({"行业": "注塑"})
    changed = Assessments(database, "li").change(begun.id, 0, {"行业": "注塑", "答案": {"1": "A"}})
    assert Assessments(Database(database.path), "li").get(begun.id) == changed and not changed.finished
    with pytest.raises(BadInput, match="另一个窗口"):
        Assessments(database, "li").change(begun.id, 0, {})
    with pytest.raises(BadInput, match="没有这次评估"):
        Assessments(database, "wang").get(begun.id)
    assert Assessments(database, "li").change(begun.id, 1, {}, {"level": 2}).finished
    Assessments(database, "wang").forget(begun.id)
    assert len(Assessments(database, "li").all()) == 1


def test_a_page_filled_in_is_there_again_and_an_older_tab_is_told(database: Database) -> None:
    assert plans.plan(database, "li", "subsidy") == ({}, 0)
    assert plans.keep(database, "li", "subsidy", {"地区": "宁波"}, 0) == 1
    assert plans.plan(database, "li", "subsidy") == ({"地区": "宁波"}, 1)
    with pytest.raises(BadInput, match="另一个窗口"):
        plans.keep(database, "li", "subsidy", {}, 0)


def test_a_thumb_is_for_ones_own_turn_and_the_last_one_counts(database: Database) -> None:
    turn = history(database, "li").add("a", Turn("q", "q", "a"))
    with pytest.raises(BadInput):
        feedback.give(database, "wang", turn, True)
    feedback.give(database, "li", turn, True)
    feedback.give(database, "li", turn, False, "看不懂", "太长")
    assert feedback.given_by(database, "li") == [{"question": "q", "good": False, "reason": "看不懂", "note": "太长"}]
    assert feedback.of_turns(database, [turn]) == {turn: False}


@pytest.mark.parametrize("name", ["", "a b", "../x", ".x", "a" * 65, "a/b", "x\ny", "<b>"])
def test_a_name_that_cannot_be_one_is_refused(database: Database, name: str) -> None:
    with pytest.raises(BadInput):
        people.add(database, name)
    assert people.names(database) == []


def test_everything_of_a_person_can_be_taken_out_and_erased_to_the_last_byte(database: Database) -> None:
    for name in ("li", "wang"):
        people.add(database, name)
        turn = history(database, name).add("a", Turn(f"机密{name}问题", "", ""))
        feedback.give(database, name, turn, True, note=f"机密{name}意见")
        Profiles(database, name).allow(True)
        Profiles(database, name).correct({"name": f"机密{name}厂"}, 1)
        Assessments(database, name).begin({"备注": f"机密{name}评估"})
        plans.keep(database, name, "roadmap", {"行业": f"机密{name}计划"}, 0)
    out = json.dumps(people.everything(database, "li"), ensure_ascii=False)
    assert all(f"机密li{what}" in out for what in ("问题", "意见", "厂", "评估", "计划")) and "wang" not in out
    people.erase(database, "li")
    assert people.names(database) == ["wang"]
    left = b"".join(part.read_bytes() for part in database.path.parent.glob("conversations.db*"))
    assert "机密li".encode() not in left and "机密wang".encode() in left


def test_opening_a_new_file_waits_for_another_program_that_is_just_writing_it(database: Database) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
        history(database, "li").add("a", Turn("问", "问", "答"))
    assert [turn.question for turn in history(database, "li").turns("a")] == ["问"]


def filled(database: Database) -> Profiles:
    """Something in every table, also changed after it was written first."""
    cited = Citation(1, "s", "题", "一", "s/1", "原话")
    turn_id = history(database, "li").add("a", Turn("q", "q", "答 [1]", None, True, "local", (cited,)))
    profiles = Profiles(database, "li")
    profiles.allow(True)
    for employees in (58, 60):
        profiles.learn(lambda known, n=employees: Profile(employees=n, revenue_wan=3000.0), "chat", "我们有六十人")
    assessments = Assessments(database, "li")
    begun = assessments.begin({"answers": {"1": 2.5, "2": [True, None]}})
    assessments.change(begun.id, begun.version, {"answers": {"1": 3}}, {"level": "二级"})
    plans.keep(database, "li", "roadmap", {"预算": 12.5}, plans.keep(database, "li", "roadmap", {}, 0))
    feedback.give(database, "li", turn_id, True, "", "好")
    feedback.give(database, "li", turn_id, False, "不准", "数不对")
    return profiles


def test_every_row_that_the_store_writes_and_changes_is_known_as_written(database: Database) -> None:
    filled(database)
    assert soundness.wrong(database.path, 1, HEAD) == ""
    with closing(sqlite3.connect(database.path)) as db:
        for table in Table.metadata.tables:
            rows, known = db.execute(f"SELECT count(*), count(nullif(digest, '')) FROM {table}").fetchone()
            assert rows == known > 0


@pytest.mark.parametrize(
    "change",
    [
        "fact SET value = '68'", "turn SET answer = '答 [2]'", "assessment SET result = '{\"level\": \"三级\"}'",
        "plan SET arguments = '{\"预算\": 13.5}'", "feedback SET good = 1", "conversation SET title = 'p'", "person SET keeps_profile = 0",
    ],
)  # fmt: skip
def test_a_row_that_says_something_else_than_was_written_is_not_told_to_anybody(
    database: Database, change: str
) -> None:
    filled(database)
    with closing(sqlite3.connect(database.path)) as db, db:
        db.execute(f"UPDATE {change}")
    assert change.split()[0] in soundness.wrong(database.path, 1, HEAD)
    mended = Database(database.path)
    history(mended, "li").talks()
    assert "救了出来" in mended.notices[0] and soundness.wrong(database.path, 1, HEAD) == ""


def test_a_row_with_half_a_character_is_left_out_and_the_others_stay(database: Database) -> None:
    filled(database)
    turns = len(history(database, "li").talks())
    with closing(sqlite3.connect(database.path)) as db, db:
        db.execute("UPDATE fact SET value = CAST(x'E997' AS TEXT)")
    assert "decode" in soundness.wrong(database.path, 1, HEAD)
    mended = Database(database.path)
    assert len(history(mended, "li").talks()) == turns > 0
    assert "救了出来" in mended.notices[0] and soundness.wrong(database.path, 1, HEAD) == ""


def test_what_was_mended_is_said_once_with_the_next_answer(database: Database) -> None:
    filled(database)
    with closing(sqlite3.connect(database.path)) as db, db:
        db.execute("DROP TABLE plan")
    mended = Database(database.path)
    li = history(mended, "li")
    assert li.turns("a") and "坏了" in li.told()[0] and li.told() == []
    profile = Profiles(mended, "li").kept().profile
    assert (profile.employees, profile.revenue_wan) == (60, 3000)
