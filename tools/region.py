"""Where a firm is: province, city and district, from the way people write places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from core.errors import BadInput
from core.text import squeeze

CITIES = {
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安盟 锡林郭勒 阿拉善",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
    "吉林": "长春 吉林市 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭",
    "江苏": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁",
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水",
    "安徽": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源",
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "广东": "广州 深圳 珠海 汕头 佛山 韶关 湛江 肇庆 江门 茂名 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮",
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 三沙 儋州",
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山",
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲 阿里",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南",
    "青海": "西宁 海东",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 伊犁 塔城 阿勒泰 喀什 和田 阿克苏 石河子",
    "北京": "",
    "天津": "",
    "上海": "",
    "重庆": "",
}
"""Provinces with their cities; a municipality is its own city."""
DISTRICTS = {
    "上海": "浦东 松江 嘉定 闵行 宝山 青浦 奉贤 金山 崇明 临港",
    "北京": "昌平 顺义 海淀 亦庄 大兴 房山 怀柔",
    "天津": "滨海 武清 西青 津南 北辰 静海 宝坻",
    "宁波": "海曙 鄞州 北仑 镇海 慈溪 余姚 宁海 象山 奉化",
    "苏州": "昆山 常熟 张家港 太仓 吴江",
    "无锡": "江阴 宜兴",
    "金华": "义乌 永康 东阳",
    "台州": "温岭 玉环",
    "温州": "乐清 瑞安",
    "嘉兴": "海宁 桐乡 平湖",
    "绍兴": "诸暨 柯桥",
    "杭州": "萧山 余杭 富阳",
    "泉州": "晋江 石狮 南安",
    "佛山": "顺德 南海",
    "武汉": "江夏 东西湖 黄陂",
    "青岛": "胶州 即墨",
}
"""Districts and counties that people name without their city; far from all."""
_NOWHERE = {"全国", "中国", "国内", "本地", "本市", "我市", "我们市", "当地", "不限"}
_FILLER = re.compile(r"[我在的们厂司企业做是]|[^\u4e00-\u9fff]")
_SUFFIX = re.compile(r"^(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|地区|省|市)")


@dataclass(frozen=True)
class Place:
    """Names without 省, 市, 区; None is not known. `text` is what the user wrote."""

    text: str
    province: str | None = None
    city: str | None = None
    district: str | None = None

    @property
    def label(self) -> str:
        """The place in the user's order: the smallest known city, else the province, else the words."""
        if self.city and self.district and self.city in {"上海", "北京", "天津", "重庆"}:
            return f"{self.city}{self.district}"
        return self.city or self.district or self.province or self.text


def find_place(text: str | None) -> Place | None:
    """The place that a text names; None for no place, a Place without province where it is not known.

    BadInput where province and city contradict each other.
    """
    bare = re.sub(r"[\s,，/·\-—]|中国", "", squeeze(text or ""))
    if not bare or bare in _NOWHERE:
        return None
    province, rest = _take(bare, CITIES)
    city, rest = _take(rest, _city_provinces())
    if city and province and _city_provinces()[city] != province:
        raise BadInput(f"{city}在{_city_provinces()[city]}，不在{province}，请核对地区。")
    district, left = _take(rest, _district_cities())
    if district and not city and province in (None, _province_of(_district_cities()[district])):
        city = _district_cities()[district]
    city = city or (province if province and not CITIES[province] else None)
    province = province or (_province_of(city) if city else None)
    left = "" if province and (_FILLER.search(left) or len(left) > 8) else bare_name(left)
    return Place(str(text).strip(), province, city, district or left or None)


def bare_name(name: str) -> str:
    """A place name without 新区, 区, 县, 市, 省: 浦东新区 → 浦东."""
    name = re.sub(r"(?:经济开发区|高新区|新区|区|县|市|省)$", "", name)
    return name if len(name) > 1 else ""


def _take(text: str, names: dict[str, str]) -> tuple[str | None, str]:
    """The first of the names in a text (the longest of those that start there), and the text without it."""
    found = sorted((text.find(name), -len(name), name) for name in names if name in text)
    if not found:
        return None, text
    at, _, name = found[0]
    return name, text[:at] + _SUFFIX.sub("", text[at + len(name) :])


def _province_of(city: str) -> str:
    return _city_provinces().get(city, city)


@cache
def _city_provinces() -> dict[str, str]:
    return {city: province for province, cities in CITIES.items() for city in cities.split()}


@cache
def _district_cities() -> dict[str, str]:
    return {district: city for city, districts in DISTRICTS.items() for district in districts.split()}
