"""Downloads and copies of models, against a server on loopback that also misbehaves."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import threading
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from assistant.engine.catalogue import RECEIPT, Installed, Model, by_name, find_installed
from assistant.engine.choose import chosen
from assistant.engine.download import RETRIES, url_of
from assistant.engine.model_folder import bring, models_at, pull, remove
from assistant.engine.own_models import EXPORTED, own_file, own_folder
from assistant.engine.weights import read_gguf
from core.errors import BadFile, BadInput, Busy, DiskFull, NotAvailable, XiangdaoError
from tests.engine_doubles.model_mirror import Mirror, gguf_bytes, model_of, serving
from tests.limits import files_of_at_most
from tests.permissions import bound_by_permissions

DATA = gguf_bytes()
MODEL = model_of({"tiny.gguf": DATA})
SHARED = {"tiny/tiny.gguf": DATA}


def quiet(done: int, total: int, name: str) -> None:
    """Progress that nobody watches."""


def get(model: Model, folder: Path, mirror: Mirror, waits: list[float] | None = None) -> Installed:
    return pull(model, folder, mirror.url, quiet, pause=(waits if waits is not None else []).append)


def whole(folder: Path, data: bytes = DATA) -> bool:
    """Whether the model lies there as it should, without leftovers."""
    left = {path.name for path in folder.joinpath("tiny").rglob("*")}
    return folder.joinpath("tiny/tiny.gguf").read_bytes() == data and left == {"tiny.gguf", RECEIPT}


def test_a_pulled_model_is_whole_and_its_receipt_says_where_from(tmp_path: Path) -> None:
    seen: list[int] = []
    with serving(Mirror(SHARED)) as mirror:
        there = pull(MODEL, tmp_path, mirror.url, lambda done, total, name: seen.append(done))
    assert whole(tmp_path) and there.complete
    assert json.loads((tmp_path / "tiny" / RECEIPT).read_text("utf-8"))["source"].endswith(
        f"{mirror.url}/tiny/tiny.gguf"
    )
    assert seen == sorted(seen) and seen[-1] == MODEL.size_bytes


def test_a_hash_that_is_not_known_is_recorded(tmp_path: Path) -> None:
    with serving(Mirror(SHARED)) as mirror:
        there = get(model_of({"tiny.gguf": DATA}, known_hash=False), tmp_path, mirror)
    assert there.model.files[0].sha256 == hashlib.sha256(DATA).hexdigest()


def test_a_broken_connection_is_taken_up_where_it_ended(tmp_path: Path) -> None:
    waits: list[float] = []
    with serving(Mirror(SHARED, breaks=[50_000, 30_000])) as mirror:
        get(MODEL, tmp_path, mirror, waits)
    assert whole(tmp_path)
    assert mirror.ranges == [None, "bytes=50000-", "bytes=80000-"]
    assert mirror.sent == len(DATA) and len(waits) == 2


def test_a_connection_that_stays_broken_keeps_the_part_for_the_next_run(tmp_path: Path) -> None:
    with serving(Mirror(SHARED, breaks=[50_000] + [0] * RETRIES)) as mirror:
        with pytest.raises(NotAvailable, match=r"已下载 0\.1 MB（31%）"):
            get(MODEL, tmp_path, mirror)
        assert (tmp_path / "tiny/tiny.gguf.part").stat().st_size == 50_000
        assert find_installed("tiny", tmp_path) is None
        mirror.ranges.clear()
        get(MODEL, tmp_path, mirror)
    assert whole(tmp_path) and mirror.ranges == ["bytes=50000-"]


def test_a_server_that_is_busy_is_asked_again_and_then_given_up(tmp_path: Path) -> None:
    with serving(Mirror(SHARED, statuses=[503, 429])) as mirror:
        get(MODEL, tmp_path, mirror)
        assert whole(tmp_path)
        mirror.statuses = [500] * RETRIES
        with pytest.raises(NotAvailable, match=r"忙或出了故障（500）"):
            get(MODEL, tmp_path / "second", mirror)


def test_nobody_listening_is_said_in_one_sentence(tmp_path: Path) -> None:
    with serving(Mirror({})) as mirror:
        url = mirror.url
    with pytest.raises(NotAvailable, match=r"连不上 127\.0\.0\.1"):
        get(MODEL, tmp_path, Mirror({}, url=url))


@pytest.mark.parametrize(
    ("status", "word"), [(404, "没有 tiny.gguf"), (403, "不让下载"), (401, "不让下载"), (418, "看不懂")]
)
def test_a_refusal_is_not_asked_again(status: int, word: str, tmp_path: Path) -> None:
    with serving(Mirror(SHARED, statuses=[status])) as mirror, pytest.raises(NotAvailable, match=word) as caught:
        get(MODEL, tmp_path, mirror)
    assert len(mirror.ranges) == 1 and "--mirror" in caught.value.terminal_hint


def test_a_wrong_hash_leaves_nothing_behind(tmp_path: Path) -> None:
    changed = DATA[:-1] + b"!"
    with serving(Mirror({"tiny/tiny.gguf": changed})) as mirror, pytest.raises(BadFile, match="校验码"):
        get(MODEL, tmp_path, mirror)
    assert not (tmp_path / "tiny").exists()


def test_a_part_of_another_file_is_thrown_away_and_the_download_starts_over(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny/tiny.gguf.part").write_bytes(DATA[:1000] + b"x" * 1000)
    with serving(Mirror(SHARED)) as mirror:
        get(MODEL, tmp_path, mirror)
    assert whole(tmp_path) and mirror.ranges == ["bytes=2000-", None]


def test_a_part_that_is_longer_than_the_file_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny/tiny.gguf.part").write_bytes(DATA + b"more")
    with serving(Mirror(SHARED)) as mirror:
        get(MODEL, tmp_path, mirror)
    assert whole(tmp_path) and mirror.ranges == [None]


def test_a_part_that_is_already_whole_needs_no_request(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny/tiny.gguf.part").write_bytes(DATA)
    with serving(Mirror(SHARED)) as mirror:
        get(MODEL, tmp_path, mirror)
    assert whole(tmp_path) and mirror.ranges == []


@pytest.mark.parametrize("quirk", ["ignores_range", "says_200", "no_length"])
def test_a_server_with_ways_of_its_own_still_gives_the_file(quirk: str, tmp_path: Path) -> None:
    with serving(Mirror(SHARED, breaks=[50_000], quirk=quirk)) as mirror:
        get(MODEL, tmp_path, mirror)
    assert whole(tmp_path)


def test_without_a_hash_a_file_that_changed_meanwhile_is_not_mixed(tmp_path: Path) -> None:
    """Both versions have the same size, so only the server's mark tells them apart."""
    newer = DATA[:20_000] + b"n" * 100 + DATA[20_100:]
    model = model_of({"tiny.gguf": DATA}, known_hash=False)
    with serving(Mirror(SHARED, breaks=[50_000] + [0] * RETRIES)) as mirror:
        with pytest.raises(NotAvailable):
            get(model, tmp_path, mirror)
        mirror.files, mirror.etag = {"tiny/tiny.gguf": newer}, '"two"'
        get(model, tmp_path, mirror)
    assert whole(tmp_path, newer)


