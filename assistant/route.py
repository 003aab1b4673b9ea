"""Tool or knowledge: which of the tools a message calls for, decided by rules, and with which arguments.

A message goes to a tool only where it speaks of the user's own firm or plainly asks for what a table holds; questions about
what a document says stay with the knowledge, also where they share the words (成熟度是什么意思).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from assistant import assessing
from assistant.arguments import FREE, Told, gather
from assistant.history import Call, Turn
from assistant.moved import only_places
from core.cut import beginning
from core.numbers import quantities
from core.text import normalise
from corpus.words import lexicon
from tools import extraction, glossary, industries, tool_vendors
from tools.amounts import money
from tools.extraction import stated
from tools.kinship import sector_kin
from tools.profile import Profile, extract

REMEMBERED = 4
"""How many turns back a tool can be taken up again, after questions about other things."""
ONCE = "只看"
FOR_ONCE = frozenset({ONCE, "截止起", "截止止"})
"""Arguments that hold for one question only."""
SYSTEMS = "已用系统"
MOST_ASKED = 3
"""How many questions are asked back before the tool makes do with what it has."""


@dataclass(frozen=True)
class Route:
    """Where a message goes. tool: a tool's name, "note" for facts told without a question, "" for the knowledge.

    arguments: by their Chinese names. asked: how many questions this collection has asked back so far.
    said: what to repeat back of the message's figures.
    """

    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    said: tuple[str, ...] = ()


KNOWLEDGE = Route()

_MONEY = r"补贴|补助|奖补|扶持|资金|支持|政策|贴息|担保|贷款|优惠|奖励|奖金|券"
_SELF = re.compile(r"我们?|咱|俺|本厂|本公司|厂子|工厂|帮我|给我|公司[，,]|\b(we|our|my)\b", re.I)
_ASKS = re.compile(
    r"[?？]|多少|几|啥|什么|哪|谁|怎么|怎样|咋|如何|为何|是否|有没有|能不能|是不是|吗|么$|呢$|帮|给我|列|排|算|说说|讲讲|介绍|推荐|看看|测|评|查|翻|过没|没有?[。!！]?$|不[。!！]?$"
)
_ABOUT_A_DOCUMENT = re.compile(
    r"行动方案|指南(里|说|建议|要求)|报告(里|说|中|归纳)|文件(里|说|规定)|出自|规定|哪一?年(发|印|出)|印发|方案(里|说|规定|要求)|听说|既然|不是说"
)
_CALLED_OFF = re.compile(
    r"算了|先不(评|算|测|看|排|弄)|不(评|算|测|排)了|换个话题|不说这个|谢谢|多谢|辛苦|挺(好|清楚|不错)|翻译|翻成|译成"
)
_WHEN = re.compile(r"几月几号|截止|什么时候|哪天|哪一天|最后一天|啥时候|deadline", re.I)
_WHEN_ALONE = re.compile(r"几月|几号|什么时候|哪天|哪一天|啥时候|deadline", re.I)
_ENDS_FIRST = re.compile(
    r"还?(有|剩)(哪些|啥|什么)[^，,。？?]{0,10}(能|可以|来得及)(申请|申报|报)|(哪|那)[个项]最(急|先|早|快)(截止|到期)?|(截止|到期)的?(有哪|有啥|有什么|哪些)|(哪些|什么(?!时候)|啥(?!时候))[^，,。？?]{0,12}(截止|到期)"
)
"""Questions for what ends first, or for what is still open."""
_HOW_MUCH = re.compile(
    r"(那|我们?|咱们?|俺们?|厂里?|大概|大约|一共|总共|到底){0,4}(能|可以|会)?(给|拿到?|补贴?|补助|申请到?)(我们?|咱们?)?(多少|几个)(钱|补贴|补助|资金)?[呢啊吗呀]?[？?]?"
)
_WHICH = re.compile(
    rf"(那|请问)?(现在|今年|还|都)?(能|可以|够)(拿|领|申请|申报|报|享受|争取)到?(什么|哪些|啥|哪几[个项种])[^，,。？?]{{0,6}}({_MONEY})[呢吗啊]?[？?]?"
)
"""Questions for support that can only mean the firm spoken of."""
FULLY = 3
"""Facts on place, firm and amount with which support is matched though the question asks for a date as well."""
_ABROAD = re.compile(r"日本|美国|欧盟|欧洲|德国|法国|英国|韩国|印度|巴西|西班牙|新加坡|马来西亚|国外|海外")
_SHARE = re.compile(r"占比?多少|占了?多少|百分之几|几成|比例|比重|份额|多少家|平均|均值|占(的|比)")


@dataclass(frozen=True)
class Message:
    """A message with what is known around it. standalone: the message made complete from the turn before."""

    text: str
    standalone: str
    told: Told
    parts: int
    follows: bool

    @property
    def own(self) -> bool:
        return speaks_of_own(self.text)


Test = Callable[[Message], bool]


def _maturity(m: Message) -> bool:
    asks = re.search(
        r"(算|是|到|够|达到|处于|在|评|测)(数字化)?(水平)?(第)?几级|自测|自评|测[一]?[下测]|打个?分|评[一]?下|给我(们)?(厂|公司)?(评|测)"
        r"|(数字化|转型).{0,8}(什么|啥|哪个|怎样的?)(水平|程度|阶段|段位)|水平(如何|怎么样|咋样)|得?多少分|诊断[一]?下|体检",
        m.text,
    )
    own = m.own or bool(m.told.now.systems or m.told.now.practices)
    return bool(asks) and own and not _SHARE.search(m.text) and not re.search(r"印发|是什么意思|费用|收费", m.text)


def _size_class(m: Message) -> bool:
    asks = re.search(
        r"(算|属于|划|归|定|是)(不算|不是|得上|作|为|到)?[^，,。]{0,6}(大型|中型|小型|微型|小微|中小|规上|什么型|哪[一]?[类种]?型|什么规模|哪类企业|哪[一]?档|[大中小]企业)"
        r"|[大中小微]型.{0,3}(还是|或).{0,4}[大中小微]型|划型|什么型的?企业|企业规模|大中小微",
        m.text,
    )
    line = re.search(r"(多少|几)(人|钱|万|个人).{0,4}(才|就)?(算|属于|是)(大|中|小|微)型", m.text)
    if line and m.told.industry and "以下" not in m.text:
        return True
    own = re.search(r"我们?(厂|公司|企业|家)?.{0,8}(算|属于|是不是|划)|咱", m.text)
    return (
        bool(asks)
        and (m.told.has_size_figures or bool(own))
        and not re.search(r"有什么不同|区别|差别|以下|都算", m.text)
    )


def _subsidy(m: Message) -> bool:
    asks = re.search(
        rf"(有|能|可以|够|给|拿|领|申请|申报|报|享受|争取|走)[^。？?]{{0,16}}({_MONEY}|钱)|能补|补多少|补[贴助]?吗|({_MONEY})[^。？?]{{0,8}}(有|多少|哪些|能)|拿到多少|多拿多少",
        m.text,
    )
    facts = m.told.money_facts
    if (
        not asks
        or _ABROAD.search(m.text)
        or (_WHEN.search(m.text) and not (facts >= FULLY and _HOW_MUCH.search(m.text)))
    ):
        return False
    if _HOW_MUCH.fullmatch(m.text):
        return True
    own = m.own or _WHICH.fullmatch(m.text)
    return facts >= 2 or (facts == 1 and bool(own and re.search(_MONEY, m.text)) and "基金" not in m.text)


def _deadlines(m: Message) -> bool:
    """Whether it asks which support ends when: 下个月底前截止的有哪些, 还有哪些能申请, 哪个最急."""
    if _ABROAD.search(m.text) or _ABOUT_A_DOCUMENT.search(m.text):
        return False
    of_support = re.search(_MONEY, m.text) or (m.told.last and m.told.last.tool == "subsidy") or len(m.text) <= 16
    return bool(of_support) and (
        bool(m.told.due and not _WHEN_ALONE.search(m.text)) or bool(_ENDS_FIRST.search(m.text))
    )


def _roadmap(m: Message) -> bool:
    asks = re.search(
        r"路线图|(排|做|给|列|定|制定|出|写|要)(我|我们|个|一个|一份|份|出|一下){0,3}[^，,。？?]{0,10}(计划|规划|步骤|路线|顺序|打法)"
        r"|先上?(什么|啥|哪).{0,8}(再|后)|先后|怎么(规划|安排|布局|一步步)|分(几|三|两|四)步|从哪(儿|里)?(开始|入手|下手)|第一步|先(做|干|上|搞|弄)(什么|啥|哪)|(要|该|得|适合)(先)?上(什么|啥|哪[个样套款种])(系统|软件)?(好)?[？?。]?$"
        r"|roadmap|plan for",
        m.text,
        re.I,
    )
    known = m.told.profile
    facts = sum(
        v is not None for v in (known.employees, known.level, known.target_level, known.budget_wan, m.told.years)
    )
    plainly = re.search(r"(给|帮|排|做|列|出).{0,6}(路线图|转型(计划|规划))", m.text)
    return bool(asks) and (bool(plainly) or (facts > 0 and bool(known.industry)))


def _benchmark(m: Message) -> bool:
    asks = re.search(
        r"(跟|和|与|比)(同行|别人|人家|其他|同类|一般).{0,12}(比|多|少|高|低|如何|怎么样|差|位置)|同行.{0,6}(相比|比)|(排|处|算|在)(在|到)?(什么|哪|第几).{0,4}(位置|水平|档|名)"
        r"|算(不算)?(多|少|高|低|正常|合理|快|慢)|(正常|合适|合理|够)(吗|么|不)|多少(才)?(算|是)?(正常|合适|合理|够)|(高|低|多|少)(于|过)?同行"
        r"|(里面?|里头|当中|中)(大概|大约)?(算|是|在|处于)?(什么|啥|哪个|怎样的?)(水平|位置)|贵不贵|[太算]?贵(了)?[吗么不]|值不值",
        m.text,
    )
    figure = m.told.now_spend is not None or m.told.now.level is not None
    return bool(asks) and (
        figure or bool(re.search(r"(正常|合理|合适)", m.text) and re.search(r"投|花|钱|预算|占", m.text))
    )


def _sector_path(m: Message) -> bool:
    level = re.search(
        r"[一二三四1-4]\s*级|级别|(初始|规范|集成|协同)级|每(一)?级|各级|逐级|level\s*[1-4]", m.standalone, re.I
    )
    asks = re.search(
        r"要做|做到|该|干(什么|啥|嘛)|什么样|要求|怎么|有啥|有哪些|是什么|上(什么|啥)|具备|典型|做法|用(什么|啥)|分别|需要|应",
        m.text,
    )
    industry = m.told.industry
    if m.parts > 1 or not (level and asks and industry and m.told.areas) or _SHARE.search(m.text):
        return False
    named = {sector_kin(word).name for word in re.findall(r"汽车|医药|制药|通用设备|汽配|药", m.text)} - {None}
    return sector_kin(industry).name is not None and len(named) < 2


def _scenarios(m: Message) -> bool:
    asks = re.search(
        r"(哪些|什么|啥|几个|哪几个)[^，,。？?]{0,8}(场景|数字化应用)|场景.{0,8}(哪些|什么|啥|推荐|先做|适合)|(能|可以|适合|该)[^，,。？?]{0,6}(做|搞|上|弄)[^，,。？?]{0,4}(什么|啥|哪些|点)[^，,。？?]{0,4}数字化(的?(活|项目|东西|事|场景))?",
        m.text,
    )
    return (
        bool(asks)
        and bool(m.told.industry)
        and m.parts == 1
        and not re.search(r"AI|人工智能|大模型|调查|占|案例|为什么|方案|报告", m.text, re.I)
    )


def _cases(m: Message) -> bool:
    asks = re.search(
        r"(有没有|有无|有哪|找|举|看看|给我|推荐|来).{0,24}(例子|案例|实例|做过|用过|上过|搞过|试过|真做|真用)|(找|推荐|看看|来)[几一两个些家]{1,3}.{0,16}(企业|厂|公司|同行)(给我|看看|参考|$|[？?。])"
        r"|谁家?(真)?(做|用|上|搞)过|(案例|例子)(吗|么|呢|有|[？?]|$)",
        m.text,
    )
    return (
        bool(asks)
        and m.told.has_case_words
        and m.parts == 1
        and not re.search(r"案例集|哪个部门|负责|多少个?案例|园区|国外", m.text)
    )


def _tool_vendors(m: Message) -> bool:
    asks = re.search(
        r"(谁家|哪家|哪几家|哪些家|哪[一]?个牌子|哪些?(厂家|厂商|牌子|品牌|公司|软件)|(什么|啥)(牌子|品牌)|常用(厂商|厂家|哪|的)|厂[家商](排名|前)|前[几三五]名|排名)",
        m.standalone,
    )
    wrong = r"占|份额|总部|价|钱|费|开发的|售后|投诉|国外|失败|倒闭|案例|例子|率|(电器|公司|集团|科技|股份|厂)用的是"
    single = m.parts == 1 or (m.parts == 2 and re.search(r"[，,？?]\s*前[几二两三五][^，,？?]{0,6}[？?]?$", m.text))
    if not asks or not single or re.search(wrong, m.standalone) or not tool_vendors.find(m.standalone):
        return False
    return not any(name in m.standalone for name in lexicon().names - tool_vendors.vendors())


def _glossary(m: Message) -> bool:
    asks = re.search(r"什么|啥|何为|何谓|解释|what", m.standalone, re.I)
    return bool(asks) and m.parts == 1 and glossary.exact(m.standalone) is not None


_RULES: tuple[tuple[str, Test], ...] = (
    ("glossary", _glossary),
    ("size_class", _size_class),
    ("subsidy", _deadlines),
    ("subsidy", _subsidy),
    ("benchmark", _benchmark),
    ("maturity", _maturity),
    ("sector_path", _sector_path),
    ("roadmap", _roadmap),
    ("scenarios", _scenarios),
    ("cases", _cases),
    ("tool_vendors", _tool_vendors),
)
_FOLLOWS = re.compile(
    r"^(那|如果|要是|假如|换成|改成|只(说|看|要|上|买|做|投)|先只?(说|看)|再)|呢[？?]?$"
    r"|^(哦|噢)?(不是|不对|不止|没有?那么|错了|[说写记打]错|更正|应该是|其实是?)|太(贵|多|少|高|慢|久)了"
)
_CHANGING = ("从业人员", "营业收入万元", "资产总额万元", "范围", "地区")
"""Facts of the firm that hold as last told, also where a tool ran on what was told before."""


def decide(
    text: str,
    standalone: str,
    turns: Sequence[Turn],
    profile: Profile,
    parts: int = 1,
    day: date | None = None,
) -> Route:
    """Where a message goes. profile: what is known of the firm before it; parts: how many questions it holds; day: of asking."""
    text = normalise(text).strip()
    if (going_on := assessing.plain_reply(text, turns)) is not None:
        return Route(assessing.TOOL, _as_told(going_on, text, standalone, turns, profile))
    if _CALLED_OFF.search(text):
        return KNOWLEDGE
    calls = [turn.call for turn in reversed(turns[-REMEMBERED:]) if turn.call]
    last = next(iter(calls), None)
    waiting = next((call for call in calls if call.pending or call.asks), None)
    told = gather(text, standalone, profile, last, tuple(turn.question for turn in turns), day)
    message = Message(text, standalone, told, parts, bool(turns) and bool(_FOLLOWS.search(text)))
    if not _ABOUT_A_DOCUMENT.search(text):
        for name, test in _RULES:
            if test(message):
                given = told.arguments(name) | ({ONCE: "截止清单"} if test is _deadlines else {})
                arguments = assessing.started(given, turns) if name == assessing.TOOL else given
                return _with_figures(told, Route(name, arguments))
        going_on = assessing.free_reply(text, turns) or _tells(message, turns) or assessing.unread_reply(text, turns)
        if going_on is not None:
            return Route(assessing.TOOL, _as_told(going_on, text, standalone, turns, profile))
        if turns and not turns[-1].call and only_places(text):
            return KNOWLEDGE  # 佛山呢 goes on from the answer just given, not from a tool before it
        for call in [c for c in (waiting, None if last is waiting else last) if c]:
            if route := _continued(message, call):
                return _with_figures(told, route)
    if message.own and told.now and not _ASKS.search(_without_figures(text)) and not industries_only(text):
        return Route("note")
    return KNOWLEDGE


def _tells(message: Message, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """The arguments of the assessment that goes on with what a message tells of systems and practice without asking."""
    on, now = assessing.waiting(turns), message.told.now
    told = bool(now.systems or now.practices or extraction.systems(message.text)[1])
    return on.with_answers(on.answers) if on and on.here and told and not _ASKS.search(message.text) else None


def _as_told(
    arguments: dict[str, Any], text: str, standalone: str, turns: Sequence[Turn], profile: Profile
) -> dict[str, Any]:
    """An assessment's arguments with the firm as it is known by now; a system that was stopped is none."""
    told = gather(text, standalone, profile, None, tuple(turn.question for turn in turns))
    gone = extraction.systems(normalise(text))[1]
    known = told.arguments(assessing.TOOL)
    systems = dict.fromkeys((*known.get(SYSTEMS, ()), *arguments.get(SYSTEMS, ())))
    kept = [name for name in systems if not any(extraction.same_system(name, other) for other in gone)]
    found = {**arguments, **known, SYSTEMS: kept}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _without_figures(text: str) -> str:
    """The text without its figures, whose 几 asks nothing: 我们几百人."""
    for figure in reversed(quantities(text)):
        text = text[: figure.start] + text[figure.end :]
    return text


