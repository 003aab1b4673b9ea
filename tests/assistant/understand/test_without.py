"""No encoder, no heads, or damaged ones: word search answers, tools run by name and by what they asked back, nothing crashes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.understand import understander as module
from assistant.understand.heads import FILE, Heads, load_heads, write_heads
from assistant.understand.understander import Understander, open_understander
from core.errors import NotAvailable
from core.settings import Settings
from core.types import Notice
from corpus.encoder.encoder import Encoder, broken
from corpus.encoder.layers import Layer


def small() -> Heads:
    layer = Layer(("a", "b"), np.eye(2, 6, dtype=np.float32), np.zeros(2, np.float32), 1.0)
    shares = {"a": 0.5, "b": 0.6}
    return Heads("x/1", {"message": layer}, shares, {"a": 0.2, "b": 0.3}, (0.1, 0.9), (0.3, 0.2))


@pytest.fixture
def blind(home: Path, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """An assistant whose encoder cannot be opened."""

    def refuse(folder: Path) -> Encoder:
        raise broken()

    monkeypatch.setattr("corpus.encoder.encoder._of", refuse)
    return build_assistant(Settings(home=home), remember=False)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write_heads(path := tmp_path / FILE, small())
    again = load_heads(path, "x/1")
    assert again.sure == {"a": 0.5, "b": 0.6} and again.goes_on == (0.1, 0.9) and again.meant == (0.3, 0.2)
    layer = again.layers["message"]
    assert layer.names == ("a", "b")
    assert layer.probabilities(np.array([1, 0], np.float32), {})[0] > 0.7


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def _other_bytes(path: Path) -> None:
    path.write_bytes(b"not a file of arrays")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _not_numbers(path: Path) -> None:
    heads = small()
    heads.layers["message"].weights[0, 0] = np.nan
    write_heads(path, heads)


@pytest.mark.parametrize("damage", [_cut, _other_bytes, _empty, _not_numbers, Path.unlink])
def test_a_damaged_file_is_said_to_be_one(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    write_heads(path := tmp_path / FILE, small())
    damage(path)
    with pytest.raises(NotAvailable, match="缺了或坏了"):
        load_heads(path, "x/1")


def test_heads_of_another_encoder_are_not_used(tmp_path: Path) -> None:
    write_heads(path := tmp_path / FILE, small())
    with pytest.raises(NotAvailable, match="不是一套"):
        load_heads(path, "x/2")


def test_a_wrong_file_in_the_data_folder_leaves_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"rubbish")
    opened, trouble = open_understander(tmp_path)
    assert isinstance(opened, Understander) and "坏了" in trouble


def test_ones_own_file_comes_before_the_shipped_one(tmp_path: Path, understander: Understander) -> None:
    heads = understander.heads
    write_heads(
        tmp_path / FILE, Heads(heads.encoder, heads.layers, heads.sure, heads.half, heads.goes_on, (0.11, 0.07))
    )
    opened, trouble = open_understander(tmp_path)
    assert opened and not trouble and opened.heads.meant == (0.11, 0.07)


def test_without_an_encoder_words_alone_find_the_answer_and_it_is_said(blind: Assistant) -> None:
    events = list(blind.ask("到2027年中小企业上云率要达到多少？"))
    assert any(isinstance(event, Notice) and "只按字词查" in event.text for event in events)
    assert "40%" in blind.answer("到2027年中小企业上云率要达到多少？").text


def test_without_an_encoder_a_tool_runs_by_its_name_and_by_what_it_asked_back(blind: Assistant) -> None:
    first = blind.answer("企业划型", "s")
    assert first.tool and first.tool.name == "size_class"
    then = blind.answer("工厂，280人，去年营收1.9亿", "s")
    assert then.tool and then.tool.name == "size_class" and "小型" in then.text


def test_an_encoder_that_fails_when_first_used_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Encoder, "meaning", lambda self, text: (_ for _ in ()).throw(broken()))
    opened, trouble = module.open_understander(tmp_path)
    assert opened is None and "打不开" in trouble
