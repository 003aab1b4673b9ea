"""What of a notice a question is about, told by examples; and which headings such things stand under."""

from __future__ import annotations

import re

from assistant.understand.understander import Understander

NOTICE = "notice"
"""The layer of the heads that tells the kinds of questions about a notice."""
UNDER: dict[str, re.Pattern[str]] = {
    "who": re.compile(r"条件|对象|范围|主体|要求"),
    "eligible": re.compile(r"条件|对象|范围|主体|要求|不予|不得"),
    "amount": re.compile(r"标准|额度|比例|方式|金额|奖|补"),
    "most": re.compile(r"标准|额度|比例|方式|金额|奖|补"),
    "counts": re.compile(r"标准|投入|费用|范围|核定"),
    "deadline": re.compile(r"时间|截止|期限|受理|安排|进度"),
    "materials": re.compile(r"材料|资料"),
    "how": re.compile(r"方式|流程|程序|途径|办理|报送|申请|步骤"),
    "contact": re.compile(r"联系|咨询|电话"),
    "excluded": re.compile(r"不予|不支持|不得|负面|除外|不包括"),
    "valid": re.compile(r"有效|施行|附则|实施"),
    "after": re.compile(r"监督|验收|拨付|公示|管理|绩效|责任"),
}
_FITS = re.compile(r"够不够(?!用)|够(?:条件|门槛|资格|格)|符不符合|符合不符合|是否符合|满足(?:条件|要求)")
_STEPS = re.compile(r"(?:几|多少)\s*个?\s*(?:环节|阶段|步骤?|流程|道手续)")
VERDICTS = frozenset({"eligible", "excluded", "counts", "who"})
LISTS = frozenset({"who", "materials", "how", "whole"})
DAYS = frozenset({"deadline", "left", "late"})
OPEN = frozenset({"eligible", "late"})
"""Kinds that ask whether one may still apply: nobody may where the last day is over."""
OF_PROSE = frozenset(
    {"amount", "eligible", "who", "deadline", "left", "late", "materials", "how", "contact", "valid", "after"}
)
"""What a notice says in sentences; its tables hold figures."""


def kind_of(text: str, understander: Understander | None) -> str:
    """What of a notice a question is about; 够不够条件 and 几个环节 are told by these words alone."""
    if _FITS.search(text):
        return "eligible"
    if _STEPS.search(text):
        return "how"
    return understander.kind_of(NOTICE, text) if understander else ""
