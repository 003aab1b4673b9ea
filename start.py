"""向导 Xiangdao in one command: sets up its own environment, then runs the app or its tests.

    python3 start.py                      the web page
    python3 start.py ask "问题"           or any other `xiangdao` command
    python3 start.py setup [EXTRA …]      only set up
    python3 start.py test [pytest …]      every check of the project
    python3 start.py bundle --platform …  an offline installation package, for this or another kind of machine
    python3 start.py shots                the README's screenshots, made anew

Standard library only. Written so that Python 3.6 can read it far enough to say that it is too old.
"""

import os
import sys

if sys.version_info < (3, 10):  # noqa: UP036 - older ones reach this line, and this is the place that tells them
    _text = "需要 Python 3.10 或更新的版本，这里是 {}.{}。\n".format(*sys.version_info[:2])
    _text += "  请安装 Python 3.10–3.14（https://www.python.org/downloads/），再用它运行本命令。\n"
    getattr(sys.stderr, "buffer", sys.stderr).write(_text.encode("utf-8" if os.name == "posix" else "mbcs"))
    sys.exit(1)

import contextlib
import errno
import hashlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REVISION = 1  # raise it when an environment made by an older start.py must be made anew
NEEDED_BYTES = 1_500_000_000
BASE = "requirements/base.txt"
EXTRAS = {  # name: (pins, what it is)
    "dev": ("requirements/dev.txt", "检查与测试工具"),
    "embed": ("requirements/embed.txt", "向量模型和重排模型"),
    "train": ("requirements/train.txt", "训练自带的语义模型"),
    "llm": ("requirements/llm.txt", "本机模型"),
    "engines": ("requirements/llm.txt", "两种 llama.cpp：测试和比较快慢用"),
    "npu": ("requirements/npu.txt", "用 OpenVINO 跑本机模型：英特尔显卡和 NPU"),
    "bots": ("requirements/bots.txt", "聊天机器人：Telegram"),
    "ocr": ("requirements/ocr.txt", "扫描件和图片的文字识别"),
}
TESTED = ["dev", "embed", "train", "engines", "npu", "bots", "ocr"]
NEEDED_BY = {"train": ["embed"]}  # extra: the extras that it builds on
LATER = ("llama-cpp-python==", "xllamacpp==", "cmake==", "ninja==", "pathspec==", "scikit-build-core==")
SOURCES = {  # extra: (pins that may have no wheel, with what compiles them; what finds or builds them)
    "llm": (LATER, "assistant.engine.install"),
    "engines": (LATER, "assistant.engine.install --every"),
}

TORCH_CPU = "https://download.pytorch.org/whl/cpu"

ROOT = Path(__file__).resolve().parent
WHEELS = ROOT / "wheels"  # an offline bundle has it
VENV = ROOT / ".venv"
OLD_VENV = ROOT / ".venv-old"
STAMP = VENV / ".xiangdao-stamp.json"
LOCK = ROOT / ".xiangdao-setup.lock"
LOG = ROOT / ".xiangdao-setup.log"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
VENV_PYTHON = BIN / f"python{SUFFIX}"
APP = BIN / f"xiangdao{SUFFIX}"
UNREACHABLE = (
    r"NewConnectionError|ConnectionPool|ConnectTimeout|Read timed out|Max retries|ProxyError|SSLError|ProtocolError|"
    r"IncompleteRead|HTTP error|name resolution|Connection (refused|reset|aborted|broken)"
)


