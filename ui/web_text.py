"""Everything the web page says, in one place."""

from __future__ import annotations

NAME = "向导"
TITLE = "向导 · 中小企业数字化转型助手"
TAGLINE = "中小企业数字化转型助手"
LOCAL_BADGE = "本机运行，不联网"
MODEL_BADGE = "本机运行，措辞由本机模型 {model} 整理"
REMOTE_BADGE = "措辞由 {host} 上的模型整理：问题和查到的资料会发过去"

WELCOME_TITLE = "数字化转型的事，直接问"
WELCOME_LEAD = "用您平时说话的方式提问。先给结论，再给依据，每句话都能点开出处核对；查不到的，我会直说。手上有通知、表格、照片，拖进来就能问。"
WELCOME_SKILLS = (
    ("怎么起步", "按行业、人数，说清先做哪一步、用什么工具"),
    ("政策说了什么", "目标、试点、奖补，标明出处、日期和是否有效"),
    ("别人怎么做", "同行案例和调查数据，附调查范围"),
    ("术语是什么", "MES、APS、链式转型……用大白话讲"),
)
EXAMPLES_TITLE = "可以这样问"
EXAMPLES = (
    "企业数字化转型第一步应该做什么？",
    "APS是啥，跟MES啥区别？",
    "到2027年，国家对中小企业上云有什么目标？",
    "数字化水平一到四级怎么分？",
    "汽车和医药，二级在生产环节要求差在哪？",
    "什么叫链式转型？小厂怎么搭上大厂的车？",
    "有没有同行做成了的例子？",
)
"""Questions to the knowledge; those of the tools stand in their specs."""

ASK_LABEL = "您的问题"
ASK_PLACEHOLDER = "用一句话说说您想问的"
SEND = "发送"
STOP = "停止"
NEW = "新对话"
PAGES = {
    "chat": "对话",
    "maturity": "数字化评估",
    "subsidy": "补贴匹配",
    "roadmap": "路线图",
    "profile": "企业档案",
    "library": "资料库",
    "cases": "案例与工具",
    "history": "历史对话",
    "settings": "设置",
}
PAGES_LABEL = "各个页面"
MORE = "更多"
SKIP = "跳到正文"
WHO = "当前用户"
LOCAL_USER = "本机用户"
NO_PAGE = "没有这一页。"
NO_PAGE_HINT = "从左边（手机在下边）的菜单里选一个。"
NOTE = "答案依据所附资料整理；申报、签约前请核对最新文件。"
YOU = "您问"

SEARCHING = "正在查资料…"
LOADING = "正在载入资料，第一次打开要多等一会儿，好了就答…"
FOUND = "找到 {count} 段资料"
FOUND_NONE = "没有找到相关资料"
COMPUTING = "正在计算…"
WORDING = "正在用模型整理措辞，下面的答案已经可以看"
WORDING_ELSEWHERE = "正在用远程模型整理措辞（问题和查到的资料已发过去），下面的答案已经可以看"
DRAFT = "整理中"
STOPPED = "已停止。上面是停止前已有的内容，可以再问一次。"
STOPPED_EMPTY = "已停止，还没有答案。可以再问一次。"
META = "看了 {count} 段资料，用时 {seconds} 秒"
META_MODEL = "措辞由模型整理（{engine}）"
META_TOOL = "含规则计算"

REFUSED = "没有查到"
REFUSED_LEAD = "**没查到。**"
REFUSED_ASK = "相近的、能答的问题"
TO_DO = "怎么办"
NEXT_ASK = "接着问"
REFERENCES = "出处"
GOOD = "有用"
BAD = "没用"
WHY_BAD = "哪里不好？（可以不选）"
REASONS = ("答非所问", "内容不对", "太笼统", "看不懂", "出处不对", "过时了")
WHY_MORE = "想说得更具体，写在这里"
SEND_WHY = "提交"
THANKS = "记下了，谢谢。只存在这台电脑上。"
COPY = "复制"
COPIED = "已复制"
CITE_LABEL = "查看出处{n}：《{title}》"

ERROR_TITLE = "这个问题没能回答"
BUG_TITLE = "程序出错了，不是您的问题"
BUG_TEXT = "很抱歉，请换个说法再试一次。还不行，就把编号 {reference} 和数据文件夹里的 errors.log 发给维护人员。"

OPEN_ORIGINAL = "打开原文"
ONLY = "只问这份资料：《{title}》"
ONLY_ASK = "可以这样问它"
ANYWHERE = "不限这一份，在全部资料里再问一次"

