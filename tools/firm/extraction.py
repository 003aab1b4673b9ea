"""What a firm says of itself in a chat, by rules: figures with their meaning, place, titles, systems, troubles, levels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from core.text import normalise, squeeze
from corpus.place_roles import counted
from corpus.rows import System
from corpus.tables import load_tables
from tools.firm.amounts import people
from tools.firm.in_use import NEAR, NOT_USED, USED, beside, standing
from tools.firm.scenes import scene_told

_CLAUSE = re.compile(r"[，,。；;：:！!？?\n]|(?<=[^\d])、(?=[^\d])")
_DENIED = re.compile(r"(?<!是)(?:并?不是|不对[，,]?不是|不做|不在|并非)[^，,。；;是]{1,24}?(?=[，,。；;]|而?是|$)")
PLANNED = r"想|准备|打算|计划|考虑|要不要|该不该|将来|以后|下一步|要上|要买|要用|再上|再买|先上|申请|申报|争取|冲刺?"
NEGATED = r"没有?|无|未|还没|不用|不想|没上|没用"
_FIRST_PERSON = re.compile(r"我|咱|俺|本公司|本厂|敝司|\bwe\b|\bour\b|\bmy\b", re.I)
_TITLES: tuple[tuple[str, str], ...] = (
    ("单项冠军", r"(?:国家级|省级|制造业)*单项冠军"),
    ("小巨人", r"(?:国家级)?(?:专精特新)?[“\"]?小巨人[”\"]?"),
    ("专精特新", r"(?:国家级|省级|市级|省)?专精特新(?!.{0,2}小巨人)"),
    ("创新型中小企业", r"创新型(?:中小)?企业"),
    ("科技型中小企业", r"科技型(?:中小)?企业|科小"),
    ("高新技术企业", r"(?:国家)?高新技术企业|高企|国高"),
    ("规上企业", r"规上|规模以上"),
    ("试点企业", r"试点企业"),
)  # fmt: skip
_NOT_HELD = re.compile(
    rf"(?:{PLANNED}|不是|{NEGATED}|能不能|怎么|如何|什么|是否|是不是|够不够|评不上|对于|关于|支持|政策)[^，,。；;]{{0,8}}$"
)
_ASKED_AFTER = re.compile(r"^[^，,。；;]{0,8}(?:补多少|能补|条件|要求|怎么申|标准|是什么|啥意思|的?政策|有什么|吗|么)")
_COMPLEXITY: tuple[tuple[str, str], ...] = (
    (
        "基础加工",
        r"基础加工|来料加工|来图加工|按图加工|代加工|打样",
    ),
    ("部件", r"零部件|部件|配件|总成|组件|模组|汽配"),
    ("成品", r"成品|整机|自主品牌|自有品牌|终端产品|最终产品|成套设备"),
)
_CHAIN: tuple[tuple[str, str], ...] = (
    ("链主", r"我们?(?:公司|厂)?(?:就)?是(?:[^，,。；;]{0,6})?(?:链主|龙头)"),
    ("配套供应商", r"配套|供应商|给[^，,。；;]{1,8}(?:供货|做件|做零件)|[一二三]级供应"),
    ("代工", r"代工|贴牌|OEM|来料加工|来图加工"),
    ("自有品牌", r"自主品牌|自有品牌|自己的牌子|自己品牌"),
)
PAINS: tuple[tuple[str, str], ...] = (
    (
        "库存不准",
        r"库存(?:不准|对不上|积压|太高|乱)|账实不符|对不上账|盘点(?:老|总)?(?:对不上|不准)|料找不到|仓库(?:很|太)?乱",
    ),
    ("交期拖延、插单", r"插单|排不过来|排产(?:乱|难|排不)|交期|延期交货|误期|拖期|交不出货|赶不出"),
    ("质量不稳", r"不良率?高|返工|退货|报废|次品|质量(?:不稳|问题|差|追不到)|追溯不(?:了|到)|客诉"),
    ("能耗高", r"电费(?:太)?(?:高|贵)|能耗(?:太)?高|耗电|费电"),
    ("进度不透明", r"(?:不知道|说不清)[^，,。；;]{0,6}(?:干到哪|做到哪|进度)|进度(?:不清|不透明|看不到)"),
    ("招工难、缺人", r"招不到人|招工难|缺(?:工|人手)|用工难|老师傅(?:退|走)"),
    ("设备停机", r"设备(?:老|经常|总)?(?:坏|停机|出故障)|故障(?:多|频繁)|停机(?:多|太)"),
    ("成本算不清", r"成本(?:算不清|不清楚|核算不准|太高)|不知道赚(?:没赚|不赚)"),
    ("数据靠手工", r"手工(?:录|抄|填|统计)|重复录入|抄来抄去|报表(?:靠|全靠)(?:人|手)|数据(?:不通|对不上|孤岛)"),
    ("订单少、获客难", r"订单(?:少|不够|下滑)|没订单|获客|客户(?:流失|太少)"),
)
AREAS: tuple[tuple[str, str], ...] = (
    ("研发设计", r"研发|设计|画图|图纸"),
    ("生产制造", r"车间|生产|制造|产线|现场|报工|产量|工单|派工|排产|质检|检验|设备点检|设备保养"),
    ("采购供应", r"采购|供应|仓库|仓储|库存|进货|物料|出入库"),
    ("市场营销", r"销售|营销|市场|客户|接单|订单|售后"),
    ("经营管理", r"财务|记账|账|考勤|工资|审批|报销|请假"),
)
"""The business areas and the words by which a clause speaks of one."""
_PRACTICE = re.compile(r"用|靠|有|没|无|上了|管|记|表格|excel|纸|系统|软件|人工|手工|微信|扫码|联网|在跑", re.I)
_ASKED = re.compile(r"什么|啥|怎么|如何|哪|[吗么?？]$")
_LEVEL = (
    r"(?:(?P<{0}>[一二两三四1-4])级(?!供应|代理|市场|建造|造价|品|城市|分销|等保)|(?P<{0}_name>初始|规范|集成|协同)级)"
)
_DIGIT = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "初始": 1, "规范": 2, "集成": 3, "协同": 4}
_TARGET = re.compile(r"(?:想|要|争取|目标|冲|做到|升到?|达到|到|上|评上?|提到|提升到?|->|→|—)[^，,。；;级]{0,5}$")


def clauses(text: str) -> Iterator[str]:
    """The parts of a text between commas and stops."""
    return (part.strip() for part in _CLAUSE.split(text) if part and part.strip())


def stated(text: str) -> str:
    """The normalised text without what it denies: 不是280人，是180人 → ，是180人."""
    return _DENIED.sub("", normalise(text))


def speaks_of_self(text: str) -> bool:
    """Whether a text tells of the speaker's own firm."""
    return bool(
        _FIRST_PERSON.search(text) or people(text) or re.search(r"做[^，,。；;？?]{1,12}的(?:[，,。；;]|$)", text)
    )


