import pytest

from corpus.place_roles import counted, parts, placed, set_aside
from corpus.places import listed, places

ROLES = [
    # the word before
    ("采购商在青岛，我们厂在嘉兴", ["青岛 other", "嘉兴 site"]), ("工厂设在台州，总部在上海", ["台州 site", "上海 kin"]),
    ("车间在无锡，注册地是南通", ["无锡 site", "南通 seat"]), ("买家大多在宁波，厂子开在湖州", ["宁波 other", "湖州 site"]),
    ("总公司在北京，分厂落在廊坊", ["北京 kin", "廊坊 site"]), ("经销商的公司在长沙，我们在株洲", ["长沙 other", "株洲 plain"]),
    ("工厂徐州，客户上海", ["徐州 site", "上海 other"]), ("开户行在济南，厂房在德州", ["济南 other", "德州 site"]),
    # the word after
    ("惠州的模具厂，给东莞客户送货", ["惠州 site", "东莞 other"]), ("我是潮州人，在汕头办厂", ["潮州 kin", "汕头 site"]),
    ("我们是杭州集团的衢州子公司", ["杭州 kin", "衢州 site"]), ("天津公司的沧州分公司", ["天津 kin", "沧州 site"]),
    # moved, denied, passing by
    ("厂子从常州迁到了盐城", ["常州 left", "盐城 site"]), ("去年由东莞搬去了赣州", ["东莞 left", "赣州 site"]),
    ("以前在宁波，现在厂在绍兴", ["宁波 left", "绍兴 site"]), ("厂不在佛山，在肇庆", ["佛山 other", "肇庆 plain"]),
    ("我来广州出差，想问清远的工厂", ["广州 other", "清远 site"]), ("货卖到武汉，我们在襄阳", ["武汉 other", "襄阳 plain"]),
    ("不是大连，是鞍山的铸造厂", ["大连 other", "鞍山 site"]), ("并非泰州企业，镇江的", ["泰州 other", "镇江 plain"]), ("别按洛阳算，按焦作算", ["洛阳 other", "焦作 plain"]),
    ("不问昆明，问曲靖", ["昆明 other", "曲靖 plain"]), ("兰州那边关了，现在白银", ["兰州 left", "白银 plain"]), ("是不是只要在宜昌的都行", ["宜昌 plain"]),
    ("在不在株洲都能报吗", ["株洲 plain"]), ("不是柳州吗，投20万", ["柳州 plain"]),
    # left out
    ("除了温州还有哪些城市有补贴", ["温州 except"]), ("福建除了厦门，别的市有试点吗", ["福建 plain", "厦门 except"]),
    ("绵阳以外还有哪里", ["绵阳 except"]), ("除开青岛、烟台，我们在潍坊", ["青岛 except", "烟台 except", "潍坊 plain"]),
    # lists and what goes on
    ("客户在上海、杭州，我们在嘉善做电子", ["上海 other", "杭州 other", "嘉兴嘉善 plain"]), ("我们厂在泉州也在漳州", ["泉州 site", "漳州 site"]),
    ("佛山和宁波哪个补得多", ["佛山 plain", "宁波 plain"]), ("我们厂在广东，佛山那边", ["佛山 site"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "roles"), ROLES)
def test_what_a_place_is_to_the_firm_is_told_by_the_word_beside_it(text: str, roles: list[str]) -> None:
    assert [f"{each.place.label} {each.role}" for each in placed(text)] == roles


COUNTED = [
    ("采购商在青岛，我们厂在嘉兴", ["嘉兴"], ["青岛"]),
    ("厂房在江门，注册在珠海", ["江门", "珠海"], []),
    ("总部在深圳", ["深圳"], []),
    ("客户在佛山", [], ["佛山"]),
    ("南昌投40万到二级，九江的厂投60万到三级", ["南昌", "九江"], []),
    ("在合肥听人说起，芜湖的厂能补吗", ["芜湖"], ["合肥"]),
    ("我们在莆田做鞋", ["莆田"], []),
    ("没有说到地方", [], []),
]


@pytest.mark.parametrize(("text", "kept", "others"), COUNTED)
def test_the_firms_own_place_counts_and_the_others_are_known_to_be_set_aside(
    text: str, kept: list[str], others: list[str]
) -> None:
    assert [each.place.label for each in counted(text)] == kept
    assert [each.place.label for each in set_aside(text)] == others


def test_each_place_has_the_part_of_the_text_that_tells_of_it() -> None:
    text = "南昌投40万到二级，九江投60万到三级，各补多少"
    assert [part for _, part in parts(text, places(text))] == ["南昌投40万到二级，", "九江投60万到三级，各补多少"]


def test_a_list_of_places_is_one_also_where_roles_are_read() -> None:
    assert [place.label for place in listed("佛山、宁波还有嘉兴")] == ["佛山", "宁波", "嘉兴"]