ATTACH = "添加文件或图片（也可以拖进来、粘贴）"
DROP_HERE = "松手就读这份文件"
ATTACHED = "看看这份资料"
"""What is said for somebody who attaches a file without a word. No name stands in it: a file's name tells nothing of the firm."""
ATTACHED_TITLE = "看看《{title}》"
SENDING = "正在传"
HELD = "问题先留着，文件读完就问。"
HELD_BACK = "文件没读成，问题还没发：按“发送”就照平常问。"
FOLDER = "这是文件夹：打开它选里面的文件，或压成 .zip 再放。"
TOO_MANY = "一次最多 {most} 个，后面的没收。"
TOO_LARGE = "太大，最多 {largest} MB。拆成几个小文件再传。"
PASTED = "粘贴的图片"
WAITS = "排队中…"
READING = "正在读…"
OF_PAGES = "（第{done}／{total}页）"
READ = "读好了：{pages}{passages}段。"
READ_ANEW = "更新了原来那份：{pages}{passages}段。"
PAGES_READ = "{pages}页、"
KNOWN_ALREADY = "这份资料库里已经有了，内容没有变，就用它。"
HALTED = "停下了，没有放进来。"
HALT = "停下"
FOLD = "收起"
REMOVED_MEANWHILE = "读好以后又被删掉了。"
OCR = "文字识别"
INSTALL_OCR = " 文字识别是附加组件（setup ocr），请装向导的人在那台电脑上装。"
TOPIC = "正在问"
TOPIC_END = "不再只问《{title}》"
TOPIC_OF_SEVERAL = "收了 {count} 份，问的是最后这份；别的在资料库里。"
TOPIC_GONE = "《{title}》已经不在资料库里，这次在全部资料里找。"
MORE_FILES = "还有 {count} 个，在资料库里看。"
FILES_LABEL = "附上的文件"
PANEL_LABEL = "出处原文"
PANEL_CLOSE = "关闭"
PANEL_GONE = "这段资料已经不在资料库里，可能刚被删除或更新。请重新提问。"
ORIGIN = {"card": "卡片：由本项目根据原文改写", "document": "您录入的资料，原文"}
CERTAINTY = {
    "full": "依据全文",
    "snippet": "只见到摘录，未见官方全文，请向主管部门核对",
    "third_party": "来自第三方整理，请向主管部门核对",
    "practice": "实践经验，不是规定",
    "user": "您录入的资料",
}
STATUS = {"in_force": "现行有效", "superseded": "已被新规定替代", "expired": "已过期", "reference": "参考资料"}
QUOTED = "标出的是答案所依据的句子"
FIELDS = {
    "doc_no": "文号",
    "issuer": "发布单位",
    "published": "发布日期",
    "as_of": "资料日期",
    "section": "所在章节",
    "page": "页码",
    "region": "适用地区",
    "valid_until": "有效期至",
    "status": "状态",
    "certainty": "可靠程度",
}

OPENING = "正在打开向导…"
LOST_TITLE = "连接断开"
LOST = "连不上向导程序。请看启动向导的窗口是否还开着；重新启动后刷新本页。"
NO_SCRIPT = "请在浏览器里允许本页运行 JavaScript，然后刷新。"
READY = "网页已打开：{url}  （按 Ctrl+C 结束）"
PORT_TAKEN = "端口 {wanted} 正被别的程序占用，改用 {port}。"
NOT_LOOPBACK = (
    "网页只能给这台电脑自己用，不能绑定在 {host}：现在还没有带密码的账号，同一网络里的人会看到您的对话和档案。"
)
NOT_LOOPBACK_HINT = "用 127.0.0.1；别的电脑或手机要用，请等账号功能。"
NOT_LOOPBACK_COMMAND = "运行：xiangdao ui"
EARLIER_LEFT_OUT = "前面还有 {count} 轮，都记在“历史”里。"
BODY_TOO_LARGE = "发来的内容太大，没有收。"
NO_HANDLES = "打开的文件太多，过一会儿再试。"
FILE_GONE = "这个文件已经过期，请回到网页重新导出。"
NO_PORT = "从 {first} 到 {last} 的端口都被占用，网页打不开。"
NO_PORT_HINT = "关掉别的向导窗口，或换一个端口。"
NO_PORT_COMMAND = "换端口：xiangdao ui --port 8800"
BAD_HOST = "地址 {host} 不能用来打开网页。"
BAD_HOST_HINT = "用 127.0.0.1，或本机在局域网里的地址。"
BAD_HOST_COMMAND = "例如：xiangdao ui --host 127.0.0.1"
