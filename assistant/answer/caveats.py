"""What must be said beside a passage: that it is over, not begun yet, replaced, changed, or not seen in the official text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.cite import source_of
from assistant.question import Question
from core.periods import periods
from core.text import bare
from core.types import Hit, Passage, Source
from corpus.standing import standing_on, window_on

MOST_CHANGES = 3
"""So many changes by one document are told beside an answer."""


def before(question: Question, lead: Hit, sources: Mapping[str, Source], day: date) -> tuple[str, bool]:
    """What must be said before the passage that answers, so that no amount stands before it; and whether it is over.

    It is of a programme that is over or has not begun, of a document of one's own that is over or replaced, of a clause that
    another document took out, or of a programme whose last known day lies before the days asked about.
    """
    p = lead.passage
    if p.origin == "document":
        over = "\n".join(filter(None, (_of_document(p, sources, day), _of_clause(p, day))))
    else:
        over = "\n".join(filter(None, (_said(p, sources), _window(p, day) if p.kind == "programme" else "")))
    return (over, True) if over else (beyond(question, p, day), False)


def _said(p: Passage, sources: Mapping[str, Source]) -> str:
    """What a document of the user's says of the source of a card: that it is over, or changed."""
    source = sources.get(p.source_id)
    return f"> 先说明：{source.told}，下面的要对照它看。" if source and source.told else ""


def _of_clause(p: Passage, day: date) -> str:
    """That another document took a clause out, or has changed it since its passage was made."""
    for change in p.tags.get("changed", []):
        if p.tags.get("gone") and change["state"] == "done":
            return f"> 先说明：{change['text']}，下面是原来的规定，不再执行。"
        if change["state"] == "pending" and change["since"] <= day.isoformat():
            return f"> 先说明：{change['text']}；下面是改以前的原文。"
    return ""


def changes(hits: Sequence[Hit], shown: str | None = None) -> list[str]:
    """Which documents changed the passages of an answer, and what, one line a document. shown: the words of the answer, where
    not all of the passages stands in it.
    """
    by: dict[tuple[str, str], list[dict[str, str]]] = {}
    for change in (change for hit in hits for change in hit.passage.tags.get("changed", [])):
        known = by.setdefault((change["by"], change["state"]), [])
        if change not in known and (shown is None or bare(change["says"]) in bare(shown)):
            known.append(change)
    return [_line(told) for told in by.values() if told]


def _line(told: Sequence[Mapping[str, str]]) -> str:
    """What one document changed; the first thing in a whole sentence, the others after it."""
    more = "".join(f"；{change['brief']}" for change in told[1:MOST_CHANGES] if change["brief"])
    rest = f"；还有{len(told) - MOST_CHANGES}处" if len(told) > MOST_CHANGES else ""
    return f"{told[0]['text']}{more}{rest}。"


def _of_document(p: Passage, sources: Mapping[str, Source], day: date) -> str:
    source = source_of(sources, p.passage_id, p.source_id)
    name = f"《{source.title}》" if source else "这份资料"
    whole = source if source and p.tags.get("gone") else p
    match standing_on(whole.status, whole.valid_until, day):
        case "superseded":
            newer = sources.get(source.superseded_by or "") if source else None
            return f"> 先说明：{name}已被{f'《{newer.title}》' if newer else '新的文件'}替代，下面是旧文件里的说法，申报前以新的为准。"
        case "expired":
            if source and source.told:
                return f"> 先说明：{name}{source.told}，下面的只作参考；现在有没有新的规定，问发文的部门。"
            ended = f"到{p.valid_until}为止，现在已经" if p.valid_until else "已经"
            return f"> 先说明：{name}{ended}过期，下面的只作参考；现在还有没有，问发文的部门。"
    return ""


def _window(p: Passage, day: date) -> str:
    """Whether the programme that a card tells of can be had on the day of asking."""
    ask = "有没有新的，问当地主管部门。"
    match window_on(p.status, p.valid_from, p.valid_until, day):
        case "ended":
            since = f"有效期到{p.valid_until}，" if p.valid_until else ""
            return f"**这项政策{since}已经结束**，下面说的是当时的规定，不能照着算钱；{ask}"
        case "not_yet":
            return f"**这项政策从{p.valid_from}起才有**，{day.isoformat()}还没开始；下面说的是开始以后的规定。"
    return ""


def beyond(question: Question, p: Passage, day: date) -> str:
    """That the last day known of a card's programme lies before the days asked about; empty where it does not."""
    asked = [named for named in periods(question.text, day) if named.first and p.valid_until]
    later = next((named for named in asked if named.first and named.first.isoformat() > str(p.valid_until)), None)
    if p.kind != "programme" or later is None or p.origin != "card":
        return ""
    return f"**查到的有效期只到{p.valid_until}**，您问的{later.words}在那以后，那时还有没有，没查到，要看新的通知。"


def ended_mark(p: Passage, day: date) -> str:
    """What stands before the words of a programme that is over, or of a clause taken out, where they do not answer alone."""
    if p.tags.get("gone"):
        return "（这一条已经去掉，不再执行）"
    if p.kind != "programme" or window_on(p.status, p.valid_from, p.valid_until, day) != "ended":
        return ""
    return f"（{f'{p.valid_until}到期，' if p.valid_until else ''}已结束，当时的规定）"


def notes(
    chosen: Sequence[Hit], every: Sequence[Hit], sources: Mapping[str, Source], day: date, shown: str | None = None
) -> list[str]:
    """What is to be known of the passages of an answer; `every` holds also those of which enough was said before it.

    shown: the words of the answer.
    """
    said = changes(every, shown)
    own = (sources.get(h.passage.source_id) for h in chosen if h.passage.origin == "card")
    said += dict.fromkeys(f"注意：{source.told}。" for source in own if source and source.told)
    chosen = [h for h in chosen if not h.passage.tags.get("gone")]
    if any(h.passage.status == "superseded" for h in chosen):
        said.append("注意：其中有已被新规定替代的内容，申报前请以现行规定为准。")
    ended = [h.passage.valid_until for h in chosen if h.passage.valid_until and h.passage.valid_until < day.isoformat()]
    if ended:
        said.append(f"注意：其中有已经到期的政策（{max(ended)}），现在还有没有要问主管部门。")
    elif any(h.passage.status == "expired" for h in chosen):
        said.append("注意：其中有已经过期的政策，只作参考。")
    if any(h.passage.certainty in {"snippet", "third_party"} for h in every):
        said.append("其中部分内容未见官方原文，请以主管部门发布为准。")
    return said
