"""Who may see which space."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from core.spaces import may_see, private_space, space_for, visible_spaces


def test_a_question_is_answered_from_the_public_the_own_and_a_named_space() -> None:
    assert visible_spaces("li") == ("public", "user:li")
    assert visible_spaces("li", "公司") == ("public", "user:li", "公司")
    assert visible_spaces("li", "我的") == visible_spaces("li", "user:li") == visible_spaces("li", "public")


@pytest.mark.parametrize("space", ["user:wang", "User:wang", "USER:li", "user:", "user:li:x"])
def test_another_users_space_is_refused_with_the_same_sentence_whether_there_is_one_or_not(space: str) -> None:
    with pytest.raises(BadInput) as caught:
        space_for(space, "li")
    assert "wang" not in str(caught.value)
    assert not may_see("li", space)


def test_one_sees_ones_own_and_the_shared_spaces() -> None:
    assert all(may_see("li", space) for space in ("public", "公司", private_space("li")))
