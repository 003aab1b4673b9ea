"""The passages of a document as they are in force: as they were read, with what other documents change in them.

A passage that differs from what was read keeps that under the tag `as_read`, so that all is made anew from there whenever an
amending document comes, goes or is corrected. Its tag `changed` is a list that tells why, see amendment.told. What a document lost
stands in passages of the tag `gone`, which are no longer in force; those of the tag `made` were not read but made here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from core.types import Passage
from corpus.ledger import ABOUT as BETWEEN
from corpus.row_names import SEPARATOR, row_name
from ingest.amendments.amendment import DEADLINE, Amendment, Change, told
from ingest.amendments.clause import Step, mark, steps
from ingest.amendments.piece import Piece, end_of, is_main, pieces_of
from ingest.amendments.words import CHINESE, NUMERAL, places, reworded, unit_of
from ingest.frame import ABOUT

OWN = ("as_read", "changed", "gone", "made")
"""The tags that are set here."""
_END = re.compile(r"(?P<anchor>.*?)(?:之后|末(?P<unit>[条款项目点]))$")
_TERM = re.compile(r"有效期|执行期|失效|施行|试行")
_APPLIES = re.compile(r"申报|受理|报名|提交|截止")


def as_read(passages: Sequence[Passage]) -> list[Passage]:
    """The passages as they were read."""
    found = []
    for p in passages:
        if p.tags.get("made"):
            continue
        if not p.tags.keys().isdisjoint(OWN):
            text = str(p.tags.get("as_read", p.text))
            tags = {name: value for name, value in p.tags.items() if name not in OWN}
            p = replace(p, text=text, tags=tags, sha256=_hash(text))
        found.append(p)
    return found


def in_force(passages: Sequence[Passage], changes: Sequence[Change], day: str) -> list[Passage]:
    """Passages as read, with the changes of other documents in the order of their days. day: ISO, on which this is asked for.

    A document that names the one that changes it was written afterwards, and is left as it is.
    """
    out = list(passages)
    renumbered = 0
    for _, group in groupby(changes, key=lambda change: change.by):
        own = list(group)
        if any(_mentions(p, own[0]) for p in passages):
            continue
        out = _Edition(out, renumbered).with_changes(own, day)
        renumbered += sum(one.amendment.kind in {"add", "drop"} and _of_article(one.amendment) for one in own)
    return out


def _mentions(passage: Passage, change: Change) -> bool:
    number = change.by.doc_no or ""
    return passage.section != (ABOUT,) and bool(number) and number in re.sub(r"\s", "", passage.text)


def _of_article(one: Amendment) -> bool:
    own = steps(one.clause)
    return not own or own[-1].unit in {"条", "点"}


class _Edition:
    """The passages of a document while the changes of one other document are done in them."""

    def __init__(self, passages: Sequence[Passage], renumbered: int) -> None:
        """renumbered: how many clauses were put in or taken out by documents before this one; numbers may mean others since."""
        self.passages = list(passages)
        self.renumbered = renumbered
        self.pieces = pieces_of(self.passages)
        self.notes: dict[int, list[dict[str, str]]] = {}
        self.gone: set[int] = set()
        self.made: list[tuple[int, Passage]] = []
        self.units = {step.unit for piece in self.pieces for step in piece.path}

    def with_changes(self, changes: Sequence[Change], day: str) -> list[Passage]:
        """The passages after these changes; what cannot be done is noted where it belongs, or everywhere."""
        for change in changes:
            one = change.amendment
            if one.kind in {"ends", "replaces"}:
                continue
            if change.since > day:
                self._note(self._found(one.clause) or [], change, "pending")
            elif one.kind == "extends":
                words = _APPLIES if one.clause == DEADLINE else _TERM
                self._note([p for p in self.pieces if words.search(p.text)], change, "done", everywhere=False)
            elif not self._done(change):
                self._note(self._found(one.clause) or [], change, "unclear")
        return self._passages()

    def _done(self, change: Change) -> bool:
        do: dict[str, Callable[[Change], bool]] = {
            "words": self._reword, "text": self._rewrite, "drop": self._drop, "add": self._add,
        }  # fmt: skip
        one = change.amendment
        own = steps(one.clause)
        if self.renumbered and own and own[0].unit in {"条", "点"} and one.kind != "words":
            return False
        return one.kind in do and do[one.kind](change)

    # ---- finding

    def _found(self, clause: str) -> list[Piece] | None:
        """The pieces of a clause; all for no clause; None where there is none, or where it may be one of several."""
        if not clause:
            return [p for p in self.pieces if self.passages[p.at].section != (ABOUT,)]
        wanted = self._as_here(steps(clause))
        if not wanted:
            return None
        if wanted[-1].unit == "款":
            return self._paragraph(wanted)
        hits = [(p, end) for p in self.pieces if (end := end_of(wanted, p.path))]
        if wanted[0].unit != "附件" and any(is_main(p) for p, _ in hits):
            hits = [(p, end) for p, end in hits if is_main(p)]
        if len({p.path[:end] for p, end in hits}) != 1:
            return None
        return [p for p, _ in hits]

    def _as_here(self, wanted: tuple[Step, ...]) -> tuple[Step, ...]:
        """A path in the numbering that this document has: 第三条 of a notice is its 三、, an item may be 2. or （2）."""
        out: list[Step] = []
        for step in (s for s in wanted if s.unit != "款" or s is wanted[-1]):
            unit = step.unit
            if unit == "条" and "条" not in self.units:
                unit = "点"
            elif unit == "点" and "点" not in self.units and "章" in self.units:
                unit = "章"
            elif unit in {"项", "目"}:
                under = {s.unit for p in self.pieces if not out or end_of(tuple(out), p.path) for s in p.path}
                unit = next((u for u in (unit, "项", "目", "小")[unit == "目" :] if u in under), unit)
            out.append(Step(unit, step.number))
        return tuple(out)

    def _paragraph(self, wanted: tuple[Step, ...]) -> list[Piece] | None:
        """The nth paragraph of a clause, where all of it stands in one passage."""
        whole = self._found_path(wanted[:-1])
        if not whole or len({p.at for p in whole if not p.carried}) != 1 or not wanted[-1].number.isdecimal():
            return None
        count, found = 0, list[Piece]()
        for p in whole:
            if p.carried:
                continue
            begins = p.path == whole[0].path and (not p.opens or not count)
            heading = p is whole[0] and p.opens and len(p.text.strip()) < 20 and not p.text.strip().endswith("。")
            count += begins and not heading
            if count == int(wanted[-1].number) and not heading:
                found.append(p)
        return found or None

    def _is_of_annex(self, clause: str, found: Sequence[Piece]) -> bool:
        """Whether 第三条 may mean the 三、 of a notice as well as the 第三条 of what is attached to it."""
        first = steps(clause)[0]
        in_annex = first.unit == "条" and not any(is_main(p) for p in found)
        return in_annex and any(is_main(p) and step.unit == "点" for p in self.pieces for step in p.path)

    def _found_path(self, path: tuple[Step, ...]) -> list[Piece]:
        return [p for p in self.pieces if path and end_of(path, p.path)]

    # ---- doing

    def _reword(self, change: Change) -> bool:
        one = change.amendment
        own = steps(one.clause)
        found = [p for p in self._found(one.clause) or [] if places(p.text, one.old)]
        if not found and own and own[-1].unit == "款":  # the only paragraph of its clause that holds the words
            found = [p for p in self._found_path(self._as_here(own[:-1])) if places(p.text, one.old)]
            found = found if len({p.text.strip() for p in found}) == 1 else []
        if not found or not self._is_sure(found, one) or self._may_be_moved(own, one.old):
            return False
        unit = unit_of(found[0].text, one.old)
        for p in found:
            p.text = reworded(p.text, one.old, one.new)
        with_unit = replace(one, old=one.old + unit, new=one.new + unit)
        self._note(found, replace(change, amendment=with_unit), "done")
        return True

    def _may_be_moved(self, own: tuple[Step, ...], words: str) -> bool:
        """Whether a clause near this one holds the words too, and numbers may mean other clauses since an earlier change."""
        if not own or own[0].unit not in {"条", "点"} or not own[0].number.isdecimal():
            return False
        number = int(own[0].number)
        near = [n for n in range(number - self.renumbered, number + self.renumbered + 1) if n != number]
        others = [self._found_path(self._as_here((Step(own[0].unit, str(n)),))) for n in near]
        return any(places(p.text, words) for other in others for p in other)

    def _is_sure(self, hits: Sequence[Piece], one: Amendment) -> bool:
        """Whether it is clear which places are meant: quoted words mean all in their clause, a figure only one thing."""
        said = [p for p in hits if not p.carried]
        count = sum(len(places(p.text, one.old)) for p in said)
        if count <= 1 or not any(c.isdigit() or c in CHINESE for c in one.old):
            return count == 1 or bool(one.quoted and (count or hits))
        rows = [p for p in said if SEPARATOR in p.text]
        if rows:
            rows = [p for p in rows if row_name(self.passages[p.at].text)]
            return len(rows) <= 1 and count <= 2 and len(rows) == count - 1
        bare = bool(NUMERAL.fullmatch(one.old))
        units = {p.text[end : end + 1] for p in said for _, end in places(p.text, one.old)}
        return bool(one.clause) and one.quoted and (not bare or len(units) == 1)

    def _rewrite(self, change: Change) -> bool:
        one = change.amendment
        found = self._found(one.clause)
        if (
            not one.clause
            or not found
            or any(SEPARATOR in p.text for p in found)
            or self._is_of_annex(one.clause, found)
        ):
            return False
        first = next((p for p in found if not p.carried), found[0])
        opened, new = mark(first.text), mark(one.new)
        is_heading = opened and not new and len(found) > 1 and not first.text.strip().endswith(("。", "；"))
        head = ""
        if opened and not (new and new[0].unit == opened[0].unit):
            head = first.text if is_heading else first.text[: opened[1]]
            head += "" if is_heading or head.endswith(("、", ".", "．", "）", ")")) else " "
        self._put(found, first, head + one.new)
        self._note([p for p in found if p.text], change, "done")
        return True

    def _put(self, found: Sequence[Piece], first: Piece, text: str) -> None:
        """A text in the place of pieces; a passage that they fill says it as well."""
        full = [at for at in {p.at for p in found} if at != first.at and self._fills(at, found)]
        tail = found[-1].text if found[-1].at == first.at else first.text
        for p in found:
            p.text = ""
        first.text = text.strip("\n") + ("\n" if tail.endswith("\n") else "")
        for at in full:
            next(p for p in found if p.at == at).text = first.text

    def _fills(self, at: int, found: Sequence[Piece]) -> bool:
        """Whether a passage says nothing but these pieces, headings above them aside."""
        ids = {id(p) for p in found}
        others = [p for p in self.pieces if p.at == at and id(p) not in ids and not p.carried and p.text.strip()]
        first = next((p for p in self.pieces if p.at == at and id(p) in ids), None)
        return first is not None and all(p.opens and p.path == first.path[: len(p.path)] for p in others)

    def _drop(self, change: Change) -> bool:
        one = change.amendment
        found = self._found(one.clause)
        if not one.clause or not found or self._is_of_annex(one.clause, found):
            return False
        taken = list[Piece]()
        for at in dict.fromkeys(p.at for p in found):
            here = [p for p in found if p.at == at]
            if self._fills(at, found):
                self.gone.add(at)
                self._note(here, change, "done")
            else:
                taken += [p for p in here if not p.carried]
        if taken:
            text = "".join(p.text for p in taken).strip()
            old = self.passages[taken[0].at]
            self.made.append((taken[0].at, self._made(old, text, [told(change, "done")], gone=True)))
            opened = mark(taken[0].text)
            head = taken[0].text[: opened[1]].strip() if opened else one.clause
            end = "\n" if taken[-1].text.endswith("\n") else ""
            for p in found:
                if p.at not in self.gone:
                    p.text = ""
            taken[0].text = f"{head}（已{one.new}）{end}"
            self._note(taken, change, "done")
        return True

    def _add(self, change: Change) -> bool:
        one = change.amendment
        ends = _END.fullmatch(one.clause)
        own = steps(ends["anchor"] if ends else one.clause)
        unit = (ends["unit"] or own[-1].unit) if ends else own[-1].unit if own else "条"
        if unit in {"款", "项", "目"}:
            parent = own if ends and ends["unit"] else own[:-1]
            within = self._found_path(self._as_here(parent)) if parent else []
            if not within or len({p.path[: end_of(self._as_here(parent), p.path)] for p in within}) != 1:
                return False
            last = [p for p in within if not p.carried][-1:]
            if not ends and own[-1].number.isdecimal() and int(own[-1].number) > 1:
                before = self._found(
                    "".join(f"第{s.number}{s.unit}" for s in (*own[:-1], Step(unit, str(int(own[-1].number) - 1))))
                )
                last = [p for p in before or [] if not p.carried][-1:] or last
            return bool(last) and self._put_behind(last[0], change)
        before_it = (
            (Step(own[-1].unit, str(int(own[-1].number) - 1)),)
            if own and own[-1].number.isdecimal() and not ends
            else own
        )
        near = self._found_path(self._as_here(before_it)) if before_it else []
        spoken = [p for p in self.pieces if self.passages[p.at].section != (ABOUT,)]
        where = (near or spoken)[-1:]
        if not where:
            return False
        text = one.new if mark(one.new) or not own or ends else f"{one.clause} {one.new}"
        like = self.passages[where[0].at]
        named = BETWEEN.join((like.title.partition(BETWEEN)[0], one.clause or text[:20]))
        made = self._made(replace(like, title=named), text, [told(change, "done")])
        self.made.append((where[0].at, made))
        return True

    def _put_behind(self, piece: Piece, change: Change) -> bool:
        if SEPARATOR in piece.text:
            return False
        end = "\n" if piece.text.endswith("\n") else ""
        piece.text = f"{piece.text.rstrip(chr(10))}\n{change.amendment.new.strip()}{end}"
        self._note([piece], change, "done")
        return True

    # ---- telling

    def _note(self, found: Iterable[Piece], change: Change, state: str, everywhere: bool = True) -> None:
        """Tell of a change beside the passages of these pieces; beside all of them where it is known of none."""
        ats = {p.at for p in found}
        if not ats and everywhere:
            ats = {p.at for p in self.pieces if self.passages[p.at].section != (ABOUT,)}
        note = told(change, state)
        for at in ats:
            if note not in self.notes.setdefault(at, []):
                self.notes[at].append(note)

    def _made(self, like: Passage, text: str, notes: list[dict[str, str]], gone: bool = False) -> Passage:
        """A passage that was not read."""
        tags = {name: value for name, value in like.tags.items() if name not in OWN}
        p = replace(like, text=text, sha256=_hash(text), tags={**tags, "made": True, "changed": notes})
        return _gone(p) if gone else p

    def _passages(self) -> list[Passage]:
        out: list[Passage] = []
        number = len(self.passages)
        for at, p in enumerate(self.passages):
            text = "".join(piece.text for piece in self.pieces if piece.at == at).strip("\n")
            notes = [*p.tags.get("changed", []), *self.notes.get(at, [])]
            if notes or text != p.text:
                read = {} if p.tags.get("made") or text == p.text else {"as_read": p.tags.get("as_read", p.text)}
                p = replace(p, text=text, sha256=_hash(text), tags={**p.tags, **read, "changed": notes})
            out.append(_gone(p) if at in self.gone else p)
            for _, made in (one for one in self.made if one[0] == at):
                base = made.passage_id.rpartition("#")[0]
                out.append(replace(made, passage_id=f"{base}#{number:04d}"))
                number += 1
        return out


def _gone(passage: Passage) -> Passage:
    return replace(passage, status="expired", valid_until=None, tags={**passage.tags, "gone": True})


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
