"""The heads of understanding, trained from the labelled messages and turns in about a minute on one core.

`python -m eval.train.heads` writes the file that ships; `xiangdao train` writes one for a data folder.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.understand.heads import FILE, SHIPPED, Heads, write_heads
from assistant.understand.meaning import GOES_ON, KNOWLEDGE
from assistant.understand.understander import READ_BACK, read_together
from core.errors import BadFile, NotAvailable
from core.text import normalise
from corpus.cards import CORPUS, load_cards
from corpus.encoder.layers import Layer
from corpus.utterances import ACTS, Turn, has_turns, load_kinds, load_turns, message_files
from eval.train.examples import asked_turns, labelled
from eval.train.logistic import features_of, fit
from eval.train.unseen import Unseen, load_unseen, turn_key
from tools.spec import computing, specs

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder

SEED = 20261129
FOLDS = 5
PULL, INTENT_PULL = 6.0, 0.3
"""Inverse strength of the penalty on weights; of the intent in a conversation, of which there are fewer examples."""
KNOWLEDGE_WEIGHT, CARD_WEIGHT = 0.6, 0.3
"""How much a message of the largest label counts, and a card's own question, which is one more of it."""
ASKED, ASKED_WEIGHT = 3000, 0.25
"""So many of the conversations that a card answers are drawn, and how much one counts beside one that somebody labelled: all are of one intent."""
LOOKED_UP = frozenset({"term", "case", "tool", "scenario", "sector_path", "path"})
"""Kinds of cards whose questions are those of the look-ups as well."""
SURE_OF_TOOL, HALF_OF_TOOL, SURE_OF_ACT, RIGHT_ACT = 0.93, 0.6, 0.97, 0.85
"""How often a label must be right among the messages held out, from its threshold on; for an act how often it is no question."""
GENTLE, SURE_OF_GENTLE = frozenset({"dishonest", "distress"}), 0.9
"""Acts whose reply leaves the way open to somebody who was taken wrong, and how often they are no question."""
LEAST = {"sure": 0.75, "half": 0.4, "act": 0.6, "out": 0.8}
"""No threshold is lower, however well the messages held out were told apart; what is said to be out of the field is turned away."""
MEANT = (0.3, 0.15)
"""From which probability on a tool, and a look-up that has a row, may be meant beside a surer label."""
Say = Callable[[str], None]


def train(encoder: Encoder, corpora: Sequence[Path] = (CORPUS,), say: Say = print) -> Heads:
    """Heads for an encoder from the utterances of these corpus folders, the first of which has the kinds and the cards."""
    import numpy as np

    messages = [(text, kind.label) for corpus in corpora for kind in labelled(corpus) for text in kind.examples]
    kinds = load_kinds(corpora[0])
    seen = {text for text, _ in messages}
    more = (
        (text, label) for label in kinds if label in {*specs(), *ACTS} for of in kinds[label].values() for text in of
    )
    messages += [(text, label) for text, label in more if text not in seen]
    conversations = [corpus for corpus in corpora if has_turns(corpus)]
    by_hand = [turn for corpus in conversations for turn in load_turns(corpus)]
    asked_of_cards = [turn for corpus in conversations for turn in asked_turns(corpus)]
    turns = [*by_hand, *random.Random(SEED).sample(asked_of_cards, min(ASKED, len(asked_of_cards)))]
    apart = load_unseen()
    asked = _card_questions(corpora[0])
    say(f"{len(messages)} 句话、{len(turns)} 轮对话、{len(asked)} 个资料里的问题。")
    texts = [normalise(text).strip() for text, _ in messages]
    vectors = encoder.meanings([*texts, *asked])
    labels = [label for _, label in messages] + [KNOWLEDGE] * len(asked)
    weights = np.array(
        [KNOWLEDGE_WEIGHT if label == KNOWLEDGE else 1.0 for _, label in messages] + [CARD_WEIGHT] * len(asked)
    )
    message = fit(
        features_of(vectors, [*texts, *asked]), labels, PULL, weights, held=_rows(apart, texts), vectors=vectors
    )
    told = [labels[at] for at in message.rows]
    sure, half = _thresholds(message.held_out, told, message.layer.names)
    _report(message.held_out, told, message.layer.names, say)
    say("从多大把握起算数：" + "、".join(f"{name} {least:.2f}" for name, least in sure.items()))
    turn, intent, goes_on = turn_layers(
        encoder, turns, message.layer.names, _rows(apart, list(map(turn_key, turns))), say, len(by_hand)
    )
    layers = {"message": message.layer, "turn": turn, "intent": intent}
    for label, by_kind in kinds.items():
        named = [(text, kind) for kind, examples in by_kind.items() for text in examples]
        layers[f"kind.{label}"] = fit(
            features_of(encoder.meanings(said := [text for text, _ in named]), said),
            [kind for _, kind in named],
            PULL * 5,
            folds=3,
        ).layer
    return Heads(encoder.meaning_id, layers, sure, half, goes_on, MEANT)


