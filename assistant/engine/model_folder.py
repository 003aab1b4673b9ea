"""The model folder: models come in from a mirror or from a stick, and go out again. Paths stay inside it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.engine.catalogue import (
    RECEIPT,
    Installed,
    Model,
    ModelFile,
    by_name,
    catalogue,
    find_installed,
    folder_of,
    write_receipt,
)
from assistant.engine.download import SourceFailed, fetch, forget, mirror_name, url_of, writing
from assistant.engine.hashes import By, Fetched, listing_of
from assistant.engine.own_models import EXPORTED, own_file, own_folder
from assistant.engine.weights import check_file
from core import disk
from core.errors import BadFile, BadInput, Busy

Progress = Callable[[int, int, str], None]
"""Called with (bytes there, bytes in all, what is being done)."""
_SPARE_BYTES = 300_000_000
NEXT = {"modelscope": "hf-mirror"}
"""Where to go on by itself when a mirror lacks a file or cannot be reached."""


def pull(
    model: Model,
    models_folder: Path,
    mirror: str,
    progress: Progress,
    pause: Callable[[float], None] = time.sleep,
) -> Installed:
    """Download a model; files that are there and whole are kept, unfinished ones continued. pause: waits between attempts.

    What ModelScope does not give is taken from hf-mirror: it has the same files, and the hash decides.
    """
    try:
        return _pull(model, models_folder, mirror, progress, pause)
    except (SourceFailed, BadFile) as first:
        other = NEXT.get(mirror)
        if other is None:
            raise
        try:
            return _pull(model, models_folder, other, progress, pause)
        except SourceFailed as second:
            said = f"两个来源都没有下成。{mirror_name(mirror)}：{first.message}{mirror_name(other)}：{second.message}"
            raise SourceFailed(said, second.hint, command=f"{second.command}；用 U 盘：--from 文件夹") from second


def _pull(
    model: Model, models_folder: Path, mirror: str, progress: Progress, pause: Callable[[float], None]
) -> Installed:
    urls = {file.path: url_of(model, file, mirror) for file in model.files}
    listing = listing_of(model, mirror)
    return _fill(
        model,
        models_folder,
        f"{mirror_name(mirror)} {urls[model.files[0].path]}",
        progress,
        lambda file, target, told: fetch(urls[file.path], target, file, told, pause, listing),
    )


def bring(model: Model, source: Path, models_folder: Path, progress: Progress) -> Installed:
    """Copy a model from a file or folder, checked like a download."""
    try:
        found = {file.path: path for file in model.files if (path := _lies(model, file, source))}
    except OSError as exc:
        raise BadFile(f"读不出来：{source}。", "确认有权限读，U 盘没有拔掉。") from exc
    missing = [file.path for file in model.files if file.path not in found]
    if missing:
        raise BadFile(f"{source} 里缺 {model.name} 的文件：{'、'.join(missing[:3])}。", "把模型的全部文件拷过来再试。")
    return _fill(
        model,
        models_folder,
        str(source),
        progress,
        lambda file, target, told: _copy(found[file.path], target, file, told),
    )


def models_at(source: Path) -> list[Model]:
    """The models that a file or folder holds whole: those of the catalogue, GGUF files and an OpenVINO folder of one's own."""
    try:
        if source.is_file():
            return [by_name(source.name) or own_file(source)]
        if not source.is_dir():
            raise BadFile(f"找不到 {source}。", "检查路径；U 盘要先插好。")
        known = [model for model in catalogue() if all(_lies(model, file, source) for file in model.files)]
        if not known and (source / EXPORTED).is_file():
            return [own_folder(source)]
        return known or [by_name(path.name) or own_file(path) for path in sorted(source.glob("*.gguf"))]
    except OSError as exc:
        raise BadFile(f"读不出来：{source}。", "确认有权限读，U 盘没有拔掉。") from exc


def remove(name: str, models_folder: Path) -> int:
    """Delete a model and what was left of unfinished downloads of it; the bytes that this freed. Never follows a link."""
    folder = folder_of(_spelt(name, models_folder), models_folder)
    if not folder.is_symlink() and not folder.is_dir():
        raise BadInput(f"本机没有 {name} 这个模型。", "先看看有哪些。", command="运行：xiangdao model list")
    with writing(folder), _alone(folder.name, models_folder):
        if folder.is_symlink():
            folder.unlink()
            return 0
        freed = sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
        shutil.rmtree(folder)
    return freed


def _spelt(name: str, models_folder: Path) -> str:
    """A name as its folder is spelt."""
    there = find_installed(name, models_folder)
    known = by_name(name)
    return there.model.name if there else known.name if known else name


