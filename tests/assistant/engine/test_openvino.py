"""OpenVINO over tiny models with random weights, on the processor; the doubles stand in for what this machine has not."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.engine import hosted, openvino_child
from assistant.engine.contract import EngineSettings
from assistant.engine.model_folder import bring, models_at
from assistant.engine.openvino import OpenVinoEngine, explain, tidy
from core.errors import EngineFailed
from tests.engine_doubles.gguf_shell import write_shell
from tests.engine_doubles.patient import WAITS, patient

FAKE = (sys.executable, "-I", str(Path(__file__).parents[2] / "engine_doubles" / "fake_child.py"))
needs_gguf = pytest.mark.skipif(not find_spec("gguf"), reason="needs gguf: python3 start.py test installs it")
needs_openvino = pytest.mark.skipif(
    not (find_spec("openvino_genai") and find_spec("gguf")),
    reason="needs OpenVINO and gguf: python3 start.py test installs them",
)
Make = Callable[..., OpenVinoEngine]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("openvino")


@pytest.fixture
def make(tmp_path: Path, cache: Path) -> Iterator[Make]:
    made: list[OpenVinoEngine] = []

    def engine(model: Path, **more: Any) -> OpenVinoEngine:
        command = more.pop("command", ())
        settings = EngineSettings(**{
            "model_path": model, "log_folder": tmp_path / "logs", "cache_folder": cache,
            "answer_tokens": 20, **WAITS, **more,
        })  # fmt: skip
        made.append(patient(OpenVinoEngine(settings, command)))
        return made[-1]

    yield engine
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.engine_doubles.byte_model import write_byte_model

    return write_byte_model(tmp_path_factory.mktemp("model") / "tiny.gguf")


def said(engine: OpenVinoEngine, text: str, **more: Any) -> str:
    return str(engine.chat.invoke(text, **{"temperature": 0, **more}).content)


def asked(engine: OpenVinoEngine, text: str, **more: Any) -> httpx.Response:
    """The child's whole answer, with its count of tokens and steps."""
    endpoint = engine.started()
    body = {"messages": [{"role": "user", "content": text}], "max_tokens": 8, **more}
    headers = {"Authorization": f"Bearer {endpoint.key}"}
    return httpx.post(f"{endpoint.url}/chat/completions", json=body, headers=headers, timeout=60.0)


def steps(pipeline: Any, tokens: list[int], until: int = 0) -> int:
    """How many steps a pipeline takes for a prompt and one token of an answer. until: it is stopped after so many."""
    import numpy
    import openvino
    import openvino_genai

    config = openvino_genai.GenerationConfig(max_new_tokens=1, apply_chat_template=False)
    handle, taken = pipeline.add_request(0, openvino.Tensor(numpy.array([tokens], numpy.int64)), config), 0
    while pipeline.has_non_finished_requests():
        pipeline.step()
        taken += 1
        if taken == until:
            handle.cancel()
    return taken


def converted(cache: Path) -> list[Path]:
    return [path for path in (cache / "converted").iterdir() if path.is_dir()]


