from pathlib import Path

import pytest

from core.errors import XiangdaoError
from eval import bench


def test_a_process_that_fails_is_told_with_its_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "CLI", (bench.CLI[0], "-c", "import sys; sys.exit('坏了')"))
    with pytest.raises(XiangdaoError, match="坏了"):
        bench.run_process([], tmp_path)


def test_a_process_is_timed_and_weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "CLI", (bench.CLI[0], "-c", "import time; time.sleep(0.2)"))
    done = bench.run_process([], tmp_path)
    assert done.seconds >= 0.2
    assert done.peak_mb is None or done.peak_mb > 1
