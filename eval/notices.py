"""Made-up notices of local authorities in the layouts that are usual, each with what a reader should find in it.

The layouts follow GB/T 9704-2012 and the pages of government web sites. Places, organs, numbers, dates and amounts are
drawn with a seed; no text is a real notice.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

PLACES = (
    ("苏州市", "苏", "苏州"), ("宁波市", "甬", "宁波"), ("东莞市", "东", "东莞"), ("合肥市", "合", "合肥"), ("长沙市", "长", "长沙"),
    ("青岛市", "青", "青岛"), ("常州市", "常", "常州"), ("佛山市", "佛", "佛山"), ("成都市", "成", "成都"), ("洛阳市", "洛", "洛阳"),
    ("浙江省", "浙", "浙江"), ("湖北省", "鄂", "湖北"), ("厦门市", "厦", "厦门"), ("南通市", "通", "南通"), ("昆山市", "昆", "苏州昆山"),
)  # fmt: skip
SUBJECTS = (
    "中小企业数字化转型专项资金项目", "中小企业“智改数转”诊断服务", "专精特新中小企业贷款贴息", "工业企业设备更新补助项目",
    "中小企业数字化转型试点企业", "企业上云用云补贴", "首台（套）重大技术装备奖励", "中小企业公共服务示范平台", "数字化车间认定", "产业工人数字技能培训补贴",
)  # fmt: skip
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Notice:
    """A notice's text and what stands in it: doc_no is empty where it bears none; dates are ISO."""

    name: str
    layout: str
    text: str
    title: str
    doc_no: str
    issuer: str
    published: str
    region: str
    valid_until: str = ""
    deadline: str = ""


@dataclass
class _Draw:
    """The chances of one notice."""

    dice: random.Random

    def __post_init__(self) -> None:
        self.place, self.short, self.region = self.dice.choice(PLACES)
        self.subject = self.dice.choice(SUBJECTS)
        self.day = date(2023, 1, 5) + timedelta(days=self.dice.randrange(1400))
        self.number = self.dice.randrange(1, 320)
        self.until = date(self.day.year + self.dice.randrange(1, 4), 12, 31)
        self.last = self.day + timedelta(days=self.dice.randrange(20, 60))
        self.rate, self.cap = (
            self.dice.choice((10, 15, 20, 30, 40, 50)),
            self.dice.choice((10, 20, 30, 50, 80, 100, 200)),
        )
        level = "省" if self.place.endswith("省") else "市"
        self.industry = f"{self.place}" + (
            "经济和信息化厅" if level == "省" else self.dice.choice(("工业和信息化局", "经济和信息化局"))
        )
        self.finance = f"{self.place}财政{'厅' if level == '省' else '局'}"

    def body(self) -> str:
        """The clauses, with a reference to another document and dates that are not this one's."""
        before = self.day.year - 1
        return (
            f"为贯彻落实《中小企业数字化赋能专项行动方案（2025—2027年）》（工信部联企业〔2024〕239号）和市委、市政府{before}年3月5日专题会议精神，"
            f"现就有关事项通知如下：\n\n一、申报条件\n（一）在{self.place}内注册，具有独立法人资格的中小企业；\n"
            f"（二）{before}年度营业收入不低于{self.dice.choice((500, 1000, 2000))}万元；\n（三）近三年未发生重大安全、环保事故。\n\n"
            f"二、支持标准\n对项目软件和设备投入按不超过{self.rate}%给予补助，单个企业最高不超过{self.cap}万元。\n\n"
            f"三、申报材料\n1. 申报书；\n2. 营业执照复印件；\n3. 项目合同、发票和付款凭证。\n\n"
            f"四、申报时间\n请各企业于{_written(self.last)}前将申报材料报送所在地主管部门，逾期不予受理。\n"
        )

    def title(self, kind: str = "通知") -> str:
        return f"关于组织申报{self.day.year}年度{self.place}{self.subject}的{kind}"

    def notice(self, layout: str, text: str, title: str, doc_no: str, issuer: str, valid: bool = False) -> Notice:
        return Notice(
            f"{layout}-{self.number}", layout, text, title, doc_no, issuer, self.day.isoformat(), self.region,
            self.until.isoformat() if valid else "", self.last.isoformat(),
        )  # fmt: skip


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _in_chinese(day: date) -> str:
    def small(n: int) -> str:
        tens, ones = divmod(n, 10)
        head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
        return head + (_DIGITS[ones] if ones else "")

    return f"{''.join(_DIGITS[int(c)] for c in str(day.year))}年{small(day.month)}月{small(day.day)}日"