def _fill(
    model: Model,
    models_folder: Path,
    source: str,
    progress: Progress,
    get: Callable[[ModelFile, Path, Callable[[int], None]], Fetched],
) -> Installed:
    """Bring every file of a model that is not there yet, then write the receipt."""
    folder = folder_of(model.name, models_folder)
    if folder.is_symlink():
        raise BadInput(
            f"{folder} 是一个链接，没有往里写。", "先删掉它。", command=f"运行：xiangdao model remove {model.name}"
        )
    with writing(folder / RECEIPT):
        models_folder.mkdir(parents=True, exist_ok=True)
        with _alone(model.name, models_folder), _no_empty_folder(folder):
            folder.mkdir(exist_ok=True)
            check_room(model, folder)
            done, got = 0, dict[str, Fetched]()
            for file in model.files:
                target, before = folder / file.path, done

                def told(there: int, before: int = before, name: str = target.name) -> None:
                    progress(before + there, model.size_bytes, name)

                got[file.path] = _kept(target, file) or get(file, target, told)
                done += target.stat().st_size
            hashes = {path: file.sha256 for path, file in got.items()}
            write_receipt(model, folder, source, hashes, got[model.files[0].path].by)
    there = find_installed(model.name, models_folder)
    if there is None:
        raise BadInput(f"模型文件夹读不出来：{folder}。", "检查它的权限。")
    return there


@contextmanager
def _no_empty_folder(folder: Path) -> Iterator[None]:
    """Where bringing a model fails or is stopped before a byte has come, nothing of it stays."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for part in folder.rglob("*.part"):
                if not part.stat().st_size:
                    forget(part)
            for left in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
                with suppress(OSError):
                    left.rmdir()
            folder.rmdir()
        raise


def check_room(model: Model, folder: Path) -> None:
    """DiskFull where the disk has no room for what is still missing of a model."""
    there = 0
    for file in model.files:
        for path in (folder / file.path, folder / f"{file.path}.part"):
            there += path.stat().st_size if path.is_file() else 0
    needed = max(model.size_bytes - there, 0) + _SPARE_BYTES
    if disk.free(folder) < needed:
        raise disk.full(folder.parent, needed, "清理磁盘，选一个小一点的模型，或把 XIANGDAO_HOME 指到别的盘。")


def _compared(file: ModelFile) -> By:
    """What a file of this entry is compared with where no server tells anything."""
    return "catalogue" if file.sha256 else "size"


def _kept(target: Path, file: ModelFile) -> Fetched | None:
    """A file that is there already and whole; one that is not makes way."""
    if not target.is_file():
        return None
    try:
        return Fetched(check_file(target, file), _compared(file))
    except BadFile:
        with writing(target):
            target.unlink()
        return None


def _lies(model: Model, file: ModelFile, source: Path) -> Path | None:
    """Where a file or folder holds one file of a model."""
    if source.is_file():
        return source if len(model.files) == 1 else None
    places = [source / model.name / file.path, source / file.path]
    if model.format == "folder" and not _is_folder_of(model, source):
        places = places[:1]
    return next((place for place in places if place.is_file()), None)


def _is_folder_of(model: Model, source: Path) -> bool:
    """Whether a folder with a model's file names is that model: by its name, or by the size of its weights."""
    weights = source / model.files[0].path
    return source.name.casefold() == model.name.casefold() or (
        weights.is_file() and weights.stat().st_size == model.files[0].bytes
    )


def _copy(source: Path, target: Path, file: ModelFile, told: Callable[[int], None]) -> Fetched:
    """Copy one file by way of a part, checked before it gets its name."""
    if target.exists() and source.resolve() == target.resolve():
        return Fetched(check_file(target, file), _compared(file))
    part = target.with_name(f"{target.name}.part")
    try:
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as out:
                for done, block in _blocks(source):
                    out.write(block)
                    told(done)
            found = Fetched(check_file(part, file), _compared(file))
            part.replace(target)
    except BaseException:
        with writing(target):
            forget(part)
        raise
    return found


def _blocks(source: Path) -> Iterator[tuple[int, bytes]]:
    """(bytes so far, block) of a file; BadFile where the medium fails."""
    done = 0
    try:
        with source.open("rb") as file:
            while block := file.read(1 << 22):
                done += len(block)
                yield done, block
    except OSError as exc:
        raise BadFile(f"{source} 读不出来。", "确认 U 盘没有拔掉、文件没有坏。") from exc


@contextmanager
def _alone(name: str, models_folder: Path) -> Iterator[None]:
    """Nobody else changes this model meanwhile; Busy where somebody does."""
    from filelock import FileLock, Timeout

    lock = FileLock(models_folder / f".{name}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as exc:
        raise Busy(f"另一个程序正在下载或删除 {name}。", "等它做完再试。") from exc
    try:
        yield
    finally:
        lock.release()
