"""Debian packages through the real dpkg and apt, as root of a mount namespace: installed whole, or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.apps.native.computer import Computer, package, sha256
from xieka.apps.native.deb import SCRIPT

HERE = """dpkg-query -W -f '${db:Status-Status} ${Version}' xieka-lianxi 2>/dev/null
tail -n 1 /opt/xieka-lianxi/程序 2>/dev/null"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computer]:
    computer = Computer(tmp_path_factory.mktemp("电脑 一"))
    yield computer
    computer.end()


@pytest.fixture
def computer(machine: Computer) -> Computer:
    """With nothing on it."""
    machine.shell("dpkg --purge --force-all xieka-lianxi ling-yi; rm -rf /opt/*")
    machine.shell(f"rm -rf '{machine.folder}/books'")
    return machine


def state(computer: Computer) -> str:
    return computer.shell(HERE)


def test_installed_updated_removed(computer: Computer, tmp_path: Path) -> None:
    told = computer.install(package(tmp_path))["value"]
    assert told[0] == 0
    assert told == sorted(told)
    assert told[-1] > 50
    assert state(computer) == "installed 1.0echo 1.0"
    assert computer.call("check", id_="lianxi") == {"value": "ok"}
    assert "value" in computer.install(package(tmp_path, version="2.0"), version="2.0")
    assert state(computer) == "installed 2.0echo 2.0"
    (one,) = computer.call("installed")["value"]
    assert (one["version"], one["before"]) == ("2.0", None)
    assert computer.call("uninstall", id_="lianxi", purge=False) == {"value": True}
    assert computer.shell("cat /opt/xieka-lianxi/*; ls /opt/xieka-lianxi") == "[as shipped]\n设置.ini"
    assert computer.call("installed") == {"value": []}
    assert computer.call("uninstall", id_="lianxi", purge=False) == {"error": "E-INS-16"}


def test_purge_takes_the_settings_too(computer: Computer, tmp_path: Path) -> None:
    computer.install(package(tmp_path))
    assert computer.call("uninstall", id_="lianxi", purge=True) == {"value": True}
    assert computer.shell("ls /opt") == ""


def test_a_broken_one_is_put_right_by_the_same_version(computer: Computer, tmp_path: Path) -> None:
    deb = package(tmp_path)
    computer.install(deb)
    computer.shell("rm /opt/xieka-lianxi/程序; echo '[mine]' >/opt/xieka-lianxi/设置.ini")
    assert computer.call("check", id_="lianxi") == {"value": "missing"}
    assert "value" in computer.install(deb)
    assert computer.call("check", id_="lianxi") == {"value": "ok"}
    assert computer.shell("cat /opt/xieka-lianxi/设置.ini") == "[mine]"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("another file", "E-INS-41"),
        ("another name", "E-INS-41"),
        ("no package", "E-INS-41"),
        ("gone", "E-INS-41"),
        ("another architecture", "E-INS-42"),
        ("needs something else", "E-INS-42"),
        ("would remove another", "E-INS-42"),
        ("overwrites another's file", "E-INS-42"),
        ("preinst fails", "E-INS-42"),
        ("postinst fails", "E-INS-42"),
        ("no room", "E-INS-43"),
    ],
)
def test_refused_and_nothing_is_left(how: str, code: str, computer: Computer, tmp_path: Path) -> None:
    more: dict[str, object] = {}
    deb = package(tmp_path)
    match how:
        case "another file":
            more["sha256"] = "0" * 64
        case "another name":
            deb = package(tmp_path, "ling-yi")
        case "no package":
            deb.write_bytes(b"!<arch>\nnothing")
        case "gone":
            deb = deb.with_name("none.deb")
        case "another architecture":
            deb = package(tmp_path, architecture="riscv64")
        case "needs something else":
            deb = package(tmp_path, more="Depends: something-else")
        case "would remove another":
            computer.shell(f"dpkg -i {package(tmp_path, 'ling-yi')}")
            deb = package(tmp_path, more="Conflicts: ling-yi")
        case "overwrites another's file":
            computer.shell(f"dpkg -i {package(tmp_path, 'ling-yi')}")
            computer.shell(
                "sed -i 's/ling-yi/xieka-lianxi/' /var/lib/dpkg/info/ling-yi.list; mv /opt/ling-yi /opt/xieka-lianxi"
            )
        case "preinst fails" | "postinst fails":
            deb = package(tmp_path, scripts={how.split()[0]: "exit 1"})
        case "no room":
            computer.shell("mount -o remount,size=4k /var/tmp; head -c 9000 /dev/zero >/var/tmp/full")
    before = computer.shell("dpkg-query -W; find /opt -type f")
    try:
        assert computer.install(deb, **more) == {"error": code}
    finally:
        computer.shell("rm -f /var/tmp/full; mount -o remount,size=100% /var/tmp")
    assert computer.shell("dpkg-query -W; find /opt -type f") == before
    assert computer.shell("ls -A /var/tmp") == ""
    assert computer.call("installed") == {"value": []}


