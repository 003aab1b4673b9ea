"""What a document says of others: which it changes, ends, replaces or lets hold on, as a list of amendments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.cut import mark_end
from core.dates import DATE, read_date
from corpus.naming import NUMBER, names, number_in, number_key
from ingest.amendments.amendment import CLAUSES, Amendment
from ingest.amendments.clause import PATH, Step, mark
from ingest.amendments.ending import LONGEST, endings, whom
from ingest.amendments.quoting import QUOTE, TITLE, Hidden
from ingest.amendments.rewording import Reader, compared, is_comparison
from ingest.letterhead import organs
from ingest.metadata import Metadata

MOST = 1000
MOST_LINES = 30
"""So many lines at most are the new text of one clause that is not in quotation marks."""
_SPEAKS = re.compile(
    r"修改|修订|修正|改为|调整|变更|更正|补充|完善|删|增加|应为|提高|降低|废止|失效|停止执行|暂停执行|终止|中止|不再执行|继续有效|继续执行|恢复执行|延长|延期|延续|顺延"
)
_NO_RULE = re.compile(
    r"征求意见|公开征集|草案|送审稿|讨论稿|解读|问答|图解|一图读懂|起草说明|新闻|报道|讲话|培训|说明$"
)
_CHANGES = "修改|修订|修正|调整|变更|更正|补充|完善|勘误"
_TITLE_CHANGES = re.compile(rf"(?:{_CHANGES})|延长|延期|顺延|继续|停止执行|暂停执行|废止")
_WORD_CHANGES = re.compile(_CHANGES)
_PLAIN_TITLE = re.compile(
    rf"关于(?:{_CHANGES}|延长|废止|停止执行|暂停执行)(?P<name>[^《》\ue002]{{6,60}}?)(?:部分|有关|相关|个别)?(?:条款|内容|有效期限?|执行期限?|申报时间)?的?(?:通知|公告|决定|函)$"
)
_PUBLISHES = re.compile(rf"(?:印发|发布|公布|贯彻|落实|解读|宣传)[^，。]{{0,8}}{TITLE}")
_CITES = re.compile(r"(?:根据|按照|依据|依照|遵照|参照|落实|贯彻|经|按|符合|违反)\s*(?:了|原)?$")
_BRACKET = r"(?:\s*[（(][^（）()]{0,80}(?:[（(][^（）()]*[)）][^（）()]*)?[)）])?"
_ONE = rf"(?:(?P<title>{TITLE})(?P<bracket>{_BRACKET})|(?P<number>{NUMBER})(?:文件?|通知)?)"
_ABOUT = re.compile(rf"{_ONE}(?P<after>[^，。；]{{0,14}})")
_AIMED = re.compile(rf"^\s*(?:中的?|的|里)?\s*(?:{PATH}|有关|部分|相关|个别|作|做|进行|修改|修订|修正|调整|{QUOTE})")
_TAKEN = re.compile(r"(?:将|对|把|修改|修订|修正|调整)\s*$")
_ALIAS = re.compile(
    rf"(?P<title>{TITLE})\s*[（(](?P<inside>[^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)?以下简称\s*(?P<alias>[^（）()]{{2,20}}?))[)）]"
)
_LEADS = re.compile(
    r"(?:如下|以下|下列)[^。]{0,10}(?:修改|修订|修正|调整|补充|更正)|(?:修改|修订|修正|调整|更正|补充)[^。]{0,6}(?:如下|以下|下列)|[:：]\s*$"
)
_HEADING = re.compile(QUOTE + r"(?=(?:部分|一节|一章)?(?:中的?|的|里))")
_FROM = re.compile(rf"自\s*({DATE})\s*起")
Target = tuple[str, str]


def read(lines: Sequence[str], metadata: Metadata) -> tuple[Amendment, ...]:
    """The amendments of an official document, in its order. lines: its paragraphs and, cells parted by |, its rows of tables.

    None of a draft, of what explains a rule, or of a paper that no authority has signed and whose title does not say so.
    """
    title = metadata.value("title")
    official = metadata.value("doc_no") or metadata.value("issuer") or _TITLE_CHANGES.search(title)
    if not official or _NO_RULE.search(title) or not any(_SPEAKS.search(line) for line in lines):
        return ()
    hidden = Hidden.of("\n".join((title, *lines)))
    first, _, rest = hidden.text.partition("\n")
    body = _with_headings(rest, hidden).split("\n")
    default = _of_title(first, body, hidden)
    found = [*endings(hidden, body, first, default), *_changed(hidden, body, default)]
    own = set(names(title)), number_key(metadata.value("doc_no"))
    found = [
        one for one in found if any((one.title, one.number)) and (one.kind == "replaces" or not _is_self(one, own))
    ]
    found += _untold(hidden, first, default, found)
    return tuple(dict.fromkeys(_each_once(list(_numbered(found)))))[:MOST]


def _each_once(found: Sequence[Amendment]) -> Iterator[Amendment]:
    """The amendments; of what is said of a document's standing in the title and in the text only what tells more."""
    fullest: dict[tuple[object, ...], Amendment] = {}
    for one in found:
        key = (one.kind, one.clause, one.number or names(one.title)[:1], "" if one.kind not in CLAUSES else one)
        known = fullest.get(key)
        if known is None or bool(one.since) + bool(one.new) >= bool(known.since) + bool(known.new):
            fullest[key] = one
    yield from fullest.values()


