"""`xieka settings`, in this process: what is set is what the file says, and a wrong value changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xieka.cli import run
from xieka.settings.models import Settings
from xieka.settings.service import SettingsService


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XIEKA_HOME", str(tmp_path))
    # This process's log is the test's.
    monkeypatch.setattr("xieka.core.log.configure", lambda *_: None)
    return tmp_path / "config"


def test_set_list_and_reset(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in [
        ("theme", "dark"),
        ("popup_on_insert", "off"),
        ("remind_days", "60,1"),
        ("remind_expiry", "on"),
    ]:
        assert run(["settings", "set", name, value]) == 0
    wanted = Settings(theme="dark", popup_on_insert=False, remind_days=[60, 1])
    assert SettingsService(config).value == wanted
    capsys.readouterr()
    assert run(["settings", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {"theme = dark", "popup_on_insert = off", "remind_days = 60,1", "preferred_token = -"} <= set(lines)
    assert run(["settings", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"settings": wanted.model_dump(mode="json")}
    assert run(["settings", "reset"]) == 0
    assert SettingsService(config).value == Settings()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("theme", "pink", "E-CLI-10"),
        ("popup_on_insert", "yes", "E-CLI-10"),
        ("remind_days", "400", "E-CLI-10"),
        ("remind_days", "soon", "E-CLI-10"),
        ("colour", "red", "E-CLI-04"),
        ("import_signing_certificate", "off", "E-CLI-04"),
    ],
)
def test_what_cannot_be_set(config: Path, capsys: pytest.CaptureFixture[str], name: str, value: str, code: str) -> None:
    assert run(["settings", "set", name, value, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code
    assert not (config / "settings.toml").exists()
