"""What speaks against an amount that was reckoned: a finish after the programme ends, a trade not named, support already had."""

from __future__ import annotations

from datetime import date

from tools.firm.amounts import wan_text
from tools.firm.applicant import Applicant
from tools.subsidy.support import Match


def caveat(m: Match, firm: Applicant) -> str:
    """The gravest thing told of the firm that may keep it from a programme's amount; empty where there is none."""
    return too_late(m, firm) or open_trade(m, firm)


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


def open_trade(m: Match, firm: Applicant) -> str:
    """A trade that is not plainly one of those that the programme names."""
    named = next((check for check in m.unknown if check.ask == "行业"), None)
    if not firm.industry or named is None:
        return ""
    return f"它要求{named.text}，你做的{firm.industry}算不算没有写，先问清"


def received_note(firm: Applicant) -> str:
    """That support was already had, which no document at hand settles."""
    if not firm.received_wan:
        return ""
    return (
        f"你说这个项目已经拿到补助{wan_text(firm.received_wan)}：同一笔支出能不能再报、要不要先扣掉，收录的文件没有写，"
        f"上面没有扣；先问发这笔钱的部门和要报的部门。"
    )


def hoped_note(m: Match, firm: Applicant) -> str:
    """Whether a sum that was asked about lies within what was reckoned."""
    most = m.estimate.high_wan
    if firm.hoped_wan is None or most is None or m.estimate.per_year or not m.standing.is_open:
        return ""
    if firm.hoped_wan > most:
        return f"你问的{wan_text(firm.hoped_wan)}超过了它的上限。"
    return f"你问的{wan_text(firm.hoped_wan)}没超过它的上限，能不能拿到看审核。"
