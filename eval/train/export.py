"""The tuned encoder as the files that ship: its parts as ONNX with int8 weights, the tokenizer, and a manifest of all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from corpus.encoder.encoder import MEANING, PARTS, SEARCH, TRUNK
from eval.train.upper import UPPER, Trunk, Upper

OPSET = 17
_AXES = {0: "texts", 1: "tokens"}


def export(
    network: Any, search: Upper, meaning: Upper, tokenizer: Any, folder: Path, name: str, version: str, longest_tokens: int,
    meaning_version: str = "1", upper: int = UPPER,
) -> None:  # fmt: skip
    """Write the parts, tokenizer.json and manifest.json.

    network: a BertModel, of which the lower layers are written; search, meaning: the upper ones; tokenizer: of the tokenizers library.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ids = torch.full((2, 16), 5, dtype=torch.long)
    mask = torch.ones_like(ids)
    trunk = Trunk(network, upper).eval()
    _write(trunk, (ids, mask), ("input_ids", "attention_mask"), "states", folder / TRUNK)
    for part, layers in ((SEARCH, search), (MEANING, meaning)):
        write_upper(layers, folder / part)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    shipped = [*(folder / part for part in PARTS), folder / "tokenizer.json"]
    manifest = {
        "name": name, "version": version, "meaning": meaning_version, "dimension": network.config.hidden_size,
        "longest_tokens": longest_tokens, "query": "query: ", "passage": "passage: ",
        "bytes": {path.name: path.stat().st_size for path in shipped},
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in shipped},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def write_upper(layers: Upper, path: Path) -> None:
    """Upper layers as one part of the encoder."""
    width = next(layers.parameters()).shape[-1]
    given = torch.zeros(2, 16, width), torch.ones(2, 16, dtype=torch.long)
    _write(layers.eval(), given, ("states", "attention_mask"), "vector", path)


def _write(module: nn.Module, given: tuple[Tensor, ...], names: Sequence[str], made: str, path: Path) -> None:
    """A module as ONNX with weights of 8 bits."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = path.with_suffix(".whole")
    axes = {**dict.fromkeys(names, _AXES), made: _AXES if made == "states" else {0: "texts"}}
    with torch.no_grad():
        torch.onnx.export(
            module, given, str(whole), opset_version=OPSET, dynamo=False,
            input_names=list(names), output_names=[made], dynamic_axes=axes,
        )  # fmt: skip
    quantize_dynamic(
        whole, path, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather", "Gemm"]
    )
    whole.unlink()