def turn_layers(
    encoder: Encoder, turns: Sequence[Turn], names: Sequence[str], unseen: np.ndarray | None, say: Say, by_hand: int
) -> tuple[Layer, Layer, tuple[float, float]]:
    """How a message goes on, its intent read with the messages before, and between which probabilities that is unsure.

    names: the order of the intents; unseen: which turns the encoder was not tuned on; by_hand: so many of the turns, the first
    ones, were labelled by people.
    """
    import numpy as np

    said = [normalise(turn.turn).strip() for turn in turns]
    before = [[normalise(each.user).strip() for each in turn.before[-READ_BACK:]] for turn in turns]
    wholes = encoder.meanings([read_together(*told, text) for told, text in zip(before, said, strict=True)])
    vectors = np.concatenate([wholes, encoder.meanings(said)], axis=1)
    features = features_of(vectors, said)
    weights = np.where(np.arange(len(turns)) < by_hand, 1.0, ASKED_WEIGHT)
    turn = fit(features, [turn.follows for turn in turns], PULL / 3, weights, held=unseen, vectors=vectors)
    intent = fit(
        features, [turn.intent for turn in turns], INTENT_PULL, weights, names=names, held=unseen, vectors=vectors
    )
    follows = np.array([turns[at].follows for at in turn.rows])
    on = turn.held_out[:, [name in GOES_ON for name in turn.layer.names]].sum(1)
    really = np.isin(follows, list(GOES_ON))
    right = np.array(turn.layer.names)[turn.held_out.argmax(1)] == follows
    meant = np.array(intent.layer.names)[intent.held_out.argmax(1)] == [turns[at].intent for at in intent.rows]
    for name, rows in (("全部", np.ones(len(turn.rows), bool)), ("人标的", turn.rows < by_hand)):
        say(
            f"接上文的方式（{name} {rows.sum()} 轮）：{right[rows].mean():.1%} 对；连上文看的意思：{meant[rows].mean():.1%} 对；"
            f"要不要靠上文：{((on > 0.5) == really)[rows].mean():.1%} 对。"
        )
    low = max((t for t in np.arange(0.05, 0.5, 0.05) if not (on < t).any() or really[on < t].mean() < 0.1), default=0.1)
    high = min((t for t in np.arange(0.5, 1, 0.05) if not (on > t).any() or really[on > t].mean() > 0.93), default=0.95)
    return turn.layer, intent.layer, (float(low), float(high))


def _rows(apart: Unseen, texts: Sequence[str]) -> np.ndarray | None:
    """Which texts the encoder was not tuned on; None where that is not known."""
    import numpy as np

    found = [at for at, text in enumerate(texts) if apart.has(text)]
    return np.array(found) if found else None


def _card_questions(corpus: Path) -> list[str]:
    """One question of every card that only the knowledge answers."""
    draw = random.Random(SEED)
    return [
        normalise(draw.choice(card.questions)).strip()
        for card in load_cards(corpus)
        if card.questions and card.kind not in LOOKED_UP
    ]


