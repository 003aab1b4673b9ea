"""`xiangdao model …` as a user runs it, over a data folder of its own and a mirror on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.engine import catalogue as shelf
from assistant.engine import model_folder
from assistant.engine.catalogue import Model
from core.errors import BadFile, BadInput, NotAvailable
from core.settings import load_settings
from tests.assistant.engine.test_machine import like
from tests.engine_doubles.model_mirror import Mirror, gguf_bytes, model_of, serving
from ui import model_commands
from ui.model_commands import write_setting
from ui.terminal import parser

DATA = gguf_bytes()
TINY = model_of({"tiny.gguf": DATA}, note="很小")
RESEARCH = model_of({"study.gguf": DATA}, name="study", commercial=False, licence="Research")


@dataclass
class Here:
    home: Path
    mirror: Mirror

    def run(self, *words: str) -> int:
        return model_commands.run(parser().parse_args(["model", *words]))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    models: tuple[Model, ...] = (TINY, RESEARCH)
    for module in (shelf, model_folder, model_commands):
        monkeypatch.setattr(module, "catalogue", lambda: models)
    monkeypatch.setenv("XIANGDAO_HOME", str(tmp_path / "home"))
    with serving(Mirror({"tiny/tiny.gguf": DATA, "study/study.gguf": DATA})) as mirror:
        monkeypatch.setenv("XIANGDAO_MODEL_MIRROR", mirror.url)
        yield Here(tmp_path / "home", mirror)


def test_a_model_is_listed_pulled_used_and_removed(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.run("list") == 0
    assert "未下载·放得下" in capsys.readouterr().out
    assert here.run("pull", "tiny") == 0
    said = capsys.readouterr()
    assert "校验无误" in said.out and "写答案从现在起用它" in said.err
    assert here.run("pull", "study") == 0
    capsys.readouterr()
    assert here.run("use", "Tiny") == 0
    assert "写答案从现在起用 tiny" in capsys.readouterr().out
    here.run("list")
    assert "使用中" in capsys.readouterr().out
    assert here.run("remove", "tiny") == 0
    assert "改回不用它" in capsys.readouterr().err
    assert not (here.home / "models/tiny").exists()
    here.run("list")
    assert "使用中" in capsys.readouterr().out, "the one that is left"
    assert (here.home / "config.toml").read_text("utf-8").strip() == ""


def test_only_pull_opens_a_connection(here: Here) -> None:
    here.run("list")
    here.run("list", "--json")
    with pytest.raises(NotAvailable):
        here.run("use", "tiny")
    with pytest.raises(BadInput):
        here.run("remove", "tiny")
    assert here.mirror.ranges == []
    here.run("pull", "tiny")
    assert here.mirror.ranges == [None]


def test_the_list_as_json_says_what_fits_and_what_is_there(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    here.run("pull", "tiny")
    capsys.readouterr()
    here.run("list", "--json")
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["models"]}
    assert rows["tiny"]["installed"] and not rows["study"]["installed"]
    assert rows["tiny"]["fit"] == "fits" and rows["tiny"]["size_bytes"] == len(DATA)


def test_a_licence_that_forbids_business_is_said(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    here.run("pull", "study")
    assert "不可商用" in capsys.readouterr().err
    here.run("list")
    assert "不可商用" in capsys.readouterr().out


def test_a_model_comes_from_a_stick_by_its_path_or_with_from(
    here: Here, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    (stick / "tiny.gguf").write_bytes(DATA)
    (stick / "mine.gguf").write_bytes(gguf_bytes(1000, chat_template=""))
    here.run("pull", "tiny", "--from", str(stick))
    assert "校验无误" in capsys.readouterr().out
    here.run("pull", str(stick / "mine.gguf"))
    said = capsys.readouterr()
    assert "没有对话模板" in said.err and "没有校验码可比" in said.out and "校验无误" not in said.out
    here.run("list")
    assert "mine" in capsys.readouterr().out
    assert here.mirror.ranges == []
    here.run("use", "mine")
    here.run("remove", "mine")


@pytest.mark.parametrize(("architecture", "said"), [("qwen35", True), ("qwen3", False)])
def test_a_model_that_openvino_does_not_read_says_so_where_openvino_is_there(
    here: Here,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    architecture: str,
    said: bool,
) -> None:
    monkeypatch.setattr(model_commands, "machine", lambda: like(packages=("openvino_genai",)))
    (tmp_path / "mine.gguf").write_bytes(gguf_bytes(64, architecture))
    here.run("pull", str(tmp_path / "mine.gguf"))
    assert ("OpenVINO 读不了它" in capsys.readouterr().err) is said


def test_a_folder_without_models_is_said(here: Here, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="没有认得的模型"):
        here.run("pull", str(tmp_path))
    with pytest.raises(BadFile, match="找不到"):
        here.run("pull", "./none.gguf")
    (tmp_path / "a.txt").write_text("x", "utf-8")
    with pytest.raises(BadFile, match="不是 GGUF"):
        here.run("pull", str(tmp_path / "a.txt"))


@pytest.mark.parametrize("action", ["pull", "use"])
def test_a_mistyped_name_gets_the_nearest(action: str, here: Here) -> None:
    with pytest.raises(BadInput) as caught:
        here.run(action, "tinny")
    assert "是不是 tiny" in caught.value.hint


@pytest.mark.parametrize("name", ["../home", "..", "/", "C:\\Windows", "a/b"])
def test_remove_takes_no_path(name: str, here: Here) -> None:
    here.home.mkdir()
    with pytest.raises(BadInput):
        here.run("remove", name)
    assert here.home.exists()


def test_a_model_that_is_not_whole_is_not_used(here: Here) -> None:
    here.run("pull", "tiny")
    (here.home / "models/tiny/tiny.gguf").write_bytes(DATA[:100])
    with pytest.raises(NotAvailable, match="不完整"):
        here.run("use", "tiny")
    here.run("pull", "tiny")
    assert here.run("use", "tiny") == 0


def test_using_a_model_keeps_the_other_settings(here: Here) -> None:
    here.run("pull", "tiny")
    config = here.home / "config.toml"
    config.write_text('# 我的设置\nport = 7000\nmodel = "old"\n\n[later]\nmodel = "stays"\n', "utf-8")
    here.run("use", "tiny")
    text = config.read_text("utf-8")
    assert text == '# 我的设置\nport = 7000\nmodel = "tiny"\n\n[later]\nmodel = "stays"\n'
    assert load_settings().port == 7000


@pytest.mark.parametrize("text", ["port = ", "= 3", "[a", 'model = """\nx\n"""\n'])
def test_a_settings_file_that_cannot_be_understood_is_left_alone(text: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(text, "utf-8")
    with pytest.raises(BadInput, match="没有改动"):
        write_setting(config, "model", "tiny")
    assert config.read_text("utf-8") == text


def test_a_setting_is_added_changed_and_dropped(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    write_setting(config, "model", "a")
    write_setting(config, "reranker_model", "b")
    write_setting(config, "model", "c")
    assert config.read_text("utf-8") == 'reranker_model = "b"\nmodel = "c"\n'
    write_setting(config, "model", None)
    write_setting(config, "model", None)
    assert config.read_text("utf-8") == 'reranker_model = "b"\n'


def test_the_environment_that_wins_is_named(
    here: Here, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here.run("pull", "tiny")
    monkeypatch.setenv("XIANGDAO_MODEL", "study")
    here.run("use", "tiny")
    assert "XIANGDAO_MODEL 指定了 study" in capsys.readouterr().err


def test_a_mirror_that_lacks_the_model_is_said(here: Here) -> None:
    here.mirror.files.clear()
    with pytest.raises(NotAvailable, match="404"):
        here.run("pull", "tiny")
    with pytest.raises(BadInput, match="不认识的下载来源"):
        here.run("pull", "tiny", "--mirror", "nowhere")


@pytest.mark.parametrize("words", [[], ["pull"], ["use"], ["remove"], ["nothing"], ["list", "x"]])
def test_a_mistake_in_usage_ends_with_status_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(["model", *words])
    assert caught.value.code == 2