def test_a_shorter_file_on_the_server_is_not_the_one_of_the_catalogue(tmp_path: Path) -> None:
    with serving(Mirror({"tiny/tiny.gguf": DATA[:-4000]})) as mirror, pytest.raises(BadFile, match="不是同一个文件"):
        get(MODEL, tmp_path, mirror)


def test_a_truncated_model_of_unknown_size_is_found_out_by_its_header(tmp_path: Path) -> None:
    model = model_of({"tiny.gguf": DATA[:-4000]}, known_hash=False)
    with serving(Mirror({"tiny/tiny.gguf": DATA[:-4000]})) as mirror, pytest.raises(BadFile, match="没有下全"):
        get(model, tmp_path, mirror)


def test_a_login_page_instead_of_a_model_stops_at_its_first_bytes(tmp_path: Path) -> None:
    page = b"<!DOCTYPE html><title>login</title>".ljust(len(DATA))
    seen: list[int] = []
    with serving(Mirror({"tiny/tiny.gguf": page})) as mirror, pytest.raises(BadFile, match="网页"):
        pull(MODEL, tmp_path, mirror.url, lambda done, total, name: seen.append(done))
    assert seen == []
    assert not (tmp_path / "tiny").exists()


def test_a_folder_model_comes_with_all_its_files(tmp_path: Path) -> None:
    files = {
        "model.safetensors": (2).to_bytes(8, "little") + b"{}",
        "config.json": b"{}",
        "1_Pooling/config.json": b"{}",
    }
    model = model_of(files, format="folder", role="embedding")
    with serving(Mirror({f"tiny/{path}": data for path, data in files.items()})) as mirror:
        there = get(model, tmp_path, mirror)
        mirror.ranges.clear()
        get(model, tmp_path, mirror)
    assert there.main_file == tmp_path / "tiny"
    assert all((tmp_path / "tiny" / path).read_bytes() == data for path, data in files.items())
    assert mirror.ranges == []