def _untold(hidden: Hidden, title: str, default: Target, found: Sequence[Amendment]) -> Iterator[Amendment]:
    """That a document is changed which the title names, where the text did not tell how."""
    if not _WORD_CHANGES.search(re.sub(TITLE, "", title)) or _PUBLISHES.search(title):
        return
    told = {name for one in found for name in (*names(one.title), one.number)}
    for target in [default] if any(default) else [(hidden.titled(one), "") for one in re.findall(TITLE, title)]:
        if told.isdisjoint((*names(target[0]), target[1] or "-")):
            yield Amendment(*target, "unclear")


def _is_self(one: Amendment, own: tuple[set[str], str]) -> bool:
    return bool(one.number and one.number == own[1]) or (not one.number and bool(own[0] & set(names(one.title))))


def _numbered(found: Sequence[Amendment]) -> Iterator[Amendment]:
    """The amendments, each with the number that its title stands with elsewhere in the text."""
    known = {names(one.title): one.number for one in found if one.title and one.number}
    for one in found:
        yield one if one.number else replace(one, number=known.get(names(one.title), ""))


def _with_headings(text: str, hidden: Hidden) -> str:
    """The text in which a quoted heading that names where something stands, “三、支持标准”中的, is a clause: 第三部分."""

    def named(quote: re.Match[str]) -> str:
        opened = mark(hidden.quoted(quote[0])[0])
        if not opened or opened[0].unit not in {"点", "项", "条", "章"}:
            return quote[0]
        unit, number = opened[0].unit, opened[0].number
        return {"点": f"第{number}部分", "项": f"第（{number}）项"}.get(unit, f"第{number}{unit}")

    return _HEADING.sub(named, text)


def _of_title(title: str, lines: Sequence[str], hidden: Hidden) -> Target:
    """The one document that a title says is changed; empty where it says of none or of several."""
    marks = re.findall(TITLE, title)
    if not _TITLE_CHANGES.search(re.sub(TITLE, "", title)) or len(marks) > 1:
        return "", ""
    if marks:
        name = hidden.titled(marks[0])
    else:
        plain = _PLAIN_TITLE.search(title)
        name = hidden.shown(plain["name"]) if plain and not re.search(r"部分|一批|有关", plain["name"][:4]) else ""
    if not name or _PUBLISHES.search(title):
        return "", ""
    for found in re.finditer(_ONE, "\n".join(lines)):
        same = found["title"] and names(hidden.titled(found["title"]))[:1] == names(name)[:1]
        told = whom(hidden, found[0]) if same and "号" in (found["bracket"] or "") else []
        if told and told[0][1]:
            return name, told[0][1]
    return name, number_in(re.sub(TITLE, "", title))


