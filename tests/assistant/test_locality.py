"""Which passages may speak for which place: never another city's, in whatever way the question is put."""

import re
from collections.abc import Mapping

import pytest

from assistant.chat import Assistant
from assistant.compute import compute_at
from assistant.locality import asked_of, locality_of, places_of, plainly_named, scope, speaking, whose
from assistant.route import Route
from core.clock import today
from core.types import Answer, Hit, Passage, Source
from corpus.cards import as_passage, load_cards
from corpus.places import Place, place_named
from corpus.tables import load_tables
from tests.assistant.conftest import Ask, Talk

QUESTIONS = [
    "{}的数字化改造补多少", "{}的补贴有效到几时", "{}补贴办法的文号是多少", "{}的补贴最高能有多少", "在{}怎么申请改造补贴", "{}是第几批试点城市",
    "{}技改贴息多少", "{}最高补多少万",
]  # fmt: skip
THIRDS = 3
"""Each question is asked of every third place, another third each time."""
NOWHERE = ["遵义", "喀什", "宁德", "玉溪", "六盘水", "百色", "黔东南", "赵县", "桂林", "海东", "石河子", "安顺"]
"""Places of which no card tells."""
_FIGURE = re.compile(r"\d[\d.,]*")


@pytest.fixture(scope="session")
def sources(guide: Assistant) -> Mapping[str, Source]:
    return guide.retriever.index.sources(guide.filters().spaces)


@pytest.fixture(scope="session")
def passages(sources: Mapping[str, Source]) -> dict[str, Passage]:
    return {card.id: as_passage(card, sources[card.source]) for card in load_cards()}


@pytest.fixture(scope="session")
def known(passages: dict[str, Passage], sources: Mapping[str, Source]) -> list[Place]:
    """Every place that a card or the list of pilot cities tells of, and some of which none does."""
    told = [place for passage in passages.values() for place in places_of(passage, sources)]
    told += [place for row in load_tables().pilot_cities if (place := place_named(row.city))]
    told += [place for name in NOWHERE if (place := place_named(name))]
    return list({place.code: place for place in told}.values())


def figures(text: str) -> set[str]:
    return set(_FIGURE.findall(re.sub(r"\[\d+\]", "", text)))


def said(answer: Answer) -> str:
    """What an answer says by itself, without the list of sources, the notes on them and questions to choose from."""
    lines = answer.text.partition("\n\n出处")[0].split("\n")
    choices = {f"- 回“{question}”" for question in answer.suggestions}
    return "\n".join(line for line in lines if not line.startswith("> 注意") and line not in choices)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_figure_of_another_place_is_told_for_any_place(
    ask: Ask, known: list[Place], passages: dict[str, Passage], sources: Mapping[str, Source], question: str
) -> None:
    assert len(known) > 80
    for place in known[QUESTIONS.index(question) % THIRDS :: THIRDS]:
        text = question.format(place.label)
        answer = ask(text)
        cited = [passages[citation.passage_id] for citation in answer.citations]
        assert all(scope(passage, place, sources) != "elsewhere" for passage in cited), text
        allowed = "\n".join(f"{p.title}\n{p.text}\n{p.valid_from}\n{p.valid_until}" for p in cited)
        tips = figures("年营收2000万")
        assert figures(said(answer)) <= figures(allowed) | figures(text) | tips, text


def test_no_programme_of_another_place_is_matched_for_any_place(
    ask: Ask, known: list[Place], passages: dict[str, Passage], sources: Mapping[str, Source]
) -> None:
    for place in known:
        answer = ask(f"我们厂在{place.label}，做五金，120人，准备投200万改造，能补多少")
        assert answer.tool and answer.tool.name == "subsidy"
        cited = [passages[c.passage_id] for c in answer.citations if c.passage_id in passages]
        assert all(scope(passage, place, sources) != "elsewhere" for passage in cited), place.label


