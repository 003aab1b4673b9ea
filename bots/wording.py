"""Every text that the chat apps show of themselves."""

from __future__ import annotations

from tools.spec import in_menus

WAIT = "收到，正在查资料…"
IN_LINE = "收到，前面还有 {count} 位，轮到您马上答。"
WORKING = "收到，正在处理…"
_WELCOME = (
    "您好，我是**向导**，帮中小企业做数字化转型。直接打字问，例如：\n"
    "- 我们做五金冲压，三十多人，第一步干啥？\n- APS是啥，跟MES啥区别？\n- 我们在苏州，专精特新，打算投80万上MES，能申请什么补贴？\n\n"
    "也可以：{tools}\n"
    "政策通知可以直接发文件给我，带上一句要问的，我只为您一个人查。\n\n"
    "对话保存在运行我的那台电脑上，好接着往下问；/profile 看记了什么，/forget 全部删掉。"
)
_HELP = (
    "**怎么用**\n"
    "- 直接打字问，一句话就行；能接着问“那补贴呢”\n"
    "{tools}\n"
    "- /profile 看我记下的厂里情况　/new 换个话题重新开始\n- /stop 停下正在答的　/forget 删掉我记下的一切\n"
    "- 发 {kinds} 文件给我，可以带上一句要问的；确认后收进您的私有资料，只有您查得到\n"
    "- 收下以后都问它；/document 换一份，/document off 不再只问它\n"
    "- 改发过的话，我重新答；回复前面哪一条，我就接着那一条说\n\n"
    "打字说{called}“新对话”“停”也一样。答案依据所附资料整理，申报、签约前请核对最新文件。"
)
NEW = "好，重新开始，前面说的不再接着算。"
STOPPED = "好，停下了。"
SKIPPED = "已停止，这条没有回答。"
NOTHING_KNOWN = "还没有记下什么。说说厂里的情况就行，例如：我们做注塑，60人，去年营收两千万，在东莞。"
PROFILE_HINT = "只在这次对话里用，/new 之后不再算数。想以后都不用重说，点下面。"
KEEP_PROFILE = "以后都记着"
PROFILE_ALLOWED = "好，以后您说到的厂里情况会记进企业档案，/new 之后也还在。/profile 随时看、随时删。"
PROFILE_KEPT = "这是保存的企业档案，只用来给您算规模、等级、补贴和路线图。"
FORGET_PROFILE = "删掉档案，不再记"
PROFILE_GONE = "企业档案已删掉，以后也不再记。"
FORGET_SURE = "要删掉这些吗？删了找不回来：\n- 我们的对话、企业档案和评估\n- 您发来存下的私有资料（{count} 份）"
FORGET_YES = "全部删掉"
FORGET_NO = "不删"
FORGOTTEN = "都删掉了：对话、企业档案、评估，和 {documents} 份私有资料。聊天窗口里的记录归聊天软件管，请在那里自己删。"
KEPT = "好，没有删。"
PRIVATE_ONLY = "这件事要用到厂里的情况，不在群里说。请私聊我。"
PRIVATE_BUTTON = "私聊向导"
NOT_ALLOWED = "这个机器人只给指定的人用。您的编号是 {user}，请发给管理员加上。"
UNREADABLE = "看不懂{other}。请打字问我，例如：我们厂第一步该做什么？"
EMPTY = "没看到文字。请用一句话说说想问什么，例如：我们厂第一步该做什么？"
TOO_LONG = (
    "这条太长了（{length} 字，最多 {limit} 字）。请缩成一两句再问；长材料存成 .txt 文件发给我，我收进您的私有资料再答。"
)
BEYOND = "您前面还有好多条没答完，这条没有回答。等前面的答完再发一次。"
TOO_SLOW = "这一问答得太久，停下了。请换个简单点的说法再问一次。"
TOO_SLOW_BRIEF = "（模型答得太慢，这是不靠模型的答案。）"
CRASHED = "这条消息几次都没能处理完，先跳过。请换个说法再发一次。"
BUG = "对不起，程序出了意料之外的错（编号 {reference}）。请换个说法再试；还不行，把编号告诉维护的人。"
USED = "这个按钮已经用过了。接着往下答，或直接打字问我。"
EXPIRED = "这个按钮过期了，请直接打字问我。"
CHOSEN = "您选的：{said}"
DRAFTING = "（下面正在用模型整理措辞）"

TICK = "✓ "
DONE_TICKING = "选好了"
NOTHING_TICKED = "都没有"