def _red_head(d: _Draw) -> Notice:
    """Letterhead with blanks, number, a title over two lines, signature and date."""
    number, title = f"{d.short}工信〔{d.day.year}〕{d.number}号", d.title()
    cut = len(title) // 2
    head = " ".join(d.industry) + " 文 件"
    text = (
        f"{head}\n\n{number}\n\n{title[:cut]}\n{title[cut:]}\n\n各县（市、区）工业和信息化主管部门，各有关单位：\n\n{d.body()}\n"
        f"本通知自印发之日起施行，有效期至{_written(d.until)}。\n\n附件：1. 申报书\n2. 承诺书\n\n{d.industry}\n{_written(d.day)}\n\n（此件公开发布）\n"
    )
    return d.notice("red head", text, title, number, d.industry, valid=True)


def _joint(d: _Draw) -> Notice:
    """Two authorities: both in the letterhead, both sign."""
    number, title = f"{d.short}财工贸〔{d.day.year}〕{d.number}号", d.title()
    text = (
        f"{d.finance}\n{d.industry}文件\n\n{number}\n\n{title}\n\n各区财政局、工业和信息化局：\n\n{d.body()}\n\n"
        f"{d.finance}\n{d.industry}\n{_written(d.day)}\n\n抄送：市委办公室，市政府办公室。\n"
        f"{d.finance}办公室  {_written(d.day + timedelta(days=2))}印发\n"
    )
    return d.notice("joint", text, title, number, f"{d.finance}、{d.industry}")


def _table_page(d: _Draw) -> Notice:
    """A web page with its table of labels above the text."""
    number, title = f"{d.short}经信发〔{d.day.year}〕{d.number}号", d.title()
    shown = d.day + timedelta(days=3)
    text = (
        f"当前位置：首页 > 政务公开 > 通知公告\n索引号\t{d.number:09d}/{d.day.year}-00{d.number}\t主题分类\t工业、交通\n发文机关\t{d.industry}\t成文日期\t{_written(d.day)}\n"
        f"标题\t{title}\n发文字号\t{number}\t发布日期\t{_written(shown)}\n有效性\t有效\t字体\t大 中 小\n\n{title}\n\n各有关企业：\n\n{d.body()}\n"
    )
    return d.notice("labels", text, title, number, d.industry)


def _line_page(d: _Draw) -> Notice:
    """A web page with one line of labels; the number in brackets below the title, a date in Chinese numerals at the end."""
    number, title = f"{d.short}工信中小〔{d.day.year}〕{d.number}号", f"{d.industry}{d.title()}"
    text = (
        f"{title}\n（{number}）\n发布时间：{d.day + timedelta(days=1)} 10:{d.number % 60:02d}  来源：{d.industry}  浏览次数：{d.number * 7}\n\n"
        f"各县（市、区）经信局，各有关企业：\n\n{d.body()}\n联系人：李工，电话：0512-6860{d.number:04d}\n\n{d.industry}\n{_in_chinese(d.day)}\n"
    )
    return d.notice("line of labels", text, title, number, d.industry)


