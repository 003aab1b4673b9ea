"""Questions about a document of one's own as a whole, “总结一下我上传的通知”, “我够不够条件”; and whether a firm fits a title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.cite import reference_list
from assistant.history import Turn
from assistant.notices import asked_by_place, asks_of_another, place_of, titled
from assistant.route import NOTE
from assistant.summary import MARKS, Summary, check_fit, closing_days, is_fit, summarise, which
from core.spaces import PRIVATE
from core.types import Source
from corpus.ledger import Document, Ledger
from tools.conditions.own_words import is_question
from tools.conditions.places import is_unlisted
from tools.firm import extraction, titles
from tools.firm.profile import Profile, extract

_SUMS_UP = re.compile(
    r"总结|概括|归纳|摘要|提炼|梳理|(?:讲|说)了?(?:些)?(?:什么|啥)|主要(?:内容|讲|说)|(?:核心|关键)?要点|划(?:个|下)?重点"
)
_FITS = re.compile(
    r"(?:够不够|符不符合|符合不符合|满不满足|够得上|能不能够|是否符合|是否满足|符合|满足|够)[^，。？?]{0,10}(?:条件|要求|资格|标准)"
    r"|(?:能不能|可不可以|能否|可以|能)(?:申报|申请|报名|报)(?:这|那|它|吗|么|[？?]|$)"
)
_MAY = re.compile(r"(?:能不能|可不可以|能否|可以|能|够不够|够格)(?:去)?(?:申报|申请|报名|报|评|认定)")
_THIS = re.compile(
    r"本(?:通知|文件|公告|办法)|上传|传(?:上|给|的)|刚(?:才|刚)?(?:录|发|传|给)|我(?:录|发|传|给)|录入的|这份|那份|这个(?:通知|文件|公告|办法)|那个(?:通知|文件|公告|办法)|我的(?:通知|文件|资料|文档)"
)
_PAPER = re.compile(r"通知|文件|资料|公告|办法|文档|方案|细则|指南|政策|材料|规程")
SHORT_QUESTION = 10
"""A question of no more characters, which names nothing, goes on from what was talked of."""
_WHEN = re.compile(
    r"截止|截至|来得及|最后一天|(?:还|现在|今天|眼下)[^，。？?]{0,8}(?:报|申请|申报|交|受理)[^，。？?]{0,2}[吗么不]|还(?:有|剩)几天"
)


def about_document(
    text: str,
    turns: Sequence[Turn],
    profile: Profile,
    ledger: Ledger,
    spaces: Sequence[str],
    sources: Mapping[str, Source],
    day: date | None = None,
    tool: str = "",
    only: str | None = None,
) -> Summary | None:
    """The answer to a question about an ingested document as a whole; None where it is about something else.

    only: the source id of the one document asked.

    What is told right after such an answer, without a question, is held against the same conditions. tool: where the message
    goes otherwise; one that a tool takes is no such answer.
    """
    sums_up, fits = bool(_SUMS_UP.search(text)), bool(_FITS.search(text))
    told = _at_home(extract(text, profile), [*(turn.question for turn in turns), text], ledger, spaces)
    answers = bool(turns) and is_fit(turns[-1].answer) and extract(text, profile) != profile and not is_question(text)
    answers = answers and tool in {"", NOTE}
    fits, when = fits or answers, bool(_WHEN.search(text))
    if not sums_up and not fits and not when:
        return None
    documents = [d for d in ledger.documents(spaces, "document") if only in {None, d.source_id}]
    last = _talked_of(turns, documents) if answers else None
    found = documents if only else [last] if last else meant(text, turns, documents, fits, told.region)
    if when and not fits:
        several = asked_by_place(text, documents)
        days = closing_days(ledger, several if len(several) > 1 else found, sources, day)
        told_all = days is None or len(days.data["deadlines"]) == max(len(several), 1)
        return days if told_all else None
    if not found:
        return None
    if len(found) > 1:
        return which(found)
    return check_fit(ledger, found[0], sources, told, day) if fits else summarise(ledger, found[0], sources, day)


def _at_home(told: Profile, messages: Sequence[str], ledger: Ledger, spaces: Sequence[str]) -> Profile:
    """A firm with the place that an own document is of, where that very name was read as a listed place: 云溪市 as 岳阳云溪."""
    for document in ledger.documents(spaces, "document") if told.region else ():
        place = place_of(document)
        misread = is_unlisted(place) and str(told.region).endswith(place[:-1])
        if misread and any(place in one and extract(one).region == told.region for one in messages):
            return replace(told, region=place)
    return told


def meant(
    text: str, turns: Sequence[Turn], documents: Sequence[Document], fits: bool, region: str | None = None
) -> list[Document]:
    """The documents that a question means, several where it does not tell which.

    By the place it names, by a title, the one talked of last, the latest where it says “the uploaded”, the one of the place
    where the firm is. Never that of one place where another is named, nor the last where it names a title of which that is not.
    """
    if not documents:
        return []
    by_place = asked_by_place(text, documents)
    named = titled(text, by_place or documents)
    if named or by_place:
        return [named] if named else by_place
    latest = sorted(documents, key=lambda d: (d.space.startswith(PRIVATE), d.added_at))[-1]
    last = _talked_of(turns, documents)
    if _THIS.search(text) and (_PAPER.search(text) or fits):
        return [latest] if re.search(r"传|录|发", text) else _spoken_of(turns, documents) or [latest]
    title = extraction.title_named(text)
    if asks_of_another(text) or (title and (last is None or extraction.title_named(last.title) != title)):
        return []
    if last is not None and (fits or sums_up_it(text) or len(text) <= SHORT_QUESTION):
        return [last]
    return asked_by_place(region or "", documents) if fits else []


def asks_when(text: str) -> bool:
    """Whether a message asks until when one may apply, or whether one still may."""
    return bool(_WHEN.search(text))


def sums_up_it(text: str) -> bool:
    """Whether nothing but a summary is asked for, of what was talked of: 总结一下."""
    return len(text) <= 10 and bool(_SUMS_UP.search(text))


def _spoken_of(turns: Sequence[Turn], documents: Sequence[Document]) -> list[Document]:
    """The documents that 这份 means in a conversation: of the place named last, or the one that an answer after it cited."""
    for turn in reversed(turns):
        if found := asked_by_place(turn.question, documents):
            return found
        if cited := _talked_of([turn], documents):
            return [cited]
    return []


def _talked_of(turns: Sequence[Turn], documents: Sequence[Document]) -> Document | None:
    """The document that the last answers of the conversation cited."""
    by_id = {d.document_id: d for d in documents}
    for turn in reversed(turns[-3:]):
        for citation in turn.citations:
            if found := by_id.get(citation.passage_id.rpartition("#")[0]):
                return found
    return None


def about_title(
    text: str, turns: Sequence[Turn], profile: Profile, sources: Mapping[str, Source], tool: str = ""
) -> Summary | None:
    """Whether a firm meets the conditions of a title it asks about with figures of its own; None where it asks something else.

    What is told right after such an answer, without a question, is held against the same title.
    """
    words = [turn.question for turn in turns] + [text]
    asks = bool(_FITS.search(text) or _MAY.search(text))
    goes_on = bool(turns) and is_fit(turns[-1].answer) and not is_question(text) and tool in {"", NOTE}
    named = extraction.title_named(text) if asks else None
    if goes_on and not named:
        asked = (
            extraction.title_named(turn.question)
            for turn in reversed(turns)
            if _FITS.search(turn.question) or _MAY.search(turn.question)
        )
        named = next(filter(None, asked), None)
    if named not in titles.NAMES:
        return None
    facts = titles.facts_of(extract(text, profile), "。".join(words))
    if not facts.values:
        return None
    found = titles.fit(titles.NAMES[named], facts, MARKS)
    return Summary(f"{found.text}\n\n出处 {reference_list(found.citations, sources)}", found.citations, found.data)