def test_a_place_without_a_card_gets_no_other_ones_rule(ask: Ask) -> None:
    for name in NOWHERE:
        answer = ask(f"{name}的数字化改造补多少")
        assert answer.refused
        assert "没查到" in answer.text


def _passage(text: str, region: str = "", kind: str = "programme") -> Passage:
    return Passage("a/b", "a", "各地补多少", text, "card", kind=kind, region=region)


def _speaks(passage: Passage, question: str) -> str | None:
    found = speaking([Hit(passage, 1.0)], locality_of(question), {})
    return found[0].passage.text if found else None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("佛山补多少", "第三批：佛山补30%，最高70万元。"), ("宁波补多少", "第三批：宁波补50%，最高100万元。"),
        ("浙江补多少", "第三批：宁波补50%，最高100万元。"), ("遵义补多少", None),
    ],
)  # fmt: skip
def test_of_a_passage_on_several_cities_only_the_line_asked_for_is_told(question: str, told: str | None) -> None:
    assert _speaks(_passage("第三批：佛山补30%，最高70万元；宁波补50%，最高100万元。"), question) == told


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("佛山到几时", "还有效的有：佛山、江门等（大约到2027年）。"), ("中山到几时", "还有效的有：中山（到2026-12-31）。"),
        ("江门到几时", "还有效的有：佛山、江门等（大约到2027年）。"),
    ],
)  # fmt: skip
def test_a_figure_belongs_to_the_places_listed_before_it(question: str, told: str) -> None:
    assert _speaks(_passage("还有效的有：中山（到2026-12-31）、佛山、江门等（大约到2027年）。"), question) == told


def test_lines_of_other_places_go_and_those_of_none_stay() -> None:
    text = "各市自己定。\n- 合肥：补20%\n- 武汉：补40%，最高50万元\n报之前先问。"
    assert _speaks(_passage(text), "武汉补多少") == "各市自己定。\n- 武汉：补40%，最高50万元\n报之前先问。"


@pytest.mark.parametrize(
    ("region", "asked", "expected"),
    [
        ("佛山、广东", "佛山", "own"), ("佛山、广东", "佛山南海", "around"), ("佛山、广东", "中山", "elsewhere"), ("广东", "佛山", "around"),
        ("佛山、广东", "广东", "elsewhere"), ("宁波、海曙", "宁波", "inside"), ("", "佛山", "national"), ("全国", "佛山", "national"),
        ("中山、佛山、广东", "佛山", "mixed"), ("上海", "上海松江区", "around"), ("松江区、上海", "上海", "elsewhere"),
    ],
)  # fmt: skip
def test_how_a_passage_stands_to_a_place(region: str, asked: str, expected: str) -> None:
    place = place_named(asked)
    assert place is not None
    assert scope(_passage("", region), place, {}) == expected


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("宁波和苏州各补多少", "苏州各补多少"), ("宁波、苏州还有佛山分别补多少？", "苏州分别补多少？"), ("补多少", "苏州补多少"),
        ("我们市补多少", "苏州补多少"), ("浙江省宁波市能补多少", "苏州能补多少"),
    ],
)  # fmt: skip
def test_a_question_is_asked_of_one_place(question: str, one: str) -> None:
    place = place_named("苏州")
    assert place is not None
    assert asked_of(question, place) == one


NOTICE = {"a": Source("a", "各地的通知", kind="notice", region="宁波")}


