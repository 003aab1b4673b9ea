@echo off
rem Starts Xiangdao on Windows: everything is done by start.ps1, and given to start.py.
rem This file stays ASCII: cmd reads it in the code page of the machine.
setlocal
set "POWERSHELL=%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe"
if not exist "%POWERSHELL%" set "POWERSHELL=powershell.exe"
"%POWERSHELL%" -NoLogo -NoProfile -ExecutionPolicy Bypass -File "%~dp0start.ps1" %*
set "STATUS=%ERRORLEVEL%"
rem Started by a double click, the window would close before anybody has read the message.
if not "%STATUS%"=="0" if "%~1"=="" pause
exit /b %STATUS%
