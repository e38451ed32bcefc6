"""`xieka apps` against the real practice service: install, start, update nothing, remove; offline it says so."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.cli.command import answer, error, xieka
from tests.conftest import Practice, SystemBrowser
from xieka.apps.installed import Operation
from xieka.apps.portable.journal import Journal
from xieka_demo.online import PracticeService

REPORT = "practice/report"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "家 home"
    home.mkdir()
    return home


def states(practice: Practice, home: Path) -> dict[str, str]:
    listed = answer(xieka(practice, "apps", "list", "--json", HOME=str(home)))
    return {one["name"]: one["state"] for one in listed["programs"]}


def test_installed_started_and_removed(
    practice: Practice, service: PracticeService, home: Path, system_browser: SystemBrowser
) -> None:
    done = answer(xieka(practice, "apps", "install", REPORT, "--yes", "--json", HOME=str(home)))
    assert (done["program"]["state"], done["entry"]["state"]) == ("installed", "ok")
    assert states(practice, home) == {
        "practice/upgrade": "installed", REPORT: "installed", "practice/fingerprint": "available",
        "practice/inventory": "available",
    }  # fmt: skip
    program = home / "协卡应用" / "证书巡检报告"
    assert os.access(program / "证书巡检报告", os.X_OK)

    path = system_browser.path()
    answer(xieka(practice, "apps", "open", f"program:{REPORT}", "--json", HOME=str(home), PATH=path))
    end = time.monotonic() + 30
    while not system_browser.opened():
        assert time.monotonic() < end
        time.sleep(0.1)
    report = Path(system_browser.opened()[0])
    assert "上海沪申示例贸易有限公司" in report.read_text("utf-8"), "it has asked this very program about the Ukeys"

    code = program / "report.py"
    whole = code.read_bytes()
    code.write_bytes(whole + b"\nimport os\n")
    assert (
        error(xieka(practice, "apps", "open", f"program:{REPORT}", "--json", HOME=str(home), PATH=path)) == "E-RUN-04"
    )
    code.write_bytes(whole)
    (program / "我的.txt").write_text("mine")
    removed = answer(xieka(practice, "apps", "remove", f"program:{REPORT}", "--json", HOME=str(home)))
    assert removed["left"] == str(program)
    assert [path.name for path in program.iterdir()] == ["我的.txt"]
    assert states(practice, home)[REPORT] == "available"


def test_looking_and_opening_touch_nothing_that_is_half_done(
    practice: Practice, service: PracticeService, home: Path
) -> None:
    """What a kill left waits for the window, or for a command that changes something."""
    answer(xieka(practice, "apps", "install", "practice/fingerprint", "--yes", "--json", HOME=str(home)))
    books = practice.folders.data / "apps"
    half = Operation(
        id="other", name="另一个", kind="install", phase="prepare", folder=str(home / "协卡应用" / "x"), token="0" * 16
    )
    Journal(books / "journal.json").put(half)
    half.staging.mkdir()
    answer(xieka(practice, "apps", "list", "--json", HOME=str(home)))
    assert error(xieka(practice, "apps", "open", "link:no-such", "--json", HOME=str(home))) == "E-SAV-04"
    assert half.staging.is_dir()
    assert Journal(books / "journal.json").operations() == (half,)
    answer(xieka(practice, "apps", "remove", "program:practice/fingerprint", "--json", HOME=str(home)))
    assert not half.staging.exists()


def test_the_builtin_is_taken_out_and_put_back(practice: Practice, service: PracticeService, home: Path) -> None:
    """REQ-079…086."""
    answer(xieka(practice, "apps", "remove", "builtin:upgrade", "--json", HOME=str(home)))
    listed = answer(xieka(practice, "apps", "list", "--json", HOME=str(home)))
    assert listed["entries"] == []
    done = answer(xieka(practice, "apps", "install", "practice/upgrade", "--yes", "--json", HOME=str(home)))
    assert done["entry"]["id"] == "builtin:upgrade"


def test_a_chosen_folder_and_a_forbidden_one(practice: Practice, service: PracticeService, home: Path) -> None:
    data = practice.folders.data / "x"
    command = ("apps", "install", "practice/fingerprint", "--yes", "--json", "--folder")
    assert error(xieka(practice, *command, str(data), HOME=str(home))) == "E-INS-13"
    assert not data.exists()
    chosen = home / "自选" / "指纹"
    answer(xieka(practice, *command, str(chosen), HOME=str(home)))
    assert (chosen / "文件指纹.html").is_file()


def test_nothing_is_installed_without_a_yes(practice: Practice, service: PracticeService, home: Path) -> None:
    assert error(xieka(practice, "apps", "install", REPORT, "--json", HOME=str(home))) == "E-CLI-08"
    assert list(home.iterdir()) == []
    assert (
        error(xieka(practice, "apps", "install", "practice/no-such", "--yes", "--json", HOME=str(home))) == "E-INS-30"
    )


def test_offline_it_says_so(practice: Practice, stopped_service: PracticeService, home: Path) -> None:
    assert error(xieka(practice, "apps", "install", REPORT, "--yes", "--json", HOME=str(home))).startswith("E-NET-")
    listed = answer(xieka(practice, "apps", "list", "--json", HOME=str(home)))
    assert [one["id"] for one in listed["entries"]] == ["builtin:upgrade"]
    for entry, code in (("link:no-such", "E-SAV-04"), ("builtin:upgrade", "E-WIN-01")):
        assert error(xieka(practice, "apps", "open", entry, "--json", HOME=str(home))) == code
