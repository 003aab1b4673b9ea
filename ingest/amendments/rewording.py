"""What a sentence changes in the clauses of another document: words, the text of a clause, a clause more or less."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.dates import DATE
from ingest.amendments.amendment import Amendment, Kind
from ingest.amendments.clause import PATH, PATHS, each, joined_to, mark, steps
from ingest.amendments.quoting import QUOTE, TITLE, Hidden

_DO = "修改|改|调整|修订|变更|更改|更正|订正|替换|提高|提升|降低|增加|减少|上调|下调|放宽|延长|缩短|扩大|压减|表述"
_TO = rf"(?:统一|分别|相应|均|都)*(?:(?:{_DO})(?:为|成|到|至)|应为|应改为|应更正为)"
_QUOTES = rf"{QUOTE}(?:\s*[、和及]?\s*{QUOTE})*"
_NOUN = r"(?:字样|字句|一句|一段|的?表述|的?内容|的?规定|一词|等字|的?文字|部分)?"
_IN = r"(?:中的|中|的|里的|里)"
_FIGURE = r"[^，。；：、\s\ue000-\ue003由从至到为]{1,24}?"
_NEW_FIGURE = r"[^，。；：、\s\ue000-\ue003]{1,24}"
_OVER = "删去|删除|删掉|取消|废止|停止执行|暂停执行|终止执行|不再执行|不再适用|失效"
_BRACKET = r"(?:\s*[（(][^（）()]{0,60}(?:[（(][^（）()]*[)）][^（）()]*)?[)）])?"
_AT_ONCE = r"(?:予以|相应|同时|即行|均|一并|现|，|自[^，。]{0,20}起)*"
_DIGIT = re.compile(r"[\d一二三四五六七八九十百千万两半]")
_AMENDS = re.compile(r"修改|修订|调整|改为|删|增加|替换|更正|变更|停止执行")
_GOAL = re.compile(r"为了?(?!\d)|推动|力争|确保|目标|预计|实现")
_OLD, _NEW = r"修改前|修订前|调整前|^原", r"修改后|修订后|调整后|^现|修改为|^新"
SHORTEST = 6
"""New text without quotation marks has at least so many characters."""

RENUMBERED = re.compile(
    rf"(?P<path>{PATH})\s*(?:相应)?(?:修改|改|调整|变更)为\s*{PATH}(?![^，。；]{{0,3}}规定)"
    rf"(?:\s*[，,]\s*(?:并)?(?:将其)?(?:修改|改|修订)为\s*[:：]?\s*(?P<new>{QUOTE}))?"
)
ADDED = re.compile(
    rf"(?:(?:在|于)?\s*(?P<anchor>{PATH})\s*(?P<where>之?后|之?前|后面|前面|中|末尾|最后)?\s*[，,]?\s*)?(?:增加|新增|增设|补充|增补)\s*(?:以下|如下)?"
    r"[一二三四五六两\d]{1,2}\s*个?\s*(?P<unit>[条款项目点])(?:内容|规定)?"
    rf"(?:\s*[，,]?\s*(?:分别)?作为\s*(?P<place>{PATHS}))?\s*[，,]?\s*(?:内容为|表述为)?\s*[:：]?\s*(?P<new>{_QUOTES}|[^\ue000]*$)"
)
INSERTED = re.compile(
    rf"(?P<old>{QUOTE})\s*(?P<where>之?后面?|之?前面?)\s*[，,]?\s*(?:增加|添加|加上|加入|补充|新增)\s*(?P<new>{QUOTE})"
)
WORDS = re.compile(rf"(?P<old>{_QUOTES})\s*{_NOUN}\s*[，,]?\s*{_TO}\s*[:：]?\s*(?P<new>{_QUOTES})")
REWRITTEN = re.compile(
    rf"(?P<path>{PATHS})\s*(?:的?(?:全部)?(?:内容|规定|条文|全文))?\s*[，,]?\s*(?:整体|全文|统一)?"
    rf"(?:修改|改|调整|修订|更改|变更|更正|替换|表述)为\s*(?P<colon>[:：]?)\s*(?P<new>{QUOTE}|[^\ue000]*$)"
)
DROPPED = (
    re.compile(
        rf"(?P<verb>{_OVER})\s*了?\s*(?:{TITLE}{_BRACKET}|其|文)?\s*{_IN}?\s*(?P<path>{PATHS})(?:\s*{_IN}\s*(?P<old>{_QUOTES})\s*{_NOUN})?(?!\s*{_IN})"
    ),
    re.compile(
        rf"(?P<path>{PATHS})(?:\s*{TITLE})?(?:\s*{_IN}?\s*(?P<old>{_QUOTES})\s*{_NOUN})?(?:的?(?:内容|规定|条款|全文))?\s*{_AT_ONCE}\s*(?P<verb>{_OVER})"
    ),
    re.compile(
        rf"(?P<verb>删去|删除|删掉)\s*(?:其中的?|文中的?|{PATHS}{_IN})?\s*(?P<old>{_QUOTES})\s*{_NOUN}(?P<path>)"
    ),
)
FIGURES = (
    re.compile(
        rf"(?:由|从)\s*(?:原来的|原定的|原有的|原|现行的|目前的|此前的)?\s*(?P<old>{_FIGURE})\s*{_TO}\s*(?P<new>{_NEW_FIGURE})"
    ),
    re.compile(rf"(?:{PATH})\s*{_IN}\s*(?:原来的|原)?(?P<old>{_FIGURE})\s*{_TO}\s*(?P<new>{_NEW_FIGURE})"),
)


@dataclass
class Reader:
    """Reads the changes of one sentence. hidden: the whole text; more: takes the lines after the sentence that belong to it."""

    hidden: Hidden
    title: str
    number: str
    context: str
    more: Callable[[], str]

    def read(self, sentence: str) -> Iterator[Amendment]:
        """The amendments of a sentence, in its order, and what else it says is changed."""
        found: list[tuple[int, Amendment]] = []
        left = sentence
        for pattern, of in self._kinds():
            for match in list(pattern.finditer(left)):
                made = list(of(match, sentence))
                if made or pattern is RENUMBERED:
                    left = left[: match.start()] + "\x00" * len(match[0]) + left[match.end() :]
                    found += [(match.start(), one) for one in made]
        if _AMENDS.search(left):
            for path in re.finditer(PATHS, left):
                if (
                    re.search(r"(?:根据|按照|依据|依照|按)\s*$", left[: path.start()])
                    or "\x00" in left[path.end() :][:2]
                ):
                    continue
                if _AMENDS.search(left[path.end() : path.end() + 30].split("\x00")[0]):
                    found += [(path.start(), self._one("unclear", one)) for one in each(path[0])]
        yield from (one for _, one in sorted(found, key=lambda pair: pair[0]))

    def _kinds(self) -> list[tuple[re.Pattern[str], Callable[[re.Match[str], str], Iterator[Amendment]]]]:
        return [
            (RENUMBERED, self._renumbered), (ADDED, self._added), (INSERTED, self._inserted), (WORDS, self._words),
            (REWRITTEN, self._rewritten), *((pattern, self._dropped) for pattern in DROPPED),
            *((pattern, self._figures) for pattern in FIGURES),
        ]  # fmt: skip

    def _one(self, kind: Kind, path: str, old: str = "", new: str = "", quoted: bool = True) -> Amendment:
        clause = re.sub(r"\s|中的|的|中", "", joined_to(self.context, path))
        return Amendment(self.title, self.number, kind, clause, old, new, quoted=quoted)

    def _before(self, match: re.Match[str], sentence: str) -> list[str]:
        """The clauses named last before a change; that of the sentence before where it names none."""
        paths = [found[0] for found in re.finditer(PATHS, sentence[: match.start()])]
        return each(paths[-1]) if paths else [self.context]

    def _words(self, match: re.Match[str], sentence: str) -> Iterator[Amendment]:
        old, new = self.hidden.quoted(match["old"]), self.hidden.quoted(match["new"])
        if len(new) == 1:
            new *= len(old)
        for path in self._before(match, sentence):
            if len(old) != len(new):
                yield self._one("unclear", path)
                continue
            for one, other in zip(old, new, strict=True):
                yield self._one("words", path, *_without_dots(one, other))

    def _figures(self, match: re.Match[str], sentence: str) -> Iterator[Amendment]:
        """A figure without quotation marks; words without them may be told rather than written."""
        old, new = match["old"].strip(), match["new"].strip()
        clause = re.split(r"[，。；]", sentence[: match.start()])[-1]
        known = bool(re.search(PATH, sentence[: match.end()]) or self.context or re.search(TITLE, clause))
        if (
            known
            and not re.search(DATE, new)
            and _DIGIT.search(old)
            and _DIGIT.search(new)
            and not _GOAL.search(clause)
        ):
            inside = re.match(PATH, match[0])
            paths = each(inside[0]) if inside else self._before(match, sentence)
            yield from (self._one("words", path, old, new, quoted=False) for path in paths)

    def _inserted(self, match: re.Match[str], sentence: str) -> Iterator[Amendment]:
        (old,), (new,) = self.hidden.quoted(match["old"]), self.hidden.quoted(match["new"])
        whole = old + new if "后" in match["where"] else new + old
        yield from (self._one("words", path, old, whole) for path in self._before(match, sentence))

    def _rewritten(self, match: re.Match[str], sentence: str) -> Iterator[Amendment]:
        new = self._new(match)
        paths = each(match["path"])
        if len(paths) > 1 and new:
            by_mark = _by_mark(new)
            for path in paths:
                text = by_mark.get(steps(path)[-1].number, "")
                yield self._one("text", path, new=text) if text else self._one("unclear", path)
        elif len(new) >= SHORTEST or match["new"].startswith("\ue000"):
            yield self._one("text", paths[0], new=new)
        else:
            yield from (self._one("unclear", path) for path in paths)

    def _new(self, match: re.Match[str]) -> str:
        """The new text behind a colon or the word 为: quoted, or the rest of the paragraph and the lines that go on with it."""
        if quotes := self.hidden.quoted(match["new"]):
            return "\n".join(quotes)
        return self.hidden.shown(match["new"] + self.more()).strip()

    def _renumbered(self, match: re.Match[str], sentence: str) -> Iterator[Amendment]:
        """A clause that only gets another number stays as it is."""
        if match["new"]:
            yield self._one("text", match["path"], new=self.hidden.quoted(match["new"])[0])

    def _dropped(self, match: re.Match[str], sentence: str) -> Iterator[Amendment]:
        verb = "删去" if match["verb"] in {"删除", "删掉", "取消"} else match["verb"]
        paths = each(match["path"]) if match["path"] else self._before(match, sentence)
        for path in paths:
            if match["old"]:
                yield from (self._one("words", path, old) for old in self.hidden.quoted(match["old"]))
            else:
                yield self._one("drop", path, new=verb)

    def _added(self, match: re.Match[str], sentence: str) -> Iterator[Amendment]:
        new, unit = self._new(match), match["unit"]
        places = each(match["place"]) if match["place"] else []
        anchor = match["anchor"] or ""
        if not new:
            yield self._one("unclear", anchor)
            return
        if anchor and places and steps(places[0])[0].unit in {"款", "项", "目"}:
            places = [joined_to(anchor, place) for place in places]
        if not places:
            places = [_next(joined_to(self.context, anchor), match["where"] or "", unit)]
        texts = self.hidden.quoted(match["new"])
        by_mark = _by_mark(new)
        for at, place in enumerate(places):
            number = steps(place)[-1].number if steps(place) else ""
            whole = new if len(places) == 1 else texts[at] if len(texts) == len(places) else by_mark.get(number, "")
            yield self._one("add", place, new=whole) if whole else self._one("unclear", place)


def compared(header: Sequence[str], row: Sequence[str], target: tuple[str, str]) -> Iterator[Amendment]:
    """What a row of a table changes that shows clauses before and after: 条款 | 修改前 | 修改后."""
    before, after = (next((n for n, cell in enumerate(header) if re.search(what, cell)), -1) for what in (_OLD, _NEW))
    if len(row) != len(header) or min(before, after) < 0 or before == after:
        return
    named = (path[0] for cell in row if cell != row[after] and (path := re.match(rf"\s*({PATH})", cell)))
    clause, old, new = next(named, "").strip(), row[before].strip(), row[after].strip()
    if re.fullmatch(r"(?:删去|删除|取消)[。]?", new):
        yield Amendment(*target, "drop" if clause else "unclear", clause, new="删去")
    elif re.fullmatch(r"(?:无|—|-|/|新增)[。]?", old):
        yield Amendment(*target, "add", clause, new=new)
    elif old and new and old != new:
        yield Amendment(*target, "words", clause, old, new)


def is_comparison(header: Sequence[str]) -> bool:
    """Whether a row is the header of such a table."""
    return any(re.search(_OLD, cell) for cell in header) and any(re.search(_NEW, cell) for cell in header)


def _without_dots(old: str, new: str) -> tuple[str, str]:
    """Old and new words without the dots that stand on both sides for what stays: ……30%补助 and ……45%补助."""
    for cut in (str.lstrip, str.rstrip):
        if cut(old, "…") != old and cut(new, "…") != new:
            old, new = cut(old, "…"), cut(new, "…")
    return old, new


def _next(anchor: str, where: str, unit: str) -> str:
    """Where a clause comes that has no number of its own: 第三条之后的一条 is after it, 第五条增加一款 at its end."""
    own = steps(anchor)
    if own and own[-1].unit == unit and "后" in where:
        return f"{anchor}之后"
    return f"{anchor}末{unit}" if own and own[-1].unit != unit else ""


def _by_mark(text: str) -> dict[str, str]:
    """The clauses of a text by the number that each opens with."""
    found: dict[str, str] = {}
    number = ""
    for line in text.split("\n"):
        if opened := mark(line):
            number = opened[0].number
        found[number] = f"{found[number]}\n{line}" if number in found else line
    return found
