"""Where a model comes from: hashes that a server tells, the next mirror, and networks that want a login."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from assistant.engine import download, hashes, model_folder
from assistant.engine.catalogue import find_installed
from assistant.engine.choose import chosen
from assistant.engine.download import RETRIES
from assistant.engine.model_folder import pull
from core.errors import BadFile, NotAvailable
from tests.assistant.engine.test_download import DATA, MODEL, SHARED, get, quiet, whole
from tests.engine_doubles.model_mirror import Mirror, gguf_bytes, model_of, serving


@pytest.mark.parametrize(("right", "compared"), [(True, "server"), (False, "")])
def test_a_hash_that_the_server_tells_with_the_file_decides_where_the_catalogue_has_none(
    right: bool, compared: str, tmp_path: Path
) -> None:
    told = hashlib.sha256(DATA if right else b"another").hexdigest()
    unknown = model_of({"tiny.gguf": DATA}, known_hash=False)
    with serving(Mirror(SHARED, headers={"X-Linked-Etag": f'"{told}"'})) as mirror:
        if right:
            assert get(unknown, tmp_path, mirror).compared == compared
        else:
            with pytest.raises(BadFile, match="校验码"):
                get(unknown, tmp_path, mirror)
            assert not (tmp_path / "tiny").exists()


def test_a_hash_of_the_servers_list_of_files_decides_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = model_of({"tiny.gguf": DATA}, known_hash=False, repositories={"modelscope": "a/b"})
    listing = {"Data": {"Files": [{"Path": "tiny.gguf", "Sha256": hashlib.sha256(DATA).hexdigest()}]}}
    with serving(Mirror(SHARED | {"list": json.dumps(listing).encode()})) as mirror:
        monkeypatch.setitem(download.MIRRORS, "modelscope", ("魔搭", f"{mirror.url}/tiny/{{path}}"))
        monkeypatch.setitem(hashes.LISTINGS, "modelscope", f"{mirror.url}/list")
        assert pull(unknown, tmp_path, "modelscope", quiet, pause=[].append).compared == "server"
        mirror.files["tiny/tiny.gguf"] = DATA[:-1] + b"!"
        monkeypatch.setattr(model_folder, "NEXT", {})
        with pytest.raises(BadFile, match="校验码"):
            pull(unknown, tmp_path / "second", "modelscope", quiet, pause=[].append)


@pytest.mark.parametrize("listing", [b"", b"[]", b'{"Data": {"Files": [{"Path": "tiny.gguf", "Sha256": "no"}]}}', None])
def test_without_a_hash_from_anywhere_the_receipt_says_that_only_kind_and_size_were_looked_at(
    listing: bytes | None, tmp_path: Path
) -> None:
    files = SHARED | ({} if listing is None else {"list": listing})
    with serving(Mirror(files, headers={"ETag": f'"{"0" * 64}"'})) as mirror:
        assert hashes.listed_hash(f"{mirror.url}/list", "tiny.gguf") == ""
        assert get(model_of({"tiny.gguf": DATA}, known_hash=False), tmp_path, mirror).compared == "size"
        assert get(MODEL, tmp_path / "second", mirror).compared == "catalogue"


@pytest.mark.parametrize("status", [404, 403, 500])
def test_what_modelscope_does_not_give_is_taken_from_the_next_mirror(
    status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of({"tiny.gguf": DATA}, repositories={"modelscope": "a/b", "huggingface": "a/b"})
    with serving(Mirror(SHARED, statuses=[status] * RETRIES)) as first, serving(Mirror(SHARED)) as second:
        monkeypatch.setitem(download.MIRRORS, "modelscope", ("魔搭", f"{first.url}/tiny/{{path}}"))
        monkeypatch.setitem(download.MIRRORS, "hf-mirror", ("hf-mirror", f"{second.url}/tiny/{{path}}"))
        if status != 500:
            first.statuses = [status]
        there = pull(model, tmp_path, "modelscope", quiet, pause=[].append)
        assert whole(tmp_path) and there.complete and len(second.ranges) == 1
        second.files, first.statuses = {}, [status] * RETRIES
        with pytest.raises(NotAvailable, match=r"两个来源都没有下成。魔搭：.*hf-mirror：") as failed:
            pull(model, tmp_path / "second", "modelscope", quiet, pause=[].append)
    assert "U 盘" in failed.value.terminal_hint


def test_a_failed_pull_leaves_the_model_that_worked_before(tmp_path: Path) -> None:
    with serving(Mirror(SHARED)) as mirror:
        get(MODEL, tmp_path, mirror)
    newer = model_of({"tiny.gguf": gguf_bytes(200)}, name="other")
    with serving(Mirror({}, statuses=[404])) as mirror, pytest.raises(NotAvailable):
        get(newer, tmp_path, mirror)
    found = find_installed("tiny", tmp_path)
    assert whole(tmp_path) and found and found.complete and chosen("", tmp_path) == found


def test_a_network_that_wants_a_login_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for status in (407, 511):
        with serving(Mirror(SHARED, statuses=[status])) as mirror, pytest.raises(NotAvailable, match="登录") as failed:
            get(MODEL, tmp_path, mirror)
        assert "HTTPS_PROXY" in failed.value.terminal_hint
    with serving(Mirror({}, statuses=[407])) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        with pytest.raises(NotAvailable, match="代理") as failed:
            pull(MODEL, tmp_path, "https://models.invalid", quiet, pause=[].append)
    assert "HTTPS_PROXY" in failed.value.terminal_hint
