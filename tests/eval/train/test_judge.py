"""The judge of passages, fitted end to end on a few made questions."""

from __future__ import annotations

import random
from pathlib import Path

import yaml

from assistant.judging.weights import FILE, load_weighing, write_weighing
from corpus.cards import CORPUS, card_files
from eval.train.judge import Judged, area, fitted
from eval.train.left_out import knowledge_without


def _question(draw: random.Random, at: int, answerable: bool) -> Judged:
    """What answers is liker to the card's own questions than to what it does not answer; some of either kind is not."""
    like, other = (0.9, 0.5) if answerable ^ (draw.random() < 0.03) else (0.7, 0.9)
    hit = {
        "one": 1.0, "passage": draw.uniform(0.4, 1.0), "dense": draw.uniform(0.5, 0.9), "asked": like + draw.uniform(0, 0.1),
        "near_miss": other, "rather": like - other, "year": float(not answerable and draw.random() < 0.3),
    }  # fmt: skip
    return Judged("to answer" if answerable else "to refuse", str(at), (hit,), (answerable,), (1.0,), answerable)


def test_a_judge_tells_near_questions_from_those_that_are_answered(tmp_path: Path) -> None:
    draw = random.Random(1)
    weighing, lines = fitted([_question(draw, at, bool(at % 2)) for at in range(300)], rate=0.05)
    write_weighing(tmp_path / FILE, weighing, {"questions": 300})
    weighing = load_weighing(tmp_path / FILE)
    told = {"one": 1.0, "passage": 0.7, "dense": 0.7}
    answered = {**told, "asked": 0.95, "near_miss": 0.5, "rather": 0.45}
    near = {**told, "asked": 0.75, "near_miss": 0.9, "rather": -0.15}
    assert weighing.chance(answered) > weighing.answer > weighing.chance(near)
    assert weighing.chance({**answered, "year": 1.0}) < weighing.chance(answered)
    assert weighing.weights["questions"]["rather"] > 0 and "rather" not in weighing.weights["meaning"]
    assert any("误拒 5%" in line for line in lines)


def test_the_area_is_the_chance_that_an_answerable_question_is_surer() -> None:
    import numpy as np

    assert area(np.array([2.0, 1.0]), np.array([0.0, 1.0])) == 0.875


def test_what_is_left_out_stands_in_no_card_and_all_else_does(tmp_path: Path) -> None:
    path = card_files(CORPUS)[0]
    card = next(row for row in yaml.safe_load(path.read_text("utf-8")) if row.get("not_answered"))
    question, near = card["questions"][0], card["not_answered"][0]
    made = knowledge_without({question}, tmp_path / "corpus", {(card["id"], near)})
    copied = yaml.safe_load((made / "cards" / path.relative_to(CORPUS / "cards")).read_text("utf-8"))
    own = next(row for row in copied if row["id"] == card["id"])
    assert own["questions"] == [q for q in card["questions"] if q != question]
    assert own["not_answered"] == [q for q in card["not_answered"] if q != near]
    assert len(card_files(made)) == len(card_files(CORPUS))
