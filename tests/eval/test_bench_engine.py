"""The model that the engine's benchmark makes, and how it takes times."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from eval.bench_engine import main, text_of
from eval.bench_model import Shape, bench_model

SMALL = Shape(layers=1, width=256, hidden=512, heads=4, kv_heads=2, vocabulary=22000, context=512)


def test_no_two_runs_share_a_beginning() -> None:
    texts = [text_of(seed) for seed in range(8)]
    assert all(len(text) == len(texts[0]) for text in texts)
    assert len({text[:5] for text in texts}) == len(texts)


def test_an_unknown_part_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "nonsense"])
    assert "可选：turns" in capsys.readouterr().err


@pytest.mark.skipif(
    not (find_spec("llama_cpp") and find_spec("gguf")),
    reason="needs llama-cpp-python and gguf: python3 start.py setup llm",
)
def test_the_random_model_is_quantized_loads_and_is_made_once(tmp_path: Path) -> None:
    import llama_cpp

    made = bench_model(tmp_path, SMALL)
    assert bench_model(tmp_path, SMALL) == made and [f.name for f in tmp_path.iterdir()] == [made.name]
    llama = llama_cpp.Llama(str(made), n_ctx=128, n_threads=1, verbose=False)
    text = "到2027年，上云率超过40%。"
    tokens = llama.tokenize(text.encode(), add_bos=False)
    assert llama.detokenize(tokens).decode() == text and llama.metadata["general.file_type"] == "15"
    assert llama.create_completion(text, max_tokens=2)["usage"]["completion_tokens"] == 2
    llama.close()