class SetupError(Exception):
    """A failure that the user can mend: one sentence, and a hint that says how."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def main(argv: list[str]) -> int:
    """Run one command; every expected failure ends as a sentence and exit status 1."""
    command, arguments = (argv[0], argv[1:]) if argv else ("ui", [])
    try:
        if command == "setup":
            set_up(arguments)
            say(f'已就绪。试试：{Path(sys.executable).stem} start.py ask "数字化转型从哪里开始"')
            return 0
        if command == "test":
            get_compiler()
            get_makensis()
            set_up(TESTED)
            return run_checks(arguments)
        if command == "bundle":
            set_up([])
            return make_bundle(arguments)
        if command == "shots":
            set_up(["dev"])
            return take_shots()
        set_up([])
        return launch([command, *arguments])
    except SetupError as error:
        return fail(error)
    except KeyboardInterrupt:
        return fail(SetupError("已中断。", "再次运行同一条命令即可接着完成。"))
    except OSError as error:
        return fail(explain_os_error(error))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(error: SetupError) -> int:
    say(f"{error.message}\n  {error.hint}")
    return 1


# --- the environment ------------------------------------------------------------------------------------------------


def set_up(extras: list[str]) -> None:
    """Make .venv hold the base pins, the project and these extras; at once when it already does."""
    for name in extras:
        if name not in EXTRAS:
            known = "、".join(f"{key}（{what}）" for key, (_, what) in EXTRAS.items())
            raise SetupError(f"没有叫 {name} 的附加组件。", f"可选：{known}。")
    extras = [needed for name in extras for needed in (*NEEDED_BY.get(name, ()), name)]
    if is_current(read_stamp(), extras):
        return
    with only_one() as lock_fds:
        stamp = read_stamp()
        if not is_current(stamp, extras):
            install(stamp, extras, lock_fds)


def install(stamp: dict[str, Any], wanted: list[str], lock_fds: tuple[int, ...]) -> None:
    """Bring .venv up to date; anything half-made, moved or broken is made anew."""
    began = time.monotonic()
    kept = [name for name in EXTRAS if name in stamp.get("extras", ())]
    extras = list(dict.fromkeys([*kept, *wanted]))
    registry = registry_options()
    LOG.write_bytes(b"")
    if not (is_whole(stamp) and venv_runs()):
        say("首次运行要安装依赖，通常 1–3 分钟；以后直接启动。")
        make_venv(extras, lock_fds)
    write_stamp(extras, complete=False)
    python = [str(VENV_PYTHON), "-I", "-m"]
    pip = [*python, "pip", "install", "--no-input", "--no-color", "--disable-pip-version-check", "--progress-bar=off"]
    pip += ["--no-user", "--no-deps", "--no-compile"]  # the pins are complete; bytecode is written below, on all cores
    if "embed" in extras:
        install_torch(pip, registry, lock_fds)
    run_step("安装依赖", [*pip, "--only-binary=:all:", *registry, *pins_of(extras)], lock_fds)
    run_step("安装向导", [*pip, "--no-index", "--no-build-isolation", "--editable", str(ROOT)], lock_fds)
    unused = r"tests|kubernetes|sympy|mpmath|networkx|transformers[\\/]models|torch[\\/]_?(testing|inductor|onnx)"
    skipped = rf"site-packages.*[\\/]({unused})[\\/]"  # large, and not used by an answer
    run_step("预编译", [*python, "compileall", "-q", "-j0", "-x", skipped, str(ROOT)], lock_fds, must_succeed=False)
    plain = [name for name in extras if name not in SOURCES]
    write_stamp(plain, complete=True)
    for name in (name for name in extras if name in SOURCES):
        try:
            compile_extra(name, [*python, *SOURCES[name][1].split(), *registry], lock_fds)
        except SetupError as error:
            if name in wanted:
                raise
            say(f"{error.message}其余照常。")
        else:
            plain.append(name)
            write_stamp(plain, complete=True)
    say(f"安装完成，用时 {time.monotonic() - began:.0f} 秒。")


def pins_of(extras: list[str]) -> list[str]:
    """What pip installs from wheels: pin files, and the pins of the extras that also have a package to compile."""
    pins = [f"--requirement={ROOT / name}" for name in pin_files([name for name in extras if name not in SOURCES])]
    for name in (name for name in extras if name in SOURCES):
        lines = (ROOT / EXTRAS[name][0]).read_text(encoding="utf-8").splitlines()
        pins += [line for line in lines if line.strip() and not line.startswith(("#", *SOURCES[name][0]))]
    return pins


def compile_extra(name: str, command: list[str], lock_fds: tuple[int, ...]) -> None:
    """Find or compile an extra's package; what the module that does it has to say goes to the user."""
    start = LOG.stat().st_size
    say(f"安装{EXTRAS[name][1]}组件：有现成的一分钟内装好；没有就编译，通常 3–15 分钟，只有这一次。")
    try:
        run_step(f"安装{EXTRAS[name][1]}组件", command, lock_fds)
    finally:
        for line in re.findall(r"^XIANGDAO-NOTE (.+)$", log_since(start), re.MULTILINE):
            say(f"  {line.strip()}")


