"""The smallest file that says of itself that it is a whole GGUF model: a header, without tensors."""

from __future__ import annotations

import struct
from pathlib import Path


def write_shell(path: Path) -> Path:
    key, value = b"general.architecture", b"llama"
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1)
    path.write_bytes(head + struct.pack("<Q", len(key)) + key + struct.pack("<IQ", 8, len(value)) + value + b"\0" * 64)
    return path
