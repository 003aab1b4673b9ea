"""Spaces: which documents a person may see. Everyone sees the public space; a private one is seen by its user alone.

A space with another name is shared: whoever knows the name may open it by naming it.
"""

from __future__ import annotations

import re

from core.errors import BadInput
from core.types import PUBLIC_SPACE

PRIVATE = "user:"
"""How the name of a private space begins; the user's name follows."""
OWN = ("我的", "mine")
"""What a person calls the private space of one's own."""
USER_NAME = re.compile(r"[\w\-.]{1,64}")
"""A user's name, as the setting `user` allows it."""
OF_CHAT_APPS = re.compile(r"(?:telegram|wecom|feishu|dingtalk|wechat)-", re.IGNORECASE)
"""How the names begin that the bots give to the users of their apps; who types a name may not take one of these."""
_NAME = re.compile(r"[\w:.-]{1,80}")


def may_be_typed(name: str) -> bool:
    """Whether somebody who names himself may have this name."""
    return bool(USER_NAME.fullmatch(name)) and not name.startswith(".") and not OF_CHAT_APPS.match(name)


def private_space(user: str) -> str:
    """The name of a user's private space."""
    return PRIVATE + user


def checked_space(space: str) -> str:
    """The name of a space; BadInput where it is none."""
    if not _NAME.fullmatch(space):
        raise BadInput("资料空间的名字不能用。", "用 1 到 80 个字：汉字、字母、数字、点、冒号、连字符或下划线。")
    return space


def space_for(space: str, user: str) -> str:
    """A space as `user` names it, “我的” being the own one; BadInput for another's, whether there is one or not."""
    if space in OWN:
        return private_space(user)
    checked_space(space)
    if space.casefold().startswith(PRIVATE) and space != private_space(user):
        raise BadInput("这是别人的私有资料空间，不能用。", "自己的私有空间写作“我的”；共享的空间另起一个名字。")
    return space


def visible_spaces(user: str, space: str | None = None) -> tuple[str, ...]:
    """The spaces a question of `user` is answered from: the public one, the own one, and one that is named."""
    named = [space_for(space, user)] if space else []
    return tuple(dict.fromkeys((PUBLIC_SPACE, private_space(user), *named)))


def may_see(user: str, space: str) -> bool:
    """Whether `user` may see what is in a space."""
    return not space.casefold().startswith(PRIVATE) or space == private_space(user)