def install_torch(pip: list[str], registry: list[str], lock_fds: tuple[int, ...]) -> None:
    """Put in the torch without CUDA, a tenth of the size, where the registry's own is the one with it: on Linux.

    XIANGDAO_TORCH_INDEX names the place of another build, such as one for a graphics card, with what that needs.
    """
    pin = next(
        line for line in (ROOT / EXTRAS["embed"][0]).read_text("utf-8").split("\n") if line.startswith("torch==")
    )
    index = os.environ.get("XIANGDAO_TORCH_INDEX")
    if index:
        with_all = [part for part in pip if part != "--no-deps"]
        run_step("安装 torch", [*with_all, *registry, f"--extra-index-url={index}", pin], lock_fds)
    elif sys.platform.startswith("linux"):
        command = [*pip, "--only-binary=:all:", *registry, f"{pin}+cpu"]
        try:
            run_step("安装 torch", command, lock_fds)
        except SetupError:
            run_step("下载 torch", [*command, f"--extra-index-url={TORCH_CPU}"], lock_fds)


def make_venv(extras: list[str], lock_fds: tuple[int, ...]) -> None:
    """Replace whatever stands at .venv by an empty environment; one that is not ours is kept under another name."""
    import importlib.util
    import shutil

    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        hint = f"Debian/Ubuntu：sudo apt install {package}（或 python3-venv）；其他系统请安装完整的 Python。"
        raise SetupError("这个 Python 缺少 venv/ensurepip 模块，无法建立虚拟环境。", hint)
    shutil.rmtree(OLD_VENV, ignore_errors=True)
    if VENV.is_symlink() or (VENV.exists() and not STAMP.exists()):
        aside = ROOT / f".venv-{time.strftime('%Y%m%d-%H%M%S')}"
        VENV.rename(aside)
        say(f"原有的 .venv 不是向导建立的，已改名为 {aside.name}。")
    elif VENV.exists():
        VENV.rename(OLD_VENV)
        shutil.rmtree(OLD_VENV, ignore_errors=True)
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        raise disk_full(f"，现在只剩 {free / 1e9:.1f} GB")
    VENV.mkdir()
    write_stamp(extras, complete=False)
    base_python = getattr(sys, "_base_executable", None) or sys.executable
    run_step("建立虚拟环境", [base_python, "-I", "-m", "venv", str(VENV)], lock_fds)


