"""All that an amount is held to before it is shown."""

from __future__ import annotations

from collections.abc import Callable

from assistant.document.worked.caps import bands, general_caps, other_caps, own_caps, thresholds
from assistant.document.worked.counted import all_counted, net, taken_off
from assistant.document.worked.meant import a_rule, adjusted, excluded, related, siblings
from assistant.document.worked.reckoning import Worked

GUARDS: tuple[Callable[[Worked], None], ...] = (
    a_rule, own_caps, other_caps, general_caps, thresholds, bands, related, siblings, adjusted, excluded, all_counted, net, taken_off,
)  # fmt: skip


def check(worked: Worked) -> None:
    """Raise Refused, with what a model can mend, where an amount passes over what its notice or its question says."""
    for guard in GUARDS:
        guard(worked)
