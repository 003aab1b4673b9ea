import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.places import INSIDE_A_NAME, NAMED, STATED, listed, place_named, places
from corpus.regions import WITH_PARENT, Region, lies_in, parent_of, regions

ONE = [
    # with their suffix
    ("茂名市的补贴有多少", ["440900"]), ("临川区有什么政策", ["361002"]), ("西城区能补多少", ["110102"]),
    ("佛山市南海区的企业", ["440605"]), ("浙江省宁波市余姚市注册满两年", ["330281"]), ("内蒙古自治区包头市", ["150200"]),
    ("广西壮族自治区柳州市", ["450200"]), ("恩施土家族苗族自治州来凤县", ["422827"]), ("黔东南州的工厂", ["522600"]),
    ("延边州", ["222400"]), ("长阳县", ["420528"]), ("阿里地区", ["542500"]), ("锡林郭勒盟", ["152500"]),
    ("准格尔旗的煤企", ["150622"]), ("赵县做梨汁的厂", ["130133"]), ("上海市浦东新区", ["310115"]), ("天津滨海新区", ["120116"]),
    ("平安区", ["630203"]), ("新疆维吾尔自治区喀什地区", ["653100"]), ("香港特别行政区", ["810000"]), ("大同市", ["140200"]),
    ("吉林市", ["220200"]), ("朝阳市", ["211300"]), ("海南州", ["632500"]), ("白银市", ["620400"]), ("合作市", ["623001"]),
    ("城关区的厂在兰州", ["620102", "620100"]), ("济源市", ["419001"]), ("仙桃市", ["429004"]), ("石河子市", ["659001"]),
    # by their bare name
    ("佛山能补多少", ["440600"]), ("我们厂在中山，做灯具", ["442000"]), ("昆山这边的政策", ["320583"]), ("义乌有补贴吗", ["330782"]),
    ("顺德做家电的", ["440606"]), ("浙江呢", ["330000"]), ("吉林", ["220000"]), ("海南有补贴吗", ["460000"]), ("张家口的企业", ["130700"]),
    ("喀什能申请吗", ["653100"]), ("遵义", ["520300"]), ("三明有没有试点", ["350400"]), ("重庆的规定", ["500000"]),
    ("台湾的企业", ["710000"]), ("西安", ["610100"]), ("长沙", ["430100"]), ("南通过来的师傅", ["320600"]), ("我们是苏州的", ["320500"]),
    ("从宁波搬到嘉兴", ["330200", "330400"]), ("北京市委发的文", ["110000"]), ("上海人开的厂", ["310000"]),
    ("余姚市场监管局", ["330281"]), ("佛山市场部的人", ["440600"]), ("鄞州的", ["330212"]), ("海曙区和北仑区", ["330203", "330206"]),
    ("鄠邑区", ["610118"]), ("闵行做医疗器械", ["310112"]), ("慈溪和余姚哪个补得多", ["330282", "330281"]),
    # one within the other is one place
    ("江苏昆山", ["320583"]), ("佛山南海", ["440605"]), ("广东 佛山", ["440600"]), ("广东·佛山·顺德", ["440606"]),
    ("浙江的宁波", ["330200"]), ("江苏省/苏州市/吴江区", ["320509"]), ("青海海南州", ["632500"]), ("晋城城区", ["140502"]),
    ("西安长安区", ["610116"]), ("石家庄长安区", ["130102"]), ("天津和平区", ["120101"]), ("南京鼓楼区", ["320106"]),
    ("福州鼓楼", ["350102"]), ("北京朝阳区", ["110105"]), ("长春朝阳区", ["220104"]), ("兰州城关区", ["620102"]),
    ("海东平安", ["630203"]), ("杭州西湖区", ["330106"]), ("南昌西湖区", ["360103"]), ("鹤岗南山区", ["230404"]), ("深圳南山", ["440305"]),
    ("攀枝花东区", ["510402"]), ("阳泉郊区", ["140311"]),
    # others' meaning settled elsewhere in the text
    ("鼓楼区，就是徐州那个", ["320302", "320300"]), ("我们在福建，厂在鼓楼区", ["350000", "350102"]),
    # zones
    ("苏州工业园区的厂", ["320500z1"]), ("两江新区", ["500000z1"]), ("雄安新区", ["130000z1"]), ("亦庄", ["110000z1"]),
    ("东莞松山湖", ["441900z1"]), ("西咸新区有什么补贴", ["610100z1"]), ("深圳前海", ["440300z1"]), ("贵安新区", ["520100z1"]),
    ("佛山高新区", ["440600"]), ("昆山经济技术开发区", ["320583"]), ("青岛西海岸新区", ["370200z1"]),
    # common words, as places
    ("我们在大同", ["140200"]), ("大同呢", ["140200"]), ("在平凉开厂", ["620800"]), ("我们厂在长治", ["140400"]), ("大同的工厂", ["140200"]),
    ("在安康做茶叶", ["610900"]), ("日照这边", ["371100"]), ("佛山、中山、高明", ["440600", "442000", "440608"]), ("坐标黄山", ["341000"]),
    # former names and other ways
    ("襄樊的厂", ["420600"]), ("思茅市", ["530800"]), ("龍巖的補貼", ["350800"]), ("臺灣", ["710000"]), ("東莞松山湖", ["441900z1"]), ("廣東佛山順德", ["440606"]), ("沙县的企业", ["350405"]), ("广西省", ["450000"]), ("鹏城", ["440300"]),
    ("偃师市", ["410307"]), ("萧山市", ["330109"]), ("羊城的厂", ["440100"]),
    # English
    ("subsidies in Foshan", ["440600"]), ("Kunshan city", ["320583"]), ("our plant is in Ningbo, Zhejiang", ["330200", "330000"]),
    ("Inner Mongolia", ["150000"]), ("what about Hong Kong", ["810000"]), ("XI'AN", ["610100"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codes"), ONE)
def test_a_place_is_read_where_it_is_named(text: str, codes: list[str]) -> None:
    found = places(text)
    assert [place.code for place in found] == codes
    assert all(place.certain for place in found)


@pytest.mark.parametrize(
    "text",
    [
        "小巨人里三成都是做AI的", "八成都说好", "我去超市买东西", "这个市场不好做", "上市公司要求高", "门市和城市都有", "市政工程", "都市白领", "县城里的小厂", "全市都补",
        "市面上的软件", "园区给的补贴", "车间区怎么分", "地区差异大", "社区工厂", "小区门口", "厂区要联网", "片区经理", "区块链", "区域经销商",
        "州际物流", "大同小异", "世界大同", "平安生产", "平安银行", "和平发展", "新城控股", "在新城里", "合作的企业很多", "互助小组",
        "无极变速", "通道太窄", "推广安全生产", "确保定期保养", "国内江南风格", "最新余额", "重新余料入库", "大理石加工", "从化工转到新材料",
        "复合肥料厂", "股东营业执照", "流通化妆品", "日照时间长", "白银涨价了", "阿里巴巴", "东方红拖拉机", "团结工人", "太平洋保险",
        "公安局备案", "公开平台", "其中山区最难", "高安全等级", "出海口岸", "国际化开发", "投资阳光电站", "从化肥改做农药",
        "电池河道都做", "招聘来宾接待", "长治久安", "开封验货", "张家的厂", "中小企业合作区", "大城市的厂", "两个区算成县", "不单县里补", "白沙市", "我们市", "本县的规定", "全省都有", "我区的企业",
        "", "！？", "3区2市", "MES和ERP", "the county level",
    ],
)  # fmt: skip
def test_words_that_hold_a_name_are_no_places(text: str) -> None:
    assert places(text) == ()


@pytest.mark.parametrize(
    ("text", "provinces"),
    [
        ("鼓楼区能补多少", {"江苏", "福建", "河南"}), ("朝阳区的政策", {"北京", "吉林"}), ("在朝阳开厂", {"辽宁", "北京", "吉林"}),
        ("和平区", {"天津", "辽宁"}), ("城关区", {"西藏", "甘肃"}), ("江北区", {"浙江", "重庆"}), ("宝山区", {"上海", "黑龙江"}),
        ("新城区", {"内蒙古", "陕西"}), ("Taizhou", {"江苏", "浙江"}),
    ],
)  # fmt: skip
def test_a_name_of_several_places_is_not_told_apart_by_guessing(text: str, provinces: set[str]) -> None:
    (place,) = places(text)
    assert not place.certain
    assert place.province is None
    assert {r.code[:2] for r in place.regions} == {
        r.code[:2] for r in regions().values() if r.short in provinces and r.kind == "province"
    }


def test_what_is_known_before_tells_them_apart() -> None:
    near = place_named("南京")
    (place,) = places("鼓楼区能补多少", near)
    assert (place.certain, place.prefecture, place.label) == (True, "南京", "南京鼓楼")


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("佛山照明用的什么系统", "佛山"), ("青岛啤酒的做法", "青岛"), ("宁波银行能贷款吗", "宁波"), ("东莞证券", "东莞"), ("浙江大学的专家", None),
        ("金华火腿的追溯", "金华"), ("景德镇瓷器", "景德镇"), ("上海汽车集团股份有限公司", "上海"), ("苏州某某科技有限公司", "苏州"),
        ("兰州拉面", "兰州"), ("桂林米粉", "桂林"), ("深圳华为集团", "深圳"),
    ],
)  # fmt: skip
def test_a_name_within_another_weighs_less_than_a_stated_one(text: str, city: str | None) -> None:
    (place,) = places(text)
    assert (place.strength, place.prefecture) == (INSIDE_A_NAME, city)


def test_how_plainly_a_place_is_named() -> None:
    assert [p.strength for p in places("佛山照明在中山市，供货给珠海")] == [INSIDE_A_NAME, STATED, NAMED]


@pytest.mark.parametrize("text", ["北京路上的店", "南京东路", "中山路12号", "天津大道"])
def test_a_road_is_no_city(text: str) -> None:
    assert places(text) == ()


def test_spans_names_and_what_it_lies_in_are_told() -> None:
    (place,) = places("我们在浙江省宁波市余姚市开厂")
    assert (place.start, place.end, place.text) == (3, 12, "浙江省宁波市余姚市")
    assert (place.name, place.kind, place.code) == ("余姚市", "county", "330281")
    assert (place.province, place.prefecture, place.county, place.label) == ("浙江", "宁波", "余姚", "宁波余姚")
    for outer in ("宁波", "浙江", "余姚"):
        assert place.within(place_named(outer) or place)
    for other in ("绍兴", "江苏", "慈溪"):
        assert not place.within(place_named(other) or place)


def test_a_municipality_is_its_own_city() -> None:
    (place,) = places("上海松江区")
    assert (place.province, place.prefecture, place.county) == ("上海", "上海", "松江")


@pytest.mark.parametrize(
    ("name", "code"),
    [("平安", "630203"), ("合作", "623001"), ("佛山市南海区", "440605"), ("我在佛山", None), ("某某县", None)],
)
def test_a_name_alone_is_a_place_also_where_it_is_a_word(name: str, code: str | None) -> None:
    place = place_named(name)
    assert (place.code if place else None) == code


_COUNTIES = [r for r in regions().values() if r.kind == "county"]
_CARRIERS = ["我们厂在{}，能补多少？", "{}的企业怎么申请", "请问{}有补贴吗", "工商注册在{}，做五金的", "{}"]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(_COUNTIES), st.sampled_from(_CARRIERS), st.booleans())
def test_every_county_with_its_suffix_is_found_in_a_sentence(region: Region, carrier: str, with_city: bool) -> None:
    around = parent_of(region)
    assert around is not None
    named = f"{around.name}{region.name}" if with_city or region.needs == WITH_PARENT else region.name
    text = carrier.format(named)
    (place,) = places(text)
    assert region.code in {r.code for r in place.regions}
    assert place.text == named
    if with_city:
        assert place.certain


def test_the_table_is_whole() -> None:
    kinds = [r.kind for r in regions().values()]
    assert (kinds.count("province"), kinds.count("prefecture")) == (34, 333)
    assert kinds.count("county") > 2800
    assert kinds.count("zone") > 40
    assert all(lies_in(r, parent_of(r) or r) for r in regions().values())
    assert len(regions()) == len({r.code for r in regions().values()})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("佛山和宁波能补多少", ["佛山", "宁波"]), ("宁波、苏州还有嘉兴各补多少", ["宁波", "苏州", "嘉兴"]),
        ("我们厂在佛山，给宁波的客户供货", []), ("我们厂在佛山，宁波的朋友说补50%", []), ("佛山能补多少", []), ("广东佛山", []),
    ],
)  # fmt: skip
def test_places_listed_together_are_told_from_places_apart(text: str, names: list[str]) -> None:
    assert [place.region.spoken for place in listed(text)] == names


def test_a_short_name_after_its_province_is_the_city_and_not_a_county_of_the_same_name() -> None:
    (found,) = places("湖南长沙的补贴")
    assert found.certain and found.kind == "prefecture"
