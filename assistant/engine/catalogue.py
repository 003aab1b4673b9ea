"""The models that can be downloaded, and those that lie in the model folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from core.errors import BadInput, BadKnowledge

Role = Literal["chat", "embedding", "reranker"]
CATALOGUE = Path(__file__).parent / "catalogue.yaml"
RECEIPT = "xiangdao-model.json"
RUN_CONTEXT_TOKENS = 4096
"""The context that a memory figure stands for where none is named."""
SETTING_OF: dict[Role, str] = {"chat": "model", "embedding": "embedding_model", "reranker": "reranker_model"}
"""The setting that names the model in use, for each role."""
ROLE_NAMES: dict[Role, str] = {"chat": "写答案", "embedding": "向量", "reranker": "重排"}
OPENVINO_ARCHITECTURES = frozenset({"llama", "qwen2", "qwen3"})
"""The architectures that OpenVINO GenAI's GGUF reader takes. Source: openvino_genai 2026.4, seen by trying each."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,79}")
_WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class ModelFile(BaseModel):
    """One file of a model. approximate: `bytes` only estimates the room it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    bytes: int = Field(ge=0)
    approximate: bool = False
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None

    @field_validator("path")
    @classmethod
    def _inside(cls, path: str) -> str:
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or "\\" in path or ":" in path or ".." in parts:
            raise ValueError("a path inside the model's folder")
        return path


class Model(BaseModel):
    """One model of the catalogue, or one that the user brought along.

    architecture: as the GGUF file names it; empty where nobody knows. thinks: it may write its thoughts before the answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    role: Role
    format: Literal["gguf", "folder"]
    architecture: str = ""
    parameters: str = ""
    quantization: str = ""
    licence: str = ""
    commercial: bool = True
    context_tokens: int = Field(default=0, ge=0)
    kv_bytes_per_token: int = Field(default=0, ge=0)
    working_bytes: int = Field(default=400_000_000, ge=0)
    thinks: bool = False
    repositories: dict[Literal["modelscope", "huggingface"], str] = {}
    revision: str | None = None
    note: str = ""
    files: tuple[ModelFile, ...] = Field(min_length=1)

    @field_validator("name")
    @classmethod
    def _plain(cls, name: str) -> str:
        return checked_name(name)

    @property
    def readers(self) -> tuple[str, ...]:
        """The engines that read this model, as `--engine` names them; both where its architecture is not known."""
        if self.role != "chat":
            return ()
        if self.format == "folder":
            return ("openvino",)
        readable = not self.architecture or self.architecture in OPENVINO_ARCHITECTURES
        return ("local", "openvino") if readable else ("local",)

    @property
    def size_bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def memory_bytes(self, context_tokens: int = RUN_CONTEXT_TOKENS) -> int:
        """Memory that running it takes: weights, the context's keys and values at 16 bits, and room to work."""
        return self.size_bytes + min(context_tokens, self.context_tokens) * self.kv_bytes_per_token + self.working_bytes


@dataclass(frozen=True)
class Installed:
    """A model in the model folder. complete: every file is there in its recorded size.

    compared: with what its weights were compared when they came: `catalogue`, `server` or `size`; empty where nobody knows.
    """

    model: Model
    folder: Path
    complete: bool
    compared: str = ""

    @property
    def main_file(self) -> Path:
        """What an engine opens: the GGUF file, or the folder."""
        return self.folder / self.model.files[0].path if self.model.format == "gguf" else self.folder


def checked_name(name: str) -> str:
    """The name of a model; BadInput where it is none or would lead out of the model folder."""
    if not _NAME.fullmatch(name) or name.endswith(".") or _WINDOWS_DEVICE.fullmatch(name):
        raise BadInput(f"模型名不能是“{name[:60]}”。", "先看看有哪些模型。", command="运行：xiangdao model list")
    return name


@cache
def catalogue(path: Path = CATALOGUE) -> tuple[Model, ...]:
    """All models of a catalogue file; BadKnowledge names what is wrong in it."""
    import yaml

    try:
        models = TypeAdapter(tuple[Model, ...]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, ValueError, yaml.YAMLError, BadInput) as exc:
        where = ""
        if isinstance(exc, ValidationError):
            where = "：" + ".".join(str(part) for part in exc.errors()[0]["loc"])
        raise BadKnowledge(f"模型目录 {path.name} 写得不对{where}。", "重新安装向导，或改正这个文件。") from exc
    if len({model.name for model in models}) < len(models):
        raise BadKnowledge(f"模型目录 {path.name} 里有重名的模型。", "改正这个文件。")
    return models


def by_name(name: str, models: Iterable[Model] | None = None) -> Model | None:
    """The catalogue's model of that name, in upper or lower case, or the one that has a file of that name."""
    wanted = name.casefold()
    for model in catalogue() if models is None else models:
        if wanted in {model.name.casefold(), *(f.path.casefold() for f in model.files if model.format == "gguf")}:
            return model
    return None


def folder_of(name: str, models_folder: Path) -> Path:
    """Where a model lies: a folder directly below the model folder."""
    return models_folder / checked_name(name)


def installed(models_folder: Path) -> tuple[Installed, ...]:
    """What lies in the model folder, by name; folders without a receipt count where they hold a catalogue model."""
    try:
        folders = sorted(entry for entry in models_folder.iterdir() if entry.is_dir())
    except OSError:
        return ()
    found = (_read_installed(folder) for folder in folders)
    return tuple(model for model in found if model)


def find_installed(name: str, models_folder: Path) -> Installed | None:
    """The installed model of that name."""
    return next((i for i in installed(models_folder) if i.model.name.casefold() == name.casefold()), None)


def write_receipt(model: Model, folder: Path, source: str, hashes: dict[str, str], compared: str = "") -> None:
    """Record beside a model's files what they are: sizes as they lie there, hashes, where they came from, how they were checked."""
    files = [
        {"path": f.path, "bytes": (folder / f.path).stat().st_size, "sha256": hashes.get(f.path)} for f in model.files
    ]
    record = {**model.model_dump(mode="json"), "files": files}
    part = folder / f"{RECEIPT}.part"
    text = json.dumps({"source": source, "compared": compared, "model": record}, ensure_ascii=False, indent=1)
    part.write_text(text, encoding="utf-8")
    part.replace(folder / RECEIPT)


def _read_installed(folder: Path) -> Installed | None:
    """A folder as a model: by its receipt, else by the catalogue's model of that name."""
    model, compared = _receipt(folder)
    model = model or next((m for m in catalogue() if m.name == folder.name), None)
    if model is None or not any((folder / file.path).is_file() for file in model.files):
        return None
    return Installed(model, folder, all(_present(folder, file) for file in model.files), compared)


def _receipt(folder: Path) -> tuple[Model | None, str]:
    """The model that a folder's receipt describes, and how it was checked. Architectures are read anew: older receipts lack them."""
    try:
        record: Any = json.loads((folder / RECEIPT).read_text("utf-8"))
        model = Model.model_validate(record["model"])
        compared = str(record.get("compared") or "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadInput):
        return None, ""
    if model.name != folder.name:
        return None, ""
    known = by_name(model.name)
    if known and not model.architecture:
        model = model.model_copy(update={"architecture": known.architecture, "thinks": known.thinks})
    return model, compared


def _present(folder: Path, file: ModelFile) -> bool:
    try:
        size = (folder / file.path).stat().st_size
    except OSError:
        return False
    return size > 0 and (file.approximate or size == file.bytes)
