# Starts 向导 on Windows, also where there is no usable Python: then uv, from the package registry, brings one.
#
#     start.cmd                the web page; everything after it goes to start.py (start.cmd runs this file)
#     start.cmd --shortcut     put 向导 on the desktop and in the Start menu of this user
#
# For Windows PowerShell 5.1 and later, which reads Chinese only in a file that begins with a byte order mark.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue' # the progress bar makes downloads of 5.1 many times slower

$here = $PSScriptRoot
$private = Join-Path $here '.xiangdao-python' # nothing outside this folder is written, so no administrator is needed
$ownPython = '自己安装 Python 3.10–3.14（64 位，https://www.python.org/downloads/）后再运行'
# No double quotes inside: 5.1 loses them on the way to a program. Chroma has no package for Windows on ARM.
$fits = 'import sys, sysconfig, venv, ensurepip; version = sys.version_info[:2]; ' +
    'wanted = tuple(map(int, sys.argv[1].split(''.''))) if len(sys.argv) > 1 else version; ' +
    'sys.exit(not ((3, 10) <= version <= (3, 14) and version == wanted and sysconfig.get_platform() == ''win-amd64''))'
# An offline bundle holds packages for one version of Python only.
$wanted = @()
$versionFile = Join-Path $here 'wheels\python-version.txt'
if (Test-Path -LiteralPath $versionFile) { $wanted = @((Get-Content -LiteralPath $versionFile -TotalCount 1).Trim()) }

function Stop-WithHint([string] $message, [string] $hint) {
    [Console]::Error.WriteLine("$message`n  $hint")
    exit 1
}

# The Store's stand-in for python.exe ends with 9009 and installs nothing when it is given arguments: it does not fit.
function Test-Python([string] $program, [string[]] $options) {
    $ErrorActionPreference = 'Continue' # 5.1 takes a program's stderr for an error of the script
    try { & $program @options -I -c $fits @wanted 2>$null | Out-Null } catch { return $false }
    return $LASTEXITCODE -eq 0
}

function Get-Inside([string] $folder, [string] $pattern) {
    if (Test-Path -LiteralPath $folder) { Get-ChildItem -LiteralPath $folder -Filter $pattern -Recurse:($pattern -eq 'uv.exe') }
}

function Find-Python {
    $env:PYTHON_MANAGER_AUTOMATIC_INSTALL = 'false' # the launcher is asked what there is, not to install it
    $candidates = @(, @((Join-Path $here 'python\python.exe')))
    foreach ($folder in @(Get-Inside $private 'cpython-*')) {
        $candidates += , @((Join-Path $folder.FullName 'python.exe'))
    }
    foreach ($version in '-3', '-3.14', '-3.13', '-3.12', '-3.11', '-3.10') { $candidates += , @('py', $version) }
    $candidates += , @('python3')
    $candidates += , @('python')
    foreach ($candidate in $candidates) {
        $options = @($candidate | Select-Object -Skip 1)
        # All of a name: the Store's stand-in often comes before a real Python.
        foreach ($program in @(Get-Command -All -Name $candidate[0] -CommandType Application -ErrorAction SilentlyContinue)) {
            if (Test-Python $program.Source $options) { return @($program.Source) + $options }
        }
    }
}

function Get-Uv {
    $row = Get-Content -LiteralPath (Join-Path $here 'installer\downloads.txt') -Encoding UTF8 |
        Where-Object { $_.StartsWith('uv win_amd64 ') }
    if (-not $row) { Stop-WithHint '向导的文件不完整。' '请重新下载向导，再试。' }
    $wheel, $expected = $row.Split(' ')[2, 3]
    $index = if ($env:PIP_INDEX_URL) { $env:PIP_INDEX_URL } else { 'https://pypi.org/simple' }
    $page = [Uri]($index.TrimEnd('/') + '/uv/')
    $archive = Join-Path $private 'uv.zip'
    $hint = "请检查网络，或换用镜像：set PIP_INDEX_URL=你的镜像地址；也可以$ownPython。"
    # 5.1 offers TLS 1.2 only where it is told to.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072
    try {
        $html = (Invoke-WebRequest -UseBasicParsing -Uri $page -Headers @{ Accept = 'text/html' }).Content
        $link = [regex]::Match($html, 'href="([^"#]*/' + [regex]::Escape($wheel) + ')["#]').Groups[1].Value
        if (-not $link) { Stop-WithHint "下载源里没有 $wheel。" $hint }
        # Mirrors write the address relative to the page's.
        Invoke-WebRequest -UseBasicParsing -Uri (New-Object Uri $page, $link) -OutFile $archive
    } catch {
        Stop-WithHint '没有可用的 Python；要下载一个，但没有下载成。' $hint
    }
    if ((Get-FileHash -LiteralPath $archive -Algorithm SHA256).Hash -ne $expected) {
        Remove-Item -LiteralPath $archive
        Stop-WithHint "下载的 $wheel 和登记的校验值不符，已经删掉，没有运行它。" $hint
    }
    $draft = Join-Path $private 'uv-new' # renamed when whole, so that an interrupted one is never run
    if (Test-Path -LiteralPath $draft) { Remove-Item -LiteralPath $draft -Recurse }
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    [IO.Compression.ZipFile]::ExtractToDirectory($archive, $draft)
    Move-Item -LiteralPath $draft -Destination (Join-Path $private 'uv')
    Remove-Item -LiteralPath $archive
}

