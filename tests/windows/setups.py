"""Real setup programs for Windows: MSI packages by wixl, others by NSIS, each with a program that waits to be told."""

from __future__ import annotations

import subprocess
from pathlib import Path

PRODUCT = "{12345678-1234-1234-1234-1234567890AB}"
KEY = "Xieka Lianxi"
MSI_ENTRY = r"%ProgramFiles%\Lianxi One\demo.exe"
EXE_ENTRY = r"%ProgramFiles%\练习 二\程序.exe"

# Ends with the number it is given, or waits until its input ends.
_PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
int main(int n, char **words) {
  if (n > 1) return atoi(words[1]);
  while (getchar() != EOF) {}
  return 0;
}
"""

_WXS = """<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="{product}" Name="练习程序" Language="2052" Codepage="936" Version="{version}" Manufacturer="练习发布方"
      UpgradeCode="{{12345678-1234-1234-1234-1234567890AC}}">
    <Package InstallerVersion="200" Compressed="yes" InstallScope="perMachine" />
    <Media Id="1" Cabinet="one.cab" EmbedCab="yes" />
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="ProgramFiles64Folder">
        <Directory Id="INSTALLDIR" Name="Lianxi One">
          <Component Id="Main" Guid="{{12345678-1234-1234-1234-1234567890AD}}" Win64="yes">
            <File Id="Program" Source="program.exe" Name="demo.exe" KeyPath="yes" />
            <RegistryValue Root="HKLM" Key="Software\\Lianxi" Name="Told" Type="string"
              Value="[ALLUSERS] [COLOUR] {version}" />
          </Component>
        </Directory>
      </Directory>
    </Directory>
    <Feature Id="All" Level="1"><ComponentRef Id="Main" /></Feature>
  </Product>
</Wix>
"""

_NSI = r"""
Unicode true
Target amd64-unicode
Name "练习程序"
OutFile "{out}"
RequestExecutionLevel admin
InstallDir "$PROGRAMFILES64\练习 二"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\{key}"
Section
  SetRegView 64
  {before}
  SetOutPath "$INSTDIR"
  File "/oname=程序.exe" "{program}"
  WriteUninstaller "$INSTDIR\卸载.exe"
  FindFirst $0 $1 "$EXEDIR\*.*"
  loop:
    StrCmp $1 "" done
    StrCpy $2 "$2$1|"
    FindNext $0 $1
    Goto loop
  done:
  FindClose $0
  WriteRegStr HKLM "Software\Lianxi" "Beside" "$2"
  WriteRegStr HKLM "Software\Lianxi" "Told" "$CMDLINE"
  WriteRegStr HKLM "${{KEY}}" "DisplayVersion" "{version}"
  WriteRegExpandStr HKLM "${{KEY}}" "UninstallString" '"%ProgramFiles%\练习 二\卸载.exe"'
  WriteRegStr HKLM "${{KEY}}" "QuietUninstallString" '{quiet}'
  {after}
SectionEnd
Function un.onInit
  {silent}
FunctionEnd
Section Uninstall
  SetRegView 64
  {removing}
  Delete "$INSTDIR\程序.exe"
  Delete "$INSTDIR\卸载.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKLM "${{KEY}}"
  DeleteRegKey HKLM "Software\Lianxi"
SectionEnd
"""


def program(folder: Path) -> Path:
    """A program for Windows, compiled once in this folder."""
    path = folder / "program.exe"
    if not path.exists():
        source = folder / "program.c"
        source.write_text(_PROGRAM)
        subprocess.run(["x86_64-w64-mingw32-gcc", "-Os", "-s", "-o", path, source], check=True, capture_output=True)
    return path


def msi(folder: Path, version: str = "1.0.0") -> Path:
    """A package for all users, its names plain: wixl writes others wrongly."""
    program(folder)
    source = folder / "package.wxs"
    source.write_text(_WXS.format(product=PRODUCT, version=version), encoding="utf-8")
    # As downloads are kept: by their hash, without an ending.
    built = folder / f"msi-{version}"
    command = ["wixl", "-a", "x64", "-o", built.name, source.name]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return built


def setup(
    folder: Path, version: str = "1.0", *, before: str = "", after: str = "", removing: str = "",
    quiet: str = r'"$INSTDIR\卸载.exe" /S',
) -> Path:  # fmt: skip
    """A setup program; `before`, `after`, `removing`: more of what it does, in NSIS's own words. Nothing asks."""
    built = folder / f"exe-{version}-{len(list(folder.glob('exe-*')))}"
    source = folder / "setup.nsi"
    source.write_text(
        _NSI.format(
            out=built, key=KEY, program=program(folder), version=version, before=before, after=after,
            removing=removing, quiet=quiet, silent="" if quiet else "SetSilent silent",
        ),
        encoding="utf-8",
    )  # fmt: skip
    done = subprocess.run(
        ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", source], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    return built