def _announcement(d: _Draw) -> Notice:
    """An announcement with a number of its own kind."""
    number, title = f"{d.day.year}年第{d.number % 40 + 1}号", f"关于{d.day.year}年度{d.subject}拟支持名单的公告"
    text = (
        f"{d.industry}公告\n\n{number}\n\n{title}\n\n根据《{d.place}中小企业发展专项资金管理办法》（{d.short}财规〔{d.day.year - 2}〕5号），经评审，"
        f"拟对下列企业给予支持，现予公告。公告期为{_written(d.day)}至{_written(d.day + timedelta(days=7))}。\n\n特此公告。\n\n"
        f"附件：拟支持企业名单\n\n{d.industry}\n{_written(d.day)}\n"
    )
    return Notice(
        f"announcement-{d.number}", "announcement", text, title, number, d.industry, d.day.isoformat(), d.region
    )


def _rules(d: _Draw) -> Notice:
    """A notice that issues rules; the rules are attached and have dates of their own."""
    number = f"{d.short}府办规〔{d.day.year}〕{d.number % 30 + 1}号"
    organ, name = f"{d.place}人民政府办公室", f"{d.place}{d.subject.replace('项目', '')}管理办法"
    if d.place.endswith("省"):
        organ = f"{d.place}人民政府办公厅"
    title, begins = f"{organ}关于印发《{name}》的通知", d.day + timedelta(days=30)
    text = (
        f"{organ}文件\n\n{number}\n\n{title}\n\n各区人民政府，市各委办局，市各直属单位：\n\n《{name}》已经市政府第{d.number % 60 + 1}次常务会议审议通过，现印发给你们，请认真组织实施。\n\n"
        f"{organ}\n{_written(d.day)}\n\n{name}\n\n第一章  总则\n第一条  为规范资金管理，制定本办法。\n第二条  对项目投入按不超过{d.rate}%给予补助，最高{d.cap}万元。\n"
        f"第二章  附则\n第三条  本办法自{_written(begins)}起施行，有效期至{_written(d.until)}。《{d.place}原专项资金管理办法》（{d.short}府办〔2019〕8号）同时废止。\n"
    )
    found = d.notice("rules", text, title, number, organ, valid=True)
    return Notice(**{**found.__dict__, "deadline": ""})


def _plain(d: _Draw) -> Notice:
    """A service centre's notice without a number, signed by two on one line, the date in Chinese numerals."""
    centre, association = f"{d.place}中小企业服务中心", f"{d.place}中小企业协会"
    title = d.title()
    text = (
        f"{title}\n\n各相关企业：\n\n{d.body()}\n咨询电话：0574-8918{d.number:04d}（工作日9:00—17:00）\n\n"
        f"{centre}　　{association}\n{_in_chinese(d.day)}\n"
    )
    return d.notice("no number", text, title, "", f"{centre}、{association}")


def _scanned(d: _Draw) -> Notice:
    """As a scanner's text recognition gives it: blanks, round brackets, marks of urgency, page numbers, the print line."""
    number, title = f"{d.short}工信发〔{d.day.year}〕{d.number}号", d.title()
    cut = title.index("的通知") - 4
    text = (
        f"000{d.number}\n特急\n{d.industry}文件\n{d.short}工信发（{d.day.year}） {d.number} 号                签发人：王 明\n{title[:cut]}\n{title[cut:]}\n"
        f"各镇人民政府、街道办事处，各有关企业：\n{d.body()}\n— 1 —\n附件：申报书\n{d.industry}\n{d.day.year} 年 {d.day.month} 月 {d.day.day} 日\n（联系人：陈工，电话：8888{d.number:04d}）\n"
        f"— 2 —\n{d.industry}办公室    {_written(d.day + timedelta(days=1))}印发\n"
    )
    return d.notice("scanned", text, title, number, d.industry)


LAYOUTS: tuple[Callable[[_Draw], Notice], ...] = (
    _red_head, _joint, _table_page, _line_page, _announcement, _rules, _plain, _scanned,
)  # fmt: skip


def notices(count: int = 40, seed: int = 20261121) -> list[Notice]:
    """`count` notices, every layout equally often, the same for the same seed."""
    dice = random.Random(seed)
    return [LAYOUTS[n % len(LAYOUTS)](_Draw(random.Random(dice.random()))) for n in range(count)]