def venv_runs() -> bool:
    """Whether .venv's Python starts, has pip, and stands where it was made."""
    import subprocess

    command = [str(VENV_PYTHON), "-I", "-c", "import sys, pip; print(ascii(sys.prefix))"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == ascii(str(VENV))


def wheels_folder() -> str:
    """The folder of wheels to install from: XIANGDAO_WHEELS, else that of an offline bundle, else none."""
    return os.environ.get("XIANGDAO_WHEELS") or (str(WHEELS) if WHEELS.is_dir() else "")


def registry_options() -> list[str]:
    """Where pip looks: its own configuration, or a folder of wheels where there is one."""
    folder = wheels_folder()
    if not folder:
        return []
    if not Path(folder).is_dir():
        raise SetupError(f"XIANGDAO_WHEELS 指向的文件夹不存在：{folder}", download_hint(folder))
    return ["--no-index", f"--find-links={Path(folder).resolve()}"]


@contextlib.contextmanager
def only_one() -> Iterator[tuple[int, ...]]:
    """Hold the set-up lock; yields what child processes inherit, so that an orphaned pip still holds it."""
    with LOCK.open("a+b") as handle:
        waiting = False
        while not try_lock(handle.fileno()):
            if not waiting:
                say("另一个 start.py 正在安装，等它完成…")
            waiting = True
            time.sleep(0.3)
        yield (handle.fileno(),) if os.name == "posix" else ()


def try_lock(fd: int) -> bool:
    """Lock the file until it is closed or the process ends; False where another process holds it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(fd, 0, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
    else:
        import fcntl

        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


# --- the stamp: what .venv holds ------------------------------------------------------------------------------------


def read_stamp() -> dict[str, Any]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(extras: list[str], complete: bool) -> None:
    stamp = {
        "complete": complete,
        "revision": REVISION,
        "root": str(ROOT),
        "python": ".".join(map(str, sys.version_info[:3])),
        "interpreter": os.path.realpath(VENV_PYTHON),
        "base": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
        "extras": extras,
        "files": {name: digest(name) for name in ["pyproject.toml", *pin_files(extras)]},
    }
    draft = STAMP.with_suffix(".tmp")
    draft.write_text(json.dumps(stamp, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(STAMP)


def is_current(stamp: dict[str, Any], extras: list[str]) -> bool:
    """Whether nothing needs doing. Looks at files only and starts no process: this runs before every command."""
    if not is_whole(stamp) or not APP.exists():
        return False
    if os.environ.get("XIANGDAO_LLM_BACKEND") and any(name in SOURCES for name in extras):
        return False  # asked for anew, perhaps for another backend: the module that builds it knows
    return all(digest(name) == stamp["files"].get(name) for name in ["pyproject.toml", *pin_files(extras)])


def is_whole(stamp: dict[str, Any]) -> bool:
    """Whether the last set-up came to its end, here, with a Python that is still installed."""
    made_here = (stamp.get("complete"), stamp.get("revision"), stamp.get("root")) == (True, REVISION, str(ROOT))
    if not made_here or not isinstance(stamp.get("files"), dict):
        return False
    interpreter = os.path.realpath(VENV_PYTHON)
    return (
        stamp.get("interpreter") == interpreter and Path(interpreter).exists() and Path(stamp.get("base", "")).is_file()
    )


def pin_files(extras: list[str]) -> list[str]:
    return [BASE, *(EXTRAS[name][0] for name in extras)]


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


# --- one step, and what its failure means ---------------------------------------------------------------------------


def run_step(title: str, command: list[str], lock_fds: tuple[int, ...], must_succeed: bool = True) -> None:
    """Run a command with its output in the log and its progress on stderr; a failure becomes a SetupError."""
    import subprocess

    progress = Progress(title)
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        start = log.tell()
        child = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, pass_fds=lock_fds
        )
        try:
            while child.poll() is None:
                progress.show(step_detail(start))
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(timeout=1)
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=5)  # it got the same Ctrl-C
            child.kill()
            raise
        finally:
            progress.finish()
    if child.returncode and must_succeed:
        raise explain(title, log_since(start))


def log_since(start: int) -> str:
    return LOG.read_bytes()[start:].decode("utf-8", errors="replace")


def step_detail(start: int) -> str:
    """How far pip has come, in words, from its log."""
    text = log_since(start)
    built = re.findall(r"^ *\[(\d+)/(\d+)\] ", text[-20_000:], re.MULTILINE)
    if built and "Successfully installed" not in text:
        return f"，{100 * int(built[-1][0]) // max(int(built[-1][1]), 1)}%"
    if "Installing collected packages" in text:
        return "，写入磁盘"
    count = text.count("\nCollecting ") + text.startswith("Collecting ")
    return f"，已下载 {count} 个" if count else ""


class Progress:
    """One line that counts seconds on a terminal; elsewhere a line now and then."""

    def __init__(self, title: str) -> None:
        self.title, self.began, self.live = title, time.monotonic(), sys.stderr.isatty()
        self.next_s = 0.0

    def show(self, detail: str) -> None:
        elapsed_s = time.monotonic() - self.began
        if self.live:
            print(f"\r  {self.title}… {elapsed_s:.0f} 秒{detail:<12}", end="", file=sys.stderr, flush=True)
        elif elapsed_s >= self.next_s:
            say(f"  {self.title}… {elapsed_s:.0f} 秒{detail}" if self.next_s else f"  {self.title}…")
            self.next_s += 20

    def finish(self) -> None:
        if self.live:
            say(f"\r  {self.title}：{time.monotonic() - self.began:.0f} 秒{'':<24}")


def explain(title: str, output: str) -> SetupError:
    """Tell from pip's output what went wrong; the first sign that fits decides."""
    log = f"详情见 {LOG.name}。"
    told = re.search(r"^XIANGDAO-FAILED (.+?)\t(.*)$", output, re.MULTILINE)
    if told:
        return SetupError(told[1].strip(), f"{told[2].strip()}{log}")
    if re.search(r"\[Errno 28\]|\[WinError 112\]|No space left on device", output):
        return disk_full("")
    if re.search(r"\[Errno (13|1|30)\]|\[WinError 5\]|Permission denied", output):
        return no_permission(log)
    if "Long Path" in output:
        return SetupError("文件夹的路径太长，Windows 无法安装。", "请把向导移到较短的路径，如 C:\\xiangdao，再试。")
    missing = re.search(r"No matching distribution found for (\S+)", output)
    folder = wheels_folder()
    if missing and folder == str(WHEELS):
        hint = "它可能是给别的系统做的，或没有放进这个附加组件：用 start.cmd 或 start.sh 启动，或照 docs/install.md 再做一个。"
        return SetupError(f"离线安装包里没有适合本机的 {missing[1]}。", hint)
    if missing and folder:
        return SetupError(f"文件夹 {folder} 里没有适合本机的 {missing[1]}。", download_hint(folder))
    if re.search(UNREACHABLE, output):
        hint = "请检查网络，或换用镜像：export PIP_INDEX_URL=你的镜像地址（Windows：set PIP_INDEX_URL=…）；"
        return SetupError("连不上 Python 包的下载源。", f"{hint}离线安装：XIANGDAO_WHEELS=存放 wheel 的文件夹。{log}")
    if missing:
        python = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
        hint = f"请改用 Python 3.10–3.14（64 位 x64 或苹果 arm64），或换一个更新及时的镜像（PIP_INDEX_URL）。{log}"
        return SetupError(f"下载源里没有适合本机（{python}，{sys.platform}）的 {missing[1]}。", hint)
    return SetupError(f"“{title}”这一步没有成功。", f"再试一次；仍不成功时，请带上 {LOG.name} 提交问题。")


def explain_os_error(error: OSError) -> SetupError:
    if error.errno == errno.ENOSPC:
        return disk_full("")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return no_permission(f"出错的位置：{error.filename or ROOT}。")
    return SetupError(f"系统报错：{error}", "请确认向导的文件完整、磁盘可用，再运行同一条命令。")


def disk_full(detail: str) -> SetupError:
    hint = f"安装约需 {NEEDED_BYTES / 1e9:.1f} GB（含下载缓存）；请清理磁盘后重试，临时文件可用 TMPDIR 指到别的盘。"
    return SetupError(f"磁盘空间不够{detail}。", hint)


def no_permission(detail: str) -> SetupError:
    hint = f"请换到自己有权限的文件夹（如用户主目录），或关闭正在使用 .venv 的程序后重试。{detail}"
    return SetupError(f"没有写入 {ROOT} 的权限。", hint)


def download_hint(folder: str) -> str:
    return f"在能上网的同类电脑上运行：python3 -m pip download --only-binary :all: -r {BASE} -d {folder}，再拷贝过来。"


# --- running --------------------------------------------------------------------------------------------------------


def launch(arguments: list[str]) -> int:
    """Run the app; where .venv turns out broken in a way that its stamp does not show, make it anew and run again."""
    try:
        return start_app(arguments)
    except OSError:
        write_stamp(read_stamp().get("extras", []), complete=False)
        set_up([])
        return start_app(arguments)


def start_app(arguments: list[str]) -> int:
    """Become the app. Its installed script is run, not `-m`, so that the current folder's files shadow no package."""
    if os.name == "posix":
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), str(APP), *arguments])
    import subprocess

    child = subprocess.Popen([str(APP), *arguments])
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the app got it too, and decides
            continue