def _with_figures(told: Told, route: Route) -> Route:
    given = {name: value for name, value in route.arguments.items() if value != {}}
    return replace(route, arguments=given, said=told.read_back(route.tool, given))


_TRADE = re.compile(r"(我们?|咱们?|俺们?)?(厂|公司|家)?(里)?是?(做|搞|干|生产).{1,12}的[。！!]?")
"""A message that only tells what a firm makes."""
_PASSES = re.compile(
    r"(我们?)?(还)?(没有?测过|没评过|不知道|不清楚|说不准|不好说|跳过|没想好|先?不说|不想说)(呢|啊|了|吧)?[。.！!]?"
)
"""Replies that leave a question open."""
_PARTS = {
    "期限": re.compile(
        r"(那|请问|这些|这几项|它们|分别|都|申请|申报|补贴)*(到)?(什么时候|啥时候|哪[一]?天|几月几号|几号|多久)(截止|到期|结束|为止|过期)?[呢啊吗]?[？?]?"
        r"|(那|请问|这些|这几项|申请|申报|补贴|的)*(截止(日期|时间|日)?|期限|有效期)(是|到)?(什么时候|啥时候|哪[一]?天|几号|多久)?[呢啊]?[？?]?|(现在|今年)?还来得及[吗么不]?[？?]?"
    ),
    "办法": re.compile(
        r"(那|请问|这些|这几项|具体|我们?|要|该|应该)*(怎么|如何|咋)(样|去)?(申请|申报|报|办理?|领取?|拿|弄)(呢|啊|下来)?[？?]?"
        r"|(那|请问|申请|申报|办理|具体|的)*(流程|步骤|手续|材料)(是什么|怎么走|有哪些|呢)?[？?]?"
        r"|(那|请问|申请|申报|我们?|都|要|需要|得|该)*(准备|备|交|带|提交)(些)?(什么|哪些|啥)(材料|资料|东西)?[呢啊]?[？?]?"
        r"|(那|请问|我|我们|该|要|应该|去)*(找|问)(谁|哪个部门|哪个单位|哪里|哪儿|什么部门)[呢啊]?[？?]?"
    ),
}
"""What is asked about support that was matched: until when, and how one gets it."""


