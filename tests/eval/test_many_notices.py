"""Made-up notices for the large benchmark: the same for the same seed, each asked about by what only it has."""

from __future__ import annotations

from eval.many_notices import notices


def test_the_same_seed_gives_the_same_notices_and_another_one_others() -> None:
    assert list(notices(200)) == list(notices(200))
    assert list(notices(200)) != list(notices(200, seed=8))


def test_each_notice_has_a_name_a_question_and_a_mark_of_its_own_that_stands_in_its_title_only() -> None:
    found = list(notices(2000))
    assert len({n.name for n in found}) == len({n.question for n in found}) == len(found) > 50
    titles = [n.text.split("\n", 1)[0] for n in found]
    assert all(sum(n.mark in title for title in titles) == 1 for n in found)


def test_about_as_many_sections_as_asked_for() -> None:
    sections = sum(notice.text.count("\n\n（") for notice in notices(3000))
    assert 3000 <= sections <= 3100
