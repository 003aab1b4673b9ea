"""The tuned encoder as the files that ship: ONNX with int8 weights, the tokenizer, and a manifest of both."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

OPSET = 17


class _Vector(nn.Module):
    """Token ids and mask to the unit vector of the mean over the tokens."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        states = self.network(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1)


def export(network: Any, tokenizer: Any, folder: Path, name: str, version: str, longest_tokens: int) -> None:
    """Write encoder.onnx, tokenizer.json and manifest.json. network: a BertModel; tokenizer: of the tokenizers library."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    ids = torch.full((2, 16), 5, dtype=torch.long)
    whole = folder / "whole.onnx"
    axes = {"input_ids": {0: "texts", 1: "tokens"}, "attention_mask": {0: "texts", 1: "tokens"}, "vector": {0: "texts"}}
    with torch.no_grad():
        torch.onnx.export(
            _Vector(network.eval()), (ids, torch.ones_like(ids)), str(whole), opset_version=OPSET, dynamo=False,
            input_names=["input_ids", "attention_mask"], output_names=["vector"], dynamic_axes=axes,
        )  # fmt: skip
    quantize_dynamic(
        whole, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True,
        op_types_to_quantize=["MatMul", "Gather", "Gemm"],
    )  # fmt: skip
    whole.unlink()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    shipped = [folder / "encoder.onnx", folder / "tokenizer.json"]
    manifest = {
        "name": name, "version": version, "dimension": network.config.hidden_size, "longest_tokens": longest_tokens,
        "query": "query: ", "passage": "passage: ",
        "bytes": {path.name: path.stat().st_size for path in shipped},
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in shipped},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
