from __future__ import annotations

import os
from pathlib import Path

import pytest

from xieka.desktop.engine import Machine, apply, settings

RESTRICTED = {"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n"}


def computer(root: Path, files: dict[str, str], uid: int = 1000) -> Machine:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return Machine(root, uid)


def started(
    machine: Machine, inherited: dict[str, str] | None = None, *, checkout: bool = True
) -> tuple[dict[str, str], list[str]]:
    """(environment the engine starts with, remarks)."""
    environment = dict(inherited or {})
    variables, remarks = settings(machine, environment, checkout=checkout)
    apply(variables, environment)
    return environment, remarks


@pytest.mark.parametrize(
    ("files", "uid", "off"),
    [
        pytest.param({}, 1000, False, id="Debian 12"),
        pytest.param({}, 0, True, id="root"),
        pytest.param(RESTRICTED | {"proc/self/attr/current": "unconfined\n"}, 1000, True, id="Ubuntu 24.04"),
        pytest.param(RESTRICTED, 1000, True, id="Ubuntu 24.04, label not readable"),
        pytest.param(
            RESTRICTED | {"proc/self/attr/current": "xieka (unconfined)\n"}, 1000, False, id="with a profile of ours"
        ),
        pytest.param(
            {"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "0\n"}, 1000, False, id="restriction off"
        ),
        pytest.param({"proc/sys/kernel/unprivileged_userns_clone": "0\n"}, 1000, True, id="hardened Debian kernel"),
        pytest.param({"proc/sys/user/max_user_namespaces": "0\n"}, 1000, True, id="no namespaces at all"),
    ],
)
def test_the_sandbox_is_off_only_where_it_cannot_work(
    files: dict[str, str], uid: int, off: bool, tmp_path: Path
) -> None:
    environment, remarks = started(computer(tmp_path, files, uid))
    # Qt takes even an empty variable for a yes.
    assert ("QTWEBENGINE_DISABLE_SANDBOX" in environment) is off
    assert any("sandbox off" in remark for remark in remarks) is off
    assert "no-sandbox" not in environment["QTWEBENGINE_CHROMIUM_FLAGS"]


def test_without_a_graphics_card_everything_is_drawn_in_software(tmp_path: Path) -> None:
    variables, _ = started(computer(tmp_path, {}))
    assert "--disable-gpu" in variables["QTWEBENGINE_CHROMIUM_FLAGS"]
    assert variables["QT_QUICK_BACKEND"] == "software"
    card = computer(tmp_path, {"dev/dri/renderD128": ""})
    variables, _ = started(card)
    assert "--disable-gpu" not in variables["QTWEBENGINE_CHROMIUM_FLAGS"]
    assert "QT_QUICK_BACKEND" not in variables


@pytest.mark.skipif(os.getuid() == 0, reason="root may open every device")
def test_a_card_that_may_not_be_opened_counts_as_none(tmp_path: Path) -> None:
    card = computer(tmp_path, {"dev/dri/renderD128": ""})
    (tmp_path / "dev/dri/renderD128").chmod(0)
    assert not card.has_graphics_card()


def test_the_debugging_port_exists_only_in_a_checkout(tmp_path: Path) -> None:
    asked = {"XIEKA_TEST_CDP_PORT": "9333"}
    machine = computer(tmp_path, {})
    variables, remarks = started(machine, asked)
    assert variables["QTWEBENGINE_REMOTE_DEBUGGING"] == "127.0.0.1:9333"
    assert any("TEST BUILD" in remark for remark in remarks)
    variables, remarks = started(machine, asked, checkout=False)
    assert "QTWEBENGINE_REMOTE_DEBUGGING" not in variables
    assert any("ignored" in remark for remark in remarks)


@pytest.mark.parametrize(
    "inherited",
    [
        {"QTWEBENGINE_REMOTE_DEBUGGING": "0.0.0.0:9222"},
        {"QTWEBENGINE_CHROMIUM_FLAGS": "--remote-debugging-port=9222 --no-sandbox"},
        {"QTWEBENGINE_DISABLE_SANDBOX": "1"},
        {"XIEKA_TEST_CDP_PORT": "9222 --no-sandbox"},
    ],
    ids=lambda value: next(iter(value)),
)
def test_nothing_weakening_is_taken_over_from_the_environment(inherited: dict[str, str], tmp_path: Path) -> None:
    environment, _ = started(computer(tmp_path, {}), inherited)
    assert "QTWEBENGINE_REMOTE_DEBUGGING" not in environment
    assert "QTWEBENGINE_DISABLE_SANDBOX" not in environment
    assert "sandbox" not in environment["QTWEBENGINE_CHROMIUM_FLAGS"]
    assert "debugging" not in environment["QTWEBENGINE_CHROMIUM_FLAGS"]


def test_no_page_reaches_this_computer_or_its_network_by_ways_that_are_not_requests(tmp_path: Path) -> None:
    variables, _ = started(computer(tmp_path, {}))
    flags = variables["QTWEBENGINE_CHROMIUM_FLAGS"].split()
    assert "--force-webrtc-ip-handling-policy=disable_non_proxied_udp" in flags
    assert "--enable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebRTC" in flags