@pytest.mark.parametrize(("path", "data"), [("model.safetensors", b"<html>no</html>"), ("config.json", b"{"), ("vocab.txt", b" <!DOCTYPE html>"), ("pytorch_model.bin", b"<html>"), ("a.json", b"")])  # fmt: skip
def test_a_file_of_another_kind_is_refused(path: str, data: bytes, tmp_path: Path) -> None:
    model = model_of({path: data}, known_hash=False, format="folder")
    with serving(Mirror({f"tiny/{path}": data})) as mirror, pytest.raises(BadFile):
        get(model, tmp_path, mirror)
    assert not (tmp_path / "tiny" / path).exists()


def test_a_damaged_file_that_is_there_is_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny/tiny.gguf").write_bytes(DATA[:-1] + b"!")
    with serving(Mirror(SHARED)) as mirror:
        get(MODEL, tmp_path, mirror)
    assert whole(tmp_path)


def test_the_disk_is_looked_at_before_anything_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    with serving(Mirror(SHARED)) as mirror, pytest.raises(DiskFull, match=r"磁盘满了.*还要再腾出约 28\d\.\d MB"):
        get(MODEL, tmp_path, mirror)
    assert mirror.ranges == []


def test_where_the_disk_fills_up_what_has_come_stays_and_is_continued_when_there_is_room(tmp_path: Path) -> None:
    with serving(Mirror(SHARED)) as mirror:
        with files_of_at_most(50_000), pytest.raises(DiskFull, match="已下载的部分留着"):
            get(MODEL, tmp_path, mirror)
        assert (tmp_path / "tiny/tiny.gguf.part").stat().st_size == 50_000
        get(MODEL, tmp_path, mirror)
    assert whole(tmp_path) and mirror.ranges[-1] == "bytes=50000-"


def test_a_copy_from_a_stick_without_room_leaves_nothing_behind(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "tiny.gguf").write_bytes(DATA)
    with files_of_at_most(50_000), pytest.raises(DiskFull):
        bring(MODEL, stick, tmp_path / "models", quiet)
    assert not (tmp_path / "models/tiny").exists()
    assert bring(MODEL, stick, tmp_path / "models", quiet).complete


def test_a_model_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file stands here", "utf-8")
    with serving(Mirror(SHARED)) as mirror, pytest.raises(BadInput, match="写不进去"):
        get(MODEL, tmp_path / "models", mirror)


@bound_by_permissions
def test_a_read_only_model_folder_is_said_in_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with serving(Mirror(SHARED)) as mirror, pytest.raises(BadInput, match="写不进去"):
            get(MODEL, tmp_path, mirror)
    finally:
        tmp_path.chmod(0o700)


def test_two_downloads_of_one_model_do_not_mix(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".tiny.lock"), serving(Mirror(SHARED)) as mirror, pytest.raises(Busy):
        get(MODEL, tmp_path, mirror)


def test_a_link_in_place_of_a_model_is_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "models").mkdir()
    (tmp_path / "models/tiny").symlink_to(outside)
    with serving(Mirror(SHARED)) as mirror, pytest.raises(BadInput, match="链接"):
        get(MODEL, tmp_path / "models", mirror)
    assert list(outside.iterdir()) == []


def test_a_wish_to_stop_leaves_the_part(tmp_path: Path) -> None:
    def stop(done: int, total: int, name: str) -> None:
        raise KeyboardInterrupt

    with serving(Mirror(SHARED)) as mirror, pytest.raises(KeyboardInterrupt):
        pull(MODEL, tmp_path, mirror.url, stop)
    assert (tmp_path / "tiny/tiny.gguf.part").stat().st_size > 0
    with serving(Mirror(SHARED)) as mirror:
        get(MODEL, tmp_path, mirror)
    assert whole(tmp_path)


def test_mirrors_have_the_addresses_their_sites_document() -> None:
    model = by_name("qwen3-1.7b")
    assert model
    file = model.files[0]
    assert (
        url_of(model, file, "modelscope")
        == "https://modelscope.cn/models/Qwen/Qwen3-1.7B-GGUF/resolve/master/Qwen3-1.7B-Q8_0.gguf"
    )
    assert url_of(model, file, "huggingface").startswith("https://huggingface.co/Qwen/Qwen3-1.7B-GGUF/resolve/90862c4b")
    assert url_of(model, file, "hf-mirror").startswith("https://hf-mirror.com/Qwen/")
    assert url_of(model, file, "http://192.168.1.5:8000/") == "http://192.168.1.5:8000/qwen3-1.7b/Qwen3-1.7B-Q8_0.gguf"