def _thresholds(
    held_out: np.ndarray, labels: Sequence[str], names: Sequence[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """By label the lowest confidence from which it is right often enough among the messages held out."""
    import numpy as np

    asked = (*specs(), KNOWLEDGE)  # the other labels turn a message away, or say something else to it
    said, confidence = held_out.argmax(1), held_out.max(1)
    sure, half = dict[str, float](), dict[str, float]()
    for at, name in enumerate(names):
        mine = said == at
        really, how = np.array(labels)[mine], confidence[mine]
        right = really == name
        if name in asked:
            sure[name] = max(_lowest(how, right, SURE_OF_TOOL), LEAST["sure"])
        else:  # that a question is turned away is worse than that one act is taken for another
            no_question = _lowest(how, ~np.isin(really, asked), SURE_OF_GENTLE if name in GENTLE else SURE_OF_ACT)
            sure[name] = max(_lowest(how, right, RIGHT_ACT), no_question, LEAST.get(name, LEAST["act"]))
        half[name] = min(max(_lowest(how, right, HALF_OF_TOOL), LEAST["half"]), sure[name])
    return sure, half


def _lowest(confidence: np.ndarray, right: np.ndarray, wanted: float) -> float:
    import numpy as np

    for threshold in np.arange(0.2, 0.99, 0.02):
        above = right[confidence >= threshold]
        if len(above) >= 5 and above.mean() >= wanted:
            return float(threshold)
    return 0.97


def _report(held_out: np.ndarray, labels: Sequence[str], names: Sequence[str], say: Say) -> None:
    """Accuracy by label, what is taken for what, and how often a confidence is right; all on messages held out."""
    import numpy as np

    said = np.array(names)[held_out.argmax(1)]
    really, confidence = np.array(labels), held_out.max(1)
    say(f"整句的意思：{(said == really).mean():.1%} 对（{len(labels)} 句，调语义模型时没用过的）。")
    for name in names:
        mine = really == name
        others = Counter(said[mine & (said != name)].tolist()).most_common(3)
        wrong = "、".join(f"{other} {count}" for other, count in others)
        say(f"  {name:12} {(said[mine] == name).mean():6.1%} / {mine.sum()}   错成：{wrong}")
    of_own = np.isin(really, computing())
    say(
        f"计算工具：{(said[of_own] == really[of_own]).mean():.1%} 对；"
        f"知识问题被当成它们：{np.isin(said[really == KNOWLEDGE], computing()).mean():.1%}。"
    )
    for low in (0.0, 0.2, 0.4, 0.6, 0.8, 0.9):
        high = {0.8: 0.9, 0.9: 1.01}.get(low, low + 0.2)
        inside = (confidence >= low) & (confidence < high)
        if inside.any():
            say(f"  把握 {low:.1f}–{min(high, 1):.1f}：{(said == really)[inside].mean():.1%} 对 / {inside.sum()}")


def train_for(home: Path, folders: Sequence[Path] = (), say: Say = print) -> Path:
    """Train heads on the bundled utterances and those of further folders, and write them to a data folder; the file's path.

    Raises BadFile where a folder has no utterances, BadKnowledge where they are wrong, NotAvailable without scikit-learn.
    """
    from corpus.encoder.encoder import Encoder

    if find_spec("sklearn") is None:
        raise NotAvailable(
            "训练要用的 scikit-learn 没有装。", "先装上再来。", command="安装：python3 start.py setup embed"
        )
    for folder in folders:
        if not message_files(folder):
            raise BadFile(
                f"{folder} 里没有说法：要有 messages 文件夹，里面每一类一个 .yaml。",
                "照 corpus/utterances/messages 里的样子写。",
            )
    heads = train(Encoder(), (CORPUS, *folders), say)
    write_heads(home / FILE, heads)
    return home / FILE


def main(out: Path = SHIPPED) -> None:
    """Train on the bundled utterances and write the file that ships."""
    from corpus.encoder.encoder import Encoder

    write_heads(out, train(Encoder()))
    print(f"已写入 {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
