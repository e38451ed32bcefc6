"""The calls of Windows that native installers need (shell32, kernel32, userenv, winreg). Run under wine."""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, Structure, byref, c_int, c_ulong, c_void_p, c_wchar, c_wchar_p, sizeof
from pathlib import Path
from typing import BinaryIO, Final

from xieka.apps.native.windows import Listed

if sys.platform == "win32":
    import msvcrt
    import os
    import winreg

    _KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Uninstall"
    _VARIABLE: Final = re.compile("%([^%]+)%")
    _MASK: Final = 0x40 | 0x100 | 0x400  # SEE_MASK_NOCLOSEPROCESS, _NOASYNC (no message loop here), _FLAG_NO_UI
    _COM: Final = 2 | 4  # COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE
    _SHOWN: Final = 1  # SW_SHOWNORMAL
    _INFINITE: Final = 0xFFFFFFFF
    _LONGEST: Final = 32_767
    _READ, _SHARE_READ, _OPEN_EXISTING = 0x80000000, 1, 3

    class _Execute(Structure):
        """SHELLEXECUTEINFOW."""

        _fields_ = (
            ("size", c_ulong), ("mask", c_ulong), ("window", c_void_p), ("verb", c_wchar_p), ("file", c_wchar_p),
            ("parameters", c_wchar_p), ("directory", c_wchar_p), ("show", c_int), ("instance", c_void_p),
            ("list", c_void_p), ("class_name", c_wchar_p), ("key", c_void_p), ("hot_key", c_ulong),
            ("icon", c_void_p), ("process", c_void_p),
        )  # fmt: skip

    def look(key: str) -> Listed | None:
        """`key` in the list for all users, which administrators alone can write; None: it is not there."""
        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
            try:
                with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, rf"{_KEY}\{key}", 0, winreg.KEY_READ | view) as entry:
                    names = ("DisplayVersion", "QuietUninstallString", "UninstallString")
                    return Listed(*(_text(entry, name) for name in names))
            except OSError:
                continue
        return None

    def msiexec() -> str:
        """Its whole path. Not by the environment, which is the user's."""
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        buffer = ctypes.create_unicode_buffer(_LONGEST)
        if not kernel32.GetSystemDirectoryW(buffer, _LONGEST):
            raise OSError(ctypes.get_last_error(), "GetSystemDirectoryW")
        return str(Path(buffer.value) / "msiexec.exe")

    def _text(entry: winreg.HKEYType, name: str) -> str:
        try:
            value, kind = winreg.QueryValueEx(entry, name)
        except OSError:
            return ""
        if kind == winreg.REG_EXPAND_SZ and isinstance(value, str):
            return _expanded(value)
        return value if kind == winreg.REG_SZ and isinstance(value, str) else ""

    def _expanded(text: str) -> str:
        """With the system's variables alone: the user can set his own to any folder of his."""
        variables = _system_variables()
        return _VARIABLE.sub(lambda match: variables.get(match[1].upper(), match[0]), text)

    def _system_variables() -> dict[str, str]:
        """By their names in capitals."""
        userenv = ctypes.WinDLL("userenv", use_last_error=True)
        userenv.CreateEnvironmentBlock.argtypes = [POINTER(c_void_p), c_void_p, c_int]
        userenv.DestroyEnvironmentBlock.argtypes = [c_void_p]
        block = c_void_p()
        # No user's token: the system's own.
        if not userenv.CreateEnvironmentBlock(byref(block), None, 0):
            return {}
        found, place = {}, block.value or 0
        while line := ctypes.wstring_at(place):
            name, _, value = line.partition("=")
            found[name.upper()] = value
            place += (len(line) + 1) * sizeof(c_wchar)
        userenv.DestroyEnvironmentBlock(block)
        return found

    def run(program: str, parameters: str) -> int:
        """Waits for its end. Gives its exit code, or the error of Windows when it did not begin."""
        shell32 = ctypes.WinDLL("shell32", use_last_error=True)
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        asked = _Execute(
            size=sizeof(_Execute), mask=_MASK, verb="runas", file=program,
            parameters=parameters, directory=str(Path(program).parent), show=_SHOWN,
        )  # fmt: skip
        shell32.ShellExecuteExW.argtypes = [POINTER(_Execute)]
        # Extensions of the shell may want COM, which is a thread's own.
        ole32 = ctypes.WinDLL("ole32")
        ole32.CoInitializeEx.argtypes = [c_void_p, c_ulong]
        joined = ole32.CoInitializeEx(None, _COM) >= 0
        try:
            if not shell32.ShellExecuteExW(byref(asked)):
                return ctypes.get_last_error() or 1
        finally:
            if joined:
                ole32.CoUninitialize()
        if not asked.process:
            return 0
        kernel32.WaitForSingleObject.argtypes = [c_void_p, c_ulong]
        kernel32.GetExitCodeProcess.argtypes = [c_void_p, POINTER(c_ulong)]
        kernel32.CloseHandle.argtypes = [c_void_p]
        code = c_ulong(1)
        kernel32.WaitForSingleObject(asked.process, _INFINITE)
        kernel32.GetExitCodeProcess(asked.process, byref(code))
        kernel32.CloseHandle(asked.process)
        return code.value

    @contextmanager
    def hold(path: Path) -> Iterator[BinaryIO]:
        """The file, open so that others can read it and nobody can write, rename or delete it."""
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel32.CreateFileW.restype = c_void_p
        kernel32.CreateFileW.argtypes = [c_wchar_p, c_ulong, c_ulong, c_void_p, c_ulong, c_ulong, c_void_p]
        handle = kernel32.CreateFileW(str(path), _READ, _SHARE_READ, None, _OPEN_EXISTING, 0, None)
        if handle in (None, c_void_p(-1).value):
            raise OSError(ctypes.get_last_error(), "CreateFileW", str(path))
        with os.fdopen(msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY), "rb") as file:
            yield file