def _continued(message: Message, last: Call) -> Route | None:
    """The last tool once more: the message answers what it asked back, changes one of its arguments or asks for a part."""
    part = next((name for name, asks in _PARTS.items() if asks.fullmatch(message.text)), "")
    if part and last.tool == "subsidy":
        return Route("subsidy", {**last.arguments, ONCE: part}, MOST_ASKED)
    given = {k: v for k, v in message.told.arguments(last.tool, inherit=False).items() if v not in (None, "", [], {})}
    replies = bool(last.asks) and not re.search(r"[?？]|什么|怎么|为什么|哪", message.text)
    if replies and _PASSES.fullmatch(message.text):
        return Route(last.tool, last.arguments, MOST_ASKED)
    if (
        replies
        and last.asks[0].endswith("等级")
        and (level := re.fullmatch(r"(?:是|到)?([一二三四1-4])级?", message.text))
    ):
        given = {last.asks[0]: "一二三四".find(level[1]) + 1 or int(level[1])}
    if replies and last.asks[0] != "行业" and not _TRADE.fullmatch(message.text):
        given.pop("行业", None)
    if replies or message.follows:
        given = _amount(message, last) | given
    if replies and not given and not message.follows and _fits(last, message.text):
        given = {last.asks[0]: beginning(message.text, 100)}
    before = last.arguments | {k: v for k, v in message.told.arguments(last.tool).items() if k in _CHANGING}
    if not any(last.arguments.get(k) != v for k, v in given.items()) or not (replies or message.follows):
        return None
    return Route(last.tool, before | given, last.asked)