@pytest.mark.parametrize("mirror", ["魔搭", "ftp://x/y", "file:///etc", "http://", "", "../x"])
def test_an_unknown_mirror_is_refused(mirror: str) -> None:
    with pytest.raises(BadInput, match="不认识的下载来源"):
        url_of(MODEL, MODEL.files[0], mirror)


def test_a_model_comes_from_a_stick_without_a_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    for place in (stick / "tiny.gguf", stick / "tiny" / "tiny.gguf"):
        shutil.rmtree(stick, ignore_errors=True)
        place.parent.mkdir(parents=True)
        place.write_bytes(DATA)
        models = tmp_path / f"models-{place.parent.name}"
        assert bring(MODEL, stick, models, quiet).complete and whole(models)
    assert bring(MODEL, stick / "tiny" / "tiny.gguf", tmp_path / "third", quiet).complete


@pytest.mark.parametrize("data", [DATA[:-1], DATA[:-1] + b"!", b"", b"MZ" + DATA])
def test_a_bad_copy_on_a_stick_is_refused_and_leaves_nothing(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick/tiny.gguf").write_bytes(data)
    with pytest.raises(BadFile):
        bring(MODEL, tmp_path / "stick", tmp_path / "models", quiet)
    assert not (tmp_path / "models/tiny").exists()


def test_a_stick_that_lacks_a_file_names_it(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"tiny\.gguf"):
        bring(MODEL, tmp_path, tmp_path / "models", quiet)
    with pytest.raises(BadFile, match="找不到"):
        models_at(tmp_path / "none")


def test_an_own_gguf_file_becomes_a_model_with_what_its_header_says(tmp_path: Path) -> None:
    source = tmp_path / "我的 模型 My-Model V2.gguf"
    source.write_bytes(DATA)
    model = own_file(source)
    assert (model.name, model.role, model.context_tokens) == ("my-model-v2", "chat", 4096)
    assert model.kv_bytes_per_token == 2 * 8 * 128 * 4
    assert [m.name for m in models_at(tmp_path)] == ["my-model-v2"]
    there = bring(model, source, tmp_path / "models", quiet)
    found = find_installed("my-model-v2", tmp_path / "models")
    assert there.complete and found and found.main_file.read_bytes() == DATA


def exported(folder: Path) -> Path:
    """A folder as optimum-intel writes it, without a model in it."""
    folder.mkdir(parents=True)
    for name in ("model", "tokenizer", "detokenizer"):
        (folder / f"openvino_{name}.xml").write_text("<net/>", "utf-8")
        (folder / f"openvino_{name}.bin").write_bytes(name.encode())
    config = {"max_position_embeddings": 4096, "num_hidden_layers": 8, "num_attention_heads": 16, "hidden_size": 1024}
    (folder / "config.json").write_text(json.dumps(config | {"num_key_value_heads": 2}), "utf-8")
    (folder / "pytorch_model.bin").write_bytes(b"not needed")
    return folder


def test_an_exported_openvino_folder_becomes_a_model(tmp_path: Path) -> None:
    source = exported(tmp_path / "Qwen3 1.7B int4-ov")
    [model] = models_at(source)
    assert (model.name, model.role, model.format) == ("qwen3-1.7b-int4-ov", "chat", "folder")
    assert (model.context_tokens, model.kv_bytes_per_token) == (4096, 2 * 2 * 8 * 2 * 64)
    there = bring(model, source, tmp_path / "models", quiet)
    found = find_installed(model.name, tmp_path / "models")
    assert there.complete and found and found.main_file == tmp_path / "models" / model.name
    assert not (found.folder / "pytorch_model.bin").exists() and (found.folder / "config.json").exists()
    assert chosen(model.name, tmp_path / "models") == found


def test_an_exported_folder_without_its_tokenizer_names_what_it_lacks(tmp_path: Path) -> None:
    source = exported(tmp_path / "mine")
    (source / "openvino_tokenizer.bin").unlink()
    with pytest.raises(BadFile, match=r"缺 openvino_tokenizer\.bin"):
        models_at(source)
    (source / "config.json").write_text("[", "utf-8")
    (source / "openvino_tokenizer.bin").write_bytes(b"1")
    assert own_folder(source).context_tokens == 0
    assert EXPORTED in {file.path for file in own_folder(source).files}


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError, None])
def test_a_pull_that_brings_nothing_leaves_no_folder(failure: type[BaseException] | None, tmp_path: Path) -> None:
    source = exported(tmp_path / "mine")
    model = own_folder(source)
    if failure is None:
        (source / "openvino_model.bin").write_bytes(b"cut")
        with pytest.raises(BadFile):
            bring(model, source, tmp_path / "models", quiet)
    else:

        def fail(done: int, total: int, name: str) -> None:
            raise failure

        with pytest.raises((failure, BadInput)):
            bring(model, source, tmp_path / "models", fail)
    assert not (tmp_path / "models" / model.name).exists()
    with serving(Mirror(SHARED, statuses=[404])) as mirror, pytest.raises(NotAvailable):
        get(MODEL, tmp_path / "models", mirror)
    assert not (tmp_path / "models/tiny").exists()


