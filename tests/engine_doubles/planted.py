"""Synthetic model answers over the bundled cards: true sentences in other words, and one sentence with a planted error.

python -m tests.engine_doubles.planted COUNT SEED… prints how many planted errors the guard catches, and what true sentences it strikes.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer.composed import Composed
from assistant.wording.bind import Binder
from core.cut import sentences
from core.text import squeeze
from core.types import Hit, Passage
from corpus.cards import as_passage, load_cards, load_sources

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_UNITED = re.compile(
    r"(?<![\d.〔%—–-])(\d+(?:\.\d+)?)(万亿|万|亿)?(%|个百分点|万元|亿元|元|家|个|项|条|批|级|倍|人|类|种|年内|个月|天)(?!\s*[-—–])"
)
_BULLET = re.compile(r"^\s*(?:\d{1,2}(?:\.(?!\d)|[、)）])|[-•])\s*")
_OTHER_NAMES = (
    "SAP",
    "Palantir",
    "深圳大学",
    "《工业互联网专项工作组办法》",
    "阿里巴巴集团",
    "Salesforce",
    "《企业上云三年行动方案》",
)


@dataclass(frozen=True)
class Planted:
    """One answer: sentences that the evidence holds, one that it does not, and how that one was made."""

    evidence: tuple[Hit, ...]
    true: tuple[str, ...]
    wrong: str
    error: str

    @property
    def text(self) -> str:
        middle = len(self.true) // 2
        return "".join((*self.true[:middle], self.wrong, *self.true[middle:]))


def planted_answers(count: int, seed: int) -> list[Planted]:
    """Answers over cards chosen at random; the card's neighbours in its document are evidence too, as rivals."""
    dice = random.Random(seed)
    sources = load_sources()
    passages = [as_passage(card, sources[card.source]) for card in load_cards()]
    out: list[Planted] = []
    while len(out) < count:
        at = dice.randrange(len(passages))
        near = [
            p
            for p in passages[max(0, at - 2) : at + 3]
            if p.source_id == passages[at].source_id and p is not passages[at]
        ]
        made = _answer(dice, passages[at], near, list(ERRORS)[len(out) % len(ERRORS)])
        if made:
            out.append(made)
    return out


def guarded(answers: Sequence[Planted]) -> tuple[list[str], list[str]]:
    """The planted errors that the guard lets through, and the true sentences that it strikes."""
    missed, struck = [], []
    sources = load_sources()
    for answer in answers:
        binder = Binder(Composed("", (), answer.evidence), (), None, sources)
        missed += [answer.wrong] * (binder.held(answer.wrong) is not None)
        struck += [s for s in answer.true if binder.held(s) is None]
    return missed, struck


def _answer(dice: random.Random, card: Passage, near: Sequence[Passage], error: str) -> Planted | None:
    told = [_BULLET.sub("", s) for s in sentences(card.text)]
    told = [s if s[-1] in "。！？；" else s + "。" for s in told if len(s) >= 10]
    ground = squeeze("".join(p.text + p.title for p in (card, *near)))
    dice.shuffle(told)
    for at, sentence in enumerate(told):
        wrong = ERRORS[error](dice, sentence, card, near)
        if wrong and squeeze(wrong).rstrip("。") not in ground:
            rest = [_reworded(dice, s) for i, s in enumerate(told) if i != at][:3]
            hits = tuple(Hit(p, 1.0 - i / 10) for i, p in enumerate((card, *near)))
            return Planted(hits, tuple(rest), _reworded(dice, wrong, figures=False), error)
    return None


def _another(dice: random.Random, figure: str) -> str:
    if "." in figure:
        return f"{float(figure.replace(',', '')) + dice.choice([-1.7, 2.4, 5.1, 11.3]):.1f}".lstrip("-")
    value = int(figure.replace(",", ""))
    if 1900 <= value <= 2100:
        return str(value + dice.choice([-1, 1, 2, 3]))
    return str(max(2, value + dice.choice([1, 2, 5, value, 10 * value])))


def _changed(dice: random.Random, sentence: str, card: Passage, near: Sequence[Passage]) -> str | None:
    found = list(_UNITED.finditer(sentence))
    if not found:
        return None
    m = dice.choice(found)
    new = _another(dice, m[1])
    if re.search(rf"(?<!\d){re.escape(new)}(?!\d)", card.text + "".join(p.text for p in near)):
        return None
    return sentence[: m.start(1)] + new + sentence[m.end(1) :]


def _swapped(dice: random.Random, sentence: str, card: Passage, near: Sequence[Passage]) -> str | None:
    """Two figures of one unit in one sentence change places."""
    found = list(_UNITED.finditer(sentence))
    pairs = [
        (a, b)
        for a in found
        for b in found
        if a.start() < b.start()
        and a[3] == b[3]
        and a[1] != b[1]
        and not re.fullmatch(r"[\s\-—–~至到、]*", sentence[a.end() : b.start()])
    ]
    if not pairs:
        return None
    a, b = dice.choice(pairs)
    return sentence[: a.start(1)] + b[1] + sentence[a.end(1) : b.start(1)] + a[1] + sentence[b.end(1) :]