@pytest.mark.parametrize(
    ("region", "asked", "known", "told"),
    [
        ("佛山、广东", "佛山补多少", None, ""), ("佛山、广东", "补多少", "佛山", "按佛山算。"), ("广东", "云浮补多少", None, "云浮自己的没有查到，这是广东省的规定。"), ("广东", "佛山补多少", None, "这是广东省的规定；佛山自己的办法另有收录，可以接着问“佛山补多少”。"),
        ("佛山", "佛山南海补多少", None, "佛山南海自己的没有查到，这是佛山市的规定。"), ("浙江、江苏", "义乌补多少", None, "金华义乌自己的没有查到，这里说的是浙江省。"),
        ("宁波、海曙", "宁波补多少", None, "这是宁波海曙的，不是宁波市都这样。"), ("全国", "遵义补多少", None, "遵义自己的没有查到，这是全国的规定。"), ("全国", "佛山补多少", None, "这是全国的规定，不是佛山自己的；佛山有自己的办法，问“佛山补多少”就能看到。"),
        ("宁波", "补多少", "佛山", "这是宁波市的规定，厂子在佛山的，要看佛山自己的。"),
    ],
)  # fmt: skip
def test_whose_rule_an_answer_is_is_said(region: str, asked: str, known: str | None, told: str) -> None:
    about = locality_of(asked, known)
    assert whose(Hit(_passage("补30%", region), 1.0), about.places[0], about, NOTICE) == told


def test_an_own_document_of_another_place_is_kept_only_where_no_place_is_asked_about() -> None:
    document = Passage("d", "a", "宁波的通知", "补30%", "document", kind="notice", region="宁波")
    assert speaking([Hit(document, 1.0)], locality_of("补多少", "佛山"), NOTICE)
    assert not speaking([Hit(document, 1.0)], locality_of("佛山补多少"), NOTICE)


def test_places_are_looked_up_as_passages_have_them() -> None:
    assert plainly_named("广东省佛山市的补贴") == "佛山的补贴"
    assert plainly_named("subsidy in Foshan") == "subsidy in 佛山"
    assert plainly_named("宁波银行") == "宁波银行"


def test_several_places_are_answered_side_by_side(ask: Ask) -> None:
    answer = ask("佛山、中山和遵义的数字化改造各补多少")
    assert not answer.refused
    foshan, zhongshan, zunyi = (answer.text.index(f"**{name}**") for name in ("佛山", "中山", "遵义"))
    assert foshan < zhongshan < zunyi
    assert "30%" in answer.text[foshan:zhongshan]
    assert "没查到" in answer.text[zunyi:]
    assert {c.source_id for c in answer.citations} >= {"local_foshan_2026", "local_zhongshan_2024"}
    assert [c.n for c in answer.citations] == [*range(1, len(answer.citations) + 1)]


def test_the_tool_answers_for_each_of_several_places() -> None:
    computed = compute_at(Route("subsidy", {"地区": "佛山", "投入万元": 200}), "佛山和宁波能补多少", today())
    assert computed is not None
    assert computed.text.index("**佛山**") < computed.text.index("**宁波**")
    marks = {int(n) for n in re.findall(r"\[(\d+)\]", computed.text)}
    assert marks <= {c.n for c in computed.citations}


def test_two_firms_in_two_places_are_each_reckoned_with_their_own_figures(talk: Talk) -> None:
    text = talk("龙岩投60万到二级，中山投90万到三级，各能补多少")[-1].text
    longyan, zhongshan = text.index("**龙岩**"), text.index("**中山**")
    assert "25万元" in text[longyan:zhongshan]
    assert "60万元" in text[zhongshan:]


@pytest.mark.parametrize(
    ("said", "reckoned", "other"),
    [
        ("采购商在中山，我们厂在龙岩，投70万到三级能补多少", "龙岩对得上的", "采购商在中山，没有按那里算"),
        ("我是佛山人，厂开在龙岩，投70万到三级能补多少", "龙岩对得上的", "老家在佛山，没有按那里算"),
        ("厂从中山搬到了龙岩，投70万到三级能补多少", "龙岩对得上的", "中山是以前的地方"),
    ],
)
def test_it_is_reckoned_for_the_firms_place_and_the_other_is_named(
    talk: Talk, said: str, reckoned: str, other: str
) -> None:
    text = talk(said)[-1].text
    assert reckoned in text
    assert other in text
    assert "最多35万元" in text


