"""The clauses that a document is cut into, what each stands under, and which of them a question means by its words."""

from __future__ import annotations

import re
from typing import cast

import pytest

from assistant.document.clauses import Asked, Clause, clauses, ranked
from assistant.notices import without_title
from core.types import Passage
from corpus.ledger import Ledger

TITLE = "青石市2026年智能车间奖补申报通知"


class Shelf:
    """A ledger that holds the passages of one document."""

    def __init__(self, *passages: Passage) -> None:
        self.passages = list(passages)

    def passages_of(self, document_id: str) -> list[Passage]:
        return self.passages


def passage(text: str, *section: str, number: int = 1) -> Passage:
    return Passage(f"doc:public:青石#{number:04}", "青石", TITLE, text, section=section)


def texts(found: list[Clause]) -> list[tuple[str, str]]:
    return [(one.under, one.text) for one in found]


def test_every_sentence_of_a_passage_is_a_clause_under_its_heading() -> None:
    found = clauses([passage("设备投入按12%奖补。单个企业最高60万元。", "二、奖补标准")])
    assert texts(found) == [("二、奖补标准", "设备投入按12%奖补。"), ("二、奖补标准", "单个企业最高60万元。")]


def test_only_the_two_nearest_headings_are_told() -> None:
    (found,) = clauses([passage("按12%奖补。", "第一章", "第二节", "三、标准")])
    assert found.under == "第二节 三、标准" and found.whole == "第二节 三、标准 按12%奖补。"


def test_items_of_a_list_stand_under_the_line_that_opens_it() -> None:
    found = clauses([passage("申报企业应提交以下材料：\n1. 申请表；\n2. 营业执照复印件；\n逾期不予受理。", "三、材料")])
    assert [one.text for one in found] == ["1. 申请表；", "2. 营业执照复印件；", "逾期不予受理。"]
    assert all("应提交以下材料" in one.under for one in found[:2]) and "应提交" not in found[2].under


def test_a_short_numbered_first_sentence_heads_its_paragraph() -> None:
    found = clauses([passage("（一）线上申报。登录政务服务网填报。纸质件不收。")])
    assert [one.text for one in found] == ["登录政务服务网填报。", "纸质件不收。"]
    assert all("线上申报" in one.under for one in found)


def test_a_note_stays_with_what_it_notes() -> None:
    (found,) = clauses([passage("每台设备奖补2万元。\n注：进口设备不在此列。", "二、标准")])
    assert found.text.startswith("每台设备奖补2万元") and "进口设备不在此列" in found.text


def test_a_row_of_a_table_is_one_clause_with_its_headers() -> None:
    (found,) = clauses([passage("东湖区 | 联系人 | 周宁\n东湖区 | 电话 | 0571-8765432", "附件2")])
    assert found.text == "东湖区：联系人周宁，电话0571-8765432。"


def test_a_table_of_several_rows_is_left_to_its_rows() -> None:
    assert clauses([passage("区 | 联系人\n东湖区 | 周宁\n西山区 | 何平", "附件2")]) == []


def test_what_is_said_of_the_file_and_what_stands_twice_is_no_clause() -> None:
    found = clauses(
        [
            passage("文号青工信〔2026〕8号", "文件信息"),
            passage("逾期不予受理。", "五、其他", number=2),
            passage("逾期不予受理。", "五、其他", number=3),
        ]
    )
    assert texts(found) == [("五、其他", "逾期不予受理。")] and found[0].passage.passage_id.endswith("#0002")


def test_a_heading_that_its_passage_repeats_is_no_clause() -> None:
    assert texts(clauses([passage("二、标准\n按12%奖补。", "二、标准")])) == [("二、标准", "按12%奖补。")]


NOTICE = Shelf(
    passage("在青石市注册满2年的制造业企业。", "一、申报条件", number=1),
    passage("设备投入按12%奖补，单个企业最高60万元。", "二、奖补标准", number=2),
    passage("1. 资金申请表；\n2. 设备发票复印件。", "三、申报材料", number=3),
    passage("申报截止到2026年12月15日17时。", "四、申报时间", number=4),
    passage("联系人：何平，电话0571-8765432。", "五、联系方式", number=5),
    passage("由经济开发区管委会初审后汇总上报。", "六、办理", number=6),
    passage("已获得省级同类资金的项目不予支持。", "七、其他", number=7),
)


def nearest(question: str, fitting: str = "") -> Clause:
    under = re.compile(fitting) if fitting else None
    return ranked(Asked(question, cast(Ledger, NOTICE), "doc:public:青石", TITLE, "", None, under))[0].clause


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("单个企业最高多少", "最高60万元"),
        ("注册满几年", "注册满2年"),
        ("要不要发票复印件", "设备发票复印件"),
        ("截止到哪天", "12月15日"),
        ("联系人是谁，电话多少", "何平"),
        ("拿过省级同类资金的还能报吗", "不予支持"),
        ("青石市2026年智能车间奖补申报通知的联系电话", "0571-8765432"),
        ("经开区谁来初审", "经济开发区管委会初审"),
    ],
)
def test_without_an_encoder_the_clause_with_the_rarest_shared_words_is_first(question: str, said: str) -> None:
    assert said in nearest(question).text


def test_a_clause_under_a_heading_of_the_kind_asked_is_ahead() -> None:
    assert "申请表" in nearest("要交什么", "材料").text


def test_every_clause_is_ranked_and_the_nearest_is_first() -> None:
    found = ranked(Asked("最高多少", cast(Ledger, NOTICE), "doc:public:青石", TITLE, "", None))
    scores = [one.score for one in found]
    assert len(found) == len(clauses(NOTICE.passages)) and scores == sorted(scores, reverse=True)


def test_an_empty_document_has_nothing_to_rank() -> None:
    assert ranked(Asked("最高多少", cast(Ledger, Shelf()), "doc:public:空", "", "", None)) == []


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("青石市2026年智能车间奖补申报通知里联系人是谁", "里联系人是谁"),
        ("单个企业最高多少", "单个企业最高多少"),
        ("青石市2026年智能车间奖补申报通知", "青石市2026年智能车间奖补申报通知"),
    ],
)
def test_the_words_of_the_title_tell_no_clause_from_another(question: str, rest: str) -> None:
    assert without_title(question, TITLE) == rest
