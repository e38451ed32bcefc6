from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import SystemBrowser
from xieka.apps import launch
from xieka.core.errors import XiekaError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "我的 程序"
    (folder / "bin").mkdir(parents=True)
    return folder


def script(folder: Path, body: str, name: str = "bin/运行 我") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)
    return name


def soon(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def start(folder: Path, entry: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
    launch.start(folder, entry, arguments, environment or os.environ)


def test_arguments_arrive_as_they_are_in_the_programs_own_folder(folder: Path) -> None:
    entry = script(folder, 'printf "%s\\n" "$PWD" "$@" > out.new; mv out.new out')
    start(folder, entry, "a b", "$(touch x)", "'; rm -rf .", "中文")
    soon((folder / "out").exists)
    lines = (folder / "out").read_text("utf-8").splitlines()
    assert lines == [str(folder), "a b", "$(touch x)", "'; rm -rf .", "中文"]
    assert not (folder / "x").exists()


def test_the_environment_is_clean_and_names_our_command(folder: Path) -> None:
    entry = script(folder, "env > out.new; mv out.new out")
    ours = {
        "QT_QPA_PLATFORM": "x",
        "PYTHONPATH": "x",
        "XIEKA_TEST_CDP_PORT": "1",
        "LD_PRELOAD": "",
        "LANG": "zh_CN.UTF-8",
    }
    start(folder, entry, environment={**os.environ, **ours, "XIEKA_HOME": "/x"})
    soon((folder / "out").exists)
    found = dict(line.split("=", 1) for line in (folder / "out").read_text("utf-8").splitlines() if "=" in line)
    assert not {"QT_QPA_PLATFORM", "PYTHONPATH", "XIEKA_TEST_CDP_PORT", "LD_PRELOAD"} & set(found)
    assert (found["LANG"], found["XIEKA_HOME"]) == ("zh_CN.UTF-8", "/x")
    command = launch.own_command()
    assert command is not None
    assert found[launch.CLI] == str(command)
    assert str(command.parent) not in found["PATH"].split(":")


def test_a_running_program_is_not_waited_for_and_outlives_the_call(folder: Path) -> None:
    entry = script(folder, "sleep 3; touch out")
    began = time.monotonic()
    start(folder, entry)
    assert time.monotonic() - began < 2.5
    soon((folder / "out").exists)


@pytest.mark.parametrize(
    ("body", "code"),
    [("exit 3", "E-RUN-02"), (None, "E-RUN-01")],
)
def test_what_goes_wrong_is_told(folder: Path, body: str | None, code: str) -> None:
    entry = script(folder, body) if body else "bin/nothing"
    with pytest.raises(XiekaError) as error:
        start(folder, entry)
    assert error.value.code == code


def test_what_may_not_run_is_told(folder: Path) -> None:
    entry = script(folder, "true")
    (folder / entry).chmod(0o644)
    with pytest.raises(XiekaError, match="E-RUN-01"):
        start(folder, entry)


def test_a_page_is_opened_in_the_browser(
    folder: Path, system_browser: SystemBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "文件 指纹.html").write_text("<!doctype html>")
    # Popen looks for the program in our own PATH, as it does in the product.
    monkeypatch.setenv("PATH", system_browser.path())
    start(folder, "文件 指纹.html")
    soon(lambda: bool(system_browser.opened()))
    assert system_browser.opened() == [str(folder / "文件 指纹.html")]