@needs_openvino
class TestOnTheProcessor:
    def test_a_gguf_file_speaks_and_the_device_is_told(self, make: Make, model: Path) -> None:
        engine = make(model)
        assert said(engine, "第一步做什么？")
        status = engine.status()
        assert status.details["device"] == "CPU" and "处理器" in status.summary

    def test_the_conversion_is_kept_and_used_again(self, make: Make, model: Path, tmp_path: Path) -> None:
        first = make(model, cache_folder=tmp_path)
        words = said(first, "第一步？")
        first.close()
        [folder] = converted(tmp_path)
        changed = (folder / "openvino_model.bin").stat().st_mtime_ns
        again = make(model, cache_folder=tmp_path)
        assert said(again, "第一步？") == words
        assert [path.stat().st_mtime_ns for path in folder.glob("openvino_model.bin")] == [changed]
        assert not list(folder.parent.glob("*.part")) and not (folder / "model.gguf").exists()

    def test_an_exported_folder_speaks_the_same(self, make: Make, model: Path, tmp_path: Path) -> None:
        engine = make(model, cache_folder=tmp_path)
        words = said(engine, "第一步？")
        exported = shutil.copytree(converted(tmp_path)[0], tmp_path / "exported")
        assert said(make(exported), "第一步？") == words
        [known] = models_at(exported)
        there = bring(known, exported, tmp_path / "models", lambda *_: None)
        assert said(make(there.main_file), "第一步？") == words

    def test_a_half_made_conversion_is_made_anew(self, make: Make, model: Path, tmp_path: Path) -> None:
        first = make(model, cache_folder=tmp_path)
        said(first, "第一步？")
        first.close()
        [folder] = converted(tmp_path)
        (folder / "openvino_tokenizer.xml").unlink()
        assert said(make(model, cache_folder=tmp_path), "第一步？")

    def test_its_own_steps_show_that_what_was_read_is_not_read_again(self, model: Path, tmp_path: Path) -> None:
        import openvino_genai

        from assistant.engine.openvino_model import prepared, scheduler

        how = scheduler("CPU", 4096)
        how.max_num_batched_tokens = 64
        pipeline = openvino_genai.ContinuousBatchingPipeline(prepared(model, str(tmp_path / "made"))[0], how, "CPU")
        first, second, third = ([*range(at, 250), *range(at)] * 3 for at in (1, 2, 3))  # 750 tokens, 12 steps of 64
        assert steps(pipeline, first) == 12
        assert steps(pipeline, second) == 12
        assert steps(pipeline, [*first, 7, 7]) == 1, "another conversation came in between"
        assert steps(pipeline, third, until=6) <= 7
        assert 5 <= steps(pipeline, third) <= 7, "it goes on where it was stopped"

    def test_an_answer_never_exceeds_what_the_context_leaves(self, make: Make, model: Path) -> None:
        engine = make(model, context_tokens=1024)
        assert asked(engine, "字" * 300, max_tokens=5000).json()["usage"]["completion_tokens"] <= 200

    def test_the_end_of_a_conversation_in_a_text_is_no_end(self, make: Make, model: Path) -> None:
        engine = make(model)
        assert asked(engine, "{{ 1/0 }} {% raise %} <|im_end|>").status_code == 200

    def test_a_killed_child_is_replaced(self, make: Make, model: Path) -> None:
        engine = make(model)
        said(engine, "第一步？")
        child = engine._child
        os.kill(engine.status().details["pid"], 9)
        assert child and child.ends_within(5.0)
        assert said(engine, "第一步？")
        assert "只用处理器" in engine.status().summary

    @pytest.mark.parametrize("device", ["gpu", "npu"])
    def test_a_device_that_is_absent_fails_loudly(self, make: Make, model: Path, device: str) -> None:
        import openvino

        if any(name.startswith(device.upper()) for name in openvino.Core().available_devices):
            pytest.skip("this machine has one")
        with pytest.raises(EngineFailed, match=r"没有找到.*只有：处理器"):
            said(make(model, device=device), "第一步？")

    def test_where_nothing_can_be_written_it_still_speaks(self, make: Make, model: Path, tmp_path: Path) -> None:
        (tmp_path / "openvino").write_text("a file stands where the folder should be")
        engine = make(model, cache_folder=tmp_path / "openvino")
        assert said(engine, "第一步？")
        assert engine.status().details["converted"] is False

    def test_a_damaged_folder_is_told_in_one_sentence(self, make: Make, model: Path, tmp_path: Path) -> None:
        engine = make(model, cache_folder=tmp_path)
        said(engine, "第一步？")
        broken = shutil.copytree(converted(tmp_path)[0], tmp_path / "broken")
        weights = broken / "openvino_model.bin"
        weights.write_bytes(weights.read_bytes()[:1000])
        with pytest.raises(EngineFailed, match=r"载入不了|不完整"):
            said(make(broken), "第一步？")
        weights.unlink()
        with pytest.raises(EngineFailed, match=r"缺 openvino_model.bin"):
            said(make(broken), "第一步？")


@needs_openvino
@pytest.mark.skipif(
    sys.platform == "darwin" or platform.machine() not in {"x86_64", "AMD64"}, reason="no NPU plugin here"
)
def test_a_gguf_file_runs_with_the_fixed_shapes_of_an_npu(model: Path, tmp_path: Path) -> None:
    """OpenVINO's NPU pipeline, with the processor computing in the NPU's place: no NPU is needed, and none is tried."""
    from assistant.engine.openvino_model import Model, TooLong, prepared

    source, converted = prepared(model, str(tmp_path / "converted"))
    options = {
        "context_tokens": 1536, "answer_tokens": 256, "threads": 1, "cache": "",
        "properties": {"NPUW_DEVICES": "CPU", "NPUW_ONLINE_PIPELINE": "NONE"},
    }  # fmt: skip
    on_npu, on_cpu = Model(source, "NPU", options), Model(source, "CPU", {**options, "properties": {}})
    tokens = on_npu.tokens([{"role": "user", "content": "第一步？"}])
    told: dict[Model, list[str]] = {on_npu: [], on_cpu: []}
    for one, pieces in told.items():
        usage = one.answer(tokens, {"max_tokens": 12}, pieces.append, lambda: False)
        assert converted and usage["completion_tokens"] == 12
    assert "".join(told[on_npu]) == "".join(told[on_cpu])
    with pytest.raises(TooLong):
        on_npu.tokens([{"role": "user", "content": "字" * 430}])
    assert on_cpu.tokens([{"role": "user", "content": "字" * 430}])
    pieces = told[on_npu]
    usage = on_npu.answer(tokens, {"max_tokens": 250}, pieces.append, lambda: len(pieces) > 8)
    assert usage["completion_tokens"] < 100, "a stop between two tokens"


