"""Sentence models of a model folder, through sentence-transformers: as LangChain `Embeddings`, and as a reranker.

The folder is read where it lies; nothing is ever downloaded. The libraries, a few seconds to import, are loaded with the
weights on first use; what is known before that comes from the folder's small files.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from langchain_core.embeddings import Embeddings

from core.errors import DeviceAbsent, NotAvailable

if TYPE_CHECKING:
    import numpy as np
    from sentence_transformers import CrossEncoder, SentenceTransformer

LONGEST_TOKENS = 1024
"""Passages are shorter; what a model could read beyond that costs memory for nothing."""
PAIR_TOKENS = 512
BATCH = 32
PAIRS = 8
_SAMPLED = 1 << 16
SETUP = "运行：python3 start.py setup embed"
_QUERY_PROMPTS = ((re.compile(r"bge-(small|base|large)-zh", re.I), "为这个句子生成表示以用于检索相关文章："),)
"""What models want before a question where their own folder does not say so. Source: the model cards of BGE v1.5 (BAAI)."""
_WEIGHTS = ("model.safetensors", "pytorch_model.bin", "model.safetensors.index.json", "pytorch_model.bin.index.json")
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "sentencepiece.bpe.model", "vocab.json")
"""Without one of them transformers makes up an empty vocabulary and says nothing."""
_DIMENSIONS = ("out_features", "embedding_dimension", "word_embedding_dimension")
_OURS = "sentence_transformers."
_Model = TypeVar("_Model")
log = logging.getLogger(__name__)


class _Folder:
    """What a model folder's small files say, and a digest that stands for exactly these weights. Raises NotAvailable.

    dimension: length of the vectors. query_prompt, passage_prompt: what stands before a question or a passage.
    """

    def __init__(self, folder: Path, pooled: bool) -> None:
        self._folder = folder
        try:
            config = self._json("config.json")
            weights = [folder / name for name in _WEIGHTS if (folder / name).is_file()]
            modules = self._json("modules.json") if pooled else []
            readable = any((folder / name).is_file() for name in _TOKENIZERS)
            if (
                not weights
                or not readable
                or (pooled and not modules)
                or any(not m["type"].startswith(_OURS) for m in modules)
            ):
                raise ValueError(
                    "no weights, no tokenizer, no modules, or modules that are not sentence-transformers' own"
                )
            told = [self._module(str(m.get("path", ""))) for m in reversed(modules)]
            self.dimension = next(
                (t[key] for t in told for key in _DIMENSIONS if t.get(key)), config.get("hidden_size")
            )
            prompts = self._prompts()
            self.query_prompt = prompts.get("query") or prompts.get("search_query") or _known_prompt(folder.name)
            self.passage_prompt = prompts.get("document") or prompts.get("passage") or ""
            self.digest = _digest([*weights, *sorted(folder.glob("**/*.json"))])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
            raise broken(folder.name) from exc

    def _json(self, name: str) -> Any:
        return json.loads((self._folder / name).read_text("utf-8"))

    def _module(self, path: str) -> dict[str, Any]:
        name = f"{path or '.'}/config.json"
        return self._json(name) if (self._folder / name).is_file() else {}

    def _prompts(self) -> dict[str, str]:
        name = "config_sentence_transformers.json"
        return (self._json(name).get("prompts") or {}) if (self._folder / name).is_file() else {}


def _known_prompt(name: str) -> str:
    return next((prompt for pattern, prompt in _QUERY_PROMPTS if pattern.search(name)), "")


def broken(name: str) -> NotAvailable:
    """The error for a model folder that is missing, incomplete or damaged."""
    return NotAvailable(
        f"模型 {name} 打不开：文件夹不在、不完整或已损坏。", "要重新下载。", command=f"运行：xiangdao model pull {name}"
    )


def _digest(files: Sequence[Path]) -> str:
    """A name for the content: names and sizes of all files, and the first and last bytes of each."""
    digest = hashlib.sha256()
    for path in files:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_SAMPLED)
            file.seek(max(0, size - _SAMPLED))
            digest.update(f"{path.name} {size}".encode() + head + file.read(_SAMPLED))
    return digest.hexdigest()[:12]


def device_of(wanted: str) -> str:
    """The torch device for auto, cpu or cuda; DeviceAbsent where the one asked for is not there."""
    import torch

    if wanted == "cuda" and not torch.cuda.is_available():
        raise DeviceAbsent("没有能用的 NVIDIA 显卡，或装的 torch 不带 CUDA。", "把 embedding_device 改成 auto 或 cpu。")
    return "cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu"


def _loaded(name: str, device: str, make: Callable[[str, Any], _Model]) -> _Model:
    """Load a model offline; a missing library or a damaged folder becomes NotAvailable."""
    if importlib.util.find_spec("sentence_transformers") is None:
        raise NotAvailable(f"还没有装运行 {name} 的程序。", command=SETUP)
    os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"})
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import torch
        import transformers

        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        used = device_of(device)
        return make(used, torch.float16 if used == "cuda" else torch.float32)
    except NotAvailable:
        raise
    except ImportError as exc:
        raise NotAvailable(f"运行 {name} 的程序装得不完整。", command=SETUP) from exc
    except Exception as exc:  # damaged weights or configuration: torch, safetensors and transformers raise their own
        log.warning("%s cannot be loaded: %s", name, exc)
        raise broken(name) from exc


class SentenceEmbeddings(Embeddings):
    """Unit vectors of a sentence model. id names the weights and how they are used; scale: see corpus/scale.py."""

    def __init__(self, folder: Path, device: str = "auto") -> None:
        known = _Folder(folder, pooled=True)
        self.folder, self.name, self.device = folder, folder.name, device
        self.query_prompt, self.passage_prompt = known.query_prompt, known.passage_prompt
        self.dimension = int(known.dimension)
        self.id = f"sentence/{self.name}/{known.digest}"
        self._model: SentenceTransformer | None = None
        self._lock = threading.Lock()

    def _opened(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                self._model = _loaded(self.name, self.device, self._load)
            return self._model

    def _load(self, device: str, dtype: Any) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(
            str(self.folder),
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"dtype": dtype},
        )
        model.max_seq_length = min(model.max_seq_length or LONGEST_TOKENS, LONGEST_TOKENS)
        if model.get_embedding_dimension() != self.dimension:
            raise broken(self.name)
        return model

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """One unit vector a row, shape (len(texts), dimension), float32. Raises NotAvailable."""
        return self._encoded(list(texts), self.passage_prompt)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist() if texts else []

    def embed_query(self, text: str) -> list[float]:
        return self._encoded([text], self.query_prompt)[0].tolist()

    def _encoded(self, texts: list[str], prompt: str) -> np.ndarray:
        import numpy as np

        model = self._opened()
        found = model.encode(
            texts, prompt=prompt or None, batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True
        )
        return np.nan_to_num(np.asarray(found, dtype=np.float32))


class Reranker:
    """A cross-encoder that reads question and passage together."""

    def __init__(self, folder: Path, device: str = "auto") -> None:
        _Folder(folder, pooled=False)
        self.folder, self.name, self.device = folder, folder.name, device
        self._model: CrossEncoder | None = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """Load the weights now. Raises NotAvailable."""
        with self._lock:
            if self._model is None:
                self._model = _loaded(self.name, self.device, self._load)

    def _load(self, device: str, dtype: Any) -> CrossEncoder:
        from sentence_transformers import CrossEncoder

        return CrossEncoder(
            str(self.folder), device=device, local_files_only=True, trust_remote_code=False, max_length=PAIR_TOKENS,
            num_labels=1, model_kwargs={"dtype": dtype},
        )  # fmt: skip

    def scores(self, question: str, texts: Sequence[str], budget_s: float) -> list[float]:
        """How well each text answers, higher is better, as many as the time allows, from the first on. Raises NotAvailable.

        budget_s: seconds for scoring, loading not counted; the first few are always scored.
        """
        self.open()
        assert self._model is not None
        began, found = time.monotonic(), list[float]()
        for at in range(0, len(texts), PAIRS):
            pairs = [(question, text) for text in texts[at : at + PAIRS]]
            found += [float(score) for score in self._model.predict(pairs, batch_size=PAIRS, show_progress_bar=False)]
            taken = time.monotonic() - began
            if taken * (len(found) + PAIRS) / len(found) > budget_s:
                break
        return found
