"""What the tests of reports share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.report import fonts


@pytest.fixture(scope="session")
def font_without_digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A font like Droid Sans Fallback: Chinese characters, no digit, no Latin letter."""
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options()
    font = load_font(str(fonts.chinese_path()), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=range(0x4E00, 0x5200))
    subsetter.subset(font)
    path = tmp_path_factory.mktemp("fonts") / "DroidSansFallback.ttf"
    save_font(font, str(path), options)
    return path


@pytest.fixture
def other_fonts(font_without_digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of fonts, which has that font under several names."""
    folder = tmp_path / ".fonts"
    folder.mkdir()
    for name in ("DroidSansFallback.ttf", "msyh.ttf", "NotoSansSC-Regular.ttf"):
        shutil.copy(font_without_digits, folder / name)
    for variable in ("HOME", "XDG_DATA_HOME", "USERPROFILE", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path))
    return folder
