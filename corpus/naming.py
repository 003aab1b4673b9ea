"""Which document a name means: a title in 《》 or a number, as other documents write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from core.text import normalise, squeeze
from core.types import Source

NUMBER = (
    r"[\u4e00-\u9fff]{1,16}\s*[〔\[【（(［]\s*(?:19|20)\d{2}\s*年?\s*[〕\]】）)］]\s*(?:第\s*)?\d{1,5}\s*号"
    r"|[\u4e00-\u9fff、 ]{2,40}(?:公告|令|通告)\s*(?:(?:19|20)\d{2}年\s*)?第\s*\d{1,4}\s*号"
)
"""A document's number within a sentence; the words before it may be taken along, see `number_in`."""
_BEFORE = re.compile(r"^.*(?:将|对|把|原|与|废止|修改|执行|按照|根据|依据|由|从|的|了|及)")
_PUBLISHES = re.compile(
    r"(?:.{0,60}?关于)?(?:修订|重新|联合)?(?:印发|发布|公布|颁布|颁发|下发)(?:修订后的|新修订的|新的)?(?P<inner>.+?)的?(?:通知|公告|决定|通告|令)"
)
_ISSUED = re.compile(r"^[\u4e00-\u9fff、（）()]{2,60}?(?=关于)")


@lru_cache(maxsize=4096)
def names(title: str) -> tuple[str, ...]:
    """What a document of this title may be called, in a form that blanks, brackets and quotation marks do not change.

    A notice that issues a document, 关于印发《…》的通知, goes by that document's title too; none without its organ's name.
    """
    text = squeeze(normalise(title)).translate(_BRACKETS)
    if text.startswith("《") and text.endswith("》") and _whole(text):
        text = text[1:-1]
    found = [_ISSUED.sub("", text)]
    if issued := _PUBLISHES.fullmatch(text):
        inner = re.findall(r"《((?:[^《》]|《[^《》]*》)+)》", issued["inner"])
        found += inner or [issued["inner"]]
    return tuple(dict.fromkeys(filter(None, (re.sub(r"[^\w]", "", name) for name in found))))


_BRACKETS = str.maketrans("〈〉", "《》")


def _whole(text: str) -> bool:
    """Whether the bracket that a text begins with ends with it."""
    depth = 0
    for at, c in enumerate(text):
        depth += (c == "《") - (c == "》")
        if not depth:
            return at == len(text) - 1
    return False


def number_key(text: str) -> str:
    """A number without blanks, its year in 〔〕."""
    return re.sub(r"[\[【(〔]((?:19|20)\d{2})年?[\]】)〕]第?", r"〔\1〕", squeeze(text))


def number_in(text: str) -> str:
    """The first number that a text holds, without the words before it; empty where it holds none."""
    found = re.search(NUMBER, text)
    return number_key(_BEFORE.sub("", found[0]).strip(" 、和")) if found else ""


def is_named(title: str, number: str, source: Source) -> bool:
    """Whether a title and a number, one of which may be empty, are those of a document; another number is another document."""
    own = number_key(source.doc_no or "")
    if number and own:
        return number_key(number) == own
    return bool(title) and not set(names(title)).isdisjoint(names(source.title))


def cited(source: Source) -> str:
    """A document as it is named in a sentence: 《…》（number，date）."""
    inner = source.title.replace("《", "〈").replace("》", "〉")
    told = "，".join(filter(None, (source.doc_no, source.published)))
    return f"《{inner}》" + (f"（{told}）" if told else "")


def with_what_is_said(
    sources: Sequence[Source], amendments: Iterable[tuple[Source, Sequence[Mapping[str, Any]]]]
) -> dict[str, Source]:
    """The bundled sources of which documents of the user's say that they are over or changed, with that in `told`, by id.

    amendments: each document with those that were read in it (ingest.amendments); what was published before a source says
    nothing of it.
    """
    by_key: dict[str, list[Source]] = {}
    for source in sources:
        for key in {*names(source.title), number_key(source.doc_no or "")}:
            by_key.setdefault(key, []).append(source)
    found: dict[str, Source] = {}
    for by, read in sorted(amendments, key=lambda pair: pair[0].published):
        for one in read:
            keys = (*names(one["title"]), *filter(None, (number_key(one["number"]),)))
            for source in (source for key in keys for source in by_key.get(key, ())):
                later = bool(by.published) and source.published > by.published
                if not later and is_named(one["title"], one["number"], source):
                    found[source.id] = replace(source, told=f"您录入的{cited(by)}{_said(one)}")
    return found


def _said(one: Mapping[str, Any]) -> str:
    since = f"自{one['since']}起" if one["since"] else "已"
    match one["kind"]:
        case "replaces":
            return f"说它{since}废止"
        case "ends":
            return f"说它{since}{one['new']}"
        case "extends":
            return "说它延长了有效期" if not one["clause"] else "说它延长了申报时间"
    return "修改了它"
