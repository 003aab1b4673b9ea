"""Sentence vectors by the small model that ships with the package, through onnxruntime; no torch, no download.

Its lower layers are shared; of the upper ones there are three: for searching, for what a message wants, and for what a clause
of one document answers. The files are made by eval/train; MODEL_CARD.md beside them tells from what, under which licence, and how good they are.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from langchain_core.embeddings import Embeddings

from core.errors import NotAvailable
from corpus.encoder.kept import Kept, hashes_of, read_kept

if TYPE_CHECKING:
    import numpy as np
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent
MANIFEST = "manifest.json"
SHIPPED = "cards.npz"
"""The vectors of the bundled cards and their questions (eval/train/vectors.py)."""
NAME = "xiangdao-encoder"
BATCH = 32
PART = 2**20
REMEMBERED = 256
"""Questions whose vector is kept: one is needed for understanding, retrieving and judging."""
SHARED = 16
"""Questions of which what the lower layers make is kept, for the upper ones to take it up."""
TRUNK, SEARCH, MEANING, READING = "trunk.onnx", "search.onnx", "meaning.onnx", "reading.onnx"
"""The lower layers, and the upper ones of each kind."""
PARTS = (TRUNK, SEARCH, MEANING)
"""Those that there must be; without READING the layers for searching read a document's clauses too."""


@dataclass(frozen=True)
class Reading:
    """How a clause is weighed as an answer. words: the weight of shared words beside the likeness; none: from which sum on a clause
    rather answers than that none does; scale: how sharply.
    """

    words: float
    none: float
    scale: float


