"""The parts of an official document that name it: letterhead, number, title, labels of a web page, signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.dates import DATE, read_date
from corpus.places import STATED, places

TITLE_CHARACTERS = 100
_TYPES = (
    "通知|公告|通告|通报|公示|决定|意见|办法|细则|规定|条例|方案|措施|规划|计划|要点|指南|指引|手册|规程|规范|标准|目录|名单"
    "|报告|白皮书|函|批复|解读|政策|说明|须知|纪要|令"
)
_ENDS = re.compile(rf"(?:{_TYPES})(?:[》”]?\s*[（(][^（）()]{{2,30}}[）)])?[》”]?$")
_NAMED = re.compile(
    r"(?:办法|细则|规定|条例|方案|措施|规划|计划|要点|指南|指引|手册|规程|规范|标准|目录|报告|白皮书|解读|意见)(?:[（(][^（）()]{2,30}[）)])?$"
)
"""How a title ends that does not say what it is about: 某某管理办法（试行）."""
_NUMBERED = re.compile(
    r"^(?:[\d一二三四五六七八九十]+[.、．\s]|第[\d一二三四五六七八九十]+[章节部]|[（(][一二三四五六七八九十\d])"
)
_ABOUT = re.compile(r"^(?P<who>[\u4e00-\u9fff、（）()\s]{0,80}?)关于.{2,}")
_OFFICE = re.compile(r"(?:经济|高新|工业|开发|财政|科技|人民|商务|发展)")
"""What an organ's name goes on with after its place's."""
_ORGAN = r"[\u4e00-\u9fff（）()]{2,30}?(?:局|厅|部|委|委员会|政府|办公室|办公厅|办|中心|院|协会|联合会|总局|总行|银行|管委会|指挥部|领导小组|处|署|会|公司|集团|所|站|社|联盟)"
_ORGANS = re.compile(rf"{_ORGAN}(?:[\s、，,/]+{_ORGAN})*")
_NUMBER = (
    r"(?:[\u4e00-\u9fff]{1,16}\s*[〔\[【（(［]\s*(?:19|20)\d{2}\s*(?:年)?[〕\]】）)］]\s*(?:第\s*)?\d{1,5}\s*号"
    r"|(?:19|20)\d{2}年\s*第\s*\d{1,4}\s*号|第\s*\d{1,4}\s*号(?:令)?)"
)
_NUMBER_LINE = re.compile(rf"[（(]?\s*({_NUMBER})\s*[）)]?(?:\s*签发人.*)?")
_ANNOUNCED = re.compile(rf"{_ORGANS.pattern}\s*(?:公告|令)\s*(?:(?:19|20)\d{{2}}年)?\s*第\s*\d{{1,4}}\s*号")
_LABELS = {
    "标题": "title", "名称": "title", "信息名称": "title", "文件名称": "title",
    "发文字号": "doc_no", "文号": "doc_no", "发文文号": "doc_no", "文件编号": "doc_no", "发布文号": "doc_no",
    "发文机关": "issuer", "发布机构": "issuer", "发布单位": "issuer", "发文单位": "issuer", "制定机关": "issuer", "印发机关": "issuer",
    "发布机关": "issuer", "公开主体": "issuer", "信息来源": "issuer", "来源": "issuer", "信息提供单位": "issuer",
    "成文日期": "day", "发文日期": "day", "印发日期": "day", "发布日期": "day", "公布日期": "day", "发布时间": "day", "公开日期": "day",
    "日期": "day", "时间": "day", "生成日期": "day",
}  # fmt: skip
"""The labels of government web pages; their values are looked up by the label itself."""
_LABEL = re.compile(
    rf"(?:^|(?<=[\s|　]))({'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*[:：|]\s*([^|]*?)(?=\s*\||\s+(?:{'|'.join(_LABELS)}|索引号|字号|浏览|阅读|分享|主题词|有效性|体裁|语种|作者)|$)"
)
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff](?:\s|$))")


@dataclass(frozen=True)
class Reading:
    """A field's value, how sure it is (0-1), and the words it rests on."""

    value: str
    confidence: float
    words: str


def labelled(head: Sequence[str]) -> dict[str, str]:
    """What stands behind the labels of a web page: {"发文机关": "苏州市财政局", …}; the first of each counts."""
    found: dict[str, str] = {}
    for line in head:
        for match in _LABEL.finditer(line):
            label = "成文日期" if match[1] == "生成日期" else match[1]
            if value := match[2].strip(" ，,;；"):
                found.setdefault(label, value)
    return found


def _by(labels: Mapping[str, str], meaning: str) -> tuple[str, str] | None:
    return next(
        ((label, labels[label]) for label, means in _LABELS.items() if means == meaning and label in labels), None
    )


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


