"""The methods of 系统设置 over the real services: what is refused, what is kept, what takes effect at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import folders_under
from xieka.app import App
from xieka.bridge import methods
from xieka.bridge.rpc import Rpc
from xieka.bridge.shell import BrowserShell
from xieka.core.clock import SystemClock
from xieka.core.events import EventBus
from xieka.settings.models import Settings
from xieka.settings.service import SettingsService
from xieka.token.service import TokenService


class Page:
    """The page's end of the bridge, over a program without any driver."""

    def __init__(self, root: Path) -> None:
        self.folders = folders_under(root)
        bus = EventBus()
        self.app = App(self.folders, bus, TokenService((), bus, SystemClock()), {"HOME": str(root)})
        self.told: list[tuple[str, object]] = []
        for topic in ("appearance", "ukeys"):
            bus.on(topic, lambda data, topic=topic: self.told.append((topic, data)))  # type: ignore[misc]
        self._rpc: Rpc = methods.build(self.app, BrowserShell())

    def call(self, method: str, **params: object) -> Any:
        """The result, or the error's code."""
        answer = self._rpc.dispatch({"method": method, "params": params, "id": 1})
        error = answer.get("error")
        return error["code"] if isinstance(error, dict) else answer["result"]

    @property
    def kept(self) -> Settings:
        """What the file says."""
        return SettingsService(self.folders.config).value


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    page = Page(tmp_path)
    yield page
    page.app.close()


@pytest.mark.parametrize(
    ("method", "params"),
    [
        pytest.param("settings.change", {"colour": "red"}, id="unknown setting"),
        pytest.param("settings.change", {"preferred_token": "a:1"}, id="what the list of Ukeys sets"),
        pytest.param("settings.change", {"import_signing_certificate": False}, id="what needs more than to be kept"),
        pytest.param("settings.change", {"popup_on_insert": 1}, id="a number for a switch"),
        pytest.param("settings.change", {"theme": "pink"}, id="unknown theme"),
        pytest.param("settings.change", {"remind_days": ["7"]}, id="words for days"),
        pytest.param("settings.change", {"remind_days": [366]}, id="more than a year ahead"),
        pytest.param("settings.change", {"remind_days": [-1]}, id="after the end"),
        pytest.param("settings.change", {"remind_days": list(range(11))}, id="eleven reminders"),
        pytest.param("settings.set_proxy", {"mode": "none", "address": ""}, id="proxy without exceptions"),
        pytest.param("settings.reset", {"all": True}, id="reset takes nothing"),
    ],
)
def test_what_is_not_in_the_contract_is_refused(page: Page, method: str, params: dict[str, object]) -> None:
    assert page.call(method, **params) == "E-RPC-03"
    assert page.kept == Settings()
    assert not (page.folders.config / "settings.toml").exists()


def test_a_change_is_on_the_disk_and_told_at_once(page: Page) -> None:
    answer = page.call("settings.change", theme="dark", hide_on_removal=False)
    assert answer["default"] is False
    assert answer["values"] == page.kept.model_dump(mode="json")
    assert page.kept == Settings(theme="dark", hide_on_removal=False)
    assert page.told == [("appearance", {"theme": "dark", "size": "normal"})]
    answer = page.call("settings.set_proxy", mode="manual", address="proxy.cn:8080", exceptions=[])
    assert (answer["values"]["proxy_url"], page.app.http.proxy_for("https://a.cn/")) == (
        "http://proxy.cn:8080",
        "http://proxy.cn:8080",
    )
    assert page.call("settings.set_proxy", mode="manual", address="ftp://x", exceptions=[]) == "V-PRX-02"
    many = [f"a{n}.cn" for n in range(101)]
    assert page.call("settings.set_proxy", mode="system", address="", exceptions=many) == "V-PRX-04"


def test_opening_shows_what_a_command_has_changed_and_it_counts(page: Page) -> None:
    SettingsService(page.folders.config).change(size="large", popup_on_insert=False)
    assert page.call("settings.get")["values"]["popup_on_insert"] is False
    assert page.app.settings.value.popup_on_insert is False
    assert page.told == [("appearance", {"theme": "system", "size": "large"})]


def test_the_preferred_ukey_is_forgotten(page: Page) -> None:
    page.app.settings.change(preferred_token="a:1")
    assert page.app.ukeys.state().remembered == "a:1"
    page.told.clear()
    assert page.call("settings.forget_ukey")["values"]["preferred_token"] is None
    ((topic, data),) = page.told
    assert (topic, isinstance(data, dict) and data["remembered"]) == ("ukeys", None)


def test_defaults_again_touch_nothing_else_and_can_be_taken_back(page: Page) -> None:
    chosen = page.app.settings.change(theme="dark", remind_expiry=False, import_signing_certificate=False)
    others = {
        page.folders.data / "apps.json": b"apps",
        page.folders.data / "registration" / "sheca.json": b"answers",
        page.folders.data / "osstore" / "book.json": b"book",
    }
    for path, content in others.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert page.call("settings.restore") == "E-SET-02"
    answer = page.call("settings.reset")
    assert (answer["default"], answer["changed"], page.kept) == (True, True, Settings())
    assert {path: path.read_bytes() for path in others} == others
    assert page.call("settings.restore")["values"] == chosen.model_dump(mode="json")
    assert page.kept == chosen
    assert [topic for topic, _ in page.told] == ["appearance", "appearance", "appearance"]
    # What the page knows may be old; what is replaced is what the file says.
    SettingsService(page.folders.config).reset()
    assert page.call("settings.reset")["changed"] is False


def test_what_cannot_be_saved_changes_nothing(page: Page) -> None:
    (page.folders.config / "settings.toml").mkdir()
    for method, params in [
        ("settings.change", {"theme": "dark"}),
        ("settings.set_proxy", {"mode": "none", "address": "", "exceptions": []}),
        ("settings.reset", {}),
        ("osstore.set", {"enabled": False}),
    ]:
        assert page.call(method, **params) == "E-SET-01", method
    assert page.app.settings.value == Settings()
    assert page.told == []


def test_switches_reach_the_services_behind_them(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(page.app.reminders, "wake", lambda: woken.append("reminders"))
    monkeypatch.setattr(page.app.online, "hint", lambda: woken.append("network"))
    monkeypatch.setattr("xieka.osstore.watch.Watch.wake", lambda _: woken.append("osstore"))
    page.app.start()
    woken.clear()
    page.call("settings.change", remind_days=[30, 7])
    page.call("settings.set_proxy", mode="none", address="", exceptions=[])
    page.call("settings.change", popup_on_insert=False)
    assert woken == ["reminders", "network"]
    page.app.settings.change(import_signing_certificate=False)
    assert woken == ["reminders", "network", "osstore"]
