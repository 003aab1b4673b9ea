import pytest

from core.errors import BadInput
from corpus.regions import ALONE, lineage, regions
from corpus.tables import load_tables
from tools.firm.region import Place, bare_name, find_place, pilot_city


def where(text: str) -> tuple[str | None, str | None, str | None]:
    place = find_place(text)
    assert place is not None
    return place.province, place.city, place.district


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("苏州", ("江苏", "苏州", None)),
        ("江苏省苏州市昆山", ("江苏", "苏州", "昆山")),
        ("我们在中山", ("广东", "中山", None)),
        ("上海松江区", ("上海", "上海", "松江")),
        ("松江", ("上海", "上海", "松江")),
        ("宁波市海曙区", ("浙江", "宁波", "海曙")),
        ("内蒙古自治区包头市", ("内蒙古", "包头", None)),
        ("北京朝阳区", ("北京", "北京", "朝阳")),
        ("朝阳市", ("辽宁", "朝阳", None)),
        ("广东", ("广东", None, None)),
        ("东莞长安镇", ("广东", "东莞", "长安")),
        ("西安长安区", ("陕西", "西安", "长安")),
        ("德清", ("浙江", "湖州", "德清")),
    ],
)
def test_reads_province_city_and_district(text: str, expected: tuple[str | None, str | None, str | None]) -> None:
    assert where(text) == expected


@pytest.mark.parametrize("text", ["", "全国", "我们市", None, "  "])
def test_no_place_is_none(text: str | None) -> None:
    assert find_place(text) is None


def test_an_unknown_place_keeps_its_name_and_no_province() -> None:
    assert where("某某县") == (None, None, "某某")
    assert pilot_city(Place("某某县", None, None, "某某")) is None


@pytest.mark.parametrize("text", ["广东苏州", "浙江合肥市"])
def test_refuses_a_city_in_another_province(text: str) -> None:
    with pytest.raises(BadInput, match="请核对地区"):
        find_place(text)


def test_every_city_of_the_table_is_found_by_its_name() -> None:
    for region in regions().values():
        if region.kind == "prefecture" and region.needs == ALONE:
            place = find_place(region.short)
            assert place is not None
            assert (place.province, place.city) == ([*lineage(region)][-1].short, region.short)


def test_every_pilot_city_is_found_again() -> None:
    for row in load_tables().pilot_cities:
        place = find_place(row.city)
        assert place is not None
        assert pilot_city(place) == row


def test_a_municipality_is_not_its_district_that_is_a_pilot() -> None:
    place = find_place("上海")
    assert place is not None
    assert pilot_city(place) is None


def test_a_city_is_shown_with_its_district() -> None:
    place = find_place("佛山顺德")
    assert place is not None
    assert place.label == "佛山顺德"
    assert bare_name("浦东新区") == "浦东"
    assert bare_name("市") == ""


@pytest.mark.parametrize(("said", "label"), [("苏州工业园区", "苏州工业园区"), ("苏州吴江区", "苏州吴江")])
def test_a_place_whose_name_holds_its_citys_is_said_once(said: str, label: str) -> None:
    place = find_place(said)
    assert place is not None
    assert place.label == label
