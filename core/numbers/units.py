"""What figures are counted in: currencies, people, measure words, shares, times; and the words that make a figure rough."""

from __future__ import annotations

YUAN = ("人民币元", "元人民币", "块人民币", "人民币", "元rmb", "元整", "块钱", "大洋", "rmb", "cny", "yuan", "元", "块")
"""Longest first; what follows a sum in yuan."""
YUAN_BEFORE = ("人民币", "rmb", "cny", "¥")
FOREIGN = {
    "美元": "美元", "美金": "美元", "us$": "美元", "usd": "美元", "dollars": "美元", "dollar": "美元", "欧元": "欧元", "eur": "欧元", "euros": "欧元",
    "euro": "欧元", "日元": "日元", "日圆": "日元", "jpy": "日元", "円": "日元", "港币": "港元", "港元": "港元", "hk$": "港元", "hkd": "港元", "新台币": "新台币",
    "台币": "新台币", "nt$": "新台币", "ntd": "新台币", "twd": "新台币", "英镑": "英镑", "gbp": "英镑", "澳元": "澳元", "加元": "加元", "韩元": "韩元", "韩币": "韩元",
    "卢布": "卢布", "泰铢": "泰铢", "越南盾": "越南盾", "新元": "新加坡元", "新加坡元": "新加坡元", "澳门元": "澳门元", "葡币": "澳门元", "雷亚尔": "雷亚尔", "林吉特": "林吉特",
    "令吉": "林吉特", "卢比": "卢比", "迪拉姆": "迪拉姆", "瑞士法郎": "瑞士法郎", "€": "欧元", "£": "英镑", "$": "美元",
}  # fmt: skip
PERSONS = (
    "从业人员",
    "工作人员",
    "打工人",
    "employees",
    "employee",
    "persons",
    "person",
    "workers",
    "worker",
    "people",
    "staff",
    "员工",
    "职工",
    "工人",
    "伙计",
    "师傅",
    "人",
)
"""Longest first; who is counted."""
NOT_PERSONS = ("人民币", "人民", "人才", "人工", "人均", "人次", "人份", "人力", "人形", "人脸", "人气", "人造", "人机")
"""Words that begin with 人 and count no people."""
PEOPLE_MEASURES = "名位号口"
MEASURES = (
    "个", "家", "户", "台", "套", "件", "项", "条", "款", "座", "所", "次", "回", "份", "批", "类", "种", "级", "层", "步", "亩", "吨", "度", "本", "页", "辆", "栋", "颗",
    "片", "届", "场", "只", "米", "张", "双", "箱", "斤", "粒", "瓶", "字", "平", "公里", "公斤", "千克", "立方", "间", "头", "吨位", "人次", "人份", "人天", "人月", "人日", "单",
    "票", "桶", "袋", "包", "根", "支", "卷", "门", "组", "轮", "期", "路", "点位", "岁", "步", "楼", "升", "克", "寸", "英寸", "方", "趟", "桌", "床", "株", "枚", "艘", "架", "扇",
    "幅", "匹", "盒", "罐", "节", "环", "档", "环节", "㎡", "m²", "m2", "平方米", "平米", "立方米", "m", "kg", "mm", "cm", "km", "℃", "吋", "兆", "棵", "对", "部", "口", "名", "位", "号",
)  # fmt: skip
DURATIONS = {
    "个工作日": "工作日", "工作日": "工作日", "个季度": "季度", "季度": "季度", "个小时": "小时", "小时": "小时", "分钟": "分钟", "个星期": "周", "星期": "周", "个礼拜": "周", "个月": "月",
    "个半月": "月", "周年": "年", "周": "周", "天": "天", "年": "年", "秒": "秒", "years": "年", "year": "年", "months": "月", "month": "月", "days": "天", "weeks": "周",
}  # fmt: skip
POWERS = {"千瓦": 1.0, "瓦": 0.001, "kw": 1.0, "兆瓦": 1000.0, "mw": 1000.0}
"""In kW; a capital or small w may as well be 万, see scan."""
ENGLISH = {
    "million": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "thousand": 10**3,
    "hundred": 100,
}
HEADS_OF_PEOPLE = ("人数", "总人数", "人员", "员工", "职工")
"""What a number of people without a unit is headed by."""
LESS = ("不到", "不足", "未到", "没到", "不满", "未满", "少于", "低于", "小于", "<")
"""Before a figure: it is not reached."""
NEAR = ("将近", "接近", "近", "小")
"""Those of them that say how near it is."""
ABOUT = ("大约", "大概", "差不多", "约莫", "约", "roughly", "around", "about", "~", "≈")
OVER = ("超过", "突破", "超", "逾", "破", "过", "上", "多于", "高于", "大于", ">", "over")
AT_LEAST = ("至少", "起码", "不低于", "不少于", "最少", "≥", ">=")
AT_MOST = ("至多", "最多", "不超过", "不高于", "不多于", "顶多", "≤", "<=", "up to")
OVER_AFTER = ("出头", "开外", "挂零", "有余", "+", "多", "余")
ABOUT_AFTER = ("左右", "上下", "来", "的样子")
BELOW_AFTER = ("不到点", "还不到", "都不到", "不到", "不足")
BOUND_LOW_AFTER = (
    "(含)及以上",
    "（含）及以上",
    "(含)以上",
    "（含）以上",
    "(含本数)以上",
    "（含本数）以上",
    "含以上",
    "及以上",
    "以上",
    "起",
)
BOUND_HIGH_AFTER = (
    "(含)以下",
    "（含）以下",
    "(不含)以下",
    "（不含）以下",
    "(含)以内",
    "（含）以内",
    "及以下",
    "及以内",
    "以下",
    "以内",
    "之内",
    "封顶",
)
RANGE_MARKS = ("到", "至", "~", "-", "—", "－")


def starts_with(text: str, at: int, words: tuple[str, ...] | dict[str, str]) -> str:
    """The first of the words (longest first, where it matters) that stands at a place of a lower-case text; empty if none."""
    return next((word for word in words if text.startswith(word, at)), "")


def ends_with(text: str, end: int, words: tuple[str, ...]) -> str:
    """The longest of the words that ends at a place of a lower-case text; empty if none."""
    return max((word for word in words if text.endswith(word, 0, end)), key=len, default="")
