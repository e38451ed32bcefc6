"""Installed programs and pages, started on Windows from folders with spaces and Chinese characters."""

from __future__ import annotations

import pytest

from tests.windows import setups
from tests.windows.computer import PYTHON, Windows, soon, windows_path

pytestmark = pytest.mark.long

START = """
import os, time
from pathlib import Path
from xieka.apps import launch
from xieka.core.errors import XiekaError
try:
    launch.start(Path(folder), entry, arguments, dict(os.environ))
    value = None
except XiekaError as error:
    value = [error.code, error.params.get("status")]
"""
# What Windows opens a page with: it notes the page.
VIEWER = r"""
import winreg
from pathlib import Path
Path(script).write_text("import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2], 'utf-8')", "utf-8")
for key, text in ((".html", "Pages"), (r"Pages\shell\open\command", f'"{python}" "{script}" "{note}" "%1"')):
    with winreg.CreateKey(winreg.HKEY_LOCAL_MACHINE, rf"Software\Classes\{key}") as entry:
        winreg.SetValueEx(entry, "", 0, winreg.REG_SZ, text)
value = None
"""


def test_a_program_and_a_page(windows: Windows) -> None:
    folder = windows.folder / "我的 程序"
    folder.mkdir()
    setups.program(folder).rename(folder / "报告 一.exe")
    page = folder / "说明 一.html"
    page.write_text("<p>一", "utf-8")
    place = windows_path(folder)
    assert windows.value(START, folder=place, entry="报告 一.exe", arguments=["0"]) is None
    assert windows.value(START, folder=place, entry="报告 一.exe", arguments=["7"]) == ["E-RUN-02", 7]
    assert windows.value(START, folder=place, entry="没有.exe", arguments=[]) == ["E-RUN-01", None]
    page.with_suffix(".exe").write_text("no program")
    assert windows.value(START, folder=place, entry="说明 一.exe", arguments=[]) == ["E-RUN-01", None]

    note = windows.drive / "opened.txt"
    python = windows_path(PYTHON.with_name("pythonw.exe"))
    windows.value(VIEWER, script="C:\\viewer.py", note="C:\\opened.txt", python=python)
    assert windows.value(START, folder=place, entry=page.name, arguments=[]) is None
    assert soon(lambda: note.exists() and note.read_text("utf-8") != "")
    assert note.read_text("utf-8") == windows_path(page)
