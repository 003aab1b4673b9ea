"""Models of the user's own, which the catalogue does not list: a GGUF file, or a folder exported for OpenVINO."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from assistant.engine.catalogue import RECEIPT, Model, ModelFile, by_name
from assistant.engine.weights import read_gguf
from core.errors import BadFile

EXPORTED = "openvino_model.xml"
_PARTS = (
    "openvino_model.bin", EXPORTED, "openvino_tokenizer.xml", "openvino_tokenizer.bin",
    "openvino_detokenizer.xml", "openvino_detokenizer.bin",
)  # fmt: skip
_KINDS = {".json", ".txt", ".jinja", ".model"}
_NO_CONVERSATION = {"bert", "nomic-bert", "jina-bert-v2", "modern-bert", "clip", "t5encoder"}
_LICENCE = "未知，请自己确认"


def own_file(path: Path) -> Model:
    """A GGUF file as a chat model named after it; BadFile where it cannot hold a conversation."""
    if path.suffix.lower() != ".gguf":
        raise BadFile(f"{path.name} 不是 GGUF 模型文件。", "要的是扩展名为 .gguf 的文件，或装着模型的文件夹。")
    header = read_gguf(path)
    if header.architecture in _NO_CONVERSATION or header.pooled:
        kind = "向量或重排" if header.pooled else header.architecture
        raise BadFile(f"{path.name} 是{kind}模型，不能用来写答案。", "换一个对话模型（instruct）。")
    return Model(
        name=_name(path.stem),
        title=header.name or path.stem,
        role="chat",
        format="gguf",
        architecture=header.architecture,
        parameters=header.parameters,
        licence=_LICENCE,
        context_tokens=header.context_tokens,
        kv_bytes_per_token=header.kv_bytes_per_token,
        note="自己的模型" if header.chat_template else "自己的模型，没有对话模板",
        files=(ModelFile(path=path.name, bytes=path.stat().st_size),),
    )


def own_folder(folder: Path) -> Model:
    """A folder exported for OpenVINO as a chat model named after it; BadFile where a part of it is missing."""
    if lacking := [name for name in _PARTS if not (folder / name).is_file()]:
        raise BadFile(
            f"{folder} 不是完整的 OpenVINO 模型文件夹，缺 {'、'.join(lacking[:3])}。",
            "重新导出或拷贝；要有 openvino_model、openvino_tokenizer、openvino_detokenizer 各两个文件。",
        )
    config = _config(folder / "config.json")
    others = (p for p in sorted(folder.iterdir()) if p.suffix.lower() in _KINDS and p.name != RECEIPT)
    paths = [*(folder / name for name in _PARTS), *(p for p in others if p.is_file() and p.stat().st_size)]
    return Model(
        name=_name(folder.resolve().name),
        title=folder.resolve().name,
        role="chat",
        format="folder",
        licence=_LICENCE,
        context_tokens=_number(config, "max_position_embeddings"),
        kv_bytes_per_token=_kv_bytes(config),
        note="自己的 OpenVINO 模型，由 OpenVINO 运行",
        files=tuple(ModelFile(path=path.name, bytes=path.stat().st_size) for path in paths),
    )


def _name(stem: str) -> str:
    name = re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("-._")[:70] or "own-model"
    return f"{name}-own" if by_name(name) else name


def _config(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _number(config: dict[str, Any], key: str) -> int:
    value = config.get(key)
    return value if isinstance(value, int) and 0 < value < 1 << 31 else 0


def _kv_bytes(config: dict[str, Any]) -> int:
    """Bytes of keys and values for a token at 16 bits; 0 where the folder does not tell."""
    heads = _number(config, "num_attention_heads")
    size = _number(config, "head_dim") or (_number(config, "hidden_size") // heads if heads else 0)
    return 4 * _number(config, "num_hidden_layers") * (_number(config, "num_key_value_heads") or heads) * size
