"""What tells who somebody is or how large their firm is goes to another machine as a sign, and comes back as it was.

Phone and identity numbers, e-mail addresses and full company names by their form; the firm's own name, headcount and amounts
because the conversation has told them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tools.firm.amounts import money, people
from tools.firm.profile import Profile

FORMS = {
    "邮箱": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "证件号": r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10})(?![0-9A-Za-z])",
    "电话": r"(?<!\d)(?:1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}-\d{7,8}|400-?\d{3}-?\d{4})(?!\d)",
    "企业": r"[\u4e00-\u9fff（）()]{2,20}?(?:有限责任公司|股份有限公司|有限公司)",
}
_OPEN, _CLOSE = "〔", "〕"
_LONGEST = 12
"""More characters than a sign has."""


class Mask:
    """The signs of one request. firm: what is known of the asker's firm."""

    def __init__(self, firm: Profile) -> None:
        self._firm = firm
        self._signs: dict[str, str] = {}
        self._words: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """The text with signs; the same words get the same sign."""
        if self._firm.name:
            text = text.replace(self._firm.name, self._sign("企业", self._firm.name))
        for kind, form in FORMS.items():
            text = re.sub(form, lambda found, kind=kind: self._sign(kind, found[0]), text)  # type: ignore[misc]
        return self._without_figures(text)

    def _without_figures(self, text: str) -> str:
        firm = self._firm
        amounts = {firm.revenue_wan, firm.assets_wan, firm.budget_wan} - {None}
        own = [a for a in people(text) if firm.employees is not None and int(a.value) == firm.employees]
        own += [a for a in money(text) if round(a.value, 2) in {round(v, 2) for v in amounts if v is not None}]
        for amount in sorted(own, key=lambda a: -a.start):
            text = text[: amount.start] + self._sign("数", text[amount.start : amount.end]) + text[amount.end :]
        return text

    def _sign(self, kind: str, words: str) -> str:
        if words not in self._signs:
            sign = f"{_OPEN}{kind}{len(self._signs) + 1}{_CLOSE}"
            self._signs[words], self._words[sign] = sign, words
        return self._signs[words]

    def show(self, pieces: Iterable[str]) -> Iterator[str]:
        """Pieces of an answer with the words back in place of their signs."""
        kept = ""
        for piece in pieces:
            kept += piece
            at = kept.rfind(_OPEN)
            whole = at < 0 or _CLOSE in kept[at:] or len(kept) - at > _LONGEST
            ready, kept = (kept, "") if whole else (kept[:at], kept[at:])
            if ready:
                yield self._back(ready)
        if kept:
            yield self._back(kept)

    def _back(self, text: str) -> str:
        for sign, words in self._words.items():
            text = text.replace(sign, words)
        return text
