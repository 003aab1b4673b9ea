"""What people see where a Word document names a sign of a symbol font: a ticked box, ≥, an arrow."""

from __future__ import annotations

_BOXES = {0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0xA8: "□", 0xFE: "☑", 0xFD: "☒", 0xFC: "✓", 0xFB: "✗"}
_BULLETS = {0x6C: "●", 0x6E: "■", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA7: "▪", 0xD8: "➢", 0xE0: "→", 0xF0: "⇨"}
_CIRCLED = {0x81 + at: chr(0x2460 + at) for at in range(10)} | {0x8C + at: chr(0x2776 + at) for at in range(10)}
_FONTS = {
    "wingdings": _BOXES | _BULLETS | _CIRCLED | {0xDF: "←", 0xE1: "↑", 0xE2: "↓", 0x28: "☎", 0x2A: "✉"},
    "wingdings 2": {
        0x2A: "□", 0xA3: "□", 0x30: "□", 0x50: "✓", 0x4F: "✗", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●",
    },
    "symbol": {
        0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xB0: "°", 0xB7: "•", 0xA5: "∞",
        0xAE: "→", 0xAC: "←", 0xAD: "↑", 0xAF: "↓", 0xDE: "⇒", 0xE5: "Σ", 0x6D: "μ", 0x61: "α", 0x62: "β", 0x44: "Δ",
    },
}  # fmt: skip
_UNKNOWN = "□"
_GREEK = "symbol"
"""The font whose figures and marks are the usual ones."""


def seen(font: str, code: str) -> str:
    """The sign at a place, hexadecimal, of a symbol font; a box stands for one that is not known."""
    try:
        at = int(code, 16) & 0xFF if code.lower().startswith("f0") else int(code, 16)
    except ValueError:
        return ""
    name = font.strip().lower()
    known = _FONTS.get(name)
    if known is None:
        return chr(at) if 0x20 <= at < 0xE000 else ""
    plain = chr(at) if name == _GREEK and 0x20 <= at < 0x40 else _UNKNOWN
    return known.get(at, plain)


def with_symbols(text: str, font: str) -> str:
    """A text written in a font: where that is one of signs, the signs that its letters stand for."""
    if font.strip().lower() not in _FONTS:
        return text
    return "".join(seen(font, f"{ord(c):x}") if _is_sign(c) else c for c in text)


def _is_sign(character: str) -> bool:
    """Whether a character takes its look from a font of signs; Chinese ones have another font."""
    return not character.isspace() and (ord(character) < 0x100 or 0xF000 <= ord(character) < 0xF100)