def run_checks(pytest_arguments: list[str]) -> int:
    """Run every check, whatever fails before it; pytest last, so that its closing line ends the output."""
    import subprocess

    python = str(VENV_PYTHON)
    checks = {
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "mypy": [python, "-m", "mypy"],
        "lint-imports": [str(BIN / f"lint-imports{SUFFIX}")],
        "pytest": [python, "-m", "pytest", "--numprocesses=2", "--dist=loadfile", *pytest_arguments],
    }
    browser = find_chromium() or install_chromium()
    environment = {**os.environ, "XIANGDAO_CHROMIUM": browser} if browser else dict(os.environ)
    summary = [f"浏览器         {browser or '缺少 chromium，网页测试会跳过；可用 XIANGDAO_CHROMIUM 指定'}"]
    failed = False
    for name, command in checks.items():
        if name == "pytest":
            print("\n" + "\n".join(summary), flush=True)
        print(f"\n$ {' '.join(command)}", flush=True)
        began = time.monotonic()
        status = subprocess.call(command, cwd=ROOT, env=environment)
        failed = failed or status != 0
        summary.append(f"{name:<14} {'失败' if status else '通过'}  {time.monotonic() - began:.1f} 秒")
    return int(failed)


def take_shots() -> int:
    """Make the screenshots in docs/screens with the browser that the tests use."""
    import subprocess

    browser = find_chromium() or install_chromium()
    if not browser:
        raise SetupError("没有找到浏览器。", "装上 chromium，或用 XIANGDAO_CHROMIUM 指明位置，再试。")
    environment = {**os.environ, "XIANGDAO_CHROMIUM": browser}
    return subprocess.call([str(VENV_PYTHON), str(ROOT / "tests/ui/web/shots.py")], cwd=ROOT, env=environment)


