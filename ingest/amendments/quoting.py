"""A text whose quotations and titles are put aside, so that what is said of them can be read as a regular language."""

from __future__ import annotations

import re
from dataclasses import dataclass

QUOTE = "\ue000\\d+\ue001"
TITLE = "\ue002\\d+\ue003"
"""The marks that stand for a quotation and for a title in 《》."""
LONGEST = 3000
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』"}
_TITLES = re.compile(r"《([^《》\n]*(?:《[^《》\n]*》[^《》\n]*)*)》")


@dataclass(frozen=True)
class Hidden:
    """text: with marks in place of quotations and titles; quotes, titles: what they stand for, without their brackets."""

    text: str
    quotes: tuple[str, ...]
    titles: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Hidden:
        quotes: list[str] = []
        titles: list[str] = []
        out, at = "", 0
        while at < len(text):
            end = _closed(text, at)
            if end:
                quotes.append(re.sub(r"\n[“「]", "\n", text[at + 1 : end - 1]))
                out += f"\ue000{len(quotes) - 1}\ue001"
            else:
                out += text[at]
            at = end or at + 1

        def aside(title: re.Match[str]) -> str:
            titles.append(title[1])
            return f"\ue002{len(titles) - 1}\ue003"

        return cls(_TITLES.sub(aside, out), tuple(quotes), tuple(titles))

    def shown(self, text: str) -> str:
        """A part of the text as it was."""
        text = re.sub(r"\ue002(\d+)\ue003", lambda m: f"《{self.titles[int(m[1])]}》", text)
        return re.sub(r"\ue000(\d+)\ue001", lambda m: f"“{self.quotes[int(m[1])]}”", text)

    def quoted(self, marks: str) -> list[str]:
        """The quotations of a part of the text, in order."""
        return [self.quotes[int(n)].strip() for n in re.findall("\ue000(\\d+)\ue001", marks)]

    def titled(self, mark: str) -> str:
        """The title of a part that holds one; empty where it holds none."""
        found = re.search("\ue002(\\d+)\ue003", mark)
        return self.shown(self.titles[int(found[1])]) if found else ""


def _closed(text: str, at: int) -> int:
    """Where the quotation that begins at a place ends, after its mark; 0 where none begins there or it is never closed.

    Of a quotation of several paragraphs each begins with the mark and only the last ends with it.
    """
    opener = text[at]
    if opener == '"':
        line = text.find("\n", at)
        end = text.find('"', at + 1, line if line > 0 and text[at - 1 : at] not in "：:为" else at + LONGEST)
        return end + 1
    closer = _PAIRS.get(opener, "")
    depth = 0
    for end in range(at, min(len(text), at + LONGEST)) if closer else ():
        if text[end] == opener and (end == at or text[end - 1] != "\n"):
            depth += 1
        elif text[end] == closer:
            depth -= 1
            if not depth:
                return end + 1
    return 0
