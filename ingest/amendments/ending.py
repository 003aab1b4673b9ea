"""Which documents a text ends, replaces or lets hold on: in a sentence, in its title, or in a list or table of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.cut import mark_end, unmarked
from core.dates import DATE, calendar_day, later, read_date, small_number
from corpus.naming import NUMBER, number_in
from ingest.amendments.amendment import DEADLINE, Amendment, Kind
from ingest.amendments.clause import PATH
from ingest.amendments.quoting import TITLE, Hidden

_OVER = "废止|失效|停止执行|暂停执行|不再执行|停止实施|终止执行|终止实施|中止执行"
_HOLDS_ON = "继续有效|继续执行|继续施行|继续实施|继续适用|恢复执行"
_NUMBERED = rf"(?:{NUMBER})"
_ONE = rf"(?:原有?的?|此前印发的)?\s*(?:{TITLE}\s*(?:[（(][^（）()]{{0,60}}(?:[（(][^（）()]*[)）][^（）()]*)?[)）])?|{_NUMBERED})(?:文件?|通知)?"
_NOT_A_CLAUSE = rf"(?!\s*(?:[（(][^（）()]{{0,60}}(?:[（(][^（）()]*[)）][^（）()]*)?[)）])?\s*(?:文件?|通知)?\s*(?:中的?|的|里)?\s*{PATH})"
_SEVERAL = rf"{_ONE}(?:\s*(?:、|，|和|与|及|以及)\s*{_ONE})*"
_GAP = (
    rf"(?:等[^，。；]{{0,14}}(?:文件|规定|通知|办法)|[，,]|同时|即行|相应|予以|一并|均|现|现已|已经|已|自动|立即|正式|全部|全文|宣布|随之|也|于|从|自|起|{DATE}|本[^，。；]{{1,14}}之日"
    r"|决定|经[^，。；]{2,12}[，,]|不再适用|的?(?:规定|有关规定))*"
)
_ENDED = re.compile(rf"(?P<whom>{_SEVERAL})\s*(?P<gap>{_GAP})\s*(?P<verb>{_OVER})(?!日期|后|的)")
_ENDS = re.compile(
    rf"(?<![不未])(?P<verb>废止|停止执行|暂停执行|终止执行|停止实施|中止执行)\s*了?[:：]?\s*(?P<whom>{_SEVERAL}){_NOT_A_CLAUSE}"
)
_UNLESS = re.compile(r"届满|期满|到期|如果|如遇|若|除非|不因|未被|尚未|拟|建议|是否|之前|以前")
_IN_TITLE = re.compile(
    rf"(?P<verb>废止|宣布失效|停止执行|暂停执行|终止执行|停止实施|中止执行)[^，。]{{0,6}}?(?P<whom>{_SEVERAL}){_NOT_A_CLAUSE}"
)
_NEW_EDITION = re.compile(rf"(?:修订|重新)\s*(?:后?的?)?(?:印发|发布|公布|颁布)\s*(?P<whom>{TITLE})")
_TERM = r"(?:有效期限?|执行期限?|施行期限?|实施期限?|试行期限?|适用期限?|期限|执行时间|有效时间)"
_LAST_DAY = r"(?:申报|报名|受理|提交|报送|征集|申请)(?:材料)?的?(?:截止)?(?:时间|日期|期限|期)?"
_LONGER = "延长|延续|延期|顺延|展期|延至|调整|变更|推迟"
_UNTIL = re.compile(
    rf"(?P<verb>{_LONGER}|继续(?:执行|有效|施行|实施|适用)?)[^，。；\d]{{0,10}}?(?:至|到|为)?\s*(?P<day>{DATE})"
)
_BY = re.compile(
    rf"(?P<term>{_TERM})?[^，。；\d]{{0,8}}?(?:延长|延续|延期|顺延|展期)\s*(?P<count>\d{{1,2}}|[一二两三四五六七八九十]{{1,2}})\s*(?P<unit>年|个月)"
)
_FOR = re.compile(rf"{_TERM}\s*(?:为|是)?\s*(?P<count>\d{{1,2}}|[一二两三四五六七八九十]{{1,2}})\s*(?P<unit>年|个月)")
_VALID_TO = re.compile(rf"(?:有效期限?|执行期限?|继续(?:有效|执行|施行))[^，。；\d]{{0,6}}(?:至|到)\s*(?P<day>{DATE})")
_FROM = re.compile(rf"[自从]\s*(?P<day>{DATE})\s*起")
_LISTS = re.compile(
    rf"(?:下列|以下|下述|所列|附后|如下)[^。]{{0,40}}?(?P<one>{_OVER}|{_HOLDS_ON})|(?P<two>{_OVER}|{_HOLDS_ON})[^。\ue002]{{0,30}}?(?:如下|下列|以下)"
    rf"|(?:决定|予以|宣布|现将)[^。\ue002]{{0,30}}?(?P<three>{_OVER}|{_HOLDS_ON})[^。\ue002]{{0,20}}[:：]$"
)
_CATALOGUE = re.compile(
    rf"^[^。；]{{0,40}}?(?P<verb>{_OVER}|{_HOLDS_ON}|保留|修改|修订|清理)[^。；]{{0,24}}(?:目录|清单|名单|一览表|明细表?)[^。；]{{0,12}}$"
)
_TITLED = re.compile(
    r"(?:通知|公告|通告|决定|意见|办法|细则|规定|条例|方案|措施|规划|计划|要点|指南|规程|规范|标准|目录|批复|令|政策|制度|预案|若干\S{1,6})(?:[（(][^（）()]{1,20}[)）])?$"
)
LONGEST = 4000
"""A longer sentence, its quotations aside, is none."""


@dataclass(frozen=True)
class _List:
    """What is done to the documents of a list; verb is empty where nothing is."""

    verb: str = ""


def endings(hidden: Hidden, lines: Sequence[str], title: str, default: tuple[str, str]) -> Iterator[Amendment]:
    """The documents that a text ends, replaces or lets hold on.

    lines: of the hidden text; title: of the document itself, hidden too; default: title and number of the document that its
    title is about.
    """
    yield from _of_title(hidden, title)
    about_ends = bool(re.search(rf"{_OVER}|清理", title))
    listed = _List(_verb(title) if about_ends and not re.search(TITLE, title) else "")
    header: list[str] = []
    for line in lines:
        if re.sub(r"\s", "", line) == title:
            continue
        intro = _LISTS.search(line) or (_CATALOGUE.search(line) if len(line) <= 60 else None)
        if intro and not (mark_end(line) and _entry(hidden, line, ()) and not line.endswith(("目录", "清单"))):
            verb = next((v for v in intro.groups() if v), "")
            listed = _List("" if "拟" in line or verb in {"保留", "修改", "修订", "清理"} else verb)
            header = []
        elif _is_header(line):
            header = [cell.strip() for cell in line.split("|")]
            continue
        elif listed.verb and (found := _entry(hidden, line, header)):
            yield _done(found, listed.verb)
            continue
        for sentence in (s for s in re.split(r"(?<=[。；;])", line) if len(s) <= LONGEST):
            yield from _of_sentence(hidden, sentence, about_ends)
            yield from _extended(hidden, sentence, default)


def _verb(text: str) -> str:
    found = re.search(_OVER, text)
    return found[0] if found else ""


def _of_title(hidden: Hidden, title: str) -> Iterator[Amendment]:
    if found := _IN_TITLE.search(title):
        verb = found["verb"].removeprefix("宣布")
        yield from (Amendment(*one, "ends", new=verb) for one in whom(hidden, found["whom"]))
    elif found := _NEW_EDITION.search(title):
        yield from (Amendment(*one, "replaces") for one in whom(hidden, found["whom"]))


def whom(hidden: Hidden, words: str) -> list[tuple[str, str]]:
    """The documents of a list as (title, number)."""
    found = []
    for one in re.finditer(_ONE, words):
        title = hidden.titled(one[0])
        number = number_in(re.sub(TITLE, "", one[0]))
        if title and not number and (told := re.search(r"[（(](.{4,50}?号)[^（）()]{0,12}[)）]$", one[0])):
            number = re.sub(r"\s", "", told[1])
        found.append((title, number))
    return [one for one in found if any(one)]


def _of_sentence(hidden: Hidden, sentence: str, about_ends: bool) -> Iterator[Amendment]:
    if _UNLESS.search(re.sub(rf"{TITLE}|之日", "", sentence)):
        return
    since = _since(sentence)
    for found in (*_ENDED.finditer(sentence), *_ENDS.finditer(sentence)):
        if re.search(rf"{PATH}\s*$", sentence[: found.start()]):  # 附件1《申报书》 is a part of another document
            continue
        gap = found.groupdict().get("gap") or ""
        replaces = found["verb"] in {"废止", "停止执行"} and not about_ends
        replaces = replaces and ("同时" in gap or "原" in found["whom"][:2] or "相应" in gap)
        kind: Kind = "replaces" if replaces else "ends"
        for one in whom(hidden, found["whom"]):
            yield Amendment(*one, kind, new="" if replaces else found["verb"], since=since)


def _since(sentence: str) -> str:
    found = _FROM.search(sentence)
    day = read_date(found["day"]) if found else None
    return day.isoformat() if day else ""


def _extended(hidden: Hidden, sentence: str, default: tuple[str, str]) -> Iterator[Amendment]:
    """That a document holds longer, or longer takes applications."""
    named = [one for found in re.finditer(_SEVERAL, sentence) for one in whom(hidden, found[0])]
    if not (named or any(default)) or re.search(r"认定|称号|资质|证书|合同", sentence):
        return
    new, clause = "", ""
    if found := _UNTIL.search(sentence):
        before, verb = sentence[: found.start("verb")], found["verb"]
        of_last, of_term = re.search(_LAST_DAY, before), re.search(_TERM, before)
        if not (of_last or of_term) and (verb in {"调整", "变更", "推迟"} or not (named or "继续" in verb)):
            return
        day = read_date(found["day"])
        new, clause = day.isoformat() if day else "", DEADLINE if of_last else ""
    elif found := _BY.search(sentence):
        new = f"+{small_number(found['count']) * (12 if found['unit'] == '年' else 1)}"
    elif re.search(_HOLDS_ON, sentence):
        if not named and not re.search(r"原[^，。]{0,4}(?:文件|办法|通知|规定)|本[^，。]{0,4}办法", sentence):
            return
        new = _term(sentence)
    else:
        return
    for title, number in named[:1] if clause else named or [default]:
        yield Amendment(title, number, "extends", clause, new=new)
    if clause and not named:
        yield Amendment(*default, "extends", clause, new=new)


def _term(sentence: str) -> str:
    """Until when by a sentence: a day, a term from a day that it names, else nothing."""
    if (found := _VALID_TO.search(sentence)) and (day := read_date(found["day"])):
        return day.isoformat()
    begins, term = _since(sentence), _FOR.search(sentence)
    if begins and term:
        months = small_number(term["count"]) * (12 if term["unit"] == "年" else 1)
        first = calendar_day(*(int(part) for part in begins.split("-")))
        end = later(first, months) if first else None
        return end.fromordinal(end.toordinal() - 1).isoformat() if end else ""
    return ""


def _is_header(line: str) -> bool:
    return (
        "|" in line
        and not re.search(r"\d{4}", line)
        and bool(re.search(r"名\s*称|标\s*题|文\s*号|字\s*号|题\s*目", line))
    )


def _entry(hidden: Hidden, line: str, header: Sequence[str]) -> Amendment | None:
    """The document that a line of a list or a row of a table names."""
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) == 1 and not mark_end(line) and not re.match(rf"\s*{TITLE}|\s*{_NUMBERED}", line):
        return None
    if len(cells) == 1:
        text = unmarked(line).strip().rstrip("；;。")
        number = next(
            (
                n
                for part in re.findall(r"[（(]([^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)*)[)）]", text)
                if (n := number_in(part))
            ),
            "",
        )
        plain = re.split(r"\s*[（(](?=[^（）()]*(?:[（(]\d{4}|[〔\[【]|号))", text)[0].strip()
        if not number and (found := re.search(NUMBER, re.sub(TITLE, "", text))):
            number, plain = number_in(found[0]), text.replace(found[0], "").strip(" ，、,")
    else:
        number = next((n for cell in cells if (n := number_in(cell)) and len(cell) <= 40), "")
        named = [c for c in cells if re.search(TITLE, c) or _TITLED.search(c) or "关于" in c]
        plain = max((c for c in named if not re.fullmatch(NUMBER, c)), key=len, default="")
    title = hidden.shown(plain)
    if re.fullmatch(rf"{TITLE}", plain.strip()):
        title = hidden.titled(plain)
    is_title = bool(re.fullmatch(TITLE, plain.strip()) or _TITLED.search(plain)) and "。" not in plain
    if not (is_title or number) or len(title) > 120:
        return None
    until = next(
        (
            d
            for name, c in zip(header, cells, strict=False)
            if re.search(r"有效期|失效|截止", name) and (d := read_date(c))
        ),
        None,
    )
    return Amendment(title if is_title else "", number, "ends", new=until.isoformat() if until else "")


def _done(entry: Amendment, verb: str) -> Amendment:
    """What is done to a document of a list."""
    if re.fullmatch(_HOLDS_ON, verb):
        return replace(entry, kind="extends")
    return replace(entry, new=verb)
