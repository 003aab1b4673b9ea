"""A trade is read from what a firm says it does, also where no name of it stands in the tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus import clauses
from corpus.clauses import load_layers, write_layers
from corpus.encoder.layers import Layer
from tools.firm import industries


@pytest.mark.parametrize(
    ("said", "name", "share", "row"),
    [("我们打木床", "furniture", 0.9, "furniture"), ("小店卖早点", "catering", 0.7, "catering"), ("随便说说", "none", 0.9, None)],
)  # fmt: skip
def test_what_a_clause_means_names_the_trade(
    monkeypatch: pytest.MonkeyPatch, said: str, name: str, share: float, row: str | None
) -> None:
    monkeypatch.setattr(industries, "meaning", lambda subject, clause: (name, share))
    found = industries.told(said)
    assert (found and (found.row.id if found.row else found.size.id)) == row


def test_a_doubtful_meaning_does_not_stand_against_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(industries, "meaning", lambda subject, clause: ("catering", 0.7))
    found = industries.told("我们做注塑的")
    assert found and found.row and found.row.id == "rubber-plastic"


def test_layers_are_read_as_written_and_none_from_a_damaged_or_foreign_file(tmp_path: Path) -> None:
    layer = Layer(("a", "none"), np.eye(2, dtype=np.float32) * 4, np.zeros(2, np.float32), 1.0)
    write_layers(path := tmp_path / "clauses.npz", "x/1", {"trades": layer})
    again = load_layers(path, "x/1")["trades"]
    assert again.names == ("a", "none") and again.probabilities(np.array([1, 0], np.float32), {})[0] > 0.9
    assert load_layers(path, "x/2") == {}
    broken = tmp_path / "broken.npz"
    broken.write_bytes(path.read_bytes()[:90])
    assert load_layers(broken, "x/1") == {}


def test_without_the_encoder_nothing_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    from corpus.encoder.encoder import broken

    def refuse() -> None:
        raise broken()

    monkeypatch.setattr(clauses, "built_in", refuse)
    assert clauses.shares.__wrapped__("trades", "做木床的") == {}
