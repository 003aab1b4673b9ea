"""Tables as small firms and offices keep them, made up, and a short way to ask them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from assistant.tables.read import read
from assistant.tables.reckon import reckon
from assistant.tables.table import Table
from corpus.typed_tables import TypedTable

DAY = date(2026, 11, 30)
Row = tuple[str, ...]


def made(title: str, header: str, *rows: str, units: dict[int, str] | None = None) -> Table:
    """A table whose cells stand between bars; units: of the columns that have one."""
    cells = tuple(tuple(cell.strip() for cell in row.split("|")) for row in rows)
    names = tuple(name.strip() for name in header.split("|"))
    told = tuple((units or {}).get(at, "") for at in range(len(names)))
    return Table(TypedTable(title, names, told, (0,), cells))


def told(table: Table, question: str) -> str:
    """What a table says to a question; empty where nothing."""
    query = read(question, table, DAY)
    answer = reckon(query, table) if query else None
    return answer.text if answer else ""


def figure(text: str) -> Decimal:
    """A cell's figure."""
    return Decimal(text.replace(",", "").rstrip("%万元台人"))


def column(rows: Sequence[Row], at: int) -> list[Decimal]:
    """The figures of a column, without its empty cells."""
    return [figure(row[at]) for row in rows if row[at]]


def plain(value: Decimal, places: int = 2) -> str:
    """A value without noughts at its end."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


SUBSIDIES = made(
    "云岭市技术改造补助名单",
    "序号|企业名称|所属区|项目名称|总投资（万元）|补助金额（万元）|状态",
    "1|云岭市宏达机械有限公司|东湖区|数控机床更新|320|48|已拨付",
    "2|云岭市金星塑料制品厂|西山区|注塑车间改造|150|22.5|已拨付",
    "3|云岭市天和食品有限公司|东湖区|包装线自动化|500|75|未拨付",
    "4|云岭市永泰纺织有限公司|南浦县|织机更新|1200|100|已拨付",
    "5|云岭市佳美家具有限公司|西山区|数字化排产|88|13.2|未拨付",
    "6|云岭市瑞丰电子有限公司|东湖区|贴片线扩建|640|96|已拨付",
    "7|云岭市恒通物流有限公司|南浦县|仓储系统|210|31.5|已拨付",
    "8|云岭市华光玻璃有限公司|西山区|熔窑节能|860|100|未拨付",
    "合计||||3968|486.2|",
    units={4: "万元", 5: "万元"},
)
MACHINES = made(
    "设备台账",
    "设备编号|设备名称|车间|购置日期|原值（元）|状态|责任人",
    "SB-001|数控车床|一车间|2015-03-12|186,000|在用|陈大力",
    "SB-002|冲床|一车间|2018-07-01|95,000|在用|陈大力",
    "SB-003|注塑机|二车间|2019-11-20|420,000|停用|李小梅",
    "SB-004|空压机|动力房|2021-05-06|63,500|在用|周建国",
    "SB-005|激光切割机|一车间|2023-02-18|1,280,000|在用|王海",
    "SB-006|叉车|仓库|2023-09-30|78,000|报废|周建国",
    "SB-007|磨床|二车间|2016-12-08|112,000|停用|李小梅",
    "SB-008|焊接机器人|三车间|2024-06-15|356,000|在用|王海",
    units={4: "元"},
)
ORDERS = made(
    "2026年销售订单",
    "订单号|客户|产品|下单日期|数量（件）|金额（元）",
    "D01|大成贸易|轴承座|2026-01-08|200|36000",
    "D02|鸿运机电|法兰盘|2026-02-15|150|22500",
    "D03|大成贸易|齿轮|2026-03-03|80|64000",
    "D04|新源泵业|法兰盘|2026-04-20|300|45000",
    "D05|鸿运机电|齿轮|2026-05-11|60|48000",
    "D06|大成贸易|法兰盘|2026-07-02|120|18000",
    "D07|东升重工|轴承座|2026-08-19|500|90000",
    "D08|新源泵业|轴承座|2026-10-25|100|18000",
    "D09|鸿运机电|法兰盘|2026-11-06|90|13500",
    units={4: "件", 5: "元"},
)
STAFF = made(
    "安全培训成绩",
    "姓名|班组|理论成绩|实操成绩|备注",
    "赵明|装配班|92|88|",
    "钱红|装配班|75|81|",
    "孙伟|焊接班|缺考|缺考|病假",
    "李强|焊接班|58|66|补考",
    "周丽|质检班|92|95|",
    "吴刚|质检班|83|79|",
    "郑爽|装配班|61|70|",
    "王芳|焊接班|缺考|90|出差",
)
MONTHS = made(
    "2026年能耗",
    "月份|用电量·本月|用电量·同比|用水量·本月|用水量·同比",
    "1月|52000|5.2%|310|-3.1%",
    "2月|38000|-12.4%|240|-8.0%",
    "3月|55000|3.8%|330|1.2%",
    "4月|57500|-0.6%|325|-1.5%",
    "5月|61000|7.9%|360|4.4%",
    "6月|64500|9.3%|402|11.0%",
    units={1: "度", 2: "", 3: "吨", 4: ""},
)
GRANTS = made(
    "示范企业",
    "企业名称|注册资本（亿元）|去年营收（亿元）|员工人数|研发占比",
    "青禾制药股份有限公司|2.5|18.6|1,250|6.8%",
    "长风汽配有限公司|0.8|5.2|430|4.1%",
    "北斗仪表有限公司|0.3|0.95|165|9.5%",
    "龙泉酒业集团|5|32|2,100|1.2%",
    "九江船配厂|0.12|0.6|88|3.0%",
    units={1: "亿元", 2: "亿元"},
)