def title(head: Sequence[str], labels: Mapping[str, str], stated: str, name: str) -> Reading | None:
    """The title: labelled, between number and addressee, marked by the file, or the file's name."""
    if (told := _by(labels, "title")) and len(told[1]) >= 4:
        return Reading(_tight(told[1])[:TITLE_CHARACTERS], 0.95, f"{told[0]}：{told[1]}")
    best = next(_titles(head), None)
    if best:
        return best
    if 4 <= len(stated) <= TITLE_CHARACTERS:
        return Reading(stated, 0.7, "文件自带的标题")
    first = next((line for line in head if _may_be_title(line)), None)
    if first and not _tells(name):
        return Reading(first.lstrip("# ").strip(), 0.5, first)
    return Reading(name, 0.5 if _tells(name) else 0.3, "文件名") if name else None


def _tells(name: str) -> bool:
    """Whether a file's name says what the file is."""
    return sum("\u4e00" <= c <= "\u9fff" for c in name) >= 6


def _titles(head: Sequence[str]) -> Iterator[Reading]:
    """Lines, or up to four lines joined, that read like the title of an official document."""
    for at, line in enumerate(head):
        text = _tight(line.lstrip("# "))
        if is_addressee(text) and at > 1:
            return
        if is_furniture(text) or _NUMBERED.match(text):
            continue
        for more in range(4):
            if more:
                if at + more >= len(head) or _closes(text):
                    break
                following = _tight(head[at + more])
                if is_addressee(following) or is_furniture(following):
                    break
                text += following
            if len(text) > TITLE_CHARACTERS or re.search(r"[。；;！]", text):
                break
            if _closes(text) and (
                _ABOUT.match(text) or (at < 15 and "，" not in text and len(text) >= 8 and _NAMED.search(text))
            ):
                yield Reading(text, 0.95 if _ABOUT.match(text) else 0.8, text)
                return


def _closes(text: str) -> bool:
    """Whether a title may end here; one with an open bracket goes on."""
    return bool(_ENDS.search(text)) and text.count("《") == text.count("》") and text.count("（") == text.count("）")


def is_addressee(text: str) -> bool:
    return len(text) <= 120 and text.endswith(("：", ":")) and not re.match(r"附件|[一二三四五六七八九十]、", text)


def is_furniture(text: str) -> bool:
    """The letterhead, the number, labels, secrecy and urgency marks: what stands above a title."""
    told = bool(re.search(r"截止|申报|受理|起至|提交|万元|[%％]", text))
    return bool(
        _NUMBER_LINE.fullmatch(text)
        or re.fullmatch(rf"{_ORGAN}(?:.*{_ORGAN})?(?:文件|公报|公告|通告|令)?", text)
        or (
            not told
            and re.search(
                r"^(?:索引号|主题分类|发文机关|签发人|特急|加急|急件|秘密|内部|首页|当前位置|您现在的位置|字体|【|分享)|来源[:：]|发布(?:日期|时间)[:：]",
                text,
            )
        )
        or re.fullmatch(r"\d{6,}|[★☆\-—_=*#]+", text)
        or re.fullmatch(DATE, text)
    )


def _may_be_title(line: str) -> bool:
    text = line.lstrip("# ").strip()
    return 4 <= len(text) <= 60 and sum(c.isalpha() for c in text) >= 4 and not re.search(r"[〔〕。；，：:|]", text)


def doc_number(head: Sequence[str], labels: Mapping[str, str]) -> Reading | None:
    """The number that the document bears; numbers that its sentences refer to are not taken."""
    told = _by(labels, "doc_no")
    if told and (found := re.search(_NUMBER, told[1])):
        return Reading(_as_number(found[0]), 0.97, f"{told[0]}：{told[1]}")
    for line in head[:12]:
        if found := _ANNOUNCED.fullmatch(line.strip()):
            return Reading(_tight(line), 0.9, line)
    for line in head:
        if found := _NUMBER_LINE.fullmatch(line.strip()):
            bare = found[1].startswith("第")
            return Reading(_as_number(found[1]), 0.75 if bare else 0.95, line)
        if is_addressee(_tight(line)):
            break
    for line in head[:8]:
        found = re.fullmatch(rf".{{2,60}}?[\s　（(]({_NUMBER})[）)]?", line)
        if found and not re.search(r"[。，,；]|根据|按照|依据", line):
            return Reading(_as_number(found[1]), 0.8, line)
    return None


def _as_number(text: str) -> str:
    """As GB/T 9704 writes it: no blanks, hexagonal brackets."""
    tight = _tight(text)
    return re.sub(r"[\[【（(［]((?:19|20)\d{2})年?[\]】）)］]", r"〔\1〕", tight)