FILE_ASK = "收到{names}。要收进您的私有资料吗？别人查不到；收下以后就能问它，/forget 可以删掉。"
FILE_ASK_QUESTION = (
    "把{names}收进您的私有资料，并据此回答“{question}”？别人查不到，/forget 可以删掉。"
    "点“只问这一次”，答完就删，文件和问答都不留。"
)
FILE_YES = "收下"
FILE_YES_ASK = "收下并回答"
FILE_ONCE = "只问这一次"
FILE_NO = "不要"
FILE_DROPPED = "好，没有收。"
FILE_DROPPED_QUESTION = "好，没有收，问题也没有答；不看文件也想问，就再发一次问题。"
FILE_IN = "已收下《{name}》。"
FILE_SAME = "《{name}》已经在您的私有资料里，内容一样。"
FILE_ONCE_DONE = "（只问这一次：文件已经删掉，这次问答也没有留。）"
FILE_ONCE_LATE = "《{name}》太长，只问一次来不及，没有收。要问它，请重新发一次，点“收下”。"
FILE_FAILED = "《{name}》没收进去：{reason}"
FILE_STOPPED = "好，停下了，《{name}》没有收。"
FILE_LATE = "《{name}》还在录入，过一会儿就好。点下面看好了没有，好了就接着来。"
FILE_LATE_BUTTON = "好了没有"
FILE_TOO_BIG = "《{name}》太大了，聊天软件最多收 {limit} MB。请拆小，或请管理员在电脑上录入。"
FILE_KIND = "《{name}》这种文件还读不了。现在能收 {kinds}；别的请另存成其中一种再发。"
FILE_OTHER = "{other}看不懂，没有收。"
FILE_FETCHING = "正在下载《{name}》…"
FILE_QUEUED = "正在排队录入《{name}》…"
FILE_STAGE = "正在{stage}《{name}》{pages}…"
FILE_READ = "正在查“{question}”…（《{name}》已经读好）"
FILE_TOPIC = "接下来都问它；问别的，发 /document off。"
FILE_CHOOSE = "先问哪一份？"
FILE_CHOOSE_QUESTION = "“{question}”问哪一份？"
FILE_NOT_ASKED = "文件上的话没法问：{reason}"
PHOTOS = "图片{id}等{count}张"
LOOKED_AT = "看看这份资料"
"""What is said for somebody who sends a file without a word, in the conversation that is kept."""
LOOKED_AT_TITLE = "看看《{title}》"
ASK_ALL = "不限这一份，在全部资料里再问一次"

DOCUMENT_NOW = "现在只问《{name}》。"
DOCUMENT_NONE_NOW = "现在问的是全部资料。"
DOCUMENT_CHOOSE = "您的私有资料，点一份就只问它："
DOCUMENT_MORE = "（共 {count} 份，这里是最近的 {shown} 份。）"
DOCUMENT_NONE = "您还没有私有资料。把文件发给我，收下以后就能问它。"
DOCUMENT_OFF = "好，不再只问《{name}》，接下来问的是全部资料。"
DOCUMENT_OFF_ALREADY = "现在没有只问哪一份，问的就是全部资料。"
DOCUMENT_OFF_BUTTON = "不再只问它"
DOCUMENT_TURNED = "接下来都问《{name}》；问别的，发 /document off。"
DOCUMENT_GONE = "（前面那份资料已经不在了，下面按全部资料回答。）"

EDITED_HERE = "（按您改过的话重新回答。）"
EDITED_BELOW = "（这条按您改过的话重新回答，前面那条回答作废。）"
EDITED_AGAIN = "正在按您改过的话重新查…"
EDITED_OLD = "这条是很早以前发的，改了也不再重答。要问，请直接发一条新的。"
EDITED_STEP = "这是评估里前面的一题，后面已经答下去了，改这句话不改答案。要改，发“上一题”退回去。"
QUOTED_STEP = "这一题后面已经答下去了。要改，发“上一题”退回去；接着答，直接发，不用回复旧的题。"

REPORT_DONE = "做好了，{what}在下面。"
_NO_REPORT = "还没有可以导出的结果。先让我算一样：{tools}。"
NO_CHART = "这个结果没有图。"
REPORTS = {"docx": "Word 报告", "pdf": "PDF 报告", "xlsx": "表格", "png": "图"}
_COMMANDS = {
    "document": "换一份资料问，或不再只问它",
    "profile": "看记下的厂里情况",
    "new": "换个话题，重新开始",
    "stop": "停下正在答的",
    "help": "怎么用",
    "forget": "删掉我记下的一切",
}


def commands() -> dict[str, str]:
    """Command → what it does: the tools of the menu, then what every bot can."""
    return {spec.name: spec.button for spec in in_menus()} | _COMMANDS


def welcome() -> str:
    """What is said to somebody who comes for the first time."""
    return _WELCOME.format(tools="　".join(f"/{spec.name} {spec.button}" for spec in in_menus()))


def help_text(kinds: str) -> str:
    """How the bot is used. kinds: of files that it reads."""
    lines = [
        f"- /{spec.name} {spec.button}{'，可导出 Word、PDF、表格' if spec.reported else ''}" for spec in in_menus()
    ]
    called = "".join(f"“{spec.called[0]}”" for spec in in_menus() if spec.called)
    return _HELP.format(tools="\n".join(lines), called=called, kinds=kinds)


def no_report() -> str:
    """What is said where there is no result to be had as a file."""
    return _NO_REPORT.format(tools="、".join(f"{spec.title}（/{spec.name}）" for spec in in_menus() if spec.reported))