class _Lines:
    """The lines of a text with how far they are read."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.at = 0
        self.tail = ""

    def more(self) -> str:
        """The rest of the present paragraph and the lines after it that are no new point of their own."""
        here = mark(self.lines[self.at])
        taken = [self.tail]
        self.tail = ""
        while self.at + 1 < len(self.lines) and len(taken) <= MOST_LINES:
            line = self.lines[self.at + 1]
            opened = mark(line)
            closes = re.match(r"\s*(?:本(?:通知|决定|公告)|此前|附件\s*[:：])", line) or re.fullmatch(
                rf"\s*{DATE}\s*", line
            )
            if closes or organs(line) or (opened and _goes_on(here[0] if here else None, opened[0])):
                break
            if re.search(rf"{PATH}.{{0,20}}(?:修改为|改为|调整为|删去|删除)", line):
                break
            self.at += 1
            taken.append("\n" + line)
        return "".join(taken)


def _goes_on(here: Step | None, step: Step) -> bool:
    """Whether a point is the next one of the text itself rather than of the clause that it gives."""
    if here is None:
        return step.unit == "点"
    return step.unit == here.unit and step.number.isdecimal() and int(step.number) == int(here.number or 0) + 1


def _changed(hidden: Hidden, lines: Sequence[str], default: Target) -> Iterator[Amendment]:
    """The changes of clauses, each of the document that its sentence, its point or the title names."""
    aliases = {
        names(hidden.shown(found["alias"]))[:1]: whom(hidden, found[0])[0]
        for found in _ALIAS.finditer("\n".join(lines))
    }
    reading = _Lines(lines)
    target, context = default, ""
    target_rank = context_rank = 99.0
    header: list[str] = []
    while reading.at < len(lines):
        line = lines[reading.at]
        cells = [cell.strip() for cell in line.split("|")]
        header = cells if is_comparison(cells) and len(cells) > 1 else header if len(cells) > 1 else []
        if header and any(target):
            yield from compared(header, [hidden.shown(cell) for cell in cells], target) if cells != header else ()
            reading.at += 1
            continue
        opened = mark(line)
        rank = opened[0].rank if opened and opened[0].unit != "条" else None
        if rank is not None:
            line = line[mark_end(line) :] if mark_end(line) else line
            if rank <= context_rank:
                context, context_rank = "", 99.0
            if rank <= target_rank and target_rank >= 0:
                target, target_rank = default, 99.0
        within = context
        parts = re.split(r"(?<=[。；;])", line)
        for at, sentence in enumerate(filter(None, parts)):
            if len(sentence) > LONGEST:
                continue
            if named := _target(hidden, sentence, aliases):
                target, target_rank = named, -1.0 if rank is None else rank
                default = target if rank is None and not any(default) else default
            leads = bool(_LEADS.search(sentence))
            path = re.search(PATH, re.sub(rf"(?:根据|按照|依据|依照){TITLE}{_BRACKET}{PATH}", "", sentence))
            if not any(target):
                continue
            reading.tail = "".join(parts[at + 1 :])
            made = list(Reader(hidden, *target, within, reading.more).read(sentence))
            if path and leads and all(one.kind == "unclear" for one in made):
                context, context_rank, made = path[0], -1.0 if rank is None else rank, []
            since = (day := _FROM.search(sentence)) and read_date(day[1])
            yield from (replace(one, since=since.isoformat()) if since else one for one in made)
            within = path[0] if path else within
            if not reading.tail and parts[at + 1 :]:
                break
        reading.at += 1


def _target(hidden: Hidden, sentence: str, aliases: dict[tuple[str, ...], Target]) -> Target | None:
    """The document that a sentence is about to change; not one that it rests on."""
    cited = 0
    for found in _ABOUT.finditer(sentence):
        before = sentence[: found.start()]
        if _CITES.search(before) or (cited and re.fullmatch(r"\s*[、和及与]\s*", before[cited:])):
            cited = found.end() - len(found["after"])
            continue
        if not (_AIMED.search(found["after"]) or _TAKEN.search(before)):
            continue
        told = whom(hidden, found[0][: len(found[0]) - len(found["after"])])
        if told:
            return aliases.get(names(told[0][0])[:1], told[0]) if told[0][0] else told[0]
    return None