def _fits(last: Call, text: str) -> bool:
    """Whether words answer what was asked back: not a question themselves, and for a place no longer than one."""
    asked = last.asks[0]
    if asked not in FREE.get(last.tool, ()) or re.search(
        r"(多少|几.?|谁|咋.*|[吗么呢吧不啊])[。.！!]?$|能不能|有没有|是不是|骗|靠谱", text
    ):
        return False
    return asked != "地区" or len(text) <= 10


def _amount(message: Message, last: Call) -> dict[str, Any]:
    """A lone sum of money that is not said to be anything, as what the tool plans or spends: 太贵了，20万呢."""
    sums = money(stated(message.text))
    roles = ("营业收入万元",) if last.tool == "size_class" else ("预算万元", "贷款万元", "投入万元")
    asked = [n for n in roles if n in last.asks[:1]] if not message.follows else []
    names = asked or [n for n in roles if n in last.arguments]
    return {names[0]: sums[-1].value} if len(sums) == 1 and len(names) == 1 and not message.told.money else {}


def speaks_of_own(text: str) -> bool:
    """Whether a message speaks of the user's own firm."""
    return bool(_SELF.search(text) or extraction.speaks_of_self(text))


def unsure(text: str) -> bool:
    """Whether a message that no rule sent to a tool may want one: it asks, of the user's own firm, and not about a document."""
    text = normalise(text)
    about_else = (_ABOUT_A_DOCUMENT, _CALLED_OFF, _WHEN, _ABROAD, _SHARE)
    return bool(_ASKS.search(text)) and speaks_of_own(text) and not any(p.search(text) for p in about_else)


def industries_only(text: str) -> bool:
    """Whether a message is no more than a keyword, to be looked up rather than noted."""
    match = industries.find(text, said=True)
    return match is not None and len(text) <= len(match.word) + 2


def known_of(turns: Sequence[Turn], profile: Profile | None = None) -> Profile:
    """What the conversation so far has told of the firm, on top of a given profile."""
    known = profile or Profile()
    for turn in turns:
        known = _extracted(turn.question, known)
    return known


_extracted = lru_cache(maxsize=512)(extract)
"""A conversation is gone through again at each of its turns."""