def test_an_own_file_does_not_take_the_place_of_a_catalogue_model(tmp_path: Path) -> None:
    (tmp_path / "Qwen3-4B.gguf").write_bytes(DATA)
    assert own_file(tmp_path / "Qwen3-4B.gguf").name == "qwen3-4b-own"


def test_an_embedding_model_cannot_answer(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(gguf_bytes(architecture="bert"))
    with pytest.raises(BadFile, match="不能用来写答案"):
        own_file(tmp_path / "a.gguf")


@pytest.mark.parametrize("pooling", [1, 3, 4])
def test_an_embedding_or_reranking_model_of_a_chat_architecture_cannot_answer_either(
    pooling: int, tmp_path: Path
) -> None:
    """Qwen3-Embedding and Qwen3-Reranker are architecture qwen3 like the chat models; only their pooling tells."""
    (tmp_path / "a.gguf").write_bytes(gguf_bytes(64, pooling_type=pooling))
    with pytest.raises(BadFile, match="向量或重排模型"):
        own_file(tmp_path / "a.gguf")


def test_an_own_file_knows_its_architecture_and_counts_only_layers_that_hold_keys(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(gguf_bytes(64, "qwen35", full_attention_interval=2))
    model = own_file(tmp_path / "a.gguf")
    assert (model.architecture, model.readers) == ("qwen35", ("local",))
    assert model.kv_bytes_per_token == 1 * 8 * 128 * 4


def test_a_header_cut_or_garbled_anywhere_is_a_sentence_never_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    whole_file = gguf_bytes(16)
    for end in range(4, len(whole_file)):
        path.write_bytes(whole_file[:end])
        with pytest.raises(BadFile):
            read_gguf(path)
    for at in range(4, len(whole_file) - 64):
        path.write_bytes(whole_file[:at] + b"\xff" + whole_file[at + 1 :])
        try:
            read_gguf(path)
        except XiangdaoError:
            continue


def test_removing_frees_the_room_and_only_that_model(tmp_path: Path) -> None:
    with serving(Mirror(SHARED)) as mirror:
        get(MODEL, tmp_path, mirror)
    (tmp_path / "kept").mkdir()
    assert remove("TINY", tmp_path) > len(DATA)
    assert not (tmp_path / "tiny").exists() and (tmp_path / "kept").exists()
    with pytest.raises(BadInput, match="没有"):
        remove("tiny", tmp_path)


@pytest.mark.parametrize("name", ["..", "../victim", "/etc", "tiny/../../victim", ""])
def test_removing_never_leaves_the_model_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "victim").mkdir()
    with pytest.raises(BadInput):
        remove(name, tmp_path / "models")
    assert (tmp_path / "victim").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_removing_a_link_leaves_what_it_points_to(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a").write_text("kept", "utf-8")
    (tmp_path / "models").mkdir()
    (tmp_path / "models/tiny").symlink_to(outside)
    remove("tiny", tmp_path / "models")
    assert (outside / "a").exists() and not (tmp_path / "models/tiny").is_symlink()


def test_a_download_while_another_thread_holds_the_model_is_refused(tmp_path: Path) -> None:
    """The second comes while the first is in its request."""
    refused: list[Any] = []

    def second() -> None:
        try:
            get(MODEL, tmp_path, Mirror({}, url="http://127.0.0.1:9"))
        except Busy as exc:
            refused.append(exc)

    def meanwhile() -> None:
        other = threading.Thread(target=second)
        other.start()
        other.join(5)

    with serving(Mirror(SHARED, on_request=meanwhile)) as mirror:
        get(MODEL, tmp_path, mirror)
    assert refused and whole(tmp_path)