def signature(lines: Sequence[str]) -> tuple[tuple[str, ...], date, str] | None:
    """Who signed and when: organs above a line that is a date, in the document itself rather than in what is attached."""
    best: tuple[tuple[str, ...], date, str] | None = None
    for at, line in enumerate(lines):
        found = re.fullmatch(rf"(?P<who>.{{0,80}}?)\s*[（(]?\s*(?P<day>{DATE})\s*[）)]?", line)
        if not found or at < 2 or re.search(r"印发|[:：|，。]|发布|来源", line):
            continue
        day = read_date(found["day"])
        if day is None:
            continue
        who = organs(found["who"]) or _above(lines, at)
        if who:
            return who, day, " ".join((*who, found["day"]))
        if not found["who"] and at > len(lines) // 2:
            best = best or ((), day, line)
    return best


def _above(lines: Sequence[str], at: int) -> tuple[str, ...]:
    """The organs on the lines right above the line of the date; several sign a joint document."""
    found: list[str] = []
    for line in reversed(lines[max(0, at - 8) : at]):
        own = organs(line)
        if not own:
            break
        found = [*own, *found]
    return tuple(dict.fromkeys(found))


def organs(line: str) -> tuple[str, ...]:
    """The organs that a line consists of; none where it says anything else."""
    text = _SPACED.sub("", line).strip(" （）()盖章")
    if not text or len(text) > 90 or re.search(r"[。，：:；|\d《》]", text) or not _ORGANS.fullmatch(text):
        return ()
    parts = [part for part in re.split(r"[\s、，,/]+", text) if part]
    return tuple(parts) if all(re.fullmatch(_ORGAN, part) and len(part) >= 3 for part in parts) else ()


def issuer(
    head: Sequence[str],
    labels: Mapping[str, str],
    signed: tuple[tuple[str, ...], date, str] | None,
    named: Reading | None,
) -> Reading | None:
    """Who issued the document: the signature, the letterhead, a label, the words before 关于; surer where two agree."""
    told = _by(labels, "issuer")
    if told and not organs(told[1]) and re.search(r"[\d，,。；;]", told[1]):
        told = None  # a sentence after 来源：
    letterhead = _letterhead(head)
    before = _ABOUT.match(named.value) if named else None
    prefix = organs(before["who"]) if before else ()
    ways: list[tuple[tuple[str, ...], float, str]] = []
    if signed and signed[0]:
        ways.append((signed[0], 0.9, signed[2]))
    if told:
        ways.append((organs(told[1]) or (told[1],), 0.9 if "来源" not in told[0] else 0.75, f"{told[0]}：{told[1]}"))
    if letterhead:
        ways.append((letterhead, 0.88, "、".join(letterhead) + "文件"))
    if prefix:
        ways.append((prefix, 0.85, named.value if named else ""))
    if not ways:
        return None
    who, confidence, words = ways[0]
    if any(set(other) & set(who) for other, _, _ in ways[1:]):
        confidence = 0.97
    return Reading("、".join(who), confidence, words)


def _letterhead(head: Sequence[str]) -> tuple[str, ...]:
    """The organs of the red head: one a line, the last or the first with the word 文件."""
    for at, line in enumerate(head[:10]):
        text = _SPACED.sub("", line)
        if not text.rstrip().endswith("文件") or len(text) > 60:
            continue
        own = organs(text.rstrip().removesuffix("文件"))
        if not own:
            continue
        above: tuple[str, ...] = ()
        for near in reversed(head[max(0, at - 5) : at]):
            if not (found := organs(near)):
                break
            above = (*found, *above)
        below: tuple[str, ...] = ()
        for near in head[at + 1 : at + 6]:
            if not (found := organs(near)):
                break
            below = (*below, *found)
        return (*above, *own, *below)
    return next(
        (found for line in head[:3] if (found := organs(re.sub(r"(?:公告|通告|令)$", "", _SPACED.sub("", line))))), ()
    )


def place_of(issuer: Reading | None, named: Reading | None) -> Reading | None:
    """The region a document is for, from who issued it, else from its title; 全国 for the organs of the state."""
    for reading, confidence in ((issuer, 0.9), (named, 0.7)):
        found = (
            [p for p in places(reading.value) if p.strength == STATED or _OFFICE.match(reading.value, p.end)]
            if reading
            else []
        )
        if reading and found and found[0].certain:
            return Reading(found[0].label, confidence, reading.value[:60])
    if issuer and re.search(r"国务院|工业和信息化部|财政部|国家|中国|^(?:科学技术|商务|教育|人力资源)", issuer.value):
        return Reading("全国", 0.9, issuer.value[:60])
    return None
