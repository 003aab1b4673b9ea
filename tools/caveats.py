"""What speaks against an amount that was reckoned: a finish after the programme ends, a trade not named, support already had."""

from __future__ import annotations

from datetime import date

from tools.amounts import wan_text
from tools.applicant import Applicant
from tools.support import Match


def caveat(m: Match, firm: Applicant) -> str:
    """The gravest thing told of the firm that may keep it from a programme's amount; empty where there is none."""
    return too_late(m, firm) or _other_trade(m, firm)


def too_late(m: Match, firm: Applicant) -> str:
    """A project that is finished only after the programme's last day."""
    until = m.row.valid_until
    if firm.completed is None or until is None or not m.is_regional or m.row.kind != "subsidy":
        return ""
    first, last = firm.completed
    end = date.fromisoformat(until)
    if first > end:
        return f"它只到{until}，你说的完工时间在这之后，赶不上就不算，先问能不能提前验收或有没有下一期"
    if last > end:
        return f"它只到{until}，完工要赶在这天之前"
    return ""


def _other_trade(m: Match, firm: Applicant) -> str:
    """A trade that is not plainly one of those that the programme names."""
    open_trade = next((check for check in m.unknown if check.ask == "行业"), None)
    if not firm.industry or open_trade is None:
        return ""
    return f"它要求{open_trade.text}，你做的{firm.industry}算不算没有写，先问清"


def received_note(firm: Applicant) -> str:
    """That support was already had, which no document at hand settles."""
    if not firm.received_wan:
        return ""
    return (
        f"你说这个项目已经拿到补助{wan_text(firm.received_wan)}：同一笔支出能不能再报、要不要先扣掉，收录的文件没有写，"
        f"上面没有扣；先问发这笔钱的部门和要报的部门。"
    )