def make_bundle(arguments: list[str]) -> int:
    """Make an offline bundle with what .venv has; see installer/bundle.py."""
    import subprocess

    return subprocess.call([str(VENV_PYTHON), str(ROOT / "installer/bundle.py"), *arguments])


def find_chromium() -> str | None:
    """The browser that the page's tests drive: XIANGDAO_CHROMIUM, else one found where they usually stand."""
    import shutil

    named = os.environ.get("XIANGDAO_CHROMIUM")
    if named:
        return shutil.which(named)
    programs = os.environ.get("PROGRAMFILES(X86)", "")
    places = ["chromium", "chromium-browser", "google-chrome", "msedge"]
    places += ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"] if sys.platform == "darwin" else []
    places += [f"{programs}\\Microsoft\\Edge\\Application\\msedge.exe"] if programs else []
    return next(filter(None, map(shutil.which, places)), None)


def install_chromium() -> str | None:
    """Debian's chromium and a Chinese font."""
    install_from_debian("chromium", "fonts-noto-cjk")
    return find_chromium()


def get_compiler() -> None:
    """A C++ compiler for the extras that the tests need compiled, where there is none."""
    import shutil

    if not any(map(shutil.which, ("c++", "g++", "clang++"))):
        install_from_debian("g++")


def get_makensis() -> None:
    """What makes the Windows installer, for its tests."""
    import shutil

    if not shutil.which("makensis"):
        install_from_debian("nsis")


def install_from_debian(*packages: str) -> None:
    """Install Debian's packages where this may be done without asking for a password."""
    import shutil
    import subprocess

    if sys.platform == "win32" or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and (not shutil.which("sudo") or subprocess.call([*sudo, "true"], stderr=subprocess.DEVNULL)):
        return
    LOG.touch()
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    run_step("更新软件源", [*apt, "update"], (), must_succeed=False)
    command = [*apt, "install", "-y", "--no-install-recommends", *packages]
    run_step(f"安装 {packages[0]}", command, (), must_succeed=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