@pytest.mark.parametrize(
    ("script", "now"), [("preinst", "installed 1.0echo 1.0"), ("postinst", "half-configured 2.0echo 2.0")]
)
def test_an_update_that_fails(script: str, now: str, computer: Computer, tmp_path: Path) -> None:
    """dpkg takes back what fails before its files are there; after that only the system's administrator can."""
    computer.install(package(tmp_path))
    bad = package(tmp_path, version="2.0", scripts={script: '[ "$1" != configure ] && [ "$1" != upgrade ]'})
    code = "E-INS-42" if script == "preinst" else "E-INS-44"
    assert computer.install(bad, version="2.0") == {"error": code}
    assert state(computer) == now
    assert [one["version"] for one in computer.call("installed")["value"]] == ["1.0"]
    assert computer.call("check", id_="lianxi") == {"value": "ok" if script == "preinst" else "missing"}
    # Trying again, with a package that works, puts it right.
    retried = computer.install(package(tmp_path, version="2.1"), version="2.1")
    assert "value" in retried, retried
    assert state(computer) == "installed 2.1echo 2.1"
    (one,) = computer.call("installed")["value"]
    assert one["before"] is None


def test_what_was_there_before_us_is_not_ours_to_remove(computer: Computer, tmp_path: Path) -> None:
    computer.shell(f"dpkg -i {package(tmp_path, version='0.9')}")
    assert "value" in computer.install(package(tmp_path))
    assert "value" in computer.install(package(tmp_path, version="1.1"), version="1.1")
    assert computer.call("uninstall", id_="lianxi", purge=True) == {"value": False}
    assert state(computer) == "installed 1.1echo 1.1"


def test_removed_by_somebody_else(computer: Computer, tmp_path: Path) -> None:
    computer.install(package(tmp_path))
    computer.shell("dpkg --purge xieka-lianxi")
    assert computer.call("check", id_="lianxi") == {"value": "missing"}
    assert computer.call("uninstall", id_="lianxi", purge=False) == {"value": True}


def test_one_that_another_program_needs_stays(computer: Computer, tmp_path: Path) -> None:
    computer.install(package(tmp_path))
    computer.shell(f"dpkg -i {package(tmp_path, 'ling-yi', more='Depends: xieka-lianxi')}")
    assert computer.call("uninstall", id_="lianxi", purge=False) == {"error": "E-INS-45"}
    assert computer.call("check", id_="lianxi") == {"value": "ok"}


def test_one_that_runs_is_not_replaced(computer: Computer, tmp_path: Path) -> None:
    slow = package(tmp_path)
    computer.install(slow)
    computer.shell(
        "printf '#!/bin/sh\\nsleep 60\\n' >/opt/xieka-lianxi/程序; /opt/xieka-lianxi/程序 >/dev/null 2>&1 & sleep 0.3"
    )
    try:
        assert computer.install(slow) == {"error": "E-INS-15"}
        assert computer.call("uninstall", id_="lianxi", purge=False) == {"error": "E-INS-15"}
    finally:
        computer.shell("pkill -f /opt/xieka-lianxi/程序")