class Encoder(Embeddings):
    """Unit vectors of `dimension` floats. Opening is cheap: the weights are read when the first text comes.

    Raises NotAvailable where a file is missing, damaged or another model's, or where onnxruntime cannot be loaded.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        try:
            manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
            self.dimension = int(manifest["dimension"])
            self._longest_tokens = int(manifest["longest_tokens"])
            self._query, self._passage = str(manifest["query"]), str(manifest["passage"])
            for name, size in manifest["bytes"].items():
                if (folder / name).stat().st_size != size:
                    raise ValueError(f"{name} has another size")
            self._digests = {str(name): str(digest) for name, digest in (manifest.get("sha256") or {}).items()}
            self.id = f"{manifest['name']}/{manifest['version']}"
            self.meaning_id = f"{self.id}/{manifest['meaning']}"
            given = manifest.get("reading")
            self.reading = Reading(**{name: float(value) for name, value in given.items()}) if given else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
            raise broken() from exc
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._kept: dict[Path, Kept] | None = None
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._question)
        self._shared = lru_cache(maxsize=SHARED)(lambda text: self._states([text]))

    def query(self, text: str) -> np.ndarray:
        """The vector by which a question is searched for, shape (dimension,), float32; not to be written to."""
        return self._remembered(text, SEARCH)

    def meaning(self, text: str) -> np.ndarray:
        """The vector by which a message is understood, of the same form; like no vector of `query`."""
        return self._remembered(text, MEANING)

    def meanings(self, texts: Sequence[str]) -> np.ndarray:
        """One message a row."""
        return self._run([self._query + text for text in texts], MEANING)

    def asked_of(self, text: str) -> np.ndarray:
        """The vector by which the clauses of one document are compared with a question, of the same form."""
        return self._remembered(text, READING if self.reading else SEARCH)

    def clauses(self, texts: Sequence[str]) -> np.ndarray:
        """One clause a row, to be compared with what `asked_of` makes."""
        return self._run([self._passage + text for text in texts], READING if self.reading else SEARCH)

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """One question a row."""
        return self._looked_up([self._query + text for text in texts])

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """One passage a row, shape (len(texts), dimension), float32."""
        return self._looked_up([self._passage + text for text in texts])

    def states(self, texts: Sequence[str]) -> list[np.ndarray]:
        """What the lower layers make of each text with its prefix, shape (tokens, dimension), for training."""
        out: list[np.ndarray] = []
        for start in range(0, len(texts), BATCH):
            made, mask = self._states(texts[start : start + BATCH])
            out += [row[: int(kept.sum())] for row, kept in zip(made, mask, strict=True)]
        return out

    def know(self, path: Path) -> None:
        """Take the vectors kept in a file as well as those that ship, where it has any that they lack."""
        import numpy as np

        found, known = read_kept(path, self.id), self._known()
        if found and not any(np.isin(found.hashes, kept.hashes).all() for at, kept in known.items() if at != path):
            known[path] = found

    def forget(self) -> None:
        """Let go of the kept vectors, which only building needs; they are read again where they are asked for."""
        with self._lock:
            self._kept = None

    def kept(self, questions: Sequence[str], passages: Sequence[str]) -> Kept:
        """The vectors of questions and passages, to be kept in a file."""
        texts = [*(self._query + text for text in questions), *(self._passage + text for text in passages)]
        return Kept.of(self.id, texts, self._looked_up(texts))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist() if texts else []

    def embed_query(self, text: str) -> list[float]:
        return self.query(text).tolist()

    def _question(self, text: str, part: str) -> np.ndarray:
        states, mask = self._shared(self._query + text)
        vector: np.ndarray = self._open().parts[part].run(None, {"states": states, "attention_mask": mask})[0][0]
        vector.setflags(write=False)
        return vector

    def _known(self) -> dict[Path, Kept]:
        """The kept vectors by the file they stand in."""
        path = self._folder / SHIPPED
        with self._lock:
            if self._kept is None:
                shipped = read_kept(path, self.id) if path.is_file() else None
                self._kept = {path: shipped} if shipped else {}
            return self._kept

    def _looked_up(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of texts: kept ones where they are known, else computed."""
        import numpy as np

        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        hashes, missing = hashes_of(texts), np.arange(len(texts))
        for kept in list(self._known().values()):
            at, rows = kept.find(hashes[missing])
            out[missing[at]] = rows
            missing = np.delete(missing, at)
        if len(missing):
            out[missing] = self._run([texts[at] for at in missing.tolist()])
        return out

    def _run(self, texts: Sequence[str], part: str = SEARCH) -> np.ndarray:
        import numpy as np

        upper = self._open().parts[part]
        # texts of like length together: what is padded is computed for nothing
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            states, mask = self._states([texts[at] for at in rows])
            out[rows] = upper.run(None, {"states": states, "attention_mask": mask})[0]
        return out

    def _states(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """What the lower layers make of texts, (texts, tokens, dimension), and which tokens are none."""
        import numpy as np

        opened = self._open()
        encoded = opened.tokenizer.encode_batch([_sayable(text) for text in texts])
        ids = np.array([e.ids for e in encoded], dtype=np.int64)
        mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
        return opened.parts[TRUNK].run(None, {"input_ids": ids, "attention_mask": mask})[0], mask

    def _open(self) -> _Opened:
        with self._lock:
            if self._opened is None:
                self._opened = self._loaded()
            return self._opened

    def _loaded(self) -> _Opened:
        try:
            for name, digest in self._digests.items():
                with (self._folder / name).open("rb") as file:
                    if _sha256(file) != digest:  # weights with a changed bit load like others, and find nothing
                        raise ValueError(f"{name} is damaged")
            import onnxruntime
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # a question is too short to share; answers of several users are not
            options.log_severity_level = 3
            parts = {
                name: onnxruntime.InferenceSession(
                    str(self._folder / name), options, providers=["CPUExecutionProvider"]
                )
                for name in (*PARTS, *([READING] if self.reading else []))
            }
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            tokenizer.enable_truncation(self._longest_tokens)
            tokenizer.enable_padding(pad_id=tokenizer.token_to_id("<pad>"), pad_token="<pad>")
        except (
            Exception
        ) as exc:  # onnxruntime and tokenizers raise their own for a damaged file or a missing system library
            raise broken() from exc
        return _Opened(parts, tokenizer)


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while part := file.read(PART):
        digest.update(part)
    return digest.hexdigest()


@dataclass(frozen=True)
class _Opened:
    """The parts by their file names, and what cuts a text into tokens."""

    parts: Mapping[str, InferenceSession]
    tokenizer: Tokenizer


def _sayable(text: str) -> str:
    """A text without halves of characters, as a broken message may bear them: no tokenizer takes them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read_as(title: str, text: str, section: Sequence[str] = ()) -> str:
    """A passage as the encoder was trained to read it: its title, then its innermost heading and its text on one line."""
    return f"{title}\n{' '.join((*section[-1:], *text.split()))}"


@lru_cache(maxsize=2)
def _of(folder: Path) -> Encoder:
    return Encoder(folder)


def built_in() -> Encoder:
    """The encoder in the package, one for the whole process. Raises NotAvailable."""
    return _of(FOLDER)


def broken() -> NotAvailable:
    """The error for an encoder that cannot be used."""
    return NotAvailable("自带的语义模型打不开，先只按字词查。", "重新安装本程序。", command="详情：xiangdao doctor")