function Get-Python {
    if ($env:PROCESSOR_ARCHITECTURE -eq 'x86' -and -not $env:PROCESSOR_ARCHITEW6432) {
        Stop-WithHint '这是 32 位的 Windows，向导用的组件没有它能用的版本。' '请换一台 64 位的电脑。'
    }
    [Console]::Error.WriteLine('没有找到可用的 Python，现在下载一个，放在向导自己的文件夹里，通常 1–3 分钟。')
    try {
        New-Item -ItemType Directory -Force -Path $private | Out-Null
        Set-Content -LiteralPath (Join-Path $private 'log') -Value ''
    } catch {
        Stop-WithHint "没有写入 $here 的权限，或者磁盘满了。" '请把向导移到自己的文件夹，比如文档，或清理磁盘，再试。'
    }
    $folder = Join-Path $private 'uv'
    if (-not (Get-Inside $folder 'uv.exe')) { Get-Uv }
    $program = @(Get-Inside $folder 'uv.exe')[0].FullName
    $env:UV_PYTHON_INSTALL_DIR = $private
    $env:UV_CACHE_DIR = Join-Path $private 'cache'
    $env:UV_PYTHON_INSTALL_BIN = '0'
    $env:UV_PYTHON_INSTALL_REGISTRY = '0'
    $env:UV_NO_CONFIG = '1'
    $env:UV_SYSTEM_CERTS = '1'
    $version = if ($wanted) { $wanted[0] } else { '3.11' }
    $log = Join-Path $private 'log'
    $ErrorActionPreference = 'Continue'
    & $program python install "cpython-$version-windows-x86_64" 2>&1 | Out-File -LiteralPath $log -Encoding utf8
    $python = Find-Python
    if ($python) { return $python }
    if (Select-String -LiteralPath $log -SimpleMatch -Quiet -Pattern 'os error 112') {
        Stop-WithHint '磁盘满了，Python 没有装成。' '请清理出 1.5 GB 以上的空间，再运行同一条命令。'
    }
    $hint = "请检查网络，或设 UV_PYTHON_INSTALL_MIRROR=镜像地址；也可以$ownPython；" +
        '不能上网的电脑用离线安装包（docs\install.md）。详情见 .xiangdao-python\log。'
    Stop-WithHint 'Python 没有下载成。' $hint
}

function New-Shortcut {
    $shell = New-Object -ComObject WScript.Shell
    foreach ($folder in [Environment]::GetFolderPath('Programs'), [Environment]::GetFolderPath('Desktop')) {
        try {
            # Saved under an ASCII name first: WScript.Shell cannot save Chinese ones where Windows is in another language.
            $draft = Join-Path $folder 'xiangdao-new.lnk'
            $link = $shell.CreateShortcut($draft)
            $link.TargetPath = Join-Path $here 'start.cmd'
            $link.WorkingDirectory = $here
            $link.IconLocation = Join-Path $here 'installer\xiangdao.ico'
            $link.Description = '陪中小企业做数字化转型的离线中文助手'
            $link.Save()
            Move-Item -Force -LiteralPath $draft -Destination (Join-Path $folder '向导.lnk')
        } catch {
            Stop-WithHint "没有写成快捷方式：$folder。" '请检查这个文件夹的权限和磁盘空间，再试。'
        }
        [Console]::Error.WriteLine("已放好快捷方式：$(Join-Path $folder '向导.lnk')")
    }
}

$python = @(Find-Python)
if (-not $python) { $python = @(Get-Python) }
if ($args.Count -and $args[0] -eq '--shortcut') {
    New-Shortcut
    exit 0
}
$program = $python[0]
$options = @($python | Select-Object -Skip 1)
$ErrorActionPreference = 'Continue'
& $program @options (Join-Path $here 'start.py') @args
exit $LASTEXITCODE
