"""The words by which a notice gives, caps, refuses and takes off; parts of a regular language of figures."""

from __future__ import annotations

import re

GIVES = re.compile(r"奖|补|贴|给|支持|资助|发|计算|算|抵|返|减|按|折")
REFUSE = re.compile(
    r"不予|不得|不再|不享受|不适用|不支持|不补|不奖|不贴|不计|不算|不纳入|不给|不发|不在|除外|不含|不包括|取消|不受理|剔除|扣除|不能|没有补|不可|不属于|无补|扣掉|不认|不作|不参加|不办"
)
MONEY = re.compile(
    r"[费款价额息租税金]|投入|投资|支出|成本|销售|收入|合同|产值|本金|余额|采购|购|造价|利润|贷|保单|价值|工资|薪|花|支付|缴|付|基数"
)
