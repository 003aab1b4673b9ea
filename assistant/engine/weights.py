"""Model files as they lie on disk: what a whole one looks like, and what a GGUF file says of itself.

Source of the GGUF layout: ggml-org/ggml, docs/gguf.md (version 3), and ggml's table of block sizes.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from assistant.engine.catalogue import ModelFile
from core.errors import BadFile

AGAIN = "再下载一次，或换一个下载来源；从 U 盘拷的就重新拷一次。"
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
_LONGEST = 1 << 24
_BLOCKS = {  # ggml type: (bytes of a block, values in it)
    0: (4, 1), 1: (2, 1), 2: (18, 32), 3: (20, 32), 6: (22, 32), 7: (24, 32), 8: (34, 32), 9: (36, 32),
    10: (84, 256), 11: (110, 256), 12: (144, 256), 13: (176, 256), 14: (210, 256), 15: (292, 256), 16: (66, 256),
    17: (74, 256), 18: (98, 256), 19: (50, 256), 20: (18, 32), 21: (110, 256), 22: (82, 256), 23: (136, 256),
    24: (1, 1), 25: (2, 1), 26: (4, 1), 27: (8, 1), 28: (8, 1), 29: (56, 256), 30: (2, 1),
}  # fmt: skip


@dataclass(frozen=True)
class GgufHeader:
    """What a GGUF file says of itself. data_end: the size in bytes that a whole file has at least; kinds: ggml types of its matrices.

    pooled: it gives one vector or score for a text (Qwen3-Embedding and -Reranker are architecture qwen3 too), not words.
    """

    architecture: str
    name: str
    parameters: str
    context_tokens: int
    kv_bytes_per_token: int
    chat_template: bool
    tokenizer: str
    tensors: int
    layers: int
    data_end: int
    kinds: frozenset[int]
    pooled: bool = False


def check_file(path: Path, file: ModelFile, progress: Callable[[int], None] = lambda done: None) -> str:
    """The sha256 of a file that is whole and of its kind; BadFile says what is wrong with it. progress: bytes read."""
    name = PurePosixPath(file.path).name
    size = path.stat().st_size
    if size == 0:
        raise BadFile(f"{name} 是空的。", AGAIN)
    check_kind(path, name)
    if not file.approximate and size != file.bytes:
        what = "没有下全" if size < file.bytes else "比应有的大"
        raise BadFile(f"{name} {what}：现在 {size} 字节，应有 {file.bytes} 字节。", AGAIN)
    found = sha256_of(path, progress)
    if file.sha256 and found != file.sha256:
        raise BadFile(f"{name} 的校验码（sha256）不对，内容不是原来的那个文件。", AGAIN)
    return found


def check_kind(path: Path, name: str) -> None:
    """BadFile where a file's beginning or length shows that it is not what its name says."""
    suffix = PurePosixPath(name).suffix.lower()
    with path.open("rb") as file:
        head = file.read(64)
    if suffix == ".gguf":
        read_gguf(path)
    elif suffix == ".safetensors":
        length = int.from_bytes(head[:8], "little")
        if len(head) < 9 or head[8:9] != b"{" or length + 8 > path.stat().st_size:
            raise BadFile(f"{name} 不是完整的权重文件（safetensors）。", AGAIN)
    elif suffix == ".bin" and not name.startswith("openvino_"):
        if not head.startswith((b"PK\x03\x04", b"\x80")):
            raise BadFile(f"{name} 不是权重文件（PyTorch）。", AGAIN)
    elif suffix == ".json":
        try:
            json.loads(path.read_bytes())
        except ValueError as exc:
            raise BadFile(f"{name} 不是完整的 JSON 文件。", AGAIN) from exc
    elif head.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        raise BadFile(f"{name} 收到的是一个网页，不是模型文件。", AGAIN)


