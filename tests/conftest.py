"""Fixtures of all tests: a clean environment, and a data folder built once over the bundled knowledge."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import Settings

# Threads that wait for each other cost a busy machine of two cores three times the work of one; read when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of the machine reaches a test, and none reaches its user's data folder or the network."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("XIANGDAO_")]:
            patch.delenv(name)
        patch.setenv("XIANGDAO_HOME", str(tmp_path_factory.getbasetemp() / "no-home"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("ANONYMIZED_TELEMETRY", "False")
        yield


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled knowledge, built once; only to be read. Tests that write take `copy_of_home`."""
    from corpus.index import Index

    folder = tmp_path_factory.mktemp("home")
    Index(Settings(home=folder)).ledger.close()
    return folder


@pytest.fixture
def copy_of_home(home: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, already built."""
    folder = tmp_path / "home"
    shutil.copytree(home, folder)
    return folder
