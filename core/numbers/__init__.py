"""The one reader of numbers as people write them: numerals, ranges, units; for messages and documents alike."""

from core.numbers.numeral import read_number
from core.numbers.quantity import Quantity
from core.numbers.scan import quantities
from core.numbers.script import simplified

__all__ = ["Quantity", "quantities", "read_number", "simplified"]