@pytest.mark.parametrize("fails", [False, True])
def test_a_kill_while_the_system_installs(fails: bool, computer: Computer, tmp_path: Path) -> None:
    """The system goes on without us; what came of it is asked at the next start."""
    wait = "touch /opt/waits; while [ -e /opt/waits ]; do sleep 0.05; echo still waiting; done"
    script = f"{wait}; {'exit 1' if fails else ''}"
    deb = package(tmp_path, scripts={"postinst": script})
    computer.call("begin", archive=str(deb), name="xieka-lianxi", sha256=sha256(deb), version="1.0", entry="")
    _until(computer, "[ -e /opt/waits ] && echo yes", "yes")
    computer.call("kill")
    # Started again while the system is still at it: nothing is known yet, and nothing is forgotten.
    assert computer.call("recover") == {"value": []}
    assert computer.call("installed") == {"value": []}
    computer.shell("rm /opt/waits")
    _until(computer, "pgrep -x apt-get || echo none", "none")
    _until(computer, "pgrep -f xieka-[d]eb || echo none", "none")
    assert computer.call("recover") == {"value": []}
    assert [one["version"] for one in computer.call("installed")["value"]] == ([] if fails else ["1.0"])
    assert state(computer) == ("" if fails else "installed 1.0echo 1.0")
    assert computer.shell("ls -A /var/tmp") == ""


def test_settings_that_were_there_before_us_outlast_a_failure(computer: Computer, tmp_path: Path) -> None:
    computer.shell("mkdir -p /opt/xieka-lianxi; echo '[mine]' >/opt/xieka-lianxi/设置.ini")
    deb = package(tmp_path, scripts={"postinst": "exit 1"})
    assert computer.install(deb) == {"error": "E-INS-42"}
    assert computer.shell("cat /opt/xieka-lianxi/设置.ini; ls /opt/xieka-lianxi/程序 2>/dev/null") == "[mine]"


def test_what_is_in_counts_whatever_else_apt_complains_of(computer: Computer, tmp_path: Path) -> None:
    """Somebody else's package was left half configured; ours is whole."""
    other = package(tmp_path, "ling-yi", scripts={"postinst": "exit 1"})
    computer.shell(f"dpkg -i {other}")
    for version in ("1.0", "2.0"):
        assert "value" in computer.install(package(tmp_path, version=version), version=version)
        assert state(computer) == f"installed {version}echo {version}"
    assert [one["version"] for one in computer.call("installed")["value"]] == ["2.0"]


def test_a_removal_that_stops_half_way_is_not_called_done(computer: Computer, tmp_path: Path) -> None:
    computer.install(package(tmp_path, scripts={"postrm": "[ -e /opt/may ]"}))
    for _ in range(2):
        assert computer.call("uninstall", id_="lianxi", purge=False)["error"] in ("E-INS-48", "E-INS-45")
        assert [one["version"] for one in computer.call("installed")["value"]] == ["1.0"]
        assert computer.call("check", id_="lianxi") == {"value": "missing"}
    computer.shell("touch /opt/may")
    assert computer.call("uninstall", id_="lianxi", purge=False) == {"value": True}
    assert state(computer).partition(" ")[0] in ("", "config-files")


def test_a_program_of_the_users_stays_his_through_a_failed_update(computer: Computer, tmp_path: Path) -> None:
    computer.shell(f"dpkg -i {package(tmp_path, version='0.9')}")
    assert "value" in computer.install(package(tmp_path))
    bad = package(tmp_path, version="1.1", scripts={"postinst": "exit 1"})
    assert computer.install(bad, version="1.1") == {"error": "E-INS-44"}
    assert "value" in computer.install(package(tmp_path, version="1.2"), version="1.2")
    assert computer.call("uninstall", id_="lianxi", purge=True) == {"value": False}
    assert state(computer) == "installed 1.2echo 1.2"


def test_root_runs_one_file_of_ours_and_it_may_be_run() -> None:
    assert SCRIPT.stat().st_mode & 0o111 == 0o111


def _until(computer: Computer, script: str, wanted: str) -> None:
    end = time.monotonic() + 20
    while computer.shell(script) != wanted:
        assert time.monotonic() < end, script
        time.sleep(0.05)
