; The Windows installer of an offline bundle; installer/nsis.py gives BUNDLE, PARTS, OUT, VERSION and SIZE_KB.
; For one user and without administrator rights. Not signed: Windows asks before it runs it for the first time.
Unicode true
RequestExecutionLevel user
SetCompressor zlib
Name "向导"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Xiangdao"
InstallDirRegKey HKCU "Software\Xiangdao" "InstallDir"
ManifestDPIAware true
BrandingText "向导 ${VERSION}"

!include "MUI2.nsh"
!include "${PARTS}"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Xiangdao"
!define MUI_ICON "${__FILEDIR__}/xiangdao.ico"
!define MUI_UNICON "${__FILEDIR__}/xiangdao.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\start.cmd"
!define MUI_FINISHPAGE_RUN_TEXT "启动向导（第一次要准备 1–3 分钟，不用联网）"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

Section
  AddSize 1000000 ; KB: the environment that start.py makes at the first start
  SetOutPath "$INSTDIR"
  ClearErrors
  FileOpen $0 "$INSTDIR\xiangdao-write-test" w
  IfErrors 0 writable
    MessageBox MB_ICONSTOP|MB_OK "没有写入 $INSTDIR 的权限。请换一个自己的文件夹，再安装。" /SD IDOK
    Abort "没有写入 $INSTDIR 的权限"
  writable:
  FileClose $0
  Delete "$INSTDIR\xiangdao-write-test"
  ; An older version goes first, so that none of its modules lingers; its environment stays, and start.py updates it.
  !insertmacro RemoveProgram
  SetCompress auto
  File /r /x wheels "${BUNDLE}/*"
  ; Wheels are zip files: packing them again costs minutes and saves nothing.
  SetCompress off
  SetOutPath "$INSTDIR\wheels"
  File /r "${BUNDLE}/wheels/*"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\向导.lnk" "$INSTDIR\start.cmd" "" "$INSTDIR\installer\xiangdao.ico"
  CreateShortcut "$DESKTOP\向导.lnk" "$INSTDIR\start.cmd" "" "$INSTDIR\installer\xiangdao.ico"
  WriteRegStr HKCU "Software\Xiangdao" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "向导"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\installer\xiangdao.ico"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "Xiangdao"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  !insertmacro RemoveProgram
  !insertmacro RemoveEnvironment
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\向导.lnk"
  Delete "$DESKTOP\向导.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Xiangdao"
  MessageBox MB_ICONINFORMATION|MB_OK "向导已卸载。您的对话和资料还在；要一起删掉，请删掉数据文件夹（默认在 $LOCALAPPDATA 里的 xiangdao）。" /SD IDOK
SectionEnd