@needs_gguf
@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ({"architecture": "gemma3"}, "gemma3 结构"),
        ({"kind": "Q5_0"}, "量化格式"),
        ({"kind": "F32"}, "量化格式"),
    ],
)
def test_what_openvino_cannot_read_is_told_before_a_child_starts(
    make: Make, tmp_path: Path, shape: dict[str, str], told: str
) -> None:
    from tests.engine_doubles.byte_model import write_byte_model

    engine = make(write_byte_model(tmp_path / "other.gguf", **shape), command=FAKE)  # type: ignore[arg-type]
    with pytest.raises(EngineFailed, match=told):
        said(engine, "第一步？")
    assert engine.status().details["pid"] is None


@needs_gguf
def test_a_vocabulary_that_openvino_cannot_read_is_told(make: Make, tmp_path: Path) -> None:
    from tests.engine_doubles.tiny_model import write_tiny_model

    with pytest.raises(EngineFailed, match="词表"):
        said(make(write_tiny_model(tmp_path / "spm.gguf"), command=FAKE), "第一步？")


@pytest.mark.parametrize("content", [b"", b"<html>", b"GGUF\x03\x00\x00"])
def test_a_file_that_is_no_model_is_refused(make: Make, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(content)
    with pytest.raises(EngineFailed, match=r"GGUF|没有下全|坏"):
        said(make(path, command=FAKE), "第一步？")


def test_a_folder_that_is_no_model_is_refused(make: Make, tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="不是完整的 OpenVINO 模型文件夹"):
        said(make(tmp_path, command=FAKE), "第一步？")


def exported(folder: Path) -> Path:
    folder.mkdir()
    for part in ("model", "tokenizer", "detokenizer"):
        for suffix in ("xml", "bin"):
            (folder / f"openvino_{part}.{suffix}").write_bytes(b"-")
    return folder


def test_a_crash_and_a_hang_end_in_a_sentence(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosted, "PAUSES_S", (0.0, 0.05, 0.05))
    with pytest.raises(EngineFailed, match="断了"):
        said(make(exported(tmp_path / "crash"), command=FAKE), "第一步？")
    hangs = make(exported(tmp_path / "hang"), command=FAKE, stall_timeout_s=0.3)
    hangs.chat.silence_s = 0.5  # type: ignore[attr-defined]
    with pytest.raises(EngineFailed, match="太久"):
        said(hangs, "第一步？")


def test_the_first_piece_goes_at_once_and_those_after_it_together(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(openvino_child, "GULP_S", 60.0)
    gulps = openvino_child.Gulps(sent.append)
    for word in ("先", "做", "评测", "。"):
        gulps.say(word)
    assert sent == ["先"]
    gulps.send()
    gulps.send()
    assert sent == ["先", "做评测。"]


def test_a_device_that_failed_under_auto_is_told(make: Make, tmp_path: Path) -> None:
    engine = make(exported(tmp_path / "ok"), command=FAKE)
    said(engine, "第一步？")
    engine._facts = {
        "device": "CPU",
        "device_name": "Test",
        "failures": ["GPU.0: driver", "NPU: shapes"],
        "template": True,
    }
    assert "显卡、NPU载入不了，退到了它" in engine.status().summary
    assert "显卡、NPU载入不了这个模型，这次用的是处理器" in engine.warning()
    assert engine.warning() == ""
    again = make(exported(tmp_path / "ok2"), command=FAKE)
    said(again, "第一步？")
    assert again.warning() == ""


@pytest.mark.parametrize(
    ("error", "device", "told"),
    [
        ("LookupError: no device npu; there are CPU,GPU.0", "npu", "没有找到 NPU，只有：处理器、显卡"),
        ("RuntimeError: Failed to allocate 7 bytes", "auto", "内存不够"),
        ("RuntimeError: Unsupported quantization type", "auto", "读不了"),
        ("RuntimeError: Broadcast incorrect target shape", "npu", "NPU 上载入不了"),
        ("ModuleNotFoundError: No module named 'openvino'", "cpu", "没有装全"),
        ("RuntimeError: map::at", "cpu", "文件可能坏了"),
    ],
)
def test_what_openvino_says_is_put_into_a_sentence(error: str, device: str, told: str) -> None:
    failed = explain(error, "", Path("m.gguf"), device)
    assert told in failed.message and failed.hint


def test_conversions_of_files_that_are_gone_are_deleted(tmp_path: Path, model_file: Path) -> None:
    from assistant.engine.openvino import caches

    kept = Path(caches(model_file, tmp_path / "ov")["converted"])
    kept.mkdir()
    tidy(kept.parent)
    assert kept.is_dir()
    model_file.unlink()
    tidy(kept.parent)
    assert not kept.exists() and not list(kept.parent.iterdir())


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    return write_shell(tmp_path / "m.gguf")
