"""The package names are short, and other distributions could bring the same ones."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ["core", "corpus", "ingest", "prompts", "tools", "assistant", "assistant.engine", "ui", "bots", "eval"]


@pytest.mark.parametrize("name", PACKAGES)
def test_package_name_resolves_to_this_repository(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.origin is not None
    assert Path(spec.origin).parent == ROOT.joinpath(*name.split("."))


def test_no_installed_distribution_brings_one_of_the_names() -> None:
    """The app is started with .venv's folders before the repository on the path, so a twin there would win."""
    site_packages = Path(pytest.__file__).parents[1]
    taken = [name for name in PACKAGES if list(site_packages.glob(name)) or list(site_packages.glob(f"{name}.*"))]
    assert not taken


def test_every_package_is_built() -> None:
    from setuptools import find_packages

    asked = re.search(r"^include = \[(.+)\]$", (ROOT / "pyproject.toml").read_text("utf-8"), flags=re.MULTILINE)
    assert asked
    built = find_packages(str(ROOT), include=re.findall(r'"(.+?)"', asked[1]))
    tops = {name for name in PACKAGES if "." not in name}
    found = {
        ".".join(path.parent.relative_to(ROOT).parts) for top in tops for path in (ROOT / top).rglob("__init__.py")
    }
    assert set(built) == found


def test_every_file_that_is_no_module_is_built_with_its_package() -> None:
    """Files of data in the tree, and those that the built-in encoder reads."""
    given = (ROOT / "pyproject.toml").read_text("utf-8").split("[tool.setuptools.package-data]\n")[1].split("\n\n")[0]
    patterns = {
        ROOT.joinpath(*name.split(".")): re.findall(r'"(.+?)"', listed)
        for name, listed in re.findall(r'^"?([\w.]+)"? = \[(.+)\]$', given, flags=re.MULTILINE)
    }
    built = {path for folder, globs in patterns.items() for glob in globs for path in folder.glob(glob)}
    tops = [ROOT / name for name in PACKAGES if "." not in name]
    found = {path for top in tops for path in top.rglob("*.*") if path.is_file()}
    left = {path for path in found - built if path.suffix not in {".py", ".pyc"} and not path.name.startswith(".")}
    assert sorted(str(path.relative_to(ROOT)) for path in left) == []
