"""What a firm would get by a notice, also with a model's steps, is held against what is right."""

from __future__ import annotations

from pathlib import Path

import yaml

from assistant.document.worked.proposer import Proposer
from assistant.engine.choose import open_engine
from assistant.engine.contract import EngineSettings
from eval.asked_amounts import figures, judged
from tests.assistant.document.worked.cold_store import RULES, said
from tests.engine_doubles.endpoint import ScriptedEndpoint

ASKED = [
    {"q": "我们是大型冷库，制冷设备不含税花了90万，能补多少", "value": 150000},
    {"q": "我们是大型冷库，压缩机60万、冷风机30万，都不含税，能补多少", "value": 150000},
    {"q": "我们是大型冷库，压缩机35万、冷风机15万，都不含税，能补多少", "value": 90000},
    {"q": "冷库的制冷设备花了60万，不含税，能补多少", "value": None},
]


def test_a_models_steps_are_counted_apart_and_only_where_nothing_was_told_without_one(
    copy_of_home: Path, tmp_path: Path
) -> None:
    notice = {"title": "霜岭市冷库改造补助通知", "lines": ["一、支持标准", *RULES], "asked": ASKED}
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "store.yaml").write_text(yaml.safe_dump(notice, allow_unicode=True), "utf-8")
    steps = said("加 a1 a2", "乘 s1 b1", "取小 s2 b2")
    with ScriptedEndpoint(steps, steps, said(cannot="没说是大型还是小型")) as double:
        engine = open_engine(EngineSettings(engine="remote", remote_url=double.url, remote_model="m"))
        assert engine
        proposer = Proposer(engine, tmp_path, trusted=True)
        rows = list(judged(tmp_path / "notices", copy_of_home, proposer))
    assert [(row.verdict, row.by_model) for row in rows] == [
        ("right", False),
        ("right", True),
        ("wrong", True),
        ("right", False),
    ]
    assert figures(rows).endswith("；其中模型列式 2：对 1，错 1")