def _borrowed(dice: random.Random, sentence: str, card: Passage, near: Sequence[Passage]) -> str | None:
    """A figure of the same unit from another sentence of the evidence."""
    found = list(_UNITED.finditer(sentence))
    if not found:
        return None
    m = dice.choice(found)
    others = [
        o[1]
        for p in (card, *near)
        for o in _UNITED.finditer(p.text)
        if o[3] == m[3] and o[1] != m[1] and o[0] not in sentence
    ]
    return sentence[: m.start(1)] + dice.choice(others) + sentence[m.end(1) :] if others else None


def _scaled(dice: random.Random, sentence: str, card: Passage, near: Sequence[Passage]) -> str | None:
    for old, new in (
        ("万元", "亿元"),
        ("亿元", "万元"),
        ("万家", "家"),
        ("万个", "个"),
        ("%", "个百分点"),
        ("个百分点", "%"),
    ):
        changed = re.sub(rf"(?<=\d){re.escape(old)}", new, sentence, count=1)
        if changed != sentence:
            return changed
    return None


def _bounded(dice: random.Random, sentence: str, card: Passage, near: Sequence[Passage]) -> str | None:
    """At least becomes at most, and the other way round."""
    for old, new in (
        ("不超过", "至少"),
        ("不低于", "不超过"),
        ("以上", "以内"),
        ("以内", "以上"),
        ("超过", "不到"),
        ("至少", "最多"),
        ("最高", "最低"),
    ):
        if re.search(rf"{old}\s*\d|\d[\d.]*\s*[万亿]?[%元家个项条人年月]*{old}", sentence):
            return sentence.replace(old, new, 1)
    return None


def _dated(dice: random.Random, sentence: str, card: Passage, near: Sequence[Passage]) -> str | None:
    m = re.search(r"(20\d\d)年(?:(\d{1,2})月(?:(\d{1,2})日)?)?", sentence)
    if not m:
        return None
    group = dice.choice([g for g in (1, 2, 3) if m[g]])
    new = str(int(m[group]) + dice.choice([1, 2])) if group == 1 else str(int(m[group]) % 12 + 1)
    return sentence[: m.start(group)] + new + sentence[m.end(group) :]


def _numbered(dice: random.Random, sentence: str, card: Passage, near: Sequence[Passage]) -> str | None:
    m = re.search(r"〔(20\d\d)〕(\d+)号", sentence)
    return sentence[: m.start(2)] + str(int(m[2]) + dice.randrange(1, 60)) + sentence[m.end(2) :] if m else None


def _named(dice: random.Random, sentence: str, card: Passage, near: Sequence[Passage]) -> str | None:
    """A name that no evidence holds takes the place of one that it does, or is added."""
    name = dice.choice(_OTHER_NAMES)
    m = re.search(r"《[^》]+》|[A-Z][A-Za-z]{2,}", sentence)
    if m:
        return sentence[: m.start()] + name + sentence[m.end() :]
    return f"{name}提出，{sentence}"


ERRORS: dict[str, Callable[[random.Random, str, Passage, Sequence[Passage]], str | None]] = {
    "changed": _changed, "swapped": _swapped, "borrowed": _borrowed, "scaled": _scaled, "bounded": _bounded, "dated": _dated,
    "numbered": _numbered, "named": _named, "changed again": _changed, "borrowed again": _borrowed,
}  # fmt: skip


def _reworded(dice: random.Random, sentence: str, figures: bool = True) -> str:
    """The same statement as a model might put it: lead-ins, everyday words, another order, figures written another way."""
    if figures and dice.random() < 0.3:
        sentence = re.sub(r"(?<![\d.])(\d+)万(?=[家个])", lambda m: f"{m[1]}0000", sentence)
        sentence = re.sub(
            r"(?<![\d.\-—~至到、/])(\d+(?:\.\d+)?)%(?![\-—~至到、/])", lambda m: f"百分之{m[1]}", sentence
        )
    for old, new in (
        ("企业", "厂家"),
        ("包括", "有"),
        ("需要", "要"),
        ("进行", "做"),
        ("提升", "提高"),
        ("达到", "做到"),
        ("鼓励", "支持"),
    ):
        if dice.random() < 0.15 and not re.search("[〔《]", sentence):
            sentence = sentence.replace(old, new)
    if dice.random() < 0.3:
        sentence = re.sub(
            r"(?=超过|达到|不超过|不低于|最高)", dice.choice(["要", "会", "大概", "一般"]), sentence, count=1
        )
    if dice.random() < 0.3:
        sentence = re.sub(r"^(到|从|在)?((?:19|20)\d\d年)(底|起)?，", r"\2\3", sentence)
    if figures and dice.random() < 0.2 and not sentence.startswith("（"):
        sentence = re.sub(r"（[^（）\d]*）", "", sentence)
    if dice.random() < 0.2:
        sentence = sentence.replace("，", dice.choice(["，而且", "，另外", " "]), 1)
    if dice.random() < 0.2 and sentence.count("，") == 1 and "：" not in sentence and ("、" not in sentence):
        first, second = sentence.rstrip("。").split("，")
        sentence = f"{second}，{first}。"
    lead = dice.choice(["", "", "", "简单说，", "另外，", "要注意的是，", "您可以这样理解："])
    return lead + sentence


def main() -> None:
    count, seeds = int(sys.argv[1]), map(int, sys.argv[2:])
    for seed in seeds:
        answers = planted_answers(count, seed)
        missed, struck = guarded(answers)
        true = sum(len(a.true) for a in answers)
        print(f"seed {seed}: caught {count - len(missed)} of {count}, struck {len(struck)} of {true} true sentences")


if __name__ == "__main__":
    main()
