"""How much one notice gives: its own rules, read and worked out for what a question says."""

from tools.notice_amount.answer import amount
from tools.notice_amount.result import Amount

__all__ = ["Amount", "amount"]