def place(text: str) -> str | None:
    """The place where the firm of a text is, several as a list (合肥、龙岩); none where it names other people's alone."""
    found = [each.place for each in counted(text)]
    plainest = max((p.strength for p in found), default=0)
    return "、".join(p.label for p in found if p.strength == plainest) or None


def titles(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(titles held, titles denied), in the words used: 省级专精特新."""
    held, denied = list[str](), list[str]()
    for part in clauses(text):
        for name, words in _TITLES:
            hit = re.search(words, part)
            if hit is None:
                continue
            before, after = part[: hit.start()], part[hit.end() :]
            if re.search(rf"(?:不是|{NEGATED})[^，,。；;]{{0,6}}$", before) or after.startswith(("还没", "没评")):
                denied.append(name)
            elif not _NOT_HELD.search(before) and not _ASKED_AFTER.search(after):
                held.append(re.sub(r"[“”\"]", "", hit.group()))
    return tuple(dict.fromkeys(held)), tuple(dict.fromkeys(denied))


def title_named(text: str) -> str | None:
    """The plain title that a text speaks of, held or not; None where it names none."""
    return next((name for name, words in _TITLES if re.search(words, text)), None)


def title_name(words: str) -> str:
    """The plain title behind the words used: 省级专精特新 → 专精特新."""
    return next((name for name, pattern in _TITLES if re.search(pattern, words)), words)


def size_words(text: str) -> str | None:
    """小微, 小型, 中型 … where a firm calls itself so; not where it asks."""
    if re.search(r"[吗？?]|算不算|算[小中大微是什哪]|是不是|还是|哪[类种]|什么型", text):
        return None
    hit = re.search(r"(?:是|的|家|[，,]|^)(小微|微型|小型|中型|中小|大型)(?:企业|公司|厂|工厂)", text)
    return hit[1] if hit else None


def first_of(text: str, table: str) -> str | None:
    """The first row of complexity or chain whose words stand in a text."""
    rows = {"complexity": _COMPLEXITY, "chain": _CHAIN}[table]
    return next((name for name, words in rows if re.search(words, text, re.I)), None)


def pains(text: str) -> tuple[str, ...]:
    """The troubles that a text names, in short words."""
    return tuple(name for name, words in PAINS if re.search(words, text))


def it_staff_missing(text: str) -> bool | None:
    """True for no IT person, False where one is said to be there, None where nothing is said."""
    if re.search(
        r"(?:没有?|无|缺|没个)[^，,。；;]{0,4}(?:IT|信息化|懂电脑|懂系统|懂软件|懂数字化|网管|程序员)", text, re.I
    ):
        return True
    return False if re.search(r"有[^，,。；;没]{0,5}(?:IT|信息化|网管)(?:人|部|岗|团队|工程师)?", text, re.I) else None


def levels(text: str) -> tuple[int | None, int | None]:
    """(present level, target level) from 1 to 4 as said; a level that is only asked about counts as neither."""
    present = target = None
    for hit in re.finditer(_LEVEL.format("n"), text):
        word = hit["n"] or hit["n_name"]
        level = _DIGIT.get(word) or int(word)
        if text[hit.end() :].startswith(hit.group()) or text[: hit.start()].endswith(hit.group()):
            continue  # 一级一级往上走
        before, after = text[max(0, hit.start() - 10) : hit.start()], text[hit.end() : hit.end() + 4]
        clause = re.split(r"[，,。；;！!？?\n]", before)[-1]
        if re.search(
            r"(?:现在|目前|当前|已经?是?|才|评了|评为|从|处于|算是|我们?是|我们?[厂公]?司?|[测评][了出下完得]+来?是?|等级是?)[^，,。；;级]{0,3}$",
            clause,
        ):
            present = level
        elif _TARGET.search(clause):
            target = level
        elif re.match(r"(?:升|到|提|往上)", after):
            present = level
    return present, target


def systems(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(systems in use, systems denied, stopped or only planned), in the words used."""
    found: dict[str, str] = {}
    last: list[str] = []
    for part in _whole_clauses(normalise(text)):
        spans = _system_spans(part)
        if not spans:
            if last and len(part) <= NEAR and standing("", part) == NOT_USED:
                found |= dict.fromkeys(last, NOT_USED)  # ERP上了，后来停了
            continue
        if re.search(r"什么|啥|哪家|哪个|怎么|如何|多少|[吗么?？]$|合适|区别", part):
            continue
        for (names, _), (before, after) in zip(spans, beside(part, [span for _, span in spans]), strict=True):
            if said := standing(before, after):
                found |= dict.fromkeys(names, said)
            last = names
    used = tuple(name for name, said in found.items() if said == USED)
    return used, tuple(name for name, said in found.items() if said == NOT_USED)


def _whole_clauses(text: str) -> Iterator[str]:
    """The clauses, with a list of systems kept in one: ERP、MES都上了."""
    parts: list[str] = []
    for part in clauses(text):
        if parts and _only_systems(parts[-1]) and system_words(part):
            parts[-1] += f"和{part}"
        else:
            parts.append(part)
    return iter(parts)


def _only_systems(part: str) -> bool:
    rest = _system_pattern().sub("", part)
    return rest != part and len(rest.strip("我们厂的 ")) <= 1


def _system_spans(part: str) -> list[tuple[list[str], tuple[int, int]]]:
    """Groups of systems that are named in one breath, with where each group stands."""
    groups: list[tuple[list[str], tuple[int, int]]] = []
    at = 0
    for words, rows in system_words(part):
        start = part.index(words, at)
        at = start + len(words)
        if {row.id for row in rows} == {"paper"}:
            continue
        if groups and part[groups[-1][1][1] : start].strip("和跟与及、 ") == "":
            groups[-1] = ([*groups[-1][0], words], (groups[-1][1][0], at))
        else:
            groups.append(([words], (start, at)))
    return groups


def same_system(a: str, b: str) -> bool:
    """Whether two names mean the same kind of system: MES, 黑湖MES."""
    kinds = [{row.id for _, rows in system_words(normalise(name)) for row in rows} for name in (a, b)]
    return a == b or bool(kinds[0] & kinds[1])


def system_words(text: str) -> list[tuple[str, tuple[System, ...]]]:
    """Every system named in a text with the rows it means; adjacent names are one: 金蝶ERP."""
    found: list[tuple[str, tuple[System, ...]]] = []
    end = -1
    for hit in _system_pattern().finditer(text):
        said = squeeze(hit.group())
        row = _system_names().get(said) or _system_names()[re.sub(r"(?:系统|软件)$", "", said)]
        if hit.start() == end and found:
            words, rows = found.pop()
            found.append((words + hit.group(), (*rows, row)))
        else:
            found.append((hit.group(), (row,)))
        end = hit.end()
    return found


@cache
def _system_names() -> dict[str, System]:
    return {squeeze(alias): row for row in load_tables().systems for alias in (row.name, *row.aliases)}


@cache
def _system_pattern() -> re.Pattern[str]:
    names = sorted(
        {alias for row in load_tables().systems for alias in (row.name, *row.aliases)}, key=len, reverse=True
    )
    latin = [
        rf"(?<![A-Za-z]){re.escape(n)}(?:系统|软件)?(?![A-Za-z])" if re.search(r"[A-Za-z]", n) else re.escape(n)
        for n in names
    ]
    return re.compile("|".join(latin), re.I)


def practices(text: str) -> dict[str, str]:
    """What a text says of each business area: 车间还靠纸质单子流转 → {生产制造: 车间还靠纸质单子流转}."""
    found: dict[str, str] = {}
    for part in clauses(normalise(text)):
        if _ASKED.search(part):
            continue
        if learnt := scene_told(part):
            found[learnt.area] = "，".join(filter(None, (found.get(learnt.area), part)))
            continue
        for area, words in AREAS:
            hit = re.match(
                rf"(?:我们?|现在|目前|还有|另外|就是|而)*(?:的|在)?(?:{words})(?:部门?|这块|上(?!了)|管理|里|还|就|都|环节|方面)*",
                part,
            )
            said = part[hit.end() :].strip("的是 :：") if hit else ""
            if said and _PRACTICE.search(part):
                found[area] = "，".join(filter(None, (found.get(area), part)))
                break
    return found