def test_where_it_works_and_where_it_is_registered_are_both_told(talk: Talk) -> None:
    text = talk("厂房在龙岩，公司注册在中山，评了三级，投80万能补多少")[-1].text
    assert "**龙岩**" in text
    assert "**中山**" in text
    assert "按哪一处报要看当地怎么定" in text


def test_a_districts_answer_by_its_city_is_said_to_be_the_citys(ask: Ask) -> None:
    answer = ask("佛山南海的数字化改造补多少")
    assert "佛山南海自己的没有查到，这是佛山市的规定" in answer.text
    assert "70万元" in answer.text


def test_a_place_of_several_is_asked_for(ask: Ask) -> None:
    answer = ask("鼓楼区的数字化改造补多少")
    assert answer.refused
    for city in ("南京", "徐州", "福州", "开封"):
        assert city in answer.text


def test_where_the_place_is_not_known_it_is_asked_for(ask: Ask) -> None:
    answer = ask("我们市的技改政银保贴息累计最高多少")
    assert "城市名" in answer.text or "告诉我城市" in answer.text
    assert "100" not in answer.text


def test_a_place_told_before_counts_and_is_said(talk: Talk) -> None:
    _, later = talk("我们厂在佛山，做五金的，120人", "城市试点的数字化改造最高补多少")
    assert "按佛山算" in later.text
    assert "70万元" in later.text


def test_a_place_told_before_is_not_given_anothers_rule(talk: Talk) -> None:
    _, later = talk("我们厂在遵义，做五金的，120人", "政银保贴息累计最高多少")
    assert "100万" not in later.text


@pytest.mark.parametrize("question", ["榆林的补贴什么时候截止", "榆林的厂有没有改造补贴"])
def test_of_a_pilot_city_without_its_document_what_is_known_is_told(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert "第一批试点城市" in answer.text
    assert "没有" not in answer.text.partition("出处")[0]


def test_a_citys_own_programme_goes_before_a_national_rule(ask: Ask) -> None:
    assert "南京按完成时间分档" in ask("南京的试点结束了吗").text
    assert "自己的没有查到" not in ask("龙岩的试点2027年3月还收吗").text


@pytest.mark.parametrize(
    ("title", "region", "asked", "kept"),
    [
        ("云溪市工业和信息化局关于补助的通知", "", "岳阳市云溪区的补助", False),
        ("云溪市工业和信息化局关于补助的通知", "", "佛山的补助", False),
        ("云溪市工业和信息化局关于补助的通知", "", "云溪市的补助", True),
        ("龙岩市新罗区关于补助的通知", "龙岩新罗", "龙岩市的补助", False),
        ("龙岩市新罗区关于补助的通知", "龙岩新罗", "新罗区的补助", True),
        ("关于补助的通知", "", "佛山的补助", True),
    ],
)
def test_a_document_of_one_place_speaks_for_no_other(title: str, region: str, asked: str, kept: bool) -> None:
    passage = Passage("doc:local:x#0001", "x", "补助", "补助最高20万元。", "document", region=region)
    sources = {"x": Source("x", title, kind="notice", region=region)}
    assert bool(speaking([Hit(passage, 1.0)], locality_of(asked), sources)) is kept


def test_advice_for_a_place_told_before_holds_no_other_citys_figures(talk: Talk) -> None:
    _, later = talk("我们厂在嘉兴，做纺织的，200人", "补贴的钱多久能到账")
    assert "龙岩" not in later.text


@pytest.mark.parametrize(
    ("known", "words", "remembered"),
    [
        ("佛山", "怎么开头", True),
        ("中山", "怎么开头", False),
        ("佛山", "佛山怎么开头", False),
        (None, "怎么开头", False),
    ],
)
def test_a_place_that_comes_along_from_before_is_only_remembered_where_the_firm_is_there(
    known: str | None, words: str, remembered: bool
) -> None:
    about = locality_of("佛山 五金 怎么开头", known, words)
    assert [place.label for place in about.places] == ["佛山"] and about.remembered is remembered
