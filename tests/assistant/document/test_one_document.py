"""Questions about one document of one's own, as an owner asks them: today is 2026-11-30."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document as Word

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.settings import Settings
from core.types import Answer, Done
from ingest.pipeline import Ingestor

DAY = date(2026, 11, 30)
ABSENT = "没有写"
WORKSHOP = """# 青石市2026年智能车间奖补申报通知

各有关企业：

## 一、申报条件

1. 在青石市登记注册满2年的制造业企业；
2. 上年度营业收入不低于1500万元；
3. 近三年没有发生重大安全生产事故。

## 二、奖补标准

按设备和软件实际投入的12%给予奖补，单个企业最高不超过60万元。实际投入低于50万元的不予奖补。

## 三、申报材料

1. 智能车间奖补资金申请表；
2. 营业执照复印件；
3. 设备和软件的发票、付款凭证；
4. 上年度财务审计报告。

## 四、申报时间

申报时间为2026年11月1日至2026年12月15日，逾期不予受理。

## 五、申报方式

企业登录青石市惠企平台在线填报，同时把纸质材料一式两份送市经信局312室。

## 六、联系方式

联系人：何平，电话：0571-28765432，邮箱：heping@qingshi.example。

青石市经济和信息化局
2026年10月20日
"""
ROWS = [
    ("1", "白沙村宏远机械厂", "北片", "数控改造", "36"),
    ("2", "白沙村金穗粮油公司", "南片", "烘干线更新", "18.5"),
    ("3", "白沙村新月家具厂", "北片", "喷涂线改造", "42"),
    ("4", "白沙村安泰铸造厂", "东片", "电炉替换", "75"),
    ("5", "白沙村立业服装厂", "南片", "吊挂系统", "29"),
    ("6", "白沙村同德包装厂", "北片", "模切机更新", "12"),
]
HEADER = ("序号", "企业名称", "片区", "项目", "补助金额（万元）")
HTML = """<html><head><title>梅岭县工业用电价格优惠实施细则</title></head><body>
<h1>梅岭县工业用电价格优惠实施细则</h1>
<p>梅岭县发展和改革局 2026年9月1日</p>
<p>第一条 本细则适用于梅岭县内年用电量超过100万千瓦时的工业企业。</p>
<p>第二条 优惠标准为每千瓦时0.03元，单个企业每年优惠不超过20万元。</p>
<p>第三条 企业应在每年3月31日前向县发改局提出申请，并提交用电量证明、缴费发票和承诺书。</p>
<p>第四条 有下列情形之一的不予优惠：列入失信名单的；当年被责令停产的。</p>
<p>第五条 本细则自2026年10月1日起施行，有效期至2028年9月30日。</p>
</body></html>"""
Asked = Callable[..., Answer]


@pytest.fixture(scope="module")
def guide(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("one")
    shutil.copytree(home, folder / "home")
    found = build_assistant(Settings(home=folder / "home"), remember=False)
    (folder / "青石车间.md").write_text(WORKSHOP, "utf-8")
    (folder / "梅岭电价.html").write_text(HTML, "utf-8")
    listed = Word()
    listed.add_heading("白沙村技改补助名单", 0)
    table = listed.add_table(rows=0, cols=len(HEADER))
    for row in (HEADER, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    listed.save(str(folder / "白沙名单.docx"))
    files = [folder / name for name in ("青石车间.md", "梅岭电价.html", "白沙名单.docx")]
    assert [one.status for one in Ingestor(found.retriever.index).ingest(files)] == ["added"] * 3
    return found


@pytest.fixture(scope="module")
def asked(guide: Assistant) -> Asked:
    def ask(question: str, document: str | None = None, session: str | None = None, day: date = DAY) -> Answer:
        events = list(guide.ask(question, session, document=document, day=day))
        assert isinstance(events[-1], Done)
        return events[-1].answer

    return ask


def body(answer: Answer) -> str:
    """What is said, without the list of sources."""
    return answer.text.partition("\n\n出处")[0]


@pytest.mark.parametrize(
    ("document", "question", "said"),
    [
        ("青石车间", "哪些企业能申报", "登记注册满2年的制造业企业"),
        ("青石车间", "最高能补多少钱", "60万元"),
        ("青石车间", "按什么比例补", "12%"),
        ("青石车间", "怎么申报", "惠企平台在线填报"),
        ("青石车间", "在哪个平台填报", "惠企平台"),
        ("青石车间", "联系电话是多少", "0571-28765432"),
        ("青石车间", "找谁咨询", "何平"),
        ("青石车间", "不懂的问谁", "何平"),
        ("青石车间", "邮箱是多少", "heping@qingshi.example"),
        ("青石车间", "什么时候截止", "2026年12月15日"),
        ("青石车间", "从哪天开始申报", "11月1日"),
        ("梅岭电价", "每度电优惠多少", "0.03元"),
        ("梅岭电价", "一年最多优惠多少", "20万元"),
        ("梅岭电价", "什么样的企业适用", "100万千瓦时"),
        ("梅岭电价", "哪些情况不给优惠", "失信名单"),
        ("梅岭电价", "有效期到什么时候", "2028年9月30日"),
        ("梅岭电价", "申请要交什么", "用电量证明"),
    ],
)
def test_what_the_document_says_is_told_and_cited(asked: Asked, document: str, question: str, said: str) -> None:
    answer = asked(question, document)
    assert said in body(answer), answer.text
    assert answer.citations and {c.source_id for c in answer.citations} == {document}


def test_the_materials_are_told_as_a_whole_list_in_their_order(asked: Asked) -> None:
    text = body(asked("要准备哪些材料", "青石车间"))
    places = [text.find(word) for word in ("申请表", "营业执照复印件", "付款凭证", "财务审计报告")]
    assert all(at >= 0 for at in places) and places == sorted(places)


def test_how_many_there_are_is_counted_over_the_list(asked: Asked) -> None:
    assert "一共4" in body(asked("要交几样材料", "青石车间"))


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2026, 11, 30), "还有15天"), (date(2026, 12, 14), "还有1天"), (date(2026, 12, 20), "已经过了5天")],
)
def test_how_many_days_are_left_goes_by_the_day_of_the_question(asked: Asked, day: date, said: str) -> None:
    assert said in body(asked("还有几天截止", "青石车间", day=day))


@pytest.mark.parametrize(
    ("question", "said"),
    [("12月10日交来得及吗", "来得及"), ("12月20日交来得及吗", "来不及"), ("我下个月底再交来得及吗", "来不及")],
)
def test_a_day_is_held_against_the_last_one(asked: Asked, question: str, said: str) -> None:
    text = body(asked(question, "青石车间"))
    assert f"**{said}**" in text and "2026年12月15日" in text


@pytest.mark.parametrize("question", ["对员工食堂有什么规定", "外地专家住宿费能报销吗", "有没有免费的停车位"])
def test_what_is_written_nowhere_in_the_document_is_told_so(asked: Asked, question: str) -> None:
    text = body(asked(question, "青石车间"))
    assert ABSENT in text.split("\n")[0], text


def test_another_document_never_fills_in(asked: Asked) -> None:
    answer = asked("每度电优惠多少", "青石车间")
    assert "0.03" not in answer.text and {c.source_id for c in answer.citations} <= {"青石车间"}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("设备和软件投了300万，能补多少", "36万元"),
        ("我们投了300万，能补多少", "36万元"),
        ("投资200万能补多少", "24万元"),
        ("设备和软件投了800万，能拿多少补贴", "60万元"),
        ("设备和软件一共投了30万，能补多少", "50万元"),
    ],
)
def test_the_rule_of_the_document_is_reckoned_on_the_figures_told(asked: Asked, question: str, said: str) -> None:
    text = body(asked(question, "青石车间"))
    assert said in text, text


@pytest.mark.parametrize(
    "question", ["我们去年营收1000万，能申报吗", "我们注册1年，能不能申报", "公司注册才1年，能报吗"]
)
def test_a_condition_that_is_not_met_is_told_first(asked: Asked, question: str) -> None:
    text = body(asked(question, "青石车间"))
    first = text.split("\n")[0]
    assert "不够" in first or "不符合" in first, text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("补助一共多少万元", f"{sum(Decimal(row[4]) for row in ROWS)}万元"),
        ("一共多少家企业", f"{len(ROWS)}家"),
        ("北片有几家", f"{sum(row[2] == '北片' for row in ROWS)}家"),
        ("补助最多的是哪家", max(ROWS, key=lambda row: Decimal(row[4]))[1]),
        ("补助超过30万元的有几家", f"{sum(Decimal(row[4]) > 30 for row in ROWS)}家"),
        ("哪个片区补助总额最高", "北片"),
        ("新月家具厂补助多少", "42万元"),
    ],
)
def test_a_table_is_reckoned_over_all_its_rows(asked: Asked, question: str, said: str) -> None:
    answer = asked(question, "白沙名单")
    assert said in body(answer), answer.text
    assert {c.source_id for c in answer.citations} == {"白沙名单"}


def test_the_document_stays_the_topic_of_the_next_turn(asked: Asked) -> None:
    session = uuid.uuid4().hex
    asked("青石市智能车间奖补怎么申报", "青石车间", session)
    assert "0571-28765432" in body(asked("联系电话呢", session=session))
    assert "60万元" in body(asked("最高补多少", session=session))


def test_another_subject_leaves_the_document(asked: Asked) -> None:
    session = uuid.uuid4().hex
    asked("怎么申报", "青石车间", session)
    answer = asked("专精特新小巨人要满足什么条件", session=session)
    assert "青石车间" not in {c.source_id for c in answer.citations} and ABSENT not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "政府到2027年打算让多少小企业上云",
        "小巨人要满足什么条件",
        "数字化水平等级分几级",
        "我厂280人，营收1.9亿，算什么规模",
    ],
)
def test_a_question_about_the_bundled_knowledge_is_answered_as_before(asked: Asked, question: str) -> None:
    answer = asked(question)
    assert not {c.source_id for c in answer.citations} & {"青石车间", "梅岭电价", "白沙名单"}
    assert "这份资料里没有写" not in answer.text


def test_the_place_that_a_question_names_tells_which_document(asked: Asked) -> None:
    assert "60万元" in body(asked("青石市智能车间奖补最高多少"))
    assert "20万元" in body(asked("梅岭县的工业用电优惠一年最多多少"))