def sha256_of(path: Path, progress: Callable[[int], None] = lambda done: None) -> str:
    """The sha256 of a file, as hexadecimal digits."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
            done += len(block)
            progress(done)
    return digest.hexdigest()


def read_gguf(path: Path) -> GgufHeader:
    """The header of a GGUF file; BadFile where it is none, or shorter than its header announces."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise BadFile(
                    f"{path.name} 不是 GGUF 模型文件。", "要的是扩展名为 .gguf 的模型文件，不是网页或压缩包。"
                )
            version = _one(file, "<I")
            if version not in (2, 3):
                raise BadFile(f"{path.name} 的 GGUF 版本（{version}）不支持。", "换一个 2 版或 3 版的 GGUF 文件。")
            tensors, fields = _one(file, "<Q"), _one(file, "<Q")
            if tensors > 100_000 or fields > 100_000:
                raise ValueError
            values = {_string(file): _value(file) for _ in range(fields)}
            end, kinds = _data_end(file, tensors, int(values.get("general.alignment") or 32))
    except (struct.error, ValueError, TypeError, KeyError, OverflowError, MemoryError, OSError) as exc:
        raise BadFile(f"{path.name} 开头就是坏的，或没有下全。", AGAIN) from exc
    if size < end:
        raise BadFile(f"{path.name} 没有下全：现在 {size} 字节，至少应有 {end} 字节。", AGAIN)
    return _header(values, tensors, end, kinds)


def _header(values: dict[str, Any], tensors: int, end: int, kinds: frozenset[int]) -> GgufHeader:
    architecture = str(values.get("general.architecture") or "")

    def number(name: str) -> int:
        value = values.get(f"{architecture}.{name}")
        return value if isinstance(value, int) else 0

    heads = number("attention.head_count")
    key_length = number("attention.key_length") or (number("embedding_length") // heads if heads else 0)
    kv_heads = number("attention.head_count_kv") or heads
    layers_with_kv = number("block_count") // max(number("full_attention_interval"), 1)
    return GgufHeader(
        architecture=architecture,
        name=str(values.get("general.name") or ""),
        parameters=str(values.get("general.size_label") or ""),
        context_tokens=number("context_length"),
        kv_bytes_per_token=layers_with_kv * kv_heads * key_length * 4,
        chat_template=bool(values.get("tokenizer.chat_template")),
        tokenizer=str(values.get("tokenizer.ggml.model") or ""),
        tensors=tensors,
        layers=number("block_count"),
        data_end=end,
        kinds=kinds,
        pooled=number("pooling_type") > 0,
    )


def _data_end(file: BinaryIO, tensors: int, alignment: int) -> tuple[int, frozenset[int]]:
    """Where the last tensor ends, in bytes from the start of the file; and the types of those with two dimensions or more."""
    ends, kinds = [0], set()
    for _ in range(tensors):
        _string(file)
        shape = [_one(file, "<Q") for _ in range(_one(file, "<I"))]
        kind, offset = _one(file, "<I"), _one(file, "<Q")
        size, values = _BLOCKS.get(kind, (0, 1))
        if len(shape) > 1:
            kinds.add(kind)
        ends.append(offset + -(-prod(shape) // values) * size)
    start = file.tell()
    return -(-start // alignment) * alignment + max(ends) if tensors else start, frozenset(kinds)


def _value(file: BinaryIO) -> Any:
    """One value; an array is read past and given as None."""
    kind = _one(file, "<I")
    if kind == _STRING:
        return _string(file)
    if kind != _ARRAY:
        return _one(file, _SCALARS[kind])
    inner, count = _one(file, "<I"), _one(file, "<Q")
    if inner == _STRING:
        if count > _LONGEST:
            raise ValueError
        for _ in range(count):
            file.seek(_one(file, "<Q"), 1)
    else:
        file.seek(struct.calcsize(_SCALARS[inner]) * count, 1)
    return None


def _string(file: BinaryIO) -> str:
    length = _one(file, "<Q")
    if length > _LONGEST:
        raise ValueError
    data = file.read(length)
    if len(data) < length:
        raise ValueError
    return data.decode("utf-8", "replace")


def _one(file: BinaryIO, layout: str) -> Any:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))[0]
