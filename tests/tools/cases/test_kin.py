"""The cases that a firm is shown are of its own trade, or said to be the nearest; else there are none."""

from __future__ import annotations

import pytest

from corpus.tables import load_tables
from tools import registry
from tools.cases.kin import case_kin

NAMES = sorted(
    {alias for row in load_tables().industries for alias in (row.name.partition("（")[0], *row.aliases, *row.weak)}
)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_an_industry_is_shown_its_trade_or_what_is_said_to_be_near(name: str) -> None:
    firms, outcome = case_kin(name), registry.run("cases", {"行业": name})
    own, near = {c.id for c in firms.own}, {c.id for c in firms.near}
    for case in outcome.data["cases"]:
        assert case["id"] in (near if case["differs"] else own)
    if outcome.data["cases"] and not own:
        assert "同行的案例**，最接近的是" in outcome.text and firms.why in outcome.text
    if not own and not near:
        assert outcome.data["cases"] == [] and "不拿别的充数" in outcome.text


@pytest.mark.parametrize(
    ("name", "own", "near"),
    [
        ("注塑", "zhusu-yonggao zhusu-shuangma zhusu-shunwei zhusu-xinyu zhusu-ruichang zhusu-liandabaiyun yinshua-qihang yinshua-yanyun", ""), ("塑料管", "zhusu-yonggao", ""), ("轮胎", "", ""),
        ("五金冲压", "tangshan-yejin-juping hubei-junwei", "anhui-dayang suzhou-dahua yichang-liyuan"), ("电镀", "", ""),
        ("钢结构", "suqian-huadong", "hubei-junwei tangshan-yejin-juping"), ("铝型材", "mingkun-aluminium", ""),
        ("服装", "qingdao-haoer qingdao-zhuangzheng qingdao-changchunteng qingdao-jimeiyu fangzhi-ruien fangzhi-huanqiu fangzhi-dongxia fangzhi-yuanyi fangzhi-yageer fangzhi-yijia fangzhi-genmei fangzhi-jintongwang", ""),
        ("印染", "keqiao-zhanwang", "zhejiang-xinhai shuanghong-quality shuanghong-process dongyang-wugang"),
        ("皮鞋", "desai-shoes", "qingdao-haoer qingdao-jimeiyu"), ("食品", "shipin-panpan shipin-luobawang shipin-xufuji shipin-baoxin shipin-guangming", ""),
        ("印刷", "yinshua-longlide yinshua-beijingyinshua yinshua-yifa yinshua-shenren yinshua-jinke yinshua-donghe yinshua-kexue", ""), ("纸箱", "yinshua-dongjing yinshua-dashengda yinshua-kedi", ""), ("玩具", "zhusu-gaodesi zhusu-zhihuixing", ""), ("家具", "jiaju-deluni jiaju-chengfa jiaju-boshi jiaju-mingzhu jiaju-wanbao jiaju-quanyou", ""), ("木门", "jiaju-mingyaju jiaju-yimeida jiaju-shengsheng jiaju-daziran yinshua-yanzi", ""),
        ("化妆品", "rihua-material guangzhou-cosmetics-rd guangzhou-rihua-ecom guangzhou-bio-trace foshan-cleaner huagong-huaxizi huagong-furuida huagong-fenghua", ""),
        ("涂料", "huagong-runjing huagong-zhonghuanongye huagong-bainongsida huagong-huafeng huagong-akesu huagong-zhenyang", ""), ("制药", "yiyao-mayinglong yiyao-kelun yiyao-zhongyi yiyao-xinhua yiyao-tianshili yiyao-yangzijiang yiyao-kangyuan", ""),
        ("混凝土", "chongqing-hanxin guizhou-zhenghe chongqing-chaoguo chongqing-kaiwei zhongjian-guizhou", ""), ("玻璃", "yinshua-zhongkeboli boli-huaxing", ""),
        ("阀门", "tianjin-dawosi shenyang-baolong chengdu-anmeike tongyong-wuzhongyibiao tongyong-aimeike tongyong-shengu tongyong-jiaxibeila tongyong-qianjiang", ""), ("电动工具", "jiangsu-dayi", "shenyang-haiwei"),
        ("机加工", "yichang-liyuan hubei-junwei wujin-haishun", ""), ("模具", "foshan-xingshun muju-kaihua muju-jingcheng muju-modebao muju-youmei muju-jiangyi muju-yuxin muju-julun muju-zhenzhi muju-hangtianmosu muju-mojierongyao muju-zhongtai muju-dongjiang muju-xiechenggangmo", ""),
        ("汽车零部件", "suzhou-dahua jiangsu-hengyi anhui-dayang geely-suppliers wujin-yanpu qiche-zhengda qiche-yinghong qiche-donglai qiche-huaguang qiche-ruiming", ""),
        ("摩托车", "guangzhou-jingdong chongqing-xiema", "suzhou-dahua jiangsu-hengyi anhui-dayang"), ("电缆", "xianlan-xinrong xianlan-sanxia xianlan-tebiandelan", ""), ("芯片", "", ""),
        ("PCB", "hunan-yinghang jiangsu-nanjixing jialichuang suzhou-changcheng jiepei dianzi-longyu dianzi-zhouxu", ""), ("煤矿", "", ""), ("餐饮", "", ""), ("物流", "", ""),
    ],
)  # fmt: skip
def test_which_cases_count_as_the_trade_and_which_as_near(name: str, own: str, near: str) -> None:
    firms = case_kin(name)
    assert [c.id for c in firms.own] == own.split() and [c.id for c in firms.near] == near.split()


def test_an_injection_moulder_is_never_shown_looms_aluminium_or_circuit_boards() -> None:
    for arguments in (
        {"行业": "注塑"},
        {"行业": "注塑", "场景": "排产"},
        {"行业": "注塑", "场景": "质检"},
        {"行业": "注塑", "工具": "MES"},
    ):
        shown = {c["subsector"] for c in registry.run("cases", arguments).data["cases"]}
        assert shown == {"注塑/塑料"}


def test_a_name_within_another_is_no_trade() -> None:
    shown = registry.run("cases", {"行业": "印刷"}).data["cases"]
    assert shown and not {case["id"] for case in shown} & {case.id for case in case_kin("PCB").own}  # 印刷电路板


def test_every_case_is_of_somebody_s_trade_and_every_industry_stands_in_the_table() -> None:
    rows = load_tables().case_kin
    assert {id for row in rows for id in row.cases} == {case.id for case in load_tables().cases}
    assert {row.industry for row in rows} == {row.id for row in load_tables().industries}
    assert all(row.why for row in rows if row.near)
