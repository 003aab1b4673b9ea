"""An index over three cards in a temporary folder, and small documents to take in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from core.settings import Settings
from corpus.cards import CORPUS
from corpus.index import Index
from ingest.pipeline import Ingestor

POLICY = """工信部联企业〔2030〕9号

关于印发《样例行动方案》的通知

一、总体要求
到2035年，样例企业上云率超过七成，形成一批样板。
二、重点任务
（一）开展试点
1. 推进城市试点。分批支持十个样例城市，带动四百家企业改造。各城市要编制实施方案，明确改造目标。
2. 培育服务商。遴选一批样例服务商，建立评价办法，定期公布名单。
三、保障措施
（一）加大资金支持。鼓励银行推出样例贷款，对改造项目给予贴息支持。
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "cards" / "sample").mkdir(parents=True)
    shutil.copytree(CORPUS / "lexicon", folder / "lexicon")
    source = {
        "id": "sample",
        "title": "样例方案",
        "issuer": "样例部",
        "published": "2030-01",
        "kind": "policy",
        "status": "in_force",
        "valid_from": "2030-01-01",
        "valid_until": "2035-12-31",
        "region": "全国",
    }
    (folder / "sources.yaml").write_text(yaml.safe_dump([source], allow_unicode=True), "utf-8")
    cards = [
        {
            "id": f"sample/card{n}",
            "kind": "policy",
            "title": f"样例卡片{n}",
            "source": "sample",
            "section": ["一、总体要求"],
            "text": f"这是第{n}张样例卡片的正文，说的是{topic}怎样推进，以及由谁来做。",
            "questions": [f"{topic}怎么做", f"谁管{topic}", f"{topic}是什么"],
        }
        for n, topic in enumerate(("上云", "贷款贴息", "人才培训"), 1)
    ]
    (folder / "cards" / "sample" / "cards.yaml").write_text(yaml.safe_dump(cards, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def index(settings: Settings, corpus: Path) -> Index:
    return Index(settings, corpus=corpus)


@pytest.fixture
def ingestor(index: Index) -> Ingestor:
    return Ingestor(index)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "sample.txt"
    path.write_text(POLICY, "utf-8")
    return path
