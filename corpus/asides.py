"""What a line of a document is when it is none of its content: an order to an assistant, an advertisement in the imperative, a lure.

Told by layers trained on labelled lines (corpus/utterances/asides.yaml; eval/train/asides.py makes the file). A notice's own
imperatives (请各企业于…前报送) are among the examples of what is honest. A first layer, of the characters alone, lets nearly all of a
document pass without the encoder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.errors import BadKnowledge, NotAvailable
from corpus.clauses import load_layers, read_as
from corpus.encoder.encoder import FOLDER, built_in
from corpus.encoder.layers import Layer
from corpus.encoder.runs import runs_of
from corpus.examples import examples

SUBJECT = "asides"
FILE = "asides.npz"
SCREEN = "screen"
"""The layer of the characters alone."""
HONEST, LURES = "honest", "lures"
KINDS = ("orders", "adverts", LURES, HONEST)
FEWEST_EXAMPLES = 20
PASSED = 0.01
"""Lines of which the first layer is surer than this that they are content are not looked at again: it loses hardly any of the others."""
SHORTEST = 5
"""A shorter line says nothing to anybody."""
LONGEST = 400
"""Characters of a line that are read."""


@dataclass(frozen=True)
class Aside:
    """How likely a line is an order or an advertisement, and how likely a lure, 0-1 each."""

    told: float = 0.0
    lure: float = 0.0


NOTHING = Aside()


def asides(lines: Sequence[str]) -> list[Aside]:
    """What each line is, in their order; nothing is told where the model cannot be used."""
    read = [read_as(line)[:LONGEST] for line in lines]
    try:
        encoder = built_in()
        layers = load_layers(FOLDER / FILE, encoder.meaning_id)
        if SCREEN not in layers or SUBJECT not in layers:
            return [NOTHING] * len(lines)
        runs = {text: runs_of(text) for text in read if len(text) >= SHORTEST}
        doubted = [text for text, own in runs.items() if 1 - _honest(layers[SCREEN], own) > PASSED]
        vectors = encoder.meanings(doubted) if doubted else ()
    except NotAvailable:
        return [NOTHING] * len(lines)
    layer, found = layers[SUBJECT], dict[str, Aside]()
    for text, vector in zip(doubted, vectors, strict=True):
        shares = dict(zip(layer.names, map(float, layer.probabilities(vector, runs[text])), strict=True))
        found[text] = Aside(1 - shares[HONEST] - shares[LURES], shares[LURES])
    return [found.get(text, NOTHING) for text in read]


def _honest(layer: Layer, runs: Mapping[int, float]) -> float:
    """How likely a line is content, by its characters."""
    import numpy as np

    return float(layer.probabilities(np.zeros(0, np.float32), runs)[layer.names.index(HONEST)])


def asides_faults() -> Iterator[str]:
    """What is wrong with the examples, one sentence a fault."""
    try:
        said = examples(SUBJECT)
    except BadKnowledge as exc:
        yield exc.message
        return
    yield from (
        f"{SUBJECT}.yaml 里没有叫“{name}”的一类，只有 {'、'.join(KINDS)}。" for name in said if name not in KINDS
    )
    seen: dict[str, str] = {}
    for name in KINDS:
        lines = [read_as(line) for line in said.get(name, ())]
        if len(lines) < FEWEST_EXAMPLES:
            yield f"{SUBJECT}.yaml 的 {name} 只有 {len(lines)} 句，至少要 {FEWEST_EXAMPLES} 句。"
        for line in lines:
            if len(line) < SHORTEST:
                yield f"{SUBJECT}.yaml 的 {name} 里“{line}”太短，看不出是说给谁的。"
            if seen.setdefault(line, name) != name:
                yield f"{SUBJECT}.yaml 里“{line}”既是 {seen[line]} 又是 {name}。"
