"""The practice Ukeys behind a library of their own, and NSS's programs beside ours: who sees what, and when no more."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.command import answer, xieka
from tests.conftest import Practice
from tests.osstore.computer import certificates, handshake, soon, tool
from tests.osstore.conftest import Home
from xieka.app import App, start_tokens
from xieka.bridge import methods
from xieka.bridge.rpc import Rpc
from xieka.bridge.shell import BrowserShell
from xieka.core.events import EventBus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="NSS's shared database is Linux's")

SIGNING = "练习 Ukey 1:签名证书"


@pytest.fixture(autouse=True)
def environment(practice: Practice, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every program on this computer finds the practice Ukeys through the library."""
    monkeypatch.setenv("SOFTHSM2_CONF", str(practice.folders.practice / "softhsm2.conf"))


@pytest.fixture
def app(practice: Practice, home: Home) -> Iterator[App]:
    """The client beside a vendor's driver, no Ukey plugged in; at work."""
    for number in (1, 2):
        practice.demo.unplug(number)
    manifest = practice.folders.config / "drivers" / "firm" / "driver.toml"
    manifest.parent.mkdir(parents=True)
    watch = json.dumps(str(practice.folders.practice / "tokens"))
    library = json.dumps(str(home.library))
    manifest.write_text(
        f'id = "firm"\nname = "厂商"\nrelist = "reinitialize"\nwatch = {watch}\n[module]\nlinux = [{library}]\n',
        "utf-8",
    )
    bus = EventBus()
    app = App(practice.folders, bus, start_tokens(practice.folders, bus), dict(os.environ))
    assert app.tokens.wait_first(20)
    app.start()
    yield app
    app.close()


def ask(rpc: Rpc, method: str, **params: object) -> dict[str, object]:
    result = rpc.dispatch({"method": method, "params": params, "id": 1})["result"]
    assert isinstance(result, dict)
    return result


def test_nss_uses_the_ukeys_key_from_insertion_until_it_is_switched_off(
    app: App, practice: Practice, home: Home, tmp_path: Path
) -> None:
    rpc = methods.build(app, BrowserShell())
    before = home.lists
    assert SIGNING not in certificates(home.shared)
    assert ask(rpc, "osstore.list")["entries"] == []

    practice.demo.plug(1)
    assert soon(lambda: home.lists[0] != before[0] and home.lists[1] != before[1])
    assert SIGNING in certificates(home.shared)
    assert SIGNING in certificates(home.firefox)
    password = tmp_path / "password"
    password.write_text("123456\n")
    keys = tool("certutil", "-K", "-h", "练习 Ukey 1", "-f", str(password), "-d", f"sql:{home.shared}").stdout
    assert "签名证书" in keys
    authorities = practice.folders.practice / "service" / "ca"
    proven = handshake(home.shared, SIGNING, password, authorities, tmp_path)
    assert soon(lambda: len(app.osstore().view().entries) == 1)
    entry = app.osstore().view().entries[0]
    assert proven is not None
    assert sha256(proven).hexdigest() == entry.sha256
    assert (entry.present, set(entry.places)) == (True, {str(home.shared), str(home.firefox), str(home.modules)})
    # The same Ukey, seen through the practice driver: other programs do not have that driver's environment.
    assert [one.reason for one in app.osstore().view().left_out] == ["practice"]

    practice.demo.unplug(1)
    assert soon(lambda: not app.osstore().view().entries[0].present)
    assert SIGNING not in certificates(home.shared)
    practice.demo.plug(1)
    assert soon(lambda: app.osstore().view().entries[0].present)
    assert app.osstore().view().entries[0].since == entry.since

    assert ask(rpc, "osstore.set", enabled=False)["entries"] == []
    assert home.lists == before
    assert not home.modules.exists()
    assert SIGNING not in certificates(home.shared)
    assert handshake(home.shared, SIGNING, password, authorities, tmp_path) is None


def test_the_command_switches_and_lists(practice: Practice, home: Home) -> None:
    before = home.lists
    command = ("certificate", "registered", "--module", str(home.library))
    on = answer(xieka(practice, *command, "on", "--json"))
    assert [len(on["entries"]), home.lists == before] == [2, False]
    people = xieka(practice, *command).stdout
    assert "上海沪申示例贸易有限公司" in people
    assert "登记于" in people
    # An uninstaller's last call: the driver may be gone, or hang.
    home.library.unlink()
    off = answer(xieka(practice, *command, "off", "--json"))
    assert (off["enabled"], off["entries"]) == (False, [])
    assert home.lists == before
