"""The tiny language model that ships; tests name it here."""

from __future__ import annotations

from assistant.engine.tiny import TEMPLATE, write_tiny_model

__all__ = ["TEMPLATE", "write_tiny_model"]
